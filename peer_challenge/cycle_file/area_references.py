"""Where the entries of a cycle file name its areas, by an id or a name: ids take the place of names, and
references follow an area that gets another name or is taken out.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import product

from peer_challenge.cycle_file.entry_values import (
    participants_of,
    read_mapping,
    read_mapping_entries,
    read_or_make_id,
    read_text_list,
    read_text_value,
)
from peer_challenge.cycle_file.yaml_with_lines import Entry
from peer_challenge.model.cycle import make_id_from_name, name_as_spoken
from peer_challenge.model.names_alike import make_name_key


def name_areas_by_id(data: Entry) -> None:
    """Replace names of areas by their ids in `data`: in lists, `challenged_by`, `pins` and `bans`.

    A name is recognised however it is written (`name_key`), and so are an area's aliases. A name that two
    areas have is left as it is.
    """
    by_key: dict[str, set[str]] = {}
    for _, area in participants_of(data):
        for key in list_name_keys(area):
            by_key.setdefault(key, set()).add(str(area.get("id")))
    ids = [area.get("id") for _, area in participants_of(data)]

    def id_of(held: object) -> object:
        found = by_key.get(make_name_key(str(held)), set()) if held not in ids else set()
        return next(iter(found)) if len(found) == 1 else held

    def ids_of(held: object) -> list[object]:
        """The id of an area; those of several whose names stand in one text, where each is known."""
        parts = [id_of(part) for part in split_area_names(str(held), lambda text: id_of(text) in ids)]
        return parts if all(part in ids for part in parts) else [held]

    for holder, key in find_area_references(data):
        held = holder[key]
        if isinstance(held, list):
            holder[key] = [one for each in held for one in ids_of(each)]
        elif isinstance(held, dict):
            name_of = (
                id_of if key in _BY_AUTHOR else make_id_from_name
            )  # of a cycle: "Vale 2026" is vale-2026
            holder[key] = {name_of(k): _replace_names_by_ids(v, id_of) for k, v in held.items()}


def split_area_names(text: str, is_known: Callable[[str], bool]) -> list[str]:
    """The names in a text with commas or semicolons between them, where at least one is known; else the text.

    "and" is taken as between two names where both are known: a name may have it within.
    """
    if is_known(text):
        return [text]
    parts: list[str] = []
    for part in (_AND_BEFORE.sub("", one.strip(), count=1) for one in _BETWEEN_AREAS.split(text)):
        both = [one.strip() for one in _AND_BETWEEN.split(part)]
        if part.lower().endswith(" of") and parts:
            parts[-1] += f", {part}"  # "Kingsmouth, City of" is one name, as an index has it
        elif not is_known(part) and all(map(is_known, both)):
            parts += both
        elif part:
            parts.append(part)
    return parts if any(map(is_known, parts)) else [text]


_BETWEEN_AREAS = re.compile(r"[,;\n]")
_AND_BETWEEN = re.compile(r"\s(?:and|&)\s", re.IGNORECASE)
_AND_BEFORE = re.compile(r"^(?:and|&)\s+", re.IGNORECASE)
"""Before the last of several: "Brackenford, Carrowdale, and Dunmere"."""


def list_name_keys(area: Mapping[str, object]) -> set[str]:
    """The keys of all names by which others may refer to an area: its id, name, partnership and aliases."""
    names = [read_or_make_id(area), *(read_text_value(area, key) for key in ("name", "partnership"))]
    names += [name_as_spoken(name) for name in names]
    return {make_name_key(name) for name in (*names, *read_text_list(area, "aliases")) if name}


_BY_AUTHOR = ("pins", "bans")


def _replace_names_by_ids(held: object, id_of: Callable[[object], object]) -> object:
    return [id_of(each) for each in held] if isinstance(held, list) else id_of(held)


def find_area_references(data: Entry) -> Iterator[tuple[Entry, str]]:
    """Each value that refers to areas, as the mapping that holds it and its key there."""
    holders = [area for _, area in participants_of(data)]
    holders += [chair for _, chair in read_mapping_entries(data, "chairs")]
    holders.append(read_mapping(data, "assignment"))
    keys = ("neighbours", "conflicts", "challenged_by", "not_for", *_BY_AUTHOR)
    yield from ((holder, key) for holder, key in product(holders, keys) if key in holder)


def follow_area(data: Entry, before: Mapping[str, object], after: Mapping[str, object] | None) -> None:
    """Have references to an area follow it from `before` to `after`; None takes them out.

    `data` has the area as it is after. A name that still leads to an area stays as it is written.
    """
    known = {key for _, area in participants_of(data) for key in list_name_keys(area)}
    gone = list_name_keys(before) - known
    new = str(after.get("name") or after.get("id") or "") if after else ""
    if not gone:
        return
    for holder, key in find_area_references(data):
        held = holder[key]
        if isinstance(held, list):
            holder[key] = _follow_list(held, gone, new)
        elif isinstance(held, dict):
            is_by_area = key in ("pins", "bans")
            followed = {
                (_follow_rename(name, gone, new) if is_by_area else name): _follow_value(value, gone, new)
                for name, value in held.items()
            }
            holder[key] = {str(name): value for name, value in followed.items() if name and value}
        if not holder[key]:
            del holder[key]


def _follow_value(value: object, gone: set[str], new: str) -> object:
    return _follow_list(value, gone, new) if isinstance(value, list) else _follow_rename(value, gone, new)


def _follow_list(values: list[object], gone: set[str], new: str) -> list[object]:
    return [after for value in values if (after := _follow_rename(value, gone, new))]


def _follow_rename(value: object, gone: set[str], new: str) -> object:
    return new if isinstance(value, str) and make_name_key(value) in gone else value
