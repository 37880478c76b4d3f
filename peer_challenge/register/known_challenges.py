"""A challenge as far as one of its parties may know of it: its partners, stage, event and dates.

A date can tell as much as a word: the end of the event window moves with the day on which an analysis
came. So if somebody may not know of the analysis yet, their dates are counted from what they do know.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from peer_challenge.dates.deadlines import Adjustment, ChallengeDates, Deadline, challenge_deadlines
from peer_challenge.model.access import (
    Person,
    Scope,
    known_stages,
    knows_event,
    knows_of_document,
    knows_partners,
    user_can_see_what_is_untold,
    was_asked_for,
)
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.journey import Wait, list_awaited, open_deadlines
from peer_challenge.model.kinds_of_submission import KIND_DUE_AT
from peer_challenge.model.overdue_or_at_risk import list_kinds_not_awaited
from peer_challenge.model.vocabulary import DeadlineName, Kind, Role, Stage
from peer_challenge.register import access_facts, challenges, date_adjustments, listings
from peer_challenge.register.records import Challenge, Event


@dataclass(frozen=True, slots=True)
class KnownChallenge:
    """What a party, or the office, may know of a challenge. All else is None or left out.

    `stages` are those that it has reached, in order; `deadlines` are sorted by day, and `dates` are the
    dates that they are counted from.
    """

    id: str
    cycle_id: str
    author_id: str
    challenger_id: str | None
    chair_id: str | None
    stage: Stage
    stages: tuple[Stage, ...]
    came: frozenset[Kind]
    event: Event | None
    dates: ChallengeDates
    deadlines: tuple[Deadline, ...]

    @property
    def event_on(self) -> date | None:
        """The day of the event."""
        return self.dates.event_on

    @property
    def event_held_on(self) -> date | None:
        """The day on which the event was held."""
        return self.dates.event_held_on

    def holder(self, role: Role | None) -> str | None:
        """The id of the party that holds `role`, as far as it may be known."""
        known = Scope(self.cycle_id, self.author_id, self.challenger_id, self.chair_id)
        return known.holder(role) if role else None


def known_challenge(
    connection: Connection, cycle: Cycle, row: Challenge, scope: Scope, role: Role | None, today: date
) -> KnownChallenge:
    """A challenge as the holder of `role` may know it; all of it for None, which is the office."""
    kept = listings.deadlines_of(connection, row.id)
    if role is None:
        return _describe_for_office(row, kept)
    adjustments = date_adjustments.adjustments_of(connection, row.id)
    return _describe_for_role(cycle, row, scope, role, today, _Counted(kept, adjustments))


def challenges_as_told(connection: Connection, cycle: Cycle, today: date) -> Iterator[KnownChallenge]:
    """Every challenge of a cycle, by author, with only what its own area has been told: what viewers see."""
    kept, adjustments = (
        listings.deadlines_in(connection, cycle.id),
        date_adjustments.adjustments_in(connection, cycle.id),
    )
    for row, scope in access_facts.challenges_of_cycle(connection, cycle.id):
        counted = _Counted(kept.get(row.id, ()), adjustments.get(row.id, ()))
        yield _describe_for_role(cycle, row, scope, Role.AUTHOR, today, counted)


def challenges_for(
    person: Person, connection: Connection, cycle: Cycle, today: date
) -> Iterator[KnownChallenge]:
    """Every challenge of a cycle, by author, with what `person` may know: all of it for the office.

    Others who may see the board get what the challenge's own area has been told.
    """
    if not user_can_see_what_is_untold(person):
        yield from challenges_as_told(connection, cycle, today)
        return
    kept = listings.deadlines_in(connection, cycle.id)
    for row in challenges.list_challenges_in_cycle(connection, cycle.id):
        yield _describe_for_office(row, kept.get(row.id, ()))


@dataclass(frozen=True, slots=True)
class _Counted:
    """The deadlines of a challenge as they are, and its adjustments, to count others from less."""

    kept: tuple[Deadline, ...]
    adjustments: Sequence[Adjustment]


def _describe_for_role(
    cycle: Cycle, row: Challenge, scope: Scope, role: Role, today: date, counted: _Counted
) -> KnownChallenge:
    stages = known_stages(role, scope, today)
    has_event = knows_event(role, scope)
    dates = _known_dates(row, stages, has_event=has_event)
    return KnownChallenge(
        row.id,
        row.cycle_id,
        row.author_id,
        challenger_id=row.challenger_id if knows_partners(role, scope) else None,
        chair_id=row.chair_id if has_event else None,
        stage=Stage.WITHDRAWN if scope.stage is Stage.WITHDRAWN else stages[-1],
        stages=stages,
        came=frozenset(kind for kind in row.came if knows_of_document(role, scope, kind)),
        event=row.event if has_event else None,
        dates=dates,
        deadlines=_asked_for(role, scope, _known_deadlines(cycle, row, dates, counted)),
    )


def _describe_for_office(row: Challenge, kept: tuple[Deadline, ...]) -> KnownChallenge:
    return KnownChallenge(
        row.id,
        row.cycle_id,
        row.author_id,
        row.challenger_id,
        row.chair_id,
        stage=row.stage,
        stages=tuple(Stage),
        came=row.came,
        event=row.event,
        dates=challenges.read_challenge_dates(row),
        deadlines=kept,
    )


def _known_dates(row: Challenge, stages: tuple[Stage, ...], *, has_event: bool) -> ChallengeDates:
    known = challenges.read_challenge_dates(row)
    is_told, has_draft = Stage.SUMMARISED in stages, Stage.DRAFTED in stages
    held_on = (
        known.event_held_on
        if is_told or has_draft
        else known.event_on
        if Stage.EVENT_HELD in stages
        else None
    )
    return ChallengeDates(
        self_assessment_received_at=known.self_assessment_received_at,
        pack_issued_at=known.pack_issued_at if Stage.IN_ANALYSIS in stages else None,
        analysis_completed_at=known.analysis_completed_at if Stage.RETURNED in stages else None,
        event_on=known.event_on if has_event else None,
        event_held_on=held_on,
        draft_issued_at=known.draft_issued_at if has_draft else None,
        challenger_draft_issued_at=known.challenger_draft_issued_at if has_draft else None,
        summary_issued_at=known.summary_issued_at if is_told else None,
        action_plan_received_at=known.action_plan_received_at if Stage.PLANNED in stages else None,
        last_review=known.last_review if Stage.PLANNED in stages else 0,
    )


def _known_deadlines(
    cycle: Cycle, row: Challenge, dates: ChallengeDates, counted: _Counted
) -> tuple[Deadline, ...]:
    if row.stage == Stage.WITHDRAWN.value or dates == challenges.read_challenge_dates(row):
        return counted.kept
    found = challenge_deadlines(cycle, dates, counted.adjustments)
    return tuple(sorted(found.values(), key=lambda deadline: (deadline.due_on, deadline.name)))


def _asked_for(role: Role, scope: Scope, deadlines: tuple[Deadline, ...]) -> tuple[Deadline, ...]:
    """Without the author's response, where its form has not gone out: there is nothing to answer yet."""
    is_asked = role is not Role.AUTHOR or was_asked_for(role, scope, DeadlineName.RESPONSE_DUE)
    return tuple(deadline for deadline in deadlines if is_asked or deadline.name != DeadlineName.RESPONSE_DUE)


def list_known_waits(known: KnownChallenge, today: date) -> list[tuple[Wait, date | None]]:
    """What a challenge waits for now, as far as it is known, each with its day; None where no day is set."""
    due = {DeadlineName(deadline.name): deadline.due_on for deadline in known.deadlines}
    came = list_kinds_not_awaited(known.came, due, {}, today)
    return [
        (wait, due.get(wait.deadline) if wait.deadline else None)
        for wait in list_awaited(known.stage, came=came)
    ]


def list_documents_due_from(
    role: Role, known: KnownChallenge, today: date
) -> list[tuple[DeadlineName, date]]:
    """The documents that a challenge waits for from the holder of `role`, each with its day."""
    return [
        (wait.deadline, due_on)
        for wait, due_on in list_known_waits(known, today)
        if wait.role is role and wait.deadline and wait.deadline in KIND_DUE_AT and due_on is not None
    ]


@dataclass(frozen=True, slots=True)
class Ahead:
    """A deadline that still has to be met."""

    challenge_id: str
    author_id: str
    name: DeadlineName
    due_on: date


def list_deadlines_ahead(known: Iterable[KnownChallenge]) -> list[Ahead]:
    """The deadlines of challenges that still have to be met, earliest first."""
    found = [
        Ahead(one.id, one.author_id, deadline.name, deadline.due_on)
        for one in known
        for deadline in one.deadlines
        if deadline.name in open_deadlines(one.stage, came=one.came)
    ]
    return sorted(found, key=lambda one: (one.due_on, one.author_id, one.name))
