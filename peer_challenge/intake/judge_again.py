"""Judging a document again after a decision of the office, with all that follows, in one transaction."""

from collections.abc import Sequence
from datetime import datetime

from peer_challenge.errors import WrongUse
from peer_challenge.intake import answer, arrival_findings
from peer_challenge.intake.case import Case, judge_arrival, refresh_case
from peer_challenge.intake.emails.record_email import decide_day
from peer_challenge.intake.late_or_out_of_turn import read_known_turn
from peer_challenge.model.access import Party
from peer_challenge.model.findings import Finding
from peer_challenge.model.vocabulary import ACCEPTED_OUTCOMES, QUERY_KINDS, DispatchKind
from peer_challenge.register import frames, messages, outbox, submissions
from peer_challenge.register.database import Transaction
from peer_challenge.register.records import Dispatch, Submission
from peer_challenge.register.submissions import Arrived
from peer_challenge.submissions.judge import Verdict


def judge_again(
    connection: Transaction,
    row: Submission,
    case: Case,
    checked: Sequence[Finding],
    *,
    received_at: datetime | None = None,
) -> Verdict:
    """The verdict on a document of the register, as things are now; `received_at` if the day is another.

    One thing is not as it is now: whether it came in its turn stays as it was found (read_known_turn).
    """
    arrived = Arrived(
        row.file_name,
        received_at or row.received_at,
        row.source,
        row.uploaded_by,
        taken_in_at=row.taken_in_at,
    )
    kind = case.reading.kind
    is_identified = row.identified_at is not None and kind is not None
    further = (arrival_findings.make_identified_finding(kind),) if is_identified and kind else ()
    _, day, sent_day = decide_day(connection, case, row.taken_in_at)
    if day == arrived.received_at:  # else the office has said on which day it came
        further = (*further, *sent_day)
    turn = read_known_turn(frames.findings_of(connection, row.id))
    return judge_arrival(connection, case, checked, arrived, further=further, came_out_of_turn=turn)


def record_again(
    connection: Transaction,
    row: Submission,
    case: Case,
    checked: Sequence[Finding],
    *,
    at: datetime,
    received_at: datetime | None = None,
) -> Verdict:
    """Record what a document is judged to be now; returns that.

    Where it is accepted now and was not before, all follows that would have followed when it came, and a
    letter of questions that has not gone will not go. Where questions stay, a letter that has not gone is
    written again with those. Raises WrongUse where it is doubtful meanwhile whose it is.
    """
    case = refresh_case(connection, case)
    if case.place.challenge_id != row.challenge_id:
        raise WrongUse("Something about this document has changed meanwhile.", remedy="Look at it again.")
    verdict = judge_again(connection, row, case, checked, received_at=received_at)
    counts_from = received_at or row.received_at
    submissions.store_judged_again(
        connection, row, case.reading, verdict.findings, verdict.outcome, received_at=counts_from
    )
    if not _has_to_be_answered(connection, row, verdict):
        return verdict
    waiting = list_waiting_answers(connection, row, QUERY_KINDS)
    outbox.cancel_dispatches(connection, [one.id for one in waiting])
    answer.answer_submission(
        connection,
        case.place,
        case.reading,
        row.id,
        verdict,
        at,
        writer=_find_writer(row),
        received_at=counts_from,
        again=_count_answers(connection, row),
    )
    return verdict


def send_receipt_again(
    connection: Transaction, row: Submission, case: Case, verdict: Verdict, at: datetime
) -> None:
    """Send the receipt of an accepted document again, as it says something else now; one that waits stops."""
    challenge, kind = case.place.challenge, case.reading.kind
    if challenge is None or kind is None or verdict.outcome not in ACCEPTED_OUTCOMES:
        return
    waiting = list_waiting_answers(connection, row, (DispatchKind.RECEIPT,))
    outbox.cancel_dispatches(connection, [one.id for one in waiting])
    answer.send_answers(
        connection,
        challenge,
        kind,
        case.reading,
        row.id,
        verdict,
        at,
        writer=_find_writer(row),
        again=_count_answers(connection, row),
    )


def _has_to_be_answered(connection: Transaction, row: Submission, verdict: Verdict) -> bool:
    """Whether the sender of a document gets another answer than the one it has, or would have had."""
    was, now = row.outcome in ACCEPTED_OUTCOMES, verdict.outcome in ACCEPTED_OUTCOMES
    if was and now:
        return False
    if now or list_waiting_answers(connection, row, QUERY_KINDS):
        return True
    is_otherwise = not was and row.outcome is not verdict.outcome
    return is_otherwise or not _has_asked(connection, row)


def _has_asked(connection: Transaction, row: Submission) -> bool:
    """Whether our questions about a document have gone to its sender."""
    asked = outbox.list_about_submission(connection, row.challenge_id or "", row.id, QUERY_KINDS)
    return bool(messages.find_sent_times(connection, [one.id for one in asked]))


def _find_writer(row: Submission) -> Party | None:
    """Who wrote a document, as it was when it came in."""
    if row.cycle_id is None or row.writer_role is None or row.writer_id is None:
        return None
    return Party(row.cycle_id, row.writer_role, row.writer_id)


def list_waiting_answers(
    connection: Transaction, row: Submission, kinds: Sequence[DispatchKind]
) -> list[Dispatch]:
    """Our answers of some kinds about a document that have not gone to anybody yet."""
    found = outbox.list_about_submission(connection, row.challenge_id or "", row.id, kinds)
    gone = messages.find_sent_times(connection, [one.id for one in found])
    return [one for one in found if one.id not in gone]


def _count_answers(connection: Transaction, row: Submission) -> int:
    """How many answers were ever intended about a document, to tell the next one from them."""
    kinds = (*QUERY_KINDS, DispatchKind.RECEIPT)
    found = outbox.list_about_submission(
        connection, row.challenge_id or "", row.id, kinds, with_cancelled=True
    )
    return len(found)
