"""Turning a Word template into what Jinja compiles: its tags, unique ids, marks Word accepts.

In the template, a bookmark `pc_row` (or `pc_row_1`, `pc_row_2`...) means the mark of the loop's `row`, and
`pc_col_strengths_0` means the column's mark in the table of the loop's `area`. Word keeps these names when
the office edits the template; `{{ row.mark }}` would not be a name. A drop-down's one item
`pc_choices_ratings` means all of `choices.ratings`, each with its `text` and `value`. A row with the mark
`pc_row` that is set not to break across pages may still break when its `row` is long.
"""

import re
from itertools import count

from peer_challenge.word.write.template_tags import prepare_tags_for_jinja

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
_NUMBERED = re.compile(r'="pc:(open|close|new):(-?\d+)"')
_TEXT = re.compile(r"<w:t>")
_PARAGRAPH = re.compile(r"<w:p(?=[ >])")
_TAG = re.compile(r"<[^>]*>")
_MARK = re.compile(r'<w:bookmarkStart\b[^>]*w:name="(pc_\w+)"')


def jinja_source(xml: str) -> str:
    """The Jinja source for the XML of one part, with a new line for each paragraph."""
    source = prepare_tags_for_jinja(xml)
    source = _TEXT.sub('<w:t xml:space="preserve">', source)
    source = _TABLE_ROW.sub(_row_of_any_length, source)
    source = _STARTS.sub(_rewrite_start_tag, source)
    source = _ENDS.sub(lambda tag: _ID.sub(r'w:id="pc:close:\1"', tag[0]), source)
    source = _CONTROL_ID.sub(r'\1"pc:new:0"', source)
    source = _CHOICES.sub(_expand_choices, source)
    source = _ATTRIBUTE.sub(_escape_attribute, source)
    return _PARAGRAPH.sub("\n<w:p", source)


def _rewrite_start_tag(tag: re.Match[str]) -> str:
    numbered = _ID.sub(r'w:id="pc:open:\1"', tag[0])
    named = _ROW.sub('w:name="{{ row.mark }}"', numbered)
    return _COLUMN.sub(r'w:name="\1_{{ area.table }}"', named)


def _row_of_any_length(row: re.Match[str]) -> str:
    if not _ROW.search(row[0]):
        return row[0]
    return row[0].replace(_WHOLE, f"{{% if not row.is_long %}}{_WHOLE}{{% endif %}}", 1)


def _expand_choices(found: re.Match[str]) -> str:
    item = '<w:listItem w:displayText="{{ item.text }}" w:value="{{ item.value }}"/>'
    return f"{{% for item in choices.{found[1]} %}}{item}{{% endfor %}}"


def _escape_attribute(found: re.Match[str]) -> str:
    return _EXPRESSION.sub(r"{{ (\1)|as_attribute }}", found[0])


def find_own_bookmarks(xml: str) -> frozenset[str]:
    """The names of our bookmarks in a part. Without them we can't recognise a form that comes back."""
    return frozenset(_MARK.findall(xml))


def find_words_near_line(source: str, line: int | None) -> str:
    """The words at or before `line` of a source, at most 120 characters; "" when there are none."""
    rows = source.split("\n")
    if line is None or not 0 < line <= len(rows):
        return ""
    for row in (rows[line - 1], *reversed(rows[: line - 1])):
        if words := " ".join(_TAG.sub(" ", row).split()):
            return words[:120]
    return ""


def assign_unique_numbers(xml: str) -> str:
    """A rendered part in which every bookmark, permission and control has a number of its own.

    Text can't be mistaken for one of these numbers, because the quotes in it are escaped.
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
