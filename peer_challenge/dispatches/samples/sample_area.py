"""One area of a fictional region, its cycle and its event: what it wrote, was asked and answered."""

import hashlib
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.dispatches.samples import sample_texts as texts
from peer_challenge.model.challenge import EventFacts
from peer_challenge.model.cycle import Chair, Contact, Cycle, Dates, Participant
from peer_challenge.model.framework import Framework

LONDON = ZoneInfo("Europe/London")
AUTHOR, CHALLENGER = "ashcombe", "north-wolds"


@cache
def sample_framework() -> Framework:
    """The framework of the sample cycle, one linked area of focus left out."""
    return shipped_frameworks()["working-together-2018"].without(["transition-links"])


def _participant(ident: str, name: str, police: str, icb: str) -> Participant:
    contacts = (
        Contact(name="Partnership manager", role="Lead contact", email=f"partnership@{ident}.example"),
    )
    return Participant(
        id=ident,
        name=name,
        partnership=f"{name} Safeguarding Children Partnership",
        aliases=(f"{name} SCP",),
        police=police,
        icb=(icb,),
        contacts=contacts,
    )


@cache
def sample_cycle() -> Cycle:
    """A cycle of fifteen fictional areas with three Chairs."""
    chairs = [
        Chair(id=f"chair-{n}", name=f"Independent Chair {n}", email=f"chair{n}@region.example")
        for n in ("one", "two", "three")
    ]
    return Cycle(
        id="northern-2027",
        name="Northern peer challenge 2027",
        framework="working-together-2018",
        omit=("transition-links",),
        chairs=tuple(chairs),
        dates=Dates(opens=date(2027, 1, 11), self_assessment_due=date(2027, 2, 26)),
        office=Contact(name="Northern programme office", email="office@region.example"),
        participants=tuple(_participant(*area) for area in texts.AREAS),
    )


def chance(*parts: str) -> int:
    """A number below 100 that follows from `parts` alone."""
    return hashlib.sha256("/".join(parts).encode()).digest()[0] * 100 // 256


def rating_of(area: str, address: str, cycle: str = "") -> str:
    """The rating that an area gives a sub-heading in a cycle ("" is this one)."""
    red = texts.HARD.get(address.partition("/")[2], 6)
    number = chance(area, address, cycle)
    return "RED" if number < red else "AMBER" if number < red + 38 else "GREEN"


def _row(area: str, address: str) -> dict[str, Any]:
    framework = sample_framework()
    number = chance(address, area)
    written = texts.AUTHOR_ROWS.get(address) if area == AUTHOR else None
    rating, strengths, development = written or (
        "AMBER" if area == AUTHOR and rating_of(area, address) == "RED" else rating_of(area, address),
        texts.STRENGTHS[number % 4],
        texts.DEVELOPMENTS[number % 4],
    )
    kind, response = texts.RESPONSES.get(address, ("", "")) if area == AUTHOR else ("", "")
    subheading, focus = framework.subheadings[address], framework.focus_area_of[address]
    return {
        "focus_area": focus.id,
        "focus_area_title": focus.title,
        "subheading": address,
        "title": subheading.title,
        "prompt": subheading.prompt,
        "reference": subheading.reference or "",
        "strengths": strengths,
        "development": development,
        "rating": rating,
        "rating_as_written": rating.capitalize(),
        "commentary": _commentary(area, address, rating),
        "response_kind": kind,
        "response": response,
    }


def _commentary(area: str, address: str, rating: str) -> str:
    if area == AUTHOR:
        return texts.COMMENTARY.get(address, "")
    return texts.QUESTIONS[chance(address, area) % len(texts.QUESTIONS)] if rating == "RED" else ""


def sample_rows(area: str = AUTHOR) -> pd.DataFrame:
    """The schedule of one area, with commentary and responses where it is the sample author."""
    return pd.DataFrame([_row(area, address) for address in sample_framework()])


def sample_items(agreed: Iterable[tuple[str, str, str]]) -> pd.DataFrame:
    """Agreed items from (kind, sub-heading, text), numbered within their kind."""
    counts = {"strength": 0, "development": 0}
    rows = []
    for kind, address, text in agreed:
        counts[kind] += 1
        rows.append(
            {
                "kind": kind,
                "position": counts[kind],
                "subheading": address,
                "text": text,
                "title": sample_framework().subheadings[address].title,
                "consensus": "Yes",
            }
        )
    return pd.DataFrame(rows)


def sample_event(challenge: int, author: str, challenger: str, day: date, hour: int = 10) -> EventFacts:
    """The `challenge`th event of the cycle."""
    cycle = sample_cycle()
    starts = datetime(day.year, day.month, day.day, hour, tzinfo=LONDON)
    return EventFacts(
        challenge=f"{cycle.id}/{author}",
        author=cycle.participant[author],
        challenger=cycle.participant[challenger],
        chair=cycle.chairs[challenge % 3],
        starts_at=starts,
        ends_at=starts + timedelta(hours=3),
        place="Online" if challenge % 2 else "Civic Hall, Ashcombe",
    )
