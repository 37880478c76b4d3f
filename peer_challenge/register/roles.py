"""Who holds which role now, for deciding whose a document is."""

from collections.abc import Iterator

from sqlalchemy import Connection

from peer_challenge.identification import Candidate
from peer_challenge.policy import Person, Scope, can_hand_in
from peer_challenge.register import listings
from peer_challenge.vocabulary import Kind


class RegisterRoles:
    """The roles as the register has them, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def scope_of(self, candidate: Candidate) -> Scope | None:
        """Who holds which role in a candidate's challenge; None where there is no such challenge."""
        if candidate.cycle is None:
            return None
        return listings.scope_by_id(self._connection, f"{candidate.cycle}/{candidate.author}")

    def handed_in_by(self, person: Person, kind: Kind) -> Iterator[Candidate]:
        """Everything of a kind that is an area contact's or a Chair's to hand in."""
        for row in listings.challenges_for(self._connection, person):
            if can_hand_in(person, listings.scope_of(row), kind):
                yield Candidate(row.cycle_id, row.author_id, kind)
