"""The dashboard as a server: uvicorn, with a time limit for visitors who never finish a request.

uvicorn waits without end for the headers of a request. A visitor who opens connections and sends them a
letter at a time would use up as many as the system has. A web server in front does this and more.
"""

import asyncio
from typing import Any, ClassVar

import h11
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from dashboard.problems import plain_page
from dashboard.security import HEADERS
from peer_challenge.settings import Settings

HEADER_SECONDS = 10.0
"""How long a request line and its headers may take, from the first moment of the connection."""
MOST_WAITING = 400
"""Connections without a whole request at one time; beyond it the one that waits longest is closed."""


class PunctualProtocol(H11Protocol):
    """uvicorn's HTTP/1.1, closing connections on which no whole request arrives in time."""

    waiting: ClassVar[dict["PunctualProtocol", asyncio.TimerHandle]] = {}

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request; for one connection too many, close the one that waits longest."""
        super().connection_made(transport)
        self._await_request()
        if len(self.waiting) > MOST_WAITING:
            next(iter(self.waiting)).give_up()

    def data_received(self, data: bytes) -> None:
        """Take in what arrived, and keep waiting where the request is not complete."""
        super().data_received(data)
        if not self._lacks_request():
            self._stop_waiting()
        elif self not in self.waiting:
            self._await_request()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._stop_waiting()
        super().connection_lost(exc)

    def give_up(self) -> None:
        """Close a connection on which nothing whole arrived."""
        self._stop_waiting()
        if not self.transport.is_closing():
            self.transport.abort()

    def send_400_response(self, msg: str) -> None:
        """Answer data that is not HTTP with a page that has the headers of every other answer."""
        body = plain_page("This did not work.", "What was sent is no request that can be read.").encode()
        headers = [
            *((name.lower().encode(), value.encode()) for name, value in HEADERS.items()),
            (b"content-type", b"text/html; charset=utf-8"),
            (b"content-length", str(len(body)).encode()),
            (b"cache-control", b"no-store"),
            (b"connection", b"close"),
        ]
        for event in (
            h11.Response(status_code=400, headers=headers, reason=b"Bad Request"),
            h11.Data(data=body),
            h11.EndOfMessage(),
        ):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    def _lacks_request(self) -> bool:
        """Whether headers are on their way, or a body to which the answer has been given already."""
        is_answered = self.cycle is None or self.cycle.response_complete
        return self.conn.their_state is h11.IDLE or (self.conn.their_state is h11.SEND_BODY and is_answered)

    def _await_request(self) -> None:
        self.waiting[self] = self.loop.call_later(HEADER_SECONDS, self.give_up)

    def _stop_waiting(self) -> None:
        timer = self.waiting.pop(self, None)
        if timer is not None:
            timer.cancel()


def server_config(app: ASGIApp | str, settings: Settings, **changed: Any) -> uvicorn.Config:
    """How uvicorn serves the dashboard.

    It writes no access log, which would hold one-time links. It ignores the headers of proxies:
    dashboard/gate.py decides which of them to believe.
    """
    chosen = {
        "host": settings.host,
        "port": settings.port,
        "log_level": "warning",
        "access_log": False,
        "proxy_headers": False,
        "server_header": False,
        "ws": "none",
        "http": PunctualProtocol,
    }
    return uvicorn.Config(app, **{**chosen, **changed})
