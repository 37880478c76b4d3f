"""Where in a Word document each answer stands, so that a question can be shown at its place.

Reading keeps these places. So nobody has to look for the form a second time in what an area sent.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from peer_challenge.word.answers.find_layout import Layout, cells_of
from peer_challenge.word.package.open_package import Package

Key = tuple[str, str]
"""The address of a row and a column of it; a particular is under ("", its field)."""


@dataclass(frozen=True, slots=True)
class CellPlaces:
    """Where the cells of one document stand: `paths` by row address, then by column.

    A path has the positions of an element (w:tc) and of those around it among the elements of their level,
    from the root on, as in "0.3.12.4". Comments and processing instructions are not counted. `main_part`
    tells the part in which that holds from every other: see mark_of_main_part.
    """

    main_part: str
    paths: Mapping[str, Mapping[str, str]]

    def of_rows(self, addresses: set[str]) -> "CellPlaces":
        """The places in these rows alone; the address of the particulars is ""."""
        return CellPlaces(self.main_part, {row: self.paths[row] for row in addresses if row in self.paths})

    def as_dict(self) -> dict[str, Any]:
        """For the register, as JSON."""
        return {"main_part": self.main_part, "paths": self.paths}

    @classmethod
    def from_dict(cls, held: Mapping[str, Any]) -> "CellPlaces":
        """The places that as_dict, or JSON made of it, tells of."""
        return cls(held["main_part"], held["paths"])


def mark_of_main_part(package: Package) -> str:
    """What tells the main part of one document from that of another: its checksum and its size.

    It guards against a mix-up, and not against anybody.
    """
    entry = package.entries[package.document]
    return f"{entry.CRC:08x}-{entry.file_size}"


def paths_in(layout: Layout) -> dict[str, dict[str, str]]:
    """The paths of the cells of a form that has been laid out, as CellPlaces holds them."""
    known = _Paths()
    found: dict[str, dict[str, str]] = {}
    for (address, column), element in cells_of(layout).items():
        found.setdefault(address, {})[column] = known.path_of(element)
    return found


def cells_at(root: Any, places: CellPlaces) -> dict[Key, Any]:
    """The cells under the root of the main part. Raises IndexError where one of them is not there."""
    return {
        (address, column): element_at(root, path)
        for address, columns in places.paths.items()
        for column, path in columns.items()
    }


def element_at(root: Any, path: str) -> Any:
    """The element at a path. Raises IndexError where there is none."""
    element = root
    for position in path.split("."):
        element = list(element.iterchildren("*"))[int(position)]
    return element


class _Paths:
    """Works out paths. The elements of a level are counted once, as rows have many cells."""

    def __init__(self) -> None:
        self._counted: dict[Any, dict[Any, int]] = {}
        self._paths: dict[Any, str] = {}

    def path_of(self, element: Any) -> str:
        """The path of an element below the root."""
        if element not in self._paths:
            parent = element.getparent()
            position = str(self._positions_in(parent)[element])
            is_top = parent.getparent() is None
            self._paths[element] = position if is_top else f"{self.path_of(parent)}.{position}"
        return self._paths[element]

    def _positions_in(self, parent: Any) -> dict[Any, int]:
        if parent not in self._counted:
            elements = parent.iterchildren("*")
            self._counted[parent] = {child: number for number, child in enumerate(elements)}
        return self._counted[parent]
