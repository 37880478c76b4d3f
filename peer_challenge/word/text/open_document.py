"""A Word document opened and walked: its body, its other texts, and the findings about it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from peer_challenge.model.findings import Finding
from peer_challenge.word.active_content.active_kinds import EMBEDDED, PROGRAM
from peer_challenge.word.active_content.detection import Active, find_active_content
from peer_challenge.word.package.document_properties import properties_of
from peer_challenge.word.package.open_package import Package, Relationship
from peer_challenge.word.package.reading_limits import Limits
from peer_challenge.word.package.safe_xml import parse_xml
from peer_challenge.word.package.xml_element import XmlElement
from peer_challenge.word.reader_findings import Unreadable, make_finding
from peer_challenge.word.text.bound_controls import show_bound_values
from peer_challenge.word.text.content import Content, Paragraph, Table
from peer_challenge.word.text.document_styles import Styles
from peer_challenge.word.text.libreoffice_repairs import (
    is_crossed,
    is_saved_by_libreoffice,
    remove_repeated_controls,
    words_in,
)
from peer_challenge.word.text.list_labels import labels_of_lists
from peer_challenge.word.text.margin_comments import ids_of, without_own_comments
from peer_challenge.word.text.walk import Walk

_OTHER_PARTS = ("header", "footer", "footnotes", "endnotes", "comments")


@dataclass(slots=True)
class Document:
    """An open document. `others` maps "header", "footer", "footnotes"... to what those parts hold.

    `comments` are the ids of the comments in its margin that are not the office's own, `labels` the
    numbers and bullets of paragraphs in lists.
    """

    package: Package
    root: XmlElement
    styles: Styles
    body: Content
    others: list[tuple[str, Content]] = field(default_factory=list)
    properties: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    active: list[Active] = field(default_factory=list)
    comments: frozenset[str] = frozenset()
    labels: dict[XmlElement, str] = field(default_factory=dict)

    @property
    def embedded(self) -> list[str]:
        """The names of the parts that are files embedded in the document."""
        told = {one.part for one in self.active if one.code in (EMBEDDED, PROGRAM) and one.is_part}
        return [n for n in self.package.entries if n in told or "/embeddings/" in f"/{n.lower()}"]


def open_main_part(data: bytes, limits: Limits) -> tuple[Package, XmlElement]:
    """The package of a .docx and the root of its main part, before any text is read.

    Raises Unreadable where it can't be opened safely.
    """
    package = Package(data, limits)
    package.unpack_every_part(("word/document", "[content_types]", "_rels/"))
    return package, _load_repaired_root(package, package.document)


def open_document(data: bytes, limits: Limits) -> Document:
    """The document in the bytes of a .docx, walked. Raises Unreadable where it can't be opened safely."""
    package, root = open_main_part(data, limits)
    name = package.document
    related = package.relationships(name).values()
    styles = Styles(
        read_related_part(package, related, "styles"), read_related_part(package, related, "theme")
    )
    walk = Walk(package, name, styles)
    walk.bound = show_bound_values(package, root) if b"dataBinding" in package.read(name) else {}
    body = walk.body(root)
    document = Document(package, root, styles, body, properties=properties_of(package))
    document.others = list(_other_parts(package, name, walk))
    document.comments = ids_of_comments(package, name) if "comments" in dict(document.others) else frozenset()
    walk.end()
    document.labels = _read_list_labels(document, name)
    document.active = find_active_content(package, root)
    document.findings = list(_list_document_findings(document))
    return document


def _load_repaired_root(package: Package, name: str) -> XmlElement:
    try:
        root = package.tree(name)
    except Unreadable as why:
        if why.code != "open.bad_xml":
            raise
        content = package.read(name)
        code = "open.crossed_changes" if is_crossed(content) else why.code
        raise Unreadable(code, words_in(content)) from why
    if is_saved_by_libreoffice(package):
        remove_repeated_controls(root)
    return root


def _has_style_of_list(raw: bytes, styles: Styles) -> bool:
    """Whether a style of a list is named below the first table; what is above is the form's own guidance."""
    start = max(raw.find(b"<w:tbl>"), 0)
    return any(raw.find(f'"{name}"'.encode(), start) >= 0 for name in styles.of_lists)


def _read_list_labels(document: Document, main: str) -> dict[XmlElement, str]:
    raw = document.package.read(main)
    if b"numPr" not in raw and not _has_style_of_list(raw, document.styles):
        return {}
    related = document.package.relationships(main).values()
    numbering = read_related_part(document.package, related, "numbering")
    try:
        return labels_of_lists(document.root, parse_xml(numbering), document.styles) if numbering else {}
    except Unreadable:
        return {}


def read_related_part(package: Package, related: Iterable[Relationship], kind: str) -> bytes:
    """The content of the part of this kind, as "styles"; empty where there is none that can be read."""
    for relationship in related:
        if relationship.type == kind and not relationship.is_external:
            try:
                return package.read(relationship.target)
            except (KeyError, Unreadable):
                return b""
    return b""


def text_parts(package: Package, main: str) -> dict[str, str]:
    """The parts in which people write, besides the main document: name to "header", "footer", "comments"...

    A part is known by the relationship that leads to it, or else by its name.
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


def ids_of_comments(package: Package, main: str) -> frozenset[str]:
    """The ids of the comments that somebody wrote, without the office's own."""
    names = [name for name, kind in text_parts(package, main).items() if kind == "comments"]
    roots = (package.tree(name) for name in names if name not in package.damaged)
    return frozenset(identity for root in roots for identity in ids_of(without_own_comments(root)))


def _list_document_findings(document: Document) -> Iterator[Finding]:
    """The findings about the document as a whole, without those about active content."""
    if document.package.damaged:
        yield make_finding("open.damaged_part")
    if any("tracked" in content.marks for content in all_contents(document)):
        yield make_finding("word.tracked_changes")
    texts = {kind for kind, content in document.others if any(map(has_nonblank_text, content.blocks))}
    if "comments" in texts:
        yield make_finding("word.margin_comments")
    if texts & {"footnotes", "endnotes"}:
        yield make_finding("word.notes")


def has_nonblank_text(block: Paragraph | Table) -> bool:
    """Whether a paragraph or table holds any text."""
    return (
        bool(block.text.strip())
        if isinstance(block, Paragraph)
        else any(line.strip(" |") for line in block.lines())
    )


def all_contents(document: Document) -> Iterator[Content]:
    """Every content that can hold more than text: the body, cells and other parts of the document."""
    for content in (document.body, *(content for _, content in document.others)):
        yield content
        for block in content.blocks:
            if isinstance(block, Table):
                yield from block.rich_contents()
