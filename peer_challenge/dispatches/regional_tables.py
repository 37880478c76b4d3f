"""The region's tables for a spreadsheet, as .xlsx and .csv. No cell can run as a formula."""

import csv
import io
import re
from collections.abc import Hashable, Iterator, Mapping, Sequence
from datetime import date, time
from functools import partial
from itertools import product
from typing import Any, TypeAlias

import pandas as pd
from lxml import etree
from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Color, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.table import Table as SheetTable
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.theme import theme_xml

from peer_challenge.dispatches.briefings import ANSWERS
from peer_challenge.dispatches.facts import Facts
from peer_challenge.dispatches.impact import list_feedback
from peer_challenge.dispatches.phrases import format_full_day, read_cell_text, to_london_time
from peer_challenge.dispatches.regional_counts import RegionView, build_named_view
from peer_challenge.dispatches.text_width import count_text_lines
from peer_challenge.model.cycle import name_as_spoken
from peer_challenge.model.house_style import SHIPPED_FONT
from peer_challenge.model.sentences import capitalise_first_letter
from peer_challenge.model.vocabulary import ItemKind, Rating
from peer_challenge.register.frames import Value
from peer_challenge.word.answers.planned_action import name_action
from peer_challenge.word.form.forms import ABOUT_THE_CHALLENGE
from peer_challenge.word.package.document_properties import OWN_PROPERTIES
from peer_challenge.word.package.write_zip import repack_document
from peer_challenge.word.write.house_colours import RAG
from peer_challenge.word.write.house_theme import make_house_theme

CellValue: TypeAlias = Value | time
Table: TypeAlias = Sequence[Sequence[CellValue]]
_NOT_APPLICABLE = "Not applicable"
CELL_LIMIT = 32_000
"""Characters a cell holds; a spreadsheet's own limit is 32,767, and it drops the rest without a word."""

_FORMULA = re.compile(r"^\s*[=+\-@|%]|^[\t\r\n]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_WIDE = {
    "Strengths and evidence": 60,
    "Areas for development": 60,
    "Peer commentary": 60,
    "The point": 60,
    "What was agreed": 60,
    "What is in it": 80,
    "Answer": 60,
    "How we will know": 60,
    "Owner": 34,
    "Kind of answer": 24,
    "Sheet": 24,
    "What was recorded": 60,
    "What was planned": 60,
    "What shows it": 60,
    "What difference it made for children": 60,
    "Agreed area for development": 60,
    "Action": 34,
    "Sub-heading": 34,
    "Area of focus": 34,
    "What did the challenge help you to change?": 60,
    "What would have made it more useful": 60,
    "Could share": 24,
    "Could gain": 24,
    "Place": 30,
    "Area": 24,
    "Challenger": 24,
    "Chair": 24,
    "Kind": 24,
}
_LETTER = 43
"""What a column's unit of width holds, in hundredths of the height of 12-point letters."""
_A3, _A4, _BROAD = 8, 9, 200
"""Excel's numbers for the sizes of paper, and the units of width from which a sheet goes on the larger."""
_RATINGS = "Ratings"
"""The one sheet whose second column, the sub-heading, stays in sight with the first: the rest are areas."""
_LONGEST_HEADING = 240
"""Excel allows 255 letters for the name of a table's column; a number may follow."""


def replace_control_characters(value: CellValue) -> CellValue:
    """A cell's value with control characters replaced by visible signs, so that no character is dropped.

    An empty value (None, NaN) becomes "".
    """
    if not isinstance(value, str):
        return "" if not isinstance(value, time) and pd.isna(value) else value
    return _CONTROL.sub(lambda m: chr(0x2400 + ord(m[0])) if ord(m[0]) < 0x20 else "\ufffd", value)


def safe_text(value: CellValue) -> str:
    """A value for a .csv cell. Text that a spreadsheet would run as a formula gets an apostrophe in front."""
    shown = f"{value:%H:%M}" if isinstance(value, time) else value
    text = str(replace_control_characters(shown))
    is_number = not isinstance(value, str)
    return f"'{text}" if _FORMULA.match(text) and not is_number else text


def build_tables_by_name(facts: Facts) -> dict[str, Table]:
    """Every table by its name. The first row is the header."""
    view = build_named_view(facts)
    return {
        _RATINGS: _build_ratings_table(view),
        "Self-assessments": _build_rows_table(facts, view),
        "Responses": _build_responses_table(facts, view),
        "Agreed": _build_agreed_table(view),
        "Not agreed": _build_not_agreed_table(view),
        "Actions": _build_actions_table(facts, view),
        "Progress": _build_progress_table(facts, view),
        "Change": _build_change_table(view),
        "Trend": _build_trend_table(view, facts.cycle.name),
        "Days": _build_days_table(view),
        "About the challenge": _build_feedback_table(view),
        "Matches": _build_matches_table(view),
        "Events": _build_events_table(facts),
    }


def _look_up_titles(view: RegionView, address: str) -> list[str]:
    row, focus = view.framework.subheadings.get(address), view.framework.focus_area_of.get(address)
    return [focus.title if focus else "", row.title if row else address]


def _name_rating(rating: str | None) -> str:
    """A rating as people read it; "" for none."""
    return _NOT_APPLICABLE if rating == Rating.NOT_APPLICABLE else rating or ""


def _build_ratings_table(view: RegionView) -> Table:
    header = [
        "Area of focus",
        "Sub-heading",
        *(view.labels[area] for area in view.areas),
        "RED",
        "AMBER",
        "GREEN",
        _NOT_APPLICABLE,
    ]
    return [header, *(_build_ratings_row(view, address) for address in view.framework)]


def _build_ratings_row(view: RegionView, address: str) -> list[CellValue]:
    return [
        *_look_up_titles(view, address),
        *(_name_rating(view.ratings.get((area, address))) for area in view.areas),
        *view.counts(address).values(),
    ]


def _build_rows_table(facts: Facts, view: RegionView) -> Table:
    assert facts.region is not None
    rows = facts.region.rows.to_dict("records") if len(facts.region.rows) else []
    return [
        [
            "Area",
            "Area of focus",
            "Sub-heading",
            "Strengths and evidence",
            "Areas for development",
            "Rating",
            "Peer commentary",
        ],
        *(
            [
                view.labels.get(row["participant"], row["participant"]),
                *_look_up_titles(view, row["subheading"]),
                row["strengths"],
                row["development"],
                _name_rating(read_cell_text(row["rating"])),
                row["commentary"],
            ]
            for row in rows
        ),
    ]


def _build_responses_table(facts: Facts, view: RegionView) -> Table:
    assert facts.region is not None
    rows = facts.region.responses.to_dict("records") if len(facts.region.responses) else []
    return [
        ["Area", "Area of focus", "Sub-heading", "Kind of answer", "Answer"],
        *(
            [
                view.labels.get(row["participant"], row["participant"]),
                *_look_up_titles(view, row["subheading"]),
                ANSWERS.get(row["response_kind"], read_cell_text(row["response_kind_as_written"])),
                row["response"],
            ]
            for row in rows
        ),
    ]


def _build_actions_table(facts: Facts, view: RegionView) -> Table:
    assert facts.region is not None
    rows = facts.region.actions.to_dict("records") if len(facts.region.actions) else []
    agreed = _map_developments(rows)
    return [
        [
            "Area",
            "Action",
            "Agreed area for development",
            "What was planned",
            "Owner",
            "By when",
            "How we will know",
        ],
        *(
            [
                view.labels.get(row["participant"], row["participant"]),
                capitalise_first_letter(name_action(row["address"])),
                agreed.get(_identify_development(row), ""),
                row["action"],
                row["owner"],
                date.fromisoformat(row["due_on"]) if row["due_on"] else row["due_on_as_written"],
                row["measure"],
            ]
            for row in rows
            if read_cell_text(row["action"])
        ),
    ]


def _map_developments(rows: Sequence[Mapping[Hashable, Any]]) -> dict[tuple[str, str], str]:
    """The agreed areas for development as the plans have them; a plan says each at its first action alone."""
    found: dict[tuple[str, str], str] = {}
    for row in rows:
        if text := read_cell_text(row["development"]):
            found.setdefault(_identify_development(row), text)
    return found


def _identify_development(action: Mapping[Hashable, Any]) -> tuple[str, str]:
    """The area and the number of the area for development that an action is on."""
    return action["participant"], action["address"].split("/")[1]


_ITEM_WORDS = {ItemKind.STRENGTH: "Strength", ItemKind.DEVELOPMENT: "Area for development"}


def _build_not_agreed_table(view: RegionView) -> Table:
    return [
        ["Kind", "Area of focus", "Sub-heading", "Area", "What was recorded"],
        *(
            [_ITEM_WORDS[kind], *_look_up_titles(view, address), view.labels[area], text]
            for kind, address, area, text in view.not_agreed()
        ),
    ]


def _build_agreed_table(view: RegionView) -> Table:
    return [
        ["Kind", "Area of focus", "Sub-heading", "Area", "What was agreed"],
        *(
            [_ITEM_WORDS[kind], *_look_up_titles(view, address), view.labels[area], text]
            for kind in ItemKind
            for address, said in view.agreed(kind).items()
            for area, text in said
        ),
    ]


def _build_progress_table(facts: Facts, view: RegionView) -> Table:
    assert facts.region is not None
    columns = ("development", "action", "status", "evidence", "difference")
    rows = facts.region.progress.to_dict("records") if len(facts.region.progress) else []
    return [
        [
            "Area",
            "Report",
            "Action",
            "Agreed area for development",
            "What was planned",
            "How far",
            "What shows it",
            "What difference it made for children",
        ],
        *(
            [
                view.labels.get(row["participant"], row["participant"]),
                row["review"],
                capitalise_first_letter(name_action(row["address"])),
                *(capitalise_first_letter(row[column] or "") for column in columns),
            ]
            for row in rows
        ),
    ]


def _build_change_table(view: RegionView) -> Table:
    words = {-2: "worse", -1: "worse", 0: "same", 1: "better", 2: "better"}
    return [
        ["Area", "Area of focus", "Sub-heading", "Last cycle", "This cycle", "Change"],
        *(
            [
                view.labels[row["participant"]],
                *_look_up_titles(view, row["subheading"]),
                row["before"],
                row["now"],
                words[row["step"]],
            ]
            for row in view.changes.to_dict("records")
        ),
    ]


def _build_trend_table(view: RegionView, present: str) -> Table:
    return [
        ["Area", "Area of focus", "Sub-heading", *view.earlier_cycles, present],
        *(
            [view.labels[area], *_look_up_titles(view, address), *ratings]
            for (area, address), ratings in view.trend.items()
        ),
    ]


def _build_days_table(view: RegionView) -> Table:
    rows = view.region.step_days.to_dict("records") if len(view.region.step_days) else []
    return [
        ["Step", "Area", "Days"],
        *(
            [row["step"], view.labels.get(row["participant"], row["participant"]), row["days"]]
            for row in rows
        ),
    ]


def _build_feedback_table(view: RegionView) -> Table:
    return [
        ["Area", *(field.label for field in ABOUT_THE_CHALLENGE)],
        *([row["who"], row["changed"], row["better"], row["again"]] for row in list_feedback(view)),
    ]


def _build_matches_table(view: RegionView) -> Table:
    return [
        ["Area of focus", "Sub-heading", "Could share", "Could gain"],
        *(
            [*_look_up_titles(view, match.subheading), view.labels[offers], view.labels[needs]]
            for match in view.matches
            for needs, offers in product(match.needs, match.offers)
        ),
    ]


def _build_events_table(facts: Facts) -> Table:
    events = facts.region.events if facts.region else ()
    rows: list[list[CellValue]] = [
        [
            to_london_time(e.starts_at).date(),
            to_london_time(e.starts_at).time(),
            to_london_time(e.ends_at).time(),
            name_as_spoken(e.author.name),
            name_as_spoken(e.challenger.name),
            e.chair.name,
            e.place,
        ]
        for e in sorted(events, key=lambda e: e.starts_at)
    ]
    return [["Day", "From", "To", "Area", "Challenger", "Chair", "Place"], *rows]


_ABOUT = {
    _RATINGS: "Every area's rating of each sub-heading, and how many of each",
    "Self-assessments": "What each area wrote under each sub-heading, and what its peers asked",
    "Responses": "What each area answered",
    "Agreed": "Strengths and areas for development that both areas agreed",
    "Not agreed": "What a Chair recorded that was not agreed by both",
    "Actions": "The action plans",
    "Progress": "How far the actions have got, as each area last reported",
    "Change": "Ratings beside those of the last cycle",
    "Trend": "Ratings over up to three cycles",
    "Days": "How many days each step took",
    "About the challenge": "What areas said about the challenge itself",
    "Matches": "Who could help whom: GREEN in one area, RED in another",
    "Events": "The challenge events",
}


_FOR_WHOM = (
    "For the programme office only: it names every area and quotes what areas wrote. It is for looking "
    "things up. You do not need to do anything."
)


def _build_contents_table(facts: Facts, tables: Mapping[str, Table]) -> Table:
    """The first sheet: each table, what is in it and how many rows; what is empty has no sheet."""
    marked = f"{facts.cycle.name}, as at {format_full_day(facts.issued_on)}"
    rows: list[list[CellValue]] = [
        ["Who it is for", _FOR_WHOM, ""],
        ["Contents", f"{marked}. {facts.framework.title}. {facts.marking}.", ""],
    ]
    for name, table in tables.items():
        empty = "" if len(table) > 1 else ". Nothing yet, so it has no sheet"
        rows.append([name, f"{_ABOUT[name]}{empty}", len(table) - 1])
    return [["Sheet", "What is in it", "Rows"], *rows]


def split_long_cells(row: Sequence[CellValue]) -> Iterator[list[CellValue]]:
    """The row, and further rows for text that is longer than a cell holds."""
    rest = [replace_control_characters(value) for value in row]
    while True:
        yield [value[:CELL_LIMIT] if isinstance(value, str) else value for value in rest]
        rest = [value[CELL_LIMIT:] if isinstance(value, str) else "" for value in rest]
        if not any(rest):
            return


def csv_tables(facts: Facts) -> dict[str, bytes]:
    """Every table as a .csv file, by file name: UTF-8 with the mark that Excel needs, without formulas."""
    return {
        f"{name.lower().replace(' ', '_')}.csv": csv_bytes(table)
        for name, table in build_tables_by_name(facts).items()
    }


def csv_bytes(table: Table) -> bytes:
    """One table as the bytes of a .csv file."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([safe_text(value) for value in row] for row in table)
    return out.getvalue().encode("utf-8-sig", errors="replace")


def _write_cell_value(cell: Cell, value: CellValue) -> None:
    """Write a value as itself; text stays text whatever it begins with, also when it is edited later."""
    if not isinstance(value, str):
        cell.value = value
        if isinstance(value, date):
            cell.number_format = "d mmm yyyy"
        elif isinstance(value, time):
            cell.number_format = "hh:mm"
    elif value:
        cell.value = "text"
        cell._value = value  # set past openpyxl, which would read "=..." as a formula


def _name_columns(header: Sequence[CellValue]) -> list[CellValue]:
    """The headings, each on one line and none like another: Excel repairs a file whose table has others."""
    named: list[CellValue] = []
    seen: set[str] = set()
    for heading in header:
        called = " ".join(str(heading).split())[:_LONGEST_HEADING] or "Column"
        name = next(
            tried
            for tried in (called, *(f"{called} ({number})" for number in range(2, len(header) + 2)))
            if tried.casefold() not in seen
        )
        seen.add(name.casefold())
        named.append(name)
    return named


def _fill_sheet(sheet: Worksheet, table: Table) -> None:
    """Fill a sheet with a table of at least one row, as a table of Excel's own."""
    table = [_name_columns(table[0]), *table[1:]]
    for number, row in enumerate((line for whole in table for line in split_long_cells(whole)), 1):
        for column, value in enumerate(row, 1):
            cell = sheet.cell(number, column)
            _write_cell_value(cell, value)
            _apply_cell_style(cell, value, is_header=number == 1)
        sheet.row_dimensions[number].height = _measure_row_height(table[0], row)
    sheet.freeze_panes = "C2" if sheet.title == _RATINGS else "B2"
    name = re.sub(r"\W", "_", sheet.title)
    sheet.add_table(SheetTable(displayName=f"Table_{name}", ref=sheet.dimensions))
    sheet.print_title_rows = "1:1"
    for column, header in enumerate(table[0], 1):
        sheet.column_dimensions[get_column_letter(column)].width = _WIDE.get(str(header), 16)
    width = sum(_WIDE.get(str(header), 16) for header in table[0])
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = _A3 if width > _BROAD else _A4
    sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage = 0, True


_PAPER, _ACCENT = 0, 4
"""Colours of the theme, by their places in it."""


def _make_font(**look: Any) -> Font:
    """The font that the theme has for text. Its name stands beside it for programs that know no themes."""
    return Font(name=SHIPPED_FONT, scheme="minor", size=12, **look)


_RAG_CELLS: Mapping[str, tuple[Font, PatternFill]] = {
    _name_rating(rating): (
        _make_font(bold=True, color=RAG[rating].text),
        PatternFill("solid", fgColor=RAG[rating].fill),
    )
    for rating in Rating
}
_HEADER = (
    _make_font(bold=True, color=Color(theme=_PAPER)),
    PatternFill("solid", fgColor=Color(theme=_ACCENT)),
)
_PLAIN = _make_font()
_WRAPPED = Alignment(wrap_text=True, vertical="top")


def _apply_cell_style(cell: Cell, value: CellValue, *, is_header: bool) -> None:
    cell.alignment, cell.font = _WRAPPED, _PLAIN
    if isinstance(value, str) and _FORMULA.match(value):
        cell.quotePrefix = True
    if is_header:
        cell.font, cell.fill = _HEADER
    elif isinstance(value, str) and value in _RAG_CELLS:
        cell.font, cell.fill = _RAG_CELLS[value]


def make_regional_tables(facts: Facts) -> bytes:
    """The region's tables as one .xlsx: a sheet that says what is in it, then one for each table with rows.

    Equal facts give equal bytes.
    """
    book = Workbook()
    book.remove(book.active)
    book.loaded_theme = make_house_theme(theme_xml.encode(), facts.style)
    tables = build_tables_by_name(facts)
    _fill_sheet(book.create_sheet("Contents"), _build_contents_table(facts, tables))
    for name, table in tables.items():
        if len(table) > 1:
            _fill_sheet(book.create_sheet(name), table)
    book.properties.title = replace_control_characters(facts.file_title)
    book.properties.creator = book.properties.lastModifiedBy = replace_control_characters(
        facts.cycle.office.name
    )
    book.properties.language = "en-GB"
    for sheet in book.worksheets:
        sheet.oddHeader.center.text = sheet.oddFooter.center.text = replace_control_characters(facts.marking)
        if facts.style.line:
            sheet.oddFooter.left.text = facts.style.line.replace("&", "&&")  # which begins a code there
    out = io.BytesIO()
    book.save(out)
    fonts = partial(_fonts_in_order, font=facts.style.body_font)
    return repack_document(out.getvalue(), facts.stamped_at, {**OWN_PROPERTIES, "xl/styles.xml": fonts})


def _measure_row_height(headers: Sequence[CellValue], row: Sequence[CellValue]) -> float:
    """Points for a row with all its text in sight, as far as a row may grow (not every program measures)."""
    lines = [
        count_text_lines(str(value), _WIDE.get(str(header), 16) * _LETTER)
        for header, value in zip(headers, row, strict=False)
        if value is not None
    ]
    return min(409.0, 15.75 * max([1, *lines]))


_FONT_ORDER = (
    "b",
    "i",
    "strike",
    "condense",
    "extend",
    "outline",
    "shadow",
    "u",
    "vertAlign",
    "sz",
    "color",
    "name",
    "family",
    "charset",
    "scheme",
)


def _fonts_in_order(styles: bytes, font: str) -> bytes:
    """Styles with each font's particulars in the order that the schema wants; openpyxl has its own.

    Beside each reference to the theme's font is its name, `font`, for programs that know no themes.
    """
    root = etree.fromstring(styles)
    for one in root.iter("{*}font"):
        one[:] = sorted(one, key=lambda part: _FONT_ORDER.index(etree.QName(part).localname))
        if one.find("{*}scheme") is not None:
            for name in one.iter("{*}name"):
                name.set("val", font)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))
