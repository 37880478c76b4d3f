"""Checks that the parts of a cycle file agree with each other: ids, names, dates, partners.

The checks work on the plain tree, so the office hears of these mistakes together with those of single values.
"""

import re
from collections.abc import Iterator, Mapping

from peer_challenge.cycle_file.entry_values import (
    is_filled_text,
    parse_iso_day,
    participants_of,
    read_list_value,
    read_mapping,
    read_mapping_entries,
    read_or_make_id,
    read_text_value,
)
from peer_challenge.cycle_file.error_messages import suggest_nearest
from peer_challenge.cycle_file.impossible_partners import find_partner_problems
from peer_challenge.cycle_file.people_in_row import split_addresses
from peer_challenge.cycle_file.stand_ins import find_stand_ins
from peer_challenge.cycle_file.unknown_areas import find_unknown_areas
from peer_challenge.cycle_file.yaml_with_lines import Entry, Path_, PlacedProblem
from peer_challenge.dates.holiday_files import known_sets
from peer_challenge.model.cycle import name_as_spoken
from peer_challenge.model.days_in_words import day_in_words
from peer_challenge.model.email_addresses import clean_address, is_address
from peer_challenge.model.framework import Framework
from peer_challenge.model.names_alike import make_name_key
from peer_challenge.model.vocabulary import Role
from peer_challenge.system.control_characters import control_problems
from peer_challenge.system.free_names import is_reserved_name


def problems_of(data: Entry, frameworks: Mapping[str, Framework]) -> Iterator[PlacedProblem]:
    """Every mistake in how the values of a cycle file fit together, each with the path it is about."""
    yield from control_problems(data)
    areas = participants_of(data)
    yield from _framework_problems(data, frameworks)
    yield from _find_duplicate_ids(areas, "participants")
    yield from _find_duplicate_ids(read_mapping_entries(data, "chairs"), "chairs")
    yield from _shared_folders(data)
    yield from _shared_names(areas)
    yield from find_stand_ins(areas)
    yield from find_unknown_areas(data, areas)
    yield from _find_reserved_ids(data, areas)
    yield from _email_problems(data, areas)
    yield from _date_problems(data)
    yield from _range_problems(data, ())
    yield from _rule_problems(data)
    yield from _calendar_problems(data, areas)
    yield from find_partner_problems(data, areas)


def _framework_problems(data: Entry, frameworks: Mapping[str, Framework]) -> Iterator[PlacedProblem]:
    wanted = data.get("framework")
    if not is_filled_text(wanted):
        return
    if wanted not in frameworks:
        known = sorted(frameworks)
        yield (
            ("framework",),
            f"There is no framework `{wanted}`.{suggest_nearest(wanted, known)} "
            f"There are: {', '.join(known)}.",
        )
        return
    areas = {area.id: area for area in frameworks[wanted].focus_areas}
    linked = [area.id for area in areas.values() if area.scope == "linked"]
    may = f"Only linked areas of focus may be left out: {', '.join(linked) or 'this framework has none'}."
    for n, left_out in enumerate(map(str, read_list_value(data, "omit"))):
        if left_out not in areas:
            yield (
                ("omit", n),
                f"The framework has no area of focus `{left_out}`.{suggest_nearest(left_out, linked)} {may}",
            )
        elif areas[left_out].scope == "core":
            yield ("omit", n), f"`{left_out}` is a core area of focus and stays in. {may}"


def _calendar_problems(data: Entry, areas: list[tuple[int, Entry]]) -> Iterator[PlacedProblem]:
    """School calendars that no set of the office's file has."""
    named: list[tuple[Path_, object]] = [
        (("rules", "school_calendars", n), name)
        for n, name in enumerate(read_list_value(read_mapping(data, "rules"), "school_calendars"))
    ]
    named += [(("participants", i, "school_calendar"), area.get("school_calendar")) for i, area in areas]
    known = list(known_sets())
    for path, name in named:
        if is_filled_text(name) and name not in known:
            yield (
                path,
                f"There are no school holidays under the name `{name}`.{suggest_nearest(name, known)} "
                f"There are: {', '.join(known) or 'none'}. "
                "Add yours to templates/calendar/school-holidays.yaml.",
            )


def _shared_folders(data: Entry) -> Iterator[PlacedProblem]:
    """Ids that two would share: each of them names a folder in the outbox, whose documents are its own."""
    owner = {Role.OFFICE.value: "the programme office"}
    for key, whose in (("participants", "an area"), ("chairs", "a Chair")):
        for i, entry in read_mapping_entries(data, key):
            made = read_or_make_id(entry)
            if made and owner.setdefault(made, whose) != whose:
                yield (
                    (key, i, "id"),
                    f"The id `{made}` is that of {owner[made]} as well, and documents go into a folder of "
                    "that name. Give it another id.",
                )


def _find_reserved_ids(data: Entry, areas: list[tuple[int, Entry]]) -> Iterator[PlacedProblem]:
    """Ids that become folders which Windows or SharePoint does not allow."""
    made: list[tuple[Path_, str]] = [(("id",), read_text_value(data, "id"))]
    made += [(("participants", i, "id"), read_or_make_id(area)) for i, area in areas]
    made += [
        (("chairs", i, "id"), read_or_make_id(chair)) for i, chair in read_mapping_entries(data, "chairs")
    ]
    for path, name in made:
        if is_reserved_name(name):
            yield path, f"Windows or SharePoint keeps the name `{name}` for itself. Give another `id`."


def _find_duplicate_ids(entries: list[tuple[int, Entry]], key: str) -> Iterator[PlacedProblem]:
    seen: set[str] = set()
    for i, entry in entries:
        made = read_or_make_id(entry)
        if made in seen:
            yield (key, i, "id"), f"The id `{made}` is used twice. Give each its own."
        elif made:
            seen.add(made)


def _shared_names(areas: list[tuple[int, Entry]]) -> Iterator[PlacedProblem]:
    owner: dict[str, tuple[int, str]] = {}
    for i, area in areas:
        names: list[tuple[Path_, object]] = [(("participants", i, "name"), area.get("name"))]
        names += [
            (("participants", i, "aliases", n), alias)
            for n, alias in enumerate(read_list_value(area, "aliases"))
        ]
        for path, name in names:
            key = make_name_key(name_as_spoken(str(name or "")))
            if not key:
                continue
            first, whose = owner.setdefault(key, (i, str(area.get("id"))))
            if first != i:
                yield (
                    path,
                    (
                        f"`{name}` is also a name of {whose}, so a document couldn't be told apart. "
                        "Let one area have it."
                    ),
                )


def _email_problems(data: Entry, areas: list[tuple[int, Entry]]) -> Iterator[PlacedProblem]:
    found: list[tuple[Path_, object]] = [(("office", "email"), read_mapping(data, "office").get("email"))]
    found += [
        (("chairs", i, "email"), chair.get("email")) for i, chair in read_mapping_entries(data, "chairs")
    ]
    for i, area in areas:
        found += [
            (("participants", i, "contacts", n, "email"), contact.get("email"))
            for n, contact in read_mapping_entries(area, "contacts")
        ]
    for path, email in found:
        if is_filled_text(email) and (several := split_addresses(email))[1:]:
            words = (
                f"There are {len(several)} addresses in `{email}`. Keep one here, and give each other person"
            )
            yield path, f"{words} a contact of their own."
        elif is_filled_text(email) and not is_address(clean_address(email)):
            yield (
                path,
                f"`{email}` isn't an email address. Write one address, as in office@area.example.org.",
            )


def _date_problems(data: Entry) -> Iterator[PlacedProblem]:
    dates = read_mapping(data, "dates")
    opens, due = parse_iso_day(dates.get("opens")), parse_iso_day(dates.get("self_assessment_due"))
    if opens and due and due <= opens:
        yield (
            ("dates", "self_assessment_due"),
            f"The self-assessment is due on {day_in_words(due)}, not after the cycle opens "
            f"({day_in_words(opens)}). Give a later day.",
        )
    for key, day in (("opens", opens), ("self_assessment_due", due)):
        # A year of two digits, or one mistyped, is not in this century.
        if day and not 2000 <= day.year <= 2100:
            yield ("dates", key), f"{day_in_words(day)} can't be right. Check the year."


def _range_problems(held: object, path: Path_) -> Iterator[PlacedProblem]:
    if isinstance(held, dict):
        first, last = parse_iso_day(held.get("first")), parse_iso_day(held.get("last"))
        if first and last and last < first:
            said = f"The last day ({day_in_words(last)}) is before the first ({day_in_words(first)})."
            yield (*path, "last"), f"{said} Change them round."
        for key, value in held.items():
            yield from _range_problems(value, (*path, key))
    elif isinstance(held, list):
        for n, value in enumerate(held):
            yield from _range_problems(value, (*path, n))


def _rule_problems(data: Entry) -> Iterator[PlacedProblem]:
    closing = read_mapping(data, "rules").get("closing_time")
    if is_filled_text(closing) and re.fullmatch(r"\d\d:\d\d", closing) and closing > "23:59":
        yield ("rules", "closing_time"), f"`{closing}` isn't a time of day. Write one as in 17:00."
    months = [n for n in read_list_value(read_mapping(data, "rules"), "review_months") if type(n) is int]
    if months != sorted(set(months)):
        yield (
            ("rules", "review_months"),
            "`review_months` should rise from one review to the next, as in `review_months: [3, 6]`.",
        )
