"""Where every challenge stands, as plain data: for `status --json`, the dashboard and the API alike."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from peer_challenge.clock import local_day
from peer_challenge.dates.deadlines import explain
from peer_challenge.errors import WrongUse
from peer_challenge.register import challenges
from peer_challenge.register import tables as t
from peer_challenge.register.cycles import load_stored
from peer_challenge.register.database import Register
from peer_challenge.register.records import CycleState
from peer_challenge.register.standings import standings, standings_as_told


def status_of(register: Register, at: datetime, *, as_told: bool = False) -> dict[str, Any]:
    """Every cycle that is not purged: {"on", "cycles": [{"id", "name", "state", "challenges": [...]}]}.

    A challenge has author, author_name, challenger_name, stage, waiting_on, next_due, next_due_on
    (ISO), is_overdue and risk. With `as_told` it stands where its own area has been told that it does.
    """
    today = local_day(at)
    with register.reading() as connection:
        query = (
            sa.select(t.cycles.c.id)
            .where(t.cycles.c.state != CycleState.PURGED.value)
            .order_by(t.cycles.c.opened_at, t.cycles.c.id)
        )
        return {
            "on": today.isoformat(),
            "cycles": [
                _cycle(connection, cycle_id, today, as_told=as_told)
                for cycle_id in connection.scalars(query).all()
            ],
        }


def names_in(register: Register, cycle_ids: Iterable[str]) -> dict[str, dict[str, str]]:
    """By cycle, what each id that a challenge may wait for is called: areas, Chairs and the office."""
    found = {}
    with register.reading() as connection:
        for cycle_id in cycle_ids:
            cycle, _ = load_stored(connection, cycle_id)
            people = {p.id: p.name for p in cycle.participants} | {c.id: c.name for c in cycle.chairs}
            found[cycle_id] = people | {"office": "Programme office"}
    return found


def area_called(register: Register, called: str) -> str:
    """The id of the area that has this id or this name in some cycle; `called` as it is where none has."""
    with register.reading() as connection:
        cycle_ids = connection.scalars(
            sa.select(t.cycles.c.id).where(t.cycles.c.state != CycleState.PURGED.value)
        ).all()
    known = {
        word.lower(): area
        for names in names_in(register, cycle_ids).values()
        for area, name in names.items()
        for word in (name, area)
    }
    return known.get(called.strip().lower(), called)


def _cycle(connection: Connection, cycle_id: str, today: date, *, as_told: bool) -> dict[str, Any]:
    cycle, _ = load_stored(connection, cycle_id)
    state = connection.scalar(sa.select(t.cycles.c.state).where(t.cycles.c.id == cycle_id))
    found = (standings_as_told if as_told else standings)(connection, cycle, today)
    return {
        "id": cycle.id,
        "name": cycle.name,
        "state": state,
        "challenges": [_challenge(standing) for standing in found],
    }


def _challenge(standing: Any) -> dict[str, Any]:
    return {
        "author": standing.author,
        "author_name": standing.author_name,
        "challenger_name": standing.challenger_name,
        "stage": standing.stage.value,
        "waiting_on": standing.waiting_on,
        "next_due": standing.next_due,
        "next_due_on": standing.next_due_on.isoformat() if standing.next_due_on else None,
        "is_overdue": standing.is_overdue,
        "risk": standing.risk and str(standing.risk),
    }


def why_of(register: Register, participant: str, day: date) -> list[str]:
    """Which rule and which trigger gave an area one of its dates, in sentences.

    Raises WrongUse, with the dates that it has, when the area has no such date.
    """
    told: list[str] = []
    known: set[date] = set()
    with register.reading() as connection:
        for challenge in challenges.of_author(connection, participant):
            cycle, _ = load_stored(connection, challenge.cycle_id)
            told += explain(
                cycle,
                challenges.dates_of(challenge),
                challenges.adjustments_of(connection, challenge.id),
                day,
            )
            known |= set(challenges.due_dates(connection, challenge.id).values())
    if not told:
        has = ", ".join(each.isoformat() for each in sorted(known))
        raise WrongUse(
            f"{participant} has no date on {day.isoformat()}.",
            remedy=f"Its dates are {has}." if has else "`peer-challenge status` lists areas and their dates.",
        )
    return told
