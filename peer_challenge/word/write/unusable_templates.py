"""Whether one of the office's own Word templates may be used: every document made from it goes to others."""

from collections.abc import Iterator

from peer_challenge.model.vocabulary import Severity
from peer_challenge.word.active_content.active_kinds import MACROS
from peer_challenge.word.active_content.detection import Active, content_types, find_active_content
from peer_challenge.word.active_content.inert_copy import InertCopy
from peer_challenge.word.package.namespaces import P, T, w
from peer_challenge.word.package.open_package import Package
from peer_challenge.word.package.reading_limits import DEFAULT_LIMITS
from peer_challenge.word.package.xml_element import XmlElement
from peer_challenge.word.reader_findings import CODES, Unreadable
from peer_challenge.word.text.document_styles import Styles
from peer_challenge.word.text.open_document import read_related_part, text_parts

_DOCUMENT = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_CHANGED = """
ins del moveFrom moveTo cellIns cellDel cellMerge rPrChange pPrChange sectPrChange tblPrChange tblGridChange
trPrChange tcPrChange tblPrExChange numberingChange
"""
_CHANGES = tuple(map(w, _CHANGED.split()))
_RUN = w("r")
_LEFT_OUT = "active.printer_settings"
"""What Word for Mac saves by itself: the copy that goes out lacks it, and nobody could take it out."""
_SIZE, _COLOUR = w("sz"), w("color")
_SMALLEST = 2
"""Half points: nobody sees letters of one point."""
_MAY_BE_DARK = (w("tbl"), w("txbxContent"))
_GIVES_COLOUR = (w("shd"), w("pStyle"), w("highlight"))
_COMMENTS = tuple(map(w, ("commentReference", "commentRangeStart", "comment")))


class UnusableTemplate(Exception):
    """A template may not be used: `what` is wrong, near the words `where` ("" where there are none)."""

    def __init__(self, what: str, where: str = "") -> None:
        super().__init__(what)
        self.what, self.where = what, where


def inert_parts(data: bytes) -> dict[str, bytes]:
    """The parts of a template by name, rebuilt from what is allowed in a document that we send.

    Raises UnusableTemplate where something active, comments, tracked changes or hidden words are in it, or
    where it is another kind of file than a Word document; Unreadable where it can't be opened.
    """
    package = Package(data, DEFAULT_LIMITS)
    package.unpack_every_part(("word/document", "[content_types]", "_rels/"))
    main = package.document
    root = package.tree(main)
    if problems := list(dict.fromkeys(_find_problems(package, main, root))):
        places = [where for _, where in problems if where]
        raise UnusableTemplate(" ".join(dict.fromkeys(what for what, _ in problems)), next(iter(places), ""))
    return InertCopy(package, root, text_parts(package, main), {}).files()


def _find_problems(package: Package, main: str, root: XmlElement) -> Iterator[tuple[str, str]]:
    found = (one for one in find_active_content(package, root) if one.code != _LEFT_OUT)
    yield from map(_describe_active_content, found)
    declared = content_types(package).of(main)
    if declared != _DOCUMENT:
        kind = "a document with macros (.docm)" if "macro" in declared else "a Word template (.dotx)"
        what = f"It is {kind} under the name of a Word document."
        yield f"{what} In Word choose File, Save As, Word Document (.docx).", ""
    styles = Styles(read_related_part(package, package.relationships(main).values(), "styles"))
    for name in (main, *text_parts(package, main)):
        part = root if name == main else _load_xml_tree(package, name)
        if part is not None:
            yield from _find_review_marks(part, styles)


def _find_review_marks(part: XmlElement, styles: Styles) -> Iterator[tuple[str, str]]:
    """Comments, tracked changes and hidden words, which would go out in every document."""
    if (change := next(part.iter(*_CHANGES), None)) is not None:
        todo = "In Word choose Review, Accept, Accept All Changes, and save."
        yield f"It has tracked changes, which would go out with their authors. {todo}", _words_near(change)
    if (comment := next(part.iter(*_COMMENTS), None)) is not None:
        todo = "In Word choose Review, Delete, Delete All Comments, and save."
        yield f"It has comments in its margin, which would go out. {todo}", _words_near(comment)

    hidden = (run for run in part.iter(_RUN) if styles.why_hidden(run) == "hidden")
    if words := next(filter(None, map(_words_in_run, hidden)), ""):
        todo = (
            "In Word press Ctrl+A, choose Font, take the tick from Hidden, and delete what you do not want. "
            "If a style hides it, do the same in that style."
        )
        yield f"It has hidden text, which would go out. {todo}", words
    if (mark := next((mark for mark in part.iter(_SIZE, _COLOUR) if _hides_words(mark)), None)) is not None:
        todo = "In Word give it a size and a colour that can be read, or delete it."
        yield f"It has text that nobody can see, which would go out. {todo}", _words_of_run(mark)


def _hides_words(mark: XmlElement) -> bool:
    """Whether a run's size or colour hides its words: letters of a point, or white ones on plain paper."""
    if not _words_of_run(mark):
        return False
    value = mark.get(w("val"), "")
    if mark.tag == _SIZE:
        return value.isdigit() and int(value) <= _SMALLEST
    if value.upper() != "FFFFFF" or next(mark.iterancestors(*_MAY_BE_DARK), None) is not None:
        return False
    paragraph = next(mark.iterancestors(P), None)
    return paragraph is not None and next(paragraph.iter(*_GIVES_COLOUR), None) is None


def _words_of_run(mark: XmlElement) -> str:
    """The words of the run whose properties hold a mark; "" where it is the mark of a paragraph's end."""
    run = next(mark.iterancestors(_RUN), None)
    return "" if run is None else _words_in_run(run)


def _words_in_run(run: XmlElement) -> str:
    return "".join(piece.text or "" for piece in run.iter(T)).strip()[:120]


def _load_xml_tree(package: Package, name: str) -> XmlElement | None:
    try:
        return package.tree(name)
    except (KeyError, Unreadable):
        return None


def _describe_active_content(active: Active) -> tuple[str, str]:
    code = CODES[active.code]
    said = code.message.format(where=f" {active.place}" if active.place else "", count=1)
    todo = code.remedy
    if active.code == MACROS:
        todo = "Save it as a Word Document (.docx) without macros."
    elif code.severity is Severity.NOTE:  # the remedy is for who sends in a form, of which we leave it out
        todo = "Copy what you need into a new Word document, and make the template of that."
    return f"{said} {todo}", "" if active.element is None else _words_near(active.element)


def _words_near(element: XmlElement) -> str:
    """The words of the paragraph that an element is in, or else of one before it."""
    paragraph = next(element.iterancestors(P), None)
    if paragraph is None:
        paragraph = next(element.iter(P), None)
    while paragraph is not None:
        if words := "".join(piece.text or "" for piece in paragraph.iter(T)).strip():
            return words[:120]
        paragraph = next(paragraph.itersiblings(P, preceding=True), None)
    return ""
