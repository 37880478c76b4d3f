"""The text that remains when the answers have been read: typed, and in no row or particular."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from rapidfuzz import fuzz, process

from peer_challenge.model.vocabulary import Kind
from peer_challenge.word.answers.answers import Answers
from peer_challenge.word.answers.layout import Entry, Layout
from peer_challenge.word.answers.passages import is_answer_like, is_long_passage, is_passage, is_sentence
from peer_challenge.word.form.forms import PARTNERS
from peer_challenge.word.form.known_before_reading import OwnText, normalise_printed_text
from peer_challenge.word.package.namespaces import w
from peer_challenge.word.text.content import Cell, Content, Paragraph, Row, Table, all_tables
from peer_challenge.word.text.open_document import Document

_RATINGS = frozenset(("red", "amber", "green"))
_IN_TABLES = {*_RATINGS, "not applicable", *map(str.casefold, PARTNERS.values())}
"""What forms print in tables only, as they do lone numbers."""
_WORD = re.compile(r"[^\W\d_]{2}")  # "2b" is a number that somebody gave to a row
_WORDS = re.compile(r"[^\W\d_]+")
_MISSPELT = 80
"""Of 100: the likeness of a word with a slip or two, as in "safegaurding", or without its plural."""
_ANSWERED_IN = {Kind.SELF_ASSESSMENT: "strengths", Kind.RESPONSE: "response"}
"""The column that an area fills in first in the forms that answer each row."""
_MARGINS = ("header", "footer")


def list_all_texts(document: Document) -> list[str]:
    """All text of a document that is none of our forms: paragraphs, and tables row by row."""
    return list(_iterate_all_texts(document))


def _iterate_all_texts(document: Document) -> Iterator[str]:
    for content in (document.body, *(content for _, content in document.others)):
        yield from _list_content_lines(content)
        yield from _list_aside_texts(content)


def _list_content_lines(content: Content) -> Iterator[str]:
    for block in content.blocks:
        lines = [block.text] if isinstance(block, Paragraph) else block.lines()
        yield from (line for line in lines if line.strip(" |\n"))


def _list_aside_texts(content: Content) -> Iterator[str]:
    yield from (text for _, text in content.aside if text.strip())
    for block in content.blocks:
        if isinstance(block, Table):
            for inner in block.rich_contents():
                yield from (text for _, text in inner.aside if text.strip())


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph outside the form's tables: its place in words, and how likely it is an answer there.

    `is_in_form` is False above the form's title and in the margins; `is_beside_answers` says that the form's
    table above it, or the one below it, is of answers.
    """

    where: str
    is_in_form: bool = False
    is_beside_answers: bool = False


class Leftovers:
    """Goes through a form once more for what has not been taken.

    When it has, `words` is how many such words stand in its body, `rows` the ids of rows that are left
    whole, `beside_titles` the addresses of rows in which they stand with the title, `retitled` those of which
    the title was typed again in other words, `in_columns` how many cells of them stand in columns that
    somebody added. Of what stands outside the tables with places of the
    form, `passages` are the paragraphs that are left, and `added_rows` the rows that are left whole of tables
    that hold no answers of the form: the number of the table, from 1, for each. What goes with a form and
    answers nothing, such as a covering letter above it, is in neither. `left_out` says why words of the body
    that are in no answer were left out: "hidden", "struck", ...
    """

    def __init__(self, layout: Layout, answers: Answers, own: OwnText) -> None:
        self._layout, self._own = layout, own
        self.rows: set[int] = set()
        self.words = self.in_columns = 0
        self.beside_titles: list[str] = []
        self.retitled: list[str] = []
        self.passages: list[Passage] = []
        self.left_out: set[str] = set()
        self._number = 0  # of the table that is being looked through
        self.added_rows: list[tuple[int, Row]] = []
        self._of_particulars: set[int] = set()
        self._entries = {id(entry.row): entry for entry in layout.entries}
        self._taken = answers.taken | {id(cell) for cell in layout.text_replaced}
        self._used_tables = {id(columns.table) for columns in layout.tables}
        self._headers = {id(columns.header) for columns in layout.tables}
        self._rows = self._headers | {id(entry.row) for entry in layout.entries}
        printed = (*map(_printed_cells, layout.entries), *(c.header_cells() for c in layout.tables))
        self._printed_in = set(map(id, chain.from_iterable(printed)))
        self._added = {id(row) for row in layout.extra_rows if sum(bool(cell.text) for cell in row.cells) > 1}
        self._added |= {
            id(row) for row in layout.repeated_rows if any(map(_is_of_tables, _list_row_texts(row)))
        }

    def is_of_particulars(self, table: int) -> bool:
        """Whether the form's particulars are in the table of this number, such as the sign-off."""
        return table in self._of_particulars

    def of(self, document: Document) -> Iterator[str]:
        """The remaining texts in the order of the document, the body first."""
        for text in self._of_blocks(document):
            self.words += len(text.split())
            yield text
        yield from self._layout.text_labels
        yield from (text for text in _list_aside_texts(document.body) if not self._is_printed(text))
        self.left_out = {
            why for why, text in self._list_asides_beside_answers(document.body) if is_passage(text)
        }
        for kind, content in document.others:
            texts = (*_list_content_lines(content), *_list_aside_texts(content))
            left = [text for text in texts if not self._is_furniture(kind, text)]
            if kind in _MARGINS:
                self.passages += [Passage(f"in a {kind}") for text in left if is_long_passage(text)]
            yield from left

    def _list_asides_beside_answers(self, body: Content) -> Iterator[tuple[str, str]]:
        """The texts that were left out of the body with the reasons, but for those in cells of answers."""
        answers = {id(cell) for entry in self._layout.entries for cell in entry.cells.values()}
        inner = (content for table in all_tables(body) for content in table.rich_contents())
        for content in (body, *(content for content in inner if id(content) not in answers)):
            yield from ((why, text) for why, text in content.aside if not self._is_printed(text))

    def _of_blocks(self, document: Document) -> Iterator[str]:
        number, is_below, is_below_title = 0, False, False
        used = {n for n, table in enumerate(all_tables(document.body), 1) if id(table) in self._used_tables}
        for block in document.body.blocks:
            if isinstance(block, Table):
                number += 1
                before = set(self.rows)
                self._number = number
                yield from self._of_table(block)
                holds_places = any(self._is_placed(row) for row in block.rows)
                if id(block) not in self._used_tables:
                    left = [row for row in block.rows if id(row) in self.rows - before]
                    for row in left:
                        self._note_row(row, number, is_below=is_below)
                    self._of_particulars |= {number} if holds_places else set()
                is_below = is_below or holds_places
            elif id(block) not in self._layout.text_taken and not self._is_printed(block.text):
                is_in_form, is_known = is_below or is_below_title, bool(self._own.marks)
                is_like = is_answer_like(block.text, is_in_form=is_in_form)
                if (is_below or is_known) and (
                    is_like or (is_in_form and is_known and _is_boxed_rating(block))
                ):
                    is_beside = is_in_form and is_known and not used.isdisjoint((number, number + 1))
                    self.passages.append(Passage(_name_place(number), is_in_form, is_beside))
                yield block.text
            else:
                is_below_title |= bool(block.text.strip())

    def _note_row(self, row: Row, table: int, *, is_below: bool) -> None:
        """Remember a row of a table that is not the form's; one of a single cell is a passage in a frame.

        Above the form's first table people put who they are, in short words.
        """
        texts = list(_list_row_texts(row))
        if not is_below and not (self._own.marks and any(map(is_long_passage, texts))):
            return
        if len(texts) > 1:
            self.added_rows.append((table, row))
        else:
            self.passages += [Passage(f"in table {table}", is_below)] * any(map(is_passage, texts))

    def _is_printed(self, text: str) -> bool:
        """Whether the form prints it outside tables."""
        return self._own.has(text) and not _is_of_tables(text)

    def _is_furniture(self, kind: str, text: str) -> bool:
        """Whether the form prints it in a part of this kind: in comments it prints nothing."""
        if kind in ("header", "footer"):
            return self._own.has_furniture(text) and _IN_TABLES.isdisjoint(_normalise_lines(text))
        return kind != "comments" and self._is_printed(text)

    def _of_table(self, table: Table) -> Iterator[str]:
        is_theirs = self._is_theirs(table)
        for row in table.rows:
            over = [
                (cell, text)
                for cell in row.cells
                if id(cell) not in self._taken and (text := self._find_cell_leftover(cell, row))
            ]
            left = [text for _, text in over]
            if left and self._is_placed(row):
                self._note_places([cell for cell, _ in over], self._entries.get(id(row)))
                yield " | ".join(left)
            elif left or self._is_added(row) or (is_theirs and any(map(_is_of_tables, _list_row_texts(row)))):
                self.rows.add(id(row))
                yield " | ".join(_list_row_texts(row))
        yield from (p.text for p in table.stray.paragraphs() if not self._own.has(p.text))
        for content in table.rich:
            yield from self._of_nested(content)

    def _note_places(self, cells: Sequence[Cell], entry: Entry | None) -> None:
        """Remember where in a row words are left: beside its title, or in a column that is not the form's.

        In a row of particulars, or a header, they stand beside a label; what it prints there, the form says.
        """
        if entry is None:
            own = self._own
            beside = [cell for cell in cells if own.marks and is_passage(self._of_cell(cell))]
            self.passages += [Passage(f"beside a label in table {self._number}") for _ in beside]
            return
        printed = {id(cell) for cell in _printed_cells(entry)}
        texts = (self._of_cell(cell) for cell in cells if id(cell) in printed)
        beside_title = [line for text in texts for line in text.split("\n") if _WORD.search(line)]
        retyped = [line for line in beside_title if self._is_retyped_title(line, entry.address)]
        if len(retyped) < len(beside_title) and (self._own.marks or self._may_be_answer(beside_title, entry)):
            self.beside_titles.append(entry.address)
        elif retyped and self._own.marks:
            self.retitled.append(entry.address)
        self.in_columns += sum(id(cell) not in printed for cell in cells)

    def _is_retyped_title(self, line: str, address: str) -> bool:
        """Whether a line says nothing but words of the row's title, some of them left out or misspelt."""
        frameworks = self._own.known.frameworks.values()
        titles = [row.title for framework in frameworks if (row := framework.subheadings.get(address))]
        words = _WORDS.findall(line.casefold())
        return any(
            all(process.extractOne(word, own, scorer=fuzz.ratio, score_cutoff=_MISSPELT) for word in words)
            for own in (_WORDS.findall(title.casefold()) for title in titles)
        )

    def _may_be_answer(self, lines: Iterable[str], entry: Entry) -> bool:
        """Whether a sentence stands by a title of which the form does not say what it prints there.

        It may be guidance of an earlier edition, so this is asked only where the answer's own cell is empty.
        """
        cell = entry.cells.get(_ANSWERED_IN.get(self._layout.kind or Kind.ANALYSIS, ""))
        is_empty = cell is not None and (not cell.text.strip() or self._own.has(cell.text))
        return is_empty and any(map(is_sentence, lines))

    def _is_added(self, row: Row) -> bool:
        """Whether it is one that somebody added, and of which no particular was taken."""
        return id(row) in self._added and not self._is_placed(row)

    def _is_theirs(self, table: Table) -> bool:
        """Whether somebody added the table: it says only what forms print elsewhere, or what none prints."""
        if id(table) in self._used_tables:
            return False
        cells = [cell for row in table.rows for cell in row.cells if cell.text]
        if any(id(cell) in self._taken or self._layout.is_in(cell) for cell in cells):
            return False
        return (
            all(_is_of_tables(cell.text) for cell in cells)
            or not all(self._own.has(cell.text) for cell in cells)
            or (self._layout.kind is Kind.SELF_ASSESSMENT and any(map(self._is_rated_title, table.rows)))
        )

    def _is_rated_title(self, row: Row) -> bool:
        """Whether it is a sub-heading and a rating: a self-assessment prints these in no further table."""
        texts = list(_list_row_texts(row))
        if _IN_TABLES.isdisjoint(text.strip().casefold() for text in texts):
            return False
        return not self._own.known.titles.isdisjoint(map(normalise_printed_text, texts))

    def _is_placed(self, row: Row) -> bool:
        """Whether it is the form's row: of one that somebody added, even "RED" is theirs."""
        return id(row) in self._headers or any(
            id(cell) in self._taken or self._layout.is_in(cell) for cell in row.cells
        )

    def _find_cell_leftover(self, cell: Cell, row: Row) -> str:
        """What is left of a cell: all of it where somebody added it to a row, or a column, of the form."""
        is_added = id(row) in self._rows and id(cell) not in self._printed_in and not self._layout.is_in(cell)
        return cell.text if is_added else self._of_cell(cell)

    def _of_cell(self, cell: Cell) -> str:
        if not cell.text or self._own.is_printed(cell.text):
            return ""
        lines = cell.lines_beside_tables() if self._layout.is_in(cell) else cell.lines
        return "\n".join(line.rstrip() for line in lines if not self._own.has(line))

    def _of_nested(self, content: Content) -> Iterator[str]:
        if self._layout.is_in(content):
            for inner in content.nested:
                yield from self._of_table(inner)


def _is_boxed_rating(paragraph: Paragraph) -> bool:
    """Whether it names a rating in a text box, which may float over the cell that it is for."""
    element, words = paragraph.element, _WORDS.findall(paragraph.text.casefold())
    is_boxed = element is not None and next(element.iterancestors(w("txbxContent")), None) is not None
    return is_boxed and not _RATINGS.isdisjoint(words)


def _name_place(tables_above: int) -> str:
    return f"below table {tables_above}" if tables_above else "above table 1"


def _is_of_tables(text: str) -> bool:
    """Whether a line of it is one that forms print in tables only."""
    return any(line in _IN_TABLES or line.isdigit() for line in _normalise_lines(text))


def _normalise_lines(text: str) -> Iterator[str]:
    return (normalise_printed_text(line) for line in text.replace("\t", "\n").split("\n"))


def _printed_cells(entry: Entry) -> Iterable[Cell]:
    """The cells of a row in which the form prints: those of its columns, or the first where none names it."""
    is_named = "subheading" in entry.cells or "item" in entry.cells
    return entry.cells.values() if is_named else (*entry.cells.values(), *entry.row.cells[:1])


def _list_row_texts(row: Row) -> Iterator[str]:
    return (cell.text for cell in row.cells if cell.text)
