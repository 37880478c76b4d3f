"""Calendar files that other programs take: published by the office (RFC 5546), checked by libical too."""

import ctypes
from datetime import date, datetime, timedelta

import pytest
from icalendar import Calendar

from peer_challenge.clock import LONDON
from peer_challenge.dates.calendar_entry import DeadlineEntry, event_calendar
from peer_challenge.model.challenge import EventFacts
from peer_challenge.model.cycle import Contact
from tests.factories import a_cycle
from tests.requirements import need_library

STAMP = datetime(2027, 4, 1, 8, tzinfo=LONDON)
OFFICE = Contact(name="Northern; office, of the region", email="office@region.example")
DUE = DeadlineEntry("c/one", "analysis_due", "St John’s, North & West", date(2027, 4, 7))


def event(sequence: int = 0) -> EventFacts:
    cycle = a_cycle()
    starts_at = datetime(2027, 5, 13, 10, tzinfo=LONDON)
    people = (*cycle.participants[:2], cycle.chairs[0])
    return EventFacts("c/one", *people, starts_at, starts_at + timedelta(hours=3), "Hall; room 2", sequence)


FILES = {
    "an event": event_calendar([event()], office=OFFICE, stamped_at=STAMP),
    "a moved event": event_calendar([event(3)], office=OFFICE, stamped_at=STAMP),
    "a cancelled event": event_calendar([], office=OFFICE, stamped_at=STAMP, cancelled=[event(3)]),
    "deadlines": event_calendar([], office=OFFICE, stamped_at=STAMP, deadlines=[DUE]),
    "all of a cycle": event_calendar([event()], office=OFFICE, stamped_at=STAMP, deadlines=[DUE]),
    "an office without address": event_calendar([event()], office=Contact(name="Office"), stamped_at=STAMP),
}


@pytest.mark.parametrize("name", FILES)
def test_every_entry_has_the_office_as_organizer_and_nobody_as_attendee(name: str) -> None:
    calendar = Calendar.from_ical(FILES[name])
    entries = calendar.walk("VEVENT")
    assert entries and not calendar.errors and not any(entry.errors for entry in entries)
    assert calendar["method"] == ("CANCEL" if "cancelled" in name else "PUBLISH")
    for entry in entries:
        assert str(entry["organizer"]).startswith("mailto:") and "@" in str(entry["organizer"])
        assert "attendee" not in entry
        assert {"uid", "dtstamp", "dtstart", "summary", "sequence"} <= {key.lower() for key in entry}


def test_a_cancelling_file_outranks_the_file_that_it_takes_back() -> None:
    last, gone = (Calendar.from_ical(FILES[name]) for name in ("a moved event", "a cancelled event"))
    before, after = last.walk("VEVENT")[0], gone.walk("VEVENT")[0]
    assert before["uid"] == after["uid"] and after["sequence"] > before["sequence"]


def test_a_deadline_names_its_area_as_people_do() -> None:
    (entry,) = Calendar.from_ical(FILES["deadlines"]).walk("VEVENT")
    assert entry["summary"] == "Peer analysis due: St John’s, North & West"


@pytest.mark.parametrize("name", FILES)
def test_libical_finds_every_file_valid(name: str) -> None:
    library = ctypes.CDLL(need_library("ical"))
    library.icalparser_parse_string.restype = ctypes.c_void_p
    library.icalparser_parse_string.argtypes = [ctypes.c_char_p]
    library.icalrestriction_check.argtypes = [ctypes.c_void_p]
    library.icalcomponent_as_ical_string.restype = ctypes.c_char_p
    library.icalcomponent_as_ical_string.argtypes = [ctypes.c_void_p]
    component = library.icalparser_parse_string(FILES[name])
    assert library.icalrestriction_check(component) == 1
    assert b"X-LIC-ERROR" not in library.icalcomponent_as_ical_string(component)
