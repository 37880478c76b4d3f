"""Somebody who signs in, as the office types them: added, or changed."""

from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import Depends

from dashboard.form_fields import Text
from peer_challenge.errors import WrongUse
from peer_challenge.model.access import Access
from peer_challenge.model.email_addresses import clean_address, is_address
from peer_challenge.register.people import Account
from peer_challenge.system.control_characters import find_controls

_PARTS = 3
"""A place is written role/cycle/area, or role/cycle/Chair; ids have no slash in them."""


@dataclass(frozen=True, slots=True)
class TypedAccount:
    """What the form of a person sends; `how` their one-time link is to reach them."""

    name: Text = ""
    email: Text = ""
    access: Text = ""
    place: Text = ""
    how: Text = ""
    is_office_meant: Text = ""

    @property
    def asked(self) -> dict[str, str]:
        """The texts by the name of their field, for the form to show again."""
        return {"name": self.name, "email": self.email, "access": self.access, "place": self.place}

    def read(self) -> Account:
        """The account that a form asks for. Raises WrongUse for what is not possible."""
        # 200 characters: longer than any name with a role behind it.
        if not self.name.strip() or len(self.name) > 200 or find_controls(self.name):
            raise WrongUse(
                "That is not a name.",
                remedy="Write the person's name or role, in at most 200 characters.",
                about="name",
            )
        if not is_address(clean_address(self.email)):
            raise WrongUse(
                "That is not an email address.", remedy="Write it as name@example.org.", about="email"
            )
        if self.access not in set(Access):
            what = "There is no such role." if self.access else "You did not choose a role."
            raise WrongUse(what, remedy="Choose one from the list.", about="access")
        role, parts = Access(self.access), self.place.split("/")
        account = Account(clean_address(self.email), " ".join(self.name.split()), role)
        if role in (Access.OFFICE, Access.VIEWER):
            if self.place:
                raise WrongUse(
                    "An area or a Chair is chosen, but the role is one that sees every area.",
                    remedy="Choose the role of that area's contact or Chair, or choose no area.",
                    about="place",
                )
            return account
        if len(parts) != _PARTS or parts[0] != role.value:
            raise WrongUse(
                "The area or Chair does not go with the role.", remedy="Choose one that does.", about="place"
            )
        _, cycle_id, member = parts
        if role is Access.PARTICIPANT:
            return replace(account, cycle_id=cycle_id, participant_id=member)
        return replace(account, cycle_id=cycle_id, chair_id=member)

    def check_office_is_meant(self) -> None:
        """Raise WrongUse where the role is the office's, and nobody has said that this is meant."""
        if self.access == Access.OFFICE and not self.is_office_meant:
            raise WrongUse(
                "Somebody of the programme office reads what every area writes, and decides.",
                remedy="Tick that this person works in your office, or choose another role.",
                about="is_office_meant",
            )


Typed = Annotated[TypedAccount, Depends()]
