"""Characters that steer a screen instead of being read: C0 and C1 controls, and those that turn text round.

A terminal obeys them (colours, titles, moving the cursor), a page shows text in another order, and Excel and
Word refuse them.
"""

import re
import unicodedata

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
