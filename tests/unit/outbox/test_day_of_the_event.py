"""The Chair's form holds the day that was agreed: left as it is nothing is asked, another day is told."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from peer_challenge.clock import LONDON
from peer_challenge.intake.take_in import take_in_ready_documents
from peer_challenge.model.days_in_words import day_in_words
from peer_challenge.model.vocabulary import Kind
from peer_challenge.register import challenges, listings, submissions
from peer_challenge.register.events import events_of
from peer_challenge.steering.tell_what_happened import tell_what_happened
from tests.fill_form import fill_form
from tests.web.world import a_world


@pytest.mark.parametrize("days_later", [0, 1])
def test_the_day_in_the_chairs_record_counts_and_another_than_agreed_is_told(
    tmp_path: Path, days_later: int
) -> None:
    world = a_world(tmp_path)
    author = world.cycle.authors[0].id
    which = f"{world.cycle.id}/{author}"
    with world.register.reading() as connection:
        (event,) = events_of(connection, world.cycle)
    agreed = event.starts_at.astimezone(LONDON).date()
    at = event.ends_at + timedelta(days=3)
    world.advance(at)
    filled = world.filled(Kind.CHAIR_RECORD, author)
    held = agreed + timedelta(days=days_later)
    if days_later:
        filled = fill_form(filled, {"held_on": day_in_words(held)})
    (world.settings.inbox_folder / "record.docx").write_bytes(filled)
    take_in_ready_documents(world.register, world.settings, at)
    with world.register.reading() as connection:
        record = submissions.find_current_version(connection, which, Kind.CHAIR_RECORD)
        assert record is not None
        found = listings.findings_of(connection, [record.id]).get(record.id, [])
        challenge = challenges.find_challenge(connection, which)
        entries = listings.list_journal_entries(connection, 1, event="event held on another day").rows
        days = tell_what_happened(connection, at - timedelta(days=1)).days
    world.register.close()
    happened = [one.words for _, some in days for one in some]
    assert challenge is not None and challenge.event_held_on == held
    told = [one.message for one in found if one.code.startswith("event.")]
    words = "The Chair’s record gives another day for the event"
    if not days_later:
        assert (told, entries, words in happened) == ([], [], False)
        return
    assert told == [
        f"The record gives another day than {day_in_words(agreed)}, which was agreed for the event. "
        "We go by the record."
    ]
    (entry,) = entries
    assert date.fromisoformat(str(entry.details["held_on"])) == held
    assert date.fromisoformat(str(entry.details["agreed_on"])) == agreed
    assert words in happened
