"""Whether it is in question which version of a document counts: the new one may be older, or only a copy."""

from peer_challenge.clock import local_day
from peer_challenge.intake.arrival_findings import CONFLICT_COPY, OLDER_VERSION, make_arrival_finding
from peer_challenge.intake.conflict_copies import is_conflict_copy
from peer_challenge.model.days_in_words import day_in_words
from peer_challenge.model.findings import Finding
from peer_challenge.model.vocabulary import Kind
from peer_challenge.register import submissions
from peer_challenge.register.database import Transaction
from peer_challenge.register.records import Challenge
from peer_challenge.register.submissions import Arrived


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
    return (make_arrival_finding(CONFLICT_COPY, kind),)


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
    return (make_arrival_finding(OLDER_VERSION, kind, sent=sent, sent_later=sent_later),)
