"""The table with one row per item of a Chair's record or an action plan."""

from collections.abc import Iterable

from peer_challenge.submissions.check import Batch, Row
from peer_challenge.submissions.row_tables import read_text_value

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
    """One row per item sent: submission, address, linked, kind, number, and `columns` as text.

    `linked` is the address of the sub-heading that the item is linked to, None when there is none.
    """
    columns = tuple(columns)
    found = []
    for row in batch.rows:
        address = read_text_value(row.get("address"))
        kind, _, number = address.partition("/")
        number = number.partition("/")[0]
        found.append(
            {
                "submission": row["submission"],
                "address": address,
                "linked": read_text_value(row.get("subheading")) or None,
                "kind": kind,
                "number": int(number) if number.isdigit() else 0,
                **{column: read_text_value(row.get(column)).strip() for column in columns},
            }
        )
    return found


def spell_ordinal(number: int) -> str:
    """A number as an ordinal: "sixth", "12th"."""
    return _ORDINALS[number] if 0 < number < len(_ORDINALS) else f"{number}th"
