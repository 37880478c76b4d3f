"""Where the register names somebody: every text of every table, and what belongs to their account."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from peer_challenge.model.names_alike import has_name, make_name_key
from peer_challenge.register import tables as t
from peer_challenge.register.mail_answers import hash_address
from peer_challenge.register.table_base import TableRow

_LINKS = ("submission_id", "email_id", "challenge_id", "cycle_id", "user_id")
"""The columns that say what a row belongs to, the nearest first."""
_IDS_OF_OTHERS = frozenset(
    (
        *("cycle_id", "challenge_id", "framework_id"),
        *("author_id", "challenger_id", "moderator_id", "participant_id"),
    )
)
"""Ids of cycles, challenges, frameworks and areas. A Chair's is made of the name, and is searched."""
_AT_ONCE = 500
"""Rows in memory at once: some hold paragraphs of what areas wrote."""
_OF_SOMEBODY = re.compile(r"['’]s\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class NamingRow:
    """A row that names the person: its table, its key, and the column and id of what it belongs to."""

    table: str
    key: tuple[str, ...]
    belongs_to: str
    owner_id: str


def list_searched_tables() -> list[str]:
    """The names of all tables that hold a text or something of somebody's, in the order of the search."""
    return [table.name for table in t.metadata.sorted_tables if _is_searched(table)]


def _is_searched(table: sa.Table) -> bool:
    return bool(_list_text_columns(table)) or "user_id" in table.columns or table is t.mail_answers


def find_rows_naming(connection: Connection, name: str) -> Iterator[NamingRow]:
    """Each row with a text that has `name` in it: a person's name or an address, as whole words.

    What belongs to an account that it names is found too (visits, browsers, uploads), and the answers to an
    address, of which a hash is kept. Names are compared as people write them (model/names_alike.py): without
    case, accents and signs. Yields nothing for a name without a letter or digit.
    """
    key = make_name_key(name)
    if not key:
        return
    accounts: set[int] = set()  # they come before what belongs to them, as tables are sorted
    for table in filter(_is_searched, t.metadata.sorted_tables):
        columns = _list_text_columns(table)
        query = sa.select(table).execution_options(yield_per=_AT_ONCE)
        for row in connection.execute(query):
            is_theirs = "user_id" in table.columns and row.user_id in accounts
            is_theirs |= table is t.mail_answers and row.address_hash == hash_address(name)
            if is_theirs or any(names_somebody(getattr(row, column), key) for column in columns):
                if table is t.users:
                    accounts.add(row.id)
                yield _describe_row(table, row)


def _list_text_columns(table: sa.Table) -> list[str]:
    """The columns of texts and of JSON; hashes and what points to areas and other rows hold no names."""
    return [
        column.name
        for column in table.columns
        if isinstance(column.type, sa.String | sa.JSON)
        and not column.name.endswith(("sha256", "hash"))
        and column.name not in _IDS_OF_OTHERS
        and not column.foreign_keys
    ]


def names_somebody(value: Any, key: str) -> bool:
    """Whether a text or JSON has a name in it, with or without the "'s" of what is somebody's.

    `key` is the name as `make_name_key` gives it.
    """
    return any(
        has_name(form, key)
        for text in _list_strings(value)
        for form in dict.fromkeys((text, _OF_SOMEBODY.sub("", text)))
    )


def _list_strings(value: Any) -> Iterator[str]:
    """The texts in a value of a column: itself, or every text in a value of JSON, keys as well."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, held in value.items():
            yield name
            yield from _list_strings(held)
    elif isinstance(value, list):
        for held in value:
            yield from _list_strings(held)


def _describe_row(table: sa.Table, row: TableRow) -> NamingRow:
    key = tuple(str(getattr(row, column.name)) for column in table.primary_key.columns)
    if table.name in ("cycles", "submissions", "challenges", "users", "received_emails"):
        return NamingRow(table.name, key, table.name, key[0])
    for link in _LINKS:
        if link in table.columns and getattr(row, link) is not None:
            return NamingRow(table.name, key, link, str(getattr(row, link)))
    return NamingRow(table.name, key, "", "")
