"""Checks the files that came with self-assessments, in cycles that pass them on to the challengers.

It is done before anything goes out, so that the receipt says what became of each file. Files are checked
outside any transaction, in a process within bounds; what became of them is recorded in one. Killed anywhere,
the next run checks again what is not recorded.
"""

import contextlib
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from peer_challenge.clock import local_day
from peer_challenge.errors import PeerChallengeError
from peer_challenge.evidence import checking_process
from peer_challenge.evidence.checked_file import CheckedFile
from peer_challenge.evidence.refusal_words import Refusal
from peer_challenge.evidence.zip_files import ZippedFile
from peer_challenge.intake.emails.message_content import clean_name
from peer_challenge.intake.emails.sender_of_form import is_from_area
from peer_challenge.intake.read_claimed import load_known_from_register, make_reading_limits
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.journey import can_send_evidence
from peer_challenge.model.vocabulary import DispatchKind
from peer_challenge.register import (
    challenges,
    evidence,
    journal,
    look_before_sending,
    outbox,
    received_emails,
    submissions,
)
from peer_challenge.register.archive import Archive, sha256_of
from peer_challenge.register.cycles import load_cycles
from peer_challenge.register.database import Register, Transaction
from peer_challenge.register.evidence import EvidenceFile, NewFile
from peer_challenge.register.received_emails import EmailOfSubmission
from peer_challenge.register.records import DispatchState, Submission
from peer_challenge.settings import Settings
from peer_challenge.submissions.checked_against import SubmissionContext
from peer_challenge.system.bounded_work import ChildLost
from peer_challenge.system.logging_without_content import describe_error
from peer_challenge.word.form.known_before_reading import Known
from peer_challenge.word.package.file_kinds import kind_of_file
from peer_challenge.word.reader_findings import Unreadable

log = logging.getLogger(__name__)

MOST_FILES = 20
"""Each goes out as a file of its own, and its readers open one after another."""
MOST_TOGETHER = 15_000_000
"""Bytes of the copies that go with one form: as an email that is 20 MB, which most mail servers take."""
_PATIENCE = timedelta(days=1)
"""How long a ZIP that ends the process that lists it is tried again."""
_LOCKED = ("open.encrypted", "open.zip_encrypted", "open.rights_managed")
_OTHER_VERSIONS = ("version", "blank")


@dataclass(frozen=True, slots=True)
class _File:
    """A file to check. `refusal` says why it could not be taken out of its ZIP, None where it was.

    `is_clear`: the email that brought it holds what one area sends and nothing else.
    """

    name: str
    data: bytes
    size: int
    refusal: Refusal | None = None
    is_clear: bool = True

    @property
    def sha256(self) -> str:
        """The hash of its bytes; empty where there are none to compare."""
        return sha256_of(self.data) if self.data else ""


def has_unread(register: Register) -> bool:
    """Whether files that came with a form were not checked yet."""
    return bool(_list_unread(register)[0])


def settle_evidence(register: Register, settings: Settings, at: datetime) -> int:
    """Check the files that came with each form and were not checked yet; returns how many forms.

    One whose original or files can't be had from the archive waits for the next run. The caller holds the
    lock "advance".
    """
    unread, cycles = _list_unread(register)
    settler = _Settler(register, settings, at)
    return sum(settler.settle(one, cycles[one.cycle_id or ""]) for one in unread)


def _list_unread(register: Register) -> tuple[list[Submission], dict[str, Cycle]]:
    """The forms whose files were not checked yet, and the cycles that pass files on, by id."""
    with register.reading() as connection:
        cycles = {one.id: one for one in load_cycles(connection) if one.rules.evidence_goes_with_pack}
        return (evidence.list_unread(connection, cycles) if cycles else []), cycles


class _Settler:
    def __init__(self, register: Register, settings: Settings, at: datetime) -> None:
        self._register, self._settings, self._at = register, settings, at
        self._archive = Archive(settings.archive_folder)
        self._gives_up = False

    def settle(self, submission: Submission, cycle: Cycle) -> bool:
        """Check the files of one submission and record what became of them; whether that was done."""
        with self._register.reading() as connection:
            emails = received_emails.list_emails_of(connection, submission.id)
        self._gives_up = self._at - submission.taken_in_at > _PATIENCE
        try:
            # of a file that came twice the first is checked: better the one that is surely this area's
            files = sorted(self._list_files(submission, emails, cycle), key=lambda one: not one.is_clear)
        except (OSError, PeerChallengeError, ChildLost) as error:
            log.warning(
                "the files that came with document %s can't be read (%s)",
                submission.id,
                describe_error(error),
            )
            return False
        checked = self._check_files(files, submission, cycle)
        with self._register.writing() as connection:
            if received_emails.list_emails_of(connection, submission.id) != emails:
                return False  # another has brought it meanwhile: the next run looks at all of them
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
                _tell_later(connection, submission, self._at)
        return is_new

    def _list_files(
        self, submission: Submission, emails: Sequence[EmailOfSubmission], cycle: Cycle
    ) -> Iterator[_File]:
        """The files that came with a form: beside it in its ZIP, and in each email that brought it."""
        original = self._archive.get(submission.sha256)
        if _is_zip(original):
            with_forms = load_known_from_register(self._register, self._settings)
            yield from self._list_zipped(clean_name(submission.file_name), original, with_forms)
        with self._register.reading() as connection:
            clear = {one.id for one in emails if _is_of_one_area(connection, one, submission, cycle)}
        for email in emails:
            for attachment in email.attachments:
                if attachment.sha256 and attachment.what not in _OTHER_VERSIONS:
                    files = self._list_attached(attachment.name, self._archive.get(attachment.sha256))
                    yield from (replace(one, is_clear=email.id in clear) for one in files)
            yield from self._list_unplaced(email.id, is_named=email.id in clear)

    def _list_unplaced(self, email_id: int, *, is_named: bool) -> Iterator[_File]:
        """The documents of an email that can't be opened, without names where they may be another area's."""
        with self._register.reading() as connection:
            for one in evidence.list_unplaced(connection, email_id):
                why = Refusal.LOCKED if _is_locked(connection, one) else Refusal.DAMAGED
                name = clean_name(one.file_name) if is_named else ""
                yield _File(name, self._archive.get(one.sha256), one.size, why)

    def _list_attached(self, name: str, data: bytes) -> Iterator[_File]:
        """A file of an email; of a ZIP file, those in it that the email does not list by themselves."""
        if _is_zip(data):
            yield from self._list_zipped(name, data, None)
        else:
            yield _File(name, data, len(data))

    def _list_zipped(self, name: str, data: bytes, known: Known | None) -> Iterator[_File]:
        """The files in a ZIP called `name`; the ZIP itself where they can't be listed.

        Raises ChildLost, for a day: the ZIP may be innocent of it.
        """
        limits = make_reading_limits(self._settings)
        try:
            found = checking_process.list_zip_within_bounds(data, known, limits)
        except ChildLost:
            if not self._gives_up:
                raise
            found = [ZippedFile("", len(data), b"", Refusal.TOO_MUCH)]
        for one in found:
            yield _File(clean_name(one.name) or name, one.data, one.size, one.refusal)

    def _check_files(self, files: list[_File], submission: Submission, cycle: Cycle) -> list[NewFile]:
        with self._register.reading() as connection:
            before = evidence.list_of_challenge(connection, submission.challenge_id or "")
            gone = evidence.list_dispatches_gone(connection, submission.challenge_id or "")
            challenge = challenges.find_challenge(connection, submission.challenge_id or "")
        is_late = challenge is not None and not can_send_evidence(challenge.stage)
        own = [one for one in before if one.submission_id == submission.id]
        known = {one.sha256: one for one in before if one.may_go or one.is_decided}
        areas = SubmissionContext(cycle=cycle).areas
        have = {one.parameters.get("evidence") for one in gone}
        together = sum(self._size_of_copy(one) for one in before if one.may_go and one.id not in have)
        last = max((one.number for one in before), default=0)
        found = list[NewFile]()
        for file in files:
            if any(_is_same(file, one) for one in found) or any(_is_settled(file, one) for one in own):
                continue
            refusal = _refuse_unseen(file, known.get(file.sha256), len(own) + len(found), is_late=is_late)
            if refusal is not None:
                name = file.name if refusal is not Refusal.SEVERAL else ""  # it may be another area's
                found.append(NewFile(name, file.size, file.sha256, refusal=refusal))
                continue
            checked = self._check(file, last + len(found) + 1, areas, submission)
            if checked.refusal is None and together + len(checked.copy) > MOST_TOGETHER:
                checked = CheckedFile(refusal=Refusal.LARGE)
            if checked.refusal is None:
                together += len(checked.copy)
            found.append(self._keep(file, checked))
        return found

    def _size_of_copy(self, file: EvidenceFile) -> int:
        with contextlib.suppress(FileNotFoundError):  # it was destroyed under the retention rule
            return self._archive.path_of(file.copy_sha256 or "").stat().st_size
        return 0

    def _check(self, file: _File, number: int, areas: tuple[str, ...], submission: Submission) -> CheckedFile:
        day = local_day(submission.received_at)
        stamp = datetime(day.year, day.month, day.day)
        return checking_process.check_within_bounds(file.data, file.name, f"Evidence {number}", areas, stamp)

    def _keep(self, file: _File, checked: CheckedFile) -> NewFile:
        """The file with its copy in the archive, where there is one."""
        return NewFile(
            file.name,
            file.size,
            file.sha256,
            checked.ending,
            self._archive.put(checked.copy) if checked.copy else None,
            checked.refusal,
            checked.marking,
            checked.details,
            checked.has_words,
            checked.left_out,
        )


def _is_of_one_area(
    connection: Transaction, email: EmailOfSubmission, submission: Submission, cycle: Cycle
) -> bool:
    """Whether all that an email brought is what the area of a submission sends.

    One that says that it is from a contact of the area may also bring other forms that this area has to
    send, such as its analysis of another area, and what is locked. Otherwise a document of which we do not
    know whose it is counts as another area's.
    """
    area = cycle.participant.get(submission.writer_id or "")
    is_own = area is not None and is_from_area(area, email.said.sender)

    def is_of_area(one: Submission) -> bool:
        if one.challenge_id is None:
            return is_own and _is_locked(connection, one)
        return one.challenge_id == submission.challenge_id or (
            is_own and one.writer_id == submission.writer_id
        )

    return all(map(is_of_area, evidence.list_brought(connection, email.id)))


def _is_locked(connection: Transaction, submission: Submission) -> bool:
    return any(submissions.has_finding(connection, submission.id, code) for code in _LOCKED)


def _tell_later(connection: Transaction, submission: Submission, at: datetime) -> None:
    """Send a receipt once more where the one that went could not say what became of the files."""
    receipts = outbox.list_about_submission(
        connection, submission.challenge_id or "", submission.id, (DispatchKind.RECEIPT,)
    )
    if not receipts or receipts[-1].state in (DispatchState.INTENDED, DispatchState.HELD):
        return  # it is made after this
    last = receipts[-1]
    if last.state is DispatchState.TO_LOOK_AT:
        look_before_sending.make_again(
            connection, submission.challenge_id or "", last.kind, to=last.recipient_id
        )
        return
    outbox.intend_dispatch(
        connection,
        last.kind,
        last.role,
        last.recipient_id,
        key=f"{receipts[0].key}-files-{len(receipts)}",
        at=at,
        cycle_id=last.cycle_id,
        challenge_id=last.challenge_id,
        parameters=last.parameters,
    )


def _is_same(file: _File, other: NewFile) -> bool:
    """Whether a file is there twice, as a forwarded email brings it."""
    return bool(file.sha256) and file.sha256 == other.sha256


def _is_settled(file: _File, before: EvidenceFile) -> bool:
    """Whether the area knows what became of a file: it came with the same form before.

    One that was nobody's, and came again in an email that is clear, is checked; so is one that was refused
    and has another name now.
    """
    if file.sha256 != before.sha256:
        return False
    if before.refusal == Refusal.SEVERAL:
        return not file.is_clear and file.size == before.size
    if before.may_go or before.refusal == Refusal.AGAIN:
        return True
    return file.name == before.name and file.size == before.size


def _refuse_unseen(file: _File, earlier: EvidenceFile | None, count: int, *, is_late: bool) -> Refusal | None:
    """Why a file need not be looked at; None where it has to be. `earlier` is the same file, come before.

    `is_late`: no file of its challenge is sent any more.
    """
    if not file.is_clear:
        return Refusal.SEVERAL
    if is_late and (earlier is None or not earlier.may_go):
        return Refusal.LATE
    if count >= MOST_FILES:
        return Refusal.MANY
    if file.refusal is not None:
        return file.refusal
    if earlier is None:
        return None
    return Refusal(earlier.refusal) if earlier.refusal else Refusal.AGAIN


def _is_zip(data: bytes) -> bool:
    try:
        return kind_of_file(data) == "zip"
    except Unreadable:
        return False
