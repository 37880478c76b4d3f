"""Answers that were typed as text and not in the form's cells: which of them are taken, and what is asked.

What is taken, and what a question says, goes by how sure the place is:

- a heading and a label, a tag of the form or the header of a table turned into text: taken, and told;
- the order of the form's columns alone, with as many paragraphs as columns: taken, and asked about;
- anything less: kept in `unmapped`, and asked about at its row.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from lxml import etree

from peer_challenge.model.framework import Framework
from peer_challenge.model.vocabulary import Kind
from peer_challenge.word.answers.layout import ENOUGH_ROWS, Entry, Layout
from peer_challenge.word.answers.text_labels import CHOICES
from peer_challenge.word.answers.text_sections import Piece, Section, SectionReader, TextSections
from peer_challenge.word.form.forms import FORMS, SCHEDULES, list_headers
from peer_challenge.word.form.known_before_reading import OwnText
from peer_challenge.word.form.match_titles import Titles, titles_of
from peer_challenge.word.package.namespaces import P, w
from peer_challenge.word.package.xml_element import XmlElement
from peer_challenge.word.reader_findings import make_finding
from peer_challenge.word.text.content import Cell, Paragraph, Row, Table, join_clean_lines
from peer_challenge.word.text.open_document import Document

OF_TEXT_APART = ("text.unplaced", "text.undivided", "text.twice")
"""The questions about text outside the form's tables that is kept apart."""


def find_framework_of_text(
    document: Document, kind: Kind, frameworks: Iterable[Framework], own: OwnText
) -> Framework | None:
    """The framework of which a document's text has most headings; None when it has next to none of any."""
    best: tuple[int, Framework | None] = (ENOUGH_ROWS - 1, None)
    for framework in frameworks:
        sections = _find_sections(document, Layout(), kind, titles_of(framework), own).sections
        count = len({section.address for section in sections})
        best = (count, framework) if count > best[0] else best
    return best[1]


def _find_sections(
    document: Document, layout: Layout, kind: Kind, titles: Titles, own: OwnText
) -> TextSections:
    """The sections of a document's text outside the tables of its form."""
    tables = {columns.table.element for columns in layout.tables}
    reader = SectionReader(
        kind, titles, own, document.styles, form_tables=tables, list_labels=document.labels
    )
    return reader.read(document.body.blocks)


def place_text_answers(document: Document, layout: Layout, titles: Titles | None, own: OwnText) -> None:
    """Put answers that were typed as text into the layout of a schedule, with findings about them.

    In a form whose cells are filled in, only labelled text under a row that has nothing in its cells counts.
    """
    kind = layout.kind
    if titles is None or kind not in SCHEDULES:
        return
    blank = {entry.address for entry in layout.entries if is_entry_blank(entry, kind, own)}
    is_filled = len(blank) < len(layout.entries)
    if is_filled and not _names_blank_rows(document, titles, blank):
        return
    found = _find_sections(document, layout, kind, titles, own)
    _Placing(layout, kind, titles, own, found).place(is_filled=is_filled)


def _names_blank_rows(document: Document, titles: Titles, blank: set[str]) -> bool:
    """Whether a line of text is the title of a row with nothing in it; most forms have no such row."""
    if not blank:
        return False
    # The longest title shipped has 57 letters; comparing long texts is slow, and finds none.
    lines = (block.text for block in document.body.paragraphs() if 0 < len(block.text) <= 300)
    matches = (titles.match(line) for line in lines)
    return any(match is not None and match.address in blank for match in matches)


def is_entry_blank(entry: Entry, kind: Kind, own: OwnText) -> bool:
    """Whether a row has nothing in the columns that this kind of form is for."""
    columns = [column for column in _filled_columns(kind) if column in entry.cells]
    return not any(_has_words(entry.cells[column], own) for column in columns) and not entry.more


def _filled_columns(kind: Kind) -> Sequence[str]:
    """The columns that the sender of this kind of form fills in."""
    if kind is Kind.ANALYSIS:
        return ("commentary",)
    return [column.id for column in FORMS[kind].columns if not column.is_own and column.id != "commentary"]


def _has_words(cell: Cell, own: OwnText) -> bool:
    return bool(cell.text.strip()) and not all(own.has(line) for line in cell.text.split("\n"))


class _Placing:
    """Puts the sections of one document into its layout."""

    def __init__(self, layout: Layout, kind: Kind, titles: Titles, own: OwnText, found: TextSections) -> None:
        self._layout, self._kind, self._titles, self._own = layout, kind, titles, own
        self._found = found
        self._entries = {entry.address: entry for entry in layout.entries}
        self._open: set[int] = set()  # the ids of paragraphs of which a piece was not taken
        self._taken: set[int] = set()
        self._ordered: list[str] = []
        self._asked: set[tuple[str, str]] = set()
        self._labelled = 0

    def place(self, *, is_filled: bool) -> None:
        """Place what can be placed, and note what is asked."""
        told = [section for section in self._found.sections if section.pieces]
        if is_filled:
            told = [section for section in told if section.is_titled and section.has_labels]
        times = Counter(section.address for section in told)
        for section in told:
            self._place_section(section, is_alone=times[section.address] == 1)
        if not self._taken:
            return
        self._layout.text_rows = self._labelled + len(self._ordered)
        self._layout.text_taken |= self._taken - self._open - self._found.left
        self._layout.text_labels += self._found.labels
        self._note_findings(is_filled=is_filled)

    def _note_findings(self, *, is_filled: bool) -> None:
        found = self._layout.findings
        found.append(make_finding("layout.text_answers", count=self._layout.text_rows))
        for address in self._found.reworded:
            found.append(make_finding("row.reworded", address, title=self._title_of(address)))
        outside = {id(paragraph) for paragraph in self._found.outside}
        if outside and not is_filled:
            found.append(make_finding("text.unplaced", count=len(outside), where=" between answers"))

    def _title_of(self, address: str) -> str:
        return self._titles.framework.subheadings[address].title

    def _place_section(self, section: Section, *, is_alone: bool) -> None:
        entry = self._entries.get(section.address)
        if not is_alone or (entry is not None and not is_entry_blank(entry, self._kind, self._own)):
            self._ask("text.twice", section, section.pieces)
            return
        if section.is_unclear:
            self._ask("text.undivided", section, section.pieces)
            return
        placed = self._divide(section)
        taken = {id(piece) for pieces in placed.values() for piece in pieces}
        left = [piece for piece in section.pieces if id(piece) not in taken]
        if placed:
            self._fill_entry(section.address, placed)
        if left:
            self._ask("text.undivided", section, left)

    def _ask(self, code: str, section: Section, pieces: Iterable[Piece]) -> None:
        self._open |= {id(piece.paragraph) for piece in pieces}
        self._layout.uncertain.add(section.address)
        if (code, section.address) not in self._asked:
            title = self._title_of(section.address)
            self._layout.findings.append(make_finding(code, section.address, title=title))
        self._asked.add((code, section.address))

    def _divide(self, section: Section) -> dict[str, list[Piece]]:
        """The pieces of a section by column: by their labels, else by the order of the form."""
        placed: dict[str, list[Piece]] = {}
        for piece in section.pieces:
            if piece.column is not None:
                placed.setdefault(piece.column, []).append(piece)
        if not section.has_labels and (by_order := dict(self._by_order(section))):
            self._ordered.append(section.address)
            names = [self._header_of(column) for column in by_order]
            self._layout.findings.append(
                make_finding("text.by_order", section.address, columns=" and ".join(names))
            )
            return placed | by_order
        self._labelled += bool(placed)
        return placed

    def _header_of(self, column: str) -> str:
        return f"“{list_headers(self._kind, self._titles.framework.words.headings)[column]}”"

    def _by_order(self, section: Section) -> Iterator[tuple[str, list[Piece]]]:
        """Unlabelled paragraphs by the order of a table's header.

        Before a choice there is one for each column, after it all are for the last. Nothing where the
        numbers differ, because an empty cell leaves no line.
        """
        order = [column for column in self._found.order if column != "subheading"]
        choice = next((column for column in order if column in CHOICES), None)
        chosen = next((n for n, piece in enumerate(section.pieces) if piece.column == choice), None)
        if choice is None or chosen is None:
            return
        before, after = section.pieces[:chosen], section.pieces[chosen + 1 :]
        columns, further = order[: order.index(choice)], order[order.index(choice) + 1 :]
        if len(before) != len(columns) or (after and len(further) != 1):
            return
        if after and self._kind is Kind.SELF_ASSESSMENT:
            return  # the last column is the peers'
        yield from ((column, [piece]) for column, piece in zip(columns, before, strict=True))
        if after:
            yield further[0], after

    def _fill_entry(self, address: str, placed: Mapping[str, Sequence[Piece]]) -> None:
        entry = self._entries.get(address)
        if entry is None:
            first = next(piece for pieces in placed.values() for piece in pieces)
            entry = self._entries[address] = _make_entry(address, first)
            self._layout.entries.append(entry)
        for column, pieces in placed.items():
            if (before := entry.cells.get(column)) is not None:
                self._layout.text_replaced.append(before)
            entry.cells[column] = _make_cell(pieces)
            entry.shared.discard(column)
            self._taken |= {id(piece.paragraph) for piece in pieces}


def _make_entry(address: str, first: Piece) -> Entry:
    """A row of its own, that is in no table."""
    element = _find_element([first])
    return Entry(address, Row(element), Table(element))


def _find_element(pieces: Sequence[Piece]) -> XmlElement:
    """The first paragraph of these; one of no document where all are rows of nested tables."""
    found = (piece.paragraph.element for piece in pieces)
    return next((element for element in found if element is not None), etree.Element(P))


def _make_cell(pieces: Sequence[Piece]) -> Cell:
    """A cell that holds these pieces; its element is the first paragraph, at which questions are shown."""
    cell = Cell(_find_element(pieces), 0)
    cell.lines = [piece.text for piece in pieces]
    cell.blocks = [
        Paragraph(piece.text, piece.paragraph.element if piece.is_whole else None) for piece in pieces
    ]
    cell.text = join_clean_lines(cell.lines)
    if any(next(element.iter(w("ins"), w("del")), None) is not None for element in _elements(pieces)):
        cell.note("tracked")
    return cell


def _elements(pieces: Sequence[Piece]) -> Iterator[XmlElement]:
    return (piece.paragraph.element for piece in pieces if piece.paragraph.element is not None)
