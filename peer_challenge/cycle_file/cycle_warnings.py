"""What is worth a second look in a cycle that can be opened: it stops nothing."""

import re
from collections.abc import Iterator

from peer_challenge.cycle_file.yaml_with_lines import PlacedProblem
from peer_challenge.dates.working_days import WorkingDays
from peer_challenge.model.cycle import Cycle, Receives
from peer_challenge.model.cycle_rules import NEEDED_BY_RULES
from peer_challenge.model.days_in_words import weekday_in_words
from peer_challenge.model.independent_chair import list_conflicts, list_independent_chairs
from peer_challenge.model.messages import Addressee
from peer_challenge.model.names_alike import (
    likely_same,
    make_name_key,
    make_organisation_key,
)
from peer_challenge.model.sentences import join_in_words
from peer_challenge.model.who_gets_a_message import choose_recipients
from peer_challenge.system.free_names import LONGEST_IDS


def warnings_of(cycle: Cycle) -> Iterator[PlacedProblem]:
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


def _what_letters_lack(cycle: Cycle) -> Iterator[PlacedProblem]:
    """What letters and forms say of the office, where there is none of it."""
    if not cycle.office.email:
        yield (
            ("office", "email"),
            "The office has no email address: forms and letters say nowhere to send them.",
        )
    if not cycle.office.phone:
        yield ("office", "phone"), "The office has no telephone number: letters name nobody to ring."


def _long_paths(cycle: Cycle) -> Iterator[PlacedProblem]:
    """Ids with which the paths of documents get too long for Word on Windows, below a long folder's name."""
    for i, area in enumerate(cycle.participants):
        length = len(cycle.id) + len(area.id)
        if length > LONGEST_IDS:
            words = (
                f"The ids `{cycle.id}` and `{area.id}` have {length} characters together. Word on Windows "
                f"may not open documents with so long a path. Choose ids of at most {LONGEST_IDS} together."
            )
            yield ("participants", i), words


def _days_that_roll(cycle: Cycle) -> Iterator[PlacedProblem]:
    working = WorkingDays(cycle.rules.extra_bank_holidays)
    for key, day in (("opens", cycle.dates.opens), ("self_assessment_due", cycle.dates.self_assessment_due)):
        if not working.is_working_day(day):
            holiday = working.bank_holiday(day)
            rolls = " It rolls to the next working day; both are shown." if key != "opens" else ""
            why = f" ({holiday})" if holiday else ""
            yield ("dates", key), f"{weekday_in_words(day)} is not a working day{why}.{rolls}"


def _one_sided_borders(cycle: Cycle) -> Iterator[PlacedProblem]:
    for i, area in enumerate(cycle.participants):
        for n, other in enumerate(area.neighbours):
            if other in cycle.participant and area.id not in cycle.participant[other].neighbours:
                named = cycle.participant[other].name
                words = (
                    f"{area.name} names {named} as a neighbour, and {named} doesn't name it. Taken both ways."
                )
                yield ("participants", i, "neighbours", n), words


def _chair_warnings(cycle: Cycle) -> Iterator[PlacedProblem]:
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


def _contact_warnings(cycle: Cycle) -> Iterator[PlacedProblem]:
    owner: dict[str, str] = {}
    for i, area in enumerate(cycle.participants):
        for n, contact in enumerate(area.contacts):
            first = owner.setdefault(contact.email.lower(), area.id) if contact.email else area.id
            if first != area.id:
                words = f"{contact.email} is a contact of {first} too. Check that it is meant."
                yield ("participants", i, "contacts", n, "email"), words


def _names_to_ask_about(cycle: Cycle) -> Iterator[PlacedProblem]:
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


def _several_in_one(cycle: Cycle) -> Iterator[PlacedProblem]:
    """One name of a force or board that holds the names of two: a rule would compare neither."""
    areas = list(enumerate(cycle.participants))
    boards = [(("participants", i, "icb", n), name) for i, a in areas for n, name in enumerate(a.icb)]
    forces = [(("participants", i, "police"), area.police) for i, area in areas]
    for kind, names in (("icb", boards), ("police", forces)):
        known = {make_organisation_key(name) for _, name in names} - {""}
        for place, name in names:
            kinds = [make_organisation_key(part).split().count(kind) for part in _BETWEEN_NAMES.split(name)]
            items = [make_organisation_key(item) for item in _BETWEEN_ITEMS.split(name)]
            if sum(kinds) > 1 or (len(items) > 1 and any(item in known for item in items)):
                how = "Put a semicolon between them." if kind == "icb" else "Give the one of this area."
                yield place, f"`{name}` looks like two names in one. {how}"


def _what_rules_lack(cycle: Cycle) -> Iterator[PlacedProblem]:
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


_BETWEEN_NAMES = re.compile(r"[,;/|+&]| and ")

_BETWEEN_ITEMS = re.compile(r"[,;/|]")
"""A name may have a comma of its own, so what stands between two has to be a name that is given elsewhere."""
