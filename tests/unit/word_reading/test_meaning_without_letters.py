"""Meaning that is in the look of an answer and not in its letters is read as people see it, or asked about."""
# ruff: noqa: E501 - a table of cases reads better on one line

import pytest

from tests.unit.word_reading import builder as b
from tests.unit.word_reading.builder import cell, p, para, run, t
from tests.unit.word_reading.reads import codes, first, read_cell

UNDERLINED, BOLD, STRUCK = '<w:u w:val="single"/>', "<w:b/>", "<w:strike/>"


def looks(text: str, properties: str) -> str:
    return run(t(text), properties)


def font(name: str) -> str:
    return f'<w:rFonts w:ascii="{name}" w:hAnsi="{name}"/>'


def sign(code: str, name: str = "Wingdings") -> str:
    return f'<w:r><w:sym w:font="{name}" w:char="{code}"/></w:r>'


def chosen(properties: str) -> str:
    return para(run(t("Red / ")) + looks("Amber", properties) + run(t(" / Green")))


RATINGS = {
    "ticked before": (p("☑ Red ☐ Amber ☐ Green"), "RED", set()),
    "ticked after": (p("Red ☐ Amber ☒ Green ☐"), "AMBER", set()),
    "typed boxes": (p("[ ] Red [x] Amber [ ] Green"), "AMBER", set()),
    "typed circles": (p("( ) Red", "(X) Amber", "( ) Green"), "AMBER", set()),
    "option buttons": (p("○ Red ◉ Amber ○ Green"), "AMBER", set()),
    "filled circle": (p("○ Red ● Amber ○ Green"), "AMBER", set()),
    "ballot": (p("🗹 Green ☐ Amber ☐ Red"), "GREEN", set()),
    "Wingdings as letters": (
        para(
            looks("þ", font("Wingdings")) + run(t(" Red ")) + looks("o", font("Wingdings")) + run(t(" Green"))
        ),
        "RED",
        set(),
    ),
    "Wingdings 2": (
        para(
            sign("F052", "Wingdings 2") + run(t(" Green ")) + sign("F0A3", "Wingdings 2") + run(t(" Amber"))
        ),
        "GREEN",
        set(),
    ),
    "the others struck out": (
        para(looks("Red ", STRUCK) + run(t("Amber")) + looks(" Green", STRUCK)),
        "AMBER",
        {"word.struck_text"},
    ),
    "capitals by formatting": (para(looks("amber", "<w:caps/>")), "AMBER", set()),
    "marks of direction": (p("\u200fAmber\u200e"), "AMBER", set()),
    "a soft hyphen": (p("Am\u00adber"), "AMBER", set()),
    "a joiner of no width": (p("Am\u2060ber\ufeff"), "AMBER", set()),
    "underlined": (chosen(UNDERLINED), None, {"rating.split"}),
    "in bold": (chosen(BOLD), None, {"rating.split"}),
    "in a frame": (chosen('<w:bdr w:val="single" w:sz="4"/>'), None, {"rating.split"}),
    "in colour": (chosen('<w:color w:val="FFC000"/>'), None, {"rating.split"}),
    "with a highlighter": (chosen('<w:highlight w:val="yellow"/>'), None, {"rating.highlighted"}),
    "a tick beside one of three": (p("Red   Amber ✔   Green"), None, {"rating.split"}),
    "a sign against the word": (p("🔴 Amber"), None, {"rating.split"}),
    "a smile": (para(sign("F04A")), None, {"rating.missing"}),
    "a note after it": (
        para(run(t("Amber")) + looks("1", '<w:vertAlign w:val="superscript"/>')),
        "AMBER",
        set(),
    ),
    "letters of another alphabet": (p("\u0410mber"), None, {"rating.not_understood"}),
}


@pytest.mark.parametrize("name", RATINGS)
def test_a_rating_is_what_people_see_or_a_question(name: str) -> None:
    xml, rating, told = RATINGS[name]
    reading = read_cell("rating", cell(xml))
    assert (first(reading)["rating"], codes(reading, "rating")) == (rating, told)


PATTERNS = {
    "half red": ("pct50", "FF0000", "FFFFFF", "RED", "rating.colour_only"),
    "half green over nothing": ("pct50", "00B050", "auto", "GREEN", "rating.colour_only"),
    "striped amber": ("diagStripe", "FFC000", "auto", "AMBER", "rating.colour_only"),
    "all red": ("solid", "FF0000", "FFFFFF", "RED", "rating.colour_only"),
    "a little grey": ("pct10", "000000", "FFFFFF", None, "rating.missing"),
    "red over green": ("pct50", "FF0000", "00FF00", None, "rating.missing"),
    "no colour of its own": ("pct20", "auto", "00B050", "GREEN", "rating.colour_only"),
}


@pytest.mark.parametrize("name", PATTERNS)
def test_a_pattern_has_the_colour_that_it_shows(name: str) -> None:
    pattern, colour, fill, rating, code = PATTERNS[name]
    shading = f'<w:shd w:val="{pattern}" w:color="{colour}" w:fill="{fill}"/>'
    reading = read_cell("rating", cell("", shading))
    assert (first(reading)["rating"], codes(reading, "rating")) == (rating, {code})


RAISED = '<w:vertAlign w:val="superscript"/>'
TEXTS = {
    "a power": (run(t("10")) + looks("3", RAISED), "10^3"),
    "a note by hand": (
        run(t("seen in 95%")) + looks("1", RAISED) + run(t(" of cases")),
        "seen in 95%^1 of cases",
    ),
    "square metres": (run(t("40 m")) + looks("2", RAISED), "40 m^2"),
    "an ordinal": (run(t("the 21")) + looks("st", RAISED), "the 21st"),
    "a note after a word": (run(t("as agreed")) + looks("2", RAISED), "as agreed2"),
    "lowered": (run(t("CO")) + looks("2", '<w:vertAlign w:val="subscript"/>'), "CO2"),
    "an arrow": (run(t("up ")) + sign("F0E9"), "up ↑"),
    "a typed list": (run(t("a) one")) + "<w:r><w:br/></w:r>" + run(t("b) two")), "a) one\nb) two"),
    "small capitals": (looks("We meet", "<w:smallCaps/>"), "We meet"),
    "an inserted word": (f'<w:ins w:id="1">{run(t("never "))}</w:ins>' + run(t("late")), "never late"),
}


@pytest.mark.parametrize("name", TEXTS)
def test_what_is_raised_or_drawn_keeps_its_meaning(name: str) -> None:
    xml, text = TEXTS[name]
    assert first(read_cell("strengths", cell(para(xml))))["strengths"] == text


def test_no_number_is_raised_where_nothing_stands_before_it() -> None:
    raised = looks("3", RAISED)
    reading = read_cell("strengths", cell(b.para(raised) + b.para(run(t("ends 7"))) + b.para(raised)))
    assert first(reading)["strengths"] == "3\nends 7\n3"
