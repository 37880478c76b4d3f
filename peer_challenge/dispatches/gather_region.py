"""The facts of a whole region: for the overview, the timetable and the weekly brief."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

import pandas as pd

from peer_challenge.clock import LONDON, local_day
from peer_challenge.dispatches.facts import Facts, NoteFacts, RegionFacts, UnsettledFacts
from peer_challenge.dispatches.gather_earlier_ratings import gather_earlier_ratings
from peer_challenge.dispatches.gather_impact import gather_feedback, gather_step_days
from peer_challenge.model.challenge import Recipient
from peer_challenge.model.challenge_ids import find_author_id
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.framework import Framework
from peer_challenge.model.partnership_mix import compare_who_took_part
from peer_challenge.model.protective_marking import find_highest_marking
from peer_challenge.model.vocabulary import DispatchKind, Kind, Role, Stage, name_submission
from peer_challenge.register import (
    challenges,
    frames,
    held_documents,
    journal,
    notes,
    submission_counts,
)
from peer_challenge.register.database import Transaction
from peer_challenge.register.events import events_of
from peer_challenge.register.house_styles import load_style_in_use
from peer_challenge.register.proposed_events import list_proposed_events
from peer_challenge.register.standings import find_unsettled_documents, list_challenge_standings
from peer_challenge.submissions.judge import asks_which_counts

_WEEK = timedelta(days=6)
"""From the day of the brief to the end of its week: that day is the first of seven."""
RESPONSE_COLUMNS = ["participant", "subheading", "response_kind", "response_kind_as_written", "response"]
OF_ACTION = ["address", "development", "action", "owner", "due_on", "due_on_as_written", "measure"]
"""The columns of one action of a plan."""
ROW_COLUMNS = (
    "participant",
    "focus_area",
    "subheading",
    "title",
    "strengths",
    "development",
    "rating",
    "commentary",
)
"""What a region's rows say: whose, where in the framework, and what was written there."""


def region_facts(
    connection: Transaction,
    cycle: Cycle,
    framework: Framework,
    today: date,
    *,
    with_contents: bool = True,
    with_notes: bool = False,
) -> RegionFacts:
    """The facts of every area of a cycle, from the register; `today` decides what is overdue.

    Without contents, what areas and Chairs wrote is left out: `rows`, `items`, `progress`,
    `responses`, `actions`, `earlier`, `feedback` and `step_days` are empty. The office's own notes are there
    only `with_notes`.
    """
    nothing = pd.DataFrame()
    return RegionFacts(
        rows=_gather_schedule_rows(connection, cycle, framework) if with_contents else nothing,
        items=_gather_recorded_items(connection, cycle) if with_contents else nothing,
        progress=frames.read_latest_progress(connection, cycle.id) if with_contents else nothing,
        responses=frames.current_rows(connection, Kind.RESPONSE, cycle.id)[RESPONSE_COLUMNS]
        if with_contents
        else nothing,
        actions=frames.current_rows(connection, Kind.ACTION_PLAN, cycle.id)[["participant", *OF_ACTION]]
        if with_contents
        else nothing,
        earlier=gather_earlier_ratings(connection, cycle, framework) if with_contents else nothing,
        feedback=gather_feedback(connection, cycle) if with_contents else nothing,
        step_days=gather_step_days(connection, cycle) if with_contents else nothing,
        standings=tuple(list_challenge_standings(connection, cycle, today)),
        arrivals=_gather_arrivals(connection, cycle, today),
        events=tuple(events_of(connection, cycle)),
        held_documents=held_documents.held_total(connection),
        without_day=frozenset(_list_without_day(connection, cycle, today)),
        notes=tuple(_gather_due_notes(connection, cycle, today)) if with_notes else (),
        mixes=tuple(_gather_mixes(connection, cycle, today)) if with_notes else (),
        unsettled=_gather_unsettled(connection, cycle),
    )


def gather_picture(connection: Transaction, cycle: Cycle, framework: Framework) -> RegionFacts:
    """What areas and Chairs wrote, as the picture of the region shows it: `rows` and `items` alone."""
    return RegionFacts(
        rows=_gather_schedule_rows(connection, cycle, framework),
        items=_gather_recorded_items(connection, cycle),
        earlier=pd.DataFrame(),
    )


def _gather_unsettled(connection: Transaction, cycle: Cycle) -> dict[str, UnsettledFacts]:
    """The newest document of each challenge where that is not settled, by the area's id."""
    return {
        find_author_id(challenge): UnsettledFacts(
            name_submission(one.kind, one.review) if one.kind else "document",
            one.writer_id,
            local_day(one.received_at),
            has_copy=not asks_which_counts(frames.findings_of(connection, one.id)),
        )
        for challenge, one in find_unsettled_documents(connection, cycle).items()
    }


def _gather_mixes(connection: Transaction, cycle: Cycle, today: date) -> Iterator[tuple[str, str]]:
    """Where other partners took part than before, each with its area; of challenges with news last week."""
    since = datetime.combine(today - timedelta(days=7), time.min, LONDON)
    names: dict[str | None, str] = {None: "the challenger"}
    names |= {p.id: p.as_spoken().name for p in cycle.participants}
    told = frames.read_who_took_part(connection, cycle.id, since=since)
    for challenge in challenges.list_challenges_in_cycle(connection, cycle.id):
        author, challenger = names[challenge.author_id], names[challenge.challenger_id]
        found = compare_who_took_part(author, challenger, told.get(challenge.author_id, {}))
        yield from ((author, sentence) for sentence in found)


def _list_without_day(connection: Transaction, cycle: Cycle, today: date) -> Iterator[str]:
    """The areas whose analysis is back and for whose event no day was found in the last week."""
    told = journal.find_newest_time(connection, journal.NO_ROOM, cycle_id=cycle.id)
    if told is None or local_day(told) < today - _WEEK:
        return
    proposed = {one.event.challenge for one in list_proposed_events(connection, cycle)}
    for challenge in challenges.list_challenges_in_cycle(connection, cycle.id):
        if challenge.stage is Stage.RETURNED and challenge.id not in proposed:
            yield challenge.author_id


def _gather_due_notes(connection: Transaction, cycle: Cycle, today: date) -> Iterator[NoteFacts]:
    """The office's notes that are to be remembered by the end of the week that begins today."""
    for note in notes.list_due_notes(connection, cycle.id, today + _WEEK):
        area = cycle.participant.get(note.author_id)
        if area is not None and note.remind_on is not None:
            yield NoteFacts(area.name, note.text, note.remind_on)


def office_facts(
    connection: Transaction, cycle: Cycle, framework: Framework, kind: DispatchKind, today: date, mark: str
) -> Facts:
    """The facts of the whole region now, for the office; `mark` is used as the dispatch's id."""
    return Facts(
        kind=kind,
        dispatch_id=mark,
        cycle=cycle,
        framework=framework,
        issued_on=today,
        recipient=Recipient(Role.OFFICE, "office", cycle.office.name, (cycle.office,)),
        marking=marking_of(connection, cycle),
        region=region_facts(connection, cycle, framework, today),
        style=load_style_in_use(connection),
    )


def marking_of(connection: Transaction, cycle: Cycle) -> str:
    """The highest protective marking of the cycle and of all that its areas and Chairs sent in."""
    return find_highest_marking([cycle.rules.marking, *submission_counts.list_markings(connection, cycle.id)])


def _gather_schedule_rows(connection: Transaction, cycle: Cycle, framework: Framework) -> pd.DataFrame:
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
    rows = rows[list(ROW_COLUMNS)]
    texts = ["strengths", "development", "commentary"]
    rows[texts] = rows[texts].fillna("")
    return rows.reset_index(drop=True)


def _gather_recorded_items(connection: Transaction, cycle: Cycle) -> pd.DataFrame:
    items = frames.current_recorded_items(connection, cycle.id)
    return items[["participant", "kind", "position", "subheading", "text", "is_agreed"]]


def _gather_arrivals(connection: Transaction, cycle: Cycle, today: date) -> pd.DataFrame:
    since = datetime.combine(today - timedelta(days=7), time.min, LONDON)
    arrivals = frames.arrivals_since(connection, cycle.id, since)
    names: dict[str, str] = {p.id: p.as_spoken().name for p in cycle.participants}
    arrivals.insert(0, "participant_name", arrivals.pop("author_id").map(names))
    writers = {**names, **{chair.id: chair.name for chair in cycle.chairs}}
    written_by = arrivals.pop("writer_id").map(writers).fillna(arrivals["participant_name"])
    arrivals.insert(1, "writer_name", written_by)
    return arrivals
