"""Accepting a document in spite of a finding: what is open, a preview, and the decision.

One mechanism for all of them: a question that the office takes as answered, an alarm of the disclosure guard
after the office has read the passage, a document out of turn, an item more than a record may have.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from peer_challenge.advice.identifying_details import IN_DOUBT, find_identifying, list_known_names
from peer_challenge.dispatches.phrases import name_place
from peer_challenge.dispatches.questioned_words import load_contents
from peer_challenge.errors import WrongUse
from peer_challenge.intake.arrival_findings import OUT_OF_TURN
from peer_challenge.intake.case import Case, check_cases
from peer_challenge.intake.judge_again import list_waiting_answers, record_again
from peer_challenge.model.challenge_ids import find_author_id
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.decisions import AcceptedFinding, DecisionKind
from peer_challenge.model.findings import Finding
from peer_challenge.model.journey import is_final_stage
from peer_challenge.model.kinds_of_submission import SENT_BY
from peer_challenge.model.reasons import read_reason
from peer_challenge.model.sentences import capitalise_first_letter, say_how_many
from peer_challenge.model.vocabulary import (
    ACCEPTED_OUTCOMES,
    KIND_NAMES,
    QUERY_KINDS,
    Rating,
    Role,
    Severity,
    Stage,
)
from peer_challenge.register import access_facts, challenges, decisions, frames, journal, outbox, submissions
from peer_challenge.register.caused_dispatches import describe_after, describe_before
from peer_challenge.register.cycles import load_stored
from peer_challenge.register.database import Register, Transaction
from peer_challenge.register.decisions import Decision
from peer_challenge.register.listings import ListedFinding
from peer_challenge.register.records import Challenge, Submission
from peer_challenge.settings import Settings
from peer_challenge.steering.preview import Preview, describe_what_follows
from peer_challenge.steering.reread_submission import reread_submission
from peer_challenge.submissions.accepted_findings import (
    ACCEPTED_AS_IT_IS,
    Contents,
    can_be_accepted,
    hash_words,
    is_disclosure,
    is_in_doubt,
    list_texts_at,
    list_texts_set_apart,
)
from peer_challenge.submissions.judge import Verdict, is_several_forms
from peer_challenge.submissions.ratings_told_to_office import can_rating_be_told, tell_ratings
from peer_challenge.word.answers.identity_evidence import GivenIdentity

_AROUND = 160
"""Letters shown before and after what the disclosure guard found."""
_MOST_PASSAGES = 20
"""Of one finding: who has read twenty knows whether to accept it; the rest is in the document."""
_LONGEST_MESSAGE = 500
"""As long as a reason may be (model/reasons.py): it is a line of the letter to the sender."""


@dataclass(frozen=True, slots=True)
class Passage:
    """Words of a document at the place of a finding; `found` is what the guard took for a child's detail."""

    before: str
    found: str
    after: str


@dataclass(frozen=True, slots=True)
class OpenFinding:
    """A finding that the office can accept: its key, its place in words, and what is written there."""

    key: str
    finding: Finding
    place: str
    passages: tuple[Passage, ...]
    is_set_apart: bool
    """Whether its passages are the text outside the answers."""
    asks_for_rating: bool
    """Whether it is settled too by the rating that the area tells the office."""

    @property
    def is_alarm(self) -> bool:
        """Whether the disclosure guard put the document aside because of it."""
        return is_disclosure(self.finding.code) and self.finding.severity is Severity.REJECT

    @property
    def is_doubt(self) -> bool:
        """Whether the disclosure guard is not sure about it, and asks."""
        return is_in_doubt(self.finding.code)


@dataclass(frozen=True, slots=True)
class Decidable:
    """A document about which the office can decide, with what is open and what it decided before.

    `outside` are the texts outside the answers, in the document's order.
    """

    row: Submission
    cycle: Cycle
    area: str
    open: tuple[OpenFinding, ...]
    others: tuple[Finding, ...]
    decided: tuple[Decision, ...]
    outside: tuple[str, ...]


def describe_decidable(connection: Transaction, submission_id: int) -> Decidable:
    """A document with the findings that the office can accept, and the words that they are about.

    Raises WrongUse for a document about which nothing can be decided, saying why.
    """
    row = load_decidable(connection, submission_id)
    cycle, framework = load_stored(connection, row.cycle_id or "")
    found = frames.findings_of(connection, row.id)
    contents = load_contents(connection, row)
    listed = [
        OpenFinding(
            make_finding_key(finding),
            finding,
            name_place(framework, row.kind, finding),
            tuple(_find_passages(contents, finding, cycle)),
            bool(list_texts_set_apart(contents, finding)),
            can_rating_be_told(row.kind, finding),
        )
        for finding in found
        if can_be_accepted(finding)
    ]
    others = [f for f in found if _is_open(f) and not can_be_accepted(f)]
    area = cycle.participant[find_author_id(row.challenge_id)]
    decided = decisions.list_of_submission(connection, row.id)
    outside = tuple(contents.unmapped)
    return Decidable(row, cycle, area.name, tuple(listed), tuple(others), tuple(decided), outside)


def list_decidable(rows: Sequence[Submission], findings: Mapping[int, Sequence[ListedFinding]]) -> set[int]:
    """The ids of the documents of which the office can accept a finding: none that a later one replaced."""
    newest: dict[tuple[object, ...], int] = {}
    for row in rows:
        key = (row.challenge_id, row.kind, row.review, row.writer_id)
        newest[key] = max(row.version or 0, newest.get(key, 0))
    return {
        row.id
        for row in rows
        if row.outcome not in ACCEPTED_OUTCOMES
        and (row.version or 0) == newest[row.challenge_id, row.kind, row.review, row.writer_id]
        and row.challenge_id is not None
        and row.held_since_at is None
        and row.purged_at is None
        and any(can_be_accepted(finding) for finding in findings.get(row.id, ()))
    }


def make_finding_key(finding: Finding) -> str:
    """What tells a finding of a document from its others: its code and its place."""
    return "|".join((finding.code, finding.subheading or "", finding.column or ""))


def _is_open(finding: Finding) -> bool:
    return finding.severity in (Severity.QUERY, Severity.REJECT)


def _find_passages(contents: Contents, finding: Finding, cycle: Cycle) -> list[Passage]:
    """What is written where a finding is; of an alarm, the words that set it off with those around them."""
    if apart := list_texts_set_apart(contents, finding):
        return [Passage(text, "", "") for text in apart[:_MOST_PASSAGES]]
    is_whole_form = finding.subheading is None and finding.column is None
    if not is_disclosure(finding.code):
        texts = [] if is_whole_form else list_texts_at(contents, finding)
        return [Passage(text, "", "") for text in texts[:_MOST_PASSAGES] if " " in text or finding.column]
    names = list_known_names(cycle)
    wanted = finding.code.partition(".")[2]
    found = [
        Passage(
            text[max(0, hit.start - _AROUND) : hit.start],
            text[hit.start : hit.end],
            text[hit.end : hit.end + _AROUND],
        )
        for text in list_texts_at(contents, finding)
        for hit in find_identifying(text, names)
        if (hit.kind if hit.is_sure else IN_DOUBT) == wanted
    ]
    return found[:_MOST_PASSAGES]


def load_decidable(connection: Transaction, submission_id: int) -> Submission:
    """A document of a challenge. Raises WrongUse where the office can decide nothing about its findings."""
    found = access_facts.load_submission(connection, submission_id)
    if found is None:
        raise WrongUse("There is no document with this number.", remedy="Choose one on the inbox page.")
    row = found[0]
    if row.held_since_at is not None:
        raise WrongUse("It has to be said first whose document this is.", remedy="Say so on its page.")
    if row.challenge_id is None or row.kind is None or row.purged_at is not None:
        raise WrongUse(
            "Nothing can be decided about this document: it belongs to no challenge.",
            remedy="Have the right form sent in.",
        )
    return row


def load_to_change(connection: Transaction, submission_id: int) -> tuple[Submission, Challenge]:
    """The document and its challenge. Raises WrongUse where a decision comes too late."""
    row = load_decidable(connection, submission_id)
    later = submissions.find_later_version(connection, row)
    if later is not None:
        raise WrongUse(
            f"Version {later.version} has come since. It is that one that counts.",
            remedy="Decide about that version on its challenge's page.",
        )
    challenge = challenges.find_challenge(connection, row.challenge_id or "")
    assert challenge is not None
    if is_final_stage(challenge.stage):
        how = "Bring the area back" if challenge.stage is Stage.WITHDRAWN else "Reopen the challenge"
        raise WrongUse(
            f"This challenge is {challenge.stage.value}.", remedy=f"{how} on its page, then decide."
        )
    return row, challenge


def preview_acceptance(
    register: Register,
    settings: Settings,
    submission_id: int,
    key: str,
    *,
    message: str,
    rating: Rating | None = None,
    at: datetime,
) -> Preview:
    """What would follow if the office accepted a finding. Changes nothing. Raises WrongUse as it does."""
    reread = _reread_with_rating(register, settings, submission_id, key, rating, message)
    row = reread.row
    with register.trying_out() as connection:
        waiting = list_waiting_answers(connection, row, QUERY_KINDS)
        before = challenges.find_challenge(connection, row.challenge_id or "")
        last = outbox.find_newest_id(connection, row.challenge_id or "")
        verdict = _accept_in_transaction(connection, reread, reason="preview", at=at, actor="")
        told = _describe_consequences(connection, row, before, last, verdict, has_waiting=bool(waiting))
    said = f"{ACCEPTED_AS_IT_IS} {read_message(message)}".strip()
    if rating is not None:
        told_of = ("rating.told", reread.accepted.subheading)
        (finding,) = (one for one in verdict.findings if (one.code, one.subheading) == told_of)
        said = f"{finding.message} {finding.remedy}"
    return Preview(verdict.outcome, (*told, f"The sender reads: “{said}”"))


def accept_finding(
    register: Register,
    settings: Settings,
    submission_id: int,
    key: str,
    *,
    reason: str,
    message: str = "",
    rating: Rating | None = None,
    at: datetime,
    actor: str,
) -> Verdict:
    """Accept a document in spite of one finding; returns what it is judged to be now.

    Where the finding asks for a rating, `rating` may be the one that the area told the office: it holds from
    now on. Where nothing else is open the document is accepted, and all follows that follows an accepted
    form. Raises WrongUse, and changes nothing, without a reason, for a finding that is not open, for a rating
    that nothing asks for, and where a later version has come.
    """
    why = read_reason(reason)
    reread = _reread_with_rating(register, settings, submission_id, key, rating, message)
    with register.writing() as connection:
        return _accept_in_transaction(connection, reread, reason=why, at=at, actor=actor)


@dataclass(frozen=True, slots=True)
class _Reread:
    """A document read again for a decision, `accepted`; `case` has the rating that this tells."""

    row: Submission
    key: str
    accepted: AcceptedFinding
    case: Case
    checked: Sequence[Finding]


def _reread_with_rating(
    register: Register,
    settings: Settings,
    submission_id: int,
    key: str,
    rating: Rating | None,
    message: str,
) -> _Reread:
    """Read a document again, and put a rating into it that its area told. Raises WrongUse."""
    case, checked, row = reread_decidable(register, settings, submission_id)
    with register.reading() as connection:
        finding = _find_open(connection, row, key)
    words = hash_words(Contents.from_reading(case.reading), finding)
    accepted = AcceptedFinding(
        finding.code, finding.subheading, finding.column, words, read_message(message), rating
    )
    if rating is not None:
        if not can_rating_be_told(row.kind, finding):
            raise WrongUse(
                "You gave a rating, and this finding does not ask for one.",
                remedy="Choose the question about the rating, or leave the rating out.",
                about="rating",
            )
        case = replace(case, reading=tell_ratings(case.reading, [accepted]))
        (checked,) = check_cases([case])
    return _Reread(row, key, accepted, case, checked)


def read_message(written: str) -> str:
    """What the office writes to the sender about a finding that it accepts, in one line."""
    return " ".join(written.split())[:_LONGEST_MESSAGE]


def reread_decidable(
    register: Register, settings: Settings, submission_id: int, *, without: int | None = None
) -> tuple[Case, list[Finding], Submission]:
    """A document to decide about, read again: its case, the rules that it breaks, its row.

    `without` is the id of a decision that does not count any more.
    """
    with register.reading() as connection:
        row, challenge = load_to_change(connection, submission_id)
    assert row.kind is not None and row.cycle_id is not None
    given = None
    if row.identified_at is not None:
        given = GivenIdentity(row.kind, row.cycle_id, challenge.author_id, challenge.challenger_id)
    case, checked = reread_submission(register, settings, row, given, version=row.version, without=without)
    is_same = (case.place.challenge_id, case.reading.kind) == (row.challenge_id, row.kind)
    if not is_same or is_several_forms(case.reading):
        raise WrongUse(
            "It is not certain any more whose document this is, or which form it is.",
            remedy="Have the form sent in again: then you can say whose it is.",
        )
    return case, checked, row


def _accept_in_transaction(
    connection: Transaction, reread: _Reread, *, reason: str, at: datetime, actor: str
) -> Verdict:
    case, accepted = reread.case, reread.accepted
    row, challenge = load_to_change(connection, reread.row.id)
    finding = _find_open(connection, row, reread.key)
    if finding.code == OUT_OF_TURN.code:
        _check_somebody_can_send(connection, challenge, case)
    decision_id = decisions.store_decision_on_submission(
        connection,
        DecisionKind.ACCEPT_FINDING,
        row,
        reason=reason,
        before=_describe_before(connection, row, challenge),
        at=at,
        actor=actor,
        accepted=accepted,
    )
    verdict = record_again(connection, row, case, reread.checked, at=at)
    moved = challenges.find_challenge(connection, challenge.id) or challenge
    decisions.note_what_follows(connection, decision_id, describe_after(connection, moved))
    journal.append_entry(
        connection,
        "finding accepted",
        at=at,
        actor=actor,
        cycle_id=row.cycle_id,
        challenge_id=row.challenge_id,
        submission=row.id,
        decision=decision_id,
        finding=finding.code,
        subheading=finding.subheading,
        column=finding.column,
        before=row.outcome.value,
        outcome=verdict.outcome.value,
        reason=reason,
        message=accepted.message,
    )
    return verdict


def _check_somebody_can_send(connection: Transaction, challenge: Challenge, case: Case) -> None:
    """Raises WrongUse where nobody is to send such a form yet, without partners or without an event."""
    assert case.reading.kind is not None
    role = SENT_BY[case.reading.kind]
    try:
        challenges.find_recipient_id(connection, challenge, role)
    except challenges.NobodyToSendTo:
        first = "Approve the partners" if role is Role.CHALLENGER else "Set the event"
        raise WrongUse(
            f"This can't be taken in yet: the challenge has no {role.value}.", remedy=f"{first} first."
        ) from None


def _find_open(connection: Transaction, row: Submission, key: str) -> Finding:
    for finding in frames.findings_of(connection, row.id):
        if make_finding_key(finding) == key and can_be_accepted(finding):
            return finding
    raise WrongUse(
        "This finding is not open any more, or none was chosen.",
        remedy="Choose one of those that are listed.",
        about="finding",
    )


def _describe_before(connection: Transaction, row: Submission, challenge: Challenge) -> dict[str, object]:
    assert row.kind is not None
    current = submissions.find_current_version(connection, challenge.id, row.kind)
    return {
        "outcome": row.outcome.value,
        "current": current.id if current else None,
        **describe_before(connection, challenge),
    }


def _describe_consequences(
    connection: Transaction,
    row: Submission,
    before: Challenge | None,
    last: int,
    verdict: Verdict,
    *,
    has_waiting: bool,
) -> list[str]:
    assert row.kind is not None and before is not None
    what = capitalise_first_letter(KIND_NAMES[row.kind])
    cycle, _ = load_stored(connection, before.cycle_id)
    still_open = [finding for finding in verdict.findings if _is_open(finding)]
    told = []
    if verdict.outcome in ACCEPTED_OUTCOMES:
        told.append(f"{what}, version {row.version}, is accepted: no question is left.")
    else:
        verb = "stays" if len(still_open) == 1 else "stay"
        told.append(f"{say_how_many(len(still_open), 'question')} {verb} open. It is not accepted yet.")
    if has_waiting:
        instead = (
            "" if verdict.outcome in ACCEPTED_OUTCOMES else ": another with what stays open goes instead"
        )
        told.append(f"Our letter with questions that has not gone yet will not go{instead}.")
    told += describe_what_follows(connection, cycle, before, last)
    told.append("A later version is asked about this again, unless the same words are in this place.")
    return told
