"""Checks the files that came with self-assessments, in cycles that pass them on to the challengers.

It is done before anything goes out, so that the receipt says what became of each file. Files are checked
outside any transaction, in a process within bounds; what became of them is recorded in one. Killed anywhere,
the next run checks again what is not recorded.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from peer_challenge.clock import local_day
from peer_challenge.errors import PeerChallengeError
from peer_challenge.evidence import checking_process
from peer_challenge.evidence.check_file import CheckedFile
from peer_challenge.evidence.refusals import Refusal
from peer_challenge.intake.emails.message_content import clean_name
from peer_challenge.intake.read_claimed import load_known_from_register, make_reading_limits
from peer_challenge.model.cycle import Cycle
from peer_challenge.register import evidence, journal, received_emails
from peer_challenge.register.archive import Archive, sha256_of
from peer_challenge.register.cycles import load_cycles
from peer_challenge.register.database import Register
from peer_challenge.register.evidence import EvidenceFile, NewFile
from peer_challenge.register.records import Submission
from peer_challenge.settings import Settings
from peer_challenge.submissions.context import SubmissionContext
from peer_challenge.system.logging_without_content import describe_error
from peer_challenge.word.package.file_kinds import kind_of_file
from peer_challenge.word.reader_findings import Unreadable

log = logging.getLogger(__name__)

MOST_FILES = 20
MOST_TOGETHER = 15_000_000
"""Bytes of the copies that go with one form: as an email that is 20 MB, which most mail servers take."""
_OTHER_VERSIONS = ("version", "blank")


@dataclass(frozen=True, slots=True)
class _File:
    """A file to check; `data` is None where it is far too large to be taken out of its ZIP."""

    name: str
    size: int
    data: bytes | None


def settle_evidence(register: Register, settings: Settings, at: datetime) -> int:
    """Check the files that came with each form and were not checked yet; returns how many forms.

    One whose original or files can't be had from the archive waits for the next run. The caller holds the
    lock "advance".
    """
    with register.reading() as connection:
        cycles = {one.id: one for one in load_cycles(connection) if one.rules.evidence_goes_with_pack}
        unread = evidence.list_unread(connection, cycles) if cycles else []
    settler = _Settler(register, settings, at)
    return sum(settler.settle(one, cycles[one.cycle_id or ""]) for one in unread)


class _Settler:
    def __init__(self, register: Register, settings: Settings, at: datetime) -> None:
        self._register, self._settings, self._at = register, settings, at
        self._archive = Archive(settings.archive_folder)

    def settle(self, submission: Submission, cycle: Cycle) -> bool:
        """Check the files of one submission and record what became of them; whether that was done."""
        try:
            files = list(self._list_files(submission))
        except (OSError, PeerChallengeError) as error:
            log.warning(
                "the files that came with document %s can't be read (%s)",
                submission.id,
                describe_error(error),
            )
            return False
        checked = self._check_files(files, submission, cycle)
        with self._register.writing() as connection:
            is_new = evidence.record_checked(connection, submission, checked, self._at)
            if is_new and checked:
                journal.append_entry(
                    connection,
                    "evidence checked",
                    at=self._at,
                    cycle_id=submission.cycle_id,
                    challenge_id=submission.challenge_id,
                    submission=submission.id,
                    files=len(checked),
                    passed_on=sum(one.refusal is None for one in checked),
                    refusals=sorted({one.refusal for one in checked if one.refusal}),
                )
        return is_new

    def _list_files(self, submission: Submission) -> Iterator[_File]:
        """The files that came with a form: beside it in its ZIP, or in its email."""
        original = self._archive.get(submission.sha256)
        if _is_zip(original):
            with_forms = load_known_from_register(self._register, self._settings)
            limits = make_reading_limits(self._settings)
            for one in checking_process.list_zip_within_bounds(original, with_forms, limits):
                yield _File(clean_name(one.name), one.size, one.data or None)
        with self._register.reading() as connection:
            email = received_emails.load_email_of(connection, submission.id)
        for attachment in email.attachments if email else ():
            if attachment.sha256 and attachment.what not in _OTHER_VERSIONS:
                yield from self._list_attached(attachment.name, self._archive.get(attachment.sha256))

    def _list_attached(self, name: str, data: bytes) -> Iterator[_File]:
        """A file of an email; of a ZIP file, those in it that the email does not list by themselves."""
        if not _is_zip(data):
            yield _File(name or "without a name", len(data), data)
            return
        limits = make_reading_limits(self._settings)
        for one in checking_process.list_zip_within_bounds(data, None, limits):
            yield _File(clean_name(one.name), one.size, one.data or None)

    def _check_files(self, files: list[_File], submission: Submission, cycle: Cycle) -> list[NewFile]:
        with self._register.reading() as connection:
            email = received_emails.load_email_of(connection, submission.id)
            is_clear = email is None or evidence.count_owners_of_email(connection, email.id) <= 1
            before = evidence.list_of_challenge(connection, submission.challenge_id or "")
        known = {one.sha256: one for one in before}
        areas = SubmissionContext(cycle=cycle).areas
        found, together = list[NewFile](), 0
        for file in files:
            sha256 = sha256_of(file.data) if file.data else ""
            if sha256 in {one.sha256 for one in found}:
                continue  # the same file twice, as a forwarded email brings it
            earlier = known.get(sha256) if sha256 else None
            refusal = _refuse_unseen(file, earlier, len(found), is_clear=is_clear)
            if refusal is not None or file.data is None:
                found.append(NewFile(file.name, file.size, sha256, refusal=refusal or Refusal.LARGE))
                continue
            number = len(before) + len(found) + 1
            checked = self._check(file.data, number, areas, submission)
            together += len(checked.copy)
            if checked.refusal is None and together > MOST_TOGETHER:
                together -= len(checked.copy)
                found.append(NewFile(file.name, file.size, sha256, refusal=Refusal.LARGE))
                continue
            found.append(self._keep(file, sha256, checked))
        return found

    def _check(self, data: bytes, number: int, areas: tuple[str, ...], submission: Submission) -> CheckedFile:
        day = local_day(submission.received_at)
        stamp = datetime(day.year, day.month, day.day)
        return checking_process.check_within_bounds(data, f"Evidence {number}", areas, stamp)

    def _keep(self, file: _File, sha256: str, checked: CheckedFile) -> NewFile:
        """The file with its copy in the archive, where there is one."""
        return NewFile(
            file.name,
            file.size,
            sha256,
            checked.ending,
            self._archive.put(checked.copy) if checked.copy else None,
            checked.refusal,
            checked.marking,
            checked.details,
            checked.has_words,
            checked.left_out,
        )


def _refuse_unseen(
    file: _File, earlier: EvidenceFile | None, count: int, *, is_clear: bool
) -> Refusal | None:
    """Why a file need not be looked at; None where it has to be. `earlier` is the same file, come before."""
    if not is_clear:
        return Refusal.SEVERAL
    if count >= MOST_FILES:
        return Refusal.MANY
    if file.data is None:
        return Refusal.LARGE
    if earlier is not None and (earlier.may_go or earlier.is_decided):
        return Refusal(earlier.refusal) if earlier.refusal else Refusal.AGAIN
    return None


def _is_zip(data: bytes) -> bool:
    try:
        return kind_of_file(data) == "zip"
    except Unreadable:
        return False
