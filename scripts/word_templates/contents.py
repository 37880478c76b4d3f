"""The contents of a long document: a link to each of its sections, made from the headings themselves."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from peer_challenge.word.form.known_before_reading import CONTENTS_BETWEEN, CONTENTS_LEADS
from scripts.word_templates.form_blocks import link, run

_TAG = re.compile(r"\{%p\s+(if|for|elif|else|endif|endfor)\b\s*(.*?)\s*%\}")
_AREAS = "for area in areas"
_AFTER_ELIF = "elif"
_EACH_AREA, _TO_AREA = "each_area_table", "area_{{ area.table }}"
_FIRST_ID = 9001  # far above the numbers of a template's other bookmarks


@dataclass(frozen=True)
class _Section:
    """A heading that the contents lead to, and the tags that are open where it stands."""

    title: str
    anchor: str
    open_tags: tuple[str, ...]

    @property
    def is_area(self) -> bool:
        """Whether it is the heading of each area of focus in turn."""
        return self.open_tags[-1:] == (_AREAS,)


def add_contents(document: Any, before: str) -> None:
    """Put the contents before the heading whose text is `before`; call it when the document is complete.

    Each Heading 1 from there on is named where it is shown. The areas of focus, at whatever level, have a
    line of their own. The contents are short, so that they push nothing off the first page.
    """
    place = next(one for one in document.paragraphs if one.text == before and _is_heading(one))
    sections = list(_mark_sections(document, place))
    of_document, of_areas = CONTENTS_LEADS
    for lead, named in (
        (of_document, [one for one in sections if not one.is_area]),
        (of_areas, [one for one in sections if one.is_area]),
    ):
        if named:
            _write_line(document, place, lead, named)


def _write_line(document: Any, place: Any, lead: str, sections: Sequence[_Section]) -> None:
    style = f'<w:pPr><w:pStyle w:val="{document.styles["Contents"].style_id}"/></w:pPr>'
    links = "".join(_write_link(section, is_first=not n) for n, section in enumerate(sections))
    line = f"<w:p {nsdecls('w')}>{style}{run(lead.rstrip(), is_bold=True)}{run(' ')}{links}</w:p>"
    place._p.addprevious(parse_xml(line))


def _write_link(section: _Section, *, is_first: bool) -> str:
    """A link, with what stands between it and the one before, in the tags of its section."""
    opened = "".join(f"{{% {tag} %}}" for tag in section.open_tags)
    closed = "".join(f"{{% end{tag.split()[0]} %}}" for tag in reversed(section.open_tags))
    between = "" if is_first else CONTENTS_BETWEEN
    if section.is_area:
        between = "{% if not loop.first %}" + CONTENTS_BETWEEN + "{% endif %}"
    before, after = opened + between, closed
    return (
        (run(before) if before else "") + link(section.anchor, section.title) + (run(after) if after else "")
    )


def _is_heading(paragraph: Any) -> bool:
    return str(paragraph.style.name).startswith("Heading")


def _mark_sections(document: Any, place: Any) -> Iterator[_Section]:
    """The sections from the heading `place` on; each gets a bookmark, which the contents lead to."""
    open_tags: list[str] = []
    has_begun = False
    for number, paragraph in enumerate(document.paragraphs):
        has_begun = has_begun or paragraph._p is place._p
        if found := _TAG.fullmatch(paragraph.text.strip()):
            _follow_tag(open_tags, found[1], found[2])
        elif has_begun and _is_heading(paragraph):
            is_area = open_tags[-1:] == [_AREAS]
            if not is_area and paragraph.style.name != "Heading 1":
                continue
            if _AFTER_ELIF in open_tags:
                raise ValueError(f"the contents cannot lead to {paragraph.text!r}, which is under an elif")
            name = _EACH_AREA if is_area else f"section_{number}"
            _add_bookmark(paragraph, name, _FIRST_ID + number)
            yield _Section(paragraph.text, _TO_AREA if is_area else name, tuple(open_tags))


def _follow_tag(open_tags: list[str], word: str, rest: str) -> None:
    if word in ("if", "for"):
        open_tags.append(f"{word} {rest}")
    elif word == "else" and open_tags[-1] != _AFTER_ELIF:
        open_tags[-1] = f"if not ({open_tags[-1].removeprefix('if ')})"
    elif word in ("elif", "else"):
        open_tags[-1] = _AFTER_ELIF
    else:
        open_tags.pop()


def _add_bookmark(paragraph: Any, name: str, number: int) -> None:
    start = f'<w:bookmarkStart {nsdecls("w")} w:id="{number}" w:name="{name}"/>'
    end = f'<w:bookmarkEnd {nsdecls("w")} w:id="{number}"/>'
    properties = paragraph._p.find(qn("w:pPr"))
    properties.addnext(parse_xml(end))
    properties.addnext(parse_xml(start))
