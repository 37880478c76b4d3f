"""The fix-it copy: the author's own file with a Word comment at each problem, and nothing active in it."""

import contextlib
import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from datetime import date, datetime, time

from lxml import etree

from peer_challenge.model.findings import Finding
from peer_challenge.model.vocabulary import Severity
from peer_challenge.word.active_content.inert_copy import InertCopy
from peer_challenge.word.answers import zip_of_forms
from peer_challenge.word.answers.locate_cells import CellPlaces, Key, find_cells_at_places, mark_of_main_part
from peer_challenge.word.answers.read_document import cells_of_form, read_document
from peer_challenge.word.form.known_before_reading import WHOLE_DOCUMENT, Known, OwnText
from peer_challenge.word.form.printed_text_hashes import Marks, single_spaced
from peer_challenge.word.package.convert_with_libreoffice import convert_to_docx
from peer_challenge.word.package.document_properties import properties_of
from peer_challenge.word.package.file_kinds import CONVERTIBLE, kind_of_file
from peer_challenge.word.package.marks import (
    COMMENT_AUTHOR,
    COMMENT_HEADING,
    comment_initials,
    field_bookmark,
    row_bookmark,
    write_copy_point,
)
from peer_challenge.word.package.namespaces import W, w
from peer_challenge.word.package.open_package import Package
from peer_challenge.word.package.reading_limits import DEFAULT_LIMITS
from peer_challenge.word.package.xml_element import XmlElement, remove_from_parent, require_parent
from peer_challenge.word.reader_findings import Unreadable, make_finding
from peer_challenge.word.text.margin_comments import (
    own_comments,
    paragraphs_of,
    remove_comment_marks,
    remove_thread_entries,
)
from peer_challenge.word.text.open_document import open_document, open_main_part, text_parts
from peer_challenge.word.write.house_colours import ASKED

_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_ILLEGAL = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ASKS_FOR_RETURN = re.compile(r"Please return (?:this|your) [\w ]{2,40} by \w+ \d{1,2} \w+ \d{4}\b")
_ADDRESS = re.compile(r"([^\s\"<>\\]+@[^\s\"<>\\]*\w)")
_OPENING = {
    Severity.REJECT: "Please change this. ",
    Severity.QUERY: "Point to correct: ",
    Severity.WARN: "Please note: ",
}
_ASKS = (Severity.REJECT, Severity.QUERY)
_BEFORE_SHADING = tuple(map(w, ("cnfStyle", "tcW", "gridSpan", "hMerge", "vMerge", "tcBorders")))
"""The properties of a cell that come before its shading in a valid document."""


def add_fix_it_comments(
    original: bytes,
    findings: Iterable[Finding],
    known: Known,
    *,
    places: CellPlaces | None = None,
    on: date | None = None,
    opening: str = "",
    points: Iterable[tuple[int, str, Finding]] = (),
    title: str = "Your form, with our questions",
) -> bytes:
    """A copy of the document with a comment at each place that `findings` name, below an `opening`.

    Each of `points` gets a line below the opening, with a link to its row: a number, a place as the form says
    it, and the question. Cells with a question are shaded.

    The same arguments give the same bytes. `places` are those that reading found: with them nothing is read
    again. Without them, and where an older kind of file is now converted into another .docx, the form's cells
    are looked for with what is `known`.

    Findings about the whole document, and those whose place is gone, are at the top. Comments and opening of
    an earlier copy are removed; notes are left out. `on` is the date of the comments, `title` what the copy's
    properties call it. A form inside a ZIP file comes back by itself, an older kind of file as .docx. Raises
    Unreadable where there is no document to write in.
    """
    package, root, cells = _open_form_and_cells(original, known, places)
    texts = text_parts(package, package.document)
    copy = InertCopy(package, root, texts, properties_of(package))
    _write_opening(root, opening, points, OwnText(known, Marks(properties_of(package))))
    told = [*findings, *_list_copy_findings(copy)]
    _Comments(copy, cells, on).write(_group_by_place(told, cells))
    return copy.packed(title, None if on is None else datetime.combine(on, time()))


def _write_opening(
    root: XmlElement, opening: str, points: Iterable[tuple[int, str, Finding]], own: OwnText
) -> None:
    """Put a paragraph in bold at the top of a document, and the points below, in place of an earlier copy's.

    The form's own line that says by when to return it goes, and its frame serves the new ones: a passed day
    must not stand out. `own` tells that nothing was typed into the lines that go.
    """
    body = root.find(w("body"))
    if body is None:
        return
    paragraphs = list(body.iterchildren(w("p")))
    replaced = [one for one in paragraphs if own.is_copy_line("".join(one.itertext(w("t"))))]
    replaced += [one for one in paragraphs if opening and _asks_for_return(one, own.marks)]
    frame = next((found for one in replaced if (found := one.find(w("pPr"))) is not None), None)
    for one in replaced:
        body.remove(one)
    if not opening:
        return
    first = _build_opening(opening)
    bookmarks = {mark.get(w("name")) for mark in root.iter(w("bookmarkStart"))}
    lines = [first, *(_build_point(*point, own.known, bookmarks) for point in points)]
    for place, line in enumerate(lines):
        if frame is not None:
            line.insert(0, deepcopy(frame))
        body.insert(place, line)


def _build_opening(opening: str) -> XmlElement:
    """A paragraph in bold in which each address to write to is a link, as in the form itself."""
    paragraph = etree.Element(w("p"))
    for number, piece in enumerate(_ADDRESS.split(opening)):
        if number % 2:
            _add_field_mark(paragraph, "begin")
            run = etree.SubElement(paragraph, w("r"))
            etree.SubElement(run, w("instrText")).text = f' HYPERLINK "mailto:{piece}" '
            _add_field_mark(paragraph, "separate")
            _add_run(paragraph, piece, "u", "single")
            _add_field_mark(paragraph, "end")
        elif piece:
            _add_run(paragraph, piece, "b")
    return paragraph


def _add_field_mark(paragraph: XmlElement, kind: str) -> None:
    etree.SubElement(etree.SubElement(paragraph, w("r")), w("fldChar"), {w("fldCharType"): kind})


def _build_point(
    number: int, place: str, question: Finding, known: Known, bookmarks: Container[str | None]
) -> XmlElement:
    """A paragraph that names a question's place, with a link to it where the document has its bookmark."""
    # only a text that reading knows again may be added
    text = write_copy_point(number, place if known.is_place(place) else WHOLE_DOCUMENT)
    row, column = question.subheading, question.column
    anchor = row_bookmark(row) if row else field_bookmark(column) if column else None
    paragraph = etree.Element(w("p"))
    if anchor not in bookmarks or anchor is None:
        return _add_run(paragraph, text)
    _add_run(etree.SubElement(paragraph, w("hyperlink"), {w("anchor"): anchor}), text, "u", "single")
    return paragraph


def _add_run(parent: XmlElement, text: str, look: str = "", value: str | None = None) -> XmlElement:
    """The parent, after a run with this text was added to it: `look` is a property of letters."""
    run = etree.SubElement(parent, w("r"))
    if look:
        etree.SubElement(etree.SubElement(run, w("rPr")), w(look), {w("val"): value} if value else {})
    shown = etree.SubElement(run, w("t"), {_SPACE: "preserve"})
    shown.text = _ILLEGAL.sub("", text)
    return parent


def _asks_for_return(paragraph: XmlElement, marks: Marks) -> bool:
    """Whether a paragraph is the form's own line that says by when to return it."""
    text = single_spaced("".join(paragraph.itertext(w("t"))))
    return _ASKS_FOR_RETURN.match(text) is not None and marks.has(text)


def _list_copy_findings(copy: InertCopy) -> Iterator[Finding]:
    """The findings about the copy itself: that pictures are missing from it."""
    if count := copy.pictures_left_out:
        yield make_finding("copy.picture_left_out", count="a picture" if count == 1 else f"{count} pictures")


def _open_form_and_cells(
    original: bytes, known: Known, places: CellPlaces | None
) -> tuple[Package, XmlElement, Mapping[Key, XmlElement]]:
    """The form's package, the root of its main part, and the cells of its answers in that."""
    if places is not None:
        with contextlib.suppress(_NotAsRead):
            return _open_form_as_read(original, places)
    data = _extract_form_docx(original, lambda form: read_document(form, known).kind is not None)
    document = open_document(data, DEFAULT_LIMITS)
    return document.package, document.root, cells_of_form(document, known)


class _NotAsRead(Exception):
    """The document is not the one in which the places were found."""


def _open_form_as_read(
    original: bytes, places: CellPlaces
) -> tuple[Package, XmlElement, Mapping[Key, XmlElement]]:
    """The form's package, root and cells, found by `places` without reading it. Raises _NotAsRead."""

    def is_as_read(form: bytes) -> bool:
        try:
            return _has_same_main_part(open_main_part(form, DEFAULT_LIMITS)[0], places)
        except Unreadable:
            return False

    package, root = open_main_part(_extract_form_docx(original, is_as_read), DEFAULT_LIMITS)
    try:
        if _has_same_main_part(package, places):
            return package, root, find_cells_at_places(root, places)
    except IndexError:
        pass
    raise _NotAsRead


def _has_same_main_part(package: Package, places: CellPlaces) -> bool:
    return mark_of_main_part(package) == places.main_part


def _extract_form_docx(original: bytes, is_form: Callable[[bytes], bool]) -> bytes:
    """The form as .docx: the file itself or the one form in a ZIP, converted where it is another kind."""
    kind = kind_of_file(original)
    if kind == "zip":
        original = zip_of_forms.the_one_form(original, DEFAULT_LIMITS, is_form).content
        kind = kind_of_file(original)
    return convert_to_docx(original, kind) if kind in CONVERTIBLE else original


def _group_by_place(
    findings: Iterable[Finding], places: Mapping[Key, XmlElement]
) -> dict[Key | None, list[Finding]]:
    """The findings by their cell, without notes. None is the top of the document, which comes first."""
    found: dict[Key | None, list[Finding]] = {None: []}
    for one in findings:
        if one.severity in _OPENING:
            found.setdefault(_find_cell_key(one, places), []).append(one)
    return {key: theirs for key, theirs in found.items() if theirs}


def _find_cell_key(finding: Finding, places: Mapping[Key, XmlElement]) -> Key | None:
    """The finding's cell, else its row's first, else None."""
    row = finding.subheading or ""
    tried: list[str] = [finding.column] if finding.column else []
    tried += ["subheading", "item"] if row else []
    return next((key for column in tried if (key := (row, column)) in places), None)


class _Comments:
    """The comments of one copy. `cells` are the elements of the answers' cells in its main document."""

    def __init__(self, copy: InertCopy, cells: Mapping[Key, XmlElement], on: date | None) -> None:
        self._copy, self._cells, self._on = copy, cells, on
        self._root = copy.main.root
        part = copy.part_of_kind("comments")
        self._part = part or copy.add_part("comments", etree.Element(w("comments"), nsmap={"w": W}))

    def write(self, problems: Mapping[Key | None, Sequence[Finding]]) -> None:
        """Write a comment for each place, in place of those that an earlier copy brought.

        Cells that are asked about are shaded, but for those of ratings, whose colour is read.
        """
        comments = self._part.root
        self._take_out_earlier(comments)
        ratings = [cell for (_, column), cell in self._cells.items() if column == "rating"]
        number = self._find_free_number(comments)
        for key, findings in problems.items():
            paragraph = self._find_paragraph_for_comment(None if key is None else self._cells[key])
            self._mark_paragraph(paragraph, number)
            comments.append(self._build_comment(number, findings))
            number += 1
            cell = None if key is None else self._cells[key]
            is_asked = any(finding.severity in _ASKS for finding in findings)
            if is_asked and cell is not None and cell.tag == w("tc") and cell not in ratings:
                _shade_cell(cell)

    def _take_out_earlier(self, comments: XmlElement) -> None:
        for shading in [one for one in self._root.iter(w("shd")) if _is_own_shading(one)]:
            remove_from_parent(shading)
        earlier = list(own_comments(comments))
        remove_comment_marks(self._root, {comment.get(w("id")) or "" for comment in earlier})
        self._remove_from_threads(paragraphs_of(earlier))
        for comment in earlier:
            remove_from_parent(comment)

    def _remove_from_threads(self, paragraphs: set[str]) -> None:
        """Take comments out of the parts that Word keeps beside them: threads and lasting ids."""
        for kind in ("commentsExtended", "commentsIds") if paragraphs else ():
            if (part := self._copy.part_of_kind(kind)) is not None:
                remove_thread_entries(part.root, paragraphs)

    def _find_free_number(self, comments: XmlElement) -> int:
        ids = [comment.get(w("id")) or "" for comment in comments]
        marks = ("commentRangeStart", "commentRangeEnd", "commentReference")
        ids += [mark.get(w("id")) or "" for mark in self._root.iter(*map(w, marks))]
        return max((int(i) for i in ids if i.isdecimal()), default=-1) + 1

    def _build_comment(self, number: int, findings: Sequence[Finding]) -> XmlElement:
        lines = [line for finding in findings for line in _list_comment_lines(finding)]
        about = {"id": str(number), "author": COMMENT_AUTHOR, "initials": comment_initials(lines)}
        if self._on is not None:
            about["date"] = f"{self._on.isoformat()}T00:00:00Z"
        comment = etree.Element(w("comment"), {w(key): value for key, value in about.items()})
        for line in (COMMENT_HEADING, *lines):
            paragraph = etree.SubElement(comment, w("p"))
            if line is COMMENT_HEADING:
                etree.SubElement(etree.SubElement(paragraph, w("r")), w("annotationRef"))
            text = etree.SubElement(etree.SubElement(paragraph, w("r")), w("t"))
            text.text = line
            text.set(_SPACE, "preserve")
        return comment

    # The places

    def _find_paragraph_for_comment(self, cell: XmlElement | None) -> XmlElement:
        """The paragraph to comment on: the cell's first that is in no nested table, else the body's first."""
        p, tc = w("p"), w("tc")
        if cell is not None and cell.tag == p and require_parent(cell).tag != w("sdtContent"):
            return cell  # an answer that was typed as text
        # LibreOffice loses the row's heading where a cell in a control of its own is commented on
        if cell is not None and cell.tag == tc and require_parent(cell).tag != w("sdtContent"):
            own = (found for found in cell.iter(p) if next(found.iterancestors(tc)) is cell)
            if (found := next(own, None)) is not None:
                return found
            return etree.SubElement(cell, p)
        body = self._root.find(w("body"))
        if body is None:
            raise Unreadable("open.no_document")
        found = next((child for child in body if child.tag == p), None)
        if found is None:
            found = etree.Element(p)
            body.insert(0, found)
        return found

    def _mark_paragraph(self, paragraph: XmlElement, number: int) -> None:
        """Put the comment's marks around a paragraph.

        Where the paragraph is in a control in its cell, the marks go around the control: LibreOffice loses
        the words of a paragraph in a control that a comment is tied to.
        """
        ident = {w("id"): str(number)}
        start = etree.Element(w("commentRangeStart"), ident)
        holder = self._find_mark_holder(paragraph)
        properties = holder.find(w("pPr" if holder is paragraph else "tcPr"))
        holder.insert(0 if properties is None else holder.index(properties) + 1, start)
        last = paragraph if holder is paragraph else self._ensure_last_paragraph(holder)
        etree.SubElement(last, w("commentRangeEnd"), ident)
        etree.SubElement(etree.SubElement(last, w("r")), w("commentReference"), ident)

    def _find_mark_holder(self, paragraph: XmlElement) -> XmlElement:
        """The paragraph itself, or its cell where there is a control between the two."""
        cell = next(paragraph.iterancestors(w("tc")), None)
        return paragraph if cell is None or paragraph.getparent() is cell else cell

    def _ensure_last_paragraph(self, cell: XmlElement) -> XmlElement:
        """An empty paragraph at the end of a cell, added where there is none; reading skips it."""
        last = cell[-1]
        is_free = last.tag == w("p") and next(last.iter(w("r")), None) is None
        return last if is_free else etree.SubElement(cell, w("p"))


def _shade_cell(cell: XmlElement) -> None:
    """Give a cell the colour of what we ask about; one with a colour of its own keeps that."""
    properties = cell.find(w("tcPr"))
    if properties is None:
        properties = etree.Element(w("tcPr"))
        cell.insert(0, properties)
    if properties.find(w("shd")) is None:
        place = sum(one.tag in _BEFORE_SHADING for one in properties)
        properties.insert(place, etree.Element(w("shd"), {w("val"): "clear", w("fill"): ASKED}))


def _is_own_shading(shading: XmlElement) -> bool:
    return (shading.get(w("fill")) or "").upper() == ASKED and require_parent(shading).tag == w("tcPr")


def _list_comment_lines(finding: Finding) -> list[str]:
    said = [_OPENING[finding.severity] + finding.message, finding.remedy and f"What to do: {finding.remedy}"]
    return [_ILLEGAL.sub("", " ".join(line.split())) for line in said if line]
