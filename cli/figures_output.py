"""What `peer-challenge figures` does with a table: says what is understood and what follows, and uses it."""

from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from cli.options import ACTOR, open_installation, print_json, print_sentence
from peer_challenge.cycle_file.indicators_table import ReadIndicators
from peer_challenge.errors import FileWithMistakes, WrongUse
from peer_challenge.model.cycle import Cycle
from peer_challenge.register import indicators
from peer_challenge.register.cycles import cycle_ids, load_stored
from peer_challenge.register.database import Transaction
from peer_challenge.steering.give_indicators import (
    check_indicators_can_change,
    give_indicators,
    list_consequences,
    read_table,
)


def give_figures_from_file(
    path: Path, cycle_id: str, *, is_trial: bool, as_json: bool, at: datetime, home: Path | None
) -> None:
    """Read a table of indicators, print what is understood and what follows, and use it unless `is_trial`.

    Raises FileWithMistakes with every problem of the table, and WrongUse where there is no file, no such open
    cycle, or a pack has gone.
    """
    if not path.is_file():
        raise WrongUse(f"There is no such file: {path}.", remedy="Check the name and the folder.")
    with open_installation(home) as (_, register):
        with register.reading() as connection:
            cycle = _find_cycle(connection, cycle_id)
            check_indicators_can_change(connection, cycle.id)
            has_any = bool(indicators.load_indicators(connection, cycle.id))
        read = read_table(cycle, path.name, path.read_bytes())
        if read.problems:
            raise FileWithMistakes(path.name, [f"{place}: {words}" for place, words in read.problems])
        _print_table(cycle, read, has_any=has_any, as_json=as_json)
        if is_trial:
            return
        with register.writing() as connection:
            give_indicators(connection, cycle, read.indicators, at=at, actor=ACTOR)
        if not as_json:
            print_sentence("The figures are kept.")


def _find_cycle(connection: Transaction, cycle_id: str) -> Cycle:
    """The open cycle of this id; without an id, the only one."""
    known = cycle_ids(connection)
    if cycle_id not in known and (cycle_id or len(known) != 1):
        raise WrongUse(
            f"There is no open cycle {cycle_id}." if cycle_id else f"{len(known)} cycles are open.",
            remedy=f"Name one with --cycle: {', '.join(known) or 'none is open'}.",
        )
    return load_stored(connection, cycle_id or known[0])[0]


def _print_table(cycle: Cycle, read: ReadIndicators, *, has_any: bool, as_json: bool) -> None:
    follows = list_consequences(cycle, read.indicators, has_any=has_any)
    if as_json:
        shown = [asdict(one) | {"direction": one.direction.value} for one in read.indicators]
        print_json({"indicators": shown, "notes": list(read.notes), "follows": follows})
        return
    for note in read.notes:
        print_sentence(f"Note: {note}", is_aside=True)
    for one in read.indicators:
        print_sentence(f"- {one.name} ({one.direction.value}): {len(one.values)} areas")
    for told in follows:
        print_sentence(told)
