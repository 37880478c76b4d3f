"""A table of participants is read as people see it in Excel, or told of at its cell."""

import io
import re
import struct
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.chart import BarChart, Reference
from openpyxl.styles import Font, PatternFill
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from peer_challenge.cycle_file.load_cycle import CycleFile, read_cycle_file
from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.cycle_file.typed_texts import Shape, read_texts
from peer_challenge.errors import CycleFileError
from peer_challenge.model.cycle import Cycle, Receives

FRAMEWORKS = shipped_frameworks()
CYCLE = """\
id: seen-2027
name: Seen 2027
framework: working-together-2018
dates: {opens: 2027-01-11, self_assessment_due: 2027-02-26}
assignment: {shared_police: allow, shared_icb: allow, reciprocal: allow}
participants: TABLE
"""
HEADER = ["Area", "Police", "ICB", "Contact name", "Contact email"]
AREAS = [
    ["Ashcombe", "Southern Police", "South ICB", "Lead", "lead@ashcombe.example.org"],
    ["Brackenford", "Eastern Police", "East ICB", "Lead", "lead@brackenford.example.org"],
    ["Carrowdale", "Western Police", "West ICB", "Lead", "lead@carrowdale.example.org"],
]
Change = Callable[[Worksheet], Any]


class Office:
    """An office that keeps its areas in a table beside the cycle file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def open(self, name: str, sheet: str = "") -> CycleFile:
        table = f"{{file: {name}, sheet: {sheet}}}" if sheet else name
        path = self.folder / "cycle.yaml"
        path.write_text(CYCLE.replace("TABLE", table), encoding="utf-8")
        return read_cycle_file(path, FRAMEWORKS)

    def problems(self, name: str, sheet: str = "") -> list[str]:
        with pytest.raises(CycleFileError) as refused:
            self.open(name, sheet)
        return refused.value.problems

    def workbook(self, change: Change = lambda page: None, rows: list[list[Any]] | None = None) -> str:
        book = Workbook()
        page = book.worksheets[0]
        page.title = "Areas"
        for row in rows or [HEADER, *AREAS]:
            page.append(row)
        change(page)
        book.save(self.folder / "areas.xlsx")
        return "areas.xlsx"

    def csv(self, content: str | bytes) -> str:
        raw = content.encode() if isinstance(content, str) else content
        (self.folder / "areas.csv").write_bytes(raw)
        return "areas.csv"

    def rewritten(self, change: Callable[[str, bytes], bytes]) -> str:
        """The workbook with its parts changed as another program, or a broken disk, would have them."""
        self.workbook()
        path = self.folder / "areas.xlsx"
        with zipfile.ZipFile(path) as old:
            parts = {name: change(name, old.read(name)) for name in old.namelist()}
        with zipfile.ZipFile(path, "w") as new:
            for name, data in parts.items():
                new.writestr(name, data)
        return "areas.xlsx"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def names(cycle: Cycle) -> list[str]:
    return [participant.name for participant in cycle.participants]


ALL = ["Ashcombe", "Brackenford", "Carrowdale"]


def a_hidden_sheet_first(page: Worksheet) -> None:
    old = page.parent.create_sheet("Last year", 0)
    for row in [HEADER, ["Oldtown", "Old Police", "Old ICB", "x", "x@old.example.org"]]:
        old.append(row)
    old.sheet_state = "hidden"


def a_very_hidden_sheet_first(page: Worksheet) -> None:
    a_hidden_sheet_first(page)
    page.parent.worksheets[0].sheet_state = "veryHidden"


def a_cover_sheet_first(page: Worksheet) -> None:
    page.parent.create_sheet("Read me", 0).append(["The areas are on the next sheet"])


def a_chart_sheet_first(page: Worksheet) -> None:
    chart = BarChart()
    chart.add_data(Reference(page, min_col=1, max_col=1, min_row=1, max_row=3))
    page.parent.create_chartsheet("Chart", 0).add_chart(chart)


def a_chart_in_the_sheet(page: Worksheet) -> None:
    chart = BarChart()
    chart.add_data(Reference(page, min_col=1, max_col=1, min_row=1, max_row=3))
    page.add_chart(chart, "H2")


def titles_above(page: Worksheet) -> None:
    page.insert_rows(1, 3)
    page["A1"] = "Areas of the region"
    page.merge_cells("A1:E1")
    page["A2"] = "Updated by the office"


def a_total_below(page: Worksheet) -> None:
    page.append([])
    page.append(["Total", 3, 3])


def a_grand_total_at_once(page: Worksheet) -> None:
    page.append(["Grand total: 3 areas"])


def a_police_force_merged_down(page: Worksheet) -> None:
    page["B2"], page["B3"] = "Southern Police", None
    page.merge_cells("B2:B3")


def far_formatting(page: Worksheet) -> None:
    page.cell(50_000, 3).number_format = "0"


def a_comment_and_a_filter(page: Worksheet) -> None:
    page.auto_filter.ref = "A1:E4"
    page["A2"].comment = openpyxl.comments.Comment("check", "office")


def subtotals_within(page: Worksheet) -> None:
    page.insert_rows(4)
    page["A4"], page["B4"] = "Subtotal", 2
    page.append(["Sub-total: 1"])


def rows_of_spaces(page: Worksheet) -> None:
    page.append([" ", "\xa0", None])


@pytest.mark.parametrize(
    "change",
    [
        a_hidden_sheet_first,
        a_very_hidden_sheet_first,
        a_cover_sheet_first,
        a_chart_sheet_first,
        a_chart_in_the_sheet,
        titles_above,
        a_total_below,
        a_grand_total_at_once,
        subtotals_within,
        far_formatting,
        a_comment_and_a_filter,
        rows_of_spaces,
    ],
)
def test_what_people_do_to_a_workbook_leaves_its_areas_as_they_are(office: Office, change: Change) -> None:
    assert names(office.open(office.workbook(change)).cycle) == ALL


def test_a_merged_cell_says_its_text_in_each_row_that_it_covers(office: Office) -> None:
    cycle = office.open(office.workbook(a_police_force_merged_down)).cycle
    assert [p.police for p in cycle.participants] == ["Southern Police", "Southern Police", "Western Police"]


def test_under_a_name_that_is_merged_down_stands_another_contact_of_the_same_area(office: Office) -> None:
    def change(page: Worksheet) -> None:
        page.insert_rows(3)
        page["D3"], page["E3"] = "Deputy", "deputy@ashcombe.example.org"
        page.merge_cells("A2:A3")
        page.merge_cells("B2:B3")

    cycle = office.open(office.workbook(change)).cycle
    assert names(cycle) == ALL
    assert [c.name for c in cycle.participants[0].contacts] == ["Lead", "Deputy"]


def test_what_was_left_out_is_told(office: Office) -> None:
    notes = "\n".join(office.open(office.workbook(titles_above)).warnings)
    assert "what is above the headings was left out (rows 1 to 2)" in notes
    assert "row 6: a total" in "\n".join(office.open(office.workbook(a_total_below)).warnings)


def hide_row(page: Worksheet) -> None:
    page.row_dimensions[3].hidden = True


def hide_column(page: Worksheet) -> None:
    page.column_dimensions["B"].hidden = True


def formula_without_value(page: Worksheet) -> None:
    page["B3"] = "=B2"


def shared_formula(page: Worksheet) -> None:
    page["E2"] = '=LOWER(D2)&"@example.org"'


def error_value(page: Worksheet) -> None:
    page["C4"] = "#REF!"


def another_error_value(page: Worksheet) -> None:
    page["B2"] = "#N/A"


def merge_across(page: Worksheet) -> None:
    page["C2"] = None
    page.merge_cells("B2:C2")


def note_below(page: Worksheet) -> None:
    page.append([])
    page.append(["As agreed by the board in May"])


def strike_row(page: Worksheet) -> None:
    for cell in page[3]:
        cell.font = Font(strike=True)


def strike_cell(page: Worksheet) -> None:
    page["E3"].font = Font(strike=True)


def hide_by_format(page: Worksheet) -> None:
    page["B3"].number_format = ";;;"


def two_addresses(page: Worksheet) -> None:
    page["E2"] = "one@ashcombe.example.org\ntwo@ashcombe.example.org"


def say_instead(text: str) -> Change:
    def change(page: Worksheet) -> None:
        page["B3"] = text

    return change


def commas(page: Worksheet) -> None:
    page["F1"], page["F2"] = "Neighbours", "Brackenford, Carrowdale"


def unknown_among_commas(page: Worksheet) -> None:
    page["F1"], page["F2"] = "Neighbours", "Brackenford, Nowhere"


@pytest.mark.parametrize(
    ("change", "place", "words"),
    [
        (hide_row, "row 3", "is hidden"),
        (hide_column, "cell B1", "Column B (`Police`) is hidden"),
        (formula_without_value, "cell B3", "Open the workbook in Excel and save it"),
        (shared_formula, "cell E2", "Open the workbook in Excel and save it"),
        (error_value, "cell C4", "It shows #REF!"),
        (another_error_value, "cell B2", "It shows #N/A"),
        (merge_across, "cell B2", "merged across columns"),
        (note_below, "cell A6", "is alone in its row"),
        (strike_row, "row 3", "is struck out"),
        (strike_cell, "cell E3", "is struck out"),
        (hide_by_format, "cell B3", "hides its text"),
        (two_addresses, "cell D2", "There are 2 addresses in this row"),
        *((say_instead(said), "cell B3", "is no name") for said in ("–", '"', "as above", "TBC", "n/a", "?")),
        (unknown_among_commas, "cell F2", "There is no area `Nowhere`"),
    ],
)
def test_what_cannot_be_known_is_told_at_its_cell(
    office: Office, change: Change, place: str, words: str
) -> None:
    found = office.problems(office.workbook(change))
    assert [told for told in found if place in told and words in told] != [], found


def test_commas_between_areas_that_are_all_known_are_understood(office: Office) -> None:
    ashcombe = office.open(office.workbook(commas)).cycle.participants[0]
    assert ashcombe.neighbours == ("brackenford", "carrowdale")


@pytest.mark.parametrize("said", ["Brackenford and Carrowdale", "Brackenford; and Carrowdale"])
def test_and_is_between_two_areas_that_are_known(office: Office, said: str) -> None:
    rows = [[*HEADER, "Neighbours"], [*AREAS[0], said], *AREAS[1:]]
    ashcombe = office.open(office.workbook(rows=rows)).cycle.participants[0]
    assert ashcombe.neighbours == ("brackenford", "carrowdale")


@pytest.mark.parametrize(
    ("said", "unknown", "meant"),
    [
        ("Brackenford, Caroddale", "Caroddale", "`Carrowdale`"),
        ("Carrowdale, Brackenfrod, Dunham", "Brackenfrod", "`Brackenford`"),
        ("Carrowdale, Brackenfrod, Dunham", "Dunham", "`Dunham & St Mary's`"),
        ("Dunhm", "Dunhm", "`Dunham & St Mary's`"),
        ("the Brackenford area", "the Brackenford area", "`Brackenford`"),
    ],
)
def test_each_neighbour_that_is_unknown_is_told_alone_with_the_name_of_one_like_it(
    office: Office, said: str, unknown: str, meant: str
) -> None:
    other = ["Dunham & St Mary's", "D Police", "D ICB", "Lead", "lead@dunham.example.org"]
    rows = [[*HEADER, "Neighbours"], [*AREAS[0], said], *AREAS[1:], other]
    found = office.problems(office.workbook(rows=rows))
    words = f"There is no area `{unknown}` in this cycle. Did you mean {meant}? Use the name of an area."
    assert [told for told in found if "cell F2" in told and words in told], found
    assert len(found) == (2 if said.count(",") == 2 else 1)


def test_of_two_names_that_are_both_wrong_none_is_suggested_alone(office: Office) -> None:
    rows = [[*HEADER, "Neighbours"], [*AREAS[0], "Brakenford, Dunhm"], *AREAS[1:]]
    (told,) = office.problems(office.workbook(rows=rows))
    assert "There is no area `Brakenford, Dunhm` in this cycle. Use the name of an area." in told


@pytest.mark.parametrize("row", [2, 3, 5])
@pytest.mark.parametrize(
    "text",
    [
        "Prepared by the office, March 2027",
        "Source: regional office",
        "* police force under review",
        "North of the river:",
        "South",
        "Northern areas",
    ],
)
def test_a_note_or_a_heading_of_a_group_is_no_area(office: Office, text: str, row: int) -> None:
    rows = [HEADER, *AREAS]
    rows.insert(row - 1, [text])
    csv = "\n".join(",".join(f'"{cell}"' for cell in cells) for cells in rows)
    for name, place in ((office.workbook(rows=rows), f"cell A{row}"), (office.csv(csv), f"A{row}")):
        (told,) = office.problems(name)
        assert place in told and f"`{text}` is alone in its row" in told


def test_a_heading_above_each_area_is_told_and_names_alone_are_areas(office: Office) -> None:
    headed = [HEADER, ["North"], AREAS[0], ["South"], AREAS[1]]
    told = office.problems(office.workbook(rows=headed))
    assert [one for one in told if "`North`" in one] and [one for one in told if "`South`" in one]
    alone = [["Area", "Police"], *([area[0]] for area in AREAS)]
    assert names(office.open(office.workbook(rows=alone)).cycle) == ALL


def two_tables(page: Worksheet) -> None:
    other = page.parent.create_sheet("North")
    for row in [HEADER, ["Dunmere", "D", "D", "Lead", "lead@dunmere.example.org"]]:
        other.append(row)


def test_of_several_tables_the_office_says_which(office: Office) -> None:
    name = office.workbook(two_tables)
    (told,) = office.problems(name)
    assert "More than one sheet has a table of areas: Areas, North" in told
    assert "{file: areas.xlsx, sheet: Areas}" in told
    assert names(office.open(name, "Areas").cycle) == ALL


def all_hidden(page: Worksheet) -> None:
    a_chart_sheet_first(page)
    page.sheet_state = "hidden"


@pytest.mark.parametrize(
    ("change", "sheet", "words"),
    [
        (all_hidden, "", "no sheet that can be seen"),
        (a_chart_sheet_first, "Chart", "is a chart, not a table"),
        (two_tables, "South", "isn't there"),
    ],
)
def test_a_sheet_that_is_no_table_is_told(office: Office, change: Change, sheet: str, words: str) -> None:
    (told,) = office.problems(office.workbook(change), sheet)
    assert words in told


def strict(name: str, data: bytes) -> bytes:
    return data.replace(
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        b"http://purl.oclc.org/ooxml/spreadsheetml/main",
    )


def cut(name: str, data: bytes) -> bytes:
    return data[: len(data) // 2] if name.startswith("xl/worksheets/") else data


def no_styles(name: str, data: bytes) -> bytes:
    return b"" if name == "xl/styles.xml" else data


def no_sheets(name: str, data: bytes) -> bytes:
    return re.sub(rb"<sheets>.*</sheets>", b"<sheets/>", data) if name == "xl/workbook.xml" else data


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (strict, "Strict Open XML workbook"),
        (cut, "can't be opened as an Excel workbook"),
        (no_styles, "can't be opened as an Excel workbook"),
        (no_sheets, "no sheet that can be seen"),
    ],
)
def test_a_workbook_that_cannot_be_opened_is_told_in_words(
    office: Office, change: Callable[[str, bytes], bytes], words: str
) -> None:
    (told,) = office.problems(office.rewritten(change))
    assert words in told


@pytest.mark.parametrize("length", [0, 1, 30, 500, 2_000])
def test_a_workbook_cut_off_anywhere_is_told_in_words(office: Office, length: int) -> None:
    name = office.workbook()
    path = office.folder / name
    path.write_bytes(path.read_bytes()[:length])
    (told,) = office.problems(name)
    assert "can't be opened as an Excel workbook" in told


def test_a_workbook_whose_list_of_sheets_does_not_unpack_is_told_in_words(office: Office) -> None:
    """The first byte of a packed part says how it is packed; 0xFF is no way of packing (zlib.error)."""
    path = office.folder / office.workbook()
    with zipfile.ZipFile(path) as whole:
        part = whole.getinfo("xl/workbook.xml")
    raw = bytearray(path.read_bytes())
    lengths = struct.unpack_from("<HH", raw, part.header_offset + 26)  # of its name and of what follows that
    raw[part.header_offset + 30 + sum(lengths)] = 0xFF
    path.write_bytes(raw)
    (told,) = office.problems(path.name)
    assert "can't be opened as an Excel workbook" in told


LINES = [",".join(row) for row in [HEADER, *AREAS]]


@pytest.mark.parametrize(
    "content",
    [
        "\n".join(LINES),
        "\r\n".join(LINES),
        "\r".join(LINES),
        "\ufeff" + "\n".join(LINES),
        "\n".join(line.replace(",", ";") for line in LINES),
        "sep=;\n" + "\n".join(line.replace(",", ";") for line in LINES),
        "sep=,\r\n" + "\r\n".join(LINES),
        '"sep=;"\n' + "\n".join(line.replace(",", ";") for line in LINES),
        "\n".join(line.replace(",", "\t") for line in LINES),
        "Areas of the region\n\n" + "\n".join(LINES),
        "\n".join(LINES) + "\n\nTotal,3\n",
        "\n".join(LINES).encode("utf-16"),
        "\n\n\n" + "\n".join(LINES),
    ],
)
def test_a_csv_file_is_read_however_it_was_saved(office: Office, content: str | bytes) -> None:
    assert names(office.open(office.csv(content)).cycle) == ALL


@pytest.mark.parametrize(
    ("ends", "encoding", "kind"), [("\r", "mac_roman", "Mac"), ("\n", "cp1252", "Windows")]
)
def test_accented_letters_of_old_encodings_are_read_and_told(
    office: Office, ends: str, encoding: str, kind: str
) -> None:
    read = office.open(office.csv(ends.join(LINES).replace("Ashcombe", "Abercélyn").encode(encoding)))
    assert read.cycle.participants[0].name == "Abercélyn"
    assert any(f"was read as {kind} text" in note for note in read.warnings)


@pytest.mark.parametrize(
    "spoilt",
    [
        lambda lines: [lines[0], lines[1], '"' + lines[2], lines[3]],
        lambda lines: [lines[0], lines[1], lines[2], lines[3].replace("Lead", '"Lead')],
        lambda lines: [lines[0], lines[1], '"' + lines[2], lines[3].replace("Lead", '"Lead"')],
        lambda lines: [lines[0], lines[1].replace("Southern", '"Southern"x'), *lines[2:]],
    ],
)
def test_a_quotation_mark_that_is_not_closed_is_told_with_its_row(
    office: Office, spoilt: Callable[[list[str]], list[str]]
) -> None:
    (told,) = office.problems(office.csv("\n".join(spoilt(LINES))))
    assert "A quotation mark isn't closed" in told
    assert re.search(r"after row \d", told)


@pytest.mark.parametrize("ending", [".xls", ".xlsm", ".xlsb", ".ods", ".numbers", ".docx", ".txt"])
def test_another_kind_of_file_is_told_what_to_save_it_as(office: Office, ending: str) -> None:
    (office.folder / f"areas{ending}").write_bytes(b"anything")
    (told,) = office.problems(f"areas{ending}")
    assert ".xlsx" in told


def test_the_workbook_is_not_written_to(office: Office) -> None:
    name = office.workbook(titles_above)
    before = (office.folder / name).read_bytes()
    office.open(name)
    assert (office.folder / name).read_bytes() == before
    assert openpyxl.load_workbook(io.BytesIO(before)).sheetnames == ["Areas"]


def name_on_two_lines(page: Worksheet) -> None:
    page["A2"] = "Ash\ncombe Vale"


@pytest.mark.parametrize(
    ("change", "name"),
    [
        (name_on_two_lines, "Ash combe Vale"),
        (lambda page: page.append(["3 areas"]), "Ashcombe"),
        (lambda page: page.append(["Number of areas: 3"]), "Ashcombe"),
        (lambda page: page.__setitem__("E1", "Contact email (required)"), "Ashcombe"),
        (lambda page: page.__setitem__("A1", "\u00a0Area *"), "Ashcombe"),
        (lambda page: page.__setitem__("E1", "Contact\nemail"), "Ashcombe"),
    ],
)
def test_how_a_text_is_broken_or_marked_changes_no_area(office: Office, change: Change, name: str) -> None:
    found = names(office.open(office.workbook(change)).cycle)
    assert found == [name, "Brackenford", "Carrowdale"]


def test_a_bar_may_be_the_sign_between_the_cells_of_a_csv_file(office: Office) -> None:
    lines = ["|".join(row) for row in (HEADER, *AREAS)]
    assert names(office.open(office.csv("\n".join(lines))).cycle) == ALL


def test_what_a_contact_receives_is_a_list_in_its_cell(office: Office) -> None:
    header = [*HEADER, "Receives"]
    rows = [[*AREAS[0], "forms; Reminders\nevent"], *([*area, ""] for area in AREAS[1:])]
    cycle = office.open(office.workbook(rows=[header, *rows])).cycle
    assert cycle.participants[0].contacts[0].receives == (
        Receives.FORMS,
        Receives.REMINDERS,
        Receives.EVENT,
    )
    assert cycle.participants[1].contacts[0].receives is None


def test_a_tick_that_there_is_none_of_is_told_with_its_cell(office: Office) -> None:
    rows = [[*AREAS[0], "forms; everything"], *([*area, ""] for area in AREAS[1:])]
    [problem] = office.problems(office.workbook(rows=[[*HEADER, "Receives"], *rows]))
    assert "cell F2" in problem
    assert "is `everything`. It can be forms, reminders, event or copies." in problem


def test_commas_may_stand_between_what_a_contact_receives(office: Office) -> None:
    rows = [[*AREAS[0], "Forms, reminders and event"], *([*area, ""] for area in AREAS[1:])]
    cycle = office.open(office.workbook(rows=[[*HEADER, "Receives"], *rows])).cycle
    assert cycle.participants[0].contacts[0].receives == (
        Receives.FORMS,
        Receives.REMINDERS,
        Receives.EVENT,
    )


def test_an_area_of_which_nobody_receives_something_is_told(office: Office) -> None:
    rows = [[*AREAS[0], "forms; event"], *([*area, ""] for area in AREAS[1:])]
    warnings = office.open(office.workbook(rows=[[*HEADER, "Receives"], *rows])).warnings
    assert [one for one in warnings if "receives `reminders`" in one and "Ashcombe" in one]


def a_text_that_is_white(page: Worksheet) -> None:
    page["B2"].font = Font(color="FFFFFFFF")


def a_text_that_is_partly_struck(page: Worksheet) -> None:
    page["B2"] = CellRichText("Southern Police", TextBlock(InlineFont(strike=True), " Northern Police"))


@pytest.mark.parametrize(
    ("change", "place", "told"),
    [
        (a_text_that_is_white, "cell B2", "white on white"),
        (a_text_that_is_partly_struck, "cell B2", "struck out"),
    ],
)
def test_what_nobody_sees_in_excel_is_told_at_its_cell(
    office: Office, change: Change, place: str, told: str
) -> None:
    (problem,) = office.problems(office.workbook(change))
    assert place in problem and told in problem


@pytest.mark.parametrize(
    ("before", "after", "place"),
    [
        (rb'<row r="3"', rb'<row r="3" ht="0" customHeight="1"', "row 3"),
        (
            rb"<sheetData",
            rb'<cols><col min="2" max="2" width="0" customWidth="1"/></cols><sheetData',
            "cell B1",
        ),
    ],
)
def test_a_row_without_height_or_a_column_without_width_is_hidden(
    office: Office, before: bytes, after: bytes, place: str
) -> None:
    def flatten(name: str, data: bytes) -> bytes:
        return data.replace(before, after, 1) if name.endswith("sheet1.xml") else data

    (problem,) = office.problems(office.rewritten(flatten))
    assert place in problem and "hidden" in problem


def test_white_letters_on_a_dark_cell_are_seen(office: Office) -> None:
    def change(page: Worksheet) -> None:
        page["B2"].font, page["B2"].fill = Font(color="FFFFFFFF"), PatternFill("solid", fgColor="FF1F3864")

    assert names(office.open(office.workbook(change)).cycle) == ALL


def test_a_telephone_number_has_the_zero_that_its_format_shows(office: Office) -> None:
    rows = [[*HEADER, "Contact phone"], [*AREAS[0], 1632960100], [*AREAS[1], 1632960101], *AREAS[2:]]

    def change(page: Worksheet) -> None:
        page["F2"].number_format, page["F3"].number_format = "00000000000", "00000 000000"

    areas = office.open(office.workbook(change, rows)).cycle.participants
    assert [area.contacts[0].phone for area in areas] == ["01632960100", "01632 960101", ""]


def test_the_sign_between_the_cells_of_a_csv_file_is_the_one_that_parts_its_headings(office: Office) -> None:
    texts = [area[0] for area in AREAS]
    lines = ["Area;Other names;Email", *(f"{text};A, B, C, D {text};lead@{text}.org" for text in texts)]
    cycle = office.open(office.csv("\n".join(lines))).cycle
    assert names(cycle) == ALL
    assert cycle.participants[0].aliases == ("A, B, C, D Ashcombe",)


def rows_of(count: int) -> list[list[str]]:
    others = [[f"Area {n}", "Police", "ICB", "Lead", f"lead@area{n}.org"] for n in range(len(AREAS), count)]
    return [HEADER, *AREAS, *others]


def test_rows_below_the_last_that_is_read_are_told_with_its_number(office: Office) -> None:
    rows = rows_of(1_005)
    for name in (
        office.csv("\n".join(map(",".join, rows))),
        office.workbook(rows=list[list[Any]](rows)),
    ):
        found = [told for told in office.problems(name) if "row 1000: This is the last row" in told]
        assert len(found) == 1 and "down to row 1006" in found[0]
    empty = "\n".join([*map(",".join, rows_of(3)), *[",,,,"] * 1_500])
    assert names(office.open(office.csv(empty)).cycle) == ALL


def test_columns_right_of_the_last_that_is_read_are_told(office: Office) -> None:
    rows = [[*row, *[""] * 60] for row in [HEADER, *AREAS]]
    rows[2][63] = "Beyond"
    for name in (office.csv("\n".join(map(",".join, rows))), office.workbook(rows=list[list[Any]](rows))):
        assert [told for told in office.problems(name) if "cell BH3: Column BH is the last" in told]


def test_a_table_without_a_row_below_its_headings_is_told(office: Office) -> None:
    (told,) = office.problems(office.csv(f"{LINES[0]}\n"))
    assert "row 1: There is no row with an area below the headings" in told


def test_semicolons_within_a_quoted_list_do_not_part_the_columns_of_a_csv_file(office: Office) -> None:
    others = ("Brackenford", "Carrowdale", "Dunmere", "Elder", "Fell")
    rows = [f"{name},{name} Police,,{name[0].lower()}@x.example.org" for name in others]
    first = f'Ashcombe,South,"{"; ".join(others)}",a@a.example.org'
    text = "\n".join(["Area,Police,Neighbours,Contact email", first, *rows])
    for raw in (text.encode(), text.replace(",", "\t").encode("utf-16")):
        assert len(office.open(office.csv(raw)).cycle.participants[0].neighbours) == len(others)


@pytest.mark.parametrize("mark", ["\u00ad", "\u200b", "\u2060", "\ufeff"])
def test_marks_that_nobody_sees_are_in_no_name(office: Office, mark: str) -> None:
    rows = [HEADER, [f"Ash{mark}combe", *AREAS[0][1:]], *AREAS[1:]]
    assert names(office.open(office.workbook(rows=rows)).cycle) == ALL


def test_an_area_that_is_named_in_each_of_its_rows_is_one_with_several_contacts(office: Office) -> None:
    again = ["ASHCOMBE", "Southern Police", "", "Second", "second@ashcombe.example.org"]
    read = office.open(office.workbook(rows=[HEADER, *AREAS, again]))
    assert names(read.cycle) == ALL
    assert [contact.name for contact in read.cycle.participants[0].contacts] == ["Lead", "Second"]
    assert any("row 5: taken as a further contact of Ashcombe" in told for told in read.warnings)


def test_a_second_row_of_an_area_that_says_something_else_is_asked_about(office: Office) -> None:
    other = ["Ashcombe", "Northern Police", "", "Second", "second@ashcombe.example.org"]
    (problem,) = office.problems(office.workbook(rows=[HEADER, *AREAS, other]))
    assert "cell B5" in problem and "has a row above, with another police" in problem


@pytest.mark.parametrize(
    ("column", "text"),
    [
        (2, "South ICB, East ICB"),
        (2, "South ICB and East ICB"),
        (2, "NHS South, NHS West ICB"),
        (1, "Southern Police / Northern Police"),
        (1, "Southern Constabulary & Eastern Police"),
        (1, "Southern Dales Police; Western Dales Police"),
        (1, "Southern Dales Police\nWestern Dales Police"),
    ],
)
def test_two_names_in_one_cell_are_asked_about(office: Office, column: int, text: str) -> None:
    first = list(AREAS[0])
    first[column] = text
    read = office.open(office.workbook(rows=[HEADER, first, *AREAS[1:]]))
    assert any("looks like two names in one" in told for told in read.warnings)


@pytest.mark.parametrize(
    "name", ["Borough, Wolds and Vale ICB", "Marsh & Wolds ICB", "Vale ICB (Vale, Wolds)"]
)
def test_one_name_with_commas_is_one(office: Office, name: str) -> None:
    read = office.open(office.workbook(rows=[HEADER, [*AREAS[0][:2], name, *AREAS[0][3:]], *AREAS[1:]]))
    assert not any("two names" in told for told in read.warnings)


FIRST = "Ashcombe,Southern Police,South ICB,Ann,ann@a.example.org"
THIRD = "Carrowdale,Western Police,West ICB,Cat,cat@c.example.org"
TOP = "Area,Police,ICB,Contact name,Contact email"


def test_a_further_row_of_an_area_adds_to_its_lists_whether_its_name_is_there_or_not(office: Office) -> None:
    for name in ("", "Ashcombe"):
        text = "\n".join(
            [
                f"{TOP},Neighbours",
                f"{FIRST},Carrowdale",
                f"{name},,NHS South ICB; Vale ICB,,,Dun",
                THIRD,
                "Dun,D",
            ]
        )
        read = office.open(office.csv(text))
        first = read.cycle.participants[0]
        assert (first.police, first.icb) == ("Southern Police", ("South ICB", "Vale ICB"))
        assert first.neighbours == ("carrowdale", "dun")
        assert any("cell C3: added to what the row above says" in told for told in read.warnings)


def test_a_further_row_without_a_name_never_changes_what_the_row_above_says(office: Office) -> None:
    rows = f"{TOP}\n{FIRST}\n,Northern Police,Vale ICB,,\n{THIRD}"
    assert any("cell B3" in told and "another police" in told for told in office.problems(office.csv(rows)))
    merged = [HEADER, AREAS[0], ["", "Southern Police", "Vale ICB", "", ""], *AREAS[1:]]
    name = office.workbook(lambda page: page.merge_cells("A2:A3"), merged)
    assert office.open(name).cycle.participants[0].icb == ("South ICB", "Vale ICB")


@pytest.mark.parametrize(
    "note",
    [
        "Note:,Police forces as of May",
        "Source:,,Regional list",
        "Contact:,office@example.org",
        "Last updated,03/11/2026",
        "Prepared by,Programme office",
        "Key,Red = not confirmed\n,Green = confirmed,x",
        TOP,
    ],
)
def test_notes_and_headings_below_a_table_are_no_areas(office: Office, note: str) -> None:
    read = office.open(office.csv(f"{TOP}\n{FIRST}\n{note}\n{THIRD}"))
    assert names(read.cycle) == ["Ashcombe", "Carrowdale"]
    assert any("row 3: " in told and "left out" in told for told in read.warnings)


def test_a_first_column_with_words_like_headings_does_not_turn_a_table(office: Office) -> None:
    rows = "Sector,Area,Email\nPolice,Ashcombe,a@a.example.org\nHealth,Carrowdale,c@c.example.org"
    assert names(office.open(office.csv(rows)).cycle) == ["Ashcombe", "Carrowdale"]


def test_an_area_that_is_called_as_a_note_may_be_is_an_area_with_an_address(office: Office) -> None:
    rows = f"{TOP}\n{FIRST}\nKey,,,,lead@key.example.org\nKey Vale,P,\n"
    assert names(office.open(office.csv(rows)).cycle) == ["Ashcombe", "Key", "Key Vale"]


def test_a_table_that_lies_on_its_side_is_told(office: Office) -> None:
    turned = [list(cells) for cells in zip(HEADER, *AREAS, strict=True)]
    for rows in (turned, turned[:3]):
        (told,) = office.problems(office.workbook(rows=rows))
        assert "choose Paste Special, Transpose" in told


@pytest.mark.parametrize(
    ("headings", "areas", "contacts"),
    [
        ("Name,Organisation,Email", ["Ashcombe", "Carrowdale"], ["Ann", "Cat"]),
        ("Name,Partnership,Email", ["Ashcombe", "Carrowdale"], ["Ann", "Cat"]),
        ("Name,Local authority,Email", ["Ashcombe", "Carrowdale"], ["Ann", "Cat"]),
        ("Name,Partnership,Police", ["Ann", "Cat"], []),
    ],
)
def test_in_a_list_of_contacts_the_organisation_is_the_area(
    office: Office, headings: str, areas: list[str], contacts: list[str]
) -> None:
    rows = f"{headings}\nAnn,Ashcombe,ann@a.example.org\nCat,Carrowdale,cat@c.example.org"
    cycle = office.open(office.csv(rows)).cycle
    assert names(cycle) == areas
    assert [contact.name for area in cycle.participants for contact in area.contacts] == contacts


@pytest.mark.parametrize(
    ("written", "name", "told"),
    [
        ("* Ashcombe", "Ashcombe", "without the mark of a list"),
        ("• Ashcombe", "Ashcombe", "without the mark of a list"),
        ("- Ashcombe", "Ashcombe", "without the mark of a list"),
        ("1. Ashcombe", "Ashcombe", "without the mark of a list"),
        ("2) Ashcombe", "Ashcombe", "without the mark of a list"),
        ("Ashcombe*", "Ashcombe", "without the mark of a list"),
        ("Ashcombe (withdrawn)", "Ashcombe (withdrawn)", "If it takes no part, delete its row"),
        ("Ashcombe - not taking part", "Ashcombe - not taking part", "If it takes no part, delete its row"),
        ("Ashcombe - Vale (North)", "Ashcombe - Vale (North)", ""),
        ("2nd Ashcombe", "2nd Ashcombe", ""),
    ],
)
def test_marks_beside_an_areas_name(office: Office, written: str, name: str, told: str) -> None:
    read = office.open(office.csv(f"{TOP}\n{FIRST.replace('Ashcombe', written)}\n{THIRD}"))
    assert names(read.cycle) == [name, "Carrowdale"]
    assert [one for one in read.warnings if "cell A2" in one and told in one] if told else True
    assert told or not [one for one in read.warnings if "cell A2" in one]


ERRORS = (
    "#REF!",
    "#VALUE!",
    "#NAME?",
    "#FIELD!",
    "#BUSY!",
    "#CONNECT!",
    "#BLOCKED!",
    "Loading...",
    "Err:502",
)
NO_NAMES = (
    "0",
    "TRUE",
    "Not known",
    "N/K",
    "Awaiting confirmation",
    "Various",
    "as Ashcombe",
    "same as Vale",
)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        *((error, f"It shows {error}") for error in ERRORS),
        *((said, f"`{said}` is no name") for said in NO_NAMES),
    ],
)
def test_error_values_and_words_for_nothing_are_no_names_in_a_csv_file(
    office: Office, said: str, told: str
) -> None:
    found = office.problems(office.csv(f"{TOP}\n{FIRST.replace('Southern Police', said)}\n{THIRD}"))
    assert [one for one in found if "cell B2" in one and told in one], found


@pytest.mark.parametrize("written", ['="Southern Police"', '"=""Southern Police"""', "'Southern Police"])
def test_a_text_that_was_kept_from_excel_is_that_text(office: Office, written: str) -> None:
    cycle = office.open(office.csv(f"{TOP}\n{FIRST.replace('Southern Police', written)}\n{THIRD}")).cycle
    assert cycle.participants[0].police == "Southern Police"


def test_a_number_that_excel_has_shortened_is_told(office: Office) -> None:
    (told,) = office.problems(office.csv(f"{TOP},Phone\n{FIRST},1.63296E+09\n{THIRD},01632 960100"))
    assert "cell F2" in told and "has shortened a long number" in told


def test_an_error_in_a_column_that_is_left_out_is_nobodys_concern(office: Office) -> None:
    cycle = office.open(office.csv(f"{TOP},Last looked at\n{FIRST},#REF!\n{THIRD},1.63E+09")).cycle
    assert names(cycle) == ["Ashcombe", "Carrowdale"]


def change_cell(cell: str, xml: str) -> Callable[[str, bytes], bytes]:
    def change(name: str, data: bytes) -> bytes:
        pattern = rb'<c r="%s"[^>]*>.*?</c>' % cell.encode()
        return re.sub(pattern, xml.encode(), data) if name.endswith("sheet1.xml") else data

    return change


def test_signs_that_excel_writes_as_codes_are_what_they_mean(office: Office) -> None:
    change = change_cell("B2", '<c r="B2" t="inlineStr"><is><t>Southern_x000D_\nPolice</t></is></c>')
    assert office.open(office.rewritten(change)).cycle.participants[0].police == "Southern Police"


def test_a_formula_that_gives_an_empty_text_is_an_empty_cell(office: Office) -> None:
    for value in ("<v></v>", "<v/>"):
        change = change_cell("C3", f'<c r="C3" t="str"><f>IFERROR(X(),"")</f>{value}</c>')
        assert office.open(office.rewritten(change)).cycle.participants[1].icb == ()


def test_names_and_telephone_numbers_are_read_as_their_formats_show_them(office: Office) -> None:
    rows = [[*HEADER, "Contact phone"], [1, "Southern", *AREAS[0][2:], 1632960100], [*AREAS[1], 441632960101]]

    def change(page: Worksheet) -> None:
        formats = {"A2": '"Area "0', "B2": '@" Police"', "F2": "(00000) 000000", "F3": '"+"00 0000 000000'}
        for cell, code in formats.items():
            page[cell].number_format = code

    first, second = office.open(office.workbook(change, rows)).cycle.participants
    assert (first.name, first.police, first.contacts[0].phone) == (
        "Area 1",
        "Southern Police",
        "(01632) 960100",
    )
    assert second.contacts[0].phone == "+44 1632 960101"


def test_a_name_that_excel_made_a_day_of_is_told(office: Office) -> None:
    (told,) = office.problems(office.workbook(lambda page: page.__setitem__("B2", datetime(2027, 2, 1))))
    assert "cell B2" in told and "Excel may have made a day of it" in told


@pytest.mark.parametrize(
    ("written", "words"),
    [
        (
            "2023: Brackenford; 2023: Carrowdale",
            "`2023` has Brackenford and Carrowdale. Give each cycle one area",
        ),
        ("Brackenford", "Write both, as in `2023: Brackenford`"),
        ("Brackenford (2023)", "Write both, as in `2023: Brackenford`"),
    ],
)
def test_earlier_challengers_that_are_not_clear_are_told(office: Office, written: str, words: str) -> None:
    rows = [[*HEADER, "Previous challengers"], [*AREAS[0], written], *AREAS[1:]]
    (told,) = office.problems(office.workbook(rows=rows))
    assert "cell F2" in told and words in told


@pytest.mark.parametrize("written", ["none", "n/a", "-", "2023: Brackenford; 2023: Brackenford"])
def test_no_earlier_challenger_is_none_and_one_that_is_written_twice_is_one(
    office: Office, written: str
) -> None:
    rows = [[*HEADER, "Previous challengers"], [*AREAS[0], written], *AREAS[1:]]
    found = office.open(office.workbook(rows=rows)).cycle.participants[0].challenged_by
    assert dict(found) == ({"2023": "brackenford"} if ":" in written else {})


def test_a_name_that_is_written_twice_keeps_the_values_of_both() -> None:
    assert read_texts(Shape.PAIR_LISTS, "a: b, c; d: e; a: c, f") == {"a": ["b", "c", "c", "f"], "d": ["e"]}


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def a_package(*names: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as whole:
        for name in names:
            whole.writestr(name, "x")
    return made.getvalue()


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (OLE + "EncryptedPackage".encode("utf-16-le"), "protected by a password"),
        (OLE + "Workbook".encode("utf-16-le"), "old Excel (.xls)"),
        (b"", "has no content"),
        (bytes(3000), "has no content"),
        (b"%PDF-1.7\n", "It is a PDF"),
        (b"<html><table></table></html>", "It is a web page"),
        (a_package("word/document.xml"), "It is a Word document"),
        (a_package("mimetype", "content.xml"), "OpenDocument"),
        (a_package("Index/Document.iwa"), "Numbers"),
        (b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>', "Excel 2003"),
        (b'{"":"WARNING!","doc_id":"x"}', "link to a Google Sheet"),
        (b"Area,Police\nAshcombe,P", "end its name in .csv"),
    ],
)
def test_another_file_under_the_name_of_a_table_is_told_what_it_is(
    office: Office, raw: bytes, words: str
) -> None:
    (office.folder / "areas.xlsx").write_bytes(raw)
    (told,) = office.problems("areas.xlsx")
    assert "can't be opened as an Excel workbook" in told and words in told
    if not words.endswith(".csv"):
        (told,) = office.problems(office.csv(raw))
        assert "not a CSV file" in told and words in told


def test_a_table_in_the_cycle_file_itself_is_told_without_repeating_it(office: Office) -> None:
    for table in ("|\n" + "".join(f"  {line}\n" for line in LINES), "a" * 300 + ".csv"):
        (told,) = office.problems(table)
        assert "Name the file of the table here" in told and len(told) < 200
