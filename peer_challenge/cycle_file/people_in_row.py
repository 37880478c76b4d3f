"""Several people in one row of the participants' table: who of them has which name, role and address."""

import re
from collections.abc import Mapping, Sequence

from peer_challenge.model.email_addresses import clean_address, is_address
from peer_challenge.model.sentences import join_in_words

_BETWEEN_ADDRESSES = (r"[;\n]", r"[;,\n|]|\s(?:and|&|/)\s", r"\s+")
"""What stands between two addresses: the surest first, as a name beside an address may have a comma in it."""
_BETWEEN_PEOPLE = (r"\n", r";", r"[;\n]")
_BETWEEN_NAMES = (r"[;\n]|\s(?:and|&|/)\s", r"[;,\n]|\s(?:and|&)\s")
"""What may also be within one name: there each part has to be a full one, of two words or more."""
_NAME_BESIDE = re.compile(r'\s*"?([^<>@"]{1,100}?)"?\s*<')
_ADDRESS_BESIDE = re.compile(r'"?([^<>()@"]{1,100}?)"?\s*[<(]([^<>()\s]{1,254})[>)]')
_SHARED = ("role", "phone", "receives")
"""What one text in a cell can say of all people of the row."""
_REMEDY = "Give each person a row of their own: leave its area empty. Or separate both cells by semicolons."


class UnclearPeople(ValueError):
    """It can't be told which person a text belongs to: `column` is where, the message says what to do."""

    def __init__(self, column: str, words: str) -> None:
        super().__init__(words)
        self.column = column


def split_people(cells: Mapping[str, str]) -> list[dict[str, str]]:
    """The people of one row, each with those of name, role, email, phone and receives that are given.

    `cells` are the row's texts by these keys. A row has several people where its cell of addresses has.
    Raises UnclearPeople where the other cells do not say who of them is meant.
    """
    cells = _part_name_from_address(_take_address_beside_name(cells))
    written = cells.get("email", "")
    addresses = split_addresses(written)
    if len(addresses) < 2:
        if written.count("@") > 1:
            raise UnclearPeople("email", f"We can't tell the addresses in this cell apart. {_REMEDY}")
        return [{key: text if key == "receives" else " ".join(text.split()) for key, text in cells.items()}]
    people = [{"email": clean_address(one)} for one in addresses]
    for person, one in zip(people, addresses, strict=True):
        if beside := _NAME_BESIDE.match(one):
            person["name"] = beside[1]
    for key, text in cells.items():
        if key != "email" and text:
            _share_out(people, key, text)
    return people


def _take_address_beside_name(cells: Mapping[str, str]) -> Mapping[str, str]:
    """The cells with the address that stands in the contact's own cell, as "Lead <lead@area.example>"."""
    found = _ADDRESS_BESIDE.fullmatch(cells.get("name", "").strip())
    if found is None or cells.get("email") or not is_address(clean_address(found[2])):
        return cells
    return {**cells, "name": found[1], "email": found[2]}


def _part_name_from_address(cells: Mapping[str, str]) -> Mapping[str, str]:
    """The cells with the name that stands beside the only address, as "Lead <lead@area.example>".

    A name in its own cell comes first.
    """
    found = _ADDRESS_BESIDE.fullmatch(cells.get("email", "").strip(" \t\n,;"))
    if found is None or found[1].rstrip().endswith(":") or not is_address(clean_address(found[2])):
        return cells  # "Email: <...>" has a label there
    return {**cells, "name": cells.get("name") or found[1].strip(" []"), "email": found[2]}


def split_addresses(text: str) -> list[str]:
    """The addresses in a cell, each with the name beside it; none where the parts are not all addresses."""
    for between in _BETWEEN_ADDRESSES:
        parts = _split(between, text)
        if parts and all(part.count("@") == 1 and is_address(clean_address(part)) for part in parts):
            return parts
    return []


def describe_people(people: Sequence[Mapping[str, str]]) -> str:
    """Several people of a row in a sentence: "Chair (a@x.example) and Clerk (b@x.example)"."""
    return join_in_words(
        f"{one['name']} ({one['email']})" if one.get("name") else one["email"] for one in people
    )


def _share_out(people: list[dict[str, str]], key: str, text: str) -> None:
    """Give each person their part of a cell, or all of them the whole where it can be for all."""
    parts = [] if key == "receives" else _split_between_people(text, len(people))
    is_one = len(_split(r"[;\n]", text)) == 1
    if not parts and (key == "receives" or (key in _SHARED and is_one)):
        parts = [text] * len(people)
    if not parts:
        raise UnclearPeople(
            key,
            f"There are {len(people)} addresses in this row. It is not clear whose this is. {_REMEDY}",
        )
    for person, part in zip(people, parts, strict=True):
        person[key] = part


def _split_between_people(text: str, count: int) -> list[str]:
    """The parts of a cell where there are as many as people; empty where there are not."""
    for between in _BETWEEN_PEOPLE:
        if len(parts := _split(between, text)) == count:
            return parts
    for between in _BETWEEN_NAMES:
        parts = _split(between, text)
        if len(parts) == count and all(" " in part and part[:1].isupper() for part in parts):
            return parts
    return []


def _split(between: str, text: str) -> list[str]:
    return [part for one in re.split(between, text) if (part := " ".join(one.split()))]
