"""From a dispatch's row in the register to the facts that its file is written from."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import sqlalchemy as sa
from sqlalchemy import Connection, Row

from peer_challenge.clock import LONDON, local_day
from peer_challenge.compare import changes_between, fields_changed
from peer_challenge.cycle import Cycle
from peer_challenge.deadlines import challenge_deadlines
from peer_challenge.dispatches.facts import (
    EventFacts,
    Facts,
    Recipient,
    ReminderFacts,
    SubmissionFacts,
)
from peer_challenge.dispatches.region import marking_of, region_facts
from peer_challenge.errors import PeerChallengeError
from peer_challenge.framework import Framework
from peer_challenge.journey import PASSES_ON
from peer_challenge.marking import highest
from peer_challenge.register import challenges, frames, outbox, rights, submissions
from peer_challenge.register import tables as t
from peer_challenge.register.archive import Archive, sha256_of
from peer_challenge.register.cycles import load_stored
from peer_challenge.vocabulary import DispatchKind as D
from peer_challenge.vocabulary import Kind, Outcome, Role, Stage

_ABOUT_SUBMISSION = (D.RECEIPT, D.QUERY_LETTER, D.FIX_IT_COPY)
_ABOUT_REGION = (
    D.REGIONAL_OVERVIEW,
    D.REGIONAL_OVERVIEW_ANONYMISED,
    D.REGIONAL_TABLES,
    D.MONDAY_BRIEF,
    D.EVENT_TIMETABLE,
)


_WITHOUT_CONTENTS = (
    D.SELF_ASSESSMENT_TEMPLATE,
    D.QUERY_LETTER,
    D.FIX_IT_COPY,
    D.PARTNER_NOTICE,
    D.EVENT_INVITATION,
    D.EVENT_CALENDAR,
    D.EVENT_TIMETABLE,
    D.MONDAY_BRIEF,
    D.REMINDER,
    D.REMINDER_EMAIL,
)
_COUNTED_FROM = {
    D.PARTNER_NOTICE: "pack_issued_at",
    D.ANALYSIS_PACK: "pack_issued_at",
    D.CHAIR_SUMMARY: "summary_issued_at",
    D.ACTION_PLAN_TEMPLATE: "summary_issued_at",
}
"""Dispatches that tell of dates which count from the day they, or one beside them, go out."""
_PLANNED = (Stage.PLANNED, Stage.CLOSED)
_RECORDED = (Stage.SUMMARISED, *_PLANNED)
_EVENT = sa.select(t.events).where(t.events.c.challenge_id == sa.bindparam("id"))
Sources = Mapping[Kind, Row[Any]]


class AnalysisHeld(PeerChallengeError):
    """A dispatch would tell an area of an analysis before the returned analysis has gone out to it."""

    remedy = "Correct what the returned analysis is held for and release it, then release this one."


class WrongAddressee(PeerChallengeError):
    """A dispatch was about to go to somebody who has no right to it."""

    remedy = "Nothing was sent. Send the support contact the dispatch's number; do not send it by hand."


def gather(connection: Connection, dispatch: Row[Any], archive: Archive) -> Facts:
    """The facts of one dispatch, from the register as it is now.

    Raises WrongAddressee when the recipient does not hold the role that the dispatch is for, and
    AnalysisHeld for a presentation that quotes an analysis which its area was not sent.
    """
    cycle, framework = load_stored(connection, dispatch.cycle_id)
    issued_on = local_day(dispatch.intended_at)
    facts = Facts(
        kind=D(dispatch.kind),
        dispatch_id=sha256_of(f"{cycle.id}/{dispatch.key}".encode())[:10],
        cycle=cycle,
        framework=framework,
        issued_on=issued_on,
        recipient=recipient_of(cycle, Role(dispatch.role), dispatch.recipient_id),
        marking=cycle.rules.marking,
    )
    if dispatch.challenge_id:
        facts = _with_challenge(connection, facts, dispatch)
    if facts.kind in _ABOUT_SUBMISSION:
        facts = replace(facts, submission=_submission(connection, dispatch.parameters["submission"], archive))
    if facts.kind in (D.REMINDER, D.REMINDER_EMAIL):
        facts = replace(facts, reminder=_reminder(dispatch.parameters))
    if facts.kind in _ABOUT_REGION:
        with_contents = facts.kind not in _WITHOUT_CONTENTS
        facts = replace(
            facts,
            marking=marking_of(connection, cycle) if with_contents else facts.marking,
            region=region_facts(connection, cycle, framework, issued_on, with_contents=with_contents),
        )
    return facts


def recipient_of(cycle: Cycle, role: Role, who: str) -> Recipient:
    """Whoever holds a role in a cycle under an id, with the contacts that the cycle names."""
    if role is Role.OFFICE:
        return Recipient(role, who, cycle.office.name, (cycle.office,))
    if role is Role.CHAIR:
        chair = cycle.chair[who]
        return Recipient(role, who, chair.name)
    participant = cycle.participant[who]
    return Recipient(role, who, participant.name, participant.contacts)


def _with_challenge(connection: Connection, facts: Facts, dispatch: Row[Any]) -> Facts:
    challenge = challenges.get(connection, dispatch.challenge_id)
    if challenge is None:
        raise WrongAddressee(f"Dispatch {dispatch.id} belongs to no challenge.")
    cycle = facts.cycle
    event = _event(connection, cycle, challenge)
    _check_addressee(facts, challenge, event)
    if facts.kind is D.PRESENTATION and _is_analysis_held(connection, challenge):
        raise AnalysisHeld("It quotes the analysis, and the returned analysis is held: release that first.")
    people = cycle.participant
    sources = submissions.current_of(connection, challenge.id)
    facts = replace(
        facts,
        author=people[challenge.author_id],
        challenger=people.get(challenge.challenger_id or ""),
        moderator=people.get(challenge.moderator_id or ""),
        chair=event.chair if event else None,
        event=event,
        dates=_dates(connection, cycle, challenge, dispatch),
        met=_met(challenge),
        marking=highest([cycle.rules.marking, *(row.marking for row in sources.values())]),
    )
    passed_on = [sources[kind].id for kind in PASSES_ON.get(facts.kind, ()) if kind in sources]
    facts = replace(facts, sources=tuple(passed_on))
    if facts.kind is D.PARTNER_NOTICE:
        facts = replace(facts, reasons=_reasons(connection, challenge))
    return facts if facts.kind in _WITHOUT_CONTENTS else _with_contents(connection, facts, sources)


def _dates(
    connection: Connection, cycle: Cycle, challenge: Row[Any], dispatch: Row[Any]
) -> Mapping[str, date]:
    """The challenge's dates; those that count from this dispatch itself as if it went out when intended."""
    counts = _COUNTED_FROM.get(D(dispatch.kind))
    known = challenges.dates_of(challenge)
    if counts is None or getattr(known, counts) is not None:
        return challenges.due_dates(connection, challenge.id)
    foreseen = replace(known, **{counts: dispatch.intended_at})
    found = challenge_deadlines(cycle, foreseen, challenges.adjustments_of(connection, challenge.id))
    return {name: deadline.due_on for name, deadline in found.items()}


def _met(challenge: Row[Any]) -> frozenset[str]:
    """The deadlines that are met: what they ask for has come, or the event that has to be set is set."""
    stage = Stage(challenge.stage)
    has_come = {
        "self_assessment_due": challenge.self_assessment_received_at,
        "analysis_due": challenge.analysis_completed_at,
        "event_by": challenge.event_on,
        "response_due": challenge.response_received_at,
        "event_on": challenge.event_held_on,
        "chair_record_due": stage in _RECORDED,
        "action_plan_due": stage in _PLANNED,
    }
    return frozenset(name for name, come in has_come.items() if come)


def _with_contents(connection: Connection, facts: Facts, sources: Sources) -> Facts:
    """What areas and Chair wrote, for the dispatches that say it."""
    return replace(
        facts,
        rows=_rows(connection, facts.framework, sources),
        items=_items(connection, facts.framework, sources),
        actions=_table(connection, Kind.ACTION_PLAN, sources),
        particulars=_particulars(connection, sources),
    )


def _check_addressee(facts: Facts, challenge: Row[Any], event: EventFacts | None) -> None:
    holder = {
        Role.AUTHOR: challenge.author_id,
        Role.CHALLENGER: challenge.challenger_id,
        Role.CHAIR: event.chair.id if event else None,
        Role.OFFICE: facts.recipient.id,
    }
    if facts.recipient.id != holder[facts.recipient.role]:
        raise WrongAddressee(
            f"{facts.kind.value} of {challenge.id} is addressed to {facts.recipient.id}, "
            f"who is not its {facts.recipient.role.value}."
        )


def _is_analysis_held(connection: Connection, challenge: Row[Any]) -> bool:
    """Whether the returned analysis is held, and no version of it has gone out."""
    query = sa.select(t.dispatches.c.state).where(
        t.dispatches.c.challenge_id == challenge.id, t.dispatches.c.kind == D.RETURNED_ANALYSIS.value
    )
    states = set(connection.scalars(query))
    return outbox.HELD in states and outbox.ISSUED not in states


def _event(connection: Connection, cycle: Cycle, challenge: Row[Any]) -> EventFacts | None:
    row = connection.execute(_EVENT, {"id": challenge.id}).first()
    if row is None or challenge.challenger_id is None:
        return None
    return EventFacts(
        challenge=challenge.id,
        author=cycle.participant[challenge.author_id],
        challenger=cycle.participant[challenge.challenger_id],
        chair=cycle.chair[row.chair_id],
        starts_at=row.starts_at.astimezone(LONDON),
        ends_at=row.ends_at.astimezone(LONDON),
        place=row.place,
        sequence=row.sequence,
    )


def _table(connection: Connection, kind: Kind, sources: Sources) -> pd.DataFrame:
    row = sources.get(kind)
    return pd.DataFrame() if row is None else frames.rows_of(connection, kind, row.id)


def _rows(connection: Connection, framework: Framework, sources: Sources) -> pd.DataFrame:
    """The authors' own words, the peers' commentary beside them, then the answers."""
    own, *others = (
        frames.records_of(connection, kind, sources[kind].id) if kind in sources else []
        for kind in (Kind.SELF_ASSESSMENT, Kind.ANALYSIS, Kind.RESPONSE)
    )
    for record in own:
        del record["commentary"]
    return frames.schedule(framework, own, *others)


def _items(connection: Connection, framework: Framework, sources: Sources) -> pd.DataFrame:
    items = _table(connection, Kind.CHAIR_RECORD, sources)
    if items.empty:
        return items
    titles = {address: row.title for address, row in framework.subheadings.items()}
    items["title"] = items["subheading"].map(titles).fillna(items["subheading_as_written"]).fillna("")
    return items


def _particulars(connection: Connection, sources: Sources) -> dict[str, str]:
    found: dict[str, str] = {}
    for kind in (Kind.SELF_ASSESSMENT, Kind.CHAIR_RECORD):
        if (row := sources.get(kind)) is not None:
            found |= frames.particulars_of(connection, row.id)
    return found


def _reasons(connection: Connection, challenge: Row[Any]) -> tuple[str, ...]:
    proposal = connection.scalar(
        sa.select(t.assignments.c.proposal)
        .where(t.assignments.c.cycle_id == challenge.cycle_id, t.assignments.c.status == "approved")
        .order_by(t.assignments.c.id.desc())
        .limit(1)
    )
    pairs = (proposal or {}).get("pairs", ())
    return tuple(
        reason
        for pair in pairs
        for reason in pair["reasons"]
        if pair["author"] == challenge.author_id and pair["challenger"] == challenge.challenger_id
    )


def _changes(
    connection: Connection, kind: Kind, before: int, after: int
) -> tuple[tuple[str, str, str, str], ...]:
    """What changed between two versions; nothing is told of one of which nothing was read."""
    old, new = frames.rows_of(connection, kind, before), frames.rows_of(connection, kind, after)
    if old.empty or new.empty:
        return ()
    fields = (frames.particulars_of(connection, version) for version in (before, after))
    return (*changes_between(old, new), *fields_changed(*fields))


def _submission(connection: Connection, submission_id: int, archive: Archive) -> SubmissionFacts:
    row = connection.execute(sa.select(t.submissions).where(t.submissions.c.id == submission_id)).one()
    kind = Kind(row.kind)
    before = _version_before(connection, row)
    changes = () if before is None else _changes(connection, kind, before, row.id)
    return SubmissionFacts(
        kind=kind,
        version=row.version,
        received_at=row.received_at.astimezone(LONDON),
        outcome=Outcome(row.outcome),
        findings=frames.findings_of(connection, row.id),
        original=archive.get(row.sha256),
        changes=tuple(changes),
    )


def _version_before(connection: Connection, row: Row[Any]) -> int | None:
    """The id of the version to compare one with: its own writer's last that the guard did not refuse.

    What changed is quoted. So nothing of another's version is in it, nor what may name a child.
    """
    arrived = rights.submissions_of(connection, row.challenge_id)
    writer = next(document.writer for one, document in arrived if one.id == row.id)
    earlier = [
        (one.version, one.id)
        for one, document in arrived
        if one.kind == row.kind and one.version < row.version
        if document.writer == writer and not document.is_refused_by_guard
    ]
    return max(earlier)[1] if earlier else None


def _reminder(parameters: dict[str, Any]) -> ReminderFacts:
    return ReminderFacts(
        what=parameters["what"],
        due_on=date.fromisoformat(parameters["due_on"]),
        days_left=parameters["days_left"],
        rule=parameters["rule"],
        is_escalation=parameters["is_escalation"],
    )
