"""A challenge as others tell of it: who it concerns, its event, and where it stands."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from peer_challenge.model.cycle import Chair, Contact, Cycle, Participant
from peer_challenge.model.vocabulary import Role, Stage


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who a dispatch goes to. `id` is a participant's or Chair's, or "office"."""

    role: Role
    id: str
    name: str
    contacts: tuple[Contact, ...] = ()


@dataclass(frozen=True, slots=True)
class EventFacts:
    """A challenge event. Times are aware, Europe/London; `sequence` counts its changes."""

    challenge: str
    author: Participant
    challenger: Participant
    chair: Chair
    starts_at: datetime
    ends_at: datetime
    place: str = "Online"
    sequence: int = 0


class Risk(StrEnum):
    """Why the office should look at a challenge; the value is what people read."""

    OVERDUE = "overdue"
    DUE_SOON = "due within a week"
    QUESTIONS = "questions are open"
    QUESTIONS_AND_DUE_SOON = "questions are open and the date is near"

    @property
    def has_questions(self) -> bool:
        """Whether somebody has questions to answer."""
        return self in (Risk.QUESTIONS, Risk.QUESTIONS_AND_DUE_SOON)


@dataclass(frozen=True, slots=True)
class Standing:
    """One challenge in a list: where it stands and what is next."""

    author: str
    author_name: str
    challenger_name: str | None
    stage: Stage
    waiting_on: str | None
    next_due: str | None
    next_due_on: date | None
    is_overdue: bool = False
    risk: str | None = None


def recipient_of(cycle: Cycle, role: Role, who: str) -> Recipient:
    """Whoever holds a role in a cycle under an id, with the contacts that the cycle names."""
    if role is Role.OFFICE:
        return Recipient(role, who, cycle.office.name, (cycle.office,))
    if role is Role.CHAIR:
        chair = cycle.chair[who]
        return Recipient(role, who, chair.name)
    participant = cycle.participant[who]
    return Recipient(role, who, participant.name, participant.contacts)
