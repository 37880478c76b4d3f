"""Headers that every answer carries, and the token that every form must bring back."""

import secrets
from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Form, Request, Response

from dashboard.context import BadForm, Signed, Visit

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


async def add_headers(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    """Add the headers; pages and data are never stored by a browser or proxy, assets are."""
    response = await call_next(request)
    response.headers.update(HEADERS)
    if not request.url.path.startswith("/static/"):
        response.headers["Cache-Control"] = "no-store"
    if request.url.scheme == "https":
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    return response


def checked_form(visit: Signed, csrf_token: Annotated[str, Form()] = "") -> Visit:
    """The visit, once the form has brought its token back. Raises BadForm."""
    if not secrets.compare_digest(csrf_token.encode(), visit.csrf_token.encode()):
        raise BadForm("This form can't be accepted: it is too old, or not from this page.")
    return visit
