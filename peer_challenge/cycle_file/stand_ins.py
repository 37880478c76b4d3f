"""What people write where a name belongs and none is: "TBC", "as above", a dash, a ditto mark.

Two areas with "–" for their police force would have one force, or none: a rule would be applied wrongly
either way, and nobody would see it.
"""

import re
from collections.abc import Iterator, Mapping

from peer_challenge.cycle_file.yaml_with_lines import Entry, Path_
from peer_challenge.model.empty_words import NOTHING

_NO_NAME = re.compile(
    rf"[\W_]*(?:{NOTHING}|n\W?a|not applicable|same(?: as (?:above|before))?|yes|no"
    r"|(?:see|same as|as)(?: in)? (?:row|line|cell) \w{1,6}|(?:the )?same as .{1,30}"
    r"|as (?:for )?[A-Z]\w{1,20}"
    r"|true|false|0|n\W?k|not (?:yet )?(?:known|sure|confirmed|decided)|unsure|don'?t know"
    r"|(?:awaiting|waiting for) \w{1,20}|awaiting|various|several|multiple|mixed|\d{4}-\d\d-\d\d)?[\W_]*",
    re.IGNORECASE,
)
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_LONGEST = 40
"""A stand-in is a few words; over a long row of signs the pattern would try each pair of ends."""
_NAMED = ("name", "police", "icb", "partnership")


def find_stand_ins(areas: list[tuple[int, Entry]]) -> Iterator[tuple[Path_, str]]:
    """The places of participants where a name belongs and a stand-in is, each with what to do about it."""
    for i, area in areas:
        for key in _NAMED:
            for path, text in _texts_of(area, key):
                said = text.strip()
                if said and len(said) <= _LONGEST and _NO_NAME.fullmatch(said):
                    words = f"`{said}` is no name. Write the name itself, or leave it out."
                    if _DAY.fullmatch(said):
                        words += " Excel may have made a day of it: set the format of the cell to Text first."
                    yield ("participants", i, *path), words


def _texts_of(area: Mapping[str, object], key: str) -> Iterator[tuple[Path_, str]]:
    held = area.get(key)
    if isinstance(held, str):
        yield (key,), held
    elif isinstance(held, list):
        yield from (((key, n), text) for n, text in enumerate(held) if isinstance(text, str))
