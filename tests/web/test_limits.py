"""What is too large is refused before it is taken in, with what to do; strangers send nothing."""

import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import pytest

from dashboard.app import create_app
from dashboard.context import COOKIE
from peer_challenge.clock import SimulatedClock
from tests.waiting import LONG
from tests.web.conftest import Client, Served, begin_session
from tests.web.world import NOW, OFFICE, World

EACH, TOGETHER = 500_000, 2_000_000


@pytest.fixture(scope="module")
def small(world: World) -> Iterator[Served]:
    """A dashboard that takes documents of half a megabyte."""
    settings = world.settings.model_copy(update={"max_megabytes": EACH / 1_000_000})
    server = Served(create_app(settings, world.register, SimulatedClock(NOW)))
    yield server
    server.stop()


@pytest.fixture
def client(small: Served, world: World) -> Iterator[Client]:
    token, csrf = begin_session(world, OFFICE)
    with Client(base_url=small.url, cookies={COOKIE: token}, timeout=LONG) as made:
        made.csrf = csrf
        yield made


def _files(*sizes: int) -> list[tuple[str, tuple[str, bytes]]]:
    return [("files", (f"document {n}.docx", bytes([97 + n]) * size)) for n, size in enumerate(sizes)]


def _in_inbox(world: World) -> list[str]:
    return [path.name for path in world.settings.inbox_folder.iterdir() if path.is_file()]


def test_what_is_within_the_limits_is_taken(client: Client, world: World) -> None:
    client.post(
        "/uploads", data={"csrf_token": client.csrf}, files=_files(EACH, EACH, EACH)
    ).raise_for_status()
    assert len(_in_inbox(world)) == 3
    for name in _in_inbox(world):
        (world.settings.inbox_folder / name).unlink()


def test_what_is_too_much_together_is_refused_whole_and_told_as_a_page(client: Client, world: World) -> None:
    answer = client.post("/uploads", data={"csrf_token": client.csrf}, files=_files(*[EACH] * 5))
    assert answer.status_code == 413
    assert "more than 2 MB together. None of them was sent." in answer.text
    assert "in several goes" in answer.text
    assert _in_inbox(world) == []


def test_a_script_is_told_in_json(client: Client) -> None:
    answer = client.post(
        "/uploads",
        data={"csrf_token": client.csrf},
        files=_files(*[EACH] * 5),
        headers={"Accept": "application/json"},
    )
    assert answer.status_code == 413 and "2 MB together" in answer.json()["detail"]


def _raw(server: Served, head: str) -> socket.socket:
    address = urlsplit(server.url)
    assert address.hostname and address.port
    connection = socket.create_connection((address.hostname, address.port), timeout=LONG)
    connection.sendall(head.replace("\n", "\r\n").encode())
    return connection


def _head(client: Client, length: str) -> str:
    return (
        f"POST /uploads HTTP/1.1\nHost: localhost\nCookie: {COOKIE}={client.cookies[COOKIE]}\n"
        f"Content-Type: multipart/form-data; boundary=b\n{length}\n\n"
    )


def test_a_huge_announced_length_is_refused_without_waiting_for_it(small: Served, client: Client) -> None:
    with _raw(small, _head(client, "Content-Length: 10000000000")) as connection:
        assert connection.recv(100).startswith(b"HTTP/1.1 413 ")


def test_a_stream_without_a_length_is_refused_while_it_comes(small: Served, client: Client) -> None:
    piece = b"x" * 65_536
    start = b'--b\r\nContent-Disposition: form-data; name="files"; filename="a.docx"\r\n\r\n'
    sent = 0
    with _raw(small, _head(client, "Transfer-Encoding: chunked")) as connection:
        connection.sendall(b"%x\r\n%s\r\n" % (len(start), start))
        connection.settimeout(0.01)
        answer = b""
        while not answer and sent < 10 * TOGETHER:
            try:
                connection.settimeout(LONG)
                connection.sendall(b"%x\r\n%s\r\n" % (len(piece), piece))
                sent += len(piece)
                connection.settimeout(0.005)
                answer = connection.recv(100)
            except TimeoutError:
                continue
            except ConnectionError:
                break
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert sent < 10 * TOGETHER


@pytest.mark.threat("stranger-page")
def test_a_stranger_cannot_send_files_at_all(small: Served, world: World) -> None:
    for files in (_files(100), _files(EACH, EACH, EACH)):
        answer = httpx.post(f"{small.url}/uploads", files=files, timeout=LONG)
        is_asked_to_sign_in = answer.headers.get("location", "").startswith("/sign-in")
        assert is_asked_to_sign_in or "You are not signed in" in answer.text
        asked = httpx.post(
            f"{small.url}/uploads", files=files, headers={"Accept": "application/json"}, timeout=LONG
        )
        assert asked.status_code == 401 and "not signed in" in asked.json()["detail"]
    assert _in_inbox(world) == []


def test_no_other_form_takes_more_than_a_megabyte(client: Client) -> None:
    answer = client.post("/password", data={"csrf_token": client.csrf, "password": "x" * 1_100_000})
    assert answer.status_code == 413 and "more than this form takes" in answer.text
