"""Asking somebody who is signed in who they are, before a change that could hand control to somebody else."""

from dataclasses import dataclass
from functools import partial
from urllib.parse import urlencode

from fastapi import Request

from dashboard.context import Visit
from dashboard.openid import PATH
from peer_challenge.register import people
from peer_challenge.register.people import Confirming


@dataclass(frozen=True, slots=True)
class AskedAgain:
    """What a form asks for: the password, or a sign-in again at the service, whose link it then has."""

    wants_password: bool
    service: str | None
    email: str


def ask_again(request: Request, visit: Visit, page: str) -> AskedAgain:
    """What the form at the end of `page`, a path, asks for."""
    with visit.register.reading() as connection:
        way = people.find_way_to_confirm(connection, visit.person.id, visit.vouched_at, visit.office.now())
        email = people.read_email_address(connection, visit.person.id)
    offers = request.app.state.provider is not None and way is not Confirming.NOT_NEEDED
    link = f"{PATH}?{urlencode({'next': page, 'again': 'yes'})}"
    return AskedAgain(way is Confirming.BY_TYPING, link if offers else None, email)


def confirm_visitor(visit: Visit, present: str) -> partial[None]:
    """A call that raises WrongUse unless the visitor has shown who they are; `present` is what was typed."""
    return partial(
        people.confirm_person,
        visit.register,
        visit.person.id,
        present,
        vouched_at=visit.vouched_at,
        at=visit.office.now(),
    )
