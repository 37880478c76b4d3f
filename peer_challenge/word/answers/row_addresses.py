"""Which row of the form a row of a document is, by its marks, and which addresses are still free."""

from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import count

from peer_challenge.model.vocabulary import ItemKind
from peer_challenge.word.form.known import Known
from peer_challenge.word.package.marks import is_row, row_bookmark, without_copy
from peer_challenge.word.text.content import Row, Table


class Addresses:
    """The addresses of one document's rows. `placed` are those that a row has been given."""

    def __init__(self, known: Known, tables: Sequence[Table]) -> None:
        self._known, self._tables = known, tables
        self.placed: set[str] = set()

    def marked(self, row: Row) -> Iterator[str]:
        """The addresses that a row's marks name, that of a copy only where the original is gone."""
        for mark in filter(is_row, marks_in(row)):
            name = without_copy(mark)
            if name in self._known.addresses and (name == mark or name not in self._originals):
                yield self._known.addresses[name]

    @cached_property
    def _originals(self) -> frozenset[str]:
        return frozenset(mark for table in self._tables for row in table.rows for mark in marks_in(row))

    def is_marked(self, address: str) -> bool:
        """Whether the mark of some row names an address."""
        return row_bookmark(address) in self._originals

    def is_free(self, address: str) -> bool:
        """Whether a row without a mark may have an address."""
        return address not in self.placed and not self.is_marked(address)

    def next_of(self, stem: str, first: int = 1) -> str:
        """The first free address that adds a number to a stem: to "strength", or to "development/2"."""
        return next(address for n in count(first) if self.is_free(address := f"{stem}/{n}"))


def marks_in(row: Row) -> Iterator[str]:
    """All bookmarks in a row's cells."""
    return (mark for cell in row.cells for mark in cell.bookmarks)


@lru_cache(maxsize=1024)
def is_item(address: str) -> bool:
    """Whether it is that of an item, which has numbers, and not of a sub-heading."""
    kind, *numbers = address.split("/")
    return kind in set(ItemKind) and all(map(str.isdigit, numbers))
