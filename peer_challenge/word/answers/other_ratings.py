"""Ratings in a table that somebody added to a self-assessment: asked about where the form's own differs."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import chain

from peer_challenge.model.findings import Finding
from peer_challenge.word.answers.layout import Layout
from peer_challenge.word.answers.ratings import read_rating
from peer_challenge.word.answers.reading import Row
from peer_challenge.word.form.match_titles import Titles
from peer_challenge.word.reader_findings import make_finding
from peer_challenge.word.text import content
from peer_challenge.word.text.content import Content, Table

_EARLIER = re.compile(
    r"\b(?:last|previous|prior|earlier|former|baseline|target|actions?|owner)\b", re.IGNORECASE
)
"""Of a table of other ratings than those for now: earlier ones, or how far actions are."""
_YEAR = re.compile(r"\b20\d\d\b")


def ask_about_other_ratings(
    body: Content, layout: Layout, titles: Titles, rows: Iterable[Row], opens: date | None
) -> Iterator[Finding]:
    """A question for each row whose rating differs from the one beside its title in an added table.

    Not where the table, or the line above it, says that its ratings are of an earlier time. `opens` is the
    day on which the cycle opens.
    """
    used = {id(columns.table) for columns in layout.tables}
    repeated = {id(row) for row in layout.repeated_rows}  # of these somebody is asked already
    own = {str(row["subheading"]): row.get("rating") for row in rows}
    above = ""
    for block in body.blocks:
        if not isinstance(block, Table):
            above = block.text or above
        elif id(block) not in used and not _is_earlier(above, block, opens):
            found = dict(
                chain.from_iterable(_ratings_in(row, titles) for row in block.rows if id(row) not in repeated)
            )
            differing = (address for address, rating in found.items() if own.get(address, rating) != rating)
            yield from (make_finding("rating.other_table", address, "rating") for address in differing)


def _ratings_in(row: content.Row, titles: Titles) -> Iterator[tuple[str, str]]:
    """The address of the sub-heading that a row names, with the one rating in its other cells."""
    texts = [cell.text for cell in row.cells if cell.text]
    ratings = [rating.value for text in texts[1:] if (rating := read_rating(text)[0]) is not None]
    match = titles.match(texts[0]) if len(ratings) == 1 else None
    if match is not None and match.sureness == "exact":
        yield match.address, ratings[0]


def _is_earlier(above: str, table: Table, opens: date | None) -> bool:
    header = (cell.text for row in table.rows[:1] for cell in row.cells)
    said = " ".join((above, *header))
    is_past = opens is not None and any(int(found) < opens.year for found in _YEAR.findall(said))
    return is_past or bool(_EARLIER.search(said))
