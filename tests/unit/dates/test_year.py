"""A year of three overlapping cycles: no reminder missed, doubled or misdated, nobody in two places."""

from dataclasses import replace
from functools import cache

import pytest

from tests.unit.dates.oracle import verdict
from tests.unit.dates.year import Year, play

_played = cache(play)


@pytest.mark.parametrize("seed", range(2))
def test_a_year_with_lateness_outages_and_clock_changes_goes_right(seed: int) -> None:
    year = _played(seed)
    found = verdict(year)
    assert found.faults == 0, found
    assert found.expected > 100
    assert len(year.events) > 12


@pytest.fixture
def year() -> Year:
    played = _played(0)
    return replace(played, sent=list(played.sent), events=dict(played.events))


def test_the_verdict_sees_a_reminder_missed_and_one_doubled(year: Year) -> None:
    last = year.sent.pop()
    assert verdict(year).missed == 1
    year.sent += [last, last]
    assert (verdict(year).missed, verdict(year).duplicate) == (0, 1)


def test_the_verdict_sees_a_reminder_on_the_wrong_day_and_one_that_nobody_asked_for(year: Year) -> None:
    first = year.sent[0]
    year.sent[0] = replace(first, at=first.at.replace(day=first.at.day % 28 + 1))
    assert verdict(year).wrong_day == 1
    year.sent[0] = replace(first, key="analysis_due/2027-01-01/1-days-before")
    assert (verdict(year).missed, verdict(year).unasked) == (1, 1)


def test_the_verdict_sees_people_in_two_places(year: Year) -> None:
    year.events["another"] = next(iter(year.events.values()))
    assert verdict(year).double_booked == 3
