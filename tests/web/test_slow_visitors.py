"""Visitors who never finish what they ask hold nothing up, and are let go."""

import contextlib
import select
import socket
import time
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest

from dashboard import body_limits, server
from dashboard.app import create_app
from dashboard.context import COOKIE
from peer_challenge.clock import SimulatedClock
from tests.web.conftest import Served, begin_session, get
from tests.web.world import NOW, OFFICE, World


@pytest.fixture
def quick(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """A dashboard that loses patience after a second or two."""
    monkeypatch.setattr(server, "HEADER_SECONDS", 2.0)
    monkeypatch.setattr(body_limits, "_PIECE_SECONDS", 1.0)
    monkeypatch.setattr(body_limits, "_GRACE_SECONDS", 1.5)
    served = Served(create_app(world.settings, world.register, SimulatedClock(NOW)))
    yield served
    served.stop()


@pytest.fixture
def connect(quick: Served) -> Iterator[Callable[[], socket.socket]]:
    address = urlsplit(quick.url)
    assert address.hostname and address.port
    where = (address.hostname, address.port)
    with contextlib.ExitStack() as stack:
        yield lambda: stack.enter_context(socket.create_connection(where, timeout=30))


def is_let_go(connection: socket.socket) -> bool:
    """Whether the other side has closed it, or closes it before the connection's own time-out."""
    try:
        while connection.recv(65_536):
            pass
    except ConnectionError:
        pass
    except TimeoutError:
        return False
    return True


def dribble(connection: socket.socket, pieces: bytes, *, until: float) -> bytes:
    """Send a byte at a time until an answer comes or it is closed; returns what came."""
    for piece in pieces:
        if time.monotonic() > until or select.select([connection], [], [], 0.05)[0]:
            break
        with contextlib.suppress(ConnectionError):
            connection.sendall(bytes([piece]))
    answer = b""
    with contextlib.suppress(ConnectionError, TimeoutError):
        while piece_of_answer := connection.recv(65_536):
            answer += piece_of_answer
    return answer


def test_three_hundred_slow_connections_leave_others_served_and_end(
    quick: Served, connect: Callable[[], socket.socket]
) -> None:
    slow = [connect() for _ in range(300)]
    for number, connection in enumerate(slow):
        if number % 3:
            connection.sendall(b"GET /sign-in HTTP/1.1\r\nHost: localhost\r\nX-Slow: "[: number % 50])
    assert [get(quick.url + "/sign-in").status_code for _ in range(20)] == [200] * 20
    assert all(is_let_go(connection) for connection in slow)
    assert get(quick.url + "/health/live").status_code == 200
    assert not server.PunctualProtocol.waiting


def test_beyond_a_number_those_who_wait_longest_are_let_go(
    quick: Served, connect: Callable[[], socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "HEADER_SECONDS", 600.0)
    monkeypatch.setattr(server, "MOST_WAITING", 20)
    slow = [connect() for _ in range(50)]
    assert all(is_let_go(connection) for connection in slow[:29])
    assert get(quick.url + "/health/live").status_code == 200
    for held in list(server.PunctualProtocol.waiting.values()):
        held.cancel()


def test_headers_a_letter_at_a_time_are_not_waited_for(connect: Callable[[], socket.socket]) -> None:
    head = b"GET /sign-in HTTP/1.1\r\nHost: localhost\r\nX-Slow: " + b"a" * 2000
    assert dribble(connect(), head, until=time.monotonic() + 60) == b""


def test_the_second_request_of_a_connection_has_to_be_as_quick(connect: Callable[[], socket.socket]) -> None:
    connection = connect()
    connection.sendall(b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert connection.recv(65_536).startswith(b"HTTP/1.1 200")
    connection.sendall(b"GET /health/live HTTP/1.1\r\nHo")
    assert is_let_go(connection)


@pytest.mark.parametrize("path", ["/sign-in", "/uploads", "/password", "/nowhere", "/inbox"])
@pytest.mark.parametrize("is_silent", [True, False], ids=["silent", "a letter at a time"])
def test_a_body_that_does_not_come_is_not_waited_for(
    path: str, is_silent: bool, connect: Callable[[], socket.socket], world: World
) -> None:
    token, _ = begin_session(world, OFFICE)
    connection = connect()
    connection.sendall(
        (
            f"POST {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {COOKIE}={token}\r\nContent-Length: 9000\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n\r\n"
        ).encode()
    )
    if is_silent:
        assert is_let_go(connection)
        return
    answer = dribble(connection, b"a" * 4000, until=time.monotonic() + 60)
    assert answer[:12] in (b"HTTP/1.1 408", b"HTTP/1.1 404", b"HTTP/1.1 405", b"HTTP/1.1 400")
