"""The journal: entries are only added. Each is hashed with the one before, so that any change shows."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from peer_challenge.register.tables import journal

FIRST = "0" * 64
"""What the first entry follows: as long as a SHA-256 in hexadecimal digits, and the hash of no entry."""
SYSTEM = "system"
BACKUP_KEY_SHOWN = "backup key shown"
BACKED_UP = "backup made"
NO_ROOM = "events can't be set"
"""The entry about events for which no day was found, once a day at most; its `why` has the sentences."""

_LAST = sa.select(journal.c.sequence, journal.c.hash).order_by(journal.c.sequence.desc()).limit(1)


def _compute_entry_hash(previous: str, entry: Mapping[str, object]) -> str:
    told = json.dumps(entry, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256((previous + told).encode()).hexdigest()


def _make_entry_record(
    sequence: int,
    at: datetime,
    actor: str,
    event: str,
    cycle_id: str | None,
    challenge_id: str | None,
    details: Mapping[str, object],
) -> dict[str, object]:
    return {
        "sequence": sequence,
        "at": at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": actor,
        "event": event,
        "cycle": cycle_id,
        "challenge": challenge_id,
        "details": dict(details),
    }


def append_entry(
    connection: Connection,
    event: str,
    *,
    at: datetime,
    actor: str = SYSTEM,
    cycle_id: str | None = None,
    challenge_id: str | None = None,
    **details: object,
) -> None:
    """Append one entry, in a writing transaction. `details` hold ids, counts and reasons only."""
    append_entries(connection, event, [(cycle_id, challenge_id, details)], at=at, actor=actor)


def append_entries(
    connection: Connection,
    event: str,
    entries: Sequence[tuple[str | None, str | None, Mapping[str, object]]],
    *,
    at: datetime,
    actor: str = SYSTEM,
) -> None:
    """Append one entry for each (cycle, challenge, details), in a writing transaction.

    Details hold ids, counts and reasons only.
    """
    last = connection.execute(_LAST).first()
    sequence, previous = (last.sequence, last.hash) if last else (0, FIRST)
    rows = []
    for cycle_id, challenge_id, details in entries:
        entry = _make_entry_record(sequence + 1, at, actor, event, cycle_id, challenge_id, details)
        rows.append(
            {
                "sequence": (sequence := sequence + 1),
                "at": at,
                "actor": actor,
                "event": event,
                "cycle_id": cycle_id,
                "challenge_id": challenge_id,
                "details": dict(details),
                "previous_hash": previous,
                "hash": (previous := _compute_entry_hash(previous, entry)),
            }
        )
    if rows:
        connection.execute(journal.insert(), rows)


def count_entries(connection: Connection) -> int:
    """How many entries the journal has."""
    return connection.scalar(sa.select(sa.func.count()).select_from(journal)) or 0


def find_newest_entry(
    connection: Connection, cycle_id: str, events: Sequence[str], *, challenge_id: str | None = None
) -> tuple[str, Mapping[str, object]] | None:
    """The newest entry of a cycle, or one of its challenges, that is one of `events`; None if there is none.

    It is which event, and its details.
    """
    of_challenge = sa.true() if challenge_id is None else journal.c.challenge_id == challenge_id
    row = connection.execute(
        sa.select(journal.c.event, journal.c.details)
        .where(journal.c.cycle_id == cycle_id, journal.c.event.in_(events), of_challenge)
        .order_by(journal.c.sequence.desc())
        .limit(1)
    ).first()
    return (row.event, row.details) if row is not None else None


def find_newest_time(
    connection: Connection, event: str | None = None, *, cycle_id: str | None = None
) -> datetime | None:
    """The time of the journal's newest entry (of an event or a cycle, if given), or None."""
    query = sa.select(sa.func.max(journal.c.at))
    if event is not None:
        query = query.where(journal.c.event == event)
    if cycle_id is not None:
        query = query.where(journal.c.cycle_id == cycle_id)
    found: datetime | None = connection.scalar(query)
    return found


def broken_at(connection: Connection) -> int | None:
    """The sequence number of the first entry that does not follow from the one before, or None."""
    return Chain().broken_at(connection)


class Chain:
    """Checks the journal link by link; a second check reads only the entries added since the first."""

    def __init__(self) -> None:
        self._whole = 0, FIRST  # up to which entry, and its hash

    def forget(self) -> None:
        """Begin again from the first entry: the register is another one now."""
        self._whole = 0, FIRST

    def broken_at(self, connection: Connection) -> int | None:
        """The sequence number of the first entry that does not follow from the one before, or None.

        Entries that an earlier call found whole are not read again.
        """
        last, previous = self._whole
        newer = sa.select(journal).where(journal.c.sequence > last).order_by(journal.c.sequence)
        for row in connection.execute(newer):
            entry = _make_entry_record(
                row.sequence, row.at, row.actor, row.event, row.cycle_id, row.challenge_id, row.details
            )
            if (row.sequence, row.previous_hash, row.hash) != (
                last + 1,
                previous,
                _compute_entry_hash(previous, entry),
            ):
                return int(row.sequence)
            last, previous = row.sequence, row.hash
        self._whole = last, previous
        return None
