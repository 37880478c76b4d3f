"""The fix-it copy: an author's own file with a Word comment at each problem, and nothing else changed."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from lxml import etree

from peer_challenge.findings import Finding
from peer_challenge.vocabulary import Severity
from peer_challenge.word import archive_of_forms
from peer_challenge.word.codes import Unreadable
from peer_challenge.word.convert import converted
from peer_challenge.word.file_kinds import CONVERTIBLE, kind_of_file
from peer_challenge.word.identity_marks import COMMENT_AUTHOR, COMMENT_HEADING, comment_initials
from peer_challenge.word.locate import Place, element_at, locate
from peer_challenge.word.lore import Known
from peer_challenge.word.margin import forget, own_comments, paragraphs_of, take_out
from peer_challenge.word.package import DEFAULT_LIMITS, Package
from peer_challenge.word.packing import compress, pack

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_COMMENTS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments"
_STRICT_COMMENTS = "http://purl.oclc.org/ooxml/officeDocument/relationships/comments"
_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_ILLEGAL = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BESIDE = re.compile(r"(?:^|/)comments(?:Extended|Ids)\d*\.xml$", re.IGNORECASE)
_OPENING = {
    Severity.REJECT: "Please change this. ",
    Severity.QUERY: "Question: ",
    Severity.WARN: "Please note: ",
}
Key = tuple[str, str]


def annotate(original: bytes, findings: Iterable[Finding], known: Known, *, on: date | None = None) -> bytes:
    """The document with a comment at each place that `findings` name; the same arguments give the same bytes.

    Findings of the document as a whole, and those whose place is gone, stand at the top. Comments
    that an earlier copy brought are taken out; notes are left out. `on` is the day the comments bear.
    A form inside a ZIP file comes back by itself, an older kind of file as .docx. Raises Unreadable
    where there is no document to write in.
    """
    data = _the_document(original, known)
    places = locate(data, known)
    return _Copy(data, on).with_comments(_by_place(findings, places), places)


def _the_document(original: bytes, known: Known) -> bytes:
    kind = kind_of_file(original)
    if kind == "zip":
        original = archive_of_forms.the_one_form(original, known, DEFAULT_LIMITS).content
        kind = kind_of_file(original)
    return converted(original, kind) if kind in CONVERTIBLE else original


def _by_place(findings: Iterable[Finding], places: Mapping[Key, Place]) -> dict[Key | None, list[Finding]]:
    """The findings by the cell that they stand at, None for the top of the document, the top first."""
    found: dict[Key | None, list[Finding]] = {None: []}
    for finding in findings:
        if finding.severity in _OPENING:
            found.setdefault(_cell_of(finding, places), []).append(finding)
    return {key: theirs for key, theirs in found.items() if theirs}


def _cell_of(finding: Finding, places: Mapping[Key, Place]) -> Key | None:
    """The finding's cell, else its row's first, else None."""
    row = finding.subheading or ""
    tried: list[str] = [finding.column] if finding.column else []
    tried += ["subheading", "item"] if row else []
    return next((key for column in tried if (key := (row, column)) in places), None)


class _Copy:
    """One document being annotated."""

    def __init__(self, data: bytes, on: date | None) -> None:
        self._on = on
        self._package = Package(data, DEFAULT_LIMITS)
        self._main = self._package.document
        self._root = _parsed(self._package.read(self._main))
        self._w = self._root.tag.partition("}")[0][1:]
        self._changed: dict[str, bytes] = {}

    def with_comments(
        self, problems: Mapping[Key | None, Sequence[Finding]], places: Mapping[Key, Place]
    ) -> bytes:
        # places are found before anything moves
        cells = [None if key is None else element_at(self._root, places[key]) for key in problems]
        name, comments = self._comments()
        self._take_out_earlier(comments)
        number = self._first_free(comments)
        for cell, findings in zip(cells, problems.values(), strict=True):
            paragraph = self._paragraph(cell)
            self._mark(paragraph, number)
            comments.append(self._comment(number, findings))
            number += 1
        self._changed[name] = _written(comments)
        self._changed[self._main] = _written(self._root)
        return self._packed()

    def _q(self, name: str) -> str:
        return f"{{{self._w}}}{name}"

    # The comments part

    def _comments(self) -> tuple[str, Any]:
        """The comments part's name and root; it is added where the document has none."""
        related = self._package.relationships(self._main).values()
        targets = (r.target for r in related if r.type == "comments" and not r.is_external)
        for name in filter(None, map(self._package.real_name, targets)):
            return name, _parsed(self._package.read(name))
        return self._add_comments()

    def _add_comments(self) -> tuple[str, Any]:
        folder = self._main.rpartition("/")[0]
        names = (f"{folder}/comments{n}.xml".lstrip("/") for n in ("", *range(2, 99)))
        name = next(name for name in names if name not in self._package)
        self._relate(name)
        self._declare(name)
        return name, etree.Element(self._q("comments"), nsmap={"w": self._w})

    def _relate(self, name: str) -> None:
        folder, _, base = self._main.rpartition("/")
        wanted = f"{folder}/_rels/{base}.rels".lstrip("/")
        part = self._package.real_name(wanted) or wanted
        root = (
            _parsed(self._package.read(part))
            if part in self._package
            else etree.Element(f"{{{_RELATIONS}}}Relationships", nsmap={None: _RELATIONS})
        )
        taken = {element.get("Id") for element in root}
        ident = next(i for n in range(1, len(taken) + 2) if (i := f"rIdPC{n}") not in taken)
        kind = _COMMENTS if self._w == _W else _STRICT_COMMENTS
        about = {"Id": ident, "Type": kind, "Target": name.rpartition("/")[2]}
        etree.SubElement(root, f"{{{_RELATIONS}}}Relationship", about)
        self._changed[part] = _written(root)

    def _declare(self, name: str) -> None:
        part = self._package.real_name("[Content_Types].xml") or "[Content_Types].xml"
        root = _parsed(self._package.read(part))
        for override in root.findall(f"{{{_TYPES}}}Override"):
            if (override.get("PartName") or "").lower() == f"/{name}".lower():
                root.remove(override)
        about = {"PartName": f"/{name}", "ContentType": _COMMENTS_TYPE}
        etree.SubElement(root, f"{{{_TYPES}}}Override", about)
        self._changed[part] = _written(root)

    def _take_out_earlier(self, comments: Any) -> None:
        earlier = list(own_comments(comments))
        take_out(self._root, {comment.get(self._q("id")) for comment in earlier})
        self._forget(paragraphs_of(earlier))
        for comment in earlier:
            comment.getparent().remove(comment)

    def _forget(self, paragraphs: set[str]) -> None:
        """Take comments out of the parts that Word keeps beside them: threads and lasting ids."""
        beside = (name for name in self._package.entries if _BESIDE.search(name)) if paragraphs else ()
        for name in beside:
            root = _parsed(self._package.read(name))
            if forget(root, paragraphs):
                self._changed[name] = _written(root)

    def _first_free(self, comments: Any) -> int:
        ids = [comment.get(self._q("id")) or "" for comment in comments]
        marks = ("commentRangeStart", "commentRangeEnd", "commentReference")
        ids += [mark.get(self._q("id")) or "" for mark in self._root.iter(*map(self._q, marks))]
        return max((int(i) for i in ids if i.isdecimal()), default=-1) + 1

    def _comment(self, number: int, findings: Sequence[Finding]) -> Any:
        lines = [line for finding in findings for line in _lines(finding)]
        about = {"id": str(number), "author": COMMENT_AUTHOR, "initials": comment_initials(lines)}
        if self._on is not None:
            about["date"] = f"{self._on.isoformat()}T00:00:00Z"
        comment = etree.Element(self._q("comment"), {self._q(key): value for key, value in about.items()})
        for line in (COMMENT_HEADING, *lines):
            paragraph = etree.SubElement(comment, self._q("p"))
            if line is COMMENT_HEADING:
                etree.SubElement(etree.SubElement(paragraph, self._q("r")), self._q("annotationRef"))
            text = etree.SubElement(etree.SubElement(paragraph, self._q("r")), self._q("t"))
            text.text = line
            text.set(_SPACE, "preserve")
        return comment

    # The places

    def _paragraph(self, cell: Any) -> Any:
        """The paragraph to comment on: a cell's first that stands in no table within it, else the body's."""
        p, tc = self._q("p"), self._q("tc")
        # LibreOffice loses the row's heading where a cell in a control of its own is commented on
        if cell is not None and cell.getparent().tag != self._q("sdtContent"):
            own = (found for found in cell.iter(p) if next(found.iterancestors(tc)) is cell)
            if (found := next(own, None)) is not None:
                return found
            if cell.tag == tc:
                return etree.SubElement(cell, p)
        body = self._root.find(self._q("body"))
        if body is None:
            raise Unreadable("open.no_document")
        found = next((child for child in body if child.tag == p), None)
        if found is None:
            found = etree.Element(p)
            body.insert(0, found)
        return found

    def _mark(self, paragraph: Any, number: int) -> None:
        """Put the comment's marks around a paragraph.

        Where it stands in a control in its cell they go around the control: LibreOffice loses the
        words of a paragraph in a control that a comment is tied to.
        """
        ident = {self._q("id"): str(number)}
        start = etree.Element(self._q("commentRangeStart"), ident)
        holder = self._holder(paragraph)
        properties = holder.find(self._q("pPr" if holder is paragraph else "tcPr"))
        holder.insert(0 if properties is None else holder.index(properties) + 1, start)
        last = paragraph if holder is paragraph else self._last_of(holder)
        etree.SubElement(last, self._q("commentRangeEnd"), ident)
        etree.SubElement(etree.SubElement(last, self._q("r")), self._q("commentReference"), ident)

    def _holder(self, paragraph: Any) -> Any:
        """The paragraph itself, or its cell where a control stands between the two."""
        cell = next(paragraph.iterancestors(self._q("tc")), None)
        return paragraph if cell is None or paragraph.getparent() is cell else cell

    def _last_of(self, cell: Any) -> Any:
        """An empty paragraph at the end of a cell, added where there is none; reading skips it."""
        last = cell[-1]
        is_free = last.tag == self._q("p") and next(last.iter(self._q("r")), None) is None
        return last if is_free else etree.SubElement(cell, self._q("p"))

    def _packed(self) -> bytes:
        """The copy: what was not written in is copied as it lies, so that no picture is ever unpacked."""
        kept = self._package.entries
        names = [*kept, *(name for name in self._changed if name not in kept)]
        changed = {name: compress(name, content) for name, content in self._changed.items()}
        return pack(changed.get(name) or self._package.packed(name) for name in names)


def _lines(finding: Finding) -> list[str]:
    said = [_OPENING[finding.severity] + finding.message, finding.remedy and f"What to do: {finding.remedy}"]
    return [_ILLEGAL.sub("", " ".join(line.split())) for line in said if line]


def _parsed(content: bytes) -> Any:
    """A part as it stands, comments and all. The document passed every check when it was taken in."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    return etree.fromstring(content, parser)


def _written(root: Any) -> bytes:
    return bytes(etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8", standalone=True))
