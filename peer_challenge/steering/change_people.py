"""Changing an account or removing somebody's access, which nobody does with an account of their own."""

from datetime import datetime

from peer_challenge.errors import WrongUse
from peer_challenge.model.access import Access, Person
from peer_challenge.model.reasons import read_reason
from peer_challenge.register import people
from peer_challenge.register.cycles import load_stored
from peer_challenge.register.database import Transaction
from peer_challenge.register.people import Account, User

_REMEDY = "Ask a colleague in the programme office."


def change_account(
    connection: Transaction, person: Person, user: User, wanted: Account, *, at: datetime, link_hours: int
) -> str | None:
    """Make `user` what `wanted` says; the token of a new one-time link if their address changes, else None.

    Raises WrongUse for an address or a role of one's own, an address that somebody has or had, and an area
    or Chair that is not in the cycle.
    """
    is_elsewhere = (user.access, user.cycle_id, user.participant_id, user.chair_id) != (
        wanted.access,
        wanted.cycle_id,
        wanted.participant_id,
        wanted.chair_id,
    )
    if user.id == person.id and (is_elsewhere or wanted.email.lower() != user.email):
        # a slip in either would lock the office out
        raise WrongUse("You cannot change your own email address or role.", remedy=_REMEDY)
    if is_elsewhere:
        check_belongs_to_cycle(connection, wanted)
    return people.change_person(connection, user.id, wanted, at=at, actor=person.name, link_hours=link_hours)


def check_belongs_to_cycle(connection: Transaction, wanted: Account) -> None:
    """Raise WrongUse where an account is for an area or a Chair that its cycle does not have."""
    if wanted.cycle_id is None:
        return
    cycle = load_stored(connection, wanted.cycle_id)[0]
    is_contact = wanted.access is Access.PARTICIPANT
    if (wanted.participant_id if is_contact else wanted.chair_id) not in (
        cycle.participant if is_contact else cycle.chair
    ):
        raise WrongUse(
            "There is no such area or Chair in that cycle.", remedy="Choose one from the list.", about="place"
        )


def remove_access(
    connection: Transaction, person: Person, user_id: int, *, reason: str, at: datetime
) -> None:
    """Remove somebody's access. Raises WrongUse without a reason, and for one's own access."""
    if user_id == person.id:  # so that the office is not locked out
        raise WrongUse("You cannot remove your own access.", remedy=_REMEDY)
    people.end_person(connection, user_id, reason=read_reason(reason), at=at, actor=person.name)
