"""Characters that steer a screen instead of being read: C0 and C1 controls, and those that turn text round.

A terminal obeys them (colours, titles, moving the cursor), a page shows text in another order, and Excel and
Word refuse them.
"""

import re
import unicodedata
from collections.abc import Iterator

_STEERING = "\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069"
_CONTROLS = re.compile(f"[{_STEERING}]")
_CONTROLS_OF_LINES = re.compile(f"(?![\t\n])[{_STEERING}]")


def find_controls(text: str) -> list[str]:
    """Each control character in `text`, once, as its number and name: "U+202E RIGHT-TO-LEFT OVERRIDE"."""
    found = dict.fromkeys(_CONTROLS.findall(text))
    return [f"U+{ord(c):04X} {unicodedata.name(c, 'control character')}" for c in found]


def remove_controls(text: str) -> str:
    """`text` without control characters, but with its lines and tabs."""
    return _CONTROLS_OF_LINES.sub("", text)


def escape_controls(text: str) -> str:
    """`text`, a line of JSON, with each control character as JSON escapes it (`\\u202e`)."""
    return _CONTROLS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def control_problems(
    held: object, *, may_have_lines: bool = False, path: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Each text and key of plain data (dicts, lists, texts) with control characters: its path, and words.

    `may_have_lines` allows line ends and tabs, as longer texts have them.
    """
    if isinstance(held, str):
        text = re.sub("[\t\n]", " ", held) if may_have_lines else held.strip()
        if found := find_controls(text):
            yield (
                path,
                f"This holds a character that nobody can see ({', '.join(found)}). "
                "Delete the text and type it again.",
            )
    elif isinstance(held, (dict, list)):
        for key, value in held.items() if isinstance(held, dict) else enumerate(held):
            for part in (key, value):
                yield from control_problems(part, may_have_lines=may_have_lines, path=(*path, key))
