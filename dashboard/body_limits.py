"""Limits on how much and how slowly a visitor may send, checked by the announced length and on arrival."""

import asyncio
import re
import time
from dataclasses import dataclass

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.context import visitor_of
from peer_challenge.cycle_file.yaml_with_lines import MOST_BYTES
from peer_challenge.frameworks import read_uploaded
from peer_challenge.intake.read_claimed import make_reading_limits
from peer_challenge.operations import backups_folder
from peer_challenge.settings import Settings

FORM_BYTES = 1_000_000
"""The most of any form, and of whatever a stranger sends."""
MOST_FILES = 20
"""As many as may go with one form (intake/settle_evidence.py)."""
_TOGETHER = 4
"""Times the largest document: several forms fit, or one with its evidence."""
_PARTS_BYTES = 100_000
"""What a browser sends beside the files: fields, names and the lines between the parts."""
TOO_LARGE, TOO_SLOW = 413, 408
"""Of HTTP: content too large, and request timeout (RFC 9110, 15.5)."""
_PIECE_SECONDS = 20.0
"""A line that only falters goes on before that; each body that waits keeps a connection."""
_GRACE_SECONDS = 30.0
"""Before the rate counts: a slow start says nothing yet."""
_LEAST_RATE = 4_000
"""Bytes a second that must have come by the end of the grace, and from then on: slower than any line."""
TAKE_FILES = ("/uploads", "/paper")
"""The pages on which everybody hands in documents."""


@dataclass(frozen=True, slots=True)
class OfficeUpload:
    """Pages on which the office sends a file: what their addresses match, its most bytes, and what to do."""

    addresses: str
    most_bytes: int
    remedy: str


_OFFICE_UPLOADS = (
    OfficeUpload(
        r"/drafts(/\d+/areas/table)?",
        MOST_BYTES,
        "Keep only the table of areas in it. Copy the table into a new workbook, and send that.",
    ),
    OfficeUpload(
        r"/cycle/[^/]+/figures",
        MOST_BYTES,
        "Keep only the figures in it. Copy them into a new workbook, and send that.",
    ),
    OfficeUpload(
        r"/house-style|/templates/[^/]+",
        MOST_BYTES,
        "Make the picture, or those in it, smaller, and send that.",
    ),
    OfficeUpload(
        r"/restore",
        backups_folder.MOST_BYTES,
        "Ask the person who looks after this machine to put it into the folder of backups. "
        "Then choose it from the list.",
    ),
    OfficeUpload(r"/frameworks", read_uploaded.MOST_BYTES, "Take out its pictures, and send that."),
)


def find_office_upload(path: str) -> OfficeUpload | None:
    """What a page takes from the office; None where it takes no file of the office's."""
    return next((one for one in _OFFICE_UPLOADS if re.fullmatch(one.addresses, path)), None)


def together_bytes(settings: Settings) -> int:
    """The most that may be uploaded at once: as much as four of the largest documents."""
    return make_reading_limits(settings).max_bytes * _TOGETHER


def upload_limits(settings: Settings) -> dict[str, int]:
    """The limits of uploads in numbers for people.

    Keys: `each`, the MB of one file; `together`, the MB of all files; `files`, how many at once.
    """
    each = int(settings.max_megabytes)
    return {"each": each, "together": together_bytes(settings) // 1_000_000, "files": MOST_FILES}


class BodyLimit:
    """Refuses a body that is larger than its page takes, or that arrives too slowly.

    A body must arrive at 4 kB a second after half a minute, and never pause for 20 seconds (408). One that is
    too large is answered with a page like any other (413), raised where the body is read. A browser shows
    that page only when it could send everything, so a body that is not much too large is read and dropped.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._upload_bytes = together_bytes(settings) + _PARTS_BYTES

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, and count its body while it arrives."""
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD"):
            await self._app(scope, receive, send)
            return
        most = await self._find_most_bytes(scope)
        announced = _read_announced_length(scope)
        seen, is_whole, begun = 0, False, time.monotonic()

        async def counted() -> Message:
            nonlocal seen, is_whole
            if is_whole:  # from here on it is only asked whether the visitor is still there
                return await receive()
            if announced > most:
                await _discard_body(receive, most if announced <= 2 * most else 0)
                raise HTTPException(TOO_LARGE)
            message = await _receive_in_time(receive)
            seen += len(message.get("body", b""))
            is_whole = not message.get("more_body", False)
            if seen > most:
                await _discard_body(receive, most)
                raise HTTPException(TOO_LARGE)
            late = time.monotonic() - begun - _GRACE_SECONDS
            if not is_whole and late > 0 and seen < _LEAST_RATE * (late + _GRACE_SECONDS):
                raise HTTPException(TOO_SLOW)
            return message

        await self._app(scope, counted, send)

    async def _find_most_bytes(self, scope: Scope) -> int:
        """The most bytes of a body; only a visitor who is signed in may send files."""
        path = scope["path"]
        upload = find_office_upload(path)
        if path not in TAKE_FILES and upload is None:
            return FORM_BYTES
        visit = await run_in_threadpool(visitor_of, Request(scope))
        if visit is None:
            return FORM_BYTES
        if upload is None:
            return self._upload_bytes
        return upload.most_bytes + _PARTS_BYTES if visit.person.is_office else FORM_BYTES


async def _receive_in_time(receive: Receive) -> Message:
    """The next piece of a body. Raises HTTPException (408) when none comes for 20 seconds."""
    try:
        return await asyncio.wait_for(receive(), _PIECE_SECONDS)
    except TimeoutError:
        raise HTTPException(TOO_SLOW) from None


def _read_announced_length(scope: Scope) -> int:
    told = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
    return int(told) if told.isdigit() else 0


async def _discard_body(receive: Receive, most: int) -> None:
    """Read on for up to `most` bytes and keep nothing."""
    seen, is_more = 0, most > 0
    while is_more and seen <= 2 * most:
        message = await _receive_in_time(receive)
        seen += len(message.get("body", b""))
        is_more = message.get("more_body", False)
