"""A Word document opened and walked: its body, its other texts, and what was met in it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from peer_challenge.findings import Finding
from peer_challenge.word.codes import Unreadable, finding
from peer_challenge.word.content import Content, Paragraph, Table
from peer_challenge.word.identity import properties_of
from peer_challenge.word.libreoffice import is_crossed, is_saved_by_libreoffice, mend
from peer_challenge.word.margin import without_own_comments
from peer_challenge.word.package import Limits, Package
from peer_challenge.word.styles import Styles
from peer_challenge.word.walk import Walk

_OTHER_PARTS = ("header", "footer", "footnotes", "endnotes", "comments")
_FETCHED = (
    "attachedTemplate",
    "image",
    "oleObject",
    "frame",
    "subDocument",
    "aFChunk",
    "package",
    "video",
    "audio",
    "mailMergeSource",
    "webVideo",
    "linkedFrame",
)


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

    @property
    def embedded(self) -> list[str]:
        """The names of the parts that are files embedded in the document."""
        return [name for name in self.package.entries if "/embeddings/" in f"/{name.lower()}"]


def open_document(data: bytes, limits: Limits) -> Document:
    """The document in the bytes of a .docx. Raises Unreadable where it can't be opened safely."""
    package = Package(data, limits)
    package.unpack_every_part(("word/document", "[content_types]", "_rels/"))
    name = package.document
    root = _root_of(package, name)
    related = package.relationships(name).values()
    styles = Styles(_bytes_of(package, related, "styles"), _bytes_of(package, related, "theme"))
    walk = Walk(package, name, styles)
    body = walk.body(root)
    document = Document(package, root, styles, body, properties=properties_of(package))
    document.others = list(_other_parts(package, name, walk))
    walk.end()
    document.findings = list(_met(document, name))
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


def _other_parts(package: Package, main: str, walk: Walk) -> Iterator[tuple[str, Content]]:
    related = {r.target.lower(): r.type for r in package.relationships(main).values() if not r.is_external}
    texts = (
        name
        for target, kind in related.items()
        if kind in _OTHER_PARTS and (name := package.real_name(target))
    )
    for name in dict.fromkeys((*package.xml_names(), *texts)):  # whatever a part of texts is called
        folder, _, base = name.lower().rpartition("/")
        guessed = next((kind for kind in _OTHER_PARTS if folder == "word" and base.startswith(kind)), None)
        kind = related.get(name.lower(), guessed)
        if (
            kind not in _OTHER_PARTS
            or base.startswith(("commentsext", "commentsid"))
            or name in package.damaged
        ):
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


def _met(document: Document, main: str) -> Iterator[Finding]:
    """What is to be said of the document as a whole."""
    package = document.package
    if package.damaged:
        yield finding("open.damaged_part")
    marks = set().union(*(content.marks for content in all_contents(document)))
    for mark, code in (
        ("tracked", "word.tracked_changes"),
        ("imported", "word.imported_part"),
        ("dde", "word.dde"),
    ):
        if mark in marks:
            yield finding(code)
    texts = {kind for kind, content in document.others if any(map(has_text, content.blocks))}
    if "comments" in texts:
        yield finding("word.margin_comments")
    if texts & {"footnotes", "endnotes"}:
        yield finding("word.notes")
    if document.embedded:
        yield finding("word.embedded_file", count=len(document.embedded))
    if "external" in marks or any(
        _is_fetched(package, part) for part in (main, *_with_settings(package, main))
    ):
        yield finding("word.external_content")


def _with_settings(package: Package, main: str) -> list[str]:
    return [
        r.target for r in package.relationships(main).values() if r.type == "settings" and not r.is_external
    ]


def _is_fetched(package: Package, part: str) -> bool:
    return any(r.is_external and r.type in _FETCHED for r in package.relationships(part).values())


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
