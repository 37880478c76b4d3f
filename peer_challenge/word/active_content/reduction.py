"""Reducing a part to what is allowed in it. Text is kept: an element left out leaves its text."""

import re
from collections.abc import Callable

from peer_challenge.word.active_content import allowed_parts as allowed
from peer_challenge.word.active_content.fields import MARK, SIMPLE, Field, fields_in, find_link_target
from peer_challenge.word.active_content.links import is_allowed_link
from peer_challenge.word.package import namespaces as n
from peer_challenge.word.package.namespaces import T, w
from peer_challenge.word.package.xml_element import XmlElement, read_tag_name, require_parent, split_tag_name

_R = f"{{{n.R}}}"
_WORDS = (
    T,
    w("delText"),
    f"{{{n.A}}}t",
    f"{{{n.M}}}t",
    f"{{{n.V}}}textpath",
    f"{{{n.CHART}}}v",
    f"{{{n.CHARTEX}}}v",
    f"{{{n.CHARTEX}}}pt",
)
_OLD_DRAWINGS = (n.V, n.O, "urn:schemas-microsoft-com:office:word")
_LEFT_OFF = ("action", "conformance", "ed")
"""Attributes that are never kept: "ed" names who may edit a part of the text ("OFFICE\\name")."""
_KEPT_OF_MC = ("Ignorable", "Requires")
_STYLE = re.compile(r"url|expression|behaviou?r|javascript|@import|[\\<>]", re.IGNORECASE)
_FORM_FIELDS = {"ddList": "FORMDROPDOWN", "checkBox": "FORMCHECKBOX", "textInput": "FORMTEXT"}

Relate = Callable[[str, str], str | None]
"""Gives the id of an allowed relationship, by the id that the part uses and the type that is wanted."""


def reduce_part(root: XmlElement, relate: Relate, *, is_settings: bool = False) -> None:
    """Take out of a part all that is not allowed in it.

    Cells and paragraphs remain the same element objects. `relate` gives the ids of allowed relationships.
    """
    if is_settings:
        for child in list(root):
            if split_tag_name(child)[1] not in allowed.SETTINGS:
                root.remove(child)
    _reduce_fields(root)
    for element in list(root.iter()):
        if element is root or element.getparent() is not None:
            _reduce_element(element, root, relate, is_settings=is_settings)


# Fields


def _reduce_fields(root: XmlElement) -> None:
    for field in fields_in(root):
        instruction = _allowed_instruction(field)
        if instruction is None:
            _make_text(field)
        elif field.begin.tag == SIMPLE:
            _keep_only(field.begin, {w("instr"): instruction})
        else:
            for mark in (field.begin, *field.marks):
                _keep_only(mark, {w("fldCharType"): mark.get(w("fldCharType")) or ""})
            first, *others = field.pieces
            first.text = instruction
            for other in others:
                _drop_element(other)


def _keep_only(element: XmlElement, attributes: dict[str, str]) -> None:
    for name in list(element.attrib):
        del element.attrib[name]
    element.attrib.update(attributes)


def _allowed_instruction(field: Field) -> str | None:
    """The instruction of a field that may stay; None for one of which only the text stays."""
    is_simple = field.begin.tag == SIMPLE
    has_all = is_simple or (field.pieces and all(piece.tag == w("instrText") for piece in field.pieces))
    instruction = " ".join(field.instruction.split())
    if (
        not (field.is_whole and has_all)
        or field.inner
        # fields that stay are a few words and an address; browsers take no longer ones
        or len(instruction) > 2_000
        or not instruction.isprintable()
    ):
        return None
    if field.name not in allowed.FIELDS or not instruction.upper().startswith(field.name):
        return None
    if field.name == "HYPERLINK" and (target := find_link_target(field)) and not is_allowed_link(target):
        return None
    return field.instruction if field.instruction.isprintable() else f" {instruction} "


def _make_text(field: Field) -> None:
    """Leave of a field the text that it shows. A field of an old form keeps what was chosen in it."""
    if field.begin.tag == SIMPLE:
        _unwrap_element(field.begin)
        return
    if field.begin.tag == MARK and (data := field.begin.find(w("ffData"))) is not None:
        _make_form_field(field, data)
        return
    for element in (field.begin, *field.marks, *field.pieces):
        _drop_element(element)


def _make_form_field(field: Field, data: XmlElement) -> None:
    name = next((name for child, name in _FORM_FIELDS.items() if data.find(w(child)) is not None), "FORMTEXT")
    for element in field.pieces:
        _drop_element(element)
    _keep_only(field.begin, {w("fldCharType"): "begin"})
    instruction = field.begin.makeelement(w("instrText"))
    instruction.text = f" {name} "
    field.begin.addnext(instruction)
    if not field.is_whole:
        for mark in field.marks:
            _drop_element(mark)
        end = field.begin.makeelement(w("fldChar"), {w("fldCharType"): "end"})
        instruction.addnext(end)


# Elements


def _reduce_element(element: XmlElement, root: XmlElement, relate: Relate, *, is_settings: bool) -> None:
    space, local = split_tag_name(element)
    if element is not root and not _is_allowed(space, local, element, is_settings=is_settings):
        _leave_out(element)
        return
    _reduce_attributes(element, space, local)
    _reduce_references(element, local, relate)


def _is_allowed(space: str, local: str, element: XmlElement, *, is_settings: bool) -> bool:
    if space not in allowed.NAMESPACES or local in allowed.NEVER:
        return False
    if local == "extLst":
        return next(element.iter(*_WORDS), None) is not None
    if space == n.W and not is_settings:
        return local in allowed.TEXT
    return space not in _OLD_DRAWINGS or local in allowed.VML


def _leave_out(element: XmlElement) -> None:
    holds_words = next(element.iter(*_WORDS), None) is not None or require_parent(element).tag in _WORDS
    (_unwrap_element if holds_words else _drop_element)(element)


def _reduce_attributes(element: XmlElement, space: str, local: str) -> None:
    for key, value in list(element.attrib.items()):
        where, _, name = key[1:].rpartition("}") if key[0] == "{" else ("", "", key)
        if where == n.R:
            continue
        if where == n.MC:
            is_kept = name in _KEPT_OF_MC
        elif space in _OLD_DRAWINGS and where in ("", *_OLD_DRAWINGS):
            is_kept = name in allowed.VML_ATTRIBUTES and not (name == "style" and _STYLE.search(value))
        elif local == "hyperlink" and space == n.W:
            is_kept = key in allowed.HYPERLINK_ATTRIBUTES
        else:
            is_kept = (not where or where in allowed.NAMESPACES) and name not in _LEFT_OFF
        if not is_kept:
            del element.attrib[key]


def _reduce_references(element: XmlElement, local: str, relate: Relate) -> None:
    tag = read_tag_name(element)
    for key, ident in [(key, value) for key, value in element.attrib.items() if key.startswith(_R)]:
        wanted = allowed.REFERENCES.get((tag, key))
        found = relate(ident, wanted) if wanted else None
        if found is None:
            del element.attrib[key]
        else:
            element.set(key, found)
    if (shown := allowed.SHOWS_PICTURE.get(tag)) and element.get(shown) is None:
        element.set(shown, str(relate("", "image")))
    elif local in ("headerReference", "footerReference", "userShapes") and element.get(f"{_R}id") is None:
        _leave_out(element)
    elif tag == w("hyperlink") and not ({f"{_R}id", w("anchor")} & set(element.attrib)):
        _unwrap_element(element)
    elif (tag, f"{_R}id") in allowed.REFERENCES or tag == f"{{{n.DGM}}}relIds":
        _leave_out_empty_drawing(element)


def _leave_out_empty_drawing(element: XmlElement) -> None:
    """Leave out a drawing whose chart or diagram is not kept: Word would call the document damaged."""
    wanted = {key for tag, key in allowed.REFERENCES if tag == element.tag}
    is_drawn = split_tag_name(element)[1] in ("chart", "relIds")
    if is_drawn and wanted - set(element.attrib):
        drawing = next(element.iterancestors(w("drawing")), element)
        if next(drawing.iter(*_WORDS), None) is None:
            _drop_element(drawing)


# Taking elements out


def _drop_element(element: XmlElement) -> None:
    """Take an element out with all that it holds; a run that held nothing else goes with it."""
    parent = element.getparent()
    if parent is None:
        return
    _remove_but_keep_text(element)
    if (
        parent.tag == w("r")
        and all(child.tag == w("rPr") for child in parent)
        and parent.getparent() is not None
    ):
        _remove_but_keep_text(parent)


def _remove_but_keep_text(element: XmlElement, text: str = "") -> None:
    """Take an element out; `text` and what follows the element within a text stays."""
    parent, before = require_parent(element), element.getprevious()
    if left := text + (element.tail or ""):
        if before is not None:
            before.tail = (before.tail or "") + left
        else:
            parent.text = (parent.text or "") + left
    element.tail = None
    parent.remove(element)


def _unwrap_element(element: XmlElement) -> None:
    """Put what an element holds in its place."""
    parent = element.getparent()
    if parent is None:
        return
    for child in reversed(list(element)):
        element.addnext(child)
    _remove_but_keep_text(element, (element.text or "") if parent.tag in _WORDS else "")
