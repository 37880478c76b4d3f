"""Before an event everybody who takes part is reminded once of when and where, and the timetable goes out."""

from datetime import date, datetime, timedelta

import docx
from docx.oxml.ns import qn

from peer_challenge.dates.working_days import WorkingDays
from peer_challenge.events.move_events import move_event
from peer_challenge.model.vocabulary import DeadlineName, DispatchKind
from peer_challenge.outbox.who_is_reminded import intend_reminders, list_reminders
from peer_challenge.post.still_needed import is_still_needed
from peer_challenge.register import listings, outbox
from peer_challenge.register.cycles import replace_cycle
from tests.web.test_who_comes import event_in
from tests.web.world import NOW, World

LINK = "https://meet.example/" + "x" * 220


def reminded(world: World, at: datetime) -> dict[str, bool]:
    """Who is to be reminded of the event at a time, and whether they can be reached."""
    return {
        one.recipient_id: one.has_address
        for one in list_reminders(world.register, at)
        if one.reminder.what is DeadlineName.EVENT_ON
    }


def issued(world: World, kind: DispatchKind) -> list[tuple[str, str]]:
    with world.register.reading() as connection:
        rows = listings.list_dispatches(connection, 1, size=500).rows
    return sorted((row.recipient_id, str(row.path)) for row in rows if row.kind == kind and row.path)


def words_in(world: World, path: str) -> str:
    said = docx.Document(str(world.settings.outbox_folder / path))
    return " ".join(text.text or "" for text in said.element.body.iter(qn("w:t")))


def test_author_challenger_and_chair_are_reminded_once_of_time_and_place(own_world: World) -> None:
    event = event_in(own_world)
    with own_world.register.writing() as connection:
        move_event(
            connection, own_world.cycle, event.challenge, event.starts_at, minutes=150, place=LINK,
            reason="a link is there", actor="Jo", at=NOW,
        )  # fmt: skip
    own_world.advance(NOW)
    people = {event.author.id, event.challenger.id, event.chair.id}
    week_before, friday = (event.starts_at - timedelta(days=days) for days in (7, 3))
    assert reminded(own_world, NOW) == reminded(own_world, week_before) == {}
    assert reminded(own_world, friday) == dict.fromkeys(people, True)
    intend_reminders(own_world.register, friday)
    assert reminded(own_world, friday) == {}, "each only once"
    with own_world.register.reading() as connection:
        waiting = outbox.list_waiting_dispatches(connection)
        mine = [one for one in waiting if one.parameters.get("what") == "event_on"]
        assert {one.recipient_id for one in mine} == people
        assert all(is_still_needed(connection, one) for one in mine)
    own_world.advance(friday)
    [letter] = [path for who, path in issued(own_world, DispatchKind.REMINDER) if who == event.chair.id]
    words, day = words_in(own_world, letter), event.starts_at
    assert f"in 3 days, on {day:%A} {day.day} April 2027" in words and LINK in words
    assert reminded(own_world, event.starts_at + timedelta(days=3)) == {}


def test_the_timetable_goes_out_once_days_before_the_first_event(own_world: World) -> None:
    rules = own_world.cycle.rules.model_copy(update={"timetable_working_days": 5})
    own_world.cycle = own_world.cycle.model_copy(update={"rules": rules})
    with own_world.register.writing() as connection:
        replace_cycle(connection, own_world.cycle, at=NOW, actor="Jo", reason="days before")
    event = event_in(own_world)
    first = WorkingDays().add_working_days(event.starts_at.date(), -5)
    own_world.advance(_at_nine(first - timedelta(days=1)))
    assert issued(own_world, DispatchKind.EVENT_TIMETABLE) == []
    for day in (first, event.starts_at.date()):
        own_world.advance(_at_nine(day))
    people = {"office", event.author.id, event.challenger.id, event.chair.id}
    assert [who for who, _ in issued(own_world, DispatchKind.EVENT_TIMETABLE)] == sorted(people)


def _at_nine(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, tzinfo=NOW.tzinfo)
