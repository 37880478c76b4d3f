"""What follows when a submission has arrived: the answer to its writer, and the challenge's next step."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from peer_challenge.intake.case import Place
from peer_challenge.model.access import Party
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.journey import SENT_UNCONFIRMED, Send, Trigger, find_trigger, list_sends_of_version
from peer_challenge.model.kinds_of_submission import ASKED_AGAIN, PASSES_ON, SENT_BY
from peer_challenge.model.vocabulary import (
    ACCEPTED_OUTCOMES,
    QUERY_KINDS,
    DispatchKind,
    Kind,
    Outcome,
    Role,
    Stage,
)
from peer_challenge.register import (
    access_facts,
    challenges,
    corrections,
    frames,
    journal,
    look_before_sending,
    outbox,
    submissions,
)
from peer_challenge.register.access_facts import Reach
from peer_challenge.register.database import Transaction
from peer_challenge.register.records import Challenge
from peer_challenge.submissions.judge import Verdict, is_several_forms
from peer_challenge.submissions.version_changes import changes_of_versions
from peer_challenge.word.answers.locate_cells import CellPlaces
from peer_challenge.word.answers.reading import Reading
from peer_challenge.word.answers.written_days import read_written_day
from peer_challenge.word.form.forms import OF_CORRECTIONS

_ANSWER = {
    Outcome.ACCEPTED: (DispatchKind.RECEIPT,),
    Outcome.WARNED: (DispatchKind.RECEIPT,),
    Outcome.QUERIED: QUERY_KINDS,
    Outcome.REJECTED: (DispatchKind.QUERY_LETTER,),
}
OF_THE_DRAFT = (
    "draft_issued_at",
    "challenger_draft_issued_at",
    "corrections_received_at",
    "challenger_corrections_received_at",
)
"""The dates of a challenge that are about the newest draft of its summary."""
ARRIVED_AT = {
    Kind.SELF_ASSESSMENT: "self_assessment_received_at",
    Kind.ANALYSIS: "analysis_completed_at",
    Kind.RESPONSE: "response_received_at",
    Kind.CORRECTIONS: "corrections_received_at",
    Kind.CHALLENGER_CORRECTIONS: "challenger_corrections_received_at",
    Kind.ACTION_PLAN: "action_plan_received_at",
}
"""The date of a challenge that the first accepted version of each kind of document gives it."""


def answer_submission(
    connection: Transaction,
    place: Place,
    reading: Reading,
    submission_id: int,
    verdict: Verdict,
    at: datetime,
    *,
    writer: Party | None,
    received_at: datetime,
    again: int = 0,
) -> None:
    """Intend at `at` the answers to the writer and, where the document is accepted, move the challenge on.

    Dates count from `received_at`, when the document came. `again` tells an answer from the earlier ones
    about the same version.
    """
    kind, challenge, cycle = reading.kind, place.challenge, place.cycle
    if kind is None or challenge is None or cycle is None:
        return
    send_answers(connection, challenge, kind, reading, submission_id, verdict, at, writer=writer, again=again)
    if verdict.outcome in ACCEPTED_OUTCOMES:
        _move_challenge_on(connection, challenge, cycle, kind, submission_id, reading, at, received_at)
    elif kind in SENT_UNCONFIRMED:
        _pass_on_unconfirmed(connection, challenge, kind, submission_id, at)


def send_answers(
    connection: Transaction,
    challenge: Challenge,
    kind: Kind,
    reading: Reading,
    submission_id: int,
    verdict: Verdict,
    at: datetime,
    *,
    writer: Party | None,
    again: int = 0,
) -> None:
    """Intend at `at` what tells the writer of a document what became of it: a receipt, or our questions."""
    answers = (DispatchKind.QUERY_LETTER,) if is_several_forms(reading) else _ANSWER[verdict.outcome]
    to = choose_answer_role(connection, challenge, kind, writer)
    for what in answers:
        parameters: dict[str, Any] = {"submission": submission_id, **_tell_review(reading.review)}
        if what is DispatchKind.FIX_IT_COPY:
            parameters["places"] = _find_answer_places(reading, verdict).as_dict()
        _send_back(connection, challenge, Send(what, to), parameters, at, again)


def _pass_on_unconfirmed(
    connection: Transaction, challenge: Challenge, kind: Kind, submission_id: int, at: datetime
) -> None:
    """Pass a document on before our questions about it are answered, where others may read it by then."""
    writer = Party(challenge.cycle_id, SENT_BY[kind], challenge.author_id)
    found = submissions.find_unconfirmed_version(connection, challenge.id, kind, writer=writer)
    if found is not None and found.id == submission_id:
        _pass_on_version(connection, challenge, kind, submission_id, at, found.review)


def _tell_review(review: int) -> dict[str, int]:
    """The parameter by which a dispatch says which review it is about; none where it is about none."""
    return {"review": review} if review else {}


def choose_answer_role(
    connection: Transaction, challenge: Challenge, kind: Kind, writer: Party | None
) -> Role:
    """The role that gets the answer about a document: its writer's role, or the office.

    An answer repeats what is in the document. So when the writer is not the present holder of the role, the
    office gets the answer and passes it on.
    """
    role = SENT_BY[kind]
    found = access_facts.load_challenge(connection, challenge.cycle_id, challenge.author_id, Reach.ISSUED)
    is_holders = found is not None and writer is not None and writer == found[1].party(role)
    return role if is_holders else Role.OFFICE


def _find_answer_places(reading: Reading, verdict: Verdict) -> CellPlaces:
    """Where in the document the answers stand that anything was found of."""
    places = CellPlaces(reading.main_part, reading.places)
    return places.of_rows({finding.subheading or "" for finding in verdict.findings})


def _send_back(
    connection: Transaction,
    challenge: Challenge,
    what: Send,
    parameters: Mapping[str, Any],
    at: datetime,
    again: int,
) -> None:
    version = _make_version_suffix(connection, parameters["submission"])
    challenges.intend_challenge_dispatch(
        connection,
        challenge,
        what,
        at=at,
        suffix=f"{version}-again-{again}" if again else version,
        parameters=parameters,
    )


def _make_version_suffix(connection: Transaction, submission_id: int) -> str:
    submission = submissions.load_submission(connection, submission_id)
    review = f"-{submission.review}" if submission.review else ""
    return f"{submission.kind}{review}-{submission.version}"


def _move_challenge_on(
    connection: Transaction,
    challenge: Challenge,
    cycle: Cycle,
    kind: Kind,
    submission_id: int,
    reading: Reading,
    at: datetime,
    received_at: datetime,
) -> None:
    arrived = ARRIVED_AT.get(kind)
    restarts = cycle.rules.resubmission_restarts_clock and kind is not Kind.ACTION_PLAN
    is_late = kind in OF_CORRECTIONS and corrections.is_of_older_draft(connection, submission_id)
    if arrived and not is_late and (getattr(challenge, arrived) is None or restarts):
        challenges.note_dates(connection, cycle, challenge.id, **{arrived: received_at})
    if kind is Kind.CHAIR_RECORD:
        _record_event_held(connection, challenge, cycle, reading, at)
    trigger = find_trigger(kind, is_checked=bool(cycle.rules.accuracy_days))
    if kind in ASKED_AGAIN:
        moved = _note_review(connection, challenge, cycle, reading.review, at)
    else:
        moved = trigger is not None and challenges.move_challenge_on(
            connection, challenge.id, trigger, cycle, at=at
        )
    if not moved and _pass_on_version(connection, challenge, kind, submission_id, at, reading.review):
        _ask_for_corrections_again(connection, challenge, cycle, kind)


def _ask_for_corrections_again(
    connection: Transaction, challenge: Challenge, cycle: Cycle, kind: Kind
) -> None:
    """Wait for both areas again, from when they are sent the draft of a later version of the record."""
    if kind is Kind.CHAIR_RECORD and challenge.stage is Stage.DRAFTED:
        challenges.note_dates(connection, cycle, challenge.id, **dict.fromkeys(OF_THE_DRAFT))


def _note_review(
    connection: Transaction, challenge: Challenge, cycle: Cycle, review: int, at: datetime
) -> bool:
    """Move a challenge on by the report for a review; returns False for a review that is over.

    An earlier review whose report never came is over as well: a later report says more.
    """
    if review <= challenge.last_review:
        return False
    is_last = review >= len(cycle.rules.review_months)
    return challenges.move_challenge_on(
        connection,
        challenge.id,
        Trigger.LAST_REPORT_ACCEPTED if is_last else Trigger.PROGRESS_REPORT_ACCEPTED,
        cycle,
        at=at,
        suffix=f"review-{review}",
        parameters=_tell_review(review),
        last_review=review,
    )


def _record_event_held(
    connection: Transaction, challenge: Challenge, cycle: Cycle, reading: Reading, at: datetime
) -> None:
    """A Chair's record says when the event was, whatever the calendar had; the journal has both days."""
    agreed_on = challenge.event_held_on or challenge.event_on
    held_on = read_written_day(reading.particulars.get("held_on", "")) or challenge.event_on
    if agreed_on is not None and held_on != agreed_on:
        journal.append_entry(
            connection,
            "event held on another day",
            at=at,
            cycle_id=cycle.id,
            challenge_id=challenge.id,
            agreed_on=agreed_on.isoformat(),
            held_on=held_on.isoformat() if held_on else None,
        )
    challenges.move_challenge_on(
        connection, challenge.id, Trigger.EVENT_DAY_PASSED, cycle, at=at, event_held_on=held_on
    )
    challenges.note_dates(connection, cycle, challenge.id, event_held_on=held_on)


def _pass_on_version(
    connection: Transaction, challenge: Challenge, kind: Kind, submission_id: int, at: datetime, review: int
) -> bool:
    """Pass on a version of a document to those who read it, where it says anything new to them.

    Returns whether it was passed on.

    What still waits to go out will be made of the later version: nobody gets two of it.
    """
    is_over = challenge.event is not None and challenge.event.ends_at <= at
    is_prepared = challenge.prepared_at is not None and not is_over
    sends = list_sends_of_version(kind, challenge.stage, is_prepared=is_prepared)
    if not sends:
        return False
    if _says_the_same(connection, challenge, kind, sends, submission_id, review):
        _note_later(connection, "later version says the same", challenge, kind, submission_id, at)
        return False
    for what in sends:
        to = challenges.find_recipient_id(connection, challenge, what.role)
        if outbox.is_intended(connection, challenge.id, what.kind, to=to, review=review):
            continue
        if look_before_sending.make_again(connection, challenge.id, what.kind, to=to):
            continue
        suffix = _make_version_suffix(connection, submission_id)
        if not submissions.load_submission(connection, submission_id).is_accepted:
            suffix += "-unconfirmed"  # the same version goes once more when it is settled
        challenges.intend_challenge_dispatch(
            connection, challenge, what, at=at, suffix=suffix, parameters=_tell_review(review)
        )
    _note_later(connection, "later version passed on", challenge, kind, submission_id, at)
    return True


def _says_the_same(
    connection: Transaction,
    challenge: Challenge,
    kind: Kind,
    sends: Sequence[Send],
    submission_id: int,
    review: int,
) -> bool:
    """Whether a version has the same answers as the one that was sent last, and is no more certain."""
    passes_on = [what for what in sends if kind in PASSES_ON.get(what.kind, ())]
    before = [_sent_version(connection, challenge, kind, what, review) for what in passes_on]
    if not before or None in before or _is_settled_by(connection, before, submission_id):
        return False
    after = frames.version_of(connection, kind, submission_id)
    return not any(
        changes_of_versions(frames.version_of(connection, kind, version), after)
        for version in before
        if version is not None
    )


def _is_settled_by(connection: Transaction, before: Sequence[int | None], submission_id: int) -> bool:
    """Whether a version settles what its readers have: they were sent one that was not accepted then."""
    is_accepted = submissions.load_submission(connection, submission_id).is_current
    return is_accepted and any(
        version == submission_id or not submissions.load_submission(connection, version).is_accepted
        for version in before
        if version is not None
    )


def _sent_version(
    connection: Transaction, challenge: Challenge, kind: Kind, what: Send, review: int
) -> int | None:
    """The version of a document that was passed on last, by number; None where none has been."""
    to = challenges.find_recipient_id(connection, challenge, what.role)
    earlier = outbox.load_last_issued(connection, challenge.id, what.kind, to=to, review=review)
    return outbox.sources_of(connection, earlier.id).get(kind) if earlier else None


def _note_later(
    connection: Transaction, event: str, challenge: Challenge, kind: Kind, submission_id: int, at: datetime
) -> None:
    journal.append_entry(
        connection,
        event,
        at=at,
        cycle_id=challenge.cycle_id,
        challenge_id=challenge.id,
        kind=kind.value,
        submission=submission_id,
    )
