"""Taking back what the office said of a held document: whose it is, or that it is nobody's.

It is possible until something that follows from it has been made or sent. The document is held again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from peer_challenge.clock import local_day
from peer_challenge.errors import WrongUse
from peer_challenge.intake.case import Case, refresh_case
from peer_challenge.intake.judge_again import judge_again
from peer_challenge.model.days_in_words import day_in_words
from peer_challenge.model.decisions import DecisionKind
from peer_challenge.model.findings import Finding
from peer_challenge.model.reasons import read_reason
from peer_challenge.model.sentences import capitalise_first_letter
from peer_challenge.register import (
    access_facts,
    challenges,
    decisions,
    evidence,
    held_documents,
    journal,
    submissions,
)
from peer_challenge.register.caused_dispatches import (
    check_none_has_gone,
    explain_too_late,
    list_caused,
    name_dispatches,
    take_back_decision,
)
from peer_challenge.register.cycles import load_stored
from peer_challenge.register.database import Register, Transaction
from peer_challenge.register.decisions import Decision
from peer_challenge.register.records import Challenge, Dispatch, Submission
from peer_challenge.settings import Settings
from peer_challenge.steering.reread_submission import reread_submission

_INSTEAD = "If it was wrong, write to those who had a letter about it, and have the right form sent in."


@dataclass(frozen=True, slots=True)
class Identification:
    """What the office said of a document, in words, and what follows from taking that back."""

    row: Submission
    decided: str
    told: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Made:
    """An identification with the challenge that it brought the document to; `new` is what it is to send."""

    decision: Decision
    challenge: Challenge
    new: Sequence[Dispatch]


def can_be_taken_back(connection: Transaction, row: Submission) -> bool:
    """Whether the office said whose a document is, or that it is nobody's, and can take that back."""
    if row.identified_at is None:
        return False
    try:
        _load_made(connection, row)
    except WrongUse:
        return False
    return True


def describe_undoing(connection: Transaction, submission_id: int) -> Identification:
    """What was said of a document, and what would follow from taking that back. Changes nothing.

    Raises WrongUse where it is not possible any more.
    """
    row = _load_identified(connection, submission_id)
    made = _load_made(connection, row)
    assert row.identified_at is not None
    what = f"it belongs to {_name_area(connection, made.challenge)}" if made else "it is nobody's"
    when = day_in_words(local_day(row.identified_at))
    told = ["It is held again. Nothing goes out about it until you say whose it is."]
    if made is not None:
        if made.new:
            told.append(f"{capitalise_first_letter(name_dispatches(list(made.new)))}: not sent.")
        before = str(made.decision.state_before["stage"])
        if before != made.challenge.stage.value:
            told.append(f"The challenge moves back from “{made.challenge.stage.value}” to “{before}”.")
        if former := _find_former(connection, row, made.decision):
            told.append(f"Version {former.version} is in force again.")
    return Identification(row, f"{row.identified_by} decided on {when} that {what}.", tuple(told))


def undo_identification(
    register: Register, settings: Settings, submission_id: int, *, reason: str, at: datetime, actor: str
) -> None:
    """Hold a document again of which the office said whose it is, or that it is nobody's.

    What was to go out because of that does not go, and its challenge is as it was before. Raises WrongUse,
    and changes nothing, without a reason, and where something that follows has gone out or come in.
    """
    why = read_reason(reason)
    with register.reading() as connection:
        row = _load_identified(connection, submission_id)
        _load_made(connection, row)
    case, checked = reread_submission(register, settings, row)
    with register.writing() as connection:
        row = _load_identified(connection, submission_id)
        made = _load_made(connection, row)
        if made is not None:
            _take_back_consequences(connection, made, at=at, actor=actor)
        _hold_again(connection, row, case, checked)
        if made is not None and (former := _find_former(connection, row, made.decision)):
            submissions.make_current(connection, former.id)
        journal.append_entry(
            connection,
            "identification undone",
            at=at,
            actor=actor,
            cycle_id=row.cycle_id,
            challenge_id=row.challenge_id,
            submission=row.id,
            kind=row.kind.value if row.kind else None,
            before=row.outcome.value,
            sha256=row.sha256,
            reason=why,
        )


def _load_identified(connection: Transaction, submission_id: int) -> Submission:
    found = access_facts.load_submission(connection, submission_id)
    if found is None or found[0].identified_at is None:
        raise WrongUse(
            "Nobody has said whose this document is, or that was taken back already.",
            remedy="See on the inbox page what became of it.",
        )
    return found[0]


def _load_made(connection: Transaction, row: Submission) -> _Made | None:
    """What an identification brought about; None where the document came to no challenge by it.

    Raises WrongUse where it can't be taken back any more, saying why.
    """
    again = submissions.seen_before(connection, row.sha256)
    if again is None:
        raise _explain_too_late("the document was deleted")
    if again.id != row.id:
        raise WrongUse(
            "The same file has come in again since.", remedy="Say whose that one is, on the inbox page."
        )
    if row.challenge_id is None:
        return None
    decided = decisions.list_of_submission(connection, row.id)
    if not decided or decided[0].kind is not DecisionKind.SAY_WHOSE:
        raise _explain_too_late("we did not keep how things were before")
    if len(decided) > 1:
        raise WrongUse(
            "You decided more about this document since.",
            remedy=f"Take that back first, on its page “Accept as it is”. {_INSTEAD}",
        )
    if later := submissions.find_later_version(connection, row):
        raise _explain_too_late(f"version {later.version} has come")
    if evidence.list_of_submissions(connection, [row.id]):
        raise _explain_too_late("the files that came with it are with the area's")
    challenge = challenges.find_challenge(connection, row.challenge_id)
    assert challenge is not None
    new = list_caused(connection, decided[0])
    check_none_has_gone(connection, new, _INSTEAD)
    if challenge.stage.value != decided[0].before["stage_after"]:
        raise _explain_too_late("the challenge has moved on")
    return _Made(decided[0], challenge, new)


def _explain_too_late(why: str) -> WrongUse:
    return explain_too_late(why, _INSTEAD)


def _find_former(connection: Transaction, row: Submission, decision: Decision) -> Submission | None:
    """The version that was in force before, where the document took its place."""
    former = decision.current_before
    return submissions.load_submission(connection, former) if former and row.is_current else None


def _name_area(connection: Transaction, challenge: Challenge) -> str:
    cycle, _ = load_stored(connection, challenge.cycle_id)
    return cycle.participant[challenge.author_id].name


def _take_back_consequences(connection: Transaction, made: _Made, *, at: datetime, actor: str) -> None:
    """Cancel what an identification sends, and take the challenge back to where it was."""
    take_back_decision(connection, made.decision, _INSTEAD, at=at)
    cycle, _ = load_stored(connection, made.challenge.cycle_id)
    before, after = made.decision.state_before, made.decision.state_after
    challenges.undo_change_of_state(connection, cycle, made.challenge, before, after)
    decisions.mark_undone(connection, made.decision.id, at=at, actor=actor)


def _hold_again(connection: Transaction, row: Submission, case: Case, checked: Sequence[Finding]) -> None:
    case = refresh_case(connection, case)
    verdict = judge_again(connection, replace(row, identified_at=None), case, checked)
    held_documents.hold_again(connection, row, case.reading, verdict.findings, cycle_id=case.place.cycle_id)
