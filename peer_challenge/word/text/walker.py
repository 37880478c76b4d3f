"""What the readers of tables and of drawings need of the walk through a document's XML that calls them."""

from typing import Any, Protocol

from peer_challenge.word.package.open_package import Package
from peer_challenge.word.text.content import Content, Paragraph, Table


class Walker(Protocol):
    """The walk at the place where it is; elements are lxml's."""

    package: Package
    content: Content
    line: list[str]
    later: list[Paragraph | Table]
    present: frozenset[str]

    def walk_into(self, content: Content, elements: Any) -> None:
        """Walk through `elements` and put what they hold into `content`, apart from what is being read."""

    def note(self, mark: str) -> None:
        """Put down that something stands here that is no text."""

    def only_if_new(self, element: Any, said: str) -> None:
        """Walk into an alternate that says something other than `said`, which was chosen."""

    def is_plain(self, element: Any) -> bool:
        """Whether nothing in the element needs more than its text."""

    def set_aside(self, why: str, text: str, *, is_continued: bool = False) -> None:
        """Keep text that the reader of the document does not see, with why."""

    def target(self, identity: str | None) -> str | None:
        """The part that a relationship of this part leads to; None when there is none."""
