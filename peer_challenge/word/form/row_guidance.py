"""What a self-assessment form prints under a sub-heading's question, to help its area answer it."""

from collections.abc import Iterator

from peer_challenge.model.framework import Subheading
from peer_challenge.model.vocabulary import Rating

_CHANGES = {
    "new": "New in this edition of the guidance.",
    "changed": "Changed in this edition of the guidance.",
}
COVER = "You may want to cover: "


def list_guidance_lines(row: Subheading) -> tuple[str, ...]:
    """The lines that a form prints below a sub-heading's question and reference, in order; () where none.

    They say that it is new or changed, what the challenger's prompts will look for, and what each rating
    looks like. Printing and reading both use this, so that none of it is ever taken for an answer.
    """
    return tuple(_list_lines(row))


def _list_lines(row: Subheading) -> Iterator[str]:
    if row.change:
        yield _CHANGES[row.change]
    if row.essentials:
        yield f"{COVER}{'; '.join(essential.mention for essential in row.essentials)}."
    if row.descriptors:
        for rating in (Rating.RED, Rating.AMBER, Rating.GREEN):
            if words := getattr(row.descriptors, rating.value):
                yield f"{rating.value}: {words}"
