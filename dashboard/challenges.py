"""A challenge as the one who asks may see it: found by its address, checked by the policy."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row

from dashboard.context import NotFound, Visit
from peer_challenge.cycle import Cycle
from peer_challenge.framework import Framework
from peer_challenge.policy import Forbidden, Scope, check_see_challenge
from peer_challenge.register import listings
from peer_challenge.register.cycles import load_stored


@dataclass(frozen=True, slots=True)
class Found:
    """A challenge, who holds which role in it, its cycle and framework."""

    row: Row[Any]
    scope: Scope
    cycle: Cycle
    framework: Framework

    @property
    def path(self) -> str:
        """Its page."""
        return f"/challenges/{self.cycle.id}/{self.row.author_id}"

    def name(self, who: str | None) -> str:
        """The name of an area or Chair of the cycle; its id where it is neither."""
        if who is None:
            return ""
        held = self.cycle.participant.get(who) or self.cycle.chair.get(who)
        return held.name if held else who


def find(visit: Visit, connection: Connection, cycle_id: str, author_id: str) -> Found:
    """A challenge that the visitor may see.

    Raises Forbidden for one that is not theirs and, to all but the office, for one that there is not:
    the answers are the same, so that nobody learns who takes part.
    """
    found = listings.with_scope(connection, cycle_id, author_id)
    if found is None:
        raise not_there(visit)
    row, scope = found
    check_see_challenge(visit.person, scope)
    cycle, framework = load_stored(connection, cycle_id)
    return Found(row, scope, cycle, framework)


def names_of(connection: Connection, challenge_ids: Iterable[str]) -> dict[str, str]:
    """The authors' names, by challenge id."""
    found = {}
    for which in set(challenge_ids):
        cycle_id, _, author_id = which.partition("/")
        author = load_stored(connection, cycle_id)[0].participant.get(author_id)
        if author is not None:
            found[which] = author.name
    return found


def not_there(visit: Visit) -> NotFound | Forbidden:
    """What to answer for something that does not exist."""
    if visit.person.is_office:
        return NotFound("There is no such thing in this register.")
    return Forbidden("You may not see this challenge.")
