"""Headers that every answer carries, and the token that every form must bring back."""

import secrets
from typing import Annotated

from fastapi import Depends, Form
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

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

_ASSETS = ("/static/", "/house-style/page.css", "/house-style/logo.png")
"""What browsers may keep for an hour. The house style is asked for by a mark that changes with it."""


class Headers:
    """Adds the headers; pages and data are never stored by a browser or proxy, assets are."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, its headers added as they go out; a stricter one of the page itself stays."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                # An answer of 400 or more is an error, which nobody should keep.
                is_asset = scope["path"].startswith(_ASSETS) and message["status"] < 400
                headers["Cache-Control"] = "public, max-age=3600" if is_asset else "no-store"
                if scope["scheme"] == "https":
                    headers["Strict-Transport-Security"] = "max-age=31536000"
            await send(message)

        await self._app(scope, receive, send_with_headers)


def checked_form(visit: Signed, csrf_token: Annotated[str, Form()] = "") -> Visit:
    """The visit, once the form has brought its token back. Raises BadForm."""
    if not secrets.compare_digest(csrf_token.encode("utf-8", "replace"), visit.csrf_token.encode()):
        raise BadForm("This form can't be accepted: it is too old, or not from this page.")
    return visit


Checked = Annotated[Visit, Depends(checked_form)]
