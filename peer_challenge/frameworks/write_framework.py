"""A framework file written from its entries: the other way round from load_framework.py."""

from collections.abc import Mapping

import yaml

from peer_challenge.cycle_file.yaml_with_lines import Entry
from peer_challenge.model.framework import FocusArea, Framework, Subheading

_ORDER = {
    name: number
    for number, name in enumerate(
        dict.fromkeys((*Framework.model_fields, *FocusArea.model_fields, *Subheading.model_fields))
    )
}


def write_framework_file(entries: Mapping[str, object]) -> str:
    """The YAML text of a framework file with these entries; `load_framework` reads the same from it."""
    return yaml.safe_dump(_order_keys(entries), sort_keys=False, allow_unicode=True, width=110)


def _order_keys(held: object) -> object:
    if isinstance(held, Mapping):
        ordered = sorted(held.items(), key=lambda pair: _ORDER.get(pair[0], len(_ORDER)))
        return {key: _order_keys(value) for key, value in ordered}
    return [_order_keys(one) for one in held] if isinstance(held, list) else held


def entries_of_framework(framework: Framework) -> Entry:
    """The entries of a file for this framework, each value as an office would write it; defaults left out."""
    return {
        "id": framework.id,
        **framework.model_dump(mode="json", exclude_defaults=True, exclude_none=True),
    }
