"""What stood where answers stand and has no place: each is asked about, at the place where it was."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from peer_challenge.model.findings import Finding
from peer_challenge.word.reader_findings import make_finding
from peer_challenge.word.text.content import Row


@dataclass(frozen=True, slots=True)
class SetApart:
    """A row without a place: the number of its table, from 1, and the address of the row above it, if known.

    `is_cut` says that it has neither title nor number, `is_foreign` that its table is that of another form.
    """

    row: Row
    table: int
    above: str | None = None
    is_cut: bool = False
    is_foreign: bool = False

    @property
    def has_title(self) -> bool:
        """Whether it stands among the form's rows with a title of its own, as one that somebody added."""
        return not self.is_cut and not self.is_foreign


def questions_about(asked: Sequence[SetApart], *, is_schedule: bool) -> Iterator[Finding]:
    """A question for each place at which rows have none."""
    yield from (
        make_finding("row.cut", address) for address in dict.fromkeys(one.above for one in asked) if address
    )
    code = "row.unplaced" if is_schedule else "item.unplaced"
    tables = Counter(one.table for one in asked if not one.above)
    yield from (make_finding(code, count=count, table=table) for table, count in tables.items())
