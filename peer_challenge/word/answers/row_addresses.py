"""Which row of the form each row of a document is, by its marks, and which addresses are still free."""

from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import count

from peer_challenge.model.vocabulary import ItemKind
from peer_challenge.word.answers.columns import Columns
from peer_challenge.word.answers.control_tags import has_tags
from peer_challenge.word.form.known_before_reading import Known
from peer_challenge.word.form.match_titles import Titles
from peer_challenge.word.package.marks import is_row_bookmark, row_bookmark, without_copy
from peer_challenge.word.text.content import Row, Table


class Addresses:
    """The addresses of one document's rows. `placed` are those that have been given to a row."""

    def __init__(self, known: Known, tables: Sequence[Table]) -> None:
        self._known, self._tables = known, tables
        self.placed: set[str] = set()

    def marked(self, row: Row) -> Iterator[str]:
        """The addresses that a row's marks name. The mark of a copy counts only when the original is gone."""
        for mark in filter(is_row_bookmark, list_row_marks(row)):
            name = without_copy(mark)
            if name in self._known.addresses and (name == mark or name not in self._marks_in_tables):
                yield self._known.addresses[name]

    @cached_property
    def _marks_in_tables(self) -> frozenset[str]:
        return frozenset(mark for table in self._tables for row in table.rows for mark in list_row_marks(row))

    def is_marked(self, address: str) -> bool:
        """Whether a row of the document has the mark of this address."""
        return row_bookmark(address) in self._marks_in_tables

    def is_free(self, address: str) -> bool:
        """Whether an address can be given to a row without a mark."""
        return address not in self.placed and not self.is_marked(address)

    def next_of(self, stem: str, first: int = 1) -> str:
        """The first free address made of `stem` and a number: "strength/1", or "development/2/2"."""
        return next(address for n in count(first) if self.is_free(address := f"{stem}/{n}"))


def addresses_in_order(columns: Columns, titles: Titles | None, area: str | None) -> dict[int, str]:
    """The addresses of a table's rows by their ids, where the column of titles is gone and the order is left.

    The table must have the words of its header, and as many rows as the area of focus under whose heading
    it is has sub-headings, or as the whole framework. No row may have a mark or a tag. Else nothing.
    """
    if columns.basis != "words" or "subheading" in columns.places or titles is None:
        return {}
    rows = [row for row in columns.table.rows if row is not columns.header]
    everywhere = list(titles.framework)
    here = [address for address in everywhere if area is not None and address.startswith(f"{area}/")]
    order = next((order for order in (here, everywhere) if order and len(order) == len(rows)), None)
    if order is None or any(_has_name(row) or len(row.cells) != len(columns.cells) for row in rows):
        return {}
    return {id(row): address for row, address in zip(rows, order, strict=True)}


def _has_name(row: Row) -> bool:
    return has_tags(row) or any(map(is_row_bookmark, list_row_marks(row)))


def list_row_marks(row: Row) -> Iterator[str]:
    """All bookmarks in a row's cells."""
    return (mark for cell in row.cells for mark in cell.bookmarks)


@lru_cache(maxsize=1024)
def is_item_address(address: str) -> bool:
    """Whether an address is that of an item ("strength/1"), and not of a sub-heading."""
    kind, *numbers = address.split("/")
    return kind in set(ItemKind) and all(map(str.isdigit, numbers))
