"""Decides whose a document is, from all the evidence together, before anything is done with it.

The evidence is what the document carries (hidden marks), what it says (title, headings, the Chair's
name), what its file is called, and who sent it in. If two of them disagree, or none is clear, the
document is doubtful: it is held until the programme office has said whose it is.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol, TypedDict

from peer_challenge.model.access import Party, Person, Scope, former_parties, user_can_send_in
from peer_challenge.model.kinds_of_submission import SENT_BY
from peer_challenge.model.vocabulary import Kind, Role

HELD = "identity.held"
"""The finding that every doubtful document has: the office has to say whose it is."""

_LISTS_OF_AREAS = ("claimed", "named", "mentioned", "file_named", "asked_by")
"""The fields of `Evidence` that hold ids of areas."""
_NAMED_WITH_OTHERS = (
    Kind.ANALYSIS,
    Kind.RESPONSE,
    Kind.CHAIR_RECORD,
    Kind.CORRECTIONS,
    Kind.CHALLENGER_CORRECTIONS,
)
"""Forms that name the other area of the pair as well: one name alone does not say whose they are."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One answer to whose a document is: a form of `kind` in the challenge of `author`.

    None means that it is not known.
    """

    cycle: str | None
    author: str
    kind: Kind | None

    def as_dict(self) -> dict[str, str | None]:
        """The candidate as the register stores it: keys cycle, author and kind."""
        return {"cycle": self.cycle, "author": self.author, "kind": self.kind and self.kind.value}


class Doubt(TypedDict, total=False):
    """Why it is doubtful whose a document is, as the register keeps it.

    `reasons` are codes of findings, `candidates` those of `Candidate.as_dict`, `named` ids of areas.
    """

    reasons: list[str]
    candidates: list[dict[str, str | None]]
    named: list[str]


_CAN_CHANGE = {Role.CHALLENGER: "identity.other_challenger", Role.CHAIR: "identity.other_chair"}
"""The roles in which one may follow another, and the finding that a document is not of the present one."""

Pair = tuple[str, str | None]
"""An author and, where it is said, the challenger."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a document itself says about whose it is: ids of areas, Chairs and cycles.

    `marked` are author and challenger of its hidden marks, `titled` those of the lines that name them
    with the cycle; `claimed` the areas that a heading or particular is about, `named` all that short
    lines name, `mentioned` those found in other text, `file_named` those of the file's name. `asked_by` are
    those that the form itself prints as the challenger: such an area did not write the form.
    `has_strange_title` says that a title names an area nobody knows. `other_kinds` are the other kinds of
    form that it may be.
    """

    cycle: str | None = None
    other_cycle: str | None = None
    kind: Kind | None = None
    other_kinds: tuple[Kind, ...] = ()
    marked: Pair | None = None
    titled: tuple[Pair, ...] = ()
    claimed: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    mentioned: tuple[str, ...] = ()
    file_named: tuple[str, ...] = ()
    asked_by: tuple[str, ...] = ()
    is_joint: bool = False
    has_strange_title: bool = False
    chair: str | None = None

    @classmethod
    def from_dict(cls, told: dict[str, Any]) -> "Evidence":
        """The evidence from a mapping read from JSON, with tuples and kinds restored."""
        return cls(
            **{
                **told,
                "kind": Kind(told["kind"]) if told["kind"] else None,
                "other_kinds": tuple(Kind(kind) for kind in told["other_kinds"]),
                "marked": _read_area_pair(told["marked"]) if told["marked"] else None,
                "titled": tuple(map(_read_area_pair, told["titled"])),
                **{name: tuple(told[name]) for name in _LISTS_OF_AREAS},
            }
        )


def _read_area_pair(told: Sequence[str | None]) -> Pair:
    author, challenger = told
    return author or "", challenger


class Roles(Protocol):
    """Who holds which role now, according to the register."""

    def scope_of(self, candidate: Candidate) -> Scope | None:
        """Who holds which role in a candidate's challenge; None where there is no such challenge."""

    def handed_in_by(self, person: Person, kind: Kind) -> Iterable[Candidate]:
        """The candidates of `kind` that `person` may hand in."""

    def awaited_from_challenged(self, cycle: str, challenger: str, kind: Kind) -> Iterable[Candidate]:
        """The candidates of `kind` that `challenger` challenges and that have not come in yet."""


class NoRoles:
    """Roles where there is no register: no challenge is known."""

    def scope_of(self, candidate: Candidate) -> Scope | None:
        """None: there is no register."""
        return None

    def handed_in_by(self, person: Person, kind: Kind) -> Iterable[Candidate]:
        """Nothing: there is no register."""
        return ()

    def awaited_from_challenged(self, cycle: str, challenger: str, kind: Kind) -> Iterable[Candidate]:
        """Nothing: there is no register."""
        return ()


@dataclass(frozen=True, slots=True)
class Decision:
    """Whose a document is: certain (`whose`), doubtful (`reasons` and `candidates`), or nobody's.

    `writer` is the party that wrote it: None while it is doubtful, and if nobody holds the role yet.
    `reasons` are codes of findings, none when it is certain; in `candidates` the likeliest comes first.
    `challenger` is the one that the document names, `named` that one and the Chair; `basis` is what says
    whose it is: "marks", "content" (its title or a heading), "file name", or None.
    """

    whose: Candidate | None = None
    writer: Party | None = None
    challenger: str | None = None
    basis: str | None = None
    reasons: tuple[str, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    named: tuple[str, ...] = ()

    @property
    def is_doubtful(self) -> bool:
        """Whether the office has to say whose it is."""
        return bool(self.reasons)


def decide_identity(
    evidence: Evidence, senders: Sequence[Person] = (), roles: Roles | None = None
) -> Decision:
    """Whose a document is, from what it says and from who sent it in.

    `senders` are all who sent exactly these bytes in through the page. It is empty for a file that was only
    ever in the inbox folder; then marks and name have to agree without it. The office may send in
    anything, so its sending says nothing about whose a document is.
    """
    roles = roles or NoRoles()
    said = _identify_by_marks(evidence) if evidence.marked else _identify_by_words(evidence)
    reasons = [*said.reasons, *_find_gaps_in_evidence(evidence)]
    authors = list(said.authors)
    whose = Candidate(evidence.cycle, authors[0], evidence.kind) if authors else None
    if whose is not None and not reasons:
        reasons += _find_role_conflicts(evidence, said.challenger, whose, roles)
        reasons += _find_sender_conflicts(whose, senders, roles)
    if not reasons and whose is not None:
        return Decision(whose, _present_writer(whose, roles), said.challenger, said.basis)
    kinds = (evidence.kind, *evidence.other_kinds)
    candidates = [Candidate(evidence.cycle, author, kind) for author in authors for kind in kinds]
    candidates += _list_awaited_authors(evidence, roles)
    candidates += [
        candidate
        for person in senders
        if evidence.kind is not None and not person.is_office
        for candidate in roles.handed_in_by(person, evidence.kind)
    ]
    return Decision(
        challenger=said.challenger,
        basis=said.basis,
        reasons=tuple(dict.fromkeys(reasons)),
        candidates=tuple(dict.fromkeys(candidates)),
        named=tuple(filter(None, (said.challenger, evidence.chair))),
    )


def _list_awaited_authors(evidence: Evidence, roles: Roles) -> Iterable[Candidate]:
    """The authors whose form is awaited by the challenger that an unmarked form prints."""
    if evidence.marked is not None or evidence.cycle is None or evidence.kind not in _NAMED_WITH_OTHERS:
        return
    for challenger in evidence.asked_by:
        yield from roles.awaited_from_challenged(evidence.cycle, challenger, evidence.kind)


def _present_writer(whose: Candidate, roles: Roles) -> Party | None:
    scope = roles.scope_of(whose)
    return scope.party(SENT_BY[whose.kind]) if scope is not None and whose.kind is not None else None


def writer_as_identified(scope: Scope, kind: Kind, named: Iterable[str]) -> Party | None:
    """The party that wrote a held document, once the office has said whose it is and of what kind.

    `named` are the challenger and Chair that the document names. If one of them held the role before, that
    party is the writer: the present holder must not be sent what somebody else wrote. Otherwise it is the
    present holder.
    """
    role = SENT_BY[kind]
    former = former_parties(scope, role)
    before = next((who for who in named if who in former), None)
    return Party(scope.cycle_id, role, before) if before else scope.party(role)


def is_for_sender(decision: Decision, person: Person, roles: Roles) -> bool:
    """Whether somebody may send in a document, to be accepted at once or held; it was decided without them.

    A document whose owner is certain has to be theirs to hand in. If marks or title leave a doubt, one
    candidate has to be theirs. Names in other text, or in the file's name, exclude nobody: such a document
    is held.
    """
    if person.is_office or decision.basis not in ("marks", "content"):
        return True
    possible = (decision.whose,) if decision.whose is not None else decision.candidates
    return not possible or any(_may_hand_in(person, candidate, roles) for candidate in possible)


@dataclass(frozen=True, slots=True)
class _Said:
    """What marks or words say: authors, the likeliest first, and why that is not certain."""

    authors: tuple[str, ...] = ()
    challenger: str | None = None
    basis: str | None = None
    reasons: tuple[str, ...] = ()


def _identify_by_marks(evidence: Evidence) -> _Said:
    """A marked form is its mark's, unless its title or headings name somebody else."""
    assert evidence.marked is not None
    author, challenger = evidence.marked
    said = _Said((author,), challenger, "marks")
    # a self-assessment is made before there is a challenger; its name there is somebody else's
    pair = {author} if evidence.kind is Kind.SELF_ASSESSMENT else {author, challenger}
    others = [titled for titled, _ in evidence.titled if titled != author]
    others += [area for area in evidence.claimed if area not in pair]
    if evidence.kind not in _NAMED_WITH_OTHERS and author not in evidence.claimed:
        others += evidence.claimed
    if others or evidence.has_strange_title:
        return replace(
            said, authors=_drop_repeated_areas(author, *others), reasons=("identity.other_area_named",)
        )
    challengers = {by for _, by in evidence.titled if by}
    if evidence.kind is Kind.ANALYSIS and challenger and challengers - {challenger}:
        return replace(said, reasons=("identity.other_challenger",))
    return said


def _identify_by_words(evidence: Evidence) -> _Said:
    """Without marks a title that names author and cycle says it, or a heading that is the area's name.

    Names in any other text are suggestions at most: a form tells of both areas of a pair. The challenger
    that the form prints is not its author, so it is no suggestion either. A file that is called by other
    areas alone leaves a doubt: somebody may have begun from a neighbour's form.
    """
    said = _read_names_in_words(evidence)
    if evidence.kind in _NAMED_WITH_OTHERS:
        said = _rule_out_printed_challenger(evidence, said)
    expected = {*said.authors, said.challenger, *evidence.asked_by}
    if said.reasons or not evidence.file_named or not expected.isdisjoint(evidence.file_named):
        return said
    authors = _drop_repeated_areas(*said.authors, *evidence.file_named)
    return replace(said, authors=authors, reasons=("identity.ambiguous",))


def _rule_out_printed_challenger(evidence: Evidence, said: _Said) -> _Said:
    authors = tuple(area for area in said.authors if area not in evidence.asked_by)
    if authors == said.authors:
        return said
    # the form contradicts itself: the office decides, and nobody is refused on the strength of its title
    return replace(said, authors=authors, basis=None, reasons=said.reasons or ("identity.ambiguous",))


def _read_names_in_words(evidence: Evidence) -> _Said:
    """Authors by title, headings, file name and other text, in this order."""
    if len(evidence.titled) == 1:
        author, challenger = evidence.titled[0]
        others = [area for area in evidence.named if area not in (author, challenger)]
        if not others:
            return _Said((author,), challenger, "content")
        return _Said(_drop_repeated_areas(author, *others), challenger, "content", ("identity.ambiguous",))
    named = evidence.claimed or evidence.named
    if len(named) == 1 and evidence.claimed == evidence.named:
        if evidence.kind not in _NAMED_WITH_OTHERS:
            return _Said(named, None, "content")
        return _Said(named, reasons=("identity.no_participant",))
    if len(named) > 1 or evidence.titled:
        code = "identity.joint" if evidence.is_joint else "identity.ambiguous"
        authors = _drop_repeated_areas(*(author for author, _ in evidence.titled), *named)
        return _Said(authors, None, "content" if evidence.titled else None, (code,))
    if len(evidence.file_named) == 1:
        return _Said(evidence.file_named, None, "file name", ("identity.from_file_name",))
    suggested = named or evidence.mentioned
    return _Said(suggested if len(suggested) == 1 else (), None, None, ("identity.no_participant",))


def _find_gaps_in_evidence(evidence: Evidence) -> Iterable[str]:
    if evidence.cycle is None:
        yield "identity.no_cycle"
    if evidence.other_cycle is not None:
        yield "identity.other_cycle"
    if evidence.other_kinds:
        yield "identity.kind_unclear"


def _find_role_conflicts(
    evidence: Evidence, challenger: str | None, whose: Candidate, roles: Roles
) -> Iterable[str]:
    """Whether the challenger or Chair that the document names is the one that there is now.

    Where there was another before, the document has to name one.
    """
    scope = roles.scope_of(whose)
    role = SENT_BY.get(whose.kind) if whose.kind else None
    if scope is None or role not in _CAN_CHANGE or scope.holder(role) is None:
        return
    named = challenger if role is Role.CHALLENGER else evidence.chair
    if named != scope.holder(role) and (named is not None or former_parties(scope, role)):
        yield _CAN_CHANGE[role]


def _find_sender_conflicts(whose: Candidate, senders: Sequence[Person], roles: Roles) -> Iterable[str]:
    if not all(person.is_office or _may_hand_in(person, whose, roles) for person in senders):
        yield "identity.other_sender"


def _may_hand_in(person: Person, candidate: Candidate, roles: Roles) -> bool:
    scope = roles.scope_of(candidate)
    return (
        scope is not None and candidate.kind is not None and user_can_send_in(person, scope, candidate.kind)
    )


def _drop_repeated_areas(*areas: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(areas))
