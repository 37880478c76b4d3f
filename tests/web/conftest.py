"""The dashboard of an installation in the middle of a cycle, asked by a client and by a real browser."""

import re
import threading
import warnings
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from dashboard.app import create_app
from dashboard.context import COOKIE
from dashboard.server import server_config
from peer_challenge.clock import SimulatedClock
from peer_challenge.model.access import Access
from peer_challenge.register import people, sessions
from peer_challenge.register.database import open_register
from peer_challenge.settings import Settings
from tests.known_password import give_password
from tests.migrated import make_installation
from tests.requirements import need
from tests.waiting import LONG, wait_until
from tests.web.world import NOW, OFFICE, World, a_world, copy_of

CHROMIUM = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
)


def read_mark(page: str) -> str:
    """What a page that shows which dates move sends back when they are confirmed."""
    (mark,) = re.findall(r'name="is_confirmed" value="([^"]+)"', page)
    return str(mark)


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Made once; never changed by a test."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # others' warnings as great_expectations is imported
        return a_world(tmp_path_factory.mktemp("world") / "home")


@pytest.fixture(scope="module")
def world(made: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A copy of the installation for the tests of one module."""
    copy = copy_of(made, tmp_path_factory.mktemp("copy") / "home")
    yield copy
    copy.register.close()


@pytest.fixture
def own_world(made: World, tmp_path: Path) -> Iterator[World]:
    """A copy of the installation for one test."""
    copy = copy_of(made, tmp_path / "home")
    yield copy
    copy.register.close()


@pytest.fixture
def new_office(tmp_path: Path) -> Iterator[World]:
    """An installation without a cycle; somebody of the office can sign in."""
    settings = Settings(home=tmp_path / "home", settle_seconds=0)
    make_installation(settings)
    register = open_register(settings)
    with register.writing() as connection:
        people.add_person(connection, OFFICE, "Programme office", Access.OFFICE, at=NOW, actor="test")
        give_password(connection, OFFICE)
    yield World(settings, register, None)  # type: ignore[arg-type]
    register.close()


@pytest.fixture(scope="module")
def app(world: World) -> FastAPI:
    return create_app(world.settings, world.register, SimulatedClock(NOW))


class Served:
    """An application that answers on a port, in a thread."""

    def __init__(self, app: FastAPI) -> None:
        settings = Settings(home=Path("/nowhere"))
        config = server_config(app, settings, port=0, log_level="error", timeout_graceful_shutdown=1)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        wait_until(lambda: self._server.started or not self._thread.is_alive(), "the server has started")
        port = self._server.servers[0].sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(LONG)


@pytest.fixture(scope="module")
def served(app: FastAPI) -> Iterator[Served]:
    server = Served(app)
    yield server
    server.stop()


def get(url: str, **options: Any) -> httpx.Response:
    """Ask as a stranger."""
    return httpx.get(url, timeout=LONG, **options)


def post(url: str, **options: Any) -> httpx.Response:
    """Send a form as a stranger."""
    return httpx.post(url, timeout=LONG, **options)


class Client(httpx.Client):
    """Somebody's session; `csrf` is the token that its forms bring back."""

    csrf: str = ""


As = Callable[[str], Client]


def begin_session(world: World, email: str, at: datetime = NOW) -> tuple[str, str]:
    """The cookie and the form token of a new session."""
    with world.register.writing() as connection:
        user = people.find_user_by_email(connection, email)
        assert user is not None
        token = sessions.begin_session(connection, user.id, at)
        row = sessions.session_of(connection, token, at=at, minutes=60)
        assert row is not None
    return token, row.csrf_token


def client_as(served: Served, world: World, email: str, at: datetime = NOW) -> Client:
    """A client with the session of whoever has this address."""
    client = Client(base_url=served.url, follow_redirects=False, timeout=LONG)
    token, client.csrf = begin_session(world, email, at)
    client.cookies.set(COOKIE, token)
    return client


@pytest.fixture(scope="module")
def as_(served: Served, world: World) -> Iterator[As]:
    """Ask as whoever has an address."""
    known: dict[str, Client] = {}

    def ask(email: str) -> Client:
        if email not in known:
            known[email] = client_as(served, world, email)
        return known[email]

    yield ask
    for client in known.values():
        client.close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = need("chromium")
    expect.set_options(timeout=LONG * 1000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(CHROMIUM), timeout=LONG * 1000)
        yield browser
        browser.close()


def context_as(
    chromium: Browser, served: Served, world: World, email: str | None, **options: object
) -> BrowserContext:
    """A browser window of somebody who is signed in."""
    context = chromium.new_context(base_url=served.url, **options)  # type: ignore[arg-type]
    context.set_default_timeout(LONG * 1000)
    if email is not None:
        token, _ = begin_session(world, email)
        context.add_cookies([{"name": COOKIE, "value": token, "url": served.url}])
    return context


@pytest.fixture(scope="module")
def window(chromium: Browser, served: Served, app: FastAPI, world: World) -> Iterator[Callable[..., Page]]:
    """Open a page as somebody; a page that a browser complains about fails the test."""
    contexts = []

    def opened(email: str | None, **options: object) -> Page:
        context = context_as(chromium, served, world, email, **options)
        contexts.append(context)
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def as_own(own_world: World) -> Iterator[Client]:
    """The office, at an installation of its own that answers for this test alone."""
    server = Served(create_app(own_world.settings, own_world.register, SimulatedClock(NOW)))
    with client_as(server, own_world, OFFICE) as client:
        yield client
    server.stop()


@pytest.fixture
def new_served(new_office: World) -> Iterator[Served]:
    """The page of an installation without a cycle."""
    server = Served(create_app(new_office.settings, new_office.register, SimulatedClock(NOW)))
    yield server
    server.stop()


@pytest.fixture
def as_new(new_served: Served, new_office: World) -> Iterator[Client]:
    """The office, at an installation without a cycle."""
    with client_as(new_served, new_office, OFFICE) as client:
        yield client
