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
    """Words and regular expressions to look for in a text. A match of any of them counts.

    A `*` at the end of a word matches any ending; a `*` alone matches one word. A word is compiled only when
    the text contains a piece of it. Most texts contain none, and looking for a piece costs next to nothing.
    """

    def __init__(self, words: Iterable[str], shapes: Iterable[str] = ()) -> None:
        self._words = [(_find_longest_word(word), word) for word in dict.fromkeys(words) if word.strip()]
        self._shapes = list(shapes)

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """All words and regular expressions as one compiled pattern that ignores capitals."""
        shapes = sorted({_build_phrase_regex(word) for _, word in self._words}, key=lambda s: (-len(s), s))
        whole = [_add_word_boundaries("|".join(shapes))] if shapes else []
        whole += [f"(?:{shape})" for shape in self._shapes]
        return re.compile("|".join(whole), re.I) if whole else _NEVER

    @cached_property
    def _pattern_of_shapes(self) -> re.Pattern[str]:
        return re.compile("|".join(f"(?:{shape})" for shape in self._shapes), re.I)

    def is_in(self, text: str) -> bool:
        """Whether any word or regular expression matches somewhere in `text`."""
        lowered = text.lower()
        for word in [word for piece, word in self._words if piece in lowered]:
            if _compile_phrase(word).search(text):
                return True
        return bool(self._shapes) and self._pattern_of_shapes.search(text) is not None

    def taken_out(self, text: str) -> str:
        """`text` with a space in place of every match."""
        return self.pattern.sub(" ", text) if self.is_in(text) else text


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Phrases by signal ("claim", "evidence", ...), limits, and the words of questions and reasons."""

    signals: dict[str, Phrases]
    limits: dict[str, int]
    questions: dict[int, str]
    because: dict[int, str]


def _find_longest_word(phrase: str) -> str:
    """The longest run of letters or digits that every text has in which the phrase stands."""
    return max(_PIECE.findall(phrase.lower()), key=len, default="")


def _add_word_boundaries(shape: str) -> str:
    return rf"(?<![\w-])(?:{shape})(?![\w-])"


@lru_cache(maxsize=8192)
def _compile_phrase(phrase: str) -> re.Pattern[str]:
    return re.compile(_add_word_boundaries(_build_phrase_regex(phrase)), re.I)


def _build_phrase_regex(phrase: str) -> str:
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
