"""Controls bound to a part of custom XML: Word shows what that part says, whatever the document holds."""

import re
from collections.abc import Iterator

from lxml import etree

from peer_challenge.word.package.namespaces import P, T, w
from peer_challenge.word.package.open_package import Package
from peer_challenge.word.package.xml_element import XmlElement
from peer_challenge.word.reader_findings import Unreadable

BINDING = w("dataBinding")
_STORE = "{http://schemas.openxmlformats.org/officeDocument/2006/customXml}"
_PLAIN_PATH = re.compile(r"(?:/(?:[\w.-]+:)?[\w.-]+(?:\[\d{1,4}\])?)+(?:/@(?:[\w.-]+:)?[\w.-]+)?")
_MOST = 500  # bindings looked up in one document: our own forms have none


def show_bound_values(package: Package, root: XmlElement) -> dict[XmlElement, str]:
    """Put into each control what Word shows in it. Gives the words that it held, by control (w:sdt).

    A control round whole cells or rows is left as it is: "" stands for it.
    """
    held: dict[XmlElement, str] = {}
    for control, shown in list(_stale_controls(package, root)):
        content = control.find(w("sdtContent"))
        is_inside = next(control.iter(w("tc"), w("tr"), w("tbl")), None) is None
        held[control] = _text_of(control) if is_inside else ""
        if is_inside and content is not None:
            _write_shown_words(content, shown)
    return held


def _write_shown_words(content: XmlElement, shown: str) -> None:
    """Let the first text in a control's content say what is shown, and no other text anything."""
    texts = list(content.iter(T))
    if not texts:
        place = next(content.iter(P), content)
        texts = [etree.SubElement(etree.SubElement(place, w("r")), T)]
    for text in texts:
        text.text = ""
    texts[0].text = shown


def _stale_controls(package: Package, root: XmlElement) -> Iterator[tuple[XmlElement, str]]:
    """The controls (w:sdt) that hold other words than Word shows, and the words that it shows."""
    stores: dict[str, XmlElement] | None = None
    for number, binding in enumerate(root.iter(BINDING)):
        if number == _MOST:
            return
        stores = _stores_of(package) if stores is None else stores
        control = next(binding.iterancestors(w("sdt")), None)
        shown = _value_at(binding, stores)
        if (
            control is not None
            and shown
            and remove_white_space(shown) != remove_white_space(_text_of(control))
        ):
            yield control, shown


def _text_of(control: XmlElement) -> str:
    content = control.find(w("sdtContent"))
    return "" if content is None else "".join(text.text or "" for text in content.iter(T))


def remove_white_space(text: str) -> str:
    """A text without any of its spaces, tabs and line ends, to compare it."""
    return "".join(text.split())


def _stores_of(package: Package) -> dict[str, XmlElement]:
    """The roots of the parts of custom XML by their ids, in capitals."""
    found = {}
    for name in list(package.xml_names()):
        if not name.lower().startswith("customxml/item") or "props" in name.lower():
            continue
        for related in package.relationships(name).values():
            if related.type != "customXmlProps":
                continue
            properties, data = _read_part_tree(package, related.target), _read_part_tree(package, name)
            if properties is not None and data is not None:
                found[(properties.get(f"{_STORE}itemID") or "").upper()] = data
    return found


def _read_part_tree(package: Package, name: str) -> XmlElement | None:
    try:
        return package.tree(name)
    except (KeyError, Unreadable):
        return None


def _value_at(binding: XmlElement, stores: dict[str, XmlElement]) -> str | None:
    """What a part says at the place to which a control is bound; None where there is no one such place."""
    data = stores.get((binding.get(w("storeItemID")) or "").upper())
    path = binding.get(w("xpath")) or ""
    # 500 letters: Word writes a step for each level, and no template has so many.
    if data is None or len(path) > 500 or not _PLAIN_PATH.fullmatch(path):
        return None
    try:
        found = data.getroottree().xpath(
            path, namespaces=_read_prefixes(binding.get(w("prefixMappings")) or "")
        )
    except (etree.XPathError, TypeError, ValueError):
        return None
    nodes = found if isinstance(found, list) else []
    first = nodes[0] if len(nodes) == 1 else None
    return str(first) if isinstance(first, str) else None if first is None else "".join(first.itertext())


def _read_prefixes(mappings: str) -> dict[str, str]:
    """The prefixes that "xmlns:n='urn:x'" gives."""
    pairs = (piece.partition("=") for piece in mappings.split() if piece.startswith("xmlns:"))
    return {name.removeprefix("xmlns:"): value.strip("'\"") for name, _, value in pairs if value.strip("'\"")}
