"""The timeline of a cycle, drawn on the server: a bar for each challenge, its deadlines and its event.

Places are per cent of the width, so that one drawing fits a wall and a telephone. Every kind of date has
a shape of its own: nothing is told by colour alone.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from peer_challenge.model.days_in_words import short_weekday
from peer_challenge.model.vocabulary import DEADLINE_NAMES

_MOST_MONTHS = 9
"""Names of months side by side: with more they would run into each other on a narrow screen."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One date: `state` is met, ahead or overdue; `is_clash` says that the event's date clashes."""

    kind: str
    x: float
    state: str
    is_clash: bool
    told: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One challenge: where it begins and ends, the window of its event, and its dates."""

    area: str
    start: float
    end: float
    window: tuple[float, float] | None
    marks: list[Mark]


@dataclass(frozen=True, slots=True)
class Month:
    """Where a month begins; `name` is empty where there is no room for one."""

    x: float
    name: str
    year: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """Everything on the timeline; `today` is None when it is outside."""

    months: list[Month]
    bars: list[Bar]
    today: float | None


def timeline_of(
    rows: Sequence[tuple[str, str, Mapping[str, date]]],
    ahead: Collection[tuple[str, str]],
    clashing: Collection[str],
    today: date,
) -> Timeline:
    """The timeline of `rows` (area, its name, its dates by name), in their order.

    `ahead` are the dates still to be met, as (area, name); `clashing` the areas whose event clashes.
    Nothing is drawn where there are no dates.
    """
    days = [day for _, _, due in rows for name, day in due.items() if name in DEADLINE_NAMES]
    if not days:
        return Timeline([], [], None)
    first = min(days).replace(day=1)
    last = _month_after(max(days))
    scale = _Scale(first, last)
    bars = [
        _draw_challenge_bar(
            scale, name, due, {what for who, what in ahead if who == area}, area in clashing, today
        )
        for area, name, due in rows
    ]
    return Timeline(list(_label_months(scale)), bars, scale.at(today) if first <= today < last else None)


@dataclass(frozen=True, slots=True)
class _Scale:
    first: date
    last: date

    def at(self, day: date) -> float:
        """The place of a day, in per cent of the width from the left."""
        return round(100 * (day - self.first).days / (self.last - self.first).days, 2)


def _month_after(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


def _label_months(scale: _Scale) -> Iterator[Month]:
    starts, day = [], scale.first
    while day < scale.last:
        starts.append(day)
        day = _month_after(day)
    every = -(-len(starts) // _MOST_MONTHS)
    told_year = 0
    for number, start in enumerate(starts):
        is_told = number % every == 0
        is_new_year = is_told and start.year != told_year
        told_year = start.year if is_told else told_year
        yield Month(scale.at(start), f"{start:%b}" if is_told else "", str(start.year) if is_new_year else "")


def _draw_challenge_bar(
    scale: _Scale, name: str, due: Mapping[str, date], ahead: Collection[str], is_clash: bool, today: date
) -> Bar:
    drawn = {kind: day for kind, day in due.items() if kind in DEADLINE_NAMES}
    marks = [
        Mark(
            kind,
            scale.at(day),
            _find_date_state(kind, day, ahead, today),
            is_clash and kind == "event_on",
            f"{DEADLINE_NAMES[kind]}: {short_weekday(day)}",
        )
        for kind, day in sorted(drawn.items(), key=lambda pair: pair[1])
    ]
    window = None
    if "analysis_due" in drawn and "event_by" in drawn:
        window = (scale.at(drawn["analysis_due"]), scale.at(drawn["event_by"]))
    places = [mark.x for mark in marks] or [0.0]
    return Bar(name, min(places), max(places), window, marks)


def _find_date_state(kind: str, day: date, ahead: Collection[str], today: date) -> str:
    if kind not in ahead:
        return "met"
    return "overdue" if day < today else "ahead"
