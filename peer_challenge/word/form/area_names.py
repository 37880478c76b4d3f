"""The names by which areas are known, and finding them in a text."""

import re
from collections.abc import Iterable

from rapidfuzz import fuzz, process

from peer_challenge.model.cycle import Participant
from peer_challenge.model.names_alike import make_name_key

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
_BETWEEN = "\nqqqqqq\n"
_ALIKE = 88  # of 100: one letter wrong, left out or added in a name of eight
_SHORTEST_ALIKE = 5  # letters: shorter names are too like other words


class Names:
    """The names by which participants are known, to be found in text: the longest first."""

    def __init__(self, participants: Iterable[Participant]) -> None:
        self._who: dict[str, set[str]] = {}
        for participant in participants:
            spoken = participant.as_spoken().name
            for name in (participant.name, spoken, participant.partnership, *participant.aliases):
                for form in _list_name_forms(name):
                    self._who.setdefault(form, set()).add(participant.id)
        ordered = sorted(self._who, key=len, reverse=True)
        self._pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, ordered))})\b") if ordered else None

    def __bool__(self) -> bool:
        return self._pattern is not None

    def found_in(self, text: str) -> set[str]:
        """The ids of the participants that the text names."""
        if self._pattern is None:
            return set()
        found = self._pattern.findall(make_name_key(text))
        return set().union(*(self._who[name] for name in found))

    def found_in_any(self, texts: Iterable[str]) -> set[str]:
        """The ids of the participants that any of the texts names.

        They are looked through as one, which takes a fraction of the time, with a word between them so that
        no name goes from one text to the next.
        """
        return self.found_in(_BETWEEN.join(texts))

    def without_names(self, text: str) -> list[str]:
        """The words of a text, in small letters and without signs, that are not part of a name."""
        plain = make_name_key(text)
        return (self._pattern.sub(" ", plain) if self._pattern else plain).split()

    def alike(self, words: Iterable[str], expected: str | None = None) -> set[str]:
        """The ids of the participants whose name nearly equals these words, as with a typing error.

        If `expected` is among them, only that one; else those that are nearest.
        """
        text = " ".join(words)
        if len(text) < _SHORTEST_ALIKE:
            return set()
        near = process.extract(text, list(self._who), scorer=fuzz.ratio, score_cutoff=_ALIKE, limit=None)
        return self._choose_nearest_areas([(score, self._who[name]) for name, score, _ in near], expected)

    @staticmethod
    def _choose_nearest_areas(near: list[tuple[float, set[str]]], expected: str | None) -> set[str]:
        if any(expected in who for _, who in near):
            return {expected} if expected else set()
        best = max((score for score, _ in near), default=0.0)
        return set().union(*(who for score, who in near if score == best))


def _list_name_forms(name: str) -> set[str]:
    key = make_name_key(name)
    short = key
    for suffix in sorted(_SUFFIXES, key=len, reverse=True):
        short = short.removesuffix(" " + suffix)
    return {form for form in (key, short) if len(form) > 2}
