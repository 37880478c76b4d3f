"""Whether what a dispatch passes on may still be passed on: a decision that made it so may be taken back.

Asked last of all, as a file is placed and as its message is to go: whatever else went wrong before.
"""

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy import Connection

from peer_challenge.model.journey import SENT_UNCONFIRMED
from peer_challenge.model.kinds_of_submission import PASSES_ON
from peer_challenge.model.vocabulary import DispatchKind, Outcome
from peer_challenge.register import submissions
from peer_challenge.register import tables as t
from peer_challenge.register.records import Dispatch, Submission


def can_pass_on(connection: Connection, kind: DispatchKind, submission_ids: Collection[int]) -> bool:
    """Whether a kind of dispatch may pass these versions on.

    Accepted ones, even if a later one has taken their place; and, where its readers get a document before our
    questions about it are answered, one in question.
    """
    if not submission_ids:
        return True
    rows = submissions.load_by_number(connection, submission_ids)
    return all(one in rows and _can_be_passed_on(kind, rows[one]) for one in submission_ids)


def are_sources_in_force(connection: Connection, dispatch: Dispatch) -> bool:
    """Whether a dispatch whose file is made passes on nothing but versions that may still be passed on."""
    if dispatch.kind not in PASSES_ON:
        return True
    sources = sa.select(t.dispatch_sources.c.submission_id).where(
        t.dispatch_sources.c.dispatch_id == dispatch.id
    )
    return can_pass_on(connection, dispatch.kind, list(connection.scalars(sources)))


def _can_be_passed_on(kind: DispatchKind, row: Submission) -> bool:
    if row.kind is None or row.challenge_id is None or row.held_since_at is not None:
        return False
    is_shown = row.outcome is Outcome.QUERIED and kind in SENT_UNCONFIRMED.get(row.kind, ())
    return row.is_accepted or is_shown
