"""The form's own printed text, known again by hashes that travel in the document's properties.

A form carries the marks of every paragraph it prints, so that what an area typed and what was
printed stay apart, even when a guidance paragraph is copied into another cell.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping

from peer_challenge.word.identity_marks import PROPERTY_PREFIX

OWN_TEXT = PROPERTY_PREFIX + "OwnText"
_PER_PROPERTY = 27  # nine characters each: within the 255 that Word keeps of a property


def mark_of(text: str) -> str:
    """Eight hex digits that stand for a paragraph, whatever its spaces."""
    return mark_of_spaced(single_spaced(text))


def mark_of_spaced(text: str) -> str:
    """The same of a text that `single_spaced` has given."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def single_spaced(text: str) -> str:
    """The text with one plain space for every stretch of white space, and none round it."""
    if text.isprintable() and "  " not in text:  # of white space, only the plain space is printable
        return text.strip(" ")
    return " ".join(text.split())


def own_text_marks(texts: Iterable[str]) -> dict[str, str]:
    """Custom document properties (name to value) that say which paragraphs a form prints.

    Each value holds at most 27 marks with spaces between; empty texts are left out.
    """
    marks = sorted({mark_of(text) for text in texts if text.strip()})
    chunks = [marks[start : start + _PER_PROPERTY] for start in range(0, len(marks), _PER_PROPERTY)]
    return {f"{OWN_TEXT}{number}": " ".join(chunk) for number, chunk in enumerate(chunks, 1)}


def marks_in(properties: Mapping[str, str]) -> frozenset[str]:
    """The marks that a document's custom properties hold."""
    values = (value for name, value in properties.items() if name.startswith(OWN_TEXT))
    return frozenset(mark for value in values for mark in value.split())


def is_own(text: str, marks: Mapping[str, str] | Collection[str]) -> bool:
    """Whether `text` is a paragraph that the form prints; `marks` as own_text_marks or marks_in give."""
    known = marks_in(marks) if isinstance(marks, Mapping) else marks
    return mark_of(text) in known
