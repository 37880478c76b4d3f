"""Sample facts of every kind of dispatch, of a fictional region: for previews, the gallery and tests."""

import hashlib
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from peer_challenge.cycle import Chair, Contact, Cycle, Dates, Participant
from peer_challenge.dispatches import sample_texts as texts
from peer_challenge.dispatches.facts import (
    EventFacts,
    Facts,
    Recipient,
    RegionFacts,
    ReminderFacts,
    Standing,
    SubmissionFacts,
)
from peer_challenge.findings import Finding
from peer_challenge.framework import Framework, shipped_frameworks
from peer_challenge.vocabulary import DispatchKind as D
from peer_challenge.vocabulary import Kind, Outcome, Role, Severity, Stage

LONDON = ZoneInfo("Europe/London")
AUTHOR, CHALLENGER, MODERATOR = "ashcombe", "north-wolds", "kestrel-riding"
_ISSUED = {D.MONDAY_BRIEF: date(2027, 5, 10), D.REGIONAL_OVERVIEW: date(2027, 6, 21)}


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


def _chance(*parts: str) -> int:
    return hashlib.sha256("/".join(parts).encode()).digest()[0] * 100 // 256


def _rating(area: str, address: str, cycle: str = "") -> str:
    red = texts.HARD.get(address.partition("/")[2], 6)
    chance = _chance(area, address, cycle)
    return "RED" if chance < red else "AMBER" if chance < red + 38 else "GREEN"


def _row(area: str, address: str) -> dict[str, Any]:
    framework = sample_framework()
    chance = _chance(address, area)
    written = texts.AUTHOR_ROWS.get(address) if area == AUTHOR else None
    rating, strengths, development = written or (
        "AMBER" if area == AUTHOR and _rating(area, address) == "RED" else _rating(area, address),
        texts.STRENGTHS[chance % 4],
        texts.DEVELOPMENTS[chance % 4],
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
    return texts.QUESTIONS[_chance(address, area) % len(texts.QUESTIONS)] if rating == "RED" else ""


def sample_rows(area: str = AUTHOR) -> pd.DataFrame:
    """The schedule of one area, with commentary and responses where it is the sample author."""
    return pd.DataFrame([_row(area, address) for address in sample_framework()])


def _items(agreed: Iterable[tuple[str, str, str]]) -> pd.DataFrame:
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


def _event(challenge: int, author: str, challenger: str, day: date, hour: int = 10) -> EventFacts:
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


def _events() -> tuple[EventFacts, ...]:
    ids = [area[0] for area in texts.AREAS]
    days = [date(2027, 5, 13) + timedelta(days=n) for n in range(28)]
    working = [day for day in days if day.weekday() in (1, 2, 3)]
    pairs = [(AUTHOR, CHALLENGER)] + [
        (author, ids[(n + 7) % len(ids)]) for n, author in enumerate(ids) if author != AUTHOR
    ]
    return tuple(
        _event(n, author, challenger, working[n * 12 // 15], 10 if n % 2 == 0 else 14)
        for n, (author, challenger) in enumerate(pairs)
    )


def _findings() -> tuple[Finding, ...]:
    query, warn = Severity.QUERY, Severity.WARN
    return (
        Finding(
            "rating.split",
            query,
            "The rating is given as Amber/Green, and we can't take a rating between two.",
            "Choose the one rating that the three partners agree on.",
            "leadership/vision-priorities",
            "rating",
        ),
        Finding(
            "rating.missing",
            query,
            "There is no rating here.",
            "Choose RED, AMBER, GREEN or NOT APPLICABLE from the list.",
            "leadership/delegation",
            "rating",
        ),
        Finding(
            "development.missing",
            query,
            "The rating is RED, and no area for development is given.",
            "Say what needs to change, in a sentence or two.",
            "education-settings/youth-custody",
            "development",
        ),
        Finding(
            "not-applicable.reason",
            query,
            "NOT APPLICABLE is chosen, and no reason is given.",
            "Say in the strengths column why this does not apply in your area.",
            "education-settings/residential-homes",
            "strengths",
        ),
        Finding(
            "sign-off.missing",
            query,
            "The sign-off of the police is not filled in.",
            "Ask the police lead to sign off, and give the role and the date.",
        ),
        Finding(
            "length.over",
            warn,
            "The narrative runs to 412 words; the guide is 250.",
            "You may shorten it. Nothing was cut.",
            "voice/child-voice",
            "strengths",
        ),
        Finding(
            "link.private",
            warn,
            "A link goes to an intranet page that your peers can't open.",
            "Send a copy of the page with your next version if it matters to the challenge.",
            "scrutiny-assurance/multi-agency-audit",
            "strengths",
        ),
    )


def _submission(kind: D) -> SubmissionFacts:
    is_query = kind in (D.QUERY_LETTER, D.FIX_IT_COPY)
    findings = _findings() if is_query else tuple(f for f in _findings() if f.severity is Severity.WARN)
    changes = (
        ()
        if is_query
        else (
            ("leadership/vision-priorities", "rating", "Amber/Green", "AMBER"),
            (
                "education-settings/youth-custody",
                "development",
                "",
                texts.AUTHOR_ROWS["education-settings/youth-custody"][2],
            ),
        )
    )
    return SubmissionFacts(
        Kind.SELF_ASSESSMENT,
        version=1 if is_query else 2,
        received_at=datetime(2027, 2, 22 if is_query else 24, 14, 5, tzinfo=LONDON),
        outcome=Outcome.QUERIED if is_query else Outcome.WARNED,
        findings=findings,
        changes=changes,
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


def _region() -> RegionFacts:
    framework = sample_framework()
    rows = pd.concat(
        [sample_rows(area[0]).assign(participant=area[0]) for area in texts.AREAS], ignore_index=True
    )
    agreed = [_items(texts.AGREED).assign(participant=AUTHOR)]
    agreed += [
        _items(
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
            {"participant": area[0], "subheading": address, "rating": _rating(area[0], address, "2025")}
            for area in texts.AREAS
            for address in framework
            if _chance(area[0], address, "same") < 35
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
        events=_events(),
        reminders=reminders,
    )


def _recipient(role: Role) -> Recipient:
    cycle = sample_cycle()
    if role is Role.CHAIR:
        chair = cycle.chairs[0]
        return Recipient(role, chair.id, chair.name, (Contact(name=chair.name, email=chair.email),))
    if role is Role.OFFICE:
        return Recipient(role, "office", cycle.office.name, (cycle.office,))
    area = cycle.participant[AUTHOR if role is Role.AUTHOR else CHALLENGER]
    return Recipient(role, area.id, area.name, area.contacts)


_ROLE = {
    D.ANALYSIS_PACK: Role.CHALLENGER,
    D.CHAIR_BRIEFING: Role.CHAIR,
    D.CHAIR_RECORD_FORM: Role.CHAIR,
    D.EVENT_TIMETABLE: Role.OFFICE,
    D.MONDAY_BRIEF: Role.OFFICE,
    D.REGIONAL_OVERVIEW: Role.OFFICE,
    D.REGIONAL_OVERVIEW_ANONYMISED: Role.OFFICE,
    D.REGIONAL_TABLES: Role.OFFICE,
}
_REGIONAL = (
    D.EVENT_TIMETABLE,
    D.MONDAY_BRIEF,
    D.REGIONAL_OVERVIEW,
    D.REGIONAL_OVERVIEW_ANONYMISED,
    D.REGIONAL_TABLES,
)
_DATES = {
    "self_assessment_due": date(2027, 2, 26),
    "analysis_due": date(2027, 4, 6),
    "response_due": date(2027, 5, 6),
    "event_by": date(2027, 6, 7),
    "event_on": date(2027, 5, 13),
    "chair_record_due": date(2027, 5, 20),
    "action_plan_due": date(2027, 6, 17),
}


def _plan() -> pd.DataFrame:
    agreed = [item for item in texts.AGREED if item[0] == "development"]
    return pd.DataFrame(
        [
            {
                "position": n,
                "development": text,
                "subheading": address,
                "action": "",
                "owner": "",
                "due_on": "",
                "measure": "",
            }
            for n, (_, address, text) in enumerate(agreed, 1)
        ]
    )


def sample_facts(kind: D, role: Role | None = None) -> Facts:
    """Facts from which a dispatch of `kind` can be written, addressed to `role` (its usual one if None)."""
    cycle = sample_cycle()
    to = _recipient(role or _ROLE.get(kind, Role.AUTHOR))
    shared: dict[str, Any] = {
        "kind": kind,
        "dispatch_id": f"sample-{kind.value}",
        "cycle": cycle,
        "framework": sample_framework(),
        "issued_on": _ISSUED.get(kind, date(2027, 5, 10)),
        "recipient": to,
        "marking": cycle.rules.marking,
    }
    if kind in _REGIONAL:
        return Facts(**shared, region=_region())
    early = {
        D.RECEIPT: date(2027, 2, 24),
        D.QUERY_LETTER: date(2027, 2, 22),
        D.FIX_IT_COPY: date(2027, 2, 22),
        D.SELF_ASSESSMENT_TEMPLATE: date(2027, 1, 11),
        D.PARTNER_NOTICE: date(2027, 3, 5),
        D.ANALYSIS_PACK: date(2027, 3, 5),
        D.RETURNED_ANALYSIS: date(2027, 4, 6),
        D.RESPONSE_FORM: date(2027, 4, 6),
        D.EVENT_INVITATION: date(2027, 4, 12),
        D.REMINDER: date(2027, 4, 30),
        D.CHAIR_SUMMARY: date(2027, 5, 20),
        D.ACTION_PLAN_TEMPLATE: date(2027, 5, 20),
    }
    shared["issued_on"] = early.get(kind, shared["issued_on"])
    sends = kind in (D.RECEIPT, D.QUERY_LETTER, D.FIX_IT_COPY)
    known = {k: v for k, v in _DATES.items() if kind is not D.RECEIPT or k in ("analysis_due", "event_by")}
    return Facts(
        **shared,
        author=cycle.participant[AUTHOR],
        challenger=cycle.participant[CHALLENGER],
        chair=cycle.chairs[0],
        moderator=cycle.participant[MODERATOR],
        dates=known,
        rows=sample_rows(),
        items=_items(texts.AGREED),
        actions=_plan(),
        submission=_submission(kind) if sends else None,
        event=_event(0, AUTHOR, CHALLENGER, date(2027, 5, 13)),
        reasons=texts.REASONS,
        reminder=ReminderFacts("Response to the challenge", date(2027, 5, 6), 6, "7 days before the due day"),
        particulars={
            "held_on": "13 May 2027",
            "chair": "Independent Chair one",
            "consensus": "Yes",
            "author_present": "Director of children's services; chief nurse; district commander",
            "challenger_present": "Partnership manager; head of safeguarding; detective chief inspector",
            "signed_off": "Independent Chair one",
            "signed_on": "19 May 2027",
            "notes": "",
        },
    )
