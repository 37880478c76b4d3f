"""What an element of a parsed part is called in signatures, and what lxml's types leave open about one.

lxml has no public name for the class of its elements, so it is named here, at the edge of lxml. Its types
allow a tag to be more than text, and a parent or child to be missing; our parsers drop comments and
instructions (`safe_xml`), so that a tag is always text.
"""

from typing import TypeAlias

from lxml import etree

XmlElement: TypeAlias = etree._Element
"""An element of a part of a Word document, with all that is in it."""


def read_tag_name(element: XmlElement) -> str:
    """An element's tag, with its namespace in braces where it has one."""
    return str(element.tag)


def split_tag_name(element: XmlElement) -> tuple[str, str]:
    """An element's namespace, "" where it has none, and its name without it."""
    space, _, local = read_tag_name(element).rpartition("}")
    return space[1:], local


def require_parent(element: XmlElement) -> XmlElement:
    """The element that holds `element`. Raises LookupError for one that nothing holds."""
    parent = element.getparent()
    if parent is None:
        raise LookupError("an element without a parent")
    return parent


def require_ancestor(element: XmlElement, tag: str) -> XmlElement:
    """The nearest element of a kind that `element` is in. Raises LookupError where there is none."""
    ancestor = next(element.iterancestors(tag), None)
    if ancestor is None:
        raise LookupError("an element outside those that it must be in")
    return ancestor


def require_child(element: XmlElement, path: str) -> XmlElement:
    """The first element at `path` in `element`. Raises LookupError where there is none."""
    child = element.find(path)
    if child is None:
        raise LookupError("an element without the child that it must have")
    return child


def remove_from_parent(element: XmlElement) -> None:
    """Take an element, and the text that follows it, out of the one that holds it."""
    require_parent(element).remove(element)
