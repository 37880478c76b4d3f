"""What the readers of tables and drawings use of the walk that calls them."""

from collections.abc import Iterable
from typing import Protocol

from peer_challenge.word.package.open_package import Package
from peer_challenge.word.package.xml_element import XmlElement
from peer_challenge.word.text.content import Content, Paragraph, Table


class Walker(Protocol):
    """A walk through a document's XML, at its present place. Elements are lxml's."""

    package: Package
    content: Content
    line: list[str]
    later: list[Paragraph | Table]
    present: frozenset[str]

    def walk_into(self, content: Content, elements: Iterable[XmlElement]) -> None:
        """Walk through `elements` and put what they hold into `content`, apart from what is being read."""

    def note(self, mark: str) -> None:
        """Record that something of the kind `mark` was found here."""

    def only_if_new(self, element: XmlElement, said: str) -> None:
        """Keep the text of an alternate version apart where `said`, the version chosen, does not hold it."""

    def is_plain(self, element: XmlElement) -> bool:
        """Whether the element needs nothing read but its text."""

    def set_aside(self, why: str, text: str, *, is_continued: bool = False) -> None:
        """Keep text out of the clean text, with the reason."""

    def target(self, identity: str | None) -> str | None:
        """The part that a relationship of this part leads to; None when there is none."""
