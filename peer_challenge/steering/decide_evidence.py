"""The office decides about a file that came with a form: it goes to the challenger, or it does not."""

from datetime import datetime

from peer_challenge.errors import WrongUse
from peer_challenge.evidence.refusal_words import Refusal
from peer_challenge.model.journey import can_send_evidence
from peer_challenge.model.reasons import read_reason
from peer_challenge.model.vocabulary import DispatchKind
from peer_challenge.register import challenges, evidence, journal, messages, outbox
from peer_challenge.register.database import Transaction
from peer_challenge.register.evidence import EvidenceFile
from peer_challenge.register.records import Submission

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

    A file that is withheld leaves the message that waits with it at once.
    Raises WrongUse without a reason, for a file that can't be passed on, for one that has gone already, and
    where the event is over.
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
    if is_passed_on:
        _check_can_still_go(connection, file)
    # its message goes, or has gone, without it
    outbox.note_left_out(connection, _list_dispatches(connection, file))
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
    """Whether the challenger has a file, or may have it: its message has gone, or is being sent.

    One that was withheld in time was left out of its message.
    """
    return file.refusal != Refusal.WITHHELD and bool(_list_gone(connection, file))


def list_messages_of(connection: Transaction, file: EvidenceFile) -> list[int]:
    """The numbers of the messages that a file was to go with, whatever has become of them."""
    found = (messages.find_message_of(connection, one) for one in _list_dispatches(connection, file))
    return [one.id for one in found if one is not None]


def _list_dispatches(connection: Transaction, file: EvidenceFile) -> list[int]:
    every = outbox.list_of_kind(connection, file.challenge_id, DispatchKind.EVIDENCE)
    return [one.id for one in every if one.parameters.get("evidence") == file.id]


def _list_gone(connection: Transaction, file: EvidenceFile) -> list[int]:
    gone = evidence.list_dispatches_gone(connection, file.challenge_id)
    return [one.id for one in gone if one.parameters.get("evidence") == file.id]


def _check_can_still_go(connection: Transaction, file: EvidenceFile) -> None:
    """Raises WrongUse where files of the challenge are not sent any more."""
    challenge = challenges.find_challenge(connection, file.challenge_id)
    if challenge is None or not can_send_evidence(challenge.stage):
        raise WrongUse(
            "Files of this challenge are not sent any more, as its event is over or it has ended.",
            remedy="If the challenger still needs it, open the copy here and send it yourself.",
        )
