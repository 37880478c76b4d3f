"""Which formatting takes words out of an answer: hidden text, and text that is struck through.

Such words are never part of what an area answers; that they are there is told (reader_findings.py).
"""

from functools import lru_cache

from peer_challenge.word.package.namespaces import w
from peer_challenge.word.package.xml_element import XmlElement

HIDING = {w("vanish"): "hidden", w("strike"): "struck", w("dstrike"): "struck"}
"""The formatting by the names of its elements, and why text that has it is left out."""
_OFF = ("0", "false", "off", "none")
_VAL = w("val")


@lru_cache(maxsize=16)
def can_hide_text(styles: bytes) -> bool:
    """Whether the styles part could hide text; kept, because all forms of a kind have one styles part."""
    return b"vanish" in styles or b"strike" in styles


def read_direct_hiding(properties: XmlElement | None) -> str | None:
    """Why the run properties hide text; "" when they expressly do not; None when they do not mention it."""
    if properties is None:
        return None
    said = None
    for tag, why in HIDING.items():
        element = properties.find(tag)
        if element is None:
            continue
        if element.get(_VAL, "1") not in _OFF:
            return why
        said = ""
    return said
