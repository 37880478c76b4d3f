"""The response goes to the challenger and the Chair as soon as it is in, and again when it is settled."""

import io
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn
from pptx import Presentation

from peer_challenge.intake.take_in import take_in_ready_documents
from peer_challenge.model.days_in_words import weekday_in_words
from peer_challenge.model.vocabulary import DeadlineName, DispatchKind, Kind, Role
from peer_challenge.outbox.issue import issue_waiting
from peer_challenge.outbox.who_is_reminded import list_reminders
from peer_challenge.register import listings, outbox
from peer_challenge.register import tables as t
from peer_challenge.register.events import events_of
from peer_challenge.register.records import Dispatch
from tests.web.world import World, a_world, day

AT = day(3, 22)
BRIEFINGS = (DispatchKind.CHALLENGER_BRIEFING, DispatchKind.CHAIR_BRIEFING)
_NUMBER = "NHS number 943 476 5919"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """The first area's analysis is back and its event is set; its response is awaited."""
    made = a_world(tmp_path)
    yield made
    made.register.close()


def _answers_in(form: docx.document.Document, blank: bytes) -> list[object]:
    """The texts of a filled form that its writer put in."""
    printed = {node.text for node in docx.Document(io.BytesIO(blank)).element.body.xpath(".//w:t")}
    return [
        node
        for node in form.element.body.xpath(".//w:tc//w:t")
        if node.text not in printed and len(node.text or "") > 60
    ]


def _respond(
    world: World, at: datetime, *, is_thin: bool = False, added: str = "", is_moved_on: bool = True
) -> str:
    """Take the response of the first area in, with one answer alone where it is thin; its outcome."""
    author = world.cycle.authors[0].id
    with world.register.reading() as connection:
        rows = listings.dispatches_of(connection, f"{world.cycle.id}/{author}")
    blank_path = next(row.path for row in rows if row.kind == DispatchKind.RESPONSE_FORM.value)
    form = docx.Document(io.BytesIO(world.filled(Kind.RESPONSE, author)))
    answers = _answers_in(form, (world.settings.outbox_folder / blank_path).read_bytes())
    assert len(answers) > 2
    for number, node in enumerate(answers):
        node.text = "" if is_thin and number else f"{node.text}{added}"
    form.core_properties.title = f"Saved at {at}"
    saved = io.BytesIO()
    form.save(saved)
    (world.settings.inbox_folder / "response.docx").write_bytes(saved.getvalue())
    outcome = str(take_in_ready_documents(world.register, world.settings, at).table["outcome"].iloc[0])
    if is_moved_on:
        world.advance(at)
    return outcome


def _issued(world: World, kind: DispatchKind) -> list[Dispatch]:
    with world.register.reading() as connection:
        return outbox.list_issued(connection, world.cycle.id, [kind])


def _text_of(world: World, dispatch: Dispatch) -> str:
    document = docx.Document(str(world.settings.outbox_folder / str(dispatch.path)))
    return " ".join(text.text or "" for text in document.element.body.iter(qn("w:t")))


def _sources(world: World, dispatch: Dispatch) -> dict[Kind, int]:
    with world.register.reading() as connection:
        return outbox.sources_of(connection, dispatch.id)


def test_papers_of_an_analysis_give_the_events_day_where_it_is_set_at_once(world: World) -> None:
    author = world.cycle.authors[0].id
    with world.register.reading() as connection:
        (event,) = events_of(connection, world.cycle)
        dates = {one.name: one.due_on for one in listings.deadlines_of(connection, event.challenge)}
    due = weekday_in_words(dates["response_due"])
    for kind in (DispatchKind.RETURNED_ANALYSIS, DispatchKind.RESPONSE_FORM, DispatchKind.EVENT_INVITATION):
        (sent,) = (
            one for one in _issued(world, kind) if one.recipient_id == author and one.role is Role.AUTHOR
        )
        text = _text_of(world, sent)
        assert due in text and "later than we expect" not in text and "We will tell you the day" not in text


def test_an_accepted_response_goes_to_the_challenger_and_the_chair_at_once(world: World) -> None:
    assert not any(_issued(world, kind) for kind in BRIEFINGS), "not before"
    assert _respond(world, AT) in ("accepted", "warned")
    for kind in BRIEFINGS:
        (sent,) = _issued(world, kind)
        assert Kind.RESPONSE in _sources(world, sent)
        assert "not yet confirmed" not in _text_of(world, sent)


def test_a_response_in_question_goes_as_not_confirmed_and_again_when_it_is_settled(world: World) -> None:
    assert _respond(world, AT, is_thin=True) == "queried"
    for kind in BRIEFINGS:
        (sent,) = _issued(world, kind)
        text = _text_of(world, sent)
        assert "We have asked it for the" in text and "This replaces" not in text
        assert "has answered 1 of them" in text
    later = AT + timedelta(days=1)
    assert _respond(world, later) in ("accepted", "warned")
    for kind in BRIEFINGS:
        before, after = _issued(world, kind)
        text = _text_of(world, after)
        assert "We have asked it" not in text and "not yet confirmed" not in text.casefold()
        assert "This replaces what we sent you on Monday 22 March 2027." in text
        assert "These answers have changed since:" in text
        assert _sources(world, before) != _sources(world, after)


def test_the_area_gets_a_new_presentation_with_its_corrected_answers(world: World) -> None:
    assert _respond(world, AT, is_thin=True) == "queried"
    assert _respond(world, AT + timedelta(days=1)) in ("accepted", "warned")
    before, after = (_slides_of(world, one) for one in _issued(world, DispatchKind.PRESENTATION))
    assert "This replaces" not in before[0] and "We will answer at the event" in "".join(before)
    assert "This replaces the draft of Monday 22 March 2027." in after[0]
    assert "We will answer at the event" not in "".join(after)
    assert _respond(world, AT + timedelta(days=2)) in ("accepted", "warned")
    assert len(_issued(world, DispatchKind.PRESENTATION)) == 2, "the same answers once more"


def _slides_of(world: World, dispatch: Dispatch) -> list[str]:
    deck = Presentation(str(world.settings.outbox_folder / str(dispatch.path)))
    return [
        "\n".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)
        for slide in deck.slides
    ]


def test_the_same_answers_in_question_are_not_sent_twice(world: World) -> None:
    assert _respond(world, AT, is_thin=True) == "queried"
    assert _respond(world, AT + timedelta(days=1), is_thin=True) == "queried"
    assert [len(_issued(world, kind)) for kind in BRIEFINGS] == [1, 1]


def test_a_response_that_may_name_a_child_goes_to_nobody_and_is_not_called_missing(world: World) -> None:
    assert _respond(world, AT, added=f" {_NUMBER}.") == "rejected"
    assert not any(_issued(world, kind) for kind in BRIEFINGS)
    due = AT + timedelta(days=21)
    world.advance(due)
    for kind in BRIEFINGS:
        (sent,) = _issued(world, kind)
        text = _text_of(world, sent)
        assert "943" not in text and "has answered" not in text
        assert "sent its response on Monday 22 March 2027" in text
        assert Kind.RESPONSE not in _sources(world, sent)


def test_without_a_response_both_are_prepared_on_its_day_and_get_it_when_it_comes(world: World) -> None:
    world.advance(AT)
    assert not any(_issued(world, kind) for kind in BRIEFINGS)
    with world.register.reading() as connection:
        due = listings.deadlines_of(connection, f"{world.cycle.id}/{world.cycle.authors[0].id}")
    on = next(one.due_on for one in due if one.name == "response_due")
    at = AT + (on - AT.date())
    world.advance(at)
    for kind in BRIEFINGS:
        (sent,) = _issued(world, kind)
        assert "It has not come yet." in _text_of(world, sent)
    assert _respond(world, at) in ("accepted", "warned")
    for kind in BRIEFINGS:
        _, sent = _issued(world, kind)
        assert "It has not come yet." not in _text_of(world, sent)


def test_nothing_is_sent_for_an_event_that_is_over(world: World) -> None:
    assert _respond(world, AT, is_thin=True) == "queried"
    with world.register.reading() as connection:
        (event,) = events_of(connection, world.cycle)
    assert _respond(world, event.ends_at + timedelta(minutes=1)) in ("accepted", "warned")
    assert [len(_issued(world, kind)) for kind in BRIEFINGS] == [1, 1]


def _call_event_off(world: World) -> None:
    """Put the first area's challenge back to where its analysis has been returned and no event is set."""
    which = f"{world.cycle.id}/{world.cycle.authors[0].id}"
    with world.register.writing() as connection:
        connection.execute(t.events.delete().where(t.events.c.challenge_id == which))
        connection.execute(
            t.challenges.update().where(t.challenges.c.id == which).values(stage="returned", event_on=None)
        )


def test_before_there_is_an_event_the_challenger_has_the_response_and_the_chair_gets_it_then(
    world: World,
) -> None:
    _call_event_off(world)
    assert _respond(world, AT, is_thin=True, is_moved_on=False) == "queried"
    issue_waiting(world.register, world.settings, AT)
    assert [len(_issued(world, kind)) for kind in BRIEFINGS] == [1, 0]
    world.advance(AT)
    before, after = _issued(world, DispatchKind.CHALLENGER_BRIEFING)
    assert "The event has no date yet." in _text_of(world, before)
    assert "Agenda" in _text_of(world, after)
    (chairs,) = _issued(world, DispatchKind.CHAIR_BRIEFING)
    assert "We have asked it for the" in _text_of(world, chairs)


def test_who_got_a_paper_of_the_event_just_before_it_is_not_reminded(world: World) -> None:
    with world.register.reading() as connection:
        (event,) = events_of(connection, world.cycle)
    friday = event.starts_at.replace(hour=9) - timedelta(days=3)
    assert _respond(world, friday - timedelta(hours=20)) in ("accepted", "warned")
    due = [
        one for one in list_reminders(world.register, friday) if one.reminder.what is DeadlineName.EVENT_ON
    ]
    assert {one.recipient_id for one in due} == {event.author.id}
