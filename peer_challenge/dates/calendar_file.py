"""Calendar files (RFC 5545).

Each entry has a stable UID and a sequence number, so that a change moves the entry in people's calendars.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from icalendar import Calendar, Event, Timezone, vCalAddress
from icalendar.prop import vText

from peer_challenge.clock import LONDON, local_day
from peer_challenge.model.challenge import EventFacts
from peer_challenge.model.vocabulary import DEADLINE_NAMES

_PRODUCT = "-//Peer Challenge//Challenge events//EN"
_DOMAIN = "peer-challenge.invalid"
_FIRST_DAY = date(2020, 1, 1)


def event_calendar(
    events: Sequence[EventFacts],
    *,
    stamped_at: datetime,
    deadlines: Sequence[tuple[str, str, date]] = (),
    cancelled: Sequence[EventFacts] = (),
) -> bytes:
    """A calendar of `events`, of `deadlines` (challenge, what is due, day) and of the `cancelled` events.

    `stamped_at` is when it was made, aware. Equal arguments give equal bytes, whatever their order.
    """
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if cancelled and not events else "PUBLISH")
    if events or cancelled:
        years = [event.starts_at.year for event in (*events, *cancelled)]
        calendar.add_component(
            Timezone.from_tzinfo(
                LONDON,
                tzid="Europe/London",
                first_date=date(min(years), 1, 1),
                last_date=date(max(years) + 1, 1, 1),
            )
        )
    for event in sorted(events, key=_make_event_sort_key):
        calendar.add_component(_build_event_entry(event, stamped_at))
    for event in sorted(cancelled, key=_make_event_sort_key):
        calendar.add_component(_build_event_entry(event, stamped_at, is_cancelled=True))
    for challenge, what, day in sorted(deadlines, key=lambda due: (due[2], due[:2])):
        calendar.add_component(_build_deadline_entry(challenge, what, day, stamped_at))
    return bytes(calendar.to_ical())


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
        "description", f"{event.challenger.name} challenges {event.author.name}. Chair: {event.chair.name}."
    )
    entry.add("location", vText(event.place))
    entry.add("status", "CANCELLED" if is_cancelled else "CONFIRMED")
    entry.add("class", "PRIVATE")
    if event.chair.email:
        organiser = vCalAddress(f"mailto:{event.chair.email}")
        organiser.params["cn"] = vText(event.chair.name)
        entry.add("attendee", organiser, encode=False)
    return entry


def _build_deadline_entry(challenge: str, what: str, day: date, stamped_at: datetime) -> Event:
    entry = Event()
    entry.add("uid", make_entry_uid(challenge, what))
    entry.add("dtstamp", stamped_at.astimezone(UTC))
    # A deadline has no count of its changes. The day it was made on grows with each issue, which is
    # all that a diary needs to take the later of two entries.
    entry.add("sequence", max(0, (local_day(stamped_at) - _FIRST_DAY).days))
    entry.add("dtstart", day)
    entry.add("dtend", day + timedelta(days=1))
    entry.add("summary", f"{DEADLINE_NAMES[what]}: {challenge.rpartition('/')[2]}")
    entry.add("transp", "TRANSPARENT")
    return entry


def morning_of(day: date) -> datetime:
    """Eight in the morning of a day in London: the time stamp of files that are made for that day."""
    return datetime.combine(day, time(8), LONDON)
