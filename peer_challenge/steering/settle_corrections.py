"""Settling the corrections to a draft summary: the Chair or the office decides about each, with a reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from peer_challenge.advice.identifying_details import KINDS, find_sure_details, list_known_names
from peer_challenge.errors import WrongUse
from peer_challenge.model.corrections import (
    CorrectedDraft,
    Correction,
    Decision,
    Recorded,
    Settled,
    is_same_wording,
)
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.framework import Framework
from peer_challenge.model.journey import Trigger
from peer_challenge.model.reasons import read_reason
from peer_challenge.model.sentences import join_in_words
from peer_challenge.model.vocabulary import Kind, Stage
from peer_challenge.register import challenges, corrections, journal, submissions
from peer_challenge.register.database import Transaction

LONGEST_WORDS = 4000
"""Characters of one line: about a page."""
LONGEST_TOLD = 500
"""Characters of a reason for the area: it stands in an email, among others."""
_SUBHEADING = "subheading_as_written"


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody decides about a correction: `words` where they change it, and why.

    `told` is why in words for the area that proposed it, which go to it with the final summary; it may be
    "". `place` is the line that changes ("strength/1:text", ":held_on"), for a remark that is beside none.
    """

    decision: Decision
    reason: str
    words: str = ""
    place: str = ""
    told: str = ""


def settle_correction(
    connection: Transaction,
    cycle: Cycle,
    framework: Framework,
    challenge_id: str,
    submission_id: int,
    line: str,
    asked: Asked,
    *,
    at: datetime,
    actor: str,
) -> Settled:
    """Keep what is decided about one correction; the final summary then says it so.

    Raises WrongUse without a reason, for a correction that is not there, once the final summary is on its
    way, and for words that would go against those of a correction that was taken up before.
    """
    reason = read_reason(asked.reason)
    drafts = _list_drafts(connection, challenge_id)
    found = _find_correction(drafts, submission_id, line)
    settled = Settled(submission_id, line, asked.decision, reason, at, actor, told=_read_told(asked, cycle))
    if asked.decision is not Decision.DECLINED:
        record = _read_record(connection, challenge_id)
        settled = _with_words(settled, found, asked, record, framework, cycle)
        _refuse_other_words(drafts, settled)
    corrections.store_settled(connection, challenge_id, settled)
    journal.append_entry(
        connection,
        "correction settled",
        at=at,
        actor=actor,
        cycle_id=cycle.id,
        challenge_id=challenge_id,
        submission=submission_id,
        line=line,
        decision=asked.decision.value,
        reason=reason,
        is_told_why=bool(settled.told),
    )
    return settled


def _read_told(asked: Asked, cycle: Cycle) -> str:
    """The reason that the area reads, in one line. Raises WrongUse where it can't go out."""
    told = " ".join(asked.told.split())
    if len(told) > LONGEST_TOLD:
        raise WrongUse(
            "The reason for the area is too long.",
            remedy=f"Use {LONGEST_TOLD:,} characters or fewer.",
            about="told",
        )
    _refuse_identifying(told, (), cycle, "told")
    return told


def _list_drafts(connection: Transaction, challenge_id: str) -> list[CorrectedDraft]:
    challenge = challenges.find_challenge(connection, challenge_id)
    if challenge is None or challenge.stage is not Stage.DRAFTED:
        raise WrongUse(
            "The summary is no draft.",
            remedy="Once it is final, ask the Chair for a new version of the record to change it.",
        )
    return corrections.list_corrected_drafts(connection, challenge_id)


def _find_correction(drafts: list[CorrectedDraft], submission_id: int, line: str) -> Correction:
    for draft in drafts:
        for one in draft.corrections:
            if draft.submission_id == submission_id and one.line == line:
                return one
    raise WrongUse("There is no such correction any more.", remedy="Look at the page again.")


def _read_record(connection: Transaction, challenge_id: str) -> Recorded:
    record = submissions.find_current_version(connection, challenge_id, Kind.CHAIR_RECORD)
    if record is None:
        raise WrongUse("There is no Chair's record.", remedy="Look at the page of the challenge.")
    return corrections.read_recorded(connection, Kind.CHAIR_RECORD, record.id)


def _with_words(
    settled: Settled,
    found: Correction,
    asked: Asked,
    record: Recorded,
    framework: Framework,
    cycle: Cycle,
) -> Settled:
    """The decision with the line that changes and its words. Raises WrongUse where they can't be used."""
    address, column = found.address, found.column
    if not column:
        address, _, column = asked.place.rpartition(":")
        if (address, column) not in record.list_lines():
            raise WrongUse(
                "No line of the summary was chosen.", remedy="Choose the line, or decline it.", about="place"
            )
    words = _choose_words(found, asked, column, framework)
    if asked.decision is Decision.CHANGED:  # others were accepted with the document that proposes them
        accepted = (record.read_words(address, column), found.before, found.after)
        _refuse_identifying(words, accepted, cycle, "words")
    return Settled(
        settled.submission_id,
        settled.line,
        settled.decision,
        settled.reason,
        settled.decided_at,
        settled.decided_by,
        address,
        column,
        record.read_words(address, column),
        words,
        settled.told,
    )


def _choose_words(found: Correction, asked: Asked, column: str, framework: Framework) -> str:
    if asked.decision is Decision.ACCEPTED:
        if found.is_remark:
            raise WrongUse(
                "A comment does not say which words to put there.",
                remedy="Choose “Change” and write the words, or decline it.",
                about="decision",
            )
        words = found.linked or found.after
    else:
        words = "\n".join(line.rstrip() for line in asked.words.strip().splitlines())
        if not words and column != _SUBHEADING:
            raise WrongUse("There are no words.", remedy="Write how the line should read.", about="words")
    if len(words) > LONGEST_WORDS:
        raise WrongUse(
            "These words are too long.", remedy=f"Use {LONGEST_WORDS:,} characters or fewer.", about="words"
        )
    if column == _SUBHEADING and words not in framework.subheadings:
        raise WrongUse(
            "This is none of the sub-headings.",
            remedy="Choose “Change” and one from the list, or decline it.",
            about="subheading",
        )
    return words


def _refuse_identifying(words: str, accepted: Sequence[str], cycle: Cycle, about: str) -> None:
    """Refuse words that surely identify a child, unless they say no more of it than `accepted` texts do.

    `about` is what of the decision holds the words.
    """
    names = list_known_names(cycle)
    known = [find_sure_details(text, names).items() for text in accepted]
    new = [one for one in find_sure_details(words, names).items() if not any(one in each for each in known)]
    found = dict.fromkeys(KINDS[kind] for _, kind in new)
    if found:
        raise WrongUse(
            f"The words hold what looks like {join_in_words(found)}. We have not used them.",
            remedy="Take out what could identify a child or a family.",
            about=about,
        )


def _refuse_other_words(drafts: list[CorrectedDraft], settled: Settled) -> None:
    """Refuse a second wording of a line: both areas get one summary."""
    for draft in drafts:
        for other in draft.settled.values():
            is_itself = (other.submission_id, other.line) == (settled.submission_id, settled.line)
            is_of_line = (other.address, other.column) == (settled.address, settled.column)
            if is_itself or not is_of_line or other.decision is Decision.DECLINED:
                continue
            if not is_same_wording(other.after or "", settled.after or ""):
                raise WrongUse(
                    "You have settled other words for this line.",
                    remedy="Decline this one, or change what you decided about the other first.",
                )


def finish_corrections(
    connection: Transaction, cycle: Cycle, challenge_id: str, *, reason: str, at: datetime, actor: str
) -> None:
    """Send the final summary now, although an area could still correct the draft.

    Raises WrongUse without a reason, while corrections wait for a decision, and before both areas have the
    draft.
    """
    why = read_reason(reason)
    drafts = _list_drafts(connection, challenge_id)
    challenge = challenges.find_challenge(connection, challenge_id)
    if any(draft.open for draft in drafts):
        raise WrongUse("Corrections wait for a decision.", remedy="Settle each of them first.")
    if challenge is None or not (challenge.draft_issued_at and challenge.challenger_draft_issued_at):
        raise WrongUse(
            "The draft has not gone to both areas yet.", remedy="See under To send where it waits."
        )
    challenges.move_challenge_on(
        connection, challenge_id, Trigger.ACCURACY_SETTLED, cycle, at=at, actor=actor
    )
    journal.append_entry(
        connection,
        "draft summary finished",
        at=at,
        actor=actor,
        cycle_id=cycle.id,
        challenge_id=challenge_id,
        reason=why,
    )
