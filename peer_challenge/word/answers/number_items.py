"""Numbering the items of a Chair's record, an action plan or a report, where no mark gives the number."""

import re

from peer_challenge.model.vocabulary import ItemKind, Kind
from peer_challenge.word.answers.row_addresses import Addresses, is_item_address
from peer_challenge.word.form.forms import OF_ACTIONS

_NUMBER = re.compile(r"(?<!\d)\d{1,2}(?!\d)")
_NUMBERED = re.compile(r"\s*(\d{1,2})[.):]\s")
_FURTHER = re.compile(
    r"\s*\d{1,2}\s?([b-e])\b|.*\b(second|third|fourth|fifth) action\b", re.IGNORECASE | re.DOTALL
)
_ORDER = {"second": 2, "third": 3, "fourth": 4, "fifth": 5} | {
    letter: n for n, letter in enumerate("bcde", 2)
}
"""Which action on its area for development a row says that it is: "2b", "2. Family help, second action"."""
_A_FEW_WORDS = 24
"""Room for “Area for development 12”: in a longer text a number may count anything."""
_LONGEST_HEADING = 60
"""Twice “Agreed areas for development”: a longer line with such a word is a sentence."""


class Items:
    """Knows what kind of item was announced last, by a heading, a table or the row above."""

    def __init__(self, addresses: Addresses) -> None:
        self._addresses = addresses
        self._announced: ItemKind | None = None
        self._kind: ItemKind | None = None
        self._last: tuple[ItemKind, int] | None = None

    def announce(self, heading: str) -> None:
        """Remember the kind of item that a heading names, if it names one."""
        if len(heading) < _LONGEST_HEADING and (kind := _only_kind_in(heading)):
            self._kind = self._announced = kind

    def begin_table(self, first: int | None) -> None:
        """Begin the rows below a header: they are of the kind that was announced since the last one.

        Where none was, but the numbers go on with `first`, so does the kind: a page cut the table.
        """
        goes_on = self._last is not None and first == self._last[1] + 1
        before = self._last[0] if self._last and goes_on else None
        self._kind, self._announced = self._announced or before, None

    def follow(self, address: str) -> None:
        """Use the kind of an item that has been placed for further rows, if no other kind was announced."""
        if not is_item_address(address):
            return
        kind, number, *_ = address.split("/")
        self._last = ItemKind(kind), int(number)
        self._kind = self._kind or ItemKind(kind)

    def address_of(self, said: str, form: Kind | None) -> str | None:
        """The address of a row, from the text of the cell that holds its number.

        None when the kind of item is not known.
        """
        kind = ItemKind.DEVELOPMENT if form in OF_ACTIONS else _find_item_kind(said) or self._kind
        if kind is None:
            return None
        number = number_in(said)
        address = f"{kind}/{number}" if number else self._addresses.next_of(kind)
        if number and form in OF_ACTIONS and (further := _FURTHER.match(said)):
            address = f"{address}/{_ORDER[(further[1] or further[2]).casefold()]}"
        return address if self._addresses.is_free(address) else self.one_more(address, form)

    def one_more(self, address: str, form: Kind | None) -> str:
        """The address of one more item.

        In a form of actions it is a further action on that area for development, in a record one more of that
        kind.
        """
        kind, number, *_ = address.split("/")
        if form in OF_ACTIONS:
            return self._addresses.next_of(f"{kind}/{number}", 2)
        return self._addresses.next_of(kind)


def _find_item_kind(text: str) -> ItemKind | None:
    folded = text.casefold()
    if "strength" in folded:
        return ItemKind.STRENGTH
    return ItemKind.DEVELOPMENT if "development" in folded else None


def _only_kind_in(text: str) -> ItemKind | None:
    folded = text.casefold()
    return _find_item_kind(text) if ("strength" in folded) != ("development" in folded) else None


def number_in(text: str) -> int | None:
    """The number of an item, before whatever else its cell says or anywhere in a few words, or None."""
    found = _NUMBERED.match(text) or (_NUMBER.search(text) if len(text) <= _A_FEW_WORDS else None)
    return int(found[found.lastindex or 0]) if found else None
