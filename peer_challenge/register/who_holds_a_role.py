"""Who holds which role now: needed to decide whose a document is."""

from collections.abc import Iterator

from sqlalchemy import Connection

from peer_challenge.model.access import Person, Scope, user_can_send_in
from peer_challenge.model.vocabulary import Kind
from peer_challenge.model.whose_document import Candidate
from peer_challenge.register import access_facts
from peer_challenge.register.access_facts import Reach


class RegisterRoles:
    """The roles according to the register, in one transaction that changes none of them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._scopes: dict[tuple[str, str], Scope | None] = {}

    def scope_of(self, candidate: Candidate) -> Scope | None:
        """Who holds which role in a candidate's challenge; None where there is no such challenge."""
        if candidate.cycle is None:
            return None
        key = candidate.cycle, candidate.author
        if key not in self._scopes:
            found = access_facts.load_challenge(self._connection, *key, Reach.ISSUED)
            self._scopes[key] = found[1] if found else None
        return self._scopes[key]

    def handed_in_by(self, person: Person, kind: Kind) -> Iterator[Candidate]:
        """The candidates of `kind` that `person`, an area's contact or a Chair, may hand in."""
        for row, scope in access_facts.challenges_of_cycle(
            self._connection, person.cycle_id or "", Reach.ISSUED
        ):
            if user_can_send_in(person, scope, kind):
                yield Candidate(row.cycle_id, row.author_id, kind)

    def awaited_from_challenged(self, cycle: str, challenger: str, kind: Kind) -> Iterator[Candidate]:
        """The candidates of `kind` that `challenger` challenges and that have not come in yet."""
        for row, scope in access_facts.challenges_of_cycle(self._connection, cycle, Reach.ISSUED):
            is_here = any(written is kind for written, _ in scope.written)
            if scope.challenger_id == challenger and not is_here:
                yield Candidate(row.cycle_id, row.author_id, kind)
