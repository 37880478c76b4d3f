"""One-time links, changing a password, and a brake on guessing that nobody can aim at somebody else."""

import logging
import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import httpx
import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from dashboard.context import COOKIE
from dashboard.cookies import DEVICE_COOKIE
from peer_challenge.clock import SimulatedClock
from peer_challenge.errors import WrongUse
from peer_challenge.model.access import Access
from peer_challenge.register import one_time_links, people, sessions, sign_in_brake
from peer_challenge.register import tables as t
from peer_challenge.register.sign_in_brake import TooManyAttempts
from tests.known_password import PASSWORD
from tests.waiting import LONG
from tests.web.conftest import As, Served, get, post
from tests.web.world import NOW, OFFICE, VIEWER, World, contact_of

CHOSEN = "heron kettle orbit"
ATTACKER, AT_HOME = "203.0.113.9", "192.0.2.7"


def new_link(world: World, email: str, **options: int) -> str:
    with world.register.writing() as connection:
        token = people.add_person(
            connection, email, "Robin Ashcombe", Access.OFFICE, at=NOW, actor="office", **options
        )
    return f"/first-sign-in?token={token}"


def token_of(link: str) -> str:
    return link.partition("=")[2]


@pytest.fixture
def clock(app: object) -> Iterator[SimulatedClock]:
    found = app.state.office.clock  # type: ignore[attr-defined]
    yield found
    found.set(NOW)


@pytest.mark.threat("one-time-link")
def test_a_link_sets_a_password_and_signs_in_once(world: World, served: Served) -> None:
    link = new_link(world, "once@example.org")
    with httpx.Client(base_url=served.url, timeout=LONG) as client:
        for _ in range(2):  # what only opens it, as a mail scanner does, does not use it up
            page = client.get(link)
            assert page.status_code == 200 and page.headers["referrer-policy"] == "no-referrer"
            assert page.headers["cache-control"] == "no-store"
        weak = client.post("/first-sign-in", data={"token": token_of(link), "password": "passwordpassword"})
        assert weak.status_code == 422 and "easily guessed" in weak.text
        done = client.post("/first-sign-in", data={"token": token_of(link), "password": CHOSEN})
        assert (done.status_code, done.headers["location"]) == (303, "/")
        assert client.get("/journal").status_code == 200
    for again in (
        get(served.url + link),
        post(served.url + "/first-sign-in", data={"token": token_of(link), "password": CHOSEN + "!"}),
    ):
        assert again.status_code == 410 and "Ask the programme office for a new one" in again.text
        assert again.headers["referrer-policy"] == "no-referrer" and token_of(link) not in again.text
    assert people.sign_in_with_password(world.register, "once@example.org", CHOSEN, network=AT_HOME, at=NOW)


@pytest.mark.threat("one-time-link")
def test_a_link_expires_and_a_new_one_ends_it(world: World, served: Served, clock: SimulatedClock) -> None:
    link = new_link(world, "late@example.org")
    clock.set(NOW + timedelta(hours=23, minutes=59))
    assert get(served.url + link).status_code == 200
    clock.set(NOW + timedelta(hours=24))
    assert get(served.url + link).status_code == 410
    clock.set(NOW)
    with world.register.writing() as connection:
        user = people.find_user_by_email(connection, "late@example.org")
        assert user is not None
        newer = one_time_links.reset_password(connection, user.id, at=NOW, actor="office", link_hours=1)
    assert get(served.url + link).status_code == 410
    assert get(served.url + f"/first-sign-in?token={newer}").status_code == 200
    with world.register.writing() as connection:
        people.end_person(connection, user.id, reason="left", at=NOW, actor="office")
    assert get(served.url + f"/first-sign-in?token={newer}").status_code == 410


@pytest.mark.parametrize("token", ["", "x", "\x00", "\ud7ff", "A" * 5000, "None"])
def test_no_other_token_is_a_link(token: str, served: Served) -> None:
    assert get(served.url + "/first-sign-in", params={"token": token}).status_code == 410
    sent = post(served.url + "/first-sign-in", data={"token": token, "password": CHOSEN})
    assert sent.status_code == 410 and "set-cookie" not in sent.headers


def test_no_link_and_no_password_is_kept_or_logged(
    world: World, served: Served, caplog: pytest.LogCaptureFixture
) -> None:
    link = new_link(world, "unseen@example.org")
    with caplog.at_level(logging.DEBUG):
        get(served.url + link)
        post(served.url + "/first-sign-in", data={"token": token_of(link), "password": CHOSEN})
        get(served.url + link)
    ours = [record.getMessage() for record in caplog.records if not record.name.startswith(("http", "hpack"))]
    assert not any(token_of(link) in line or CHOSEN in line for line in ours)
    with world.register.reading() as connection:
        kept = [
            str(row) for table in t.metadata.sorted_tables for row in connection.execute(sa.select(table))
        ]
    assert not any(token_of(link) in row or CHOSEN in row for row in kept)


def test_the_office_gives_links_out_and_a_reset_ends_every_way_in(
    world: World, served: Served, as_: As
) -> None:
    office = as_(OFFICE)
    asked = {"name": "Lee", "email": "lee@example.org", "access": "viewer", "csrf_token": office.csrf}
    page = office.post("/people", data=asked)
    found = re.search(r"http://127\.0\.0\.1:8080(/first-sign-in\?token=[\w-]{43})", page.text)
    assert found and "within 24 hours" in page.text
    with httpx.Client(base_url=served.url, timeout=LONG) as lee:
        lee.post("/first-sign-in", data={"token": token_of(found[1]), "password": CHOSEN})
        assert lee.get("/").status_code == 200
        with world.register.reading() as connection:
            user = people.find_user_by_email(connection, "lee@example.org")
        assert user is not None
        office.post(f"/people/{user.id}/reset", data={"csrf_token": office.csrf})
        assert lee.get("/").status_code == 303
        assert lee.post("/sign-in", data={"email": "lee@example.org", "password": CHOSEN}).status_code == 401
    with world.register.reading() as connection:
        known = connection.scalar(sa.select(sa.func.count()).where(t.known_devices.c.user_id == user.id))
    assert known == 0


def test_changing_a_password_asks_the_present_one_and_bounds_guessing_it(world: World, as_: As) -> None:
    email = contact_of("ashcombe")
    client = as_(email)

    def change(present: str, password: str) -> httpx.Response:
        return client.post(
            "/password", data={"csrf_token": client.csrf, "present": present, "password": password}
        )

    assert "Your present password is not right" in change("", CHOSEN).text
    assert change(PASSWORD, "passwordpassword").status_code == 422
    assert change(PASSWORD, PASSWORD).status_code == 422
    assert change(PASSWORD, f"  {email.upper()} ").status_code == 422
    guesses = [change("wrong", CHOSEN).status_code for _ in range(6)]
    assert guesses == [422] * 5 + [429]
    assert change(PASSWORD, CHOSEN).status_code == 429
    with world.register.writing() as connection:
        connection.execute(t.sign_in_attempts.delete())
    done = change(PASSWORD, CHOSEN)
    assert done.headers["location"] == "/sign-in"
    assert client.get("/mine").status_code == 303


def try_to_sign_in(world: World, email: str, password: str, network: str, device: str = "") -> str:
    try:
        found = people.sign_in_with_password(
            world.register, email, password, network=network, at=NOW, device=device
        )
    except TooManyAttempts:
        return "braked"
    return "in" if found else "wrong"


def test_a_thousand_wrong_passwords_from_elsewhere_do_not_keep_the_office_out(
    own_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with own_world.register.writing() as connection:
        user = people.find_user_by_email(connection, OFFICE)
        assert user is not None
        device = sessions.remember_device(connection, user.id, "", NOW)
    tried = [try_to_sign_in(own_world, OFFICE, f"wrong {n}", f"203.0.{n // 4}.0") for n in range(1000)]
    assert tried.count("wrong") == sign_in_brake.OF_ALL_NETWORKS and "in" not in tried
    assert try_to_sign_in(own_world, OFFICE, PASSWORD, AT_HOME) == "braked"
    assert try_to_sign_in(own_world, OFFICE, PASSWORD, AT_HOME, device) == "in"
    assert try_to_sign_in(own_world, OFFICE, PASSWORD, "203.0.0.0", device) == "in"
    assert try_to_sign_in(own_world, VIEWER, PASSWORD, AT_HOME) == "in"


def test_one_place_alone_cannot_keep_anybody_out_elsewhere(own_world: World) -> None:
    tried = [try_to_sign_in(own_world, OFFICE, "wrong", ATTACKER) for _ in range(200)]
    assert tried.count("wrong") == sign_in_brake.OF_ONE_PERSON
    assert try_to_sign_in(own_world, OFFICE, PASSWORD, ATTACKER) == "braked"
    assert try_to_sign_in(own_world, OFFICE, PASSWORD, AT_HOME) == "in"


def test_guessing_stays_bounded_however_it_is_spread(
    own_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("peer_challenge.system.passwords.is_right_password", lambda *_: False)
    spray = [try_to_sign_in(own_world, f"p{n}@example.org", "wrong", ATTACKER) for n in range(100)]
    assert spray.count("wrong") == sign_in_brake.OF_ONE_NETWORK
    botnet = [try_to_sign_in(own_world, f"q{n}@example.org", "wrong", f"198.51.{n}.1") for n in range(800)]
    assert botnet.count("wrong") == sign_in_brake.OF_EVERYBODY - spray.count("wrong")


def test_a_known_browser_is_one_persons_and_has_its_own_brake(own_world: World) -> None:
    with own_world.register.writing() as connection:
        user = people.find_user_by_email(connection, VIEWER)
        assert user is not None
        device = sessions.remember_device(connection, user.id, "", NOW)
    tried = [try_to_sign_in(own_world, OFFICE, "wrong", ATTACKER, device) for _ in range(10)]
    assert tried.count("wrong") == sign_in_brake.OF_ONE_PERSON
    stolen = [try_to_sign_in(own_world, VIEWER, "wrong", f"198.51.{n}.1", device) for n in range(10)]
    assert stolen.count("wrong") == sign_in_brake.OF_ONE_PERSON
    later = NOW + timedelta(days=sessions.DEVICE_DAYS + 1)
    with own_world.register.reading() as connection:
        assert sessions.find_known_device(connection, user, device, NOW)
        assert not sessions.find_known_device(connection, user, device, later)


def test_many_attempts_at_once_are_all_counted(own_world: World) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(16) as pool:
        tried = list(pool.map(lambda _: try_to_sign_in(own_world, OFFICE, "wrong", ATTACKER), range(32)))
    assert tried.count("wrong") == sign_in_brake.OF_ONE_PERSON


def test_of_one_person_no_more_than_twenty_browsers_are_known(own_world: World) -> None:
    with own_world.register.writing() as connection:
        user = people.find_user_by_email(connection, OFFICE)
        assert user is not None
        tokens = [
            sessions.remember_device(connection, user.id, "", NOW + timedelta(minutes=n)) for n in range(25)
        ]
        known = [token for token in tokens if sessions.find_known_device(connection, user, token, NOW)]
    assert known == tokens[5:]


def test_signing_in_makes_the_browser_known(world: World, served: Served) -> None:
    with httpx.Client(base_url=served.url, timeout=LONG) as client:
        answer = client.post("/sign-in", data={"email": contact_of("eastholme"), "password": PASSWORD})
        cookies = {one.partition("=")[0]: one for one in answer.headers.get_list("set-cookie")}
        assert set(cookies) == {COOKIE, DEVICE_COOKIE}
        assert "HttpOnly" in cookies[DEVICE_COOKIE] and "Max-Age=15552000" in cookies[DEVICE_COOKIE]
        first = client.cookies[DEVICE_COOKIE]
        for _ in range(7):
            stranger = {"email": contact_of("eastholme"), "password": "wrong"}
            post(served.url + "/sign-in", data=stranger)
        again = client.post("/sign-in", data={"email": contact_of("eastholme"), "password": PASSWORD})
        assert again.status_code == 303 and client.cookies[DEVICE_COOKIE] != first


@pytest.mark.parametrize("email", ["nobody@example.org", VIEWER])
def test_known_and_unknown_are_looked_at_alike(
    email: str, own_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at: list[str | None] = []
    verify = people.passwords.is_right_password

    def looking(password_hash: str | None, password: str) -> bool:
        looked_at.append(password_hash)
        return verify(password_hash, password)

    monkeypatch.setattr("peer_challenge.system.passwords.is_right_password", looking)
    assert try_to_sign_in(own_world, email, "wrong", ATTACKER) == "wrong"
    assert len(looked_at) == 1


@pytest.mark.threat("stranger-page")
@pytest.mark.threat("stranger-page")
def test_signing_in_again_ends_the_session_that_the_browser_had(world: World, served: Served) -> None:
    with httpx.Client(base_url=served.url, timeout=LONG) as client:
        tokens = []
        for _ in range(2):
            client.post("/sign-in", data={"email": VIEWER, "password": PASSWORD})
            tokens.append(client.cookies[COOKIE])
    before, now = (get(f"{served.url}/calendar", cookies={COOKIE: token}).status_code for token in tokens)
    assert (before, now) == (303, 200), "nobody could sign out of the one before"


def test_any_text_can_be_typed(served: Served) -> None:
    gap = "<" + " " * 100_000 + "x"  # an address that never ends: work that grows with its square takes hours
    for text in ("\x00", "\ud7ff", "%ED%A0%80", "é" * 200, "a" * 400_000, gap):
        answer = post(served.url + "/sign-in", data={"email": text, "password": text})
        assert answer.status_code in (401, 429)
    raw = post(
        served.url + "/sign-in",
        content=b"email=%ED%A0%80&password=%FF%00",
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    assert raw.status_code < 500


def test_the_present_password_of_somebody_without_one_is_not_asked(own_world: World) -> None:
    with own_world.register.writing() as connection:
        user = people.find_user_by_email(connection, VIEWER)
        assert user is not None
        connection.execute(t.users.update().where(t.users.c.id == user.id).values(password_hash=None))
    with pytest.raises(WrongUse, match="no password here yet"):
        people.change_password(own_world.register, user.id, "", CHOSEN, at=NOW)


@pytest.mark.browser
def test_somebody_new_signs_in_by_link_and_changes_their_password(
    world: World, window: Callable[..., Page]
) -> None:
    page = window(None)
    page.goto(new_link(world, "newcomer@example.org"))
    page.get_by_label("New password").fill("aaaaaaaaaaaa")
    page.get_by_role("button", name="Set password and sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("easily guessed")
    page.get_by_label("New password").fill(CHOSEN)
    page.get_by_role("button", name="Set password and sign in").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    page.get_by_role("link", name="Robin Ashcombe").click()
    expect(page.get_by_role("heading", name="Change your password")).to_be_visible()
    page.get_by_label("Present password").fill("something else here")
    page.get_by_label("New password").fill("bridge lamp onion")
    page.get_by_role("button", name="Change password").click()
    expect(page.get_by_role("alert")).to_contain_text("Your present password is not right")
    page.get_by_label("Present password").fill(CHOSEN)
    page.get_by_label("New password").fill("bridge lamp onion")
    page.get_by_role("button", name="Change password").click()
    page.get_by_label("Email address").fill("newcomer@example.org")
    page.get_by_label("Password", exact=True).fill("bridge lamp onion")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
