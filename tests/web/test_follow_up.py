"""The pages of the follow-up: a report, what its challenger says of it, and its end by the office."""

from collections.abc import Callable
from datetime import datetime, timedelta
from html import unescape

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from peer_challenge.intake.take_in import take_in_ready_documents
from peer_challenge.model.vocabulary import DispatchKind, Kind, Stage
from peer_challenge.register import challenges, listings, outbox, submissions
from peer_challenge.word.form.forms import FORMS
from tests.factories import a_region
from tests.web.conftest import As
from tests.web.world import AREAS, OFFICE, VIEWER, World, contact_of

pytestmark = pytest.mark.usefixtures("reported")


@pytest.fixture(scope="module")
def reported(world: World) -> str:
    """The address of the first area's progress report, which its challenger has been sent."""
    author = world.cycle.authors[0].id
    which = f"{world.cycle.id}/{author}"
    with world.register.reading() as connection:
        event = challenges.find_challenge(connection, which)
    assert event is not None and event.event is not None
    at = event.event.ends_at + timedelta(days=1)
    world.advance(at)
    _send(world, Kind.CHAIR_RECORD, author, at)
    _send(world, Kind.ACTION_PLAN, author, at + timedelta(days=7))
    with world.register.reading() as connection:
        due = challenges.due_dates(connection, which)["progress_report_due"]
    asked = datetime.combine(due, datetime.min.time(), at.tzinfo) - timedelta(days=28)
    world.advance(asked + timedelta(hours=12))
    _send(world, Kind.PROGRESS_REPORT, author, asked + timedelta(days=3))
    with world.register.reading() as connection:
        [report] = submissions.list_progress_reports(connection, which)
    return f"/challenges/{which}/reports/{report.id}"


def _send(world: World, kind: Kind, author: str, at: datetime) -> None:
    """Fill in the form that went out, and take it in."""
    [number, *_] = world.dispatch_ids(
        kind=FORMS[kind].goes_out_as, challenge_id=f"{world.cycle.id}/{author}", state="issued"
    )
    with world.register.reading() as connection:
        form = outbox.load_dispatch(connection, number)
        challenge = challenges.find_challenge(connection, f"{world.cycle.id}/{author}")
    assert challenge is not None
    data = (world.settings.outbox_folder / str(form.path)).read_bytes()
    filled = a_region(areas=AREAS).fill(kind, data, form.recipient_id, round=1, event_on=challenge.event_on)
    (world.settings.inbox_folder / "form.docx").write_bytes(filled)
    taken = take_in_ready_documents(world.register, world.settings, at)
    assert list(taken.table["outcome"]) in (["accepted"], ["warned"]), kind
    world.advance(at)


def _challenger(world: World) -> str:
    with world.register.reading() as connection:
        found = challenges.find_challenge(connection, f"{world.cycle.id}/{world.cycle.authors[0].id}")
    assert found is not None and found.challenger_id is not None
    return found.challenger_id


def test_a_report_is_for_the_office_its_area_and_the_challenger_that_was_sent_it(
    world: World, as_: As, reported: str
) -> None:
    author, challenger = world.cycle.authors[0].id, _challenger(world)
    for email in (OFFICE, contact_of(author), contact_of(challenger)):
        page = as_(email).get(reported)
        assert page.status_code == 200 and "What shows it" in page.text
    others = [contact_of(area.id) for area in world.cycle.authors if area.id not in (author, challenger)]
    for email in (VIEWER, *others, f"{world.cycle.chairs[0].id}@example.org"):
        assert as_(email).get(reported).status_code == 403


def test_the_page_of_the_challenge_says_that_it_is_in_follow_up(world: World, as_: As, reported: str) -> None:
    page = unescape(as_(OFFICE).get(reported.partition("/reports/")[0]).text)
    assert 'aria-current="step">in follow-up' in page.replace("In follow-up", "in follow-up")
    assert "Progress report for review 1, version 1" in page and "Review 1</a>" in page


def test_a_challenger_comments_once_it_has_been_sent_the_report_and_its_words_are_kept_when_refused(
    world: World, as_: As, reported: str
) -> None:
    author, client = world.cycle.authors[0].id, as_(contact_of(_challenger(world)))
    assert "Send the comment" not in as_(contact_of(author)).get(reported).text
    refused = client.post(
        f"{reported}/comment",
        data={"csrf_token": client.csrf, "text": "Oliver (aged 7) was seen sooner."},
    )
    assert refused.status_code == 422 and "Oliver (aged 7) was seen sooner." in unescape(refused.text)
    assert world.dispatch_ids(kind=DispatchKind.PROGRESS_COMMENT) == []
    for _ in range(2):  # a button pressed twice sends one comment
        told = client.post(
            f"{reported}/comment", data={"csrf_token": client.csrf, "text": "Who keeps\nthe list?"}
        )
        assert told.status_code == 303
    assert "Who keeps\nthe list?" in unescape(client.get(told.headers["location"]).text)
    assert "Who keeps" not in as_(contact_of(author)).get(reported).text, "it gets a letter"
    assert len(world.dispatch_ids(kind=DispatchKind.PROGRESS_COMMENT)) == 1


def test_an_area_does_not_comment_on_its_own_report(world: World, as_: As, reported: str) -> None:
    client = as_(contact_of(world.cycle.authors[0].id))
    answer = client.post(f"{reported}/comment", data={"csrf_token": client.csrf, "text": "Well done."})
    assert answer.status_code == 403


def test_the_pages_of_the_follow_up_have_no_fault_that_axe_finds(
    window: Callable[..., Page], reported: str
) -> None:
    page = window(OFFICE, viewport={"width": 320, "height": 700}, java_script_enabled=True)
    for path in (reported, f"{reported.partition('/reports/')[0]}/close"):
        page.goto(path)
        page.wait_for_load_state("networkidle")
        assert Axe().run(page).response["violations"] == []
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= 320, f"{path} is wider than a small screen"


def test_the_office_closes_a_challenge_with_a_reason_and_keeps_what_it_typed(
    world: World, as_: As, reported: str
) -> None:
    path, client = reported.partition("/reports/")[0], as_(OFFICE)
    page = unescape(client.get(f"{path}/close").text)
    assert "end of the follow-up" in page and "Made and sent next" in page
    short = client.post(f"{path}/close", data={"csrf_token": client.csrf, "reason": "x"})
    assert short.status_code == 422 and 'value="x"' in short.text
    done = client.post(f"{path}/close", data={"csrf_token": client.csrf, "reason": "the areas merge"})
    assert done.status_code == 303
    with world.register.reading() as connection:
        found = challenges.find_challenge(connection, f"{world.cycle.id}/{world.cycle.authors[0].id}")
        events = listings.journal_events(connection)
    assert found is not None and found.stage is Stage.CLOSED
    assert "challenge closed by decision" in events
