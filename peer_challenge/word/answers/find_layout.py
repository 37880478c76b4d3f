"""Finding the form in a document: which cell holds which answer. The answers are read elsewhere."""

from collections.abc import Iterable, Sequence

from peer_challenge.model.framework import FormWords
from peer_challenge.model.vocabulary import ItemKind, Kind
from peer_challenge.word.answers.columns import Columns, marked_columns, shaped_columns, worded_columns
from peer_challenge.word.answers.control_tags import list_moved_answers, tagged_address
from peer_challenge.word.answers.layout import ENOUGH_ROWS, Entry, Layout
from peer_challenge.word.answers.number_items import Items, number_in
from peer_challenge.word.answers.particulars import Particulars
from peer_challenge.word.answers.passages import is_passage, is_sentence
from peer_challenge.word.answers.row_addresses import (
    Addresses,
    addresses_in_order,
    is_item_address,
    list_row_marks,
)
from peer_challenge.word.answers.set_apart import SetApart
from peer_challenge.word.form.forms import FORMS, OF_ACTIONS, OF_RECORDED_ITEMS, SCHEDULES
from peer_challenge.word.form.known_before_reading import Known
from peer_challenge.word.form.match_titles import Match, Titles
from peer_challenge.word.package.marks import read_marked_field
from peer_challenge.word.reader_findings import make_finding
from peer_challenge.word.text.content import Cell, Content, Paragraph, Row, Table, all_tables

_LONGEST_HEADING = 150
"""The longest title of an area of focus that is shipped has 46 letters: a paragraph announces nothing."""
_HEADING = 60
"""Letters: longer than any heading of a column that forms print, and shorter than most answers."""
_RATINGS = frozenset(("red", "amber", "green"))
_OF_WHOLE_ITEMS = ("development", "subheading", "consensus")
"""Columns in which something stands for every item, and nothing for the rest of one that a page has cut."""


class LayoutFinder:
    """Finds the layout of one document's body.

    `is_only_titled` says that the kind is that of its title alone: its columns may have other headings.
    """

    def __init__(
        self, known: Known, kind: Kind | None, titles: Titles | None, *, is_only_titled: bool = False
    ) -> None:
        self._is_only_titled = is_only_titled
        self._known = known
        self._titles = titles
        self._headings = (titles.framework.words if titles else FormWords()).headings
        self._kind = kind
        self.layout = Layout(kind)
        self._area: str | None = None
        self._tables: list[Table] = []
        self._addresses = Addresses(known, self._tables)
        self._items = Items(self._addresses)

    def find(self, body: Content) -> Layout:
        """The layout of a document's body.

        Tables at the top level are looked at first, then those nested in tables that are not the form's.
        """
        self._tables += all_tables(body)
        self._look_at(body.blocks)
        used = {id(columns.table) for columns in self.layout.tables} if self.layout.entries else set()
        contents = (c for table in self._tables if id(table) not in used for c in table.rich_contents())
        nested = [table for content in contents for table in content.nested]
        self._tables += nested
        self._area = None
        self._look_at(nested)
        self.layout.findings += (
            make_finding("column.moved", address, column, count=count)
            for address, column, count in list_moved_answers(self.layout.entries)
        )
        particulars = Particulars(self.layout.kind)
        particulars.find(self._tables, {id(columns.table) for columns in self.layout.tables})
        self.layout.fields = particulars.cells
        self.layout.has_marks |= particulars.has_marks
        return self.layout

    def _look_at(self, blocks: Sequence[Paragraph | Table]) -> None:
        for block in blocks:
            if isinstance(block, Table):
                self._lay_out_table(block)
            else:
                self._take_context(block.text)

    def _take_context(self, text: str) -> None:
        """Remember the area of focus, or kind of item, that a heading announces."""
        if not text or len(text) > _LONGEST_HEADING:
            return
        area = self._titles.focus_area(text) if self._titles else None
        if area:
            self._area = area
        else:
            self._items.announce(text)

    # Tables

    def _lay_out_table(self, table: Table) -> None:
        columns = (
            marked_columns(table)
            or self._worded_columns(table, [self._kind] if self._kind else list(Kind))
            or self._as_before(table)
            or self._by_shape(table)
        )
        if columns is None:
            return
        if self._is_only_titled and columns.basis == "shape":
            self._take_first_row_as_header(columns)
        self._complete_columns(columns)
        before, parts, extra = len(self.layout.entries), [columns], []
        ordered = addresses_in_order(columns, self._titles, self._area)
        ordered = {row: address for row, address in ordered.items() if self._addresses.is_free(address)}
        self.layout.ordered += len(ordered)
        for row in table.rows:
            if id(row) in ordered:
                self._place_row_at_address(columns, row, ordered[id(row)])
                continue
            if (further := columns.under(row)) is not None:
                columns = further
                self._complete_columns(columns)
                parts.append(columns)
            if row is not columns.header and (columns.is_foreign or self._lay_out_row(columns, row) is False):
                extra.append(row)
                self._set_apart(columns, row)
        if columns.basis != "marks" and len(self.layout.entries) == before:
            self.layout.kind_apart = self.layout.kind_apart or columns.kind
            return
        self.layout.extra_rows += extra
        if all(part.is_foreign for part in parts):
            return
        self.layout.tables += (part for part in parts if not part.is_foreign)
        self.layout.has_marks |= columns.basis == "marks"
        self.layout.kind = self.layout.kind or columns.kind
        if columns.basis == "shape" and all(f.code != "layout.columns_guessed" for f in self.layout.findings):
            self.layout.findings.append(make_finding("layout.columns_guessed"))

    def _set_apart(self, columns: Columns, row: Row, *, is_across: bool = False) -> None:
        """Remember a row without a place, and the row above it, where it may belong.

        `is_across` says that it is one cell across the table, as headings are.
        """
        is_cut = not columns.is_foreign and (is_across or self._has_no_lead(columns, row))
        before = self.layout.entries[-1] if self.layout.entries else None
        is_below = before is not None and (not is_across or before.table is columns.table)
        above = before.address if before is not None and is_cut and is_below else None
        number = next(n for n, table in enumerate(self._tables, 1) if table is columns.table)
        self.layout.apart.append(SetApart(row, number, above, is_cut=is_cut, is_foreign=columns.is_foreign))

    def _has_no_lead(self, columns: Columns, row: Row) -> bool:
        """Whether the cell is empty that would say which row of the form it is, by a title or a number."""
        lead = columns.cell_of(row, "subheading" if columns.kind in SCHEDULES else "item")
        if lead is None:
            return False
        return not lead.text.strip() and any(cell.text for cell in row.cells if cell is not lead)

    def _complete_columns(self, columns: Columns) -> None:
        columns.kind = self._kind or columns.kind or _find_kind_by_columns(columns)
        columns.is_foreign = columns.are_of_another_kind()
        if columns.header is not None:
            self._items.begin_table(self._first_number(columns))
        columns.complete(self._headings)
        self._find_lead(columns)
        if columns.is_foreign:
            return
        found = [make_finding("column.renamed", None, column) for column in columns.renamed(self._headings)]
        if columns.has_two_ratings(self._headings):
            found.append(make_finding("column.two_ratings", None, "rating"))
        self.layout.findings += (finding for finding in found if finding not in self.layout.findings)

    def _take_first_row_as_header(self, columns: Columns) -> None:
        """Where the headings are in other words, the first row has them: it has neither title nor number."""
        first = columns.table.rows[0]
        lead = "subheading" if columns.kind in SCHEDULES else "item"
        if (
            first.cells
            and not self._begins_with_lead(first, lead)
            and all(len(c.text) < _HEADING for c in first.cells)
        ):
            columns.header, columns.cells = first, list(first.cells)

    def _find_lead(self, columns: Columns) -> None:
        """Find the column of titles, or of numbers, by what is in it, where its heading was reworded."""
        lead = "subheading" if columns.kind in SCHEDULES else "item"
        rows = [row for row in columns.table.rows if row is not columns.header and row.cells]
        places = {
            (row.cells[0].column, row.cells[0].span) for row in rows if self._begins_with_lead(row, lead)
        }
        if (
            columns.header is None
            or lead in columns.places
            or len(places) != 1
            or not places.isdisjoint(columns.places.values())
        ):
            return
        if 2 * sum(self._begins_with_lead(row, lead) for row in rows) > len(rows):
            columns.places[lead] = places.pop()

    def _begins_with_lead(self, row: Row, lead: str) -> bool:
        """Whether a row begins with a title of the framework, exactly, or with a number."""
        said = row.cells[0].text
        if lead == "item":
            return number_in(said) is not None
        match = self._titles.match(said) if self._titles else None
        return match is not None and match.sureness == "exact"

    def _first_number(self, columns: Columns) -> int | None:
        """The number in the first row below a header, where it has one."""
        rows = columns.table.rows
        below = rows[rows.index(columns.header) + 1 :] if columns.header else []
        cell = columns.cell_of(below[0], "item") if below else None
        return number_in(cell.text) if cell is not None else None

    def _as_before(self, table: Table) -> Columns | None:
        """The columns of the table before, when that was split and goes on here without a header.

        When this table has another grid, the columns are taken from a row with as many cells as the header.
        """
        before = next((columns for columns in reversed(self.layout.tables) if columns.header), None)
        if before is None or self._begins_otherwise(before, table):
            return None
        rows = [row for row in table.rows if self._is_of_form(before, row)]
        if rows and before.has_grid_of(table, rows):
            return Columns(table, None, before.places, before.basis, before.kind, before.cells)
        like = next((row for row in rows if len(row.cells) == len(before.cells)), None)
        return before.going_on(table, like) if like else None

    def _begins_otherwise(self, columns: Columns, table: Table) -> bool:
        """Whether a table begins with headings of its own, as an appendix does, and with no answers."""
        texts = [cell.text for cell in table.rows[0].cells] if table.rows else []
        is_header = len(texts) >= len(columns.places) and all(0 < len(text) < _HEADING for text in texts)
        is_header &= _RATINGS.isdisjoint(text.strip().casefold() for text in texts)
        return is_header and columns.kind in SCHEDULES and not self._names_subheading(table.rows[0])

    def _is_of_form(self, columns: Columns, row: Row) -> bool:
        own = columns.cell_of(row, "subheading")
        return any(self._addresses.marked(row)) or (
            columns.kind in SCHEDULES and own is not None and self._find_named_address(row, own) is not None
        )

    def _by_shape(self, table: Table) -> Columns | None:
        if self._kind is not None and self._kind not in SCHEDULES:
            rows = [row for row in table.rows if any(self._addresses.marked(row)) or self._is_numbered(row)]
            if self._is_only_titled and len(rows) < ENOUGH_ROWS:
                return None
            return shaped_columns(table, [row.cells[0].column for row in rows], self._kind)
        if self._titles is None:
            return None
        cells = ((row, cell) for row in table.rows for cell in row.cells[:2])
        titled = [
            cell.column
            for row, cell in cells
            if (address := self._find_named_address(row, cell))
            and (self._addresses.is_free(address) or any(self._addresses.marked(row)))
        ]
        needed = 1 if self._kind else ENOUGH_ROWS
        column = max(set(titled), key=titled.count, default=None)
        if column is None or titled.count(column) < needed or self._has_header(table):
            return None  # also where its header is that of another form
        return shaped_columns(table, [column], self._kind)

    def _is_numbered(self, row: Row) -> bool:
        """Whether a row begins as an item, in a document of which only the title says what it is."""
        return self._is_only_titled and bool(row.cells) and number_in(row.cells[0].text) is not None

    def _has_header(self, table: Table) -> bool:
        """Whether a row of it has the words of a header and does not name a sub-heading."""
        return self._worded_columns(table, Kind) is not None

    def _worded_columns(self, table: Table, kinds: Iterable[Kind]) -> Columns | None:
        return worded_columns(table, kinds, self._names_subheading, self._headings)

    def _names_subheading(self, row: Row) -> bool:
        return any(self._find_named_address(row, cell) for cell in row.cells[:2])

    def _find_named_address(self, row: Row, cell: Cell) -> str | None:
        """The address that a row's mark or, exactly, a cell of it names."""
        address = next(self._addresses.marked(row), None)
        if address is None and self._titles and len(row.cells) > 2:
            match = self._titles.match(cell.text)
            address = match.address if match is not None and match.sureness == "exact" else None
        return address

    # Rows

    def _lay_out_row(self, columns: Columns, row: Row) -> bool | None:
        """Place a row. True when placed, None when it is no row of answers, False when it is extra."""
        kind = columns.kind or Kind.SELF_ASSESSMENT
        address = next(self._addresses.marked(row), None)
        if address is None:
            return self._unmarked_row(columns, row, kind)
        if is_item_address(address) == (kind in SCHEDULES):
            return False  # a row of another form
        if address in self._addresses.placed and kind not in SCHEDULES:
            address = self._items.one_more(address, kind)  # a row that was copied with its marks
        if kind in SCHEDULES:
            self._note_title_of_another(columns, row, address)
        return self._place_row_at_address(columns, row, address)

    def _note_title_of_another(self, columns: Columns, row: Row, address: str) -> None:
        """Ask about a marked row that has exactly the title of another sub-heading: which does it answer?"""
        cell = columns.cell_of(row, "subheading")
        match = self._titles.match(cell.text, self._area) if self._titles and cell else None
        if match is None or match.sureness != "exact" or match.address == address:
            return
        title = self._title_of(match.address)
        if title != self._title_of(address):  # a title that two areas of focus share tells nothing
            self.layout.findings.append(make_finding("row.uncertain", address, title=title))

    def _unmarked_row(self, columns: Columns, row: Row, kind: Kind) -> bool | None:
        if any(map(read_marked_field, list_row_marks(row))):
            return None  # a row of particulars, of a table that ran into this one
        if _is_heading(row, columns):
            said = row.cells[0].text if row.cells else ""
            self._take_context(said)
            if is_passage(said) and (kind not in SCHEDULES or is_sentence(said)):
                self._set_apart(columns, row, is_across=True)  # asked about where the form does not print it
            return None
        if self._goes_on(columns, row):
            return True
        if not any(cell.text for cell in row.cells):
            return None
        if kind not in SCHEDULES and not columns.are_all_in(row):
            return None if all(cell.text in self._known.printed for cell in row.cells) else False
        if kind not in SCHEDULES and self._is_rest(columns, row):
            return False
        address = (
            self._find_titled_address(columns, row)
            if kind in SCHEDULES
            else self._find_numbered_address(columns, row)
        )
        if address is None:
            return False
        if self._addresses.is_marked(address):
            self._note_repeated_row(row, address)  # the row that has the mark is the form's own
            return None
        return self._place_row_at_address(columns, row, address)

    def _find_titled_address(self, columns: Columns, row: Row) -> str | None:
        cell = columns.cell_of(row, "subheading") or self._first_of_none(columns, row)
        match = self._titles.match(cell.text, self._area) if self._titles and cell else None
        if match is None:
            return None if cell is not None and cell.text.strip() else self._tagged(row)
        if match.sureness == "exact":
            return match.address
        return self._accept_reworded_title(match)

    @staticmethod
    def _first_of_none(columns: Columns, row: Row) -> Cell | None:
        """A row's first cell where it stands under no column: what stands under another can't be a title."""
        first = row.cells[0] if row.cells else None
        return None if any(cell is first for cell in columns.cells_of(row).values()) else first

    def _tagged(self, row: Row) -> str | None:
        known = self._titles.framework.subheadings if self._titles else ()
        address = tagged_address(row, known)
        if address is None or not self._addresses.is_free(address):
            return None
        self.layout.tagged += 1
        return address

    def _accept_reworded_title(self, match: Match) -> str | None:
        title = self._titles.framework.subheadings[match.address].title if self._titles else ""
        if match.sureness == "strong":
            self.layout.findings.append(make_finding("row.reworded", match.address, title=title))
            return match.address
        self.layout.findings.append(make_finding("row.uncertain", match.address, title=title))
        self.layout.uncertain.add(match.address)
        return None

    def _find_numbered_address(self, columns: Columns, row: Row) -> str | None:
        if columns.kind in OF_ACTIONS and self._is_of_item_above(columns, row):
            return self._items.one_more(self.layout.entries[-1].address, columns.kind)
        if columns.kind in OF_ACTIONS and "item" not in columns.places:
            return self._count_action(columns, row)
        cell = columns.cell_of(row, "item") or self._first_of_none(columns, row)
        said = cell.text if cell else ""
        if columns.kind in OF_ACTIONS and said.strip() and number_in(said) is None and _has_numbers(columns):
            return None  # a row that somebody added, which must not take the next one's place
        return self._items.address_of(said, columns.kind)

    def _count_action(self, columns: Columns, row: Row) -> str:
        """The address of an action in a table whose numbers are gone: those for one area follow one another.

        That is the order of the form, which somebody may have changed: it is asked about.
        """
        before = self.layout.entries[-1] if self.layout.entries else None
        self.layout.ordered += 1
        said = columns.cell_of(row, "development")
        if before is not None and before.table is columns.table and said is not None:
            entries = (e for e in self.layout.entries if _is_first_action_on(e.address, before.address))
            first = next(entries, before).cells.get("development")
            if not said.text.strip() or (first is not None and first.text == said.text):
                return self._items.one_more(before.address, columns.kind)
        return self._addresses.next_of(ItemKind.DEVELOPMENT)

    def _is_rest(self, columns: Columns, row: Row) -> bool:
        """Whether it is as the rest of an item that a page has cut, which must not take the next one's place:
        a row without a number, in a table where others have one, that says nothing of what every item says.
        """
        if not self._has_no_lead(columns, row) or self._is_of_item_above(columns, row):
            return False
        cells = columns.cells_of(row)
        is_part = not any(cells[column].text.strip() for column in _OF_WHOLE_ITEMS if column in cells)
        return is_part and _has_numbers(columns)

    def _is_of_item_above(self, columns: Columns, row: Row) -> bool:
        """Whether its number, or the area for development, is merged down from the row placed before."""
        cells = (columns.cell_of(row, column) for column in ("item", "development"))
        entries = self.layout.entries
        is_merged = any(cell is not None and cell.merged == "continue" and not cell.text for cell in cells)
        return is_merged and bool(entries) and entries[-1].table is columns.table

    def _goes_on(self, columns: Columns, row: Row) -> bool:
        """A row under a title merged down from the row above says more of the same sub-heading."""
        own = columns.cell_of(row, "subheading")
        if own is None or own.merged != "continue" or own.text or not self.layout.entries:
            return False
        entry = self.layout.entries[-1]
        if entry.table is not columns.table:
            return False
        for column in columns.places:
            cell = columns.cell_of(row, column)
            if cell is not None and cell is not own and cell.text:
                entry.more.append((column, cell))
        return True

    def _place_row_at_address(self, columns: Columns, row: Row, address: str) -> bool | None:
        if address in self._addresses.placed:
            self._note_repeated_row(row, address)
            return None
        entry = Entry(address, row, columns.table, columns.cells_of(row))
        if len(set(map(id, entry.cells.values()))) < len(entry.cells):
            _give_to_first(entry)
        if any(cell.merged for cell in row.cells):
            self._take_from_above(entry, columns)
        if columns.is_shifted(row):
            self.layout.findings.append(make_finding("row.shifted", address))
        for column, cells in columns.split_cells(row):
            entry.cells[column] = cells[0]
            entry.more += [(column, cell) for cell in cells[1:]]
        self.layout.entries.append(entry)
        self._addresses.placed.add(address)
        self._items.follow(address)
        return True

    def _note_repeated_row(self, row: Row, address: str) -> None:
        self.layout.findings.append(make_finding("row.repeated", address, title=self._title_of(address)))
        self.layout.repeated_rows.append(row)

    def _title_of(self, address: str) -> str:
        known = self._titles.framework.subheadings.get(address) if self._titles else None
        return known.title if known else address

    def _take_from_above(self, entry: Entry, columns: Columns) -> None:
        """For cells that are merged with the one above, use that cell and note the column as shared."""
        for column, cell in entry.cells.items():
            if cell.merged == "continue" and not cell.text:
                above = self._restart_of(columns, entry.row, cell)
                if above is not None:
                    entry.cells[column] = above
                    entry.shared.add(column)

    @staticmethod
    def _restart_of(columns: Columns, row: Row, cell: Cell) -> Cell | None:
        above = columns.table.rows[: columns.table.rows.index(row)]
        for other in reversed(above):
            for candidate in other.cells:
                if candidate.column == cell.column:
                    if candidate.merged == "restart":
                        return candidate
                    if candidate.merged != "continue":
                        return None
        return None


def _has_numbers(columns: Columns) -> bool:
    """Whether rows of a table of items have their numbers."""
    leads = (columns.cell_of(row, "item") for row in columns.table.rows)
    return any(lead is not None and number_in(lead.text) is not None for lead in leads)


def _is_first_action_on(address: str, other: str) -> bool:
    """Whether an address is that of the first action on the area for development that another one names."""
    return address.split("/") == other.split("/")[:2]


def _give_to_first(entry: Entry) -> None:
    """Of the columns across which a cell goes, the first has it."""
    columns: dict[int, str] = {}
    for column, cell in list(entry.cells.items()):
        first = columns.setdefault(id(cell), column)
        if first != column:
            entry.across |= {first, column}
            del entry.cells[column]


def _is_heading(row: Row, columns: Columns) -> bool:
    """A row that is one cell across the table, or says something in its first cell alone."""
    if len(row.cells) == 1 and len(columns.places) > 1:
        return True
    if not row.cells or row.cells[0].span < 2:
        return False
    own = {column.id for column in FORMS[columns.kind].columns if column.is_own} if columns.kind else set()
    return (
        all(columns.cell_of(row, column) is row.cells[0] for column in columns.places if column in own)
        and not any(cell.text for cell in row.cells[1:])
        and len(columns.places) > 2
        and row.cells[0].span >= len(columns.places)
    )


def is_other_form(kind: Kind | None, main: Kind | None) -> bool:
    """Whether a kind of form is another than the main one.

    A self-assessment and an analysis count as the same, because they look alike; so do the forms with what
    was agreed at an event.
    """
    alike = ({Kind.SELF_ASSESSMENT, Kind.ANALYSIS}, OF_RECORDED_ITEMS)
    return kind is not main and not any({kind, main} <= these for these in alike)


def _find_kind_by_columns(columns: Columns) -> Kind:
    """The kind of form whose columns the marks name.

    A self-assessment and an analysis have the same columns.
    """
    return max(Kind, key=lambda kind: len({c.id for c in FORMS[kind].columns} & set(columns.places)))
