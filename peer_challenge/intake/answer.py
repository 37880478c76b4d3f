"""What a submission's arrival causes: what goes back to its writer, and how the challenge moves on."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from peer_challenge.intake.case import Place
from peer_challenge.model.access import Party
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.journey import ACCEPTED, SENT_BY, Send, Trigger, renews
from peer_challenge.model.vocabulary import DispatchKind, Kind, Outcome, Role
from peer_challenge.register import challenges, journal, rights, submissions
from peer_challenge.register.database import Transaction
from peer_challenge.register.records import Challenge
from peer_challenge.submissions.judge import Verdict, is_several_forms
from peer_challenge.word.answers.days import read_day
from peer_challenge.word.answers.locate_cells import CellPlaces
from peer_challenge.word.answers.reading import Reading

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


def answer(
    connection: Transaction,
    place: Place,
    reading: Reading,
    submission_id: int,
    verdict: Verdict,
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
    answers = (DispatchKind.QUERY_LETTER,) if is_several_forms(reading) else _ANSWER[verdict.outcome]
    to = answered_to(connection, challenge, kind, writer)
    for what in answers:
        parameters: dict[str, Any] = {"submission": submission_id}
        if what is DispatchKind.FIX_IT_COPY:
            parameters["places"] = _places_of(reading, verdict).as_dict()
        _send_back(connection, challenge, Send(what, to), parameters, at)
    if verdict.outcome in (Outcome.ACCEPTED, Outcome.WARNED):
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


def _places_of(reading: Reading, verdict: Verdict) -> CellPlaces:
    """Where in the document the answers stand that anything was found of."""
    places = CellPlaces(reading.main_part, reading.places)
    return places.of_rows({finding.subheading or "" for finding in verdict.findings})


def _send_back(
    connection: Transaction, challenge: Challenge, what: Send, parameters: Mapping[str, Any], at: datetime
) -> None:
    challenges.send(
        connection,
        challenge,
        what,
        at=at,
        suffix=_version(connection, parameters["submission"]),
        parameters=parameters,
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
