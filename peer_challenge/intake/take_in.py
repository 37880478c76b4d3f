"""Intake: from files in the inbox to entries in the register. A file leaves the inbox only after that.

Intake can run at any time, twice, in two workers, and can be killed at any point. A file is archived,
then recorded with all that follows from it in one transaction, and only then taken away.
"""

import logging
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd

from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.errors import PeerChallengeError
from peer_challenge.intake import answer, arrival_findings
from peer_challenge.intake.case import Case, Place, check_cases, judge_arrival, open_case, refresh_case
from peer_challenge.intake.inbox import (
    Arrival,
    Inbox,
    Left,
    explain_os_errors,
    make_inbox_from_settings,
    name_as_text,
)
from peer_challenge.model import identification
from peer_challenge.model.access import Party
from peer_challenge.model.findings import Finding
from peer_challenge.model.identification import HELD, Decision, Doubt
from peer_challenge.model.vocabulary import Kind, Outcome, Severity
from peer_challenge.register import journal, rights, submissions, uploads
from peer_challenge.register.archive import Archive
from peer_challenge.register.cycles import load_all_stored
from peer_challenge.register.database import Register, Transaction
from peer_challenge.register.records import CycleState, Submission
from peer_challenge.register.submissions import Arrived
from peer_challenge.settings import Settings
from peer_challenge.submissions import Verdict, checking_process
from peer_challenge.word.answers.identity_evidence import is_doubtful
from peer_challenge.word.answers.reading import Reading
from peer_challenge.word.form.known import Known
from peer_challenge.word.package.open_package import Limits
from peer_challenge.word.process import shared_pool
from peer_challenge.word.reader_findings import DOUBTS

log = logging.getLogger(__name__)
COLUMNS = ("document", "kind", "cycle", "participant", "version", "outcome", "queries", "warnings")
_BATCH = 50
Progress = Callable[[int, int], None]


class ArchiveUnwritable(PeerChallengeError):
    """The original of a document cannot be archived, so the document is not recorded."""

    exit_code = 6
    remedy = "Free some space or correct the folder's permissions, then run `peer-challenge intake` again."


@dataclass(frozen=True, slots=True)
class Taken:
    """What one intake did: `table` has the columns COLUMNS, `left` are the files that stay for now.

    `names` are the files' names, one for each row: for the screen of the person who runs it, never for a log.
    `more` is how many files are ready and were left for the next time because of `most`.
    """

    table: pd.DataFrame
    left: tuple[Left, ...]
    names: tuple[str, ...] = field(default=(), repr=False)
    more: int = 0


def load_known_from_register(register: Register, settings: Settings) -> Known:
    """What a document can be matched with: all frameworks, and the cycles that are open or closed."""
    with register.reading() as connection:
        stored = load_all_stored(connection, states=(CycleState.OPEN, CycleState.CLOSED))
    frameworks = shipped_frameworks(settings.own_frameworks)
    return Known(
        frameworks=frameworks | {f.id: f for _, f in stored.values() if f.id not in frameworks},
        cycles={cycle_id: cycle for cycle_id, (cycle, _) in stored.items()},
    )


def make_reading_limits(settings: Settings) -> Limits:
    """The limits within which a document is opened."""
    return Limits(max_bytes=int(settings.max_megabytes * 1_000_000))


def start_worker_processes(register: Register, settings: Settings) -> None:
    """Start the processes that the first intake would otherwise wait for.

    One checks documents, the other reads them.
    """
    checking_process.start_checking_process()
    shared_pool.start_reading_child(
        load_known_from_register(register, settings), make_reading_limits(settings)
    )


def take_in_ready_documents(
    register: Register,
    settings: Settings,
    at: datetime,
    *,
    progress: Progress = lambda done, total: None,
    most: int | None = None,
) -> Taken:
    """Take in the documents that are ready in the inbox, in batches; `at` is when they are received.

    The oldest come first, so that an area's later version stays the later one. With `most`, only so many are
    taken in.
    """
    inbox = make_inbox_from_settings(settings)
    found, left = inbox.ready()
    ready = found[:most]
    rows: list[dict[str, object]] = []
    for start in range(0, max(len(ready), 1), _BATCH):
        with inbox.claim(ready[start : start + _BATCH], left.append) as arrivals:
            if arrivals:
                rows += _Batch(register, settings, inbox, at).take(arrivals)
        progress(min(start + _BATCH, len(ready)), len(ready))
    table = pd.DataFrame(rows, columns=list(COLUMNS), dtype=object)
    return Taken(
        table, tuple(left), tuple(name_as_text(str(row["name"])) for row in rows), len(found) - len(ready)
    )


class _Batch:
    """The documents of one claim, read and validated together, recorded one by one."""

    def __init__(self, register: Register, settings: Settings, inbox: Inbox, at: datetime) -> None:
        self._register = register
        self._settings = settings
        self._inbox = inbox
        self._at = at
        self._archive = Archive(settings.archive_folder)

    def take(self, arrivals: Sequence[Arrival]) -> list[dict[str, object]]:
        kept = [(arrival, sha256) for arrival in arrivals if (sha256 := self._archive_original(arrival))]
        fresh = [(arrival, sha256) for arrival, sha256 in kept if not self._is_repeat(arrival, sha256)]
        cases = self._open_cases([arrival.path for arrival, _ in fresh])
        rows = []
        for (arrival, sha256), case, checked in zip(fresh, cases, check_cases(cases), strict=True):
            if case.reading.sha256 != sha256:  # our own copy is damaged: it stays for the next time
                log.error("a claimed document is not what it was; it is tried again")
                continue
            rows.append(self._record_and_settle(arrival, case, checked))
        return rows

    def _archive_original(self, arrival: Arrival) -> str | None:
        """Archive the original before anything else; None leaves the file for the next time."""
        try:
            data = arrival.path.read_bytes()
        except OSError:
            log.warning("a claimed document can't be read; it is tried again")
            return None
        return self._write_to_archive(data)

    def _write_to_archive(self, data: bytes) -> str:
        try:
            return self._archive.put(data)
        except OSError as error:
            raise ArchiveUnwritable(
                f"The archive can't be written to ({os.strerror(error.errno or 0)})."
            ) from None

    def _is_repeat(self, arrival: Arrival, sha256: str) -> bool:
        """The identical document again has no second effect, unless it was rejected before."""
        with self._register.reading() as connection:
            before = submissions.seen_before(connection, sha256)
        if before is None or before.outcome == Outcome.REJECTED.value:
            return False
        with self._register.writing() as connection:
            journal.append_entry(
                connection,
                "document arrived again",
                at=self._at,
                cycle_id=before.cycle_id,
                challenge_id=before.challenge_id,
                submission=before.id,
            )
        self._inbox.finish(arrival)
        return True

    def _open_cases(self, paths: Sequence[Path]) -> list[Case]:
        """Read documents, and find out where each belongs."""
        known = load_known_from_register(self._register, self._settings)
        if paths:
            checking_process.start_checking_process()
        with explain_os_errors("The folder of claims"):
            readings = shared_pool.read_all_files(paths, known, make_reading_limits(self._settings))
        with self._register.reading() as connection:
            return [open_case(connection, reading) for reading in readings]

    def _record_and_settle(
        self, arrival: Arrival, case: Case, checked: Sequence[Finding]
    ) -> dict[str, object]:
        with self._register.writing() as connection:
            if not self._archive.path_of(case.reading.sha256).exists():  # purged since we kept it
                with explain_os_errors("The folder of claims"):
                    data = arrival.path.read_bytes()
                self._write_to_archive(data)
            case = refresh_case(connection, case)
            result = record_document(connection, case, checked, arrival.name, self._at)
        if result.outcome is Outcome.REJECTED:
            self._inbox.reject(arrival, reason_text(result.findings))
        else:
            self._inbox.finish(arrival)
        return {"name": arrival.name, **_build_table_row(case.reading, result)}


@dataclass(frozen=True, slots=True)
class Recorded:
    """The outcome, version and findings of one document after it was recorded."""

    outcome: Outcome
    version: int | None
    findings: tuple[Finding, ...]


def record_document(
    connection: Transaction, case: Case, checked: Sequence[Finding], file_name: str, at: datetime
) -> Recorded:
    """Record one document and everything that follows from it, in the caller's transaction.

    `checked` are the rules of its suite that it breaks.

    A document that is rejected again, or that another intake has recorded meanwhile, is not recorded twice.
    """
    reading, decision, place = case.reading, case.decision, case.place
    uploaders = uploads.uploaders_of(connection, reading.sha256)
    arrived = Arrived(
        name_as_text(file_name),
        at,
        submissions.PAGE if uploaders else submissions.FOLDER,
        uploaders[0].id if uploaders else None,
    )
    verdict = judge_arrival(connection, case, checked, arrived)
    findings, outcome = verdict.findings, verdict.outcome
    before = submissions.seen_before(connection, reading.sha256)
    if before is not None and (before.outcome == outcome.value or before.outcome != Outcome.REJECTED.value):
        return Recorded(Outcome(before.outcome), before.version, findings)
    writer = decision.writer if decision is not None and place.challenge is not None else None
    is_held = decision is not None and is_doubtful(findings) and outcome is not Outcome.REJECTED
    submission_id = submissions.store_submission(
        connection,
        reading,
        findings,
        outcome,
        arrived,
        challenge_id=place.challenge.id if place.challenge else None,
        cycle_id=place.cycle_id,
        writer=writer,
        doubt=describe_doubt(findings, decision) if is_held and decision else None,
    )
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
    if place.challenge is not None and reading.kind is not None:
        answer.answer_submission(
            connection, place, reading, submission_id, verdict, at, writer=writer, received_at=at
        )
    return Recorded(outcome, _find_version(connection, reading), findings)


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
        challenge_id=place.challenge.id if place.challenge else None,
        submission=submission_id,
        kind=reading.kind.value if reading.kind else None,
        outcome=outcome.value,
        sha256=reading.sha256,
        findings=sorted({finding.code for finding in findings}),
        **more,
    )


def describe_doubt(findings: Sequence[Finding], decision: Decision) -> Doubt:
    """Why it is doubtful whose a document is, and who may own it, as the register keeps it."""
    reasons = [f.code for f in findings if f.code in DOUBTS and f.code != HELD]
    return {
        "reasons": reasons,
        "candidates": [one.as_dict() for one in decision.candidates],
        "named": list(decision.named),
    }


def writer_as_identified(
    connection: Transaction, held: Submission, place: Place, kind: Kind | None
) -> Party | None:
    """Who wrote a held document, once the office has said whose it is and of what kind; else None."""
    if place.challenge is None or kind is None:
        return None
    found = rights.load_challenge(connection, place.challenge.cycle_id, place.challenge.author_id)
    return found and identification.writer_as_identified(
        found[1], kind, held.doubt.get("named", ()) if held.doubt else ()
    )


def judge_identified(
    connection: Transaction, held: Submission, case: Case, checked: Sequence[Finding]
) -> Verdict:
    """The verdict on a held document if it is what the office says; `case` holds what the office says."""
    arrived = Arrived(held.file_name, held.received_at, held.source, held.uploaded_by)
    kind = case.reading.kind
    further = () if kind is None else (arrival_findings.make_identified_finding(kind),)
    return judge_arrival(connection, case, checked, arrived, further=further)


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

    Everything follows that would have followed when it came. Returns None when the document is no longer
    held.
    """
    case = refresh_case(connection, case)
    reading, place = case.reading, case.place
    verdict = judge_identified(connection, held, case, checked)
    findings, outcome = verdict.findings, verdict.outcome
    writer = writer_as_identified(connection, held, place, reading.kind)
    is_settled = submissions.place_held_document(
        connection,
        held.id,
        reading,
        findings,
        outcome,
        challenge_id=place.challenge.id if place.challenge else None,
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
    if place.challenge is not None and reading.kind is not None:
        answer.answer_submission(
            connection, place, reading, held.id, verdict, at, writer=writer, received_at=held.received_at
        )
    return Recorded(outcome, _find_version(connection, reading), findings)


def _find_version(connection: Transaction, reading: Reading) -> int | None:
    row: Submission | None = submissions.seen_before(connection, reading.sha256)
    return row.version if row is not None else None


def reason_text(findings: Sequence[Finding]) -> str:
    """The text of the file beside a rejected document: why, and what to do. It quotes nothing."""
    why = [finding for finding in findings if finding.severity is Severity.REJECT]
    lines = [f"- {finding.message}\n  What to do: {finding.remedy}" for finding in why]
    return "This document was not taken in.\n\n" + "\n\n".join(lines) + "\n"


def _build_table_row(reading: Reading, result: Recorded) -> dict[str, object]:
    def count(severity: Severity) -> int:
        return sum(finding.severity is severity for finding in result.findings)

    return dict(
        zip(
            COLUMNS,
            (
                reading.sha256[:12],
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
