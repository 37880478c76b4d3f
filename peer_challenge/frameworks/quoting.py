"""How notes quote what is in a file and list its places, so that somebody finds it again."""

from collections.abc import Sequence

_LONGEST_QUOTED = 60
"""Enough to find a text again: the longest title that is shipped has 57 letters."""
_MOST_TOLD = 40
"""They are places in one note: a document with a chapter of prose has hundreds."""


def quote_beginning(text: str) -> str:
    """The beginning of a text, to find it again by."""
    return " ".join(text.split())[:_LONGEST_QUOTED].strip().rstrip(".")


def quote_at(place: str, text: str) -> str:
    """A place with the beginning of what is there, where it says something."""
    words = quote_beginning(text)
    return f"{place} (“{words}”)" if words else place


def list_places(places: Sequence[str]) -> str:
    """Places in one sentence; how many more there are where they are very many."""
    more = len(places) - _MOST_TOLD
    return "; ".join(places[:_MOST_TOLD]) + (f"; and {more} more" if more > 0 else "")
