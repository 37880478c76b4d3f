"""The page for directors as a Word document, made from docs/for-directors.md: headings, lists, a table."""

from collections.abc import Iterator
from pathlib import Path

from docx import Document
from docx.document import Document as WordDocument
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

PAGE = Path(__file__).resolve().parent.parent / "docs" / "for-directors.md"
WORD = PAGE.with_suffix(".docx")
_WIDTHS = (Cm(2.9), Cm(8.1), Cm(3.6), Cm(3.4))
"""Of the columns: what to do needs most words."""


def split_blocks(text: str) -> Iterator[list[str]]:
    """The blocks of a Markdown page between its empty lines, each as its lines."""
    for block in text.strip().split("\n\n"):
        yield block.split("\n")


def build_document(text: str) -> WordDocument:
    """A Word document of one page of A4 with the words of a Markdown page."""
    document = Document()
    _set_up_page(document)
    for lines in split_blocks(text):
        if lines[0].startswith("# "):
            document.add_heading(lines[0].removeprefix("# "), 1)
            document.core_properties.title = lines[0].removeprefix("# ")
        elif lines[0].startswith("## "):
            document.add_heading(lines[0].removeprefix("## "), 2)
        elif lines[0].startswith("|"):
            _add_table(document, [_split_cells(line) for line in lines if not line.startswith("|---")])
        elif lines[0].startswith("- "):
            for point in " ".join(lines).removeprefix("- ").split(" - "):
                document.add_paragraph(point, "List Bullet")
        else:
            document.add_paragraph(" ".join(lines))
    return document


def _split_cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split("|")]


def _set_up_page(document: WordDocument) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(1.5)
    section.top_margin = section.bottom_margin = Cm(1.2)
    document.core_properties.author = "Programme office"
    document.core_properties.language = "en-GB"
    for name, size, after in (
        ("Normal", 11.5, 3),
        ("List Bullet", 11.5, 1),
        ("Heading 1", 16, 4),
        ("Heading 2", 13, 2),
    ):
        style = document.styles[name]
        style.font.name, style.font.size = "Arial", Pt(size)
        for theme in ("asciiTheme", "hAnsiTheme"):
            style.element.rPr.rFonts.attrib.pop(qn(f"w:{theme}"), None)  # else Word takes the theme's font
        style.paragraph_format.space_before = Pt(4 if name.startswith("Heading") else 0)
        style.paragraph_format.space_after = Pt(after)
        style.paragraph_format.line_spacing = 1.0


def _add_table(document: WordDocument, rows: list[list[str]]) -> None:
    table = document.add_table(rows=len(rows), cols=len(rows[0]), style="Table Grid")
    table.autofit = False
    for column, width in zip(table.columns, _WIDTHS, strict=True):
        column.width = width
    for row, cells in zip(table.rows, rows, strict=True):
        for cell, words, width in zip(row.cells, cells, _WIDTHS, strict=True):
            cell.width = width
            cell.text = words[:1].upper() + words[1:]
            cell.paragraphs[0].paragraph_format.space_after = Pt(1)
    for cell in table.rows[0].cells:
        cell.paragraphs[0].runs[0].bold = True
    header = OxmlElement("w:tblHeader")  # python-docx has no word of its own for a row that is repeated
    first = next(document.element.body.iter(qn("w:tr")))
    first.get_or_add_trPr().append(header)


def main() -> None:
    """Write the Word document beside the page."""
    build_document(PAGE.read_text(encoding="utf-8")).save(str(WORD))


if __name__ == "__main__":
    main()
