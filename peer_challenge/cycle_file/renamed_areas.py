"""What other entries say of an area that gets another name or is taken out: their references follow."""

from collections.abc import Mapping

from peer_challenge.cycle_file.cross_checks import find_area_references, list_name_keys, participants_of
from peer_challenge.cycle_file.yaml_with_lines import Entry
from peer_challenge.model.names_alike import make_name_key


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
