"""A rating is what holds now, in the words, ticks and signs by which people give it. Else it is asked about."""
# ruff: noqa: E501 - raw XML reads better on one line

import csv
import time
from datetime import date
from pathlib import Path

import pytest

from peer_challenge.model.vocabulary import Severity
from peer_challenge.word.answers.ratings import read_rating
from peer_challenge.word.package import namespaces as n
from tests.unit.word_reading import builder as b
from tests.unit.word_reading.builder import cell, p, para, run, t
from tests.unit.word_reading.reads import PLACE, codes, first, read_cell, read_rating_as

TABLE = Path(__file__).parents[2] / "data" / "rating_phrases.csv"
ASK = "ask"
"""What the table says of a phrase that is a question."""


def phrases() -> list[tuple[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return [(line["written"], line["rating"]) for line in csv.DictReader(file)]


def asked(reading: object) -> bool:
    found = [f for f in reading.findings if (f.subheading, f.column) == (PLACE, "rating")]  # type: ignore[attr-defined]
    return any(f.severity is Severity.QUERY for f in found)


@pytest.mark.parametrize(("written", "right"), phrases())
def test_the_rating_that_holds_now_is_taken_and_every_other_is_asked_about(written: str, right: str) -> None:
    reading = read_rating_as(written)  # of a cycle that opens in 2027
    assert (first(reading)["rating"] or ASK, asked(reading)) == (right, right == ASK)


def test_the_table_has_phrases_of_every_rating_and_many_that_are_asked_about() -> None:
    said = [right for _, right in phrases()]
    assert len(said) > 350
    assert {
        right: said.count(right) > 15 for right in ("AMBER", "GREEN", "RED", "NOT_APPLICABLE", ASK)
    } == dict.fromkeys(("AMBER", "GREEN", "RED", "NOT_APPLICABLE", ASK), True)


def test_a_year_is_past_or_to_come_by_the_year_of_the_cycle() -> None:
    assert [
        read_rating("Red in 2026, amber now", None, {}, date(year, 1, 11))[0] for year in (2026, 2027)
    ] == [
        "AMBER",
        "AMBER",
    ]
    assert [
        read_rating("Red (2026), amber", None, {}, date(year, 1, 11))[0] for year in (2025, 2026, 2027)
    ] == [
        "AMBER",
        None,
        "AMBER",
    ]
    assert read_rating("Red (2026), amber")[0] is None


@pytest.mark.parametrize("length", [10, 100, 480])
def test_no_phrase_takes_long(length: int) -> None:
    for words in ("by the end of ", "was amber now ", "green or ", "in the last ", "(((", "☐ red ", "red-"):
        began = time.process_time()
        read_rating((words * length)[:length])
        assert time.process_time() - began < 0.3


# Prompts, ticks and signs


def test_a_prompt_left_above_a_choice_is_the_forms() -> None:
    control = f"<w:sdt><w:sdtPr><w:showingPlcHdr/><w:dropDownList/></w:sdtPr><w:sdtContent>{run(t('Choose a rating'))}</w:sdtContent></w:sdt>"
    reading = read_cell("rating", cell(para(control) + p("AMBER")))
    assert (first(reading)["rating"], first(reading)["rating_as_written"], codes(reading, "rating")) == (
        "AMBER",
        "AMBER",
        set(),
    )
    assert codes(read_cell("rating", cell(para(control))), "rating") == {"rating.not_chosen"}


def tick_control(shown: str, *, ticked: bool, states: str = "") -> str:
    box = f'<w14:checkbox xmlns:w14="{n.W14}"><w14:checked w14:val="{int(ticked)}"/>{states}</w14:checkbox>'
    return f"<w:sdt><w:sdtPr>{box}</w:sdtPr><w:sdtContent>{run(t(shown))}</w:sdtContent></w:sdt>"


def tick_field(*, ticked: bool) -> str:
    state = "<w:checked/>" if ticked else ""
    return (
        f'<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:checkBox><w:default w:val="0"/>{state}</w:checkBox></w:ffData></w:fldChar></w:r>'
        '<w:r><w:instrText> FORMCHECKBOX </w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def tick_sign(font: str, ticked_code: str, empty_code: str, *, ticked: bool) -> str:
    return run(f'<w:sym w:font="{font}" w:char="{ticked_code if ticked else empty_code}"/>')


def tick_letter(*, ticked: bool) -> str:
    return run(t("þ" if ticked else "o"), '<w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings"/>')


WAYS = {
    "control": lambda ticked: tick_control("☒" if ticked else "☐", ticked=ticked),
    "control with a sign of its own": lambda ticked: tick_control(
        "þ" if ticked else "¨",
        ticked=ticked,
        states='<w14:checkedState w14:val="00FE"/><w14:uncheckedState w14:val="00A8"/>',
    ),
    "legacy field": lambda ticked: tick_field(ticked=ticked),
    "box of Wingdings": lambda ticked: tick_sign("Wingdings", "F0FE", "F0A8", ticked=ticked),
    "cross of Wingdings 2": lambda ticked: tick_sign("Wingdings 2", "F053", "F0A3", ticked=ticked),
    "letter in Wingdings": lambda ticked: tick_letter(ticked=ticked),
    "letter of the private area": lambda ticked: run(t("\uf0fe" if ticked else "\uf0a8")),
    "typed box": lambda ticked: run(t("☑" if ticked else "☐")),
    "typed brackets": lambda ticked: run(t("[x]" if ticked else "[ ]")),
    "circle": lambda ticked: run(t("◉" if ticked else "○")),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("is_first", [True, False])
@pytest.mark.parametrize("in_line", [True, False])
@pytest.mark.parametrize(
    ("ticked", "rating", "code"),
    [
        (("RED",), "RED", None),
        (("AMBER",), "AMBER", None),
        (("GREEN",), "GREEN", None),
        ((), None, "rating.not_chosen"),
        (("RED", "AMBER"), None, "rating.split"),
        (("RED", "AMBER", "GREEN"), None, "rating.split"),
    ],
)
def test_one_box_that_is_ticked_is_the_rating(
    way: str, ticked: tuple[str, ...], rating: str | None, code: str | None, *, is_first: bool, in_line: bool
) -> None:
    choices = []
    for name in ("RED", "AMBER", "GREEN"):
        box = WAYS[way](name in ticked)
        choices.append(box + run(t(f" {name} ")) if is_first else run(t(f" {name} ")) + box)
    reading = read_cell("rating", cell(para("".join(choices)) if in_line else "".join(map(para, choices))))
    assert (first(reading)["rating"], codes(reading, "rating")) == (rating, {code} - {None})


def test_a_tick_box_that_shows_one_thing_and_is_saved_as_another_is_asked_about() -> None:
    boxes = "".join(
        para(tick_control(shown, ticked=ticked) + run(t(name)))
        for shown, ticked, name in (("☐", True, "RED"), ("☒", True, "AMBER"), ("☐", False, "GREEN"))
    )
    reading = read_cell("rating", cell(boxes))
    assert (first(reading)["rating"], codes(reading, "rating")) == (None, {"rating.tick_unclear"})


COMMENT = (
    '<w:commentRangeStart w:id="7"/><w:commentRangeEnd w:id="7"/><w:r><w:commentReference w:id="7"/></w:r>'
)


@pytest.mark.parametrize(
    ("xml", "code"),
    [
        (para(COMMENT), "rating.in_comment"),
        (para(run("<w:drawing><wps:wsp/></w:drawing>")), "rating.picture"),
        (para(run('<w:pict><v:oval fillcolor="green"/></w:pict>')), "rating.picture"),
        (para(run(t("●"), '<w:color w:val="00B050"/>')), "rating.in_colour"),
        (para(run(t("–"), '<w:color w:val="00B050"/>')), "rating.in_colour"),
        (para(run(t("–"), '<w:color w:val="333333"/>')), "rating.missing"),
        (para(run(t("- "), '<w:highlight w:val="green"/>')), "rating.highlighted"),
    ],
)
def test_a_rating_that_is_only_seen_is_asked_about_by_what_is_seen(xml: str, code: str) -> None:
    comments = b.part("comments", f'<w:comment w:id="7" w:author="Lead">{p("Amber")}</w:comment>')
    reading = read_cell("rating", cell(xml), parts={"word/comments.xml": comments})
    assert (first(reading)["rating"], codes(reading, "rating")) == (None, {code})
