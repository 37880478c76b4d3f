"""The facts of a whole region: for the overview, the timetable and the Monday brief."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pandas as pd
import sqlalchemy as sa
from sqlalchemy import Connection

from peer_challenge.clock import LONDON
from peer_challenge.dispatches.facts import Facts, RegionFacts
from peer_challenge.model.challenge import Recipient
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.framework import Framework
from peer_challenge.model.protective_marking import highest
from peer_challenge.model.vocabulary import DispatchKind, Kind, Role
from peer_challenge.register import frames, submissions
from peer_challenge.register import tables as t
from peer_challenge.register.events import events_of
from peer_challenge.register.standings import standings


def region_facts(
    connection: Connection, cycle: Cycle, framework: Framework, today: date, *, with_contents: bool = True
) -> RegionFacts:
    """Every area of a cycle at once, as the register has it; `today` says what is overdue.

    Without contents, what areas and Chairs wrote stays out: `rows`, `items`, `previous` are empty.
    """
    nothing = pd.DataFrame()
    return RegionFacts(
        rows=_rows(connection, cycle, framework) if with_contents else nothing,
        items=_items(connection, cycle) if with_contents else nothing,
        previous=_previous(connection, cycle) if with_contents else nothing,
        standings=tuple(standings(connection, cycle, today)),
        arrivals=_arrivals(connection, cycle, today),
        events=tuple(events_of(connection, cycle)),
        held_documents=submissions.held_total(connection),
    )


def office_facts(
    connection: Connection, cycle: Cycle, framework: Framework, kind: DispatchKind, today: date, mark: str
) -> Facts:
    """The region as it stands, for the office; `mark` stands where a dispatch has its number."""
    return Facts(
        kind=kind,
        dispatch_id=mark,
        cycle=cycle,
        framework=framework,
        issued_on=today,
        recipient=Recipient(Role.OFFICE, "office", cycle.office.name, (cycle.office,)),
        marking=marking_of(connection, cycle),
        region=region_facts(connection, cycle, framework, today),
    )


def marking_of(connection: Connection, cycle: Cycle) -> str:
    """The highest marking among the cycle's own and all that its areas and Chairs sent in."""
    query = (
        sa.select(t.submissions.c.marking)
        .join(t.challenges, t.challenges.c.id == t.submissions.c.challenge_id)
        .where(t.challenges.c.cycle_id == cycle.id, t.submissions.c.is_current)
        .distinct()
    )
    return highest([cycle.rules.marking, *connection.scalars(query)])


def _rows(connection: Connection, cycle: Cycle, framework: Framework) -> pd.DataFrame:
    own = frames.current_rows(connection, Kind.SELF_ASSESSMENT, cycle.id).drop(columns=["commentary"])
    challenged = frames.current_rows(connection, Kind.ANALYSIS, cycle.id)[
        ["participant", "subheading", "commentary"]
    ]
    rows = own.merge(challenged, on=["participant", "subheading"], how="left")
    titles = {
        address: (framework.focus_area_of[address].id, row.title)
        for address, row in framework.subheadings.items()
    }
    rows = rows[rows["subheading"].isin(list(titles))]
    rows["focus_area"] = [titles[address][0] for address in rows["subheading"]]
    rows["title"] = [titles[address][1] for address in rows["subheading"]]
    columns = [
        "participant",
        "focus_area",
        "subheading",
        "title",
        "strengths",
        "development",
        "rating",
        "commentary",
    ]
    rows = rows[columns]
    texts = ["strengths", "development", "commentary"]
    rows[texts] = rows[texts].fillna("")
    return rows.reset_index(drop=True)


def _items(connection: Connection, cycle: Cycle) -> pd.DataFrame:
    items = frames.current_rows(connection, Kind.CHAIR_RECORD, cycle.id)
    return items[["participant", "kind", "position", "subheading", "text"]]


def _previous(connection: Connection, cycle: Cycle) -> pd.DataFrame:
    """Ratings of the cycle opened before this one: participant, subheading, rating."""
    opened_at = sa.select(t.cycles.c.opened_at).where(t.cycles.c.id == cycle.id).scalar_subquery()
    before = connection.scalar(
        sa.select(t.cycles.c.id)
        .where(t.cycles.c.opened_at < opened_at, t.cycles.c.framework_id == cycle.framework)
        .order_by(t.cycles.c.opened_at.desc())
        .limit(1)
    )
    found = frames.current_rows(connection, Kind.SELF_ASSESSMENT, before or "")
    return found[["participant", "subheading", "rating"]]


def _arrivals(connection: Connection, cycle: Cycle, today: date) -> pd.DataFrame:
    since = datetime.combine(today - timedelta(days=7), time.min, LONDON)
    query = (
        sa.select(
            t.challenges.c.author_id,
            t.submissions.c.kind,
            t.submissions.c.version,
            t.submissions.c.received_at,
            t.submissions.c.outcome,
        )
        .join(t.challenges, t.challenges.c.id == t.submissions.c.challenge_id)
        .where(t.submissions.c.cycle_id == cycle.id, t.submissions.c.received_at >= since)
        .order_by(t.submissions.c.received_at, t.submissions.c.id)
    )
    arrivals = frames.frame(connection, query)
    names: dict[Any, str] = {p.id: p.name for p in cycle.participants}
    arrivals.insert(0, "participant_name", arrivals.pop("author_id").map(names))
    return arrivals
