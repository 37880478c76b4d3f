"""What a challenger would bring to an author: strength, with evidence, where the author is not GREEN."""

from collections.abc import Iterable, Mapping

import pandas as pd

TOP = 1000
"""The solvers take whole numbers alone: per mille is fine enough to tell challengers apart."""
NEUTRAL = 500
"""Where nothing is known yet: the middle neither draws a challenger to an area nor keeps one away."""
_NEED = {"RED": 2, "AMBER": 1}
"""An area needs help twice as much where it is RED; where it is GREEN, it needs none."""
_BEST = 3  # the most that `_score_strength` gives: dividing by it makes TOP the highest value

Ratings = Mapping[str, tuple[str, bool]]


def read_ratings_by_area(rows: pd.DataFrame | None) -> dict[str, dict[str, tuple[str, bool]]]:
    """The ratings of each participant: sub-heading -> (rating, whether there is evidence of strengths).

    `rows` has the columns participant, subheading, rating, strengths; None gives no participants.
    """
    found: dict[str, dict[str, tuple[str, bool]]] = {}
    if rows is None or rows.empty:
        return found
    columns = (rows[name] for name in ("participant", "subheading", "rating", "strengths"))
    for participant, subheading, rating, strengths in zip(*columns, strict=True):
        evidence = isinstance(strengths, str) and bool(strengths.strip())
        written = str(rating) if isinstance(rating, str) else ""
        found.setdefault(str(participant), {})[str(subheading)] = (written, evidence)
    return found


def _score_strength(rating: str, has_evidence: bool) -> int:
    if rating == "GREEN":
        return _BEST if has_evidence else 1
    return int(rating == "AMBER" and has_evidence)


def score_challenger(author: Ratings, challenger: Ratings) -> int:
    """The challenge value, 0 to 1000: how much of the author's need the challenger's strength meets."""
    needs = {sub: _NEED[rating] for sub, (rating, _) in author.items() if rating in _NEED}
    if not needs:
        return NEUTRAL
    met = sum(need * _score_strength(*challenger.get(sub, ("", False))) for sub, need in needs.items())
    return TOP * met // (_BEST * sum(needs.values()))


def count_strengths_and_needs(author: Ratings, challenger: Ratings) -> tuple[int, int]:
    """On how many sub-headings the challenger is strong with evidence, and of how many RED or AMBER ones."""
    needs = [sub for sub, (rating, _) in author.items() if rating in _NEED]
    strong = sum(challenger.get(sub) == ("GREEN", True) for sub in needs)
    return strong, len(needs)


def values_between(
    ratings: Mapping[str, Ratings], authors: Iterable[str], challengers: Iterable[str]
) -> dict[tuple[str, str], int]:
    """The value of each (author, challenger) if the self-assessments of both are in."""
    able = [c for c in challengers if c in ratings]
    return {
        (a, c): score_challenger(ratings[a], ratings[c])
        for a in authors
        if a in ratings
        for c in able
        if a != c
    }
