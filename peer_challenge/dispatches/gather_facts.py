"""From a dispatch's row in the register to the facts that its file is written from."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import sqlalchemy as sa
from sqlalchemy import Connection, Row

from peer_challenge.clock import LONDON, local_day
from peer_challenge.dates.deadlines import challenge_deadlines
from peer_challenge.dispatches.facts import Facts, RegionFacts, ReminderFacts, SubmissionFacts
from peer_challenge.dispatches.gather_region import marking_of, region_facts
from peer_challenge.errors import PeerChallengeError
from peer_challenge.model.access import Scope
from peer_challenge.model.challenge import EventFacts, recipient_of
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.framework import Framework
from peer_challenge.model.journey import PASSES_ON, QUOTES, met_deadlines
from peer_challenge.model.protective_marking import highest
from peer_challenge.model.vocabulary import KIND_NAMES, Kind, Outcome, Role
from peer_challenge.model.vocabulary import DispatchKind as D
from peer_challenge.register import challenges, frames, outbox, rights, submissions
from peer_challenge.register import tables as t
from peer_challenge.register.archive import Archive, sha256_of
from peer_challenge.register.cycles import load_stored
from peer_challenge.register.known_challenges import KnownChallenge, known_challenge
from peer_challenge.submissions.version_changes import changes_between, fields_changed
from peer_challenge.word.answers.locate_cells import CellPlaces

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
Sources = Mapping[Kind, Row[Any]]


class QuotesTheUnsent(PeerChallengeError):
    """A dispatch would quote what its reader has to be sent first by another that has not gone out."""

    remedy = "Correct what the other document is held for and release it, then release this one."


class WrongAddressee(PeerChallengeError):
    """A dispatch was about to go to somebody who has no right to it."""

    remedy = "Nothing was sent. Send the support contact the dispatch's number; do not send it by hand."


def gather(connection: Connection, dispatch: Row[Any], archive: Archive) -> Facts:
    """The facts of one dispatch, from the register as it is now.

    Raises WrongAddressee when the recipient does not hold the role that the dispatch is for, and
    QuotesTheUnsent when it quotes what its reader was not sent.
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
        facts = replace(facts, submission=_submission(connection, dispatch.parameters, archive))
    if facts.kind in (D.REMINDER, D.REMINDER_EMAIL):
        facts = replace(facts, reminder=_reminder(dispatch.parameters))
    if facts.kind in _ABOUT_REGION:
        with_contents = facts.kind not in _WITHOUT_CONTENTS
        facts = replace(
            facts,
            marking=marking_of(connection, cycle) if with_contents else facts.marking,
            region=region_facts(connection, cycle, framework, issued_on, with_contents=with_contents),
        )
    if facts.region is not None and facts.recipient.role is not Role.OFFICE:
        facts = replace(facts, region=_own_region(facts.region, facts.recipient.id))
    return facts


def _own_region(region: RegionFacts, who: str) -> RegionFacts:
    """Of a region, what is an area's or Chair's to know: the events at which they are."""
    nothing = pd.DataFrame()
    own = [e for e in region.events if who in (e.author.id, e.challenger.id, e.chair.id)]
    return RegionFacts(rows=nothing, items=nothing, previous=nothing, events=tuple(own))


def _with_challenge(connection: Connection, facts: Facts, dispatch: Row[Any]) -> Facts:
    """The facts with a challenge as far as the reader may know it by what has gone out with this dispatch."""
    found = rights.load_challenge_at_issue(connection, dispatch)
    if found is None:
        raise WrongAddressee(f"Dispatch {dispatch.id} belongs to no challenge.")
    row, scope = found
    cycle, role = facts.cycle, facts.recipient.role
    _check_addressee(facts, row.id, scope)
    sources = submissions.current_of(connection, row.id)
    _check_quotes(connection, facts, dispatch, sources)
    reader = None if role is Role.OFFICE else role
    known = known_challenge(connection, cycle, row, scope, reader, facts.issued_on)
    people, event = cycle.participant, _event(cycle, known)
    facts = replace(
        facts,
        author=people[known.author_id],
        challenger=people.get(known.challenger_id or ""),
        moderator=people.get(row.moderator_id or "") if known.challenger_id else None,
        chair=event.chair if event else None,
        event=event and replace(event, sequence=row.sequence),
        dates=_dates(connection, cycle, known, dispatch),
        met=met_deadlines(
            known.stages,
            is_event_agreed=known.event_on is not None,
            is_response_in=known.is_response_in,
        ),
        marking=highest([cycle.rules.marking, *(row.marking for row in sources.values())]),
    )
    passed_on = [sources[kind].id for kind in PASSES_ON.get(facts.kind, ()) if kind in sources]
    facts = replace(facts, sources=tuple(passed_on))
    if facts.kind is D.PARTNER_NOTICE:
        facts = replace(facts, reasons=_reasons(connection, row))
    return facts if facts.kind in _WITHOUT_CONTENTS else _with_contents(connection, facts, sources)


def _dates(
    connection: Connection, cycle: Cycle, known: KnownChallenge, dispatch: Row[Any]
) -> Mapping[str, date]:
    """The dates that the reader knows; what counts from this dispatch counts from when it was intended."""
    counts = _COUNTED_FROM.get(D(dispatch.kind))
    if counts is None or getattr(known.dates, counts) is not None:
        return {deadline.name: deadline.due_on for deadline in known.deadlines}
    foreseen = replace(known.dates, **{counts: dispatch.intended_at})
    found = challenge_deadlines(cycle, foreseen, challenges.adjustments_of(connection, known.id))
    return {name: deadline.due_on for name, deadline in found.items()}


def _with_contents(connection: Connection, facts: Facts, sources: Sources) -> Facts:
    """What areas and Chair wrote, for the dispatches that say it."""
    return replace(
        facts,
        rows=_rows(connection, facts.framework, sources),
        items=_items(connection, facts.framework, sources),
        actions=_table(connection, Kind.ACTION_PLAN, sources),
        particulars=_particulars(connection, sources),
    )


def _check_addressee(facts: Facts, challenge_id: str, scope: Scope) -> None:
    role, who = facts.recipient.role, facts.recipient.id
    if role is not Role.OFFICE and who != scope.holder(role):
        raise WrongAddressee(
            f"{facts.kind.value} of {challenge_id} is addressed to {who}, who is not its {role.value}."
        )


def _check_quotes(connection: Connection, facts: Facts, dispatch: Row[Any], sources: Sources) -> None:
    """Refuse what quotes a document that its reader was not sent, and is not being sent before it."""
    kind, by = QUOTES.get(facts.kind, (None, None))
    if kind is None or by is None or kind not in sources:
        return
    passed_on = (
        sa.select(t.dispatches.c.id)
        .join(t.dispatch_sources, t.dispatch_sources.c.dispatch_id == t.dispatches.c.id, isouter=True)
        .where(
            t.dispatches.c.challenge_id == dispatch.challenge_id,
            t.dispatches.c.kind == by.value,
            t.dispatches.c.recipient_id == dispatch.recipient_id,
            sa.or_(
                sa.and_(
                    t.dispatches.c.state == outbox.ISSUED,
                    t.dispatch_sources.c.submission_id == sources[kind].id,
                ),
                sa.and_(
                    t.dispatches.c.state.in_([outbox.INTENDED, outbox.PLACING]),
                    t.dispatches.c.id < dispatch.id,
                ),
            ),
        )
    )
    if connection.execute(passed_on).first() is None:
        raise QuotesTheUnsent(
            f"It quotes the {KIND_NAMES[kind]}, and what passes that on has not gone out: "
            f"release the {by.value.replace('_', ' ')} first."
        )


def _event(cycle: Cycle, known: KnownChallenge) -> EventFacts | None:
    if known.event is None or known.challenger_id is None or known.chair_id is None:
        return None
    return EventFacts(
        challenge=known.id,
        author=cycle.participant[known.author_id],
        challenger=cycle.participant[known.challenger_id],
        chair=cycle.chair[known.chair_id],
        starts_at=known.event.starts_at.astimezone(LONDON),
        ends_at=known.event.ends_at.astimezone(LONDON),
        place=known.event.place,
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


def _submission(connection: Connection, parameters: Mapping[str, Any], archive: Archive) -> SubmissionFacts:
    asked = t.submissions.c.id == parameters["submission"]
    row = connection.execute(sa.select(t.submissions).where(asked)).one()
    places = parameters.get("places")
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
        places=CellPlaces.from_dict(places) if places else None,
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
