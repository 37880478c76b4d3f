"""Templates of areas of focus as offices keep them, in Word and Excel."""

import io
from collections.abc import Sequence
from typing import Any

import docx
import openpyxl

AREAS = (
    ("Leadership and accountability", ("Equal and joint duty", "Shared vision", "Decision-making")),
    ("Listening to children", ("How children are heard", "What changed because of it")),
)


def _fill(cells: Sequence[Any], texts: Sequence[str]) -> None:
    for cell, text in zip(cells, texts, strict=True):
        cell.text = text


def _saved(document: Any) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def word_with_a_table_for_each_area() -> bytes:
    """Headings, each with a table and columns for answers; tables of ratings and of sign-offs too."""
    document = docx.Document()
    document.add_paragraph("Vale standards", style="Title")
    document.add_paragraph("Please return this by June.")
    document.add_heading("What the ratings mean", 1)
    meanings = [("Red", "We have not begun."), ("Amber", "We have begun."), ("Green", "It is done.")]
    ratings = document.add_table(rows=3, cols=2)
    for row, texts in zip(ratings.rows, meanings, strict=True):
        _fill(row.cells, texts)
    headings = ("Standard", "What we look for", "Our evidence", "What needs to change", "Where we are")
    for number, (area, titles) in enumerate(AREAS, 1):
        document.add_heading(f"{number}. {area}" + (" (linked)" if number == 2 else ""), 2)
        table = document.add_table(rows=1, cols=5)
        _fill(table.rows[0].cells, headings)
        for row_number, title in enumerate(titles, 1):
            first = f"{number}.{row_number} {title}"
            _fill(table.add_row().cells, (first, f"How do you do “{title}”?\nWho checks?", "", "", ""))
    document.add_heading("Sign-off", 1)
    signed = document.add_table(rows=2, cols=3)
    _fill(signed.rows[0].cells, ("Partner", "Signed by", "Date"))
    _fill(signed.rows[1].cells, ("Police", "", ""))
    return _saved(document)


def word_with_rows_across() -> bytes:
    """One table in which areas of focus are rows across it, with hints and descriptors."""
    document = docx.Document()
    table = document.add_table(rows=1, cols=6)
    headings = ("Sub-heading", "What is looked for", "You may want to cover", "Red", "Amber", "Green")
    _fill(table.rows[0].cells, headings)
    for area, titles in AREAS:
        across = table.add_row().cells
        across[0].merge(across[5]).text = area
        for title in titles:
            texts = (title, f"{title}: how?", "• minutes\n• audits", "Not yet.", "In part.", "Always.")
            _fill(table.add_row().cells, texts)
    return _saved(document)


def word_with_titles_alone() -> bytes:
    """Bold lines as headings; beside the titles there are only columns for answers, all empty."""
    document = docx.Document()
    for area, titles in AREAS:
        document.add_paragraph().add_run(area).bold = True
        table = document.add_table(rows=1, cols=4)
        _fill(table.rows[0].cells, ("Area", "Strengths", "Areas for improvement", "RAG rating"))
        for title in titles:
            table.add_row().cells[0].text = title
    return _saved(document)


def _book(rows: Sequence[Sequence[str | None]], merged: Sequence[str]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    for cells in merged:
        sheet.merge_cells(cells)
    return _saved(book)


def sheet_with_merged_themes() -> bytes:
    """A title row, and a column of areas of focus whose cells are merged down."""
    rows: list[list[str | None]] = [
        ["Vale standards 2027", None, None, None],
        ["Theme", "Sub-heading", "What we are looking for", "Linked"],
    ]
    merged = ["A1:D1"]
    for number, (area, titles) in enumerate(AREAS):
        first = len(rows) + 1
        for title in titles:
            is_first = title == titles[0]
            rows.append([area if is_first else None, title, f"{title}: how?", "yes" if number else None])
        merged.append(f"A{first}:A{len(rows)}")
    return _book(rows, merged)


def sheet_with_rows_across() -> bytes:
    """Each area of focus as cells merged across, with the headings repeated below it."""
    rows: list[list[str | None]] = []
    merged = []
    for area, titles in AREAS:
        rows.append([area, None, None])
        merged.append(f"A{len(rows)}:C{len(rows)}")
        rows.append(["No.", "Standard", "Guidance"])
        rows += [[str(number), title, f"{title}: how?"] for number, title in enumerate(titles, 1)]
    return _book(rows, merged)


def word_with(*blocks: Any) -> bytes:
    """A Word file of texts and tables: ("Heading 2", text) has a style, and ("bold", text) is in bold type.

    A text alone is a paragraph, and a list of rows is a table.
    """
    document = docx.Document()
    for block in blocks:
        if isinstance(block, str):
            document.add_paragraph(block)
        elif isinstance(block, tuple) and block[0] == "bold":
            document.add_paragraph().add_run(block[1]).bold = True
        elif isinstance(block, tuple):
            document.add_paragraph(block[1], style=block[0])
        else:
            table = document.add_table(rows=len(block), cols=len(block[0]))
            for row, texts in zip(table.rows, block, strict=True):
                _fill(row.cells, texts)
    return _saved(document)


def sheet_with(
    rows: Sequence[Sequence[str | None]], merged: Sequence[str] = (), **more: Sequence[Sequence[str | None]]
) -> bytes:
    """An Excel workbook with a sheet of these rows, and further sheets by their names."""
    book = openpyxl.load_workbook(io.BytesIO(_book(rows, merged)))
    for name, others in more.items():
        sheet = book.create_sheet(name)
        for row in others:
            sheet.append(list(row))
    return _saved(book)
