"""Turning a Word template into what Jinja compiles: its tags, unique ids, marks Word accepts.

In the template, a bookmark `pc_row` (or `pc_row_1`, `pc_row_2`...) means the mark of the loop's `row`, and
`pc_col_strengths_0` means the column's mark in the table of the loop's `area`. Word keeps these names when
the office edits the template; `{{ row.mark }}` would not be a name. A drop-down's one item
`pc_choices_ratings` means all of `choices.ratings`, each with its `text` and `value`. A row with the mark
`pc_row` that is set not to break across pages may still break when its `row` is long. `{{ office_email }}`
and any `.email` in a run of text become a link that opens an email to that address; a web address in
`{{ place }}`, `{{ event.place }}` or `{{ standing }}` becomes a link to its page. A bookmark
`each_area_table` means `area_` and the `table` of the loop's `area`, for links to it.
"""

import re
from html import escape, unescape
from itertools import count

from peer_challenge.word.write.template_tags import prepare_tags_for_jinja

_STARTS = re.compile(r"<w:(?:bookmarkStart|permStart)\b[^>]*>")
_ENDS = re.compile(r"<w:(?:bookmarkEnd|permEnd)\b[^>]*>")
_ID = re.compile(r'w:id="(-?\d+)"')
_ROW = re.compile(r'w:name="pc_row(?:_\d+)?"')
_EACH = re.compile(r'w:name="each_([a-z]+)_([a-z]+)"')
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
_LINK_OR_RUN = re.compile(
    r"<w:hyperlink\b.*?</w:hyperlink>|"
    r"<w:r(?: [^>]*)?>(?:<w:rPr/>|<w:rPr>((?:(?!</w:rPr>).)*)</w:rPr>)?(?:<w:tab/>)?"
    r"<w:t(?: [^>]*)?>([^<]*)</w:t></w:r>",
    re.DOTALL,
)
_ADDRESS = re.compile(r"\{\{\s*(?:office_email|\w+\.email|(place|event\.place|standing))\s*\}\}")
_TITLE = re.compile(r'<w:alias w:val="([^"]*)"')
_TITLE_LENGTH = 64
"""Characters that Word allows for the title of a control."""
_MARK = re.compile(r'<w:bookmarkStart\b[^>]*w:name="(pc_\w+)"')


def jinja_source(xml: str) -> str:
    """The Jinja source for the XML of one part, with a new line for each paragraph."""
    source = prepare_tags_for_jinja(xml)
    source = _TEXT.sub('<w:t xml:space="preserve">', source)
    source = _LINK_OR_RUN.sub(_link_addresses, source)
    source = _TABLE_ROW.sub(_row_of_any_length, source)
    source = _STARTS.sub(_rewrite_start_tag, source)
    source = _ENDS.sub(lambda tag: _ID.sub(r'w:id="pc:close:\1"', tag[0]), source)
    source = _CONTROL_ID.sub(r'\1"pc:new:0"', source)
    source = _CHOICES.sub(_expand_choices, source)
    source = _ATTRIBUTE.sub(_escape_attribute, source)
    return _PARAGRAPH.sub("\n<w:p", source)


def _link_addresses(found: re.Match[str]) -> str:
    """A run in which each address is a link, as a field: that needs no relationship of the part's own.

    The template has the address as text, since Word would spoil a tag in a link when it saves.
    """
    properties, text = found[1] or "", found[2]
    if text is None or not _ADDRESS.search(text):
        return found[0]
    look = properties if "<w:rStyle" in properties else f'<w:rStyle w:val="Hyperlink"/>{properties}'
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'.format
    again = f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">'

    def write_link(target: str, words: str) -> str:
        return (
            f"{mark('begin')}"
            f'<w:r><w:instrText xml:space="preserve"> HYPERLINK "{target}" </w:instrText></w:r>'
            f"{mark('separate')}<w:r><w:rPr>{look}</w:rPr><w:t>{words}</w:t></w:r>{mark('end')}"
        )

    def link(address: re.Match[str]) -> str:
        if address[1] is None:
            return f"</w:t></w:r>{write_link(f'mailto:{address[0]}', address[0])}{again}"
        return (
            f"</w:t></w:r>{{% for piece in {address[1]}|split_by_links %}}{{% if piece.target %}}"
            f"{write_link('{{ piece.target }}', '{{ piece.text }}')}{{% else %}}"
            f"{again}{{{{ piece.text }}}}</w:t></w:r>{{% endif %}}{{% endfor %}}{again}"
        )

    return found[0].replace(text, _ADDRESS.sub(link, text))


def _rewrite_start_tag(tag: re.Match[str]) -> str:
    numbered = _ID.sub(r'w:id="pc:open:\1"', tag[0])
    named = _ROW.sub('w:name="{{ row.mark }}"', numbered)
    named = _EACH.sub(r'w:name="\1_{{ \1.\2 }}"', named)
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

    Every control has a title of its own too, for people who hear it and do not see its row.

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

    return _give_controls_own_titles(_NUMBERED.sub(number, xml))


def _give_controls_own_titles(xml: str) -> str:
    """A rendered part in which the titles of controls are as long as Word allows, and all differ.

    The second of two that are the same as far as Word allows ends in "(2)", and so on.
    """
    given: set[str] = set()

    def retitle(found: re.Match[str]) -> str:
        whole = unescape(found[1])
        endings = (f" ({number})" if number > 1 else "" for number in count(1))
        titles = (whole[: _TITLE_LENGTH - len(ending)].rstrip() + ending for ending in endings)
        title = next(title for title in titles if title not in given)
        given.add(title)
        return f'<w:alias w:val="{escape(title)}"'

    return _TITLE.sub(retitle, xml)
