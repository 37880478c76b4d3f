"""The office decides about a file that came with a form: it goes to the challenger, or it does not."""

from datetime import datetime

from peer_challenge.errors import WrongUse
from peer_challenge.evidence.refusals import Refusal
from peer_challenge.model.reasons import read_reason
from peer_challenge.model.vocabulary import DispatchKind
from peer_challenge.register import evidence, journal, outbox
from peer_challenge.register.database import Transaction
from peer_challenge.register.evidence import EvidenceFile
from peer_challenge.register.records import DispatchState, Submission

_CAN_BE_PASSED_ON = (Refusal.IDENTIFYING, Refusal.WITHHELD)
"""Reasons that somebody who has read the file can overrule: all others are about the file itself."""


def can_be_passed_on(file: EvidenceFile) -> bool:
    """Whether the office can let a file go that does not go by itself."""
    return file.copy_sha256 is not None and file.refusal in _CAN_BE_PASSED_ON


def decide_about_file(
    connection: Transaction,
    file: EvidenceFile,
    submission: Submission,
    written_reason: str,
    *,
    is_passed_on: bool,
    at: datetime,
    actor: str,
) -> None:
    """Record that a file goes to the challenger, or does not; the next advance does what follows.

    Raises WrongUse without a reason, for a file that can't be passed on, and for one that has gone already.
    """
    reason = read_reason(written_reason)
    if is_passed_on and not can_be_passed_on(file):
        raise WrongUse("This file can't be passed on.", remedy="The area can send it again, corrected.")
    if not is_passed_on and not file.may_go:
        raise WrongUse("This file is not passed on as it is.", remedy="You do not need to do anything.")
    if not is_passed_on and has_gone(connection, file):
        raise WrongUse(
            "This file has gone to the challenger already.", remedy="Ask the challenger to delete it."
        )
    refusal = None if is_passed_on else Refusal.WITHHELD.value
    evidence.decide_file(connection, file.id, refusal, at=at, actor=actor)
    journal.append_entry(
        connection,
        "evidence passed on" if is_passed_on else "evidence withheld",
        at=at,
        actor=actor,
        cycle_id=submission.cycle_id,
        challenge_id=file.challenge_id,
        submission=file.submission_id,
        file=file.id,
        reason=reason,
    )


def has_gone(connection: Transaction, file: EvidenceFile) -> bool:
    """Whether a file is in somebody's folder of the outbox, or on its way there."""
    gone = outbox.list_of_kind(connection, file.challenge_id, DispatchKind.EVIDENCE)
    return any(
        one.parameters.get("evidence") == file.id
        for one in gone
        if one.state in (DispatchState.PLACING, DispatchState.ISSUED)
    )
