"""The fields of a part: what each tells Word to do, whether split, nested, quoted or spelled oddly."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

from peer_challenge.word.active_content import active_kinds as kinds
from peer_challenge.word.active_content.links import LinkKind, kind_of_link
from peer_challenge.word.package.namespaces import P, T, w
from peer_challenge.word.package.xml_element import XmlElement

MARK, SIMPLE = w("fldChar"), w("fldSimple")
INSTRUCTIONS = (w("instrText"), w("delInstrText"))
_TYPE = w("fldCharType")
INNER = "\ufffc"
"""Stands in an instruction for a field within it."""


@dataclass(slots=True, eq=False)
class Field:
    """A field of a document.

    `begin` is its first mark, or the element that holds all of it; `marks` are its other marks and `pieces`
    the elements of its instruction. `inner` are fields within the instruction. `shown` is text found among
    the instruction, where Word itself writes none.
    """

    begin: XmlElement
    marks: list[XmlElement] = field(default_factory=list)
    pieces: list[XmlElement] = field(default_factory=list)
    instruction: str = ""
    shown: str = ""
    inner: list["Field"] = field(default_factory=list)
    has_result: bool = False
    is_whole: bool = False

    @property
    def name(self) -> str:
        """The first word of the instruction in capitals. INNER takes the place of a field within it."""
        return _first_word(self.instruction)

    @property
    def arguments(self) -> list[str]:
        """What follows the first word: texts in quotes without them, other words, switches."""
        return [
            quoted or bare
            for quoted, bare in re.findall(r'["“”]([^"“”]*)["“”]|([^\s"“”]+)', self.instruction)
        ][1:]

    def value(self) -> str:
        """The text that a QUOTE field would put into the instruction around it; "" for other fields."""
        if self.name != "QUOTE":
            return ""
        numbers = [argument for argument in self.arguments if re.fullmatch(r"\d+|0x[0-9a-fA-F]+", argument)]
        if numbers:
            return "".join(chr(code) for n in numbers if 0 < (code := _parse_number(n)) < 0x110000)
        return "".join(inner.value() for inner in self.inner) or "".join(self.arguments)


def _parse_number(text: str) -> int:
    return int(text, 16) if text.lower().startswith("0x") else int(text[:8])


def _first_word(instruction: str) -> str:
    plain = "".join(
        " " if character.isspace() else character
        for character in unicodedata.normalize("NFKC", instruction)
        if character.isspace() or unicodedata.category(character)[0] != "C"
    )
    word = re.match(r"[\s\"'“”‘’\\]*([^\s\"“”\\]*)", plain)
    assert word is not None
    return word[1].strip("'‘’").upper()


def fields_in(root: XmlElement) -> list[Field]:
    """Every field under `root`, in the order of their beginnings.

    Instructions that are outside all fields count as one field for each paragraph.
    """
    found: list[Field] = []
    open_: list[Field] = []
    stray: dict[XmlElement, Field] = {}
    for element in root.iter(MARK, SIMPLE, *INSTRUCTIONS, T):
        if element.tag == T:
            if open_ and not open_[-1].has_result:
                open_[-1].shown += element.text or ""
        elif element.tag == SIMPLE:
            simple = Field(element, instruction=element.get(w("instr")) or "", is_whole=True)
            found.append(simple)
            _nest_in_open_field(simple, open_)
        elif element.tag == MARK:
            _apply_field_mark(element, found, open_)
        else:
            paragraph = next(element.iterancestors(P), root)
            at = open_[-1] if open_ and not open_[-1].has_result else None
            if at is None:
                at = stray.get(paragraph) or Field(element)
                if paragraph not in stray:
                    stray[paragraph] = at
                    found.append(at)
            at.pieces.append(element)
            at.instruction += "".join(element.itertext())
    return found


def _apply_field_mark(element: XmlElement, found: list[Field], open_: list[Field]) -> None:
    kind = element.get(_TYPE)
    if kind == "separate" and open_:
        open_[-1].has_result = True
        open_[-1].marks.append(element)
    elif kind == "end" and open_:
        ended = open_.pop()
        ended.marks.append(element)
        ended.is_whole = True
    elif kind == "begin":
        begun = Field(element)
        found.append(begun)
        _nest_in_open_field(begun, open_)
        open_.append(begun)
    else:
        found.append(Field(element))


def _nest_in_open_field(begun: Field, open_: list[Field]) -> None:
    if open_ and not open_[-1].has_result:
        open_[-1].inner.append(begun)
        open_[-1].instruction += INNER


def find_field_codes(one: Field) -> Iterator[str]:
    """The finding codes of what a field would do; none for a field that only shows something."""
    name = one.name
    if INNER in name:
        built = _with_values(one)
        yield kinds.FIELDS.get(built, kinds.BUILT_FIELD)
        return
    told = kinds.FIELDS.get(name) or kinds.FIELDS.get(_first_word(one.shown + one.instruction))
    if told == kinds.MACRO_BUTTON and one.arguments[:1] and one.arguments[0].casefold() == "nomacro":
        return  # the usual way to make a place that says "click here"
    if told:
        yield told
    elif name == "HYPERLINK":
        yield from _codes_of_link(one)
    elif name and name not in kinds.KNOWN_FIELDS and not name.startswith("="):
        yield kinds.UNKNOWN_FIELD


def _codes_of_link(one: Field) -> Iterator[str]:
    target = find_link_target(one)
    if one.inner and not target:
        yield kinds.BUILT_FIELD
    elif target:
        yield from codes_of_link(target)


def find_link_target(one: Field) -> str:
    """The address that a HYPERLINK field leads to; "" where it leads into the document itself."""
    arguments = iter(one.arguments)
    for argument in arguments:
        if argument.casefold() in ("\\l", "\\o", "\\t"):
            next(arguments, None)  # a place within, a tip, a frame
        elif not re.fullmatch(r"\\[a-zA-Z]", argument):
            return argument.replace("\\\\", "\\")
    return ""


def codes_of_link(target: str) -> Iterator[str]:
    """The finding code of a link that leads to a program or a file; none for other links."""
    kind = kind_of_link(target)
    if kind is LinkKind.PROGRAM:
        yield kinds.LINK_TO_PROGRAM
    elif kind is LinkKind.FILE:
        yield kinds.LINK_TO_FILE


def _with_values(one: Field) -> str:
    values = iter([inner.value() for inner in one.inner])
    return _first_word("".join(next(values, "") if c == INNER else c for c in one.instruction))
