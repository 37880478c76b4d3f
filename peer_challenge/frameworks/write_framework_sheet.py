"""A framework as an Excel sheet that reading an uploaded file understands again."""

import io

import openpyxl
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from peer_challenge.frameworks.column_roles import DESCRIPTORS, PEER_QUESTIONS, ROLE_NAMES, Role
from peer_challenge.model.framework import FocusArea, Framework, Subheading

_COLUMNS = (
    *(Role.AREA, Role.SUBHEADING, Role.PROMPT, Role.COVER),
    *DESCRIPTORS,
    *PEER_QUESTIONS.values(),
    *(Role.REFERENCE, Role.LINKED),
)
_WIDTH = 36  # characters: a sentence of a prompt wraps into few lines, and two columns fit a screen


def write_framework_sheet(framework: Framework) -> bytes:
    """The bytes of an Excel workbook with a row for each sub-heading.

    Uploaded again it comes to the same framework by its titles, without the words of its form and the other
    words that essentials have.
    """
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None  # a new workbook has one
    rows = [_write_row(area, row) for area in framework.focus_areas for row in area.subheadings]
    for number, texts in enumerate([[ROLE_NAMES[role] for role in _COLUMNS], *rows], start=1):
        for column, text in enumerate(texts, start=1):
            cell = sheet.cell(number, column, text)
            cell.data_type = "s"  # a text that begins with = is no formula
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.font = Font(bold=number == 1)
    for column in range(1, len(_COLUMNS) + 1):
        sheet.column_dimensions[get_column_letter(column)].width = _WIDTH
    sheet.freeze_panes = "C2"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _write_row(area: FocusArea, row: Subheading) -> list[str]:
    looks, questions = row.descriptors, row.questions
    texts = {
        Role.AREA: area.title,
        Role.SUBHEADING: row.title,
        Role.PROMPT: row.prompt or "",
        Role.COVER: "\n".join(one.mention for one in row.essentials),
        Role.REFERENCE: row.reference or "",
        Role.LINKED: "yes" if area.scope == "linked" else "",
    }
    for rating, role in PEER_QUESTIONS.items():
        texts[Role(rating)] = getattr(looks, rating) if looks else ""
        texts[role] = "\n".join(questions.of_rating(rating)) if questions else ""
    return [texts[role] for role in _COLUMNS]
