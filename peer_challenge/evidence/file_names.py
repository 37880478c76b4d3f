"""What a file's name says, as words: the pack prints it, so the guard looks through it too."""

import re

_LONGEST_ENDING = 5
"""Most endings have three or four letters, some five (.pages). After another point are words: “4.2 audit”."""


def read_file_name(name: str) -> str:
    """A file's name as a line of words: without its ending, and with spaces for what stands in for them."""
    stem, dot, ending = name.rpartition(".")
    words = stem if dot and len(ending) <= _LONGEST_ENDING else name
    stand_ins = r"[_+]+" if " " in words else r"[_+-]+"
    return re.sub(stand_ins, " ", words).strip()
