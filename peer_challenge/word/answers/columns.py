"""Finding a table's columns: by their marks, else by the words of its header, else by its shape."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate

from rapidfuzz import fuzz

from peer_challenge.model.framework import ColumnHeadings
from peer_challenge.model.vocabulary import Kind
from peer_challenge.word.answers.prompts import is_placeholder
from peer_challenge.word.form.forms import FORMS, SCHEDULES, list_headers
from peer_challenge.word.package.marks import is_row_bookmark, read_marked_column
from peer_challenge.word.package.namespaces import w
from peer_challenge.word.package.xml_element import XmlElement
from peer_challenge.word.text.content import Cell, Row, Table
from peer_challenge.word.text.tables import whole_number

_SEARCHED = 8
"""Rows from the top: above a header are titles and notes; what is like one far below it is an answer."""
_USUAL = ColumnHeadings()
_LONGEST_HEADER = 120
"""Twice what a framework takes of a heading: a longer cell is a sentence, in which any word may occur."""
_GOOD = 84
"""Of 100: the likeness that makes a reworded title sure (`match_titles.STRONG`, decision 0012)."""
_NO_RATING_NOW = re.compile(
    r"\b(?:last|previous|prior|earlier|old|former|baseline|target|20\d\d|rationale|reasons?|why|comments?|notes?|for)\b"
)
"""In the heading of a column of ratings that are not for now, or of words about a rating."""
_GRID, _WIDTH = f"{w('tblGrid')}/{w('gridCol')}", w("w")
_INCH = 1440
"""Word's measure: twentieths of a point in an inch."""
_NEEDED = {
    Kind.SELF_ASSESSMENT: {"strengths", "development", "rating"},
    Kind.ANALYSIS: {"strengths", "development", "rating", "commentary"},
    Kind.RESPONSE: {"response", "response_kind"},
    Kind.CHAIR_RECORD: {"text", "consensus"},
    Kind.CORRECTIONS: {"text", "consensus"},
    Kind.CHALLENGER_CORRECTIONS: {"text", "consensus"},
    Kind.ACTION_PLAN: {"action", "owner", "due_on", "measure"},
    Kind.PROGRESS_REPORT: {"status", "evidence", "difference"},
}


@dataclass(slots=True)
class Columns:
    """A table's columns: where each begins in the grid and how wide it is, and the header's row.

    `basis` is "marks", "words" or "shape". `cells` are the header's cells; in a table that goes on without a
    header they represent those of the table before. `is_foreign` says that the columns belong to a form of
    another kind.
    """

    table: Table
    header: Row | None
    places: dict[str, tuple[int, int]]
    basis: str
    kind: Kind | None = None
    cells: list[Cell] = field(default_factory=list)
    is_foreign: bool = False
    _edges: list[int] = field(default_factory=list)

    def header_cells(self) -> list[Cell]:
        """The cells of the header that name a column."""
        places = set(self.places.values())
        return [cell for cell in self.cells if (cell.column, cell.span) in places]

    def is_header(self, row: Row) -> bool:
        """Whether a row repeats the words of the header."""
        if not self.cells or not row.cells or row.cells[0].text != self.cells[0].text:
            return False
        return [cell.text for cell in row.cells] == [cell.text for cell in self.cells]

    def has_grid_of(self, table: Table, rows: Iterable[Row]) -> bool:
        """Whether rows of another table have the same grid as this table's header."""
        is_alike = self.header is not None and _list_grid_widths(self.table) == _list_grid_widths(table)
        return is_alike and all(_same_grid(self.header, row) for row in rows if self.header)

    def going_on(self, table: Table, row: Row) -> "Columns":
        """These columns in the grid of another table that goes on with this one.

        `row` has as many cells as the header, but another grid.
        """
        cells = [Cell(cell.element, cell.column) for cell in row.cells]
        for cell, place, named in zip(cells, row.cells, self.cells, strict=True):
            cell.span, cell.text = place.span, named.text
        moved = {
            (old.column, old.span): (cell.column, cell.span)
            for old, cell in zip(self.cells, cells, strict=True)
        }
        places = {column: moved[place] for column, place in self.places.items()}
        return Columns(table, None, places, self.basis, self.kind, cells)

    def under(self, row: Row) -> "Columns | None":
        """The columns from `row` on when it is a second header, as where two tables became one; else None."""
        first = row.cells[0].bookmarks if row.cells else ()
        if row is self.header or (first and is_row_bookmark(first[0])):
            return None
        if any(read_marked_column(mark) for cell in row.cells[:2] for mark in cell.bookmarks):
            return columns_marked_in(self.table, row)
        if self.is_header(row):
            again = self.going_on(self.table, row)
            again.header, again.cells = row, list(row.cells)
            return again
        return None

    def are_of_another_kind(self) -> bool:
        """Whether the columns belong to a form of another kind, which somebody put into this document."""
        if self.kind is None or all(column.id in self.places for column in FORMS[self.kind].columns):
            return False
        fits = {kind: sum(column.id in self.places for column in f.columns) for kind, f in FORMS.items()}
        return fits[self.kind] < max(fits.values())

    def are_all_in(self, row: Row) -> bool:
        """Whether a row has a cell of its own for each column."""
        cells = self.cells_of(row).values()
        return len(row.cells) >= len(self.cells) and len(set(map(id, cells))) == len(self.places)

    def complete(self, headings: ColumnHeadings = _USUAL) -> None:
        """Find columns whose header has lost its mark, as when it was typed again, by their words.

        Those of the framework's own `headings` count first.
        """
        if self.kind is None or len(self.places) == len(FORMS[self.kind].columns):
            return
        marked = set(self.places.values())
        others = [
            (cell, _normalise_words(cell.text))
            for cell in self.cells
            if (cell.column, cell.span) not in marked
        ]
        self.places = _match_columns(others, self.kind, headings)[0] | self.places

    def renamed(self, headings: ColumnHeadings = _USUAL) -> Iterator[str]:
        """The columns above whose mark the words of another column stand."""
        for cell in self.cells if self.basis == "marks" else ():
            own = next((c for c, place in self.places.items() if place == (cell.column, cell.span)), None)
            scores = {
                column: score
                for kind, column, score in _score_all_columns(_normalise_words(cell.text), headings)
                if kind is self.kind
            }
            if own is not None and scores and scores.get(own, 0.0) < max(scores.values()):
                yield own

    def has_two_ratings(self, headings: ColumnHeadings = _USUAL) -> bool:
        """Whether another column than the form's is headed as a rating for now: "Moderated rating"."""
        others = [cell for cell in self.cells if (cell.column, cell.span) not in self.places.values()]
        texts = (_normalise_words(cell.text) for cell in others if "rating" in self.places)
        return any(
            not _NO_RATING_NOW.search(text) and column == "rating"
            for text in texts
            for kind, column, _ in _score_all_columns(text, headings)
            if kind is self.kind
        )

    def is_shifted(self, row: Row) -> bool:
        """Whether cells of a row were deleted or added, so that those after them stand under other headings.

        Not where most rows are as wide as it: then somebody added a column.
        """
        if self.header is None or _same_grid(self.header, row) or len(row.cells) == len(self.header.cells):
            return False
        widths = Counter(_find_right_end(other) for other in self.table.rows)
        return widths.most_common(1)[0][0] != _find_right_end(row)

    def split_cells(self, row: Row) -> Iterator[tuple[str, list[Cell]]]:
        """Each column whose cell in this row was split, with the several cells that are there now."""
        if (
            self.header is None
            or len(row.cells) <= len(self.header.cells)
            or not _same_grid(self.header, row)
        ):
            return
        for column, (start, span) in self.places.items():
            inside = [c for c in row.cells if c.column >= start and c.column + c.span <= start + span]
            if len(inside) > 1:
                yield column, inside

    def cells_of(self, row: Row) -> dict[str, Cell]:
        """The cells of a row by column. A row with the header's grid is matched directly."""
        if self.header is None or _same_grid(self.header, row):
            starts = {(cell.column, cell.span): cell for cell in row.cells}
            found = {column: starts[place] for column, place in self.places.items() if place in starts}
            if len(found) == len(self.places):
                return found
        cells = ((column, self.cell_of(row, column)) for column in self.places)
        return {column: cell for column, cell in cells if cell is not None}

    def cell_of(self, row: Row, column: str) -> Cell | None:
        """The cell of a row that is under a column, or None when there is none."""
        place = self.places.get(column)
        if place is None:
            return None
        if (
            self.header is not None
            and not _same_grid(self.header, row)
            and len(self.header.cells) == len(row.cells)
        ):
            position = next((n for n, c in enumerate(self.header.cells) if c.column == place[0]), None)
            return None if position is None else row.cells[position]
        best, most = None, 0
        for cell in row.cells:
            first, end = max(cell.column, place[0]), min(cell.column + cell.span, place[0] + place[1])
            shared = self._find_left_edge(end) - self._find_left_edge(first) if end > first else 0
            if shared > most:
                best, most = cell, shared
        return best

    def _find_left_edge(self, number: int) -> int:
        """Where a column of the grid begins, in twentieths of a point.

        A column without a width counts as an inch wide.
        """
        if not self._edges:
            self._edges = [0, *accumulate(_list_grid_widths(self.table))]
        beyond = max(number - len(self._edges) + 1, 0)
        return self._edges[number - beyond] + beyond * _INCH


def _same_grid(header: Row, row: Row) -> bool:
    return bool(row.cells and header.cells) and _find_right_end(header) == _find_right_end(row)


def _find_right_end(row: Row) -> int:
    """The column of the grid at which a row's last cell ends."""
    return row.cells[-1].column + row.cells[-1].span if row.cells else 0


def _list_grid_widths(table: Table) -> list[int]:
    return list(map(_read_grid_width, table.element.iterfind(_GRID)))


def _read_grid_width(column: XmlElement) -> int:
    width = whole_number(column.get(_WIDTH))
    return _INCH if width is None else max(width, 1)


def marked_columns(table: Table) -> Columns | None:
    """The columns that the marks of header cells name, or None when there are none."""
    found = (columns_marked_in(table, row) for row in table.rows)
    return next(filter(None, found), None)


def columns_marked_in(table: Table, row: Row) -> Columns | None:
    """The columns that the marks of one row's cells name, or None when there are none."""
    places: dict[str, tuple[int, int]] = {}
    for cell in row.cells:
        for bookmark in cell.bookmarks:
            name = read_marked_column(bookmark)
            if name and name not in places:
                places[name] = (cell.column, cell.span)
    return Columns(table, row, places, "marks", cells=list(row.cells)) if places else None


def worded_columns(
    table: Table,
    kinds: Iterable[Kind],
    is_answer: Callable[[Row], bool] = lambda row: False,
    headings: ColumnHeadings = _USUAL,
) -> Columns | None:
    """The columns that the words of a header name, for the one of `kinds` that fits best, or None.

    `is_answer` says of a row that it is none: it names a sub-heading, so that its words are somebody's.
    `headings` are those of the framework, which count before all other words for a column.
    """
    kinds = tuple(kinds)
    best: tuple[float, Columns] | None = None
    for number, row in enumerate(table.rows[:_SEARCHED]):
        texts = [
            (cell, _normalise_words(text))
            for cell in row.cells
            # a heading with its guidance is shorter; a longer cell is an answer
            if (text := cell.text) and len(text) <= 200 and not is_placeholder(text)
        ]
        if len(texts) < 2 or any(is_row_bookmark(mark) for cell in row.cells for mark in cell.bookmarks):
            continue
        if is_answer(row):
            continue
        for kind in kinds:
            places, score = _match_columns(texts, kind, headings)
            is_word_for_word = len(places) >= 3 and score == 100 * len(places)  # a column may be gone
            needed = len(_NEEDED[kind] & places.keys())
            may_be = (number == 0 and kind in SCHEDULES) or _is_mostly_headers(places, kind, row)
            is_header = may_be and (needed >= 2 or (needed > 0 and is_word_for_word))
            if is_header and (best is None or score > best[0]):
                best = score, Columns(table, row, places, "words", kind, list(row.cells))
    return best[1] if best else None


def _is_mostly_headers(places: Mapping[str, tuple[int, int]], kind: Kind, row: Row) -> bool:
    """Whether most of a row's cells name columns: of an answer two or three may well say such words."""
    return len(places) > max(sum(bool(cell.text) for cell in row.cells) / 2, 0 if kind in SCHEDULES else 2)


def _match_columns(
    texts: list[tuple[Cell, str]], kind: Kind, headings: ColumnHeadings
) -> tuple[dict[str, tuple[int, int]], float]:
    scored = sorted(
        (
            (score, number, column, cell)
            for number, (cell, text) in enumerate(texts)
            for named, column, score in _score_all_columns(text, headings)
            if named is kind
        ),
        key=lambda entry: (-entry[0], entry[1]),  # column and cell go to the best fit, then to the leftmost
    )
    places: dict[str, tuple[int, int]] = {}
    taken: set[int] = set()
    total = 0.0
    for score, number, column, cell in scored:
        if column not in places and number not in taken:
            places[column] = (cell.column, cell.span)
            taken.add(number)
            total += score
    return places, total


@lru_cache(maxsize=4096)
def _score_all_columns(text: str, headings: ColumnHeadings) -> tuple[tuple[Kind, str, float], ...]:
    """How well a header's words fit each column of each kind, for those that they fit.

    What is one of the framework's own headings names that column and no other.
    """
    if not text or len(text) > _LONGEST_HEADER:
        return ()
    if exact := [(kind, column, 100.0) for kind, column, own, _ in _names_under(headings) if text == own]:
        return tuple(exact)
    return tuple(
        (kind, column, score)
        for kind, column, own, names in _names_under(headings)
        if (score := _score_against_names(text, (own, *names) if own else names)) >= _GOOD
    )


def _score_against_names(text: str, names: tuple[str, ...]) -> float:
    """A column's own header counts above a synonym of the same fit."""
    best = 0.0
    for number, wanted in enumerate(names):
        score = fuzz.ratio(text, wanted) - bool(number)
        if len(wanted) > 3 and f" {wanted} " in f" {text} ":
            score = max(score, 88 + 6 * len(wanted) / len(text))
        best = max(best, score)
    return best


@lru_cache(maxsize=1024)
def _normalise_words(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold()))


_WORD = re.compile(r"[^\W_]+")


@lru_cache(maxsize=32)
def _names_under(headings: ColumnHeadings) -> tuple[tuple[Kind, str, str, tuple[str, ...]], ...]:
    """Kind, column, the framework's own heading for it ("" where it has none), and its other names."""
    return tuple(
        (
            form.kind,
            column.id,
            _normalise_words(own) if (own := headers[column.id]) != column.header else "",
            tuple(map(_normalise_words, (column.header, *column.synonyms))),
        )
        for form in FORMS.values()
        for headers in (list_headers(form.kind, headings),)
        for column in form.columns
    )


def shaped_columns(table: Table, titled: Iterable[int], known: Kind | None) -> Columns | None:
    """The columns in the order of the form, where some column of a headerless table holds titles.

    `titled` gives the grid columns in which sub-headings were recognised. None unless the table is as
    wide as the form, or as a self-assessment without the peers' column.
    """
    kind = known or Kind.SELF_ASSESSMENT
    wanted = [column.id for column in FORMS[kind].columns]
    first = min(titled, default=None)
    if first is None:
        return None
    rows = (tuple((c.column, c.span) for c in row.cells if c.column >= first) for row in table.rows)
    widths, _ = Counter(rows).most_common(1)[0]  # of most rows: a heading goes across, a cell is split
    least = len(wanted) - (known is Kind.SELF_ASSESSMENT)
    if not least <= len(widths) <= len(wanted) or widths[0][0] != first:
        return None
    return Columns(table, None, dict(zip(wanted, widths, strict=False)), "shape", kind)
