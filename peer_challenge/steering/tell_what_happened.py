"""What happened since somebody was last here: the journal in words, alike things together."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from peer_challenge.clock import local_day
from peer_challenge.model.challenge_ids import make_challenge_id
from peer_challenge.model.sentences import (
    capitalise_first_letter,
    join_list_briefly,
    name_in_plain_words,
    say_how_many,
)
from peer_challenge.model.vocabulary import OUTCOME_NAMES, DispatchKind, Kind
from peer_challenge.register import listings
from peer_challenge.register.cycles import load_all_stored
from peer_challenge.register.database import Transaction
from peer_challenge.register.listings import JournalEntry
from peer_challenge.register.records import CycleState
from peer_challenge.steering.journal_words import IN_BRIEF

_MOST_NAMES = 6
"""Areas named in one line, so that it stays a line; the others are counted."""
_MOST_ENTRIES = 2_000
"""Journal entries that are read at once: more than a region makes in a month."""
WINDOWS = {"day": timedelta(days=1), "week": timedelta(days=7), "month": timedelta(days=31)}


@dataclass(slots=True)
class Happening:
    """Things of one sort that one person or the program did on one day; `times` is how many."""

    at: datetime
    actor: str
    words: str
    times: int = 1
    names: list[str] = field(default_factory=list)
    challenge_id: str | None = None
    reasons: list[str] = field(default_factory=list)

    @property
    def of(self) -> str:
        """The areas that it is about, in a sentence: "Ashcombe, Eastholme and 3 more"."""
        return join_list_briefly(list(dict.fromkeys(self.names)), most=_MOST_NAMES) if self.names else ""

    @property
    def often(self) -> str:
        """How often, where it was more than once: "4 times"."""
        return say_how_many(self.times, "time") if self.times > 1 else ""


@dataclass(frozen=True, slots=True)
class Since:
    """What happened since a moment; `is_cut` where there was more than is told."""

    moment: datetime
    days: Sequence[tuple[datetime, Sequence[Happening]]]
    is_cut: bool


def find_last_visit(connection: Transaction, user_id: int, name: str) -> datetime | None:
    """When somebody signed in the time before this one; None where they never did."""
    return listings.find_sign_in_before(connection, user_id, name)


def count_since_last_visit(connection: Transaction, user_id: int, name: str) -> int:
    """How many things others did since somebody's last visit; 0 for a first visit."""
    moment = find_last_visit(connection, user_id, name)
    return listings.count_journal_entries(connection, moment, list(IN_BRIEF), but=name) if moment else 0


def tell_what_happened(connection: Transaction, since: datetime, *, but: str = "") -> Since:
    """What happened since a moment, newest day first, without what the person called `but` did."""
    entries = listings.list_journal_since(connection, since, list(IN_BRIEF), but=but, most=_MOST_ENTRIES + 1)
    names = _read_names(connection)
    days: dict[object, dict[tuple[str, str], Happening]] = {}
    first: dict[object, datetime] = {}
    for entry in entries[:_MOST_ENTRIES]:
        day = local_day(entry.at)
        first.setdefault(day, entry.at)
        _add_entry(days.setdefault(day, {}), entry, names)
    told = [(first[day], list(happenings.values())) for day, happenings in days.items()]
    return Since(since, told, len(entries) > _MOST_ENTRIES)


def _read_names(connection: Transaction) -> dict[str, str]:
    """The names of areas by the id of their challenge, and of cycles by theirs."""
    found = {}
    stored = load_all_stored(connection, states=(CycleState.OPEN, CycleState.CLOSED))
    for cycle_id, (cycle, _) in stored.items():
        found[cycle_id] = cycle.name
        found |= {make_challenge_id(cycle_id, area.id): area.name for area in cycle.participants}
    return found


def _add_entry(day: dict[tuple[str, str], Happening], entry: JournalEntry, names: Mapping[str, str]) -> None:
    words = _say(entry)
    name = names.get(entry.challenge_id or entry.cycle_id or "", "")
    known = day.get((entry.actor, words))
    if known is None:
        known = day[entry.actor, words] = Happening(
            entry.at, entry.actor, words, 0, challenge_id=entry.challenge_id
        )
    known.times += 1
    known.names += [name] if name else []
    known.reasons += list(_read_reason(entry))
    if known.challenge_id != entry.challenge_id:
        known.challenge_id = None


def _read_reason(entry: JournalEntry) -> Iterator[str]:
    reason = entry.details.get("reason")
    if isinstance(reason, str) and reason:
        yield reason


def _say(entry: JournalEntry) -> str:
    kind = str(entry.details.get("kind"))
    form = name_in_plain_words(kind) if kind in tuple(Kind) else "a document"
    document = DispatchKind(kind).in_words if kind in tuple(DispatchKind) else "a document"
    return (
        IN_BRIEF[entry.event]
        .format(
            kind=capitalise_first_letter(form),
            document=capitalise_first_letter(document),
            outcome=OUTCOME_NAMES.get(str(entry.details.get("outcome")), ""),
            after=str(entry.details.get("after", "")),
        )
        .rstrip(". ")
    )
