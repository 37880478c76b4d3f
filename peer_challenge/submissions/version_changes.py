"""What changed between two texts, word by word, and between two versions of a submission."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby, takewhile
from typing import Any, Literal

import pandas as pd
from rapidfuzz.distance import LCSseq

_TOKEN = re.compile(r"\s+|[^\W_]+(?:['’\-][^\W_]+)*|.", re.DOTALL)
_LINE = re.compile(r"[^.!?\n]*[.!?\n]*\s*", re.DOTALL)
_MOST_PAIRS = 100_000_000
"""How many pairs of tokens are compared at most: two texts of 5,000 words, some 12 MB and 0.1 s."""
_IGNORED = ("submission", "submission_id", "position", "participant", "kind")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that stayed, was added or was removed."""

    what: Literal["same", "added", "removed"]
    text: str


def compare_texts(before: str, after: str) -> list[Piece]:
    """How `before` became `after`, word by word.

    The pieces that are not "added" make up `before`; those that are not "removed" make up `after`. Texts
    that are too long to be compared word by word are compared sentence by sentence. Texts that are too long
    for that are shown as one removed and one added piece.
    """
    for unit in (_TOKEN, _LINE):
        old, new = unit.findall(before), unit.findall(after)
        start = _count_shared_tokens(old, new)
        end = _count_shared_tokens(old[start:][::-1], new[start:][::-1])
        changed = (old[start : len(old) - end], new[start : len(new) - end])
        if len(changed[0]) * len(changed[1]) <= _MOST_PAIRS:
            return _merge_into_pieces(
                [("same", old[:start]), *_find_token_changes(*changed), ("same", old[len(old) - end :])]
            )
    return _merge_into_pieces([("removed", [before]), ("added", [after])])


_What = Literal["same", "added", "removed"]


def _count_shared_tokens(one: list[str], other: list[str]) -> int:
    """How many tokens two lists begin with alike."""
    alike = takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))
    return sum(1 for _ in alike)


def _find_token_changes(old: list[str], new: list[str]) -> Iterator[tuple[_What, list[str]]]:
    """What stayed and what changed: what was removed before what was added in its place, gaps among them."""
    removed: list[str] = []
    added: list[str] = []
    gap: list[str] = []
    # not difflib: where words repeat, its work grows with the cube of their number
    for change in LCSseq.opcodes(old, new):
        was, now = old[change.src_start : change.src_end], new[change.dest_start : change.dest_end]
        if change.tag != "equal":
            removed += gap + was
            added += gap + now
            gap = []
        elif (removed or added) and not gap and "".join(was).isspace():
            gap = was
        else:
            yield from (("removed", removed), ("added", added), ("same", gap), ("same", was))
            removed, added, gap = [], [], []
    yield from (("removed", removed), ("added", added), ("same", gap))


def _merge_into_pieces(changes: Iterable[tuple[_What, list[str]]]) -> list[Piece]:
    """Pieces of what was compared, those of a kind beside each other as one, and none empty."""
    filled = (change for change in changes if any(change[1]))
    return [
        Piece(what, "".join(text for _, tokens in alike for text in tokens))
        for what, alike in groupby(filled, key=lambda change: change[0])
    ]


def describe_changes(before: str, after: str, most: int = 3) -> str:
    """The first `most` changes between two texts as a sentence.

    For example: 'removed "We"; added "The partnership"'. The number of further changes follows.
    """
    changed = [p for p in compare_texts(before, after) if p.what != "same" and p.text.strip()]
    told = [f"{p.what} “{_shorten_text(p.text)}”" for p in changed[: 2 * most]]
    more = len(changed) - len(told)
    return "; ".join(told) + (f"; and {more} more" if more > 0 else "")


def changes_between(before: pd.DataFrame, after: pd.DataFrame) -> tuple[tuple[str, str, str, str], ...]:
    """What differs between two versions: (sub-heading or item, column, before, after), in order.

    Both are a submission's rows or items. A row that only one version has counts with all that it holds. A
    change of spacing counts too, because a version is what was sent. A value that was not understood is
    given as it was written.
    """
    old, new = _index_by_place(before), _index_by_place(after)
    found = []
    for place in [*new, *(place for place in old if place not in new)]:
        was, now = old.get(place, {}), new.get(place, {})
        for column in dict.fromkeys([*now, *was]):
            one, other = (row.get(column) or row.get(f"{column}_as_written", "") for row in (was, now))
            if one != other:
                found.append((place, column, one, other))
    changed = {(place, column) for place, column, _, _ in found}
    return tuple(c for c in found if (c[0], c[1].removesuffix("_as_written")) not in changed - {c[:2]})


Changes = tuple[tuple[str, str, str, str], ...]
"""What differs between two versions: (sub-heading or item, column or field, before, after), in order."""
Version = tuple[pd.DataFrame, Mapping[str, str]]
"""A version's rows (or items) and its particulars."""


def changes_of_versions(before: Version, after: Version) -> Changes:
    """What differs between two versions, the place "" for particulars; nothing of one that was not read."""
    (old, old_fields), (new, new_fields) = before, after
    if old.empty or new.empty:
        return ()
    return (*changes_between(old, new), *fields_changed(old_fields, new_fields))


def fields_changed(
    before: Mapping[str, str], after: Mapping[str, str]
) -> tuple[tuple[str, str, str, str], ...]:
    """What differs between two versions' particulars: ("", field, before, after), in order."""
    changed = (name for name in {**after, **before} if before.get(name, "") != after.get(name, ""))
    return tuple(("", name, before.get(name, ""), after.get(name, "")) for name in changed)


def _index_by_place(rows: pd.DataFrame) -> dict[str, dict[str, str]]:
    if rows.empty:
        return {}
    key = "address" if "address" in rows else "subheading"
    columns = [column for column in rows.columns if column != key and column not in _IGNORED]
    records = rows[[key, *columns]].to_dict("records")
    return {str(r[key]): {c: _convert_to_text(r[c]) for c in map(str, columns)} for r in records}


def _convert_to_text(value: Any) -> str:
    return value if isinstance(value, str) else "" if value is None or pd.isna(value) else str(value)


def _shorten_text(text: str, most: int = 120) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= most else plain[: most - 1].rsplit(" ", 1)[0] + " …"
