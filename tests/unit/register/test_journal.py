"""The journal is a chain: an entry altered, removed or put in between is found."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from peer_challenge.register import journal
from peer_challenge.register.database import Register
from peer_challenge.register.tables import journal as table


@pytest.fixture
def told(register: Register) -> Register:
    with register.writing() as connection:
        for number in range(5):
            journal.append_entry(
                connection,
                "something happened",
                at=datetime(2027, 1, 11, tzinfo=UTC) + timedelta(hours=number),
                cycle_id="c",
                number=number,
                text="é “quoted”",
            )
    return register


def test_an_untouched_journal_is_whole(told: Register) -> None:
    with told.reading() as connection:
        assert journal.broken_at(connection) is None


@pytest.mark.parametrize(
    ("alteration", "found_at"),
    [
        ("UPDATE journal SET actor = 'somebody' WHERE sequence = 3", 3),
        ("UPDATE journal SET details = '{}' WHERE sequence = 2", 2),
        ("UPDATE journal SET at = '2026-01-01 00:00:00' WHERE sequence = 1", 1),
        ("DELETE FROM journal WHERE sequence = 4", 5),
        ("DELETE FROM journal WHERE sequence = 1", 2),
    ],
)
def test_an_alteration_is_found_where_it_is(told: Register, alteration: str, found_at: int) -> None:
    with told.writing() as connection:
        connection.execute(sa.text(alteration))
    with told.reading() as connection:
        assert journal.broken_at(connection) == found_at


def test_an_entry_rewritten_with_its_hash_breaks_the_next(told: Register) -> None:
    with told.writing() as connection:
        connection.execute(table.update().where(table.c.sequence == 2).values(hash="a" * 64))
    with told.reading() as connection:
        assert journal.broken_at(connection) == 2


def test_whoever_asks_again_is_told_of_what_came_since(told: Register) -> None:
    chain = journal.Chain()
    with told.reading() as connection:
        assert chain.broken_at(connection) is None
    with told.writing() as connection:
        journal.append_entry(connection, "one more", at=datetime(2027, 2, 1, tzinfo=UTC))
    with told.reading() as connection:
        assert chain.broken_at(connection) is None
        last = connection.scalar(sa.select(sa.func.max(table.c.sequence)))
    with told.writing() as connection:
        journal.append_entry(connection, "and another", at=datetime(2027, 2, 2, tzinfo=UTC))
        connection.execute(table.update().where(table.c.sequence == last + 1).values(actor="somebody"))
    with told.reading() as connection:
        assert [chain.broken_at(connection), chain.broken_at(connection)] == [last + 1, last + 1]
