"""Notes on a challenge: kept out of the journal, remembered on their day and in the brief of that week."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from peer_challenge.dispatches.gather_facts import gather_dispatch_facts
from peer_challenge.dispatches.monday_brief import build_monday_brief_words
from peer_challenge.errors import WrongUse
from peer_challenge.model.vocabulary import DispatchKind
from peer_challenge.outbox.weekly_brief import intend_monday_brief
from peer_challenge.register import challenges, notes, outbox
from peer_challenge.register import tables as t
from peer_challenge.register.archive import Archive
from peer_challenge.register.purging import purge_cycle
from peer_challenge.steering.keep_notes import tick_off_note, write_note
from tests.unit.steering.test_accept_findings import AT, WHICH
from tests.web.world import World, an_empty_world

RANG = "Rang on 18 February, sends on Thursday"
REMIND = date(2027, 2, 25)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return an_empty_world(tmp_path / "home")


def write(world: World, text: str = RANG, remind_on: date | None = REMIND) -> int:
    with world.register.writing() as connection:
        challenge = challenges.find_challenge(connection, WHICH)
        assert challenge is not None
        return write_note(connection, challenge, text, remind_on, at=AT, actor="Office")


def due(world: World, until: date) -> list[str]:
    with world.register.reading() as connection:
        return [note.text for note in notes.list_due_notes(connection, world.cycle.id, until)]


def test_a_note_waits_for_its_day_and_is_in_the_brief_of_that_week_until_it_is_ticked_off(
    world: World,
) -> None:
    number = write(world)
    assert write(world) == number, "a button pressed twice writes one note"
    write(world, "No day for this", None)
    assert due(world, date(2027, 2, 24)) == [] and due(world, REMIND) == [RANG]
    intend_monday_brief(world.register, datetime(2027, 2, 22, 7, tzinfo=UTC))
    with world.register.reading() as connection:
        [brief] = [
            one for one in outbox.list_waiting_dispatches(connection) if one.kind is DispatchKind.MONDAY_BRIEF
        ]
        archive = Archive(world.settings.archive_folder)
        words = build_monday_brief_words(gather_dispatch_facts(connection, brief, archive))
    (told,) = words["notes"]
    assert told["area"] == "Ashcombe" and told["text"] == RANG and "25 Feb" in told["day"]
    with world.register.writing() as connection:
        challenge = challenges.find_challenge(connection, WHICH)
        assert challenge is not None
        for _ in range(2):
            tick_off_note(connection, challenge, number, at=AT, actor="Office")
        journal = [(row.event, str(row.details)) for row in connection.execute(sa.select(t.journal))]
    assert due(world, REMIND) == []
    assert [event for event, _ in journal].count("note ticked off") == 1
    assert not any("Thursday" in details for _, details in journal)


@pytest.mark.parametrize(
    ("text", "remind_on", "why"),
    [(" ", None, "no words"), ("x" * 1001, None, "1001 letters"), (RANG, date(2027, 2, 1), "is past")],
)
def test_a_note_that_cannot_be_kept_is_refused(
    world: World, text: str, remind_on: date | None, why: str
) -> None:
    with pytest.raises(WrongUse, match=why):
        write(world, text, remind_on)


def test_the_words_of_notes_go_when_the_cycle_is_purged(world: World) -> None:
    number = write(world)
    with world.register.writing() as connection:
        purge_cycle(connection, world.cycle.id, at=AT, actor="Office")
        note = notes.load_note(connection, number)
    assert note is not None and note.text == ""


def test_a_brief_is_written_on_the_first_working_day_of_its_week_and_once(world: World) -> None:
    """Monday 3 May 2027 is a bank holiday."""
    days = [datetime(2027, 5, day, 7, tzinfo=UTC) for day in (3, 4, 5, 10)]
    assert [intend_monday_brief(world.register, day) for day in days] == [0, 1, 0, 1]
