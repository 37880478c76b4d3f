"""No typed word is lost: against an independent walk of the XML, over documents of all kinds."""
# ruff: noqa: E501 - raw XML reads better on one line

import io
import os
import zipfile
from pathlib import Path

import docx
import pytest
from lxml import etree

from peer_challenge.model.vocabulary import Kind
from peer_challenge.word.answers.locate_cells import CellPlaces, find_cells_at_places
from peer_challenge.word.answers.read_document import read_document
from peer_challenge.word.form.printed_text_hashes import own_text_marks
from peer_challenge.word.package import marks
from tests.unit.word_reading import builder as b
from tests.unit.word_reading.builder import answer_row, cell, document, p, para, run, schedule, t
from tests.unit.word_reading.forms_to_read import ADDRESSES, filled_self_assessment, known
from tests.unit.word_reading.oracle import texts_of, typed_pieces
from tests.unit.word_reading.reads import KNOWN, PLACE, first, read, read_cell


def _corpus() -> list[Path]:
    folder = os.environ.get("PEER_CHALLENGE_CORPUS")
    return sorted(file for file in Path(folder).rglob("*.do[ct]x")) if folder else []


@pytest.mark.parametrize("file", _corpus(), ids=lambda file: file.name)
def test_nothing_is_lost_of_any_document_of_the_collection(file: Path) -> None:
    data = file.read_bytes()
    reading = read_document(data, known())
    assert reading.findings
    if not any(finding.code.startswith("open.") for finding in reading.findings):
        held = texts_of(reading)
        assert [piece for piece in typed_pieces(data) if piece not in held] == []


def test_a_filled_form_reads_into_its_rows_in_the_order_of_the_framework() -> None:
    reading = read_document(filled_self_assessment(), known())
    assert tuple(row["subheading"] for row in reading.rows) == ADDRESSES
    assert all(row["strengths"] and row["development"] and row["rating"] for row in reading.rows)
    assert reading.unmapped == []


def test_a_row_and_a_line_that_somebody_added_are_kept_whole_though_the_form_prints_such_words() -> None:
    form = docx.Document(io.BytesIO(filled_self_assessment()))
    schedule = next(table for table in form.tables if len(table.columns) == 4 and len(table.rows) > 2)
    for added, text in zip(schedule.add_row().cells, ("Our own", "We did", "Partner", "RED"), strict=True):
        added.text = text
    form.add_paragraph("Amber")
    out = io.BytesIO()
    form.save(out)
    assert read_document(out.getvalue(), known()).unmapped == ["Our own | We did | Partner | RED", "Amber"]


@pytest.mark.parametrize(
    ("xml", "text"),
    [
        (run('<w:sym w:font="Wingdings" w:char="F0FC"/>'), "✓"),
        (run(t("co") + "<w:noBreakHyphen/>" + t("op") + "<w:softHyphen/>" + t("ed")), "co\u2011op\u00aded"),
        (f"<w:smartTag>{run(t('Leeds'))}</w:smartTag>", "Leeds"),
        (f"<w:sdt>{t('Leeds')}</w:sdt>", "Leeds"),
        (f'<w:fldSimple w:instr="PAGE">{run(t("7"))}</w:fldSimple>', "7"),
        (
            '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>REF x</w:instrText></w:r><w:r><w:fldChar '
            f'w:fldCharType="separate"/></w:r>{run(t("Result"))}<w:r><w:fldChar w:fldCharType="end"/></w:r>',
            "Result",
        ),
        (
            '<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:ddList><w:result w:val="1"/><w:listEntry w:val="a"/>'
            '<w:listEntry w:val="Chosen"/></w:ddList></w:ffData></w:fldChar></w:r>',
            "Chosen",
        ),
        (
            f"<w:r><w:ruby><w:rt>{run(t('kan'))}</w:rt><w:rubyBase>{run(t('漢'))}</w:rubyBase></w:ruby></w:r>",
            "漢",
        ),
        (
            '<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:ddList><w:listEntry w:val="Shown"/></w:ddList></w:ffData>'
            '</w:fldChar><w:instrText>FORMDROPDOWN</w:instrText><w:fldChar w:fldCharType="separate"/></w:r>'
            f'{run(t("Sho"))}{run(t("wn"))}<w:r><w:fldChar w:fldCharType="end"/></w:r>{run(t(", and more"))}',
            "Shown, and more",
        ),
        ("<m:oMath><m:r><m:t>x=1</m:t></m:r></m:oMath>", "x=1"),
        (
            "<m:oMath><m:f><m:num><m:r><m:t>7</m:t></m:r></m:num><m:den><m:sSup><m:e><m:r><m:t>10</m:t></m:r></m:e><m:sup>"
            "<m:r><m:t>2</m:t></m:r></m:sup></m:sSup></m:den></m:f><m:nary><m:sup><w:del><m:r><m:t>9</m:t></m:r></w:del></m:sup>"
            "<m:e/></m:nary></m:oMath>",
            "7/10^2",
        ),
        (run(t("שלום"), "<w:rtl/>"), "שלום"),
    ],
)
def test_what_plain_readers_lose_is_in_its_cell(xml: str, text: str) -> None:
    assert first(read_cell("strengths", cell(para(xml))))["strengths"] == text


def test_text_outside_the_table_is_kept() -> None:
    parts = {
        "word/header1.xml": b.part("hdr", p("A header of theirs")),
        "word/footnotes.xml": b.part("footnotes", f"<w:footnote>{p('A note')}</w:footnote>"),
    }
    reading = read(schedule(after=p("P.S. One more thing")), parts=parts)
    assert sorted(reading.unmapped) == ["A header of theirs", "A note", "P.S. One more thing"]


def test_a_header_is_read_whatever_its_part_is_called() -> None:
    parts = {"word/top.part": b.part("hdr", p("A header of theirs"))}
    held = {"parts": parts, "relationships": b.relationship("h", "header", "top.part")}
    assert read(schedule(), **held).unmapped == ["A header of theirs"]


def test_struck_words_in_a_text_box_are_kept_once() -> None:
    box = f"<w:txbxContent>{para(run(t('Struck'), '<w:strike/>') + run(t('Kept')))}</w:txbxContent>"
    both = f'<mc:Choice Requires="wps"><wps:txbx>{box}</wps:txbx></mc:Choice><mc:Fallback>{box}</mc:Fallback>'
    before = run(t("Before"), "<w:strike/>")
    xml = para(before + f"<w:r><mc:AlternateContent>{both}</mc:AlternateContent></w:r>")
    reading = read_cell("strengths", cell(xml))
    assert first(reading)["strengths"] == "\nKept"
    assert reading.unmapped == ["Before", "Struck"]


def test_hidden_words_of_two_paragraphs_stay_apart_and_those_of_two_runs_together() -> None:
    style, hidden = '<w:pPr><w:pStyle w:val="Normal"/></w:pPr>', "<w:vanish/>"
    one = para(style + run(t("Not y"), hidden) + '<w:proofErr w:type="gramStart"/>' + run(t("et"), hidden))
    other = para(style + run(t("seen")) + run(t("Nor this"), hidden))
    reading = read_cell("strengths", cell(one + other))
    assert first(reading)["strengths"] == "\nseen"
    assert reading.unmapped == ["Not yet", "Nor this"]


def test_rows_and_cells_said_in_two_ways_are_read_once_and_no_word_is_lost() -> None:
    def either(choice: str, other: str) -> str:
        return (
            f'<mc:AlternateContent><mc:Choice Requires="w14">{choice}</mc:Choice><mc:Fallback>{other}</mc:Fallback>'
            "</mc:AlternateContent>"
        )

    made = either(answer_row(PLACE), b.row(cell(p("Another way")), cell(p(f"Strengths of {PLACE}."))))
    assert first(read(schedule({PLACE: made})))["strengths"] == f"Strengths of {PLACE}."
    assert read(schedule({PLACE: made})).unmapped == ["Another way"]
    cells = either(cell(p("One way")), cell(p("Another way")))
    reading = read_cell("strengths", cells)
    assert (first(reading)["strengths"], reading.unmapped) == ("One way", ["Another way"])


def test_controls_of_the_same_words_side_by_side_are_all_read_after_libreoffice() -> None:
    ticked = f"<w:sdt><w:sdtContent>{run(t('☒'))}</w:sdtContent></w:sdt>"
    saved_by = {"docProps/app.xml": "<Properties><Application>LibreOffice/7.4</Application></Properties>"}
    reading = read_cell("strengths", cell(para(ticked * 2)), parts=saved_by)
    assert first(reading)["strengths"] == "☒☒"


def test_headers_notes_and_comments_are_kept_though_they_begin_like_a_marking_or_a_page() -> None:
    parts = {
        "word/header1.xml": b.part("hdr", p("OFFICIAL-SENSITIVE", "Page 3 of 12", "Official copy of June")),
        "word/footnotes.xml": b.part(
            "footnotes", f"<w:footnote>{p('Official figures.', '12', 'Amber')}</w:footnote>"
        ),
        "word/comments.xml": b.part("comments", f"<w:comment>{p('Secret?', '2026', 'Police')}</w:comment>"),
    }
    kept = ["Official copy of June", "Official figures.", "12", "Amber", "Secret?", "2026", "Police"]
    assert sorted(read(schedule(), parts=parts).unmapped) == sorted(kept)


def test_a_partner_named_below_the_table_is_kept_though_tables_print_it() -> None:
    named = ["Written by:", "Police", "2. Local authority"]
    assert read(schedule(after=p(*named))).unmapped == named
    in_one = para(run(t("Police") + "<w:br/>" + t("Local authority")))
    assert read(schedule(after=in_one)).unmapped == ["Police\nLocal authority"]
    assert read(schedule(), parts={"word/header1.xml": b.part("hdr", p("Police"))}).unmapped == ["Police"]


def test_a_number_is_kept_though_tables_print_it_but_for_that_of_a_page() -> None:
    printed = {"marked": {**b.MARKS, **own_text_marks(["3"])}}
    votes = b.table(b.row(cell(p("3")), cell(p("3"))))
    parts = {"word/footer1.xml": b.part("ftr", p("3"))}
    assert read(schedule(after=p("3") + votes), parts=parts, **printed).unmapped == ["3", "3 | 3"]


def test_a_table_that_somebody_added_is_kept_whole_though_forms_print_its_words() -> None:
    """A rating for each partner is asked for nowhere, and so is printed nowhere."""
    partners = b.row(cell(p("Police")), cell(p("RED"))), b.row(cell(p("Local authority")), cell(p("AMBER")))
    said = b.row(cell(p("All of us")), cell(p("Agreed in March")))
    words = ["Police | RED", "Local authority | AMBER"]
    assert read(schedule() + p() + b.table(*partners)).unmapped == words
    assert read(schedule() + p() + b.table(*partners, said)).unmapped == [
        *words,
        "All of us | Agreed in March",
    ]


def test_a_struck_out_rating_is_kept_though_the_form_prints_it() -> None:
    printed = {**b.MARKS, **own_text_marks(["Amber"])}
    xml = para(run(t("Amber"), "<w:strike/>") + run(t("Green")))
    reading = read_cell("rating", cell(xml), marked=printed)
    assert (first(reading)["rating"], reading.unmapped) == ("GREEN", ["Amber"])


def test_an_area_for_development_named_without_an_action_is_kept_unless_it_is_said_again() -> None:
    def row(address: str, *texts: str) -> str:
        mark = b.mark(marks.row_bookmark(address))
        return b.row(cell(para(mark)), *(cell(p(text)) for text in texts))

    rows = (
        row("development/1", "Audits", "Do it", "A head", "", ""),
        row("development/1/2", "Also the audits of schools", "", "", "", ""),
        row("development/1/3", "Audits", "", "", "", ""),
        row("development/1/4", "Audits", "Audits", "", "", ""),
    )
    held = b.MARKS | {marks.KIND: Kind.ACTION_PLAN.value}
    items = read(b.table(b.header(kind=Kind.ACTION_PLAN), *rows), marked=held).items
    assert [(item["development"], item["action"]) for item in items] == [
        ("Audits", "Do it"),
        ("Also the audits of schools", ""),
        ("Audits", "Audits"),
    ]


@pytest.mark.parametrize("before", [0, 2])
def test_irregular_grids_do_not_move_an_answer(before: int) -> None:
    made = answer_row(PLACE)
    shifted = made.replace("<w:tr>", f'<w:tr><w:trPr><w:gridBefore w:val="{before}"/></w:trPr>')
    assert first(read(schedule({PLACE: shifted})))["strengths"] == f"Strengths of {PLACE}."


def test_columns_in_another_order_are_known_by_their_headers() -> None:
    rows = [
        b.row(
            b.title_cell(a, is_marked=False), cell(p("G")), cell(p(f"D {a}")), cell(p("x")), cell(p(f"S {a}"))
        )
        for a in b.ROWS
    ]
    heads = ("Sub-heading", "RAG rating", "Areas for development", "Notes", "Strengths and evidence")
    reading = read(b.table(b.row(*(cell(p(head)) for head in heads)), *rows))
    assert [(r["strengths"], r["development"], r["rating"]) for r in reading.rows] == [
        (f"S {a}", f"D {a}", "GREEN") for a in b.ROWS
    ]
    assert reading.unmapped.count("Notes") == 1
    assert reading.unmapped.count("x") == 4


def test_every_answer_can_be_found_again_in_the_authors_own_file() -> None:
    data = document(schedule())
    root = etree.fromstring(zipfile.ZipFile(io.BytesIO(data)).read("word/document.xml"))
    reading = read_document(data, KNOWN)
    assert set(reading.places[PLACE]) == {"subheading", "strengths", "development", "rating", "commentary"}
    cells = find_cells_at_places(root, CellPlaces(reading.main_part, reading.places))
    for address in {row["subheading"] or "" for row in reading.rows}:
        assert "".join(cells[address, "strengths"].itertext()) == f"Strengths of {address}."
