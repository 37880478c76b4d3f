"""Which paragraphs of a rendered form are its own: all except those for people's words."""

import re
import zipfile
from collections.abc import Iterable, Iterator
from functools import cache
from html import unescape

from peer_challenge.model.vocabulary import DispatchKind
from peer_challenge.paths import TEMPLATES
from peer_challenge.word.form.earlier_texts import EARLIER_TEXTS
from peer_challenge.word.form.forms import FIRST_ACTION, KIND_ON, SECOND_ACTION

SHIPPED = TEMPLATES / "word"
"""Where the templates are that come with the software."""

WORDS_OF_PEOPLE = "Answer"
"""The style of every paragraph that shows, or waits for, what somebody wrote."""

DYNAMIC = re.compile(r"word/(document|header\d*|footer\d*|footnotes|endnotes)\.xml")
"""The parts of a package that may hold template tags."""

_END = "</w:p>"
_STYLED = f'<w:pStyle w:val="{WORDS_OF_PEOPLE}"/>'
_PROMPT = 'w:val="PlaceholderText"'
_CONDITION = re.compile(r"\{%\s*if [^%]*%\}((?:(?!\{%\s*if ).)*?)\{%\s*endif\s*%\}")
"""A condition of a template that holds no other."""
_ELIF = re.compile(r"\{%\s*elif [^%]*%\}")
_ELSE = re.compile(rf"{_ELIF.pattern}|\{{%\s*else\s*%\}}")
_TEXT = re.compile(r"<w:t(?: [^>]*)?>([^<]*)</w:t>|<w:(?:br|tab)/>")


def own_paragraphs(parts: Iterable[str]) -> Iterator[str]:
    """The text of each paragraph that a form prints, prompts too, from the XML of its parts."""
    for xml in parts:
        for piece in xml.split(_END):
            if _STYLED not in piece or _PROMPT in piece:
                yield unescape("".join(text or " " for text in _TEXT.findall(piece)))


@cache
def standing_texts() -> frozenset[str]:
    """The texts that shipped forms print for everybody, prompts included.

    All paragraphs that fill in nothing, with each branch of their conditions, and those of earlier layouts.

    With these, a form is told from its answers when a program has dropped the form's own marks.
    """
    found = {f"[{FIRST_ACTION}]", f"[{SECOND_ACTION}]", *EARLIER_TEXTS}
    for form in KIND_ON.keys() - {DispatchKind.CHALLENGER_DRAFT_SUMMARY}:  # which has the author's template
        with zipfile.ZipFile(SHIPPED / f"{form}.docx") as package:
            parts = (package.read(name).decode() for name in package.namelist() if DYNAMIC.fullmatch(name))
            found.update(text for one in own_paragraphs(parts) for text in _list_wordings(one))
    return frozenset(found)


def _list_wordings(text: str) -> Iterator[str]:
    """What a paragraph of a template prints, with each branch; nothing where it fills in words."""
    condition = _CONDITION.search(text)
    if condition is not None:
        branches = _ELSE.split(condition[1])
        if len(branches) == len(_ELIF.findall(condition[1])) + 1:
            branches.append("")
        for branch in branches:
            yield from _list_wordings(text[: condition.start()] + branch + text[condition.end() :])
    elif "{" not in text:
        yield text
