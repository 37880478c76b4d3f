"""Extensions and pauses of challenges, as the register has them."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from peer_challenge.dates.deadlines import Adjustment
from peer_challenge.errors import WrongUse
from peer_challenge.register import tables as t


def adjustments_of(connection: Connection, challenge_id: str) -> list[Adjustment]:
    """The extensions and pauses of a challenge, oldest first."""
    return list(number_adjustments(connection, challenge_id).values())


def number_adjustments(connection: Connection, challenge_id: str) -> dict[int, Adjustment]:
    """The extensions and pauses of a challenge by their numbers in the register, oldest first."""
    query = sa.select(t.adjustments).where(t.adjustments.c.challenge_id == challenge_id)
    rows = connection.execute(query.order_by(t.adjustments.c.id))
    return {row.id: Adjustment.from_dict(row.definition) for row in rows}


def load_adjustment(connection: Connection, challenge_id: str, number: int) -> Adjustment:
    """The extension or pause of a challenge with this number. Raises WrongUse where it was taken back."""
    if found := number_adjustments(connection, challenge_id).get(number):
        return found
    raise WrongUse(
        "This change of dates is not there any more: it was taken back already.",
        remedy="The page of the challenge lists those that count.",
    )


def adjustments_in(connection: Connection, cycle_id: str) -> dict[str, list[Adjustment]]:
    """The extensions and pauses of every challenge of a cycle that has any, by challenge, oldest first."""
    query = (
        sa.select(t.adjustments.c.challenge_id, t.adjustments.c.definition)
        .join(t.challenges, t.challenges.c.id == t.adjustments.c.challenge_id)
        .where(t.challenges.c.cycle_id == cycle_id)
        .order_by(t.adjustments.c.id)
    )
    found: dict[str, list[Adjustment]] = {}
    for row in connection.execute(query):
        found.setdefault(row.challenge_id, []).append(Adjustment.from_dict(row.definition))
    return found


@dataclass(frozen=True, slots=True)
class MadeAdjustment:
    """An extension or pause as the register has it: its number, of which challenge, when and by whom."""

    number: int
    challenge_id: str
    adjustment: Adjustment
    made_at: datetime
    made_by: str


def list_made_adjustments(connection: Connection, cycle_id: str) -> list[MadeAdjustment]:
    """The extensions and pauses of all challenges of a cycle, oldest first."""
    query = (
        sa.select(t.adjustments)
        .join(t.challenges, t.challenges.c.id == t.adjustments.c.challenge_id)
        .where(t.challenges.c.cycle_id == cycle_id)
        .order_by(t.adjustments.c.id)
    )
    return [
        MadeAdjustment(
            row.id, row.challenge_id, Adjustment.from_dict(row.definition), row.made_at, row.made_by
        )
        for row in connection.execute(query)
    ]
