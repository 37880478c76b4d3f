"""Counts one deadline: months, moves to working days, extensions, pauses, school holidays.

Which deadlines there are, and from what each is counted, is in deadlines.py.
"""

import calendar
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Literal

from peer_challenge.clock import LONDON
from peer_challenge.dates.holiday_files import school_holidays, unknown_sets
from peer_challenge.dates.working_days import WorkingDays
from peer_challenge.errors import WrongUse
from peer_challenge.model.cycle_rules import DateRange, Rules
from peer_challenge.model.days_in_words import day_in_words, short_weekday
from peer_challenge.model.sentences import say_how_many
from peer_challenge.model.vocabulary import DeadlineName

EXTENDABLE = (
    DeadlineName.SELF_ASSESSMENT_DUE,
    DeadlineName.ANALYSIS_DUE,
    DeadlineName.EVENT_BY,
    DeadlineName.RESPONSE_DUE,
    DeadlineName.CHAIR_RECORD_DUE,
    DeadlineName.CORRECTIONS_DUE,
    DeadlineName.CHALLENGER_CORRECTIONS_DUE,
    DeadlineName.ACTION_PLAN_DUE,
    DeadlineName.PROGRESS_REPORT_DUE,
)
_ONE_DAY = timedelta(days=1)  # what comes after the closing time counts from the next day


@dataclass(frozen=True, slots=True)
class Deadline:
    """One deadline, met on or before `due_on`.

    `nominal_on` is the day as counted; `due_on` is that day or the next working day after it.
    """

    name: DeadlineName
    due_on: date
    nominal_on: date
    counted_from: date | None
    rule: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Adjustment:
    """An extension of one deadline by `days`, or a pause of the clock for `days` from `first_on`.

    `reason` is for the office alone. `message` is what those concerned are told, on the page and in notes of
    dates; it may be empty. `review` is the review whose progress report is extended; 0 for all else.

    Raises WrongUse without a reason, for less than a day, or where nothing says what is adjusted.
    """

    kind: Literal["extension", "pause"]
    reason: str
    days: int
    deadline: str | None = None
    first_on: date | None = None
    message: str = ""
    review: int = 0

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise WrongUse("A date is adjusted only with a reason.", remedy="Say why, in a few words.")
        if self.days < 1:
            raise WrongUse(
                "A date is extended or paused by one day or more.", remedy="Give a number of days."
            )
        if self.kind == "extension" and self.deadline not in EXTENDABLE:
            raise WrongUse(
                f"{self.deadline or 'Nothing'} can't be extended.",
                remedy=f"Name one of {', '.join(EXTENDABLE)}. An event is moved, not extended.",
            )
        if self.kind == "pause" and self.first_on is None:
            raise WrongUse("A pause begins on a day.", remedy="Give the first day of the pause.")

    def in_words(self) -> str:
        """A sentence for those concerned: what was changed, and the message. Never the office's reason."""
        what = "Extended" if self.kind == "extension" else "Paused"
        changed = f"{what} by {say_how_many(self.days, 'day')}"
        return f"{changed}: {self.message}" if self.message else f"{changed}."

    def as_dict(self) -> dict[str, object]:
        """The adjustment as plain data that JSON can hold."""
        return {k: v.isoformat() if isinstance(v, date) else v for k, v in asdict(self).items()}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Adjustment":
        """The adjustment that `as_dict` turned into plain data."""
        first_on = data.get("first_on")
        return cls(**{**data, "first_on": date.fromisoformat(first_on) if first_on else None})


def add_months(day: date, months: int) -> date:
    """The corresponding day `months` later, or the last day of that month where it has no such day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def review_starts_on(received_at: datetime, rules: Rules) -> date:
    """The day from which a review is counted: the day of receipt or the next working day.

    It is the next working day when the document came after closing time or on a day off.
    """
    local = received_at.astimezone(LONDON)
    hour, minute = map(int, rules.closing_time.split(":"))
    day = local.date()
    if local.time() > time(hour, minute):
        day += _ONE_DAY
    return WorkingDays(rules.extra_bank_holidays).next_working_day(day)


def start_note(received_at: datetime, rules: Rules) -> tuple[str, ...]:
    """A note on why a review is not counted from the day of receipt; empty when it is."""
    local = received_at.astimezone(LONDON)
    start = review_starts_on(received_at, rules)
    if start == local.date():
        return ()
    off = WorkingDays(rules.extra_bank_holidays).why_not(local.date())
    received = f"{day_in_words(local.date())}, which is {off}"
    if not off:
        received = f"{short_weekday(local.date())}, after {rules.closing_time}"
    return (f"Received on {received}, so counted from {short_weekday(start)}.",)


class Counter:
    """Counts deadlines under one cycle's rules, with the adjustments of a challenge.

    The order in which adjustments are given makes no difference.
    """

    def __init__(self, rules: Rules, adjustments: Iterable[Adjustment] = ()) -> None:
        self._days = WorkingDays(rules.extra_bank_holidays)
        # by day: whether a pause counts depends on the date that earlier ones have made
        self._adjustments = sorted(adjustments, key=lambda a: (a.first_on or date.min, a.days, a.reason))
        self._school = _merge_overlapping((*rules.school_holidays, *school_holidays(rules.school_calendars)))
        self._unknown = unknown_sets(rules.school_calendars)

    def deadline(
        self,
        name: DeadlineName,
        nominal: date,
        counted_from: date | None,
        rule: str,
        notes: tuple[str, ...] = (),
    ) -> Deadline:
        """The deadline with the nominal day `nominal`, adjusted and then moved to a working day.

        Each of these changes adds a note.
        """
        said = list(notes)
        for adjustment in self._adjustments:
            if _is_adjustment_relevant(adjustment, name, nominal, counted_from):
                nominal += timedelta(days=adjustment.days)
                said.append(adjustment.in_words())
        due = self._days.next_working_day(nominal)
        if due != nominal:
            said.append(f"{day_in_words(nominal)} is {self._days.why_not(nominal)}, so {short_weekday(due)}.")
        said += self._in_school_holidays(counted_from, due)
        return Deadline(name, due, nominal, counted_from, rule, tuple(said))

    def working(self, name: DeadlineName, start: date, count: int, rule: str) -> Deadline:
        """The deadline `count` working days after `start` (before it, when negative)."""
        return self.deadline(name, self._days.add_working_days(start, count), start, rule)

    def is_working_day(self, day: date) -> bool:
        """Whether `day` is a working day under the cycle's rules."""
        return self._days.is_working_day(day)

    def _in_school_holidays(self, first: date | None, last: date) -> list[str]:
        """A warning when over a third of the window lies in school holidays; they extend nothing."""
        if first is None or last <= first:
            return []
        total = (last - first).days
        inside = sum(
            max(0, (min(holidays_end, last) - max(holidays_begin, first + _ONE_DAY)).days + 1)
            for holidays_begin, holidays_end in self._school
        )
        said = [f"{inside} of these {total} days lie in school holidays."] if inside * 3 > total else []
        return said + [f"No school holidays are known under the name {name}." for name in self._unknown]


def _merge_overlapping(holidays: Iterable[DateRange]) -> list[tuple[date, date]]:
    """The first and last days of holidays, those that share days as one, so that no day counts twice."""
    merged: list[tuple[date, date]] = []
    for first, last in sorted((one.first, one.last) for one in holidays):
        if merged and first <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], last))
        else:
            merged.append((first, last))
    return merged


def _is_adjustment_relevant(
    adjustment: Adjustment, name: DeadlineName, nominal: date, counted_from: date | None
) -> bool:
    if adjustment.kind == "extension":
        return adjustment.deadline == name
    first = adjustment.first_on
    return counted_from is not None and first is not None and counted_from <= first <= nominal
