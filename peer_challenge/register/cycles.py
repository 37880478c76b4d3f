"""Cycles in the register: opened once, and read back unchanged."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from peer_challenge.errors import WrongUse
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.framework import Framework
from peer_challenge.model.journey import OPENING
from peer_challenge.model.vocabulary import Stage
from peer_challenge.register import challenges as moves
from peer_challenge.register import journal, outbox
from peer_challenge.register.records import CycleState
from peer_challenge.register.tables import challenges, cycles, participants


def challenge_id(cycle_id: str, author_id: str) -> str:
    """The id of the challenge of one author in one cycle."""
    return f"{cycle_id}/{author_id}"


def is_cycle_stored(connection: Connection, cycle_id: str) -> bool:
    """Whether the register has this cycle at all, open or closed."""
    return connection.scalar(sa.select(cycles.c.id).where(cycles.c.id == cycle_id)) is not None


def store_cycle(
    connection: Connection, cycle: Cycle, framework: Framework, *, at: datetime, actor: str
) -> None:
    """Open `cycle` with its whole `framework`: participants, challenges and the first dispatches.

    Raises WrongUse when a cycle of that id is in the register already.
    """
    if is_cycle_stored(connection, cycle.id):
        raise WrongUse(
            f"The cycle {cycle.id} is open already.",
            remedy="Nothing was changed. Give the new cycle another id, "
            "or see where this one stands: `peer-challenge status`.",
        )
    connection.execute(
        cycles.insert().values(
            id=cycle.id,
            name=cycle.name,
            framework_id=framework.id,
            state=CycleState.OPEN.value,
            opened_at=at,
            definition=cycle.model_dump(mode="json"),
            framework=framework.model_dump(mode="json"),
        )
    )
    connection.execute(
        participants.insert(),
        [
            {"cycle_id": cycle.id, "id": p.id, "name": p.name, "is_external": p.external}
            for p in cycle.participants
        ],
    )
    for author in cycle.authors:
        which = challenge_id(cycle.id, author.id)
        connection.execute(
            challenges.insert().values(
                id=which, cycle_id=cycle.id, author_id=author.id, stage=Stage.INVITED.value, stage_since_at=at
            )
        )
        for send in OPENING:
            outbox.intend_dispatch(
                connection,
                send.kind,
                send.role,
                author.id,
                key=f"{send.kind}/{author.id}",
                at=at,
                cycle_id=cycle.id,
                challenge_id=which,
            )
        moves.refresh_deadlines(connection, cycle, which)
    journal.append_entry(
        connection,
        "cycle opened",
        at=at,
        actor=actor,
        cycle_id=cycle.id,
        participants=len(cycle.participants),
        framework=framework.id,
    )


def close_cycle(connection: Connection, cycle_id: str, at: datetime) -> None:
    """Close a cycle."""
    connection.execute(
        cycles.update().where(cycles.c.id == cycle_id).values(state=CycleState.CLOSED.value, closed_at=at)
    )


def reopen_cycle(connection: Connection, cycle_id: str) -> None:
    """Open a closed cycle again. Raises WrongUse for one that was purged."""
    done = connection.execute(
        cycles.update()
        .where(cycles.c.id == cycle_id, cycles.c.state == CycleState.CLOSED.value)
        .values(state=CycleState.OPEN.value, closed_at=None)
    )
    if done.rowcount != 1:
        raise WrongUse(
            "This cycle can't be opened again: what areas wrote in it was deleted.",
            remedy="Open a new cycle.",
        )


def cycle_before(connection: Connection, cycle: Cycle) -> str | None:
    """The id of the newest earlier cycle that uses the same framework as this one, or None."""
    opened_at = sa.select(cycles.c.opened_at).where(cycles.c.id == cycle.id).scalar_subquery()
    found: str | None = connection.scalar(
        sa.select(cycles.c.id)
        .where(cycles.c.opened_at < opened_at, cycles.c.framework_id == cycle.framework)
        .order_by(cycles.c.opened_at.desc())
        .limit(1)
    )
    return found


@dataclass(frozen=True, slots=True)
class ClosedCycle:
    """A cycle that is closed and not purged; `retention_months` is the period in its own rules, or None."""

    id: str
    closed_at: datetime
    retention_months: int | None


def list_closed(connection: Connection) -> list[ClosedCycle]:
    """The cycles that are closed and not purged, by id."""
    query = sa.select(cycles.c.id, cycles.c.closed_at, cycles.c.definition).where(
        cycles.c.state == CycleState.CLOSED.value, cycles.c.closed_at.is_not(None)
    )
    return [
        ClosedCycle(row.id, row.closed_at, (row.definition.get("rules") or {}).get("retention_months"))
        for row in connection.execute(query.order_by(cycles.c.id))
    ]


def load_state(connection: Connection, cycle_id: str) -> CycleState | None:
    """Whether a cycle is open, closed or purged; None if there is none with this id."""
    state = connection.scalar(sa.select(cycles.c.state).where(cycles.c.id == cycle_id))
    return CycleState(state) if state is not None else None


_Stored = tuple[Cycle, Framework]
_OPENED_AT = sa.select(cycles.c.opened_at).where(cycles.c.id == sa.bindparam("id"))
_Key = tuple[str, str, datetime]
_KEPT = 128
_parsed: dict[_Key, _Stored] = {}


def load_stored(connection: Connection, cycle_id: str) -> _Stored:
    """A cycle and its framework, without the areas of focus that it omits. Raises WrongUse for an unknown id.

    A cycle's definition never changes after it was opened, so it is parsed once in a process.
    """
    opened_at = connection.scalar(_OPENED_AT, {"id": cycle_id})
    if opened_at is None:
        raise WrongUse(
            f"There is no cycle {cycle_id} in the register.",
            remedy="`peer-challenge status` lists the cycles there are.",
        )
    return _get_parsed_cycle(connection, (str(connection.engine.url), cycle_id, opened_at))


def load_opened_at(connection: Connection, cycle_id: str) -> datetime | None:
    """When a cycle was opened; None where there is no such cycle."""
    return connection.scalar(_OPENED_AT, {"id": cycle_id})


def load_all_stored(
    connection: Connection, *, states: Sequence[CycleState] = (CycleState.OPEN,)
) -> dict[str, _Stored]:
    """The cycles in `states` with their frameworks, by id, oldest first.

    Cycles that this process has parsed before need only one query together.
    """
    query = sa.select(cycles.c.id, cycles.c.opened_at).where(cycles.c.state.in_(states))
    url = str(connection.engine.url)
    found: dict[str, _Stored] = {}
    for row in connection.execute(query.order_by(cycles.c.opened_at, cycles.c.id)).fetchall():
        found[row.id] = _get_parsed_cycle(connection, (url, row.id, row.opened_at))
    return found


def load_cycles(connection: Connection, *, states: Sequence[CycleState] = (CycleState.OPEN,)) -> list[Cycle]:
    """The cycles in `states`, oldest first."""
    return [cycle for cycle, _ in load_all_stored(connection, states=states).values()]


def _get_parsed_cycle(connection: Connection, key: _Key) -> _Stored:
    """From memory, or parsed now; those parsed longest ago are forgotten, so that years do not add up."""
    stored = _parsed.get(key)
    if stored is None:
        stored = _parsed[key] = _parse_stored_cycle(connection, key[1])
        for old in list(_parsed)[:-_KEPT]:
            _parsed.pop(old, None)
    return stored


def _parse_stored_cycle(connection: Connection, cycle_id: str) -> _Stored:
    row = connection.execute(
        sa.select(cycles.c.definition, cycles.c.framework).where(cycles.c.id == cycle_id)
    ).one()
    cycle = Cycle.model_validate(_with_rules_of_its_day(row.definition))
    return cycle, _parse_framework(json.dumps(row.framework, sort_keys=True), tuple(cycle.omit))


def _with_rules_of_its_day(definition: dict[str, Any]) -> dict[str, Any]:
    """A definition without the limits that did not exist when its cycle was opened: its forms say none."""
    rules = {"form_word_limit": None, **(definition.get("rules") or {})}
    return {**definition, "rules": rules}


@lru_cache(maxsize=32)
def _parse_framework(definition: str, omit: tuple[str, ...]) -> Framework:
    """A framework without the areas `omit`: one for all the cycles that use the same."""
    return Framework.model_validate_json(definition).without(omit)


def cycle_ids(connection: Connection, *, states: Sequence[CycleState] = (CycleState.OPEN,)) -> list[str]:
    """The ids of the cycles in `states`, oldest first."""
    query = sa.select(cycles.c.id).where(cycles.c.state.in_(states)).order_by(cycles.c.opened_at, cycles.c.id)
    return list(connection.scalars(query))
