"""Which tables of a file hold a framework, where their headings are, and what each column is."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from peer_challenge.frameworks.column_roles import OF_ANSWERS, Role, recognise_role
from peer_challenge.frameworks.document_tables import is_about_document
from peer_challenge.frameworks.outline import SeenRow, SeenTable

_SEARCHED = 12
"""So many rows from the top are looked through for the headings."""
_HEADS_ROWS = (Role.SUBHEADING, Role.AREA)


@dataclass(frozen=True, slots=True)
class SeenColumn:
    """A column of one or more tables: its heading, what we take it for, and where it is first.

    `key` finds it again. `is_sure` is False where its place alone says what it is, or nothing does. `sample`
    is the first text with letters below its heading.
    """

    key: str
    heading: str
    role: Role
    place: str
    is_sure: bool = True
    sample: str = ""


@dataclass(frozen=True, slots=True)
class TableLayout:
    """A table that holds rows of the framework. `header` is its row of headings; -1 where it has none.

    `roles` and `headings` are by the column in the grid. `like` is the place of the table before whose
    headings are taken for those of this one; "" where it has its own.
    """

    table: SeenTable
    header: int
    roles: Mapping[int, Role]
    headings: Mapping[int, str] = field(default_factory=dict)
    like: str = ""

    def texts_of(self, row: SeenRow, role: Role) -> list[str]:
        """What a row says in the columns of a role, without what is empty."""
        texts = (row.text_at(column) for column, held in self.roles.items() if held is role)
        return [text for text in texts if text]

    def first_text_of(self, row: SeenRow, role: Role) -> str:
        """What a row says in the first column of a role; "" where there is none."""
        column = self.column_of(role)
        return "" if column is None else row.text_at(column)

    def column_of(self, role: Role) -> int | None:
        """The first column of a role, or None."""
        return next((column for column, held in self.roles.items() if held is role), None)

    def repeats_header(self, row: SeenRow) -> bool:
        """Whether a row says the headings again, as at the top of a page."""
        told = ((row.text_at(column), text) for column, text in self.headings.items())
        return bool(self.headings) and all(_normalise(again) == _normalise(text) for again, text in told)


def _normalise(heading: str) -> str:
    return " ".join(heading.casefold().split())


def lay_out_tables(
    tables: Sequence[SeenTable], chosen: Mapping[str, Role]
) -> tuple[list[TableLayout], list[SeenColumn]]:
    """The tables that hold a framework, in their order, and their columns, each heading once.

    `chosen` says what columns are, by their keys, where somebody has said so.
    """
    headed = {layout.table.place: layout for table in tables if (layout := _lay_out_by_headings(table))}
    layouts: list[TableLayout] = []
    for table in tables:
        layout = headed.get(table.place)
        if layout is None and not is_about_document(table):
            before = [one for one in layouts if one.table.place in headed]
            layout = _lay_out_as_before(table, before) if headed else _lay_out_by_place(table)
        if layout is not None:
            layouts.append(layout)
    columns: dict[str, SeenColumn] = {}
    corrected = []
    for layout in layouts:
        named = {column: _describe_column(layout, column) for column in layout.roles}
        for one in named.values():
            held = columns.setdefault(one.key, replace(one, role=chosen.get(one.key, one.role)))
            if not held.sample:
                columns[one.key] = replace(held, sample=one.sample)
        roles = {column: columns[one.key].role for column, one in named.items()}
        corrected.append(replace(layout, roles=roles))
    return corrected, list(columns.values())


def _describe_column(layout: TableLayout, column: int) -> SeenColumn:
    heading = " ".join(layout.headings.get(column, "").split())
    place = f"{layout.table.place}, column {column + 1}"
    key = heading.casefold() or f"column {column + 1}"
    is_sure = recognise_role(heading) is not None
    return SeenColumn(key, heading, layout.roles[column], place, is_sure, _find_sample(layout, column))


def _find_sample(layout: TableLayout, column: int) -> str:
    """The first text of a column that is more than a number."""
    rows = layout.table.rows[layout.header + 1 :]
    texts = (cell.text for row in rows for cell in row.cells if cell.column == column and cell.span == 1)
    return next((text for text in texts if any(letter.isalpha() for letter in text)), "")


def _lay_out_by_headings(table: SeenTable) -> TableLayout | None:
    """The layout by the row that has most known headings, two at least; None where there is none."""
    best: TableLayout | None = None
    for number, row in enumerate(table.rows[:_SEARCHED]):
        texts = {cell.column: cell.text for cell in row.cells if cell.text and cell.span < table.width}
        known = {column: role for column, text in texts.items() if (role := recognise_role(text))}
        roles = set(known.values()) - {Role.LEFT_OUT}
        if len(roles) < 2 or (len(known) < len(texts) / 2 and not roles & set(_HEADS_ROWS)):
            continue
        if best is None or len(known) > sum(
            recognise_role(text) is not None for text in best.headings.values()
        ):
            best = TableLayout(table, number, _complete_roles(table, texts, known), texts)
    if best is None or not any(role in _HEADS_ROWS for role in best.roles.values()):
        return None
    return best


def _complete_roles(table: SeenTable, texts: Mapping[int, str], known: Mapping[int, Role]) -> dict[int, Role]:
    """Every column's role: the first one without names the sub-heading, the next says what is looked for."""
    known = _settle_area(texts, known)
    roles = {column: known.get(column) for column in sorted({*texts, *_list_filled_columns(table)})}
    held = set(roles.values())
    if Role.SUBHEADING not in held:
        free = next((column for column, role in roles.items() if role is None), None)
        taken = next((column for column, role in roles.items() if role is Role.AREA), None)
        first = free if taken is not None and free is not None and free > taken else None
        first = first if first is not None else taken if taken is not None else free
        is_lone = first is not None and all(
            role in OF_ANSWERS or role is Role.LEFT_OUT for c, role in roles.items() if c < first and role
        )
        if first is not None and (is_lone or taken is not None):
            roles[first] = Role.SUBHEADING
    if not held & {Role.PROMPT, Role.QUESTIONS}:
        named = [column for column, role in roles.items() if role is Role.SUBHEADING]
        after = next((c for c, role in roles.items() if role is None and named and c > named[0]), None)
        if after is not None:
            roles[after] = Role.PROMPT
    return {column: role or Role.LEFT_OUT for column, role in roles.items()}


def _settle_area(texts: Mapping[int, str], known: Mapping[int, Role]) -> Mapping[int, Role]:
    """Take a column "Area" for the area of focus where another column names the sub-headings."""
    named = sorted(column for column, role in known.items() if role is Role.SUBHEADING)
    first = named[0] if len(named) > 1 and Role.AREA not in known.values() else None
    if first is None or texts[first].strip(" :").casefold() not in ("area", "areas"):
        return known
    return {**known, first: Role.AREA}


def _list_filled_columns(table: SeenTable) -> Iterator[int]:
    return (cell.column for row in table.rows for cell in row.cells if cell.text and cell.span == 1)


def _lay_out_as_before(table: SeenTable, before: Sequence[TableLayout]) -> TableLayout | None:
    """A table without known headings that goes on from a table before it, of the same width, that has them.

    What is above the first table with known headings is about the document.
    """
    like = next((one for one in before if one.table.width == table.width), None)
    return None if like is None else TableLayout(table, -1, like.roles, like.headings, like.table.place)


def _lay_out_by_place(table: SeenTable) -> TableLayout | None:
    """A table without known headings, in a file where no table has them: by the order of its columns."""
    filled = sorted(set(_list_filled_columns(table)))
    if len(filled) < 2 or len(table.rows) < 2:
        return None
    roles = dict.fromkeys(filled, Role.LEFT_OUT)
    roles |= {filled[0]: Role.SUBHEADING, filled[1]: Role.PROMPT}
    first = table.rows[0]
    if first.is_header:
        return TableLayout(table, 0, roles, {c.column: c.text for c in first.cells if c.text})
    return TableLayout(table, -1, roles)
