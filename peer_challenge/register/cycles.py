"""Cycles in the register: opened once, changed by `replace_cycle`, and each version of them kept."""

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from peer_challenge.errors import WrongUse
from peer_challenge.model.challenge_ids import make_challenge_id
from peer_challenge.model.cycle import Cycle, Participant
from peer_challenge.model.framework import Framework
from peer_challenge.model.journey import OPENING
from peer_challenge.model.rules_of_older_cycles import add_rules_of_its_day, list_rules_nobody_chose
from peer_challenge.model.vocabulary import Stage
from peer_challenge.register import challenges as moves
from peer_challenge.register import journal, outbox
from peer_challenge.register.records import CycleState
from peer_challenge.register.tables import challenges, cycle_versions, cycles, participants
from peer_challenge.register.work_out import ChangedMeanwhile


def is_cycle_stored(connection: Connection, cycle_id: str) -> bool:
    """Whether the register has this cycle at all, open or closed."""
    return connection.scalar(sa.select(cycles.c.id).where(cycles.c.id == cycle_id)) is not None


def check_cycle_is_new(connection: Connection, cycle_id: str) -> None:
    """Raises WrongUse when a cycle of that id is in the register already."""
    if is_cycle_stored(connection, cycle_id):
        raise WrongUse(
            f"The cycle {cycle_id} is open already.",
            remedy="Nothing was changed. Give the new cycle another id, or look at this one on the board.",
            command="peer-challenge status",
        )


def store_cycle(
    connection: Connection, cycle: Cycle, framework: Framework, *, at: datetime, actor: str
) -> None:
    """Open `cycle` with its whole `framework`: participants, challenges and the first dispatches.

    Raises WrongUse when a cycle of that id is in the register already.
    """
    check_cycle_is_new(connection, cycle.id)
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
    add_participants(connection, cycle, cycle.participants, at=at)
    journal.append_entry(
        connection,
        "cycle opened",
        at=at,
        actor=actor,
        cycle_id=cycle.id,
        participants=len(cycle.participants),
        framework=framework.id,
    )


def add_participants(
    connection: Connection, cycle: Cycle, added: Collection[Participant], *, at: datetime
) -> None:
    """Store participants of `cycle`, and open the challenge of each that writes a self-assessment."""
    connection.execute(
        participants.insert(),
        [{"cycle_id": cycle.id, "id": p.id, "name": p.name, "is_external": p.external} for p in added],
    )
    for author in added:
        if not author.external:
            _open_challenge(connection, cycle, author.id, at)


def _open_challenge(connection: Connection, cycle: Cycle, author_id: str, at: datetime) -> None:
    which = make_challenge_id(cycle.id, author_id)
    connection.execute(
        challenges.insert().values(
            id=which, cycle_id=cycle.id, author_id=author_id, stage=Stage.INVITED.value, stage_since_at=at
        )
    )
    for send in OPENING:
        outbox.intend_dispatch(
            connection,
            send.kind,
            send.role,
            author_id,
            key=f"{send.kind}/{author_id}",
            at=at,
            cycle_id=cycle.id,
            challenge_id=which,
        )
    moves.refresh_deadlines(connection, cycle, which)


@dataclass(frozen=True, slots=True)
class EarlierVersion:
    """A cycle as it was before a change: its number, from 1, and when, by whom and why it was changed."""

    number: int
    cycle: Cycle
    replaced_at: datetime
    replaced_by: str
    reason: str


def replace_cycle(connection: Connection, cycle: Cycle, *, at: datetime, actor: str, reason: str) -> int:
    """Make `cycle` the present version of the cycle with its id; the one until now is kept.

    Returns the number of the version that was replaced. The participants' names follow; new participants are
    `add_participants`' business.
    """
    number = count_earlier_versions(connection, cycle.id) + 1
    was = connection.execute(sa.select(cycles.c.definition).where(cycles.c.id == cycle.id)).one()
    connection.execute(
        cycle_versions.insert().values(
            cycle_id=cycle.id,
            number=number,
            definition=was.definition,
            replaced_at=at,
            replaced_by=actor,
            reason=reason,
        )
    )
    definition = cycle.model_dump(mode="json")
    digest = hashlib.sha256(json.dumps(definition, sort_keys=True).encode()).hexdigest()
    connection.execute(
        cycles.update()
        .where(cycles.c.id == cycle.id)
        .values(name=cycle.name, definition=definition, definition_sha256=digest)
    )
    for participant in cycle.participants:
        connection.execute(
            participants.update()
            .where(participants.c.cycle_id == cycle.id, participants.c.id == participant.id)
            .values(name=participant.name)
        )
    return number


def count_earlier_versions(connection: Connection, cycle_id: str) -> int:
    """How many versions of a cycle were replaced by a later one."""
    query = sa.select(sa.func.count()).where(cycle_versions.c.cycle_id == cycle_id)
    return int(connection.scalar(query) or 0)


def list_earlier_versions(connection: Connection, cycle_id: str) -> list[EarlierVersion]:
    """The versions of a cycle that were replaced, oldest first."""
    query = sa.select(cycle_versions).where(cycle_versions.c.cycle_id == cycle_id)
    return [
        EarlierVersion(
            row.number,
            Cycle.model_validate(_with_rules_of_its_day(row.definition)),
            row.replaced_at,
            row.replaced_by,
            row.reason,
        )
        for row in connection.execute(query.order_by(cycle_versions.c.number))
    ]


def list_former_names(connection: Connection, cycle_id: str) -> dict[str, list[str]]:
    """The names that each area of a cycle had in an earlier version or has now, by its id."""
    versions = [version.cycle for version in list_earlier_versions(connection, cycle_id)]
    found: dict[str, list[str]] = {}
    for cycle in (*versions, load_stored(connection, cycle_id)[0]):
        for area in cycle.participants:
            found.setdefault(area.id, []).append(area.name)
    return found


def check_is_current(connection: Connection, cycle: Cycle) -> None:
    """Raise ChangedMeanwhile where `cycle` is not the present version of it: what follows from it is out."""
    now, _ = load_stored(connection, cycle.id)
    if now is not cycle and now != cycle:
        raise ChangedMeanwhile("The cycle has just been changed.")


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
_VERSION = sa.select(cycles.c.opened_at, cycles.c.definition_sha256).where(cycles.c.id == sa.bindparam("id"))
_Key = tuple[str, str, datetime, str | None]
_KEPT = 128
"""Cycles, with their frameworks: more than the hundred open ones that were measured (docs/operations.md).

Without a limit a service that runs for years would remember each version of each cycle.
"""
_parsed: dict[_Key, _Stored] = {}


def load_stored(connection: Connection, cycle_id: str) -> _Stored:
    """A cycle and its framework, without the areas of focus that it omits. Raises WrongUse for an unknown id.

    Each version of a cycle is parsed once in a process.
    """
    version = connection.execute(_VERSION, {"id": cycle_id}).first()
    if version is None:
        raise WrongUse(
            f"There is no cycle {cycle_id} in the register.",
            remedy="The board lists the cycles that there are.",
            command="peer-challenge status",
        )
    key = (str(connection.engine.url), cycle_id, version.opened_at, version.definition_sha256)
    return _get_parsed_cycle(connection, key)


def load_whole_framework(connection: Connection, cycle_id: str) -> Framework:
    """The framework that a cycle was opened with, with the areas of focus that the cycle omits."""
    held = connection.execute(sa.select(cycles.c.framework).where(cycles.c.id == cycle_id)).one()
    return Framework.model_validate(held.framework)


def load_opened_at(connection: Connection, cycle_id: str) -> datetime | None:
    """When a cycle was opened; None where there is no such cycle."""
    return connection.scalar(_OPENED_AT, {"id": cycle_id})


def load_all_stored(
    connection: Connection, *, states: Sequence[CycleState] = (CycleState.OPEN,)
) -> dict[str, _Stored]:
    """The cycles in `states` with their frameworks, by id, oldest first.

    Cycles that this process has parsed before need only one query together.
    """
    query = sa.select(cycles.c.id, cycles.c.opened_at, cycles.c.definition_sha256).where(
        cycles.c.state.in_(states)
    )
    url = str(connection.engine.url)
    found: dict[str, _Stored] = {}
    for row in connection.execute(query.order_by(cycles.c.opened_at, cycles.c.id)).fetchall():
        found[row.id] = _get_parsed_cycle(connection, (url, row.id, row.opened_at, row.definition_sha256))
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


def list_rules_since(connection: Connection, cycle_id: str) -> list[str]:
    """The rules that did not exist when a cycle was opened: what it has for them is nobody's choice."""
    present = connection.scalar(sa.select(cycles.c.definition).where(cycles.c.id == cycle_id)) or {}
    earlier = connection.scalars(
        sa.select(cycle_versions.c.definition).where(cycle_versions.c.cycle_id == cycle_id)
    )
    return list_rules_nobody_chose(present.get("rules") or {}, [one.get("rules") or {} for one in earlier])


def _with_rules_of_its_day(definition: dict[str, Any]) -> dict[str, Any]:
    """A definition without the rules that did not exist when its cycle was opened: its forms go by none."""
    return {**definition, "rules": add_rules_of_its_day(definition.get("rules") or {})}


@lru_cache(maxsize=32)
def _parse_framework(definition: str, omit: tuple[str, ...]) -> Framework:
    """A framework without the areas `omit`: one for all the cycles that use the same."""
    return Framework.model_validate_json(definition).without(omit)


def cycle_ids(connection: Connection, *, states: Sequence[CycleState] = (CycleState.OPEN,)) -> list[str]:
    """The ids of the cycles in `states`, oldest first."""
    query = sa.select(cycles.c.id).where(cycles.c.state.in_(states)).order_by(cycles.c.opened_at, cycles.c.id)
    return list(connection.scalars(query))


def list_uses_of_frameworks(connection: Connection) -> dict[str, list[str]]:
    """The names of the cycles that were opened with each framework, by its id, oldest first."""
    query = sa.select(cycles.c.framework_id, cycles.c.name).order_by(cycles.c.opened_at, cycles.c.id)
    found: dict[str, list[str]] = {}
    for row in connection.execute(query):
        found.setdefault(row.framework_id, []).append(row.name)
    return found
