"""Email addresses as people copy them, made what a mail program takes; what stays doubtful is no address."""

import re
import unicodedata
from urllib.parse import unquote

ADDRESS = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
    r"(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)+"
)
"""One address as organisations give out: of plain letters, its domain of two parts or more."""
_LONGEST = 254  # RFC 5321, 4.5.3.1.3, as mail servers count it
_BRACKETED = re.compile(r"[^<>@]*<([^<>]*)>")  # spaces inside go later: strangers type this, so it is linear
_MARKDOWN = re.compile(r"\[[^\]]*\]\(\s*(mailto:[^)\s]*)\s*\)", re.IGNORECASE)
_LINK = re.compile(r"(?:mailto|smtp|sip):\s{0,4}/{0,2}", re.IGNORECASE)
_LABEL = re.compile(r"(?:(?:work|office)\s)?(?:e-?mail|e|to)(?:\saddress)?\s{0,2}[:-]\s{1,4}", re.IGNORECASE)
"""What stands before an address in a signature or a list: "Email: ", "E: "."""
_REMARK = re.compile(r"\s\([^()@]{0,60}\)$")
_AROUND_ALL = " \t\r\n"
_AROUND = " \t\r\n\"'“”„‘’«»()[]<>,;:*†‡•·!#"
_FOOTNOTE = re.compile("[\u00b9\u00b2\u00b3\u2070-\u209c]+")
"""Raised and lowered figures: to make them plain would give "org1"."""
_GUEST = "#ext#"
"""Of a guest's account name in Microsoft 365 ("ann_area.example.org#EXT#@office..."): no mail comes there."""
_AS_TYPED = str.maketrans(
    {"’": "'", "‘": "'", "ʼ": "'", "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "−": "-"}
)


def clean_address(written: str) -> str:
    """The address that somebody means: without a link's "mailto:", a name beside it, or marks around it.

    What Word makes of letters (curled apostrophes, long dashes, spaces that can't be seen) is made plain.
    What is then no address is given back so: `is_address` says so.
    """
    text = unicodedata.normalize("NFKC", _FOOTNOTE.sub("", written)).translate(_AS_TYPED)
    text = "".join(c for c in text if unicodedata.category(c) not in ("Cf", "Cc") or c in "\t\r\n")
    if linked := _MARKDOWN.fullmatch(text.strip()):
        text = linked[1]
    if named := _BRACKETED.fullmatch(text.strip(" \t\r\n,;")):
        text = named[1]
    text = _REMARK.sub("", text.strip(_AROUND_ALL)).strip(_AROUND)
    if link := _LINK.match(text):
        text = unquote(text[link.end() :].partition("?")[0].partition("|")[0])
    else:
        text = _LABEL.sub("", text)
    return text.strip(_AROUND).lstrip("- ").removesuffix(".")


def is_address(text: str) -> bool:
    """Whether a text is one email address and nothing else."""
    return len(text) <= _LONGEST and _GUEST not in text.lower() and ADDRESS.fullmatch(text) is not None
