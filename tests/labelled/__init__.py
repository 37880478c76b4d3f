"""Labelled sets, as data: what the disclosure guard and the prompts are measured on."""

import csv
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


def alarms(part: str) -> list[tuple[str, bool]]:
    """Sentences of a part ("development", "held_out", "second"), and whether the guard should see each."""
    lines = (HERE / f"disclosure_{part}.txt").read_text(encoding="utf-8").splitlines()
    return [(line[2:], line[0] == "+") for line in lines if line[:2] in ("+ ", "= ")]


def judged_rows(part: str) -> list[dict[str, str]]:
    """The rows of narratives_{part}.yaml: subheading, rating, strengths, development."""
    held = yaml.safe_load((HERE / f"narratives_{part}.yaml").read_text(encoding="utf-8"))
    return [{"subheading": each.pop("row"), **each} for each in held]


def verdicts() -> dict[tuple[str, str, str], str]:
    """What readers said of the questions for the sets of judged rows, by sub-heading, rating and question.

    A: ask it as it is. B: after a small edit. C: silly or false. The third, fourth and fifth sets were read
    by two who had not seen the rules, and the worse verdict of the two is kept. Of the others such a reader
    saw about a third, the maker of the rules the rest.
    """
    with (HERE / "questions_judged.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {(row["subheading"], row["rating"], row["question"]): row["verdict"] for row in rows}


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
