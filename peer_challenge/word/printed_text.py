"""Which paragraphs of a rendered form are its own: all but those in which people's words stand."""

import re
from collections.abc import Iterable, Iterator
from html import unescape

WORDS_OF_PEOPLE = "Answer"
"""The style of every paragraph that shows, or waits for, what somebody wrote."""

_PARAGRAPH = re.compile(r"<w:p[ >].*?</w:p>", re.DOTALL)
_STYLE = re.compile(r'<w:pStyle w:val="([^"]*)"')
_TEXT = re.compile(r"<w:t(?: [^>]*)?>([^<]*)</w:t>|<w:(?:br|tab)/>")
_PROMPT = 'w:val="PlaceholderText"'


def own_paragraphs(parts: Iterable[str]) -> Iterator[str]:
    """The text of each paragraph that a form prints, prompts too, from the XML of its parts."""
    for xml in parts:
        for found in _PARAGRAPH.finditer(xml):
            style = _STYLE.search(found[0])
            if style is None or style[1] != WORDS_OF_PEOPLE or _PROMPT in found[0]:
                yield unescape(
                    "".join(" " if text[1] is None else text[1] for text in _TEXT.finditer(found[0]))
                )
