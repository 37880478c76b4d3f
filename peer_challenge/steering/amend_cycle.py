"""Changing a cycle that is open: what would change, what stands in the way, what follows, and doing it.

A changed cycle has passed the same checks as a cycle file. Every version is kept, so that what was issued can
be explained. What has gone out stays as it was; those who know of what moves are told.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from peer_challenge.errors import WrongUse
from peer_challenge.events.change_chair import give_event
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.cycle_changes import BearsOn, CycleChange, compare_cycles, follow_crosswalk
from peer_challenge.model.journey import is_final_stage
from peer_challenge.model.reasons import read_reason
from peer_challenge.model.sentences import say_how_many
from peer_challenge.partners import proposals
from peer_challenge.partners.proposals import Basis, read_basis
from peer_challenge.partners.solver import Proposal, propose_partners
from peer_challenge.post.drafts import remove_drafts
from peer_challenge.post.group_into_messages import follow_contacts
from peer_challenge.register import challenges, cycles, journal, people
from peer_challenge.register.cycles import EarlierVersion
from peer_challenge.register.database import Register, Transaction
from peer_challenge.register.records import CycleState
from peer_challenge.register.work_out import work_out_then_write
from peer_challenge.settings import Settings
from peer_challenge.steering import cycle_consequences as consequences
from peer_challenge.steering.change_dates import read_known_dates, tell_of_moved_dates
from peer_challenge.steering.cycle_consequences import Change, HandedOver, Refusal


class CannotAmend(WrongUse):
    """A change that can't be made any more, with every reason, each with its place and what to do."""

    def __init__(self, refusals: tuple[Refusal, ...]) -> None:
        told = say_how_many(len(refusals), "change can't be made", "changes can't be made")
        super().__init__(
            "\n  ".join([f"{told}:", *map(str, refusals)]), remedy="Nothing was changed. Correct these first."
        )
        self.refusals = refusals


@dataclass(frozen=True, slots=True)
class Plan:
    """What changing an open cycle would do: every change, every reason against it, what follows in words.

    `given` are the events that get another Chair, `basis` what partners are proposed from again; None where
    they are not. `is_told`: whether somebody gets a letter, a form or an invitation because of it.
    """

    change: Change
    refusals: tuple[Refusal, ...]
    follows: tuple[str, ...]
    given: tuple[HandedOver, ...] = ()
    basis: Basis | None = None
    is_told: bool = False

    @property
    def changes(self) -> tuple[CycleChange, ...]:
        """Every change, in the order of a cycle file; none where both say the same."""
        return self.change.changes

    @property
    def moves_dates(self) -> bool:
        """Whether dates may move, so that people are written to."""
        return self.change.bears_on(BearsOn.DATES)

    def as_dict(self) -> dict[str, object]:
        """What `amend --json` prints: cycle, changes, refusals (both with a place) and follows."""
        return {
            "cycle": self.change.before.id,
            "changes": [{"place": one.place, "told": one.told} for one in self.changes],
            "refusals": [{"place": one.place, "why": one.why, "remedy": one.remedy} for one in self.refusals],
            "follows": list(self.follows),
        }


def plan_amendment(connection: Transaction, after: Cycle, at: datetime) -> Plan:
    """What it would do to make `after` the present version of the open cycle with its id. Writes nothing.

    Raises WrongUse where no such cycle is open.
    """
    state = cycles.load_state(connection, after.id)
    if state is not CycleState.OPEN:
        what = f"The cycle {after.id} is {state}." if state else f"There is no cycle {after.id} to change."
        open_now = ", ".join(cycles.cycle_ids(connection)) or "none"
        raise WrongUse(what, remedy=f"Open cycles: {open_now}. Check the `id` in the cycle file.")
    before, _ = cycles.load_stored(connection, after.id)
    whole = follow_crosswalk(before, after, cycles.list_former_names(connection, after.id))
    change = Change(before, whole, compare_cycles(before, whole), at)
    fixed = list(consequences.find_fixed(change))
    if fixed:  # the rest can't be worked out for a cycle that can't be
        late = list(consequences.find_late_areas(connection, change))
        return Plan(change, (*fixed, *late), ())
    given, refused = consequences.hand_events_over(connection, change)
    refusals = (
        *consequences.find_late_areas(connection, change),
        *consequences.find_past_dates(connection, change),
        *refused,
    )
    moved = tuple(consequences.tell_moved_dates(connection, change))
    has_to_propose = consequences.has_to_propose(connection, change)
    return Plan(
        change,
        refusals,
        (
            *consequences.tell_new_areas(change),
            *consequences.tell_names(change),
            *moved,
            *consequences.tell_partners(connection, change),
            *consequences.tell_events(connection, change, given),
            *consequences.tell_messages(connection, change),
            *consequences.tell_what_went_before(connection, change),
        ),
        tuple(given),
        read_basis(connection, whole) if has_to_propose else None,
        bool(moved or given) or any(not area.external for area in change.new_areas),
    )


def amend_cycle(
    register: Register,
    settings: Settings,
    after: Cycle,
    *,
    at: datetime,
    actor: str,
    reason: str,
    message: str = "",
) -> Plan:
    """Make `after` the present version of the open cycle with its id; returns what was done.

    All of it is one transaction. `message` is what those are told who get a letter with new dates. Raises
    WrongUse without a reason and where nothing is different, CannotAmend with every reason against it, and
    ChangedMeanwhile.
    """
    why = read_reason(reason)
    numbers: list[int] = []

    def write(connection: Transaction, plan: Plan, proposal: Proposal | None) -> Plan:
        _check_plan(plan)
        numbers.extend(_write(connection, settings, plan, at=at, actor=actor, reason=why, message=message))
        if plan.basis is not None and proposal is not None:
            proposals.keep_proposal(
                connection,
                after.id,
                {**proposal.as_kept(), **plan.basis.rules},
                at,
                actor=actor,
                reason=why,
            )
        return plan

    done = work_out_then_write(
        register,
        lambda connection: plan_amendment(connection, after, at),
        lambda plan: propose_partners(plan.basis.problem) if plan.basis and not plan.refusals else None,
        write,
    )
    remove_drafts(register, settings, numbers)
    return done


def _check_plan(plan: Plan) -> None:
    if not plan.changes:
        raise WrongUse("Nothing is different from the cycle as it is.", remedy="There is nothing to do.")
    if plan.refusals:
        raise CannotAmend(plan.refusals)


def _write(
    connection: Transaction,
    settings: Settings,
    plan: Plan,
    *,
    at: datetime,
    actor: str,
    reason: str,
    message: str,
) -> list[int]:
    """Store the new version and do what follows; returns the numbers of messages whose contacts changed."""
    change, cycle = plan.change, plan.change.after
    moving = change.bears_on(BearsOn.DATES)
    standing = challenges.list_challenges_in_cycle(connection, cycle.id) if moving else []
    ahead = [challenge for challenge in standing if not is_final_stage(challenge.stage)]
    known = {one.id: read_known_dates(connection, change.before, one.id, at) for one in ahead}
    losing = consequences.list_losing_access(connection, change)
    number = cycles.replace_cycle(connection, cycle, at=at, actor=actor, reason=reason)
    if change.new_areas:
        cycles.add_participants(connection, cycle, change.new_areas, at=at)
    for challenge_id, before in known.items():
        challenges.refresh_deadlines(connection, cycle, challenge_id)
        suffix = f"version-{number + 1}"
        tell_of_moved_dates(connection, cycle, challenge_id, before, message=message, suffix=suffix, at=at)
    for one in plan.given:
        give_event(connection, cycle, one.challenge_id, one.chair_id, reason=reason, actor=actor, at=at)
    for user in losing:
        people.end_person(connection, user.id, reason=reason, at=at, actor=actor)
    waiting = [
        found
        for reached in consequences.list_recipients_changed(change)
        for found in consequences.list_waiting_messages(connection, change, reached)
    ]
    for found in waiting:
        follow_contacts(connection, settings, cycle, found, at)
    journal.append_entry(
        connection,
        "cycle changed",
        at=at,
        actor=actor,
        cycle_id=cycle.id,
        version=number + 1,
        changed=sorted({one.place for one in plan.changes}),
        reason=reason,
    )
    return [found.id for found in waiting]


def check_seen(seen: str, was_seen: str) -> None:
    """Raise WrongUse where the cycle was changed since somebody looked at what a change would do.

    Both are the number of its earlier versions, as text.
    """
    if seen != was_seen:
        raise WrongUse(
            "The cycle has been changed since you looked.",
            remedy="Look again at what would change now, then confirm it.",
        )


def list_changes_made(
    connection: Transaction, cycle: Cycle
) -> list[tuple[EarlierVersion, tuple[CycleChange, ...]]]:
    """Each earlier version of a cycle with what was different in the one after it, oldest first."""
    versions = cycles.list_earlier_versions(connection, cycle.id)
    whole = [*(version.cycle for version in versions), cycle]
    changes = [compare_cycles(before, after) for before, after in pairwise(whole)]
    return list(zip(versions, changes, strict=True))


def load_version(connection: Transaction, cycle_id: str, number: int) -> Cycle:
    """An earlier version of a cycle, by its number. Raises WrongUse for one that there is not."""
    versions: Mapping[int, Cycle] = {
        version.number: version.cycle for version in cycles.list_earlier_versions(connection, cycle_id)
    }
    if number not in versions:
        raise WrongUse("There is no such version of this cycle.", remedy="Choose one from the list.")
    return versions[number]
