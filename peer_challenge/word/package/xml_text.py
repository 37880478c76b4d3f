"""Text for Word's XML: what somebody typed stays text, and never becomes markup or template code."""

import re

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


def make_xml_safe(text: str) -> str:
    """`text` with every character that XML can't hold replaced by a visible one.

    Control characters become their pictures (U+2400 on); lone surrogates and non-characters become U+FFFD.
    Every line end (also a vertical tab) becomes a line feed.
    """
    if not _AWKWARD.search(text):
        return text
    joined = text.replace("\r\n", "\n").replace("\r", "\n")
    return joined.encode("utf-16", "surrogatepass").decode("utf-16", "replace").translate(_VISIBLE)


def escape_for_run(value: object) -> object:
    """`value` for the text of a run in a template: line ends and tabs become Word's own elements.

    None becomes an empty text. Markup, and text without special characters, is returned unchanged; autoescape
    then escapes the plain text.
    """
    if value is None:
        return ""
    if type(value) is not str or not _AWKWARD.search(value):
        return value
    return Markup(str(escape(make_xml_safe(value))).replace("\n", _BREAK).replace("\t", _TAB))  # noqa: S704 - escaped


def as_attribute(value: object) -> Markup:
    """`value` escaped for an attribute in the XML; line ends and tabs become spaces."""
    if hasattr(value, "__html__") or (type(value) is str and not _AWKWARD.search(value)):
        return escape(value)
    return escape(re.sub(r"[\n\t]", " ", make_xml_safe(str(value))))


def split_into_lines(text: str) -> list[str]:
    """The lines of `text`, at least one; each becomes a paragraph of its own."""
    return make_xml_safe(text).split("\n")
