"""Taking back that the office accepted a document in spite of a finding: what would follow, and the undoing.

It is possible until something that follows from it has gone out. The finding is open again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from peer_challenge.clock import local_day
from peer_challenge.errors import WrongUse
from peer_challenge.intake.case import Case
from peer_challenge.intake.judge_again import record_again
from peer_challenge.model.days_in_words import day_in_words
from peer_challenge.model.decisions import DecisionKind
from peer_challenge.model.findings import Finding
from peer_challenge.model.reasons import read_reason
from peer_challenge.model.sentences import capitalise_first_letter
from peer_challenge.model.vocabulary import ACCEPTED_OUTCOMES
from peer_challenge.register import challenges, decisions, journal, outbox, submissions
from peer_challenge.register.caused_dispatches import (
    check_none_has_gone,
    explain_too_late,
    list_caused,
    name_dispatches,
    take_back_decision,
)
from peer_challenge.register.cycles import load_stored
from peer_challenge.register.database import Register, Transaction
from peer_challenge.register.decisions import Decision
from peer_challenge.register.records import Challenge, Submission
from peer_challenge.settings import Settings
from peer_challenge.steering.accept_findings import load_to_change, reread_decidable
from peer_challenge.steering.preview import describe_what_follows
from peer_challenge.submissions.judge import Verdict

_INSTEAD = "If it was wrong, write to the sender, and have a corrected form sent in."


@dataclass(frozen=True, slots=True)
class UndoneAcceptance:
    """The last decision about a document: its number, what was decided, and what taking it back causes."""

    decision_id: int
    row: Submission
    decided: str
    told: tuple[str, ...]


def preview_undoing_acceptance(
    register: Register, settings: Settings, submission_id: int, *, at: datetime
) -> UndoneAcceptance:
    """What would follow from taking back the last decision about a document. Changes nothing.

    Raises WrongUse where nothing was accepted in it, and as undo_acceptance does.
    """
    with register.reading() as connection:
        made = decisions.list_of_submission(connection, submission_id)
    if not made or made[-1].kind is not DecisionKind.ACCEPT_FINDING:
        raise WrongUse("You accepted nothing in this document last.", remedy="Look at its challenge's page.")
    decision = made[-1]
    case, checked, row = reread_decidable(register, settings, submission_id, without=decision.id)
    with register.trying_out() as connection:
        _, challenge = load_to_change(connection, submission_id)
        last = outbox.find_newest_id(connection, challenge.id)
        caused = list_caused(connection, decision)
        _undo_in_transaction(connection, decision.id, case, checked, reason="preview", at=at, actor="")
        cycle, _ = load_stored(connection, challenge.cycle_id)
        told = ["The finding is open again."]
        if caused:
            told.append(f"{capitalise_first_letter(name_dispatches(caused))}: not sent.")
        told += describe_what_follows(connection, cycle, challenge, last)
    when = day_in_words(local_day(decision.made_at))
    decided = f"{decision.made_by} accepted a finding ({decision.code}) on {when}. Reason: {decision.reason}"
    return UndoneAcceptance(decision.id, row, decided, tuple(told))


def undo_acceptance(
    register: Register, settings: Settings, decision_id: int, *, reason: str, at: datetime, actor: str
) -> None:
    """Take back the last decision about a document, as long as nothing that follows from it has gone out.

    The document is judged again without it, and its challenge is as it was before. Raises WrongUse, and
    changes nothing, without a reason, and where that is not possible any more.
    """
    why = read_reason(reason)
    with register.reading() as connection:
        decision = _load_decision(connection, decision_id)
    case, checked, _ = reread_decidable(register, settings, decision.submission_id or 0, without=decision.id)
    with register.writing() as connection:
        _undo_in_transaction(connection, decision_id, case, checked, reason=why, at=at, actor=actor)


def _undo_in_transaction(
    connection: Transaction,
    decision_id: int,
    case: Case,
    checked: Sequence[Finding],
    *,
    reason: str,
    at: datetime,
    actor: str,
) -> None:
    decision = _load_decision(connection, decision_id)
    row, challenge = load_to_change(connection, decision.submission_id or 0)
    _check_can_be_undone(connection, decision, row, challenge)
    take_back_decision(connection, decision, _INSTEAD, at=at)
    if row.outcome in ACCEPTED_OUTCOMES:
        cycle, _ = load_stored(connection, challenge.cycle_id)
        before, after = decision.state_before, decision.state_after
        challenges.undo_change_of_state(connection, cycle, challenge, before, after)
    decisions.mark_undone(connection, decision.id, at=at, actor=actor)
    verdict = record_again(connection, row, case, checked, at=at)
    _make_former_current(connection, decision, row, verdict)
    journal.append_entry(
        connection,
        "acceptance undone",
        at=at,
        actor=actor,
        cycle_id=row.cycle_id,
        challenge_id=row.challenge_id,
        submission=row.id,
        decision=decision.id,
        finding=decision.code,
        outcome=verdict.outcome.value,
        reason=reason,
    )


def _load_decision(connection: Transaction, decision_id: int) -> Decision:
    decision = decisions.load_decision(connection, decision_id)
    if decision is None or decision.kind is not DecisionKind.ACCEPT_FINDING or decision.undone_at is not None:
        raise WrongUse("There is no such decision, or it was taken back already.", remedy="Look at the page.")
    return decision


def _check_can_be_undone(
    connection: Transaction, decision: Decision, row: Submission, challenge: Challenge
) -> None:
    """Raise WrongUse where a decision can't be taken back any more, saying why."""
    newest = decisions.list_of_submission(connection, row.id)[-1]
    if newest.id != decision.id:
        raise WrongUse("You decided more about this document since.", remedy="Take back the last one first.")
    check_none_has_gone(connection, list_caused(connection, decision), _INSTEAD)
    if row.outcome in ACCEPTED_OUTCOMES and challenge.stage.value != decision.before.get("stage_after"):
        raise explain_too_late("the challenge has moved on", _INSTEAD)


def _make_former_current(
    connection: Transaction, decision: Decision, row: Submission, verdict: Verdict
) -> None:
    former = decision.current_before
    if row.outcome in ACCEPTED_OUTCOMES and verdict.outcome not in ACCEPTED_OUTCOMES and former:
        submissions.make_current(connection, former)
