"""Changing who challenges whom: trying a change, keeping it with a reason, undoing, withdrawing an area.

What is tried is worked out while no transaction is open, and kept only if nothing has changed since.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from peer_challenge.errors import WrongUse
from peer_challenge.model.challenge_ids import find_author_id
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.journey import can_change_challenger
from peer_challenge.model.kept_proposal import KeptProposal
from peer_challenge.model.reasons import read_reason
from peer_challenge.model.sentences import capitalise_first_letter, say_how_many
from peer_challenge.model.vocabulary import Stage
from peer_challenge.partners import proposals
from peer_challenge.partners.pins_and_bans import (
    map_author_to_challenger,
    read_hand_made_rules,
    read_kept_proposal,
    rules_after,
    rules_without,
)
from peer_challenge.partners.proposals import Basis, read_basis
from peer_challenge.partners.solver import (
    Proposal,
    check_pairs,
    cost_between,
    propose_nearest,
    propose_partners,
    what_if_withdrawn,
)
from peer_challenge.register import assignments, challenges, journal, outbox
from peer_challenge.register.caused_dispatches import list_gone, take_back_caused
from peer_challenge.register.database import Register, Transaction
from peer_challenge.register.records import Assignment, AssignmentStatus, Challenge, Dispatch
from peer_challenge.register.work_out import ChangedMeanwhile, work_out_then_write


@dataclass(frozen=True, slots=True)
class Trial:
    """What a change would give: the new proposal with its rules, what moves, and its cost in words.

    `moved` holds (author, challenger before, challenger after); `basis` is what it was worked out from.
    """

    proposal: KeptProposal
    moved: list[tuple[str, str, str]]
    told: str
    basis: Basis = field(repr=False)


def try_change(register: Register, cycle: Cycle, act: str, author: str, other: str) -> Trial:
    """What a pin, ban or swap would give; nothing is stored. Raises WrongUse for areas not of the cycle.

    After a pin or a ban all partners are proposed again. A swap changes the two and as few others as the
    rules allow.
    """
    if author == other or not {author, other} <= set(cycle.participant):
        raise WrongUse(
            "Two different areas have to be chosen.", remedy="Choose both from the lists.", about="other"
        )
    with register.reading() as connection:
        rules = rules_after(_load_current_proposal(connection, cycle), act, author, other)
        basis = read_basis(connection, cycle, rules=rules)
    return _work_out_trial(basis, is_swap=act == "swap")


def try_lifting(register: Register, cycle: Cycle, author: str, challenger: str) -> Trial:
    """What lifting a pair's pin or ban would give; nothing is stored. Raises WrongUse if there is none."""
    with register.reading() as connection:
        rules = rules_without(_load_current_proposal(connection, cycle), author, challenger)
        basis = read_basis(connection, cycle, rules=rules)
    return _work_out_trial(basis)


def try_without(register: Register, cycle: Cycle, participant: str) -> Trial:
    """The smallest change that lets `participant` withdraw; nothing is stored.

    Only areas that it challenges, and that have not had their analysis back, get another challenger;
    all other work under way keeps its challenger. Raises WrongUse for an area that is not of the cycle.
    """
    if participant not in cycle.participant:
        raise WrongUse(
            "There is no such area in this cycle.", remedy="Choose one of its areas.", about="area"
        )
    with register.reading() as connection:
        standing = challenges.list_challenges_in_cycle(connection, cycle.id)
        orphans = sorted(
            c.author_id for c in standing if c.challenger_id == participant and can_change_challenger(c.stage)
        )
        basis = read_basis(connection, cycle, free=tuple(orphans), without=(participant,))
    now = {c.author_id: c.challenger_id for c in basis.standing if c.challenger_id}
    old = map_author_to_challenger(basis.proposal) | {a: c for a, c in now.items() if a != participant}
    found = what_if_withdrawn(basis.problem, old, participant, may_move=orphans).as_kept()
    rules = read_hand_made_rules(basis.proposal)
    after: KeptProposal = {**found, **rules, "without": participant, "moves": orphans}
    new = map_author_to_challenger(after)
    cost = f"{capitalise_first_letter(cost_between(basis.problem, old, new))}." if new else ""
    return Trial(after, _list_moved_pairs(old, new), cost, basis)


def keep_trial(
    connection: Transaction, cycle: Cycle, trial: Trial, *, at: datetime, actor: str, reason: str
) -> int:
    """Keep what was tried as the newest proposal, for approval; returns its id.

    Raises WrongUse without a reason, or if no pairs keep every rule; ChangedMeanwhile if the facts that it
    was worked out from have changed.
    """
    said = read_reason(reason)
    if not trial.proposal["pairs"]:
        raise WrongUse(
            "With this change no pairs keep every rule: " + " ".join(trial.proposal["conflict"]),
            remedy=" ".join(trial.proposal.get("relaxations", ())) or "Choose another change.",
        )
    if not trial.basis.still_holds(connection):
        raise ChangedMeanwhile("The partners, or what they are worked out from, have just changed.")
    return proposals.keep_proposal(connection, cycle.id, trial.proposal, at, actor=actor, reason=said)


_INSTEAD = (
    "What is out can't be called back. If an area has to step back, see “What if an area withdrew?” on the "
    "page “Partners”."
)


@dataclass(frozen=True, slots=True)
class _Undoing:
    """What is to be undone: the newest step, the one before it, and the basis to check that one against."""

    newest: Assignment | None
    earlier: Assignment | None
    basis: Basis | None


def undo_newest_step(register: Register, cycle: Cycle, *, at: datetime, actor: str, reason: str) -> str:
    """Undo the newest step: a change of the proposal, or the approval. Returns what was done, in words.

    Raises WrongUse without a reason, if there is nothing to undo, and if a notice or a pack of that
    approval is out already: those can't be called back, so the message names them.
    """
    said = read_reason(reason)

    def write(connection: Transaction, undoing: _Undoing, instead: Proposal | None) -> str:
        newest = undoing.newest
        if newest is None:
            raise WrongUse(
                "There is nothing to undo.",
                remedy="Choose “Propose partners” on the page “Partners” first.",
                command="peer-challenge assign",
            )
        if newest.status is AssignmentStatus.APPROVED:
            return _undo_approval(connection, cycle, newest, at, actor, said)
        return _undo_change(connection, cycle, newest, undoing.earlier, instead, at, actor, said)

    return work_out_then_write(
        register, lambda connection: _read_undoing(connection, cycle), _propose_instead, write
    )


def _read_undoing(connection: Transaction, cycle: Cycle) -> _Undoing:
    newest = assignments.load_standing(connection, cycle.id)
    if newest is None or newest.status is AssignmentStatus.APPROVED:
        return _Undoing(newest, None, None)
    number = newest.proposal.get("changed_from")
    earlier = assignments.load_assignment(connection, number) if number is not None else None
    if earlier is None or earlier.status is AssignmentStatus.APPROVED:
        return _Undoing(newest, earlier, None)
    return _Undoing(
        newest, earlier, read_basis(connection, cycle, rules=read_hand_made_rules(earlier.proposal))
    )


def _propose_instead(undoing: _Undoing) -> Proposal | None:
    """The partners to propose where the earlier proposal breaks a rule by now; None where it does not."""
    basis, earlier = undoing.basis, undoing.earlier
    if (
        basis is None
        or earlier is None
        or not check_pairs(basis.problem, map_author_to_challenger(earlier.proposal))
    ):
        return None
    return propose_partners(basis.problem)


def _undo_change(
    connection: Transaction,
    cycle: Cycle,
    newest: Assignment,
    earlier: Assignment | None,
    instead: Proposal | None,
    at: datetime,
    actor: str,
    reason: str,
) -> str:
    if earlier is None:
        raise WrongUse(
            "There is nothing to undo: this is the first proposal.",
            remedy="Change it by a pin, a ban or a swap instead.",
        )
    assignments.supersede_proposal(connection, newest)
    journal.append_entry(
        connection,
        "change of partners undone",
        at=at,
        actor=actor,
        cycle_id=cycle.id,
        assignment=newest.id,
        reason=reason,
        back_to=earlier.id,
    )
    if earlier.status is AssignmentStatus.APPROVED:
        return "The change is undone: the approved pairs are back."
    if instead is None:
        assignments.restore_proposal(connection, earlier)
        return "The change is undone: the proposal before it is back."
    rules = read_hand_made_rules(earlier.proposal)
    origin = earlier.proposal.get("changed_from")
    again: KeptProposal = {**instead.as_kept(), **rules, "changed_from": origin}
    proposals.keep_proposal(connection, cycle.id, again, at, actor=actor, reason=reason)
    return "The change is undone. Things have moved since, so the partners are proposed again."


def _undo_approval(
    connection: Transaction, cycle: Cycle, row: Assignment, at: datetime, actor: str, reason: str
) -> str:
    if out := already_out(connection, cycle, row):
        raise WrongUse(
            "This approval can't be undone. Already out: " + "; ".join(out) + ".",
            remedy=_INSTEAD,
            command="peer-challenge assign --without AREA",
        )
    undone, caused = 0, _list_caused(connection, cycle, row)
    for challenge in challenges.list_challenges_in_cycle(connection, cycle.id):
        if challenge.stage is Stage.PAIRED and _is_pair_of_assignment(challenge, row):
            take_back_caused(
                connection, [one for one in caused if one.challenge_id == challenge.id], _INSTEAD
            )
            proposals.take_back_pairing(connection, cycle, challenge, at=at, actor=actor, reason=reason)
            undone += 1
    assignments.record_approval_undone(connection, row)
    journal.append_entry(
        connection,
        "approval of partners undone",
        at=at,
        actor=actor,
        cycle_id=cycle.id,
        assignment=row.id,
        reason=reason,
        pairs=undone,
    )
    return (
        f"The approval is undone: {say_how_many(undone, 'pair')} "
        f"{'is' if undone == 1 else 'are'} open again, and nothing had gone out."
    )


def already_out(connection: Transaction, cycle: Cycle, row: Assignment) -> list[str]:
    """What has gone out, or is just going, since an assignment was approved, in words."""
    name = {p.id: p.name for p in cycle.participants}
    told = []
    for one in list_gone(connection, _list_caused(connection, cycle, row)):
        author = find_author_id(one.challenge_id)
        about = f" about {name.get(author, author)}" if one.recipient_id != author else ""
        told.append(f"the {one.kind.in_words} to {name.get(one.recipient_id, one.recipient_id)}{about}")
    return told


def _list_caused(connection: Transaction, cycle: Cycle, row: Assignment) -> list[Dispatch]:
    """What tells of the pairs of an assignment, since it was approved: a late area's pair is told later."""
    if row.approved_at is None:
        return []
    return outbox.list_intended_since(connection, cycle.id, proposals.TELLING, row.approved_at)


def _is_pair_of_assignment(challenge: Challenge, row: Assignment) -> bool:
    if challenge.paired_at is None or row.approved_at is None or challenge.paired_at < row.approved_at:
        return False
    return map_author_to_challenger(row.proposal).get(challenge.author_id) == challenge.challenger_id


def _load_current_proposal(connection: Transaction, cycle: Cycle) -> KeptProposal:
    return read_kept_proposal(assignments.load_standing(connection, cycle.id))


def _work_out_trial(basis: Basis, *, is_swap: bool = False) -> Trial:
    old = map_author_to_challenger(basis.proposal)
    found = propose_nearest(basis.problem, old) if is_swap else propose_partners(basis.problem)
    after: KeptProposal = {**found.as_kept(), **basis.rules}
    new = map_author_to_challenger(after)
    cost = f"{capitalise_first_letter(cost_between(basis.problem, old, new))}." if old and new else ""
    return Trial(after, _list_moved_pairs(old, new), cost, basis)


def _list_moved_pairs(old: Mapping[str, str], new: Mapping[str, str]) -> list[tuple[str, str, str]]:
    return [(who, old.get(who, ""), one) for who, one in sorted(new.items()) if old.get(who) != one]
