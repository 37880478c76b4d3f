"""Choices given by ticks: boxes, circles, brackets and marks beside the things to choose from."""

# ruff: noqa: E501 - a pattern is easier to read on one line than cut in two

import re
from collections.abc import Sequence
from itertools import pairwise

from peer_challenge.model.vocabulary import Rating
from peer_challenge.word.answers.rating_colours import NOT_APPLICABLE
from peer_challenge.word.answers.rating_that_holds_now import Found
from peer_challenge.word.answers.rating_tokens import OTHER, Colour
from peer_challenge.word.text.symbol_fonts import EMPTY_BOXES, TICKED_BOXES

_TICKS = "✓✔"
_CROSSES = "✗✘×✖"
_LABELS: dict[str, Colour] = {
    "r": Rating.RED,
    "red": Rating.RED,
    "a": Rating.AMBER,
    "amber": Rating.AMBER,
    "g": Rating.GREEN,
    "green": Rating.GREEN,
    "blue": OTHER,
    "purple": OTHER,
}
_NOT_APPLICABLE = re.compile(NOT_APPLICABLE, re.IGNORECASE)
_BOX = re.compile(
    rf"(?P<empty>[{EMPTY_BOXES}]|\[\s*\]|\(\s*\))|(?P<ticked>[{TICKED_BOXES}]|[\[(]\s*[xX{_TICKS}{_CROSSES}]\s*[\])])"
)
_MARK = re.compile(
    rf"{_BOX.pattern}|(?P<tick>[{_TICKS}]+)|(?P<cross>[{_CROSSES}]+|(?<![^\W_])[xX](?![^\W_]))"
)
_AROUND = " \t,.;:/|*•–—-"

Piece = tuple[str, str]
"""What a stretch of text is, "label", "empty", "ticked", "tick" or "cross", and the stretch."""
Pair = tuple[str, str]
"""A label and its mark; "empty" where it has none."""


def rating_of_ticks(text: str) -> Found | None:
    """The rating that is ticked, or the finding that asks; None where the text is not ratings and marks alone."""
    if not _MARK.search(text):
        return None
    pieces = [piece for line in text.split("\n") for piece in _pieces_of(line, _MARK)]
    labels = [label for kind, label in pieces if kind == "label"]
    if not labels or any(_colour_of(label) is None for label in labels):
        return None
    pairs = _pair_labels_with_marks(text, _MARK)
    if pairs is None:
        return None, ("rating.split",)
    return _find_ticked_rating(pairs)


def ticked_in(text: str) -> str:
    """What is ticked among things to choose from, one a line: "☐ Yes ☒ No" says "No"; else the text itself."""
    pairs = _pair_labels_with_marks(text, _BOX) if _BOX.search(text) else None
    if not pairs or all(mark == "empty" for _, mark in pairs):
        return text
    return "\n".join(label for label, mark in pairs if mark != "empty")


def without_mark(text: str) -> str:
    """The text without one tick before or after it, as in "☒ AMBER now"; boxes left empty stay."""
    marks = f"[{TICKED_BOXES}{_TICKS}]"
    return re.sub(rf"^\s*{marks}\s*|\s*{marks}\s*$", "", text, count=1)


def _pair_labels_with_marks(text: str, marks: re.Pattern[str]) -> list[Pair] | None:
    """The labels with their marks, or None where it is not clear which mark belongs to which.

    It is told by lines, else by what stands first throughout: "☐ RED ☒ AMBER" or "RED ☐ AMBER ☒".
    """
    lines = [pieces for line in text.split("\n") if (pieces := _pieces_of(line, marks))]
    return _paired_by_line(lines) or _paired_in_turn([piece for line in lines for piece in line])


def _pieces_of(line: str, marks: re.Pattern[str]) -> list[Piece]:
    pieces: list[Piece] = []
    place = 0
    for found in marks.finditer(line):
        pieces += [("label", line[place : found.start()]), (found.lastgroup or "", found[0])]
        place = found.end()
    pieces.append(("label", line[place:]))
    trimmed = [(kind, text.strip(_AROUND)) for kind, text in pieces]
    return [(kind, word) for kind, text in trimmed for word in _words_of(kind, text)]


def _words_of(kind: str, text: str) -> list[str]:
    """One piece, or several where a label is a list of ratings, as in "RED AMBER ✓ GREEN"."""
    words = text.split()
    if kind == "label" and len(words) > 1 and all(word.casefold() in _LABELS for word in words):
        return words
    return [text] if text else []


def _paired_by_line(lines: Sequence[Sequence[Piece]]) -> list[Pair] | None:
    """Each line one label with one mark, or none; None where a line has more."""
    pairs: list[Pair] = []
    for line in lines:
        labels = [text for kind, text in line if kind == "label"]
        marks = [kind for kind, _ in line if kind != "label"]
        if len(labels) != 1 or len(marks) > 1:
            return None
        pairs.append((labels[0], marks[0] if marks else "empty"))
    return pairs if len(pairs) > 1 else None


def _paired_in_turn(pieces: Sequence[Piece]) -> list[Pair] | None:
    """Marks and labels that take turns, as many of one as of the other."""
    labels = [text for kind, text in pieces if kind == "label"]
    marks = [kind for kind, _ in pieces if kind != "label"]
    are_labels = [kind == "label" for kind, _ in pieces]
    take_turns = all(one != other for one, other in pairwise(are_labels))
    return list(zip(labels, marks, strict=True)) if len(labels) == len(marks) and take_turns else None


def _colour_of(label: str) -> Colour | None:
    if _NOT_APPLICABLE.fullmatch(label):
        return Rating.NOT_APPLICABLE
    return _LABELS.get(label.casefold())


def _find_ticked_rating(pairs: Sequence[Pair]) -> Found:
    ticked = [_colour_of(label) for label, mark in pairs if mark != "empty"]
    if len(pairs) == 1 and pairs[0][1] == "cross":
        return None, ("rating.not_understood",)  # a cross by itself may say no as well as yes
    if len(ticked) == 1 and ticked[0] is not None:
        return (None, ("rating.other_colour",)) if ticked[0] is OTHER else (Rating(ticked[0]), ())
    return None, ("rating.split" if ticked else "rating.not_chosen",)
