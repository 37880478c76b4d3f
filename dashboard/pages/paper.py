"""Recording what came on paper: its Word form, typed in by the office, with the day on which it came."""

from typing import Annotated

from fastapi import APIRouter, File, Request, UploadFile
from fastapi.responses import Response

from dashboard.body_limits import upload_limits
from dashboard.context import Signed, Visit
from dashboard.form_fields import Text
from dashboard.form_problem import Problem, tell_problem
from dashboard.render_page import render_page
from dashboard.security import Checked
from dashboard.typed_days import read_typed_day
from dashboard.uploads import receive_paper
from peer_challenge.errors import WrongUse
from peer_challenge.model.access import check_user_can_run_cycle

router = APIRouter(include_in_schema=False)


@router.get("/paper")
def show_paper(request: Request, visit: Signed) -> Response:
    """The form for recording what came on paper."""
    check_user_can_run_cycle(visit.person)
    return _render_paper_page(request, visit, {}, None)


def _render_paper_page(
    request: Request, visit: Visit, asked: dict[str, str], problem: Problem | None
) -> Response:
    return render_page(
        request,
        "paper.html",
        status=422 if problem else 200,
        title="Record what came on paper",
        asked={"day": "", "how": ""} | asked,
        limits=upload_limits(visit.settings),
        today=visit.office.today(),
        problem=problem,
    )


@router.post("/paper")
def record_paper(
    request: Request,
    visit: Checked,
    file: Annotated[UploadFile | None, File()] = None,
    day: Text = "",
    how: Text = "",
) -> Response:
    """Take a form that came on paper into the inbox; it counts from the day on which it came."""
    check_user_can_run_cycle(visit.person)
    try:
        if file is None or not file.filename:
            raise WrongUse(
                "You did not choose a file.", remedy="Choose the Word form that you typed in.", about="file"
            )
        done = receive_paper(visit, file.filename, file.file, read_typed_day(day), how)
    except WrongUse as refused:
        return _render_paper_page(
            request, visit, {"day": day, "how": how}, tell_problem(refused, reason="how")
        )
    return render_page(request, "uploaded.html", title="Files sent", uploads=[done], back="/inbox")
