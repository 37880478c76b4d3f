"""The cycle board: where every area stands."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from dashboard.context import Signed
from dashboard.views import page
from peer_challenge.journey import ORDER
from peer_challenge.policy import check_see_board
from peer_challenge.status import status_of

router = APIRouter(include_in_schema=False)


@router.get("/")
def board(request: Request, visit: Signed) -> Response:
    """Every cycle's areas by stages, who is due and overdue."""
    check_see_board(visit.person)
    status = status_of(visit.register, visit.office.now())
    return page(request, "board.html", title="Cycle board", status_=status, stages=ORDER)
