"""Gathers the facts that a dispatch's file is written from, starting from its row in the register."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pandas as pd

from peer_challenge.clock import LONDON, local_day
from peer_challenge.dates.deadlines import Deadline, challenge_deadlines
from peer_challenge.dispatches.facts import (
    DatesChanged,
    Facts,
    RegionFacts,
    ReminderFacts,
    Replaced,
    ResponseFacts,
    SettledFacts,
    SubmissionFacts,
)
from peer_challenge.dispatches.gather_evidence import (
    describe_evidence,
    list_evidence_of,
    list_evidence_passed_on,
)
from peer_challenge.dispatches.gather_last_time import gather_last_time
from peer_challenge.dispatches.gather_region import marking_of, region_facts
from peer_challenge.dispatches.kinds import KINDS, Need, find_marking
from peer_challenge.dispatches.questioned_words import find_questioned_words
from peer_challenge.dispatches.schedule_rows import count_challenges, schedule_rows
from peer_challenge.errors import PeerChallengeError
from peer_challenge.model.access import Party, Scope, was_asked_for
from peer_challenge.model.challenge import EventFacts, recipient_of
from peer_challenge.model.corrections import Decision
from peer_challenge.model.cycle import Cycle, Participant
from peer_challenge.model.framework import Framework
from peer_challenge.model.indicators import describe_figure
from peer_challenge.model.journey import SENT_AGAIN, SENT_UNCONFIRMED, met_deadlines
from peer_challenge.model.kinds_of_submission import PASSES_ON, QUOTES, SENT_BY
from peer_challenge.model.pair_facts import explain_pair_to_areas
from peer_challenge.model.protective_marking import find_highest_marking
from peer_challenge.model.vocabulary import KIND_NAMES, DeadlineName, Kind, Outcome, Role, Severity
from peer_challenge.model.vocabulary import DispatchKind as D
from peer_challenge.register import (
    access_facts,
    corrections,
    date_adjustments,
    evidence,
    frames,
    indicators,
    messages,
    outbox,
    progress_comments,
    submissions,
)
from peer_challenge.register.archive import Archive, sha256_of
from peer_challenge.register.cycles import load_stored
from peer_challenge.register.database import Transaction
from peer_challenge.register.event_replies import list_attendance
from peer_challenge.register.events import FormerEvent, read_former_event, read_told_event
from peer_challenge.register.house_styles import load_style_in_use
from peer_challenge.register.known_challenges import KnownChallenge, known_challenge
from peer_challenge.register.records import Challenge, Dispatch, Submission, mark_dispatch
from peer_challenge.submissions.version_changes import Changes, changes_of_versions
from peer_challenge.word.answers.locate_cells import CellPlaces
from peer_challenge.word.form.forms import OF_CORRECTIONS

Sources = Mapping[Kind, Submission]


class QuotesTheUnsent(PeerChallengeError):
    """A dispatch would quote a document that its reader has not been sent yet."""

    remedy = "Correct what the other document is held for and release it, then release this one."


class NotPassedOn(PeerChallengeError):
    """A file was about to go that the office or the cycle does not pass on any more."""

    remedy = "Cancel this dispatch."


class WrongAddressee(PeerChallengeError):
    """A dispatch was about to go to somebody who has no right to it."""

    remedy = "Nothing was sent. Send the support contact the dispatch's number; do not send it by hand."


def gather_dispatch_facts(connection: Transaction, dispatch: Dispatch, archive: Archive) -> Facts:
    """The facts of one dispatch, from the register as it is now.

    Raises WrongAddressee when the recipient does not hold the role that the dispatch is for, and
    QuotesTheUnsent when it quotes a document that its reader was not sent.
    """
    cycle, framework = load_stored(connection, dispatch.cycle_id)
    issued_on = local_day(dispatch.intended_at)
    facts = Facts(
        kind=D(dispatch.kind),
        dispatch_id=mark_dispatch(cycle.id, dispatch.key),
        cycle=cycle,
        framework=framework,
        issued_on=issued_on,
        recipient=recipient_of(cycle, Role(dispatch.role), dispatch.recipient_id),
        marking=find_marking(D(dispatch.kind), [cycle.rules.marking]),
        review=_read_review(dispatch.parameters),
        is_closed=bool(dispatch.parameters.get("is_closed")),
        style=load_style_in_use(connection),
    )
    facts = _with_due_actions(facts, dispatch.parameters)
    if dispatch.challenge_id:
        facts = _with_challenge(connection, facts, dispatch)
    needs = KINDS[facts.kind].needs
    if Need.LAST_TIME in needs and cycle.rules.show_last_time:
        last_time, marking = gather_last_time(connection, cycle, framework, dispatch.recipient_id)
        facts = replace(facts, last_time=last_time, marking=marking)
    if Need.SUBMISSION in needs:
        facts = replace(
            facts, submission=_gather_submission(connection, dispatch.parameters, archive, facts.cycle)
        )
    if Need.REMINDER in needs:
        facts = replace(facts, reminder=_read_reminder_facts(dispatch.parameters))
    if Need.EVIDENCE in needs:
        facts = _with_evidence_file(connection, facts, dispatch, archive)
    if facts.kind is D.RECEIPT:
        facts = replace(facts, evidence=list_evidence_of(connection, dispatch))
    if Need.FIGURES in needs and facts.author is not None:
        author_id = facts.author.id
        known = indicators.load_indicators(connection, cycle.id)
        facts = replace(facts, figures=tuple(describe_figure(one, author_id) for one in known))
    if Need.COMMENT in needs:
        comment = progress_comments.load_comment(connection, int(str(dispatch.parameters["comment"])))
        facts = replace(facts, comment=comment.text)
    if Need.CHANGE in needs:
        facts = replace(facts, dates_changed=_dates_changed(dispatch.parameters))
    if Need.REGION in needs:
        with_contents = Need.CONTENTS in needs
        facts = replace(
            facts,
            marking=marking_of(connection, cycle) if with_contents else facts.marking,
            region=region_facts(
                connection,
                cycle,
                framework,
                issued_on,
                with_contents=with_contents,
                with_notes=Need.NOTES in needs,
            ),
        )
    is_for_office = facts.recipient.role is Role.OFFICE
    if facts.region is not None and not is_for_office and not KINDS[facts.kind].is_anonymous:
        facts = replace(facts, region=_own_region(facts.region, facts.recipient.id))
    return facts


def gather_covering_facts(connection: Transaction, dispatch: Dispatch, at: datetime) -> Facts:
    """The facts that an email with a dispatch is written from, when it is sent at `at`: nobody's words.

    People, dates, event, submission and reminder, as the reader may know them; dates that count from the
    dispatch count from `at`. Raises WrongAddressee when its recipient has no right to it any more.
    """
    cycle, framework = load_stored(connection, dispatch.cycle_id)
    kind = D(dispatch.kind)
    facts = Facts(
        kind=kind,
        dispatch_id=str(dispatch.id),
        cycle=cycle,
        framework=framework,
        issued_on=local_day(at),
        recipient=recipient_of(cycle, Role(dispatch.role), dispatch.recipient_id),
        marking=find_marking(kind, [cycle.rules.marking]),
        review=_read_review(dispatch.parameters),
        is_closed=bool(dispatch.parameters.get("is_closed")),
    )
    facts = _with_due_actions(facts, dispatch.parameters)
    if dispatch.challenge_id:
        found = access_facts.load_challenge_at_issue(connection, dispatch)
        if found is None:
            raise WrongAddressee(f"Dispatch {dispatch.id} belongs to no challenge.")
        if (former := read_former_event(dispatch.parameters)) is not None:
            return _with_former_event(facts, found[0], former)
        facts = _with_people(connection, facts, *found, replace(dispatch, intended_at=at))
        markings = [
            row.marking for row in submissions.read_current_versions(connection, found[0].id).values()
        ]
        facts = replace(
            facts,
            marking=find_marking(kind, [cycle.rules.marking, *markings]),
            replaces=_replaced(connection, facts, dispatch, {}),  # its documents say what has changed
        )
    marking = _find_marking_inside(connection, facts, framework, dispatch)
    facts = replace(facts, marking=find_marking(kind, [facts.marking, marking]))
    if Need.SUBMISSION in KINDS[kind].needs:
        row = submissions.load_submission(connection, int(str(dispatch.parameters["submission"])))
        findings = frames.findings_of(connection, row.id)
        noticed = tuple(replace(one, message="", remedy="") for one in findings)
        facts = replace(facts, submission=replace(_describe_submission(row), findings=noticed))
    if Need.REMINDER in KINDS[kind].needs:
        facts = replace(facts, reminder=_read_reminder_facts(dispatch.parameters))
    if kind is D.CHAIR_SUMMARY and dispatch.challenge_id and facts.replaces is None:
        facts = replace(facts, settled=_gather_settled(connection, dispatch))
    return facts


def _find_marking_inside(
    connection: Transaction, facts: Facts, framework: Framework, dispatch: Dispatch
) -> str | None:
    """The marking of what a dispatch holds beside its own challenge: a file, the last cycle, the region."""
    needs = KINDS[facts.kind].needs
    if Need.EVIDENCE in needs:
        file = evidence.find_file(connection, int(str(dispatch.parameters["evidence"])))
        return file.marking if file is not None else None
    if Need.LAST_TIME in needs and facts.cycle.rules.show_last_time:
        return gather_last_time(connection, facts.cycle, framework, dispatch.recipient_id)[1]
    if {Need.REGION, Need.CONTENTS} <= needs:
        return marking_of(connection, facts.cycle)
    return None


def _gather_settled(connection: Transaction, dispatch: Dispatch) -> tuple[SettledFacts, ...]:
    """What was decided about the corrections that a dispatch's reader sent; nothing of anybody else's."""
    kind = next((one for one in OF_CORRECTIONS if SENT_BY[one] == dispatch.role), None)
    row = submissions.find_current_version(connection, dispatch.challenge_id or "", kind) if kind else None
    if row is None or row.writer_id != dispatch.recipient_id:
        return ()
    drafts = corrections.list_corrected_drafts(connection, dispatch.challenge_id or "")
    return tuple(
        SettledFacts(one.line, draft.settled[one.line].decision, draft.settled[one.line].told)
        for draft in drafts
        for one in draft.corrections
        if draft.submission_id == row.id and one.line in draft.settled
    )


def _with_due_actions(facts: Facts, parameters: Mapping[str, Any]) -> Facts:
    """The facts with the actions whose own day has come; their numbers alone, in nobody's words."""
    if Need.ACTIONS not in KINDS[facts.kind].needs:
        return facts
    return replace(
        facts,
        due_actions=tuple(parameters["actions"]),
        due_actions_on=date.fromisoformat(parameters["due_on"]),
    )


def _own_region(region: RegionFacts, who: str) -> RegionFacts:
    """Of a region, what is an area's or Chair's to know: the events at which they are."""
    nothing = pd.DataFrame()
    own = [e for e in region.events if who in (e.author.id, e.challenger.id, e.chair.id)]
    return RegionFacts(rows=nothing, items=nothing, earlier=nothing, events=tuple(own))


def _with_challenge(connection: Transaction, facts: Facts, dispatch: Dispatch) -> Facts:
    """The facts with a challenge as far as the reader may know it by what has gone out with this dispatch."""
    found = access_facts.load_challenge_at_issue(connection, dispatch)
    if found is None:
        raise WrongAddressee(f"Dispatch {dispatch.id} belongs to no challenge.")
    row, scope = found
    if (former := read_former_event(dispatch.parameters)) is not None:
        return _with_former_event(facts, row, former)
    sources: Sources = submissions.read_current_versions(connection, row.id, _find_source_review(dispatch))
    if facts.kind in SENT_UNCONFIRMED[Kind.RESPONSE]:
        response, sources = _find_response(connection, row, sources)
        facts = replace(facts, response=response)
    facts = _with_people(connection, facts, row, scope, dispatch)
    if facts.kind is D.ANALYSIS_PACK and facts.cycle.rules.evidence_goes_with_pack:
        facts = replace(
            facts, evidence=list_evidence_passed_on(connection, row, sources.get(Kind.SELF_ASSESSMENT))
        )
    _check_quotes(connection, facts, dispatch, sources)
    facts = replace(
        facts,
        marking=find_marking(
            facts.kind, [facts.cycle.rules.marking, *(row.marking for row in sources.values())]
        ),
    )
    facts = replace(facts, replaces=_replaced(connection, facts, dispatch, sources))
    passed_on = [sources[kind].id for kind in PASSES_ON.get(facts.kind, ()) if kind in sources]
    facts = replace(facts, sources=tuple(passed_on))
    needs = KINDS[facts.kind].needs
    if Need.REASONS in needs:
        facts = replace(facts, reasons=_explain_pair(facts.cycle, row))
    if Need.CONTENTS in needs:
        facts = _with_contents(connection, facts, sources)
    if Need.AGENDA in needs and Kind.ANALYSIS in sources:
        is_gathered = Need.CONTENTS in needs
        rows = facts.rows if is_gathered else _gather_schedule_rows(connection, facts.framework, sources)
        facts = replace(facts, challenge_counts=count_challenges(rows))
    if facts.kind is not D.CHAIR_SUMMARY:
        return facts
    facts = replace(facts, corrected_on=_find_day_of_correction(connection, row.id))
    return _with_attendance(connection, facts, row.id)


def _find_day_of_correction(connection: Transaction, challenge_id: str) -> date | None:
    """The day on which the last correction was taken over into a challenge's summary; None for none."""
    settled = corrections.list_settled(connection, [challenge_id]).get(challenge_id, [])
    taken_over = [one.decided_at for one in settled if one.decision is not Decision.DECLINED]
    return local_day(max(taken_over)) if taken_over else None


def _with_attendance(connection: Transaction, facts: Facts, challenge_id: str) -> Facts:
    """The facts of a summary with who came, as it was noted on the page, where the record does not say it."""
    noted = {f"{one.role.value}_present": one.who for one in list_attendance(connection, challenge_id)}
    said = {field: text for field, text in facts.particulars.items() if text.strip()}
    return replace(facts, particulars={**facts.particulars, **noted, **said})


def _find_response(
    connection: Transaction, row: Challenge, sources: Sources
) -> tuple[ResponseFacts | None, Sources]:
    """The author's response, accepted or not yet, and the sources with the version that readers may have."""
    if Kind.RESPONSE in sources:
        return ResponseFacts(local_day(sources[Kind.RESPONSE].received_at)), sources
    author = Party(row.cycle_id, Role.AUTHOR, row.author_id)
    came = submissions.find_open_version(connection, row.id, Kind.RESPONSE, writer=author)
    shown = submissions.find_unconfirmed_version(connection, row.id, Kind.RESPONSE, writer=author)
    if came is None:
        return None, sources
    received_on = local_day(came.received_at)
    if shown is None:
        return ResponseFacts(received_on, is_confirmed=False, is_shown=False), sources
    queried = {
        finding.subheading
        for finding in frames.findings_of(connection, shown.id)
        if finding.severity is Severity.QUERY and finding.subheading
    }
    response = ResponseFacts(received_on, is_confirmed=False, queried=frozenset(queried))
    return response, {**sources, Kind.RESPONSE: shown}


def _find_source_review(dispatch: Dispatch) -> int | None:
    """The review whose progress report a dispatch is made from; None for the latest there is.

    A form is made from the report before it.
    """
    review = _read_review(dispatch.parameters)
    return review - 1 if dispatch.kind == D.PROGRESS_REPORT_FORM else review or None


def _read_review(parameters: Mapping[str, Any]) -> int:
    """The review of an action plan that a dispatch is about; 0 for none."""
    return int(parameters.get("review", 0))


def _with_people(
    connection: Transaction, facts: Facts, row: Challenge, scope: Scope, dispatch: Dispatch
) -> Facts:
    """The facts with who takes part, the event and the dates, as the reader may know them."""
    cycle, role = facts.cycle, facts.recipient.role
    _check_addressee(facts, row.id, scope)
    reader = None if role is Role.OFFICE else role
    known = known_challenge(connection, cycle, row, scope, reader, facts.issued_on)
    people = {who: area.as_spoken() for who, area in cycle.participant.items()}
    event = _build_event_facts(cycle, known)
    deadlines = _gather_known_deadlines(connection, cycle, known, dispatch, scope)
    return replace(
        facts,
        author=people[known.author_id],
        challenger=people.get(known.challenger_id or ""),
        moderator=people.get(row.moderator_id or "") if known.challenger_id else None,
        chair=event.chair if event else None,
        event=event and replace(event, sequence=row.event.sequence if row.event else 0),
        dates={deadline.name: deadline.due_on for deadline in deadlines},
        met=met_deadlines(
            known.stages,
            is_event_agreed=known.event_on is not None,
            came=known.came,
        ),
    )


def _gather_known_deadlines(
    connection: Transaction, cycle: Cycle, known: KnownChallenge, dispatch: Dispatch, scope: Scope
) -> Sequence[Deadline]:
    """The deadlines that the reader knows; what counts from this dispatch does from when it was intended.

    So does what counts from the analysis pack that goes with a notice; one that the office looks at first
    goes later, on a day that nobody knows yet.
    """
    is_notice = (dispatch.kind, dispatch.role) == (D.PARTNER_NOTICE, Role.CHALLENGER)
    goes_at_once = not (cycle.rules.look_before_sending and KINDS[D.ANALYSIS_PACK].is_looked_at)
    has_pack = is_notice and goes_at_once and was_asked_for(dispatch.role, scope, DeadlineName.ANALYSIS_DUE)
    counts = KINDS[D.ANALYSIS_PACK if has_pack else D(dispatch.kind)].counts_from
    begins_again = cycle.rules.resubmission_restarts_clock and dispatch.kind is D.ANALYSIS_PACK
    if counts is None or (getattr(known.dates, counts) is not None and not begins_again):
        return known.deadlines
    when: dict[str, Any] = {counts: dispatch.intended_at}
    foreseen = replace(known.dates, **when)
    found = challenge_deadlines(cycle, foreseen, date_adjustments.adjustments_of(connection, known.id))
    return tuple(found.values())


def _with_former_event(facts: Facts, row: Challenge, former: FormerEvent) -> Facts:
    """The facts with an event as its Chair knew it who has it no more: when it was to be, and whose it is."""
    people, event = facts.cycle.participant, former.event
    found = EventFacts(
        challenge=row.id,
        author=people[row.author_id],
        challenger=people[former.challenger_id],
        chair=facts.cycle.chair[event.chair_id],
        starts_at=event.starts_at.astimezone(LONDON),
        ends_at=event.ends_at.astimezone(LONDON),
        place=event.place,
        sequence=event.sequence,
    )
    return replace(
        facts,
        author=found.author,
        challenger=found.challenger,
        chair=found.chair,
        event=found,
        is_former=True,
    )


def _with_contents(connection: Transaction, facts: Facts, sources: Sources) -> Facts:
    """What areas and Chair wrote, for the dispatches that say it."""
    return replace(
        facts,
        rows=_gather_schedule_rows(connection, facts.framework, sources),
        items=_gather_recorded_items(connection, facts.framework, sources),
        actions=_read_submission_rows(connection, Kind.ACTION_PLAN, sources),
        progress=_read_submission_rows(connection, Kind.PROGRESS_REPORT, sources),
        particulars=_gather_particulars(connection, facts.kind, sources),
    )


def _check_addressee(facts: Facts, challenge_id: str, scope: Scope) -> None:
    role, who = facts.recipient.role, facts.recipient.id
    if role is not Role.OFFICE and who != scope.holder(role):
        raise WrongAddressee(
            f"{facts.kind.value} of {challenge_id} is addressed to {who}, who is not its {role.value}."
        )


def _check_quotes(connection: Transaction, facts: Facts, dispatch: Dispatch, sources: Sources) -> None:
    """Refuse what quotes a document that its reader was not sent, and is not being sent before it."""
    kind, by = QUOTES.get(facts.kind, (None, None))
    if kind is None or by is None or kind not in sources:
        return
    if not outbox.is_passed_on_before(connection, dispatch, by, sources[kind].id):
        raise QuotesTheUnsent(
            f"It quotes the {KIND_NAMES[kind]}, and what passes that on has not gone out: "
            f"release the {by.in_words} first."
        )


def _build_event_facts(cycle: Cycle, known: KnownChallenge) -> EventFacts | None:
    if known.event is None or known.challenger_id is None or known.chair_id is None:
        return None
    return EventFacts(
        challenge=known.id,
        author=cycle.participant[known.author_id].as_spoken(),
        challenger=cycle.participant[known.challenger_id].as_spoken(),
        chair=cycle.chair[known.chair_id],
        starts_at=known.event.starts_at.astimezone(LONDON),
        ends_at=known.event.ends_at.astimezone(LONDON),
        place=known.event.place,
    )


def _read_submission_rows(connection: Transaction, kind: Kind, sources: Sources) -> pd.DataFrame:
    row = sources.get(kind)
    return pd.DataFrame() if row is None else frames.read_submission_rows(connection, kind, row.id)


def _gather_schedule_rows(connection: Transaction, framework: Framework, sources: Sources) -> pd.DataFrame:
    """The authors' own words, the peers' commentary beside them, then the answers."""
    own, *others = (
        frames.records_of(connection, kind, sources[kind].id) if kind in sources else []
        for kind in (Kind.SELF_ASSESSMENT, Kind.ANALYSIS, Kind.RESPONSE)
    )
    for record in own:
        del record["commentary"]
    return schedule_rows(framework, own, *others)


def _gather_recorded_items(connection: Transaction, framework: Framework, sources: Sources) -> pd.DataFrame:
    row = sources.get(Kind.CHAIR_RECORD)
    items = pd.DataFrame() if row is None else frames.recorded_items_of(connection, row.id)
    if items.empty:
        return items
    titles = {address: row.title for address, row in framework.subheadings.items()}
    items["title"] = items["subheading"].map(titles).fillna(items["subheading_as_written"]).fillna("")
    return items


def _gather_particulars(connection: Transaction, kind: D, sources: Sources) -> dict[str, str]:
    """Who signed off what a dispatch is about: the analysis where that is returned; else its own forms."""
    if kind is D.RETURNED_ANALYSIS:
        analysis = sources.get(Kind.ANALYSIS)
        return frames.particulars_of(connection, analysis.id) if analysis is not None else {}
    own, record = sources.get(Kind.SELF_ASSESSMENT), sources.get(Kind.CHAIR_RECORD)
    found = frames.particulars_of(connection, own.id) if own is not None else {}
    return found | (frames.recorded_particulars_of(connection, record.id) if record is not None else {})


def _explain_pair(cycle: Cycle, challenge: Challenge) -> tuple[str, ...]:
    if challenge.challenger_id is None:
        return ()
    return explain_pair_to_areas(cycle, challenge.author_id, challenge.challenger_id)


def _find_version_changes(connection: Transaction, kind: Kind, before: int, after: int) -> Changes:
    """What changed between two versions; nothing is told of one of which nothing was read."""
    versions = (frames.version_of(connection, kind, version) for version in (before, after))
    return changes_of_versions(*versions)


def _replaced(connection: Transaction, facts: Facts, dispatch: Dispatch, sources: Sources) -> Replaced | None:
    """The dispatch that this one takes the place of, and what has changed since; None for a first one."""
    if D(dispatch.kind) not in SENT_AGAIN or dispatch.challenge_id is None:
        return None
    found = messages.find_last_received(
        connection,
        dispatch.challenge_id,
        D(dispatch.kind),
        Role(dispatch.role),
        before=dispatch.id,
        to=dispatch.recipient_id,
        review=_read_review(dispatch.parameters),
    )
    if found is None:
        return None
    earlier, sent_at = found
    passed_on = outbox.sources_of(connection, earlier.id)
    changes = {
        kind: _find_version_changes(connection, kind, passed_on[kind], row.id)
        for kind, row in sources.items()
        if passed_on.get(kind, row.id) != row.id
    }
    return Replaced(
        local_day(sent_at),
        {kind: found for kind, found in changes.items() if found},
        event=_find_event_told(facts, earlier),
        challenger=_find_challenger_named(connection, facts, earlier),
    )


def _find_event_told(facts: Facts, earlier: Dispatch) -> EventFacts | None:
    """The event as an earlier invitation told of it; None where it does not say."""
    told = read_told_event(earlier.parameters)
    if told is None or facts.event is None:
        return None
    is_same_place = told.place_sha256 == sha256_of(facts.event.place.encode())
    return replace(
        facts.event,
        chair=facts.cycle.chair[told.chair_id],
        starts_at=told.starts_at.astimezone(LONDON),
        ends_at=told.ends_at.astimezone(LONDON),
        place=facts.event.place if is_same_place else "",
    )


def _find_challenger_named(connection: Transaction, facts: Facts, earlier: Dispatch) -> Participant | None:
    """The challenger that an earlier notice of partners named, where it is not the present one."""
    if facts.kind is not D.PARTNER_NOTICE or earlier.challenge_id is None:
        return None
    named = [
        one.recipient_id
        for one in outbox.list_of_kind(connection, earlier.challenge_id, D.PARTNER_NOTICE)
        if one.role is Role.CHALLENGER and one.intended_at == earlier.intended_at
    ]
    is_other = bool(named) and facts.challenger is not None and named[0] != facts.challenger.id
    return facts.cycle.participant[named[0]] if is_other else None


def _with_evidence_file(connection: Transaction, facts: Facts, dispatch: Dispatch, archive: Archive) -> Facts:
    """The facts with the one file that goes. Raises QuotesTheUnsent before the pack that lists it goes."""
    file = evidence.find_file(connection, int(str(dispatch.parameters["evidence"])))
    if file is None or not file.may_go or not facts.cycle.rules.evidence_goes_with_pack:
        raise NotPassedOn("This file is not passed on any more.")
    if not outbox.is_sent_before(connection, dispatch, D.ANALYSIS_PACK):
        raise QuotesTheUnsent("It belongs to an analysis pack that has not gone out: release that first.")
    marking = find_highest_marking([facts.marking, file.marking])
    data = archive.get(file.copy_sha256 or "")
    return replace(facts, marking=marking, evidence=(replace(describe_evidence(file), data=data),))


def _gather_submission(
    connection: Transaction, parameters: Mapping[str, Any], archive: Archive, cycle: Cycle
) -> SubmissionFacts:
    row = submissions.load_submission(connection, parameters["submission"])
    places = parameters.get("places")
    kind = Kind(row.kind or "")
    before = _version_before(connection, row)
    changes = () if before is None else _find_version_changes(connection, kind, before, row.id)
    findings = frames.findings_of(connection, row.id)
    return replace(
        _describe_submission(row),
        findings=findings,
        questioned=find_questioned_words(connection, row, findings, cycle),
        original=archive.get(row.sha256),
        changes=tuple(changes),
        places=CellPlaces.from_dict(places) if places else None,
    )


def _describe_submission(row: Submission) -> SubmissionFacts:
    """What a submission is, without what it says."""
    return SubmissionFacts(
        kind=Kind(row.kind or ""),
        version=row.version or 0,
        received_at=row.received_at.astimezone(LONDON),
        outcome=Outcome(row.outcome),
    )


def _version_before(connection: Transaction, row: Submission) -> int | None:
    """The id of the version to compare one with: its own writer's last that the guard did not refuse.

    What changed is quoted. So nothing of another's version is in it, nor what may name a child.
    """
    arrived = access_facts.submissions_of(connection, row.challenge_id or "")
    writer = next(document.writer for one, document in arrived if one.id == row.id)
    earlier = [
        (one.version or 0, one.id)
        for one, document in arrived
        if (one.kind, one.review) == (row.kind, row.review) and (one.version or 0) < (row.version or 0)
        if document.writer == writer and not document.is_refused_by_guard
    ]
    return max(earlier)[1] if earlier else None


def _dates_changed(parameters: Mapping[str, Any]) -> DatesChanged:
    before = {name: date.fromisoformat(day) for name, day in parameters["before"].items()}
    return DatesChanged(before, tuple(parameters["messages"]))


def _read_reminder_facts(parameters: Mapping[str, Any]) -> ReminderFacts:
    return ReminderFacts(
        what=parameters["what"],
        due_on=date.fromisoformat(parameters["due_on"]),
        days_left=parameters["days_left"],
        rule=parameters["rule"],
        is_escalation=parameters["is_escalation"],
        arrived=Outcome(parameters["arrived"]) if parameters.get("arrived") else None,
        answer_by=date.fromisoformat(parameters["answer_by"]) if parameters.get("answer_by") else None,
    )
