"""The properties of a document that leaves: title, author and time, and those that carry a form's identity.

Nothing of a template's author, of a library's own template or of a machine stays in them.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from xml.sax.saxutils import escape as xml_escape

from peer_challenge.word.package.open_package import Package
from peer_challenge.word.package.xml_text import as_attribute, make_xml_safe
from peer_challenge.word.reader_findings import Unreadable

CORE, CUSTOM, APP = "docProps/core.xml", "docProps/custom.xml", "docProps/app.xml"
OFFICE = "Programme office"
"""The author of a document where no other name of the office is known."""
_THUMBNAIL = re.compile(rb"<Relationship\b[^>]*/metadata/thumbnail\"[^>]*/>")
TYPES, RELS = "[Content_Types].xml", "_rels/.rels"
_FORMAT_ID = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_CORE_RELATION = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
_CORE_NAMESPACES = (
    'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
)
_CUSTOM_NAMESPACES = f'xmlns="{_OFFICE}/custom-properties" xmlns:vt="{_OFFICE}/docPropsVTypes"'
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def make_room(parts: dict[str, bytes]) -> None:
    """Add empty parts for core and custom properties to a package (its parts by name)."""
    wanted = (
        (
            CORE,
            "application/vnd.openxmlformats-package.core-properties+xml",
            _CORE_RELATION,
        ),
        (
            CUSTOM,
            "application/vnd.openxmlformats-officedocument.custom-properties+xml",
            f"{_OFFICE}/relationships/custom-properties",
        ),
    )
    for part, content_type, relation in wanted:
        if part in parts:
            continue
        parts[part] = b""
        override = f'<Override PartName="/{part}" ContentType="{content_type}"/></Types>'
        parts[TYPES] = parts[TYPES].replace(b"</Types>", override.encode())
        link = f'<Relationship Id="rId{part[9:-4]}" Type="{relation}" Target="{part}"/></Relationships>'
        parts[RELS] = parts[RELS].replace(b"</Relationships>", link.encode())


def package_relationships(document: str) -> bytes:
    """The relationships part of a package, as bytes.

    `document` is the package's main part. Core and custom properties are related as well.
    """
    kinds = (
        ("rId1", f"{_OFFICE}/relationships/officeDocument", document),
        ("rId2", _CORE_RELATION, CORE),
        ("rId3", f"{_OFFICE}/relationships/custom-properties", CUSTOM),
    )
    held = "".join(f'<Relationship Id="{i}" Type="{kind}" Target="{target}"/>' for i, kind, target in kinds)
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'{_DECLARATION}<Relationships xmlns="{space}">{held}</Relationships>'.encode()


def build_core_properties(title: str, language: str, stamp: datetime, author: str = OFFICE) -> bytes:
    """The part that holds title, author, language and time of a document."""
    when, who = f"{stamp:%Y-%m-%dT%H:%M:%S}Z", xml_escape(make_xml_safe(author))
    return (
        f"{_DECLARATION}<cp:coreProperties {_CORE_NAMESPACES}>"
        f"<dc:title>{xml_escape(make_xml_safe(title))}</dc:title><dc:creator>{who}</dc:creator>"
        f"<cp:lastModifiedBy>{who}</cp:lastModifiedBy>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{when}</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{when}</dcterms:modified>'
        f"<dc:language>{language}</dc:language></cp:coreProperties>"
    ).encode()


def made_by_us(_: bytes = b"") -> bytes:
    """The part that says which program made a document, in place of what a library's template says there."""
    return (
        f'{_DECLARATION}<Properties xmlns="{_OFFICE}/extended-properties">'
        "<Application>Peer Challenge</Application></Properties>"
    ).encode()


def without_thumbnail(relationships: bytes) -> bytes:
    """A package's relationships without the picture of a template's first page."""
    return _THUMBNAIL.sub(b"", relationships)


OWN_PROPERTIES: Mapping[str, Callable[[bytes], bytes]] = {APP: made_by_us, RELS: without_thumbnail}
"""What is changed, part by part, in a document that a library made from a template of its own."""


def build_custom_properties(properties: Mapping[str, str]) -> bytes:
    """The custom properties part of a document, as bytes, with `properties` in their order."""
    held = "".join(
        f'<property fmtid="{_FORMAT_ID}" pid="{pid}" name="{as_attribute(name)}">'
        f"<vt:lpwstr>{xml_escape(make_xml_safe(value))}</vt:lpwstr></property>"
        for pid, (name, value) in enumerate(properties.items(), 2)
    )
    return f"{_DECLARATION}<Properties {_CUSTOM_NAMESPACES}>{held}</Properties>".encode()


def properties_of(package: Package) -> dict[str, str]:
    """The document's custom properties by name; none when they are missing or damaged."""
    names = [r.target for r in package.relationships("").values() if r.type == "custom-properties"]
    for name in (*names, "docProps/custom.xml"):
        try:
            root = package.tree(name)
        except (KeyError, Unreadable):
            continue
        return {element.get("name") or "": "".join(element.itertext()).strip() for element in root}
    return {}
