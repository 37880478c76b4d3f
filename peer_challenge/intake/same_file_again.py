"""What counts as the same document sent again, and what happens with it: it has no second effect.

register/submissions.py finds it by its hash: `taken_in_before` says which documents may come once more.
"""

from datetime import datetime

from peer_challenge.intake import arrival_findings
from peer_challenge.intake.case import Case
from peer_challenge.intake.emails.record_email import record_email_again
from peer_challenge.intake.inbox import Arrival, Inbox
from peer_challenge.model.vocabulary import Outcome
from peer_challenge.register import journal, submissions
from peer_challenge.register.database import Register, Transaction
from peer_challenge.register.records import Submission
from peer_challenge.register.submissions import Arrived
from peer_challenge.submissions.judge import Verdict


def finish_repeat(register: Register, inbox: Inbox, arrival: Arrival, sha256: str, at: datetime) -> bool:
    """Finish a claimed file whose document was taken in before, without a second effect.

    Returns whether it was. One that was rejected is read again, for what it lacked may be there now.
    """
    if not note_repeat(register, sha256, None, at):
        return False
    inbox.finish(arrival)
    return True


def note_repeat(register: Register, sha256: str, case: Case | None, at: datetime) -> bool:
    """Record that a document arrived again, if it did; with the email that it came in this time."""
    with register.reading() as connection:
        before = submissions.taken_in_before(connection, sha256)
    if before is None:
        return False
    with register.writing() as connection:
        if case is None or record_email_again(connection, case, before.id, at):
            journal.append_entry(
                connection,
                "document arrived again",
                at=at,
                cycle_id=before.cycle_id,
                challenge_id=before.challenge_id,
                submission=before.id,
            )
    return True


def says_more_than(connection: Transaction, before: Submission, verdict: Verdict, arrived: Arrived) -> bool:
    """Whether the same document now leads to more than it did before, so that it is recorded again.

    It does where it was rejected before, and where we had asked whether it is the version that counts: but a
    copy that came under another's name, and comes once more under the same name, is no answer.
    """
    if before.outcome is Outcome.REJECTED:
        return verdict.outcome is not Outcome.REJECTED
    if any(finding.code in submissions.WHICH_COUNTS for finding in verdict.findings):
        return False
    asked = submissions.find_which_counts(connection, before.id)
    return bool(asked) and (
        asked != {arrival_findings.CONFLICT_COPY.code} or before.file_name != arrived.file_name
    )
