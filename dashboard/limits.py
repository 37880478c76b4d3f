"""How much may be sent: refused by its announced length, or while it streams in, before it fills a disk."""

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.context import visitor_of
from peer_challenge.intake import limits_of
from peer_challenge.settings import Settings

FORM_BYTES = 1_000_000
"""The most of any form, and of whatever a stranger sends."""
MOST_FILES = 20
_TOGETHER = 4
_PARTS_BYTES = 100_000
TOO_LARGE = 413


def together_bytes(settings: Settings) -> int:
    """The most that may be uploaded at once: as much as four of the largest documents."""
    return limits_of(settings).max_bytes * _TOGETHER


def upload_limits(settings: Settings) -> dict[str, int]:
    """The same for people: MB of `each` file and of all `together`, and how many `files`."""
    each = int(settings.max_megabytes)
    return {"each": each, "together": together_bytes(settings) // 1_000_000, "files": MOST_FILES}


class BodyLimit:
    """Lets no body through that is larger than its page takes.

    The answer is a page like any other (413): it is raised where the body is read. A browser shows it
    only when it could send what it wanted to, so what is not much too large is read and thrown away.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._upload_bytes = together_bytes(settings) + _PARTS_BYTES

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request whose body is counted as it comes."""
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD"):
            await self._app(scope, receive, send)
            return
        most = await self._most(scope)
        announced = _announced(scope)
        seen = 0

        async def counted() -> Message:
            nonlocal seen
            if announced > most:
                await _pour_away(receive, most if announced <= 2 * most else 0)
                raise HTTPException(TOO_LARGE)
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > most:
                await _pour_away(receive, most)
                raise HTTPException(TOO_LARGE)
            return message

        await self._app(scope, counted, send)

    async def _most(self, scope: Scope) -> int:
        """The most bytes of a body; only whoever is signed in may send files."""
        if scope["path"] != "/uploads":
            return FORM_BYTES
        visit = await run_in_threadpool(visitor_of, Request(scope))
        return self._upload_bytes if visit else FORM_BYTES


def _announced(scope: Scope) -> int:
    told = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
    return int(told) if told.isdigit() else 0


async def _pour_away(receive: Receive, most: int) -> None:
    """Read on for up to `most` bytes and keep nothing."""
    seen, is_more = 0, most > 0
    while is_more and seen <= 2 * most:
        message = await receive()
        seen += len(message.get("body", b""))
        is_more = message.get("more_body", False)
