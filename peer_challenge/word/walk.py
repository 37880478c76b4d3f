"""Walking the XML of a document: every word that somebody typed, once, in the place where it stands.

Whatever is unknown is walked through, so that what it holds is kept. Only what is named in SKIPPED
(properties, instructions of fields, deletions) is left out.
"""

from collections.abc import Callable, Mapping
from typing import Any

from peer_challenge.word import names as n
from peer_challenge.word.content import Cell, Content, Paragraph, Row, Table
from peer_challenge.word.drawings import Drawings
from peer_challenge.word.names import w
from peer_challenge.word.package import Package
from peer_challenge.word.styles import Styles
from peer_challenge.word.symbols import symbol

T, P, R, RPR, TBL, TR, TC = w("t"), w("p"), w("r"), w("rPr"), w("tbl"), w("tr"), w("tc")
_VAL, _NAME, _TYPE = w("val"), w("name"), w("type")
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
_DELETED = (w("del"), w("moveFrom"))
_CONTROLS = {
    w("tab"): "\t",
    w("ptab"): "\t",
    w("br"): "\n",
    w("cr"): "\n",
    w("noBreakHyphen"): "\u2011",
    w("softHyphen"): "\u00ad",
}


class Walk:
    """One pass over one part of a document. `body()` gives what it holds."""

    def __init__(self, package: Package, part: str, styles: Styles, raw: bytes = b"") -> None:
        self.package = package
        self.part = part
        self.styles = styles
        self.content = Content()
        self.line: list[str] = []
        self.later: list[Paragraph | Table] = []
        self.has_hidden = styles.hides or b"vanish" in raw or b"strike" in raw.lower()
        self.has_deleted_marks = b"<w:del " in raw or b"<w:moveFrom " in raw or b"<w:del/" in raw
        self._joins_next = False
        self._handlers: dict[str, Callable[[Any], None]] = dict.fromkeys(SKIPPED, _nothing)
        self._handlers |= dict.fromkeys(_DELETED, self._deleted)
        self._handlers |= dict.fromkeys(_CONTROLS, self._control)
        self._handlers |= {
            T: self._text,
            P: self._paragraph,
            R: self._run,
            TBL: self._table,
            w("ins"): self._inserted,
            w("moveTo"): self._inserted,
            w("sdt"): self._control_box,
            w("sym"): self._symbol,
            w("bookmarkStart"): self._bookmark,
            w("hyperlink"): self._hyperlink,
            w("instrText"): self._instruction,
            w("fldSimple"): self._simple_field,
            w("fldChar"): self._field_mark,
            w("ruby"): self._ruby,
            w("altChunk"): self._imported,
            w("txbxContent"): self._text_box,
            w("footnoteReference"): self._note,
            w("endnoteReference"): self._note,
            f"{{{n.MC}}}AlternateContent": self._alternate,
            f"{{{n.M}}}t": self._text,
        }
        self._handlers |= Drawings(self).handlers

    def body(self, root: Any) -> Content:
        """What `root` holds, tables kept as tables."""
        self.content = Content(is_body=True)
        self.walk(root)
        self._end_of_block()
        return self.content

    def walk(self, element: Any) -> None:
        """Walk the children of an element."""
        find = self._handlers.get
        for child in element:
            (find(child.tag) or self.walk)(child)

    def note(self, mark: str) -> None:
        """Remember that something was met here."""
        self.content.marks.add(mark)

    # Text

    def _paragraph(self, element: Any) -> None:
        outer, self.line, self.later, before = self.line, [], [], self.later
        joins, self._joins_next = self._joins_next, False
        find = self._handlers.get
        for child in element:
            (find(child.tag) or self.walk)(child)
        text = "".join(self.line)
        if self.has_deleted_marks and _has_deleted_mark(element):
            self._joins_next = True
            self.note("tracked")
        blocks = self.content.blocks
        last = blocks[-1] if joins and blocks else None
        if isinstance(last, Paragraph):
            last.text += text
        else:
            blocks.append(Paragraph(text, element))
        if self.later:
            blocks.extend(self.later)
        self.line, self.later = outer, before

    def _run(self, element: Any) -> None:
        if self.has_hidden and (why := self.styles.why_hidden(element)):
            self._set_aside(why, element)
            return
        line, find = self.line, self._handlers.get
        for child in element:
            tag = child.tag
            if tag == T:
                line.append(child.text or "" if not len(child) else "".join(child.itertext()))
            elif tag != RPR:
                (find(tag) or self.walk)(child)

    def _set_aside(self, why: str, element: Any) -> None:
        outer, self.line = self.line, []
        has_hidden, self.has_hidden = self.has_hidden, False
        self.walk(element)
        self.set_aside(why, "".join(self.line), is_continued=element.getprevious() is not None)
        self.line, self.has_hidden = outer, has_hidden

    def set_aside(self, why: str, text: str, *, is_continued: bool = False) -> None:
        """Keep text out of the clean text, and remember why."""
        if not text.strip() and not is_continued:
            return
        aside = self.content.aside
        if is_continued and aside and aside[-1][0] == why:
            aside[-1] = (why, aside[-1][1] + text)
        elif text.strip():
            aside.append((why, text))

    def _text(self, element: Any) -> None:
        self.line.append("".join(element.itertext()))

    def _control(self, element: Any) -> None:
        self.line.append(_CONTROLS[element.tag])

    def _symbol(self, element: Any) -> None:
        self.line.append(symbol(element.get(w("font")) or "", element.get(w("char")) or ""))

    def _ruby(self, element: Any) -> None:
        for child in element:
            if child.tag == w("rt"):
                self._set_aside("ruby", child)
            else:
                self.walk(child)

    # Changes, controls, references

    def _deleted(self, element: Any) -> None:
        self.note("tracked")

    def _inserted(self, element: Any) -> None:
        self.note("tracked")
        self.walk(element)

    def _control_box(self, element: Any) -> None:
        properties = element.find(w("sdtPr"))
        if properties is not None and properties.find(w("showingPlcHdr")) is not None:
            self.note("placeholder")
        self.walk(element)

    def _bookmark(self, element: Any) -> None:
        self.content.bookmarks.append(element.get(_NAME) or "")

    def _hyperlink(self, element: Any) -> None:
        target = self.target(element.get(f"{{{n.R}}}id"))
        if target:
            self.content.links.append(target)
        self.walk(element)

    def target(self, identity: str | None) -> str | None:
        """What a relationship of this part leads to, or None when it is dangling."""
        found = self.package.relationships(self.part).get(identity or "")
        return found.target if found else None

    def _instruction(self, element: Any) -> None:
        self._note_instruction("".join(element.itertext()))

    def _simple_field(self, element: Any) -> None:
        self._note_instruction(element.get(w("instr")) or "")
        self.walk(element)

    def _note_instruction(self, instruction: str) -> None:
        words = instruction.split(None, 2)
        name = words[0].upper() if words else ""
        if name in ("DDE", "DDEAUTO"):
            self.note("dde")
        elif name in ("INCLUDETEXT", "INCLUDEPICTURE", "IMPORT", "LINK"):
            self.note("external")
        elif name == "HYPERLINK" and len(words) > 1:
            self.content.links.append(words[1].strip('"'))

    def _field_mark(self, element: Any) -> None:
        """A legacy drop-down or tick box keeps its answer in its properties."""
        data = element.find(w("ffData"))
        if data is None:
            return
        choice, tick = data.find(w("ddList")), data.find(w("checkBox"))
        if choice is not None:
            self.line.append(_chosen(choice))
        if tick is not None and _is_ticked(tick):
            self.line.append("\u2612")

    def _imported(self, element: Any) -> None:
        self.note("imported")

    def _note(self, element: Any) -> None:
        self.note("notes")

    def _text_box(self, element: Any) -> None:
        """Read once, after the paragraph that anchors it."""
        content = self.content
        blocks, content.blocks = content.blocks, []
        line, self.line, later, self.later = self.line, [], self.later, []
        self.walk(element)
        self._end_of_block()
        found, content.blocks = content.blocks, blocks
        self.line, self.later = line, later
        self.later.extend(found)
        if any(isinstance(block, Table) or block.text.strip() for block in found):
            self.note("text_box")

    def _end_of_block(self) -> None:
        """Text that stands outside every paragraph, which Word never writes, is kept as one."""
        stray = "".join(self.line)
        if stray.strip():
            self.content.blocks.append(Paragraph(stray))
        self.content.blocks.extend(self.later)
        self.line, self.later = [], []

    def _alternate(self, element: Any) -> None:
        """Alternate content says one thing in two ways: the first is read, the other only if it says more."""
        first, *others = list(element) or [None]
        if first is None:
            return
        start, counted = len(self.line), len(self.later)
        blocks = len(self.content.blocks)
        self.walk(first)
        said = "".join(self.line[start:]) + "".join(
            _plain(block) for block in (*self.later[counted:], *self.content.blocks[blocks:])
        )
        for other in others:
            if next(other.iter(T, f"{{{n.A}}}t", f"{{{n.V}}}textpath"), None) is not None:
                self._only_if_new(other, said)

    def _only_if_new(self, element: Any, said: str) -> None:
        content, self.content = self.content, Content()
        line, self.line, later, self.later = self.line, [], self.later, []
        self.walk(element)
        self._end_of_block()
        found, self.content = self.content, content
        self.line, self.later = line, later
        known = _squeezed(said)
        for block in found.blocks:
            if isinstance(block, Paragraph) and _squeezed(block.text) not in known:
                self.set_aside("alternate", block.text)
        for why, text in found.aside:
            if _squeezed(text) not in known:
                self.set_aside(why, text)

    # Tables

    def _table(self, element: Any) -> None:
        table = Table(element)
        self._rows(element, table)
        outer = self.content
        if outer.is_body:
            outer.blocks.append(table)
            return
        outer.nested.append(table)
        outer.marks.add("nested")
        outer.blocks.extend(Paragraph(line) for line in table.lines())
        for inner in table.contents():
            outer.marks |= inner.marks
            outer.aside += inner.aside
            outer.links += inner.links

    def _rows(self, element: Any, table: Table) -> None:
        for child in element:
            tag = child.tag
            if tag == TR:
                self._row(child, table)
            else:
                self._around(child, table, None, self._rows)

    def _row(self, element: Any, table: Table) -> None:
        properties = element.find(w("trPr"))
        row = Row(element)
        if properties is not None:
            if properties.find(w("del")) is not None:
                self.note("tracked")
                return
            if properties.find(w("ins")) is not None:
                self.note("tracked")
            row.before = _number(properties.find(w("gridBefore")), 0)
        table.rows.append(row)
        self._cells(element, table)

    def _cells(self, element: Any, table: Table) -> None:
        for child in element:
            if child.tag == TC:
                self._cell(child, table)
            else:
                self._around(child, table, table.rows[-1], self._cells)

    def _around(self, child: Any, table: Table, row: Row | None, go_on: Callable[[Any, Table], None]) -> None:
        """What wraps rows or cells is walked through; what else stands there is kept as stray."""
        tag = child.tag
        if tag == w("bookmarkStart"):
            table.bookmarks.append(child.get(_NAME) or "")
        elif tag in _DELETED:
            self.note("tracked")
        elif tag in SKIPPED:
            return
        elif tag == f"{{{n.MC}}}AlternateContent":
            if len(child):
                go_on(child[0], table)
        elif next(child.iter(TR if row is None else TC), None) is not None:
            if tag in (w("ins"), w("moveTo")):
                self.note("tracked")
            go_on(child, table)
        else:
            self._into(table.stray, child)

    def _into(self, content: Content, element: Any) -> None:
        outer, self.content = self.content, content
        line, self.line, later, self.later = self.line, [], self.later, []
        (self._handlers.get(element.tag) or self.walk)(element)
        self._end_of_block()
        self.content, self.line, self.later = outer, line, later

    def _cell(self, element: Any, table: Table) -> None:
        row = table.rows[-1]
        last = row.cells[-1] if row.cells else None
        cell = Cell(element, Content(), last.column + last.span if last else row.before)
        properties = element.find(w("tcPr"))
        if properties is not None:
            if not _shape(cell, properties):
                self.note("tracked")
                return
        cell.content.bookmarks, table.bookmarks = table.bookmarks, []
        row.cells.append(cell)
        outer, self.content = self.content, cell.content
        line, self.line, later, self.later = self.line, [], self.later, []
        self._joins_next = False
        self.walk(element)
        if self.line or self.later:
            self._end_of_block()
        self.content, self.line, self.later = outer, line, later


def _shape(cell: Cell, properties: Any) -> bool:
    """Take over the cell's span and merges; False when the cell is deleted."""
    for child in properties:
        tag = child.tag
        if tag == w("gridSpan"):
            cell.span = max(_number(child, 1), 1)
        elif tag == w("vMerge"):
            cell.merged = "restart" if child.get(_VAL) == "restart" else "continue"
        elif tag == w("hMerge") and child.get(_VAL) != "restart":
            cell.content.marks.add("merged_left")
        elif tag == w("cellDel"):
            return False
    return True


def _number(element: Any, default: int) -> int:
    value = None if element is None else element.get(_VAL)
    return (
        min(int(value), 1000) if value and value.isascii() and value.isdigit() and len(value) < 6 else default
    )


def _has_deleted_mark(paragraph: Any) -> bool:
    properties = paragraph.find(f"{w('pPr')}/{RPR}")
    return properties is not None and any(properties.find(tag) is not None for tag in _DELETED)


def _chosen(choice: Any) -> str:
    entries = [entry.get(_VAL) or "" for entry in choice.findall(w("listEntry"))]
    result = choice.find(w("result"))
    position = _number(result if result is not None else choice.find(w("default")), 0)
    return entries[position] if position < len(entries) else ""


def _is_ticked(tick: Any) -> bool:
    state = tick.find(w("checked"))
    state = tick.find(w("default")) if state is None else state
    return state is not None and state.get(_VAL, "1") not in ("0", "false", "off")


def _plain(block: Paragraph | Table) -> str:
    return block.text if isinstance(block, Paragraph) else "".join(block.lines())


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _nothing(element: Any) -> None:
    return None


def relationship_targets(package: Package, part: str) -> Mapping[str, str]:
    """What the relationships of a part lead to, by id."""
    return {key: value.target for key, value in package.relationships(part).items()}
