"""A challenge as far as the visitor may see it: found by its address, checked by the access rules."""

from collections.abc import Iterable
from dataclasses import dataclass

from dashboard.context import NotFound, Visit
from peer_challenge.model.access import (
    Forbidden,
    Scope,
    check_user_can_run_cycle,
    check_user_can_see_challenge,
    find_role_in_challenge,
    make_refusal_to_show,
    user_can_see_what_is_untold,
)
from peer_challenge.model.challenge_ids import split_challenge_id
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.framework import Framework
from peer_challenge.register import access_facts
from peer_challenge.register.cycles import load_state, load_stored
from peer_challenge.register.database import Transaction
from peer_challenge.register.known_challenges import KnownChallenge, known_challenge
from peer_challenge.register.records import Challenge, CycleState


@dataclass(frozen=True, slots=True)
class Found:
    """A challenge: the whole record, what the visitor may know of it, its cycle and framework.

    What is shown to others than the office comes from `known`, never from `row`.
    """

    row: Challenge
    scope: Scope
    known: KnownChallenge
    cycle: Cycle
    framework: Framework

    @property
    def path(self) -> str:
        """The address of the challenge's page."""
        return f"/challenges/{self.cycle.id}/{self.row.author_id}"

    def name(self, who: str | None) -> str:
        """The name of an area or Chair of the cycle; its id where it is neither."""
        if who is None:
            return ""
        held = self.cycle.find_recipient(who)
        return held.name if held else who


def find_challenge(visit: Visit, connection: Transaction, cycle_id: str, author_id: str) -> Found:
    """A challenge that the visitor may see.

    Raises Forbidden for one that is not theirs. For one that does not exist it raises NotFound to the office
    and Forbidden to everybody else: the answers are equal, so that nobody learns who takes part.
    """
    found = access_facts.load_challenge(connection, cycle_id, author_id)
    if found is None:
        raise not_there(visit)
    row, scope = found
    check_user_can_see_challenge(visit.person, scope)
    cycle, framework = load_stored(connection, cycle_id)
    role = None if user_can_see_what_is_untold(visit.person) else find_role_in_challenge(visit.person, scope)
    known = known_challenge(connection, cycle, row, scope, role, visit.office.today())
    return Found(row, scope, known, cycle, framework)


def find_challenge_for_office(visit: Visit, cycle_id: str, author_id: str) -> Found:
    """A challenge, for somebody who runs the cycle. Raises Forbidden for anybody else, and NotFound."""
    check_user_can_run_cycle(visit.person)
    with visit.register.reading() as connection:
        return find_challenge(visit, connection, cycle_id, author_id)


def find_open_cycle(connection: Transaction, cycle_id: str) -> Cycle:
    """A cycle that is open. Raises NotFound where there is none."""
    if load_state(connection, cycle_id) is not CycleState.OPEN:
        raise NotFound("There is no such cycle that is open.")
    return load_stored(connection, cycle_id)[0]


def find_author_names(connection: Transaction, challenge_ids: Iterable[str]) -> dict[str, str]:
    """The authors' names, by challenge id."""
    found = {}
    for which in set(challenge_ids):
        cycle_id, author_id = split_challenge_id(which)
        author = load_stored(connection, cycle_id)[0].participant.get(author_id)
        if author is not None:
            found[which] = author.name
    return found


def not_there(visit: Visit) -> NotFound | Forbidden:
    """The error for something that does not exist: NotFound to the office, Forbidden to everybody else."""
    if visit.person.is_office:
        return NotFound("There is no such thing in this register.")
    return make_refusal_to_show()
