"""The whole of a fictional region on one day: for the overview, the timetable and the weekly brief."""

from collections.abc import Iterator
from datetime import date, datetime

import pandas as pd

from peer_challenge.dispatches.facts import NoteFacts, RegionFacts, UnsettledFacts
from peer_challenge.dispatches.gather_region import OF_ACTION, RESPONSE_COLUMNS, ROW_COLUMNS
from peer_challenge.dispatches.samples import sample_texts as texts
from peer_challenge.dispatches.samples.sample_area import (
    AUTHOR,
    EVENT_DAYS,
    LONDON,
    challenger_of,
    derive_percentage,
    rating_of,
    sample_cycle,
    sample_event,
    sample_framework,
    sample_items,
    sample_rows,
)
from peer_challenge.model.access import Scope
from peer_challenge.model.challenge import EventFacts
from peer_challenge.model.overdue_or_at_risk import Standing, make_standing
from peer_challenge.model.vocabulary import DeadlineName, Kind, Outcome, Stage, name_submission

_TODAY = date(2027, 5, 10)
_PROGRESS = (
    "participant",
    "review",
    "position",
    "address",
    "development",
    "action",
    "status",
    "status_as_written",
    "evidence",
    "difference",
)
_ITEMS = ("participant", "kind", "position", "subheading", "text", "is_agreed")


_FEEDBACK = pd.DataFrame(columns=["participant", "field", "value"], dtype=object)
_STEP_DAYS = pd.DataFrame(
    [
        (step, area, usual + derive_percentage(area, step, "days") % spread)
        for step, usual, spread in (
            ("Self-assessment", 38, 12),
            ("Pairing areas", 5, 9),
            ("Analysis", 24, 9),
        )
        for area, *_ in texts.AREAS
    ],
    columns=["step", "participant", "days"],
    dtype=object,
)
"""The steps that every area has finished by the day of the sample. None has sent its last report by then."""


def sample_events() -> tuple[EventFacts, ...]:
    """Every event that is set or was held, in the order of the areas."""
    return tuple(sample_event(author) for author, *_ in texts.AREAS if author in EVENT_DAYS)


def _make_standings() -> Iterator[Standing]:
    """Where each challenge stands in the second week of May."""
    where: dict[str, tuple[Stage, dict[DeadlineName, date]]] = {
        "brackenford": (Stage.IN_ANALYSIS, {DeadlineName.ANALYSIS_DUE: date(2027, 4, 30)}),
        "dunmere": (Stage.EVENT_HELD, {DeadlineName.CHAIR_RECORD_DUE: date(2027, 5, 12)}),
        "eastholme": (Stage.RETURNED, {DeadlineName.EVENT_BY: date(2027, 6, 2)}),
        "fallowby": (Stage.SUMMARISED, {DeadlineName.ACTION_PLAN_DUE: date(2027, 5, 7)}),
        "glenwick": (Stage.SUMMARISED, {DeadlineName.ACTION_PLAN_DUE: date(2027, 5, 21)}),
    }
    cycle = sample_cycle()
    for author, *_ in texts.AREAS:
        event = sample_event(author) if author in EVENT_DAYS else None
        stage = Stage.EVENT_SET if event and event.starts_at.date() > _TODAY else Stage.IN_FOLLOW_UP
        next_due = {DeadlineName.EVENT_ON: EVENT_DAYS.get(author, _TODAY)}
        if stage is Stage.IN_FOLLOW_UP:
            next_due = {DeadlineName.PROGRESS_REPORT_DUE: date(2027, 8, 10)}
        stage, due = where.get(author, (stage, next_due))
        yield make_standing(
            cycle,
            Scope(cycle.id, author, challenger_of(author), event.chair.id if event else None, stage),
            due,
            _TODAY,
            came={Kind.RESPONSE},
            unsettled=Outcome.QUERIED if author == "hallowmere" else None,
        )


def _make_agreed_items() -> pd.DataFrame:
    """What was agreed at the events of eight areas."""
    found = [sample_items(texts.AGREED).assign(participant=AUTHOR)]
    for number, (area, *_) in enumerate(texts.AREAS[1:8]):
        developments = [
            ("development", address, variants[number % len(variants)])
            for place, (address, variants) in enumerate(texts.COMMON.items())
            if (number + place) % 3
        ]
        strength = ("strength", *texts.STRENGTH_VARIANTS[number % len(texts.STRENGTH_VARIANTS)])
        found.append(sample_items([*developments, strength]).assign(participant=area))
    return pd.concat(found, ignore_index=True)[list(_ITEMS)]


def _make_responses() -> pd.DataFrame:
    """What one area answered in writing."""
    rows = sample_rows(AUTHOR)
    answered = rows[rows["response"].astype(bool)].assign(participant=AUTHOR, response_kind_as_written="")
    return answered[RESPONSE_COLUMNS].reset_index(drop=True)


def _make_actions() -> pd.DataFrame:
    """The action plan of one area."""
    plan = pd.DataFrame(texts.ACTIONS, columns=["position", *OF_ACTION])
    return plan.assign(participant=AUTHOR)[["participant", *OF_ACTION]]


def _make_earlier_ratings() -> pd.DataFrame:
    """Some ratings of the two cycles before."""
    return pd.DataFrame(
        [
            {
                "cycle": f"Northern peer challenge {year}",
                "participant": area,
                "subheading": address,
                "rating": rating_of(area, address, year),
            }
            for year, percentage in (("2023", 25), ("2025", 35))
            for area, *_ in texts.AREAS
            for address in sample_framework()
            if derive_percentage(area, address, "same") < percentage
        ],
        dtype=object,
    )


def _make_arrivals() -> pd.DataFrame:
    """What came in in the week before."""
    came = (
        ("Glenwick", "Independent Chair one", Kind.CHAIR_RECORD, 1, 4, Outcome.ACCEPTED),
        ("Ashcombe", "Ashcombe", Kind.RESPONSE, 1, 5, Outcome.ACCEPTED),
        ("Carrowdale", "Carrowdale", Kind.RESPONSE, 2, 6, Outcome.WARNED),
        ("Fallowby", "Fallowby", Kind.ACTION_PLAN, 1, 7, Outcome.QUERIED),
    )
    return pd.DataFrame(
        [
            {
                "participant_name": name,
                "writer_name": writer,
                "kind": kind.value,
                "review": 0,
                "version": version,
                "received_at": datetime(2027, 5, day, 11, 30, tzinfo=LONDON),
                "outcome": outcome.value,
            }
            for name, writer, kind, version, day, outcome in came
        ],
        dtype=object,
    )


def sample_region(*, with_contents: bool = True, with_notes: bool = False) -> RegionFacts:
    """Fifteen areas at once, in the second week of May: before any of them has reported on its plan.

    Without contents, what the areas wrote is left out; the office's own notes are there only `with_notes`.
    """
    nothing = pd.DataFrame()
    schedules = [sample_rows(area).assign(participant=area) for area, *_ in texts.AREAS]
    return RegionFacts(
        rows=pd.concat(schedules, ignore_index=True)[list(ROW_COLUMNS)] if with_contents else nothing,
        items=_make_agreed_items() if with_contents else nothing,
        progress=pd.DataFrame(columns=list(_PROGRESS)) if with_contents else nothing,
        responses=_make_responses() if with_contents else nothing,
        actions=_make_actions() if with_contents else nothing,
        earlier=_make_earlier_ratings() if with_contents else nothing,
        feedback=_FEEDBACK if with_contents else nothing,
        step_days=_STEP_DAYS if with_contents else nothing,
        standings=tuple(_make_standings()),
        arrivals=_make_arrivals(),
        events=sample_events(),
        notes=(NoteFacts("Fallowby", "Rang on 7 May: sends the action plan on Thursday.", date(2027, 5, 13)),)
        if with_notes
        else (),
        unsettled={
            "hallowmere": UnsettledFacts(name_submission(Kind.RESPONSE), "hallowmere", date(2027, 4, 30))
        },
    )
