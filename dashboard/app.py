"""The dashboard as an application: what it serves, and what it answers when something is wrong."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlencode

from anyio.to_thread import current_default_thread_limiter
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp

from dashboard.body_limits import (
    TAKE_FILES,
    TOO_LARGE,
    TOO_SLOW,
    BodyLimit,
    find_office_upload,
    together_bytes,
)
from dashboard.context import (
    BadForm,
    NotFound,
    NotSignedIn,
    Office,
    office_of,
    visitor_of,
)
from dashboard.find_page import find_page_at
from dashboard.gate import Gate
from dashboard.kept_form import read_typed
from dashboard.metrics import Measured, Metrics
from dashboard.openid import add_provider
from dashboard.pages import ROUTERS
from dashboard.pages.events import Pulse
from dashboard.pages.sign_in import sign_in_form
from dashboard.problems import answer_problem, is_for_scripts
from dashboard.security import Headers
from peer_challenge import __version__
from peer_challenge.clock import Clock, SystemClock
from peer_challenge.errors import PeerChallengeError
from peer_challenge.model.access import Forbidden
from peer_challenge.register.database import Register, RegisterUnavailable, open_register
from peer_challenge.register.failures import CannotKeep
from peer_challenge.settings import Settings

STATIC = Path(__file__).with_name("static")
MOST_THREADS = 6
"""Answers made at one time; the rest wait in a row: more take turns at one processor, and each turn costs."""
_STATUS: tuple[tuple[type[PeerChallengeError], int], ...] = (
    (NotSignedIn, 401),
    (NotFound, 404),
    (Forbidden, 403),
    (BadForm, 400),
    (RegisterUnavailable, 503),
    (PeerChallengeError, 422),
)


class Dashboard(FastAPI):
    """A FastAPI application whose every answer has our headers, even the answer to an unforeseen error."""

    def build_middleware_stack(self) -> ASGIApp:
        """The whole stack of middleware, inside our headers and the gate."""
        return Headers(Gate(super().build_middleware_stack(), self.state.office.settings))


def create_app(settings: Settings, register: Register | None = None, clock: Clock | None = None) -> FastAPI:
    """The dashboard of one installation, ready for an ASGI server."""
    app = Dashboard(
        title="Peer Challenge",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,  # its page wants somebody signed in: dashboard/pages/api.py
        redirect_slashes=False,  # the redirect would repeat the Host header
        lifespan=_limit_threads,
    )
    app.state.office = Office(settings, register or open_register(settings), clock or SystemClock())
    app.state.pulse = Pulse(app.state.office)
    app.add_middleware(
        GZipMiddleware, minimum_size=2000, compresslevel=1
    )  # the rest gains a sixth, for thrice
    app.add_middleware(BodyLimit, settings=settings)
    add_provider(app, settings)
    app.state.metrics = Metrics(app.state.office)
    app.add_middleware(Measured, metrics=app.state.metrics)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    for router in ROUTERS:
        app.router.routes.extend(router.routes)  # include_router would look through every router each time
    app.add_exception_handler(PeerChallengeError, _answer_own_error)
    app.add_exception_handler(NotSignedIn, _tell_not_signed_in)
    app.add_exception_handler(RequestValidationError, _answer_unreadable)
    app.add_exception_handler(CannotKeep, _answer_unkept)
    app.add_exception_handler(HTTPException, _answer_http_error)
    app.add_exception_handler(Exception, _answer_unexpected)
    return app


@asynccontextmanager
async def _limit_threads(_app: FastAPI) -> AsyncIterator[None]:
    current_default_thread_limiter().total_tokens = MOST_THREADS
    yield


async def _tell_not_signed_in(request: Request, error: Exception) -> Response:
    """The way to sign in; what was typed into a form comes along, so that it is not lost."""
    if is_for_scripts(request):
        return _answer_own_error(request, error)
    if typed := await read_typed(request):
        return await run_in_threadpool(sign_in_form, request, request.url.path, typed=typed, status=401)
    return RedirectResponse(
        f"/sign-in?{urlencode({'next': find_page_at(request.app, request.url.path)})}", 303
    )


def _answer_own_error(request: Request, error: Exception) -> Response:
    """An error of ours, in its own words."""
    status = next((number for kind, number in _STATUS if isinstance(error, kind)), 500)
    return answer_problem(request, status, str(error), getattr(error, "remedy", ""))


_TOLD_HTTP: dict[int, tuple[str, str]] = {
    404: ("This page does not exist.", "Go back to the start page."),
    405: ("That can't be done here.", "Go back to the start page."),
    TOO_SLOW: ("What you sent took too long to arrive.", "Check your connection, then send it again."),
}


def _answer_http_error(request: Request, error: Exception) -> Response:
    """An error of the framework, in our words; a path with a slash too many leads to the one without."""
    assert isinstance(error, HTTPException)
    status, path = error.status_code, request.url.path
    if status == TOO_LARGE:
        return _answer_too_large(request)
    if status == 404 and request.method == "GET" and path.endswith("/") and path.strip("/\\"):
        return RedirectResponse("/" + path.strip("/\\"), 307)
    what, remedy = _TOLD_HTTP.get(status, ("This did not work.", "Go back to the start page."))
    headers = {**(error.headers or {}), **({"Connection": "close"} if status == TOO_SLOW else {})}
    return answer_problem(request, status, what, remedy, headers)


def _answer_unreadable(request: Request, error: Exception) -> Response:
    """What was asked for can't be read: there is no such page, or the form is not one of ours."""
    assert isinstance(error, RequestValidationError)
    if any(problem["loc"][:1] == ("path",) for problem in error.errors()):
        return answer_problem(request, 404, *_TOLD_HTTP[404])
    return answer_problem(
        request, 422, "What was sent can't be read.", "Go back, reload the page and try again."
    )


def _answer_unkept(request: Request, error: Exception) -> Response:
    """PostgreSQL takes no NUL in a text; no page asks for one."""
    return answer_problem(
        request, 422, "What was sent holds a character that can't be kept.", "Type it again, and try again."
    )


def _answer_too_large(request: Request) -> Response:
    closing = {"Connection": "close"}
    if visitor_of(request) is None:
        answer = _answer_own_error(request, NotSignedIn("You are not signed in."))
        answer.headers.update(closing)
        return answer
    upload = find_office_upload(request.url.path)
    if upload is not None:
        what = f"This file is larger than {upload.most_bytes // 1_000_000} MB, so it was not read."
        remedy = upload.remedy
    elif request.url.path not in TAKE_FILES:
        what, remedy = "This is more than this form takes.", "Write less, and try again."
    else:
        most = together_bytes(office_of(request).settings) // 1_000_000
        what = f"These files are more than {most} MB together. None of them was sent."
        remedy = "Go back and send them in several goes; pictures in Word documents can be made smaller."
    return answer_problem(request, TOO_LARGE, what, remedy, closing)


def _answer_unexpected(request: Request, error: Exception) -> Response:
    return answer_problem(
        request,
        500,
        "Something went wrong here.",
        "It has been noted. Try again; if it happens again, tell the support contact when it was.",
    )
