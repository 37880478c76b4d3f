"""The day on which a form counts as received: when its email was sent, unless that cannot be right."""

from datetime import datetime, timedelta

from peer_challenge.clock import local_day
from peer_challenge.intake.emails.message_content import Envelope
from peer_challenge.model.days_in_words import day_in_words
from peer_challenge.model.findings import Finding
from peer_challenge.model.vocabulary import Kind, Severity
from peer_challenge.register.records import Challenge
from peer_challenge.word.reader_findings import Code

SENT_DAY = Code(
    "intake.sent_day",
    Severity.WARN,
    "{why} So we count the day on which we took it in: {came}.",
    "If you sent it earlier and that matters, tell us.",
)
_CLOCKS_DIFFER = timedelta(hours=1)
"""How far a sender's clock may be ahead of ours before what it says is no longer believed."""


def decide_received_at(
    said: Envelope, at: datetime, *, not_before: datetime | None = None
) -> tuple[datetime, tuple[Finding, ...]]:
    """When a form in an email counts as received, and the finding why it is not when the email says.

    `at` is when it is taken in. `not_before` is when its form went out, or its cycle opened: nobody can have
    sent it back earlier.
    """
    if not said.sent_at:
        return at, (_make_finding("The email does not say when it was sent.", at),)
    sent = datetime.fromisoformat(said.sent_at)
    if sent > at + _CLOCKS_DIFFER:
        return at, (
            _make_finding(f"The email says that it was sent on {_day(sent)}, which is in the future.", at),
        )
    if not_before is not None and local_day(sent) < local_day(not_before):
        why = f"The email says that it was sent on {_day(sent)}, which is before we sent the form."
        return at, (_make_finding(why, at),)
    return min(sent, at), ()


def find_earliest_day(
    challenge: Challenge | None, kind: Kind | None, opened_at: datetime | None
) -> datetime | None:
    """When a form can have been sent back at the earliest: when it went out, else when the cycle opened."""
    if challenge is None:
        return opened_at
    went_out = {
        Kind.ANALYSIS: challenge.pack_issued_at,
        Kind.RESPONSE: challenge.analysis_completed_at,
        Kind.ACTION_PLAN: challenge.summary_issued_at,
        Kind.PROGRESS_REPORT: challenge.action_plan_received_at,
    }
    return (went_out.get(kind) if kind else None) or opened_at


def _day(moment: datetime) -> str:
    return day_in_words(local_day(moment))


def _make_finding(why: str, at: datetime) -> Finding:
    return Finding(
        SENT_DAY.code, SENT_DAY.severity, SENT_DAY.message.format(why=why, came=_day(at)), SENT_DAY.remedy
    )
