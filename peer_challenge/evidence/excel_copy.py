"""An Excel workbook as a new one with its values: what is seen in it, and nothing that works anything out.

No formulas, macros, links, connections, pivot tables with the data behind them, comments, charts or authors.
"""

import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from copy import copy
from datetime import datetime
from itertools import product
from typing import Any

import openpyxl
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from peer_challenge.evidence.clean_copy import CanNotCopy, CleanCopy
from peer_challenge.evidence.refusals import Refusal
from peer_challenge.system.zip_errors import BROKEN_ZIP

MOST_CELLS = 100_000
"""So many take 6 seconds to copy; with a format in each, all that checking may (`checking_process`)."""
_MOST_XML = 30_000_000
"""Of all parts, unpacked: openpyxl has them in memory twice, with values and with formulas."""
_DRAWN = ("xl/drawings/", "xl/media/", "xl/ctrlprops/")
_LOSES_CHARTS = "Charts, pictures and text boxes are left out."
_EMPTY_TEXT = "str"
"""What openpyxl has for the result of a formula that is a text without letters, as of =IF(A1="","",A1)."""
_PICTURE = re.compile(r"(&&)|&G")
"""The place of a picture in a header, beside an "&" that is written twice to be one."""
_HEADERS = ("oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter")


def copy_workbook(data: bytes, title: str, stamp: datetime) -> CleanCopy:
    """The workbook's values with their formats and widths, as .xlsx. Raises CanNotCopy."""
    loses_charts = _check_package(data)
    values, formulas = _open(data, is_valued=True), _open(data, is_valued=False)
    _check_nothing_is_hidden(values)
    lines, made = list[str](), Workbook()
    made.remove(made.worksheets[0])
    count = 0
    for sheet in values.worksheets:
        count += sheet.max_row * sheet.max_column
        if count > MOST_CELLS:
            raise CanNotCopy(Refusal.LONG)
        _check_cells(sheet, formulas[sheet.title])
        lines += _copy_sheet(sheet, made.create_sheet(sheet.title))
    made.properties = openpyxl.packaging.core.DocumentProperties(
        creator="", title=title, created=stamp, modified=stamp
    )
    out = io.BytesIO()
    made.save(out)
    return CleanCopy(
        out.getvalue(), "xlsx", tuple(lines), _LOSES_CHARTS if loses_charts or values.chartsheets else ""
    )


def _check_package(data: bytes) -> bool:
    """Refuse a workbook that holds macros or far more than a table; whether anything is drawn in it.

    Raises CanNotCopy.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as whole:
            parts = whole.infolist()
    except (*BROKEN_ZIP, OSError):
        raise CanNotCopy(Refusal.DAMAGED) from None
    names = [part.filename.lower() for part in parts]
    if any("vbaproject" in name or "macrosheets/" in name or name.endswith("workbook.bin") for name in names):
        raise CanNotCopy(Refusal.MACROS)
    if sum(part.file_size for part in parts if part.filename.lower().endswith((".xml", ".rels"))) > _MOST_XML:
        raise CanNotCopy(Refusal.LONG)
    return any(name.startswith(_DRAWN) for name in names)


def _open(data: bytes, *, is_valued: bool) -> Workbook:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl tells of styles and extensions that it leaves out
            return openpyxl.load_workbook(io.BytesIO(data), data_only=is_valued)
    except MemoryError:
        raise
    except Exception:  # openpyxl raises whatever its parts raise; the answer is the same
        raise CanNotCopy(Refusal.DAMAGED) from None


def _check_nothing_is_hidden(book: Workbook) -> None:
    for sheet in (*book.worksheets, *book.chartsheets):
        if sheet.sheet_state != "visible":
            raise CanNotCopy(Refusal.HIDDEN)
    for sheet in book.worksheets:
        rows, columns = sheet.row_dimensions.values(), sheet.column_dimensions.values()
        is_flat = any(row.height == 0 for row in rows) or any(column.width == 0 for column in columns)
        is_hidden = any(dimension.hidden for dimension in (*rows, *columns))
        if is_flat or is_hidden or sheet.sheet_format.zeroHeight:
            raise CanNotCopy(Refusal.HIDDEN)


def _check_cells(sheet: Worksheet, written: Worksheet) -> None:
    for row in written.iter_rows():
        for cell in row:
            if getattr(cell, "comment", None) is not None:
                raise CanNotCopy(Refusal.COMMENTS)
            if cell.value is not None and cell.has_style and _shows_nothing(cell.number_format):
                raise CanNotCopy(Refusal.HIDDEN)
            if cell.data_type == "f" and _lacks_result(sheet.cell(cell.row, cell.column)):
                raise CanNotCopy(Refusal.NO_VALUES)


def _lacks_result(cell: Cell) -> bool:
    """Whether the program that wrote a formula did not work it out."""
    return cell.value is None and cell.data_type != _EMPTY_TEXT


def _shows_nothing(number_format: str) -> bool:
    """Whether a number format has no part that shows a value, as ";;;" has none."""
    return bool(number_format) and not number_format.strip("; ")


def _copy_sheet(sheet: Worksheet, made: Worksheet) -> Iterator[str]:
    """Copy what is seen in a sheet; its words, a line each row."""
    for row in sheet.iter_rows():
        words = [_read_cell(cell) for cell in row if cell.value is not None]
        for cell in row:
            if not isinstance(cell, MergedCell):
                _copy_cell(cell, made.cell(cell.row, cell.column))
        if words:
            yield " | ".join(words)
    for letter, dimension in sheet.column_dimensions.items():
        made.column_dimensions[letter].width = dimension.width
    for merged in sheet.merged_cells.ranges:
        made.merge_cells(merged.coord)
    yield sheet.title
    yield from _copy_headers(sheet, made)


def _read_cell(cell: Cell) -> str:
    """A cell's value with the words that its number format writes around it, in quotation marks."""
    value = str(cell.value)
    parts = cell.number_format.split('"') if cell.has_style else []
    if len(parts) < 3:
        return value
    return "".join(part if number % 2 else value if part else "" for number, part in enumerate(parts))


def _copy_headers(sheet: Worksheet, made: Worksheet) -> Iterator[str]:
    """Copy what is printed above and below a sheet's pages, without pictures; its words."""
    made.HeaderFooter.differentFirst = sheet.HeaderFooter.differentFirst
    made.HeaderFooter.differentOddEven = sheet.HeaderFooter.differentOddEven
    for which, place in product(_HEADERS, ("left", "center", "right")):
        part = getattr(getattr(sheet.HeaderFooter, which), place)
        if part.text:
            text = _PICTURE.sub(r"\1", part.text)
            copied = getattr(getattr(made.HeaderFooter, which), place)
            copied.text, copied.font, copied.size, copied.color = text, part.font, part.size, part.color
            yield text


def _copy_cell(cell: Cell, made: Any) -> None:
    """A cell's value, never as a formula, with how it looks."""
    made.value = cell.value
    if isinstance(cell.value, str):
        made.data_type = "s"  # what begins with "=" stays a text
    if cell.has_style:
        made.number_format = cell.number_format
        made.font, made.fill = copy(cell.font), copy(cell.fill)
        made.alignment, made.border = copy(cell.alignment), copy(cell.border)
