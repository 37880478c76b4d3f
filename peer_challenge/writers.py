"""Who wrote a document that arrives: the area or Chair that it stays with when another takes the role.

A form in the inbox folder does not say who put it there. It is taken as from the party whose turn it
is, unless something speaks against that: then it has no writer, and is for the office alone.
"""

from sqlalchemy import Connection, Row

from peer_challenge.cycle import Cycle
from peer_challenge.journey import SENT_BY
from peer_challenge.policy import Access, Party, Person, Scope, former_parties
from peer_challenge.register import rights, uploads
from peer_challenge.vocabulary import Role
from peer_challenge.word.reading import Reading

_OTHER_AREA = "identity.other_area_named"


def find_writer(
    connection: Connection,
    cycle: Cycle,
    challenge: Row[tuple[object, ...]],
    reading: Reading,
    *,
    is_decided: bool = False,
) -> Party | None:
    """The party that wrote a document of a challenge, in its role; None where it is not known for sure.

    Somebody who held the role before stays the writer of what they send in late. With `is_decided` the
    office has said whose it is: then it is from the party that the form names, else from who has the role.
    """
    found = rights.load_challenge(connection, cycle.id, challenge.author_id)
    if found is None or reading.kind is None:
        return None
    scope, role = found[1], SENT_BY[reading.kind]
    candidates = [scope.holder(role), *former_parties(scope, role)]
    writer = _stated(cycle, scope, reading, role)
    if is_decided:
        writer = writer if writer in candidates else scope.holder(role)
    elif (
        writer not in candidates
        or any(one.code == _OTHER_AREA for one in reading.findings)
        or any(
            not uploader.is_office and writer != _acts_for(uploader, cycle, role)
            for uploader in uploads.uploaders_of(connection, reading.sha256)
        )
    ):
        return None
    return Party(cycle.id, role, writer) if writer else None


def _stated(cycle: Cycle, scope: Scope, reading: Reading, role: Role) -> str | None:
    """The party that the form itself names; the holder of the role where there never was another."""
    if role is Role.AUTHOR:
        return scope.author_id
    stated = reading.challenger if role is Role.CHALLENGER else _named_chair(cycle, reading)
    if stated is None and not former_parties(scope, role):
        return scope.holder(role)
    return stated


def _named_chair(cycle: Cycle, reading: Reading) -> str | None:
    """The Chair of the cycle whom a record names, by the longest name that is in it."""
    written = reading.particulars.get("chair", "").casefold()
    named = [chair for chair in cycle.chairs if chair.name.casefold() in written]
    return max(named, key=lambda chair: len(chair.name)).id if named else None


def _acts_for(person: Person, cycle: Cycle, role: Role) -> str | None:
    if person.cycle_id != cycle.id:
        return None
    if role is Role.CHAIR:
        return person.chair_id if person.access is Access.CHAIR else None
    return person.participant_id if person.access is Access.PARTICIPANT else None
