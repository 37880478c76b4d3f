"""Whether a document comes late, out of turn, or for another review than the one that is asked for."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from peer_challenge.clock import local_day
from peer_challenge.intake.arrival_findings import (
    CORRECTIONS_LATE,
    EARLIER_REVIEW,
    LATE,
    OUT_OF_TURN,
    QUESTIONS_LATE,
    WHICH_REVIEW,
    make_arrival_finding,
)
from peer_challenge.model.days_in_words import day_in_words
from peer_challenge.model.findings import Finding
from peer_challenge.model.journey import can_receive
from peer_challenge.model.kinds_of_submission import ASKED_AGAIN, DUE_BY
from peer_challenge.model.vocabulary import Kind, Severity
from peer_challenge.register import challenges, listings, outbox, submissions
from peer_challenge.register.database import Transaction
from peer_challenge.register.records import Challenge, Submission
from peer_challenge.word.form.forms import OF_CORRECTIONS

_LATE_AND_LAST = replace(LATE, remedy="You do not need to do anything.")
_LATE_OF_KIND = {
    Kind.ANALYSIS: QUESTIONS_LATE,
    Kind.CHAIR_RECORD: _LATE_AND_LAST,  # of this event: for most Chairs the only one
    **dict.fromkeys(OF_CORRECTIONS, CORRECTIONS_LATE),
}


def find_out_of_turn(challenge: Challenge, kind: Kind) -> tuple[Finding, ...]:
    """The finding that a challenge takes in no document of this kind at its stage; empty where it does.

    The finding does not name the stage: the sender may not have been told of it yet.
    """
    return () if can_receive(kind, challenge.stage) else (make_arrival_finding(OUT_OF_TURN, kind),)


def read_known_turn(findings: Iterable[Finding]) -> bool | None:
    """Whether a document that was judged before came out of turn, by what was found of it then.

    None where it was rejected as out of turn: its turn may have come since, so its challenge's stage is asked
    again. Everything else keeps its answer. What came in its turn is not out of turn because the challenge
    has moved on. What the office took in out of turn has to be known as that when its turn comes.
    """
    found = next((finding for finding in findings if finding.code == OUT_OF_TURN.code), None)
    if found is None:
        return False
    return None if found.severity is Severity.REJECT else True


def read_turn_of_held(
    connection: Transaction, challenge: Challenge | None, kind: Kind | None, submission_id: int
) -> bool | None:
    """Whether a held document came out of turn, where its challenge took it in when it came: then False.

    None where it did not: its turn may have come since, so its challenge's stage is asked.
    """
    if challenge is None or kind is None:
        return None
    stage = listings.find_stage_when_held(connection, challenge.id, submission_id)
    return False if stage is not None and can_receive(kind, stage) else None


def find_late_arrival(
    connection: Transaction,
    challenge: Challenge,
    kind: Kind,
    at: datetime,
    before: Submission | None,
    review: int = 0,
    last_review: int = 0,
) -> tuple[Finding, ...]:
    """The finding that a document received at `at` came after its due day; empty where it did not.

    A document that corrects an earlier version, `before`, is not late, nor is one that is not the next to
    come. After the report for the `last_review` no other form is asked for.
    """
    due, came = challenges.due_dates(connection, challenge.id).get(DUE_BY[kind]), local_day(at)
    is_awaited = review in (0, challenge.last_review + 1)
    if due is None or came <= due or before is not None or not is_awaited:
        return ()
    code = _LATE_AND_LAST if review and review == last_review else _LATE_OF_KIND.get(kind, LATE)
    return (make_arrival_finding(code, kind, due=day_in_words(due), came=day_in_words(came)),)


def find_unclear_review(kind: Kind, *, is_clear: bool) -> tuple[Finding, ...]:
    """The question which review a progress report is for; empty where that is clear."""
    return () if is_clear else (make_arrival_finding(WHICH_REVIEW, kind),)


def find_earlier_review(
    connection: Transaction, challenge: Challenge, kind: Kind, review: int, sha256: str
) -> tuple[Finding, ...]:
    """The question whether a report for a review that is over is meant for the one that is asked for now.

    An area may fill in the form of the last review once more. To send one for that review again is an answer.
    """
    current = submissions.find_current_version(connection, challenge.id, kind, review)
    if kind not in ASKED_AGAIN or current is None or current.sha256 == sha256:
        return ()
    awaited = challenge.last_review + 1
    if review >= awaited or awaited not in outbox.list_reviews_asked_for(connection, challenge.id):
        return ()
    before = submissions.last_not_rejected(connection, challenge.id, kind, review)
    if before and EARLIER_REVIEW.code in submissions.find_which_counts(connection, before.id):
        return ()
    return (make_arrival_finding(EARLIER_REVIEW, kind, review=str(review), awaited=str(awaited)),)
