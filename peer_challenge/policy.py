"""Who may do and see what. Pages and API ask here and nowhere else.

Each rule comes as a pair: `can_...` answers, for showing or hiding a button; `check_...` raises
Forbidden, for enforcing. A rule takes the person and the thing, never a page.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import wraps
from typing import Concatenate, ParamSpec

from peer_challenge.errors import PeerChallengeError
from peer_challenge.journey import SENT_BY
from peer_challenge.vocabulary import Kind, Role


class Access(StrEnum):
    """The roles of people who sign in."""

    OFFICE = "office"
    PARTICIPANT = "participant"
    CHAIR = "chair"
    VIEWER = "viewer"


class Forbidden(PeerChallengeError):
    """Somebody asked for what is not theirs."""

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
class Scope:
    """What a rule needs to know of a challenge: who holds which role in it."""

    cycle_id: str
    author_id: str
    challenger_id: str | None = None
    chair_id: str | None = None

    def holder(self, role: Role) -> str | None:
        """The id of whoever holds `role`."""
        return {
            Role.AUTHOR: self.author_id,
            Role.CHALLENGER: self.challenger_id,
            Role.CHAIR: self.chair_id,
        }.get(role)


def _is(person: Person, scope: Scope, role: Role) -> bool:
    """Whether `person` acts for whoever holds `role` in the challenge."""
    if person.cycle_id != scope.cycle_id or scope.holder(role) is None:
        return False
    if role is Role.CHAIR:
        return person.access is Access.CHAIR and person.chair_id == scope.chair_id
    return person.access is Access.PARTICIPANT and person.participant_id == scope.holder(role)


def can_see_board(person: Person) -> bool:
    """The cycle board, calendar and counts: the office, and viewers (without contents)."""
    return person.access in (Access.OFFICE, Access.VIEWER)


def can_run_cycle(person: Person) -> bool:
    """Everything that changes a cycle, and every page about all areas at once: the office."""
    return person.is_office


def can_see_challenge(person: Person, scope: Scope) -> bool:
    """A challenge's page: the office, its author, its challenger and its Chair."""
    return person.is_office or any(
        _is(person, scope, role) for role in (Role.AUTHOR, Role.CHALLENGER, Role.CHAIR)
    )


def can_see_contents(person: Person, scope: Scope) -> bool:
    """What was written, on the page: the office and the author. Others have the documents they were sent."""
    return person.is_office or _is(person, scope, Role.AUTHOR)


def can_download_dispatch(person: Person, scope: Scope | None, role: Role, recipient_id: str) -> bool:
    """A dispatch: the office, and whoever it is addressed to while they still hold that role."""
    if person.is_office:
        return True
    return scope is not None and scope.holder(role) == recipient_id and _is(person, scope, role)


def can_download_submission(person: Person, scope: Scope | None, kind: Kind | None) -> bool:
    """The original of a submission: the office, and whoever sends that kind."""
    if person.is_office:
        return True
    return scope is not None and kind is not None and _is(person, scope, SENT_BY[kind])


def can_hand_in(person: Person, scope: Scope, kind: Kind) -> bool:
    """Sending in a form of a kind for a challenge: the office, and who holds the role that sends it."""
    return person.is_office or _is(person, scope, SENT_BY[kind])


def can_upload(person: Person) -> bool:
    """Sending documents in at all: everybody but viewers. Whose a document is decides can_hand_in."""
    return person.access is not Access.VIEWER


Rule = ParamSpec("Rule")


def _enforced(
    rule: Callable[Concatenate[Person, Rule], bool], what: str
) -> Callable[Concatenate[Person, Rule], None]:
    @wraps(rule)
    def check(person: Person, /, *args: Rule.args, **kwargs: Rule.kwargs) -> None:
        if not rule(person, *args, **kwargs):
            raise Forbidden(f"You may not {what}.")

    return check


check_see_board = _enforced(can_see_board, "see the board")
check_run_cycle = _enforced(can_run_cycle, "do this: it is for the programme office")
check_see_challenge = _enforced(can_see_challenge, "see this challenge")
check_see_contents = _enforced(can_see_contents, "see what was written here")
check_download_dispatch = _enforced(can_download_dispatch, "have this document")
check_download_submission = _enforced(can_download_submission, "have this document")
check_upload = _enforced(can_upload, "send documents in")
