"""The names by which areas are known, and which of them a text says."""

import re
from collections.abc import Iterable

from peer_challenge.cycle import Participant
from peer_challenge.names_alike import name_key

_SUFFIXES = (
    "council",
    "city council",
    "county council",
    "borough council",
    "lscp",
    "safeguarding children partnership",
    "safeguarding partnership",
    "scp",
    "mash",
    "local safeguarding children partnership",
)


class Names:
    """The names by which participants are known, to be found in text: the longest first."""

    def __init__(self, participants: Iterable[Participant]) -> None:
        self._who: dict[str, set[str]] = {}
        for participant in participants:
            for name in (participant.name, participant.partnership, *participant.aliases):
                for form in _forms(name):
                    self._who.setdefault(form, set()).add(participant.id)
        ordered = sorted(self._who, key=len, reverse=True)
        self._pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, ordered))})\b") if ordered else None

    def __bool__(self) -> bool:
        return self._pattern is not None

    def found_in(self, text: str) -> set[str]:
        """The ids of the participants that the text names."""
        if self._pattern is None:
            return set()
        found = self._pattern.findall(name_key(text))
        return set().union(*(self._who[name] for name in found))


def _forms(name: str) -> set[str]:
    key = name_key(name)
    short = key
    for suffix in sorted(_SUFFIXES, key=len, reverse=True):
        short = short.removesuffix(" " + suffix)
    return {form for form in (key, short) if len(form) > 2}
