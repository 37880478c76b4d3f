"""Events that the office looks at first: proposed, changed by hand, then agreed. Nobody is told before."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import chain

from peer_challenge.clock import LONDON
from peer_challenge.errors import WrongUse
from peer_challenge.events.move_events import read_place
from peer_challenge.events.notice import find_window, list_challenges_to_plan, list_waiting_challenges
from peer_challenge.events.objections import About, Objection, RefusedEvent, list_objections
from peer_challenge.events.propose_or_set_events import list_events_elsewhere, store_agreed_event
from peer_challenge.events.send_timetable import send_timetable
from peer_challenge.model.challenge import EventFacts
from peer_challenge.model.challenge_ids import find_author_id
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.reasons import read_reason
from peer_challenge.register import journal
from peer_challenge.register.database import Transaction
from peer_challenge.register.events import events_of
from peer_challenge.register.proposed_events import (
    ProposedEvent,
    list_planned_events,
    list_proposed_events,
    store_proposed_event,
)
from peer_challenge.register.records import Challenge, Event


@dataclass(frozen=True, slots=True)
class WantedEvent:
    """An event as somebody of the office wants it: its challenge, Chair, start (aware), length and place."""

    challenge_id: str
    chair_id: str
    starts_at: datetime
    minutes: int
    place: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A challenge that waits for an event, and what is proposed for it; None where no day was found.

    `is_early`: its analysis is not in yet. `is_agreed` says of such a one that its day is agreed ahead.
    """

    challenge: Challenge
    proposed: ProposedEvent | None
    is_early: bool = False
    is_agreed: bool = False


@dataclass(frozen=True, slots=True)
class Remarks:
    """What speaks against some events, in sentences that begin with the area.

    Nothing can be agreed while there are `refusals`; `refused` are the same, with what each is about.
    `warnings` are for the office to weigh; `warnings_of_challenge` are the same, by the challenge.
    """

    refused: tuple[RefusedEvent, ...] = ()
    warnings_of_challenge: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def refusals(self) -> tuple[str, ...]:
        """All that is refused, in words."""
        return tuple(one.told for one in self.refused)

    @property
    def warnings(self) -> tuple[str, ...]:
        """All warnings, in the order of the events."""
        return tuple(chain.from_iterable(self.warnings_of_challenge.values()))


def list_waiting(connection: Transaction, cycle: Cycle) -> list[Waiting]:
    """The challenges of a cycle that wait for an event, with their proposals, by author.

    Those whose analysis is not in yet come last: their days can be chosen ahead.
    """
    proposed = {one.event.challenge: one for one in list_proposed_events(connection, cycle)}
    waiting = [Waiting(one, proposed.get(one.id)) for one in list_waiting_challenges(connection, cycle)]
    planned = {one.event.challenge: one for one in list_planned_events(connection, cycle)}
    for one in list_challenges_to_plan(connection, cycle):
        plan = planned.get(one.id)
        is_agreed = plan is not None and is_agreed_ahead(connection, cycle, plan)
        waiting.append(Waiting(one, plan, is_early=True, is_agreed=is_agreed))
    return waiting


def explain_missing_days(connection: Transaction, cycle: Cycle) -> list[str]:
    """Why no day was found for some events when it was last tried, and what would help; may be empty."""
    found = journal.find_newest_entry(connection, cycle.id, (journal.NO_ROOM,))
    why = found[1].get("why") if found else None
    return [str(line) for line in why] if isinstance(why, list) else []


def find_remarks(
    connection: Transaction, cycle: Cycle, wanted: Sequence[WantedEvent], at: datetime
) -> Remarks:
    """What speaks against wanted events, all at once: each is looked at beside the others.

    Proposals that are not among them do not count: two may change places.
    """
    waiting = {
        one.id: one
        for find in (list_waiting_challenges, list_challenges_to_plan)
        for one in find(connection, cycle)
    }
    refused, warnings = list(_find_unfit(cycle, wanted, waiting)), dict[str, tuple[str, ...]]()
    fit = [one for one in wanted if one.challenge_id in waiting and one.chair_id in cycle.chair]
    events = [_make_event_facts(cycle, waiting[one.challenge_id], one) for one in fit]
    others = [*events_of(connection, cycle), *events, *list_events_elsewhere(connection, cycle)]
    for event in events:
        window = find_window(connection, cycle, waiting[event.challenge], at)
        found = list(list_objections(cycle, event, others, window, at))
        refused += [_refuse_event(event, one) for one in found if one.is_refusal]
        warnings[event.challenge] = tuple(_say_of_area(event, one) for one in found if not one.is_refusal)
    return Remarks(tuple(refused), warnings)


def _find_unfit(
    cycle: Cycle, wanted: Sequence[WantedEvent], waiting: Mapping[str, Challenge]
) -> Iterator[RefusedEvent]:
    """Why some of the wanted events are none: nothing waits for them, or their Chair or place is unfit."""
    for one in wanted:
        author = find_author_id(one.challenge_id)
        area = cycle.participant.get(author)
        name = area.name if area else author
        if one.challenge_id not in waiting:
            told = f"{name}: this challenge does not wait for an event. It may have been agreed meanwhile."
            yield RefusedEvent(one.challenge_id, told)
        if one.chair_id not in cycle.chair:
            yield RefusedEvent(one.challenge_id, f"{name}: choose a Chair from the list.", "chair")
        try:
            read_place(one.place)
        except WrongUse as refused:
            yield RefusedEvent(one.challenge_id, f"{name}: {refused.in_full}", refused.about)


def _say_of_area(event: EventFacts, found: Objection) -> str:
    return f"{event.author.name}: {found.told}{f' {found.remedy}' if found.is_refusal else ''}"


def _refuse_event(event: EventFacts, found: Objection) -> RefusedEvent:
    about = "chair" if found.about is About.CONFLICT else "day"
    return RefusedEvent(event.challenge, _say_of_area(event, found), about)


def _make_event_facts(cycle: Cycle, challenge: Challenge, wanted: WantedEvent) -> EventFacts:
    starts_at = wanted.starts_at.astimezone(LONDON)
    return EventFacts(
        challenge.id,
        cycle.participant[challenge.author_id],
        cycle.participant[challenge.challenger_id or ""],
        cycle.chair[wanted.chair_id],
        starts_at,
        starts_at + timedelta(minutes=wanted.minutes),
        wanted.place,
    )


def keep_changed_proposals(
    connection: Transaction, cycle: Cycle, wanted: Sequence[WantedEvent], *, actor: str, at: datetime
) -> int:
    """Keep what somebody of the office changed in the proposal, for another day; returns how many changed.

    Nothing goes out. Raises WrongUse with all that can't be agreed.
    """
    _refuse(find_remarks(connection, cycle, wanted, at).refusals, "Your changes were not kept.")
    waiting = {one.challenge.id: one for one in list_waiting(connection, cycle)}
    changed = list_changed_proposals(connection, cycle, wanted)
    for one in changed:
        before = waiting[one.challenge_id].proposed
        event = _read_event_facts(cycle, waiting[one.challenge_id].challenge, one)
        store_proposed_event(connection, ProposedEvent(event, at, actor))
        _write_change(connection, cycle, before.event if before else None, event, actor, at)
    return len(changed)


def list_changed_proposals(
    connection: Transaction, cycle: Cycle, wanted: Sequence[WantedEvent]
) -> list[WantedEvent]:
    """The wanted events that are not as they are proposed, unfit ones included (`find_remarks`)."""
    waiting = {one.challenge.id: one for one in list_waiting(connection, cycle)}
    return [one for one in wanted if not _is_as_proposed(cycle, waiting.get(one.challenge_id), one)]


def _is_as_proposed(cycle: Cycle, waiting: Waiting | None, wanted: WantedEvent) -> bool:
    if waiting is None or waiting.proposed is None or wanted.chair_id not in cycle.chair:
        return False
    try:
        return waiting.proposed.event == _read_event_facts(cycle, waiting.challenge, wanted)
    except WrongUse:
        return False


def _read_event_facts(cycle: Cycle, challenge: Challenge, wanted: WantedEvent) -> EventFacts:
    """A wanted event with its place as it is kept. Raises WrongUse for a place that is none."""
    return _make_event_facts(cycle, challenge, replace(wanted, place=read_place(wanted.place)))


def _write_change(
    connection: Transaction,
    cycle: Cycle,
    before: EventFacts | None,
    after: EventFacts,
    actor: str,
    at: datetime,
) -> None:
    journal.append_entry(
        connection,
        _CHANGED,
        at=at,
        actor=actor,
        cycle_id=cycle.id,
        challenge_id=after.challenge,
        before=before.starts_at.isoformat() if before else None,
        after=after.starts_at.isoformat(),
        chair=after.chair.id,
    )


def agree_events(
    connection: Transaction,
    cycle: Cycle,
    wanted: Sequence[WantedEvent],
    *,
    reason: str,
    actor: str,
    at: datetime,
    accepted: Collection[str] = (),
) -> None:
    """Agree several events at once, or none. Their people are invited.

    Where the analysis is not in yet, the day is agreed ahead: its people are invited when the analysis is in.
    `accepted` are the warnings that the office has seen. Raises WrongUse without a reason, for no event, with
    everything that can't be agreed, and with a warning that the office has not seen.
    """
    why = read_reason(reason)
    if not wanted:
        raise WrongUse("No event is to be agreed.", remedy="Tick at least one.")
    remarks = find_remarks(connection, cycle, wanted, at)
    _refuse(remarks.refusals, "No event was agreed.")
    if unseen := [told for told in remarks.warnings if told not in accepted]:
        raise WrongUse(" ".join(unseen), remedy="Look at this, then agree again if it may be so.")
    early = {one.id: one for one in list_challenges_to_plan(connection, cycle)}
    for one in wanted:
        if one.challenge_id in early:
            known = remarks.warnings_of_challenge[one.challenge_id]
            _agree_ahead(connection, cycle, early[one.challenge_id], one, known, why, actor, at)
        else:
            _agree_event(connection, cycle, one, why, actor, at)
    send_timetable(connection, cycle, at)


def _agree_event(
    connection: Transaction, cycle: Cycle, wanted: WantedEvent, why: str, actor: str, at: datetime
) -> None:
    ends_at = wanted.starts_at + timedelta(minutes=wanted.minutes)
    event = Event(
        wanted.challenge_id, wanted.chair_id, wanted.starts_at, ends_at, read_place(wanted.place), 0
    )
    store_agreed_event(connection, cycle, event, at, actor=actor)
    journal.append_entry(
        connection,
        "event agreed",
        at=at,
        actor=actor,
        cycle_id=cycle.id,
        challenge_id=wanted.challenge_id,
        reason=why,
        starts_at=wanted.starts_at.isoformat(),
        chair=wanted.chair_id,
    )


_AHEAD = "event agreed ahead"
_CHANGED = "proposed event changed"


def _agree_ahead(
    connection: Transaction,
    cycle: Cycle,
    challenge: Challenge,
    wanted: WantedEvent,
    warnings: Sequence[str],
    why: str,
    actor: str,
    at: datetime,
) -> None:
    event = _read_event_facts(cycle, challenge, wanted)
    store_proposed_event(connection, ProposedEvent(event, at, actor))
    journal.append_entry(
        connection,
        _AHEAD,
        at=at,
        actor=actor,
        cycle_id=cycle.id,
        challenge_id=challenge.id,
        reason=why,
        starts_at=event.starts_at.isoformat(),
        chair=event.chair.id,
        warnings=list(warnings),
    )


def is_agreed_ahead(connection: Transaction, cycle: Cycle, proposed: ProposedEvent) -> bool:
    """Whether the office agreed a proposal before the analysis was in, and did not change it since."""
    return _find_known_warnings(connection, cycle, proposed) is not None


def _find_known_warnings(
    connection: Transaction, cycle: Cycle, proposed: ProposedEvent
) -> Collection[object] | None:
    """The warnings that the office saw when it agreed a proposal ahead; None where it did not."""
    event = proposed.event
    found = journal.find_newest_entry(connection, cycle.id, (_AHEAD, _CHANGED), challenge_id=event.challenge)
    if found is None or found[0] != _AHEAD:
        return None
    told = (found[1].get("starts_at"), found[1].get("chair"))
    warnings = found[1].get("warnings")
    is_same = told == (event.starts_at.isoformat(), event.chair.id)
    return warnings if is_same and isinstance(warnings, list) else None


def agree_what_was_agreed_ahead(connection: Transaction, cycle: Cycle, at: datetime) -> int:
    """Agree the events that were agreed ahead and whose analysis is in now; returns how many.

    Their people are invited. Where something speaks against one by now, as when its analysis came late, it
    stays a proposal, and the office is asked.
    """
    agreed = 0
    for proposed in list_proposed_events(connection, cycle):
        known = _find_known_warnings(connection, cycle, proposed)
        if known is None:
            continue
        one = _make_wanted(proposed)
        remarks = find_remarks(connection, cycle, [one], at)
        if not remarks.refusals and all(told in known for told in remarks.warnings):
            _agree_event(connection, cycle, one, "agreed ahead", journal.SYSTEM, at)
            agreed += 1
    if agreed:
        send_timetable(connection, cycle, at)
    return agreed


def _make_wanted(proposed: ProposedEvent) -> WantedEvent:
    """A proposal as somebody wants it who agrees it as it is."""
    event = proposed.event
    minutes = int((event.ends_at - event.starts_at).total_seconds() // 60)
    return WantedEvent(event.challenge, event.chair.id, event.starts_at, minutes, event.place)


def agree_as_proposed(connection: Transaction, cycle: Cycle, *, reason: str, actor: str, at: datetime) -> int:
    """Agree every event of a cycle as it is proposed, warnings and all; returns how many there were.

    For the command line. Raises WrongUse as agree_events does.
    """
    wanted = [_make_wanted(one) for one in list_proposed_events(connection, cycle)]
    if not wanted:
        return 0
    accepted = find_remarks(connection, cycle, wanted, at).warnings
    agree_events(connection, cycle, wanted, reason=reason, actor=actor, at=at, accepted=accepted)
    return len(wanted)


def _refuse(refusals: Sequence[str], then: str) -> None:
    if refusals:
        raise WrongUse(" ".join(refusals), remedy=then)
