"""Turning a Word template into what Jinja compiles: docxtpl's dialect, unique ids, marks that Word accepts.

In the template, a bookmark `pc_row` (or `pc_row_1`, `pc_row_2`...) stands for the mark of the loop's
`row`, and `pc_col_strengths_0` for the column's mark in the table of the loop's `area`: names that Word
keeps when the office edits the template, where `{{ row.mark }}` would not be a name. A drop-down's one
item `pc_choices_ratings` stands for all of `choices.ratings`, each with its `text` and `value`. A row with
the mark `pc_row` that is not to break across pages does so all the same where its `row` is long.
"""

import re
from itertools import count

from docxtpl import DocxTemplate

_STARTS = re.compile(r"<w:(?:bookmarkStart|permStart)\b[^>]*>")
_ENDS = re.compile(r"<w:(?:bookmarkEnd|permEnd)\b[^>]*>")
_ID = re.compile(r'w:id="(-?\d+)"')
_ROW = re.compile(r'w:name="pc_row(?:_\d+)?"')
_COLUMN = re.compile(r'w:name="(pc_col_\w+)_0"')
_CONTROL_ID = re.compile(r'(<w:sdtPr>(?:(?!</w:sdtPr>).)*?<w:id w:val=)"-?\d+"', re.DOTALL)
_TABLE_ROW = re.compile(r"<w:tr[ >].*?</w:tr>", re.DOTALL)
_WHOLE = "<w:cantSplit/>"
_CHOICES = re.compile(r'<w:listItem [^>]*"pc_choices_(\w+)"[^>]*/>')
_ATTRIBUTE = re.compile(r'="[^"<>]*\{\{[^"<>]*"')
_EXPRESSION = re.compile(r"\{\{\s*(.*?)\s*\}\}")
_CELL = re.compile(r"(<w:tcPr>)(.*?)(</w:tcPr>)", re.DOTALL)
_PROPERTY = re.compile(r"<w:(\w+)\b[^>]*?(?:/>|>.*?</w:\1>)", re.DOTALL)
_ORDER = (
    "cnfStyle",
    "tcW",
    "gridSpan",
    "hMerge",
    "vMerge",
    "tcBorders",
    "shd",
    "noWrap",
    "tcMar",
    "textDirection",
    "tcFitText",
    "vAlign",
    "hideMark",
)
_NUMBERED = re.compile(r'="pc:(open|close|new):(-?\d+)"')
_TEXT = re.compile(r"<w:t>")
_PARAGRAPH = re.compile(r"<w:p(?=[ >])")
_TAG = re.compile(r"<[^>]*>")
_MARK = re.compile(r'<w:bookmarkStart\b[^>]*w:name="(pc_\w+)"')


class _Dialect(DocxTemplate):  # type: ignore[misc]
    """docxtpl's reading of the dialect, without a document behind it."""

    def __init__(self) -> None:
        """Need nothing."""


def jinja_source(xml: str) -> str:
    """The Jinja template that the XML of one part stands for, a line to each paragraph."""
    source = str(_Dialect().patch_xml(xml))
    source = _TEXT.sub('<w:t xml:space="preserve">', source)
    source = _CELL.sub(_in_order, source)
    source = _TABLE_ROW.sub(_row_of_any_length, source)
    source = _STARTS.sub(_start, source)
    source = _ENDS.sub(lambda tag: _ID.sub(r'w:id="pc:close:\1"', tag[0]), source)
    source = _CONTROL_ID.sub(r'\1"pc:new:0"', source)
    source = _CHOICES.sub(_choices, source)
    source = _ATTRIBUTE.sub(_attribute, source)
    return _PARAGRAPH.sub("\n<w:p", source)


def _start(tag: re.Match[str]) -> str:
    numbered = _ID.sub(r'w:id="pc:open:\1"', tag[0])
    named = _ROW.sub('w:name="{{ row.mark }}"', numbered)
    return _COLUMN.sub(r'w:name="\1_{{ area.table }}"', named)


def _in_order(cell: re.Match[str]) -> str:
    """A cell's properties in the schema's order: docxtpl puts colour and span first."""
    if "{{" not in cell[2] and "{%" not in cell[2]:
        return cell[0]
    held = sorted(
        _PROPERTY.finditer(cell[2]), key=lambda one: _ORDER.index(one[1]) if one[1] in _ORDER else 99
    )
    return cell[1] + "".join(one[0] for one in held) + cell[3]


def _row_of_any_length(row: re.Match[str]) -> str:
    if not _ROW.search(row[0]):
        return row[0]
    return row[0].replace(_WHOLE, f"{{% if not row.is_long %}}{_WHOLE}{{% endif %}}", 1)


def _choices(found: re.Match[str]) -> str:
    item = '<w:listItem w:displayText="{{ item.text }}" w:value="{{ item.value }}"/>'
    return f"{{% for item in choices.{found[1]} %}}{item}{{% endfor %}}"


def _attribute(found: re.Match[str]) -> str:
    return _EXPRESSION.sub(r"{{ (\1)|as_attribute }}", found[0])


def marks(xml: str) -> frozenset[str]:
    """The names of our bookmarks in a part: a form is not known again without them."""
    return frozenset(_MARK.findall(xml))


def place(source: str, line: int | None) -> str:
    """The words of the paragraph at `line` of a source: where in the template something is wrong."""
    rows = source.split("\n")
    if line is None or not 0 < line <= len(rows):
        return ""
    for row in (rows[line - 1], *reversed(rows[: line - 1])):
        if words := " ".join(_TAG.sub(" ", row).split()):
            return words[:120]
    return ""


def numbered(xml: str) -> str:
    """A rendered part in which every bookmark, permission and control has a number of its own.

    No text can be taken for one of these places: the quotes of a text are escaped.
    """
    numbers = count(1)
    opened: dict[str, int] = {}

    def number(found: re.Match[str]) -> str:
        if found[1] == "close":
            return f'="{opened.get(found[2], found[2])}"'
        given = next(numbers)
        opened[found[2]] = given
        return f'="{given}"'

    return _NUMBERED.sub(number, xml)
