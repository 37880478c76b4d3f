"""Rows known by the tags of the controls in their cells, where titles and bookmarks are gone.

Word keeps a control's tag ("strengths:leadership/equal-duty") when a column or a header is deleted. A tag
travels with a control that is copied into another row, so it counts only where no title is left.
"""

from collections.abc import Collection

from peer_challenge.word.package.namespaces import w
from peer_challenge.word.package.xml_element import XmlElement
from peer_challenge.word.text.content import Row

_TAG, _VAL = w("tag"), w("val")


def tagged_address(row: Row, known: Collection[str]) -> str | None:
    """The one address that the tags of a row's controls name; None where they name none or several."""
    named = {address for cell in row.cells for address in _addresses_in(cell.element)}
    return named.pop() if len(named) == 1 and named <= set(known) else None


def _addresses_in(cell: XmlElement) -> set[str]:
    parts = ((tag.get(_VAL) or "").partition(":") for tag in cell.iter(_TAG))
    return {address for column, _, address in parts if address and column != "field"}
