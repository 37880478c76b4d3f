"""What a file that goes out is called: its name in the outbox and the title in its properties."""

import re
import unicodedata
from datetime import date

from peer_challenge.dispatches.covering import Rank
from peer_challenge.dispatches.evidence_lists import name_evidence
from peer_challenge.dispatches.facts import Facts
from peer_challenge.dispatches.kinds import KINDS
from peer_challenge.model.cycle import LONGEST_SLUG, Participant, name_as_spoken
from peer_challenge.model.days_in_words import day_in_words
from peer_challenge.model.kinds_of_submission import ASKED_AGAIN, KIND_DUE_AT
from peer_challenge.model.sentences import capitalise_first_letter
from peer_challenge.model.vocabulary import DeadlineName, Kind, Role, name_submission, thing_due
from peer_challenge.model.vocabulary import DispatchKind as D
from peer_challenge.system.free_names import LONGEST_PATH, cut_words
from peer_challenge.word.form.forms import OF_CORRECTIONS

_SMALL_WORDS = frozenset({"and", "in", "of", "on", "the", "to", "under", "upon", "with"})
_APOSTROPHES = re.compile("['’‘`]")
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9]+")
"""What stands between the words of a name in a file's name as a space: some shared drives refuse it."""


def find_ending(facts: Facts) -> str:
    """The ending of a dispatch's file: that of its kind; of a file that came with a form, its own."""
    return KINDS[facts.kind].ending or facts.evidence[0].ending


def find_day_that_matters(facts: Facts) -> date:
    """The day by which a dispatch asks for something or on which its event is, else the day of issue."""
    return KINDS[facts.kind].task(facts).due_on or facts.issued_on


def build_file_title(facts: Facts) -> str:
    """The title in a file's properties: what it is, of which area, and the day that its name begins with.

    "Receipt for the self-assessment, version 1: Ashcombe, 26 February 2027"; "Action plan form: Ashcombe, due
    15 June 2027". The cycle is named where the file is about all areas.
    """
    kind = KINDS[facts.kind].title or capitalise_first_letter(facts.kind.in_words)
    about = facts.author.name if facts.author is not None else facts.cycle.name
    if facts.author is None and facts.recipient.role is not Role.OFFICE:
        about = facts.recipient.name
    what = kind.format(document=_name_document_in_title(facts), review=facts.review)
    task = KINDS[facts.kind].task(facts)
    due = "due " if task.due_on and task.rank in _HAS_TO_COME else ""
    return f"{what}: {about}, {due}{day_in_words(task.due_on or facts.issued_on)}"


_HAS_TO_COME = (Rank.OVERDUE, Rank.RETURN, Rank.ANSWER)
"""Tasks whose day is one by which something has to come back."""


def _name_document_in_title(facts: Facts) -> str:
    """What a dispatch answers or reminds of, within a title: "self-assessment, version 1"; else ""."""
    if facts.submission is not None:
        return f"{_call_document(facts.submission.kind, facts.review)}, version {facts.submission.version}"
    if facts.reminder is None:
        return ""
    kind = KIND_DUE_AT.get(DeadlineName(facts.reminder.what))
    return _call_document(kind, facts.review) if kind else thing_due(facts.reminder.what).lower()


def build_file_name(facts: Facts) -> str:
    """The dispatch's file name: the day that matters, what to do, what it is, and whose.

    "2027-02-26 Fill in - Self-assessment - Ashcombe.docx". The day is the one by which something is due or
    on which the event is, else the day of issue; a document that answers another names it and its version.
    An area is called what its documents call it, in letters and digits alone; nothing that an area typed can
    reach a path. Where the whole path would get too long, the area is cut or left out, then the document that
    it answers: the folder says whose it is.
    """
    row = KINDS[facts.kind]
    author = facts.author
    about = name_area_in_files(author) if author is not None else name_cycle_in_files(facts.cycle.id)
    day = find_day_that_matters(facts)
    label = row.file_label or f"Read - {capitalise_first_letter(facts.kind.in_words)}"
    if facts.kind is D.EVIDENCE:
        label += f" {name_evidence(facts.evidence[0])}"
    if facts.review and facts.submission is None and facts.reminder is None:
        label += f" {facts.review}"

    def name_with(*more: str) -> str:
        return f"{day} {' - '.join(filter(None, (label, *more)))}.{find_ending(facts)}"

    folders = len(f"{facts.cycle.id}/{facts.recipient.id}/")
    answered = _name_answered(facts)
    if len(name_with(answered)) > LONGEST_PATH - folders:
        return name_with()
    room = LONGEST_PATH - folders - len(name_with(answered, "x")) + 1
    return name_with(answered, cut_words(about, min(room, LONGEST_SLUG), between=" "))


def _name_answered(facts: Facts) -> str:
    """What a dispatch is about: "self-assessment v2", which it answers, or what it reminds of; else ""."""
    if facts.reminder is not None:
        kind = KIND_DUE_AT.get(DeadlineName(facts.reminder.what))
        return _name_document(kind, facts.review) if kind else thing_due(facts.reminder.what).lower()
    if facts.submission is None:
        return ""
    return f"{_name_document(facts.submission.kind, facts.review)} v{facts.submission.version}"


def _name_document(kind: Kind, review: int) -> str:
    """What a document is called in the name of a file, without what some shared drives refuse."""
    return _call_document(kind, review).replace("'s", "")


def _call_document(kind: Kind, review: int) -> str:
    """What a document is called: "self-assessment", "first progress report"."""
    if kind is Kind.ANALYSIS:  # "peer analysis" is what their reader gets
        return "questions"
    called = Kind.CORRECTIONS if kind in OF_CORRECTIONS else kind  # each area has one draft to correct
    return name_submission(called, review if kind in ASKED_AGAIN else 0)


def name_area_in_files(area: Participant) -> str:
    """An area as people call it, in what every shared drive takes: "City of Wolds", "Bath and North East".

    By its id where its name has nothing of that.
    """
    plain = _APOSTROPHES.sub("", name_as_spoken(area.name)).replace("&", " and ")
    plain = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    return _NOT_IN_NAMES.sub(" ", plain).strip() or area.id


def name_cycle_in_files(cycle_id: str) -> str:
    """A cycle's id as a name for people: "north-and-east-2027" gives "North and East 2027"."""
    words = cycle_id.split("-")
    return " ".join(word if word in _SMALL_WORDS and n else word.capitalize() for n, word in enumerate(words))
