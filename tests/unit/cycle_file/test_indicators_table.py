"""A region's indicators: what is understood of a table, and what an area may know of the others' figures."""

import io

import openpyxl
import pytest

from peer_challenge.cycle_file.indicators_table import ReadIndicators, read_indicators
from peer_challenge.cycle_file.uploaded_files import read_uploaded_indicators
from peer_challenge.model.cycle import Participant
from peer_challenge.model.indicators import Direction, Indicator, describe_figure, find_range, read_number

AREAS = [
    Participant(id=name.lower(), name=name, aliases=("Old " + name,))
    for name in ("Ashcombe", "Brackenford", "Copley", "Dunmore", "Eastholme", "Fallowby")
]
HEAD = ["Indicator", "Unit", "Direction", *(area.name for area in AREAS)]
ROW = ["Re-referrals", "per cent", "lower is better", 19.4, "<5", "c", "21%", "1,250", "17"]


def a_table(*rows: list[object], head: list[str] = HEAD) -> bytes:
    """An Excel workbook of a table."""
    book, made = openpyxl.Workbook(), io.BytesIO()
    for row in (head, *rows):
        book.active.append(row)
    book.save(made)
    return made.getvalue()


def read(*rows: list[object], head: list[str] = HEAD) -> ReadIndicators:
    return read_indicators("figures.xlsx", a_table(*rows, head=head), AREAS)


def test_figures_are_kept_as_they_are_written() -> None:
    found = read_uploaded_indicators("figures.xlsx", a_table(ROW), AREAS)
    assert (found.problems, found.notes) == ((), ())
    [one] = found.indicators
    assert (one.name, one.unit, one.direction) == ("Re-referrals", "per cent", Direction.LOWER)
    assert list(one.values.values()) == ["19.4", "<5", "c", "21%", "1,250", "17"]


def test_a_csv_file_with_former_names_is_read_too() -> None:
    raw = b"Measure;Old Ashcombe;Brackenford\nRe-referrals;3;4\n"
    found = read_indicators("figures.csv", raw, AREAS)
    assert found.indicators[0].values == {"ashcombe": "3", "brackenford": "4"}
    assert "There is no column for Copley: its sheet will say so." in found.notes


@pytest.mark.parametrize(
    ("rows", "head", "cell", "words"),
    [
        ([[*ROW[:3], "many"]], HEAD, "cell D2", "`many` is no number"),
        ([[*ROW[:2], "sideways", 1]], HEAD, "cell C2", "higher is better"),
        ([["", "", "", 1]], HEAD, "row 2", "no indicator"),
        ([ROW, ROW], HEAD, "row 3", "there twice"),
        ([ROW[:4]], [*HEAD[:3], "Ashcomb"], "cell D1", "Did you mean `ashcombe`?"),
        ([ROW[:5]], [*HEAD[:3], "Ashcombe", "Old Ashcombe"], "cell E1", "second column"),
    ],
)
def test_each_problem_is_told_with_its_cell(
    rows: list[list[object]], head: list[str], cell: str, words: str
) -> None:
    assert any(place.endswith(cell) and words in told for place, told in read(*rows, head=head).problems)


def test_figures_are_read_as_their_cells_show_them() -> None:
    book, made = openpyxl.Workbook(), io.BytesIO()
    page = book.worksheets[0]
    page.append(HEAD)
    page.append(["Re-referrals", "", "", 0.21, 19.4382736, 3, 1250, 0, 7])
    for cell, code in zip("DEFGH", ("0%", "0.0", '0" cases"', '0.0,"k"', '0;-0;"-"'), strict=True):
        page[f"{cell}2"].number_format = code
    book.save(made)
    found = read_indicators("figures.xlsx", made.getvalue(), AREAS)
    assert list(found.indicators[0].values.values()) == ["21%", "19.4", "3", "1250", "-", "7"]
    assert not found.problems
    assert any("cell G2" in note and "1250, which was read" in note for note in found.notes)


def test_a_row_without_any_figure_is_a_note_or_a_heading() -> None:
    found = read(["Children in need"], ROW, ["Source: regional data, 2026", "", "checked"])
    assert ([one.name for one in found.indicators], found.problems) == (["Re-referrals"], ())
    assert [note for note in found.notes if "row 2: it has no figure" in note]
    assert [note for note in found.notes if "row 4: it has no figure" in note]


def an_indicator(*values: str) -> Indicator:
    return Indicator(
        "Re-referrals", values={area.id: text for area, text in zip(AREAS, values, strict=False)}
    )


@pytest.mark.threat("edition-reader")
def test_a_range_is_told_from_five_areas_with_a_number_on() -> None:
    assert find_range(an_indicator("1", "2", "3", "4", "c", "<5")) is None
    found = find_range(an_indicator("5", "2", "9", "4", "7", "<5"))
    assert found is not None
    assert (found.lowest, found.middle, found.highest, found.areas) == ("2", "5", "9", 5)


def test_an_area_sees_its_own_figure_and_of_the_others_the_range_alone() -> None:
    figure = describe_figure(an_indicator("10%", "20%", "30%", "40%", "50%"), "brackenford")
    assert (figure.written, figure.place, figure.middle_place) == ("20%", 0.25, 0.5)
    assert describe_figure(an_indicator("c", "1", "2", "3", "4", "5"), "ashcombe").place is None
    assert describe_figure(an_indicator("3", "3", "3", "3", "3"), "ashcombe").place is None
    assert describe_figure(an_indicator("1"), "copley").written == ""


@pytest.mark.parametrize(
    ("written", "number"), [("1,250", 1250.0), ("£3.50", 3.5), ("-2%", -2.0), ("c", None), ("<5", None)]
)
def test_a_number_is_read_as_people_write_it(written: str, number: float | None) -> None:
    assert read_number(written) == number
