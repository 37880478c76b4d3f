"""Finding all active content in a package, in every part, whether anything refers to the part or not."""

import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from peer_challenge.word.active_content import active_kinds as kinds
from peer_challenge.word.active_content.fields import codes_of_link, fields_in, find_field_codes
from peer_challenge.word.active_content.links import LinkKind, is_outside, kind_of_link
from peer_challenge.word.package import namespaces as n
from peer_challenge.word.package.open_package import Package
from peer_challenge.word.package.safe_xml import parse_xml
from peer_challenge.word.package.xml_element import XmlElement, split_tag_name
from peer_challenge.word.reader_findings import Unreadable

_MARKERS = (
    b"nstr",  # instructions of fields, as elements and as attributes
    b"altChunk",
    b":control",
    b"<control",
    b"OLEObject",
    b"subDoc",
    b"frameset",
    b"sourceFileName",
    b"mailMerge",
    b"saveThroughXslt",
    b"attachedSchema",
    b"entryMacro",
    b"exitMacro",
    b"webVideoPr",
    b"hlink",
    b":movie",
    b"href",
    b"src",
    b"script>",
    b"script ",
    b"applet",
    b"ocx",
)
"""One of these is in every XML part in which there is something to find: most have none, seen at once."""

_ELEMENT_TAGS = tuple(f"{{*}}{name}" for name in kinds.ELEMENTS)
_TAGS = (*_ELEMENT_TAGS, *(f"{{*}}{name}" for name in ("instrText", "delInstrText", "fldSimple")))
_ACTING_ATTRIBUTES = tuple(re.compile(name + rb"[ \t\r\n]*=") for name in (b"href", b"src", b"action"))
"""What may lead to a file or a macro. Each is sought alone: for a fixed beginning that is far quicker."""

_EBCDIC = b"\x4c\x6f\xa7\x94"  # "<?xml" on a mainframe
_ENCODING = re.compile(rb"<\?xml[^>]{0,80}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})")
_NOT_BLANK = re.compile(rb"[^ \t\r\n]")
_FIRST_TAG = re.compile(rb"<(?:[A-Za-z_][\w.\-]*:)?([A-Za-z_][\w.\-]*)[\s/>]")
_PLACES = {
    "hdr": "in the header",
    "ftr": "in the footer",
    "footnotes": "in a footnote",
    "endnotes": "in an endnote",
    "comments": "in a comment in the margin",
    "styles": "in the styles",
    "numbering": "in the numbering of lists",
    "settings": "in the document's settings",
    "webSettings": "in the settings for web pages",
    "glossaryDocument": "in the building blocks",
    "theme": "in the theme",
    "fonts": "in the list of fonts",
    "chartSpace": "in a chart",
    "userShapes": "in a chart",
    "dataModel": "in a drawing",
    "drawing": "in a drawing",
}
"""The root element of a part, and how a reader would call the part."""

_ID = f"{{{n.R}}}"
_MACRO_ACTION = re.compile(r"ppaction://(?:macro|program|ole)", re.IGNORECASE)
_PEEKED = 1_000_000
"""Names in an OLE file are looked for in its beginning: one that has them further on is told as embedded."""
_HEAD = 4_096
"""Enough of nearly every part to say what it is; one that begins with a longer comment is read whole."""
_SKIPPED = ((b"<!--", b"-->"), (b"<?", b"?>"))
_BLANK = b"\xef\xbb\xbf\xff\xfe \t\r\n"  # with the marks of the byte order


@dataclass(frozen=True, slots=True)
class Active:
    """One piece of active content: its finding code, its place, and its element in the main document.

    `place` is "" in the main document; `element` is None in other parts and where there is none.
    """

    code: str
    place: str
    element: XmlElement | None = None
    part: str = ""
    is_part: bool = False  # the part itself is meant, not something in it


def find_active_content(package: Package, main: XmlElement | None = None) -> list[Active]:
    """All active content of a package, part by part. `main` is the root of its main document, if at hand."""
    return list(_Search(package, main).run())


class _Search:
    """One search through a package."""

    def __init__(self, package: Package, main: XmlElement | None) -> None:
        self._package, self._root = package, main
        self._types = content_types(package)
        self._users: dict[str, XmlElement] | None = None
        self._told: dict[str, str] = {}  # a part that a relationship has told of
        self._heads: dict[str, bytes] = {}
        try:
            self._main = package.document
        except Unreadable:
            self._main = ""

    def run(self) -> Iterator[Active]:
        for name in self._package.entries:
            if name.lower().endswith(".rels"):
                yield from self._in_relationships(name)
        for name in self._package.entries:
            if name.lower() != "[content_types].xml" and not name.lower().endswith(".rels"):
                yield from self._in_part(name)

    # Relationships

    def _in_relationships(self, name: str) -> Iterator[Active]:
        owner = _find_owner_part(name)
        for ident, kind, target, mode in self._read_relationships(name):
            outside = is_outside(target, mode)
            code = kinds.OUTSIDE.get(kind) if outside else kinds.INSIDE.get(kind)
            if kind == "hyperlink":
                code = next(codes_of_link(target), None)
            elif outside and code is None:
                code = None if _is_in_package(target, mode) else kinds.ELSEWHERE
            if code is None:
                continue
            if not outside and (real := self._package.real_name(_resolve_target(owner, target))):
                self._told[real] = code
                yield Active(
                    code, self._describe_place(owner), self._element_of(owner, ident), real, is_part=True
                )
            else:
                yield Active(code, self._describe_place(owner), self._element_of(owner, ident), owner)

    def _read_relationships(self, name: str) -> Iterable[tuple[str, str, str, str]]:
        try:
            return relationships_in(self._package.read(name))
        except (KeyError, Unreadable):
            return ()

    def _element_of(self, owner: str, ident: str) -> XmlElement | None:
        if owner.lower() != self._main.lower() or not ident:
            return None
        if self._users is None:
            root = self._main_root()
            self._users = {} if root is None else dict(_users_of_relationships(root))
        return self._users.get(ident)

    def _main_root(self) -> XmlElement | None:
        if self._root is None and self._main:
            try:
                self._root = self._package.tree(self._main)
            except (KeyError, Unreadable):
                return None
        return self._root

    # Parts

    def _in_part(self, name: str) -> Iterator[Active]:
        code = self._told.get(name) or self._by_type(name)
        if code and name not in self._told:
            yield Active(code, self._describe_place(name), None, name, is_part=True)
        head = self._read_head_of_part(name)
        if not has_xml_beginning(head):
            if code is None or code == kinds.EMBEDDED:
                yield from (
                    Active(other, "", None, name, is_part=True)
                    for other in self._by_bytes(name, head)
                    if other != code
                )
            return
        if code is None and name not in self._package.damaged:
            yield from self._in_xml(name, head)

    def _by_type(self, name: str) -> str | None:
        declared = self._types.of(name)
        if name.lower() == self._main.lower():
            return None
        by_type = (code for words, code in kinds.CONTENT_TYPES if words in declared)
        by_name = (code for words, code in kinds.NAMES if words in name.lower())
        return next(by_type, None) or next(by_name, None)

    def _by_bytes(self, name: str, head: bytes) -> Iterator[str]:
        code = next((code for beginning, code in kinds.BEGINNINGS if head.startswith(beginning)), None)
        if code is None:
            small = head[:1_024].lower()
            code = next((code for words, code in kinds.WORDS_AT_THE_BEGINNING if words in small), None)
        if head.startswith(b"\xd0\xcf"):
            whole = self._package.begin_of(name, _PEEKED)
            code = next((inner for mark, inner in kinds.IN_OLE if mark in whole), code)
        if code:
            yield code

    def _in_xml(self, name: str, head: bytes) -> Iterator[Active]:
        first = _first_tag(head)
        if root_code := kinds.ROOTS.get(first):
            yield Active(root_code, self._describe_place(name), None, name, is_part=True)
            return
        try:
            content = self._package.read(name)
            if name.lower() != self._main.lower():
                found = _find_codes_in_part(content)
                yield from (Active(code, self._describe_place(name), None, name) for code in found)
            elif self._root is None and not _has_marker(content):
                return
            elif (root := self._main_root()) is not None and _may_be_active(root, content):
                found_in_tree = find_active_in_tree(root, _has_acting_attribute(content))
                yield from (Active(code, "", element, name) for code, element in found_in_tree)
        except (KeyError, Unreadable):
            if _is_in_other_letters(self._package.begin_of(name, _HEAD)):
                self._package.damaged.add(name)  # nobody could look into it

    def _describe_place(self, name: str) -> str:
        """How a reader would call a part; "" for the main document and for the package as a whole."""
        if not name or name.lower() == self._main.lower() or name not in self._package:
            return ""
        head = self._read_head_of_part(name)
        return _PLACES.get(_first_tag(head), "") if has_xml_beginning(head) else ""

    def _read_head_of_part(self, name: str) -> bytes:
        """How a part begins behind white space, comments and instructions, however long these are."""
        if name not in self._heads:
            begin = self._package.begin_of(name, _HEAD)
            head = _behind_prolog(begin)
            if not head and len(begin) == _HEAD:
                head = _behind_prolog(self._read_whole_part(name))
            self._heads[name] = head[:_HEAD]
        return self._heads[name]

    def _read_whole_part(self, name: str) -> bytes:
        """A part's bytes; none of one that is damaged. Raises Unreadable where the document is too large."""
        try:
            return self._package.read(name)
        except Unreadable as why:
            if why.code == "open.too_large":
                raise
            return b""


@lru_cache(maxsize=64)
def _find_codes_in_part(content: bytes) -> tuple[str, ...]:
    """The codes of everything active in one XML part: most are the same in one form after another."""
    if not _has_marker(content):
        return ()
    found = find_active_in_tree(parse_xml(content), _has_acting_attribute(content))
    return tuple(dict.fromkeys(code for code, _ in found))


def _has_marker(content: bytes) -> bool:
    return _is_in_other_letters(content) or any(marker in content for marker in _MARKERS)


def _is_in_other_letters(content: bytes) -> bool:
    """Whether a part is in an encoding in which a name may have other bytes than usual."""
    if b"\x00" in content[:64] or content.startswith(_EBCDIC):
        return True
    encoding = _ENCODING.match(content[:200].lstrip(b"\xef\xbb\xbf"))
    return encoding is not None and encoding[1].lower() not in (b"utf-8", b"us-ascii", b"ascii")


def _may_be_active(root: XmlElement, content: bytes) -> bool:
    """Whether there is anything in a part to look at closer, by its tree and its bytes."""
    if next(root.iter(*_TAGS), None) is not None or _is_in_other_letters(content):
        return True
    return any(marker in content for marker in (b"href", b"src", b"hlink"))


def _users_of_relationships(root: XmlElement) -> Iterator[tuple[str, XmlElement]]:
    """The id of each relationship that an element names, and that element."""
    for element in root.iter():
        for key, value in element.attrib.items():
            if key.startswith(_ID):
                yield value, element


def _has_acting_attribute(content: bytes) -> bool:
    """Whether an element of a part may have an attribute that does something; most parts have none."""
    return _is_in_other_letters(content) or any(one.search(content) for one in _ACTING_ATTRIBUTES)


def find_active_in_tree(root: XmlElement, has_acting_attribute: bool) -> Iterator[tuple[str, XmlElement]]:
    """The code and the element of all active content in one XML part, without its relationships.

    `has_acting_attribute` says that attributes are looked through too, which takes far longer than tags.
    """
    for field in fields_in(root):
        yield from ((code, field.begin) for code in find_field_codes(field))
    for element in root.iter() if has_acting_attribute else root.iter(*_ELEMENT_TAGS):
        space, local = split_tag_name(element)
        code = kinds.ELEMENTS.get(local)
        if local == "OLEObject" and (element.get("Type") or "").casefold() == "link":
            code = kinds.LINKED_OBJECT
        if code and element is not root:
            yield code, element
        if has_acting_attribute:
            yield from _find_acting_attributes(element, space)


def _find_acting_attributes(element: XmlElement, space: str) -> Iterator[tuple[str, XmlElement]]:
    for key, value in element.attrib.items():
        attribute = key.rpartition("}")[2]
        if attribute in ("href", "src", "althref") and space.startswith("urn:schemas-microsoft-com:"):
            yield from ((found, element) for found in _codes_of_address(attribute, value))
        elif attribute == "action" and _MACRO_ACTION.match(value):
            yield kinds.MACRO_BUTTON, element


def _codes_of_address(attribute: str, target: str) -> Iterator[str]:
    kind = kind_of_link(target)
    if attribute == "href":
        yield from codes_of_link(target)
    elif kind is not LinkKind.PLACE:
        yield kinds.LINKED_PICTURE


@dataclass(frozen=True, slots=True)
class ContentTypes:
    """What a package says its parts are, in small letters."""

    overrides: Mapping[str, str]
    defaults: Mapping[str, str]

    def of(self, name: str) -> str:
        """The content type of a part; "" where none is given."""
        known = self.overrides.get(name.lower())
        return self.defaults.get(name.lower().rpartition(".")[2], "") if known is None else known


def content_types(package: Package) -> ContentTypes:
    """The content types of a package's parts; none where the list is missing or damaged."""
    try:
        return _parse_content_types(package.read("[Content_Types].xml"))
    except (KeyError, Unreadable):
        return ContentTypes({}, {})


@lru_cache(maxsize=64)
def _parse_content_types(content: bytes) -> ContentTypes:
    overrides, defaults = {}, {}
    for element in parse_xml(content):
        declared = (element.get("ContentType") or "").strip().lower()
        if part := element.get("PartName"):
            overrides[part.strip().lstrip("/").lower()] = declared
        elif extension := element.get("Extension"):
            defaults[extension.strip().lower()] = declared
    return ContentTypes(overrides, defaults)


@lru_cache(maxsize=128)
def relationships_in(content: bytes) -> tuple[tuple[str, str, str, str], ...]:
    """The relationships of a part: id, last word of the type in small letters, target and mode as written."""
    return tuple(
        (
            element.get("Id") or "",
            (element.get("Type") or "").strip().rstrip("/").rpartition("/")[2].casefold(),
            element.get("Target") or "",
            element.get("TargetMode") or "",
        )
        for element in parse_xml(content)
    )


def has_xml_beginning(head: bytes) -> bool:
    """Whether the first bytes of a part are those of XML in any encoding, and not of a web page."""
    if head.startswith(_EBCDIC):
        return True
    start = _in_plain_letters(head).lstrip(_BLANK)
    return start.startswith(b"<") and not start[:9].lower().startswith((b"<!doctype", b"<script", b"<hta:"))


def _behind_prolog(content: bytes) -> bytes:
    """A part from its first tag on; b"" when there is nothing but white space, comments and instructions.

    What is not XML comes back as it is.
    """
    plain = _in_plain_letters(content)
    at = len(plain) - len(plain.lstrip(_BLANK))
    while skipped := next((end for begin, end in _SKIPPED if plain.startswith(begin, at)), None):
        end = plain.find(skipped, at)
        if end < 0:
            return b""
        at = _first_not_blank(plain, end + len(skipped))
    if plain.startswith(b"<", at):
        return plain[at:]
    return content if at < len(plain) else b""


def _first_not_blank(content: bytes, at: int) -> int:
    found = _NOT_BLANK.search(content, at)
    return found.start() if found else len(content)


def _in_plain_letters(content: bytes) -> bytes:
    """The bytes of a part with one byte for each ASCII letter, where its letters take two or four bytes."""
    return content.replace(b"\x00", b"") if b"\x00" in content[:64] else content


def _first_tag(head: bytes) -> str:
    found = _FIRST_TAG.search(head)
    return found[1].decode("ascii", "replace") if found else ""


def _find_owner_part(rels: str) -> str:
    """The part to which a part of relationships belongs; "" for the package itself."""
    folder, _, base = rels.rpartition("/")
    parent = folder.removesuffix("_rels").rstrip("/")
    owner = base[: -len(".rels")]
    return f"{parent}/{owner}" if parent and owner else owner


def _resolve_target(owner: str, target: str) -> str:
    import posixpath
    from urllib.parse import unquote

    folder = owner.rpartition("/")[0]
    return posixpath.normpath(posixpath.join("/", folder, unquote(target).split("#")[0])).lstrip("/")


def _is_in_package(target: str, mode: str) -> bool:
    """Whether a relationship names a part though its target has a scheme; only few schemes do so."""
    return mode.strip().casefold() != "external" and target.casefold().startswith(("pack:", "null"))


def open_package(data: bytes) -> Package:
    """The package in `data`, for Office files of every kind. Raises Unreadable."""
    from peer_challenge.word.package.reading_limits import DEFAULT_LIMITS

    try:
        return Package(data, DEFAULT_LIMITS)
    except zipfile.BadZipFile as why:
        raise Unreadable("open.corrupt") from why
