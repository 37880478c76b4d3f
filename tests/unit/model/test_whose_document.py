"""Whose a document is, from the evidence alone: certain, doubtful with candidates, or without a clue."""

import json
from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import UTC, datetime

import pytest

from peer_challenge.model.access import Access, Party, Person, Scope, Sent, user_can_send_in
from peer_challenge.model.kinds_of_submission import SENT_BY
from peer_challenge.model.vocabulary import DispatchKind, Kind, Role
from peer_challenge.model.whose_document import (
    Candidate,
    Decision,
    Evidence,
    decide_identity,
    is_for_sender,
    writer_as_identified,
)

CYCLE = "northern"
A, B, C = "ashcombe", "brackenford", "carrow"
AT = datetime(2027, 3, 1, tzinfo=UTC)


def a_told_scope(author: str, challenger: str, chair: str | None) -> Scope:
    """A challenge whose challenger and Chair were sent what tells them of it."""
    notice = Sent(DispatchKind.PARTNER_NOTICE, Party(CYCLE, Role.CHALLENGER, challenger), AT)
    invitation = Sent(DispatchKind.EVENT_INVITATION, Party(CYCLE, Role.CHAIR, chair or ""), AT)
    sent = (notice, invitation) if chair else (notice,)
    return Scope(CYCLE, author, challenger, chair, paired_at=AT, sent=sent)


SCOPES = {A: a_told_scope(A, B, "chair-a"), B: a_told_scope(B, C, "chair-b"), C: a_told_scope(C, A, None)}
OFFICE = Person(1, "Office", Access.OFFICE)
SELF, ANALYSIS, RESPONSE, RECORD, CORRECTED, CHALLENGERS, PLAN, PROGRESS = Kind


def contact(area: str) -> Person:
    return Person(2, "Contact", Access.PARTICIPANT, CYCLE, participant_id=area)


def chair(which: str) -> Person:
    return Person(3, "Chair", Access.CHAIR, CYCLE, chair_id=which)


class Roles:
    """Ashcombe is challenged by Brackenford, that by Carrow, that by Ashcombe."""

    def scope_of(self, candidate: Candidate) -> Scope | None:
        return SCOPES.get(candidate.author) if candidate.cycle == CYCLE else None

    def handed_in_by(self, person: Person, kind: Kind) -> Iterable[Candidate]:
        return [
            Candidate(CYCLE, a, kind) for a, scope in SCOPES.items() if user_can_send_in(person, scope, kind)
        ]

    def awaited_from_challenged(self, cycle: str, challenger: str, kind: Kind) -> Iterable[Candidate]:
        return [Candidate(cycle, a, kind) for a, scope in SCOPES.items() if scope.challenger_id == challenger]


def decide(*senders: Person, **evidence: object) -> Decision:
    given = {"cycle": CYCLE, "kind": SELF, **evidence}
    return decide_identity(Evidence(**given), senders, Roles())  # type: ignore[arg-type]


def authors(decision: Decision) -> list[str]:
    return list(dict.fromkeys(candidate.author for candidate in decision.candidates))


@pytest.mark.parametrize(
    ("evidence", "whose"),
    [
        ({"marked": (A, None)}, A),
        ({"marked": (A, B), "titled": ((A, None),), "claimed": (A,)}, A),
        ({"marked": (A, B), "kind": ANALYSIS, "titled": ((A, B),)}, A),
        ({"marked": (A, B), "kind": ANALYSIS, "claimed": (B,)}, A),  # a challenger may head its analysis
        ({"titled": ((A, None),), "named": (A,)}, A),
        ({"titled": ((A, B),), "named": (A, B), "kind": RESPONSE}, A),
        ({"claimed": (A,), "named": (A,)}, A),
        ({"claimed": (A,), "named": (A,), "file_named": (A, B)}, A),
        (
            {"titled": ((A, B),), "named": (A, B), "kind": RESPONSE, "file_named": (B,)},
            A,
        ),  # to its challenger
    ],
)
def test_what_agrees_is_certain(evidence: dict[str, object], whose: str) -> None:
    decision = decide(**evidence)
    assert decision.whose == Candidate(CYCLE, whose, evidence.get("kind", SELF))
    assert not decision.is_doubtful


@pytest.mark.parametrize(
    ("evidence", "reason", "possible"),
    [
        ({"marked": (A, B), "titled": ((B, None),)}, "other_area_named", [A, B]),  # the challenger's name
        ({"marked": (A, None), "titled": ((C, None),)}, "other_area_named", [A, C]),
        ({"marked": (A, None), "titled": ((A, None),), "claimed": (C,)}, "other_area_named", [A, C]),
        ({"marked": (A, B), "claimed": (B,)}, "other_area_named", [A, B]),
        ({"marked": (A, None), "has_strange_title": True}, "other_area_named", [A]),
        ({"marked": (A, None), "other_cycle": "southern"}, "other_cycle", [A]),
        ({"marked": (A, None), "cycle": None}, "no_cycle", [A]),
        ({"marked": (A, None), "other_kinds": (RESPONSE,)}, "kind_unclear", [A]),
        ({"marked": (A, C), "kind": ANALYSIS}, "other_challenger", [A]),
        ({"marked": (A, B), "kind": ANALYSIS, "titled": ((A, C),)}, "other_challenger", [A]),
        ({"titled": ((A, C),), "named": (A, C), "kind": ANALYSIS}, "other_challenger", [A]),
        ({"marked": (A, B), "kind": RECORD, "chair": "chair-b"}, "other_chair", [A]),
        ({"titled": ((A, None),), "named": (A, B)}, "ambiguous", [A, B]),
        ({"titled": ((A, None), (B, None)), "named": (A, B)}, "ambiguous", [A, B]),
        ({"claimed": (A, B), "named": (A, B)}, "ambiguous", [A, B]),
        ({"claimed": (A,), "named": (A,), "file_named": (B,)}, "ambiguous", [A, B]),
        ({"titled": ((A, None),), "named": (A,), "file_named": (C,)}, "ambiguous", [A, C]),
        ({"claimed": (A, B), "named": (A, B), "is_joint": True}, "joint", [A, B]),
        ({"claimed": (B,), "named": (B,), "kind": RESPONSE}, "no_participant", [B]),
        ({"mentioned": (B,), "asked_by": (B,), "kind": RESPONSE}, "no_participant", [A]),  # B asks A
        ({"file_named": (B,), "asked_by": (B,), "kind": RESPONSE}, "from_file_name", [A]),
        ({"titled": ((B, None),), "named": (B,), "asked_by": (B,), "kind": RESPONSE}, "ambiguous", [A]),
        ({"mentioned": (A, B)}, "no_participant", []),
        ({"claimed": (A,)}, "no_participant", [A]),  # a slip of the pen in the name
        ({"file_named": (A,)}, "from_file_name", [A]),
        ({"file_named": (A, B)}, "no_participant", []),
        ({}, "no_participant", []),
    ],
)
def test_what_disagrees_is_doubtful_and_nobodys_until_then(
    evidence: dict[str, object], reason: str, possible: list[str]
) -> None:
    decision = decide(**evidence)
    assert decision.whose is None
    assert decision.reasons == (f"identity.{reason}",)
    assert authors(decision) == possible


@pytest.mark.parametrize(
    ("senders", "kind", "is_certain"),
    [
        ((), SELF, True),
        ((OFFICE,), SELF, True),
        ((contact(A),), SELF, True),
        ((contact(B),), SELF, False),
        ((contact(A), contact(B)), SELF, False),  # the same bytes by two: both have to be entitled
        ((OFFICE, contact(B)), SELF, False),
        ((contact(B),), ANALYSIS, True),
        ((contact(A),), ANALYSIS, False),  # the author's own analysis of itself
        ((contact(A),), RESPONSE, True),
        ((contact(B),), RESPONSE, False),
        ((chair("chair-a"),), RECORD, True),
        ((chair("chair-b"),), RECORD, False),
        ((contact(A),), RECORD, False),
        ((chair("chair-a"),), SELF, False),
        ((Person(9, "Contact", Access.PARTICIPANT, "southern", participant_id=A),), SELF, False),
    ],
)
def test_every_sender_has_to_be_one_whose_form_it_is(
    senders: tuple[Person, ...], kind: Kind, is_certain: bool
) -> None:
    decision = decide(*senders, kind=kind, marked=(A, B))
    assert (decision.whose is not None) is is_certain
    assert decision.reasons == (() if is_certain else ("identity.other_sender",))


def sent_pack_to(who: str) -> tuple[Sent, ...]:
    role = Role.CHAIR if who.startswith("chair") else Role.CHALLENGER
    at = datetime(2027, 3, 1, tzinfo=UTC)
    return (Sent(DispatchKind.ANALYSIS_PACK, Party(CYCLE, role, who), at),)


@pytest.mark.parametrize(
    ("kind", "former", "evidence", "reason"),
    [
        (ANALYSIS, C, {"titled": ((A, B),), "named": (A, B)}, None),  # names the present one
        (ANALYSIS, C, {"titled": ((A, None),), "named": (A,)}, "other_challenger"),
        (ANALYSIS, None, {"titled": ((A, None),), "named": (A,)}, None),  # there never was another
        (RECORD, "chair-b", {"marked": (A, B), "chair": "chair-a"}, None),
        (RECORD, "chair-b", {"marked": (A, B)}, "other_chair"),
        (RECORD, None, {"marked": (A, B)}, None),
        (SELF, C, {"marked": (A, None)}, None),  # an area is its own author for good
    ],
)
def test_where_one_followed_another_a_document_has_to_name_the_present_one(
    kind: Kind, former: str | None, evidence: dict[str, object], reason: str | None
) -> None:
    scope = replace(SCOPES[A], sent=sent_pack_to(former) if former else ())

    class AfterAChange(Roles):
        def scope_of(self, candidate: Candidate) -> Scope | None:
            return scope

    decision = decide_identity(Evidence(CYCLE, kind=kind, **evidence), (), AfterAChange())  # type: ignore[arg-type]
    assert decision.reasons == ((f"identity.{reason}",) if reason else ())
    assert decision.writer == (None if reason else scope.party(SENT_BY[kind]))


@pytest.mark.parametrize(
    ("named", "writer"),
    [((), B), ((B,), B), ((C,), C), (("elsewhere",), B), ((C, "chair-a"), C)],
)
def test_a_former_challenger_stays_the_writer_of_what_the_office_identifies(
    named: tuple[str, ...], writer: str
) -> None:
    scope = replace(SCOPES[A], sent=sent_pack_to(C))
    assert writer_as_identified(scope, ANALYSIS, named) == Party(CYCLE, Role.CHALLENGER, writer)


@pytest.mark.parametrize(
    ("person", "kind"), [(contact(B), ANALYSIS), (contact(B), CHALLENGERS), (chair("chair-a"), RECORD)]
)
def test_a_challenger_or_chair_hands_nothing_in_before_they_are_told(person: Person, kind: Kind) -> None:
    assert user_can_send_in(person, SCOPES[A], kind)
    assert not user_can_send_in(person, replace(SCOPES[A], sent=()), kind)


def test_what_a_sender_could_hand_in_is_suggested() -> None:
    decision = decide(contact(A), kind=ANALYSIS, mentioned=(B,))
    assert decision.candidates == (Candidate(CYCLE, B, ANALYSIS), Candidate(CYCLE, C, ANALYSIS))


@pytest.mark.parametrize(
    ("person", "evidence", "may"),
    [
        (OFFICE, {"marked": (A, None)}, True),
        (contact(A), {"marked": (A, None)}, True),
        (contact(B), {"marked": (A, None)}, False),
        (contact(B), {"marked": (A, None), "titled": ((B, None),)}, True),  # a colleague's form: to be held
        (contact(C), {"marked": (A, None), "titled": ((B, None),)}, False),
        (contact(A), {"kind": RESPONSE, "mentioned": (B,)}, True),
        (contact(A), {"file_named": (B,)}, True),
        (contact(A), {}, True),
        (contact(C), {"kind": ANALYSIS, "marked": (A, C)}, False),  # a former challenger
        (contact(B), {"kind": ANALYSIS, "marked": (A, C)}, True),
        (contact(A), {"kind": RECORD, "marked": (A, B)}, False),
        (chair("chair-b"), {"kind": RECORD, "marked": (A, B), "chair": "chair-b"}, False),
    ],
)
def test_nobody_sends_in_what_marks_or_title_give_to_others_alone(
    person: Person, evidence: dict[str, object], may: bool
) -> None:
    assert is_for_sender(decide(**evidence), person, Roles()) is may


def test_evidence_comes_back_from_json_as_it_was() -> None:
    given = Evidence(
        CYCLE,
        None,
        RECORD,
        (SELF,),
        (A, None),
        ((A, B), (C, None)),
        (A,),
        (A, B),
        (),
        (C,),
        (B,),
        True,
        True,
        "c",
    )
    assert Evidence.from_dict(json.loads(json.dumps(asdict(given)))) == given
