"""What changed between two texts, word by word, and between two versions of a submission."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

import pandas as pd

_TOKEN = re.compile(r"\s+|[^\W_]+(?:['’\-][^\W_]+)*|.", re.DOTALL)
_IGNORED = ("submission", "submission_id", "position", "participant", "kind")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that stayed, was added or was removed."""

    what: Literal["same", "added", "removed"]
    text: str


def pieces(before: str, after: str) -> list[Piece]:
    """How `before` became `after`, word by word.

    All that is not "added" put together is `before`; all that is not "removed" is `after`.
    """
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    found: list[Piece] = []
    for what, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            found.append(Piece("same", "".join(old[a:b])))
            continue
        if a < b:
            found.append(Piece("removed", "".join(old[a:b])))
        if c < d:
            found.append(Piece("added", "".join(new[c:d])))
    return found


def in_words(before: str, after: str, most: int = 3) -> str:
    """What changed as a sentence: 'removed "We"; added "The partnership"', the first `most` changes."""
    changed = [p for p in pieces(before, after) if p.what != "same" and p.text.strip()]
    told = [f"{p.what} “{_short(p.text)}”" for p in changed[: 2 * most]]
    more = len(changed) - len(told)
    return "; ".join(told) + (f"; and {more} more" if more > 0 else "")


def changes_between(before: pd.DataFrame, after: pd.DataFrame) -> tuple[tuple[str, str, str, str], ...]:
    """What differs between two versions: (sub-heading or item, column, before, after), in order.

    Both are a submission's rows or items. Rows that only one version has count with all that they
    hold. What was only spaced anew counts as well: a version is what was sent. A value that was not
    understood is told as it was written.
    """
    old, new = _by_place(before), _by_place(after)
    found = []
    for place in [*new, *(place for place in old if place not in new)]:
        was, now = old.get(place, {}), new.get(place, {})
        for column in dict.fromkeys([*now, *was]):
            one, other = (row.get(column) or row.get(f"{column}_as_written", "") for row in (was, now))
            if one != other:
                found.append((place, column, one, other))
    changed = {(place, column) for place, column, _, _ in found}
    return tuple(c for c in found if (c[0], c[1].removesuffix("_as_written")) not in changed - {c[:2]})


def fields_changed(
    before: Mapping[str, str], after: Mapping[str, str]
) -> tuple[tuple[str, str, str, str], ...]:
    """What differs between two versions' particulars: ("", field, before, after), in order."""
    changed = (name for name in {**after, **before} if before.get(name, "") != after.get(name, ""))
    return tuple(("", name, before.get(name, ""), after.get(name, "")) for name in changed)


def _by_place(rows: pd.DataFrame) -> dict[str, dict[str, str]]:
    if rows.empty:
        return {}
    key = "address" if "address" in rows else "subheading"
    columns = [column for column in rows.columns if column != key and column not in _IGNORED]
    records = rows[[key, *columns]].to_dict("records")
    return {str(r[key]): {c: _text(r[c]) for c in map(str, columns)} for r in records}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else "" if value is None or pd.isna(value) else str(value)


def _short(text: str, most: int = 120) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= most else plain[: most - 1].rsplit(" ", 1)[0] + " …"
