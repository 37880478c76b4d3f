"""Files as areas send them beside their forms, with authors in their properties."""

import io
from collections.abc import Sequence

import docx
import openpyxl
from matplotlib.figure import Figure
from PIL import Image

AUTHOR = "A Person"


def a_pdf(text: str) -> bytes:
    """A PDF of one page with a line of text."""
    made, page = io.BytesIO(), Figure()
    page.text(0.1, 0.5, text)
    page.savefig(made, format="pdf", metadata={"Author": AUTHOR, "CreationDate": None})
    return made.getvalue()


def a_word_document(*lines: str) -> bytes:
    """A Word document with paragraphs."""
    made, document = io.BytesIO(), docx.Document()
    document.core_properties.author = AUTHOR
    for line in lines:
        document.add_paragraph(line)
    document.save(made)
    return made.getvalue()


def a_workbook(rows: Sequence[Sequence[object]]) -> bytes:
    """An Excel workbook with one sheet."""
    made, book = io.BytesIO(), openpyxl.Workbook()
    book.properties.creator = AUTHOR
    for row in rows:
        book.active.append(list(row))
    book.save(made)
    return made.getvalue()


def a_picture() -> bytes:
    """A photograph that says with which camera it was taken."""
    made, told = io.BytesIO(), Image.Exif()
    told[0x010F] = AUTHOR
    Image.new("RGB", (320, 200), "olive").save(made, "JPEG", exif=told)
    return made.getvalue()
