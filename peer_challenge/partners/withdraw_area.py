"""An area leaves a cycle: its challenge ends, and those it was to challenge wait for another challenger."""

from dataclasses import dataclass
from datetime import datetime

from peer_challenge.errors import WrongUse
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.journey import can_change_challenger, can_withdraw, is_final_stage, is_settled
from peer_challenge.model.reasons import read_reason
from peer_challenge.partners import changes, proposals
from peer_challenge.partners.pins_and_bans import map_author_to_challenger, read_kept_proposal
from peer_challenge.partners.withdraw_challenge import withdraw_challenge
from peer_challenge.register import assignments, challenges
from peer_challenge.register.database import Register, Transaction
from peer_challenge.register.records import AssignmentStatus, Challenge


@dataclass(frozen=True, slots=True)
class Affected:
    """The areas, by id, that an area's leaving touches.

    `orphans` lose their challenger and get another; `settled` have its analysis already, and meet it at their
    event, if it still comes. `is_paired` says that partners are proposed, or approved, with it.
    """

    orphans: tuple[str, ...]
    settled: tuple[str, ...]
    is_paired: bool


def find_affected(connection: Transaction, cycle: Cycle, area: str) -> Affected:
    """The areas that are touched if `area` leaves."""
    its = [c for c in challenges.list_challenges_in_cycle(connection, cycle.id) if c.challenger_id == area]
    newest = assignments.load_standing(connection, cycle.id)
    pairs = map_author_to_challenger(read_kept_proposal(newest))
    is_proposed = newest is not None and newest.status is AssignmentStatus.PROPOSED
    return Affected(
        tuple(c.author_id for c in its if can_change_challenger(c.stage)),
        tuple(c.author_id for c in its if is_settled(c.stage) and not is_final_stage(c.stage)),
        is_proposed and area in {*pairs, *pairs.values()},
    )


def explain_no_partners(register: Register, cycle: Cycle, area: str) -> tuple[list[str], list[str]]:
    """Why the rules would leave no partners if `area` left, and what would help: both empty where some are.

    Changes nothing.
    """
    proposal = changes.try_without(register, cycle, area).proposal
    return ([], []) if proposal["pairs"] else (proposal["conflict"], list(proposal.get("relaxations", ())))


def withdraw_area(
    register: Register, cycle: Cycle, area: str, reason: str, *, at: datetime, actor: str
) -> bool:
    """Withdraw an area, and propose the smallest change of partners that its leaving calls for.

    Returns whether partners were proposed: the office approves them. Where none keep every rule, the areas
    that it was to challenge wait all the same, and the board says so. Raises WrongUse without a reason and
    where the area's challenge is over; ChangedMeanwhile.
    """
    said = read_reason(reason)
    with register.reading() as connection:
        affected = find_affected(connection, cycle, area)
    trial = changes.try_without(register, cycle, area) if affected.orphans or affected.is_paired else None
    is_found = trial is not None and bool(trial.proposal["pairs"])
    with register.writing() as connection:
        its_own, orphans = _read_own(connection, cycle, area)
        if trial is not None and is_found:
            changes.keep_trial(connection, cycle, trial, at=at, actor=actor, reason=said)
        withdraw_challenge(connection, its_own.id, said, at=at, actor=actor)
        for orphan in orphans:
            proposals.take_back_pairing(connection, cycle, orphan, at=at, actor=actor, reason=said)
    return is_found


def _read_own(connection: Transaction, cycle: Cycle, area: str) -> tuple[Challenge, list[Challenge]]:
    """The area's own challenge, and those that it was to challenge and has not yet."""
    standing = challenges.list_challenges_in_cycle(connection, cycle.id)
    own = next((one for one in standing if one.author_id == area), None)
    if own is None or not can_withdraw(own.stage):
        raise WrongUse(
            "This challenge can't be withdrawn.",
            remedy="It is closed or withdrawn already. Look at its page.",
        )
    orphans = [c for c in standing if c.challenger_id == area and can_change_challenger(c.stage)]
    return own, orphans
