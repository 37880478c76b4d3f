"""The register's contents as pandas tables, with documented columns."""

import re
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import TypeAlias

import pandas as pd
import sqlalchemy as sa
from sqlalchemy import Connection, Select

from peer_challenge.model.agreed_by_both import is_agreed_by_both
from peer_challenge.model.challenge_ids import make_challenge_id
from peer_challenge.model.corrections import PARTICULARS, Recorded, Settled, apply_settled
from peer_challenge.model.empty_words import is_unused
from peer_challenge.model.findings import Finding
from peer_challenge.model.vocabulary import Kind, Severity
from peer_challenge.register import corrections
from peer_challenge.register import tables as t

Value: TypeAlias = str | int | float | date | None
"""What a cell of a table holds."""
_ADDRESS = re.compile(r"[a-z0-9-]+/[a-z0-9-]+")
"""What the address of a sub-heading looks like: a corrected one is kept by it."""
_CONSENSUS = "consensus"
"""The particular of a Chair's record that says whether consensus was reached."""


def read_query_as_frame(connection: Connection, query: Select[tuple[object, ...]]) -> pd.DataFrame:
    """The answer to `query` as a table, with the names of its columns even when it is empty."""
    result = connection.execute(query)
    return pd.DataFrame(result.fetchall(), columns=list(result.keys()), dtype=object)


SECRET_TABLES = frozenset({"users", "sessions", "known_devices", "sign_in_attempts"})
"""Tables that hold what lets people sign in: they leave the installation in no export."""


def whole_tables(connection: Connection) -> dict[str, pd.DataFrame]:
    """Every table but SECRET_TABLES, by name. Each comes after the tables that its rows point to."""
    return {
        table.name: read_query_as_frame(connection, sa.select(table))
        for table in t.metadata.sorted_tables
        if table.name not in SECRET_TABLES
    }


def records_of(connection: Connection, kind: Kind, submission_id: int) -> list[dict[str, Value]]:
    """The rows (or items) of one submission, in order, each by its columns."""
    table = t.ROWS_OF[kind]
    query = sa.select(table).where(table.c.submission_id == submission_id).order_by(table.c.position)
    return [dict(row) for row in connection.execute(query).mappings()]


def read_submission_rows(connection: Connection, kind: Kind, submission_id: int) -> pd.DataFrame:
    """The rows (or items) of one submission, in order, with the columns of the kind's table."""
    table = t.ROWS_OF[kind]
    query = sa.select(table).where(table.c.submission_id == submission_id).order_by(table.c.position)
    return read_query_as_frame(connection, query).drop(columns=["submission_id"])


def recorded_items_of(connection: Connection, submission_id: int) -> pd.DataFrame:
    """The items of one Chair's record, in order, with `is_agreed`: both areas agreed it.

    A line that was left unused, such as "none", has no text.
    Corrections that were accepted are in them, once the summary is no draft any more.
    """
    items = read_submission_rows(connection, Kind.CHAIR_RECORD, submission_id)
    answer = particulars_of(connection, submission_id).get(_CONSENSUS, "")
    which = sa.select(t.submissions.c.challenge_id).where(t.submissions.c.id == submission_id)
    settled = _list_settled_of_one(connection, connection.scalar(which) or "")
    return _with_agreement(*_correct_items(items, answer, settled))


def recorded_particulars_of(connection: Connection, submission_id: int) -> dict[str, str]:
    """The particulars of one Chair's record, by field, with accepted corrections as in its items."""
    which = sa.select(t.submissions.c.challenge_id).where(t.submissions.c.id == submission_id)
    settled = _list_settled_of_one(connection, connection.scalar(which) or "")
    own = particulars_of(connection, submission_id)
    told = apply_settled(Recorded({}, dict.fromkeys(PARTICULARS, "") | own), settled).particulars
    return {name: words for name, words in told.items() if words or name in own}


def _list_settled_of_one(connection: Connection, challenge_id: str) -> list[Settled]:
    return corrections.list_settled(connection, [challenge_id]).get(challenge_id, [])


def _correct_items(items: pd.DataFrame, answer: str, settled: Sequence[Settled]) -> tuple[pd.DataFrame, str]:
    """Items of a record, and its answer on consensus, with the words that were settled in place of theirs."""
    if not settled:
        return items, answer
    own = {str(row["address"]): {str(k): v for k, v in row.items()} for row in items.to_dict("records")}
    found = apply_settled(Recorded(own, {_CONSENSUS: answer}), settled)
    rows = [_make_whole(row, items, number) for number, row in enumerate(found.items.values(), 1)]
    corrected = pd.DataFrame(rows, columns=list(items.columns), dtype=object)
    return corrected, found.particulars[_CONSENSUS]


def _make_whole(row: Mapping[str, object], items: pd.DataFrame, number: int) -> dict[str, object]:
    """A row with every column; one whose sub-heading was corrected is linked to the address given."""
    whole = {**dict.fromkeys(map(str, items.columns)), **row}
    if "position" in whole and whole["position"] is None:
        whole["position"] = number
    written = str(whole.get("subheading_as_written") or "")
    if _ADDRESS.fullmatch(written):
        whole["subheading"] = written
    return whole


def _with_agreement(items: pd.DataFrame, answer: str) -> pd.DataFrame:
    said = ["" if is_unused(str(text or "")) else text for text in items["text"]]
    items = items.assign(text=said)
    return items.assign(is_agreed=[_is_agreed(item, answer) for item in items.to_dict("records")])


def _is_agreed(item: Mapping[Hashable, Value], record_answer: str) -> bool:
    """Whether an item says something that both areas agreed."""
    return bool(str(item["text"] or "").strip()) and is_agreed_by_both(
        str(item["consensus"] or ""), record_answer
    )


def particulars_of(connection: Connection, submission_id: int) -> dict[str, str]:
    """The form's particulars of one submission, by field."""
    table = t.particulars
    query = sa.select(table.c.field, table.c.value).where(table.c.submission_id == submission_id)
    return {row.field: row.value or "" for row in connection.execute(query)}


_WHO_TOOK_PART = (Kind.SELF_ASSESSMENT, Kind.ANALYSIS, Kind.CHAIR_RECORD)


def read_who_took_part(
    connection: Connection, cycle_id: str, *, author: str | None = None, since: datetime | None = None
) -> dict[str, dict[Kind, dict[str, str]]]:
    """The particulars of the current self-assessment, analysis and Chair's record, by author and kind.

    Of one `author`, where given. With `since`, only of challenges for which one of them came after that.
    """
    query = (
        sa.select(
            t.challenges.c.author_id, t.submissions.c.id, t.submissions.c.kind, t.submissions.c.taken_in_at
        )
        .join(t.challenges, t.challenges.c.id == t.submissions.c.challenge_id)
        .where(
            t.submissions.c.cycle_id == cycle_id,
            t.submissions.c.is_current,
            t.submissions.c.kind.in_([kind.value for kind in _WHO_TOOK_PART]),
            t.challenges.c.author_id == author if author is not None else sa.true(),
        )
        .order_by(t.challenges.c.author_id, t.submissions.c.id)
    )
    rows = connection.execute(query).fetchall()
    is_new = {row.author_id for row in rows if since is None or row.taken_in_at >= since}
    found: dict[str, dict[Kind, dict[str, str]]] = {}
    for row in rows:
        if row.author_id in is_new:
            is_record = row.kind == Kind.CHAIR_RECORD.value
            told = (
                recorded_particulars_of(connection, row.id)
                if is_record
                else particulars_of(connection, row.id)
            )
            found.setdefault(row.author_id, {})[Kind(row.kind)] = told
    return found


def unmapped_of(connection: Connection, submission_ids: Collection[int]) -> dict[int, list[str]]:
    """The texts outside the forms' tables by submission, each in order; submissions without are left out."""
    table = t.unmapped_texts
    query = sa.select(table.c.submission_id, table.c.text).where(table.c.submission_id.in_(submission_ids))
    found: dict[int, list[str]] = {}
    for row in connection.execute(query.order_by(table.c.submission_id, table.c.position)):
        found.setdefault(row.submission_id, []).append(row.text)
    return found


def version_of(connection: Connection, kind: Kind, submission_id: int) -> tuple[pd.DataFrame, dict[str, str]]:
    """The rows (or items) and the particulars of one submission, to compare with those of another."""
    return read_submission_rows(connection, kind, submission_id), particulars_of(connection, submission_id)


def findings_of(connection: Connection, submission_id: int) -> tuple[Finding, ...]:
    """The findings of one submission, in order."""
    table = t.findings
    query = sa.select(table).where(table.c.submission_id == submission_id).order_by(table.c.position)
    return tuple(
        Finding(
            row.code, Severity(row.severity), row.message, row.remedy, row.subheading, row._mapping["column"]
        )
        for row in connection.execute(query)
    )


def current_rows(
    connection: Connection, kind: Kind, cycle_id: str, authors: Iterable[str] | None = None
) -> pd.DataFrame:
    """The rows of every current submission of a kind in a cycle, with `participant` (the author)."""
    table = t.ROWS_OF[kind]
    query = (
        sa.select(t.challenges.c.author_id.label("participant"), table)
        .join(t.submissions, t.submissions.c.id == table.c.submission_id)
        .join(t.challenges, t.challenges.c.id == t.submissions.c.challenge_id)
        .where(t.submissions.c.cycle_id == cycle_id, t.submissions.c.is_current)
        .order_by(t.challenges.c.author_id, table.c.position)
    )
    if authors is not None:
        query = query.where(t.challenges.c.author_id.in_(list(authors)))
    return read_query_as_frame(connection, query).drop(columns=["submission_id"])


def current_recorded_items(connection: Connection, cycle_id: str) -> pd.DataFrame:
    """The items of every current Chair's record of a cycle, with `participant` and `is_agreed`."""
    items = current_rows(connection, Kind.CHAIR_RECORD, cycle_id)
    query = (
        sa.select(t.challenges.c.author_id, t.particulars.c.value)
        .join(t.submissions, t.submissions.c.id == t.particulars.c.submission_id)
        .join(t.challenges, t.challenges.c.id == t.submissions.c.challenge_id)
        .where(
            t.submissions.c.cycle_id == cycle_id,
            t.submissions.c.is_current,
            t.submissions.c.kind == Kind.CHAIR_RECORD.value,
            t.particulars.c.field == _CONSENSUS,
        )
    )
    answers = {row.author_id: row.value or "" for row in connection.execute(query)}
    ids = {str(area): make_challenge_id(cycle_id, str(area)) for area in items["participant"]}
    settled = corrections.list_settled(connection, list(ids.values()))
    by_area = [
        _with_agreement(
            *_correct_items(of_area, answers.get(str(area), ""), settled.get(ids[str(area)], ()))
        ).assign(participant=area)
        for area, of_area in items.groupby("participant", sort=False)
    ]
    return pd.concat(by_area, ignore_index=True) if by_area else _with_agreement(items, "")


def read_latest_progress(connection: Connection, cycle_id: str) -> pd.DataFrame:
    """The rows of each area's progress report for its latest review, with `participant` and `review`."""
    table, later = t.progress_rows, t.submissions.alias("later")
    has_later = (
        sa.select(later.c.id)
        .where(
            later.c.challenge_id == t.submissions.c.challenge_id,
            later.c.kind == t.submissions.c.kind,
            later.c.is_current,
            later.c.review > t.submissions.c.review,
        )
        .exists()
    )
    query = (
        sa.select(t.challenges.c.author_id.label("participant"), t.submissions.c.review, table)
        .join(t.submissions, t.submissions.c.id == table.c.submission_id)
        .join(t.challenges, t.challenges.c.id == t.submissions.c.challenge_id)
        .where(t.submissions.c.cycle_id == cycle_id, t.submissions.c.is_current, sa.not_(has_later))
        .order_by(t.challenges.c.author_id, table.c.position)
    )
    return read_query_as_frame(connection, query).drop(columns=["submission_id"])


def read_challenge_feedback(connection: Connection, cycle_id: str, fields: Collection[str]) -> pd.DataFrame:
    """What areas say of the challenge in their current progress reports: participant, field, value.

    `fields` are the particulars to read; those left empty are not there.
    """
    query = (
        sa.select(t.challenges.c.author_id.label("participant"), t.particulars.c.field, t.particulars.c.value)
        .join(t.submissions, t.submissions.c.id == t.particulars.c.submission_id)
        .join(t.challenges, t.challenges.c.id == t.submissions.c.challenge_id)
        .where(
            t.submissions.c.cycle_id == cycle_id,
            t.submissions.c.is_current,
            t.submissions.c.kind == Kind.PROGRESS_REPORT.value,
            t.particulars.c.field.in_(fields),
            t.particulars.c.value != "",
        )
        .order_by(t.challenges.c.author_id, t.particulars.c.position)
    )
    return read_query_as_frame(connection, query)


def arrivals_since(connection: Connection, cycle_id: str, since: datetime) -> pd.DataFrame:
    """What came in for a cycle since a moment.

    Columns: author_id, writer_id, kind, review, version, received_at, outcome.
    """
    query = (
        sa.select(
            t.challenges.c.author_id,
            t.submissions.c.writer_id,
            t.submissions.c.kind,
            t.submissions.c.review,
            t.submissions.c.version,
            t.submissions.c.received_at,
            t.submissions.c.outcome,
        )
        .join(t.challenges, t.challenges.c.id == t.submissions.c.challenge_id)
        .where(t.submissions.c.cycle_id == cycle_id, t.submissions.c.taken_in_at >= since)
        .order_by(t.submissions.c.received_at, t.submissions.c.id)
    )
    return read_query_as_frame(connection, query)
