"""Answers that were typed as text, beneath headings or in place of the table: which text is under what.

People who cannot use a table, or whose program lost it, write a heading, then what they have to say. Here
the text is only cut into pieces. What becomes of them is decided in text_answers.py.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from peer_challenge.model.vocabulary import Kind
from peer_challenge.word.answers.control_tags import tagged_place
from peer_challenge.word.answers.text_labels import (
    CHOICES,
    find_choice,
    find_header_column,
    find_header_columns,
    split_at_labels,
    split_at_sign,
)
from peer_challenge.word.form.forms import FORMS, PARTNERS
from peer_challenge.word.form.known_before_reading import OwnText, normalise_printed_text
from peer_challenge.word.form.match_titles import Titles
from peer_challenge.word.package.xml_element import XmlElement
from peer_challenge.word.text.content import Paragraph, Table
from peer_challenge.word.text.document_styles import Styles
from peer_challenge.word.text.list_labels import BULLET

_LONGEST_TITLE = 160
"""The longest that is shipped has 57 letters; with number and reworded it may be longer, but no paragraph."""
_LONGEST_DOUBTED = 80
"""Longer than every shipped title: after a rating, a longer line is more of the answer."""
_SEPARATORS = (":", "–", "—", " - ", ".", "\t")


@dataclass(slots=True)
class Piece:
    """A stretch of a paragraph's text, and the column that a label, a tag or a header gives it, if any."""

    text: str
    paragraph: Paragraph
    column: str | None = None
    is_whole: bool = True


@dataclass(slots=True)
class Section:
    """The text under the heading of one sub-heading.

    `is_titled` is False where a prompt or a tag says which one. `is_unclear` says that a row of a table that
    was turned into text has more cells than its header.
    """

    address: str
    is_titled: bool = True
    pieces: list[Piece] = field(default_factory=list)
    is_unclear: bool = False

    @property
    def has_labels(self) -> bool:
        """Whether a label, a tag or a header says of some text which column it is for."""
        return any(piece.column and piece.column not in CHOICES for piece in self.pieces)


@dataclass(slots=True)
class TextSections:
    """The sections of a document's text, in its order.

    `order` are the columns in the order in which a table's header lists them, where its cells became lines.
    `labels` are the words that served as labels and headings. `left` are the ids of paragraphs of which some
    words are in no section; `outside` are those of them that come after the first section begins.
    """

    sections: list[Section] = field(default_factory=list)
    order: list[str] = field(default_factory=list)
    labels: dict[str, None] = field(default_factory=dict)
    reworded: list[str] = field(default_factory=list)
    outside: list[Paragraph] = field(default_factory=list)
    left: set[int] = field(default_factory=set)


class SectionReader:
    """Cuts the text of one document into sections.

    `form_tables` are the elements of the tables that belong to the form, `list_labels` the numbers and
    bullets of paragraphs.
    """

    def __init__(
        self,
        kind: Kind,
        titles: Titles,
        own: OwnText,
        styles: Styles,
        *,
        form_tables: Collection[XmlElement] = (),
        list_labels: Mapping[XmlElement, str] | None = None,
    ) -> None:
        self._kind, self._titles, self._own, self._styles = kind, titles, own, styles
        self._headings = titles.framework.words.headings
        self._form_tables, self._list_labels = form_tables, list_labels or {}
        rows = titles.framework.subheadings
        self._columns = {column.id for column in FORMS[kind].columns} - {"subheading"}
        self._prompts = {address: row.prompt_lines for address, row in rows.items()}
        self._by_prompt = {
            normalise_printed_text(line): address
            for address, lines in self._prompts.items()
            for line in lines
        }
        self._found = TextSections()
        self._area: str | None = None
        self._section: Section | None = None
        self._column: str | None = None
        self._header: list[str] = []
        self._cells: tuple[str, list[str | None]] | None = None
        self._place = 0

    def read(self, blocks: Sequence[Paragraph | Table]) -> TextSections:
        """The sections of these blocks of a document's body."""
        for block in blocks:
            if isinstance(block, Paragraph):
                self._read_paragraph(block)
            elif block.element in self._form_tables:
                self._close()
        return self._found

    # Sections

    def _open(self, address: str, *, is_titled: bool = True) -> None:
        self._section = Section(address, is_titled)
        self._found.sections.append(self._section)
        self._column, self._header, self._place = None, [], 0

    def _close(self) -> None:
        self._section = self._column = None

    def _add(self, text: str, paragraph: Paragraph, column: str | None) -> None:
        if self._section is not None and text.strip():
            is_whole = text.strip() == paragraph.text.strip()
            self._section.pieces.append(Piece(text.strip(), paragraph, column, is_whole))

    def _leave(self, paragraph: Paragraph) -> None:
        """Remember that some of a paragraph is in no section."""
        self._found.left.add(id(paragraph))
        self._found.outside += [paragraph] if self._found.sections else []

    def _note_label(self, label: str) -> None:
        if label and not self._own.has(label.strip("*_#: ")):
            self._found.labels[label] = None

    # Paragraphs

    def _read_paragraph(self, paragraph: Paragraph) -> None:
        if not paragraph.text.strip():
            return
        if self._is_tagged(paragraph):
            return
        for line in paragraph.text.split("\n"):
            if line.strip():
                self._read_line(line, paragraph)

    def _is_tagged(self, paragraph: Paragraph) -> bool:
        """Whether the tag of a control gives the paragraph its place. Where a title is read, that decides."""
        column, address = tagged_place(paragraph.element) if paragraph.element is not None else (None, None)
        if column not in self._columns or address not in self._titles.framework.subheadings:
            return False
        opened = self._section
        if opened is None or (not opened.is_titled and opened.address != address):
            self._open(address, is_titled=False)
        elif opened.address != address:
            return False
        self._add(paragraph.text, paragraph, column)
        return True

    def _read_line(self, line: str, paragraph: Paragraph) -> None:
        if self._cells and self._cells[0] in line and self._read_cells(line, paragraph):
            return
        if (header := find_header_columns(line, self._kind, self._headings)) is not None:
            self._close()
            self._cells = header
            return
        if self._is_heading(line, paragraph):
            return
        if self._cells and self._section is not None and self._cells[0] == "\t":
            self._add_to_cell(line, paragraph)
            return
        self._read_text(self._without_title(line, paragraph), paragraph)

    def _read_text(self, text: str, paragraph: Paragraph) -> None:
        if not text or self._own_words_end(text):
            return
        if self._section is None:
            if not self._own.has(text):
                self._leave(paragraph)
            return
        choice = find_choice(text, self._kind, self._headings)
        pieces = [choice] if choice else list(split_at_labels(text, self._kind, self._headings))
        for column, label, said in pieces:
            if column is not None and self._begins_another_row(column):
                self._close()
                self._leave(paragraph)
                return
            self._note_label(label)
            self._column = column or self._column
            self._add(said, paragraph, self._column)
            if said and self._column in CHOICES:
                self._column = None

    def _begins_another_row(self, column: str) -> bool:
        """Whether a column is named for a second time: then a heading between was missed."""
        pieces = self._section.pieces if self._section is not None else ()
        return column != self._column and any(piece.column == column for piece in pieces)

    # Headings

    def _is_heading(self, line: str, paragraph: Paragraph) -> bool:
        """Whether a line is a heading or another text of the form; it opens or closes a section then."""
        if len(line) > _LONGEST_TITLE and not self._own.has(line):
            return False
        if self._is_header_line(line):
            return True
        if self._is_bulleted(paragraph) or self._is_label(line):
            return False
        match = self._titles.match(line, self._area)
        if match is not None and match.sureness == "exact":
            self._open(match.address)
            return True
        if area := self._titles.focus_area(line):
            self._area = area
            self._close()
            return True
        if match is not None and match.sureness == "strong" and self._is_styled_as_heading(paragraph):
            self._found.reworded.append(match.address)
            self._found.labels[line.strip()] = None
            self._open(match.address)
            return True
        if (address := self._by_prompt.get(normalise_printed_text(line))) is not None:
            if self._section is None or self._section.address != address:
                self._open(address, is_titled=False)
            return True
        if self._is_styled_as_heading(paragraph) or self._may_be_title(line):
            if not self._own.has(line):
                self._leave(paragraph)
            self._close()
            return True
        return False

    def _may_be_title(self, line: str) -> bool:
        """Whether a line after a row's rating is like a title, so that what follows is not that row's."""
        is_over = self._section is not None and any(p.column in CHOICES for p in self._section.pieces)
        is_short = len(line) <= _LONGEST_DOUBTED and not line.rstrip().endswith((".", ";", "!"))
        return is_over and is_short and self._titles.match(line, self._area) is not None

    def _is_header_line(self, line: str) -> bool:
        """Whether it is a cell of a table's header that became a line; they follow one another."""
        column = find_header_column(line, self._kind, self._headings)
        if column == "subheading":
            self._close()
            self._header = [column]
            return True
        if column is None or not self._header or self._section is not None:
            return False
        self._header.append(column)
        self._found.order = self._header
        return True

    def _is_label(self, line: str) -> bool:
        return self._section is not None and any(
            column for column, _, _ in split_at_labels(line, self._kind, self._headings)
        )

    def _without_title(self, line: str, paragraph: Paragraph) -> str:
        """A line without the sub-heading, or the prompt, with which it begins."""
        for sign in _SEPARATORS if not self._is_bulleted(paragraph) else ():
            head, _, rest = line.partition(sign)
            if rest.strip() and len(head) <= _LONGEST_TITLE:
                match = self._titles.match(head, self._area)
                if match is not None and match.sureness == "exact" and "\n" not in head:
                    self._open(match.address)
                    line = rest
                    break
        return self._without_prompt(line)

    def _without_prompt(self, line: str) -> str:
        text = " ".join(line.split())
        for prompt in self._prompts_to_look_for():
            if text.casefold().startswith(prompt.casefold()) and len(text) > len(prompt):
                address = self._by_prompt[normalise_printed_text(prompt)]
                if self._section is None or self._section.address != address:
                    self._open(address, is_titled=False)
                return text[len(prompt) :].strip(" :–—-")
        return line.strip()

    def _prompts_to_look_for(self) -> Iterator[str]:
        if self._section is not None:
            yield from self._prompts[self._section.address]
        else:
            yield from (line for lines in self._prompts.values() for line in lines)

    def _is_styled_as_heading(self, paragraph: Paragraph) -> bool:
        name = self._styles.name_of(paragraph.element) if paragraph.element is not None else None
        return (name or "").casefold().startswith(("heading", "title"))

    def _is_bulleted(self, paragraph: Paragraph) -> bool:
        element = paragraph.element
        return element is not None and self._list_labels.get(element) == BULLET

    def _own_words_end(self, text: str) -> bool:
        """Whether the form prints a text. A reference belongs to its row; other text ends the section."""
        if find_choice(text, self._kind, self._headings) or self._is_label(text) or not self._own.has(text):
            return False
        if text.strip() in PARTNERS.values():
            return False  # people write each partner's part of an answer under its name
        row = self._titles.framework.subheadings[self._section.address] if self._section else None
        is_of_row = row is not None and normalise_printed_text(text) in {
            normalise_printed_text(one) for one in (row.reference or "", row.prompt, *row.prompt_lines)
        }
        if not is_of_row:
            self._close()
        return True

    # Tables turned into text, with a sign between the cells of a row

    def _read_cells(self, line: str, paragraph: Paragraph) -> bool:
        """Read the cells of a line. False when no row has begun and the line begins none."""
        assert self._cells is not None
        sign, columns = self._cells
        pieces = split_at_sign(line, sign)
        match = self._titles.match(pieces[0], self._area)
        if match is not None and match.sureness == "exact" and self._is_row_done(columns):
            self._open(match.address)
            pieces[0] = ""
        elif self._section is None:
            return False
        for number, piece in enumerate(pieces):
            self._place += number > 0
            self._add_to_cell(piece, paragraph)
        return True

    def _is_row_done(self, columns: Sequence[str | None]) -> bool:
        return self._section is None or self._place == 0 or self._place >= len(columns) - 1

    def _add_to_cell(self, text: str, paragraph: Paragraph) -> None:
        assert self._cells is not None and self._section is not None
        columns = self._cells[1]
        if self._place >= len(columns):
            self._section.is_unclear = True
        column = columns[self._place] if self._place < len(columns) else None
        if column == "subheading":
            self._own_words_of_row(text, paragraph)
        else:
            self._add(text, paragraph, column)

    def _own_words_of_row(self, text: str, paragraph: Paragraph) -> None:
        """Beside a title the form prints prompt and reference; other words there are somebody's."""
        if not self._own.has(text):
            self._add(text, paragraph, None)
