"""Titles as an office writes them: with numbers before them, over two lines, with what may be left out."""

import re
from collections.abc import Sequence

_LABEL = r"(?:area of focus|focus area|theme|standard|domain|part|priority)"
_NUMBER = re.compile(
    rf"(?:{_LABEL}\s+)?"
    r"(?:"
    r"\(?\d{1,3}(?:\.\d{1,3}){1,3}[.):]?"  # 1.1
    r"|\(?\d{1,3}(?:[.):]|\s*[–—-](?=\s+[^\s\d]))"  # 1. or 1 –, and not "16 - 25"
    r"|\(?[A-Za-z][.)]"  # a)
    r"|[ivxIVX]{1,5}[.)]"  # IV.
    r")\s*[:–—-]?\s+",
    re.IGNORECASE,
)
_BARE_NUMBER = re.compile(
    rf"(?:(?:section|{_LABEL})\s+)?(?P<number>\d{{1,3}})(?:[.):]|\s*[–—-](?=\s+[^\s\d]))?\s+",
    re.IGNORECASE,
)
"""A number that may belong to the title: "7 golden rules", "Section 17: children in need"."""
_LINKED_MARK = re.compile(r"\s*\((?:linked|optional)\)\s*$", re.IGNORECASE)
_ENDS_SENTENCE = (".", ";", ":", "?", "!")


def split_title(text: str) -> tuple[str, str]:
    """The title at the top of a text, without its number, and what is below it.

    A line that goes on with a small letter belongs to the title: people break long ones.
    """
    title, *lines = text.split("\n")
    while lines and _goes_on(title, lines[0]):
        title = f"{title} {lines.pop(0)}"
    return strip_number(title), "\n".join(lines)


def _goes_on(title: str, line: str) -> bool:
    is_number_alone = not any(letter.isalpha() for letter in title)
    return is_number_alone or (line[:1].islower() and not title.endswith(_ENDS_SENTENCE))


def strip_linked_mark(title: str) -> tuple[str, bool]:
    """A title without "(linked)" at its end, and whether it had it."""
    return _LINKED_MARK.sub("", title), bool(_LINKED_MARK.search(title))


def strip_number(text: str) -> str:
    """A title without a number that can be nothing else: "1. Title", "1.1 Title", "IV. Title", "a) Title"."""
    return _strip_mark(text, _NUMBER.match(text))


def strip_bare_numbers(titles: Sequence[str]) -> list[str]:
    """Titles without bare numbers, "1 Title", where these count the titles of a framework.

    They do where most titles have one, and each is one more than the last or begins again at 1. A number that
    is out of this order belongs to its title.
    """
    last, marks = 0, []
    for title in titles:
        found = _BARE_NUMBER.match(title)
        if found is not None and int(found["number"]) not in (1, last + 1):
            found = None
        last = int(found["number"]) if found is not None else last
        marks.append(found)
    count = sum(mark is not None for mark in marks)
    # One title says nothing of an order.
    if count < 2 or 2 * count <= len(titles):
        return list(titles)
    return [_strip_mark(title, mark) for title, mark in zip(titles, marks, strict=True)]


def _strip_mark(text: str, mark: re.Match[str] | None) -> str:
    return (text[mark.end() :] if mark is not None else text).strip(" \t:–—-") or text.strip()


def title_from_file(name: str) -> str:
    """A title for a framework whose file has none: the file's name in words."""
    stem = name.rpartition(".")[0] or name
    return " ".join(re.split(r"[\s_-]+", stem)).strip().capitalize() or "Our framework"
