"""The table with one row per item: of a Chair's record or an action plan."""

from collections.abc import Iterable

from peer_challenge.submissions.check import Batch, Row
from peer_challenge.submissions.row_tables import text_of

_ORDINALS = (
    "",
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
)


def item_rows(batch: Batch, columns: Iterable[str]) -> list[Row]:
    """One row per item sent: submission, address, subheading (the address), kind, number, `columns` as text.

    A finding of an item stands at its address, so `subheading` repeats it; what an item is linked
    to is `linked`.
    """
    columns = tuple(columns)
    found = []
    for row in batch.rows:
        address = text_of(row.get("address"))
        kind, _, number = address.partition("/")
        number = number.partition("/")[0]
        found.append(
            {
                "submission": row["submission"],
                "address": address,
                "linked": text_of(row.get("subheading")),
                "kind": kind,
                "number": int(number) if number.isdigit() else 0,
                **{column: text_of(row.get(column)).strip() for column in columns},
            }
        )
    return found


def in_order(number: int) -> str:
    """A number as an ordinal: "sixth", "12th"."""
    return _ORDINALS[number] if 0 < number < len(_ORDINALS) else f"{number}th"
