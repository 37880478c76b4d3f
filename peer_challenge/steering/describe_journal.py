"""Journal entries as sentences that an office reads: names instead of ids, days instead of timestamps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from peer_challenge.clock import local_day
from peer_challenge.model.challenge_ids import find_author_id
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.days_in_words import time_of_day, weekday_in_words
from peer_challenge.model.kinds_of_submission import SENT_BY
from peer_challenge.model.sentences import (
    capitalise_first_letter,
    join_list_briefly,
    make_possessive,
    name_in_plain_words,
    say_how_many,
)
from peer_challenge.model.vocabulary import (
    DEADLINE_NAMES,
    DispatchKind,
    Kind,
    Outcome,
    Role,
    name_submission,
)
from peer_challenge.register import messages, outbox, people, submissions
from peer_challenge.register.cycles import load_all_stored
from peer_challenge.register.database import Transaction
from peer_challenge.register.listings import JournalEntry
from peer_challenge.register.records import CycleState, Dispatch, Submission
from peer_challenge.steering.journal_words import JOURNAL_WORDS

_MOST_DOCUMENTS = 3
"""Named in one sentence, so that it stays one; the others are counted."""
_WITH_NAMES = (CycleState.OPEN, CycleState.CLOSED)
"""The states of cycles that keep the names of their areas; of a purged one ids are shown."""
_BECAME: Mapping[str, str] = {
    Outcome.ACCEPTED: "was accepted",
    Outcome.WARNED: "was accepted, with notes",
    Outcome.QUERIED: "came in, and waits for answers",
    Outcome.REJECTED: "was rejected",
}


@dataclass(frozen=True, slots=True)
class ToldEntry:
    """A journal entry, its sentence, the area or cycle that it is about ("" for neither), and its reason."""

    entry: JournalEntry
    sentence: str
    about: str
    reason: str


@dataclass(frozen=True, slots=True)
class _Known:
    """What the entries of one page speak of, by id."""

    cycles: Mapping[str, Cycle]
    forms: Mapping[int, Submission]
    dispatches: Mapping[int, Dispatch]
    contents: Mapping[int, Sequence[Dispatch]]
    people: Mapping[int, str]


def describe_entries(connection: Transaction, entries: Sequence[JournalEntry]) -> list[ToldEntry]:
    """Each entry with the sentence that says what happened, in the same order."""
    known = _Known(
        {which: cycle for which, (cycle, _) in load_all_stored(connection, states=_WITH_NAMES).items()},
        submissions.load_by_number(connection, _list_numbers(entries, "submission")),
        outbox.load_by_number(connection, _list_numbers(entries, "dispatch")),
        messages.list_dispatches_of(connection, _list_numbers(entries, "message")),
        people.read_names(connection, _list_numbers(entries, "user")),
    )
    return [_describe_entry(known, entry) for entry in entries]


def _list_numbers(entries: Sequence[JournalEntry], name: str) -> list[int]:
    found = (entry.details.get(name) for entry in entries)
    return list(dict.fromkeys(number for number in found if isinstance(number, int)))


def _describe_entry(known: _Known, entry: JournalEntry) -> ToldEntry:
    words = JOURNAL_WORDS.get(entry.event)
    fields = _make_fields(known, entry)
    # an entry of an earlier version of the program may be of a kind that is not written any more
    sentence = words.sentence.format_map(fields) if words else f"{capitalise_first_letter(entry.event)}."
    reason = entry.details.get("reason") or entry.details.get("problem")
    return ToldEntry(
        entry, sentence, fields["about"], str(reason) if isinstance(reason, str) and reason else ""
    )


def _make_fields(known: _Known, entry: JournalEntry) -> dict[str, str]:
    """Every field that a sentence may have, by its name."""
    told, cycle = entry.details, known.cycles.get(entry.cycle_id or "")
    area = _name_area(cycle, entry.challenge_id)
    cycle_name = f"the cycle “{cycle.name}”" if cycle else "a cycle"
    form = _name_form(known, entry, area)
    document = _name_document(known, entry, cycle)
    contents = known.contents.get(_read_number(told.get("message")), ())
    listed = [_name_in_message(known, one) for one in contents]
    is_several = len(contents) > 1
    person = known.people.get(_read_number(told.get("user")), "somebody")
    return {
        "about": area or (cycle.name if cycle else ""),
        "area": area or "an area",
        "Area": area or "An area",
        "cycle": cycle_name,
        "Cycle": capitalise_first_letter(cycle_name),
        "form": form,
        "Form": capitalise_first_letter(form),
        "became": _BECAME.get(str(told.get("outcome")), "was looked at"),
        "Document": capitalise_first_letter(document),
        "Contents": capitalise_first_letter(join_list_briefly(listed, most=_MOST_DOCUMENTS) or "a message"),
        "is": "are" if is_several else "is",
        "was": "were" if is_several else "was",
        "recipient": _name_holder(cycle, str(told.get("recipient", ""))),
        "challenger": _name_holder(cycle, str(told.get("challenger", ""))),
        "person": person,
        "Person": capitalise_first_letter(person),
        "what": DEADLINE_NAMES.get(str(told.get("what")), "what is awaited").lower(),
        "before": _say_value(cycle, told.get("before")),
        "after": _say_value(cycle, told.get("after")),
        "came_on": _say_value(cycle, told.get("came_on")),
        "starts_at": _say_value(cycle, told.get("starts_at")),
        "settings": str(told.get("settings", "")).replace("_", " "),
        "files": _say_count(told.get("files"), "file"),
        "pairs": _say_count(told.get("pairs"), "area"),
        "areas": _say_count(told.get("participants"), "area"),
        "challenges": _say_count(told.get("challenges"), "challenge"),
    }


def _read_number(value: object) -> int:
    return value if isinstance(value, int) else 0


def _name_area(cycle: Cycle | None, challenge_id: str | None) -> str:
    area = cycle.participant.get(find_author_id(challenge_id)) if cycle else None
    return area.name if area else ""


def _name_holder(cycle: Cycle | None, recipient_id: str) -> str:
    """The name of an area or a Chair; of any other recipient it is the office."""
    held = cycle.find_recipient(recipient_id) if cycle else None
    return held.name if held else "the programme office"


def _name_form(known: _Known, entry: JournalEntry, area: str) -> str:
    """A document that came in, with a verb to follow: "Ashcombe’s self-assessment, version 2,"."""
    row = known.forms.get(_read_number(entry.details.get("submission")))
    said = str(entry.details.get("kind"))
    kind = Kind(said) if said in tuple(Kind) else row.kind if row else None
    if kind is None:
        return f"a document about {area}" if area else "a document"
    name = name_submission(kind, row.review if row else 0)
    if not area:
        return f"a form ({name})"
    version = f", version {row.version}," if row and row.version else ""
    is_its_own = SENT_BY[kind] is Role.AUTHOR
    return f"{make_possessive(area)} {name}{version}" if is_its_own else f"the {name} about {area}{version}"


def _name_document(known: _Known, entry: JournalEntry, cycle: Cycle | None) -> str:
    """A document that goes out, with its recipient: "the analysis pack about Ashcombe for Dunmere"."""
    dispatch = known.dispatches.get(_read_number(entry.details.get("dispatch")))
    if dispatch is not None:
        return f"{_name_in_message(known, dispatch)} for {_name_holder(cycle, dispatch.recipient_id)}"
    said = str(entry.details.get("kind"))
    return f"the {DispatchKind(said).in_words}" if said in tuple(DispatchKind) else "a document"


def _name_in_message(known: _Known, dispatch: Dispatch) -> str:
    """A document within the sentence about its message: "the reminder (peer analysis due) about Ashcombe"."""
    cycle = known.cycles.get(dispatch.cycle_id)
    what = DEADLINE_NAMES.get(str(dispatch.parameters.get("what")), "")
    name = f"the {dispatch.kind.in_words}" + (f" ({what[:1].lower()}{what[1:]})" if what else "")
    is_about_another = find_author_id(dispatch.challenge_id) != dispatch.recipient_id
    area = _name_area(cycle, dispatch.challenge_id)
    return f"{name} about {area}" if area and is_about_another else name


def _say_value(cycle: Cycle | None, value: object) -> str:
    """A day, a time, a stage or the id of an area or Chair, as people say it."""
    text = str(value or "")
    held = cycle.find_recipient(text) if cycle else None
    if held is not None:
        return held.name
    try:
        if len(text) == len("2027-03-06"):
            return weekday_in_words(date.fromisoformat(text))
        at = datetime.fromisoformat(text)
    except ValueError:
        return name_in_plain_words(text) or "not known"
    return f"{weekday_in_words(local_day(at))}, {time_of_day(at)}"


def _say_count(value: object, noun: str) -> str:
    """How many things there are: a number as it is, a list or mapping by its length."""
    if isinstance(value, int):
        return say_how_many(value, noun)
    return say_how_many(len(value), noun) if isinstance(value, (Sequence, Mapping)) else f"some {noun}s"
