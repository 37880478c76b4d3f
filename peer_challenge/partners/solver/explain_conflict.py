"""Why there is no answer: the smallest set of areas and rules that are in conflict, and what would help."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

import numpy as np

from peer_challenge.model.cycle_changes import FIELDS, POLICY_NAMES
from peer_challenge.model.sentences import (
    capitalise_first_letter,
    join_in_words,
    join_list_briefly,
    say_how_many,
)
from peer_challenge.partners.solver.cost_tables import Bools, Tables, build_cost_tables
from peer_challenge.partners.solver.pair_rules import (
    PAIR_RULES,
    RECIPROCAL,
    find_rule_policy,
    list_rules_touched,
)
from peer_challenge.partners.solver.problem import Problem
from peer_challenge.partners.solver.search_by_levels import search_by_levels

T = TypeVar("T")
Words = tuple[str, ...]
_SHOWN = 12
"""Sentences, or names in one: an office acts on the first ones, and the sentence says how many there are."""
_TRIED = 40
"""Each search gets 0.2 seconds even when time is out: so many delay an answer by some eight seconds."""


def explain_conflict(problem: Problem, tables: Tables, until: float) -> tuple[Words, Words]:
    """The conflict, and the cheapest relaxations, each as sentences."""
    if problem.rules.triads and (refusal := _refuse_rounds_of_three(problem)):
        return (refusal,), ("Turn triads off for this cycle.",)
    short = find_smallest_shortage(tables)
    if short:
        said = _short_in_words(problem, tables, short)
        rules = _needed_rules(problem, lambda p: bool(_is_short_of_places(build_cost_tables(p), short)))
    else:
        rules = _needed_rules(problem, lambda p: _is_infeasible(p, until))
        said = _tangle_in_words(problem, until)
    if rules:
        said = (*said, f"The rules that cannot all be kept: {_name_rules(rules)}.")
    return said, _list_relaxations(problem, until)


def _refuse_rounds_of_three(problem: Problem) -> str | None:
    if len(problem.authors) % 3 == 0 and set(problem.authors) == set(problem.challengers):
        return None
    return (
        f"Triads are impossible: {len(problem.authors)} areas are to be challenged by "
        f"{len(problem.challengers)}, and rounds of three need the same areas on both sides, "
        "in a number that three divides."
    )


def _is_infeasible(problem: Problem, until: float) -> bool:
    tables = build_cost_tables(problem)
    plain = replace(
        tables,
        avoided=np.zeros_like(tables.tie),
        weight=np.zeros_like(tables.tie),
        value=np.zeros_like(tables.tie),
        variety=np.zeros_like(tables.tie),
        tie=np.zeros_like(tables.tie),
    )
    return search_by_levels(plain, max(0.2, until - time.monotonic())).is_infeasible


def drop_unneeded_items(items: Sequence[T], still: Callable[[tuple[T, ...]], bool]) -> tuple[T, ...]:
    """A part of `items` for which `still` is true, and is no longer true if any item is left out."""
    kept = tuple(items)
    for item in items:
        fewer = tuple(each for each in kept if each != item)
        if still(fewer):
            kept = fewer
    return kept


def _is_short_of_places(tables: Tables, rows: Sequence[int]) -> bool:
    """Do these authors need more challenges than all who can challenge them have places for?"""
    if not rows:
        return False
    reach = tables.allowed[list(rows)].any(axis=0)
    return int(tables.capacity[reach].sum()) < len(rows)


def find_smallest_shortage(tables: Tables) -> tuple[int, ...]:
    """The smallest set of rows found that are short of challengers; empty when none is."""
    holder: list[list[int]] = [[] for _ in tables.challengers]
    short = []
    for row in range(len(tables.authors)):
        seen = _try_to_place_row(tables.allowed, tables.capacity.tolist(), holder, row)
        if seen is not None:
            short.append(drop_unneeded_items(seen, lambda rows: _is_short_of_places(tables, rows)))
    return min(short, key=lambda rows: (len(rows), rows), default=())


def _try_to_place_row(
    allowed: Bools, capacity: list[int], holder: list[list[int]], row: int
) -> tuple[int, ...] | None:
    """Give `row` a challenger, moving others; or the rows that it was searched through in vain."""
    came: dict[int, int] = {}
    queue, rows = [row], {row}
    while queue:
        here = queue.pop(0)
        for j in np.flatnonzero(allowed[here]).tolist():
            if j in came:
                continue
            came[j] = here
            if len(holder[j]) < capacity[j]:
                _move_along_path(holder, came, j, row)
                return None
            for other in holder[j]:
                if other not in rows:
                    rows.add(other)
                    queue.append(other)
    return tuple(sorted(rows))


def _move_along_path(holder: list[list[int]], came: dict[int, int], column: int, start: int) -> None:
    while True:
        row = came[column]
        before = next((j for j, held in enumerate(holder) if row in held), None)
        holder[column].append(row)
        if row == start or before is None:
            return
        holder[before].remove(row)
        column = before


def _short_in_words(problem: Problem, tables: Tables, short: Sequence[int]) -> Words:
    said = []
    for row in short[:_SHOWN]:
        able = [problem.name(tables.challengers[j]) for j in np.flatnonzero(tables.allowed[row])]
        by = f"only by {join_list_briefly(able, most=_SHOWN)}" if able else "by nobody"
        said.append(f"{problem.name(tables.authors[row])} can be challenged {by}")
    places = int(tables.capacity[tables.allowed[list(short)].any(axis=0)].sum())
    if len(short) > 1:
        said.append(f"these {len(short)} areas have only {say_how_many(places, 'challenge')} between them")
    return ("; ".join(said) + ".",)


def _tangle_in_words(problem: Problem, until: float) -> Words:
    """Where everybody has a challenger but for reciprocity or triads: the areas in the way."""
    areas = problem.authors
    if problem.rules.triads:
        names = join_list_briefly([problem.name(a) for a in areas], most=_SHOWN)
        return (f"Each area has a challenger of its own, but there are no rounds of three among {names}.",)
    # Each area left out takes a search of its own: with more than 60 that takes too long to wait for.
    if len(areas) <= 60:
        areas = drop_unneeded_items(
            areas, lambda some: bool(some) and _is_infeasible(_keep_only_authors(problem, some), until)
        )
    names = join_list_briefly([problem.name(a) for a in areas], most=_SHOWN)
    some = "" if len(areas) == 2 else "some two of "
    return (f"Each area has a challenger of its own, but {some}{names} would have to challenge each other.",)


def _keep_only_authors(problem: Problem, authors: Sequence[str]) -> Problem:
    """The problem in which only these are to be challenged; the others still challenge."""
    wanted = set(authors)
    people = tuple(
        p if p.id in wanted or p.external else p.model_copy(update={"external": True})
        for p in problem.participants
    )
    return replace(
        problem, participants=people, fixed={a: c for a, c in problem.fixed.items() if a in wanted}
    )


def _needed_rules(problem: Problem, still: Callable[[Problem], bool]) -> tuple[str, ...]:
    """The forbidden rules without which there would be an answer (a smallest such set)."""
    forbidden = tuple(r for r in (*PAIR_RULES, RECIPROCAL) if find_rule_policy(problem, r) == "forbid")
    return drop_unneeded_items(
        forbidden, lambda some: still(soften_rules(problem, [r for r in forbidden if r not in some]))
    )


def soften_rules(problem: Problem, rules: Sequence[str]) -> Problem:
    """The problem with these rules changed from "forbid" to "avoid"."""
    policies = dict.fromkeys(rules, "avoid")
    return replace(problem, rules=problem.rules.model_copy(update=policies))


def _list_relaxations(problem: Problem, until: float) -> Words:
    """What would help, cheapest first: a rule avoided, a pin dropped, triads off, else exceptions."""
    found = []
    for rule in (r for r in (*PAIR_RULES, RECIPROCAL) if find_rule_policy(problem, r) == "forbid"):
        if said := _if_avoided(problem, [rule], until):
            found.append(said)
    for author in sorted(problem.rules.pins):
        pins = {a: c for a, c in problem.rules.pins.items() if a != author}
        without = replace(problem, rules=problem.rules.model_copy(update={"pins": pins}))
        if not _is_infeasible(without, until):
            found.append((1, f"Drop the pin of {problem.name(author)}."))
    found += _if_ban_lifted(problem, until)
    if problem.rules.triads:
        without = replace(problem, rules=problem.rules.model_copy(update={"triads": False}))
        if not _is_infeasible(without, until):
            found.append((1, "Turn triads off for this cycle."))
    if not found:
        every = [r for r in (*PAIR_RULES, RECIPROCAL) if find_rule_policy(problem, r) == "forbid"]
        if said := _if_avoided(problem, every, until):
            found.append(said)
    if not found:
        return (
            "Let areas challenge more than one (capacity), bring in a challenger from outside, "
            "or lift a pin or ban.",
        )
    return tuple(words for _, words in sorted(found)[:4])


def _if_ban_lifted(problem: Problem, until: float) -> list[tuple[int, str]]:
    """The first two bans that would help if lifted alone; only so many are tried."""
    found: list[tuple[int, str]] = []
    every = [(a, c) for a, banned in sorted(problem.rules.bans.items()) for c in sorted(banned)]
    for author, challenger in every[:_TRIED]:
        fewer = tuple(c for c in problem.rules.bans[author] if c != challenger)
        bans = {**problem.rules.bans, author: fewer}
        without = replace(problem, rules=problem.rules.model_copy(update={"bans": bans}))
        if len(found) < 2 and not _is_infeasible(without, until):
            words = f"Lift the ban on {problem.name(challenger)} challenging {problem.name(author)}."
            found.append((1, words))
    return found


def _if_avoided(problem: Problem, rules: Sequence[str], until: float) -> tuple[int, str] | None:
    softer = soften_rules(problem, rules)
    tables = build_cost_tables(softer)
    answer = search_by_levels(tables, max(0.2, until - time.monotonic()))
    if answer.chosen is None:
        return None
    broken = []
    for author, j in zip(tables.authors, answer.chosen.tolist(), strict=True):
        names = [t.rule for t in list_rules_touched(softer, author, tables.challengers[j])]
        if author not in problem.fixed and set(names) & set(rules):
            broken.append(f"{problem.name(author)} challenged by {problem.name(tables.challengers[j])}")
    which = "the rule" if len(rules) == 1 else "one of the rules"
    breaking = f"{say_how_many(len(broken), 'pair')} would break {which}"
    pairs = f" {breaking}: {join_list_briefly(broken, most=_SHOWN)}." if broken else ""
    where = "on the page “Cycle”, under “Rules for partners”"
    return len(broken), f"Set {_name_rules(rules)} to “{POLICY_NAMES['avoid']}” {where}.{pairs}"


def _name_rules(rules: Sequence[str]) -> str:
    """Rules as the pages call them."""
    return join_in_words([f"“{capitalise_first_letter(FIELDS['assignment', rule].words)}”" for rule in rules])
