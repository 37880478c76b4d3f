"""Checks that the parts of a cycle file agree with each other: ids, names, dates, partners.

The checks work on the plain tree, so the office hears of these mistakes together with those of single values.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from itertools import product
from typing import TypeGuard

from peer_challenge.cycle_file.error_messages import suggest_nearest
from peer_challenge.cycle_file.read_what_can_be import read_what_can_be
from peer_challenge.cycle_file.stand_ins import find_stand_ins
from peer_challenge.cycle_file.yaml_with_lines import Entry, Path_
from peer_challenge.dates.holiday_files import known_sets
from peer_challenge.dates.working_days import WorkingDays
from peer_challenge.model.cycle import Cycle, Participant, Receives, make_id_from_name, name_as_spoken
from peer_challenge.model.cycle_rules import NEEDED_BY_RULES, AssignmentRules
from peer_challenge.model.days_in_words import day_in_words, weekday_in_words
from peer_challenge.model.email_addresses import clean_address, is_address
from peer_challenge.model.framework import Framework
from peer_challenge.model.independent_chair import list_conflicts, list_independent_chairs
from peer_challenge.model.messages import Addressee
from peer_challenge.model.names_alike import (
    is_same_organisation,
    likely_same,
    make_name_key,
    make_organisation_key,
    shared_organisations,
)
from peer_challenge.model.sentences import join_in_words
from peer_challenge.model.vocabulary import Role
from peer_challenge.model.who_gets_a_message import choose_recipients
from peer_challenge.system.control_characters import control_problems
from peer_challenge.system.free_names import LONGEST_IDS, is_reserved_name

Problem = tuple[Path_, str]


def problems_of(data: Entry, frameworks: Mapping[str, Framework]) -> Iterator[Problem]:
    """Every mistake in how the values of a cycle file fit together, each with the path it is about."""
    yield from control_problems(data)
    areas = participants_of(data)
    ids = dict.fromkeys(held for _, area in areas if _is_filled_text(held := area.get("id")))
    yield from _framework_problems(data, frameworks)
    yield from _find_duplicate_ids(areas, "participants")
    yield from _find_duplicate_ids(_read_mapping_entries(data, "chairs"), "chairs")
    yield from _shared_folders(data)
    yield from _shared_names(areas)
    yield from find_stand_ins(areas)
    yield from _unknown_areas(data, areas, list(ids))
    yield from _find_reserved_ids(data, areas)
    yield from _email_problems(data, areas)
    yield from _date_problems(data)
    yield from _range_problems(data, ())
    yield from _rule_problems(data)
    yield from _calendar_problems(data, areas)
    yield from _assignment_problems(data, areas)


def warnings_of(cycle: Cycle) -> Iterator[Problem]:
    """What is worth a second look in a cycle that can be opened, each with the path it is about."""
    yield from _what_letters_lack(cycle)
    yield from _days_that_roll(cycle)
    yield from _one_sided_borders(cycle)
    yield from _chair_warnings(cycle)
    yield from _contact_warnings(cycle)
    yield from _names_to_ask_about(cycle)
    yield from _several_in_one(cycle)
    yield from _what_rules_lack(cycle)
    yield from _long_paths(cycle)


def _what_letters_lack(cycle: Cycle) -> Iterator[Problem]:
    """What letters and forms say of the office, where there is none of it."""
    if not cycle.office.email:
        yield (
            ("office", "email"),
            "The office has no email address: forms and letters say nowhere to send them.",
        )
    if not cycle.office.phone:
        yield ("office", "phone"), "The office has no telephone number: letters name nobody to ring."


def _long_paths(cycle: Cycle) -> Iterator[Problem]:
    """Ids with which the paths of documents get too long for Word on Windows, below a long folder's name."""
    for i, area in enumerate(cycle.participants):
        length = len(cycle.id) + len(area.id)
        if length > LONGEST_IDS:
            words = (
                f"The ids `{cycle.id}` and `{area.id}` have {length} characters together. Word on Windows "
                f"may not open documents with so long a path. Choose ids of at most {LONGEST_IDS} together."
            )
            yield ("participants", i), words


def _days_that_roll(cycle: Cycle) -> Iterator[Problem]:
    working = WorkingDays(cycle.rules.extra_bank_holidays)
    for key, day in (("opens", cycle.dates.opens), ("self_assessment_due", cycle.dates.self_assessment_due)):
        if not working.is_working_day(day):
            holiday = working.bank_holiday(day)
            rolls = " It rolls to the next working day; both are shown." if key != "opens" else ""
            why = f" ({holiday})" if holiday else ""
            yield ("dates", key), f"{weekday_in_words(day)} is not a working day{why}.{rolls}"


def _one_sided_borders(cycle: Cycle) -> Iterator[Problem]:
    for i, area in enumerate(cycle.participants):
        for n, other in enumerate(area.neighbours):
            if other in cycle.participant and area.id not in cycle.participant[other].neighbours:
                named = cycle.participant[other].name
                words = (
                    f"{area.name} names {named} as a neighbour, and {named} doesn't name it. Taken both ways."
                )
                yield ("participants", i, "neighbours", n), words


def participants_of(data: Mapping[str, object]) -> list[tuple[int, Entry]]:
    """Those entries under `participants` that are mappings, each with its index in the list."""
    return _read_mapping_entries(data, "participants")


def _framework_problems(data: Entry, frameworks: Mapping[str, Framework]) -> Iterator[Problem]:
    wanted = data.get("framework")
    if not _is_filled_text(wanted):
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
    for n, left_out in enumerate(map(str, _read_list_value(data, "omit"))):
        if left_out not in areas:
            yield (
                ("omit", n),
                f"The framework has no area of focus `{left_out}`.{suggest_nearest(left_out, linked)} {may}",
            )
        elif areas[left_out].scope == "core":
            yield ("omit", n), f"`{left_out}` is a core area of focus and stays in. {may}"


def _calendar_problems(data: Entry, areas: list[tuple[int, Entry]]) -> Iterator[Problem]:
    """School calendars that no set of the office's file has."""
    named: list[tuple[Path_, object]] = [
        (("rules", "school_calendars", n), name)
        for n, name in enumerate(_read_list_value(_read_mapping(data, "rules"), "school_calendars"))
    ]
    named += [(("participants", i, "school_calendar"), area.get("school_calendar")) for i, area in areas]
    known = list(known_sets())
    for path, name in named:
        if _is_filled_text(name) and name not in known:
            yield (
                path,
                f"There are no school holidays under the name `{name}`.{suggest_nearest(name, known)} "
                f"There are: {', '.join(known) or 'none'}. "
                "Add yours to templates/calendar/school-holidays.yaml.",
            )


def _read_or_make_id(entry: Mapping[str, object]) -> str:
    """The id of a participant or Chair, as written or as made from the name; "" where there is neither."""
    return _read_text_value(entry, "id") or make_id_from_name(_read_text_value(entry, "name"))


def _shared_folders(data: Entry) -> Iterator[Problem]:
    """Ids that two would share: each of them names a folder in the outbox, whose documents are its own."""
    owner = {Role.OFFICE.value: "the programme office"}
    for key, whose in (("participants", "an area"), ("chairs", "a Chair")):
        for i, entry in _read_mapping_entries(data, key):
            made = _read_or_make_id(entry)
            if made and owner.setdefault(made, whose) != whose:
                yield (
                    (key, i, "id"),
                    f"The id `{made}` is that of {owner[made]} as well, and documents go into a folder of "
                    "that name. Give it another id.",
                )


def _find_reserved_ids(data: Entry, areas: list[tuple[int, Entry]]) -> Iterator[Problem]:
    """Ids that become folders which Windows or SharePoint does not allow."""
    made: list[tuple[Path_, str]] = [(("id",), _read_text_value(data, "id"))]
    made += [(("participants", i, "id"), _read_or_make_id(area)) for i, area in areas]
    made += [
        (("chairs", i, "id"), _read_or_make_id(chair)) for i, chair in _read_mapping_entries(data, "chairs")
    ]
    for path, name in made:
        if is_reserved_name(name):
            yield path, f"Windows or SharePoint keeps the name `{name}` for itself. Give another `id`."


def _find_duplicate_ids(entries: list[tuple[int, Entry]], key: str) -> Iterator[Problem]:
    seen: set[str] = set()
    for i, entry in entries:
        made = _read_or_make_id(entry)
        if made in seen:
            yield (key, i, "id"), f"The id `{made}` is used twice. Give each its own."
        elif made:
            seen.add(made)


def _shared_names(areas: list[tuple[int, Entry]]) -> Iterator[Problem]:
    owner: dict[str, tuple[int, str]] = {}
    for i, area in areas:
        names: list[tuple[Path_, object]] = [(("participants", i, "name"), area.get("name"))]
        names += [
            (("participants", i, "aliases", n), alias)
            for n, alias in enumerate(_read_list_value(area, "aliases"))
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


def _unknown_areas(data: Entry, areas: list[tuple[int, Entry]], ids: list[str]) -> Iterator[Problem]:
    for i, area in areas:
        named: list[tuple[Path_, object]] = [
            ((key, n), other)
            for key in ("neighbours", "conflicts")
            for n, other in enumerate(_read_list_value(area, key))
        ]
        named += [
            (("challenged_by", cycle), other) for cycle, other in _read_mapping(area, "challenged_by").items()
        ]
        for at, other in named:
            if other not in ids:
                is_past = at[0] == "challenged_by"
                words = _describe_unknown_challenger(at[1], other, ids) if is_past else ""
                yield ("participants", i, *at), words or _describe_unknown_area(other, ids)
            elif other == area.get("id"):
                yield ("participants", i, *at), f"`{other}` names itself in `{at[0]}`. Take it out."
    for i, chair in _read_mapping_entries(data, "chairs"):
        for n, other in enumerate(_read_list_value(chair, "not_for")):
            if other not in ids:
                yield ("chairs", i, "not_for", n), _describe_unknown_area(other, ids)
    for path, author, others in _list_named_partners(data):
        for other in (author, *others):
            if other not in ids:
                yield path, _describe_unknown_area(other, ids)


def _describe_unknown_challenger(cycle: object, area: object, ids: list[str]) -> str:
    if area == "":
        return f"`{cycle}` has no cycle or no area. Write both, as in `2023: Brackenford`."
    if len(several := str(area).split("; ")) > 1:
        return f"`{cycle}` has {join_in_words(several)}. Give each cycle one area, as in `2023: Brackenford`."
    return f"{_describe_unknown_area(area, ids)} Leave it out if it takes no part this time."


def _describe_unknown_area(word: object, ids: list[str]) -> str:
    if len(several := str(word).split("; ")) > 1:
        return f"There can be one area only: {join_in_words(several)} are given. Keep one."
    nearest = suggest_nearest(str(word), ids)
    return f"There is no area `{word}` in this cycle.{nearest} Use the name or the id of an area."


def _list_named_partners(data: Entry) -> Iterator[tuple[Path_, str, list[str]]]:
    rules = _read_mapping(data, "assignment")
    for key in ("pins", "bans"):
        held = rules.get(key)
        for author, given in held.items() if isinstance(held, dict) else ():
            others = given if isinstance(given, list) else [given]
            yield ("assignment", key, author), author, [str(other) for other in others]


def _email_problems(data: Entry, areas: list[tuple[int, Entry]]) -> Iterator[Problem]:
    found: list[tuple[Path_, object]] = [(("office", "email"), _read_mapping(data, "office").get("email"))]
    found += [
        (("chairs", i, "email"), chair.get("email")) for i, chair in _read_mapping_entries(data, "chairs")
    ]
    for i, area in areas:
        found += [
            (("participants", i, "contacts", n, "email"), contact.get("email"))
            for n, contact in _read_mapping_entries(area, "contacts")
        ]
    for path, email in found:
        if _is_filled_text(email) and not is_address(clean_address(email)):
            yield (
                path,
                f"`{email}` isn't an email address. Write one address, as in office@area.example.org.",
            )


def _date_problems(data: Entry) -> Iterator[Problem]:
    dates = _read_mapping(data, "dates")
    opens, due = _parse_iso_day(dates.get("opens")), _parse_iso_day(dates.get("self_assessment_due"))
    if opens and due and due <= opens:
        yield (
            ("dates", "self_assessment_due"),
            f"The self-assessment is due on {day_in_words(due)}, not after the cycle opens "
            f"({day_in_words(opens)}). Give a later day.",
        )
    for key, day in (("opens", opens), ("self_assessment_due", due)):
        if day and not 2000 <= day.year <= 2100:
            yield ("dates", key), f"{day_in_words(day)} can't be right. Check the year."


def _range_problems(held: object, path: Path_) -> Iterator[Problem]:
    if isinstance(held, dict):
        first, last = _parse_iso_day(held.get("first")), _parse_iso_day(held.get("last"))
        if first and last and last < first:
            said = f"The last day ({day_in_words(last)}) is before the first ({day_in_words(first)})."
            yield (*path, "last"), f"{said} Change them round."
        for key, value in held.items():
            yield from _range_problems(value, (*path, key))
    elif isinstance(held, list):
        for n, value in enumerate(held):
            yield from _range_problems(value, (*path, n))


def _rule_problems(data: Entry) -> Iterator[Problem]:
    closing = _read_mapping(data, "rules").get("closing_time")
    if _is_filled_text(closing) and re.fullmatch(r"\d\d:\d\d", closing) and closing > "23:59":
        yield ("rules", "closing_time"), f"`{closing}` isn't a time of day. Write one as in 17:00."
    months = [n for n in _read_list_value(_read_mapping(data, "rules"), "review_months") if type(n) is int]
    if months != sorted(set(months)):
        yield (
            ("rules", "review_months"),
            "`review_months` should rise from one review to the next, as in `review_months: [3, 6]`.",
        )


def _assignment_problems(data: Entry, areas: list[tuple[int, Entry]]) -> Iterator[Problem]:
    """Pins that can't be, and areas that nobody may challenge; what can't be read is taken as not given."""
    rules = read_what_can_be(AssignmentRules, _read_mapping(data, "assignment"))
    typed = [(i, read_what_can_be(Participant, {**area, "id": _read_or_make_id(area)})) for i, area in areas]
    yield from _pin_problems(rules, {area.id: area for _, area in typed})
    yield from _partner_shortages(typed, rules)


def _pin_problems(rules: AssignmentRules, by_id: dict[str, Participant]) -> Iterator[Problem]:
    pins = {author: other for author, other in rules.pins.items() if {author, other} <= set(by_id)}
    for author, challenger in pins.items():
        if why := _explain_impossible_pin(author, challenger, pins, rules, by_id):
            yield ("assignment", "pins", author), why
    taken = Counter(pins.values())
    for challenger in sorted(taken):
        if taken[challenger] > (most := by_id[challenger].capacity):
            words = f"`{challenger}` is set to challenge {taken[challenger]} areas and can challenge {most}."
            yield ("assignment", "pins"), f"{words} Change a pin, or its `capacity`."


def _explain_impossible_pin(
    author: str,
    challenger: str,
    pins: dict[str, str],
    rules: AssignmentRules,
    by_id: dict[str, Participant],
) -> str:
    """Why a pin can't be, and what to do; "" where it can."""
    if author == challenger:
        return f"`{author}` is set to challenge itself. Name another area."
    if challenger in rules.bans.get(author, ()):
        return f"`{challenger}` is set (pins) and ruled out (bans) as challenger of `{author}`. Keep one."
    if rules.reciprocal == "forbid" and pins.get(challenger) == author and author < challenger:
        return f"`{author}` and `{challenger}` challenge each other (`reciprocal: forbid`). Drop one."
    why = _explain_ruled_out_pair(by_id[author], by_id[challenger], rules)
    return (
        f"`{challenger}` is set to challenge `{author}`, and {why}. Change the pin or the rule."
        if why
        else ""
    )


def _partner_shortages(areas: list[tuple[int, Participant]], rules: AssignmentRules) -> Iterator[Problem]:
    if len(areas) < 2:
        return
    authors = [(i, area) for i, area in areas if not area.external]
    room = sum(area.capacity for _, area in areas)
    if room < len(authors):
        yield (
            ("participants",),
            f"{len(authors)} areas need a challenger and there is room for {room} (`capacity`). "
            "Raise a capacity, or add a challenger from outside (`external: yes`).",
        )
    for i, author in authors:
        others = [other for _, other in areas if other.id != author.id and other.capacity]
        banned = rules.bans.get(author.id, ())
        if all(other.id in banned or _explain_ruled_out_pair(author, other, rules) for other in others):
            yield (
                ("participants", i),
                f"No area may challenge `{author.id}` under these rules. "
                "Relax a rule from forbid to avoid, or add a challenger from outside.",
            )


def _explain_ruled_out_pair(author: Participant, other: Participant, rules: AssignmentRules) -> str:
    if rules.shared_police == "forbid" and is_same_organisation(author.police, other.police):
        return "they share a police force (`shared_police: forbid`)"
    if rules.shared_icb == "forbid" and shared_organisations(author.icb, other.icb):
        return "they share an integrated care board (`shared_icb: forbid`)"
    if rules.neighbours == "forbid" and (other.id in author.neighbours or author.id in other.neighbours):
        return "they are neighbours (`neighbours: forbid`)"
    is_declared = other.id in author.conflicts or author.id in other.conflicts
    return (
        "a conflict is declared between them" if rules.declared_conflicts == "forbid" and is_declared else ""
    )


def _chair_warnings(cycle: Cycle) -> Iterator[Problem]:
    for i, area in enumerate(cycle.participants):
        if cycle.chairs and not list_independent_chairs(cycle, [area.id]):
            words = f"Every Chair has a conflict with {area.id}. Add a Chair for its event."
            yield ("participants", i), words
    owner = {contact.email.lower(): area.name for area in cycle.participants for contact in area.contacts}
    for i, chair in enumerate(cycle.chairs):
        if chair.email and (area_name := owner.get(chair.email.lower())):
            words = f"{chair.email} is a contact of {area_name} too. Check that it is meant."
            yield ("chairs", i, "email"), words
        elif areas := [
            area.name
            for area in cycle.participants
            if not list_conflicts(chair, [area.id])
            and make_name_key(chair.name) in map(make_name_key, (contact.name for contact in area.contacts))
        ]:
            words = (
                f"`{chair.name}` is also the name of a contact of {join_in_words(areas)}. "
                "If it is one person, say that this Chair has a conflict with that area."
            )
            yield ("chairs", i, "name"), words
        for other in cycle.chairs[:i]:
            is_one_address = bool(chair.email) and chair.email.lower() == other.email.lower()
            if is_one_address or make_name_key(chair.name) == make_name_key(other.name):
                words = f"`{other.name}` and `{chair.name}` are taken as two Chairs. Remove one if it is one."
                yield ("chairs", i, "name"), words


def _contact_warnings(cycle: Cycle) -> Iterator[Problem]:
    owner: dict[str, str] = {}
    for i, area in enumerate(cycle.participants):
        for n, contact in enumerate(area.contacts):
            first = owner.setdefault(contact.email.lower(), area.id) if contact.email else area.id
            if first != area.id:
                words = f"{contact.email} is a contact of {first} too. Check that it is meant."
                yield ("participants", i, "contacts", n, "email"), words


def _names_to_ask_about(cycle: Cycle) -> Iterator[Problem]:
    """Names of forces, boards and areas that are two and look like one."""
    named: dict[tuple[str, str], list[tuple[int, str]]] = {
        ("police", "police forces"): [(i, area.police) for i, area in enumerate(cycle.participants)],
        ("icb", "integrated care boards"): [(i, b) for i, a in enumerate(cycle.participants) for b in a.icb],
        ("name", "areas"): [(i, area.name) for i, area in enumerate(cycle.participants)],
    }
    for (field, what), names in named.items():
        for one, other in likely_same((name for _, name in names), are_areas=field == "name"):
            i = next(i for i, name in names if name == other)
            yield (
                ("participants", i, field),
                f"`{one}` and `{other}` are taken as two {what}. If they are one, write both the same way.",
            )


def _several_in_one(cycle: Cycle) -> Iterator[Problem]:
    """One name of a force or board that holds the names of two: a rule would compare neither."""
    areas = list(enumerate(cycle.participants))
    boards = [(("participants", i, "icb", n), name) for i, a in areas for n, name in enumerate(a.icb)]
    forces = [(("participants", i, "police"), area.police) for i, area in areas]
    for kind, names in (("icb", boards), ("police", forces)):
        known = {make_organisation_key(name) for _, name in names} - {""}
        for place, name in names:
            kinds = [kind in make_organisation_key(part).split() for part in _BETWEEN_NAMES.split(name)]
            items = [make_organisation_key(item) for item in _BETWEEN_ITEMS.split(name)]
            if sum(kinds) > 1 or (len(items) > 1 and any(item in known for item in items)):
                how = "Put a semicolon between them." if kind == "icb" else "Give the one of this area."
                yield place, f"`{name}` looks like two names in one. {how}"


def _what_rules_lack(cycle: Cycle) -> Iterator[Problem]:
    """What a rule needs to know of an area and is not told; an area that nothing can be sent to."""
    for i, area in enumerate(cycle.participants):
        for rule, (field, what) in NEEDED_BY_RULES.items():
            policy = getattr(cycle.assignment, rule)
            if policy != "allow" and not getattr(area, field):
                words = f"{area.name} has no {what}, so we cannot apply `{rule}: {policy}` to it."
                yield ("participants", i), f"{words} Give its `{field}`."
        if area.external and not area.contacts:
            continue
        if not any(contact.email for contact in area.contacts):
            words = f"{area.name} has no contact with an email address, so no email can go to it."
            yield ("participants", i), f"{words} Give it one in `contacts`."
            continue
        for topic in (Receives.FORMS, Receives.REMINDERS, Receives.EVENT):
            if not choose_recipients(cycle, Addressee.AREA, area.id, (topic,)).to:
                words = f"Nobody of {area.name} receives `{topic}`, so that messages about it wait."
                yield ("participants", i), f"{words} Add it to `receives` of a contact with an address."


def _is_filled_text(value: object) -> TypeGuard[str]:
    return isinstance(value, str) and bool(value)


def _read_text_value(entry: Mapping[str, object], key: str) -> str:
    held = entry.get(key)
    return held if isinstance(held, str) else ""


def _read_text_list(entry: Mapping[str, object], key: str) -> list[str]:
    return [held for held in _read_list_value(entry, key) if isinstance(held, str)]


def _parse_iso_day(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value)) if value else None
    except ValueError:
        return None


def _read_mapping(data: Mapping[str, object], key: str) -> Entry:
    part = data.get(key)
    return part if isinstance(part, dict) else {}


def _read_list_value(entry: Mapping[str, object], key: str) -> list[object]:
    held = entry.get(key)
    return held if isinstance(held, list) else []


def _read_mapping_entries(data: Mapping[str, object], key: str) -> list[tuple[int, Entry]]:
    return [(i, entry) for i, entry in enumerate(_read_list_value(data, key)) if isinstance(entry, dict)]


def name_areas_by_id(data: Entry) -> None:
    """Replace names of areas by their ids in `data`: in lists, `challenged_by`, `pins` and `bans`.

    A name is recognised however it is written (`name_key`), and so are an area's aliases. A name that two
    areas have is left as it is.
    """
    by_key: dict[str, set[str]] = {}
    for _, area in participants_of(data):
        for key in list_name_keys(area):
            by_key.setdefault(key, set()).add(str(area.get("id")))
    ids = [area.get("id") for _, area in participants_of(data)]

    def id_of(held: object) -> object:
        found = by_key.get(make_name_key(str(held)), set()) if held not in ids else set()
        return next(iter(found)) if len(found) == 1 else held

    def ids_of(held: object) -> list[object]:
        """The id of an area; those of several whose names have commas between them, where each is known."""
        whole, parts = id_of(held), [id_of(part.strip()) for part in str(held).split(",")]
        return parts if whole not in ids and all(part in ids for part in parts) else [whole]

    for holder, key in find_area_references(data):
        held = holder[key]
        if isinstance(held, list):
            holder[key] = [one for each in held for one in ids_of(each)]
        elif isinstance(held, dict):
            name_of = (
                id_of if key in _BY_AUTHOR else make_id_from_name
            )  # of a cycle: "Vale 2026" is vale-2026
            holder[key] = {name_of(k): _replace_names_by_ids(v, id_of) for k, v in held.items()}


def list_name_keys(area: Mapping[str, object]) -> set[str]:
    """The keys of all names by which others may refer to an area: its id, name, partnership and aliases."""
    names = [_read_or_make_id(area), *(_read_text_value(area, key) for key in ("name", "partnership"))]
    names += [name_as_spoken(name) for name in names]
    return {make_name_key(name) for name in (*names, *_read_text_list(area, "aliases")) if name}


_BETWEEN_NAMES = re.compile(r"[,/|+&]| and ")
_BETWEEN_ITEMS = re.compile(r"[,/|]")
"""A name may have a comma of its own, so what stands between two has to be a name that is given elsewhere."""
_BY_AUTHOR = ("pins", "bans")


def _replace_names_by_ids(held: object, id_of: Callable[[object], object]) -> object:
    return [id_of(each) for each in held] if isinstance(held, list) else id_of(held)


def find_area_references(data: Entry) -> Iterator[tuple[Entry, str]]:
    """Each value that refers to areas, as the mapping that holds it and its key there."""
    holders = [area for _, area in participants_of(data)]
    holders += [chair for _, chair in _read_mapping_entries(data, "chairs")]
    holders.append(_read_mapping(data, "assignment"))
    keys = ("neighbours", "conflicts", "challenged_by", "not_for", *_BY_AUTHOR)
    yield from ((holder, key) for holder, key in product(holders, keys) if key in holder)
