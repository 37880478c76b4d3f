"""Rows of a table of areas that are no areas: totals, notes, and headings that are there again."""

import re
from collections.abc import Mapping, Sequence

_TOTAL = re.compile(
    r"(?:grand |sub[- ]?)?(?:total|sum|count|average)s?\b.{0,30}"
    r"|(?:number|no\.?) of (?:areas|participants)\b.{0,30}"
    r"|\d{1,4} (?:areas?|participants?|rows?|in (?:all|total))\.?",
    re.IGNORECASE,
)
_NOTE = re.compile(
    r"(?:(?:please )?(?:foot)?notes?|n\.?b\.?|sources?|key|legend|contact|date|version|author|owner"
    r"|as (?:at|of)|(?:last |date )?(?:updated?|amended|revised|reviewed|changed|edited|saved|printed)"
    r"|(?:prepared|produced|compiled|completed|checked|approved|agreed)(?: by| on)?)(?: (?:by|on|at))?"
    r"(?: \d{1,2})?\s*(?::.*)?",
    re.IGNORECASE | re.DOTALL,
)
"""What stands first in a note below a table: "Source:", "Last updated". No area is called so."""
_MOST_OF_NOTE = 3
"""Cells of a note: what it is called, a text, and one more. A row of an area that says more is an area's."""
_WITHDRAWN = re.compile(
    r"(?:[(\[]|\s[-–—:]\s?).*\b(?:withd\w{3,8}|opted out|declined|paused|deferred|left|no longer"
    r"|not (?:\w+ )?(?:taking|participating|joining|included|in))\b",
    re.IGNORECASE,
)
"""An area's name with the remark that it takes no part: "Ashcombe (withdrawn)"."""
_LIST_MARK = re.compile(r"^(?:[*•·▪■‣◦●○➢✓–—-]+\s*|\(?\d{1,3}[.)]\s+)(?=\w)|(?<=\w)\s?[*†‡]+$")
"""What a list or a footnote puts before or behind a name: "- ", "1. ", "2) ", "*"."""


def is_row_of_totals(row: Sequence[str]) -> bool:
    """Whether the first text of a row says that it adds up the rows above. The row is not empty."""
    first = next(filter(None, row))
    return bool(_TOTAL.fullmatch(first)) and not any("@" in text for text in row)


def is_row_of_note(row: Sequence[str], columns: Mapping[int, str]) -> bool:
    """Whether a row is a note in two or three cells, as "Source:" and the name of a list.

    `columns` says what each place in a row holds. A row with an address under its heading is an area's.
    """
    filled = [i for i, text in enumerate(row) if text]
    has_address = any("@" in row[i] for i in filled if columns.get(i) == "contact_email")
    return 1 < len(filled) <= _MOST_OF_NOTE and not has_address and bool(_NOTE.fullmatch(row[filled[0]]))


def has_headings_again(row: Sequence[str], columns: Mapping[int, str], known: Sequence[str | None]) -> bool:
    """Whether a row repeats the headings. `known` is the column that each text of the row is a heading of."""
    filled = [i for i, text in enumerate(row) if text and i in columns]
    return len(filled) > 1 and all(known[i] == columns[i] for i in filled)


def says_it_takes_no_part(name: str) -> bool:
    """Whether an area's name has a remark in it such as "(withdrawn)"."""
    return bool(_WITHDRAWN.search(name))


def strip_list_mark(name: str) -> str:
    """A name without the bullet or the number of a list before it, and without the star of a footnote."""
    return _LIST_MARK.sub("", name)
