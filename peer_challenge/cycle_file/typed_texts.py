"""The values of a cycle file as people type them into one cell or one field, and back again.

A table and a page hold a list, days or pairs in one text. Both read it here, so each is typed one way.
"""

import re
from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from peer_challenge.model.days_in_words import day_in_words
from peer_challenge.model.typed_days import read_typed_day, read_typed_range


class Shape(StrEnum):
    """What a text holds: itself; several texts; whole numbers; a day; days and ranges of days; pairs.

    Several stand on lines of their own, or with semicolons between them; numbers may have commas. Days are
    typed as model/typed_days.py reads them: a range is "4 May 2027 to 7 May 2027". A pair is "name: value";
    in PAIR_LISTS the value is several texts with commas.
    """

    TEXT = "text"
    LIST = "list"
    NUMBERS = "numbers"
    DAY = "day"
    DAYS = "days"
    PAIRS = "pairs"
    PAIR_LISTS = "pair_lists"


_NO_PAIR = re.compile(r"none|nil|n\W?a|not applicable|[\W_]+", re.IGNORECASE)
"""What people write for no pair at all."""


def split_texts(text: str) -> list[str]:
    """Several texts that stand on lines of their own, or with semicolons between them."""
    return [part.strip() for part in re.split(r"[;\n]", text) if part.strip()]


def read_texts(shape: Shape, text: str) -> object:
    """What a cell of a table holds, as a cycle file would have it. What is no day stays as it was written."""
    parts = split_texts(text)
    if shape is Shape.LIST:
        return parts
    if shape is Shape.DAYS:
        return [read_typed_days(part) for part in parts]
    if shape is Shape.DAY:
        return write_iso_day(text)
    if shape is Shape.NUMBERS:
        return re.split(r"[,;\s]+", text.strip(" ,;\n"))
    if shape is Shape.PAIRS:
        return {key: "; ".join(held) for key, held in _collect_pairs(parts).items()}
    if shape is Shape.PAIR_LISTS:
        pairs = _collect_pairs(parts)
        return {key: [one.strip() for text in held for one in text.split(",")] for key, held in pairs.items()}
    return text


def _collect_pairs(parts: list[str]) -> dict[str, list[str]]:
    """The different values of each name. One that is written twice keeps both: the checks then ask which."""
    found: dict[str, list[str]] = {}
    for part in parts:
        key, _, value = (text.strip() for text in part.partition(":"))
        if not _NO_PAIR.fullmatch(part) and value not in found.setdefault(key, []):
            found[key].append(value)
    return found


def read_typed_days(text: str) -> object:
    """A day, or several as {"first", "last"}, as a cycle file has them. What is no day stays as typed."""
    ends = read_typed_range(text)
    if ends is None:
        return write_iso_day(text)
    return {"first": write_iso_day(ends[0]), "last": write_iso_day(ends[1])}


def write_iso_day(text: str) -> str:
    """A typed day as a cycle file has it. What is no day stays as typed, for the checks to say so."""
    day = read_typed_day(text)
    return day.isoformat() if day else text.strip()


def read_typed_field(shape: Shape, text: str) -> object:
    """What somebody typed into a field of a page, as a cycle file would have it; None for nothing.

    A day may be written as in Britain. What is no day stays as it was typed, and is a mistake of the cycle.
    """
    text = text.replace("\r\n", "\n").strip()
    return read_texts(shape, text) if text else None


def write_typed_field(shape: Shape, value: object) -> str:
    """A value of a cycle file as a field of a page shows it: the text that `read_typed_field` reads."""
    if value is None:
        return ""
    if shape in (Shape.DAY, Shape.DAYS):
        return "\n".join(map(_write_day, value if isinstance(value, list) else [value]))
    if isinstance(value, Mapping):
        return "\n".join(f"{key}: {_join(held, ', ')}" for key, held in value.items())
    return _join(value, ", " if shape is Shape.NUMBERS else "\n")


def _join(value: object, between: str) -> str:
    return between.join(map(str, value)) if isinstance(value, list) else str(value)


def _write_day(value: object) -> str:
    if isinstance(value, Mapping):
        return f"{_write_day(value.get('first', ''))} to {_write_day(value.get('last', ''))}"
    try:
        return day_in_words(date.fromisoformat(str(value)))
    except ValueError:
        return str(value)
