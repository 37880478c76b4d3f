"""Participants from an Excel or CSV file: rows become the tree a cycle file would have held.

Places are cells ("areas.xlsx, sheet Areas, cell D7"). Columns are matched by their headings.
"""

import csv
import io
import re
import zipfile
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter
from rapidfuzz import fuzz, process

from peer_challenge.cycle import slug
from peer_challenge.cycle_yaml import MOST_BYTES, Path_, Tree, decoded

_MOST_ROWS = 1_000
_MOST_COLUMNS = 60
_MOST_XML = 4_000_000
"""Bytes of a workbook's parts, unpacked, but for pictures: a table of 1,000 areas has 700,000."""
_LISTS = {"aliases", "icb", "neighbours", "conflicts", "unavailable"}
_CONTACT = {"contact_name": "name", "contact_role": "role", "contact_email": "email"}
_HEADINGS = {
    "id": "id", "code": "id", "area id": "id",
    "name": "name", "area": "name", "area name": "name", "participant": "name", "local authority": "name",
    "aliases": "aliases", "alias": "aliases", "other names": "aliases", "also known as": "aliases",
    "partnership": "partnership", "safeguarding partnership": "partnership",
    "police": "police", "police force": "police",
    "icb": "icb", "icbs": "icb", "integrated care board": "icb", "integrated care boards": "icb",
    "neighbours": "neighbours", "neighbouring areas": "neighbours", "borders": "neighbours",
    "conflicts": "conflicts", "declared interests": "conflicts",
    "unavailable": "unavailable", "days unavailable": "unavailable",
    "challenged by": "challenged_by", "previous challengers": "challenged_by",
    "school calendar": "school_calendar", "school holidays": "school_calendar",
    "capacity": "capacity", "external": "external", "size": "size", "type": "type",
    "contact": "contact_name", "contact name": "contact_name", "contact role": "contact_role",
    "role": "contact_role", "contact email": "contact_email", "email": "contact_email",
    "e-mail": "contact_email", "contact e-mail": "contact_email",
}  # fmt: skip

Cells = list[list[str]]


def read_participants(path: Path, tree: Tree, sheet: str | None = None) -> None:
    """Put the participants of the table `path` into `tree`, with the cell of each value.

    A row without id and name adds a contact to the area above it. Lists within a cell are
    separated by semicolons or line breaks. What is wrong is added to `tree.problems`.
    """
    tree.data["participants"] = []
    tree.has_areas = False
    read = _read(path, tree, sheet)
    if read is None:
        return
    cells, where = read
    start = next((n for n, row in enumerate(cells) if any(row)), None)
    if start is None:
        _problem(
            tree, path.name, "The table is empty. The first row names the columns: id, name, police, ..."
        )
        return
    columns = _columns(cells[start], tree, where, start)
    if "name" not in columns.values():
        return
    areas: list[dict[str, Any]] = []
    for n, row in enumerate(cells[start + 1 :], start + 1):
        if any(row):
            _check_headings(row, cells[start], tree, (where, n))
            _take_row(
                areas, {c: row[i] for i, c in columns.items() if i < len(row)}, columns, tree, (where, n)
            )
    tree.data["participants"], tree.has_areas = areas, True


def _read(path: Path, tree: Tree, sheet: str | None) -> tuple[Cells, str] | None:
    if not path.is_file():
        _problem(tree, path.name, "The participants' table isn't there. Put it beside the cycle file.")
        return None
    raw = path.read_bytes()
    if len(raw) > MOST_BYTES:
        _problem(tree, path.name, "The participants' table is too large. Keep only the table in it.")
        return None
    if path.suffix.lower() == ".csv":
        return _read_csv(path, raw, tree)
    if path.suffix.lower() == ".xlsx":
        return _read_xlsx(path, raw, tree, sheet)
    _problem(tree, path.name, "Participants can be read from .xlsx or .csv. Save the table as one of these.")
    return None


def _read_csv(path: Path, raw: bytes, tree: Tree) -> tuple[Cells, str] | None:
    text, assumed = decoded(raw)
    if text is None:
        _problem(tree, path.name, "This is not a CSV file. Save the table again as CSV (UTF-8).")
        return None
    if assumed:
        tree.warnings.append(f"{path.name}: {assumed}")
    first = text.lstrip().partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    try:
        found = islice(csv.reader(io.StringIO(text), delimiter=delimiter), _MOST_ROWS)
        rows = [[_plain(cell) for cell in row[:_MOST_COLUMNS]] for row in found]
    except csv.Error:
        _problem(tree, path.name, "A quotation mark in this file isn't closed. Save the table again as CSV.")
        return None
    return rows, path.name


def _read_xlsx(path: Path, raw: bytes, tree: Tree, sheet: str | None) -> tuple[Cells, str] | None:
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as whole:
            xml = sum(part.file_size for part in whole.infolist() if not _is_picture(part.filename))
        if xml > _MOST_XML:
            words = (
                "It holds far more than a table of areas. Copy the table into a new workbook and save that."
            )
            _problem(tree, path.name, words)
            return None
        book = openpyxl.load_workbook(io.BytesIO(raw), read_only=True, data_only=True)
    except Exception:  # openpyxl raises whatever its parts raise; the answer is the same
        _problem(tree, path.name, "This can't be opened as an Excel workbook. Save it again as .xlsx.")
        return None
    if sheet is not None and sheet not in book.sheetnames:
        has = ", ".join(book.sheetnames)
        words = f"It has no sheet `{sheet}`.{_meant(sheet, book.sheetnames)} It has: {has}."
        _problem(tree, path.name, words)
        return None
    page = book[sheet] if sheet else book.worksheets[0]
    page.reset_dimensions()
    rows = page.iter_rows(max_row=_MOST_ROWS, max_col=_MOST_COLUMNS, values_only=True)
    return [[_plain(cell) for cell in row] for row in rows], f"{path.name}, sheet {page.title}"


def _is_picture(name: str) -> bool:
    return name.lower().endswith((".png", ".jpeg", ".jpg", ".gif", ".emf", ".wmf", ".bin"))


def _plain(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).replace("\xa0", " ").strip()


def _columns(header: list[str], tree: Tree, where: str, row: int) -> dict[int, str]:
    found: dict[int, str] = {}
    for i, heading in enumerate(header):
        words = re.sub(r"[\s_]+", " ", heading).strip().lower()
        if not words:
            continue
        place = f"{where}, cell {get_column_letter(i + 1)}{row + 1}"
        column = _HEADINGS.get(words)
        if column is None:
            _problem(
                tree,
                place,
                f"We don't know a column `{heading}`.{_meant(words, list(_HEADINGS))} "
                "Rename it, or take it out.",
            )
        elif column in found.values():
            _problem(tree, place, f"There is a second column for `{column}`. Keep one of them.")
        else:
            found[i] = column
    if "name" not in found.values():
        _problem(tree, f"{where}, row {row + 1}", "There is no column `name`. Give each area its name.")
    return found


def _check_headings(row: list[str], header: list[str], tree: Tree, at: tuple[str, int]) -> None:
    """Tell of a row's first text that stands under no heading: in a CSV file the row may have moved along."""
    where, n = at
    for i, text in enumerate(row):
        if text and not "".join(header[i : i + 1]):
            place = f"{where}, cell {get_column_letter(i + 1)}{n + 1}"
            words = f"There is no heading above `{text}`. Give the column one, or empty the cell."
            hint = " A text with commas in it stands in quotation marks." if "sheet" not in where else ""
            _problem(tree, place, words + hint)
            return


def _take_row(
    areas: list[dict[str, Any]], row: dict[str, str], columns: dict[int, str], tree: Tree, at: tuple[str, int]
) -> None:
    where, n = at
    cell = {c: f"{where}, cell {get_column_letter(i + 1)}{n + 1}" for i, c in columns.items()}
    is_new = bool(row.get("id") or row.get("name"))
    if is_new:
        areas.append({})
        tree.places[("participants", len(areas) - 1)] = f"{where}, row {n + 1}"
    elif not areas:
        _problem(tree, f"{where}, row {n + 1}", "The first area has no name. Give it one.")
        return
    area, base = areas[-1], ("participants", len(areas) - 1)
    if is_new and not row.get("id"):
        area["id"] = slug(row.get("name", ""))
    _take_contact(area, row, tree, base, cell)
    for column, text in row.items():
        if text and column not in _CONTACT:
            area[column] = _value(column, text)
            _place(tree, (*base, column), area[column], cell[column])


def _take_contact(
    area: dict[str, Any], row: dict[str, str], tree: Tree, base: Path_, cell: dict[str, str]
) -> None:
    contact = {key: row[column] for column, key in _CONTACT.items() if row.get(column)}
    if not contact:
        return
    contact.setdefault("name", contact.get("role") or contact.get("email", ""))
    area.setdefault("contacts", []).append(contact)
    here = (*base, "contacts", len(area["contacts"]) - 1)
    for column, key in _CONTACT.items():
        if column in cell:
            tree.places[(*here, key)] = cell[column]


def _value(column: str, text: str) -> Any:
    parts = [part.strip() for part in re.split(r"[;\n]", text) if part.strip()]
    if column == "challenged_by":
        return {key.strip(): value.strip() for key, _, value in (part.partition(":") for part in parts)}
    if column == "unavailable":
        return [_days(part) for part in parts]
    return parts if column in _LISTS else text


def _days(text: str) -> Any:
    first, to, last = text.partition(" to ")
    return {"first": first.strip(), "last": last.strip()} if to else text


def _place(tree: Tree, path: Path_, value: Any, place: str) -> None:
    tree.places[path] = place
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inner:
        _place(tree, (*path, key), item, place)


def _meant(word: str, known: list[str]) -> str:
    near = process.extractOne(word, known, scorer=fuzz.ratio, score_cutoff=70)
    return f" Did you mean `{near[0]}`?" if near else ""


def _problem(tree: Tree, place: str, words: str) -> None:
    mark = ("\r", len(tree.problems))
    tree.places[mark] = place
    tree.problems.append((mark, words))
