"""Parsing XML that came from outside: no document types, no entities, no network, bounded depth."""

import re

from lxml import etree

from peer_challenge.word.package.namespaces import STRICT
from peer_challenge.word.package.xml_element import XmlElement
from peer_challenge.word.reader_findings import Unreadable

_DTD_WIDE = re.compile(
    rb"<\x00?!\x00?(?:D\x00?O\x00?C\x00?T\x00?Y\x00?P\x00?E|E\x00?N\x00?T\x00?I\x00?T\x00?Y)"
)
_NO_MEMORY = (
    etree.ErrorTypes.ERR_NO_MEMORY,
    etree.ErrorTypes.ERR_OK,
    114,
)  # 114: over a limit of the parser's
_NUMBERED_NAMESPACE = re.compile(rb"""xmlns(?::[^\s=<>"'/]{1,200})?\s*=\s*(?:"[^"<&]*&|'[^'<&]*&)""")
_STRICT_MARK = b"purl.oclc.org/ooxml"
_ENCODING = re.compile(rb"<\?xml[^>]{0,80}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})")
_PLAIN = {b"utf-8", b"us-ascii", b"ascii", b"utf8"}


def holds_dtd(content: bytes) -> bool:
    """Whether the part has a document type or an entity in it, in whatever encoding it comes.

    In ordinary text these characters are always escaped. In a comment or CDATA they are refused as well.
    """
    if _has_plain_dtd(content):
        return True
    if b"\x00" in content[:64]:
        return bool(_DTD_WIDE.search(content))
    encoding = _ENCODING.match(content[:200].lstrip(b"\xef\xbb\xbf"))
    if encoding is None or encoding[1].lower() in _PLAIN:
        return False
    try:
        return _has_plain_dtd(content.decode(encoding[1].decode()).encode("utf-8", "replace"))
    except (LookupError, UnicodeError):
        return False


def _has_plain_dtd(content: bytes) -> bool:
    """Whether the bytes hold a document type or an entity.

    Most parts hold no exclamation mark at all, which is tested first because it is far quicker.
    """
    return b"!" in content and (b"<!DOCTYPE" in content or b"<!ENTITY" in content)


def make_safe_parser() -> etree.XMLParser:
    """A parser that fetches nothing, expands nothing and drops comments and instructions."""
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=False,
        collect_ids=False,
        remove_comments=True,
        remove_pis=True,
        recover=False,
    )


def parse_xml(content: bytes) -> XmlElement:
    """The root element of a part. Strict Open XML comes out with the usual namespaces.

    Raises Unreadable when the part is not well formed or is not allowed.
    """
    try:
        root = etree.fromstring(_normalise_namespaces(content), make_safe_parser())
    except (etree.XMLSyntaxError, ValueError, LookupError) as why:
        raise Unreadable(_find_error_code(why)) from None
    if root is None or root.getroottree().docinfo.internalDTD is not None:
        raise Unreadable("open.dtd")
    return root


def parse_made_xml(content: bytes) -> XmlElement:
    """The root element of a part that was written from a template, ours or the office's, of any size.

    Nothing in it is resolved or fetched; comments stay. Raises lxml's XMLSyntaxError where it is not whole.
    """
    return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))


def _normalise_namespaces(content: bytes) -> bytes:
    if _may_hide_a_namespace(content):
        content = etree.tostring(etree.fromstring(content, make_safe_parser()), encoding="utf-8")
    if _STRICT_MARK not in content:
        return content
    for strict, usual in STRICT.items():
        content = content.replace(strict, usual)
    return content


def _may_hide_a_namespace(content: bytes) -> bool:
    """Whether a namespace may have other bytes than usual: of other letters, or with letters by number."""
    return b"\x00" in content[:64] or (b"&#" in content and _NUMBERED_NAMESPACE.search(content) is not None)


def _find_error_code(why: Exception) -> str:
    """The finding code that says why the parser gave up.

    libxml2 reports a lack of memory by its error code, and sometimes by no code at all.
    """
    text = str(why).lower()
    if "depth" in text:
        return "open.too_deep"
    number = getattr(why, "code", None)
    if number in _NO_MEMORY or "memory" in text or "huge" in text or "too long" in text:
        return "open.too_large"
    return "open.bad_xml"
