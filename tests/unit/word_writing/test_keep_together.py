"""What a page's end may not part is kept together, and no text is changed by it."""

import docx
from docx.oxml.ns import qn

from peer_challenge.word.write.keep_together import keep_together
from tests.layout import text_of


def main_part(document) -> bytes:
    return docx.oxml.xmlchemy.serialize_for_reading(document.element).encode()


def kept(xml: bytes) -> list[str]:
    """The texts of the paragraphs that are kept with the next."""
    root = docx.oxml.parse_xml(xml)
    keeping = [
        p for p in root.iter(qn("w:p")) if p.pPr is not None and p.pPr.find(qn("w:keepNext")) is not None
    ]
    return [text_of(docx.oxml.xmlchemy.serialize_for_reading(p)) for p in keeping]


def test_the_last_lines_are_kept_with_as_many_before_as_make_five():
    document = docx.Document()
    for number in range(9):
        document.add_paragraph(f"Line {number}")
    before = main_part(document)
    after = keep_together(before)
    assert kept(after) == ["Line 4", "Line 5", "Line 6", "Line 7"]
    assert text_of(after.decode()) == text_of(before.decode())


def test_last_rows_and_the_words_before_a_table_are_kept_and_an_empty_end_takes_no_room():
    document = docx.Document()
    document.add_paragraph("Far above")
    document.add_paragraph("Leads to the table")
    table = document.add_table(rows=9, cols=1)
    for number, row in enumerate(table.rows):
        row.cells[0].text = f"Row {number}"
    document.add_paragraph("")
    after = keep_together(main_part(document))
    assert kept(after) == ["Leads to the table", *(f"Row {number}" for number in range(4, 9))]
    last = docx.oxml.parse_xml(after).body.findall(qn("w:p"))[-1]
    assert last.pPr.find(qn("w:spacing")).get(qn("w:line")) == "20"


def test_a_row_longer_than_a_page_is_not_kept():
    document = docx.Document()
    table = document.add_table(rows=1, cols=1)
    table.rows[0].cells[0].text = "\n".join(["A line"] * 400)
    document.add_paragraph("The end")
    assert kept(keep_together(main_part(document))) == []
