"""Numbers that are raised by formatting alone: "10" with a raised "3" is 10^3, and no hundred and three."""

from peer_challenge.word.package.namespaces import T, w
from peer_challenge.word.package.xml_element import XmlElement

RAISED = w("vertAlign")
_VAL = w("val")
_AFTER = ("%", ")", "m")
"""What a raised number may follow, beside a digit: percentages with a note, brackets, square metres."""


def is_power(run: XmlElement, before: str) -> bool:
    """Whether a run (w:r) is a raised number after text that would change its meaning without a sign."""
    return is_raised_number(run) and (before[-1:].isdigit() or before.endswith(_AFTER))


def is_raised_number(run: XmlElement) -> bool:
    """Whether a run (w:r) is a number that is raised by formatting, as the sign of a note is."""
    properties = run.find(w("rPr"))
    raised = None if properties is None else properties.find(RAISED)
    if raised is None or raised.get(_VAL) != "superscript":
        return False
    return "".join(piece.text or "" for piece in run.iter(T)).strip().isdigit()
