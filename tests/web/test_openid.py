"""Signing in with an organisation's own account: who is let in, and every way in which nobody is."""

import json
import re
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from fastapi import FastAPI
from playwright.sync_api import Browser, expect
from pydantic import SecretStr

from dashboard.app import create_app
from dashboard.context import COOKIE
from dashboard.openid import provider_of
from peer_challenge.clock import SimulatedClock
from peer_challenge.errors import WrongUse
from peer_challenge.register import listings, one_time_links, people
from peer_challenge.register.tables import users
from peer_challenge.settings import Settings, load_settings
from tests.waiting import LONG, wait_for_end, wait_until
from tests.web.conftest import Served
from tests.web.provider import CLIENT, SECRET, SmallProvider
from tests.web.world import NOW, OFFICE, World, contact_of

AREA, ANOTHER = contact_of("ashcombe"), contact_of("eastholme")


@pytest.fixture(scope="module")
def provider() -> Iterator[SmallProvider]:
    made = SmallProvider()
    server = Served(made.app)
    made.url = server.url
    yield made
    server.stop()


@pytest.fixture
def honest(provider: SmallProvider) -> SmallProvider:
    """The provider as it should be, with the office signed in."""
    provider.claims = {"email": OFFICE, "email_verified": True}
    provider.lies, provider.metadata_lies, provider.userinfo_lies = {}, {}, {}
    provider.forges = provider.signs_with_secret = provider.tells_in_userinfo_only = False
    return provider


def _app(world: World, issuer: str, **settings: Any) -> FastAPI:
    """The dashboard with a provider."""
    chosen = {"oidc_issuer": issuer, "oidc_client_id": CLIENT, "oidc_client_secret": SecretStr(SECRET)}
    return create_app(
        world.settings.model_copy(update=chosen | settings), world.register, SimulatedClock(NOW)
    )


@pytest.fixture(scope="module")
def site(world: World, provider: SmallProvider) -> Iterator[str]:
    """The dashboard with the small provider: its address."""
    server = Served(_app(world, provider.url))
    yield server.url
    server.stop()


Serve = Callable[..., str]


@pytest.fixture
def serve(world: World) -> Iterator[Serve]:
    """The dashboard with other settings."""
    servers = []

    def started(issuer: str, **settings: Any) -> str:
        servers.append(Served(_app(world, issuer, **settings)))
        return servers[-1].url

    yield started
    for server in servers:
        server.stop()


def _browse(url: str) -> httpx.Client:
    return httpx.Client(base_url=url, follow_redirects=True, timeout=LONG)


def test_whoever_the_office_has_added_is_let_in_and_goes_where_they_wanted(
    site: str, honest: SmallProvider, world: World
) -> None:
    with _browse(site) as browser:
        answer = browser.get("/sign-in/provider", params={"next": "/journal"})
        assert (answer.status_code, answer.url.path) == (200, "/journal")
        assert "OpenID Connect" in answer.text
    asked = honest.asked[-1]
    assert asked["response_type"] == "code" and {"state", "nonce", "code_challenge"} <= asked.keys()
    with world.register.reading() as connection:
        (entry, *_) = listings.list_journal_entries(connection, 1, event="signed in").rows
    assert (entry.actor, entry.details["how"]) == ("Programme office", "OpenID Connect")


def test_the_address_may_be_told_where_it_can_be_asked(site: str, honest: SmallProvider) -> None:
    honest.tells_in_userinfo_only = True
    with _browse(site) as browser:
        assert browser.get("/sign-in/provider").url.path == "/"


def test_capitals_in_an_address_make_no_other_person(site: str, honest: SmallProvider) -> None:
    honest.claims["email"] = OFFICE.upper()
    with _browse(site) as browser:
        assert browser.get("/sign-in/provider").url.path == "/"


def _lie(**lies: Any) -> Callable[[SmallProvider], None]:
    def tell(provider: SmallProvider) -> None:
        for name, value in lies.items():
            setattr(provider, name, value)

    return tell


REFUSED = {
    "another's nonce": _lie(lies={"nonce": "of another sign-in"}),
    "no nonce": _lie(lies={"nonce": None}),
    "for another client": _lie(lies={"aud": "somebody-else"}),
    "for nobody": _lie(lies={"aud": None}),
    "by another issuer": _lie(lies={"iss": "https://elsewhere.example.org"}),
    "expired": _lie(lies={"exp": 1_000_000_000}),
    "signed by another key": _lie(forges=True),
    "signed with the client's secret": _lie(signs_with_secret=True),
    "an address that is not verified": _lie(claims={"email": OFFICE, "email_verified": False}),
    "an address of which nothing is said": _lie(claims={"email": OFFICE}),
    "verified in a word, not in truth": _lie(claims={"email": OFFICE, "email_verified": "false"}),
    "no address": _lie(claims={"email_verified": True}),
    "an address that is a list": _lie(claims={"email": [OFFICE], "email_verified": True}),
    "somebody nobody added": _lie(claims={"email": "stranger@example.org", "email_verified": True}),
    "told of another": _lie(
        claims={"email": OFFICE, "email_verified": True},
        tells_in_userinfo_only=True,
        userinfo_lies={"sub": "18"},
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_nobody_is_let_in_with(what: str, site: str, honest: SmallProvider, world: World) -> None:
    REFUSED[what](honest)
    with world.register.reading() as connection:
        before = listings.read_newest_sequence(connection), listings.users_page(connection, 1).total
    with _browse(site) as browser:
        answer = browser.get("/sign-in/provider")
        assert answer.status_code in (401, 403, 502)
        assert "You could not be signed in" in answer.text
        assert COOKIE not in browser.cookies
        assert browser.get("/").url.path == "/sign-in"
    with world.register.reading() as connection:
        after = listings.read_newest_sequence(connection), listings.users_page(connection, 1).total
    assert after == before


def test_an_answer_that_was_not_asked_for_here_lets_nobody_in(site: str, honest: SmallProvider) -> None:
    with _browse(site) as victim, httpx.Client(base_url=site, timeout=LONG) as attacker:
        to_provider = attacker.get("/sign-in/provider").headers["location"]
        back = httpx.get(to_provider, timeout=LONG).headers["location"]
        answer = victim.get(back)  # the attacker's own code and state, in another's browser
        assert answer.status_code == 401 and COOKIE not in victim.cookies
        stolen = parse_qs(urlsplit(back).query)
        victim.get("/sign-in/provider", follow_redirects=False)
        again = victim.get("/sign-in/provider/back", params={"code": stolen["code"][0], "state": "guessed"})
        assert again.status_code == 401 and COOKIE not in victim.cookies


def test_a_provider_that_calls_itself_otherwise_is_none(serve: Serve, honest: SmallProvider) -> None:
    honest.metadata_lies = {"issuer": "https://elsewhere.example.org"}
    with _browse(serve(honest.url)) as browser:
        assert browser.get("/sign-in/provider").status_code == 502


def test_an_answer_works_once(site: str, honest: SmallProvider) -> None:
    with httpx.Client(base_url=site, timeout=LONG) as browser:
        to_provider = browser.get("/sign-in/provider").headers["location"]
        back = httpx.get(to_provider, timeout=LONG).headers["location"]
        assert browser.get(back).headers["location"] == "/"
        assert browser.get(back).status_code == 401


def test_who_declines_there_is_told_so_here(site: str, honest: SmallProvider) -> None:
    with _browse(site) as browser:
        answer = browser.get("/sign-in/provider/back", params={"error": "access_denied", "state": "x"})
        assert answer.status_code == 401 and "was not completed" in answer.text


def test_a_provider_that_is_away_is_said_to_be(serve: Serve) -> None:
    with _browse(serve("http://127.0.0.1:9")) as browser:
        answer = browser.get("/sign-in/provider")
        assert answer.status_code == 502 and "does not answer" in answer.text
        assert browser.get("/sign-in").status_code == 200


def test_addresses_are_taken_as_verified_only_where_a_setting_says_so_and_never_against_what_is_said(
    serve: Serve, honest: SmallProvider
) -> None:
    server = serve(honest.url, oidc_trusts_email=True)
    honest.claims = {"email": OFFICE}
    with _browse(server) as browser:
        assert browser.get("/sign-in/provider").url.path == "/"
    honest.claims = {"email": OFFICE, "email_verified": False}
    with _browse(server) as browser:
        assert browser.get("/sign-in/provider").status_code == 401


def test_an_ended_person_is_not_let_in(site: str, honest: SmallProvider, world: World) -> None:
    honest.claims["email"] = ANOTHER
    with world.register.writing() as connection:
        user = people.find_user_by_email(connection, ANOTHER)
        assert user is not None
        people.end_person(connection, user.id, reason="left", at=NOW, actor="office")
    with _browse(site) as browser:
        assert browser.get("/sign-in/provider").status_code == 403


SETTINGS = "/settings/start"


def _save_outbox(browser: httpx.Client, folder: str) -> httpx.Response:
    page = browser.get(SETTINGS).text
    (seen,) = re.findall(r'name="seen" value="(\w+)"', page)
    (token, *_) = re.findall(r'name="csrf_token" value="(\w+)"', page)
    form = {"csrf_token": token, "seen": seen, "outbox": folder, "save": "yes"}
    return browser.post(SETTINGS, data=form)


@pytest.mark.threat("settings-page")
def test_who_has_no_password_signs_in_again_at_the_service_before_it_is_changed(
    own_world: World, honest: SmallProvider, tmp_path: Path
) -> None:
    folder, clock = tmp_path / "shared", SimulatedClock(NOW)
    folder.mkdir()
    with own_world.register.writing() as connection:
        connection.execute(users.update().where(users.c.email == OFFICE).values(password_hash=None))
    chosen = {"oidc_issuer": honest.url, "oidc_client_id": CLIENT, "oidc_client_secret": SecretStr(SECRET)}
    settings = own_world.settings.model_copy(update=chosen)
    server = Served(create_app(settings, own_world.register, clock))
    again = {"next": SETTINGS, "again": "yes"}
    with _browse(server.url) as browser:
        browser.get("/sign-in/provider")
        assert honest.asked[-1].get("prompt") is None
        refused = _save_outbox(browser, str(folder))
        assert refused.status_code == 422 and "Sign in again under “Is it still you?”" in refused.text
        assert urlencode(again) in unescape(refused.text)
        honest.lies = {"auth_time": 1_000_000_000}  # it let them in as it had known them for long
        browser.get("/sign-in/provider", params=again)
        assert honest.asked[-1]["prompt"] == "login"
        assert _save_outbox(browser, str(folder)).status_code == 422
        honest.lies = {}
        assert browser.get("/sign-in/provider", params=again).url.path == SETTINGS
        clock.set(NOW + timedelta(minutes=11))
        assert _save_outbox(browser, str(folder)).status_code == 422
        browser.get("/sign-in/provider", params=again)
        assert "Saved" in _save_outbox(browser, str(folder)).text
    server.stop()
    assert load_settings(settings.home).outbox == folder


def test_a_one_time_link_ends_when_its_owner_comes_by_the_provider(
    site: str, honest: SmallProvider, world: World
) -> None:
    honest.claims["email"] = AREA
    with world.register.writing() as connection:
        user = people.find_user_by_email(connection, AREA)
        assert user is not None
        token = one_time_links.reset_password(connection, user.id, at=NOW, actor="office")
    with _browse(site) as browser:
        assert browser.get("/sign-in/provider").url.path == "/mine"
    with world.register.reading() as connection, pytest.raises(one_time_links.LinkEnded):
        people.user_of_link(connection, token, NOW)


def test_without_a_provider_there_is_no_such_page(world: World) -> None:
    server = Served(create_app(world.settings, world.register, SimulatedClock(NOW)))
    with _browse(server.url) as browser:
        assert browser.get("/sign-in/provider").status_code == 404
        assert browser.get("/sign-in/provider/back?code=x&state=y").status_code == 404
        assert "organisation" not in browser.get("/sign-in").text
    server.stop()


def test_it_goes_back_to_the_address_that_people_type(serve: Serve, honest: SmallProvider) -> None:
    server = serve(honest.url, public_url="https://challenge.example.org/")
    with httpx.Client(base_url=server, timeout=LONG) as browser:
        answer = browser.get("/sign-in/provider")
    asked = parse_qs(urlsplit(answer.headers["location"]).query)
    assert asked["redirect_uri"] == ["https://challenge.example.org/sign-in/provider/back"]
    assert "secure" in answer.headers["set-cookie"].lower()


@pytest.mark.parametrize("next_path", ["https://elsewhere.example.org/", "//elsewhere.example.org", "/\\x"])
def test_nobody_is_sent_elsewhere_after_it(site: str, honest: SmallProvider, next_path: str) -> None:
    with _browse(site) as browser:
        assert browser.get("/sign-in/provider", params={"next": next_path}).url.path == "/"


@pytest.mark.parametrize(
    "half", [{"oidc_issuer": "https://id.example.org"}, {"oidc_issuer": "http://id.example.org"}]
)
def test_half_a_provider_is_refused_at_the_start(half: dict[str, str], tmp_path: Path) -> None:
    client = {} if half["oidc_issuer"].startswith("https") else {"oidc_client_id": "x"}
    with pytest.raises(WrongUse):
        provider_of(Settings(home=tmp_path, **half, **client))


@pytest.fixture
def independent() -> Iterator[str]:
    """Somebody else's provider, in a process of its own: its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    told = json.dumps({"sub": "17", "email": OFFICE, "email_verified": True})
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--require-nonce", "true"]
    process = subprocess.Popen(
        [*command, "--port", str(port), "--user-claims", told],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    url = f"http://127.0.0.1:{port}"
    wait_until(lambda: _provides(url), "the provider answers", process.pid)
    yield url
    process.terminate()
    wait_for_end(process)


def _provides(url: str) -> bool:
    try:
        return httpx.get(f"{url}/.well-known/openid-configuration", timeout=10).is_success
    except httpx.HTTPError:
        return False


@pytest.mark.browser
def test_the_office_signs_in_with_its_organisations_account_in_a_browser(
    chromium: Browser, serve: Serve, independent: str
) -> None:
    page = chromium.new_context(base_url=serve(independent)).new_page()
    page.goto("/journal")
    assert Axe().run(page).response["violations"] == []
    page.get_by_role("button", name="Sign in with your organisation").click()
    page.get_by_role("button", name="17").click()
    expect(page).to_have_url(re.compile("/journal$"))
    expect(page.locator("header")).to_contain_text("Programme office")
    page.get_by_role("button", name="Sign out").click()
    expect(page.locator("h1")).to_have_text("Sign in")
    page.context.close()
