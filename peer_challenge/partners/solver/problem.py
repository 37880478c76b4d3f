"""The assignment problem as data: participants, rules, values and what may not move."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import pandas as pd

from peer_challenge.model.cycle import Cycle, Participant
from peer_challenge.model.cycle_rules import AssignmentRules
from peer_challenge.partners.solver.challenge_value import (
    count_strengths_and_needs,
    read_ratings_by_area,
    values_between,
)


@dataclass(frozen=True)
class Problem:
    """Who may challenge whom in one cycle.

    `participants` are those taking part, in the order of their ids. `values` holds the challenge value
    (0 to 1000) of an (author, challenger); a missing one is neutral. `strengths` holds, for the
    explanations, on how many of the author's RED or AMBER sub-headings the challenger is strong, and how
    many there are. `fixed` is work under way, author to challenger: it does not move. `earlier` are the
    earlier cycles, nearest first.
    """

    participants: tuple[Participant, ...]
    rules: AssignmentRules
    values: Mapping[tuple[str, str], int] = field(default_factory=dict)
    strengths: Mapping[tuple[str, str], tuple[int, int]] = field(default_factory=dict)
    fixed: Mapping[str, str] = field(default_factory=dict)
    earlier: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()

    @cached_property
    def by_id(self) -> dict[str, Participant]:
        """Participants by id."""
        return {p.id: p for p in self.participants}

    @cached_property
    def authors(self) -> tuple[str, ...]:
        """Ids of those who are to be challenged, in order."""
        return tuple(p.id for p in self.participants if not p.external)

    @cached_property
    def challengers(self) -> tuple[str, ...]:
        """Ids of those who can challenge, in order."""
        return tuple(p.id for p in self.participants if self.capacity(p.id) > 0)

    def capacity(self, challenger: str) -> int:
        """How many areas a challenger can challenge; never less than it has under way."""
        under_way = sum(c == challenger for c in self.fixed.values())
        return max(self.by_id[challenger].capacity, under_way)

    def name(self, participant: str) -> str:
        """The name of a participant, or its id if it takes no part."""
        return self.by_id[participant].name if participant in self.by_id else participant


def problem_from_cycle(
    cycle: Cycle,
    self_assessments: pd.DataFrame | None = None,
    *,
    withdrawn: Collection[str] = (),
    fixed: Mapping[str, str] | None = None,
    challenged_before: Mapping[str, Mapping[str, str]] | None = None,
    opened_on: Mapping[str, date] | None = None,
) -> Problem:
    """The problem of a cycle: neutral values until `self_assessments` are given.

    `self_assessments` has the columns participant, subheading, rating, strengths. A fixed pair is dropped
    if one of its two areas has withdrawn. `challenged_before` (author -> earlier cycle -> challenger) is
    history from the register; if the cycle file names a challenger for the same cycle, the file wins.
    `opened_on` says when earlier cycles were opened, if that is known.
    """
    gone = set(withdrawn)
    before = challenged_before or {}
    taking_part = tuple(
        p.model_copy(update={"challenged_by": {**before.get(p.id, {}), **p.challenged_by}})
        for p in sorted(cycle.participants, key=lambda p: p.id)
        if p.id not in gone
    )
    ids = {p.id for p in taking_part}
    ratings = read_ratings_by_area(self_assessments)
    values = values_between(ratings, sorted(ids), sorted(ids))
    return Problem(
        participants=taking_part,
        rules=cycle.assignment,
        values=values,
        strengths={(a, c): count_strengths_and_needs(ratings[a], ratings[c]) for a, c in values},
        fixed={a: c for a, c in sorted((fixed or {}).items()) if a in ids and c in ids},
        earlier=_earlier_cycles(cycle.id, taking_part, opened_on or {}),
        withdrawn=tuple(sorted(gone)),
    )


def _earlier_cycles(
    cycle_id: str, taking_part: tuple[Participant, ...], opened_on: Mapping[str, date]
) -> tuple[str, ...]:
    """The earlier cycles that anybody's history names, nearest first."""
    known = {earlier for p in taking_part for earlier in p.challenged_by} - {cycle_id}
    return tuple(
        sorted(known, key=lambda earlier: _make_recency_key(earlier, opened_on.get(earlier)), reverse=True)
    )


def _make_recency_key(cycle_id: str, opened_on: date | None) -> tuple[int, int, list[int], str]:
    """What sorts cycles by age: the year (from the register, else from the id), the day, the id's numbers."""
    numbers = [int(n) for n in re.findall(r"\d+", cycle_id)]
    # Four digits that can be a year; others are a number of the cycle.
    year = max((n for n in numbers if 1900 <= n <= 2999), default=0)
    if opened_on is not None:
        return (opened_on.year, opened_on.timetuple().tm_yday, numbers, cycle_id)
    return (year, 0, numbers, cycle_id)
