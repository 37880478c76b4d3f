"""Walking the XML of a document: every word that somebody typed is read once, in its place.

Unknown elements are walked through, so that their text is kept. Only the elements named in SKIPPED
(properties, instructions of fields, deletions) are left out.
"""

from collections.abc import Callable, Iterable

from peer_challenge.word.package import namespaces as n
from peer_challenge.word.package.namespaces import BOOKMARK, TBL, P, T, w
from peer_challenge.word.package.open_package import Package
from peer_challenge.word.package.xml_element import XmlElement, read_tag_name
from peer_challenge.word.text.bound_controls import BINDING, remove_white_space
from peer_challenge.word.text.content import Content, Paragraph, Table
from peer_challenge.word.text.document_styles import Styles
from peer_challenge.word.text.drawings import Drawings
from peer_challenge.word.text.hidden_text import HIDING
from peer_challenge.word.text.legacy_fields import read_legacy_field
from peer_challenge.word.text.nested_fields import NestedFields
from peer_challenge.word.text.raised_numbers import RAISED, is_power
from peer_challenge.word.text.symbol_fonts import decode_symbol
from peer_challenge.word.text.tables import ROW_MARKS, SHAPES, Grid, bookmark_of
from peer_challenge.word.text.tick_controls import TICK_BOX, state_of

Handler = Callable[[XmlElement], None]
R, RPR, PPR = w("r"), w("rPr"), w("pPr")
SKIPPED = frozenset(
    map(
        w,
        (
            "pPr",
            "rPr",
            "tblPr",
            "tblGrid",
            "trPr",
            "tcPr",
            "tblPrEx",
            "sectPr",
            "sdtPr",
            "sdtEndPr",
            "proofErr",
            "bookmarkEnd",
            "lastRenderedPageBreak",
            "delText",
            "delInstrText",
            "permStart",
            "permEnd",
            "commentRangeStart",
            "commentRangeEnd",
            "commentReference",
            "customXmlPr",
            "smartTagPr",
            "rubyPr",
        ),
    )
)
DELETED = (w("del"), w("moveFrom"))
SDT, _CONTROL_PROPERTIES = w("sdt"), w("sdtPr")
_PLAIN = frozenset((T, P, R, BOOKMARK, TBL, SDT, *SKIPPED))
_CONTROLS = {
    w("tab"): "\t",
    w("ptab"): "\t",
    w("br"): "\n",
    w("cr"): "\n",
    w("noBreakHyphen"): "\u2011",
    w("softHyphen"): "\u00ad",
}
_LINEAR = {f"{{{n.M}}}den": "/", f"{{{n.M}}}sup": "^"}
"""How Word writes denominators and exponents in a line: 7 over 8 is not 78."""


class Walk:
    """One pass over one part of a document. `body()` gives what it holds."""

    def __init__(self, package: Package, part: str, styles: Styles) -> None:
        self.package = package
        self.part = part
        self.styles = styles
        self.content = Content()
        self.line: list[str] = []
        self.later: list[Paragraph | Table] = []
        self.has_hidden = styles.hides
        self.has_deleted_marks = False
        self.present: frozenset[str] = frozenset()
        self.joins_next = False
        self.bound: dict[XmlElement, str] = {}
        self._fields = NestedFields()
        handlers = self._list_handlers()
        self._handlers: dict[object, Handler | None] = dict(
            handlers.items()
        )  # a tag is not always a str to lxml
        self._rare = {*handlers, *HIDING, *SHAPES, *ROW_MARKS} - _PLAIN

    def _list_handlers(self) -> dict[str, Handler | None]:
        """What reads an element, by its tag; None for what is passed over."""
        handlers: dict[str, Handler | None] = dict.fromkeys(SKIPPED)
        handlers |= dict.fromkeys(DELETED, self._note_deletion)
        handlers |= dict.fromkeys(_CONTROLS, self._append_control_character)
        handlers |= {
            T: self._append_text,
            P: self._read_paragraph,
            R: self._read_text_run,
            w("ins"): self._read_insertion,
            w("moveTo"): self._read_insertion,
            w("sym"): self._append_symbol,
            BOOKMARK: self._keep_bookmark,
            w("hyperlink"): self._read_hyperlink,
            w("instrText"): self._read_instruction,
            w("fldSimple"): self._read_simple_field,
            w("fldChar"): self._read_field_mark,
            BINDING: None,
            RAISED: None,
            TICK_BOX: None,  # met inside the properties of a control: told to body() by being here
            w("ruby"): self._read_ruby_text,
            w("txbxContent"): self._read_text_box,
            w("footnoteReference"): self._note_footnote,
            w("endnoteReference"): self._note_footnote,
            f"{{{n.MC}}}AlternateContent": self._read_alternate_content,
            f"{{{n.M}}}t": self._append_text,
        }
        handlers |= dict.fromkeys(_LINEAR, self._read_formula_part)
        handlers |= Drawings(self).handlers()
        handlers |= Grid(self).handlers()
        return handlers

    def body(self, root: XmlElement) -> Content:
        """What `root` holds, tables kept as tables."""
        self.content = Content()
        self.content.is_body = True
        self.present = frozenset(read_tag_name(element) for element in root.iter(*self._rare))
        self.has_hidden = self.styles.hides or not self.present.isdisjoint(HIDING)
        self.has_deleted_marks = not self.present.isdisjoint(DELETED)
        if TICK_BOX in self.present or self.bound:
            self._handlers[SDT] = self._read_known_control
        if any(next(one.iter(T), None) is not None for one in root.iter(_CONTROL_PROPERTIES)):
            self._handlers[_CONTROL_PROPERTIES] = self.walk  # a damaged file has words there
        self.walk(root)
        self.end_of_block()
        found, self.content = self.content, Content()  # let go, so that a document ends with its last user
        return found

    def end(self) -> None:
        """Drop the handlers, which refer back to this object, so that its memory is freed at once."""
        self._handlers.clear()

    def walk(self, element: XmlElement) -> None:
        """Walk the children of an element."""
        find, walk = self._handlers.get, self.walk
        for child in element:
            handle = find(child.tag, walk)
            if handle is not None:
                handle(child)

    def walk_into(self, content: Content, elements: Iterable[XmlElement]) -> None:
        """Walk `elements`, and put what they hold into `content`."""
        outer, self.content = self.content, content
        line, self.line, later, self.later = self.line, [], self.later, []
        self.joins_next = False
        find, walk = self._handlers.get, self.walk
        for child in elements:
            handle = find(child.tag, walk)
            if handle is not None:
                handle(child)
        if self.line or self.later:
            self.end_of_block()
        self.content, self.line, self.later = outer, line, later

    def is_plain(self, element: XmlElement) -> bool:
        """Whether an element holds only paragraphs, runs, controls around them, and text."""
        if self.styles.hides:
            return False
        return not self.present or next(element.iter(*self.present), None) is None

    def note(self, mark: str) -> None:
        """Record that something of the kind `mark` was found here."""
        self.content.note(mark)

    # Text

    def _read_paragraph(self, element: XmlElement) -> None:
        outer, self.line, self.later, before = self.line, [], [], self.later
        find, walk, run = self._handlers.get, self.walk, self._read_text_run
        for child in element:
            tag = child.tag
            if tag == R:
                run(child)
            elif tag != PPR and (handle := find(tag, walk)) is not None:
                handle(child)
        text = "".join(self.line)
        if self.has_deleted_marks:
            self._add_or_join_paragraph(text, element)
        else:
            self.content.blocks.append(Paragraph(text, element))
        if self.later:
            self.content.blocks.extend(self.later)
        self.line, self.later = outer, before

    def _add_or_join_paragraph(self, text: str, element: XmlElement) -> None:
        """Add a paragraph, to the one before it where that one's end is deleted."""
        joins, self.joins_next = self.joins_next, has_deleted_mark(element)
        if self.joins_next:
            self.note("tracked")
        blocks = self.content.blocks
        last = blocks[-1] if joins and blocks else None
        if isinstance(last, Paragraph):
            if not last.text:
                last.element = element  # its number and style are those of the paragraph that stays
            last.text += text
        else:
            blocks.append(Paragraph(text, element))

    def _read_text_run(self, element: XmlElement) -> None:
        if self.has_hidden and (why := self.styles.why_hidden(element)):
            self._set_element_aside(why, element, is_continued=self._is_continuation(element, why))
            return
        line, find = self.line, self._handlers.get
        if RAISED in self.present and line and is_power(element, line[-1]):
            line.append("^")
        for child in element:
            tag = child.tag
            if tag == T:
                line.append("".join(child.itertext()) if len(child) else child.text or "")
            elif tag != RPR and (handle := find(tag, self.walk)) is not None:
                handle(child)

    def _is_continuation(self, run: XmlElement, why: str) -> bool:
        """Whether the run before is left out for the same reason, so that both are one stretch of text."""
        before = run.getprevious()
        while before is not None and (before.tag in SKIPPED or before.tag == BOOKMARK):
            before = before.getprevious()
        return before is not None and before.tag == R and self.styles.why_hidden(before) == why

    def _set_element_aside(self, why: str, element: XmlElement, *, is_continued: bool) -> None:
        outer, self.line = self.line, []
        has_hidden, self.has_hidden = self.has_hidden, False
        self.walk(element)
        self.set_aside(why, "".join(self.line), is_continued=is_continued)
        self.line, self.has_hidden = outer, has_hidden

    def set_aside(self, why: str, text: str, *, is_continued: bool = False) -> None:
        """Keep text out of the clean text, with the reason."""
        if text.strip() or is_continued:
            self.content.add_aside(why, text, is_continued=is_continued)

    def _append_text(self, element: XmlElement) -> None:
        self.line.append("".join(element.itertext()))

    def _append_control_character(self, element: XmlElement) -> None:
        self.line.append(_CONTROLS[read_tag_name(element)])
        if len(element):
            self.walk(element)

    def _read_formula_part(self, element: XmlElement) -> None:
        start = len(self.line)
        self.walk(element)
        if len(self.line) > start:
            self.line.insert(start, _LINEAR[read_tag_name(element)])

    def _append_symbol(self, element: XmlElement) -> None:
        self.line.append(decode_symbol(element.get(w("font")) or "", element.get(w("char")) or ""))
        if len(element):
            self.walk(element)

    def _read_ruby_text(self, element: XmlElement) -> None:
        for child in element:
            if child.tag == w("rt"):
                self._set_element_aside("ruby", child, is_continued=True)
            elif (handle := self._handlers.get(child.tag, self.walk)) is not None:
                handle(child)

    # Changes, controls, references

    def _note_deletion(self, element: XmlElement) -> None:
        self.note("tracked")

    def _read_insertion(self, element: XmlElement) -> None:
        self.note("tracked")
        self.walk(element)

    def _keep_bookmark(self, element: XmlElement) -> None:
        self.content.add_bookmark(bookmark_of(element))

    def _read_hyperlink(self, element: XmlElement) -> None:
        target = self.target(element.get(f"{{{n.R}}}id"))
        if target:
            self.content.add_link(target)
        self.walk(element)

    def target(self, identity: str | None) -> str | None:
        """What a relationship of this part leads to, or None when it is dangling."""
        found = self.package.relationships(self.part).get(identity or "")
        return found.target if found else None

    def _read_instruction(self, element: XmlElement) -> None:
        self._keep_instruction_link("".join(element.itertext()))

    def _read_simple_field(self, element: XmlElement) -> None:
        self._keep_instruction_link(element.get(w("instr")) or "")
        start = len(self.line)
        self.walk(element)
        self.set_aside("field", self._fields.take_hidden(start, self.line))

    def _keep_instruction_link(self, instruction: str) -> None:
        words = instruction.split(None, 2)
        name = words[0].upper() if words else ""
        if name == "HYPERLINK" and len(words) > 1:
            self.content.add_link(words[1].strip('"'))

    def _read_field_mark(self, element: XmlElement) -> None:
        """Read the answer of a legacy field; leave out what a field within another gives."""
        self.set_aside("field", self._fields.meet(element.get(w("fldCharType")), self.line))
        if (answer := read_legacy_field(element)) is not None:
            self.line.append(answer)

    def _read_known_control(self, element: XmlElement) -> None:
        """A control of any kind: of a bound one the words that it held are kept apart; of a tick box the
        sign that it shows is read as one of the usual boxes."""
        if element in self.bound:
            self.set_aside("bound", self.bound[element])
            self.note("bound")
        start = len(self.line)
        self.walk(element)
        state = state_of(element, "".join(self.line[start:]))
        if state is not None:
            self.line[start:] = [state.shown]
            if state.is_unclear:
                self.note("tick_unclear")

    def _note_footnote(self, element: XmlElement) -> None:
        self.note("notes")

    def _read_text_box(self, element: XmlElement) -> None:
        """Read a text box once, after the paragraph that anchors it."""
        content = self.content
        blocks, content.blocks = content.blocks, []
        line, self.line, later, self.later = self.line, [], self.later, []
        self.walk(element)
        self.end_of_block()
        found, content.blocks = content.blocks, blocks
        self.line, self.later = line, later
        self.later.extend(found)
        if any(isinstance(block, Table) or block.text.strip() for block in found):
            self.note("text_box")

    def end_of_block(self) -> None:
        """Keep text outside every paragraph, which Word never writes, as a paragraph of its own."""
        stray = "".join(self.line)
        if stray.strip():
            self.content.blocks.append(Paragraph(stray))
        self.content.blocks.extend(self.later)
        self.line, self.later = [], []

    def _read_alternate_content(self, element: XmlElement) -> None:
        """Alternate content says one thing in two ways: the first is read, the other only if it says more."""
        if not len(element):
            return
        first, *others = element
        start, counted = len(self.line), len(self.later)
        blocks, asides = len(self.content.blocks), max(len(self.content.aside) - 1, 0)
        self.walk(first)
        said = "".join(self.line[start:]) + "".join(
            _join_block_text(block) for block in (*self.later[counted:], *self.content.blocks[blocks:])
        )
        said += "".join(text for _, text in self.content.aside[asides:])  # the last may have gone on
        for other in others:
            if next(other.iter(T, f"{{{n.A}}}t", f"{{{n.V}}}textpath"), None) is not None:
                self.only_if_new(other, said)

    def only_if_new(self, element: XmlElement, said: str) -> None:
        """Keep the text of `element` apart where `said` does not hold it already."""
        content, self.content = self.content, Content()
        line, self.line, later, self.later = self.line, [], self.later, []
        self.walk(element)
        self.end_of_block()
        found, self.content = self.content, content
        self.line, self.later = line, later
        known = remove_white_space(said)
        for block in found.blocks:
            if isinstance(block, Paragraph) and remove_white_space(block.text) not in known:
                self.set_aside("alternate", block.text)
        for why, text in found.aside:
            if remove_white_space(text) not in known:
                self.set_aside(why, text)


def has_deleted_mark(paragraph: XmlElement) -> bool:
    """Whether the end of a paragraph (w:p) was deleted with tracked changes: the next one goes on in it."""
    properties = paragraph.find(f"{w('pPr')}/{RPR}")
    return properties is not None and any(properties.find(tag) is not None for tag in DELETED)


def _join_block_text(block: Paragraph | Table) -> str:
    return block.text if isinstance(block, Paragraph) else "".join(block.lines())
