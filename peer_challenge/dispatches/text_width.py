"""How much room text takes on a slide or in a cell. It uses the widths of letters, so no font is needed."""

from collections.abc import Iterator
from functools import lru_cache

_WIDTHS = {
    22: "'ijl|",
    28: " !,./:;I[\\]ft",
    35: '"()-`r{}*^',
    50: "Jckszvxy",
    56: "#$0123456789?L_abdeghnopqu",
    60: "+<=>~FTZ",
    67: "&ABEKPSVXY",
    73: "CDHNRUw",
    79: "GOQ",
    90: "%Mm",
    102: "@W",
    145: "\t",
}
"""Hundredths of the height of the letters, for Arial and those of its measure; a little too wide at times."""
_OF = {letter: width for width, letters in _WIDTHS.items() for letter in letters}
_OTHER, _BROAD, _FIRST_BROAD = 62, 140, 0x2E80
"""Of letters that are not in the table, and of Chinese, Japanese and Korean signs, which begin at 2E80."""


@lru_cache(maxsize=8192)
def _measure_word(word: str) -> int:
    return sum(_OF.get(c) or (_BROAD if ord(c) >= _FIRST_BROAD else _OTHER) for c in word)


def measure_line_room(width: float, size: float) -> int:
    """The room of a line of `width` points with letters of `size` points.

    The unit is a hundredth of the letters' height.
    """
    return int(100 * width / size)


def break_into_lines(text: str, room: int) -> Iterator[str]:
    """The lines that a text takes when each has so much room. Joined, they are the whole text."""
    for whole in text.splitlines(keepends=True) or [""]:
        yield from _break_single_line(whole, room)


def _break_single_line(line: str, room: int) -> Iterator[str]:
    if _measure_word(line) <= room:
        yield line
        return
    start = used = at = 0
    for piece in _split_into_words(line, room):
        taken = _measure_word(piece.rstrip())
        if used and used + taken > room:
            yield line[start:at]
            start, used = at, 0
        used += _measure_word(piece)
        at += len(piece)
    yield line[start:]


def _split_into_words(line: str, room: int) -> Iterator[str]:
    """Words with the spaces after them; one wider than a line in parts."""
    begin = 0
    while begin < len(line):
        end = line.find(" ", begin) + 1 or len(line)
        while end < len(line) and line[end] == " ":
            end += 1
        piece = line[begin:end]
        step = len(piece) if _measure_word(piece.rstrip()) <= room else max(1, room // _BROAD)
        yield from (piece[n : n + step] for n in range(0, len(piece), step))
        begin = end


@lru_cache(maxsize=1024)
def count_text_lines(text: str, room: int) -> int:
    """How many lines a text takes when each has so much room."""
    return sum(1 for _ in break_into_lines(text, room))


def split_by_line_count(text: str, room: int, lines: int) -> Iterator[str]:
    """A text in pieces of at most `lines` lines each. Joined, they are the whole text."""
    held: list[str] = []
    for line in break_into_lines(text, room):
        held.append(line)
        if len(held) == lines:
            yield "".join(held)
            held = []
    if held or not text:
        yield "".join(held)
