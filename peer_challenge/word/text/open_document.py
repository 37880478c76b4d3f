"""A Word document opened and walked: its body, its other texts, and what was met in it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from peer_challenge.model.findings import Finding
from peer_challenge.word.active_content.active_kinds import EMBEDDED, PROGRAM
from peer_challenge.word.active_content.detection import Active, find_active_content
from peer_challenge.word.package.document_properties import properties_of
from peer_challenge.word.package.open_package import Limits, Package
from peer_challenge.word.reader_findings import Unreadable, finding
from peer_challenge.word.text.content import Content, Paragraph, Table
from peer_challenge.word.text.document_styles import Styles
from peer_challenge.word.text.libreoffice_repairs import is_crossed, is_saved_by_libreoffice, mend
from peer_challenge.word.text.margin_comments import without_own_comments
from peer_challenge.word.text.walk import Walk

_OTHER_PARTS = ("header", "footer", "footnotes", "endnotes", "comments")


@dataclass(slots=True)
class Document:
    """An open document. `others` maps "header", "footer", "footnotes"... to what those parts hold."""

    package: Package
    root: Any
    styles: Styles
    body: Content
    others: list[tuple[str, Content]] = field(default_factory=list)
    properties: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    active: list[Active] = field(default_factory=list)

    @property
    def embedded(self) -> list[str]:
        """The names of the parts that are files embedded in the document."""
        told = {one.part for one in self.active if one.code in (EMBEDDED, PROGRAM) and one.is_part}
        return [n for n in self.package.entries if n in told or "/embeddings/" in f"/{n.lower()}"]


def open_main_part(data: bytes, limits: Limits) -> tuple[Package, Any]:
    """The package of a .docx and the root of its main part, of which nothing has been read.

    Raises Unreadable where it can't be opened safely.
    """
    package = Package(data, limits)
    package.unpack_every_part(("word/document", "[content_types]", "_rels/"))
    return package, _root_of(package, package.document)


def open_document(data: bytes, limits: Limits) -> Document:
    """The document in the bytes of a .docx, walked. Raises Unreadable where it can't be opened safely."""
    package, root = open_main_part(data, limits)
    name = package.document
    related = package.relationships(name).values()
    styles = Styles(_bytes_of(package, related, "styles"), _bytes_of(package, related, "theme"))
    walk = Walk(package, name, styles)
    body = walk.body(root)
    document = Document(package, root, styles, body, properties=properties_of(package))
    document.others = list(_other_parts(package, name, walk))
    walk.end()
    document.active = find_active_content(package, root)
    document.findings = list(_met(document))
    return document


def _root_of(package: Package, name: str) -> Any:
    if not is_saved_by_libreoffice(package):
        return package.tree(name)
    try:
        root = package.tree(name)
    except Unreadable as why:
        if why.code == "open.bad_xml" and is_crossed(package.read(name)):
            raise Unreadable("open.crossed_changes") from why
        raise
    mend(root)
    return root


def _bytes_of(package: Package, related: Any, kind: str) -> bytes:
    for relationship in related:
        if relationship.type == kind and not relationship.is_external:
            try:
                return package.read(relationship.target)
            except (KeyError, Unreadable):
                return b""
    return b""


def text_parts(package: Package, main: str) -> dict[str, str]:
    """The parts beside the main document in which people write, with "header", "footer", "comments"...

    They are known by the relationship that leads to them, else by their names.
    """
    related = {r.target.lower(): r.type for r in package.relationships(main).values() if not r.is_external}
    texts = (
        name
        for target, kind in related.items()
        if kind in _OTHER_PARTS and (name := package.real_name(target))
    )
    found = {}
    for name in dict.fromkeys((*package.xml_names(), *texts)):  # whatever a part of texts is called
        folder, _, base = name.lower().rpartition("/")
        guessed = next((kind for kind in _OTHER_PARTS if folder == "word" and base.startswith(kind)), None)
        kind = related.get(name.lower(), guessed)
        if kind in _OTHER_PARTS and not base.startswith(("commentsext", "commentsid")):
            found[name] = kind
    return found


def _other_parts(package: Package, main: str, walk: Walk) -> Iterator[tuple[str, Content]]:
    for name, kind in text_parts(package, main).items():
        if name in package.damaged:
            continue
        try:
            raw = package.read(name)
            if b"t>" not in raw and b"t " not in raw and b"textpath" not in raw and b"\x00" not in raw[:64]:
                continue
            root = package.tree(name)
            root = without_own_comments(root) if kind == "comments" else root
            walk.part = name
            yield kind, walk.body(root)
        except Unreadable:
            package.damaged.add(name)


def _met(document: Document) -> Iterator[Finding]:
    """What is to be said of the document as a whole; what is active in it apart."""
    if document.package.damaged:
        yield finding("open.damaged_part")
    if any("tracked" in content.marks for content in all_contents(document)):
        yield finding("word.tracked_changes")
    texts = {kind for kind, content in document.others if any(map(has_text, content.blocks))}
    if "comments" in texts:
        yield finding("word.margin_comments")
    if texts & {"footnotes", "endnotes"}:
        yield finding("word.notes")


def has_text(block: Paragraph | Table) -> bool:
    """Whether there is a word in it."""
    return (
        bool(block.text.strip())
        if isinstance(block, Paragraph)
        else any(line.strip(" |") for line in block.lines())
    )


def all_contents(document: Document) -> Iterator[Content]:
    """What can hold more than text, everywhere in the document: body, cells, other parts."""
    for content in (document.body, *(content for _, content in document.others)):
        yield content
        for block in content.blocks:
            if isinstance(block, Table):
                yield from block.rich_contents()
