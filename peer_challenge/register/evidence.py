"""Files that came with forms: which were checked, what became of each, and which are passed on."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from peer_challenge.model.vocabulary import ACCEPTED_OUTCOMES, DispatchKind, Kind, Outcome, Role
from peer_challenge.register import messages, outbox
from peer_challenge.register import tables as t
from peer_challenge.register.records import Challenge, Dispatch, DispatchState, Submission

_AGAIN, _SEVERAL = "again", "several"
"""Two of the reasons of evidence/refusal_words.py."""


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file as it was checked. `copy_sha256` is None where no copy of it was made."""

    name: str
    size: int
    sha256: str
    ending: str = ""
    copy_sha256: str | None = None
    refusal: str | None = None
    marking: str | None = None
    details: tuple[str, ...] = ()
    has_words: bool = True
    left_out: str = ""


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """A file that came with a form, as the register has it.

    `number` tells the files of a challenge apart. `refusal` says why it is not passed on, None where it is.
    `is_decided`: the office has decided about it.
    """

    id: int
    challenge_id: str
    submission_id: int
    number: int
    name: str
    size: int
    sha256: str
    ending: str
    copy_sha256: str | None
    refusal: str | None
    marking: str | None
    details: tuple[str, ...]
    has_words: bool
    left_out: str
    is_decided: bool

    @property
    def may_go(self) -> bool:
        """Whether its copy is passed on."""
        return self.copy_sha256 is not None and self.refusal is None


def list_unread(connection: Connection, cycle_ids: Collection[str]) -> list[Submission]:
    """The self-assessments of these cycles whose files were not checked yet, oldest first.

    Those of their author that were not rejected and are not held. One whose email brought a form that is
    held, or not recorded yet, waits until it is known whose that is: the files may be that area's.
    """
    found = connection.execute(_build_unread_query(), {"cycles": list(cycle_ids)})
    return [Submission.from_row(row) for row in found]


@cache
def _build_unread_query() -> sa.Select[Any]:
    """The query of `list_unread`, built once: every turn asks it several times."""
    rows, mine, other = t.submissions, t.email_submissions.alias(), t.email_submissions.alias()
    held = t.submissions.alias()
    beside_held = (
        sa.select(mine.c.submission_id)
        .join(other, other.c.email_id == mine.c.email_id)
        .join(held, held.c.id == other.c.submission_id)
        .where(held.c.held_since_at.is_not(None))
    )
    recorded = (
        sa.select(sa.func.count())
        .where(other.c.email_id == t.received_emails.c.id)
        .correlate(t.received_emails)
        .scalar_subquery()
    )
    beside_unrecorded = (
        sa.select(mine.c.submission_id)
        .join(t.received_emails, t.received_emails.c.id == mine.c.email_id)
        .where(t.received_emails.c.purged_at.is_(None), t.received_emails.c.forms > recorded)
    )
    return (
        sa.select(rows)
        .where(
            rows.c.cycle_id.in_(sa.bindparam("cycles", expanding=True)),
            rows.c.challenge_id.is_not(None),
            rows.c.kind == Kind.SELF_ASSESSMENT.value,
            rows.c.writer_role == Role.AUTHOR.value,
            rows.c.outcome != Outcome.REJECTED.value,
            rows.c.held_since_at.is_(None),
            rows.c.purged_at.is_(None),
            rows.c.id.not_in(sa.select(t.evidence_reads.c.submission_id)),
            rows.c.id.not_in(beside_held),
            rows.c.id.not_in(beside_unrecorded),
        )
        .order_by(rows.c.id)
    )


def list_brought(connection: Connection, email_id: int) -> list[Submission]:
    """The documents that an email brought, by number, without earlier tries that failed: of it or of one."""
    email = sa.select(t.received_emails.c.sha256).where(t.received_emails.c.id == email_id).scalar_subquery()
    query = (
        sa.select(t.submissions)
        .join(t.email_submissions, t.email_submissions.c.submission_id == t.submissions.c.id)
        .where(t.email_submissions.c.email_id == email_id, t.submissions.c.sha256 != email)
        .order_by(t.submissions.c.id)
    )
    found = [Submission.from_row(row) for row in connection.execute(query)]
    taken_in = {one.sha256 for one in found if one.outcome is not Outcome.REJECTED}
    return [one for one in found if one.outcome is not Outcome.REJECTED or one.sha256 not in taken_in]


def list_unplaced(connection: Connection, email_id: int) -> list[Submission]:
    """The documents of an email of which we do not know whose they are, as they can't be opened."""
    return [
        one
        for one in list_brought(connection, email_id)
        if one.challenge_id is None and one.identified_at is None and one.purged_at is None
    ]


def check_again(connection: Connection, submission_id: int) -> None:
    """Have the files of a submission checked once more: another email brought it, perhaps with more files."""
    connection.execute(t.evidence_reads.delete().where(t.evidence_reads.c.submission_id == submission_id))


def record_checked(
    connection: Connection, submission: Submission, files: Sequence[NewFile], at: datetime
) -> bool:
    """Record what became of the files that came with a submission; False where that was recorded before.

    Those that it has from an earlier check stay, but what was nobody's then and now is somebody's.
    """
    known = sa.select(t.evidence_reads.c.submission_id).where(
        t.evidence_reads.c.submission_id == submission.id
    )
    if connection.scalar(known) is not None:
        return False
    connection.execute(t.evidence_reads.insert().values(submission_id=submission.id, read_at=at))
    last = connection.scalar(
        sa.select(sa.func.max(t.evidence_files.c.number)).where(
            t.evidence_files.c.challenge_id == submission.challenge_id
        )
    )
    connection.execute(
        t.evidence_files.delete().where(
            t.evidence_files.c.submission_id == submission.id,
            t.evidence_files.c.refusal == _SEVERAL,
            t.evidence_files.c.sha256.in_([one.sha256 for one in files if one.sha256]),
        )
    )
    rows = [
        {
            "challenge_id": submission.challenge_id,
            "submission_id": submission.id,
            "number": number,
            "name": one.name,
            "size": one.size,
            "sha256": one.sha256,
            "ending": one.ending,
            "copy_sha256": one.copy_sha256,
            "refusal": one.refusal,
            "marking": one.marking,
            "details": list(one.details),
            "has_words": one.has_words,
            "left_out": one.left_out,
        }
        for number, one in enumerate(files, (last or 0) + 1)
    ]
    if rows:
        connection.execute(t.evidence_files.insert(), rows)
    return True


def _from_row(row: t.TableRow) -> EvidenceFile:
    return EvidenceFile(
        row.id,
        row.challenge_id,
        row.submission_id,
        row.number,
        row.name,
        row.size,
        row.sha256,
        row.ending,
        row.copy_sha256,
        row.refusal,
        row.marking,
        tuple(row.details),
        row.has_words,
        row.left_out,
        row.decided_at is not None,
    )


def _read(connection: Connection, *wanted: sa.ColumnElement[bool]) -> list[EvidenceFile]:
    query = sa.select(t.evidence_files).where(*wanted).order_by(t.evidence_files.c.number)
    return [_from_row(row) for row in connection.execute(query)]


def find_file(connection: Connection, file_id: int) -> EvidenceFile | None:
    """The file with this id, or None."""
    return next(iter(_read(connection, t.evidence_files.c.id == file_id)), None)


def list_of_submissions(
    connection: Connection, submission_ids: Sequence[int]
) -> Mapping[int, list[EvidenceFile]]:
    """The files that came with each of these submissions, in order; without those that came with none."""
    found: dict[int, list[EvidenceFile]] = {}
    for one in _read(connection, t.evidence_files.c.submission_id.in_(submission_ids)):
        found.setdefault(one.submission_id, []).append(one)
    return found


def list_of_challenge(connection: Connection, challenge_id: str) -> list[EvidenceFile]:
    """Every file that came with a self-assessment of a challenge, by number."""
    return _read(connection, t.evidence_files.c.challenge_id == challenge_id)


def list_challenges_with_files(connection: Connection, cycle_id: str) -> frozenset[str]:
    """The ids of the challenges of a cycle with which files came, or of which one was to go."""
    came = (
        sa.select(t.evidence_files.c.challenge_id)
        .join(t.challenges, t.challenges.c.id == t.evidence_files.c.challenge_id)
        .where(t.challenges.c.cycle_id == cycle_id)
    )
    gone = sa.select(t.dispatches.c.challenge_id).where(
        t.dispatches.c.cycle_id == cycle_id, t.dispatches.c.kind == DispatchKind.EVIDENCE.value
    )
    return frozenset(connection.scalars(came.union(gone)))


def list_passed_on(connection: Connection, challenge: Challenge) -> list[EvidenceFile]:
    """The files that go to the challenger with the pack, by number.

    They came with the accepted self-assessment or an earlier version of it: who answers a question does not
    send everything again. A later version's file of the same name takes the place of an earlier one's.
    """
    rows = t.submissions
    mine = _is_self_assessment(challenge.id, challenge.author_id)
    current = connection.scalar(
        sa.select(sa.func.max(rows.c.version)).where(
            mine, rows.c.outcome.in_(ACCEPTED_OUTCOMES), rows.c.is_current
        )
    )
    return _list_going(connection, mine, current or 0)


def list_for_receipt(connection: Connection, submission: Submission) -> list[EvidenceFile]:
    """The files of a version, whatever became of them, and those of earlier versions that go; by number.

    Only a self-assessment's earlier versions count. A file that came again is given once.
    """
    own = _read(connection, t.evidence_files.c.submission_id == submission.id)
    if (
        submission.kind is not Kind.SELF_ASSESSMENT
        or submission.challenge_id is None
        or not submission.version
    ):
        return own
    mine = _is_self_assessment(submission.challenge_id, submission.writer_id)
    there = {one.sha256 for one in own}
    earlier = [
        one
        for one in _list_going(connection, mine, submission.version)
        if one.submission_id != submission.id and one.sha256 not in there
    ]
    return sorted([*earlier, *own], key=lambda one: one.number)


def _is_self_assessment(challenge_id: str, writer_id: str | None) -> sa.ColumnElement[bool]:
    """What is so of the versions of a challenge's self-assessment that are kept."""
    rows = t.submissions
    return sa.and_(
        rows.c.challenge_id == challenge_id,
        rows.c.kind == Kind.SELF_ASSESSMENT.value,
        rows.c.writer_id == writer_id,
        rows.c.purged_at.is_(None),
    )


def _list_going(connection: Connection, mine: sa.ColumnElement[bool], version: int) -> list[EvidenceFile]:
    """The files that go with the versions that `mine` selects, up to one of them."""
    rows = t.submissions
    versions = sa.select(rows.c.id).where(
        mine, rows.c.outcome != Outcome.REJECTED.value, rows.c.version <= version
    )
    found = _read(connection, t.evidence_files.c.submission_id.in_(versions))
    counting = [one for one in found if one.may_go or one.refusal == _AGAIN]
    kept = {one.sha256 for one in counting if not any(_takes_place_of(later, one) for later in counting)}
    return [one for one in found if one.may_go and one.sha256 in kept]


def _takes_place_of(later: EvidenceFile, one: EvidenceFile) -> bool:
    """Whether a file came later than another, with another version, under the same name."""
    is_later = later.number > one.number and later.submission_id != one.submission_id
    return is_later and bool(one.name) and later.name.casefold() == one.name.casefold()


def list_dispatches_gone(connection: Connection, challenge_id: str) -> list[Dispatch]:
    """The dispatches of files of a challenge that their reader may have: no message of them waits."""
    out = [
        one
        for one in outbox.list_of_kind(connection, challenge_id, DispatchKind.EVIDENCE)
        if one.state in (DispatchState.PLACING, DispatchState.ISSUED)
    ]
    waiting = messages.list_waiting_among(connection, [one.id for one in out]) if out else set()
    return [one for one in out if one.id not in waiting]


def decide_file(
    connection: Connection, file_id: int, refusal: str | None, *, at: datetime, actor: str
) -> None:
    """Record that the office decided why a file is not passed on (`refusal`), or that it is (None)."""
    connection.execute(
        t.evidence_files.update()
        .where(t.evidence_files.c.id == file_id)
        .values(refusal=refusal, decided_at=at, decided_by=actor)
    )


def list_copies(connection: Connection, *, purged: bool) -> set[str]:
    """The hashes of the copies whose submissions are purged, or of those whose are kept."""
    is_wanted = t.submissions.c.purged_at.is_not(None) if purged else t.submissions.c.purged_at.is_(None)
    query = (
        sa.select(t.evidence_files.c.copy_sha256)
        .join(t.submissions, t.submissions.c.id == t.evidence_files.c.submission_id)
        .where(is_wanted, t.evidence_files.c.copy_sha256.is_not(None))
    )
    return {sha256 for sha256 in connection.scalars(query) if sha256 is not None}


def forget_names(connection: Connection, which: t.TableQuery) -> None:
    """Empty what the senders of these submissions called their files."""
    connection.execute(
        t.evidence_files.update()
        .where(t.evidence_files.c.submission_id.in_(which))
        .values(name="", details=[])
    )
