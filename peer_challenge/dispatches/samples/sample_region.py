"""The whole of a fictional region on one day: for the overview, the timetable and the Monday brief."""

from datetime import date, datetime, timedelta

import pandas as pd

from peer_challenge.dispatches.facts import RegionFacts, ReminderFacts
from peer_challenge.dispatches.samples import sample_texts as texts
from peer_challenge.dispatches.samples.sample_area import (
    AUTHOR,
    CHALLENGER,
    LONDON,
    chance,
    rating_of,
    sample_event,
    sample_framework,
    sample_items,
    sample_rows,
)
from peer_challenge.model.challenge import EventFacts, Standing
from peer_challenge.model.vocabulary import Stage


def sample_events() -> tuple[EventFacts, ...]:
    """An event for every challenge."""
    ids = [area[0] for area in texts.AREAS]
    days = [date(2027, 5, 13) + timedelta(days=n) for n in range(28)]
    working = [day for day in days if day.weekday() in (1, 2, 3)]
    pairs = [(AUTHOR, CHALLENGER)] + [
        (author, ids[(n + 7) % len(ids)]) for n, author in enumerate(ids) if author != AUTHOR
    ]
    return tuple(
        sample_event(n, author, challenger, working[n * 12 // 15], 10 if n % 2 == 0 else 14)
        for n, (author, challenger) in enumerate(pairs)
    )


def _standings() -> tuple[Standing, ...]:
    def one(
        n: int,
        stage: Stage,
        on: str | None,
        due: str | None,
        day: date | None,
        is_overdue: bool = False,
        risk: str | None = None,
    ) -> Standing:
        author, challenger = texts.AREAS[n], texts.AREAS[(n + 7) % 15]
        return Standing(author[0], author[1], challenger[1], stage, on, due, day, is_overdue, risk)

    returned, event = Stage.RETURNED, Stage.EVENT_SET
    first = [
        one(0, event, "Ashcombe", "event_on", date(2027, 5, 13)),
        one(
            1,
            Stage.IN_ANALYSIS,
            "Inglestone",
            "analysis_due",
            date(2027, 4, 30),
            True,
            "The analysis is six working days late, and its event window moves with it.",
        ),
        one(2, event, "Carrowdale", "event_on", date(2027, 5, 18)),
        one(3, Stage.EVENT_HELD, "Independent Chair two", "chair_record_due", date(2027, 5, 12)),
        one(
            4,
            returned,
            "Programme office",
            "event_by",
            date(2027, 6, 2),
            False,
            "No day is free for all three before the window closes on 2 June.",
        ),
        one(5, Stage.SUMMARISED, "Fallowby", "action_plan_due", date(2027, 5, 7), True),
        one(6, Stage.SUMMARISED, "Glenwick", "action_plan_due", date(2027, 5, 21)),
    ]
    return (
        *first,
        *(one(n, event, texts.AREAS[n][1], "event_on", date(2027, 5, 20 + n)) for n in range(7, 11)),
        *(one(n, Stage.CLOSED, None, None, None) for n in range(11, 15)),
    )


def sample_region() -> RegionFacts:
    """Fifteen areas at once, in the second week of May."""
    framework = sample_framework()
    rows = pd.concat(
        [sample_rows(area[0]).assign(participant=area[0]) for area in texts.AREAS], ignore_index=True
    )
    agreed = [sample_items(texts.AGREED).assign(participant=AUTHOR)]
    agreed += [
        sample_items(
            [
                ("development", address, variants[n % len(variants)])
                for m, (address, variants) in enumerate(texts.COMMON.items())
                if (n + m) % 3
            ]
            + [("strength", *texts.STRENGTH_VARIANTS[n % len(texts.STRENGTH_VARIANTS)])]
        ).assign(participant=area[0])
        for n, area in enumerate(texts.AREAS[1:8])
    ]
    previous = pd.DataFrame(
        [
            {"participant": area[0], "subheading": address, "rating": rating_of(area[0], address, "2025")}
            for area in texts.AREAS
            for address in framework
            if chance(area[0], address, "same") < 35
        ]
    )
    arrivals = pd.DataFrame(
        [
            {
                "participant_name": name,
                "kind": kind,
                "version": version,
                "outcome": outcome,
                "received_at": datetime(2027, 5, day, 11, 30, tzinfo=LONDON),
            }
            for name, kind, version, outcome, day in (
                ("Glenwick", "chair_record", 1, "accepted", 4),
                ("Ashcombe", "response", 1, "accepted", 5),
                ("Carrowdale", "response", 2, "warned", 6),
                ("Fallowby", "action_plan", 1, "queried", 7),
            )
        ]
    )
    reminders = (
        ReminderFacts(
            "Analysis of Brackenford, from Inglestone",
            date(2027, 4, 30),
            -6,
            "5 working days after the due day",
            True,
        ),
        ReminderFacts("Action plan from Fallowby", date(2027, 5, 7), -1, "1 working day after"),
    )
    keep = [
        "participant",
        "focus_area",
        "subheading",
        "title",
        "strengths",
        "development",
        "rating",
        "commentary",
    ]
    return RegionFacts(
        rows=rows[keep],
        items=pd.concat(agreed, ignore_index=True),
        previous=previous,
        standings=_standings(),
        arrivals=arrivals,
        events=sample_events(),
        reminders=reminders,
    )
