"""Comments in a document's margin: which are the office's own, and taking those out again."""

from collections.abc import Iterable, Iterator
from typing import Any

from peer_challenge.word.package.marks import is_own_comment


def own_comments(root: Any) -> Iterator[Any]:
    """The comments under the root of a comments part that a fix-it copy brought and nobody changed."""
    space = _space(root)
    for comment in list(root.iter(f"{space}comment")):
        lines = [
            "".join(piece.text or "" for piece in paragraph.iter(f"{space}t"))
            for paragraph in comment.iter(f"{space}p")
        ]
        if is_own_comment(comment.get(f"{space}author"), comment.get(f"{space}initials"), lines):
            yield comment


def without_own_comments(root: Any) -> Any:
    """The root of a comments part, the office's own comments taken out of it."""
    for comment in own_comments(root):
        comment.getparent().remove(comment)
    return root


def take_out(document: Any, ids: set[str]) -> None:
    """Take the marks of the comments `ids` out of a document's root; what they embraced stays."""
    space = _space(document)
    tags = [f"{space}{name}" for name in ("commentRangeStart", "commentRangeEnd", "commentReference")]
    for mark in [mark for mark in document.iter(*tags) if mark.get(f"{space}id") in ids]:
        run = mark.getparent()
        _remove(mark)
        if run.tag == f"{space}r" and all(child.tag == f"{space}rPr" for child in run):
            _remove(run)


def paragraphs_of(comments: Iterable[Any]) -> set[str]:
    """The names that Word gives to the paragraphs of comments, by which other parts speak of them."""
    return {
        name
        for comment in comments
        for element in comment.iter()
        for key, name in element.attrib.items()
        if _is_named(key, "paraId")
    }


def forget(root: Any, paragraphs: set[str]) -> bool:
    """Take comments out of a part that tells of their threads or ids; replies to them stand by themselves.

    Says whether the part had any.
    """
    gone = False
    for element in list(root):
        names = {key: name for key, name in element.attrib.items() if name in paragraphs}
        if any(_is_named(key, "paraId") for key in names):
            root.remove(element)
        for key in names:
            if _is_named(key, "paraIdParent"):
                del element.attrib[key]
        gone = gone or bool(names)
    return gone


def _is_named(key: str, name: str) -> bool:
    return key.rpartition("}")[2] == name


def _remove(element: Any) -> None:
    """Take an element out; text that follows it, which Word never writes, stays."""
    parent, tail = element.getparent(), element.tail
    if tail and tail.strip():
        before = element.getprevious()
        if before is not None:
            before.tail = (before.tail or "") + tail
        else:
            parent.text = (parent.text or "") + tail
    element.tail = None
    parent.remove(element)


def _space(root: Any) -> str:
    return str(root.tag).partition("}")[0] + "}"
