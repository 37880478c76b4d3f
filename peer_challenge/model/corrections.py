"""Corrections to the draft of a Chair's summary: what an area changed in it, and what was decided about that.

The draft has lines: the cells of each item ("strength/1" and its text, sub-heading and consensus) and the
particulars of the event (the item is "" there). Who changed a line tracked or by writing over it comes to
the same: the words that were sent are compared with those that came back.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from peer_challenge.model.vocabulary import Kind

ITEM_FIELDS = ("text", "subheading_as_written", "consensus")
"""The columns of an item that can be corrected."""
PARTICULARS = (
    "held_on",
    "chair",
    "author_present",
    "challenger_present",
    "consensus",
    "late_reason",
    "notes",
)
"""The particulars of the event that can be corrected."""
Item = Mapping[str, object]


class Decision(StrEnum):
    """What the Chair or the office decides about a correction."""

    ACCEPTED = "accepted"
    CHANGED = "changed"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a Chair's record, or a draft that came back, says: its items by address, and its particulars."""

    items: Mapping[str, Item]
    particulars: Mapping[str, str]
    remarks: Sequence[str] = ()

    def read_words(self, address: str, column: str) -> str:
        """The words of a line; "" where there are none."""
        if not address:
            return self.particulars.get(column, "")
        return _read_words(self.items.get(address, {}), column)

    def list_lines(self) -> list[tuple[str, str]]:
        """Every line, each as (address, column): particulars first, then the items in order."""
        fields = [("", name) for name in PARTICULARS]
        return fields + [(address, name) for address in self.items for name in ITEM_FIELDS]


@dataclass(frozen=True, slots=True)
class Correction:
    """One thing that an area corrected: in which line, from what to what, and who did it.

    `line` names it within its document; `linked` is the address of the sub-heading that new words name, where
    they name one. `comment` is what was written in the margin or beside the draft: it proposes no words, so
    `after` is "" and `is_remark` holds. A remark that is beside no line has no `column`.
    """

    line: str
    address: str
    column: str
    before: str = ""
    after: str = ""
    said_by: str = ""
    comment: str = ""
    linked: str = ""

    @property
    def is_remark(self) -> bool:
        """Whether it says what is wrong without the words to put there."""
        return bool(self.comment)


@dataclass(frozen=True, slots=True)
class Settled:
    """What was decided about a correction, why, when (UTC) and by whom.

    `address` and `column` are the line that changes, `before` and `after` its words; None where declined.
    `reason` is for the office and the Chair; `told` is what the area that proposed it reads of why, or "".
    """

    submission_id: int
    line: str
    decision: Decision
    reason: str
    decided_at: datetime
    decided_by: str
    address: str | None = None
    column: str | None = None
    before: str | None = None
    after: str | None = None
    told: str = ""


@dataclass(frozen=True, slots=True)
class CorrectedDraft:
    """The corrections of one area, and what was decided about them so far, by their lines."""

    submission_id: int
    kind: Kind
    received_at: datetime
    corrections: tuple[Correction, ...]
    settled: Mapping[str, Settled] = field(default_factory=dict)

    @property
    def open(self) -> list[Correction]:
        """The corrections that wait for a decision."""
        return [one for one in self.corrections if one.line not in self.settled]


def list_corrections(sent: Recorded, returned: Recorded) -> tuple[Correction, ...]:
    """What an area corrected, in the order of the draft: line by line, then what was written beside it.

    A change of spacing alone is none.
    """
    found = [*_compare_particulars(sent, returned)]
    for address in dict.fromkeys([*sent.items, *returned.items]):
        if _read_words(sent.items.get(address, {}), "text") or address in returned.items:
            found += _compare_items(address, sent.items.get(address, {}), returned.items.get(address, {}))
    found += [
        Correction(f"remark/{number}", "", "", comment=text)
        for number, text in enumerate(returned.remarks, 1)
    ]
    return tuple(found)


def _compare_particulars(sent: Recorded, returned: Recorded) -> Iterator[Correction]:
    for name in PARTICULARS:
        before, after = sent.particulars.get(name, ""), returned.particulars.get(name)
        if after is not None and not is_same_wording(before, after):
            yield Correction(f":{name}", "", name, before, after)


def _compare_items(address: str, sent: Item, returned: Item) -> Iterator[Correction]:
    said_by, comment = _read_words(returned, "changed_by"), _read_words(returned, "comments")
    before, after = _read_words(sent, "text"), _read_words(returned, "text")
    if not is_same_wording(before, after):
        yield Correction(f"{address}:text", address, "text", before, after, said_by)
    if after.strip():  # an item that was taken out whole is one correction
        for column in ITEM_FIELDS[1:]:
            was, now = _read_words(sent, column), _read_words(returned, column)
            is_same = column != "consensus" and _is_same_subheading(sent, returned)
            if not is_same and not is_same_wording(was, now):
                linked = _read_words(returned, "subheading") if column != "consensus" else ""
                yield Correction(f"{address}:{column}", address, column, was, now, said_by, linked=linked)
    if comment.strip():
        yield Correction(f"{address}:comment", address, "text", before, comment=comment)


def _is_same_subheading(sent: Item, returned: Item) -> bool:
    linked = _read_words(sent, "subheading")
    return bool(linked) and linked == _read_words(returned, "subheading")


def is_same_wording(one: str, other: str) -> bool:
    """Whether two texts say the same words: spaces and ends of lines apart."""
    return one.split() == other.split()


def _read_words(item: Item, column: str) -> str:
    value = item.get(column)
    return value if isinstance(value, str) else ""


def apply_settled(recorded: Recorded, settled: Iterable[Settled]) -> Recorded:
    """A record with the words that were settled in place of its own.

    A line that the Chair has changed since it was settled keeps the Chair's words.
    """
    items = {address: dict(item) for address, item in recorded.items.items()}
    particulars = dict(recorded.particulars)
    for one in settled:
        if one.decision is Decision.DECLINED or one.column is None or one.after is None:
            continue
        now = recorded.read_words(one.address or "", one.column)
        if one.before is not None and not is_same_wording(now, one.before):
            continue
        if not one.address:
            particulars |= {one.column: one.after} if one.column in particulars else {}
            continue
        item = items.setdefault(one.address, {"address": one.address, "kind": one.address.partition("/")[0]})
        item[one.column] = one.after
    return Recorded(items, particulars, recorded.remarks)
