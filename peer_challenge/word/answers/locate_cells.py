"""Where each answer is in a Word document, so that a question can be shown at its place.

Reading keeps these places, so that the form need not be searched for again in what an area sent.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypedDict

from peer_challenge.word.answers.layout import Layout, find_answer_cells
from peer_challenge.word.package.open_package import Package
from peer_challenge.word.package.xml_element import XmlElement, require_parent

Key = tuple[str, str]
"""The address of a row and a column of it; a particular is under ("", its field)."""


class KeptPlaces(TypedDict):
    """The places as the register keeps them: `paths` by row address, then by column."""

    main_part: str
    paths: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class CellPlaces:
    """Where the cells of one document are: `paths` by row address, then by column.

    A path gives the positions of an element (w:tc) and of those around it among the elements of their level,
    from the root on, as in "0.3.12.4". Comments and processing instructions are not counted. `main_part`
    identifies the part for which the paths are true: see mark_of_main_part.
    """

    main_part: str
    paths: Mapping[str, Mapping[str, str]]

    def of_rows(self, addresses: set[str]) -> "CellPlaces":
        """The places in these rows only; the address "" means the particulars."""
        return CellPlaces(self.main_part, {row: self.paths[row] for row in addresses if row in self.paths})

    def as_dict(self) -> KeptPlaces:
        """The places as plain data, which the register keeps as JSON."""
        return {"main_part": self.main_part, "paths": self.paths}

    @classmethod
    def from_dict(cls, held: KeptPlaces) -> "CellPlaces":
        """The places from the data of as_dict, also after a way through JSON."""
        return cls(held["main_part"], held["paths"])


def mark_of_main_part(package: Package) -> str:
    """The checksum and size of a document's main part, which tell it from that of another document.

    This guards against a mix-up, not against intent.
    """
    entry = package.entries[package.document]
    return f"{entry.CRC:08x}-{entry.file_size}"


def find_cell_paths(layout: Layout) -> dict[str, dict[str, str]]:
    """The paths of the cells of a form whose layout was found, by row address and column."""
    known = _Paths()
    found: dict[str, dict[str, str]] = {}
    for (address, column), element in find_answer_cells(layout).items():
        found.setdefault(address, {})[column] = known.path_of(element)
    return found


def find_cells_at_places(root: XmlElement, places: CellPlaces) -> dict[Key, XmlElement]:
    """The elements of the cells at these places, under the root of the main part.

    Raises IndexError when one of them is not there.
    """
    return {
        (address, column): element_at(root, path)
        for address, columns in places.paths.items()
        for column, path in columns.items()
    }


def element_at(root: XmlElement, path: str) -> XmlElement:
    """The element at a path. Raises IndexError where there is none."""
    element = root
    for position in path.split("."):
        element = list(element.iterchildren("*"))[int(position)]
    return element


class _Paths:
    """Works out paths. The elements of a level are counted once, as rows have many cells."""

    def __init__(self) -> None:
        self._counted: dict[XmlElement, dict[XmlElement, int]] = {}
        self._paths: dict[XmlElement, str] = {}

    def path_of(self, element: XmlElement) -> str:
        """The path of an element below the root."""
        if element not in self._paths:
            parent = require_parent(element)
            position = str(self._positions_in(parent)[element])
            is_top = parent.getparent() is None
            self._paths[element] = position if is_top else f"{self.path_of(parent)}.{position}"
        return self._paths[element]

    def _positions_in(self, parent: XmlElement) -> dict[XmlElement, int]:
        if parent not in self._counted:
            elements = parent.iterchildren("*")
            self._counted[parent] = {child: number for number, child in enumerate(elements)}
        return self._counted[parent]
