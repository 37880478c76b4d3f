"""The state of the emails that are sent automatically: recorded before each is sent, and after."""

from collections import Counter
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from peer_challenge.model.vocabulary import DispatchKind
from peer_challenge.register import journal
from peer_challenge.register.records import Dispatch, DispatchState, EmailState
from peer_challenge.register.tables import dispatches, emails


def list_unsent(connection: Connection, *, issued_after: datetime) -> list[Dispatch]:
    """The reminder emails that went into the outbox after a moment and were never tried, oldest first."""
    query = (
        sa.select(dispatches)
        .join(emails, emails.c.dispatch_id == dispatches.c.id, isouter=True)
        .where(
            dispatches.c.kind == DispatchKind.REMINDER_EMAIL.value,
            dispatches.c.state == DispatchState.ISSUED.value,
            dispatches.c.issued_at > issued_after,
            emails.c.dispatch_id.is_(None),
        )
        .order_by(dispatches.c.id)
    )
    return [Dispatch.from_row(row) for row in connection.execute(query)]


def list_cut_off(connection: Connection) -> list[Dispatch]:
    """The emails that were about to be sent, and whose outcome was never recorded."""
    query = (
        sa.select(dispatches)
        .join(emails, emails.c.dispatch_id == dispatches.c.id)
        .where(emails.c.state == EmailState.SENDING.value)
    )
    return [Dispatch.from_row(row) for row in connection.execute(query)]


def record_sending(connection: Connection, dispatch: Dispatch, at: datetime) -> None:
    """Record that an email is about to be sent."""
    connection.execute(emails.insert().values(dispatch_id=dispatch.id, state=EmailState.SENDING.value, at=at))


def forget_sending(connection: Connection, dispatch: Dispatch) -> None:
    """Record that an email was not sent after all: the next run tries it again."""
    connection.execute(emails.delete().where(emails.c.dispatch_id == dispatch.id))


def record_outcome(
    connection: Connection, dispatch: Dispatch, state: EmailState, at: datetime, problem: str | None = None
) -> None:
    """Record the outcome of an email, and add it to the journal."""
    changed = connection.execute(
        emails.update()
        .where(emails.c.dispatch_id == dispatch.id)
        .values(state=state.value, at=at, problem=problem)
    )
    if changed.rowcount == 0:
        connection.execute(emails.insert().values(dispatch_id=dispatch.id, state=state.value, at=at))
    journal.append_entry(
        connection,
        f"email {state.value}",
        at=at,
        cycle_id=dispatch.cycle_id,
        challenge_id=dispatch.challenge_id,
        dispatch=dispatch.id,
        recipient=dispatch.recipient_id,
        **({"problem": problem} if problem else {}),
    )


def count_states(connection: Connection) -> Counter[EmailState]:
    """How many emails there are in each state."""
    return Counter(EmailState(state) for state in connection.scalars(sa.select(emails.c.state)))
