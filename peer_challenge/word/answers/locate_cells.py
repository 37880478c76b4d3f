"""Saying where in a Word document each answer stands, so that a problem can be shown at its place."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from peer_challenge.word.answers.find_layout import cells_of
from peer_challenge.word.answers.read_document import lay_out
from peer_challenge.word.form.known import Known
from peer_challenge.word.package.open_package import DEFAULT_LIMITS
from peer_challenge.word.reader_findings import Unreadable
from peer_challenge.word.text.open_document import Document, open_document


@dataclass(frozen=True, slots=True)
class Place:
    """A cell: its path from the root of `part`, as positions among the elements of each level.

    Comments and processing instructions are not counted. `element_at` follows it.
    """

    part: str
    path: tuple[int, ...]


def locate(data: bytes, known: Known) -> Mapping[tuple[str, str], Place]:
    """Where each answer of a .docx stands: (row address, column) to the place of its cell (w:tc).

    The column "subheading" (for items, "item") is the row's first cell; a particular is under
    ("", its field). Empty where the document can't be opened or holds no form.
    """
    try:
        document = open_document(data, DEFAULT_LIMITS)
    except (Unreadable, MemoryError, RecursionError):
        return {}
    part = document.package.document
    return {key: Place(part, _path(element)) for key, element in find_cells(document, known).items()}


def find_cells(document: Document, known: Known) -> dict[tuple[str, str], Any]:
    """The element of each answer's cell (w:tc) in an open document, by the keys of `locate`."""
    try:
        return cells_of(lay_out(document, known))
    except (MemoryError, RecursionError):
        return {}


def element_at(root: Any, place: Place) -> Any:
    """The element that a place names, under the root of its part. Raises IndexError where there is none."""
    element = root
    for position in place.path:
        element = [child for child in element if isinstance(child.tag, str)][position]
    return element


def _path(element: Any) -> tuple[int, ...]:
    path = []
    while (parent := element.getparent()) is not None:
        path.append(sum(1 for _ in element.itersiblings(preceding=True)))
        element = parent
    return tuple(reversed(path))
