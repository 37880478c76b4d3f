"""Who changed a line of a draft, and what they wrote in its margin, as Word keeps it.

Read of a draft summary that comes back with corrections. In other forms comments are kept apart.
"""

from collections.abc import Iterator

from peer_challenge.model.vocabulary import ItemKind
from peer_challenge.word.answers.answers import Answers
from peer_challenge.word.answers.layout import Layout
from peer_challenge.word.answers.reading import Row
from peer_challenge.word.form.forms import FORMS
from peer_challenge.word.package.namespaces import w
from peer_challenge.word.package.xml_element import XmlElement
from peer_challenge.word.text.content import Paragraph
from peer_challenge.word.text.open_document import Document

_CHANGES = tuple(map(w, ("ins", "del", "moveFrom", "moveTo")))
_COMMENT_MARKS = (w("commentRangeStart"), w("commentReference"))
_AUTHOR, _ID = w("author"), w("id")


def take_margin_notes(document: Document, layout: Layout, answers: Answers) -> list[str]:
    """Put into each item who changed it (`changed_by`) and the comments beside it (`comments`).

    Returns the comments that are beside no item, each with its author and place in words. All comments are
    taken out of the document, so that none is read twice. An item that was emptied is put back without a
    text.
    """
    comments = _take_comments(document)
    items = {str(item["address"]): item for item in answers.items}
    for entry in layout.entries:
        changed_by = ", ".join(dict.fromkeys(_list_change_authors(entry.row.element)))
        said = "\n".join(_pop_comments(comments, entry.row.element))
        if (changed_by or said) and entry.address not in items:
            items[entry.address] = _make_emptied_item(entry.address)
            answers.items.append(items[entry.address])
        if entry.address in items:
            items[entry.address] |= {"changed_by": changed_by, "comments": said}
    return [*_list_comments_on_fields(comments, layout), *_describe_comments(comments)]


def _make_emptied_item(address: str) -> Row:
    kind = ItemKind(address.partition("/")[0])
    return {
        "address": address,
        "kind": kind.value,
        "subheading": None,
        "subheading_as_written": "",
        "text": "",
        "consensus": "",
    }


def _list_change_authors(element: XmlElement) -> Iterator[str]:
    """Who made the tracked changes in an element, as Word says."""
    return (author for change in element.iter(*_CHANGES) if (author := change.get(_AUTHOR) or ""))


def _take_comments(document: Document) -> dict[str, str]:
    """The comments in the margin by their ids, each as "author: text", taken out of the document."""
    found: dict[str, list[str]] = {}
    authors: dict[str, str] = {}
    for kind, content in document.others:
        if kind != "comments":
            continue
        for block in list(content.blocks):
            comment = _find_comment(block) if isinstance(block, Paragraph) else None
            if comment is not None and isinstance(block, Paragraph):
                content.blocks.remove(block)
                identity = comment.get(_ID) or ""
                authors[identity] = comment.get(_AUTHOR) or ""
                found.setdefault(identity, []).append(block.text)
    texts = {identity: "\n".join(filter(str.strip, lines)) for identity, lines in found.items()}
    return {
        identity: f"{authors[identity]}: {text}" if authors[identity] else text
        for identity, text in texts.items()
        if text
    }


def _find_comment(paragraph: Paragraph) -> XmlElement | None:
    if paragraph.element is None:
        return None
    return next(paragraph.element.iterancestors(w("comment")), None)


def _pop_comments(comments: dict[str, str], element: XmlElement) -> Iterator[str]:
    """The comments that begin in an element, in order, taken out of `comments`."""
    for mark in element.iter(*_COMMENT_MARKS):
        if (text := comments.pop(mark.get(_ID) or "", None)) is not None:
            yield text


def _list_comments_on_fields(comments: dict[str, str], layout: Layout) -> Iterator[str]:
    labels = {field.id: field.label for form in FORMS.values() for field in form.fields}
    for name, cells in layout.fields.items():
        for cell in cells:
            for text in _pop_comments(comments, cell.element):
                yield f"Comment on {labels.get(name, name)}. {text}"


def _describe_comments(comments: dict[str, str]) -> Iterator[str]:
    return (f"Comment. {text}" for text in comments.values())
