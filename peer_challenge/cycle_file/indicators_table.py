"""Indicators from an Excel or CSV table: a row for each indicator, a column for each area.

    Indicator | Unit | Direction | Ashcombe | Brackenford | ...

Places are cells ("figures.xlsx, sheet Data, cell D7"). What is written for an area is kept as it is written.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from openpyxl.utils import get_column_letter
from rapidfuzz import fuzz, process

from peer_challenge.cycle_file.sheet_as_seen import SeenTable, UnreadableTable, read_sheet
from peer_challenge.model.cycle import Participant
from peer_challenge.model.indicators import Direction, Indicator, is_suppressed, read_number
from peer_challenge.model.names_alike import make_name_key

MOST_INDICATORS = 60
"""Each is a row of the sheet that every area gets: with more, nobody would look at them."""
_LONGEST_NAME, _LONGEST_UNIT = 160, 40
"""Characters: a name has two lines of the sheet at most, and a unit its column."""
_HEADINGS = {
    "indicator": "name", "measure": "name", "name": "name",
    "unit": "unit", "units": "unit",
    "direction": "direction", "polarity": "direction", "better when": "direction", "good is": "direction",
}  # fmt: skip
_DIRECTIONS = {
    **dict.fromkeys(("higher is better", "higher", "high", "up", "increase"), Direction.HIGHER),
    **dict.fromkeys(("lower is better", "lower", "low", "down", "decrease"), Direction.LOWER),
    **dict.fromkeys(("neither is better", "neither", "none", "neutral", ""), Direction.NEITHER),
}


@dataclass(frozen=True, slots=True)
class ReadIndicators:
    """What was understood of a table. `problems` are (cell, words); `notes` say what is left out."""

    indicators: tuple[Indicator, ...] = ()
    problems: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()


def read_indicators(name: str, raw: bytes, areas: Sequence[Participant]) -> ReadIndicators:
    """The indicators in a table; `areas` are those of the cycle. With problems, it is not to be used."""
    known = _index_names(areas)
    try:
        table = read_sheet(name, raw, lambda heading: _is_heading(heading, known))
    except UnreadableTable as why:
        return ReadIndicators(problems=((name, str(why)),))
    columns, problems = _match_columns(table, known)
    if "name" not in columns.values():
        problems.append((_place(table, 0, None), "There is no column `Indicator`. Give each row its name."))
        return ReadIndicators(problems=tuple(problems))
    _take_plain_figures(table)
    indicators, found = _read_rows(table, columns)
    problems += [(f"{table.where}, {place}", words) for place, words in table.problems] + found
    names = {one.id: one.name for one in areas}
    missing = [name for which, name in names.items() if which not in columns.values()]
    notes = [*table.notes, *(f"There is no column for {one}: its sheet will say so." for one in missing)]
    return ReadIndicators(tuple(indicators), tuple(problems), tuple(notes))


def _take_plain_figures(table: SeenTable) -> None:
    """Where a cell shows words with its number, as "3 cases", its number is the figure."""
    for (number, i), plain in table.plain.items():
        row = table.rows[number - table.numbers[0]]
        if not _is_figure(row[i]) and _is_figure(plain):
            row[i] = plain


def _index_names(areas: Sequence[Participant]) -> dict[str, str]:
    """The ids of the areas by all their names, as names are compared."""
    return {
        make_name_key(name): one.id
        for one in areas
        for name in (one.id, one.name, one.as_spoken().name, *one.aliases)
    }


def _is_heading(heading: str, known: Mapping[str, str]) -> bool:
    return _heading_key(heading) in _HEADINGS or make_name_key(heading) in known


def _heading_key(heading: str) -> str:
    return " ".join(heading.split()).rstrip(":*").strip().lower()


def _place(table: SeenTable, row: int, column: int | None) -> str:
    number = table.numbers[row]
    cell = f"row {number}" if column is None else f"cell {get_column_letter(column + 1)}{number}"
    return f"{table.where}, {cell}"


def _match_columns(
    table: SeenTable, known: Mapping[str, str]
) -> tuple[dict[int, str], list[tuple[str, str]]]:
    """What each column holds: "name", "unit", "direction" or an area's id; and what is wrong with them."""
    found: dict[int, str] = {}
    problems = []
    for i, heading in enumerate(table.rows[0]):
        if not heading:
            continue
        what = _HEADINGS.get(_heading_key(heading)) or known.get(make_name_key(heading))
        if what is None:
            words = f"We could not find an area called `{heading[:60]}`.{_suggest(heading, known)} "
            problems.append((_place(table, 0, i), f"{words}Rename the column, or take it out."))
        elif what in found.values():
            problems.append((_place(table, 0, i), "There is a second column for this. Keep one of them."))
        else:
            found[i] = what
    return found, problems


def _suggest(heading: str, known: Mapping[str, str]) -> str:
    near = process.extractOne(make_name_key(heading), list(known), scorer=fuzz.ratio, score_cutoff=75)
    return f" Did you mean `{known[near[0]]}`?" if near else ""


def _read_rows(table: SeenTable, columns: Mapping[int, str]) -> tuple[list[Indicator], list[tuple[str, str]]]:
    indicators: list[Indicator] = []
    problems: list[tuple[str, str]] = []
    for n, row in enumerate(table.rows[1:], 1):
        cells = {what: " ".join(row[i].split()) for i, what in columns.items() if i < len(row)}
        if not any(cells.values()):
            continue
        values = {
            what: text for what, text in cells.items() if what not in ("name", "unit", "direction") and text
        }
        if not any(map(_may_be_figure, values.values())):
            words = "it has no figure, so it was left out, as a note or a heading."
            table.notes.append(f"{_place(table, n, None)}: {words}")
            continue
        problems += _find_problems(table, n, row, columns)
        if not cells.get("name"):
            problems.append((_place(table, n, None), "This row has no indicator. Give it a name."))
            continue
        if cells["name"].casefold() in {one.name.casefold() for one in indicators}:
            problems.append((_place(table, n, None), "This indicator is there twice. Keep one row."))
        direction = _DIRECTIONS.get(cells.get("direction", "").lower(), Direction.NEITHER)
        indicators.append(Indicator(cells["name"], cells.get("unit", ""), direction, values))
    if len(indicators) > MOST_INDICATORS:
        problems.append((table.where, f"It has {len(indicators)} indicators. The most is {MOST_INDICATORS}."))
    if not indicators and not problems:
        problems.append((table.where, "There is no indicator in the table."))
    return indicators, problems


def _find_problems(
    table: SeenTable, n: int, row: Sequence[str], columns: Mapping[int, str]
) -> Iterator[tuple[str, str]]:
    for i, what in columns.items():
        text = " ".join(row[i].split()) if i < len(row) else ""
        most = {"name": _LONGEST_NAME, "unit": _LONGEST_UNIT}.get(what)
        if most is not None and len(text) > most:
            yield (
                _place(table, n, i),
                f"This has {len(text)} characters. There is room for {most}. Shorten it.",
            )
        if what == "direction" and text.lower() not in _DIRECTIONS:
            yield _place(table, n, i), "Write `higher is better`, `lower is better` or `neither` here."
        elif what not in ("name", "unit", "direction") and text and not _is_figure(text):
            yield (
                _place(table, n, i),
                f"`{text[:30]}` is no number. Write a number, or c, * or <5 for one that is suppressed.",
            )


def _may_be_figure(text: str) -> bool:
    """Whether a text may be meant as a figure: one word, as a number is, and no sentence or note."""
    return _is_figure(text) or " " not in text


def _is_figure(text: str) -> bool:
    return read_number(text) is not None or is_suppressed(text)
