"""Words that Word shows and the text does not have: numbers and bullets of lists, and values of bound controls."""
# ruff: noqa: E501 - raw XML reads better on one line

import pytest

from tests.unit.word_reading import builder as b
from tests.unit.word_reading.builder import answer_row, cell, p, run, schedule, t
from tests.unit.word_reading.reads import PLACE, codes, first, read, read_cell, severity


def level(number: int, form: str, text: str, start: int = 1) -> str:
    return f'<w:lvl w:ilvl="{number}"><w:start w:val="{start}"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'


NUMBERING = b.part(
    "numbering",
    f'<w:abstractNum w:abstractNumId="1">{level(0, "decimal", "%1.")}{level(1, "lowerLetter", "%2)")}{level(2, "lowerRoman", "%1.%3")}</w:abstractNum>'
    f'<w:abstractNum w:abstractNumId="2">{level(0, "bullet", chr(0xF0B7))}</w:abstractNum>'
    f'<w:abstractNum w:abstractNumId="3">{level(0, "upperRoman", "(%1)", 4)}</w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="2"/></w:num>'
    '<w:abstractNum w:abstractNumId="4"><w:numStyleLink w:val="OurBullets"/></w:abstractNum>'
    f'<w:abstractNum w:abstractNumId="5"><w:styleLink w:val="OurBullets"/>{level(0, "bullet", chr(0xF0B7))}</w:abstractNum>'
    '<w:num w:numId="5"><w:abstractNumId w:val="4"/></w:num>'
    '<w:num w:numId="3"><w:abstractNumId w:val="3"/></w:num>'
    '<w:num w:numId="4"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>',
)
STYLES = b.part(
    "styles",
    '<w:style w:type="paragraph" w:styleId="ListNumber"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="OurSteps"><w:basedOn w:val="ListNumber"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Looped"><w:basedOn w:val="Looped"/></w:style>',
)
HELD = {
    "parts": {"word/numbering.xml": NUMBERING, "word/styles.xml": STYLES},
    "relationships": b.relationship("n", "numbering", "numbering.xml")
    + b.relationship("s", "styles", "styles.xml"),
}


DELETED_MARK = '<w:rPr><w:del w:id="90" w:author="a" w:date="2027-01-01T00:00:00Z"/></w:rPr></w:pPr>'


def item(text: str, number: int = 1, depth: int = 0) -> str:
    listed = f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>'
    return f"<w:p><w:pPr>{listed}</w:pPr>{run(t(text))}</w:p>"


def styled(text: str, more: str = "", style: str = "ListNumber") -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{more}</w:pPr>{run(t(text))}</w:p>'


@pytest.mark.parametrize(
    ("xml", "text"),
    [
        (item("a") + item("b") + item("c"), "1. a\n2. b\n3. c"),
        (item("a", 2) + item("b", 2), "• a\n• b"),
        (item("a", 3) + item("b", 3), "(IV) a\n(V) b"),
        (
            item("a") + item("b", depth=1) + item("c", depth=1) + item("d") + item("e", depth=1),
            "1. a\na) b\nb) c\n2. d\na) e",
        ),
        (item("a") + item("b", depth=2), "1. a\n1.i b"),
        (item("a") + p("between") + item("b"), "1. a\nbetween\n2. b"),
        (item("a") + item("b") + item("c", 4), "1. a\n2. b\n1. c"),
        (item("a") + item("") + item("b"), "1. a\n\n3. b"),
        (item("a") + item("").replace("</w:pPr>", DELETED_MARK) + item("b"), "1. a\n2. b"),
        (item("a", 5) + item("b", 5), "• a\n• b"),
        (styled("a") + styled("b"), "1. a\n2. b"),
        (styled("a") + styled("b", '<w:numPr><w:numId w:val="0"/></w:numPr>') + styled("c"), "1. a\nb\n2. c"),
        (styled("a", style="OurSteps") + styled("b") + styled("c", style="OurSteps"), "1. a\n2. b\n3. c"),
        (styled("a", style="OurSteps") + styled("b", style="Looped"), "1. a\nb"),
        (item("a", 9), "a"),
        (p("1. typed") + item("b", 2), "1. typed\n• b"),
    ],
)
def test_an_answer_has_the_numbers_and_bullets_that_people_see(xml: str, text: str) -> None:
    assert first(read_cell("strengths", cell(xml), **HELD))["strengths"] == text


def test_a_list_goes_on_through_the_document() -> None:
    rows = {PLACE: answer_row(PLACE, strengths=cell(item("a") + item("b")), development=cell(item("c")))}
    assert first(read(schedule(rows), **HELD))["development"] == "3. c"


@pytest.mark.parametrize("odd", ["\u00b2", "9" * 5_000, "-1", "one"])
@pytest.mark.parametrize("place", ['w:lvl w:ilvl="0"', 'w:lvlOverride w:ilvl="0"', 'w:start w:val="1"'])
def test_a_number_in_the_part_of_numberings_that_is_none_is_no_reason_to_refuse_a_form(
    place: str, odd: str
) -> None:
    name, _, _ = place.rpartition("=")
    numbering = NUMBERING.replace(place, f'{name}="{odd}"')
    assert numbering != NUMBERING
    parts = {**HELD["parts"], "word/numbering.xml": numbering}
    found = first(read_cell("strengths", cell(item("a") + item("b", 4)), **{**HELD, "parts": parts}))
    assert "a" in found["strengths"] and "b" in found["strengths"]


def test_without_a_part_of_numberings_the_text_is_all_there_is() -> None:
    assert first(read_cell("strengths", cell(item("a"))))["strengths"] == "a"


STORE = "{11111111-2222-3333-4444-555555555555}"
XPATHS = ["/n:r[1]/n:a[1]", "/n:r/n:a", "/n:r/n:b/@said"]


def bound(path: str, content: str, store: str = STORE) -> str:
    binding = (
        f'<w:dataBinding w:prefixMappings="xmlns:n=\'urn:x\'" w:xpath="{path}" w:storeItemID="{store}"/>'
    )
    return f"<w:sdt><w:sdtPr>{binding}<w:text/></w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>"


def read_bound(xml: str, said: str = "Newer words") -> object:
    parts = {
        "customXml/item1.xml": f'<n:r xmlns:n="urn:x"><n:a>{said}</n:a><n:b said="{said}"/></n:r>',
        "customXml/itemProps1.xml": f'<ds:datastoreItem xmlns:ds="http://schemas.openxmlformats.org/officeDocument/2006/customXml" ds:itemID="{STORE}"/>',
        "customXml/_rels/item1.xml.rels": b.part_of_relationships(
            b.relationship("r", "customXmlProps", "itemProps1.xml")
        ),
    }
    return read_cell("strengths", cell(xml), parts=parts)


@pytest.mark.parametrize("path", XPATHS)
@pytest.mark.parametrize("is_block", [True, False])
def test_a_bound_control_is_read_as_word_shows_it_and_its_other_words_are_kept(
    path: str, is_block: bool
) -> None:
    old = run(t("Older ")) + run(t("words"))
    xml = bound(path, f"<w:p>{old}</w:p>") if is_block else f"<w:p>{bound(path, old)}</w:p>"
    reading = read_bound(xml)
    assert first(reading)["strengths"] == "Newer words"  # type: ignore[arg-type]
    assert reading.unmapped == ["Older words"]  # type: ignore[attr-defined]
    assert severity(reading, "word.bound_text") == "query"  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("path", "store", "said"),
    [
        (XPATHS[0], STORE, "Older words"),
        (XPATHS[0], STORE, " Older  words "),
        (XPATHS[0], STORE, ""),
        (XPATHS[0], "{99999999-2222-3333-4444-555555555555}", "Newer words"),
        ("/n:r/n:missing", STORE, "Newer words"),
        ("//n:a", STORE, "Newer words"),
        ("count(//*)", STORE, "Newer words"),
        ("/x:r/x:a", STORE, "Newer words"),
        ("][", STORE, "Newer words"),
    ],
)
def test_a_control_that_shows_what_it_holds_or_is_bound_to_nothing_says_what_it_holds(
    path: str, store: str, said: str
) -> None:
    reading = read_bound(bound(path, p("Older words"), store), said)
    assert first(reading)["strengths"] == "Older words"  # type: ignore[arg-type]
    assert "word.bound_text" not in codes(reading)  # type: ignore[arg-type]


# Fields within fields


def mark(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def instruction(text: str) -> str:
    return f"<w:r><w:instrText>{text}</w:instrText></w:r>"


def field(inside: str, result: str) -> str:
    """A field whose instruction is `inside`, runs and fields, and whose result is a text or more fields."""
    shown = result if result.startswith("<") else run(t(result))
    return mark("begin") + inside + mark("separate") + shown + mark("end")


INNER = field(instruction("MERGEFIELD Area"), "Ashcombe")


@pytest.mark.parametrize(
    ("xml", "text", "left"),
    [
        (field(instruction("IF ") + INNER + instruction(' = "x" "a" "b"'), "yes"), "yes", ["Ashcombe"]),
        (
            field(instruction("QUOTE ") + field(instruction("= ") + INNER, "7"), "7 days"),
            "7 days",
            ["Ashcombe", "7"],
        ),
        (field(instruction("REF x"), "seen " + "it"), "seen it", []),
        (field(instruction("TOC"), field(instruction("PAGEREF y"), "12")), "12", []),
        (
            mark("begin")
            + instruction("IF ")
            + f'<w:fldSimple w:instr="MERGEFIELD Area">{run(t("Ashcombe"))}</w:fldSimple>'
            + mark("separate")
            + run(t("no"))
            + mark("end"),
            "no",
            ["Ashcombe"],
        ),
        (f'<w:fldSimple w:instr="MERGEFIELD Area">{run(t("Ashcombe"))}</w:fldSimple>', "Ashcombe", []),
        (
            field(instruction("IF ") + field(instruction("x"), "a") + field(instruction("y"), "b"), "z")
            + run(t(" end")),
            "z end",
            ["a", "b"],
        ),
        (mark("end") + mark("separate") + run(t("odd")), "odd", []),
    ],
)
def test_a_field_within_the_instruction_of_another_is_not_part_of_the_answer(
    xml: str, text: str, left: list[str]
) -> None:
    reading = read_cell("strengths", cell(b.para(run(t("We say ")) + xml)))
    assert first(reading)["strengths"] == f"We say {text}"
    assert reading.unmapped == left


def test_a_field_that_is_never_closed_hides_nothing_of_the_next_paragraph() -> None:
    xml = b.para(mark("begin") + instruction("IF ")) + b.para(INNER) + p("and more")
    assert first(read_cell("strengths", cell(xml)))["strengths"] == "\nAshcombe\nand more"
