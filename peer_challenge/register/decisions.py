"""The office's decisions in the register: what was decided, why, and how things were before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from peer_challenge.model.decisions import AcceptedFinding, DecisionKind
from peer_challenge.model.vocabulary import Kind, Rating
from peer_challenge.register import tables as t
from peer_challenge.register.records import Submission
from peer_challenge.register.tables import TableRow


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision of the office. `before` holds how things were; `message` is for the sender.

    `rating` is the rating that the area told the office, where the decision is about one.
    """

    id: int
    kind: DecisionKind
    cycle_id: str
    challenge_id: str | None
    submission_id: int | None
    code: str | None
    subheading: str | None
    column: str | None
    rating: str | None
    reason: str
    message: str
    before: Mapping[str, object]
    made_at: datetime
    made_by: str
    undone_at: datetime | None

    @property
    def state_before(self) -> dict[str, str | None]:
        """How its challenge was before, as challenges.describe_state says it."""
        state = self.before["challenge"]
        assert isinstance(state, dict)
        return state

    @property
    def state_after(self) -> dict[str, str | None] | None:
        """How its challenge was after it; None of a decision that is older than this note."""
        state = self.before.get("challenge_after")
        return state if isinstance(state, dict) else None

    @property
    def current_before(self) -> int | None:
        """The id of the version that was in force before; None where none was."""
        former = self.before.get("current")
        return int(str(former)) if former else None

    @classmethod
    def from_row(cls, row: TableRow) -> "Decision":
        """The record of a row of the table `decisions`."""
        values = {name: row._mapping[name] for name in cls.__slots__ if name != "kind"}
        return cls(kind=DecisionKind(row.kind), **values)


def store_decision(
    connection: Connection,
    kind: DecisionKind,
    *,
    cycle_id: str,
    challenge_id: str | None = None,
    reason: str,
    before: Mapping[str, object],
    at: datetime,
    actor: str,
) -> int:
    """Keep a decision about a challenge, or a cycle, with how things were before; returns its id."""
    return _insert(
        connection,
        kind=kind.value,
        cycle_id=cycle_id,
        challenge_id=challenge_id,
        reason=reason,
        message="",
        before=dict(before),
        made_at=at,
        made_by=actor,
    )


def store_decision_on_submission(
    connection: Connection,
    kind: DecisionKind,
    row: Submission,
    *,
    reason: str,
    before: Mapping[str, object],
    at: datetime,
    actor: str,
    accepted: AcceptedFinding | None = None,
) -> int:
    """Keep a decision about a submission of a challenge, and the finding that it accepts; returns its id."""
    return _insert(
        connection,
        kind=kind.value,
        cycle_id=row.cycle_id,
        challenge_id=row.challenge_id,
        submission_id=row.id,
        form=row.kind.value if row.kind else None,
        code=accepted.code if accepted else None,
        subheading=accepted.subheading if accepted else None,
        column=accepted.column if accepted else None,
        words_sha256=accepted.words_sha256 if accepted else None,
        rating=accepted.rating.value if accepted and accepted.rating else None,
        reason=reason,
        message=accepted.message if accepted else "",
        before=dict(before),
        made_at=at,
        made_by=actor,
    )


def _insert(connection: Connection, **values: object) -> int:
    (number,) = connection.execute(t.decisions.insert().values(**values)).inserted_primary_key or (0,)
    return int(number)


def note_what_follows(connection: Connection, decision_id: int, after: Mapping[str, object]) -> None:
    """Note how a decision left its challenge (caused_dispatches.describe_after), for taking it back."""
    before = connection.scalar(sa.select(t.decisions.c.before).where(t.decisions.c.id == decision_id))
    connection.execute(
        t.decisions.update().where(t.decisions.c.id == decision_id).values(before={**(before or {}), **after})
    )


def list_accepted_findings(
    connection: Connection, challenge_id: str, kind: Kind, *, without: int | None = None
) -> tuple[AcceptedFinding, ...]:
    """What the office has accepted of a kind of form in a challenge, in any version, and has not undone.

    The newest come first. `without` is the id of a decision that is left out.
    """
    query = sa.select(t.decisions).where(
        t.decisions.c.challenge_id == challenge_id,
        t.decisions.c.form == kind.value,
        t.decisions.c.kind == DecisionKind.ACCEPT_FINDING.value,
        t.decisions.c.undone_at.is_(None),
    )
    return tuple(
        AcceptedFinding(
            row.code,
            row.subheading,
            row._mapping["column"],
            row.words_sha256,
            row.message,
            Rating(row.rating) if row.rating else None,
        )
        for row in connection.execute(query.order_by(t.decisions.c.id.desc()))
        if row.id != without
    )


def list_of_submission(connection: Connection, submission_id: int) -> list[Decision]:
    """The decisions about a submission that were not undone, oldest first."""
    return _list(connection, t.decisions.c.submission_id == submission_id)


def list_of_challenge(
    connection: Connection, challenge_id: str, kinds: Sequence[DecisionKind] = ()
) -> list[Decision]:
    """The decisions about a challenge and its documents that were not undone, oldest first."""
    found = _list(connection, t.decisions.c.challenge_id == challenge_id)
    return [one for one in found if not kinds or one.kind in kinds]


def list_of_cycle(connection: Connection, cycle_id: str, kinds: Sequence[DecisionKind]) -> list[Decision]:
    """The decisions of some kinds about a cycle that were not undone, oldest first."""
    found = _list(connection, t.decisions.c.cycle_id == cycle_id)
    return [one for one in found if one.kind in kinds]


def _list(connection: Connection, wanted: sa.ColumnElement[bool]) -> list[Decision]:
    query = sa.select(t.decisions).where(wanted, t.decisions.c.undone_at.is_(None))
    return [Decision.from_row(row) for row in connection.execute(query.order_by(t.decisions.c.id))]


def load_decision(connection: Connection, decision_id: int) -> Decision | None:
    """The decision with this id, or None."""
    row = connection.execute(sa.select(t.decisions).where(t.decisions.c.id == decision_id)).first()
    return Decision.from_row(row) if row is not None else None


def mark_undone(connection: Connection, decision_id: int, *, at: datetime, actor: str) -> bool:
    """Mark a decision as undone; returns False for one that was undone before."""
    done = connection.execute(
        t.decisions.update()
        .where(t.decisions.c.id == decision_id, t.decisions.c.undone_at.is_(None))
        .values(undone_at=at, undone_by=actor)
    )
    return done.rowcount == 1
