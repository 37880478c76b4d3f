"""Submissions as tables, as the people of a fictional region would send them: without a fault."""

from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache

import pandas as pd

from peer_challenge.model.vocabulary import Kind
from peer_challenge.submissions.checked_against import SubmissionContext
from peer_challenge.word.answers.planned_action import describe_planned_action
from peer_challenge.word.answers.ratings import read_rating
from peer_challenge.word.answers.written_days import read_written_day
from tests.factories import a_challenger, a_cycle, a_region

AREAS = 15
EVENT_ON, EVENT_BY = date(2027, 6, 16), date(2027, 7, 1)


@dataclass(frozen=True)
class Made:
    """One submission: its rows (or items), its particulars, and what it is checked against."""

    kind: Kind
    rows: list[dict[str, str | None]]
    particulars: dict[str, object]
    context: SubmissionContext
    expected: frozenset[tuple[str, str | None, str | None]] = field(default=frozenset())
    fault: str = ""


@cache
def made(kind: Kind, seed: int, number: int) -> Made:
    """The submission of `kind` about the region's area of that number, as it would be sent."""
    cycle, region = a_cycle(AREAS), a_region(seed, AREAS)
    author = cycle.authors[number].id
    challenger = a_challenger(cycle, author)
    who = {
        Kind.ANALYSIS: challenger,
        Kind.CHAIR_RECORD: cycle.chairs[0].id,
        Kind.CHALLENGER_CORRECTIONS: challenger,
    }.get(kind, author)
    draft = region.people.draft(kind, author, who, event_on=EVENT_ON)
    own, asked = _own(seed, author), region.people.challenges(author, challenger)
    context = SubmissionContext(
        cycle=cycle,
        framework=region.people.framework,
        participant=cycle.participant[author],
        challenger=cycle.participant[challenger],
        chair=cycle.chairs[0],
        authors_rows=pd.DataFrame(own) if kind is not Kind.SELF_ASSESSMENT else None,
        analysis_rows=pd.DataFrame(
            [row | {"commentary": asked.get(str(row["subheading"]), "")} for row in own]
        ),
        agreed_items=pd.DataFrame(_items(seed, author)) if kind is Kind.ACTION_PLAN else None,
        planned_actions=pd.DataFrame(_actions(seed, author)) if kind is Kind.PROGRESS_REPORT else None,
        event_on=EVENT_ON,
        event_by=EVENT_BY,
    )
    particulars: dict[str, object] = {
        "challenger": challenger,
        "marking": "OFFICIAL-SENSITIVE",
        "unmapped": (),
    }
    rows = {
        Kind.SELF_ASSESSMENT: lambda: own,
        Kind.ANALYSIS: lambda: [row | {"commentary": asked.get(str(row["subheading"]), "")} for row in own],
        Kind.RESPONSE: lambda: _answers(seed, author, asked),
        Kind.CHAIR_RECORD: lambda: _items(seed, author),
        Kind.CORRECTIONS: lambda: _corrected(seed, author),
        Kind.CHALLENGER_CORRECTIONS: lambda: _corrected(seed, author),
        Kind.ACTION_PLAN: lambda: _actions(seed, author),
        Kind.PROGRESS_REPORT: lambda: _progress(seed, author),
    }[kind]()
    return Made(kind, rows, particulars | dict(draft.fields), context)


def copied(one: Made) -> Made:
    """The same submission, to be spoilt without spoiling the first."""
    return replace(one, rows=[dict(row) for row in one.rows], particulars=dict(one.particulars))


def _own(seed: int, author: str) -> list[dict[str, str | None]]:
    rows = []
    for address, row in a_region(seed, AREAS).people.written(author).items():
        rating, _ = read_rating(row.rating.value)
        rows.append(
            {
                "subheading": address,
                "strengths": row.strengths,
                "development": row.development,
                "rating": rating.value if rating else None,
                "rating_as_written": row.rating.value,
                "commentary": "",
            }
        )
    return rows


def _answers(seed: int, author: str, asked: dict[str, str]) -> list[dict[str, str | None]]:
    people = a_region(seed, AREAS).people
    drawn = people.draft(Kind.RESPONSE, author, author, event_on=EVENT_ON).rows
    kinds = ("further evidence", "acknowledgement", "update")
    return [
        {
            "subheading": address,
            "commentary": challenge,
            "response_kind": kinds[number % 3],
            "response": drawn.get(address, {}).get("response")
            or f"We looked at this again in the spring, and report on it in the yearly report ({number}).",
        }
        for number, (address, challenge) in enumerate(asked.items())
    ]


def _corrected(seed: int, author: str) -> list[dict[str, str | None]]:
    return [
        row | {"changed_by": "Partnership manager", "comments": "Business manager: this was in March."}
        for row in _items(seed, author)
    ]


def _items(seed: int, author: str) -> list[dict[str, str | None]]:
    people = a_region(seed, AREAS).people
    return [
        {
            "address": f"{kind.value}/{number}",
            "kind": kind.value,
            "subheading": address,
            "subheading_as_written": people.framework.subheadings[address].title,
            "text": people.agreed_points(author)[address],
            "consensus": "Yes",
        }
        for kind, addresses in people.agreed(author).items()
        for number, address in enumerate(addresses, 1)
    ]


def _actions(seed: int, author: str) -> list[dict[str, str | None]]:
    drawn = a_region(seed, AREAS).people.draft(Kind.ACTION_PLAN, author, author, event_on=EVENT_ON).rows
    said = {row["address"]: row["text"] for row in _items(seed, author)}
    rows: list[dict[str, str | None]] = []
    for address, row in drawn.items():
        due = read_written_day(row["due_on"])
        rows.append(
            {
                "address": address,
                "development": said["/".join(address.split("/")[:2])],
                "action": row["action"],
                "owner": row["owner"],
                "due_on": due.isoformat() if due else None,
                "due_on_as_written": row["due_on"],
                "measure": row["measure"],
            }
        )
    return rows


def _progress(seed: int, author: str) -> list[dict[str, str | None]]:
    people = a_region(seed, AREAS).people
    drawn = people.draft(Kind.PROGRESS_REPORT, author, author, event_on=EVENT_ON, review=1).rows
    return [
        {
            "address": row["address"],
            "development": row["development"],
            "action": describe_planned_action(row),
            "status": drawn[row["address"]]["status"].lower(),
            "status_as_written": drawn[row["address"]]["status"],
            "evidence": drawn[row["address"]]["evidence"],
            "difference": drawn[row["address"]]["difference"],
        }
        for row in _actions(seed, author)
        if row["address"]
    ]


def as_tables(batch: dict[str, Made]) -> tuple[pd.DataFrame, pd.DataFrame, dict[str, SubmissionContext]]:
    """A batch of one kind as `examine` takes it: rows, particulars, contexts."""
    rows = pd.DataFrame([{"submission": key, **row} for key, one in batch.items() for row in one.rows])
    particulars = pd.DataFrame([{"submission": key, **one.particulars} for key, one in batch.items()])
    if rows.empty:
        rows = pd.DataFrame(columns=["submission"])
    return rows, particulars, {key: one.context for key, one in batch.items()}
