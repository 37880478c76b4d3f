"""The dashboard as an application: what it serves, what it answers when something is wrong."""

from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware

from dashboard.context import (
    BadForm,
    MustChangePassword,
    NotFound,
    NotSignedIn,
    Office,
    office_of,
    visitor_of,
)
from dashboard.limits import TOO_LARGE, BodyLimit, together_bytes
from dashboard.metrics import Measured, Metrics
from dashboard.openid import add_provider
from dashboard.pages import ROUTERS
from dashboard.pages.live import Pulse
from dashboard.security import Headers
from dashboard.views import page
from peer_challenge import __version__
from peer_challenge.clock import Clock, SystemClock
from peer_challenge.errors import PeerChallengeError
from peer_challenge.policy import Forbidden
from peer_challenge.register.database import Register, RegisterUnavailable, open_register
from peer_challenge.settings import Settings

STATIC = Path(__file__).with_name("static")
_STATUS: tuple[tuple[type[PeerChallengeError], int], ...] = (
    (NotSignedIn, 401),
    (MustChangePassword, 403),
    (NotFound, 404),
    (Forbidden, 403),
    (BadForm, 400),
    (RegisterUnavailable, 503),
    (PeerChallengeError, 422),
)


def create_app(settings: Settings, register: Register | None = None, clock: Clock | None = None) -> FastAPI:
    """The dashboard of one installation, ready for an ASGI server."""
    app = FastAPI(
        title="Peer Challenge",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
    )
    app.state.office = Office(settings, register or open_register(settings), clock or SystemClock())
    app.state.pulse = Pulse(app.state.office)
    app.add_middleware(
        GZipMiddleware, minimum_size=2000, compresslevel=1
    )  # the rest gains a sixth, for thrice
    app.add_middleware(BodyLimit, settings=settings)
    add_provider(app, settings)
    app.add_middleware(Headers)
    app.state.metrics = Metrics(app.state.office)
    app.add_middleware(Measured, metrics=app.state.metrics)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    for router in ROUTERS:
        app.include_router(router)
    app.add_exception_handler(PeerChallengeError, _tell)
    app.add_exception_handler(HTTPException, _tell_http)
    app.add_exception_handler(Exception, _tell_unexpected)
    return app


def _is_api(request: Request) -> bool:
    """Whether a script asks: it is answered in JSON."""
    return request.url.path.startswith("/api/") or "application/json" in request.headers.get("accept", "")


def _answer(request: Request, status: int, what: str, remedy: str) -> Response:
    if _is_api(request):
        return JSONResponse({"detail": what, "remedy": remedy}, status)
    return page(request, "problem.html", status=status, title=what, what=what, remedy=remedy)


def _tell(request: Request, error: Exception) -> Response:
    """An error of ours, in its own words."""
    status = next((number for kind, number in _STATUS if isinstance(error, kind)), 500)
    if isinstance(error, MustChangePassword) and not _is_api(request):
        return RedirectResponse("/password", 303)
    if isinstance(error, NotSignedIn) and not _is_api(request):
        return RedirectResponse(f"/sign-in?next={request.url.path}", 303)
    return _answer(request, status, str(error), getattr(error, "remedy", ""))


def _tell_http(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    if status == TOO_LARGE:
        return _tell_too_large(request)
    what = {404: "This page does not exist.", 405: "That can't be done here."}.get(
        status, "This did not work."
    )
    return _answer(request, status, what, "Go back to the start page.")


def _tell_too_large(request: Request) -> Response:
    if visitor_of(request) is None:
        return _tell(request, NotSignedIn("You are not signed in."))
    if request.url.path != "/uploads":
        return _answer(request, TOO_LARGE, "This is more than this form takes.", "Write less, and try again.")
    most = together_bytes(office_of(request).settings) // 1_000_000
    return _answer(
        request,
        TOO_LARGE,
        f"These files are more than {most} MB together. None of them was sent.",
        "Go back and send them in several goes; pictures in Word documents can be made smaller.",
    )


def _tell_unexpected(request: Request, error: Exception) -> Response:
    return _answer(
        request,
        500,
        "Something went wrong here.",
        "It has been noted. Try again; if it happens again, tell the support contact when it was.",
    )
