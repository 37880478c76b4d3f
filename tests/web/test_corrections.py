"""The page on which the Chair or the office settles what both areas corrected in the draft summary."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from html import unescape

import pytest
import sqlalchemy as sa
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from peer_challenge.intake.take_in import take_in_ready_documents
from peer_challenge.model.vocabulary import Kind, Stage
from peer_challenge.register import challenges, listings, outbox
from peer_challenge.register import tables as t
from peer_challenge.register.cycles import replace_cycle
from peer_challenge.rehearsal.handwriting import Sheet
from peer_challenge.word.form.forms import FORMS
from tests.factories import a_region
from tests.web.conftest import As
from tests.web.world import AREAS, OFFICE, VIEWER, World, contact_of

CORRECTED = "We agreed this in March."


@pytest.fixture(scope="module")
def corrected(world: World) -> str:
    """The address of the page, once the first area has corrected two lines of its draft."""
    rules = world.cycle.rules.model_copy(update={"accuracy_days": 5})
    cycle = world.cycle.model_copy(update={"rules": rules})
    author = cycle.authors[0].id
    which = f"{cycle.id}/{author}"
    with world.register.writing() as connection:
        found = challenges.find_challenge(connection, which)
        assert found is not None and found.event is not None
        at = found.event.ends_at + timedelta(days=1)
        replace_cycle(connection, cycle, at=at, actor="test", reason="with a draft")
    world.advance(at)
    record = a_region(areas=AREAS).fill(
        Kind.CHAIR_RECORD,
        _find_form(world, Kind.CHAIR_RECORD, author),
        found.event.chair_id,
        round=1,
        event_on=found.event_on,
    )
    _take_in(world, record, at)
    draft = Sheet(_find_form(world, Kind.CORRECTIONS, author))
    draft.write("strength/1", "text", CORRECTED)
    draft.write("development/1", "consensus", "No")
    _take_in(world, draft.saved(), at + timedelta(days=1))
    return f"/challenges/{which}/corrections"


def _find_form(world: World, kind: Kind, author: str) -> bytes:
    [number, *_] = world.dispatch_ids(
        kind=FORMS[kind].goes_out_as, challenge_id=f"{world.cycle.id}/{author}", state="issued"
    )
    with world.register.reading() as connection:
        form = outbox.load_dispatch(connection, number)
    return (world.settings.outbox_folder / str(form.path)).read_bytes()


def _take_in(world: World, data: bytes, at: datetime) -> None:
    (world.settings.inbox_folder / "form.docx").write_bytes(data)
    taken = take_in_ready_documents(world.register, world.settings, at)
    assert list(taken.table["outcome"]) in (["accepted"], ["warned"])
    world.advance(at)


def _chairs(world: World) -> tuple[str, list[str]]:
    """The address of the Chair of the first area's event, and those of the other Chairs."""
    with world.register.reading() as connection:
        found = challenges.find_challenge(connection, f"{world.cycle.id}/{world.cycle.authors[0].id}")
    assert found is not None
    emails = {chair.id: f"{chair.id}@example.org" for chair in world.cycle.chairs}
    own = emails.pop(found.chair_id or "")
    return own, list(emails.values())


def test_corrections_are_for_the_office_and_the_chair_of_the_event(
    world: World, as_: As, corrected: str
) -> None:
    chair, others = _chairs(world)
    for email in (OFFICE, chair):
        page = as_(email).get(corrected)
        assert page.status_code == 200 and CORRECTED in unescape(page.text), email
        assert "2 to settle" in as_(email).get(corrected.removesuffix("/corrections")).text
    assert f'href="{corrected}"' in as_(chair).get("/mine").text
    assert all(corrected not in as_(other).get("/mine").text for other in others)
    for email in (VIEWER, *others, *(contact_of(area.id) for area in world.cycle.authors)):
        client = as_(email)
        assert client.get(corrected).status_code == 403, email
        assert client.post(corrected, data={"csrf_token": client.csrf, "reason": "now"}).status_code == 403
    assert "corrections to a draft summary" in as_(OFFICE).get("/").text


def test_the_page_has_no_fault_that_axe_finds_and_fits_a_small_screen(
    window: Callable[..., Page], corrected: str
) -> None:
    page = window(OFFICE, viewport={"width": 320, "height": 700}, java_script_enabled=True)
    page.goto(corrected)
    page.wait_for_load_state("networkidle")
    assert Axe().run(page).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_a_comment_beside_no_line_can_change_a_sub_heading(world: World, as_: As, corrected: str) -> None:
    office, rows = as_(OFFICE), t.settled_corrections
    [number] = {part.split('"')[0] for part in office.get(corrected).text.split("/corrections/")[1:]}
    with world.register.writing() as connection:
        connection.execute(
            t.unmapped_texts.insert().values(
                submission_id=int(number), position=99, text="It is another heading."
            )
        )
    page = unescape(office.get(corrected).text)
    line = re.findall(r'name="line" value="(remark/\d+)"', page)[-1]
    form = page[page.index(f'value="{line}"') :]
    place = re.search(r'<option value="(strength/1:subheading_as_written)">', form)
    heading = re.search(r'name="subheading"><option value=""></option><option value="([^"]+)"', form)
    assert place is not None and heading is not None
    asked = {
        "csrf_token": office.csrf,
        "line": line,
        "decision": "changed",
        "place": place[1],
        "words": "Not a heading.",
        "reason": "They are right.",
    }
    refused = office.post(f"{corrected}/{number}", data=asked)
    assert refused.status_code == 422 and "one from the list" in refused.text
    done = office.post(f"{corrected}/{number}", data={**asked, "subheading": heading[1]})
    assert done.status_code == 303
    with world.register.reading() as connection:
        settled = connection.execute(sa.select(rows.c.field, rows.c.after))
        assert settled.all() == [("subheading_as_written", heading[1])]
    again = {**asked, "place": "strength/2:text", "subheading": heading[1]}
    assert office.post(f"{corrected}/{number}", data=again).status_code == 303
    with world.register.reading() as connection:
        assert connection.scalar(sa.select(rows.c.after)) == "Not a heading."


def test_each_is_settled_with_a_reason_and_the_final_goes_when_none_is_left(
    world: World, as_: As, corrected: str
) -> None:
    chair, _ = _chairs(world)
    client = as_(chair)
    page = unescape(client.get(corrected).text)
    [number] = {part.split('"')[0] for part in page.split("/corrections/")[1:]}
    asked = {
        "csrf_token": client.csrf,
        "line": "strength/1:text",
        "decision": "changed",
        "words": "In March.",
    }
    refused = client.post(f"{corrected}/{number}", data=asked)
    assert refused.status_code == 422 and ">In March.</textarea>" in unescape(refused.text)
    done = client.post(f"{corrected}/{number}", data={**asked, "reason": "The Chair's own notes."})
    assert done.status_code == 303
    early = client.post(corrected, data={"csrf_token": client.csrf, "reason": "both rang"})
    assert early.status_code == 422 and "wait for a decision" in unescape(early.text)
    more = {"line": "development/1:consensus", "decision": "declined", "reason": "Both said yes."}
    more["told"] = "The minutes say so."
    office = as_(OFFICE)
    assert office.post(f"{corrected}/{number}", data={**more, "csrf_token": office.csrf}).status_code == 303
    after = unescape(office.get(corrected).text)
    assert "The line will read:" in after and "Nothing waits for your decision" in after
    assert re.search(r"reads:</span> The minutes say so\.", after)
    with world.register.reading() as connection:
        assert listings.journal_events(connection).count("correction settled") >= 1
        challenge = challenges.find_challenge(
            connection, corrected.split("/", 2)[2].removesuffix("/corrections")
        )
    assert challenge is not None and challenge.stage is Stage.DRAFTED
    if not (challenge.draft_issued_at and challenge.challenger_draft_issued_at):
        pytest.fail("both areas were sent the draft")
    sent = office.post(corrected, data={"csrf_token": office.csrf, "reason": "both rang"})
    assert sent.status_code == 303
    with world.register.reading() as connection:
        moved = challenges.find_challenge(connection, challenge.id)
    assert moved is not None and moved.stage is Stage.SUMMARISED
