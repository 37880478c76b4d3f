"""Partners in the register: proposing, approving and changing who challenges whom, each with a reason.

Working out partners may take half a minute. It is done while no transaction is open, and the result is
kept only if the facts that it was worked out from are unchanged.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from peer_challenge.errors import WrongUse
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.journey import (
    TRANSITIONS,
    Trigger,
    can_change_challenger,
    can_withdraw,
    is_settled,
    is_under_way,
)
from peer_challenge.model.kept_proposal import HandMadeRules, KeptProposal
from peer_challenge.model.reasons import read_reason
from peer_challenge.model.vocabulary import DispatchKind, Kind, Role, Stage
from peer_challenge.partners.pins_and_bans import (
    add_rule_notes,
    map_author_to_challenger,
    read_hand_made_rules,
    read_kept_proposal,
    with_rules,
)
from peer_challenge.partners.solver import (
    Problem,
    Proposal,
    check_pairs,
    problem_from_cycle,
    propose_partners,
)
from peer_challenge.partners.withdraw_challenge import withdraw_challenge
from peer_challenge.register import assignments, challenges, frames, journal, outbox
from peer_challenge.register.cycles import check_is_current, load_stored
from peer_challenge.register.database import Register, Transaction
from peer_challenge.register.partner_history import partner_history
from peer_challenge.register.proposed_events import delete_proposed_event
from peer_challenge.register.records import Assignment, AssignmentStatus, Challenge
from peer_challenge.register.work_out import work_out_then_write

TELLING = tuple(
    send.kind for move in TRANSITIONS if move.trigger is Trigger.PARTNERS_APPROVED for send in move.sends
)
"""The dispatches that tell who challenges whom: those that go out when partners are approved."""


@dataclass(frozen=True, slots=True)
class Basis:
    """What partners are worked out from, read at one moment: two that are equal give the same partners.

    `before` is the newest proposal or approved assignment, `rules` the pins and bans made by hand (keys
    pins, bans).
    """

    cycle: Cycle
    before: Assignment | None
    rules: HandMadeRules
    standing: tuple[Challenge, ...]
    problem: Problem
    free: tuple[str, ...] = ()
    without: tuple[str, ...] = ()

    @property
    def proposal(self) -> KeptProposal:
        """The newest proposal; an empty one if there is none."""
        return read_kept_proposal(self.before)

    def still_holds(self, connection: Transaction) -> bool:
        """Whether reading the basis again now gives an equal one. Raises ChangedMeanwhile: the cycle was."""
        check_is_current(connection, self.cycle)
        rules = self.rules
        return self == read_basis(connection, self.cycle, free=self.free, without=self.without, rules=rules)


def read_basis(
    connection: Transaction,
    cycle: Cycle,
    *,
    free: tuple[str, ...] = (),
    without: tuple[str, ...] = (),
    rules: HandMadeRules | None = None,
) -> Basis:
    """What the partners of a cycle are worked out from now. Pairs under way stay, except those of `free`.

    `rules` (keys pins, bans) are those made by hand; without them, the newest proposal's. Areas in
    `without` take no part. An area whose analysis is in keeps its challenger, who may have gone since.
    """
    before = assignments.load_standing(connection, cycle.id)
    by_office = read_hand_made_rules(read_kept_proposal(before)) if rules is None else rules
    standing = tuple(challenges.list_challenges_in_cycle(connection, cycle.id))
    gone = {c.author_id for c in standing if c.stage is Stage.WITHDRAWN} | set(without)
    problem = _read_problem(connection, cycle, standing, gone, free)
    settled = {
        c.author_id
        for c in standing
        if is_settled(c.stage) and c.challenger_id in gone and c.author_id not in free
    }
    problem = with_rules(_only_challenging(problem, settled), by_office)
    return Basis(cycle, before, by_office, standing, problem, free, without)


def _read_problem(
    connection: Transaction,
    cycle: Cycle,
    standing: tuple[Challenge, ...],
    gone: set[str],
    free: tuple[str, ...],
) -> Problem:
    rows = frames.current_rows(connection, Kind.SELF_ASSESSMENT, cycle.id)
    history = partner_history(connection, cycle)
    return problem_from_cycle(
        cycle,
        None if rows.empty else rows,
        withdrawn=gone,
        fixed={
            c.author_id: c.challenger_id
            for c in standing
            if is_under_way(c.stage) and c.challenger_id and c.author_id not in free
        },
        challenged_before=history.challenged_by,
        opened_on=history.opened_on,
    )


def _only_challenging(problem: Problem, settled: set[str]) -> Problem:
    people = tuple(
        p.model_copy(update={"external": True}) if p.id in settled else p for p in problem.participants
    )
    return replace(problem, participants=people) if settled else problem


def propose_for(register: Register, cycle: Cycle, at: datetime, *, actor: str = journal.SYSTEM) -> Proposal:
    """Propose partners for a cycle in its present state, and keep the proposal for approval.

    Pins and bans made by hand stay. Raises ChangedMeanwhile.
    """

    def write(connection: Transaction, basis: Basis, proposal: Proposal) -> Proposal:
        check_is_current(connection, cycle)
        keep_proposal(connection, cycle.id, {**proposal.as_kept(), **basis.rules}, at, actor=actor)
        return proposal

    return work_out_then_write(
        register,
        lambda connection: read_basis(connection, cycle),
        lambda basis: propose_partners(basis.problem),
        write,
    )


def keep_proposal(
    connection: Transaction,
    cycle_id: str,
    proposal: KeptProposal,
    at: datetime,
    *,
    actor: str,
    reason: str | None = None,
) -> int:
    """Keep a proposal in place of an earlier one that was not approved; returns its id.

    It remembers which it came from, so that it can be undone, and who made its pins and bans, and why.
    """
    before = assignments.load_standing(connection, cycle_id)
    told = add_rule_notes(proposal, read_kept_proposal(before), reason=reason, actor=actor, at=at)
    told.setdefault("changed_from", before.id if before is not None else None)
    assignment_id = assignments.store_proposal(connection, cycle_id, told, at, reason=reason)
    journal.append_entry(
        connection,
        "partners proposed" if proposal["pairs"] else "no partners found",
        at=at,
        actor=actor,
        cycle_id=cycle_id,
        assignment=assignment_id,
        status=proposal["status"],
        pairs=map_author_to_challenger(proposal),
        **read_hand_made_rules(proposal),
        reason=reason,
    )
    return assignment_id


def propose_when_due(register: Register, cycle: Cycle, at: datetime, *, approve: bool = False) -> int:
    """Propose partners once every self-assessment is in; with `approve`, approve them at once.

    If partners were approved before, challenges that now wait for a partner are paired as approved. Returns
    how many moves were made: 1 for a proposal. Raises ChangedMeanwhile.
    """
    with register.reading() as connection:
        is_due = _is_proposal_due(connection, cycle)
        is_approved = assignments.load_latest(connection, cycle.id, AssignmentStatus.APPROVED) is not None
    if is_due:
        return _propose_first(register, cycle, at, approve=approve)
    if not is_approved:
        return 0
    with register.writing() as connection:
        return pair_as_approved(connection, load_stored(connection, cycle.id)[0], at)


def count_awaited_assessments(connection: Transaction, cycle_id: str) -> int:
    """How many areas have not had a self-assessment taken in: their partners are told once it is."""
    standing = challenges.list_challenges_in_cycle(connection, cycle_id)
    return sum(challenge.stage is Stage.INVITED for challenge in standing)


def _is_proposal_due(connection: Transaction, cycle: Cycle) -> bool:
    stages = {challenge.stage for challenge in challenges.list_challenges_in_cycle(connection, cycle.id)}
    is_first = assignments.load_latest(connection, cycle.id) is None
    return is_first and Stage.INVITED not in stages and Stage.SELF_ASSESSED in stages


def _propose_first(register: Register, cycle: Cycle, at: datetime, *, approve: bool) -> int:
    """Propose, and approve in the same transaction: after a kill in between, nobody would approve it."""

    def write(connection: Transaction, basis: Basis, proposal: Proposal) -> int:
        check_is_current(connection, cycle)
        if not _is_proposal_due(connection, cycle):
            return 0
        keep_proposal(connection, cycle.id, {**proposal.as_kept(), **basis.rules}, at, actor=journal.SYSTEM)
        if approve and proposal.status != "infeasible":
            approve_latest(connection, cycle, at, reason="approved automatically", actor=journal.SYSTEM)
        return 1

    return work_out_then_write(
        register,
        lambda connection: read_basis(connection, cycle),
        lambda basis: propose_partners(basis.problem),
        write,
    )


def approve_latest(connection: Transaction, cycle: Cycle, at: datetime, *, reason: str, actor: str) -> int:
    """Approve the newest proposal: partners are told and packs go out. Returns how many were paired.

    Raises WrongUse without a reason, when there is nothing to approve, or a forbidden rule is broken.
    """
    why = read_reason(reason)
    row = assignments.load_latest(connection, cycle.id, AssignmentStatus.PROPOSED)
    if row is None:
        raise WrongUse(
            "There is no proposal to approve.",
            remedy="Choose “Propose partners” on the page “Partners” first.",
            command="peer-challenge assign",
        )
    pairs, gone = map_author_to_challenger(row.proposal), row.proposal.get("without")
    moves = tuple(row.proposal.get("moves", ()))
    basis = read_basis(connection, cycle, free=moves, without=(gone,) if gone else ())
    broken = ["There are no pairs."] if not pairs else check_pairs(basis.problem, pairs)
    if broken:
        raise WrongUse(
            "This proposal can't be approved: " + "; ".join(map(str, broken)),
            remedy="Change the rules or the pair, and propose again.",
        )
    assignments.record_approval(connection, row, at, reason=why)
    journal.append_entry(
        connection,
        "partners approved",
        at=at,
        actor=actor,
        cycle_id=cycle.id,
        assignment=row.id,
        reason=why,
    )
    if gone:
        _withdraw_participant(connection, cycle, gone, moves, at=at, actor=actor, reason=row.reason or why)
    return pair_as_approved(connection, cycle, at, actor=actor)


def _withdraw_participant(
    connection: Transaction,
    cycle: Cycle,
    participant: str,
    moves: tuple[str, ...],
    *,
    at: datetime,
    actor: str,
    reason: str,
) -> None:
    """Withdraw a participant's own challenge, and open those that it was to scrutinise again."""
    for challenge in challenges.list_challenges_in_cycle(connection, cycle.id):
        if challenge.author_id == participant and can_withdraw(challenge.stage):
            withdraw_challenge(connection, challenge.id, reason, at=at, actor=actor)
        elif (
            challenge.author_id in moves
            and challenge.challenger_id == participant
            and can_change_challenger(challenge.stage)
        ):
            take_back_pairing(connection, cycle, challenge, at=at, actor=actor, reason=reason)


def take_back_pairing(
    connection: Transaction, cycle: Cycle, challenge: Challenge, *, at: datetime, actor: str, reason: str
) -> None:
    """Take a challenge back to where it waits for a partner.

    Dispatches that would tell of the pairing, and all others that wait for the challenger, are cancelled.
    Receipts stay.
    """
    cancelled = outbox.cancel_waiting_for_role(
        connection, challenge.id, Role.CHALLENGER, challenge.challenger_id or "", TELLING
    )
    delete_proposed_event(connection, challenge.id)  # it was chosen with the days of this challenger
    challenges.note_dates(
        connection,
        cycle,
        challenge.id,
        stage=Stage.SELF_ASSESSED.value,
        stage_since_at=at,
        challenger_id=None,
        moderator_id=None,
        paired_at=None,
        pack_issued_at=None,
    )
    journal.append_entry(
        connection,
        "partner taken back",
        at=at,
        actor=actor,
        cycle_id=cycle.id,
        challenge_id=challenge.id,
        before=challenge.stage,
        challenger=challenge.challenger_id,
        cancelled=cancelled,
        reason=reason,
    )


def list_waiting_for_challenger(connection: Transaction, cycle_id: str) -> list[str]:
    """The areas, by id, that approved partners leave without a challenger: late, or left by theirs."""
    row = assignments.load_standing(connection, cycle_id)
    if row is None or row.status is not AssignmentStatus.APPROVED:
        return []
    pairs = map_author_to_challenger(row.proposal)
    standing = challenges.list_challenges_in_cycle(connection, cycle_id)
    gone = {challenge.author_id for challenge in standing if challenge.stage is Stage.WITHDRAWN}
    return [
        c.author_id
        for c in standing
        if c.stage is Stage.SELF_ASSESSED and pairs.get(c.author_id, "") in {"", *gone}
    ]


def pair_as_approved(
    connection: Transaction, cycle: Cycle, at: datetime, *, actor: str = journal.SYSTEM
) -> int:
    """Pair every self-assessed challenge as approved, but with nobody who has left; returns how many were."""
    row = assignments.load_latest(connection, cycle.id, AssignmentStatus.APPROVED)
    chosen = {pair["author"]: pair for pair in row.proposal["pairs"]} if row else {}
    paired, standing = 0, challenges.list_challenges_in_cycle(connection, cycle.id)
    gone = {challenge.author_id for challenge in standing if challenge.stage is Stage.WITHDRAWN}
    for challenge in standing:
        pair = chosen.get(challenge.author_id)
        if pair is None or pair["challenger"] in gone:
            continue
        if challenge.stage is Stage.SELF_ASSESSED:
            challenges.set_partners(
                connection,
                challenge.id,
                challenger_id=pair["challenger"],
                moderator_id=pair.get("moderator"),
            )
            paired += challenges.move_challenge_on(
                connection,
                challenge.id,
                Trigger.PARTNERS_APPROVED,
                cycle,
                at=at,
                actor=actor,
                suffix=_make_pairing_suffix(connection, challenge),
                paired_at=at,
            )
    return paired


def _make_pairing_suffix(connection: Transaction, challenge: Challenge) -> str:
    """What tells the notices and the pack of a second pairing from those of the first."""
    earlier = outbox.count_of_kind(connection, challenge.id, DispatchKind.ANALYSIS_PACK)
    return f"pairing {earlier + 1}" if earlier else ""
