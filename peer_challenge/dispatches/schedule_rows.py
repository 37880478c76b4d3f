"""The schedule of an area as one table: what it wrote, what its peers asked and what it answered."""

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from peer_challenge.model.framework import Framework
from peer_challenge.model.vocabulary import Rating
from peer_challenge.register.frames import Value

_MOST_LINES = 20  # of a row that is kept whole: two thirds of a page, well below what LibreOffice cuts off
_LINE = 28  # characters in a line of the narrowest column for an area's words
TEXTS = ("strengths", "development", "rating_as_written", "commentary", "response_kind", "response")


def schedule_rows(framework: Framework, *parts: Sequence[Mapping[str, Value]]) -> pd.DataFrame:
    """One row per sub-heading, in the framework's order, with the columns that `Facts.rows` lists.

    Each of `parts` is a submission's records; a later one fills columns that an earlier one lacks.
    """
    columns: dict[str, list[Value]] = {
        "focus_area": [area.id for area in framework.focus_area_of.values()],
        "focus_area_title": [area.title for area in framework.focus_area_of.values()],
        "subheading": list(framework.subheadings),
        "title": [row.title for row in framework.subheadings.values()],
        "prompt": [row.prompt for row in framework.subheadings.values()],
        "reference": [row.reference or "" for row in framework.subheadings.values()],
    }
    for part in parts:
        for column in (*TEXTS, "rating"):
            if part and column in part[0] and column not in columns:
                written = {record["subheading"]: record[column] for record in reversed(part)}
                columns[column] = [written.get(address) for address in framework.subheadings]
    nothing: list[Value] = [None] * len(framework.subheadings)
    for column in TEXTS:
        columns[column] = ["" if pd.isna(text) else text for text in columns.get(column, nothing)]
    columns["rating"] = [None if pd.isna(rating) else rating for rating in columns.get("rating", nothing)]
    return pd.DataFrame(columns, dtype=object)


def count_challenges(rows: pd.DataFrame) -> dict[str, int]:
    """How many sub-headings of a schedule are rated RED, and how many others are asked about, by what an
    agenda's items can be about. Empty where nothing has been asked yet.
    """
    if rows.empty:
        return {}
    is_red = rows["rating"] == Rating.RED.value
    is_asked = rows["commentary"].str.strip().ne("")
    return {"RED": int(is_red.sum()), "OTHER": int((is_asked & ~is_red).sum())} if is_asked.any() else {}


def may_break_across_pages(texts: Iterable[str]) -> bool:
    """Whether a row with these texts in its cells may begin on one page and end on the next.

    A row that is kept whole never ends in a lone line on a new page. But LibreOffice cuts off what a whole
    row cannot show on one page, so a long one has to break. Short lines count as lines, as in a list.
    """
    return any(_count_lines(text) > _MOST_LINES for text in texts)


def _count_lines(text: str) -> int:
    return sum(max(1, -(-len(line) // _LINE)) for line in text.split("\n"))
