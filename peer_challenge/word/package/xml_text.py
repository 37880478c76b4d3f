"""Text as data in Word's XML: whatever somebody typed comes out as typed, and never as markup or template."""

import re
from typing import Any

from markupsafe import Markup, escape

_AWKWARD = re.compile("[\x00-\x1f\ud800-\udfff\ufffe\uffff]")
_BREAK = '</w:t><w:br/><w:t xml:space="preserve">'
_TAB = '</w:t><w:tab/><w:t xml:space="preserve">'
_VISIBLE = {
    **{code: chr(0x2400 + code) for code in range(0x20)},  # the control pictures, such as U+2400 for NUL
    **dict.fromkeys(range(0xD800, 0xE000), "\ufffd"),
    0xFFFE: "\ufffd",
    0xFFFF: "\ufffd",
    0x09: "\t",
    0x0A: "\n",
    0x0B: "\n",
}


def typed(text: str) -> str:
    """`text` with what XML can't hold made visible: control characters as their pictures (U+2400 on),
    lone surrogates and non-characters as U+FFFD. Every line end (also a vertical tab) becomes `\\n`."""
    if not _AWKWARD.search(text):
        return text
    joined = text.replace("\r\n", "\n").replace("\r", "\n")
    return joined.encode("utf-16", "surrogatepass").decode("utf-16", "replace").translate(_VISIBLE)


def shown(value: Any) -> Any:
    """`value` ready for autoescape inside a run's text: line ends and tabs as Word's own elements.

    A plain text is left for the caller to escape; None is nothing; what is markup already stays.
    """
    if value is None:
        return ""
    if type(value) is not str or not _AWKWARD.search(value):
        return value
    return Markup(str(escape(typed(value))).replace("\n", _BREAK).replace("\t", _TAB))  # noqa: S704 - escaped


def as_attribute(value: Any) -> Markup:
    """`value` for an attribute's place in the XML, line ends and tabs as spaces."""
    if hasattr(value, "__html__"):
        return escape(value)
    return escape(re.sub(r"[\n\t]", " ", typed(str(value))))


def lines(text: str) -> list[str]:
    """The lines of `text`, one at least: each becomes a paragraph of its own."""
    return typed(text).split("\n")
