"""One area of a fictional region, with its cycle and event: what it wrote, was asked and answered."""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pandas as pd

from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.dispatches.samples import sample_texts as texts
from peer_challenge.dispatches.schedule_rows import schedule_rows
from peer_challenge.model.challenge import EventFacts
from peer_challenge.model.challenge_ids import make_challenge_id
from peer_challenge.model.cycle import Chair, Contact, Cycle, Dates, Participant
from peer_challenge.model.framework import Framework
from peer_challenge.model.vocabulary import Kind, Rating

LONDON = ZoneInfo("Europe/London")
Record = dict[str, str | None]
AUTHOR, CHALLENGER = "ashcombe", "north-wolds"


@cache
def sample_framework() -> Framework:
    """The framework of the sample cycle, one linked area of focus left out."""
    return shipped_frameworks()["working-together-2018"].without(["transition-links"])


def _make_participant(ident: str, name: str, police: str, icb: str) -> Participant:
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
        office=Contact(name="Northern programme office", email="office@region.example", phone="01632 960100"),
        participants=tuple(_make_participant(*area) for area in texts.AREAS),
    )


def derive_percentage(*parts: str) -> int:
    """A number from 0 to 99 that depends on `parts` alone. Equal parts give equal numbers."""
    return hashlib.sha256("/".join(parts).encode()).digest()[0] * 100 // 256


def rating_of(area: str, address: str, cycle: str = "") -> str:
    """The rating that an area gives a sub-heading in a cycle ("" is this one)."""
    red = texts.HARD.get(address.partition("/")[2], 6)
    number = derive_percentage(area, address, cycle)
    return "RED" if number < red else "AMBER" if number < red + 38 else "GREEN"


def own_records(area: str = AUTHOR) -> list[Record]:
    """What one area wrote in its self-assessment: a record for each sub-heading, as in the register."""
    return [_make_own_record(area, address) for address in sample_framework()]


def _make_own_record(area: str, address: str) -> Record:
    number = derive_percentage(address, area)
    written = texts.AUTHOR_ROWS.get(address) if area == AUTHOR else None
    rating, strengths, development = written or (
        "AMBER" if area == AUTHOR and rating_of(area, address) == "RED" else rating_of(area, address),
        texts.STRENGTHS[number % 4],
        texts.DEVELOPMENTS[number % 4],
    )
    return {
        "subheading": address,
        "strengths": strengths,
        "development": development,
        "rating": rating,
        "rating_as_written": rating,
    }


def records_with(cells: Mapping[tuple[str, str], str]) -> list[Record]:
    """The sample author's records for a version in which `cells` (address, column) had other words."""
    ratings = {"Not applicable": Rating.NOT_APPLICABLE.value, "Amber/Green": None, texts.NOT_CHOSEN: None}
    found = {record["subheading"]: record for record in own_records()}
    for (address, column), text in cells.items():
        found[address] |= {"rating_as_written": text} if column == "rating" else {column: text}
        if column == "rating":
            found[address]["rating"] = ratings[text]
    return list(found.values())


def _list_commentary_records(area: str) -> list[Record]:
    """What the peers of one area wrote beside its self-assessment."""
    if area == AUTHOR:
        return [
            {"subheading": address, "commentary": texts.COMMENTARY.get(address, "")}
            for address in sample_framework()
        ]
    reds = {record["subheading"] for record in own_records(area) if record["rating"] == "RED"}
    return [
        {
            "subheading": address,
            "commentary": texts.QUESTIONS[derive_percentage(address, area) % len(texts.QUESTIONS)]
            if address in reds
            else "",
        }
        for address in sample_framework()
    ]


def _list_response_records(area: str) -> list[Record]:
    return [
        {"subheading": address, "response_kind": kind, "response": answer}
        for address, (kind, answer) in texts.RESPONSES.items()
        if area == AUTHOR
    ]


def sample_rows(area: str = AUTHOR, came: Collection[Kind] = tuple(Kind)) -> pd.DataFrame:
    """The schedule of one area as `Facts.rows`, with the contents of the submissions in `came`."""
    parts = {
        Kind.SELF_ASSESSMENT: own_records(area),
        Kind.ANALYSIS: _list_commentary_records(area),
        Kind.RESPONSE: _list_response_records(area),
    }
    return schedule_rows(sample_framework(), *(part if kind in came else [] for kind, part in parts.items()))


def sample_items(agreed: Iterable[tuple[str, str, str]]) -> pd.DataFrame:
    """What a Chair's record agreed as `Facts.items`, from (kind, sub-heading, text)."""
    counts = Counter[str]()
    rows = []
    for position, (kind, address, text) in enumerate(agreed, 1):
        counts[kind] += 1
        title = sample_framework().subheadings[address].title
        rows.append(
            {
                "position": position,
                "address": f"{kind}/{counts[kind]}",
                "kind": kind,
                "subheading": address,
                "subheading_as_written": title,
                "text": text,
                "consensus": "Yes",
                "is_agreed": True,
                "title": title,
            }
        )
    return pd.DataFrame(rows, dtype=object)


EVENT_DAYS = {
    AUTHOR: date(2027, 5, 13),
    "carrowdale": date(2027, 5, 18),
    "dunmere": date(2027, 5, 5),
    "fallowby": date(2027, 4, 1),
    "glenwick": date(2027, 4, 20),
    "hallowmere": date(2027, 5, 19),
    "inglestone": date(2027, 5, 20),
    "kestrel-riding": date(2027, 5, 25),
    "kingsmouth-city": date(2027, 5, 26),
    "north-east-marshire": date(2027, 4, 6),
    "north-marshire": date(2027, 4, 7),
    "north-wolds": date(2027, 4, 8),
    "wolds-city": date(2027, 4, 13),
}
"""The day of each event that is set or was held."""


def challenger_of(author: str) -> str:
    """The id of the area that challenges an area: seven places on in the list.

    The exception is two areas that changed their challengers: the sample author and `glenwick`.
    """
    ids = [area[0] for area in texts.AREAS]
    exchanged = {AUTHOR: CHALLENGER, "glenwick": "hallowmere"}
    return exchanged.get(author, ids[(ids.index(author) + 7) % len(ids)])


def sample_event(author: str) -> EventFacts:
    """The event at which an area is challenged. Raises KeyError where no event is set."""
    cycle = sample_cycle()
    number, on = [area[0] for area in texts.AREAS].index(author), EVENT_DAYS[author]
    starts = datetime.combine(on, time(14 if number % 2 else 10), LONDON)
    return EventFacts(
        challenge=make_challenge_id(cycle.id, author),
        author=cycle.participant[author],
        challenger=cycle.participant[challenger_of(author)],
        chair=cycle.chairs[number % 3],
        starts_at=starts,
        ends_at=starts + timedelta(hours=3),
        place="Online" if number % 2 else "Civic Hall, Ashcombe",
    )
