"""A copy of a document made only from what is allowed in it. We send a received file only as such a copy."""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from datetime import datetime

from lxml import etree

from peer_challenge.word.active_content.allowed_parts import (
    HYPERLINK_TYPE,
    IMAGE_TYPE,
    PARTS,
    PICTURES,
    TEXTS,
    PartKind,
)
from peer_challenge.word.active_content.links import is_allowed_link
from peer_challenge.word.active_content.pictures import ending_of_picture, make_grey_box
from peer_challenge.word.active_content.reduction import reduce_part
from peer_challenge.word.package.document_properties import (
    CORE,
    CUSTOM,
    RELS,
    TYPES,
    build_core_properties,
    build_custom_properties,
    package_relationships,
)
from peer_challenge.word.package.marks import PROPERTY_PREFIX
from peer_challenge.word.package.namespaces import W
from peer_challenge.word.package.open_package import Package, Relationship
from peer_challenge.word.package.write_zip import write_zip
from peer_challenge.word.package.xml_element import XmlElement, split_tag_name
from peer_challenge.word.reader_findings import Unreadable

_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_CONTENT_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_PROPER_ID = re.compile(r"[A-Za-z_][\w.\-]{0,60}", re.ASCII)
_EPOCH = datetime(1980, 1, 1)
"""The earliest time that a ZIP file can hold: equal copies have equal bytes."""
_GREY_BOX = "word/media/grey-box.png"
_MAIN = "officeDocument"


class Part:
    """A part of the copy: its kind, its root and its relationships by id (type, target, is external)."""

    def __init__(self, kind: PartKind, name: str, root: XmlElement) -> None:
        self.kind, self.name, self.root = kind, name, root
        self.relationships: dict[str, tuple[str, str, bool]] = {}
        self._number = 1

    def free_id(self) -> str:
        """An id that no relationship of the part has."""
        while (ident := f"rIdPC{self._number}") in self.relationships:
            self._number += 1
        return ident


class InertCopy:
    """A copy of a document: the parts that are allowed, each reduced to what is allowed in it.

    `main` is the root of the main document as it was read. It is reduced in place, so paragraphs and cells
    that a caller holds can still be used. `texts` names further parts that hold text which was read, with
    their kinds. `pictures_left_out` counts the pictures that are shown as a grey box.
    """

    def __init__(
        self, package: Package, main: XmlElement, texts: dict[str, str], properties: dict[str, str]
    ) -> None:
        self._package = package
        self._properties = {k: v for k, v in properties.items() if k.startswith(PROPERTY_PREFIX)}
        self._parts: dict[str, Part] = {}
        self._pictures: dict[str, str | None] = {}
        self._numbers: dict[str, int] = {}
        self._boxes: set[str] = set()  # parts that show a grey box for a picture from elsewhere
        self.pictures_left_out = 0
        self._collect_allowed_parts(main, texts)
        for source, part in list(self._parts.items()):
            self._reduce_one_part(source, part)

    # Which parts

    def _collect_allowed_parts(self, main: XmlElement, texts: dict[str, str]) -> None:
        source = self._package.document
        found: dict[str, tuple[PartKind, XmlElement]] = {source: (PARTS[_MAIN], main)}
        waiting = [source]
        for name, text_kind in texts.items():
            if name not in found and (root := self._read_allowed_root(name, PARTS[text_kind])) is not None:
                found[name] = (PARTS[text_kind], root)
                waiting.append(name)
        while waiting:
            name = waiting.pop(0)
            for target, kind in self._parts_of(name, found[name][0]):
                is_there = kind.is_single and any(k is kind for k, _ in found.values())
                if target in found or is_there or (root := self._read_allowed_root(target, kind)) is None:
                    continue
                found[target] = (kind, root)
                waiting.append(target)
        for name in self._package.entries:  # in the order of the file, so that texts keep theirs
            if name in found:
                self._register_part(name, *found[name])

    def _parts_of(self, name: str, kind: PartKind) -> Iterator[tuple[str, PartKind]]:
        for relationship in self._package.relationships(name).values():
            if (
                relationship.type in kind.related
                and relationship.type in PARTS
                and not relationship.is_external
            ):
                real = self._package.real_name(relationship.target)
                if real is not None and real != self._package.document:
                    yield real, PARTS[relationship.type]

    def _read_allowed_root(self, name: str, kind: PartKind) -> XmlElement | None:
        try:
            root = self._package.tree(name)
        except (KeyError, Unreadable):
            return None
        if split_tag_name(root)[1] == kind.root:
            return root
        if kind.relationship in TEXTS:
            root.tag = f"{{{W}}}{kind.root}"  # it was read as such
            return root
        return None

    def _register_part(self, source: str, kind: PartKind, root: XmlElement) -> Part:
        number = self._numbers[kind.file] = self._numbers.get(kind.file, 0) + 1
        name = kind.file.format(number)
        if kind.is_single and number > 1:
            name = name.replace(".xml", f"{number}.xml")
        part = self._parts[source] = Part(kind, name, root)
        return part

    # What is in them

    def _reduce_one_part(self, source: str, part: Part) -> None:
        used: dict[str, str] = {}

        def relate(ident: str, wanted: str) -> str | None:
            if ident not in used:
                found = self._find_allowed_relation(source, part, ident, wanted)
                if found is None:
                    return None
                used[ident] = found
            return used[ident]

        for ident, relationship in self._package.relationships(source).items():
            self._keep_implied(part, ident, relationship)
        if part.kind.relationship == _MAIN:
            self._relate_texts(part)
        reduce_part(part.root, relate, is_settings=part.kind.relationship == "settings")

    def _keep_implied(self, part: Part, ident: str, relationship: Relationship) -> None:
        """Keep a relationship that holds without an element that names it: styles, notes, headers..."""
        kind = PARTS.get(relationship.type)
        if kind is None or relationship.type not in part.kind.related or relationship.is_external:
            return
        target = self._parts.get(self._package.real_name(relationship.target) or "")
        if target is not None and target.kind is kind and _PROPER_ID.fullmatch(ident):
            part.relationships[ident] = (kind.relationship_type, target.name, False)

    def _relate_texts(self, main: Part) -> None:
        """Relate the parts of text that nothing led to: what was read is in the copy."""
        known = {target for _, target, _ in main.relationships.values()}
        for part in self._parts.values():
            if part.kind.relationship in TEXTS and part.name not in known:
                main.relationships[main.free_id()] = (part.kind.relationship_type, part.name, False)

    def _find_allowed_relation(self, source: str, part: Part, ident: str, wanted: str) -> str | None:
        relationship = self._package.relationships(source).get(ident)
        if wanted == "image":
            return self._related_picture(part, ident, relationship)
        if relationship is None or relationship.type != wanted or wanted not in part.kind.related:
            return None
        if wanted == "hyperlink":
            if not (relationship.is_external and is_allowed_link(relationship.target)):
                return None
            return self._add_relationship(part, ident, (HYPERLINK_TYPE, relationship.target, True))
        return ident if ident in part.relationships else None

    def _related_picture(self, part: Part, ident: str, relationship: Relationship | None) -> str | None:
        if "image" not in part.kind.related:
            return None
        name = None
        if relationship is not None and relationship.type == "image" and not relationship.is_external:
            name = self._choose_picture_name(relationship.target)
        elif relationship is not None or not ident:
            self.pictures_left_out += part.name not in self._boxes
            self._boxes.add(part.name)
        return self._add_relationship(part, ident, (IMAGE_TYPE, name or _GREY_BOX, False))

    def _choose_picture_name(self, target: str) -> str | None:
        """The new name of a picture, or None for one that is not kept."""
        source = self._package.real_name(target)
        if source is None:
            return None
        if source not in self._pictures:
            ending = ending_of_picture(self._package, source)
            number = sum(name is not None for name in self._pictures.values()) + 1
            self._pictures[source] = f"word/media/image{number}.{ending}" if ending else None
            self.pictures_left_out += ending is None
        return self._pictures[source]

    def _add_relationship(self, part: Part, ident: str, about: tuple[str, str, bool]) -> str:
        if not _PROPER_ID.fullmatch(ident) or part.relationships.get(ident, about) != about:
            ident = part.free_id()
        part.relationships[ident] = about
        return ident

    # For whoever writes comments into it

    @property
    def main(self) -> Part:
        """The main document."""
        return self._parts[self._package.document]

    def part_of_kind(self, kind: str) -> Part | None:
        """The first part that is reached by relationships of this kind, or None."""
        return next((part for part in self._parts.values() if part.kind.relationship == kind), None)

    def add_part(self, kind: str, root: XmlElement) -> Part:
        """Add a part of this kind to the main document."""
        part = self._register_part(f"+{kind}", PARTS[kind], root)
        self.main.relationships[self.main.free_id()] = (part.kind.relationship_type, part.name, False)
        return part

    # As a file

    def files(self) -> dict[str, bytes]:
        """The parts of the copy by name."""
        with zipfile.ZipFile(io.BytesIO(self.packed("", None))) as archive:
            return {name: archive.read(name) for name in archive.namelist()}

    def packed(self, title: str, stamp: datetime | None) -> bytes:
        """The copy as a .docx file, with `title` and `stamp` in its properties.

        Equal copies give equal bytes.
        """
        pictures = {source: name for source, name in self._pictures.items() if name}
        files: list[tuple[str, bytes | Iterator[bytes]]] = [
            (TYPES, self._content_types()),
            (RELS, package_relationships(self.main.name)),
            (CORE, build_core_properties(title, "en-GB", stamp or _EPOCH)),
            (CUSTOM, build_custom_properties(self._properties)),
            *self._xml_parts(),
            *((name, self._package.pieces_of(source)) for source, name in pictures.items()),
        ]
        has_grey_box = any(
            t == _GREY_BOX for p in self._parts.values() for _, t, _ in p.relationships.values()
        )
        return write_zip(files + ([(_GREY_BOX, make_grey_box())] if has_grey_box else []))

    def _xml_parts(self) -> Iterator[tuple[str, bytes]]:
        for part in self._parts.values():
            yield part.name, _serialise_xml(part.root)
            if part.relationships:
                folder, _, base = part.name.rpartition("/")
                yield f"{folder}/_rels/{base}.rels", _serialise_xml(_build_relationships(part))

    def _content_types(self) -> bytes:
        root = etree.Element(f"{{{_CONTENT_TYPES}}}Types", nsmap={None: _CONTENT_TYPES})
        defaults = {
            "rels": "application/vnd.openxmlformats-package.relationships+xml",
            "xml": "application/xml",
            **{ending: content_type for _, ending, content_type in PICTURES},
        }
        for ending, content_type in defaults.items():
            etree.SubElement(root, f"{{{_CONTENT_TYPES}}}Default", Extension=ending, ContentType=content_type)
        overrides = {part.name: part.kind.content_type for part in self._parts.values()}
        overrides[CORE] = "application/vnd.openxmlformats-package.core-properties+xml"
        overrides[CUSTOM] = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
        for name, content_type in overrides.items():
            etree.SubElement(
                root, f"{{{_CONTENT_TYPES}}}Override", PartName=f"/{name}", ContentType=content_type
            )
        return _serialise_xml(root)


def _build_relationships(part: Part) -> XmlElement:
    root = etree.Element(f"{{{_RELATIONS}}}Relationships", nsmap={None: _RELATIONS})
    for ident, (kind, target, is_external) in part.relationships.items():
        near = target if is_external else posixpath.relpath(target, posixpath.dirname(part.name))
        about = {"Id": ident, "Type": kind, "Target": near}
        if is_external:
            about["TargetMode"] = "External"
        etree.SubElement(root, f"{{{_RELATIONS}}}Relationship", about)
    return root


def _serialise_xml(root: XmlElement) -> bytes:
    return bytes(etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8", standalone=True))
