"""From cells to answers: rows, items and particulars, with what was noticed about each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from peer_challenge.model.findings import Finding
from peer_challenge.model.vocabulary import ItemKind, Kind
from peer_challenge.word.answers.chosen_answers import read_response_kind, read_status
from peer_challenge.word.answers.layout import Entry, Layout
from peer_challenge.word.answers.private_links import is_private_link
from peer_challenge.word.answers.prompts import (
    is_bracketed_prompt,
    is_placeholder,
    is_prompting,
    names_prompt,
    without_prompt,
)
from peer_challenge.word.answers.rating_cells import RatingCells
from peer_challenge.word.answers.reading import Row
from peer_challenge.word.answers.written_days import read_written_day
from peer_challenge.word.form.forms import FORMS, OF_RECORDED_ITEMS
from peer_challenge.word.form.known_before_reading import OwnText
from peer_challenge.word.form.match_titles import Titles
from peer_challenge.word.package.namespaces import w
from peer_challenge.word.package.xml_element import XmlElement
from peer_challenge.word.reader_findings import make_finding
from peer_challenge.word.text.content import Cell, Paragraph, join_clean_lines
from peer_challenge.word.text.document_styles import Styles

_OWN_STYLES = ("PC Guidance", "PC Own")
_LONG_ENOUGH = 40
"""Nobody types guidance of this length by chance; a shorter line that a form prints may be an answer."""
_NOTICED = {
    "nested": "word.nested_table",
    "text_box": "word.text_box",
    "drawing_unread": "word.drawing_unread",
    "picture": "word.picture",
    "bound": "word.bound_text",
}


_ELSEWHERE = (w("footnoteReference"), w("endnoteReference"), w("object"))
"""What leads from an empty cell to a note, or to a file that is packed into the document."""


@dataclass(slots=True)
class Answers:
    """What the form's cells say. `taken` are the ids of the cells whose text is in these answers."""

    rows: list[Row] = field(default_factory=list)
    items: list[Row] = field(default_factory=list)
    particulars: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    taken: set[int] = field(default_factory=set)


class AnswerReader:
    """Reads the answers of one document."""

    def __init__(
        self,
        layout: Layout,
        own: OwnText,
        styles: Styles,
        titles: Titles | None,
        ratings: RatingCells,
        labels: Mapping[XmlElement, str],
    ) -> None:
        self._layout, self._own, self._styles, self._titles = layout, own, styles, titles
        self._ratings, self._labels = ratings, labels
        # a sub-heading's title is printed in its row, but chosen in a list elsewhere: never stripped
        self._chosen = {row.title for row in titles.framework.subheadings.values()} if titles else set()
        self._agreed: set[str] = set()  # areas for development seen, which further actions name again
        self._answers = Answers()
        self._kind = layout.kind or Kind.SELF_ASSESSMENT
        self._form = FORMS[self._kind]

    def read(self) -> Answers:
        """All answers: rows in the order of the framework, items in the order of their addresses."""
        if not self._form.is_schedule:
            entries = sorted(self._layout.entries, key=lambda entry: _item_order(entry.address))
            self._answers.items = [item for entry in entries if (item := self._read_item_row(entry))]
        else:
            order = list(self._titles.framework) if self._titles else []
            places = {address: number for number, address in enumerate(order)}
            entries = [entry for entry in self._layout.entries if entry.address in places or not places]
            entries.sort(key=lambda entry: places.get(entry.address, 0))
            self._answers.rows = [self._schedule_row(entry) for entry in entries]
        for name, cells in self._layout.fields.items():
            self._answers.particulars[name] = "\n".join(
                filter(None, (self._take_cell_text(cell, name) for cell in cells))
            )
        return self._answers

    def _note_finding(self, code: str, entry: Entry, column: str | None = None, **gaps: object) -> None:
        self._answers.findings.append(make_finding(code, entry.address, column, **gaps))

    # Cells

    def _take_cell_text(self, cell: Cell, column: str) -> str:
        """A cell's text without what the form prints in it."""
        self._answers.taken.add(id(cell))
        text = cell.text
        if cell.nested and self._layout.is_in(cell):
            return join_clean_lines(cell.lines_beside_tables()).strip("\n")
        if not text or not any(self._is_own(line) or names_prompt(line) for line in cell.lines):
            return text
        kept = [
            without_prompt(p, self._own, column) for p in cell.paragraphs() if not self._is_printed_here(p)
        ]
        return text if kept == [*cell.lines] else join_clean_lines(kept).strip("\n")

    def _take_listed(self, cell: Cell, column: str) -> str:
        """A cell's text with the numbers and bullets that Word puts before items of lists."""
        text = self._take_cell_text(cell, column)
        if not self._labels or not text or (cell.nested and self._layout.is_in(cell)):
            return text
        paragraphs = [p for p in cell.paragraphs() if not (text != cell.text and self._is_printed_here(p))]
        if not any(p.element in self._labels for p in paragraphs):
            return text
        labels = (None if p.element is None else self._labels.get(p.element) for p in paragraphs)
        return join_clean_lines(
            f"{label} {said}" if label else said
            for label, said in zip(
                labels, (without_prompt(p, self._own, column) for p in paragraphs), strict=True
            )
        )

    def _is_own(self, line: str) -> bool:
        """Whether the form prints such a line somewhere."""
        return self._own.has(line) and bool(text := line.strip()) and text not in self._chosen

    def _is_printed_here(self, paragraph: Paragraph) -> bool:
        """Whether a paragraph is printed by the form and not typed.

        It is when the form prints its words and it is long guidance, has a style of ours, or is a prompt.
        Long text counts only in a self-assessment. Other forms suggest what may be written, so a copy of
        that is an answer.
        """
        if not self._is_own(paragraph.text):
            return False
        is_long = len(paragraph.text) >= _LONG_ENOUGH and self._kind is Kind.SELF_ASSESSMENT
        return is_long or is_prompting(paragraph) or self._styles.name_of(paragraph.element) in _OWN_STYLES

    def _read_answer_text(self, entry: Entry, column: str) -> str:
        """The text under a column, once: not again for a cell that belongs to a row above."""
        cell = entry.cells.get(column)
        if cell is None:
            return ""
        if column in entry.shared:
            self._note_finding("cell.merged_down", self._holder_of(cell, column, entry), column)
            return ""
        text = self._take_listed(cell, column)
        self._note_cell_marks(entry, column, cell)
        if not text and next(cell.element.iter(*_ELSEWHERE), None) is not None:
            self._note_finding("word.answer_elsewhere", entry, column)
        further = (
            [self._take_listed(more, column) for name, more in entry.more if name == column]
            if entry.more
            else []
        )
        return "\n".join(filter(None, (text, *further))) if further else text

    def _holder_of(self, cell: Cell, column: str, below: Entry) -> Entry:
        """The row in which a merged cell begins: there the words are."""
        entries = (e for e in self._layout.entries if e.table is below.table and column not in e.shared)
        return next((entry for entry in entries if entry.cells.get(column) is cell), below)

    def _note_cell_marks(self, entry: Entry, column: str, cell: Cell) -> None:
        if not (cell.marks or cell.aside or cell.links):
            return
        for mark in cell.marks:
            if code := _NOTICED.get(mark):
                self._note_finding(code, entry, column)
        self._note_left_out(entry, column, cell)
        if any(map(is_private_link, cell.links)):
            self._note_finding("link.private", entry, column)

    def _note_left_out(self, entry: Entry, column: str, cell: Cell) -> None:
        """Say of hidden and of struck-out words that they were left out."""
        for why in dict.fromkeys(why for why, _ in cell.aside):
            if why in ("hidden", "struck"):
                self._note_finding(f"word.{why}_text", entry, column)

    def _read_text_as_written(self, entry: Entry, column: str) -> str:
        """The text of a cell with its placeholders, for ratings and other choices."""
        cell = entry.cells.get(column)
        if cell is None:
            return ""
        cells = [cell, *(more for name, more in entry.more if name == column)] if entry.more else [cell]
        self._answers.taken.update(map(id, cells))
        return "\n".join(text for piece in cells if (text := self._without_prompts(piece, column)))

    def _without_prompts(self, cell: Cell, column: str) -> str:
        """A cell's text without the prompts left beside a choice: a prompt alone says that none was made."""
        if not any(map(names_prompt, cell.lines)):
            return cell.text
        kept = [
            without_prompt(p, self._own, column)
            for p in cell.paragraphs()
            if not (self._is_own(p.text) and is_prompting(p))
        ]
        return join_clean_lines(kept).strip("\n") or cell.text

    # Schedules

    def _schedule_row(self, entry: Entry) -> Row:
        row: Row = {"subheading": entry.address}
        for column in self._form.columns:
            if column.id == "rating":
                row |= self._read_rating_cell(entry)
            elif column.id == "response_kind":
                row |= self._response_kind(entry)
            elif column.id != "subheading":
                row[column.id] = self._read_answer_text(entry, column.id)
        if entry.across and self._says_more(entry, row):
            self._note_across(entry)
        return row

    def _note_across(self, entry: Entry) -> None:
        first = next(column.id for column in self._form.columns if column.id in entry.across)
        self._note_finding("cell.merged_across", entry, first)

    def _says_more(self, entry: Entry, row: Row) -> bool:
        """Whether somebody wrote into cells that were merged across columns."""
        title = entry.cells.get("subheading") if "subheading" in entry.across else None
        columns = entry.across - {"subheading"}
        return any(row.get(column) or row.get(f"{column}_as_written") for column in columns) or (
            title is not None and not self._own.has(title.text)
        )

    def _read_rating_cell(self, entry: Entry) -> Row:
        written = self._read_text_as_written(entry, "rating")
        cell = entry.cells.get("rating")
        if cell is None:
            return {"rating": None, "rating_as_written": ""}
        self._note_left_out(entry, "rating", cell)
        rating, codes = self._ratings.read_cell(cell, entry.table.element, written)
        if "rating" in entry.shared:
            self._note_finding("rating.shared", entry, "rating")
        if self._kind is Kind.SELF_ASSESSMENT:
            for code in codes:
                self._note_finding(code, entry, "rating", rating=rating)
        return {"rating": rating.value if rating else None, "rating_as_written": written}

    def _response_kind(self, entry: Entry) -> Row:
        written = self._read_text_as_written(entry, "response_kind")
        kind = read_response_kind(written)
        if kind is None and written and not self._own.has(written):
            self._note_finding("response.kind_unclear", entry, "response_kind")
        return {"response_kind": kind.value if kind else None, "response_kind_as_written": written}

    # Items

    def _read_item_row(self, entry: Entry) -> Row | None:
        item: Row = {"address": entry.address}
        texts = {
            column.id: self._item_text(entry, column.id)
            for column in self._form.columns
            if column.id != "item"
        }
        if self._kind in OF_RECORDED_ITEMS:
            item |= {"kind": entry.address.partition("/")[0]} | self._match_subheading(
                texts.pop("subheading")
            )
        said = {column for column, text in texts.items() if text}
        if entry.address.count("/") > 1 and texts.get("development") in self._agreed:
            said.discard("development")
        if self._kind is Kind.PROGRESS_REPORT:
            item |= self._read_status(entry, texts.pop("status"))
        self._agreed.add(texts.get("development", ""))
        if entry.across:
            self._note_across(entry)
        if not said and not item.get("subheading_as_written"):
            return None
        number = entry.cells.get("item")
        if number is not None and number.text.strip(" .") in entry.address.split("/"):
            self._answers.taken.add(id(number))
        if "due_on" in texts:
            day = read_written_day(texts["due_on"])
            item |= {"due_on": day.isoformat() if day else None, "due_on_as_written": texts.pop("due_on")}
        return item | texts

    def _read_status(self, entry: Entry, written: str) -> Row:
        """How far an action is: one of the five words, beside what was written."""
        written = self._read_text_as_written(entry, "status") or written
        status = read_status(written)
        if "status" in entry.shared:
            self._note_finding("progress.status_shared", entry, "status")
        if status is None and written and not self._own.has(written):
            self._note_finding("progress.status_unclear", entry, "status")
        return {"status": status.value if status else None, "status_as_written": written}

    def _item_text(self, entry: Entry, column: str) -> str:
        if column in entry.shared:
            cell = entry.cells[column]
            if column == "development":
                return cell.text
            if cell.text and column != "status":  # which is read for each row
                self._note_finding("cell.merged_down", self._holder_of(cell, column, entry), column)
            return ""
        return self._read_answer_text(entry, column)

    def _match_subheading(self, written: str) -> Row:
        match = self._titles.match(written) if self._titles and written else None
        sure = match is not None and match.sureness != "weak"
        return {"subheading": match.address if match and sure else None, "subheading_as_written": written}


_OF_REMARKS = ("notes", "late_reason", "said_changed", "said_better")
"""The particulars in which people write at length."""


def is_form_blank(kind: Kind, rows: Iterable[Row], items: Iterable[Row]) -> bool:
    """Whether nothing was filled in in the columns that this kind of form is for.

    Always False for an analysis, and for an action plan without a line: where nothing was agreed there is
    nothing to fill in, and the checks know that.
    """
    items = tuple(items)
    if kind is Kind.ACTION_PLAN and not items:
        return False
    columns = {
        Kind.SELF_ASSESSMENT: ("strengths", "development", "rating", "rating_as_written"),
        Kind.RESPONSE: ("response", "response_kind"),
        Kind.ACTION_PLAN: ("action", "owner", "due_on_as_written", "measure"),
        Kind.CHAIR_RECORD: ("text", "subheading_as_written", "consensus"),
        Kind.PROGRESS_REPORT: ("status", "status_as_written", "evidence", "difference"),
    }.get(kind)
    if columns is None:
        return False
    filled = ((column, row.get(column) or "") for row in (*rows, *items) for column in columns)
    return not any(text.strip() and not _is_left_prompt(column, text) for column, text in filled)


def _is_left_prompt(column: str, text: str) -> bool:
    """Whether a prompt was left in a column: in that of a choice nobody writes what is like one."""
    is_choice = column.endswith("_as_written") or column == "consensus"
    return is_placeholder(text) if is_choice else is_bracketed_prompt(text)


def list_remarks(particulars: Mapping[str, str]) -> list[str]:
    """What somebody wrote in a form's places for remarks."""
    texts = (particulars.get(name, "") for name in _OF_REMARKS)
    return [text for text in texts if text.strip() and not is_bracketed_prompt(text)]


def _item_order(address: str) -> tuple[bool, list[int]]:
    """Strengths first, as forms print them, then by numbers: as a text, 10 would come before 2."""
    kind, *numbers = address.split("/")
    return kind != ItemKind.STRENGTH, [int(number) for number in numbers]
