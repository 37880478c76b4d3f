"""What programs leave in the XML of a real form: each word is read once, in its cell, or kept and told."""
# ruff: noqa: E501 - raw XML reads better on one line

from collections.abc import Callable

import pytest

from peer_challenge.model.vocabulary import Kind
from peer_challenge.rehearsal.handwriting import Sheet
from peer_challenge.word.package.namespaces import TBL, P, w
from peer_challenge.word.package.xml_element import XmlElement
from tests.changed_forms import as_programs_without_marks_save
from tests.factories import a_filled
from tests.unit.word_reading import builder as b
from tests.unit.word_reading.builder import cell, p, para, part, row, run, t
from tests.unit.word_reading.edits import PLACES, cells_of, fill, read_as_filled, read_form, with_part, xml
from tests.unit.word_reading.reads import codes

SA, AN, RE, CR, AP, PR = PLACES


def box(content: str) -> str:
    return f'<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:txbxContent>{content}</w:txbxContent></mc:Choice><mc:Fallback><w:pict><w:txbxContent>{content}</w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent></w:r>'


def control(content: str, properties: str = "") -> str:
    return f"<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>"


def changed(name: str, content: str, number: int = 1) -> str:
    return f'<w:{name} w:id="{number}" w:author="a">{content}</w:{name}>'


def field_of(kind: str, inside: str) -> str:
    return (
        f'<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:{kind}/></w:ffData></w:fldChar></w:r><w:r><w:instrText> FORMTEXT </w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{inside}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


CELLS: dict[str, tuple[Kind, str, str, frozenset[str], tuple[str, ...]]] = {
    "a text box in two versions": (RE, para(run(t("Before ")) + box(p("In a box"))), "Before \nIn a box", frozenset({"word.text_box"}), ()),
    "a smart tag": (AN, para(f"<w:smartTag><w:smartTagPr/>{run(t('Ashcombe'))}</w:smartTag>{run(t(' met'))}"), "Ashcombe met", frozenset(), ()),
    "custom XML around paragraphs": (AP, f"<w:customXml><w:customXmlPr/>{p('One')}<w:customXml>{p('Two')}</w:customXml></w:customXml>", "One\nTwo", frozenset(), ()),
    "a gloss above a word": (CR, para(f"<w:r><w:ruby><w:rubyPr/><w:rt>{run(t('gloss'))}</w:rt><w:rubyBase>{run(t('Word'))}</w:rubyBase></w:ruby></w:r>"), "Word", frozenset(), ("gloss",)),
    "a field in one element": (PR, para(f'<w:fldSimple w:instr="DATE">{run(t("31 March 2028"))}</w:fldSimple>'), "31 March 2028", frozenset(), ()),
    "a form field": (RE, para(field_of("textInput", run(t("Typed in it")))), "Typed in it", frozenset(), ()),
    "another document inside": (RE, p("First half") + '<w:altChunk r:id="no"/><w:p/>', "First half", frozenset({"word.imported_part"}), ()),
    "a paragraph inserted": (CR, para(changed("ins", run(t("One")))) + para(changed("ins", run(t("Two")), 2)), "One\nTwo", frozenset({"word.tracked_changes"}), ()),
    "an insertion deleted by another": (AN, para(changed("ins", changed("del", "<w:r><w:delText>gone</w:delText></w:r>", 2) + run(t("stays")))), "stays", frozenset({"word.tracked_changes"}), ()),
    "words moved within a cell": (PR, para(changed("moveFrom", run(t("moved")))) + para(run(t("Kept, ")) + changed("moveTo", run(t("moved")), 2)), "\nKept, moved", frozenset({"word.tracked_changes"}), ()),
    "hidden words": (RE, para(run(t("Seen. ")) + run(t("Unseen."), "<w:vanish/>")), "Seen.", frozenset({"word.hidden_text"}), ("Unseen.",)),
    "words hidden on the web alone": (RE, para(run(t("Seen here"), "<w:webHidden/>")), "Seen here", frozenset(), ()),
    "capitals by format": (CR, para(run(t("we agree "), "<w:caps/>") + run(t("all"), "<w:smallCaps/>")), "we agree all", frozenset(), ()),
    "signs of symbol fonts": (AN, para('<w:r><w:sym w:font="Wingdings" w:char="F0E0"/></w:r>' + run(t(" down to 12"))), "→ down to 12", frozenset(), ()),
    "characters nobody sees": (SA, p("Safe\u200bguarding \u202bx\u202c\xa0y"), "Safe\u200bguarding \u202bx\u202c y", frozenset(), ()),
    "breaks of lines and pages": (PR, para('<w:r><w:t>One</w:t><w:br/><w:t>Two</w:t><w:br w:type="page"/><w:t>Three</w:t><w:cr/><w:t>four</w:t></w:r>'), "One\nTwo\nThree\nfour", frozenset(), ()),
    "the end of a section": (CR, f"<w:p><w:pPr><w:sectPr/></w:pPr>{run(t('Before it'))}</w:p>", "Before it", frozenset(), ()),
    "an equation": (SA, para(run(t("Rate ")) + "<m:oMathPara><m:oMath><m:f><m:num><m:r><m:t>7</m:t></m:r></m:num><m:den><m:r><m:t>8</m:t></m:r></m:den></m:f></m:oMath></m:oMathPara>"), "Rate 7/8", frozenset(), ()),
    "locked controls in each other": (AP, control(control(p("Locked"), '<w:lock w:val="contentLocked"/>') + p("More"), '<w:lock w:val="sdtLocked"/>'), "Locked\nMore", frozenset(), ()),
    "a repeated section": (PR, control(control(p("Item A")) + control(p("Item B"))), "Item A\nItem B", frozenset(), ()),
    "a control that says it shows a prompt": (RE, control(p("An answer"), "<w:showingPlcHdr/>"), "An answer", frozenset(), ()),
    "tables three deep": (RE, b.table(row(cell(b.table(row(cell(b.table(row(cell(p("Deep")))) + p("")))) + p("")))) + p(""), "Deep", frozenset({"word.nested_table"}), ()),
    "empty paragraphs": (AN, p("", "Answer", "", "More", ""), "\nAnswer\n\nMore", frozenset(), ()),
    "marks of spelling and permission": (SA, '<w:permStart w:id="9"/>' + para(f'<w:proofErr w:type="spellStart"/>{run(t("Teh "))}<w:proofErr w:type="spellEnd"/>{run(t("answer"))}') + '<w:permEnd w:id="9"/>', "Teh answer", frozenset(), ()),
    "directions of writing": (RE, para(f'<w:dir w:val="rtl">{run(t("one "))}</w:dir><w:bdo w:val="rtl">{run(t("two"))}</w:bdo>'), "one two", frozenset(), ()),
    "an insertion in a link": (AN, para(f'<w:hyperlink w:anchor="x">{changed("ins", run(t("linked")))}</w:hyperlink>{run(t(" words"))}'), "linked words", frozenset({"word.tracked_changes"}), ()),
    "four thousand words": (SA, p("word " * 4000), ("word " * 4000).rstrip(), frozenset(), ()),
}  # fmt: skip


@pytest.mark.parametrize("name", CELLS)
def test_a_cell_is_read_whatever_its_xml_is(name: str) -> None:
    kind, content, right, told, kept = CELLS[name]
    sheet = Sheet(a_filled(kind))
    fill(sheet.cell(*PLACES[kind]), content)
    reading = read_form(sheet.saved())
    assert cells_of(reading) == cells_of(read_as_filled(kind)) | {PLACES[kind]: right}
    assert (codes(reading), tuple(reading.unmapped)) == (told, kept)


def wrap(sheet: Sheet, name: str, wrapper: str, within: Callable[[XmlElement], XmlElement]) -> None:
    for element in list(sheet.root.iter(w(name))):
        (around,) = xml(wrapper)
        element.addprevious(around)
        within(around).append(element)


def unwrap_controls(sheet: Sheet) -> None:
    """As editors do that know no controls."""
    for element in list(sheet.root.iter(w("sdt"))):
        for child in list(element.find(w("sdtContent"))):
            element.addprevious(child)
        element.getparent().remove(element)


def put_into_sections(sheet: Sheet) -> None:
    """A page on its side after the first table."""
    next(sheet.root.iter(TBL)).addnext(
        xml('<w:p><w:pPr><w:sectPr><w:pgSz w:orient="landscape"/></w:sectPr></w:pPr></w:p>')[0]
    )


def remove_styles(sheet: Sheet) -> None:
    sheet._parts.pop("word/styles.xml")


def protect(sheet: Sheet) -> None:
    settings = sheet._parts["word/settings.xml"]
    lock = b'<w:documentProtection w:edit="forms" w:enforcement="1"/></w:settings>'
    sheet._parts["word/settings.xml"] = settings.replace(b"</w:settings>", lock)


WHOLE: dict[str, Callable[[Sheet], None]] = {
    "controls taken away": unwrap_controls,
    "controls around tables": lambda sheet: wrap(sheet, "tbl", control(""), lambda around: around[1]),
    "controls around cells": lambda sheet: wrap(sheet, "tc", control(""), lambda around: around[1]),
    "custom XML around rows": lambda sheet: wrap(sheet, "tr", "<w:customXml/>", lambda around: around),
    "two sections": put_into_sections,
    "no styles": remove_styles,
    "protected": protect,
}


@pytest.mark.parametrize("kind", PLACES)
@pytest.mark.parametrize("name", WHOLE)
def test_a_form_is_read_however_a_program_saves_it(name: str, kind: Kind) -> None:
    sheet = Sheet(a_filled(kind))
    WHOLE[name](sheet)
    reading = read_form(sheet.saved())
    assert cells_of(reading) == cells_of(read_as_filled(kind))
    assert (reading.findings, reading.unmapped) == ([], [])


@pytest.mark.parametrize("note", ["footnote", "endnote", "comment"])
@pytest.mark.parametrize("kind", PLACES)
def test_a_note_on_an_answer_is_kept_and_told(note: str, kind: Kind) -> None:
    sheet = Sheet(a_filled(kind))
    with_part(
        sheet,
        f"word/{note}s.xml",
        part(f"{note}s", f'<w:{note} w:id="77">{p("Only the police see it so.")}</w:{note}>').encode(),
    )
    next(sheet.cell(*PLACES[kind]).iter(P)).extend(xml(f'<w:r><w:{note}Reference w:id="77"/></w:r>'))
    reading = read_form(sheet.saved())
    assert cells_of(reading) == cells_of(read_as_filled(kind))
    assert reading.unmapped == ["Only the police see it so."]
    assert codes(reading) == {"word.margin_comments" if note == "comment" else "word.notes"}


def test_words_moved_from_one_answer_to_another_are_in_the_second() -> None:
    address, other = PLACES[SA][0], "development"
    sheet = Sheet(a_filled(SA))
    fill(sheet.cell(address, "strengths"), para(changed("moveFrom", run(t("Work to do."))) + run(t("Kept."))))
    sheet.cell(address, other).extend(xml(para(changed("moveTo", run(t("Work to do.")), 2))))
    before = cells_of(read_as_filled(SA))
    reading = read_form(sheet.saved())
    moved = {(address, "strengths"): "Kept.", (address, other): f"{before[address, other]}\nWork to do."}
    assert cells_of(reading) == before | moved
    assert codes(reading) == {"word.tracked_changes"}


def test_a_row_that_is_deleted_in_tracked_changes_is_gone() -> None:
    sheet = Sheet(a_filled(RE))
    deleted = sheet.row(PLACES[RE][0])
    deleted.insert(0, xml(f"<w:trPr>{changed('del', '')}</w:trPr>")[0])
    left = {place: said for place, said in cells_of(read_as_filled(RE)).items() if place[0] != PLACES[RE][0]}
    assert cells_of(read_form(sheet.saved())) == left


@pytest.mark.parametrize(
    ("kind", "column", "typed", "read"),
    [
        (SA, "rating", "GreenChoose a rating", "GREEN"),
        (SA, "rating", "Choose a ratingRed", "RED"),
        (RE, "response_kind", "Further evidenceChoose the kind", "further evidence"),
        (PR, "status", "DoneChoose how far", "done"),
    ],
)
def test_a_choice_typed_beside_its_prompt_is_that_choice(
    kind: Kind, column: str, typed: str, read: str
) -> None:
    """As LibreOffice saves a form that somebody filled in with the keyboard alone."""
    address = PLACES[kind][0]
    sheet = Sheet(a_filled(kind))
    fill(sheet.cell(address, column), p(typed))
    assert cells_of(read_form(sheet.saved()))[address, column] == read


@pytest.mark.parametrize(
    ("kind", "column", "typed"),
    [
        (AP, "action", "Choose a date with families for each review"),
        (SA, "development", "Choose a rating scale that every team uses"),
        (SA, "strengths", "Choose yes or no consent forms. We Choose a rating"),
    ],
)
@pytest.mark.parametrize("program", [bytes, as_programs_without_marks_save])
def test_an_answer_that_begins_like_a_prompt_keeps_its_words(
    kind: Kind, column: str, typed: str, program: Callable[[bytes], bytes]
) -> None:
    address = PLACES[kind][0]
    sheet = Sheet(a_filled(kind))
    fill(sheet.cell(address, column), p(typed))
    assert cells_of(read_form(program(sheet.saved())))[address, column] == typed


def test_a_cell_that_a_damaged_file_has_within_a_controls_properties_costs_no_words() -> None:
    sheet = Sheet(a_filled(SA))
    stray = f"<w:tc>{p('Stray words.')}</w:tc>"
    fill(sheet.cell(PLACES[SA][0], "strengths"), control(p("Typed words."), stray))
    reading = read_form(sheet.saved())
    kept = [*cells_of(reading).values(), *reading.unmapped]
    assert all(any(words in (text or "") for text in kept) for words in ("Stray words.", "Typed words."))
