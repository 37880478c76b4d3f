"""Corrections to drafts of Chairs' summaries: what each area sent back, and what was decided about it."""

from collections.abc import Iterable, Mapping

import sqlalchemy as sa
from sqlalchemy import Connection

from peer_challenge.model.corrections import (
    CorrectedDraft,
    Decision,
    Recorded,
    Settled,
    list_corrections,
)
from peer_challenge.model.kinds_of_submission import ASKED_BY, DUE_BY
from peer_challenge.model.vocabulary import Kind, Stage
from peer_challenge.register import outbox, submissions
from peer_challenge.register import tables as t
from peer_challenge.register.records import Dispatch, DispatchState, Submission

KINDS = (Kind.CORRECTIONS, Kind.CHALLENGER_CORRECTIONS)
"""The kinds of submission that correct a draft: the author's and the challenger's."""


def list_corrected_drafts(connection: Connection, challenge_id: str) -> list[CorrectedDraft]:
    """The corrections of each area that sent some, the author's first, with what was decided about them.

    They are compared with the record from which the draft was made that came back. What the Chair
    has changed since is left out: the areas have that in a newer draft.
    """
    record = submissions.find_current_version(connection, challenge_id, Kind.CHAIR_RECORD)
    if record is None:
        return []
    now = read_recorded(connection, Kind.CHAIR_RECORD, record.id)
    current = (submissions.find_current_version(connection, challenge_id, kind) for kind in KINDS)
    return [_compare_with_draft(connection, row, now, record.id) for row in current if row is not None]


def _compare_with_draft(
    connection: Connection, row: Submission, now: Recorded, record_id: int
) -> CorrectedDraft:
    assert row.kind is not None
    base = _find_source_of_draft(connection, row)
    sent = now if base in (None, record_id) else read_recorded(connection, Kind.CHAIR_RECORD, base or 0)
    found = list_corrections(sent, read_recorded(connection, row.kind, row.id))
    kept = tuple(
        one
        for one in found
        if not one.column or now.read_words(one.address, one.column).split() == one.before.split()
    )
    return CorrectedDraft(row.id, row.kind, row.received_at, kept, _read_settled_lines(connection, row.id))


def _find_source_of_draft(connection: Connection, row: Submission) -> int | None:
    """The Chair's record of the draft that came back: of the one that it says it is.

    Where it says none of ours, of the newest that the area had when it sent corrections.
    """
    drafts = _list_drafts(connection, row)
    named = [draft for draft in drafts if draft.mark == row.issue]
    earlier = [draft for draft in drafts if draft.issued_at and draft.issued_at <= row.taken_in_at]
    for draft in [*named, *reversed(earlier)]:
        if source := outbox.sources_of(connection, draft.id).get(Kind.CHAIR_RECORD):
            return source
    return None


def _list_drafts(connection: Connection, row: Submission) -> list[Dispatch]:
    """The drafts that were made for the area that sent a document of corrections, oldest first."""
    assert row.kind is not None and row.challenge_id is not None
    return outbox.list_of_kind(connection, row.challenge_id, ASKED_BY[DUE_BY[row.kind]])


def is_of_older_draft(connection: Connection, submission_id: int) -> bool:
    """Whether corrections are on a draft in place of which the area gets, or has got, a newer one."""
    row = submissions.load_submission(connection, submission_id)
    drafts = [one for one in _list_drafts(connection, row) if one.state is not DispatchState.CANCELLED]
    return row.issue in {draft.mark for draft in drafts[:-1]}


def count_open_corrections(connection: Connection, cycle_id: str) -> dict[str, int]:
    """How many corrections wait for a decision, by the author of the summary, where any do."""
    query = sa.select(t.challenges.c.id, t.challenges.c.author_id).where(
        t.challenges.c.cycle_id == cycle_id, t.challenges.c.stage == Stage.DRAFTED.value
    )
    counts = {
        row.author_id: sum(len(draft.open) for draft in list_corrected_drafts(connection, row.id))
        for row in connection.execute(query.order_by(t.challenges.c.author_id)).fetchall()
    }
    return {author: count for author, count in counts.items() if count}


def read_recorded(connection: Connection, kind: Kind, submission_id: int) -> Recorded:
    """What a Chair's record, or a draft that came back, says in its own words."""
    table = t.ROWS_OF[kind]
    rows = connection.execute(
        sa.select(table).where(table.c.submission_id == submission_id).order_by(table.c.position)
    ).mappings()
    fields = connection.execute(
        sa.select(t.particulars.c.field, t.particulars.c.value).where(
            t.particulars.c.submission_id == submission_id
        )
    )
    remarks = sa.select(t.unmapped_texts.c.text).where(t.unmapped_texts.c.submission_id == submission_id)
    return Recorded(
        {row["address"]: dict(row) for row in rows},
        {row.field: row.value or "" for row in fields},
        tuple(connection.scalars(remarks.order_by(t.unmapped_texts.c.position))),
    )


def _read_settled_lines(connection: Connection, submission_id: int) -> dict[str, Settled]:
    table = t.settled_corrections
    rows = connection.execute(sa.select(table).where(table.c.submission_id == submission_id))
    return {row.line: _to_settled(row) for row in rows}


def _to_settled(row: t.TableRow) -> Settled:
    return Settled(
        row.submission_id,
        row.line,
        Decision(row.decision),
        row.reason,
        row.decided_at,
        row.decided_by,
        row.address,
        row.field,
        row.before,
        row.after,
        row.told or "",
    )


def store_settled(connection: Connection, challenge_id: str, one: Settled) -> None:
    """Keep what was decided about a correction, in place of what was decided about it before."""
    table = t.settled_corrections
    connection.execute(
        table.delete().where(table.c.submission_id == one.submission_id, table.c.line == one.line)
    )
    connection.execute(
        table.insert().values(
            challenge_id=challenge_id,
            submission_id=one.submission_id,
            line=one.line,
            decision=one.decision.value,
            address=one.address,
            field=one.column,
            before=one.before,
            after=one.after,
            reason=one.reason,
            told=one.told or None,
            decided_at=one.decided_at,
            decided_by=one.decided_by,
        )
    )


def list_settled(connection: Connection, challenge_ids: Iterable[str]) -> Mapping[str, list[Settled]]:
    """What was decided about the corrections of challenges whose summary is no draft any more.

    By challenge, in the order in which it was decided. Of corrections that were sent again, the newest count.
    """
    table = t.settled_corrections
    query = (
        sa.select(table)
        .join(t.submissions, t.submissions.c.id == table.c.submission_id)
        .join(t.challenges, t.challenges.c.id == table.c.challenge_id)
        .where(
            table.c.challenge_id.in_(list(challenge_ids)),
            t.submissions.c.is_current,
            t.challenges.c.stage != Stage.DRAFTED.value,
        )
        .order_by(table.c.id)
    )
    found: dict[str, list[Settled]] = {}
    for row in connection.execute(query):
        found.setdefault(row.challenge_id, []).append(_to_settled(row))
    return found
