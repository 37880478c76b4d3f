"""Lists from the register for people to read: read only, in pages, without what areas wrote."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

import sqlalchemy as sa
from sqlalchemy import Connection

from peer_challenge.dates.deadlines import Deadline
from peer_challenge.model.access import Access, Person
from peer_challenge.model.vocabulary import HELD, DeadlineName, Outcome, Role, Stage
from peer_challenge.register import tables as t
from peer_challenge.register.outbox import NOT_GONE
from peer_challenge.register.people import User
from peer_challenge.register.records import CycleState, Dispatch, DispatchState, Submission
from peer_challenge.register.submissions import is_overtaken
from peer_challenge.register.tables import TableQuery, TableRow

PAGE_SIZE = 50
"""Rows that somebody scrolls through before they search; the query reads no more of a long table."""
_MOST_SIGN_INS = 50
"""Of all who share a name: enough to find two of one person, without reading the whole journal."""
UPLOAD_REFUSED = "upload refused"
"""The journal's event for an upload that was not its sender's to hand in."""
SENDER_TOLD = "sender of a rejected document told"
"""The journal's event by which the office ticks off a document that was rejected."""
_DEADLINES_IN = (  # with every board, so made once
    sa.select(t.deadlines)
    .join(t.challenges, t.challenges.c.id == t.deadlines.c.challenge_id)
    .where(t.challenges.c.cycle_id == sa.bindparam("cycle"))
    .order_by(t.deadlines.c.due_on, t.deadlines.c.name)
)


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list. `number` counts from 1; `total` counts rows over all pages."""

    rows: Sequence[T]
    number: int
    total: int
    size: int = PAGE_SIZE

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // self.size))


@dataclass(frozen=True, slots=True)
class ListedCycle:
    """A cycle in a list to choose from."""

    id: str
    name: str
    state: CycleState
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class ListedFinding:
    """A finding with the number of the submission that it is about; the other fields are as in `Finding`."""

    submission_id: int
    code: str
    severity: str
    subheading: str | None
    column: str | None
    message: str
    remedy: str


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """What happened, when and by whom. `details` hold ids, counts and reasons, never what an area wrote."""

    sequence: int
    at: datetime
    actor: str
    event: str
    cycle_id: str | None
    challenge_id: str | None
    details: Mapping[str, object]
    hash: str


def read_page_of_query(
    connection: Connection,
    query: TableQuery,
    record_of: Callable[[TableRow], T],
    number: int,
    size: int = PAGE_SIZE,
) -> Page[T]:
    """Page `number` of what `query` finds; a number past the end gives the last page."""
    total = connection.scalar(sa.select(sa.func.count()).select_from(query.order_by(None).subquery())) or 0
    number = max(1, min(number, -(-total // size) or 1))
    rows = connection.execute(query.limit(size).offset((number - 1) * size))
    return Page([record_of(row) for row in rows], number, total, size)


def read_newest_sequence(connection: Connection) -> int:
    """The sequence number of the newest journal entry: it grows whenever something happens."""
    return connection.scalar(sa.select(sa.func.max(t.journal.c.sequence))) or 0


def list_unpurged_cycles(connection: Connection) -> list[ListedCycle]:
    """The cycles that are not purged, newest first."""
    query = sa.select(t.cycles.c.id, t.cycles.c.name, t.cycles.c.state, t.cycles.c.opened_at)
    query = query.where(t.cycles.c.state != CycleState.PURGED.value)
    return [
        ListedCycle(row.id, row.name, CycleState(row.state), row.opened_at)
        for row in connection.execute(query.order_by(t.cycles.c.opened_at.desc(), t.cycles.c.id))
    ]


def deadlines_of(connection: Connection, challenge_id: str) -> tuple[Deadline, ...]:
    """Every deadline of a challenge, earliest first."""
    query = sa.select(t.deadlines).where(t.deadlines.c.challenge_id == challenge_id)
    rows = connection.execute(query.order_by(t.deadlines.c.due_on, t.deadlines.c.name))
    return tuple(_make_deadline(row) for row in rows)


def deadlines_in(connection: Connection, cycle_id: str) -> dict[str, tuple[Deadline, ...]]:
    """The deadlines of every challenge of a cycle that has any, by challenge, each's earliest first."""
    found: dict[str, list[Deadline]] = {}
    for row in connection.execute(_DEADLINES_IN, {"cycle": cycle_id}):
        found.setdefault(row.challenge_id, []).append(_make_deadline(row))
    return {which: tuple(deadlines) for which, deadlines in found.items()}


def _make_deadline(row: TableRow) -> Deadline:
    name, notes = DeadlineName(row.name), tuple(row.notes)
    return Deadline(name, row.due_on, row.nominal_on, row.counted_from, row.rule, notes)


def findings_of(connection: Connection, submission_ids: Sequence[int]) -> dict[int, list[ListedFinding]]:
    """Findings by submission, in order."""
    query = sa.select(t.findings).where(t.findings.c.submission_id.in_(submission_ids))
    found: dict[int, list[ListedFinding]] = {}
    for row in connection.execute(query.order_by(t.findings.c.submission_id, t.findings.c.position)):
        found.setdefault(row.submission_id, []).append(_make_record_from_row(ListedFinding, row))
    return found


def _make_record_from_row(kind: type[T], row: TableRow) -> T:
    """A record whose fields are called as the columns of a row are."""
    return kind(**{name: getattr(row, name) for name in kind.__slots__})  # type: ignore[attr-defined]


def list_submissions(
    connection: Connection, number: int, *, outcome: str = "", cycle_id: str = "", size: int = PAGE_SIZE
) -> Page[Submission]:
    """One page of the documents that came in, newest first.

    `outcome` is one of those that `count_by_outcome` counts; without it, all are listed.
    """
    query = sa.select(t.submissions)
    if outcome:
        query = query.where(_BECAME.in_([outcome]))
    if cycle_id:
        query = query.where(t.submissions.c.cycle_id == cycle_id)
    return read_page_of_query(
        connection, query.order_by(t.submissions.c.id.desc()), Submission.from_row, number, size
    )


_OVERTAKEN = "overtaken"
_BECAME: sa.ColumnElement[str] = sa.case(
    (t.submissions.c.held_since_at.is_not(None), HELD),
    (sa.and_(t.submissions.c.outcome == Outcome.QUERIED.value, is_overtaken()), _OVERTAKEN),
    else_=t.submissions.c.outcome,
)
"""What became of a document, as it is now: our questions are not open any more once a later version came."""


def count_by_outcome(connection: Connection) -> dict[str, int]:
    """How many documents had each outcome; together, all.

    Those that are held are counted separately, as "held", and those with questions that a later version has
    overtaken as "overtaken".
    """
    now = sa.select(_BECAME.label("now")).subquery()
    query = sa.select(now.c.now, sa.func.count()).group_by(now.c.now)
    return {row[0]: row[1] for row in connection.execute(query)}


def dispatches_of(connection: Connection, challenge_id: str) -> list[Dispatch]:
    """What went out or is to go out for a challenge, newest first."""
    query = sa.select(t.dispatches).where(t.dispatches.c.challenge_id == challenge_id)
    return [Dispatch.from_row(row) for row in connection.execute(query.order_by(t.dispatches.c.id.desc()))]


def list_dispatches(
    connection: Connection, number: int, *, state: str = "", cycle_id: str = "", size: int = PAGE_SIZE
) -> Page[Dispatch]:
    """One page of the dispatches, newest first; only those of a state or a cycle, if given."""
    query = sa.select(t.dispatches)
    if state:
        query = query.where(t.dispatches.c.state == state)
    if cycle_id:
        query = query.where(t.dispatches.c.cycle_id == cycle_id)
    return read_page_of_query(
        connection, query.order_by(t.dispatches.c.id.desc()), Dispatch.from_row, number, size
    )


def dispatches_to(connection: Connection, person: Person) -> list[Dispatch]:
    """What was issued to the area or Chair that `person` acts for, in any role, newest first."""
    who = person.participant_id if person.access is Access.PARTICIPANT else person.chair_id
    roles = [Role.AUTHOR, Role.CHALLENGER] if person.access is Access.PARTICIPANT else [Role.CHAIR]
    query = sa.select(t.dispatches).where(
        t.dispatches.c.cycle_id == person.cycle_id,
        t.dispatches.c.recipient_id == who,
        t.dispatches.c.role.in_([role.value for role in roles]),
        t.dispatches.c.state == DispatchState.ISSUED.value,
    )
    return [Dispatch.from_row(row) for row in connection.execute(query.order_by(t.dispatches.c.id.desc()))]


def list_journal_entries(
    connection: Connection,
    number: int,
    *,
    text: str = "",
    event: str = "",
    cycle_id: str = "",
    challenge_id: str = "",
    size: int = PAGE_SIZE,
) -> Page[JournalEntry]:
    """One page of the journal, newest first.

    Each word of `text` has to be in the event, actor, challenge or details; the other filters have to be
    equal.
    """
    query = sa.select(t.journal)
    told = sa.cast(t.journal.c.details, sa.Text)
    places = [sa.func.lower(t.journal.c[name]) for name in ("event", "actor", "challenge_id")]
    for word in text.lower().split():
        found = [place.contains(word, autoescape=True) for place in (*places, sa.func.lower(told))]
        query = query.where(sa.or_(*found))
    for column, wanted in (
        (t.journal.c.event, event),
        (t.journal.c.cycle_id, cycle_id),
        (t.journal.c.challenge_id, challenge_id),
    ):
        if wanted:
            query = query.where(column == wanted)
    newest_first = query.order_by(t.journal.c.sequence.desc())
    return read_page_of_query(
        connection, newest_first, lambda row: _make_record_from_row(JournalEntry, row), number, size
    )


def _select_since(since: datetime, events: Sequence[str], but: str) -> TableQuery:
    return sa.select(t.journal).where(
        t.journal.c.at > since, t.journal.c.event.in_(events), t.journal.c.actor != but
    )


def list_journal_since(
    connection: Connection, since: datetime, events: Sequence[str], *, but: str, most: int
) -> list[JournalEntry]:
    """The entries of some events after a moment, without those of one person, newest first."""
    query = _select_since(since, events, but).order_by(t.journal.c.sequence.desc()).limit(most)
    return [_make_record_from_row(JournalEntry, row) for row in connection.execute(query)]


def count_journal_entries(connection: Connection, since: datetime, events: Sequence[str], *, but: str) -> int:
    """How many entries of some events there are after a moment, without those of one person."""
    query = sa.select(sa.func.count()).select_from(_select_since(since, events, but).subquery())
    return connection.scalar(query) or 0


def count_arrivals_since(connection: Connection, since: datetime) -> tuple[int, int]:
    """How many documents were taken in after a moment, and how many entries the journal has since."""
    documents = sa.select(sa.func.count()).where(t.submissions.c.taken_in_at > since)
    entries = sa.select(sa.func.count()).where(t.journal.c.at > since)
    return connection.scalar(documents) or 0, connection.scalar(entries) or 0


def find_sign_in_before(connection: Connection, user_id: int, name: str) -> datetime | None:
    """When somebody signed in the time before the last; None where they have not signed in twice.

    Of those who are called `name`, the newest sign-ins are looked at: two people may have one name.
    """
    query = sa.select(t.journal.c.at, t.journal.c.details).where(
        t.journal.c.event == "signed in", t.journal.c.actor == name
    )
    rows = connection.execute(query.order_by(t.journal.c.sequence.desc()).limit(_MOST_SIGN_INS))
    own = [row.at for row in rows if row.details.get("user") == user_id]
    return own[1] if len(own) > 1 else None


def journal_events(connection: Connection) -> list[str]:
    """The kinds of entry that the journal has, in order."""
    return list(connection.scalars(sa.select(t.journal.c.event).distinct().order_by(t.journal.c.event)))


def users_page(connection: Connection, number: int, *, text: str = "", size: int = PAGE_SIZE) -> Page[User]:
    """One page of everybody who has or had an account: active ones first, then by name.

    `text` is searched for in name and address.
    """
    query = sa.select(t.users).order_by(t.users.c.is_active.desc(), t.users.c.name, t.users.c.id)
    if text:
        like = f"%{text.replace('%', '').lower()}%"
        places = (t.users.c.name, t.users.c.email)
        query = query.where(sa.or_(*(sa.func.lower(column).like(like) for column in places)))
    return read_page_of_query(connection, query, User.from_row, number, size)


def held_total(connection: Connection) -> int:
    """How many dispatches are held."""
    query = (
        sa.select(sa.func.count())
        .select_from(t.dispatches)
        .where(t.dispatches.c.state == DispatchState.HELD.value)
    )
    return connection.scalar(query) or 0


def count_cancellable(connection: Connection, challenge_id: str) -> int:
    """How many dispatches of a challenge would be cancelled if it were withdrawn."""
    query = sa.select(sa.func.count()).where(
        t.dispatches.c.challenge_id == challenge_id, t.dispatches.c.state.in_(NOT_GONE)
    )
    return connection.scalar(query) or 0


def count_rejected_to_tell(connection: Connection, *, since: datetime) -> int:
    """How many documents were rejected since a moment whose senders the office has not told yet."""
    query = sa.select(t.submissions.c.id).where(
        t.submissions.c.outcome == "rejected", t.submissions.c.taken_in_at >= since
    )
    return len(set(connection.scalars(query)) - set(read_senders_told(connection, since=since)))


def read_senders_told(connection: Connection, *, since: datetime) -> dict[int, JournalEntry]:
    """Of documents that were rejected, by number: the entry by which the office ticked each off."""
    query = sa.select(t.journal).where(t.journal.c.event == SENDER_TOLD, t.journal.c.at >= since)
    entries = [_make_record_from_row(JournalEntry, row) for row in connection.execute(query)]
    return {int(str(entry.details["submission"])): entry for entry in entries}


def refused_uploads_total(connection: Connection, *, since: datetime) -> int:
    """How many uploads were refused since a moment because they were not their sender's to hand in."""
    query = sa.select(sa.func.count()).where(t.journal.c.event == UPLOAD_REFUSED, t.journal.c.at >= since)
    return connection.scalar(query) or 0


def find_stage_withdrawn_from(connection: Connection, challenge_id: str) -> Stage | None:
    """The stage in which a challenge was when it was last withdrawn, or None."""
    query = sa.select(t.journal.c.details).where(
        t.journal.c.challenge_id == challenge_id, t.journal.c.event == "challenge withdrawn"
    )
    told = connection.scalar(query.order_by(t.journal.c.sequence.desc()).limit(1))
    return Stage(told["before"]) if told else None


def find_stage_when_held(connection: Connection, challenge_id: str, submission_id: int) -> Stage | None:
    """The stage in which a challenge was when a document came that was held; None for one that never was."""
    held = connection.scalar(
        sa.select(sa.func.min(t.journal.c.sequence)).where(
            t.journal.c.event == "document held",
            t.journal.c.details["submission"].as_integer() == submission_id,
        )
    )
    if held is None:
        return None
    before = sa.select(t.journal.c.details).where(
        t.journal.c.challenge_id == challenge_id,
        t.journal.c.event == "challenge moved",
        t.journal.c.sequence < held,
    )
    moved = connection.scalar(before.order_by(t.journal.c.sequence.desc()).limit(1))
    return Stage(moved["after"]) if moved else Stage.INVITED


def read_stage_times(connection: Connection, challenge_id: str) -> dict[str, datetime]:
    """The time at which a challenge came to each stage, by the stage's value."""
    query = sa.select(t.journal.c.at, t.journal.c.details).where(
        t.journal.c.challenge_id == challenge_id, t.journal.c.event == "challenge moved"
    )
    return {row.details.get("after", ""): row.at for row in connection.execute(query.order_by("sequence"))}
