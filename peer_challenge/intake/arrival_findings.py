"""Findings about how a document arrived: out of turn, late, as a copy, or by another way than before.

A file in the inbox folder does not say who put it there. A file that was sent in through the page does. An
email says whom it is from, for all that it is worth.
"""

from dataclasses import replace
from datetime import datetime

from peer_challenge.clock import local_day
from peer_challenge.intake.conflict_copies import is_conflict_copy
from peer_challenge.intake.emails.sent_day import SENT_DAY
from peer_challenge.intake.emails.unexpected_sender import OTHER_PARTNER, OTHER_SENDER
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.days_in_words import day_in_words
from peer_challenge.model.findings import Finding
from peer_challenge.model.journey import ASKED_AGAIN, DUE_BY, can_receive
from peer_challenge.model.vocabulary import KIND_NAMES, Kind, Severity
from peer_challenge.register import challenges, outbox, received_emails, submissions, uploads
from peer_challenge.register.database import Transaction
from peer_challenge.register.records import Challenge, Submission
from peer_challenge.register.submissions import Arrived
from peer_challenge.word.form.forms import OF_CORRECTIONS
from peer_challenge.word.reader_findings import Code

OUT_OF_TURN = Code(
    "intake.out_of_turn",
    Severity.REJECT,
    "We cannot take in this {what} now: it is too early or too late for it.",
    "If you meant to send another form, send that one. "
    "If we have to take in this {what}, ask the programme office.",
)
NOBODYS = Code(
    "intake.nobodys",
    Severity.REJECT,
    "It can't be told which area and which open cycle this document belongs to.",
    "Send the form of the present cycle. Ask the programme office for it if you don't have it.",
)
LATE = Code(
    "intake.late",
    Severity.WARN,
    "This {what} was due on {due} and reached us on {came}. We can still use it.",
    "If another form may be late, please tell us as soon as you know.",
)
_LATE_AND_LAST = replace(LATE, remedy="You do not need to do anything.")
OTHER_WAY = Code(
    "intake.other_way",
    Severity.WARN,
    "A new version of this {what} arrived on {came}. It was {how}; the version before was {how_before}.",
    "If this was not you, tell the programme office at once.",
)
IDENTIFIED = Code(
    "intake.identified",
    Severity.WARN,
    "It was not certain whose this {what} is. The programme office decided that it is yours.",
    "If it is not yours, tell the programme office at once.",
)
CONFLICT_COPY = Code(
    "intake.conflict_copy",
    Severity.QUERY,
    "A second copy of this {what} came on the same day. It differs from the first, and its name is like "
    "those that programs give to copies. We go on using the first.",
    "Compare the two files. If the second counts, save it in Word under another name and send it again. "
    "If the first counts, you do not need to do anything.",
)
OLDER_VERSION = Code(
    "intake.older_version",
    Severity.QUERY,
    "This {what} was sent on {sent}. The version that we use was sent later, on {sent_later}. "
    "We go on using the later one.",
    "If this earlier version counts, send it again in a new email. If not, you do not need to do anything.",
)
WHICH_REVIEW = Code(
    "intake.which_review",
    Severity.QUERY,
    "We can't tell which review this {what} is for.",
    "Please fill in the form that we sent you for the review, and send that. It says at the top which review "
    "it is for. Keep that line.",
)
EARLIER_REVIEW = Code(
    "intake.earlier_review",
    Severity.QUERY,
    "This is the {what} for review {review}, which we have already. We now wait for the one for review "
    "{awaited}.",
    "If you meant it for review {awaited}, copy your words into the form for review {awaited} and send that. "
    "If it corrects what you sent for review {review}, please send this file again: we then use it.",
)
CODES = (
    OUT_OF_TURN,
    NOBODYS,
    LATE,
    OTHER_WAY,
    IDENTIFIED,
    CONFLICT_COPY,
    OLDER_VERSION,
    WHICH_REVIEW,
    EARLIER_REVIEW,
    SENT_DAY,
    OTHER_SENDER,
    OTHER_PARTNER,
)


def find_out_of_turn(challenge: Challenge, kind: Kind) -> tuple[Finding, ...]:
    """The finding that a challenge takes in no document of this kind at its stage; empty where it does.

    The finding does not name the stage: the sender may not have been told of it yet.
    """
    return () if can_receive(kind, challenge.stage) else (_make_finding(OUT_OF_TURN, kind),)


def make_no_place_finding() -> tuple[Finding, ...]:
    """The finding that a document belongs to no challenge.

    Judging leaves it out where another finding rejects the document.
    """
    return (Finding(NOBODYS.code, NOBODYS.severity, NOBODYS.message, NOBODYS.remedy),)


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
    code = _LATE_AND_LAST if review and review == last_review else LATE
    return (_make_finding(code, kind, due=day_in_words(due), came=day_in_words(came)),)


def find_other_way(
    connection: Transaction,
    before: Submission | None,
    kind: Kind,
    arrived: Arrived,
    cycle: Cycle,
    *,
    sender: str = "",
) -> tuple[Finding, ...]:
    """The finding that a new version came by another way or sender than the one `before`; else empty.

    `sender` is the address that its email says it is from. The finding tells the contacts of the document's
    owner, so that nobody can replace a document unnoticed.
    """
    if before is None:
        return ()
    is_same_way = (before.source, before.uploaded_by) == (arrived.source, arrived.uploaded_by)
    is_email = arrived.source == submissions.EMAIL
    if is_same_way and not (is_email and sender != _load_sender(connection, before)):
        return ()
    how = _describe_way_sent(connection, arrived.source, arrived.uploaded_by, cycle)
    how_before = _describe_way_sent(connection, before.source, before.uploaded_by, cycle)
    if how == how_before:
        how_before = "sent from another address" if is_email else "sent in by somebody else of them"
    came = day_in_words(local_day(arrived.received_at))
    return (_make_finding(OTHER_WAY, kind, came=came, how=how, how_before=how_before),)


def _load_sender(connection: Transaction, row: Submission) -> str:
    email = received_emails.load_email_of(connection, row.id)
    return "" if email is None else email.said.sender


def _describe_way_sent(connection: Transaction, source: str, uploaded_by: int | None, cycle: Cycle) -> str:
    """By which way and in which role a document was sent in; nobody's name."""
    person = uploads.find_person_by_id(connection, uploaded_by) if uploaded_by is not None else None
    if source == submissions.PAPER:
        return "sent on paper, and put into a form by the programme office"
    if source == submissions.EMAIL:
        return "sent by email"
    if source == submissions.FOLDER or person is None:
        return "put into the shared folder"
    if person.is_office:
        return "sent in through the page by the programme office"
    area = cycle.participant.get(person.participant_id or "")
    return f"sent in through the page by {f'a contact of {area.name}' if area else 'a Chair'}"


def find_conflict_copy(
    connection: Transaction,
    challenge: Challenge,
    kind: Kind,
    arrived: Arrived,
    sha256: str,
    review: int = 0,
) -> tuple[Finding, ...]:
    """The question whether a second copy of the version in force counts, by the names of both; else empty.

    A sync program that finds two versions of a file keeps both, one under another name: the later one to
    arrive is not the later one to be written.
    """
    current = submissions.find_current_version(connection, challenge.id, kind, review)
    if current is None or current.sha256 == sha256:
        return ()
    taken_in_at = arrived.taken_in_at or arrived.received_at
    is_same_day = local_day(current.taken_in_at) == local_day(taken_in_at)
    if not is_same_day or not is_conflict_copy(arrived.file_name, current.file_name):
        return ()
    return (_make_finding(CONFLICT_COPY, kind),)


def find_older_version(
    connection: Transaction,
    challenge: Challenge,
    kind: Kind,
    arrived: Arrived,
    sha256: str,
    review: int = 0,
) -> tuple[Finding, ...]:
    """The question whether a version counts that was sent before the one in force was; else empty.

    Emails are filed in any order: the one that is dropped into the inbox last need not be the last one sent.
    """
    current = submissions.find_current_version(connection, challenge.id, kind, review)
    is_sent_earlier = arrived.taken_in_at is not None and arrived.received_at < arrived.taken_in_at
    if current is None or current.sha256 == sha256 or not is_sent_earlier:
        return ()
    is_known_when = current.received_at < current.taken_in_at  # its email said so, credibly
    if not is_known_when or current.received_at <= arrived.received_at:
        return ()
    sent, sent_later = (
        day_in_words(local_day(moment)) for moment in (arrived.received_at, current.received_at)
    )
    return (_make_finding(OLDER_VERSION, kind, sent=sent, sent_later=sent_later),)


def find_unclear_review(kind: Kind, *, is_clear: bool) -> tuple[Finding, ...]:
    """The question which review a progress report is for; empty where that is clear."""
    return () if is_clear else (_make_finding(WHICH_REVIEW, kind),)


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
    return (_make_finding(EARLIER_REVIEW, kind, review=str(review), awaited=str(awaited)),)


def make_identified_finding(kind: Kind) -> Finding:
    """The finding that the office decided whose a document is."""
    return _make_finding(IDENTIFIED, kind)


def _make_finding(code: Code, kind: Kind, **gaps: str) -> Finding:
    gaps["what"] = KIND_NAMES[Kind.CORRECTIONS if kind in OF_CORRECTIONS else kind]
    return Finding(code.code, code.severity, code.message.format(**gaps), code.remedy.format(**gaps))
