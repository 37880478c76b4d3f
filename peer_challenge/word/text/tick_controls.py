"""Tick boxes that are content controls: what they show, and whether that is what they say."""

from dataclasses import dataclass

from peer_challenge.word.package import namespaces as n
from peer_challenge.word.package.namespaces import w
from peer_challenge.word.package.xml_element import XmlElement
from peer_challenge.word.text.symbol_fonts import EMPTY_BOXES, TICKED_BOXES

TICK_BOX = f"{{{n.W14}}}checkbox"
TICKED, EMPTY = "\u2612", "\u2610"
_VAL = f"{{{n.W14}}}val"
_OFF = ("0", "false", "off")


@dataclass(frozen=True, slots=True)
class Tick:
    """What stands for a tick box in the text; `is_unclear` where it shows one thing and says another."""

    shown: str
    is_unclear: bool = False


def state_of(control: XmlElement, shown: str) -> Tick | None:
    """The state of a control that shows a text; None where it is no tick box, or shows more than a sign."""
    box = control.find(f"{w('sdtPr')}/{TICK_BOX}")
    sign = shown.strip()
    if box is None or len(sign) > 1:
        return None
    says = _value_of(box, "checked", "0") not in _OFF
    sees = _is_ticked(box, sign)
    if sees is None:
        return Tick(TICKED if says else EMPTY)
    return Tick(TICKED if sees else EMPTY, is_unclear=sees is not says)


def _is_ticked(box: XmlElement, sign: str) -> bool | None:
    """Whether the sign that people see is that of a ticked box; None where it is neither."""
    if sign in (_sign_of(box, "checkedState"), *TICKED_BOXES):
        return True
    return False if sign in (_sign_of(box, "uncheckedState"), *EMPTY_BOXES) else None


def _sign_of(box: XmlElement, name: str) -> str:
    try:
        return chr(int(_value_of(box, name, ""), 16))
    except (ValueError, OverflowError):
        return ""


def _value_of(box: XmlElement, name: str, otherwise: str) -> str:
    element = box.find(f"{{{n.W14}}}{name}")
    return otherwise if element is None else element.get(_VAL) or "1"
