"""The pulse: a stream that tells a page when something has happened, so that it can show it."""

import asyncio
import time
from collections.abc import AsyncIterator

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool

from dashboard.context import Office, Signed
from peer_challenge.policy import check_see_board
from peer_challenge.register import listings

router = APIRouter(include_in_schema=False)
_EVERY_SECONDS = 1.0
_STREAM_SECONDS = 10.0
"""How long one stream lasts: the browser opens the next at once, and its right is checked anew.

Short, so that a service that is told to stop has not to wait for readers.
"""


def _look(office: Office) -> int:
    with office.register.reading() as connection:
        return listings.pulse(connection)


async def _beats(request: Request, office: Office) -> AsyncIterator[str]:
    until = time.monotonic() + _STREAM_SECONDS
    seen: int | None = None
    yield "retry: 500\n\n"
    while time.monotonic() < until and not await request.is_disconnected():
        now = await run_in_threadpool(_look, office)
        if now != seen:
            seen = now
            yield f"event: pulse\ndata: {now}\n\n"
        await asyncio.sleep(_EVERY_SECONDS)


@router.get("/events")
def events(request: Request, visit: Signed) -> StreamingResponse:
    """Server-sent events: the journal's newest number, whenever it grows. No contents."""
    check_see_board(visit.person)
    return StreamingResponse(_beats(request, visit.office), media_type="text/event-stream")
