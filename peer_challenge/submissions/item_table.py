"""The table with one row per item of a Chair's record or an action plan."""

from collections.abc import Iterable

from peer_challenge.model.empty_words import is_unused
from peer_challenge.submissions.check_suite import Batch, Row
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

    A cell that says only that it was left unused, such as "-" or "none", is empty.

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
                **{column: _read_used(row.get(column)) for column in columns},
            }
        )
    return found


def _read_used(value: object) -> str:
    text = read_text_value(value).strip()
    return "" if is_unused(text) else text


def spell_ordinal(number: int) -> str:
    """A number as an ordinal: "sixth", "12th"."""
    return _ORDINALS[number] if 0 < number < len(_ORDINALS) else f"{number}th"
