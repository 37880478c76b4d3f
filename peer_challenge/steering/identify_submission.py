"""Deciding which area a held document belongs to: the doubt, the choices, a preview, the decision.

A document is held while it is unclear whose it is (peer_challenge/model/whose_document.py). The office's
decision is kept with its reason. After that the document is treated once, like any other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from peer_challenge.clock import local_day
from peer_challenge.errors import WrongUse
from peer_challenge.intake import record_document
from peer_challenge.intake.answer import choose_answer_role
from peer_challenge.intake.case import Case, Place, list_uploaders, refresh_case
from peer_challenge.intake.emails.sender_of_form import describe_sender, load_origin
from peer_challenge.model.access import Access, Person
from peer_challenge.model.challenge_ids import find_author_id, make_challenge_id
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.days_in_words import day_in_words
from peer_challenge.model.decisions import DecisionKind
from peer_challenge.model.findings import Finding
from peer_challenge.model.reasons import read_reason
from peer_challenge.model.sentences import say_how_many
from peer_challenge.model.vocabulary import KIND_NAMES, Kind, Outcome, Severity, name_submission
from peer_challenge.model.whose_document import Candidate, Doubt
from peer_challenge.register import (
    access_facts,
    challenges,
    decisions,
    held_documents,
    journal,
    received_emails,
    submissions,
)
from peer_challenge.register.caused_dispatches import describe_after, describe_before
from peer_challenge.register.cycles import cycle_ids, load_cycles
from peer_challenge.register.database import Register, Transaction
from peer_challenge.register.records import Challenge, Submission
from peer_challenge.settings import Settings
from peer_challenge.steering.preview import Preview
from peer_challenge.steering.reread_submission import reread_submission
from peer_challenge.submissions.judge import Verdict
from peer_challenge.word.answers.identity_evidence import GivenIdentity
from peer_challenge.word.reader_findings import CODES


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer that the office can choose: the challenge and the form, with a name to show."""

    cycle_id: str
    author_id: str
    kind: Kind
    name: str


@dataclass(frozen=True, slots=True)
class HeldDocument:
    """A document that waits until the office says whose it is.

    `row` is its row in the register. `reasons` are sentences that say what is in doubt, `senders` say who
    sent it or how it came, `suggested` are the possible answers, the likeliest first. `agreed_area` (ids of
    cycle and area) and `agreed_kind` are what all of these say, None where they differ.
    """

    row: Submission
    reasons: tuple[str, ...]
    senders: tuple[str, ...]
    suggested: tuple[Choice, ...]
    agreed_area: tuple[str, str] | None
    agreed_kind: Kind | None


def held_rows(connection: Transaction) -> list[Submission]:
    """Every held document, oldest first."""
    return held_documents.list_held(connection)


def describe_held(connection: Transaction, submission_id: int) -> HeldDocument:
    """One held document, with what the office needs to decide about it.

    Raises WrongUse when there is no such document or it is not held. If somebody has decided about it, the
    message says who.
    """
    row = _load_held_document(connection, submission_id)
    doubt: Doubt = row.doubt or {}
    known = {cycle.id: cycle for cycle in load_cycles(connection)}
    reasons = doubt.get("reasons", ())
    suggested = tuple(_list_suggested_choices(doubt.get("candidates", ()), known, row.kind))
    areas = {(choice.cycle_id, choice.author_id) for choice in suggested}
    kinds = {choice.kind for choice in suggested}
    if not kinds and row.kind and "identity.kind_unclear" not in reasons:
        kinds = {Kind(row.kind)}
    return HeldDocument(
        row,
        tuple(CODES[code].message for code in reasons if code in CODES),
        _describe_senders(connection, row, known),
        suggested,
        agreed_area=areas.pop() if len(areas) == 1 else None,
        agreed_kind=kinds.pop() if len(kinds) == 1 else None,
    )


def _load_held_document(connection: Transaction, submission_id: int) -> Submission:
    found = access_facts.load_submission(connection, submission_id)
    if found is None:
        raise WrongUse(
            "There is no document with this number.", remedy="Choose one from the list on the inbox page."
        )
    row = found[0]
    if row.held_since_at is not None:
        return row
    if row.identified_at is None:
        raise WrongUse(
            "Nobody has to say whose this document is.", remedy="See on the inbox page what became of it."
        )
    area = find_author_id(row.challenge_id)
    what = f"it belongs to {area}" if area else "it is nobody's"
    raise WrongUse(
        f"{row.identified_by} decided on {day_in_words(local_day(row.identified_at))} that {what}.",
        remedy="Nothing was changed now. If it was wrong, take it back on the inbox page. Where that is not "
        "possible any more, write to those who had a letter about it, and have the right form sent in.",
    )


def _describe_senders(connection: Transaction, row: Submission, known: dict[str, Cycle]) -> tuple[str, ...]:
    email = received_emails.load_email_of(connection, row.id)
    people = list_uploaders(connection, row.sha256, load_origin(connection, row.id))
    told = [
        f"{person.name} ({_describe_role(person, known)}) sent it in through the page." for person in people
    ]
    if email is not None:
        told.append(describe_sender(connection, email))
    return tuple(told) or ("It lay in the inbox folder, which does not say who put it there.",)


def _describe_role(person: Person, known: dict[str, Cycle]) -> str:
    cycle = known.get(person.cycle_id or "")
    area = cycle.participant.get(person.participant_id or "") if cycle is not None else None
    if area is not None:
        return f"a contact of {area.name}"
    return {Access.OFFICE: "programme office", Access.CHAIR: "a Chair"}.get(
        person.access, "an area's contact"
    )


def _list_suggested_choices(
    candidates: Sequence[dict[str, str | None]], known: dict[str, Cycle], kind: str | None
) -> list[Choice]:
    found = []
    for told in candidates:
        cycle = known.get(told["cycle"] or "")
        what = told["kind"] or kind
        if cycle is not None and what is not None and told["author"] in {a.id for a in cycle.authors}:
            found.append(_build_choice(cycle, told["author"] or "", Kind(what)))
    return list(dict.fromkeys(found))


def _build_choice(cycle: Cycle, author_id: str, kind: Kind) -> Choice:
    return Choice(cycle.id, author_id, kind, f"{cycle.participant[author_id].name}: {KIND_NAMES[kind]}")


def areas_to_choose(connection: Transaction) -> list[tuple[str, str, str]]:
    """Every area of every open cycle that has a challenge: the cycle's id, the area's id, and its name.

    When several cycles are open, the cycle's name follows the area's.
    """
    cycles = load_cycles(connection)
    return [
        (cycle.id, area.id, f"{area.name}, {cycle.name}" if len(cycles) > 1 else area.name)
        for cycle in cycles
        for area in sorted(cycle.authors, key=lambda area: area.name)
    ]


def preview_identification(
    register: Register, settings: Settings, submission_id: int, answer: Candidate
) -> Preview:
    """What would follow if a held document were what the office says. Changes nothing.

    Raises WrongUse for an area or kind that is not possible, and when the document is no longer held.
    """
    case, checked = _reread_as_identified(register, settings, submission_id, answer)
    with register.reading() as connection:
        row = _load_held_document(connection, submission_id)
        case = refresh_case(connection, case)
        verdict = record_document.judge_identified(connection, row, case, checked)
        return Preview(verdict.outcome, tuple(_describe_consequences(connection, row, case, verdict)))


def identify_submission(
    register: Register,
    settings: Settings,
    submission_id: int,
    answer: Candidate,
    *,
    reason: str,
    at: datetime,
    actor: str,
) -> record_document.Recorded:
    """Record whose a held document is: from now on it is checked, answered and counted as that area's.

    It counts as received on the day it came. Raises WrongUse, and changes nothing, without a reason, for an
    area or kind that is not possible, and when somebody has already decided about it.
    """
    why = read_reason(reason)
    case, checked = _reread_as_identified(register, settings, submission_id, answer)
    with register.writing() as connection:
        row = _load_held_document(connection, submission_id)
        before = _describe_before(connection, refresh_case(connection, case))
        recorded = record_document.record_identified(
            connection, row, case, checked, at=at, actor=actor, reason=why
        )
        if recorded is None:
            _load_held_document(connection, submission_id)
            raise WrongUse("This document is held no longer.")
        _keep_decision(connection, submission_id, before, reason=why, at=at, actor=actor)
        return recorded


def _describe_before(connection: Transaction, case: Case) -> dict[str, object]:
    """How a challenge is before a document is placed in it; empty where it is placed in none."""
    challenge, kind = case.place.challenge, case.reading.kind
    if challenge is None or kind is None:
        return {}
    current = submissions.find_current_version(connection, challenge.id, kind, case.reading.review)
    return {"current": current.id if current else None, **describe_before(connection, challenge)}


def _keep_decision(
    connection: Transaction,
    submission_id: int,
    before: dict[str, object],
    *,
    reason: str,
    at: datetime,
    actor: str,
) -> None:
    """Keep how things were before and what the decision brought about, for taking it back."""
    row = submissions.load_submission(connection, submission_id)
    challenge = challenges.find_challenge(connection, row.challenge_id or "")
    if challenge is None or not before:
        return
    after = describe_after(connection, challenge)
    decisions.store_decision_on_submission(
        connection, DecisionKind.SAY_WHOSE, row, reason=reason, before={**before, **after}, at=at, actor=actor
    )


def reject_as_nobodys(
    register: Register, submission_id: int, *, reason: str, at: datetime, actor: str
) -> None:
    """Reject a held document that belongs to nobody. No letter is sent, and its original is kept.

    Raises WrongUse without a reason, and when the document is no longer held.
    """
    why = read_reason(reason)
    with register.writing() as connection:
        row = _load_held_document(connection, submission_id)
        held_documents.reject_held(connection, row.id, at=at, actor=actor)
        journal.append_entry(
            connection,
            "document rejected as nobody's",
            at=at,
            actor=actor,
            cycle_id=row.cycle_id,
            submission=row.id,
            sha256=row.sha256,
            reason=why,
        )


def _reread_as_identified(
    register: Register, settings: Settings, submission_id: int, answer: Candidate
) -> tuple[Case, list[Finding]]:
    """The document read again as the form and area that the office names, and the rules that it breaks."""
    with register.reading() as connection:
        row = _load_held_document(connection, submission_id)
        given = _build_given_identity(connection, answer)
    return reread_submission(register, settings, row, given)


def _build_given_identity(connection: Transaction, answer: Candidate) -> GivenIdentity:
    cycle_id = answer.cycle or ""
    challenge = challenges.find_challenge(connection, make_challenge_id(cycle_id, answer.author))
    if challenge is None or cycle_id not in cycle_ids(connection):
        raise WrongUse(
            "There is no such area in an open cycle.",
            remedy="Choose one of the areas that are listed.",
            about="whose",
        )
    if answer.kind is None:
        raise WrongUse("No form was chosen.", remedy="Choose one of the forms.", about="kind")
    return GivenIdentity(answer.kind, cycle_id, answer.author, challenge.challenger_id)


def _describe_consequences(
    connection: Transaction,
    row: Submission,
    case: Case,
    verdict: Verdict,
) -> list[str]:
    place, findings, outcome = case.place, verdict.findings, verdict.outcome
    cycle, challenge, kind = place.cycle, place.challenge, case.reading.kind
    if cycle is None or challenge is None or kind is None:
        why = " ".join(f.message for f in findings if f.severity is Severity.REJECT)
        return [f"It can't be taken in: {why} Nothing goes to anybody."]
    what, to = name_submission(kind, case.reading.review), _find_recipient_name(connection, row, place, kind)
    version = submissions.next_version(connection, challenge.id, kind, case.reading.review)
    told = [
        f"It counts as version {version} of the {what} in the challenge of "
        f"{cycle.participant[challenge.author_id].name}, received on "
        f"{day_in_words(local_day(row.received_at))}."
    ]
    if outcome is Outcome.REJECTED:
        reasons = " ".join(f.message for f in findings if f.severity is Severity.REJECT)
        told += [f"It can't be taken in: {reasons}", f"A letter that says so goes to {to}."]
    elif outcome is Outcome.QUERIED:
        count = sum(f.severity is Severity.QUERY for f in findings)
        questions = say_how_many(count, "question")
        told.append(f"It raises {questions}. A letter and a copy with comments go to {to}.")
    else:
        told.append(f"It is accepted, and a receipt goes to {to}. What follows an accepted {what} follows.")
        told += _describe_replacement(connection, row, challenge, kind, case.reading.review)
    return [*told, "Nobody else gets an answer to it."]


def _describe_replacement(
    connection: Transaction, row: Submission, challenge: Challenge, kind: Kind, review: int
) -> list[str]:
    """Sentences about the version that this one would replace, above all when that came later."""
    current = submissions.find_current_version(connection, challenge.id, kind, review)
    if current is None:
        return []
    came = day_in_words(local_day(current.received_at))
    if current.received_at > row.received_at:
        return [
            f"Version {current.version}, which came later, on {came}, is in force. This older document "
            "would take its place. If that is wrong, reject it."
        ]
    return [f"It takes the place of version {current.version}, which came on {came}."]


def _find_recipient_name(connection: Transaction, row: Submission, place: Place, kind: Kind) -> str:
    """The name of the area or Chair that gets the answer, else the programme office."""
    cycle, challenge = place.cycle, place.challenge
    assert cycle is not None and challenge is not None
    writer = record_document.writer_as_identified(connection, row, place, kind)
    who = challenges.find_recipient_id(
        connection, challenge, choose_answer_role(connection, challenge, kind, writer)
    )
    held = cycle.find_recipient(who)
    return held.name if held is not None else "the programme office"
