"""Sessions, guessing, headers and forms."""

import re
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.context import COOKIE
from dashboard.pages.sign_in import _keep_path_inside
from dashboard.security import HEADERS
from dashboard.uploads import safe_name
from peer_challenge.clock import SimulatedClock
from peer_challenge.intake.inbox import is_dropping
from peer_challenge.intake.take_in import take_in_ready_documents
from peer_challenge.register import listings, people, sessions
from tests.known_password import PASSWORD
from tests.waiting import LONG
from tests.web.conftest import As, Served, client_as, get
from tests.web.world import NOW, OFFICE, VIEWER, World, contact_of


@pytest.mark.parametrize(
    "path", ["/", "/sign-in", "/nowhere", "/static/peer-challenge.css", "/api/v1/status", "/static/none.js"]
)
def test_every_answer_carries_the_headers(path: str, served: Served) -> None:
    answer = get(served.url + path)
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert ("no-store" in answer.headers["Cache-Control"]) is not path.endswith(".css")


@pytest.mark.threat("web-page")
def test_pages_hold_no_inline_script_or_style(as_: As) -> None:
    for path in (
        "/",
        "/inbox",
        "/partners",
        "/picture",
        "/system",
        "/people",
        "/journal",
        "/calendar",
        "/mail",
    ):
        page = as_(OFFICE).get(path).text
        assert "<style" not in page and " style=" not in page and " onclick=" not in page
        assert page.count("<script") == page.count('<script type="module" src="/static/') == 1


def test_signing_in_goes_where_one_was_going_and_out_ends_it(served: Served) -> None:
    with httpx.Client(base_url=served.url, timeout=LONG) as client:
        told = {"email": OFFICE, "password": PASSWORD, "next": "/inbox"}
        answer = client.post("/sign-in", data=told)
        assert (answer.status_code, answer.headers["location"]) == (303, "/inbox")
        cookie = answer.headers["set-cookie"].lower()
        assert "httponly" in cookie and "samesite=lax" in cookie
        page = client.get("/inbox").text
        token = page.split('name="csrf_token" value="')[1].split('"')[0]
        client.post("/sign-out", data={"csrf_token": token})
        client.cookies.set(COOKIE, answer.cookies[COOKIE])
        assert client.get("/inbox").status_code == 303


@pytest.mark.threat("stranger-page")
def test_guessing_is_braked_and_says_nothing_of_who_is_known(served: Served) -> None:
    def guess(email: str) -> httpx.Response:
        return httpx.post(served.url + "/sign-in", data={"email": email, "password": "wrong"}, timeout=LONG)

    known, unknown = guess(VIEWER), guess("nobody@example.org")
    assert known.status_code == unknown.status_code == 401
    assert known.text.replace(VIEWER, "") == unknown.text.replace("nobody@example.org", "")
    assert [guess(VIEWER).status_code for _ in range(5)][-1] == 429
    right = httpx.post(served.url + "/sign-in", data={"email": VIEWER, "password": PASSWORD}, timeout=LONG)
    assert right.status_code == 429


def test_a_session_ends_when_it_is_not_used(world: World, served: Served, app: object) -> None:
    with httpx.Client(base_url=served.url, timeout=LONG) as client:
        with world.register.writing() as connection:
            user = people.find_user_by_email(connection, contact_of("ashcombe"))
            assert user is not None
            token = sessions.begin_session(connection, user.id, NOW)
        client.cookies.set(COOKIE, token)
        clock = app.state.office.clock  # type: ignore[attr-defined]
        assert isinstance(clock, SimulatedClock)
        try:
            clock.set(NOW + timedelta(minutes=59))
            assert client.get("/mine").status_code == 200
            clock.set(NOW + timedelta(minutes=59 + 61))
            assert client.get("/mine").status_code == 303
        finally:
            clock.set(NOW)


@pytest.mark.threat("stranger-page")
@pytest.mark.parametrize(("path", "by_itself"), [("/events", {}), ("/", {"X-Live": "1"})])
def test_a_page_that_is_left_open_keeps_no_session_alive(
    world: World, served: Served, app: object, path: str, by_itself: dict[str, str]
) -> None:
    clock = app.state.office.clock  # type: ignore[attr-defined]
    with client_as(served, world, OFFICE) as client:
        try:
            for minutes in (20, 40, 59):
                clock.set(NOW + timedelta(minutes=minutes))
                with client.stream("GET", path, headers=by_itself) as answer:
                    assert answer.status_code == 200
            clock.set(NOW + timedelta(minutes=61))
            assert client.get("/").status_code == 303
        finally:
            clock.set(NOW)


@given(st.text())
def test_one_is_never_sent_to_another_site(told: str) -> None:
    where = re.sub("[\t\r\n]", "", _keep_path_inside(told))  # as browsers read an address
    assert where.startswith("/") and not where.startswith(("//", "/\\"))


@pytest.mark.threat("web-page")
@pytest.mark.parametrize("told", ["/\t/other.example", "/\n/other.example", "/\r\\other.example"])
def test_what_browsers_leave_out_of_an_address_leads_nowhere_else(told: str, served: Served) -> None:
    page = get(f"{served.url}/sign-in", params={"next": told}).text
    assert 'name="next" value="/"' in page and "other.example" not in page


@given(st.text(max_size=400))
def test_an_uploaded_file_has_a_harmless_name(told: str) -> None:
    name = safe_name(told)
    assert name and Path(name).name == name and not is_dropping(name)
    assert len(name.encode()) <= 130 and not set(name) & set('<>:"/\\|?*\x00\n')


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\Self assessment.docx", "Self assessment.docx"),
        ("~$draft.docx", "draft.docx"),
        (".hidden", "hidden"),
        ("", "document"),
        ("Thumbs.db", "document Thumbs.db"),
        ("analysis.tmp", "document analysis tmp"),
        ("analysis.docx.part", "document analysis docx part"),
        ("CON", "document CON"),
        ("nul.docx", "document nul.docx"),
        ("LPT1.tar.docx", "document LPT1.tar.docx"),
        ("console.docx", "console.docx"),
        ("é" * 58 + ".tmp and more words than are kept", "é" * 58 + " tmp"),
    ],
)
def test_names_as_they_come(told: str, kept: str) -> None:
    assert safe_name(told) == kept


def test_an_upload_is_in_the_inbox_whole_and_in_the_journal(world: World, as_: As) -> None:
    client = as_(contact_of("ashcombe"))
    files = [("files", ("../note.docx", b"x" * 5000)), ("files", ("empty.docx", b""))]
    answer = client.post(
        "/uploads", data={"csrf_token": client.csrf}, files=files, headers={"Accept": "application/json"}
    )
    assert [(one["name"], one["is_in"]) for one in answer.json()["files"]] == [
        ("note.docx", True),
        ("empty.docx", False),
    ]
    there = [path for path in world.settings.inbox_folder.iterdir() if path.is_file()]
    assert [(path.name, path.read_bytes()) for path in there] == [("note.docx", b"x" * 5000)]
    with world.register.reading() as connection:
        entry = listings.list_journal_entries(connection, 1, event="document uploaded").rows[0]
    assert entry.actor == "Contact of ashcombe"
    assert "note" not in str(entry.details)
    there[0].unlink()


def test_a_second_file_of_a_name_never_takes_the_place_of_the_first(world: World, as_: As) -> None:
    client = as_(OFFICE)
    for data in (b"one", b"two"):
        client.post("/uploads", data={"csrf_token": client.csrf}, files={"files": ("same.docx", data)})
    there = [path for path in world.settings.inbox_folder.iterdir() if path.is_file()]
    assert sorted(path.read_bytes() for path in there) == [b"one", b"two"]
    for path in there:
        path.unlink()


def test_a_file_that_is_too_large_is_refused_with_what_to_do(world: World, as_: As) -> None:
    client = as_(OFFICE)
    answer = client.post(
        "/uploads",
        data={"csrf_token": client.csrf},
        files={"files": ("large.docx", bytes(26_000_000))},
        headers={"Accept": "application/json"},
    )
    assert "larger than 25 MB" in answer.json()["files"][0]["why"]
    assert not [path for path in world.settings.inbox_folder.iterdir() if path.is_file()]


def test_a_file_that_is_no_word_document_is_not_tried_again(world: World, as_: As) -> None:
    client = as_(OFFICE)
    with world.register.reading() as connection:
        row = listings.list_submissions(connection, 1, outcome="rejected").rows[0]
    page = client.get("/inbox?outcome=rejected").text
    assert "This is not a Word document" in page and f"/submissions/{row.id}/again" not in page
    answer = client.post(f"/submissions/{row.id}/again", data={"csrf_token": client.csrf})
    assert answer.status_code == 422 and "would change nothing" in answer.text
    assert not (world.settings.inbox_folder / "holiday plans.docx").exists()


def test_a_document_is_tried_again_where_that_can_change_something(world: World, as_: As) -> None:
    client, put = as_(OFFICE), world.settings.inbox_folder / "large plans.docx"
    put.write_bytes(b"x" * 1500)
    small = world.settings.model_copy(update={"max_megabytes": 0.001})
    take_in_ready_documents(world.register, small, NOW)
    page = client.get("/inbox?outcome=rejected").text
    (number,) = re.findall(r"/submissions/(\d+)/again", page)
    assert "The file is larger than" in page and not put.exists()
    answer = client.post(f"/submissions/{number}/again", data={"csrf_token": client.csrf})
    assert answer.status_code == 303
    assert put.read_bytes() == b"x" * 1500
    put.unlink()
