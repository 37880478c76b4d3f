"""Correcting the day on which a document came: whether it was late, its clocks and its receipt follow."""

from dataclasses import replace
from datetime import date, datetime

from peer_challenge.clock import LONDON, local_day
from peer_challenge.errors import WrongUse
from peer_challenge.intake.answer import ARRIVED_AT
from peer_challenge.intake.case import Case
from peer_challenge.intake.emails.sent_day import find_earliest_day
from peer_challenge.intake.judge_again import record_again, send_receipt_again
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.days_in_words import day_in_words
from peer_challenge.model.decisions import DecisionKind
from peer_challenge.model.findings import Finding
from peer_challenge.model.reasons import read_reason
from peer_challenge.model.sentences import join_in_words
from peer_challenge.model.vocabulary import DeadlineName, Role
from peer_challenge.register import challenges, decisions, journal, outbox
from peer_challenge.register.cycles import load_opened_at, load_stored
from peer_challenge.register.database import Register, Transaction
from peer_challenge.register.records import Challenge, Submission
from peer_challenge.settings import Settings
from peer_challenge.steering.accept_findings import load_to_change, reread_decidable
from peer_challenge.steering.change_dates import read_known_dates, tell_of_moved_dates
from peer_challenge.steering.preview import Preview, describe_changed_dates, describe_what_follows
from peer_challenge.submissions.judge import Verdict

_LATE = "intake.late"


def preview_correction(
    register: Register, settings: Settings, submission_id: int, came_on: date, *, at: datetime
) -> Preview:
    """What would follow if a document had come on another day. Changes nothing. Raises WrongUse."""
    case, checked, row = reread_decidable(register, settings, submission_id)
    with register.trying_out() as connection:
        before = challenges.find_challenge(connection, row.challenge_id or "")
        assert before is not None
        due = challenges.due_dates(connection, row.challenge_id or "")
        last = outbox.find_newest_id(connection, row.challenge_id or "")
        verdict, roles = _correct_in_transaction(
            connection, case, checked, submission_id, came_on, reason="preview", at=at, actor=""
        )
        told = _describe_consequences(connection, row, came_on, due, verdict, roles)
        cycle, _ = load_stored(connection, row.cycle_id or "")
        told += describe_what_follows(connection, cycle, before, last)
    return Preview(verdict.outcome, tuple(told))


def correct_day(
    register: Register,
    settings: Settings,
    submission_id: int,
    came_on: date,
    *,
    reason: str,
    at: datetime,
    actor: str,
) -> Verdict:
    """Let a document count as received on another day; returns what it is judged to be now.

    Dates that count from it move, those who know of them get a letter, and its sender another receipt. Raises
    WrongUse, and changes nothing, without a reason and for a day on which it cannot have come.
    """
    why = read_reason(reason)
    case, checked, _ = reread_decidable(register, settings, submission_id)
    with register.writing() as connection:
        verdict, _ = _correct_in_transaction(
            connection, case, checked, submission_id, came_on, reason=why, at=at, actor=actor
        )
        return verdict


def _correct_in_transaction(
    connection: Transaction,
    case: Case,
    checked: list[Finding],
    submission_id: int,
    came_on: date,
    *,
    reason: str,
    at: datetime,
    actor: str,
) -> tuple[Verdict, tuple[Role, ...]]:
    row, challenge = load_to_change(connection, submission_id)
    cycle, _ = load_stored(connection, challenge.cycle_id)
    received_at = _find_moment(connection, row, challenge, came_on, at)
    known = read_known_dates(connection, cycle, challenge.id, at)
    decision_id = decisions.store_decision_on_submission(
        connection,
        DecisionKind.CORRECT_DAY,
        row,
        reason=reason,
        before={"received_at": row.received_at.isoformat()},
        at=at,
        actor=actor,
    )
    _move_clock(connection, cycle, challenge, row, received_at)
    verdict = record_again(connection, row, case, checked, at=at, received_at=received_at)
    send_receipt_again(connection, replace(row, received_at=received_at), case, verdict, at)
    told = tell_of_moved_dates(
        connection, cycle, challenge.id, known, message="", suffix=f"came-{decision_id}", at=at
    )
    journal.append_entry(
        connection,
        "day of receipt corrected",
        at=at,
        actor=actor,
        cycle_id=row.cycle_id,
        challenge_id=row.challenge_id,
        submission=row.id,
        decision=decision_id,
        before=local_day(row.received_at).isoformat(),
        after=came_on.isoformat(),
        reason=reason,
    )
    return verdict, told


def _find_moment(
    connection: Transaction, row: Submission, challenge: Challenge, came_on: date, at: datetime
) -> datetime:
    """The time at which a document came on a day. Raises WrongUse for a day on which it can't have come."""
    before = local_day(row.received_at)
    if came_on == before:
        raise WrongUse(
            f"{day_in_words(came_on)} is the day that is kept already.",
            remedy="Choose another day.",
            about="day",
        )
    if came_on > local_day(at):
        raise WrongUse("This day is in the future.", remedy="Choose today, or a day before.", about="day")
    opened_at = load_opened_at(connection, challenge.cycle_id)
    earliest = find_earliest_day(challenge, row.kind, opened_at)
    if earliest is not None and came_on < local_day(earliest):
        raise WrongUse(
            f"It can't have come then: its form went out on {day_in_words(local_day(earliest))}.",
            remedy="Choose that day or a later one.",
            about="day",
        )
    clock = row.received_at.astimezone(LONDON).time()
    return min(datetime.combine(came_on, clock, LONDON), at)


def _move_clock(
    connection: Transaction, cycle: Cycle, challenge: Challenge, row: Submission, received_at: datetime
) -> None:
    """Let the dates that count from this document count from the day on which it came."""
    name = ARRIVED_AT.get(row.kind) if row.kind else None
    if name is not None and getattr(challenge, name) == row.received_at and row.is_current:
        challenges.note_dates(connection, cycle, challenge.id, **{name: received_at})


def _describe_consequences(
    connection: Transaction,
    row: Submission,
    came_on: date,
    due: dict[DeadlineName, date],
    verdict: Verdict,
    roles: tuple[Role, ...],
) -> list[str]:
    before = local_day(row.received_at)
    told = [f"It counts as received on {day_in_words(came_on)} instead of {day_in_words(before)}."]
    is_late = any(finding.code == _LATE for finding in verdict.findings)
    told.append("It was late." if is_late else "It was in time, or corrects an earlier version.")
    told += describe_changed_dates(due, challenges.due_dates(connection, row.challenge_id or ""))
    if roles:
        told.append(f"A letter with the new dates goes to {join_in_words(role.value for role in roles)}.")
    return told
