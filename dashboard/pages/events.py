"""The pulse: a stream that tells a page when something has happened, so that it can show it."""

import asyncio
import time
from collections.abc import AsyncIterator

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool

from dashboard.context import PULSE, Office, Signed
from peer_challenge.model.access import check_user_can_see_board
from peer_challenge.register import listings

router = APIRouter(include_in_schema=False)
_EVERY_SECONDS = 1.0
"""Soon enough for somebody who watches, and one short query for all streams together."""
_STREAM_SECONDS = 10.0
"""How long one stream lasts: the browser opens the next at once, and its right is checked again.

Short, so that a service that is told to stop has not to wait for readers.
"""


class Pulse:
    """The journal's newest number, looked up at most once a second for all streams together."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._looked_at = 0.0
        self._number = 0
        self._one_looks = asyncio.Lock()

    async def number(self) -> int:
        """The newest number, at most a second old."""
        async with self._one_looks:
            if time.monotonic() - self._looked_at >= _EVERY_SECONDS:
                self._number = await run_in_threadpool(self._read_newest_number)
                self._looked_at = time.monotonic()
        return self._number

    def _read_newest_number(self) -> int:
        with self._office.register.reading() as connection:
            return listings.read_newest_sequence(connection)


async def _stream_pulse(pulse: Pulse) -> AsyncIterator[str]:
    until = time.monotonic() + _STREAM_SECONDS
    seen: int | None = None
    yield "retry: 500\n\n"
    while time.monotonic() < until:
        now = await pulse.number()
        if now != seen:
            seen = now
            yield f"event: pulse\ndata: {now}\n\n"
        await asyncio.sleep(_EVERY_SECONDS)


@router.get(PULSE)
def events(request: Request, visit: Signed) -> StreamingResponse:
    """Server-sent events: the journal's newest number, whenever it grows. No contents."""
    check_user_can_see_board(visit.person)
    return StreamingResponse(_stream_pulse(request.app.state.pulse), media_type="text/event-stream")
