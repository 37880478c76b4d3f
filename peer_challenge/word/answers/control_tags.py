"""Rows known by the tags of the controls in their cells, where titles and bookmarks are gone.

Word keeps a control's tag ("strengths:leadership/equal-duty") when a column or a header is deleted, or when
a table is turned into text. A tag travels with a control that is copied into another row, so it says which
row it is only where no title is left. Several that are in another row and not in their own were moved.
"""

from collections.abc import Collection, Iterator, Sequence

from peer_challenge.word.answers.layout import Entry
from peer_challenge.word.package.namespaces import w
from peer_challenge.word.package.xml_element import XmlElement
from peer_challenge.word.text.content import Row

_TAG, _VAL, _CONTROL, _RUN = w("tag"), w("val"), w("sdt"), w("r")


def tagged_address(row: Row, known: Collection[str]) -> str | None:
    """The one address that the tags of a row's controls name; None where they name none or several."""
    named = {address for cell in row.cells for _, address in _places_in(cell.element)}
    return named.pop() if len(named) == 1 and named <= set(known) else None


def has_tags(row: Row) -> bool:
    """Whether a control in a row has the tag of a place in the form."""
    return any(_places_in(cell.element) for cell in row.cells)


def list_moved_answers(entries: Sequence[Entry]) -> Iterator[tuple[str, str, int]]:
    """Each column in which controls were moved to other rows: the first such row, the column, and how many.

    One that was copied is still in its own row, and a single one may have been moved by intent.
    """
    strayed = [entry for entry in entries if _names_other_row(entry)]
    tags: dict[str, set[tuple[str, str]]] = {}
    for entry in entries if strayed else ():
        for column, cell in entry.cells.items():
            tags[column] = tags.get(column, set()) | {(entry.address, a) for _, a in _places_in(cell.element)}
    for column, placed in tags.items():
        moved = [row for row, named in placed if row != named and (named, named) not in placed]
        rows = [entry.address for entry in entries if entry.address in moved]
        if len(rows) > 1:
            yield rows[0], column, len(rows)


def _names_other_row(entry: Entry) -> bool:
    """A quick test, and in most forms enough."""
    own = f":{entry.address}"
    return any(not (tag.get(_VAL) or own).endswith(own) for tag in entry.row.element.iter(_TAG))


def tagged_place(paragraph: XmlElement) -> tuple[str, str] | tuple[None, None]:
    """The column and the address that the tag of a control around all of a paragraph's text names.

    The control may be around the paragraph or in it. (None, None) where there is none, or several.
    """
    around = next(paragraph.iterancestors(_CONTROL), None)
    places = _places_in(around.find(w("sdtPr")) if around is not None else None)
    if not places and not any(child.tag == _RUN for child in paragraph):
        places = _places_in(paragraph)
    return places.pop() if len(places) == 1 else (None, None)


def _places_in(element: XmlElement | None) -> set[tuple[str, str]]:
    if element is None:
        return set()
    parts = ((tag.get(_VAL) or "").partition(":") for tag in element.iter(_TAG))
    return {(column, address) for column, _, address in parts if address and column != "field"}
