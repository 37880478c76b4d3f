"""Which paragraphs of a rendered form are its own: all but those in which people's words stand."""

import re
from collections.abc import Iterable, Iterator
from html import unescape

WORDS_OF_PEOPLE = "Answer"
"""The style of every paragraph that shows, or waits for, what somebody wrote."""

_END = "</w:p>"
_STYLED = f'<w:pStyle w:val="{WORDS_OF_PEOPLE}"/>'
_PROMPT = 'w:val="PlaceholderText"'
_TEXT = re.compile(r"<w:t(?: [^>]*)?>([^<]*)</w:t>|<w:(?:br|tab)/>")


def own_paragraphs(parts: Iterable[str]) -> Iterator[str]:
    """The text of each paragraph that a form prints, prompts too, from the XML of its parts."""
    for xml in parts:
        for piece in xml.split(_END):
            if _STYLED not in piece or _PROMPT in piece:
                yield unescape("".join(text or " " for text in _TEXT.findall(piece)))
