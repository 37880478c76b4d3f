"""Calendar files (RFC 5545, 5546): a stable UID and a sequence number, so that a change moves the entry.

They are published, not meetings that somebody answers: each entry names the programme office as its
organizer, and nobody as an attendee (RFC 5546, 3.2.1). Diary programs refuse others, or ask for an answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from icalendar import Calendar, Event, Timezone, vCalAddress
from icalendar.prop import vText

from peer_challenge.clock import LONDON, local_day
from peer_challenge.model.challenge import EventFacts
from peer_challenge.model.cycle import Contact
from peer_challenge.model.vocabulary import DEADLINE_NAMES

_PRODUCT = "-//Peer Challenge//Challenge events//EN"
_DOMAIN = "peer-challenge.invalid"
_FIRST_DAY = date(2020, 1, 1)
"""From which the sequence numbers of deadlines are counted: before any cycle of this program."""


@dataclass(frozen=True, slots=True)
class DeadlineEntry:
    """A day on which something is due: of which challenge, what (a DeadlineName), of which area by name."""

    challenge: str
    what: str
    area: str
    due_on: date


def event_calendar(
    events: Sequence[EventFacts],
    *,
    office: Contact,
    stamped_at: datetime,
    deadlines: Sequence[DeadlineEntry] = (),
    cancelled: Sequence[EventFacts] = (),
) -> bytes:
    """A calendar of `events`, of `deadlines` and of what is `cancelled`, published by `office`.

    `stamped_at` is when it was made, aware; the same arguments give the same bytes, in whatever order.
    """
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if cancelled and not events else "PUBLISH")
    if events or cancelled:
        years = [event.starts_at.year for event in (*events, *cancelled)]
        zone = Timezone.from_tzinfo(
            LONDON,
            tzid="Europe/London",
            first_date=date(min(years), 1, 1),
            last_date=date(max(years) + 1, 1, 1),
        )
        zone.pop("comment", None)  # a note of the library to programmers
        calendar.add_component(zone)
    entries = [_build_event_entry(event, stamped_at) for event in sorted(events, key=_make_event_sort_key)]
    entries += [
        _build_event_entry(event, stamped_at, is_cancelled=True)
        for event in sorted(cancelled, key=_make_event_sort_key)
    ]
    entries += [
        _build_deadline_entry(due, stamped_at)
        for due in sorted(deadlines, key=lambda due: (due.due_on, due.challenge, due.what))
    ]
    for entry in entries:
        entry.add("organizer", _organizer(office), encode=False)
        calendar.add_component(entry)
    return bytes(calendar.to_ical())


def _organizer(office: Contact) -> vCalAddress:
    """The programme office; an address is wanted, so one without gets one that leads nowhere."""
    organizer = vCalAddress(f"mailto:{office.email or f'office@{_DOMAIN}'}")
    organizer.params["cn"] = vText(office.name)
    return organizer


def make_entry_uid(challenge: str, what: str = "event") -> str:
    """The UID of a challenge's calendar entry. It stays the same when the event or deadline moves."""
    return f"{challenge.replace('/', '.')}.{what}@{_DOMAIN}"


def _make_event_sort_key(event: EventFacts) -> tuple[datetime, str]:
    return event.starts_at, event.challenge


def _build_event_entry(event: EventFacts, stamped_at: datetime, *, is_cancelled: bool = False) -> Event:
    entry = Event()
    entry.add("uid", make_entry_uid(event.challenge))
    entry.add("dtstamp", stamped_at.astimezone(UTC))
    entry.add("sequence", event.sequence + is_cancelled)
    entry.add("dtstart", event.starts_at.astimezone(LONDON))
    entry.add("dtend", event.ends_at.astimezone(LONDON))
    entry.add("summary", f"Challenge event: {event.author.name}")
    entry.add(
        "description",
        f"{event.challenger.name} challenges {event.author.name}. Chair: {event.chair.name}. "
        "The agenda is in the invitation.",
    )
    entry.add("location", vText(event.place if is_cancelled else event.place_in_words))
    entry.add("status", "CANCELLED" if is_cancelled else "CONFIRMED")
    return entry


def _build_deadline_entry(due: DeadlineEntry, stamped_at: datetime) -> Event:
    entry = Event()
    entry.add("uid", make_entry_uid(due.challenge, due.what))
    entry.add("dtstamp", stamped_at.astimezone(UTC))
    # A deadline has no count of its changes. The day it was made on grows with each issue, which is
    # all that a diary needs to take the later of two entries.
    entry.add("sequence", max(0, (local_day(stamped_at) - _FIRST_DAY).days))
    entry.add("dtstart", due.due_on)
    entry.add("dtend", due.due_on + timedelta(days=1))
    entry.add("summary", f"{DEADLINE_NAMES[due.what]}: {due.area}")
    entry.add("transp", "TRANSPARENT")
    return entry


def morning_of(day: date) -> datetime:
    """Eight in the morning of a day in London: the time stamp of files that are made for that day."""
    return datetime.combine(day, time(8), LONDON)
