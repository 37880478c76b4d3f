"""The table with one row per item: of a Chair's record or an action plan."""

from collections.abc import Iterable

import pandas as pd

from peer_challenge.submissions.suite import Batch
from peer_challenge.submissions.tables import text_of

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


def item_rows(batch: Batch, columns: Iterable[str]) -> pd.DataFrame:
    """One row per item sent: submission, address, subheading (the address), kind, number, `columns` as text.

    A finding of an item stands at its address, so `subheading` repeats it; what an item is linked
    to is `linked`.
    """
    columns = tuple(columns)
    found = []
    for record in batch.rows.to_dict("records"):
        address = text_of(record.get("address"))
        kind, _, number = address.partition("/")
        number = number.partition("/")[0]
        found.append(
            {
                "submission": str(record["submission"]),
                "address": address,
                "linked": text_of(record.get("subheading")),
                "kind": kind,
                "number": int(number) if number.isdigit() else 0,
                **{column: text_of(record.get(column)).strip() for column in columns},
            }
        )
    names = ["submission", "address", "linked", "kind", "number", *columns]
    return pd.DataFrame(found, columns=names, dtype=object)


def in_order(number: int) -> str:
    """A number as an ordinal: "sixth", "12th"."""
    return _ORDINALS[number] if 0 < number < len(_ORDINALS) else f"{number}th"
