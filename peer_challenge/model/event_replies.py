"""Who says that they come to an event: what can be answered, and what each answer is called."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from peer_challenge.model.vocabulary import Role


class Reply(StrEnum):
    """An answer to an invitation."""

    COMES = "comes"
    CANNOT = "cannot"
    SENDS = "sends"


REPLY_NAMES: Mapping[Reply, str] = {
    Reply.COMES: "Comes",
    Reply.CANNOT: "Can’t come",
    Reply.SENDS: "Sends somebody else",
}
"""What each answer is called on the page."""


@dataclass(frozen=True, slots=True)
class Invited:
    """Somebody who is invited: in which role, for which area or Chair, and who, as a role.

    `who` is "" for a Chair, and for an area that has named nobody.
    """

    role: Role
    party_id: str
    who: str = ""


@dataclass(frozen=True, slots=True)
class EventReply:
    """What somebody answered, and of which change of the event (its `sequence`); `source`: page or email."""

    invited: Invited
    reply: Reply
    sequence: int
    source: str
    recorded_at: datetime
    recorded_by: str


@dataclass(frozen=True, slots=True)
class Attendance:
    """Who of one side came to an event, as roles; "" where nobody came."""

    role: Role
    who: str
    noted_at: datetime
    noted_by: str
