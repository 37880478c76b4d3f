"""Participants from an Excel or CSV file: its rows become the tree that a cycle file would have held.

Places are cells ("areas.xlsx, sheet Areas, cell D7"). Columns are recognised by their headings.
"""

import re
from pathlib import Path

from openpyxl.utils import get_column_letter
from rapidfuzz import fuzz, process

from peer_challenge.cycle_file.people_in_row import UnclearPeople, describe_people, split_people
from peer_challenge.cycle_file.row_kinds import (
    has_headings_again,
    is_row_of_note,
    is_row_of_totals,
    says_it_takes_no_part,
    strip_list_mark,
)
from peer_challenge.cycle_file.sheet_as_seen import SeenTable, SeveralTables, UnreadableTable, read_sheet
from peer_challenge.cycle_file.typed_texts import Shape, read_texts
from peer_challenge.cycle_file.yaml_with_lines import MOST_BYTES, Entry, Path_, Tree
from peer_challenge.model.cycle import make_id_from_name
from peer_challenge.model.email_addresses import clean_address, is_address
from peer_challenge.model.names_alike import make_name_key, make_organisation_key
from peer_challenge.model.sentences import say_how_many

_SHAPES = {
    **dict.fromkeys(("aliases", "icb", "neighbours", "conflicts"), Shape.LIST),
    "unavailable": Shape.DAYS,
    "challenged_by": Shape.PAIRS,
}
_CONTACT = {
    "contact_name": "name",
    "contact_role": "role",
    "contact_email": "email",
    "contact_phone": "phone",
    "contact_receives": "receives",
}
_OF_SEVERAL = {*_SHAPES, *_CONTACT}
"""Columns in which a line break can stand between two; elsewhere a text was only broken to fit its cell."""
_HEADINGS = {
    "id": "id", "code": "id", "area id": "id",
    "name": "name", "area": "name", "area name": "name", "participant": "name", "local authority": "name",
    "local authority area": "name", "la": "name", "authority": "name", "council": "name",
    "local area": "name", "partnership area": "name", "participating area": "name",
    "aliases": "aliases", "alias": "aliases", "other names": "aliases", "also known as": "aliases",
    "partnership": "partnership", "safeguarding partnership": "partnership",
    "partnership name": "partnership", "safeguarding children partnership": "partnership",
    "lscp": "partnership", "scp": "partnership",
    "police": "police", "police force": "police", "police force area": "police", "force": "police",
    "constabulary": "police",
    "icb": "icb", "icbs": "icb", "integrated care board": "icb", "integrated care boards": "icb",
    "nhs icb": "icb", "nhs integrated care board": "icb", "icb name": "icb", "health": "icb",
    "health partner": "icb",
    "neighbours": "neighbours", "neighbouring areas": "neighbours", "borders": "neighbours",
    "neighbour": "neighbours", "neighbouring authorities": "neighbours", "bordering areas": "neighbours",
    "bordering authorities": "neighbours", "borders with": "neighbours", "bordering": "neighbours",
    "conflicts": "conflicts", "declared interests": "conflicts", "conflicts of interest": "conflicts",
    "unavailable": "unavailable", "days unavailable": "unavailable", "dates unavailable": "unavailable",
    "challenged by": "challenged_by", "previous challengers": "challenged_by",
    "school calendar": "school_calendar", "school holidays": "school_calendar",
    "capacity": "capacity", "external": "external", "size": "size", "type": "type",
    "contact": "contact_name", "contact name": "contact_name", "contact person": "contact_name",
    "named contact": "contact_name", "lead contact": "contact_name", "main contact": "contact_name",
    "lead officer": "contact_name", "lead": "contact_name",
    **dict.fromkeys(("first name", "forename", "contact forename", "contact first name"), "contact_first"),
    **dict.fromkeys(("last name", "surname", "contact surname", "contact last name"), "contact_last"),
    "contact role": "contact_role", "role": "contact_role", "job title": "contact_role",
    "position": "contact_role", "title": "contact_role",
    "contact email": "contact_email", "email": "contact_email", "e-mail": "contact_email",
    "contact e-mail": "contact_email", "email address": "contact_email", "e-mail address": "contact_email",
    "contact email address": "contact_email", "contact e-mail address": "contact_email",
    "contact phone": "contact_phone", "phone": "contact_phone", "telephone": "contact_phone",
    "telephone number": "contact_phone", "phone number": "contact_phone", "tel": "contact_phone",
    "contact telephone": "contact_phone", "mobile": "contact_phone",
    "receives": "contact_receives", "contact receives": "contact_receives",
}  # fmt: skip
"""What each column is called, by the headings that offices give it: small letters, without brackets."""

_BETWEEN_TOPICS = re.compile(r"\s*(?:[;,/&\n]|\band\b)\s*")
"""What may stand between two things that a contact receives: each is one word."""
_ORGANISATION = ("organisation", "organization", "partnership", "employer", "agency")
_LIKELY = 80  # per cent alike: a letter or two are wrong; less is another word, such as "Region code"


def read_participants(path: Path, tree: Tree, sheet: str | None = None) -> None:
    """Put the participants of the table `path` into `tree`, as `read_participants_in` does."""
    read_participants_in(path.name, path.read_bytes() if path.is_file() else None, tree, sheet)


def read_participants_in(
    name: str, raw: bytes | None, tree: Tree, sheet: str | None = None, *, is_on_page: bool = False
) -> None:
    """Put the participants of a table into `tree`, with the cell of each value.

    `name` is the file's name, `raw` its content, None where there is no such file. A row without id and name
    adds a contact to the area above it; a row with several addresses is of several contacts. Lists within a
    cell are separated by semicolons or line breaks. What is wrong is added to `tree.problems`, in the words
    of a cycle file, or of the page on which a table is uploaded.
    """
    tree.entries["participants"] = []
    tree.has_areas = False
    table = _read_table_file(name, raw, tree, sheet, is_on_page=is_on_page)
    if table is None:
        return
    tree.warnings += table.notes
    header = table.rows[0]
    if _is_turned(table):
        words = "The headings are in the first column. Copy the table and choose Paste Special, Transpose."
        _record_problem(tree, f"{table.where}, row {table.numbers[0]}", words)
        return
    columns = _match_columns(header, tree, table.where, table.numbers[0])
    if "name" not in columns.values():
        return
    _join_first_and_last_names(table, columns)
    for place, words in table.problems:
        _record_problem(tree, f"{table.where}, {place}", words)
    areas: list[Entry] = []
    is_below = is_note = False
    lone = _find_lone_names(table, columns)
    known = _headings_beside(list(map(_heading_key, header)))
    for n, row in zip(table.numbers[1:], table.rows[1:], strict=True):
        if not any(row):
            is_below = bool(areas)
        elif is_row_of_totals(row):
            tree.warnings.append(f"{table.where}, row {n}: a total, so it was left out.")
        elif has_headings_again(row, columns, [known.get(_heading_key(text)) for text in row]):
            tree.warnings.append(f"{table.where}, row {n}: the headings again, so it was left out.")
        elif is_note := _is_note(row, columns, is_after_note=is_note):
            told = "a note, so it was left out. If it is an area, give it an email address."
            tree.warnings.append(f"{table.where}, row {n}: {told}")
        elif n in lone or (is_below and sum(map(bool, row)) == 1):
            _tell_of_note(row, tree, (table.where, n))
        else:
            _check_headings(row, header, tree, (table.where, n))
            by_column = {
                c: text for i, c in columns.items() if (text := _read_own_text(row, i, n, table, columns))
            }
            _add_row_to_areas(areas, by_column, columns, tree, (table.where, n))
    if not areas and not tree.problems:
        words = "There is no row with an area below the headings. Give each area a row."
        _record_problem(tree, f"{table.where}, row {table.numbers[0]}", words)
        return
    tree.entries["participants"], tree.has_areas = areas, True


def _read_table_file(
    name: str, raw: bytes | None, tree: Tree, sheet: str | None, *, is_on_page: bool
) -> SeenTable | None:
    if raw is None:
        _record_problem(tree, name, "The participants' table isn't there. Put it beside the cycle file.")
        return None
    if len(raw) > MOST_BYTES:
        _record_problem(tree, name, "The participants' table is too large. Keep only the table in it.")
        return None
    try:
        return read_sheet(name, raw, lambda heading: _heading_key(heading) in _HEADINGS, sheet)
    except SeveralTables as why:
        first = why.sheets[0]
        remedy = f"Say which is meant: participants: {{file: {name}, sheet: {first}}}."
        if is_on_page:
            remedy = (
                f"Type the one that is meant into “Name of the sheet”, such as “{first}”, and upload again."
            )
        words = f"More than one sheet has a table of areas: {', '.join(why.sheets)}."
        _record_problem(tree, name, f"{words} {remedy}")
        return None
    except UnreadableTable as why:
        _record_problem(tree, name, str(why))
        return None


def _join_first_and_last_names(table: SeenTable, columns: dict[int, str]) -> None:
    """Make one column of a contact's first name and surname, where no other has the whole name."""
    parts = [i for part in ("contact_first", "contact_last") for i, c in columns.items() if c == part]
    has_whole = "contact_name" in columns.values()
    for i in parts:
        del columns[i]
    if parts and not has_whole:
        for row in table.rows[1:]:
            row.extend([""] * (max(parts) + 1 - len(row)))
            row[parts[0]] = " ".join(filter(None, (row[i] for i in parts)))
        columns[parts[0]] = "contact_name"


def _is_turned(table: SeenTable) -> bool:
    """Whether the headings go down the first column, each row being one kind of thing."""
    first, *others = (_HEADINGS.get(_heading_key(text)) for text in table.rows[0] if text)
    at = next(i for i, text in enumerate(table.rows[0]) if text)
    down = {_HEADINGS.get(_heading_key(row[at])) for row in table.rows if at < len(row)} - {None}
    return len(down) > 1 and first is not None and set(others) <= {None, first}


def _is_note(row: list[str], columns: dict[int, str], *, is_after_note: bool) -> bool:
    """Whether a row is a note, or goes on with the one above: without a name of its own and an address."""
    has_name = any(row[i] for i, column in columns.items() if column in ("id", "name") and i < len(row))
    is_more = is_after_note and not has_name and not any("@" in text for text in row)
    return is_more or is_row_of_note(row, columns)


def _read_own_text(row: list[str], i: int, n: int, table: SeenTable, columns: dict[int, str]) -> str:
    """What a row says in a column; under a name merged down, what other merged cells say is not its own."""
    named = [at for at, column in columns.items() if column in ("id", "name")]
    is_further_row = any((n, at) in table.covered for at in named)
    is_repeated = is_further_row and (n, i) in table.covered
    if i >= len(row) or is_repeated:
        return ""
    if columns[i] == "capacity":
        return table.plain.get((n, i), row[i])  # a number, also where it is shown as "2 areas"
    return row[i] if columns[i] in _OF_SEVERAL else " ".join(row[i].split())


def _heading_key(heading: str) -> str:
    words = re.sub(r"[\s_]+", " ", heading).strip().rstrip(":*").strip().lower()
    return re.sub(r" ?\([^()]*\)$", "", words)  # "Police (one name)"


def _find_lone_names(table: SeenTable, columns: dict[int, str]) -> set[int]:
    """The numbers of the rows with a name and nothing else, in a table whose rows say more.

    A cell merged over several rows says something in each of them: such a row is of an area. Where most rows
    are names alone the office has not filled in more yet, and each is an area.
    """
    name = next(i for i, column in columns.items() if column == "name")
    filled = {
        n: [i for i, text in enumerate(row) if text]
        for n, row in zip(table.numbers[1:], table.rows[1:], strict=True)
        if any(row) and not is_row_of_totals(row)
    }
    lone = {n for n, cells in filled.items() if cells == [name] and (n, name) not in table.covered}
    # half is enough: where each area has a heading of its own, there are as many headings as areas
    return lone if len(lone) * 2 <= len(filled) else set()


def _tell_of_note(row: list[str], tree: Tree, at: tuple[str, int]) -> None:
    """Tell of a text that is alone in its row: an area without anything, a note, or a heading of a group."""
    where, n = at
    i, text = next((i, text) for i, text in enumerate(row) if text)
    words = f"`{text[:60]}` is alone in its row. Delete it if it is a note or a heading. If it is an area, "
    words += "fill in its row: its police force or a contact."
    _record_problem(tree, f"{where}, cell {get_column_letter(i + 1)}{n}", words)


def _match_columns(header: list[str], tree: Tree, where: str, row: int) -> dict[int, str]:
    """The columns by where they stand. One like none of ours is left out and told, a likely one is asked."""
    found: dict[int, str] = {}
    known = _headings_beside(list(map(_heading_key, header)))
    for i, heading in enumerate(header):
        words = _heading_key(heading)
        if not words:
            continue
        place = f"{where}, cell {get_column_letter(i + 1)}{row}"
        column = known.get(words)
        if column is None and (likely := _suggest_heading(words, list(known))):
            told = f"We don't know a column `{heading}`.{likely} Rename it, or take it out."
            _record_problem(tree, place, told)
        elif column is None:
            tree.warnings.append(
                f"{place}: the column `{heading}` is left out. If it is one of ours, give it a heading that "
                "we know: the list is under “Which columns can it have?”."
            )
        elif column in found.values():
            _record_problem(tree, place, f"There is a second column for `{column}`. Keep one of them.")
        else:
            found[i] = column
    if "name" not in found.values():
        _record_problem(
            tree, f"{where}, row {row}", "There is no column with the names of the areas. Call it `Area`."
        )
    return found


def _headings_beside(headings: list[str]) -> dict[str, str]:
    """The columns by their headings: beside one that names the area, "Name" is the contact's.

    In a list of contacts, that is without police force, board or the like, "Organisation" names the area.
    """
    others = {_HEADINGS.get(words) for words in headings if words not in ("name", *_ORGANISATION)} - {None}
    known = _HEADINGS
    organisation = next((words for words in headings if words in _ORGANISATION), None)
    if organisation and "name" in headings and others and others <= _CONTACT.keys():
        known = {**known, organisation: "name"}
        others.add("name")
    return {**known, "name": "contact_name"} if "name" in others and "contact_name" not in others else known


def _check_headings(row: list[str], header: list[str], tree: Tree, at: tuple[str, int]) -> None:
    """Tell of a row's first text that stands under no heading: in a CSV file the row may have moved along."""
    where, n = at
    for i, text in enumerate(row):
        if text and not "".join(header[i : i + 1]):
            place = f"{where}, cell {get_column_letter(i + 1)}{n}"
            words = f"There is no heading above `{text}`. Give the column one, or empty the cell."
            hint = " Put a text with commas in it in quotation marks." if "sheet" not in where else ""
            _record_problem(tree, place, words + hint)
            return


def _add_row_to_areas(
    areas: list[Entry], row: dict[str, str], columns: dict[int, str], tree: Tree, at: tuple[str, int]
) -> None:
    where, n = at
    cell = {c: f"{where}, cell {get_column_letter(i + 1)}{n}" for i, c in columns.items()}
    if "name" in row:
        row = {**row, "name": _clean_name(row["name"], tree, cell["name"])}
    if not (row.get("id") or row.get("name")):
        if not areas:
            _record_problem(tree, f"{where}, row {n}", "The first area has no name. Give it one.")
            return
        _add_further_row(areas, len(areas) - 1, row, tree, cell)
    elif (known := _find_area_named(areas, row)) is not None:
        if _add_further_row(areas, known, row, tree, cell):
            name = areas[known].get("name")
            tree.warnings.append(f"{where}, row {n}: taken as a further contact of {name}.")
    else:
        areas.append({} if row.get("id") else {"id": make_id_from_name(row.get("name", ""))})
        base = ("participants", len(areas) - 1)
        tree.places[base] = f"{where}, row {n}"
        _add_contact_of_row(areas[-1], row, tree, base, cell)
        _set_values(areas[-1], row, tree, base, cell)


def _clean_name(name: str, tree: Tree, place: str) -> str:
    """An area's name without the marks of a list. Tells of these, and of an area that may take no part."""
    plain = strip_list_mark(name)
    if plain != name:
        tree.warnings.append(f"{place}: `{name}` was read as `{plain}`, without the mark of a list.")
    if says_it_takes_no_part(plain):
        tree.warnings.append(f"{place}: `{plain}` was taken as an area. If it takes no part, delete its row.")
    return plain


def _add_further_row(
    areas: list[Entry], known: int, row: dict[str, str], tree: Tree, cell: dict[str, str]
) -> bool:
    """Add what another row says of an area: to its lists, and its contacts. False where it says otherwise.

    A value that the rows above lack is taken; another police force than above is a problem at its cell.
    """
    area, base = areas[known], ("participants", known)
    said = {column: text for column, text in row.items() if column not in ("id", "name", *_CONTACT)}
    for column, text in said.items():
        value, held = read_texts(_SHAPES.get(column, Shape.TEXT), text), area.get(column)
        if _is_said_otherwise(held, value):
            words = f"`{area.get('name') or area.get('id')}` has a row above, with another {column}."
            remedy = "Write the same in both, or give this area its own name."
            _record_problem(tree, cell[column], f"{words} {remedy}")
            return False
        if isinstance(held, list) and isinstance(value, list):
            keys = {make_organisation_key(str(one)) for one in held} - {""}
            if new := [one for one in value if make_organisation_key(str(one)) not in keys]:
                tree.warnings.append(f"{cell[column]}: added to what the row above says of this area.")
            for place, one in enumerate(new, len(held)):
                _record_value_place(tree, (*base, column, place), one, cell[column])
            area[column] = [*held, *new]
        elif isinstance(held, dict) and isinstance(value, dict):
            area[column] = {**value, **held}
        elif not held:
            _set_values(area, {column: text}, tree, base, cell)
    _add_contact_of_row(area, row, tree, base, cell)
    return True


def _is_said_otherwise(held: object, value: object) -> bool:
    """Whether two rows of one area can't both be right: of lists both are taken."""
    if not held or isinstance(held, list):
        return False
    if isinstance(held, dict) and isinstance(value, dict):
        return any(held.get(key, one) != one for key, one in value.items())
    return held != value and make_name_key(str(held)) != make_name_key(str(value))


def _set_values(area: Entry, row: dict[str, str], tree: Tree, base: Path_, cell: dict[str, str]) -> None:
    for column, text in row.items():
        if text and column not in _CONTACT:
            area[column] = read_texts(_SHAPES.get(column, Shape.TEXT), text)
            _record_value_place(tree, (*base, column), area[column], cell[column])


def _find_area_named(areas: list[Entry], row: dict[str, str]) -> int | None:
    """The place of the area that a row above has named already, by its id or its name."""
    for column in ("id", "name"):
        if key := make_name_key(row.get(column, "")):
            held = [make_name_key(str(area.get(column, ""))) for area in areas]
            return held.index(key) if key in held else None
    return None


def _add_contact_of_row(
    area: Entry, row: dict[str, str], tree: Tree, base: Path_, cell: dict[str, str]
) -> None:
    cells = {key: row[column] for column, key in _CONTACT.items() if row.get(column)}
    try:
        people = split_people(cells)
    except UnclearPeople as unclear:
        here = _add_contact(area, cells, tree, base, cell)  # as it is, to be corrected where it is shown
        tree.problems.append(((*here, unclear.column), str(unclear)))
        return
    if len(people) > 1:
        told = f"{cell['contact_email']}: {say_how_many(len(people), 'contact')} in one row: "
        tree.warnings.append(f"{told}{describe_people(people)}. Check that each has the right address.")
    for person in filter(None, people):
        _add_contact(area, person, tree, base, cell)


def _add_contact(area: Entry, person: dict[str, str], tree: Tree, base: Path_, cell: dict[str, str]) -> Path_:
    """Add a person to the contacts of an area; returns the path."""
    contact: Entry = dict(person)
    if "receives" in person:
        contact["receives"] = [one for one in _BETWEEN_TOPICS.split(person["receives"].lower()) if one]
    address = clean_address(person.get("email", ""))
    called = address if is_address(address) else person.get("email", "")
    contact.setdefault("name", contact.get("role") or called)
    held = area.get("contacts")
    area["contacts"] = contacts = [*held, contact] if isinstance(held, list) else [contact]
    here = (*base, "contacts", len(contacts) - 1)
    for column, key in _CONTACT.items():
        if column in cell:
            _record_value_place(tree, (*here, key), contact.get(key), cell[column])
    return here


def _record_value_place(tree: Tree, path: Path_, value: object, place: str) -> None:
    tree.places[path] = place
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inner:
        _record_value_place(tree, (*path, key), item, place)


def _suggest_heading(word: str, known: list[str]) -> str:
    near = process.extractOne(word, known, scorer=fuzz.ratio, score_cutoff=_LIKELY)
    return f" Did you mean `{near[0]}`?" if near else ""


def _record_problem(tree: Tree, place: str, words: str) -> None:
    tree.problems.append((place, words))
