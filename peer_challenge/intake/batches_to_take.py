"""The files of the inbox that are ready, looked for once and then taken a batch at a time, oldest first."""

from collections.abc import Sequence
from pathlib import Path

from peer_challenge.intake.inbox import Inbox, Left


class ReadyFiles:
    """What one look into the inbox found. `left` are the files that stay for now, with why.

    The oldest come first, so that an area's later version stays the later one.
    """

    def __init__(self, inbox: Inbox) -> None:
        self.left: list[Left] = []
        self._inbox = inbox
        self._found: list[Path] | None = None
        self._count = 0

    def look(self) -> int:
        """How many are ready. It waits until they have stopped changing, and looks once only."""
        if self._found is None:
            self._found, left = self._inbox.ready()
            self._count = len(self._found)
            self.left += left
        return self._count

    def next_batch(self, most: int) -> Sequence[Path]:
        """The next files, `most` at most: the same again until they are claimed; none when all were."""
        self.look()
        return (self._found or [])[:most]

    def note_claimed(self, count: int) -> None:
        """The first `count` have been claimed: go on behind them."""
        self._found = (self._found or [])[count:]

    @property
    def count(self) -> int:
        """How many were found in all."""
        return self._count

    @property
    def is_more(self) -> bool:
        """Whether some were not claimed yet."""
        return bool(self._found)
