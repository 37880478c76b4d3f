"""The state of every challenge as plain data, for `status --json`, the dashboard and the API."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import TypedDict

import sqlalchemy as sa
from sqlalchemy import Connection

from peer_challenge.clock import local_day
from peer_challenge.dates.deadlines import explain_deadlines_on
from peer_challenge.errors import WrongUse
from peer_challenge.model.challenge_ids import make_challenge_id
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.kinds_of_submission import ASKED_BY
from peer_challenge.model.overdue_or_at_risk import Standing
from peer_challenge.model.vocabulary import DeadlineName, DispatchKind
from peer_challenge.register import challenges, date_adjustments
from peer_challenge.register import tables as t
from peer_challenge.register.cycles import load_stored
from peer_challenge.register.database import Register
from peer_challenge.register.messages import list_waiting_for_office
from peer_challenge.register.records import CycleState
from peer_challenge.register.standings import list_challenge_standings, list_standings_as_told

FORM_TO_SEND = "form to be sent by you"
"""The next step where what asks for something waits under To send."""


class ChallengeStatus(TypedDict):
    """Where a challenge is in its journey. `next_due_on` is an ISO day.

    `next_step` says what the office has to do next; "" where somebody else has to act. Nobody is waited for
    who has not been sent what asks them: then the office has to send it.
    """

    author: str
    author_name: str
    challenger_name: str | None
    stage: str
    waiting_on: str | None
    next_due: str | None
    next_due_on: str | None
    next_step: str
    is_overdue: bool
    risk: str | None


class CycleStatus(TypedDict):
    """A cycle with all its challenges."""

    id: str
    name: str
    state: str | None
    challenges: list[ChallengeStatus]


class Status(TypedDict):
    """Every cycle, and the day (ISO) on which it was asked."""

    on: str
    cycles: list[CycleStatus]


def status_of(register: Register, at: datetime, *, as_told: bool = False) -> Status:
    """Every cycle that is not purged.

    With `as_told` the challenges hold only what the challenge's own area has been told.
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
                _describe_cycle(connection, cycle_id, today, as_told=as_told)
                for cycle_id in connection.scalars(query).all()
            ],
        }


def read_names_by_cycle(register: Register, cycle_ids: Iterable[str]) -> dict[str, dict[str, str]]:
    """The names of areas, Chairs and the office, by cycle and then by the id of each."""
    found = {}
    with register.reading() as connection:
        for cycle_id in cycle_ids:
            cycle, _ = load_stored(connection, cycle_id)
            people = {p.id: p.name for p in cycle.participants} | {c.id: c.name for c in cycle.chairs}
            found[cycle_id] = people | {"office": "Programme office"}
    return found


def find_area_by_name(register: Register, called: str) -> str:
    """The id of the area that has this id or name in some cycle; `called` unchanged if there is none."""
    with register.reading() as connection:
        cycle_ids = connection.scalars(
            sa.select(t.cycles.c.id).where(t.cycles.c.state != CycleState.PURGED.value)
        ).all()
    known = {
        word.lower(): area
        for names in read_names_by_cycle(register, cycle_ids).values()
        for area, name in names.items()
        for word in (name, area)
    }
    return known.get(called.strip().lower(), called)


def _describe_cycle(connection: Connection, cycle_id: str, today: date, *, as_told: bool) -> CycleStatus:
    cycle, _ = load_stored(connection, cycle_id)
    state = connection.scalar(sa.select(t.cycles.c.state).where(t.cycles.c.id == cycle_id))
    found = (list_standings_as_told if as_told else list_challenge_standings)(connection, cycle, today)
    to_send = set() if as_told else list_waiting_for_office(connection, cycle_id)
    return {
        "id": cycle.id,
        "name": cycle.name,
        "state": state,
        "challenges": [
            _describe_challenge(standing, is_to_be_sent=_find_request(cycle, standing) in to_send)
            for standing in found
        ],
    }


def _find_request(cycle: Cycle, standing: Standing) -> tuple[str, DispatchKind | None]:
    """The challenge, and the kind of dispatch that asks for what is due next; None where nothing is."""
    kind = ASKED_BY.get(DeadlineName(standing.next_due)) if standing.next_due else None
    return make_challenge_id(cycle.id, standing.author), kind


def _describe_challenge(standing: Standing, *, is_to_be_sent: bool) -> ChallengeStatus:
    return {
        "author": standing.author,
        "author_name": standing.author_name,
        "challenger_name": standing.challenger_name,
        "stage": standing.stage.value,
        "waiting_on": "office" if is_to_be_sent else standing.waiting_on,
        "next_due": standing.next_due,
        "next_due_on": standing.next_due_on.isoformat() if standing.next_due_on else None,
        "next_step": FORM_TO_SEND if is_to_be_sent else standing.next_step,
        "is_overdue": standing.is_overdue,
        "risk": standing.risk and str(standing.risk),
    }


def explain_date_of_area(register: Register, participant: str, day: date) -> list[str]:
    """The rule and the trigger that gave an area one of its dates, in sentences.

    Raises WrongUse, with the dates that the area has, if it has no date on that day.
    """
    told: list[str] = []
    known: set[date] = set()
    with register.reading() as connection:
        for challenge in challenges.list_challenges_of_author(connection, participant):
            cycle, _ = load_stored(connection, challenge.cycle_id)
            told += explain_deadlines_on(
                cycle,
                challenges.read_challenge_dates(challenge),
                date_adjustments.adjustments_of(connection, challenge.id),
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
