"""What was not agreed is printed apart: in summary, plan, overview, tables and thread; it makes no action."""

import io
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn

from peer_challenge.clock import LONDON
from peer_challenge.dispatches.gather_region import office_facts
from peer_challenge.dispatches.named_overview import build_named_overview_words
from peer_challenge.dispatches.regional_tables import build_tables_by_name
from peer_challenge.intake.take_in import take_in_ready_documents
from peer_challenge.model.vocabulary import DispatchKind, Kind
from peer_challenge.register import frames, outbox, submissions
from peer_challenge.register.cycles import load_stored
from peer_challenge.register.events import events_of
from peer_challenge.register.golden_thread import thread_of
from peer_challenge.word.form.forms import FORMS
from tests.factories import a_region
from tests.web.world import AREAS, World, a_world


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """The first area's event is over, and the Chair's record is awaited."""
    made = a_world(tmp_path)
    made.advance(_after_event(made))
    yield made
    made.register.close()


def _after_event(world: World) -> datetime:
    with world.register.reading() as connection:
        (event,) = events_of(connection, world.cycle)
    return event.ends_at.astimezone(LONDON) + timedelta(days=1)


def _form_of(world: World, kind: Kind) -> tuple[bytes, str]:
    with world.register.reading() as connection:
        (sent,) = outbox.list_issued(connection, world.cycle.id, [FORMS[kind].goes_out_as])
    return (world.settings.outbox_folder / str(sent.path)).read_bytes(), sent.recipient_id


def _take_in(world: World, data: bytes, at: datetime) -> str:
    (world.settings.inbox_folder / "form.docx").write_bytes(data)
    taken = take_in_ready_documents(world.register, world.settings, at)
    world.advance(at)
    return str(taken.table["outcome"].iloc[0])


def _send_record(world: World, at: datetime, *, all_of_it: bool = False) -> list[str]:
    """Take the Chair's record in, with "No" for its last area for development, or for the record as a whole.

    Returns the texts of its areas for development, in order.
    """
    blank, chair = _form_of(world, Kind.CHAIR_RECORD)
    held_on = at.date() - timedelta(days=1)
    filled = a_region(areas=AREAS).fill(Kind.CHAIR_RECORD, blank, chair, round=1, event_on=held_on)
    form = docx.Document(io.BytesIO(filled))
    answers = [node for node in form.element.body.xpath(".//w:tc//w:t") if node.text == "Yes"]
    assert len(answers) > 2
    answers[-1 if all_of_it else -2].text = "No"  # the last is the record's own
    saved = io.BytesIO()
    form.save(saved)
    assert _take_in(world, saved.getvalue(), at) == "warned"
    with world.register.reading() as connection:
        which = f"{world.cycle.id}/{world.cycle.authors[0].id}"
        record = submissions.find_current_version(connection, which, Kind.CHAIR_RECORD)
        assert record is not None
        items = frames.recorded_items_of(connection, record.id)
    return [row["text"] for row in items.to_dict("records") if row["kind"] == "development" and row["text"]]


def _text_of(data: bytes) -> str:
    return " ".join(t.text or "" for t in docx.Document(io.BytesIO(data)).element.body.iter(qn("w:t")))


def _summary(world: World) -> str:
    with world.register.reading() as connection:
        sent, *others = outbox.list_issued(connection, world.cycle.id, [DispatchKind.CHAIR_SUMMARY])
        assert {one.role for one in others} == {"challenger", "chair"}
    return _text_of((world.settings.outbox_folder / str(sent.path)).read_bytes())


def test_an_item_that_one_side_did_not_agree_stands_apart_everywhere(world: World) -> None:
    at = _after_event(world)
    *agreed, apart = _send_record(world, at)
    assert agreed
    summary = _summary(world)
    before, after = summary.split("Recorded by the Chair, not agreed by both")
    assert apart not in before and apart in after
    assert all(text in before for text in agreed)
    plan, author = _form_of(world, Kind.ACTION_PLAN)
    text = _text_of(plan)
    assert apart not in text and all(one in text for one in agreed)
    assert "1 area for development that one side did not agree" in text
    with world.register.reading() as connection:
        cycle, framework = load_stored(connection, world.cycle.id)
        facts = office_facts(connection, cycle, framework, DispatchKind.REGIONAL_TABLES, at.date(), "test")
    tables = build_tables_by_name(facts)
    assert apart not in [row[-1] for row in tables["Agreed"]]
    assert [row[-1] for row in tables["Not agreed"]] == ["What was recorded", apart]
    words = build_named_overview_words(facts)
    assert apart not in str(words["needs"]) and apart in str(words["not_agreed"])
    filled = a_region(areas=AREAS).fill(Kind.ACTION_PLAN, plan, author, round=1, event_on=None)
    assert _take_in(world, filled, at + timedelta(days=1)) in ("accepted", "warned"), "no action is missing"
    steps = [step for address in framework.subheadings for step in thread_of(world.register, author, address)]
    assert [step["what"] for step in steps if step["text"] == apart] == [
        "Recorded area for development, not agreed by both"
    ]


def test_a_record_without_consensus_makes_no_action_and_the_plan_is_only_signed(world: World) -> None:
    at = _after_event(world)
    recorded = _send_record(world, at, all_of_it=True)
    summary = _summary(world)
    before, after = summary.split("Recorded by the Chair, not agreed by both")
    assert "reached no consensus" in before
    assert not any(text in before for text in recorded) and all(text in after for text in recorded)
    plan, author = _form_of(world, Kind.ACTION_PLAN)
    text = _text_of(plan)
    assert "there is nothing to plan" in text and not any(one in text for one in recorded)
    filled = a_region(areas=AREAS).fill(Kind.ACTION_PLAN, plan, author, round=1, event_on=None)
    assert _take_in(world, filled, at + timedelta(days=1)) in ("accepted", "warned")
