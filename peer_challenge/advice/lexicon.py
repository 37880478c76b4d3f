"""The editable words behind the prompts: phrases as patterns, limits and questions, from YAML."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path

from peer_challenge.paths import TEMPLATES
from peer_challenge.system.read_yaml import read_yaml

LEXICON = TEMPLATES / "advice" / "prompts.yaml"
_NEVER = re.compile(r"(?!)")
_PIECE = re.compile(r"[^\W_]+")


class Phrases:
    """Some words, and some regular expressions beside them, any of which is looked for.

    In the words `*` ends a word openly, or alone stands for one word. A pattern is made only of those
    of which the text has a piece: most texts have none, and to look for a piece costs next to nothing.
    """

    def __init__(self, words: Iterable[str], shapes: Iterable[str] = ()) -> None:
        self._words = {word: _piece(word) for word in words if word.strip()}
        self._shapes = list(shapes)

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """All of them as one pattern."""
        shapes = sorted({_shape(word) for word in self._words}, key=lambda s: (-len(s), s))
        whole = [_standing_alone("|".join(shapes))] if shapes else []
        whole += [f"(?:{shape})" for shape in self._shapes]
        return re.compile("|".join(whole), re.I) if whole else _NEVER

    def search(self, text: str) -> re.Match[str] | None:
        """The first place in `text` where one of them stands."""
        if self._shapes:
            return self.pattern.search(text)
        lowered = text.lower()
        there = (_pattern(word) for word, piece in self._words.items() if piece in lowered)
        return min((m for one in there if (m := one.search(text))), key=re.Match.start, default=None)

    def taken_out(self, text: str) -> str:
        """The text with a space for every one of them."""
        return self.pattern.sub(" ", text) if self.search(text) else text


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Phrases by signal ("claim", "evidence", ...), limits, and the words of questions and reasons."""

    signals: dict[str, Phrases]
    limits: dict[str, int]
    questions: dict[int, str]
    because: dict[int, str]

    def find(self, signal: str, text: str) -> re.Match[str] | None:
        """The first place in `text` where a phrase of `signal` stands."""
        return self.signals[signal].search(text)


def _piece(phrase: str) -> str:
    """The longest run of letters or digits that every text has in which the phrase stands."""
    return max(_PIECE.findall(phrase.lower()), key=len, default="")


def _standing_alone(shape: str) -> str:
    return rf"(?<![\w-])(?:{shape})(?![\w-])"


@lru_cache(maxsize=8192)
def _pattern(phrase: str) -> re.Pattern[str]:
    return re.compile(_standing_alone(_shape(phrase)), re.I)


def _shape(phrase: str) -> str:
    parts = [
        r"[\w’'-]{1,40}" if part == "*" else re.escape(part).replace(r"\*", r"[\w’'-]{0,40}")
        for part in phrase.split()
    ]
    return r"\s+".join(parts).replace("'", "[’']").replace("’[’']", "’'")


@cache
def read_lexicon(path: Path = LEXICON) -> Lexicon:
    """The lexicon in the YAML file `path`."""
    held = read_yaml(path)
    signals = {
        key: Phrases(map(str, value), held.get(f"{key}_patterns", []))
        for key, value in held.items()
        if isinstance(value, list) and not key.endswith("_patterns")
    }
    return Lexicon(signals, held["limits"], held["questions"], held["because"])
