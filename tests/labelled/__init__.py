"""Labelled sets, as data: what the disclosure guard and the prompts are measured on."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
_MARK = re.compile(r"\{(\w+):([^}]*)\}")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence and the (kind, text) of what in it could identify somebody; none in a trap."""

    text: str
    marks: tuple[tuple[str, str], ...]
    is_held_out: bool


@dataclass(frozen=True, slots=True)
class Told:
    """A narrative, the shape that fits it (0: none), other shapes that would not be silly."""

    subheading: str
    rating: str | None
    strengths: str
    development: str
    shape: int
    also: tuple[int, ...] = ()
    is_held_out: bool = field(default=False)


def sentences(path: Path = HERE / "disclosure.txt") -> list[Sentence]:
    """The sentences of the disclosure guard's set, in order."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line and line[0] in "+="]
    return [
        Sentence(_MARK.sub(r"\2", line[2:]), tuple(_MARK.findall(line)), n % 4 >= 2)
        for n, line in enumerate(lines)
    ]


def narratives(path: Path = HERE / "narratives.yaml") -> list[Told]:
    """The narratives of the prompts' set, in order: of every two, the second is held out."""
    held: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return [
        Told(
            each["row"],
            each.get("rating"),
            each.get("strengths", ""),
            each.get("development", ""),
            each["shape"],
            tuple(each.get("also", ())),
            n % 2 == 1,
        )
        for n, each in enumerate(held)
    ]
