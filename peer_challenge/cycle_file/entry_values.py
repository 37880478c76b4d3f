"""Single values of a cycle file's entries, each read as what it should be; anything else counts as none."""

from collections.abc import Mapping
from datetime import date
from typing import TypeGuard

from peer_challenge.cycle_file.yaml_with_lines import Entry
from peer_challenge.model.cycle import make_id_from_name


def is_filled_text(value: object) -> TypeGuard[str]:
    """Whether a value is a text with something in it."""
    return isinstance(value, str) and bool(value)


def read_text_value(entry: Mapping[str, object], key: str) -> str:
    """The text of an entry; "" for none and for another value."""
    held = entry.get(key)
    return held if isinstance(held, str) else ""


def read_text_list(entry: Mapping[str, object], key: str) -> list[str]:
    """Those items of a list that are texts."""
    return [held for held in read_list_value(entry, key) if isinstance(held, str)]


def parse_iso_day(value: object) -> date | None:
    """A day that is written as 2027-02-26; None for anything else."""
    try:
        return date.fromisoformat(str(value)) if value else None
    except ValueError:
        return None


def read_mapping(data: Mapping[str, object], key: str) -> Entry:
    """A mapping in an entry; an empty one for anything else."""
    part = data.get(key)
    return part if isinstance(part, dict) else {}


def read_list_value(entry: Mapping[str, object], key: str) -> list[object]:
    """A list in an entry; an empty one for anything else."""
    held = entry.get(key)
    return held if isinstance(held, list) else []


def read_mapping_entries(data: Mapping[str, object], key: str) -> list[tuple[int, Entry]]:
    """Those items of a list that are mappings, each with its index in the list."""
    return [(i, entry) for i, entry in enumerate(read_list_value(data, key)) if isinstance(entry, dict)]


def participants_of(data: Mapping[str, object]) -> list[tuple[int, Entry]]:
    """Those entries under `participants` that are mappings, each with its index in the list."""
    return read_mapping_entries(data, "participants")


def read_or_make_id(entry: Mapping[str, object]) -> str:
    """The id of a participant or Chair, as written or as made from the name; "" where there is neither."""
    return read_text_value(entry, "id") or make_id_from_name(read_text_value(entry, "name"))
