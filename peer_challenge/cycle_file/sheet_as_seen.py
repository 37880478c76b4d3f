"""A table of an Excel or CSV file as people see it in their spreadsheet program.

It includes what Excel shows and a plain reader would miss: the text of a merged cell is in each row that
the cell covers, and title rows above the headings are left out. What people cannot see or we cannot know is
a problem at its cell, with what to do in Excel: hidden rows and columns, formulas without a value, error
values. Nothing is guessed.
"""

import csv
import io
import re
import unicodedata
import warnings
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path

import openpyxl
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.styles.colors import Color
from openpyxl.utils import get_column_letter
from openpyxl.utils.escape import unescape
from openpyxl.workbook import Workbook
from openpyxl.worksheet.dimensions import RowDimension
from openpyxl.worksheet.worksheet import Worksheet

from peer_challenge.cycle_file.files_in_place_of_tables import name_other_table
from peer_challenge.cycle_file.number_formats import UnknownFormat, format_value
from peer_challenge.cycle_file.yaml_with_lines import decode_file_text
from peer_challenge.system.zip_errors import BROKEN_ZIP

MOST_ROWS = 1_000
"""A sheet that was formatted to its end has a million for Excel; a cycle has 200 areas at most."""
MOST_COLUMNS = 60
"""Such a sheet has 16,384; a table of participants has columns for some twenty things."""
_MOST_XML = 4_000_000
"""Bytes of a workbook's parts, unpacked, but for pictures: a table of 1,000 areas has 700,000."""
_ROWS_LOOKED_AT = 30
"""So many rows from the top are looked through for the headings."""
_ERRORS = re.compile(r"#(?:[A-Z][A-Z_/0]*[!?]|N/A|GETTING_DATA|#+)|Err:\d{3}|Loading(?:\.{3}|…)")
"""What Excel, LibreOffice and Google Sheets show for a value that they do not have."""
_SHORTENED = re.compile(r"\d(?:\.\d+)?E\+\d{2,3}")
"""A long number as Excel shortens it in a CSV file: 1.63296E+09."""
_KEPT_AS_TEXT = re.compile(r'="(.*)"|\'([^\']+)', re.DOTALL)
"""How programs write a text into a CSV file so that Excel changes nothing in it: ="01632", '01632."""
_EMPTY_TEXT = "str"
"""What openpyxl has for the result of a formula that is a text without letters, as of =IF(A1="","",A1)."""
_STRICT = b"purl.oclc.org/ooxml"
_SEPARATOR = re.compile(r'"?sep=(.)"?\s*')
_QUOTED = re.compile(r'"(?:[^"]|"")*"')
_WHITE = ("FFFFFFFF", "00FFFFFF")
_NO_WORKBOOK = "This can't be opened as an Excel workbook."
_SAVE_AGAIN = f"{_NO_WORKBOOK} Save it again as .xlsx."


class UnreadableTable(Exception):
    """A file holds no table that we can read. The text says why and what to do."""


class SeveralTables(UnreadableTable):
    """More than one sheet has a table of the kind that is looked for. `sheets` are their names."""

    def __init__(self, sheets: Sequence[str]) -> None:
        self.sheets = tuple(sheets)
        super().__init__(
            f"More than one sheet has such a table: {', '.join(sheets)}. Delete those that are not meant, "
            "and send the workbook again."
        )


@dataclass(slots=True)
class SeenTable:
    """A table: `rows` of texts, the headings first; `numbers` of the rows as the program shows them.

    `where` names file and sheet, for sentences. `problems` are (cell or row, words). `notes` say what was
    left out or assumed although nothing is wrong. `covered` are cells, as (row's number, place in the row),
    that repeat the text of a cell above because they are merged with it. `plain` is what cells hold, by
    the same key, where their format shows it otherwise: 3 shown as "3 cases".
    """

    where: str
    rows: list[list[str]]
    numbers: list[int]
    problems: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    covered: set[tuple[int, int]] = field(default_factory=set)
    plain: dict[tuple[int, int], str] = field(default_factory=dict)


IsHeading = Callable[[str], bool]


def read_sheet(name: str, raw: bytes, is_heading: IsHeading, sheet: str | None = None) -> SeenTable:
    """The table in an .xlsx or .csv file, from its headings down; `name` is the file's, `raw` its content.

    `is_heading` says whether a text is a known heading. The row with most known headings is the header row.
    `sheet` names the sheet where there are several. Raises UnreadableTable, SeveralTables among them.
    """
    ending = Path(name).suffix.lower()
    if ending == ".csv":
        rows, notes, cut = _read_csv_rows(name, raw, is_heading)
        table = _below_headings(name, rows, notes, is_heading)
        table.problems += cut
        table.problems += _find_lost_values(table, is_heading)
        return table
    if ending == ".xlsx":
        return _read_workbook(name, raw, is_heading, sheet)
    if ending in (".gsheet", ".url", ".webloc"):
        raise UnreadableTable("It is only a link to a table. Download that as .xlsx, and send the file.")
    if ending in (".xls", ".xlsm", ".xlsb", ".ods", ".numbers"):
        raise UnreadableTable(
            f"A table can't be read from a {ending} file. Open it, choose Save As, Excel Workbook (.xlsx)."
        )
    raise UnreadableTable("A table can be read from .xlsx or .csv. Save it as one of these.")


# CSV


def _read_csv_rows(
    name: str, raw: bytes, is_heading: IsHeading
) -> tuple[list[list[str]], list[str], list[tuple[str, str]]]:
    """The rows of a CSV file, notes, and what is told where not all of it was read."""
    if other := name_other_table(raw):
        raise UnreadableTable(f"This is not a CSV file. {other}")
    is_mac = b"\r" in raw and b"\n" not in raw  # as Excel on a Mac saves "CSV (Macintosh)"
    text, assumed = decode_file_text(raw, "mac_roman", "Mac") if is_mac else decode_file_text(raw)
    if text is None:
        raise UnreadableTable("This is not a CSV file. Save the table again as CSV (UTF-8).")
    notes = [f"{name}: {assumed}"] if assumed else []
    text = text.replace("\r\n", "\n").replace("\r", "\n")  # an old Mac ends its lines with the first alone
    first, _, rest = text.partition("\n")
    named = _SEPARATOR.fullmatch(first)
    if named:
        text = "\n" + rest  # the line stays one, so that rows keep their numbers
    delimiter = named.group(1) if named else _guess_delimiter(text, is_heading)
    reader = csv.reader(io.StringIO(text), delimiter=delimiter, strict=True)
    rows: list[list[str]] = []
    n, filled = 0, []
    try:
        for n, row in enumerate(reader, 1):
            cells = [_read_csv_cell(cell) for cell in row]
            filled += [(n, i) for i, text in enumerate(cells, 1) if text and _is_beyond(n, i)]
            if n <= MOST_ROWS:
                rows.append(cells[:MOST_COLUMNS])
    except csv.Error:
        raise UnreadableTable(
            f"A quotation mark isn't closed: the text that begins after row {n} goes on to line "
            f"{reader.line_num}. Open the file in Excel and save it again as CSV UTF-8, or write "
            'a quotation mark inside a text twice ("").'
        ) from None
    return rows, notes, list(_tell_of_cut(filled))


def _read_csv_cell(written: str) -> str:
    text = format_cell_text(written)
    kept = _KEPT_AS_TEXT.fullmatch(text)
    return (kept[1].replace('""', '"') if kept[1] is not None else kept[2]) if kept else text


def _find_lost_values(table: SeenTable, is_heading: IsHeading) -> Iterator[tuple[str, str]]:
    """Cells of a CSV file, in columns that are read, with an error or a number that a program shortened."""
    columns = [i for i, heading in enumerate(table.rows[0]) if is_heading(heading)]
    for n, row in zip(table.numbers[1:], table.rows[1:], strict=True):
        for i, text in ((i, row[i]) for i in columns if i < len(row)):
            place = f"cell {get_column_letter(i + 1)}{n}"
            if _ERRORS.fullmatch(text):
                yield place, f"It shows {text}. Correct its formula, or write the value itself."
            elif _SHORTENED.fullmatch(text):
                words = f"Excel has shortened a long number to {text}. Set the column's format to Text, "
                yield place, f"{words}write the number again, and save."


def _guess_delimiter(text: str, is_heading: IsHeading) -> str:
    """The sign between the cells: the one that parts most known headings.

    Where several part as many, it is the one that the line with most of them has most, outside quotations.
    """
    lines = [line for line in _QUOTED.sub("", text).split("\n") if line.strip()][:_ROWS_LOOKED_AT]

    def rank(sign: str) -> tuple[int, int]:
        return _count_headings(text, sign, is_heading), max((line.count(sign) for line in lines), default=0)

    return max(",;\t|", key=rank)


def _count_headings(text: str, delimiter: str, is_heading: IsHeading) -> int:
    """How many different known headings a row near the top has; 0 where the text cannot be parted so."""
    rows = csv.reader(io.StringIO(text), delimiter=delimiter)
    try:
        return max(_list_heading_counts(rows, is_heading), default=0)
    except csv.Error:
        return 0


# Excel


def _read_workbook(name: str, raw: bytes, is_heading: IsHeading, sheet: str | None) -> SeenTable:
    values, formulas = open_workbook_twice(raw)
    pages = {page.title: page for page in values.worksheets}
    charts = [page.title for page in values.chartsheets]
    if sheet is not None:
        page = pages.get(sheet)
        if page is None:
            what = "is a chart, not a table" if sheet in charts else "isn't there"
            raise UnreadableTable(f"The sheet `{sheet}` {what}. It has: {', '.join(pages) or 'no table'}.")
        return _build_seen_table(name, page, formulas[page.title], is_heading)
    shown = [page for page in pages.values() if page.sheet_state == "visible"]
    if not shown:
        raise UnreadableTable("It has no sheet that can be seen. Show the one with the table (Unhide).")
    headed = [page for page in shown if _find_heading_row(_read_sheet_texts(page), is_heading) is not None]
    if len(headed) > 1:
        raise SeveralTables([page.title for page in headed])
    page = headed[0] if headed else shown[0]
    return _build_seen_table(name, page, formulas[page.title], is_heading)


def open_workbook_twice(raw: bytes) -> tuple[Workbook, Workbook]:
    """The workbook twice: with the values that Excel kept, and with the formulas that gave them.

    Raises UnreadableTable.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as whole:
            parts = whole.infolist()
            if sum(part.file_size for part in parts if not _is_picture(part.filename)) > _MOST_XML:
                raise UnreadableTable(
                    "It holds far more than one table. Copy the table into a new workbook and save that."
                )
            names = {part.filename for part in parts}
            main = whole.read("xl/workbook.xml") if "xl/workbook.xml" in names else b""
    except (*BROKEN_ZIP, OSError):
        raise UnreadableTable(_describe_other_file(raw)) from None
    if main == b"" and (other := name_other_table(raw)):
        raise UnreadableTable(f"{_NO_WORKBOOK} {other}")
    if _STRICT in main:
        raise UnreadableTable(
            "It is saved as a Strict Open XML workbook. In Excel choose Save As, Excel Workbook (.xlsx)."
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl tells of styles and extensions that it leaves out
            both = tuple(
                openpyxl.load_workbook(io.BytesIO(raw), data_only=only, rich_text=True)
                for only in (True, False)
            )
    except Exception:  # openpyxl raises whatever its parts raise; the answer is the same
        raise UnreadableTable(_SAVE_AGAIN) from None
    return both[0], both[1]


def _describe_other_file(raw: bytes) -> str:
    """What to say of a file that is called .xlsx and is no package."""
    if other := name_other_table(raw):
        return f"{_NO_WORKBOOK} {other}"
    text = None if raw.startswith(b"PK") else decode_file_text(raw)[0]
    is_csv = text is not None and "\x00" not in text and any(sign in text for sign in ",;\t")
    return f"{_NO_WORKBOOK} It is a CSV file: end its name in .csv." if is_csv else _SAVE_AGAIN


def _is_picture(name: str) -> bool:
    return name.lower().endswith((".png", ".jpeg", ".jpg", ".gif", ".emf", ".wmf", ".bin"))


def _read_sheet_texts(page: Worksheet) -> list[list[str]]:
    """The texts of a sheet, a merged cell's in each row that it covers."""
    rows = page.iter_rows(max_row=min(page.max_row, MOST_ROWS), max_col=min(page.max_column, MOST_COLUMNS))
    texts = [[_format_as_shown(cell) for cell in row] for row in rows]
    for merged in page.merged_cells.ranges:
        top, left = merged.min_row - 1, merged.min_col - 1
        if top < len(texts) and left < len(texts[top]):
            for row in texts[top + 1 : merged.max_row]:
                row[left] = texts[top][left]
    return texts


def _format_as_shown(cell: Cell | MergedCell) -> str:
    """What a cell shows by its format; what the cell holds where the format is unknown, or hides it."""
    text = format_cell_text(cell.value)
    try:
        shown = _apply_format(cell, text)
    except UnknownFormat:
        return text
    # a zero may be hidden to keep a table quiet; any other value that is hidden is told of
    return shown if shown or cell.value == 0 else text


def _apply_format(cell: Cell | MergedCell, text: str) -> str:
    """Raises UnknownFormat."""
    if text and isinstance(cell.value, str):
        return format_value(text, cell.number_format or "")
    is_number = isinstance(cell.value, int | float) and not isinstance(cell.value, bool)
    is_plain = isinstance(cell.value, float) and cell.value.is_integer() and cell.number_format == "General"
    return format_value(cell.value, cell.number_format or "") if is_number and not is_plain else text


def _compare_formats(table: SeenTable, page: Worksheet) -> None:
    """Note what cells hold where they show it otherwise, and tell of formats that are not applied."""
    columns = min(page.max_column, MOST_COLUMNS)
    for row in page.iter_rows(min_row=table.numbers[0], max_row=table.numbers[-1], max_col=columns):
        for cell in row:
            text = format_cell_text(cell.value)
            try:
                shown = _apply_format(cell, text)
            except UnknownFormat:
                words = f"its format may show another number than {text}, which was read. Check it."
                table.notes.append(f"{table.where}, cell {cell.coordinate}: {words}")
                continue
            if text and not shown and cell.value != 0:
                words = "The format of this cell hides its text. Choose General, or delete the text."
                table.problems.append((f"cell {cell.coordinate}", words))
            if shown != text:
                table.plain[cell.row, cell.column - 1] = text


def _build_seen_table(name: str, page: Worksheet, formulas: Worksheet, is_heading: IsHeading) -> SeenTable:
    table = _below_headings(f"{name}, sheet {page.title}", _read_sheet_texts(page), [], is_heading)
    head, last = table.numbers[0], table.numbers[-1]
    hidden = {n for n in range(head, last + 1) if is_hidden(page.row_dimensions.get(n))}
    for n, row in zip(table.numbers, table.rows, strict=True):
        if n in hidden and any(row):
            table.problems.append(
                (f"row {n}", "This row is hidden, perhaps by a filter. Show it, or delete it.")
            )
    for column in find_hidden_columns(page):
        texts = [row[column - 1] for row in table.rows if column <= len(row)]
        if any(texts):
            letter = get_column_letter(column)
            named = f" (`{texts[0]}`)" if texts[0] else ""
            words = f"Column {letter}{named} is hidden. Show it (Unhide), or delete it."
            table.problems.append((f"cell {letter}{head}", words))
    table.covered = {
        (n, merged.min_col - 1)
        for merged in page.merged_cells.ranges
        for n in range(merged.min_row + 1, merged.max_row + 1)
    }
    _compare_formats(table, page)
    filled = [at for at, cell in page._cells.items() if _is_beyond(*at) and format_cell_text(cell.value)]
    table.problems += _tell_of_cut(filled)  # iter_rows would make a cell of every place down to the last
    table.problems += find_unknown_values(page, formulas, head, last)
    table.problems += _merged_across(page, head, last)
    table.problems += _struck_out(page, head, last)
    return table


def is_hidden(dimension: RowDimension | None) -> bool:
    """Whether a row cannot be seen."""
    return dimension is not None and (bool(dimension.hidden) or dimension.height == 0)


def find_hidden_columns(page: Worksheet) -> list[int]:
    """The numbers of the columns that cannot be seen: a dimension may stand for several."""
    found: set[int] = set()
    for dimension in page.column_dimensions.values():
        if dimension.hidden or dimension.width == 0:
            first = dimension.min or 1
            found.update(range(first, min(dimension.max or first, MOST_COLUMNS) + 1))
    return sorted(found)


def find_unknown_values(
    page: Worksheet, formulas: Worksheet, head: int, last: int
) -> Iterator[tuple[str, str]]:
    """Cells whose value is not there: a formula that no Excel has worked out, or one that failed."""
    columns = min(page.max_column, MOST_COLUMNS)
    for written, kept in zip(
        formulas.iter_rows(min_row=head, max_row=last, max_col=columns),
        page.iter_rows(min_row=head, max_row=last, max_col=columns),
        strict=True,
    ):
        for formula, value in zip(written, kept, strict=True):
            place = f"cell {formula.coordinate}"
            if isinstance(value.value, str) and _ERRORS.fullmatch(value.value.strip()):
                yield (
                    place,
                    f"It shows {value.value.strip()}. Correct its formula, or write the value itself.",
                )
            elif value.value is None and formula.data_type == "f" and value.data_type != _EMPTY_TEXT:
                yield place, "It holds a formula without a value. Open the workbook in Excel and save it."


def _merged_across(page: Worksheet, head: int, last: int) -> Iterator[tuple[str, str]]:
    """Cells of the data that are merged over columns: which column their text is for is not known."""
    for merged in page.merged_cells.ranges:
        is_wide = merged.max_col > merged.min_col and head < merged.min_row <= merged.max_row <= last
        if is_wide and format_cell_text(page.cell(merged.min_row, merged.min_col).value):
            words = f"The cells {merged.coord} are merged across columns. Split them (Unmerge Cells)."
            yield f"cell {get_column_letter(merged.min_col)}{merged.min_row}", words


def _struck_out(page: Worksheet, head: int, last: int) -> Iterator[tuple[str, str]]:
    """Rows and cells that are struck out or white on white: people take them for gone."""
    columns = min(page.max_column, MOST_COLUMNS)
    for row in page.iter_rows(min_row=head, max_row=last, max_col=columns):
        filled = [cell for cell in row if format_cell_text(cell.value)]
        struck = [cell for cell in filled if _is_struck(cell)]
        if struck and len(struck) == len(filled):
            yield f"row {row[0].row}", "This row is struck out. Delete it, or take the strike-through away."
            continue
        for cell in filled:
            place = f"cell {cell.coordinate}"
            if cell in struck or _is_partly_struck(cell.value):
                yield place, "This text is struck out. Delete it, or take the strike-through away."
            if _is_white_on_white(cell):
                yield place, "This text is white on white, so nobody sees it. Colour it, or delete it."


def _is_struck(cell: Cell | MergedCell) -> bool:
    return cell.font is not None and bool(cell.font.strike)


def _is_partly_struck(value: object) -> bool:
    runs = value if isinstance(value, CellRichText) else ()
    return any(isinstance(run, TextBlock) and run.font.strike and run.text.strip() for run in runs)


def _is_white_on_white(cell: Cell | MergedCell) -> bool:
    """Whether a text has the colour of paper, on a cell that has no other."""
    colour, fill = cell.font.color if cell.font is not None else None, cell.fill
    if colour is None or not (colour.rgb in _WHITE if colour.type == "rgb" else _is_paper_of_theme(colour)):
        return False
    back = fill.fgColor if fill is not None and fill.fill_type == "solid" else None
    return back is None or (back.rgb in _WHITE if back.type == "rgb" else _is_paper_of_theme(back))


def _is_paper_of_theme(colour: Color) -> bool:
    return colour.type == "theme" and colour.theme == 0 and not colour.tint


# Both


def _is_beyond(row: int, column: int) -> bool:
    return row > MOST_ROWS or column > MOST_COLUMNS


def _tell_of_cut(filled: Iterable[tuple[int, int]]) -> Iterator[tuple[str, str]]:
    """Where reading stopped although there is more; `filled` are the cells beyond it, by row and column."""
    rows: set[int] = set()
    wide: set[int] = set()
    for row, _ in filled:
        (rows if row > MOST_ROWS else wide).add(row)
    if rows:
        words = f"This is the last row that was read. There is more below it, down to row {max(rows)}. "
        yield f"row {MOST_ROWS}", f"{words}Delete the rows that are not of this table."
    if wide:
        letter, n = get_column_letter(MOST_COLUMNS), min(wide)
        words = f"Column {letter} is the last that was read. There is more to the right of it. "
        yield f"cell {letter}{n}", f"{words}Delete the columns that are not of this table."


def _below_headings(where: str, rows: list[list[str]], notes: list[str], is_heading: IsHeading) -> SeenTable:
    """The rows from the headings down; what stands above them is a title, and said to be left out."""
    filled = [n for n, row in enumerate(rows) if any(row)]
    if not filled:
        raise UnreadableTable("The table is empty. Give each column a heading in the first row.")
    head = _find_heading_row(rows, is_heading)
    head = filled[0] if head is None else head
    above = [n + 1 for n in filled if n < head]
    if above:
        span = f"row {above[0]}" if len(above) == 1 else f"rows {above[0]} to {above[-1]}"
        notes = [*notes, f"{where}: what is above the headings was left out ({span})."]
    return SeenTable(where, rows[head:], [*range(head + 1, len(rows) + 1)], notes=notes)


def _find_heading_row(rows: Iterable[list[str]], is_heading: IsHeading) -> int | None:
    """The row near the top that holds most known headings, at least two different ones; None without one."""
    counts = _list_heading_counts(rows, is_heading)
    most = max(counts, default=0)
    return counts.index(most) if most > 1 else None


def _list_heading_counts(rows: Iterable[list[str]], is_heading: IsHeading) -> list[int]:
    """How many different known headings each row near the top has."""
    return [
        len({text.casefold() for text in row if text and is_heading(text)})
        for row in islice(rows, _ROWS_LOOKED_AT)
    ]


def format_cell_text(cell: object) -> str:
    """What a cell shows, as a text: days as 2027-05-04, whole numbers without a point."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e11:  # as Excel shows it
        return str(int(cell))
    text = unescape(str(cell))  # "_x000D_" is how Excel's files have a line's end
    seen = "".join(sign for sign in text if unicodedata.category(sign) != "Cf")  # marks that nobody sees
    return seen.replace("\xa0", " ").strip()
