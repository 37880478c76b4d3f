"""The records that the register gives out, and the states that they can be in, as they are stored.

Nobody outside the register sees a table or a row of one.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from peer_challenge.model.access import Access, Person
from peer_challenge.model.kept_proposal import KeptProposal
from peer_challenge.model.messages import Addressee, Delivery, MessageState
from peer_challenge.model.vocabulary import ACCEPTED_OUTCOMES, DispatchKind, Kind, Outcome, Role, Stage
from peer_challenge.model.whose_document import Doubt
from peer_challenge.register.tables import TableRow


class CycleState(StrEnum):
    """Whether a cycle is open, closed or purged."""

    OPEN = "open"
    CLOSED = "closed"
    PURGED = "purged"


class AssignmentStatus(StrEnum):
    """Whether a proposal of partners is proposed, approved or superseded."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    SUPERSEDED = "superseded"


class DispatchState(StrEnum):
    """How far a dispatch has come.

    `TO_LOOK_AT`: its file is made, and waits until the office has looked at it. `PLACING`: its draft is
    finished, but not yet in its place.
    """

    INTENDED = "intended"
    TO_LOOK_AT = "to_look_at"
    PLACING = "placing"
    ISSUED = "issued"
    HELD = "held"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Event:
    """The event of a challenge. Times are aware, UTC; `sequence` counts its changes."""

    challenge_id: str
    chair_id: str
    starts_at: datetime
    ends_at: datetime
    place: str
    sequence: int

    @classmethod
    def from_row(cls, row: TableRow) -> "Event":
        """The record of a row of the table `events`."""
        return cls(row.challenge_id, row.chair_id, row.starts_at, row.ends_at, row.place, row.sequence)


@dataclass(frozen=True, slots=True)
class Challenge:
    """One author paired with one challenger, and the stage of that pair. Times are aware, UTC."""

    id: str
    cycle_id: str
    author_id: str
    challenger_id: str | None
    moderator_id: str | None
    stage: Stage
    stage_since_at: datetime
    self_assessment_received_at: datetime | None
    paired_at: datetime | None
    pack_issued_at: datetime | None
    analysis_completed_at: datetime | None
    response_received_at: datetime | None
    event_on: date | None
    prepared_at: datetime | None
    event_held_on: date | None
    draft_issued_at: datetime | None
    challenger_draft_issued_at: datetime | None
    corrections_received_at: datetime | None
    challenger_corrections_received_at: datetime | None
    summary_issued_at: datetime | None
    action_plan_received_at: datetime | None
    last_review: int
    closed_at: datetime | None
    withdrawn_reason: str | None
    event: Event | None

    @classmethod
    def from_row(cls, row: TableRow) -> "Challenge":
        """The record of a row that has the columns of the tables `challenges` and `events`."""
        values = {name: getattr(row, name) for name in cls.__slots__ if name not in ("stage", "event")}
        event = Event.from_row(row) if row.chair_id is not None else None
        return cls(**values, stage=Stage(row.stage), event=event)

    @property
    def came(self) -> frozenset[Kind]:
        """The kinds of submission that are in and move nothing, so that no stage says that they are."""
        found = {
            Kind.RESPONSE: self.response_received_at,
            Kind.CORRECTIONS: self.corrections_received_at,
            Kind.CHALLENGER_CORRECTIONS: self.challenger_corrections_received_at,
        }
        return frozenset(kind for kind, received_at in found.items() if received_at)

    @property
    def chair_id(self) -> str | None:
        """The id of the Chair of its event; None before there is an event."""
        return self.event.chair_id if self.event else None


@dataclass(frozen=True, slots=True)
class Assignment:
    """A stored proposal of partners; `proposal` has the form that `assign --json` prints."""

    id: int
    cycle_id: str
    status: AssignmentStatus
    proposal: KeptProposal
    reason: str | None
    proposed_at: datetime
    approved_at: datetime | None

    @classmethod
    def from_row(cls, row: TableRow) -> "Assignment":
        """The record of a row of the table `assignments`."""
        return cls(
            row.id,
            row.cycle_id,
            AssignmentStatus(row.status),
            row.proposal,
            row.reason,
            row.proposed_at,
            row.approved_at,
        )


def mark_dispatch(cycle_id: str, key: str) -> str:
    """The mark of a cycle's dispatch with this key, as its document carries it: ten hexadecimal digits."""
    return hashlib.sha256(f"{cycle_id}/{key}".encode()).hexdigest()[:10]


@dataclass(frozen=True, slots=True)
class Dispatch:
    """A document that goes out, to one recipient, once.

    `path` is relative to the outbox; `parameters` hold ids, dates and the places of cells: no words.
    """

    id: int
    cycle_id: str
    challenge_id: str | None
    kind: DispatchKind
    role: Role
    recipient_id: str
    key: str
    parameters: Mapping[str, object]
    state: DispatchState
    intended_at: datetime
    issued_at: datetime | None
    path: str | None
    sha256: str | None
    size: int | None
    problem: str | None
    looked_sha256: str | None = None

    @classmethod
    def from_row(cls, row: TableRow) -> "Dispatch":
        """The record of a row that has the columns of the table `dispatches`."""
        values = {name: getattr(row, name) for name in cls.__slots__}
        states = {"kind": DispatchKind(row.kind), "role": Role(row.role), "state": DispatchState(row.state)}
        return cls(**values | states)

    @property
    def mark(self) -> str:
        """What its document says that it is: a form that comes back names the dispatch by it."""
        return mark_dispatch(self.cycle_id, self.key)

    @property
    def review(self) -> int:
        """The number of the review of an action plan that it is about; 0 for what is about none."""
        return int(str(self.parameters.get("review", 0)))


@dataclass(frozen=True, slots=True)
class Message:
    """One email to one recipient at one moment, with all the dispatches of that moment.

    `key` is the left half of its Message-ID. `sent_to` are the addresses that it went to. `covering` are
    words of the office that take the place of the letters' own. `path` is that of its draft, relative to
    the outbox. Times are aware, UTC.
    """

    id: int
    cycle_id: str
    addressee: Addressee
    recipient_id: str
    key: str
    state: MessageState
    state_since_at: datetime
    made_at: datetime
    way: Delivery
    sent_at: datetime | None
    sent_by: str | None
    sent_to: tuple[str, ...]
    covering: str | None
    problem: str | None
    path: str | None

    @classmethod
    def from_row(cls, row: TableRow) -> "Message":
        """The record of a row that has the columns of the table `messages`."""
        values = {name: getattr(row, name) for name in cls.__slots__}
        states = {
            "addressee": Addressee(row.addressee),
            "state": MessageState(row.state),
            "way": Delivery(row.way),
            "sent_to": tuple(row.sent_to),
        }
        return cls(**values | states)


@dataclass(frozen=True, slots=True)
class Submission:
    """A document that came in. `is_current` is the accepted version that everything downstream works on.

    `doubt` says why it was not certain whose it is, and whose it may be. `held_since_at` is the time since
    which it waits for the office to say so. `received_at` is when it was sent, where it came in an email that
    says so credibly; `taken_in_at` is when we took it in. `review` is the number of the review that a
    progress report is for, 0 for other kinds. `issue` is the mark of the dispatch whose form it was written
    on, None where it has none.
    """

    id: int
    cycle_id: str | None
    challenge_id: str | None
    kind: Kind | None
    review: int
    version: int | None
    sha256: str
    file_name: str
    size: int
    received_at: datetime
    taken_in_at: datetime
    outcome: Outcome
    is_current: bool
    marking: str | None
    issue: str | None
    identity_basis: str | None
    writer_role: Role | None
    writer_id: str | None
    purged_at: datetime | None
    source: str
    uploaded_by: int | None
    held_since_at: datetime | None
    doubt: Doubt | None
    identified_at: datetime | None
    identified_by: str | None

    @property
    def is_accepted(self) -> bool:
        """Whether it was accepted, with notes or without, even if a later version has taken its place."""
        return self.outcome in ACCEPTED_OUTCOMES

    @classmethod
    def from_row(cls, row: TableRow) -> "Submission":
        """The record of a row that has the columns of the table `submissions`."""
        values = {name: getattr(row, name) for name in cls.__slots__}
        states = {
            "kind": Kind(row.kind) if row.kind else None,
            "outcome": Outcome(row.outcome),
            "writer_role": Role(row.writer_role) if row.writer_role else None,
        }
        return cls(**values | states)


def person_of(row: TableRow) -> Person:
    """The Person, for the rules of access, of a user's or session's row."""
    return Person(row.id, row.name, Access(row.access), row.cycle_id, row.participant_id, row.chair_id)
