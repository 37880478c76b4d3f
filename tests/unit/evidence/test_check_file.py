"""What may be passed on of a file that came with a form, and why something may not."""

import io
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from datetime import datetime

import docx
import openpyxl
import pytest
from docx.oxml import OxmlElement
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import FreeText, Link
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)

from peer_challenge.evidence.check_file import CheckedFile, check_file
from peer_challenge.evidence.refusal_words import REFUSALS, Refusal
from peer_challenge.word.active_content.outgoing import find_in_file
from tests.unit.evidence.files import AUTHOR, a_pdf, a_picture, a_word_document, a_workbook

DAY = datetime(2027, 3, 1)
WORDS = "We audited forty cases in the hub."


def checked(data: bytes) -> CheckedFile:
    return check_file(data, "hub.pdf", "Evidence 1", ("Ashcombe",), DAY)


def changed_pdf(change: Callable[[PdfWriter], object]) -> bytes:
    """A PDF of one page that was changed."""
    writer, made = PdfWriter(clone_from=io.BytesIO(a_pdf(WORDS))), io.BytesIO()
    change(writer)
    writer.write(made)
    return made.getvalue()


def run_on_opening(writer: PdfWriter) -> None:
    """Add a script that runs when the document is opened, and one when its page is."""
    script = {"/S": NameObject("/JavaScript"), "/JS": TextStringObject("app.alert(1)")}
    action = DictionaryObject({NameObject(key): value for key, value in script.items()})
    writer.root_object[NameObject("/OpenAction")] = action
    writer.pages[0][NameObject("/AA")] = DictionaryObject({NameObject("/O"): action})


def a_changed_workbook(change: Callable[[openpyxl.Workbook], object]) -> bytes:
    """A workbook that was changed."""
    book, made = openpyxl.load_workbook(io.BytesIO(a_workbook([["Measure", "Now"]]))), io.BytesIO()
    change(book)
    book.save(made)
    return made.getvalue()


def hide_a_row(book: openpyxl.Workbook) -> None:
    book.active.row_dimensions[1].hidden = True


def add_a_comment(book: openpyxl.Workbook) -> None:
    book.active["A1"].comment = openpyxl.comments.Comment("Is this right?", AUTHOR)


def with_tracked_change() -> bytes:
    """A Word document in which something was deleted while changes were tracked."""
    document, made = docx.Document(), io.BytesIO()
    deletion, run, text = (OxmlElement(name) for name in ("w:del", "w:r", "w:delText"))
    text.text = "We were not honest here."
    run.append(text)
    deletion.append(run)
    document.add_paragraph(WORDS)._p.append(deletion)
    document.save(made)
    return made.getvalue()


def with_hidden_words() -> bytes:
    """A Word document with words that are not shown."""
    document, made = docx.Document(), io.BytesIO()
    document.add_paragraph(WORDS).add_run("Not for others").font.hidden = True
    document.save(made)
    return made.getvalue()


def with_comment() -> bytes:
    """A Word document with a comment in its margin."""
    document, made = docx.Document(), io.BytesIO()
    run = document.add_paragraph().add_run(WORDS)
    document.add_comment(run, "Is this right?", author=AUTHOR, initials="A")
    document.save(made)
    return made.getvalue()


def a_scan_of_pages(count: int) -> bytes:
    """A TIFF of several pages, as a scanner makes it."""
    made, pages = io.BytesIO(), [Image.new("L", (40, 30), 10 * page) for page in range(count)]
    pages[0].save(made, "TIFF", save_all=True, append_images=pages[1:])
    return made.getvalue()


def with_results(*cells: str) -> bytes:
    """A workbook of formulas in column A, each with a cell's attributes and result as Excel writes them."""
    made, whole = io.BytesIO(), a_workbook([[f"=B{row}"] for row in range(1, len(cells) + 1)])
    with zipfile.ZipFile(io.BytesIO(whole)) as before, zipfile.ZipFile(made, "w") as after:
        for name in before.namelist():
            data = before.read(name)
            for row, cell in enumerate(cells if "sheet1" in name else (), 1):
                kind, value = cell.split(":")
                written = f'<c r="A{row}"><f>B{row}</f><v></v></c>'
                assert written.encode() in data or b"<v />" in data
                result = f'<c r="A{row}" t="{kind}"><f>B{row}</f>{value}</c>'
                data = data.replace(written.encode(), result.encode())
            after.writestr(name, data)
    return made.getvalue()


REFUSED: dict[Refusal, tuple[bytes, ...]] = {
    Refusal.KIND: (
        b"a,b\n1,2\n",
        b"MZ program",
    ),
    Refusal.EMPTY: (b"",),
    Refusal.DAMAGED: (b"%PDF-1.7 evidence", a_picture()[:200]),
    Refusal.LOCKED: (changed_pdf(lambda w: w.encrypt("word")),),
    Refusal.FIELDS: (
        changed_pdf(lambda w: w.add_attachment("a.txt", b"words")),
        changed_pdf(lambda w: w.add_annotation(0, FreeText(text="A note", rect=(0, 0, 50, 50)))),
    ),
    Refusal.SEVERAL_PAGES: (a_scan_of_pages(5),),
    Refusal.CHANGES: (with_tracked_change(),),
    Refusal.COMMENTS: (with_comment(), a_changed_workbook(add_a_comment)),
    Refusal.HIDDEN: (with_hidden_words(), a_changed_workbook(hide_a_row)),
    Refusal.NO_VALUES: (a_workbook([["=1+1"]]), with_results("str:<v></v>", "n:<v>2</v>", "n:")),
    Refusal.MARKING: (a_word_document("SECRET", WORDS),),
    Refusal.IDENTIFYING: (
        a_word_document("Jayden Smith, aged 7, told us."),
        a_pdf("Jayden Smith, aged 7, told us."),
        a_workbook([["Jayden Smith, aged 7, told us."]]),
    ),
}


@pytest.mark.parametrize("refusal", REFUSED, ids=str)
def test_what_we_cannot_pass_on_is_refused_with_the_reason(refusal: Refusal) -> None:
    assert {checked(data).refusal for data in REFUSED[refusal]} == {refusal}


def test_each_reason_has_words_for_the_area() -> None:
    assert set(REFUSALS) == set(Refusal) and all(words.message for words in REFUSALS.values())


@pytest.mark.parametrize(
    ("data", "ending"),
    [
        (a_pdf(WORDS), "pdf"),
        (a_word_document(WORDS), "docx"),
        (a_workbook([[WORDS]]), "xlsx"),
        (a_picture(), "jpg"),
    ],
    ids=["pdf", "docx", "xlsx", "jpg"],
)
def test_a_copy_has_no_author_and_is_the_same_each_time(data: bytes, ending: str) -> None:
    found = checked(data)
    assert (found.refusal, found.ending) == (None, ending)
    parts = [found.copy]
    if zipfile.is_zipfile(io.BytesIO(found.copy)):
        with zipfile.ZipFile(io.BytesIO(found.copy)) as archive:
            parts = [archive.read(name) for name in archive.namelist()]
    assert not any(AUTHOR.encode() in part for part in parts)
    assert find_in_file(found.copy, ending) == []
    assert found.has_words is (ending != "jpg")


def test_a_copy_of_a_pdf_has_its_pages_and_nothing_that_runs_or_leads_anywhere() -> None:
    def change(writer: PdfWriter) -> None:
        run_on_opening(writer)
        writer.add_annotation(0, Link(rect=(0, 0, 50, 50), url="https://tracker.example/"))

    active = changed_pdf(change)
    assert find_in_file(active, "pdf") == ["active.pdf"]
    found = checked(active)
    assert found.refusal is None
    assert not any(words in found.copy for words in (b"alert", b"tracker", b"JavaScript", b"Annots"))


def add_notes_of_programs(writer: PdfWriter) -> None:
    """Add what programs note: at the document, the page, an image, a font and what a page is drawn with."""
    page = writer.pages[0]
    note = StreamObject()
    note.set_data(b"<x:xmpmeta>" + AUTHOR.encode() + b"</x:xmpmeta>")
    reference = writer._add_object(note)
    image = StreamObject()
    image.set_data(b"\x00" * 3)
    for key, value in {"Type": "/XObject", "Subtype": "/Image", "ColorSpace": "/DeviceRGB"}.items():
        image[NameObject(f"/{key}")] = NameObject(value)
    for key, size in {"Width": 1, "Height": 1, "BitsPerComponent": 8}.items():
        image[NameObject(f"/{key}")] = NumberObject(size)
    private = DictionaryObject({NameObject("/Private"): TextStringObject(AUTHOR)})
    image[NameObject("/Metadata")] = reference
    image[NameObject("/PieceInfo")] = private
    resources = page["/Resources"].get_object()
    for font in resources["/Font"].get_object().values():
        font.get_object()[NameObject("/PieceInfo")] = private
    resources[NameObject("/XObject")] = DictionaryObject({NameObject("/I"): writer._add_object(image)})
    layers = DictionaryObject({NameObject("/P"): private})
    resources[NameObject("/Properties")] = writer._add_object(layers)
    page[NameObject("/Resources")] = writer._add_object(resources)
    for holder in (writer.root_object, page):
        holder[NameObject("/Metadata")] = reference
        holder[NameObject("/PieceInfo")] = private
    page[NameObject("/Thumb")] = writer._add_object(image)


def test_a_copy_of_a_pdf_keeps_no_notes_of_programs_wherever_they_hang() -> None:
    changed = changed_pdf(add_notes_of_programs)
    assert changed.count(AUTHOR.encode()) > 2
    found = checked(changed)
    assert found.refusal is None and WORDS in PdfReader(io.BytesIO(found.copy)).pages[0].extract_text()
    assert "/I" in PdfReader(io.BytesIO(found.copy)).pages[0]["/Resources"]["/XObject"]
    names = (AUTHOR.encode(), b"/Metadata", b"/PieceInfo", b"/Properties", b"/Thumb", b"/Private")
    assert not [name for name in names if name in found.copy]


def with_photograph(photo: bytes, filters: list[str]) -> bytes:
    """A PDF with a photograph on its page, packed once more where `filters` says so."""

    def add(writer: PdfWriter) -> None:
        image = StreamObject()
        image._data = zlib.compress(photo) if filters[0] == "FlateDecode" else photo
        for key, value in {"Type": "XObject", "Subtype": "Image", "ColorSpace": "DeviceRGB"}.items():
            image[NameObject(f"/{key}")] = NameObject(f"/{value}")
        for key, size in {"Width": 320, "Height": 200, "BitsPerComponent": 8}.items():
            image[NameObject(f"/{key}")] = NumberObject(size)
        names = [NameObject(f"/{name}") for name in filters]
        image[NameObject("/Filter")] = names[0] if len(names) == 1 else ArrayObject(names)
        resources = writer.pages[0]["/Resources"].get_object()
        resources[NameObject("/XObject")] = DictionaryObject({NameObject("/I"): writer._add_object(image)})

    return changed_pdf(add)


def a_jpeg_2000() -> bytes:
    """A photograph in the newer format, with a note in a box of its own before its dots."""
    made = io.BytesIO()
    Image.new("RGB", (320, 200), "olive").save(made, "JPEG2000")
    note, at = b"xml <by>" + AUTHOR.encode() + b"</by>", made.getvalue().index(b"jp2c") - 4
    box = struct.pack(">I", len(note) + 4) + note
    return made.getvalue()[:at] + box + made.getvalue()[at:]


@pytest.mark.threat("evidence-reader")
@pytest.mark.parametrize(
    ("photo", "filters"),
    [
        (a_picture() + b"behind its end: " + AUTHOR.encode(), ["DCTDecode"]),
        (a_picture(), ["FlateDecode", "DCTDecode"]),
        (a_jpeg_2000(), ["JPXDecode"]),
    ],
    ids=["JPEG", "JPEG packed once more", "JPEG 2000"],
)
def test_a_photograph_in_a_pdf_keeps_its_dots_and_loses_its_notes(photo: bytes, filters: list[str]) -> None:
    assert AUTHOR.encode() in photo
    found = checked(with_photograph(photo, filters))
    assert found.refusal is None
    kept = PdfReader(io.BytesIO(found.copy)).pages[0]["/Resources"]["/XObject"]["/I"].get_object()._data
    assert AUTHOR.encode() not in kept and AUTHOR.encode() not in found.copy
    with Image.open(io.BytesIO(photo)) as before, Image.open(io.BytesIO(kept)) as after:
        assert after.tobytes() == before.tobytes()


def with_part_of_sheet(before: bytes, after: bytes) -> bytes:
    """A workbook whose sheet says something else."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(a_workbook([["Measure"], ["Now"]]))) as book,
        zipfile.ZipFile(made, "w") as out,
    ):
        for name in book.namelist():
            part = book.read(name)
            out.writestr(name, part.replace(before, after) if "sheet1" in name else part)
    return made.getvalue()


def hide_by_format(book: openpyxl.Workbook) -> None:
    book.active["A1"].number_format = ";;;"


@pytest.mark.threat("evidence-reader")
@pytest.mark.parametrize(
    "data",
    [
        a_changed_workbook(hide_by_format),
        with_part_of_sheet(b"<sheetFormatPr ", b'<sheetFormatPr zeroHeight="1" '),
        with_part_of_sheet(b"<sheetData>", b'<cols><col min="1" max="1" width="0"/></cols><sheetData>'),
        with_part_of_sheet(b'<row r="2"', b'<row ht="0" customHeight="1" r="2"'),
    ],
    ids=["format", "rows that are not named", "width", "height"],
)
def test_a_workbook_that_hides_something_in_another_way_is_refused(data: bytes) -> None:
    assert checked(data).refusal is Refusal.HIDDEN


@pytest.mark.threat("evidence-reader")
@pytest.mark.parametrize("number_format", ['"Jayden Smith, aged "0', '0" of Jayden Smith, aged 7"'])
def test_the_words_of_a_number_format_are_looked_through(number_format: str) -> None:
    def change(book: openpyxl.Workbook) -> None:
        book.active["A1"] = 7
        book.active["A1"].number_format = number_format

    assert checked(a_changed_workbook(change)).refusal is Refusal.IDENTIFYING


@pytest.mark.threat("evidence-reader")
@pytest.mark.parametrize(
    "data",
    [a_workbook([["Hub"], ["Jayden Smith, aged 7"]]), a_word_document("Hub", "Jayden Smith, aged 7")],
    ids=["rows", "paragraphs"],
)
def test_the_line_before_a_name_does_not_make_it_that_of_an_organisation(data: bytes) -> None:
    assert checked(data).refusal is Refusal.IDENTIFYING


@pytest.mark.parametrize(("is_empty", "refusal"), [(True, None), (False, Refusal.HIDDEN)])
def test_a_pdf_is_refused_only_where_a_layer_is_off(is_empty: bool, refusal: Refusal | None) -> None:
    def change(writer: PdfWriter) -> None:
        layer = writer._add_object(DictionaryObject({NameObject("/Type"): NameObject("/OCG")}))
        off = writer._add_object(ArrayObject([] if is_empty else [layer]))
        settings = DictionaryObject({NameObject("/OFF"): off})
        writer.root_object[NameObject("/OCProperties")] = DictionaryObject(
            {NameObject("/OCGs"): ArrayObject([layer]), NameObject("/D"): settings}
        )

    assert checked(changed_pdf(change)).refusal == refusal


def test_a_scan_has_no_words_so_that_a_person_looks_at_it() -> None:
    made = io.BytesIO()
    Image.new("L", (400, 300), 200).save(made, "PDF")
    found = checked(made.getvalue())
    assert (found.refusal, found.has_words) == (None, False)


def test_a_text_that_looks_like_a_formula_stays_a_text() -> None:
    def change(book: openpyxl.Workbook) -> None:
        book.active["A2"] = "=HYPERLINK(1)"
        book.active["A2"].data_type = "s"

    book = openpyxl.load_workbook(io.BytesIO(checked(a_changed_workbook(change)).copy))
    assert book.active["A2"].data_type == "s"


@pytest.mark.parametrize(
    "name", ["Chronology Jayden Smith aged 7.docx", "Chronology_Jayden_Smith_aged_7.pdf"], ids=str
)
def test_the_name_of_a_file_is_looked_through_as_its_words_are(name: str) -> None:
    found = check_file(a_pdf(WORDS), name, "Evidence 1", ("Ashcombe",), DAY)
    assert (found.refusal, bool(found.copy)) == (Refusal.IDENTIFYING, True)


def test_the_main_process_does_not_load_the_libraries_that_open_files() -> None:
    code = "import sys, peer_challenge.intake.settle_evidence; sys.exit('pypdf' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_formula_whose_result_is_an_empty_text_has_its_result() -> None:
    found = checked(with_results("str:<v></v>", "n:<v>21</v>"))
    assert found.refusal is None
    book = openpyxl.load_workbook(io.BytesIO(found.copy))
    assert [cell.value for cell in book.active["A"]] == [None, 21]


def test_a_scan_of_one_page_is_passed_on() -> None:
    assert checked(a_scan_of_pages(1)).refusal is None


def test_what_is_printed_around_a_sheet_and_its_name_are_copied_and_looked_through() -> None:
    def change(book: openpyxl.Workbook) -> None:
        book.active.oddHeader.center.text = "Audit of the R&&G hub &[Page]&[Picture]"
        book.active.HeaderFooter.differentFirst = True
        book.active.firstFooter.left.text = "Board of 4 March"

    sheet = openpyxl.load_workbook(io.BytesIO(checked(a_changed_workbook(change)).copy)).active
    assert sheet.oddHeader.center.text == "Audit of the R&&G hub &P"
    assert sheet.HeaderFooter.differentFirst and sheet.firstFooter.left.text == "Board of 4 March"

    def name_child(book: openpyxl.Workbook) -> None:
        book.active.evenFooter.right.text = "Jayden Smith, aged 7"

    def call_after_child(book: openpyxl.Workbook) -> None:
        book.active.title = "Jayden Smith, aged 7"

    refusals = {checked(a_changed_workbook(one)).refusal for one in (name_child, call_after_child)}
    assert refusals == {Refusal.IDENTIFYING}


def test_a_copy_of_a_workbook_says_that_its_text_boxes_are_left_out() -> None:
    whole, made = a_workbook([[WORDS]]), io.BytesIO()
    assert checked(whole).left_out == ""
    with zipfile.ZipFile(io.BytesIO(whole)) as before, zipfile.ZipFile(made, "w") as after:
        for name in before.namelist():
            after.writestr(name, before.read(name))
        after.writestr("xl/drawings/drawing1.xml", "<x/>")
    assert checked(made.getvalue()).left_out == "Charts, pictures and text boxes are left out."
