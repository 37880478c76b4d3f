"""Search over areas, words, documents, notes and the journal: for the office, by POST alone.

What is looked for may be a person's name. An address with it would be kept by browsers and by the logs of
proxies, so it is only ever in a form.
"""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from dashboard.context import Signed, Visit
from dashboard.form_fields import Text
from dashboard.form_problem import Problem, tell_problem
from dashboard.render_page import render_page
from dashboard.security import Checked
from peer_challenge.errors import WrongUse
from peer_challenge.model.access import check_user_can_run_cycle
from peer_challenge.steering.search_register import MOST, Found, search_register

router = APIRouter(include_in_schema=False)


def _render_search_page(
    request: Request, visit: Visit, q: str, found: Found | None, problem: Problem | None = None
) -> Response:
    return render_page(
        request,
        "search.html",
        status=422 if problem else 200,
        title="Search",
        q=q,
        found=found,
        most=MOST,
        problem=problem,
    )


@router.get("/search")
def show_search(request: Request, visit: Signed) -> Response:
    """The form, and what can be found with it."""
    check_user_can_run_cycle(visit.person)
    return _render_search_page(request, visit, "", None)


@router.post("/search")
def search(request: Request, visit: Checked, q: Text = "") -> Response:
    """What holds all the words that were typed."""
    check_user_can_run_cycle(visit.person)
    try:
        with visit.register.reading() as connection:
            found = search_register(connection, q)
    except WrongUse as refused:
        return _render_search_page(request, visit, q, None, tell_problem(refused))
    return _render_search_page(request, visit, q, found)
