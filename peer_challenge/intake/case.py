"""The case of a document: whose it is, where it belongs and what it is checked against.

A case is opened before the document is checked, which takes a while. When the document is recorded, the case
is worked out again only if something has happened in the register since.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd

from peer_challenge.intake.arrival_findings import OUT_OF_TURN, make_arrival_finding, make_no_place_finding
from peer_challenge.intake.came_another_way import find_other_way
from peer_challenge.intake.emails.email_forms import EmailOrigin
from peer_challenge.intake.emails.sender_of_form import (
    choose_message,
    list_office_addresses,
    list_verified_senders,
)
from peer_challenge.intake.emails.unexpected_sender import find_other_sender
from peer_challenge.intake.late_or_out_of_turn import (
    find_earlier_review,
    find_late_arrival,
    find_out_of_turn,
    find_unclear_review,
)
from peer_challenge.intake.which_version_counts import find_conflict_copy, find_older_version
from peer_challenge.model.access import Person
from peer_challenge.model.challenge_ids import make_challenge_id
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.decisions import AcceptedFinding
from peer_challenge.model.findings import Finding
from peer_challenge.model.framework import Framework
from peer_challenge.model.kinds_of_submission import ASKED_AGAIN
from peer_challenge.model.vocabulary import DeadlineName, Kind
from peer_challenge.model.whose_document import Decision, decide_identity
from peer_challenge.register import (
    challenges,
    decisions,
    evidence,
    frames,
    listings,
    outbox,
    submissions,
    uploads,
)
from peer_challenge.register.cycles import is_cycle_stored, load_stored
from peer_challenge.register.database import Transaction
from peer_challenge.register.records import Challenge
from peer_challenge.register.submissions import Arrived
from peer_challenge.register.who_holds_a_role import RegisterRoles
from peer_challenge.submissions import checking_process
from peer_challenge.submissions.checked_against import SubmissionContext
from peer_challenge.submissions.judge import Verdict, judge_document
from peer_challenge.submissions.ratings_told_to_office import find_told_ratings, tell_ratings
from peer_challenge.word.answers.identity_evidence import is_doubtful, with_decision
from peer_challenge.word.answers.reading import Reading


@dataclass(frozen=True, slots=True)
class Place:
    """Where a document belongs in the register: cycle, framework and challenge, as far as they are known.

    `is_doubtful` says that the office has to decide whose it is before it can have a place.
    """

    cycle_id: str | None = None
    cycle: Cycle | None = None
    framework: Framework | None = None
    challenge: Challenge | None = None
    is_doubtful: bool = False

    @property
    def challenge_id(self) -> str | None:
        """The challenge's id, where one is known."""
        return self.challenge.id if self.challenge else None


@dataclass(frozen=True, slots=True)
class Case:
    """One document with everything that the register knew about it when the case was opened.

    `reading` says whose it is by all the evidence. `decision` is None for a document that is no form, and
    for a form whose owner the office has named. `context` is None where it belongs to no challenge. `pulse`
    is the number of the register's last event at that time. `origin` is the email that it came in, if it did.
    `is_review_clear` says that it is known which review a progress report is for. `version` is the version
    that it is already, where it is judged again.
    """

    reading: Reading
    decision: Decision | None
    place: Place
    context: SubmissionContext | None
    pulse: int
    origin: EmailOrigin | None = None
    is_review_clear: bool = True
    version: int | None = None


def open_case(
    connection: Transaction,
    reading: Reading,
    origin: EmailOrigin | None = None,
    *,
    version: int | None = None,
    without: int | None = None,
) -> Case:
    """The case of a document that has been read: whose it is, its place, and what to check it against.

    `version` is the version that it is already, where it is judged again. `without` is the id of a decision
    of the office that does not count any more. Ratings that the area told the office are in the reading.
    """
    reading, decision = _identify_document(connection, reading, origin)
    place = _find_register_place(connection, reading)
    reading, is_clear = _settle_review(connection, place, reading)
    accepted = _list_accepted(connection, place, reading.kind, without=without)
    reading = tell_ratings(reading, find_told_ratings(reading, accepted))
    context = _build_context(connection, place, reading.kind, version)
    pulse = listings.read_newest_sequence(connection)
    return Case(reading, decision, place, context, pulse, origin, is_clear, version)


def refresh_case(connection: Transaction, case: Case) -> Case:
    """The case as it is now. It is worked out again where something has happened in the register since.

    The context that it was checked against stays. Doubts stay too: see apply_decision.
    """
    pulse = listings.read_newest_sequence(connection)
    if pulse == case.pulse:
        return case
    reading, decision = _identify_document(connection, case.reading, case.origin)
    place, is_clear = _find_register_place(connection, reading), case.is_review_clear
    if is_clear:
        reading, is_clear = _settle_review(connection, place, reading)
    return replace(
        case, reading=reading, decision=decision, place=place, pulse=pulse, is_review_clear=is_clear
    )


def _settle_review(connection: Transaction, place: Place, reading: Reading) -> tuple[Reading, bool]:
    """A document with the review that it is for, and whether that is clear; 0 for what is for none.

    What says nothing is for the one review that was asked for. Where there are several, or it names one that
    was not asked for, it is kept as of the review that comes next, with a question, and counts for nothing.
    """
    if reading.kind not in ASKED_AGAIN:
        return replace(reading, review=0), True
    if place.challenge is None:
        return reading, True
    asked = outbox.list_reviews_asked_for(connection, place.challenge.id)
    if reading.review in asked:
        return reading, True
    if not reading.review and len(asked) == 1:
        return replace(reading, review=asked[0]), True
    return replace(reading, review=place.challenge.last_review + 1), False


def check_cases(cases: Sequence[Case]) -> list[list[Finding]]:
    """The findings of the checks on each document, in the order of `cases` (checking_process.run_suites)."""
    readings = {str(number): case.reading for number, case in enumerate(cases)}
    contexts = {str(number): case.context for number, case in enumerate(cases) if case.context}
    return [*checking_process.run_suites(readings, contexts).values()]


def judge_arrival(
    connection: Transaction,
    case: Case,
    checked: Sequence[Finding],
    arrived: Arrived,
    *,
    further: Sequence[Finding] = (),
    came_out_of_turn: bool | None = None,
) -> Verdict:
    """The verdict on a document that came: on its content, on whether it is its turn, and on how it came.

    `checked` are the rules that it breaks, `further` are more findings about its arrival. `came_out_of_turn`
    says whether it came out of turn, where that is known already; None: its challenge's stage says so.
    """
    arrival = (
        *_find_place_problems(case, came_out_of_turn),
        *_find_arrival_problems(connection, case, arrived),
        *further,
    )
    arrival = (*arrival, *_find_sender_problems(connection, case))
    accepted = _list_accepted(connection, case.place, case.reading.kind)
    return judge_document(case.reading, case.context, checked, arrival, accepted)


def _list_accepted(
    connection: Transaction, place: Place, kind: Kind | None, *, without: int | None = None
) -> tuple[AcceptedFinding, ...]:
    """What the office has accepted as it is, in this document or in an earlier version of it."""
    if place.challenge is None or kind is None:
        return ()
    return decisions.list_accepted_findings(connection, place.challenge.id, kind, without=without)


def list_uploaders(connection: Transaction, sha256: str, origin: EmailOrigin | None) -> tuple[Person, ...]:
    """Everybody who sent a document in through the page, by itself or in the email that it came in."""
    alone = uploads.uploaders_of(connection, sha256)
    in_email = uploads.uploaders_of(connection, origin.sha256) if origin is not None else ()
    return tuple(dict.fromkeys((*alone, *in_email)))


def _identify_document(
    connection: Transaction, reading: Reading, origin: EmailOrigin | None
) -> tuple[Reading, Decision | None]:
    """Decide whose a document is by all the evidence that there is now.

    What an email says of its sender is none, unless the office's own mail server has checked it.
    """
    if reading.evidence is None:
        return reading, None
    senders = list_uploaders(connection, reading.sha256, origin)
    if origin is not None:
        senders = (*senders, *list_verified_senders(connection, origin.sha256))
    decision = decide_identity(reading.evidence, senders, RegisterRoles(connection))
    return with_decision(reading, decision), decision


def _find_register_place(connection: Transaction, reading: Reading) -> Place:
    """The challenge that a document belongs to. One of which it is doubtful whose it is has no place yet."""
    has_cycle = reading.cycle is not None and is_cycle_stored(connection, reading.cycle)
    if is_doubtful(reading.findings):
        return Place(reading.cycle if has_cycle else None, is_doubtful=True)
    if reading.cycle is None or not has_cycle:
        return Place()
    cycle, framework = load_stored(connection, reading.cycle)
    which = make_challenge_id(cycle.id, reading.participant or "")
    return Place(cycle.id, cycle, framework, challenges.find_challenge(connection, which))


def _find_place_problems(case: Case, came_out_of_turn: bool | None) -> tuple[Finding, ...]:
    """What is wrong with where a document belongs: it has no place, or its time was another.

    One that has none is rejected: there is nobody whom a question could be sent to.
    """
    if case.place.is_doubtful:
        return ()
    if case.place.challenge is None or case.reading.kind is None:
        return make_no_place_finding()
    if came_out_of_turn is None:
        return find_out_of_turn(case.place.challenge, case.reading.kind)
    return (make_arrival_finding(OUT_OF_TURN, case.reading.kind),) if came_out_of_turn else ()


def _find_arrival_problems(connection: Transaction, case: Case, arrived: Arrived) -> tuple[Finding, ...]:
    """What is found of how a document came; the cycle's settings can leave out that it is late."""
    challenge, cycle, kind = case.place.challenge, case.place.cycle, case.reading.kind
    if challenge is None or cycle is None or kind is None:
        return ()
    review, sha256 = case.reading.review, case.reading.sha256
    before = submissions.last_not_rejected(connection, challenge.id, kind, review, before=case.version)
    version = (connection, challenge, kind, arrived, sha256, review)
    received_at = arrived.received_at
    return (
        *find_late_arrival(
            connection, challenge, kind, received_at, before, review, len(cycle.rules.review_months)
        ),
        *find_other_way(connection, before, kind, arrived, cycle, sender=_find_sender(connection, case)),
        *find_conflict_copy(*version),
        *find_older_version(*version),
        *find_unclear_review(kind, is_clear=case.is_review_clear),
        *find_earlier_review(connection, challenge, kind, review, sha256),
    )


def _find_sender_problems(connection: Transaction, case: Case) -> tuple[Finding, ...]:
    """What is found of the address that an email says it is from."""
    challenge, cycle, kind = case.place.challenge, case.place.cycle, case.reading.kind
    if case.origin is None or challenge is None or cycle is None or kind is None:
        return ()
    office = list_office_addresses(connection, cycle)
    return find_other_sender(cycle, challenge, kind, choose_message(case.origin, office), office)


def _find_sender(connection: Transaction, case: Case) -> str:
    """The address that a document's email says it is from; empty where it came in none, or says none."""
    if case.origin is None:
        return ""
    return choose_message(case.origin, list_office_addresses(connection, case.place.cycle)).sender


def _build_context(
    connection: Transaction, place: Place, kind: Kind | None, version: int | None
) -> SubmissionContext | None:
    """What a document is checked against, or None when it belongs to no challenge."""
    if place.cycle is None or place.framework is None or place.challenge is None:
        return None
    due = challenges.due_dates(connection, place.challenge.id)
    return SubmissionContext(
        cycle=place.cycle,
        framework=place.framework,
        participant=place.cycle.participant[place.challenge.author_id],
        challenger=place.cycle.participant.get(place.challenge.challenger_id or ""),
        chair=place.cycle.chair.get(place.challenge.chair_id or ""),
        authors_rows=_read_current_rows(connection, place.challenge, Kind.SELF_ASSESSMENT),
        analysis_rows=_read_current_rows(connection, place.challenge, Kind.ANALYSIS),
        agreed_items=_read_agreed_items(connection, place.challenge),
        planned_actions=_read_current_rows(connection, place.challenge, Kind.ACTION_PLAN)
        if kind is Kind.PROGRESS_REPORT
        else None,
        event_on=place.challenge.event_held_on or place.challenge.event_on,
        event_by=due.get(DeadlineName.EVENT_BY),
        last_rows=_read_last_rows(connection, place.challenge, kind, version),
        attachments=tuple(one.name for one in evidence.list_of_challenge(connection, place.challenge.id)),
    )


def _read_current_rows(connection: Transaction, challenge: Challenge, kind: Kind) -> pd.DataFrame | None:
    row = submissions.find_current_version(connection, challenge.id, kind)
    return None if row is None else frames.read_submission_rows(connection, kind, row.id)


def _read_agreed_items(connection: Transaction, challenge: Challenge) -> pd.DataFrame | None:
    """What both areas agreed, as the Chair recorded it: what they did not agree needs no action."""
    row = submissions.find_current_version(connection, challenge.id, Kind.CHAIR_RECORD)
    if row is None:
        return None
    items = frames.recorded_items_of(connection, row.id)
    return items[items["is_agreed"].astype(bool)]


def _read_last_rows(
    connection: Transaction, challenge: Challenge, kind: Kind | None, version: int | None
) -> pd.DataFrame | None:
    """The rows of the self-assessment that came last before this one, whatever became of it."""
    if kind is not Kind.SELF_ASSESSMENT:
        return None
    version = version or submissions.next_version(connection, challenge.id, kind)
    row = submissions.find_previous_version(connection, challenge.id, kind, version)
    return None if row is None else frames.read_submission_rows(connection, kind, row.id)
