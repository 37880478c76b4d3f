"""The answer when something is wrong: a page for people, JSON for scripts. Nothing asked for is repeated."""

import logging
from collections.abc import Mapping

from fastapi import Request
from fastapi.responses import JSONResponse, Response

from dashboard.context import visitor_of
from dashboard.house_sheet import SHIPPED_PAGE
from dashboard.render_page import get_page_environment, render_page
from peer_challenge.errors import PeerChallengeError
from peer_challenge.register.failures import RegisterFailure
from peer_challenge.system.logging_without_content import describe_error

_log = logging.getLogger("peer_challenge.dashboard")


def is_for_scripts(request: Request) -> bool:
    """Whether a script sent the request, so that it is answered in JSON."""
    return request.url.path.startswith("/api/") or "application/json" in request.headers.get("accept", "")


def answer_problem(
    request: Request, status: int, what: str, remedy: str, headers: Mapping[str, str] | None = None
) -> Response:
    """What is wrong and what to do about it, as a page or as JSON (`detail`, `remedy`)."""
    if is_for_scripts(request):
        answer: Response = JSONResponse({"detail": what, "remedy": remedy}, status)
    else:
        _find_visitor(request)
        answer = render_page(request, "problem.html", status=status, title=what, what=what, remedy=remedy)
    answer.headers.update(headers or {})
    return answer


def plain_page(what: str, remedy: str) -> str:
    """The page of a problem, as HTML that names nobody, for when there is no request to answer."""
    page = get_page_environment().get_template("problem.html")
    return page.render(title=what, what=what, remedy=remedy, house=SHIPPED_PAGE)


def _find_visitor(request: Request) -> None:
    """Have the page name who is signed in; nobody where the register, maybe the problem, does not answer."""
    try:
        visitor_of(request)
    except (PeerChallengeError, RegisterFailure, OSError) as error:
        _log.warning("An error page could not ask who is signed in: %s", describe_error(error))
        request.state.visitor = None
