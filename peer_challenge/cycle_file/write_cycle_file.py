"""A cycle file written from its entries: the other way round from load_cycle.py."""

from collections.abc import Mapping

import yaml

from peer_challenge.model.cycle import Cycle


def write_cycle_file(entries: Mapping[str, object]) -> str:
    """The YAML text of a cycle file with these entries; `peer-challenge open` reads the same from it."""
    order = {name: n for n, name in enumerate(Cycle.model_fields)}
    ordered = dict(sorted(entries.items(), key=lambda pair: order.get(pair[0], len(order))))
    return yaml.safe_dump(ordered, sort_keys=False, allow_unicode=True, width=110)


def entries_of_cycle(cycle: Cycle) -> dict[str, object]:
    """The entries of a file for this cycle, each value as an office would write it; defaults left out."""
    held = cycle.model_dump(mode="json", exclude_defaults=True)
    return {key: _as_written(value) for key, value in held.items()}


def _as_written(value: object) -> object:
    if isinstance(value, dict):
        return {key: _as_written(held) for key, held in value.items() if held is not None}
    if isinstance(value, list):
        return [_as_written(held) for held in value]
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
