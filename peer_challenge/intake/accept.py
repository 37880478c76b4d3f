"""What a submission's arrival causes: where it belongs, whether its time has come, what goes back."""

from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from peer_challenge.intake import arrival_findings
from peer_challenge.model.access import Party
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.findings import Finding
from peer_challenge.model.framework import Framework
from peer_challenge.model.identification import Decision, decide_identity
from peer_challenge.model.journey import ACCEPTED, SENT_BY, Send, Trigger, renews
from peer_challenge.model.vocabulary import DeadlineName, DispatchKind, Kind, Outcome, Role
from peer_challenge.register import challenges, frames, journal, rights, submissions, uploads
from peer_challenge.register.cycles import challenge_id, is_open, load_stored
from peer_challenge.register.database import Transaction
from peer_challenge.register.records import Challenge
from peer_challenge.register.roles import RegisterRoles
from peer_challenge.register.submissions import Arrived
from peer_challenge.submissions import SubmissionContext, apply_settings
from peer_challenge.word.answers.days import read_day
from peer_challenge.word.answers.reading import Reading
from peer_challenge.word.answers.whose_form import apply_decision, is_doubtful

_ANSWER = {
    Outcome.ACCEPTED: (DispatchKind.RECEIPT,),
    Outcome.WARNED: (DispatchKind.RECEIPT,),
    Outcome.QUERIED: (DispatchKind.QUERY_LETTER, DispatchKind.FIX_IT_COPY),
    Outcome.REJECTED: (DispatchKind.QUERY_LETTER,),
}
_ARRIVED = {
    Kind.SELF_ASSESSMENT: "self_assessment_received_at",
    Kind.ANALYSIS: "analysis_completed_at",
    Kind.RESPONSE: "response_received_at",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a document belongs in the register, and what is wrong with that."""

    cycle_id: str | None = None
    cycle: Cycle | None = None
    framework: Framework | None = None
    challenge: Challenge | None = None
    findings: tuple[Finding, ...] = ()


def identify(connection: Transaction, reading: Reading) -> Decision | None:
    """Decide whose a document is by all the evidence that there is now, and put that into its reading.

    None for what is no form, and for a form of which the office has said whose it is.
    """
    if reading.evidence is None:
        return None
    senders = uploads.uploaders_of(connection, reading.sha256)
    decision = decide_identity(reading.evidence, senders, RegisterRoles(connection))
    apply_decision(reading, decision)
    return decision


def place_of(connection: Transaction, reading: Reading) -> Place:
    """The challenge that a document belongs to, with findings when it has none or its time is not now.

    One that has none is rejected: there is nobody whom a question could be sent to. One of which it is
    doubtful whose it is has no place yet.
    """
    has_cycle = reading.cycle is not None and is_open(connection, reading.cycle)
    if is_doubtful(reading.findings):
        return Place(reading.cycle if has_cycle else None)
    nobodys = arrival_findings.nobodys(reading.findings)
    if reading.cycle is None or not has_cycle:
        return Place(findings=nobodys)
    cycle, framework = load_stored(connection, reading.cycle)
    which = challenge_id(cycle.id, reading.participant or "")
    challenge = challenges.get(connection, which)
    if challenge is None or reading.kind is None:
        return Place(cycle.id, cycle, framework, challenge, nobodys)
    return Place(cycle.id, cycle, framework, challenge, arrival_findings.out_of_turn(challenge, reading.kind))


def told_of_arrival(
    connection: Transaction, place: Place, reading: Reading, arrived: Arrived
) -> tuple[Finding, ...]:
    """What is to be told of how a document arrived; the cycle's settings can leave out that it is late."""
    if place.challenge is None or place.cycle is None or reading.kind is None:
        return ()
    late = arrival_findings.late(connection, place.challenge, reading.kind, arrived.received_at)
    other_way = arrival_findings.other_way(connection, place.challenge, reading.kind, arrived, place.cycle)
    return (*apply_settings(late, place.cycle.rules), *other_way)


def context_of(connection: Transaction, reading: Reading) -> SubmissionContext | None:
    """What a document is checked against, or None when it belongs to no challenge."""
    place = place_of(connection, reading)
    if place.cycle is None or place.framework is None or place.challenge is None:
        return None
    due = challenges.due_dates(connection, place.challenge.id)
    return SubmissionContext(
        cycle=place.cycle,
        framework=place.framework,
        participant=place.cycle.participant[place.challenge.author_id],
        challenger=place.cycle.participant.get(place.challenge.challenger_id or ""),
        chair=place.cycle.chair.get(place.challenge.chair_id or ""),
        authors_rows=_current(connection, place.challenge, Kind.SELF_ASSESSMENT),
        analysis_rows=_current(connection, place.challenge, Kind.ANALYSIS),
        agreed_items=_current(connection, place.challenge, Kind.CHAIR_RECORD),
        event_on=place.challenge.event_held_on or place.challenge.event_on,
        event_by=due.get(DeadlineName.EVENT_BY),
        last_rows=_last(connection, place.challenge, reading.kind),
    )


def _current(connection: Transaction, challenge: Challenge, kind: Kind) -> pd.DataFrame | None:
    row = submissions.current(connection, challenge.id, kind)
    return None if row is None else frames.rows_of(connection, kind, row.id)


def _last(connection: Transaction, challenge: Challenge, kind: Kind | None) -> pd.DataFrame | None:
    """The rows of the self-assessment that came last, whatever became of it."""
    if kind is not Kind.SELF_ASSESSMENT:
        return None
    version = submissions.next_version(connection, challenge.id, kind)
    row = submissions.previous(connection, challenge.id, kind, version)
    return None if row is None else frames.rows_of(connection, kind, row.id)


def answer(
    connection: Transaction,
    place: Place,
    reading: Reading,
    submission_id: int,
    outcome: Outcome,
    at: datetime,
    *,
    writer: Party | None,
    received_at: datetime,
) -> None:
    """Intend at `at` what goes back to the writer, and when accepted move the challenge on.

    Dates count from `received_at`, when the document came.
    """
    kind, challenge, cycle = reading.kind, place.challenge, place.cycle
    if kind is None or challenge is None or cycle is None:
        return
    answers = (DispatchKind.QUERY_LETTER,) if _is_several(reading) else _ANSWER[outcome]
    to = answered_to(connection, challenge, kind, writer)
    for what in answers:
        _send_back(connection, challenge, Send(what, to), submission_id, at)
    if outcome in (Outcome.ACCEPTED, Outcome.WARNED):
        _accept(connection, challenge, cycle, kind, submission_id, reading, at, received_at)


def answered_to(connection: Transaction, challenge: Challenge, kind: Kind, writer: Party | None) -> Role:
    """The role that gets the answer about a document: its writer's, or the office's.

    An answer tells what is in the document. So where it is another's than the present holder's, the
    office passes it on.
    """
    role = SENT_BY[kind]
    found = rights.load_challenge(connection, challenge.cycle_id, challenge.author_id)
    is_holders = found is not None and writer is not None and writer == found[1].party(role)
    return role if is_holders else Role.OFFICE


def _is_several(reading: Reading) -> bool:
    """Whether several forms came at once: there is then no one file to write comments in."""
    return any(finding.code == "open.zip_of_many" for finding in reading.findings)


def _send_back(
    connection: Transaction, challenge: Challenge, what: Send, submission_id: int, at: datetime
) -> None:
    challenges.send(
        connection,
        challenge,
        what,
        at=at,
        suffix=_version(connection, submission_id),
        parameters={"submission": submission_id},
    )


def _version(connection: Transaction, submission_id: int) -> str:
    submission = submissions.load_submission(connection, submission_id)
    return f"{submission.kind}-{submission.version}"


def _accept(
    connection: Transaction,
    challenge: Challenge,
    cycle: Cycle,
    kind: Kind,
    submission_id: int,
    reading: Reading,
    at: datetime,
    received_at: datetime,
) -> None:
    arrived = _ARRIVED.get(kind)
    if arrived and (getattr(challenge, arrived) is None or cycle.rules.resubmission_restarts_clock):
        challenges.note_dates(connection, cycle, challenge.id, **{arrived: received_at})
    if kind is Kind.CHAIR_RECORD:
        _event_was_held(connection, challenge, cycle, reading, at)
    trigger = ACCEPTED.get(kind)
    moved = trigger is not None and challenges.move(connection, challenge.id, trigger, cycle, at=at)
    if not moved:
        _later_version(connection, challenge, kind, submission_id, at)


def _event_was_held(
    connection: Transaction, challenge: Challenge, cycle: Cycle, reading: Reading, at: datetime
) -> None:
    """A Chair's record says that the event took place, whatever the calendar had."""
    held_on = read_day(reading.particulars.get("held_on", "")) or challenge.event_on
    challenges.move(connection, challenge.id, Trigger.EVENT_DAY_PASSED, cycle, at=at, event_held_on=held_on)
    challenges.note_dates(connection, cycle, challenge.id, event_held_on=held_on)


def _later_version(
    connection: Transaction, challenge: Challenge, kind: Kind, submission_id: int, at: datetime
) -> None:
    """Pass on a later version of a document whose earlier one has been passed on."""
    sends = renews(kind, challenge.stage)
    if not sends:
        return
    for what in sends:
        challenges.send(connection, challenge, what, at=at, suffix=_version(connection, submission_id))
    journal.append(
        connection,
        "later version passed on",
        at=at,
        cycle_id=challenge.cycle_id,
        challenge_id=challenge.id,
        kind=kind.value,
        submission=submission_id,
    )
