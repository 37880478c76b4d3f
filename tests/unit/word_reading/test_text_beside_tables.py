"""What somebody wrote outside the cells for answers is told with its place; what only goes with a form is not."""
# ruff: noqa: E501 - a table of cases reads better on one line

import io

import docx
import pytest

from peer_challenge.model.vocabulary import Kind
from peer_challenge.rehearsal.handwriting import Sheet
from peer_challenge.word.answers.passages import is_answer_like, is_long_passage
from peer_challenge.word.answers.reading import Reading
from peer_challenge.word.package.namespaces import w
from tests.changed_forms import as_programs_without_marks_save
from tests.factories import a_filled
from tests.unit.word_reading import builder as b
from tests.unit.word_reading.builder import cell, p, para, part, run, t
from tests.unit.word_reading.edits import (
    PLACES,
    cells_in,
    cells_of,
    field_cell,
    fill,
    read_as_filled,
    read_form,
    row_across,
    rows_of,
    table_with,
    with_part,
    xml,
)
from tests.unit.word_reading.reads import codes, severity

KINDS = tuple(PLACES)
ANSWER = "We meet monthly and the deputy now votes"
LETTER = (
    "Dear programme office,",
    "Please find attached our completed form for the peer challenge.",
    "It was agreed by all three partners on 12 February 2027.",
    "Please let me know if you have any questions.",
    "Kind regards,",
    "Business manager, Ashcombe Safeguarding Children Partnership",
)
BANNER = (
    "ASHCOMBE SAFEGUARDING CHILDREN PARTNERSHIP",
    "Peer challenge 2027 – final version agreed by the executive",
    "Version 3.1",
)
CONTACTS = b.table(
    *(
        b.row(*(cell(p(text)) for text in texts))
        for texts in (
            ("Name of partnership", "Ashcombe Safeguarding Children Partnership"),
            ("Completed by", "Business manager"),
            ("Email", "manager@ashcombe.example.org"),
            ("Date completed", "12 February 2027"),
        )
    )
)


def read_with_text_above(kind: Kind, content: str) -> Reading:
    """The form with XML directly above its first table of answers."""
    sheet = Sheet(a_filled(kind))
    for element in xml(content):
        table_with(sheet, kind).addprevious(element)
    return read_form(sheet.saved())


def read_with_text_on_top(kind: Kind, content: str) -> Reading:
    """The form with XML above its title."""
    sheet = Sheet(a_filled(kind))
    for number, element in enumerate(xml(content)):
        sheet.root[0].insert(number, element)
    return read_form(sheet.saved())


def message_of(reading: Reading) -> str:
    return next(f.message for f in reading.findings if f.code.startswith("text."))


@pytest.mark.parametrize(
    ("kind", "code", "place"),
    [
        (Kind.SELF_ASSESSMENT, "text.between", "below table 1"),
        (Kind.ANALYSIS, "text.unplaced", "below table 2"),  # the analysis has tables without a comment
        (Kind.RESPONSE, "text.between", "above table 1"),
        (Kind.CHAIR_RECORD, "text.unplaced", "below table 1"),
        (Kind.ACTION_PLAN, "text.unplaced", "above table 1"),
        (Kind.PROGRESS_REPORT, "text.unplaced", "below table 1"),
    ],
)
def test_text_above_the_first_table_of_answers_is_told_with_its_place(
    kind: Kind, code: str, place: str
) -> None:
    reading = read_with_text_above(kind, p(ANSWER))
    assert codes(reading) == {code}
    assert place in message_of(reading)
    assert reading.unmapped == [ANSWER]
    assert (reading.rows, reading.items) == (read_as_filled(kind).rows, read_as_filled(kind).items)


@pytest.mark.parametrize("kind", [Kind.SELF_ASSESSMENT, Kind.RESPONSE])
def test_text_outside_the_cells_is_asked_about_where_a_row_has_nothing(kind: Kind) -> None:
    sheet = Sheet(a_filled(kind))
    for blank in cells_in(sheet.row(PLACES[kind][0]))[1 if kind is Kind.SELF_ASSESSMENT else 2 :]:
        fill(blank, "<w:p/>")
    for element in xml(p(ANSWER)):
        table_with(sheet, kind).addprevious(element)
    assert severity(read_form(sheet.saved()), "text.unplaced") == "query"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "content", [p(*LETTER), CONTACTS + p(""), p(*BANNER)], ids=["letter", "contacts", "banner"]
)
def test_what_goes_with_a_form_raises_nothing(kind: Kind, content: str) -> None:
    reading = read_with_text_on_top(kind, content)
    assert reading.findings == []
    assert len(reading.unmapped) >= 3


@pytest.mark.parametrize("kind", KINDS)
def test_words_of_a_letter_below_the_last_table_raise_nothing(kind: Kind) -> None:
    sheet = Sheet(a_filled(kind))
    for element in xml(p("Please let me know if you have any questions.", "Kind regards from all of us")):
        sheet.root[0][-1].addprevious(element)
    assert read_form(sheet.saved()).findings == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_sentence_above_the_title_is_told_and_asks_nothing(kind: Kind) -> None:
    reading = read_with_text_on_top(kind, p("Our three partners changed their leads in May."))
    assert (codes(reading), severity(reading, "text.between")) == ({"text.between"}, "warn")


def test_a_table_above_is_told_where_it_says_more_than_who_sends_the_form() -> None:
    context = ("Our context", "We cover two boroughs and share one police force with three other areas.")
    reading = read_with_text_on_top(
        Kind.SELF_ASSESSMENT, b.table(b.row(*(cell(p(text)) for text in context)))
    )
    assert codes(reading) == {"row.extra"}
    reading = read_with_text_on_top(Kind.CHAIR_RECORD, b.table(b.row(*(cell(p(text)) for text in context))))
    assert codes(reading) == {"item.unplaced"}


@pytest.mark.parametrize("kind", KINDS)
def test_of_a_form_that_has_lost_its_marks_what_it_prints_above_its_table_asks_nothing(kind: Kind) -> None:
    reading = read_form(as_programs_without_marks_save(a_filled(kind)))
    assert "text.unplaced" not in codes(reading)


@pytest.mark.parametrize(
    ("text", "is_told"),
    [
        ("To strengthen the handover we will meet weekly", True),
        ("Thanks to the audit, delays fell", True),
        ("We sent the action plan to all schools.", True),
        ("Families let us know that the letters are clear.", True),
        ("Reviewed by peers each month", True),
        ("The deputy votes", True),
        ("To: programme office", False),
        ("Many thanks for your help", False),
        ("Completed by the business manager", False),
        ("Signed off at the executive on 3 February", False),
        ("I am returning our completed response, with apologies for the delay.", False),
        ("Draft 2", False),
        ("Leadership of the arrangements\t3", False),
    ],
)
def test_what_may_be_an_answer_is_told_from_words_that_go_with_a_form(text: str, is_told: bool) -> None:
    assert is_answer_like(text, is_in_form=True) is is_told


@pytest.mark.parametrize("kind", ["header", "footer"])
def test_an_answer_in_a_margin_is_told_and_a_letterhead_is_not(kind: str) -> None:
    tag = {"header": "hdr", "footer": "ftr"}[kind]
    answer = "We now audit twenty cases every quarter with all three partners present."
    for text, told in (
        (answer, {"text.between"}),
        ("Ashcombe Council, Civic Centre, High Street, Ashcombe AS1 1AA", set()),
        ("This document is confidential and must not be shared outside the three partners.", set()),
    ):
        sheet = Sheet(a_filled(Kind.RESPONSE))
        with_part(sheet, f"word/{kind}9.xml", part(tag, p(text)).encode())
        reading = read_form(sheet.saved())
        assert (codes(reading), reading.unmapped) == (told, [text])
    assert is_long_passage(answer)


def test_words_beside_a_label_and_in_a_header_are_told() -> None:
    sheet = Sheet(a_filled(Kind.CHAIR_RECORD))
    label = next(iter(field_cell(sheet, "consensus").getparent().iter(w("tc"))))
    label.extend(xml(p("Yes, after a long talk")))
    reading = read_form(sheet.saved())
    assert (codes(reading), reading.unmapped) == ({"text.between"}, ["Yes, after a long talk"])
    assert "beside a label in table 4" in message_of(reading)


@pytest.mark.parametrize(
    ("kind", "row", "code", "address"),
    [
        (Kind.SELF_ASSESSMENT, 0, "row.unplaced", None),
        (Kind.RESPONSE, 1, "row.cut", "leadership/delegated-partners"),
        (Kind.CHAIR_RECORD, 5, "row.cut", "strength/5"),
        (Kind.ACTION_PLAN, 2, "row.cut", "development/1/2"),
        (Kind.PROGRESS_REPORT, 1, "row.cut", "development/1"),
    ],
)
def test_a_row_across_a_table_is_asked_about_where_it_says_something(
    kind: Kind, row: int, code: str, address: str | None
) -> None:
    for text, told in (("They also share their data weekly.", {code}), ("Health", set())):
        sheet = Sheet(a_filled(kind))
        table = table_with(sheet, kind)
        rows_of(table)[row].addnext(row_across(len(table.findall(f"{w('tblGrid')}/{w('gridCol')}")), text))
        reading = read_form(sheet.saved())
        assert (codes(reading), reading.unmapped) == (told, [text])
        assert all(f.subheading == address for f in reading.findings)


@pytest.mark.parametrize(("mark", "code"), [("vanish", "word.hidden_text"), ("strike", "word.struck_text")])
def test_words_that_are_left_out_between_the_tables_are_told(mark: str, code: str) -> None:
    hidden = para(run(t("An answer of ours that nobody sees here."), f"<w:{mark}/>"))
    sheet = Sheet(a_filled(Kind.SELF_ASSESSMENT))
    table_with(sheet, Kind.SELF_ASSESSMENT).addnext(xml(hidden)[0])
    assert codes(read_form(sheet.saved())) == {code}
    sheet = Sheet(a_filled(Kind.SELF_ASSESSMENT))
    fill(
        field_cell(sheet, "signed_off_police"),
        para(run(t("The commander of the district"), f"<w:{mark}/>") + run(t("Inspector"))),
    )
    assert codes(read_form(sheet.saved())) == {code}


def test_a_form_that_python_docx_saved_again_raises_nothing() -> None:
    for kind in KINDS:
        out = io.BytesIO()
        docx.Document(io.BytesIO(a_filled(kind))).save(out)
        assert read_form(out.getvalue()).findings == []


TYPED = "Zebra crossings were painted by the partners in June."


@pytest.mark.parametrize("kind", KINDS)
def test_a_sentence_typed_anywhere_is_kept_once_and_never_set_apart_in_silence(kind: Kind) -> None:
    data = a_filled(kind)
    count = sum(1 for _ in Sheet(data).root.iter(w("p")))
    for number in range(
        0, count, max(count // 50, 1)
    ):  # each form's paragraphs from its title to its sign-off
        sheet = Sheet(data)
        list(sheet.root.iter(w("p")))[number].addnext(xml(p(TYPED))[0])
        reading = read_form(sheet.saved())
        answers = [*cells_of(reading).values(), *reading.particulars.values()]
        taken = sum(TYPED in (said or "") for said in answers)
        apart = sum(TYPED in text for text in reading.unmapped)
        assert (number, taken + apart, bool(apart) <= bool(reading.findings)) == (number, 1, True)


@pytest.mark.parametrize(("said", "is_told"), [("AMBER", True), ("Police: RED", True), ("Draft", False)])
def test_a_rating_in_a_text_box_above_a_table_is_told(said: str, is_told: bool) -> None:
    box = f'<w:r><w:pict><v:shape xmlns:v="urn:v"><v:textbox><w:txbxContent>{p(said)}</w:txbxContent></v:textbox></v:shape></w:pict></w:r>'
    reading = read_with_text_above(Kind.SELF_ASSESSMENT, para(box))
    assert said in reading.unmapped
    assert any(code.startswith("text.") for code in codes(reading)) == is_told
