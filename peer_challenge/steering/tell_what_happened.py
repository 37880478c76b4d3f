"""What happened since somebody was last here: the journal in words, alike things together."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from peer_challenge.clock import local_day
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

_MOST_NAMES = 6
"""Areas named in one line, so that it stays a line; the others are counted."""
_MOST_ENTRIES = 2_000
"""Journal entries that are read at once: more than a region makes in a month."""
WINDOWS = {"day": timedelta(days=1), "week": timedelta(days=7), "month": timedelta(days=31)}

_WORDS: Mapping[str, str] = {
    "document taken in": "{kind} came in. {outcome}",
    "document identified": "{kind}: it was said whose it is. {outcome}",
    "document rejected as nobody's": "A document was rejected as nobody’s",
    "document on paper recorded": "A form that came on paper was recorded",
    "upload refused": "An upload was refused: it was not its sender’s form",
    "document tried again": "A document was tried again",
    "later version passed on": "{kind}: a later version goes on to those who had the one before",
    "day of receipt corrected": "The day of receipt was corrected",
    "finding accepted": "A document was accepted as it is, in one point",
    "acceptance undone": "An acceptance was taken back",
    "challenge moved": "Now {after}",
    "challenge withdrawn": "Withdrawn",
    "challenge closed by decision": "Closed by decision",
    "challenge reopened": "Reopened",
    "area brought back": "Brought back",
    "clock restarted": "Dates count again from a new pack",
    "dates adjusted": "Dates were changed",
    "dates moved with the calendar": "Dates moved with the calendar",
    "partners proposed": "Partners were proposed",
    "partners approved": "Partners were approved",
    "change of partners undone": "A change of partners was undone",
    "approval of partners undone": "The approval of partners was undone",
    "partner taken back": "A partner was taken back",
    "event moved": "The event was moved",
    "event given to another Chair": "The event was given to another Chair",
    "cycle opened": "A cycle was opened",
    "cycle changed": "The cycle was changed",
    "cycle closed": "A cycle was closed",
    "cycle closed by decision": "A cycle was closed by decision",
    "cycle reopened": "A cycle was reopened",
    "cycle purged": "What a closed cycle may not keep was destroyed",
    "stray documents purged": "Documents of no cycle were destroyed",
    "retention held": "A cycle was put under legal hold",
    "retention hold lifted": "A legal hold was lifted",
    "dispatch held": "{document} could not be made",
    "dispatch waits for a look": "{document} waits until somebody has looked at it",
    "dispatch looked at": "{document} was looked at, and goes",
    "message sent": "A message was sent",
    "message sent by hand": "A message was sent by hand",
    "message failed": "A message could not be delivered",
    "message in doubt": "A message may have gone or not",
    "message no address": "A message has no address",
    "message on hold": "A message is on hold",
    "message opened": "A message was opened",
    "message reworded": "A message was reworded",
    "reminder asked for": "A reminder was asked for",
    "note written": "A note was written",
    "correction settled": "A correction to a draft summary was settled",
    "draft summary finished": "A draft summary was made final without waiting for its day",
    "progress commented on": "The challenger commented on progress",
    "overview given to areas": "The overview without names was given to the areas",
    "overview sent to office": "The overview was sent to the office",
    "regional report written": "The overview was downloaded",
    "regional tables downloaded": "Tables of the region were downloaded",
    "installation exported": "Everything was exported",
    "draft begun": "A cycle in preparation was begun",
    "draft discarded": "A cycle in preparation was discarded",
    "framework begun": "A framework was begun",
    "framework discarded": "A framework in preparation was thrown away",
    "framework saved": "A framework was saved for new cycles",
    "person added": "Somebody was given access",
    "person ended": "Somebody’s access was removed",
    "evidence passed on": "A file that came with a form was passed on",
    "evidence withheld": "A file that came with a form was kept back",
    "template taken into use": "A Word template was taken into use",
    "template taken back": "The shipped Word template was taken into use again",
    "waiting template removed": "A Word template that waited was removed",
    "house style taken into use": "A house style was taken into use",
    "indicators given": "Indicators were given",
    "indicators removed": "Indicators were removed",
    "public text changed": "The accessibility statement or the privacy notice was changed",
    "settings changed": "Settings were changed",
    "backup made": "A backup was made",
    "backup downloaded": "A backup was downloaded",
    "retention asked for": "The office asked to destroy what was kept too long",
    "backup key shown": "The backup key was shown",
}
"""By the journal's event, what it is called here. An event that is not here is left out: it says nothing that
another does not say, as when a document is made and then sent, or it is of no matter to the office."""


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
    return listings.count_journal_entries(connection, moment, list(_WORDS), but=name) if moment else 0


def tell_what_happened(connection: Transaction, since: datetime, *, but: str = "") -> Since:
    """What happened since a moment, newest day first, without what the person called `but` did."""
    entries = listings.list_journal_since(connection, since, list(_WORDS), but=but, most=_MOST_ENTRIES + 1)
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
        found |= {f"{cycle_id}/{area.id}": area.name for area in cycle.participants}
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
        _WORDS[entry.event]
        .format(
            kind=capitalise_first_letter(form),
            document=capitalise_first_letter(document),
            outcome=OUTCOME_NAMES.get(str(entry.details.get("outcome")), ""),
            after=str(entry.details.get("after", "")),
        )
        .rstrip(". ")
    )
