"""Pins, bans and rules of a cycle file that leave an area without a partner, or contradict each other."""

from collections import Counter
from collections.abc import Iterator

from peer_challenge.cycle_file.entry_values import read_mapping, read_or_make_id
from peer_challenge.cycle_file.read_what_can_be import read_what_can_be
from peer_challenge.cycle_file.yaml_with_lines import Entry, PlacedProblem
from peer_challenge.model.cycle import Participant
from peer_challenge.model.cycle_rules import AssignmentRules
from peer_challenge.model.names_alike import (
    is_same_organisation,
    shared_organisations,
)


def find_partner_problems(data: Entry, areas: list[tuple[int, Entry]]) -> Iterator[PlacedProblem]:
    """Pins that can't be, and areas that nobody may challenge; what can't be read is taken as not given."""
    rules = read_what_can_be(AssignmentRules, read_mapping(data, "assignment"))
    typed = [(i, read_what_can_be(Participant, {**area, "id": read_or_make_id(area)})) for i, area in areas]
    yield from _pin_problems(rules, {area.id: area for _, area in typed})
    yield from _partner_shortages(typed, rules)


def _pin_problems(rules: AssignmentRules, by_id: dict[str, Participant]) -> Iterator[PlacedProblem]:
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


def _partner_shortages(
    areas: list[tuple[int, Participant]], rules: AssignmentRules
) -> Iterator[PlacedProblem]:
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
