"""Calendars read back by another parser; drafts that open addressed; mail through a real server."""

import io
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo

import pytest
import vobject
from dateutil.tz import tzical

from peer_challenge.clock import LONDON
from peer_challenge.dates.calendar_entry import DeadlineEntry, event_calendar, make_entry_uid
from peer_challenge.model.challenge import EventFacts
from peer_challenge.model.cycle import Contact
from tests.factories import a_cycle

STAMP = datetime(2027, 4, 1, 8, tzinfo=LONDON)
OFFICE = Contact(name="Programme office", email="office@region.example")


def _event(sequence: int = 0, starts_at: datetime = datetime(2027, 5, 13, 10, tzinfo=LONDON)) -> EventFacts:
    cycle = a_cycle()
    author, challenger = cycle.participants[:2]
    return EventFacts(
        "c/one",
        author,
        challenger,
        cycle.chairs[0],
        starts_at,
        starts_at + timedelta(hours=3),
        "Civic Hall; room 2, first floor",
        sequence,
    )


def _lines(data: bytes) -> list[str]:
    """An independent reading: unfold (RFC 5545, 3.1), split."""
    text = data.decode("utf-8")
    assert "\n" not in text.replace("\r\n", "")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    return text.replace("\r\n ", "").split("\r\n")


def test_an_event_reads_back_with_its_zone_and_people() -> None:
    lines = _lines(event_calendar([_event()], office=OFFICE, stamped_at=STAMP))
    assert lines[0] == "BEGIN:VCALENDAR"
    assert f"UID:{make_entry_uid('c/one')}" in lines
    assert "DTSTART;TZID=Europe/London:20270513T100000" in lines
    assert "TZID:Europe/London" in lines
    assert "DTSTAMP:20270401T070000Z" in lines
    assert r"LOCATION:Civic Hall\; room 2\, first floor" in lines


def test_an_update_moves_the_entry_instead_of_adding_one() -> None:
    first = _lines(event_calendar([_event()], office=OFFICE, stamped_at=STAMP))
    moved = _lines(
        event_calendar([_event(1, datetime(2027, 5, 20, 14, tzinfo=LONDON))], office=OFFICE, stamped_at=STAMP)
    )
    assert [line for line in first if line.startswith("UID")] == [
        line for line in moved if line.startswith("UID")
    ]
    assert "SEQUENCE:0" in first
    assert "SEQUENCE:1" in moved


def test_a_cancelled_event_is_taken_out_of_the_diary() -> None:
    lines = _lines(event_calendar([], office=OFFICE, stamped_at=STAMP, cancelled=[_event()]))
    assert {"METHOD:CANCEL", "STATUS:CANCELLED", "SEQUENCE:1"} <= set(lines)


def test_a_deadline_is_a_day_without_a_time() -> None:
    lines = _lines(
        event_calendar(
            [],
            office=OFFICE,
            stamped_at=STAMP,
            deadlines=[DeadlineEntry("c/one", "analysis_due", "One", date(2027, 4, 7))],
        )
    )
    assert "DTSTART;VALUE=DATE:20270407" in lines
    assert "TRANSP:TRANSPARENT" in lines


def test_the_same_events_give_the_same_bytes() -> None:
    assert event_calendar([_event()], office=OFFICE, stamped_at=STAMP) == event_calendar(
        [_event()], office=OFFICE, stamped_at=STAMP
    )


def _zone(data: bytes) -> tzinfo:
    """The zone that the calendar itself describes, as python-dateutil reads it."""
    text = "\n".join(_lines(data))
    block = text[text.index("BEGIN:VTIMEZONE") : text.index("END:VTIMEZONE") + len("END:VTIMEZONE")]
    zone = tzical(io.StringIO(block)).get("Europe/London")
    assert zone is not None
    return zone


@pytest.mark.parametrize("day", [date(2027, 3, 26), date(2027, 3, 29), date(2027, 10, 29), date(2027, 11, 1)])
def test_the_zone_in_the_file_gives_the_right_moment_on_either_side_of_a_clock_change(day: date) -> None:
    starts_at = datetime.combine(day, time(10), LONDON)
    data = event_calendar([_event(0, starts_at)], office=OFFICE, stamped_at=STAMP)
    written = next(line for line in _lines(data) if line.startswith("DTSTART;TZID")).rpartition(":")[2]
    read_back = datetime.strptime(written, "%Y%m%dT%H%M%S").replace(tzinfo=_zone(data))
    assert read_back.astimezone(UTC) == starts_at.astimezone(UTC)


def test_a_deadline_that_moved_takes_the_place_of_the_one_before() -> None:
    def entry(stamp: datetime, day: date) -> list[str]:
        return _lines(
            event_calendar(
                [],
                office=OFFICE,
                stamped_at=stamp,
                deadlines=[DeadlineEntry("c/one", "analysis_due", "One", day)],
            )
        )

    first = entry(STAMP, date(2027, 4, 7))
    moved = entry(STAMP + timedelta(days=1), date(2027, 4, 14))
    numbers = [int(line[9:]) for entry_ in (first, moved) for line in entry_ if line.startswith("SEQUENCE:")]
    assert {line for line in first if line.startswith("UID")} <= set(moved)
    assert numbers[0] < numbers[1]


def test_the_order_of_events_does_not_matter() -> None:
    other = replace(_event(starts_at=datetime(2027, 5, 14, 10, tzinfo=LONDON)), challenge="c/two")
    one, two = [_event(), other], [other, _event()]
    assert event_calendar(one, office=OFFICE, stamped_at=STAMP) == event_calendar(
        two, office=OFFICE, stamped_at=STAMP
    )


def test_a_parser_of_another_maker_reads_the_same() -> None:
    """vobject knows nothing of the library that wrote it."""
    at = datetime(2027, 5, 13, 10, tzinfo=LONDON)
    moved = at + timedelta(days=7, hours=4)
    read = [
        vobject.readOne(event_calendar([_event(number, when)], office=OFFICE, stamped_at=STAMP).decode())
        for number, when in ((0, at), (1, moved))
    ]
    first, second = (calendar.vevent for calendar in read)
    assert first.dtstart.value.astimezone(UTC) == at.astimezone(UTC)
    assert second.dtend.value.astimezone(UTC) == (moved + timedelta(hours=3)).astimezone(UTC)
    assert first.uid.value == second.uid.value
    assert (first.sequence.value, second.sequence.value) == ("0", "1")
    assert first.location.value == "Civic Hall; room 2, first floor"
    gone = vobject.readOne(event_calendar([], office=OFFICE, stamped_at=STAMP, cancelled=[_event()]).decode())
    assert (gone.method.value, gone.vevent.status.value) == ("CANCEL", "CANCELLED")
