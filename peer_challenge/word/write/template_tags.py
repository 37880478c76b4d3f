"""The tags of the template dialect, from the way Word keeps them to the way Jinja reads them.

In Word a tag is text like any other. Word may spread it over several runs, and puts curly quotes into it.
This module brings each tag together, and gives two kinds of it their meaning:

- `{%p ... %}`, `{%tr ... %}`, `{%tc ... %}` and `{%r ... %}` take the place of the whole paragraph, table
  row, cell or run that they are in; so do comments, `{#p ... #}`.
- `{% cellbg COLOUR %}` and `{% colspan COUNT %}` become a property of the table cell that they are in.

Everything else between `{{ }}`, `{% %}` and `{# #}` is Jinja's own. These tags are written as in docxtpl and
mean the same. Its `vm`, `hm`, `{{p`, `{{r` and `{%-` are not part of our dialect.
"""

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

_XML_TAG = re.compile(r"(<[^>]*>)")
_WITHIN = (
    r"(?:(?!\{[{%#])[^<>])*?"  # no tag begins in another: a text full of beginnings is read through once
)
_WHOLE_TAG = re.compile(rf"\{{\{{{_WITHIN}\}}\}}|\{{%{_WITHIN}%\}}|\{{#{_WITHIN}#\}}")
_OPENING = re.compile(r"\{[{%#]")
_ELEMENT = re.compile(r"<(/?)w:(tr|tc|p|r)(?=[ />])")
_STANDS_FOR_ELEMENT = re.compile(rf"\{{([%#])(tr|tc|p|r)\s({_WITHIN})\1\}}")
_CELL_TAG = re.compile(rf"\{{%\s*(cellbg|colspan)\s({_WITHIN})%\}}")
_MOST_RUNS = 100
"""Over which one tag may be spread. Word makes three or four of a tag that was typed and corrected."""
_CELL_PROPERTIES = {
    "cellbg": ("shd", '<w:shd w:val="clear" w:color="auto" w:fill="{{%s}}"/>'),
    "colspan": ("gridSpan", '<w:gridSpan w:val="{{%s}}"/>'),
}
_EMPTY_RUN = re.compile(
    r"<w:r(?: [^>]*)?>(?:<w:rPr>(?:(?!</w:rPr>).)*</w:rPr>)?<w:t(?: [^>]*)?></w:t></w:r>", re.S
)
_CELL_START = re.compile(r"<w:tc(?: [^>]*)?>(?:(<w:tcPr>)(.*?)</w:tcPr>)?", re.DOTALL)
_ORDER = (
    *("cnfStyle", "tcW", "gridSpan", "hMerge", "vMerge", "tcBorders", "shd", "noWrap", "tcMar"),
    *("textDirection", "tcFitText", "vAlign", "hideMark"),
)
_PROPERTY = re.compile(r"<w:(\w+)\b[^>]*?(?:/>|>.*?</w:\1>)", re.DOTALL)
_AS_TYPED = (
    *(("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&")),
    *(("“", '"'), ("”", '"'), ("‘", "'"), ("’", "'")),
)


def prepare_tags_for_jinja(xml: str) -> str:
    """The XML of a template's part in which each tag is whole and is Jinja's.

    A tag that is not closed in its paragraph stays as it is: Jinja tells what is wrong with it.
    """
    pieces = list(_join_tags_spread_over_runs(_XML_TAG.split(xml)))
    in_cells = "".join(_set_cell_properties(pieces))
    whole = "".join(_replace_elements(_XML_TAG.split(in_cells)))
    return _WHOLE_TAG.sub(_unescape_tag, whole)


def _join_tags_spread_over_runs(pieces: list[str]) -> Iterator[str]:
    """The pieces (text and XML tag in turn), where no template tag is spread over more than one text."""
    at = 0
    while at < len(pieces):
        text = pieces[at]
        end = at
        is_open = _is_tag_open(text)
        for _ in range(_MOST_RUNS):
            if not is_open or (next_text := _find_next_text(pieces, end)) is None:
                break
            added = pieces[next_text]
            if text.endswith("{") and not _has_open_tag(text) and added[0] not in "{%#":
                is_open = False  # a brace is all that it is
                break
            text, end = text + added, next_text
            is_open = "}" not in added or _is_tag_open(text)
        if end > at and is_open:  # it is not closed in this paragraph
            text, end = pieces[at], at
        yield text
        if end + 1 < len(pieces):
            yield pieces[end + 1]
        at = end + 2


def _has_open_tag(text: str) -> bool:
    return _OPENING.search(_WHOLE_TAG.sub("", text)) is not None


def _is_tag_open(text: str) -> bool:
    """Whether a template tag begins in a text and does not end in it; a brace at the end may begin one."""
    return "{" in text and (text.endswith("{") or _has_open_tag(text))


def _find_next_text(pieces: list[str], at: int) -> int | None:
    """Where the text goes on after the run that it is in ends: in the same paragraph, in a run's text."""
    if at + 1 >= len(pieces) or pieces[at + 1] != "</w:t>":
        return None
    for number in range(at + 2, len(pieces), 2):
        before = pieces[number - 1]
        if before.startswith(("<w:p>", "<w:p ", "</w:p>")):
            return None
        if pieces[number]:
            return number if before.startswith(("<w:t>", "<w:t ")) else None
    return None


def _unescape_tag(tag: re.Match[str]) -> str:
    text = tag[0]
    for written, meant in _AS_TYPED:
        text = text.replace(written, meant)
    return text


def _replace_elements(pieces: list[str]) -> Iterator[str]:
    """The pieces, in which each element that a tag stands for has given way to that tag.

    Where more than one tag stands for an element, or one for an element in it, all of them are kept in order.
    """
    tags, ends = _find_replacing_tags(pieces)
    starts = {tag.element for tag in tags}
    waiting = deque(tags)
    at = 0
    while at < len(pieces):
        if at in starts and at in ends:
            at = ends[at]
            while waiting and waiting[0].place < at:
                yield waiting.popleft().text
        else:
            yield pieces[at]
        at += 1


def _find_replacing_tags(pieces: list[str]) -> tuple[list["_Replacing"], dict[int, int]]:
    """The tags that stand for an element, in order; and for the start of each element where it ends."""
    begun: dict[str, list[int]] = {name: [] for name in ("tr", "tc", "p", "r")}
    ends: dict[int, int] = {}
    tags: list[_Replacing] = []
    for number, piece in enumerate(pieces):
        if number % 2 and (element := _ELEMENT.match(piece)) and not piece.endswith("/>"):
            if not element[1]:
                begun[element[2]].append(number)
            elif begun[element[2]]:
                ends[begun[element[2]].pop()] = number
        elif number % 2 == 0 and "{" in piece:
            tags += [
                _Replacing(begun[name][-1], number, f"{{{mark} {said}{mark}}}")
                for mark, name, said in _STANDS_FOR_ELEMENT.findall(piece)
                if begun[name]
            ]
    return tags, ends


@dataclass(frozen=True, slots=True)
class _Replacing:
    """A tag that stands for an element: the pieces where that starts and where the tag is, and its text."""

    element: int
    place: int
    text: str


@dataclass(slots=True)
class _Cell:
    """A table cell that is being read: where it starts, and the properties that tags in it ask for."""

    start: int
    properties: dict[str, str] = field(default_factory=dict)


def _set_cell_properties(pieces: list[str]) -> list[str]:
    """The pieces, in which each tag about a cell has become one of the cell's properties."""
    open_cells: list[_Cell] = []
    made: list[str] = []
    for piece in pieces:
        element = _ELEMENT.match(piece)
        if element and element[2] == "tc" and not element[1] and not piece.endswith("/>"):
            open_cells.append(_Cell(len(made)))
        elif "{" in piece and open_cells:
            for name, value in _CELL_TAG.findall(piece):
                kind, property_xml = _CELL_PROPERTIES[name]
                open_cells[-1].properties[kind] = property_xml % value.strip()
        made.append(_CELL_TAG.sub("", piece) if open_cells else piece)
        if element and element[2] == "tc" and element[1] and open_cells:
            cell = open_cells.pop()
            if cell.properties:
                made[cell.start :] = [_rewrite_cell("".join(made[cell.start :]), cell.properties)]
    return made


def _rewrite_cell(xml: str, properties: dict[str, str]) -> str:
    """A cell with these properties in place of its own of the same kind, in the schema's order."""
    start = _CELL_START.match(xml)
    assert start is not None
    held = {one[1]: one[0] for one in _PROPERTY.finditer(start[2] or "")} | properties
    ordered = sorted(held, key=lambda name: _ORDER.index(name) if name in _ORDER else len(_ORDER))
    opening = start[0].partition(">")[0] + ">"
    within = "".join(held[name] for name in ordered)
    return f"{opening}<w:tcPr>{within}</w:tcPr>" + _EMPTY_RUN.sub("", xml[start.end() :])
