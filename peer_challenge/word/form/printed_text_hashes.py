"""The form's own printed text, recognised by hashes that are stored in the document's properties.

A form carries the marks of every paragraph it prints. So typed and printed text can be told apart, even when
a guidance paragraph is copied into another cell.
"""

import hashlib
from collections.abc import Iterable, Mapping
from functools import lru_cache

from peer_challenge.word.package.marks import PROPERTY_PREFIX

OWN_TEXT = PROPERTY_PREFIX + "OwnText"
_PER_PROPERTY = 21  # twelve characters each: within the 255 that Word keeps of a property
_HASHED = 8
"""With the length, enough that no text has a mark by chance: one in four billion for each of its length."""
_LENGTHS = [f"{length:03x}" for length in range(0x1000)]


class Marks:
    """The marks in a document's custom properties: which paragraphs it prints itself."""

    def __init__(self, properties: Mapping[str, str]) -> None:
        values = (value for name, value in properties.items() if name.startswith(OWN_TEXT))
        self._marks = frozenset(mark for value in values for mark in value.split())
        self._lengths = frozenset(mark[_HASHED:] for mark in self._marks)

    def __bool__(self) -> bool:
        return bool(self._marks)

    def has(self, spaced: str) -> bool:
        """Whether a text from `single_spaced` is marked. Its length alone rules most texts out."""
        return _LENGTHS[len(spaced) & 0xFFF] in self._lengths and _hash_paragraph(spaced) in self._marks


NO_MARKS = Marks({})


def _hash_paragraph(spaced: str) -> str:
    """The mark of a paragraph, eleven hex digits: eight of its hash, three of its length."""
    digest = hashlib.sha256(spaced.encode("utf-8", "surrogatepass")).hexdigest()
    return digest[:_HASHED] + _LENGTHS[len(spaced) & 0xFFF]


@lru_cache(maxsize=4096)
def _mark_printed_text(text: str) -> str:
    """The mark of a paragraph that a form prints: most are the same in one form after another."""
    return _hash_paragraph(single_spaced(text))


def single_spaced(text: str) -> str:
    """The text with one plain space for every stretch of white space, and none round it."""
    if text.isprintable() and "  " not in text:  # of white space, only the plain space is printable
        return text.strip(" ")
    return " ".join(text.split())


def own_text_marks(texts: Iterable[str]) -> dict[str, str]:
    """Custom document properties (name to value) that say which paragraphs a form prints.

    Each value holds at most 21 marks with spaces between; empty texts are left out.
    """
    marks = sorted({_mark_printed_text(text) for text in texts if text.strip()})
    chunks = [marks[start : start + _PER_PROPERTY] for start in range(0, len(marks), _PER_PROPERTY)]
    return {f"{OWN_TEXT}{number}": " ".join(chunk) for number, chunk in enumerate(chunks, 1)}
