"""Whom a challenge waits for on a day, and whether that is overdue or at risk."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

from peer_challenge.model.access import Scope
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.journey import find_next_wait
from peer_challenge.model.kinds_of_submission import DUE_BY, KIND_DUE_AT, LAPSE
from peer_challenge.model.vocabulary import DeadlineName, Kind, Outcome, Role, Stage

_AT_RISK_DAYS = 7
"""When the reminder of a week before goes (`reminders_before_days`): a call still helps then."""


class Risk(StrEnum):
    """Why the office should look at a challenge; the value is what people read."""

    OVERDUE = "overdue"
    OVERDUE_WITH_QUESTIONS = "overdue, and questions are open"
    DUE_SOON = "due within a week"
    QUESTIONS = "questions are open"
    QUESTIONS_AND_DUE_SOON = "questions are open and the date is near"
    OVERDUE_AND_REJECTED = "overdue, and a document was rejected"
    REJECTED = "a document was rejected"
    REJECTED_AND_DUE_SOON = "a document was rejected and the date is near"

    @property
    def has_questions(self) -> bool:
        """Whether somebody has questions to answer."""
        return self in (Risk.QUESTIONS, Risk.QUESTIONS_AND_DUE_SOON, Risk.OVERDUE_WITH_QUESTIONS)

    @property
    def is_of_rejected(self) -> bool:
        """Whether the newest document was rejected: it has to come again."""
        return self in (Risk.REJECTED, Risk.REJECTED_AND_DUE_SOON, Risk.OVERDUE_AND_REJECTED)


_RISKS = {
    None: (Risk.OVERDUE, Risk.DUE_SOON, None),
    Outcome.QUERIED: (Risk.OVERDUE_WITH_QUESTIONS, Risk.QUESTIONS_AND_DUE_SOON, Risk.QUESTIONS),
    Outcome.REJECTED: (Risk.OVERDUE_AND_REJECTED, Risk.REJECTED_AND_DUE_SOON, Risk.REJECTED),
}
"""By what became of the newest document: the risk of what is overdue, is due soon, and is neither."""


UNSETTLED = frozenset(outcome for outcome in _RISKS if outcome is not None)
"""The outcomes after which a document has to come again."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One row of a list of challenges: its stage, who has to act and what is due next.

    `next_step` says what the office has to do next; "" where somebody else has to act.
    """

    author: str
    author_name: str
    challenger_name: str | None
    stage: Stage
    waiting_on: str | None
    next_due: str | None
    next_due_on: date | None
    next_step: str = ""
    is_overdue: bool = False
    risk: str | None = None
    arrived: Outcome | None = None


def make_standing(
    cycle: Cycle,
    scope: Scope,
    due: Mapping[DeadlineName, date],
    today: date,
    *,
    came: Collection[Kind],
    unsettled: Outcome | None,
    outcomes: Mapping[Kind, Outcome] = MappingProxyType({}),
) -> Standing:
    """The stage of one challenge on a day: who has to act, by when, and whether that is at risk.

    `due` are its deadlines, `came` the kinds of MOVE_NOTHING that are in. `unsettled` is what became of its
    newest document where that has to come again: it was queried or rejected. None where it has not.
    `outcomes` is what became of the newest version of each kind of document.
    """
    wait = find_next_wait(scope.stage, came=list_kinds_not_awaited(came, due, outcomes, today))
    name, role = (wait.deadline, wait.role) if wait else (None, None)
    due_on = due.get(DeadlineName(name)) if name else None
    holder = "office" if role is Role.OFFICE else scope.holder(role) if role else None
    is_overdue = due_on is not None and due_on < today
    challenger = cycle.participant.get(scope.challenger_id or "")
    return Standing(
        author=scope.author_id,
        author_name=cycle.participant[scope.author_id].name,
        challenger_name=challenger.name if challenger else None,
        stage=scope.stage,
        waiting_on=holder,
        next_due=name if due_on else None,
        next_due_on=due_on,
        next_step=wait.words if wait else "",
        is_overdue=is_overdue,
        risk=_assess_challenge_risk(is_overdue, unsettled, due_on, today),
        arrived=find_open_outcome(name, outcomes),
    )


def list_kinds_not_awaited(
    came: Collection[Kind],
    due: Mapping[DeadlineName, date],
    outcomes: Mapping[Kind, Outcome],
    today: date,
) -> frozenset[Kind]:
    """The kinds that are in, and those whose day is over and of which nothing came.

    `outcomes` is what became of the newest version of each kind: one that is to come again is awaited.
    """
    lapsed = (kind for kind in LAPSE if (day := due.get(DUE_BY[kind])) is not None and day < today)
    return frozenset(came) | {kind for kind in lapsed if outcomes.get(kind) not in UNSETTLED}


def find_open_outcome(deadline: DeadlineName | None, outcomes: Mapping[Kind, Outcome]) -> Outcome | None:
    """What became of the document that is awaited, where one has come and is not accepted; else None.

    Nobody is told that a document has not come which has: its sender is asked for answers.
    """
    kind = KIND_DUE_AT.get(deadline) if deadline else None
    outcome = outcomes.get(kind) if kind else None
    return outcome if outcome in UNSETTLED else None


def _assess_challenge_risk(
    is_overdue: bool, unsettled: Outcome | None, due_on: date | None, today: date
) -> Risk | None:
    overdue, soon, otherwise = _RISKS[unsettled]
    if is_overdue:
        return overdue
    is_near = due_on is not None and due_on - today <= timedelta(days=_AT_RISK_DAYS)
    return soon if is_near else otherwise
