"""Who may do and see what. Pages, API, downloads, feeds and calendars ask here and nowhere else.

Rights to a document depend on who wrote it and who was sent it, never on who holds a role now. The
stages of a challenge follow the same rule: people know of a stage when they wrote, or were sent, the
document that led to it. The office sees everything. Viewers see the stages of challenges, but never
more than the areas themselves have been told.

Rules come as a pair: `user_can_...` answers, for showing or hiding; `check_user_can_...` raises
Forbidden, for enforcing. A rule takes the person and the thing, never a page.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import wraps
from typing import Concatenate, ParamSpec

from peer_challenge.errors import PeerChallengeError
from peer_challenge.model.journey import ORDER, brought_by, tells_partners
from peer_challenge.model.kinds_of_submission import ASKED_BY, SENT_BY
from peer_challenge.model.vocabulary import DeadlineName, DispatchKind, Kind, Role, Stage


class Access(StrEnum):
    """The roles of people who sign in."""

    OFFICE = "office"
    PARTICIPANT = "participant"
    CHAIR = "chair"
    VIEWER = "viewer"


class Forbidden(PeerChallengeError):
    """Somebody asked for a thing that they may not see or do."""

    remedy = "If you should be able to see this, ask the programme office."


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody signed in. A participant's contact and a Chair belong to one cycle."""

    id: int
    name: str
    access: Access
    cycle_id: str | None = None
    participant_id: str | None = None
    chair_id: str | None = None

    @property
    def is_office(self) -> bool:
        """Whether this is somebody of the programme office."""
        return self.access is Access.OFFICE


@dataclass(frozen=True, slots=True)
class Party:
    """An area or a Chair of one cycle, in the role in which it wrote or was sent something."""

    cycle_id: str
    role: Role
    id: str


@dataclass(frozen=True, slots=True)
class Sent:
    """A dispatch that has gone out: what, to whom, when it was intended, and what it passes on whole."""

    kind: DispatchKind
    to: Party
    intended_at: datetime
    passes_on: frozenset[Kind] = frozenset()


@dataclass(frozen=True, slots=True)
class Document:
    """A submission as rights see it: who wrote it, and who was sent a dispatch that passes it on.

    `writer` is None where it is not known for sure. `is_refused_by_guard`: the disclosure guard
    rejected it, so it may name a child.
    """

    writer: Party | None
    readers: frozenset[Party] = frozenset()
    is_refused_by_guard: bool = False


@dataclass(frozen=True, slots=True)
class Scope:
    """What a rule needs to know of a challenge: who holds which role in it, its stage, what went out.

    `written` holds the kinds of submission that were accepted, each with the party that wrote it.
    """

    cycle_id: str
    author_id: str
    challenger_id: str | None = None
    chair_id: str | None = None
    stage: Stage = Stage.INVITED
    paired_at: datetime | None = None
    event_on: date | None = None
    sent: tuple[Sent, ...] = ()
    written: frozenset[tuple[Kind, Party]] = frozenset()

    def holder(self, role: Role) -> str | None:
        """The id of the party that holds `role`, or None."""
        return {
            Role.AUTHOR: self.author_id,
            Role.CHALLENGER: self.challenger_id,
            Role.CHAIR: self.chair_id,
        }.get(role)

    def party(self, role: Role) -> Party | None:
        """The party that holds `role`, or None."""
        held = self.holder(role)
        return Party(self.cycle_id, role, held) if held else None

    def sent_to(self, role: Role) -> list[Sent]:
        """What has gone out to the present holder of `role`, in that role and of the present pairing."""
        party = self.party(role)
        since = self.paired_at
        return [
            one for one in self.sent if one.to == party and since is not None and one.intended_at >= since
        ]


HOLDERS = (Role.AUTHOR, Role.CHALLENGER, Role.CHAIR)
"""The roles in a challenge that people outside the office hold."""

_TELLS_OF_PAIRING: dict[Role, tuple[DispatchKind, ...]] = {
    Role.AUTHOR: (
        DispatchKind.PARTNER_NOTICE,
        DispatchKind.RETURNED_ANALYSIS,
        DispatchKind.EVENT_INVITATION,
    ),
    Role.CHALLENGER: (DispatchKind.PARTNER_NOTICE, DispatchKind.ANALYSIS_PACK, DispatchKind.EVENT_INVITATION),
    Role.CHAIR: (DispatchKind.EVENT_INVITATION, DispatchKind.CHAIR_BRIEFING),
}
"""What has to have gone out to a role before it is told who the partners are."""
_TELLS_OF_EVENT = (
    DispatchKind.EVENT_INVITATION,
    DispatchKind.EVENT_CALENDAR,
    DispatchKind.CHAIR_BRIEFING,
)


def is_acting_for_party(person: Person, party: Party | None) -> bool:
    """Whether `person` acts for `party`: a contact for its area in either role, a Chair for themselves."""
    if party is None or person.cycle_id != party.cycle_id:
        return False
    if party.role is Role.CHAIR:
        return person.access is Access.CHAIR and person.chair_id == party.id
    is_area = party.role in (Role.AUTHOR, Role.CHALLENGER)
    return is_area and person.access is Access.PARTICIPANT and person.participant_id == party.id


def knows_partners(role: Role, scope: Scope) -> bool:
    """Whether the holder of `role` has been told who is paired: its notice, pack or invitation is out."""
    return any(one.kind in _TELLS_OF_PAIRING[role] for one in scope.sent_to(role))


def knows_event(role: Role, scope: Scope) -> bool:
    """Whether the holder of `role` has been sent a dispatch that tells of the event."""
    return any(one.kind in _TELLS_OF_EVENT for one in scope.sent_to(role))


def knows_of_challenge(role: Role, scope: Scope) -> bool:
    """Whether the holder of `role` has heard of the challenge: the author by anything that it was sent."""
    if role is Role.AUTHOR:
        return any(one.to == scope.party(role) for one in scope.sent)
    return knows_partners(role, scope) if role is Role.CHALLENGER else knows_event(role, scope)


def knows_of_document(role: Role, scope: Scope, kind: Kind) -> bool:
    """Whether the holder of `role` may know that a submission of `kind` is in: it wrote or was sent it."""
    is_own = (kind, scope.party(role)) in scope.written
    return is_own or any(kind in one.passes_on for one in scope.sent_to(role))


def was_asked_for(role: Role, scope: Scope, deadline: DeadlineName) -> bool:
    """Whether the dispatch that asks for the thing due at `deadline` has gone out to the holder of `role`."""
    party, kind = scope.party(role), ASKED_BY.get(deadline)
    since = scope.paired_at if kind is not ASKED_BY[DeadlineName.SELF_ASSESSMENT_DUE] else None
    return any(
        one.kind is kind and one.to == party and (since is None or one.intended_at >= since)
        for one in scope.sent
    )


def known_stages(role: Role, scope: Scope, today: date) -> tuple[Stage, ...]:
    """The stages, of those that a challenge has reached, that the holder of `role` may know of, in order."""
    if scope.stage is Stage.WITHDRAWN:
        return tuple(stage for stage in ORDER if _knows_stage(role, scope, stage, today))
    reached = ORDER[: ORDER.index(scope.stage) + 1]
    return tuple(stage for stage in reached if _knows_stage(role, scope, stage, today))


def _knows_stage(role: Role, scope: Scope, stage: Stage, today: date) -> bool:
    if stage is Stage.INVITED:
        return True
    if tells_partners(stage):
        return knows_partners(role, scope)
    if stage is Stage.EVENT_SET:
        return knows_event(role, scope)
    if stage is Stage.EVENT_HELD:  # a record that came early says no sooner that the event was held
        is_past = scope.event_on is not None and today > scope.event_on
        return (knows_event(role, scope) and is_past) or knows_of_document(role, scope, Kind.CHAIR_RECORD)
    kinds = brought_by(stage)
    if stage is Stage.CLOSED and not any(written in kinds for written, _ in scope.written):
        return knows_of_challenge(role, scope)  # the office closed it before it had run its course
    return any(knows_of_document(role, scope, kind) for kind in kinds)


def find_role_in_challenge(person: Person, scope: Scope) -> Role | None:
    """The role that `person` acts in, in a challenge, or None."""
    return next((role for role in HOLDERS if is_acting_for_party(person, scope.party(role))), None)


def user_can_see_board(person: Person) -> bool:
    """The cycle board, calendar and counts: the office, and viewers (without contents)."""
    return person.access in (Access.OFFICE, Access.VIEWER)


def user_can_run_cycle(person: Person) -> bool:
    """Everything that changes a cycle, and every page about all areas at once: the office."""
    return person.is_office


def user_can_see_what_is_untold(person: Person) -> bool:
    """Seeing partners, stages and dates before the areas have been told of them: only the office."""
    return person.is_office


def user_can_read_reasons(person: Person) -> bool:
    """Reading why the office changed a date, a pair or a challenge: only the office.

    Others get its messages.
    """
    return person.is_office


def user_can_see_challenge(person: Person, scope: Scope | None) -> bool:
    """A challenge's page: the office and its author; its challenger and Chair once they know the partners."""
    if scope is None:
        return False
    role = find_role_in_challenge(person, scope)
    if role is None:
        return person.is_office
    return role is Role.AUTHOR or knows_partners(role, scope)


def user_can_see_thread(person: Person, scope: Scope) -> bool:
    """The golden thread on the page: the office and the author, each with the versions that they may read."""
    return person.is_office or is_acting_for_party(person, scope.party(Role.AUTHOR))


def user_can_download_submission(person: Person, document: Document | None) -> bool:
    """Downloading a submission's original and findings, and knowing that it came: the office and its writer.

    A document that the disclosure guard refused is for the office alone: it may name a child.
    """
    if document is None:
        return False
    is_writer = not document.is_refused_by_guard and is_acting_for_party(person, document.writer)
    return person.is_office or is_writer


def user_can_read_submission(person: Person, document: Document | None) -> bool:
    """What a submission says, on the page: those who may have its original, and those who were sent it."""
    if document is None or person.is_office:
        return document is not None
    is_reader = any(is_acting_for_party(person, party) for party in document.readers)
    return not document.is_refused_by_guard and (is_reader or user_can_download_submission(person, document))


def user_can_settle_corrections(person: Person, scope: Scope) -> bool:
    """Reading what both areas corrected in a draft summary, and deciding about it: the Chair and the office.

    The Chair's summary is theirs to correct; areas learn of each other's corrections from the final one.
    """
    return person.is_office or is_acting_for_party(person, scope.party(Role.CHAIR))


def user_can_comment_on_progress(person: Person, scope: Scope, document: Document | None) -> bool:
    """Commenting on a progress report: its challenger once it was sent it, and the office for the challenger.

    Nobody does of a challenge that was withdrawn.
    """
    if document is None or scope.challenger_id is None or scope.stage is Stage.WITHDRAWN:
        return False
    challenger = scope.party(Role.CHALLENGER)
    return person.is_office or (is_acting_for_party(person, challenger) and challenger in document.readers)


def user_can_read_comments(person: Person, scope: Scope) -> bool:
    """What the challenger said of progress reports, on the page: the office and the challenger.

    The author is sent each comment in a letter.
    """
    return person.is_office or is_acting_for_party(person, scope.party(Role.CHALLENGER))


def user_can_answer_invitation(person: Person, scope: Scope, role: Role) -> bool:
    """Seeing and recording who of one side comes to an event: the office, and that side once invited."""
    is_theirs = is_acting_for_party(person, scope.party(role)) and knows_event(role, scope)
    return person.is_office or is_theirs


def user_can_note_who_came(person: Person, scope: Scope) -> bool:
    """Noting who came to an event: the office and its Chair."""
    return person.is_office or is_acting_for_party(person, scope.party(Role.CHAIR))


def user_can_read_who_came(person: Person, scope: Scope, noted_by: str, office: Collection[str]) -> bool:
    """A note of who came: the office, and the Chair where they or the office wrote it, not a former Chair.

    `noted_by` is the name of who wrote it, `office` are the names of the office's people.
    """
    return person.is_office or (user_can_note_who_came(person, scope) and noted_by in (person.name, *office))


def user_can_download_dispatch(person: Person, to: Party | None, *, is_issued: bool) -> bool:
    """A dispatch: the office, and the party it is addressed to once it has gone out."""
    if to is None:
        return False
    return person.is_office or (is_issued and is_acting_for_party(person, to))


def user_can_send_in(person: Person, scope: Scope, kind: Kind) -> bool:
    """Sending a kind of submission in a challenge: the office, and the party that writes that kind.

    A challenger or Chair may once it was told of the challenge: before, the answer would tell them.
    """
    role = SENT_BY[kind]
    is_theirs = is_acting_for_party(person, scope.party(role))
    return person.is_office or (is_theirs and (role is Role.AUTHOR or knows_of_challenge(role, scope)))


def user_can_upload(person: Person) -> bool:
    """Putting a document into the inbox: everybody but viewers. The document itself says what it is."""
    return person.access is not Access.VIEWER


def former_parties(scope: Scope, role: Role) -> Collection[str]:
    """The ids of those who were sent something in `role` and do not hold it now."""
    holder = scope.holder(role)
    return {one.to.id for one in scope.sent if one.to.role is role and one.to.id != holder}


def make_refusal_to_show() -> Forbidden:
    """The refusal to show a thing. It does not tell whether the thing exists or is somebody else's."""
    return Forbidden("You may not see this.")


Rule = ParamSpec("Rule")


def _make_enforcing_check(
    rule: Callable[Concatenate[Person, Rule], bool], refusal: Callable[[], Forbidden]
) -> Callable[Concatenate[Person, Rule], None]:
    @wraps(rule)
    def check(person: Person, /, *args: Rule.args, **kwargs: Rule.kwargs) -> None:
        if not rule(person, *args, **kwargs):
            raise refusal()

    return check


def _make_refusal(what: str) -> Callable[[], Forbidden]:
    return lambda: Forbidden(f"You may not {what}.")


check_user_can_see_board = _make_enforcing_check(user_can_see_board, _make_refusal("see the board"))
check_user_can_run_cycle = _make_enforcing_check(
    user_can_run_cycle, _make_refusal("do this: it is for the programme office")
)
check_user_can_upload = _make_enforcing_check(user_can_upload, _make_refusal("send documents in"))
check_user_can_answer_invitation = _make_enforcing_check(
    user_can_answer_invitation, _make_refusal("answer for others")
)
check_user_can_note_who_came = _make_enforcing_check(
    user_can_note_who_came, _make_refusal("note who came: it is for the Chair")
)
check_user_can_see_challenge = _make_enforcing_check(user_can_see_challenge, make_refusal_to_show)
check_user_can_download_submission = _make_enforcing_check(user_can_download_submission, make_refusal_to_show)
check_user_can_download_dispatch = _make_enforcing_check(user_can_download_dispatch, make_refusal_to_show)
