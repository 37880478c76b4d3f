"""What is seen in an Excel workbook: each sheet that can be seen, as a heading and a table."""

from collections.abc import Iterator

from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.worksheet.worksheet import Worksheet

from peer_challenge.cycle_file.sheet_as_seen import (
    MOST_COLUMNS,
    MOST_ROWS,
    UnreadableTable,
    find_hidden_columns,
    find_unknown_values,
    format_cell_text,
    is_hidden,
    open_workbook_twice,
)
from peer_challenge.frameworks.outline import (
    BELOW_ALL,
    Outline,
    SeenCell,
    SeenRow,
    SeenTable,
    SeenText,
    UnreadableFile,
    check_size,
)
from peer_challenge.frameworks.quoting import list_places, quote_at


def read_sheet_outline(name: str, raw: bytes) -> Outline:
    """What is seen in an .xlsx file. Raises UnreadableFile."""
    try:
        values, formulas = open_workbook_twice(raw)
    except UnreadableTable as why:
        raise UnreadableFile(str(why)) from None
    shown = [page for page in values.worksheets if page.sheet_state == "visible"]
    blocks: list[SeenText | SeenTable] = []
    notes = []
    if len(shown) < len(values.worksheets):
        notes.append("It has hidden sheets. We left them out.")
    for page in shown:
        rows = tuple(_see_rows(page))
        if not rows:
            continue
        place = f"sheet {page.title}"
        blocks += [SeenText(page.title, place, BELOW_ALL), SeenTable(rows, place)]
        notes += _tell_of_cells(page, formulas[page.title])
    check_size(blocks)
    return Outline(name, tuple(blocks), tuple(dict.fromkeys(notes)))


def _see_rows(page: Worksheet) -> Iterator[SeenRow]:
    """Its rows that can be seen and say something."""
    spans, below = _read_merged_cells(page)
    hidden = set(find_hidden_columns(page))
    last, wide = min(page.max_row, MOST_ROWS), min(page.max_column, MOST_COLUMNS)
    for row in page.iter_rows(max_row=last, max_col=wide):
        number = row[0].row
        if is_hidden(page.row_dimensions.get(number)):
            continue
        cells = tuple(
            SeenCell(text, cell.column - 1, spans.get((number, cell.column), 1), is_below)
            for cell in row
            if cell.column not in hidden and ((text := _clean(cell.value)) or (number, cell.column) in below)
            for is_below in ((number, cell.column) in below,)
        )
        if any(cell.text for cell in cells):
            yield SeenRow(cells, f"sheet {page.title}, row {number}")


def _read_merged_cells(page: Worksheet) -> tuple[dict[tuple[int, int], int], set[tuple[int, int]]]:
    """How many columns each merged cell covers, and the cells below it in a merge, by row and column."""
    spans: dict[tuple[int, int], int] = {}
    below: set[tuple[int, int]] = set()
    for merged in page.merged_cells.ranges:
        spans[merged.min_row, merged.min_col] = merged.max_col - merged.min_col + 1
        below |= {(n, merged.min_col) for n in range(merged.min_row + 1, min(merged.max_row, MOST_ROWS) + 1)}
    return spans, below


def _clean(value: object) -> str:
    lines = (" ".join(line.split()) for line in format_cell_text(value).split("\n"))
    return "\n".join(line for line in lines if line)


def _tell_of_cells(page: Worksheet, formulas: Worksheet) -> Iterator[str]:
    last = min(page.max_row, MOST_ROWS)
    hidden = [n for n in range(1, last + 1) if is_hidden(page.row_dimensions.get(n))]
    if hidden or find_hidden_columns(page):
        yield f"Sheet {page.title}: we left out its hidden rows and columns."
    yield from _tell_of_marks(page)
    for place, words in find_unknown_values(page, formulas, 1, last):
        yield f"Sheet {page.title}, {place}: {words}"
    if page.max_row > MOST_ROWS or page.max_column > MOST_COLUMNS:
        yield f"Sheet {page.title}: we read {MOST_ROWS} rows and {MOST_COLUMNS} columns of it, and no more."


def _tell_of_marks(page: Worksheet) -> Iterator[str]:
    """Notes of comments, which are not read, and of words that are struck through, which are."""
    last, wide = min(page.max_row, MOST_ROWS), min(page.max_column, MOST_COLUMNS)
    cells = [cell for row in page.iter_rows(max_row=last, max_col=wide) for cell in row]
    comments = [quote_at(cell.coordinate, cell.comment.text) for cell in cells if cell.comment is not None]
    struck = [
        quote_at(cell.coordinate, text) for cell in cells if _is_struck(cell) and (text := _clean(cell.value))
    ]
    if comments:
        yield f"Sheet {page.title}: it has comments. We left them out: {list_places(comments)}."
    if struck:
        words = f"it has words that are struck through. We took them too: {list_places(struck)}."
        yield f"Sheet {page.title}: {words}"


def _is_struck(cell: Cell | MergedCell) -> bool:
    value = cell.value
    if value is None:
        return False
    parts = value if isinstance(value, CellRichText) else ()
    is_part_struck = any(isinstance(part, TextBlock) and part.font.strike for part in parts)
    return is_part_struck or bool(cell.font.strike)
