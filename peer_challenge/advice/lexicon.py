"""The editable words behind the prompts: phrases as patterns, limits and questions, from YAML."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

LEXICON = Path(__file__).resolve().parents[2] / "templates" / "advice" / "prompts.yaml"
_NEVER = re.compile(r"(?!)")


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Patterns by signal ("claim", "evidence", ...), limits, and the words of questions and reasons."""

    signals: dict[str, re.Pattern[str]]
    limits: dict[str, int]
    questions: dict[int, str]
    because: dict[int, str]

    def find(self, signal: str, text: str) -> re.Match[str] | None:
        """The first place in `text` where a phrase of `signal` stands."""
        return self.signals[signal].search(text)


def phrases(words: Iterable[str]) -> re.Pattern[str]:
    """A pattern for any of `words`: `*` ends a word openly, or alone stands for one word."""
    shapes = sorted({_shape(word) for word in words if word.strip()}, key=lambda s: (-len(s), s))
    return re.compile(r"(?<![\w-])(?:" + "|".join(shapes) + r")(?![\w-])", re.I) if shapes else _NEVER


def _shape(phrase: str) -> str:
    parts = [
        r"[\w’'-]+" if part == "*" else re.escape(part).replace(r"\*", r"[\w’'-]*") for part in phrase.split()
    ]
    return r"\s+".join(parts).replace("'", "[’']").replace("’[’']", "’'")


@cache
def read_lexicon(path: Path = LEXICON) -> Lexicon:
    """The lexicon in the YAML file `path`."""
    held = yaml.safe_load(path.read_text(encoding="utf-8"))
    plain = {
        key: value for key, value in held.items() if isinstance(value, list) and not key.endswith("_patterns")
    }
    signals = {key: phrases(map(str, value)) for key, value in plain.items()}
    for key in plain:
        shapes = [f"(?:{shape})" for shape in held.get(f"{key}_patterns", [])]
        signals[key] = re.compile("|".join([signals[key].pattern, *shapes]), re.I)
    return Lexicon(signals, held["limits"], held["questions"], held["because"])
