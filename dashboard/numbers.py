"""Reading numbers in an address or a form, so that even one that is too large gets an answer."""

from typing import Annotated

from fastapi import Form, Query
from pydantic import AfterValidator

LARGEST = 2**31 - 1
"""The largest id that a column of PostgreSQL holds; SQLite's go further."""
_NOTHING = -1
"""No row has a negative id, so it is looked for and not found."""


def _limit_to_valid_id(number: int) -> int:
    return number if 0 <= number <= LARGEST else _NOTHING


Id = Annotated[int, AfterValidator(_limit_to_valid_id)]
"""An id in a path: one that is too large is answered as any other that there is not."""

PageNumber = Annotated[int, Query(ge=1, le=1_000_000, description="which page, from 1")]
"""Which page of a list, from 1."""

FormPageNumber = Annotated[int, Form(ge=1, le=1_000_000)]
"""Which page of a list, from 1, in a form: where what is looked for may not be in an address."""


def read_count(typed: str, least: int, most: int) -> int | None:
    """The whole number that somebody typed, from `least` to `most`; None for anything else, however long."""
    plain = typed.strip()
    is_short = plain.isdecimal() and len(plain) <= len(str(most))
    return int(plain) if is_short and least <= int(plain) <= most else None
