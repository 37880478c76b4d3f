"""Recording one document and everything that follows from it, in the caller's transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from peer_challenge.intake import answer, arrival_findings
from peer_challenge.intake.case import Case, Place, judge_arrival, list_uploaders, refresh_case
from peer_challenge.intake.emails.message_content import Envelope
from peer_challenge.intake.emails.record_email import decide_day, record_email
from peer_challenge.intake.inbox import name_as_text
from peer_challenge.intake.late_or_out_of_turn import read_turn_of_held
from peer_challenge.intake.same_file_again import says_more_than
from peer_challenge.model import whose_document
from peer_challenge.model.access import Party
from peer_challenge.model.findings import Finding
from peer_challenge.model.vocabulary import Kind, Outcome, Severity
from peer_challenge.model.whose_document import HELD, Decision, Doubt
from peer_challenge.register import access_facts, held_documents, journal, submissions
from peer_challenge.register.access_facts import Reach
from peer_challenge.register.database import Transaction
from peer_challenge.register.records import Submission
from peer_challenge.register.submissions import Arrived
from peer_challenge.register.uploads import find_paper_day
from peer_challenge.submissions.judge import Verdict
from peer_challenge.word.answers.identity_evidence import is_doubtful
from peer_challenge.word.answers.reading import Reading
from peer_challenge.word.reader_findings import DOUBTS

COLUMNS = ("document", "kind", "cycle", "participant", "version", "outcome", "queries", "warnings")


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of one document."""

    outcome: Outcome
    version: int | None
    findings: tuple[Finding, ...]


def record_document(
    connection: Transaction, case: Case, checked: Sequence[Finding], file_name: str, at: datetime
) -> Recorded:
    """Record one document and everything that follows from it, in the caller's transaction.

    `checked` are the rules of its suite that it breaks.

    The same document rejected again, or recorded meanwhile by another intake, is not recorded twice.
    """
    reading, decision, place = case.reading, case.decision, case.place
    arrived, said, sent_day = _describe_arrival(connection, case, file_name, at)
    verdict = judge_arrival(connection, case, checked, arrived, further=sent_day)
    findings, outcome = verdict.findings, verdict.outcome
    before = submissions.seen_before(connection, reading.sha256)
    if before is not None and not says_more_than(connection, before, verdict, arrived):
        record_email(connection, case.origin, before.id, said, at)
        return Recorded(Outcome(before.outcome), before.version, findings)
    writer = decision.writer if decision is not None and place.challenge is not None else None
    is_held = decision is not None and is_doubtful(findings) and outcome is not Outcome.REJECTED
    submission_id = submissions.store_submission(
        connection,
        reading,
        findings,
        outcome,
        arrived,
        challenge_id=place.challenge_id,
        cycle_id=place.cycle_id,
        writer=writer,
        doubt=describe_doubt(findings, decision) if is_held and decision else None,
    )
    record_email(connection, case.origin, submission_id, said, at)
    _append_to_journal(
        connection,
        "document held" if is_held else "document taken in",
        place,
        reading,
        submission_id,
        outcome,
        findings,
        at=at,
    )
    answer.answer_submission(
        connection, place, reading, submission_id, verdict, at, writer=writer, received_at=arrived.received_at
    )
    return Recorded(outcome, _find_version(connection, reading), findings)


def _describe_arrival(
    connection: Transaction, case: Case, file_name: str, at: datetime
) -> tuple[Arrived, Envelope, tuple[Finding, ...]]:
    """How a document came, what its email says of itself, and what is wrong with the day that it says."""
    uploaders = list_uploaders(connection, case.reading.sha256, case.origin)
    said, received_at, found = decide_day(connection, case, at)
    arrived = Arrived(
        name_as_text(file_name),
        received_at,
        _find_way(connection, case, is_uploaded=bool(uploaders)),
        uploaders[0].id if uploaders else None,
        taken_in_at=at,
    )
    return arrived, said, found if case.reading.kind is not None else ()


def _find_way(connection: Transaction, case: Case, *, is_uploaded: bool) -> str:
    """By which way a document came: on paper, through the page, by email, or in the folder."""
    if find_paper_day(connection, case.reading.sha256) is not None:
        return submissions.PAPER
    if is_uploaded:
        return submissions.PAGE
    return submissions.FOLDER if case.origin is None else submissions.EMAIL


def _append_to_journal(
    connection: Transaction,
    event: str,
    place: Place,
    reading: Reading,
    submission_id: int,
    outcome: Outcome,
    findings: Sequence[Finding],
    **more: Any,
) -> None:
    journal.append_entry(
        connection,
        event,
        cycle_id=place.cycle_id,
        challenge_id=place.challenge_id,
        submission=submission_id,
        kind=reading.kind.value if reading.kind else None,
        outcome=outcome.value,
        sha256=reading.sha256,
        findings=sorted({finding.code for finding in findings}),
        **more,
    )


def describe_doubt(findings: Sequence[Finding], decision: Decision) -> Doubt:
    """Why it is doubtful whose a document is, and whose it may be, as the register keeps it."""
    reasons = [f.code for f in findings if f.code in DOUBTS and f.code != HELD]
    return {
        "reasons": reasons,
        "candidates": [one.as_dict() for one in decision.candidates],
        "named": list(decision.named),
    }


def writer_as_identified(
    connection: Transaction, held: Submission, place: Place, kind: Kind | None
) -> Party | None:
    """Who wrote a held document, where the office has said whose and of what kind it is."""
    if place.challenge is None or kind is None:
        return None
    found = access_facts.load_challenge(
        connection, place.challenge.cycle_id, place.challenge.author_id, Reach.ISSUED
    )
    return found and whose_document.writer_as_identified(
        found[1], kind, held.doubt.get("named", ()) if held.doubt else ()
    )


def judge_identified(
    connection: Transaction, held: Submission, case: Case, checked: Sequence[Finding]
) -> Verdict:
    """What would become of a held document if it were what the office says, which `case` says."""
    arrived = Arrived(
        held.file_name, held.received_at, held.source, held.uploaded_by, taken_in_at=held.taken_in_at
    )
    kind = case.reading.kind
    *_, sent_day = decide_day(connection, case, held.taken_in_at)
    further = () if kind is None else (arrival_findings.make_identified_finding(kind), *sent_day)
    turn = read_turn_of_held(connection, case.place.challenge, kind, held.id)
    return judge_arrival(connection, case, checked, arrived, further=further, came_out_of_turn=turn)


def record_identified(
    connection: Transaction,
    held: Submission,
    case: Case,
    checked: Sequence[Finding],
    *,
    at: datetime,
    actor: str,
    reason: str,
) -> Recorded | None:
    """Record a held document as what the office says that it is, in the caller's transaction.

    All follows from it that would have followed when it came. None when it is held no longer.
    """
    case = refresh_case(connection, case)
    reading, place = case.reading, case.place
    verdict = judge_identified(connection, held, case, checked)
    findings, outcome = verdict.findings, verdict.outcome
    writer = writer_as_identified(connection, held, place, reading.kind)
    is_settled = held_documents.place_held_document(
        connection,
        held.id,
        reading,
        findings,
        outcome,
        challenge_id=place.challenge_id,
        cycle_id=place.cycle_id,
        writer=writer,
        at=at,
        actor=actor,
    )
    if not is_settled:
        return None
    _append_to_journal(
        connection,
        "document identified",
        place,
        reading,
        held.id,
        outcome,
        findings,
        at=at,
        actor=actor,
        reason=reason,
    )
    answer.answer_submission(
        connection, place, reading, held.id, verdict, at, writer=writer, received_at=held.received_at
    )
    return Recorded(outcome, _find_version(connection, reading), findings)


def _find_version(connection: Transaction, reading: Reading) -> int | None:
    row: Submission | None = submissions.seen_before(connection, reading.sha256)
    return row.version if row is not None else None


def reason_text(findings: Sequence[Finding]) -> str:
    """Why a document was not taken in and what to do, for the file beside it; quotes nothing."""
    why = [finding for finding in findings if finding.severity is Severity.REJECT]
    lines = [f"- {finding.message}\n  What to do: {finding.remedy}" for finding in why]
    return "This document was not taken in.\n\n" + "\n\n".join(lines) + "\n"


def short_hash(sha256: str) -> str:
    """What a document is called in tables: enough of its hash to find it in the register."""
    return sha256[:12]


def row_of(reading: Reading, result: Recorded) -> dict[str, object]:
    """A document's row in the table of what was taken in, by COLUMNS: it quotes nothing anybody wrote."""

    def count(severity: Severity) -> int:
        return sum(finding.severity is severity for finding in result.findings)

    return dict(
        zip(
            COLUMNS,
            (
                short_hash(reading.sha256),
                reading.kind.value if reading.kind else "",
                reading.cycle or "",
                reading.participant or "",
                result.version,
                result.outcome.value,
                count(Severity.QUERY),
                count(Severity.WARN),
            ),
            strict=True,
        )
    )
