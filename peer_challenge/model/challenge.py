"""A challenge in short: who receives what is about it, and its event as people read of it."""

import re
from dataclasses import dataclass
from datetime import datetime

from peer_challenge.model.cycle import Chair, Contact, Cycle, Participant
from peer_challenge.model.vocabulary import Role

_WORDS_WITHOUT_LINK = frozenset(
    (
        "a",
        "by",
        "call",
        "google",
        "meet",
        "meeting",
        "microsoft",
        "ms",
        "on",
        "online",
        "teams",
        "video",
        "zoom",
    )
)
"""A place in these words alone says that an event is held online, and not how to join it."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who a dispatch goes to. `id` is a participant's or Chair's, or "office"."""

    role: Role
    id: str
    name: str
    contacts: tuple[Contact, ...] = ()


@dataclass(frozen=True, slots=True)
class EventFacts:
    """A challenge event. Times are aware, Europe/London; `sequence` counts its changes."""

    challenge: str
    author: Participant
    challenger: Participant
    chair: Chair
    starts_at: datetime
    ends_at: datetime
    place: str = "Online"
    sequence: int = 0

    @property
    def place_in_words(self) -> str:
        """Where it is; of an event that is held online and has no joining link yet, that the link follows."""
        return self._say_place("We will send you the joining link.")

    @property
    def place_shortly_before(self) -> str:
        """Where it is, for those who should have the joining link by now."""
        return self._say_place("If you do not have the joining link yet, please ask us for it.")

    def _say_place(self, of_link: str) -> str:
        return f"{self.place.rstrip(' .')}. {of_link}" if self.lacks_link else self.place

    @property
    def lacks_link(self) -> bool:
        """Whether it is held online, and its place does not say how to join."""
        words = set(re.findall(r"[a-z]+", self.place.casefold()))
        return bool(words) and words <= _WORDS_WITHOUT_LINK and not re.search(r"\d", self.place)


def recipient_of(cycle: Cycle, role: Role, who: str) -> Recipient:
    """The holder of a role in a cycle, found by id, with the contacts that the cycle names."""
    if role is Role.OFFICE:
        return Recipient(role, who, cycle.office.name, (cycle.office,))
    if role is Role.CHAIR:
        chair = cycle.chair[who]
        return Recipient(role, who, chair.name)
    participant = cycle.participant[who]
    return Recipient(role, who, participant.as_spoken().name, participant.contacts)
