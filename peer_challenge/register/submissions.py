"""Submissions in the register: every version, its rows, its findings, and which one is current."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from peer_challenge.model.access import Party
from peer_challenge.model.findings import Finding, are_about_answers
from peer_challenge.model.vocabulary import ACCEPTED_OUTCOMES, Kind, Outcome, Severity
from peer_challenge.model.whose_document import Doubt
from peer_challenge.register import evidence, received_emails
from peer_challenge.register import tables as t
from peer_challenge.register.records import Submission
from peer_challenge.word.answers.reading import Reading

_SAME = (
    sa.select(t.submissions)
    .where(t.submissions.c.sha256 == sa.bindparam("sha256"), t.submissions.c.purged_at.is_(None))
    .order_by(t.submissions.c.id.desc())
    .limit(1)
)
_CURRENT = sa.select(t.submissions).where(
    t.submissions.c.challenge_id == sa.bindparam("challenge"), t.submissions.c.is_current
)
_CURRENT_OF_KIND = _CURRENT.where(
    t.submissions.c.kind == sa.bindparam("kind"), t.submissions.c.review == sa.bindparam("review")
)


def _is_of(challenge_id: str, kind: Kind, review: int) -> tuple[sa.ColumnElement[bool], ...]:
    """The conditions that a submission is a version of a kind, for a review, in a challenge."""
    return (
        t.submissions.c.challenge_id == challenge_id,
        t.submissions.c.kind == kind.value,
        t.submissions.c.review == review,
    )


def load_submission(connection: Connection, submission_id: int) -> Submission:
    """The submission with this number, which has to exist."""
    query = sa.select(t.submissions).where(t.submissions.c.id == submission_id)
    return Submission.from_row(connection.execute(query).one())


def load_by_number(connection: Connection, numbers: Collection[int]) -> dict[int, Submission]:
    """The submissions with these numbers, by number, without those that are not there."""
    query = sa.select(t.submissions).where(t.submissions.c.id.in_(numbers))
    return {row.id: Submission.from_row(row) for row in connection.execute(query)}


def seen_before(connection: Connection, sha256: str) -> Submission | None:
    """The newest submission with exactly the same bytes, or None. Purged ones are left out."""
    return _get_first_submission(connection.execute(_SAME, {"sha256": sha256}))


def taken_in_before(connection: Connection, sha256: str) -> Submission | None:
    """The newest submission with exactly the same bytes, or None for none and for one that may come again.

    A rejected document may be sent again: what it lacked may be there now. So may one about which we asked
    whether it is the version that counts: to send it again by itself is an answer.
    """
    before = seen_before(connection, sha256)
    if before is None or before.outcome == Outcome.REJECTED.value:
        return None
    return None if find_which_counts(connection, before.id) else before


def find_which_counts(connection: Connection, submission_id: int) -> set[str]:
    """The codes of the findings by which we asked about a document whether it is the version that counts."""
    query = sa.select(t.findings.c.code).where(
        t.findings.c.submission_id == submission_id, t.findings.c.code.in_(WHICH_COUNTS)
    )
    return set(connection.scalars(query))


def has_finding(connection: Connection, submission_id: int, code: str) -> bool:
    """Whether a submission has a finding with this code, of any severity."""
    query = sa.select(t.findings.c.code).where(
        t.findings.c.submission_id == submission_id, t.findings.c.code == code
    )
    return connection.scalar(query.limit(1)) is not None


def next_version(connection: Connection, challenge_id: str, kind: Kind, review: int = 0) -> int:
    """The number of the next version of a kind (and review) in a challenge, from 1."""
    last = connection.scalar(
        sa.select(sa.func.max(t.submissions.c.version)).where(*_is_of(challenge_id, kind, review))
    )
    return (last or 0) + 1


def find_current_version(
    connection: Connection, challenge_id: str, kind: Kind, review: int = 0
) -> Submission | None:
    """The accepted version of a kind (and review) that everything downstream works on, or None."""
    return _get_first_submission(
        connection.execute(
            _CURRENT_OF_KIND, {"challenge": challenge_id, "kind": kind.value, "review": review}
        )
    )


def read_current_versions(
    connection: Connection, challenge_id: str, review: int | None = None
) -> dict[Kind, Submission]:
    """The current accepted version of each kind that a challenge has, by kind.

    Of the progress reports the one for `review`; where that is None, the one for the latest review.
    """
    rows = list_current_versions(connection, challenge_id)
    return {row.kind: row for row in rows if row.kind and (review is None or row.review in (0, review))}


def list_current_versions(connection: Connection, challenge_id: str) -> list[Submission]:
    """Every current accepted version of a challenge; progress reports in the order of their reviews."""
    query = _CURRENT.order_by(t.submissions.c.review)
    return [Submission.from_row(row) for row in connection.execute(query, {"challenge": challenge_id})]


def list_current_in_cycle(connection: Connection, cycle_id: str, kinds: Sequence[Kind]) -> list[Submission]:
    """Every current accepted version of some kinds in a cycle; progress reports in the order of reviews."""
    query = sa.select(t.submissions).where(
        t.submissions.c.cycle_id == cycle_id,
        t.submissions.c.is_current,
        t.submissions.c.kind.in_([kind.value for kind in kinds]),
    )
    rows = connection.execute(query.order_by(t.submissions.c.review, t.submissions.c.id))
    return [Submission.from_row(row) for row in rows]


def list_progress_reports(connection: Connection, challenge_id: str) -> list[Submission]:
    """The accepted progress report of each review of a challenge, in the order of the reviews."""
    return [row for row in list_current_versions(connection, challenge_id) if row.review]


def find_unconfirmed_version(
    connection: Connection, challenge_id: str, kind: Kind, *, writer: Party
) -> Submission | None:
    """The newest version of a kind from `writer` that others may read though we have questions about it.

    None where a version was accepted already, and where our questions are not about its answers: whose it is,
    say, or which version counts.
    """
    newest = find_open_version(connection, challenge_id, kind, writer=writer)
    if newest is None or newest.outcome is not Outcome.QUERIED:
        return None
    asked = sa.select(t.findings.c.code).where(
        t.findings.c.submission_id == newest.id,
        t.findings.c.severity.in_([Severity.QUERY.value, Severity.REJECT.value]),
    )
    return newest if are_about_answers(connection.scalars(asked)) else None


def find_open_version(
    connection: Connection, challenge_id: str, kind: Kind, *, writer: Party
) -> Submission | None:
    """The newest version of a kind from `writer`, where none was accepted; None where none has come.

    A document that is held, as it is not certain whose it is, is no version.
    """
    if find_current_version(connection, challenge_id, kind) is not None:
        return None
    query = sa.select(t.submissions).where(
        t.submissions.c.challenge_id == challenge_id,
        t.submissions.c.kind == kind.value,
        t.submissions.c.held_since_at.is_(None),
        t.submissions.c.writer_role == writer.role.value,
        t.submissions.c.writer_id == writer.id,
    )
    newest = query.order_by(t.submissions.c.version.desc()).limit(1)
    return _get_first_submission(connection.execute(newest))


def find_previous_version(
    connection: Connection, challenge_id: str, kind: Kind, version: int, review: int = 0
) -> Submission | None:
    """The newest version before `version`, with any outcome, or None."""
    query = (
        sa.select(t.submissions)
        .where(*_is_of(challenge_id, kind, review), t.submissions.c.version < version)
        .order_by(t.submissions.c.version.desc())
        .limit(1)
    )
    return _get_first_submission(connection.execute(query))


WHICH_COUNTS = (
    "intake.conflict_copy",
    "intake.older_version",
    "intake.earlier_review",
    "email.several_versions",
)
"""The findings that ask which of several versions of a form counts."""
FOLDER, PAGE, PAPER, EMAIL = "folder", "page", "paper", "email"
"""The ways by which a document comes."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """How a document came: its file's name, when, by which way (see FOLDER) and from which account.

    `taken_in_at` is when we took it in; None where it counts as received at that time.
    """

    file_name: str
    received_at: datetime
    source: str = FOLDER
    uploaded_by: int | None = None
    taken_in_at: datetime | None = None


def store_submission(
    connection: Connection,
    reading: Reading,
    findings: Sequence[Finding],
    outcome: Outcome,
    arrived: Arrived,
    *,
    challenge_id: str | None,
    cycle_id: str | None,
    writer: Party | None = None,
    doubt: Doubt | None = None,
) -> int:
    """Record a document with all that was read in it; returns its id.

    `writer` is the party that wrote it. If that is None, not known, only the office may read it.
    When the outcome is accepted or warned the new version becomes the current one; the earlier versions do
    not change. A document with a `doubt` is held: it is no version of anything, until
    `place_held_document` is called.
    """
    inserted = connection.execute(
        t.submissions.insert().values(
            **make_place_columns(connection, reading, outcome, challenge_id, cycle_id, writer),
            sha256=reading.sha256,
            file_name=arrived.file_name,
            size=reading.size,
            received_at=arrived.received_at,
            taken_in_at=arrived.taken_in_at or arrived.received_at,
            source=arrived.source,
            uploaded_by=arrived.uploaded_by,
            held_since_at=(arrived.taken_in_at or arrived.received_at) if doubt is not None else None,
            **({"doubt": dict(doubt)} if doubt is not None else {}),
        )
    )
    (submission_id,) = inserted.inserted_primary_key or (0,)
    _store_contents(connection, submission_id, reading, findings)
    return submission_id


def store_judged_again(
    connection: Connection,
    row: Submission,
    reading: Reading,
    findings: Sequence[Finding],
    outcome: Outcome,
    *,
    received_at: datetime,
) -> None:
    """Store what a version of a challenge's document is judged to be now; it keeps its number.

    When it becomes accepted it is the current version; when it no longer is, none is until another is made
    the current one.
    """
    is_accepted = outcome in ACCEPTED_OUTCOMES
    is_current = row.is_current if row.outcome in ACCEPTED_OUTCOMES and is_accepted else is_accepted
    if is_current and not row.is_current and row.challenge_id and row.kind:
        _supersede_versions(connection, row.challenge_id, row.kind, row.review)
    connection.execute(
        t.submissions.update()
        .where(t.submissions.c.id == row.id)
        .values(outcome=outcome.value, is_current=is_current, received_at=received_at)
    )
    replace_contents(connection, row.id, reading, findings)


def make_current(connection: Connection, submission_id: int) -> None:
    """Make an accepted version the current one again, after the one that took its place was taken back."""
    connection.execute(
        t.submissions.update().where(t.submissions.c.id == submission_id).values(is_current=True)
    )


def find_later_version(connection: Connection, row: Submission) -> Submission | None:
    """The newest version after this one that was not rejected, or None."""
    if row.challenge_id is None or row.kind is None or row.version is None:
        return None
    newest = last_not_rejected(connection, row.challenge_id, row.kind, row.review)
    return newest if newest is not None and (newest.version or 0) > row.version else None


_LONGEST_MARK = 40
"""Ours has ten characters: what is longer somebody else wrote, and it is no mark of ours."""


def make_place_columns(
    connection: Connection,
    reading: Reading,
    outcome: Outcome,
    challenge_id: str | None,
    cycle_id: str | None,
    writer: Party | None,
) -> dict[str, object]:
    """The columns that say of which challenge, kind and version a document is, and whether it is current."""
    is_current = outcome in ACCEPTED_OUTCOMES and challenge_id is not None
    version = None
    if challenge_id is not None and reading.kind is not None:
        version = next_version(connection, challenge_id, reading.kind, reading.review)
        if is_current:
            _supersede_versions(connection, challenge_id, reading.kind, reading.review)
    return {
        "cycle_id": cycle_id,
        "challenge_id": challenge_id,
        "kind": reading.kind.value if reading.kind else None,
        "review": reading.review,
        "version": version,
        "outcome": outcome.value,
        "is_current": is_current,
        "marking": reading.marking,
        "issue": reading.issue[:_LONGEST_MARK] or None,
        "identity_basis": reading.identity_basis,
        "writer_role": writer.role.value if writer else None,
        "writer_id": writer.id if writer else None,
    }


def last_not_rejected(
    connection: Connection, challenge_id: str, kind: Kind, review: int = 0, *, before: int | None = None
) -> Submission | None:
    """The newest version of a kind (and review) that was not rejected, or None.

    Of those before the version `before`, where given.
    """
    query = (
        sa.select(t.submissions)
        .where(
            *_is_of(challenge_id, kind, review),
            t.submissions.c.outcome != Outcome.REJECTED.value,
            t.submissions.c.version < before if before is not None else sa.true(),
        )
        .order_by(t.submissions.c.version.desc())
        .limit(1)
    )
    return _get_first_submission(connection.execute(query))


def list_versions(connection: Connection, cycle_id: str) -> list[Submission]:
    """Every version of every document that came in a cycle, earlier versions first."""
    query = sa.select(t.submissions).where(t.submissions.c.cycle_id == cycle_id)
    rows = connection.execute(query.order_by(t.submissions.c.version, t.submissions.c.id))
    return [Submission.from_row(row) for row in rows]


def list_kept(connection: Connection) -> list[Submission]:
    """Every document whose original is kept: all but those that were purged."""
    query = sa.select(t.submissions).where(t.submissions.c.purged_at.is_(None)).order_by(t.submissions.c.id)
    return [Submission.from_row(row) for row in connection.execute(query)]


def list_kept_hashes(connection: Connection) -> set[str]:
    """The hashes of what the archive keeps: documents, emails, files beside forms, and copies of those."""
    kept = connection.scalars(sa.select(t.submissions.c.sha256).where(t.submissions.c.purged_at.is_(None)))
    copies = evidence.list_copies(connection, purged=False)
    return {*kept, *received_emails.list_kept_hashes(connection), *copies}


def is_overtaken() -> sa.ColumnElement[bool]:
    """The condition that a later version of the same document has come, whatever became of it."""
    later = t.submissions.alias("later")
    return (
        sa.select(later.c.id)
        .where(
            later.c.challenge_id == t.submissions.c.challenge_id,
            later.c.kind == t.submissions.c.kind,
            later.c.review == t.submissions.c.review,
            later.c.id > t.submissions.c.id,
            later.c.held_since_at.is_(None),
        )
        .correlate(t.submissions)
        .exists()
    )


def has_later_version(connection: Connection, submission_id: int) -> bool:
    """Whether a later version of the same document has come, whatever became of it."""
    query = sa.select(t.submissions.c.id).where(t.submissions.c.id == submission_id, is_overtaken())
    return connection.scalar(query) is not None


def has_come_since(
    connection: Connection,
    challenge_id: str,
    kind: Kind,
    since: datetime,
    review: int = 0,
    *,
    outcomes: Collection[Outcome] = ACCEPTED_OUTCOMES,
) -> bool:
    """Whether a document of a kind (and review) came in a challenge after a moment: accepted, unless said."""
    query = sa.select(t.submissions.c.id).where(
        *_is_of(challenge_id, kind, review),
        t.submissions.c.outcome.in_(outcomes),
        t.submissions.c.taken_in_at > since,
    )
    return connection.scalar(query.limit(1)) is not None


def _get_first_submission(rows: sa.Result[tuple[object, ...]]) -> Submission | None:
    row = rows.first()
    return Submission.from_row(row) if row is not None else None


def _supersede_versions(connection: Connection, challenge_id: str, kind: Kind, review: int) -> None:
    connection.execute(
        t.submissions.update().where(*_is_of(challenge_id, kind, review)).values(is_current=False)
    )


def replace_contents(
    connection: Connection, submission_id: int, reading: Reading, findings: Sequence[Finding]
) -> None:
    """Store the rows, items and findings of a submission in place of those it had."""
    for table in (*t.ROWS_OF.values(), t.particulars, t.unmapped_texts, t.findings):
        connection.execute(table.delete().where(table.c.submission_id == submission_id))
    _store_contents(connection, submission_id, reading, findings)


def _store_contents(
    connection: Connection, submission_id: int, reading: Reading, findings: Sequence[Finding]
) -> None:
    if reading.kind is not None:
        rows = [*reading.rows, *reading.items]
        _store_list(connection, t.ROWS_OF[reading.kind], submission_id, rows)
    _store_list(
        connection,
        t.particulars,
        submission_id,
        [{"field": field, "value": value} for field, value in reading.particulars.items()],
    )
    _store_list(connection, t.unmapped_texts, submission_id, [{"text": text} for text in reading.unmapped])
    _store_list(connection, t.findings, submission_id, [finding.as_dict() for finding in findings])


def _store_list(
    connection: Connection, table: sa.Table, submission_id: int, rows: Sequence[Mapping[str, object]]
) -> None:
    columns = set(table.c.keys()) - {"submission_id", "position"}
    values = [
        {
            "submission_id": submission_id,
            "position": position,
            **{column: row.get(column) for column in columns},
        }
        for position, row in enumerate(rows, 1)
    ]
    if values:
        connection.execute(table.insert(), values)
