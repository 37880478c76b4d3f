"""Ways 1 to 14 in which people really fill in a self-assessment: ratings, and merged cells."""
# ruff: noqa: E501 - raw XML reads better on one line

import time

import pytest

from peer_challenge.model.cycle_rules import Rules
from peer_challenge.word.package import namespaces as n
from tests.unit.word_reading import builder as b
from tests.unit.word_reading.builder import (
    answer_row,
    cell,
    p,
    para,
    run,
    schedule,
    shaded,
    t,
)
from tests.unit.word_reading.reads import (
    PLACE,
    codes,
    first,
    read,
    read_cell,
    read_rating_as,
    severity,
)


@pytest.mark.parametrize(
    "written", ["G", "green", "GREEN ", "Grn", "🟢", "Green.", "RAG: Green", "Green (G)"]
)
def test_variation_01_a_rating_in_any_usual_spelling(written: str) -> None:
    reading = read_rating_as(written)
    assert first(reading)["rating"] == "GREEN"
    assert first(reading)["rating_as_written"] == written.rstrip()
    assert not codes(reading, "rating")


@pytest.mark.parametrize(
    "written", ["Amber/Green", "Amber to Green", "A-G", "A/G", "Amber - Green", "red & amber"]
)
def test_variation_02_a_split_rating_is_never_rounded(written: str) -> None:
    reading = read_rating_as(written)
    assert first(reading)["rating"] is None
    assert first(reading)["rating_as_written"] == written
    assert codes(reading, "rating") == {"rating.split"}


@pytest.mark.parametrize(
    ("fill", "rating"),
    [("FF0000", "RED"), ("FFC000", "AMBER"), ("00B050", "GREEN"), ("92D050", "GREEN"), ("FFFF00", "AMBER")],
)
def test_variation_03_a_rating_by_colour_alone(fill: str, rating: str) -> None:
    reading = read_cell("rating", shaded(fill))
    assert first(reading)["rating"] == rating
    assert codes(reading, "rating") == {"rating.colour_only"}
    (told,) = (found.message for found in reading.findings if found.code == "rating.colour_only")
    assert told.endswith(f"We read the colour as {rating}.")
    assert codes(read_cell("rating", shaded("C8A2C8")), "rating") == {"rating.colour_unclear"}


def test_variation_02_a_narrative_in_place_of_a_rating_is_soon_asked_about() -> None:
    story = "The police and health partners and the council agree that the local authority leads. " * 1000
    started = time.process_time()
    reading = read_rating_as(story)
    assert time.process_time() - started < 1.0
    assert codes(reading, "rating") == {"rating.not_understood"}
    assert first(reading)["rating_as_written"] == story.rstrip()


def test_variation_03_a_colour_of_the_theme_or_of_the_tables_style() -> None:
    theme = (
        '<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:themeElements><a:clrScheme>'
        '<a:accent2><a:srgbClr val="C00000"/></a:accent2></a:clrScheme></a:themeElements></a:theme>'
    )
    styles = b.part(
        "styles",
        '<w:style w:type="table" w:styleId="Greenish"><w:tcPr><w:shd w:val="clear" w:fill="00B050"/>'
        "</w:tcPr></w:style>",
    )
    held = {
        "parts": {"word/theme/theme1.xml": theme, "word/styles.xml": styles},
        "relationships": b.relationship("t", "theme", "theme/theme1.xml")
        + b.relationship("s", "styles", "styles.xml"),
    }
    red = cell("", '<w:shd w:val="clear" w:fill="auto" w:themeFill="accent2"/>')
    assert first(read_cell("rating", red, **held))["rating"] == "RED"
    body = schedule({PLACE: answer_row(PLACE, rating=cell())}, properties='<w:tblStyle w:val="Greenish"/>')
    assert first(read(body, **held))["rating"] == "GREEN"


def test_variation_04_text_and_shading_disagree() -> None:
    reading = read_cell("rating", shaded("FF0000", p("Green")))
    assert first(reading)["rating"] is None
    assert first(reading)["rating_as_written"] == "Green"
    assert severity(reading, "rating.disagrees_with_shading") == "query"


@pytest.mark.parametrize("written", ["3", "2/5", "✓", "Met", "Partly met", "Good", "80%"])
def test_variation_05_another_scale_unless_the_cycle_maps_it(written: str) -> None:
    assert codes(read_rating_as(written), "rating") == {"rating.other_scale"}
    mapped = read_rating_as(written, rules=Rules(rating_map={written.upper(): "AMBER"}))
    assert first(mapped)["rating"] == "AMBER"
    assert first(mapped)["rating_as_written"] == written


@pytest.mark.parametrize("written", ["N/A", "n/a", "NA", "Not applicable"])
def test_variation_06_not_applicable(written: str) -> None:
    reading = read_rating_as(written)
    assert first(reading)["rating"] == "NOT_APPLICABLE"
    assert severity(reading, "rating.not_applicable") == "note"


@pytest.mark.parametrize("written", ["TBC", "-", "", "see above", "–", "tbc.", "?"])
def test_variation_07_a_missing_rating_is_never_amber(written: str) -> None:
    reading = read_rating_as(written)
    assert first(reading)["rating"] is None
    assert codes(reading, "rating") == {"rating.missing"}


@pytest.mark.parametrize(
    ("written", "rating"),
    [
        ("Was amber, now green", "GREEN"),
        ("A → G", "GREEN"),
        ("Amber -> Red", "RED"),
        ("Green ↑", "GREEN"),
        ("Green (previously amber)", "GREEN"),
        ("moved to amber", "AMBER"),
    ],
)
def test_variation_08_the_current_rating_of_a_change(written: str, rating: str) -> None:
    reading = read_rating_as(written)
    assert first(reading)["rating"] == rating
    assert first(reading)["rating_as_written"] == written
    assert severity(reading, "rating.trend") == "note"


@pytest.mark.parametrize(
    "written", ["LA: G, Police: A", "LA: G\nHealth: G\nPolice: A", "Council - green; ICB - amber"]
)
def test_variation_09_a_rating_per_agency(written: str) -> None:
    reading = read_rating_as(written)
    assert first(reading)["rating"] is None
    assert first(reading)["rating_as_written"] == written
    assert codes(reading, "rating") == {"rating.by_agency"}


@pytest.mark.parametrize("written", ["Blue", "purple", "BRAG", "B", "🔵"])
def test_variation_10_another_colour(written: str) -> None:
    assert codes(read_rating_as(written), "rating") == {"rating.other_colour"}


def test_variation_11_nothing_chosen_from_the_drop_down() -> None:
    control = (
        "<w:sdt><w:sdtPr><w:showingPlcHdr/><w:dropDownList/></w:sdtPr><w:sdtContent>"
        f"{run(t('Choose an item.'))}</w:sdtContent></w:sdt>"
    )
    reading = read_cell("rating", cell(para(control)))
    assert first(reading)["rating"] is None
    assert codes(reading, "rating") == {"rating.not_chosen"}


def test_variation_12_the_rating_is_a_picture() -> None:
    picture = '<w:drawing><a:blip r:embed="x"/></w:drawing>'
    assert codes(read_cell("rating", cell(para(run(picture)))), "rating") == {"rating.picture"}


def test_variation_12_the_rating_is_drawn_with_a_pen() -> None:
    ink = (
        '<w:r><mc:AlternateContent><mc:Choice Requires="wpi"><w:drawing><a:graphic><a:graphicData><w14:contentPart '
        f'xmlns:w14="{n.W14}" r:id="i"/></a:graphicData></a:graphic></w:drawing></mc:Choice></mc:AlternateContent></w:r>'
    )
    assert codes(read_cell("rating", cell(para(ink))), "rating") == {"rating.picture"}


def test_variation_13_cells_merged_across_columns() -> None:
    merged = b.row(
        b.title_cell(PLACE), cell(p("Both in one."), '<w:gridSpan w:val="2"/>'), cell(p("G")), cell()
    )
    reading = read(schedule({PLACE: merged}))
    assert (first(reading)["strengths"], first(reading)["development"]) == ("Both in one.", "")
    assert first(reading)["rating"] == "GREEN"
    assert severity(reading, "cell.merged_across") == "query"


@pytest.mark.parametrize(("behind", "left"), [("", []), ("Not shown by Word", ["Not shown by Word"])])
def test_variation_13_cells_merged_across_by_an_older_program(behind: str, left: list[str]) -> None:
    one = cell(p("Both in one."), '<w:hMerge w:val="restart"/>')
    merged = b.row(b.title_cell(PLACE), one, cell(p(behind), "<w:hMerge/>"), cell(p("G")), cell())
    reading = read(schedule({PLACE: merged}))
    assert (first(reading)["strengths"], first(reading)["development"]) == ("Both in one.", "")
    assert first(reading)["rating"] == "GREEN"
    assert severity(reading, "cell.merged_across") == "query"
    assert reading.unmapped == left


def test_an_answer_merged_down_is_told_at_the_row_that_has_its_words() -> None:
    above = answer_row(PLACE, strengths=cell(p("For both"), '<w:vMerge w:val="restart"/>'))
    rows = [
        answer_row(a, strengths=cell("", "<w:vMerge/>")) for a in ("leadership/equal", "learning/reviews")
    ]
    below = dict(zip(("leadership/equal", "learning/reviews"), rows, strict=True))
    reading = read(schedule({PLACE: above} | below))
    assert [row["strengths"] for row in reading.rows[:3]] == ["For both", "", ""]
    told = {(f.subheading, f.column) for f in reading.findings if f.code == "cell.merged_down"}
    assert told == {(PLACE, "strengths")}


def test_variation_14_one_rating_merged_down_several_rows() -> None:
    above = answer_row(PLACE, rating=cell(p("Amber"), '<w:vMerge w:val="restart"/>'))
    below = answer_row("leadership/equal", rating=cell("", "<w:vMerge/>"))
    reading = read(schedule({PLACE: above, "leadership/equal": below}))
    assert [row["rating"] for row in reading.rows[:2]] == ["AMBER", "AMBER"]
    assert [f.subheading for f in reading.findings if f.code == "rating.shared"] == ["leadership/equal"]
