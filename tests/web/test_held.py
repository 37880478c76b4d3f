"""Sending in what is not one's own, and the office's say about a document in doubt: by client and browser."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, Page, expect

from dashboard.app import create_app
from peer_challenge.clock import SimulatedClock
from peer_challenge.intake.take_in import take_in_ready_documents
from peer_challenge.model.vocabulary import Kind
from peer_challenge.register import held_documents
from peer_challenge.register import tables as t
from peer_challenge.register.archive import sha256_of
from tests import changed_forms as changed
from tests.factories import a_filled
from tests.web.conftest import Served, client_as, context_as
from tests.web.test_day import faults
from tests.web.world import NOW, OFFICE, World, contact_of

pytestmark = pytest.mark.browser
FIRST, SECOND, THIRD = "ashcombe", "eastholme", "kestrel-riding"


@pytest.fixture
def own(own_world: World) -> Iterator[tuple[World, Served]]:
    """An installation of one's own, its page served."""
    server = Served(create_app(own_world.settings, own_world.register, SimulatedClock(NOW)))
    yield own_world, server
    server.stop()


def send(own: tuple[World, Served], email: str, data: bytes, name: str = "form.docx") -> dict[str, object]:
    """What the page answers to somebody who uploads a file."""
    world, server = own
    with client_as(server, world, email) as client:
        answer = client.post(
            "/uploads",
            data={"csrf_token": client.csrf},
            files={"files": (name, data)},
            headers={"accept": "application/json"},
        )
    assert answer.status_code == 200
    [told] = answer.json()["files"]
    return dict(told)


def waiting(world: World) -> list[str]:
    return sorted(path.name for path in world.settings.inbox_folder.iterdir() if path.suffix == ".docx")


def holder(world: World, author: str, column: str) -> str:
    with world.register.reading() as connection:
        table = t.challenges if column == "challenger_id" else t.events
        key = t.challenges.c.id if table is t.challenges else t.events.c.challenge_id
        return str(connection.scalar(sa.select(table.c[column]).where(key == f"{world.cycle.id}/{author}")))


@pytest.mark.threat("area-writes")
@pytest.mark.parametrize(
    ("kind", "sender"),
    [
        (Kind.SELF_ASSESSMENT, "another area"),
        (Kind.SELF_ASSESSMENT, "the challenger"),
        (Kind.SELF_ASSESSMENT, "a Chair"),
        (Kind.ANALYSIS, "the author"),
        (Kind.CHAIR_RECORD, "the author"),
        (Kind.CHAIR_RECORD, "another Chair"),
        (Kind.ACTION_PLAN, "another area"),
    ],
)
def test_what_is_not_the_senders_is_refused_at_once_and_told_to_the_office(own, kind, sender):
    world, _ = own
    challenger, chair = holder(world, FIRST, "challenger_id"), holder(world, FIRST, "chair_id")
    others = [area.id for area in world.cycle.authors if area.id not in (FIRST, challenger)]
    email = {
        "the author": contact_of(FIRST),
        "the challenger": contact_of(challenger),
        "another area": contact_of(others[0]),
        "a Chair": f"{chair}@example.org",
        "another Chair": next(f"{c.id}@example.org" for c in world.cycle.chairs if c.id != chair),
    }[sender]
    data = a_filled(kind, FIRST, areas=4, turn=1)
    told = send(own, email, data)
    assert not told["is_in"] and "not one of yours" in str(told["why"])
    assert "ashcombe" not in str(told["why"]).casefold()
    assert waiting(world) == []
    with world.register.reading() as connection:
        entry = connection.execute(sa.select(t.journal).order_by(t.journal.c.sequence.desc())).first()
        assert connection.scalar(sa.select(sa.func.count()).select_from(t.uploads)) == 0
    assert entry is not None and entry.event == "upload refused"
    assert entry.details["sha256"] == sha256_of(data)
    with client_as(own[1], world, OFFICE) as office:
        assert "1 upload refused within the last week" in office.get("/").text


def test_the_own_form_and_what_the_office_sends_are_taken_in(own):
    world, _ = own
    data = a_filled(Kind.SELF_ASSESSMENT, SECOND, seed=2, areas=4, turn=1)
    assert send(own, contact_of(SECOND), data)["is_in"]
    assert send(own, OFFICE, a_filled(Kind.SELF_ASSESSMENT, THIRD, seed=2, areas=4, turn=1))["is_in"]
    take_in_ready_documents(world.register, world.settings, NOW)
    with world.register.reading() as connection:
        rows = connection.execute(sa.select(t.submissions).order_by(t.submissions.c.id.desc())).fetchmany(2)
        told = list(
            connection.scalars(sa.select(t.findings.c.code).where(t.findings.c.submission_id == rows[0].id))
        )
    assert {row.challenge_id.rpartition("/")[2] for row in rows} == {SECOND, THIRD}
    assert all(row.source == "page" and row.held_since_at is None for row in rows)
    assert "intake.other_way" in told  # the version before lay in the folder


def test_what_cannot_be_read_is_taken_in_and_decided_later(own):
    world, _ = own
    assert send(own, contact_of(SECOND), b"this is no Word document")["is_in"]
    assert waiting(world) == ["form.docx"]


def test_a_colleagues_form_under_the_own_name_is_held_and_the_office_decides(
    own: tuple[World, Served], chromium: Browser
) -> None:
    world, server = own
    name, other = (world.cycle.participant[area].name for area in (SECOND, FIRST))
    form = a_filled(Kind.SELF_ASSESSMENT, FIRST, seed=3, areas=4, turn=1)
    assert send(own, contact_of(SECOND), changed.retitled(form, other, name), "colleague.docx")["is_in"]
    take_in_ready_documents(world.register, world.settings, NOW)
    before = world.dispatch_ids()

    context = context_as(chromium, server, world, OFFICE)
    page = context.new_page()
    page.goto("/")
    page.get_by_role("link", name="held: say whose form it is").click()
    page.get_by_role("link", name="Say whose it is").click()
    expect(page.locator("main")).to_contain_text("The form was made for one area but names another")
    expect(page.locator("main")).to_contain_text(f"a contact of {name}")
    assert faults(page) == []
    with page.expect_download() as download:
        page.get_by_role("link", name="Open the original").click()
    assert download.value.path().stat().st_size > 10_000

    whose, kind = page.get_by_label("Whose challenge is it about?"), page.get_by_label("Which form is it?")
    expect(whose).to_have_value("")  # two areas are suggested: neither is chosen
    expect(kind).to_have_value("self_assessment")
    page.get_by_role("button", name="Show what follows").click()
    expect(page.get_by_role("alert")).to_contain_text("You have not said whose form it is")
    whose.select_option(f"{world.cycle.id}/{SECOND}")
    page.get_by_role("button", name="Show what follows").click()
    expect(page.get_by_role("alert")).to_contain_text("There is no reason given")
    page.get_by_label("How do you know?").fill("They told us by telephone")
    page.get_by_role("button", name="Show what follows").click()
    expect(page.locator("main")).to_contain_text(f"in the challenge of {name}")
    assert faults(page) == []
    assert world.dispatch_ids() == before

    second_tab = context.new_page()
    second_tab.goto(page.url)
    _fill_and_show(second_tab, f"{world.cycle.id}/{FIRST}")
    page.get_by_role("button", name="Confirm whose it is").click()
    expect(page.get_by_role("status").first).to_contain_text("You said whose the document is")
    second_tab.get_by_role("button", name="Confirm whose it is").click()
    expect(second_tab.locator("main")).to_contain_text("decided on 22 March 2027")

    world.advance(NOW)
    kinds = ("receipt", "query_letter", "fix_it_copy")
    answers = [number for kind in kinds for number in world.dispatch_ids(kind=kind) if number not in before]
    assert len(answers) == 1 and answers[0] in world.dispatch_ids(recipient_id=SECOND)
    context.close()


def _fill_and_show(page: Page, whose: str) -> None:
    page.get_by_label("Whose challenge is it about?").select_option(whose)
    page.get_by_label("How do you know?").fill("A guess")
    page.get_by_role("button", name="Show what follows").click()
    expect(page.get_by_role("button", name="Confirm whose it is")).to_be_visible()


def test_what_was_said_of_a_held_document_is_taken_back_from_the_inbox(own: tuple[World, Served]) -> None:
    world, server = own
    name, other = (world.cycle.participant[area].name for area in (SECOND, FIRST))
    form = a_filled(Kind.SELF_ASSESSMENT, FIRST, seed=3, areas=4, turn=1)
    assert send(own, OFFICE, changed.retitled(form, other, name), "colleague.docx")["is_in"]
    take_in_ready_documents(world.register, world.settings, NOW)
    with world.register.reading() as connection:
        (held,) = held_documents.list_held(connection)
    path = f"/held/{held.id}/undo"
    with client_as(server, world, OFFICE) as client:
        assert path not in client.get("/inbox").text and client.get(path).status_code == 422
        client.post(f"/held/{held.id}/nobody", data={"csrf_token": client.csrf, "reason": "astray"})
        assert path in client.get("/inbox").text
        page = client.get(path).text
        assert "it is nobody&#39;s" in page and "It is held again." in page
        assert client.post(path, data={"csrf_token": client.csrf}).status_code == 422
        answer = client.post(path, data={"csrf_token": client.csrf, "reason": "It is theirs"})
        assert answer.status_code == 303 and "You took that back." in client.get("/inbox?done=unsaid").text
    with world.register.reading() as connection:
        assert held_documents.list_held(connection) == [held]
