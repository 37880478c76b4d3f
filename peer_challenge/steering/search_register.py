"""Searches all that the installation holds: areas and people, words, documents, notes, the journal."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from peer_challenge.errors import WrongUse
from peer_challenge.model.challenge_ids import find_author_id
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.framework import Framework
from peer_challenge.model.names_alike import fold_letters
from peer_challenge.model.sentences import capitalise_first_letter
from peer_challenge.model.vocabulary import KIND_NAMES, Kind
from peer_challenge.register import listings, search
from peer_challenge.register.cycles import load_all_stored
from peer_challenge.register.database import Transaction
from peer_challenge.register.notes import Note
from peer_challenge.register.records import CycleState, Dispatch, Submission
from peer_challenge.register.search import Passage
from peer_challenge.steering.describe_journal import ToldEntry, describe_entries

MOST = 25
"""Of each sort: who finds more has to say more."""
_SHORTEST, _LONGEST, _MOST_WORDS = 2, 100, 8
"""Letters, letters and words: one letter is found everywhere, and each word is a search of its own."""
_AROUND = 110  # characters of a passage that are shown on either side of what was found
_Stored = dict[str, tuple[Cycle, Framework]]


@dataclass(frozen=True, slots=True)
class FoundArea:
    """An area or Chair by whose name or address, or that of a contact, something was found.

    `area_id` is "" for a Chair.
    """

    cycle_id: str
    cycle_name: str
    area_id: str
    name: str
    why: str


@dataclass(frozen=True, slots=True)
class FoundWords:
    """Words in a form: where they are, and the passage around them in three parts: before, found, after."""

    submission: Submission
    area: str
    form: str
    place: str
    before: str
    found: str
    after: str


@dataclass(frozen=True, slots=True)
class Found:
    """All that a search found, at most MOST of each sort; `all_words` counts every passage."""

    areas: Sequence[FoundArea]
    words: Sequence[FoundWords]
    all_words: int
    documents_in: Sequence[Submission]
    documents_out: Sequence[Dispatch]
    notes: Sequence[Note]
    entries: Sequence[ToldEntry]

    @property
    def is_empty(self) -> bool:
        """Whether nothing was found at all."""
        return not any(
            (self.areas, self.words, self.documents_in, self.documents_out, self.notes, self.entries)
        )


def search_register(connection: Transaction, typed: str) -> Found:
    """What holds all the words that somebody typed. Raises WrongUse where that is too little or too much."""
    words = split_words(typed)
    stored = load_all_stored(connection, states=(CycleState.OPEN, CycleState.CLOSED))
    passages = search.find_passages(connection, words)
    return Found(
        _find_areas(stored, words)[:MOST],
        [_show_passage(stored, one, words[0]) for one in passages[:MOST]],
        len(passages),
        search.find_submissions(connection, words, most=MOST),
        search.find_dispatches(connection, words, most=MOST),
        search.find_notes(connection, words, most=MOST),
        describe_entries(
            connection, listings.list_journal_entries(connection, 1, text=" ".join(words), size=MOST).rows
        ),
    )


def split_words(typed: str) -> list[str]:
    """The words of a search, each once, in their order. Raises WrongUse."""
    words = list(dict.fromkeys(typed.split()))
    if len(fold_letters("".join(words))) < _SHORTEST:
        raise WrongUse("This is too short to search for.", remedy="Type two letters or more.", about="q")
    if len(typed) > _LONGEST or len(words) > _MOST_WORDS:
        raise WrongUse("This is too long to search for.", remedy="Type a few words.", about="q")
    return words


def _find_areas(stored: _Stored, words: Sequence[str]) -> list[FoundArea]:
    found = []
    for cycle, _ in reversed(stored.values()):
        for area in cycle.participants:
            spoken = area.as_spoken()
            people = [f"{one.name} {one.email} {one.phone}" for one in area.contacts]
            if (why := _find_why(words, (spoken.name, area.id, *area.aliases), people)) is not None:
                found.append(FoundArea(cycle.id, cycle.name, area.id, spoken.name, why))
        found += [
            FoundArea(cycle.id, cycle.name, "", chair.name, chair.email)
            for chair in cycle.chairs
            if _has_all(f"{chair.name} {chair.email}", words)
        ]
    return found


def _find_why(words: Sequence[str], names: Iterable[str], people: Iterable[str]) -> str | None:
    """Why an area was found: "" for its own name, the contact who was found, None where it was not."""
    if _has_all(" ".join(names), words):
        return ""
    return next((person for person in people if _has_all(person, words)), None)


def _has_all(text: str, words: Sequence[str]) -> bool:
    letters = fold_letters(text)
    return all(fold_letters(word) in letters for word in words)


def _find_word(text: str, word: str) -> tuple[int, int]:
    """Where a word begins and ends in a text, whatever its apostrophes and accents; (0, 0) if it is missing.

    Both are places in `text`, the second of the letter after the word.
    """
    letters = [(letter, at) for at, sign in enumerate(text) for letter in fold_letters(sign)]
    wanted = fold_letters(word)
    first = "".join(letter for letter, _ in letters).find(wanted)
    if first < 0 or not wanted:
        return 0, 0
    return letters[first][1], letters[first + len(wanted) - 1][1] + 1


def _show_passage(stored: _Stored, passage: Passage, word: str) -> FoundWords:
    row = passage.submission
    cycle, framework = stored.get(row.cycle_id or "", (None, None))
    author = find_author_id(row.challenge_id)
    area = cycle.participant.get(author) if cycle else None
    titles = framework.subheadings if framework else {}
    title = titles[passage.subheading].title if passage.subheading in titles else ""
    text = " ".join(passage.text.split())
    at, after = _find_word(text, word)
    start, end = max(0, at - _AROUND), after + _AROUND
    return FoundWords(
        row,
        area.as_spoken().name if area else "",
        capitalise_first_letter(KIND_NAMES[Kind(row.kind)]) if row.kind else "Document",
        title,
        f"{'… ' if start else ''}{text[start:at]}",
        text[at:after],
        f"{text[after:end]}{' …' if end < len(text) else ''}",
    )
