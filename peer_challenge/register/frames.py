"""The register's contents as pandas tables, with documented columns."""

from collections.abc import Iterable

import pandas as pd
import sqlalchemy as sa
from sqlalchemy import Connection, Select

from peer_challenge.findings import Finding
from peer_challenge.framework import Framework
from peer_challenge.register import tables as t
from peer_challenge.vocabulary import Kind, Severity

TEXTS = ("strengths", "development", "rating_as_written", "commentary", "response_kind", "response")


def frame(connection: Connection, query: Select[tuple[object, ...]]) -> pd.DataFrame:
    """The answer to `query`, one row a row, its columns by name (and named even when empty)."""
    result = connection.execute(query)
    return pd.DataFrame(result.fetchall(), columns=list(result.keys()), dtype=object)


def rows_of(connection: Connection, kind: Kind, submission_id: int) -> pd.DataFrame:
    """The rows (or items) of one submission, in order, with the columns of the kind's table."""
    table = t.ROWS_OF[kind]
    query = sa.select(table).where(table.c.submission_id == submission_id).order_by(table.c.position)
    return frame(connection, query).drop(columns=["submission_id"])


def particulars_of(connection: Connection, submission_id: int) -> dict[str, str]:
    """The form's particulars of one submission, by field."""
    table = t.particulars
    query = sa.select(table.c.field, table.c.value).where(table.c.submission_id == submission_id)
    return {row.field: row.value or "" for row in connection.execute(query)}


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
    return frame(connection, query).drop(columns=["submission_id"])


def schedule(framework: Framework, *parts: pd.DataFrame) -> pd.DataFrame:
    """One row per sub-heading, in the framework's order, with the columns that `Facts.rows` lists.

    Each of `parts` is a submission's rows; a later one fills columns that an earlier one lacks.
    """
    skeleton = pd.DataFrame(
        [
            {
                "focus_area": framework.focus_area_of[address].id,
                "focus_area_title": framework.focus_area_of[address].title,
                "subheading": address,
                "title": row.title,
                "prompt": row.prompt,
                "reference": row.reference or "",
            }
            for address, row in framework.subheadings.items()
        ],
        dtype=object,
    )
    for part in parts:
        fresh = [column for column in (*TEXTS, "rating") if column in part and column not in skeleton]
        skeleton = skeleton.merge(
            part[["subheading", *fresh]].drop_duplicates("subheading"), on="subheading", how="left"
        )
    for column in TEXTS:
        if column not in skeleton:
            skeleton[column] = ""
        skeleton[column] = skeleton[column].fillna("").astype(object)
    if "rating" not in skeleton:
        skeleton["rating"] = None
    skeleton["rating"] = skeleton["rating"].astype(object).where(skeleton["rating"].notna(), None)
    return skeleton
