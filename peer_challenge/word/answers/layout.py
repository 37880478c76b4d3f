"""Where the form is in a document: its rows, their cells, and what was met that has no place."""

from collections import Counter
from dataclasses import dataclass, field

from peer_challenge.model.findings import Finding
from peer_challenge.model.vocabulary import Kind
from peer_challenge.word.answers.columns import Columns
from peer_challenge.word.answers.set_apart import SetApart
from peer_challenge.word.package.xml_element import XmlElement
from peer_challenge.word.text.content import Cell, Content, Row, Table

ENOUGH_ROWS = 3
"""Any document may name a sub-heading or two, as an agenda does; with three it is a form."""


@dataclass(slots=True)
class Entry:
    """One row of the form: its address and its cells by column.

    `more` are cells of further rows under the same merged title; `shared` are the columns whose cell
    belongs to a row above; `across` are columns that were merged with each other.
    """

    address: str
    row: Row
    table: Table
    cells: dict[str, Cell] = field(default_factory=dict)
    more: list[tuple[str, Cell]] = field(default_factory=list)
    shared: set[str] = field(default_factory=set)
    across: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Layout:
    """Where the form stands: its entries, its particulars, and what was noticed on the way.

    `tables` are those that belong to the form; `headers` its header rows' cells. `extra_rows` match
    none of its sub-headings, `repeated_rows` one that has an entry already. `apart` are rows that say
    something where answers stand and have no place: each has to be asked about; `kind_apart` is the kind of
    form to which a table of such rows alone belongs. `tagged` is how many rows were known by the tags of
    their controls alone, `ordered` how many by their order alone.

    `text_rows` is how many rows have answers that were typed as text outside the form's cells; `text_taken`
    are the ids of the paragraphs that are in them whole, `text_labels` the words that served as labels, and
    `text_replaced` the empty cells in whose place they are.
    """

    kind: Kind | None = None
    entries: list[Entry] = field(default_factory=list)
    fields: dict[str, list[Cell]] = field(default_factory=dict)
    tables: list[Columns] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    uncertain: set[str] = field(default_factory=set)
    extra_rows: list[Row] = field(default_factory=list)
    repeated_rows: list[Row] = field(default_factory=list)
    apart: list[SetApart] = field(default_factory=list)
    kind_apart: Kind | None = None
    tagged: int = 0
    ordered: int = 0
    has_marks: bool = False
    text_rows: int = 0
    text_taken: set[int] = field(default_factory=set)
    text_labels: list[str] = field(default_factory=list)
    text_replaced: list[Cell] = field(default_factory=list)

    def addresses(self) -> set[str]:
        """The addresses of all entries."""
        return {entry.address for entry in self.entries}

    def is_in(self, content: Content) -> bool:
        """Whether a table of the form is nested in a cell."""
        return any(columns.table is table for table in content.nested for columns in self.tables)

    def main_kind(self) -> Kind | None:
        """The kind of form to which most entries belong, when a document holds forms of several kinds."""
        kinds = {id(columns.table): columns.kind for columns in self.tables}
        counted = Counter(kinds[id(entry.table)] for entry in self.entries)
        return max(counted, key=counted.__getitem__, default=self.kind)

    @property
    def is_form(self) -> bool:
        """Whether this is one of our forms, by its marks or by enough of its rows."""
        return bool(self.has_marks and self.tables) or max(len(self.entries), len(self.apart)) >= ENOUGH_ROWS


def find_answer_cells(layout: Layout) -> dict[tuple[str, str], XmlElement]:
    """The element of each answer's cell (w:tc), by row address and column.

    A particular has the key ("", its field). An answer made of rows of nested tables alone has no element.
    """
    cells = {
        (entry.address, column): cell.element
        for entry in layout.entries
        for column, cell in entry.cells.items()
        if cell.element.getparent() is not None
    }
    return cells | {("", name): found[0].element for name, found in layout.fields.items()}
