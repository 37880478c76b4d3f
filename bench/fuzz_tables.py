"""A fuzzing campaign on the participants' table: `python -m bench.fuzz_tables [COUNT] [SEED]`.

Workbooks and CSV files are edited as people and programs edit them. Every one must be read, or
refused with words and a place; no exception may come through, and no area may be made up.
"""

import io
import random
import sys
import tempfile
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from peer_challenge.cycle_file.load_cycle import read_cycle_file
from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.errors import CycleFileError
from peer_challenge.model.cycle import Participant

CYCLE = """\
id: fuzzed-2027
name: Fuzzed 2027
framework: working-together-2018
dates: {opens: 2027-01-11, self_assessment_due: 2027-02-26}
assignment: {shared_police: allow, shared_icb: allow, reciprocal: allow}
participants: TABLE
"""
HEADER = ["Area", "Police", "ICB", "Neighbours", "Contact name", "Contact email"]
NAMES = ("Ashcombe", "Brackenford", "Carrowdale", "Dunmere", "Eastholme")
Edit = Callable[[random.Random, list[list[Any]]], None]


def rows_to_begin_with() -> list[list[Any]]:
    """A table of five areas as an office would write it."""
    return [
        list(HEADER),
        *(
            [name, f"{name} Police", f"{name} ICB", "", "Lead", f"lead@{name.lower()}.example.org"]
            for name in NAMES
        ),
    ]


def _somewhere(dice: random.Random, rows: list[list[Any]]) -> tuple[int, int]:
    row = dice.randrange(len(rows))
    return row, dice.randrange(max(len(rows[row]), 1))


def _write_oddly(dice: random.Random, rows: list[list[Any]]) -> None:
    row, column = _somewhere(dice, rows)
    odd = (
        "#REF!",
        "#N/A",
        "=A2",
        '="x"',
        "",
        " ",
        None,
        True,
        3.0,
        1e300,
        "tbc",
        "a;b",
        'say "x"',
        "\u200b",
        "=1/0",
    )
    if column < len(rows[row]):
        rows[row][column] = dice.choice(odd)


NOTES = (
    "Areas of the region",
    "Updated in May",
    "Source: the region",
    "* joint force",
    "North of the river:",
)
"""Texts around and within a table that name no area."""


def _add_title(dice: random.Random, rows: list[list[Any]]) -> None:
    rows[:0] = [[NOTES[0]], [], [NOTES[1], None, "by the office"]][: dice.randrange(1, 4)]


def _add_below(dice: random.Random, rows: list[list[Any]]) -> None:
    rows += dice.choice(
        ([[], ["Total", 5]], [[NOTES[2]]], [[], [], [NOTES[3]]], [["Average", 1]], [["Subtotal", 2]])
    )


def _add_group(dice: random.Random, rows: list[list[Any]]) -> None:
    rows.insert(dice.randrange(1, len(rows) + 1), [NOTES[4]])


def _drop_or_double_row(dice: random.Random, rows: list[list[Any]]) -> None:
    row, _ = _somewhere(dice, rows)
    if dice.random() < 0.5:
        rows.insert(row, list(rows[row]))
    elif len(rows) > 1:
        del rows[row]


def _move_column(dice: random.Random, rows: list[list[Any]]) -> None:
    width = max(map(len, rows))
    source, target = dice.randrange(width), dice.randrange(width)
    for row in rows:
        if source < len(row):
            row.insert(min(target, len(row)), row.pop(source))


def _rename_heading(dice: random.Random, rows: list[list[Any]]) -> None:
    row = rows[0]
    if row:
        row[dice.randrange(len(row))] = dice.choice(("Notes", "AREA ", "e-mail:", "Police*", "", "Name", 5))


EDITS: tuple[Edit, ...] = (
    _write_oddly, _write_oddly, _add_title, _add_below, _add_group, _drop_or_double_row, _move_column,
    _rename_heading,
)  # fmt: skip


def _workbook(dice: random.Random, rows: list[list[Any]]) -> bytes:
    book = Workbook()
    page: Worksheet = book.worksheets[0]
    for row in rows:
        page.append(["".join(c for c in v if c >= " ") if isinstance(v, str) else v for v in row])
    for _ in range(dice.randrange(3)):
        _format_oddly(dice, page)
    out = io.BytesIO()
    book.save(out)
    return _damaged(dice, out.getvalue()) if dice.random() < 0.25 else out.getvalue()


def _format_oddly(dice: random.Random, page: Worksheet) -> None:
    row, column = dice.randrange(1, 9), dice.randrange(1, 7)
    match dice.randrange(7):
        case 0:
            page.row_dimensions[row].hidden = True
        case 1:
            page.column_dimensions["ABCDEF"[column - 1]].hidden = True
        case 2:
            page.merge_cells(
                start_row=row, end_row=row + dice.randrange(3), start_column=column, end_column=column
            )
        case 3:
            page.merge_cells(start_row=row, end_row=row, start_column=column, end_column=column + 1)
        case 4:
            page.parent.create_sheet("Other", dice.randrange(2)).append(
                dice.choice((HEADER, ["read me"], []))
            )
        case 5:
            page.parent.create_sheet("Hidden", 0).sheet_state = dice.choice(("hidden", "veryHidden"))
        case 6:
            page.cell(dice.choice((500, 40_000)), dice.choice((2, 90))).number_format = "0"


def _damaged(dice: random.Random, data: bytes) -> bytes:
    if dice.random() < 0.3:
        return data[: dice.randrange(len(data))]
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        names = old.namelist()
        spoilt = dice.choice(names)
        for name in names:
            part = old.read(name)
            if name == spoilt:
                at = dice.randrange(len(part) + 1)
                part = dice.choice(
                    (part[:at], b"", part[:at] + b"<" + part[at:], part.replace(b"main", b"mian", 1))
                )
            new.writestr(name, part)
    return out.getvalue()


def _csv_cell(dice: random.Random, cell: Any, sign: str) -> str:
    """A cell as programs write it: in quotation marks where it holds the sign between cells, or by chance."""
    is_quoted = dice.random() < 0.2 or sign in str(cell)
    return f'"{cell}"' if is_quoted else str("" if cell is None else cell)


def _csv(dice: random.Random, rows: list[list[Any]]) -> bytes:
    sign, end = dice.choice(",;\t"), dice.choice(("\n", "\r\n", "\r"))
    text = end.join(sign.join(_csv_cell(dice, cell, sign) for cell in row) for row in rows)
    if dice.random() < 0.2:
        text = f"sep={sign}{end}{text}"
    if dice.random() < 0.1:
        at = dice.randrange(len(text) + 1)
        text = text[:at] + '"' + text[at:]
    return text.encode(dice.choice(("utf-8", "utf-8-sig", "utf-16", "cp1252")), errors="replace")


def _letters(cell: object) -> str:
    """A cell as its letters: quotation marks and "=" before them are a program's, and 3.0 shows as 3."""
    if cell is True:
        return "yes"
    return (
        str(int(cell) if isinstance(cell, float) and cell == 3 else cell).replace('"', "").lstrip("=").strip()
    )


def _is_made_up(area: Participant, written: set[str]) -> bool:
    """Whether nobody wrote this area. A note is one where a merged cell gives it a force or board."""
    is_note = area.name in NOTES and not (area.police or area.icb)
    return is_note or _letters(area.name) not in written


def main() -> None:
    """Run the campaign and print what came of it; ends with 1 when anything came through."""
    count, seed = (int(value) for value in (*sys.argv[1:], *("2000", "1")[len(sys.argv) - 1 :]))
    dice, frameworks, outcomes, faults = random.Random(seed), shipped_frameworks(), Counter[str](), 0
    with tempfile.TemporaryDirectory() as folder:
        for number in range(count):
            rows = rows_to_begin_with()
            for _ in range(dice.randrange(1, 5)):
                dice.choice(EDITS)(dice, rows)
            ending = dice.choice(("xlsx", "csv"))
            table = Path(folder, f"areas.{ending}")
            table.write_bytes((_workbook if ending == "xlsx" else _csv)(dice, rows))
            Path(folder, "cycle.yaml").write_text(CYCLE.replace("TABLE", table.name), encoding="utf-8")
            try:
                cycle = read_cycle_file(Path(folder, "cycle.yaml"), frameworks).cycle
            except CycleFileError as refused:
                outcomes["refused in words"] += 1
                if not refused.problems or not all(": " in problem for problem in refused.problems):
                    faults += 1
                    print(f"{number}: refused without words or place: {refused.problems}")
            except Exception:
                faults += 1
                print(f"{number}: an exception came through\n{traceback.format_exc(limit=-3)}")
            else:
                outcomes["read"] += 1
                cells = [cell for row in rows for cell in row]
                written = {*map(_letters, cells), *map(str, cells)}
                made_up = [p.name for p in cycle.participants if _is_made_up(p, written)]
                if made_up:
                    faults += 1
                    print(f"{number}: areas that nobody wrote: {made_up}")
    print(f"{count} tables, seed {seed}: {dict(outcomes)}, {faults} faults")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
