"""Comments in a document's margin: finding the office's own comments, and removing them."""

from collections.abc import Iterable, Iterator

from peer_challenge.word.package.marks import is_own_comment
from peer_challenge.word.package.xml_element import (
    XmlElement,
    read_tag_name,
    remove_from_parent,
    require_parent,
)


def own_comments(root: XmlElement) -> Iterator[XmlElement]:
    """The comments under the root of a comments part that a fix-it copy brought and nobody changed."""
    space = _read_namespace(root)
    for comment in list(root.iter(f"{space}comment")):
        lines = [
            "".join(piece.text or "" for piece in paragraph.iter(f"{space}t"))
            for paragraph in comment.iter(f"{space}p")
        ]
        if is_own_comment(comment.get(f"{space}author"), comment.get(f"{space}initials"), lines):
            yield comment


def without_own_comments(root: XmlElement) -> XmlElement:
    """The root of a comments part, with the office's own comments removed from it."""
    for comment in own_comments(root):
        remove_from_parent(comment)
    return root


def ids_of(root: XmlElement) -> Iterator[str]:
    """The ids of the comments under the root of a comments part."""
    space = _read_namespace(root)
    return (comment.get(f"{space}id") or "" for comment in root.iter(f"{space}comment"))


def remove_comment_marks(document: XmlElement, ids: set[str]) -> None:
    """Remove the marks of the comments `ids` from a document's root; the text between the marks stays."""
    space = _read_namespace(document)
    tags = [f"{space}{name}" for name in ("commentRangeStart", "commentRangeEnd", "commentReference")]
    for mark in [mark for mark in document.iter(*tags) if mark.get(f"{space}id") in ids]:
        run = require_parent(mark)
        _remove_element(mark)
        if run.tag == f"{space}r" and all(child.tag == f"{space}rPr" for child in run):
            _remove_element(run)


def paragraphs_of(comments: Iterable[XmlElement]) -> set[str]:
    """The ids that Word gives to the paragraphs of comments; other parts refer to comments by them."""
    return {
        name
        for comment in comments
        for element in comment.iter()
        for key, name in element.attrib.items()
        if _has_local_name(key, "paraId")
    }


def remove_thread_entries(root: XmlElement, paragraphs: set[str]) -> bool:
    """Remove comments from a part that lists threads or ids; replies to them lose their parent.

    `paragraphs` are the ids of the comments' paragraphs. Returns whether the part had any of them.
    """
    gone = False
    for element in list(root):
        names = {key: name for key, name in element.attrib.items() if name in paragraphs}
        if any(_has_local_name(key, "paraId") for key in names):
            root.remove(element)
        for key in names:
            if _has_local_name(key, "paraIdParent"):
                del element.attrib[key]
        gone = gone or bool(names)
    return gone


def _has_local_name(key: str, name: str) -> bool:
    return key.rpartition("}")[2] == name


def _remove_element(element: XmlElement) -> None:
    """Remove an element; text that follows it, which Word never writes, stays."""
    parent, tail = require_parent(element), element.tail
    if tail and tail.strip():
        before = element.getprevious()
        if before is not None:
            before.tail = (before.tail or "") + tail
        else:
            parent.text = (parent.text or "") + tail
    element.tail = None
    parent.remove(element)


def _read_namespace(root: XmlElement) -> str:
    return read_tag_name(root).partition("}")[0] + "}"
