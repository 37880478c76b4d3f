"""Plain words that letters and reports share: days, times, places in a form, names of deadlines."""

import re
from datetime import date, datetime
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from peer_challenge.dispatches.facts import Facts
from peer_challenge.model.days_in_words import day_in_words, weekday_in_words
from peer_challenge.model.framework import FormWords, Framework
from peer_challenge.model.sentences import capitalise_first_letter, join_in_words
from peer_challenge.model.vocabulary import (
    DEADLINE_NAMES,
    DeadlineName,
    Kind,
    Role,
    name_submission,
    thing_due,
)
from peer_challenge.submissions.version_changes import Changes
from peer_challenge.word.answers.planned_action import name_action
from peer_challenge.word.form.forms import FORMS, OF_CORRECTIONS, list_headers

LONDON = ZoneInfo("Europe/London")
Context: TypeAlias = dict[str, Any]
"""What fills a template, by the names that it has there: texts, numbers, rows, as its template wants them."""


LONGEST_LINE = 72
"""Characters of a line in a table."""


def format_full_day(when: date) -> str:
    """A day in full, such as "Friday 26 February 2027"."""
    return weekday_in_words(when)


def to_london_time(when: datetime) -> datetime:
    """A time as London's clocks show it. A time without a zone is taken as London time."""
    return when.replace(tzinfo=LONDON) if when.tzinfo is None else when.astimezone(LONDON)


def dates_table(facts: Facts, *names: str) -> list[dict[str, str]]:
    """Rows `what` and `when` for the dates that are still to come and not met, in order.

    Where `names` are given, only those of the facts' dates. An area is not shown what others have to return.
    """
    order, others = list(DEADLINE_NAMES), _DUE_FROM_OTHERS.get(facts.recipient.role, ())
    wanted = [
        name
        for name in facts.dates
        if (not names or name in names) and name not in facts.met and name not in others
    ]
    wanted.sort(key=lambda name: (facts.dates[name], order.index(name)))
    return [
        {"what": DEADLINE_NAMES[name], "when": format_full_day(facts.dates[name])}
        for name in wanted
        if facts.dates[name] >= facts.issued_on
    ]


_DUE_FROM_OTHERS = {
    Role.AUTHOR: (DeadlineName.CHAIR_RECORD_DUE, DeadlineName.CHALLENGER_CORRECTIONS_DUE),
    Role.CHALLENGER: (DeadlineName.CHAIR_RECORD_DUE, DeadlineName.CORRECTIONS_DUE),
}
"""By role, the dates that others have to meet and that its reader can do nothing about."""


def name_document_of_reader(facts: Facts, kind: Kind) -> str:
    """A form as its writer calls it: "self-assessment", "peer analysis of Ashcombe"."""
    author = facts.author.name if facts.author else ""
    name = name_submission(Kind.CORRECTIONS if kind in OF_CORRECTIONS else kind, facts.review)
    is_of_other = author and facts.recipient.role in (Role.CHALLENGER, Role.CHAIR, Role.OFFICE)
    if not is_of_other:
        return name
    return f"{name} {'of' if kind in (Kind.ANALYSIS, Kind.SELF_ASSESSMENT) else 'for'} {author}"


def subheading_title(framework: Framework, address: str | None) -> str:
    """The printed title of a sub-heading, or of an item of a Chair's record or action plan."""
    if not address:
        return "The whole document"
    if address in framework.subheadings:
        return framework.subheadings[address].title
    kind, _, number = address.partition("/")
    if "/" in number:
        return capitalise_first_letter(name_action(address))
    words = {"strength": "Strength", "development": "Area for development"}
    return f"{words[kind]} {number}" if kind in words else address


def focus_title(framework: Framework, address: str | None) -> str:
    """The title of the area of focus that an address belongs to, or words for what has none."""
    if address in framework.focus_area_of:
        return framework.focus_area_of[address].title
    return "Agreed items" if address else "About the whole document"


def column_header(kind: Kind, column: str | None, words: FormWords) -> str:
    """The text printed above a column (or beside a field) of the form, or "" when there is none."""
    known = list_headers(kind, words.headings) | {f.id: f.label for f in FORMS[kind].fields}
    return known.get(column or "", "")


def changes_table(framework: Framework, kind: Kind, changes: Changes) -> list[dict[str, str]]:
    """What differs between two versions of a form as rows `place`, `column`, `before` and `after`."""
    return [
        {
            "place": subheading_title(framework, address),
            "column": column_header(kind, column, framework.words) or column,
            "before": _say_day_in_words(before) or "(empty)",
            "after": _say_day_in_words(after) or "(empty)",
        }
        for address, column, before, after in changes
    ]


def _say_day_in_words(text: str) -> str:
    """A day as people write it, where a text is one as the register keeps it; any other text as it is."""
    try:
        return day_in_words(date.fromisoformat(text)) if _ISO_DAY.fullmatch(text) else text
    except ValueError:  # such as 30 February, as somebody typed it
        return text


_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def name_reminded_thing(what: str) -> str:
    """What somebody is reminded of: each area has one draft to correct, whichever part it has."""
    is_draft = what == DeadlineName.CHALLENGER_CORRECTIONS_DUE
    return thing_due(DeadlineName.CORRECTIONS_DUE if is_draft else what)


def replaced_words(facts: Facts) -> dict[str, Any]:
    """What a document says of the earlier one that it takes the place of.

    `replaces` is that one's day, "" for a first one; `changed` has rows `place` and `columns`, in order.
    """
    if facts.replaces is None:
        return {"replaces": "", "changed": []}
    places: dict[str, list[str]] = {}
    for kind, changes in facts.replaces.changes.items():
        for row in changes_table(facts.framework, kind, changes):
            places.setdefault(row["place"], []).append(row["column"])
    changed = [
        {"place": place, "columns": join_in_words(dict.fromkeys(columns))}
        for place, columns in places.items()
    ]
    return {"replaces": format_full_day(facts.replaces.issued_on), "changed": changed}


def read_cell_text(value: object) -> str:
    """A cell's text without space around it; "" for what a frame holds in an empty cell."""
    return value.strip() if isinstance(value, str) else ""


def shorten_to_line(text: str, most: int = LONGEST_LINE) -> str:
    """The beginning of a text on one line, at most `most` characters, with "…" where more follows."""
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    cut = line[: most - 1]
    return f"{cut.rpartition(' ')[0] or cut}…"
