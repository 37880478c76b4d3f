"""Plain words that letters and reports share: days, times, places in a form, names of deadlines."""

import re
from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from peer_challenge.dates.reminder_rules import find_answer_day
from peer_challenge.dispatches.facts import Facts
from peer_challenge.model.days_in_words import day_in_words, weekday_in_words
from peer_challenge.model.findings import Finding
from peer_challenge.model.framework import FormWords, Framework
from peer_challenge.model.kinds_of_submission import KIND_DUE_AT, SENT_BY
from peer_challenge.model.sentences import capitalise_first_letter, join_in_words, make_possessive
from peer_challenge.model.vocabulary import (
    DEADLINE_NAMES,
    RESPONSE_NAMES,
    DeadlineName,
    ItemKind,
    Kind,
    Rating,
    ResponseKind,
    Role,
    name_submission,
    thing_due,
)
from peer_challenge.register.listings import ListedFinding
from peer_challenge.submissions.version_changes import Changes
from peer_challenge.word.answers.planned_action import name_action
from peer_challenge.word.answers.written_days import read_written_day
from peer_challenge.word.form.forms import FORMS, OF_ACTIONS, OF_CORRECTIONS, list_headers
from peer_challenge.word.write.house_colours import RAG

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


def dates_table(facts: Facts, *names: str, told: Collection[str] = ()) -> list[dict[str, str]]:
    """Rows `what` and `when` for the dates that are still to come and not met, in order.

    Where `names` are given, only those of the facts' dates. An area is not shown what the Chair has to
    return, nor the other area's corrections. Those that are `told` elsewhere in the document are left out.
    """
    order, others = list(DEADLINE_NAMES), _DUE_FROM_OTHERS.get(facts.recipient.role, ())
    wanted = [
        name
        for name in facts.dates
        if (not names or name in names) and name not in (*facts.met, *others, *told)
    ]
    wanted.sort(key=lambda name: (facts.dates[name], order.index(name)))
    return [
        {"what": name_date_of_reader(facts, name), "when": format_full_day(facts.dates[name])}
        for name in wanted
        if facts.dates[name] >= facts.issued_on
    ]


def find_day_to_answer(facts: Facts, kind: Kind) -> date:
    """The day by which questions are answered that are asked, on the day of issue, about a form of a kind."""
    event_on = facts.dates.get(DeadlineName.EVENT_ON) if kind is Kind.RESPONSE else None
    return find_answer_day(facts.dates.get(FORMS[kind].due), facts.issued_on, facts.cycle.rules, event_on)


def it_or_them(kind: Kind) -> str:
    """How a sentence takes up a form that it has named to its writer: questions are several."""
    return "them" if kind is Kind.ANALYSIS else "it"


def name_date_of_reader(facts: Facts, name: str) -> str:
    """What a date is called to the reader; of a form that somebody else sends, who sends it."""
    kind = KIND_DUE_AT.get(DeadlineName(name))
    if facts.recipient.role is Role.OFFICE:
        return DEADLINE_NAMES[name]
    author = facts.author.name if facts.author else ""
    if kind is None:
        whose = f" for {author}" if author and facts.recipient.role is not Role.AUTHOR else ""
        latest = ", at the latest" if name == DeadlineName.EVENT_BY else ""  # the office finds the day
        return f"{DEADLINE_NAMES[DeadlineName.EVENT_ON]}{whose}{latest}"
    sender = SENT_BY[kind]
    if sender is facts.recipient.role and author and kind in _OWN_DUE:
        return _OWN_DUE[kind].format(author=author)
    who = {Role.AUTHOR: facts.author, Role.CHALLENGER: facts.challenger, Role.CHAIR: facts.chair}[sender]
    called = DEADLINE_NAMES[DeadlineName.CORRECTIONS_DUE if kind in OF_CORRECTIONS else name]
    if kind is Kind.ANALYSIS:
        called = "Questions due"
    return called if who is None or sender is facts.recipient.role else f"{called} from {who.name}"


_OWN_DUE = {
    Kind.ANALYSIS: "Your questions about {author} due",
    Kind.CHAIR_RECORD: "Your record for {author} due",
}
"""What is due from those who write about other areas, and may have several at once."""


_DUE_FROM_OTHERS = {
    Role.AUTHOR: (DeadlineName.CHAIR_RECORD_DUE, DeadlineName.CHALLENGER_CORRECTIONS_DUE),
    Role.CHALLENGER: (DeadlineName.CHAIR_RECORD_DUE, DeadlineName.CORRECTIONS_DUE),
}
"""By role, the dates that others have to meet and that its reader can do nothing about."""


def name_document_of_reader(facts: Facts, kind: Kind) -> str:
    """A form as its writer calls it: "self-assessment", "questions about Ashcombe"."""
    author = facts.author.name if facts.author else ""
    if kind is Kind.ANALYSIS and author and facts.recipient.role is Role.CHALLENGER:
        return f"questions about {author}"
    name = name_submission(Kind.CORRECTIONS if kind in OF_CORRECTIONS else kind, facts.review)
    if author and kind in OF_CORRECTIONS:  # each area has two drafts to correct
        return f"{name} for {author}"
    is_of_other = author and facts.recipient.role in (Role.CHALLENGER, Role.CHAIR, Role.OFFICE)
    if not is_of_other:
        return name
    return f"{name} {'of' if kind in (Kind.ANALYSIS, Kind.SELF_ASSESSMENT) else 'for'} {author}"


def subheading_title(framework: Framework, address: str | None, form: Kind | None = None) -> str:
    """The printed title of a sub-heading, or of an item of a `form`: a Chair's record, an action plan."""
    if not address:
        return "The whole document"
    if address in framework.subheadings:
        return framework.subheadings[address].title
    kind, _, number = address.partition("/")
    if "/" in number or (form in OF_ACTIONS and kind == ItemKind.DEVELOPMENT):
        return capitalise_first_letter(name_action(address))
    words = {"strength": "Strength", "development": "Area for development"}
    return f"{words[kind]} {number}" if kind in words else address


def focus_title(framework: Framework, address: str | None, form: Kind) -> str:
    """The title of the part of a form that an address belongs to, or words for what belongs to none."""
    if address in framework.focus_area_of:
        return framework.focus_area_of[address].title
    if not address:
        return "About the whole document"
    if form in OF_ACTIONS:
        return {Kind.PROGRESS_REPORT: "Your progress"}.get(form, "What you will do")
    is_strength = address.partition("/")[0] == ItemKind.STRENGTH
    return "Key strengths" if is_strength else "Areas for development"


def column_header(kind: Kind, column: str | None, words: FormWords, address: str | None = None) -> str:
    """The text printed above a column, or beside a field of the form where there is no `address`.

    A column and a field may have the same id: which is meant goes by the address. "" when there is neither.
    """
    headers, fields = list_headers(kind, words.headings), {f.id: f.label for f in FORMS[kind].fields}
    known = fields | headers if address else headers | fields
    return known.get(column or "", "").replace(" - ", " – ")


def name_place(framework: Framework, kind: Kind | None, finding: Finding | ListedFinding) -> str:
    """Where in a form a finding is, as the form says it; what it is about where it has no place there."""
    column = column_header(kind, finding.column, framework.words, finding.subheading) if kind else ""
    if finding.subheading:
        place = subheading_title(framework, finding.subheading, kind)
        return f"{place} – {column}" if column else place
    return column or (_name_arrival(finding.code) or "The whole document")


def _name_arrival(code: str) -> str:
    """What a finding about the arrival of a document is about; "" for one about the document."""
    if code in _ABOUT_ITS_DAY:
        return "When it reached us"
    return "How it reached us" if code.startswith("intake.") else ""


_ABOUT_ITS_DAY = frozenset({"intake.late", "intake.sent_day", "intake.out_of_turn", "intake.older_version"})


def changes_table(framework: Framework, kind: Kind, changes: Changes) -> list[dict[str, str]]:
    """What differs between two versions of a form as rows `place`, `column`, `before` and `after`."""
    rows = []
    for address, column, before, after in changes:
        header = column_header(kind, column.removesuffix("_as_written"), framework.words, address) or column
        rows.append(
            {
                "place": subheading_title(framework, address, kind) if address else header,
                "column": header if address else "",
                "before": _say_value_in_words(framework, column, before) or "(empty)",
                "after": _say_value_in_words(framework, column, after) or "(empty)",
            }
        )
    return rows


def _say_value_in_words(framework: Framework, column: str, text: str) -> str:
    """A value of a form as people read it: a sub-heading's title, a rating's word, a day in words."""
    if column == "subheading" and text in framework.subheadings:
        return framework.subheadings[text].title
    if column == "rating" and text in set(Rating):
        return RAG[Rating(text)].word
    if column == "response_kind" and text in set(ResponseKind):
        return RESPONSE_NAMES[ResponseKind(text)]
    if column.startswith("signed_on") and (day := read_written_day(text)) is not None:
        return day_in_words(day)
    return _say_day_in_words(text)


def _say_day_in_words(text: str) -> str:
    """A day as people write it, where a text is one as the register keeps it; any other text as it is."""
    try:
        return day_in_words(date.fromisoformat(text)) if _ISO_DAY.fullmatch(text) else text
    except ValueError:  # such as 30 February, as somebody typed it
        return text


_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def name_reminded_thing(what: str, facts: Facts) -> str:
    """What somebody is reminded of: each area has one draft to correct, whichever part it has."""
    if what == DeadlineName.ANALYSIS_DUE and facts.recipient.role is Role.CHALLENGER:
        return "Your questions"
    if what == DeadlineName.PROGRESS_REPORT_DUE:
        return capitalise_first_letter(name_submission(Kind.PROGRESS_REPORT, facts.review))
    is_draft = what == DeadlineName.CHALLENGER_CORRECTIONS_DUE
    return thing_due(DeadlineName.CORRECTIONS_DUE if is_draft else what)


_BRIEF = 30
"""Letters of an answer that is chosen from a list, such as a rating or "more work is needed"."""


def replaced_words(facts: Facts) -> dict[str, Any]:
    """What a document says of the earlier one that it takes the place of.

    `replaces` is that one's day, "" for a first one; `changed` has rows `place` and `columns`, in order, of
    the answers: that a form was signed off again is no answer. A brief answer is said as it is now.
    `is_signed_again`: nothing but the form's particulars differs.
    """
    if facts.replaces is None:
        return {"replaces": "", "changed": [], "is_signed_again": False}
    places: dict[str, list[str]] = {}
    for kind, changes in facts.replaces.changes.items():
        rows = changes_table(facts.framework, kind, changes)
        for (_, column, before, _), row in zip(changes, rows, strict=True):
            if row["column"]:
                is_first = kind is Kind.RESPONSE and column == "response" and not before
                said = _SAYS_FIRST if is_first else _say_how_column_changed(row)
                places.setdefault(row["place"], []).append(_say_of_author(facts, said))
    first = _say_of_author(facts, _SAYS_FIRST)
    changed = [
        {"place": place, "columns": first if first in columns else join_in_words(dict.fromkeys(columns))}
        for place, columns in places.items()
    ]
    return {
        "replaces": format_full_day(facts.replaces.issued_on),
        "changed": changed,
        "is_signed_again": not changed and any(facts.replaces.changes.values()),
    }


_SAYS_FIRST = "You have now answered"


def _say_how_column_changed(row: dict[str, str]) -> str:
    """A column's heading, with what a brief answer is now."""
    is_brief = len(row["after"]) <= _BRIEF
    return row["column"] + (f", now “{row['after'].strip('“”')}”" if is_brief else "")


def _say_of_author(facts: Facts, said: str) -> str:
    """What a form says to the area that fills it in, as its challenger or Chair reads it."""
    if facts.recipient.role is Role.AUTHOR or facts.author is None:
        return said
    name = facts.author.name
    said = said.replace("You have ", f"{name} has ")
    return _YOUR.sub(make_possessive(name), said) if _YOUR.search(said) else _YOU.sub(name, said)


_YOUR, _YOU = re.compile(r"\b[Yy]our\b"), re.compile(r"\b[Yy]ou\b")


def read_cell_text(value: object) -> str:
    """A cell's text without space around it; "" for what a frame holds in an empty cell."""
    return value.strip() if isinstance(value, str) else ""


def drop_split_ties(numbers: Sequence[tuple[str, int]], most: int) -> list[tuple[str, int]]:
    """The first of some descending numbers, at most `most`, without those that have an equal left out."""
    left_out = {number for _, number in numbers[most:]}
    return [(name, number) for name, number in numbers[:most] if number not in left_out]


def shorten_to_line(text: str, most: int = LONGEST_LINE) -> str:
    """The beginning of a text on one line, at most `most` characters, with "…" where more follows."""
    lines = "\n".join(filter(None, (" ".join(line.split()) for line in text.splitlines())))
    if len(lines) <= most:
        return lines.replace("\n", " ")
    cut = lines[: most - 1]
    last = max(cut.rfind(" "), cut.rfind("\n"))
    cut = cut[:last] if last > 0 else cut
    short = drop_started_point(cut).replace("\n", " ")
    return f"{short} …" if len(short) < len(cut) and short.endswith(_SENTENCE_ENDS) else f"{short}…"


def drop_started_point(cut: str) -> str:
    """The beginning of a text without a bullet or number at its end of which too little is left to read.

    A point that was cut goes where what is before it is longer, and in any case with two words or fewer.
    """
    *_, last = (None, *_POINT.finditer(cut))
    if last is None:
        return cut
    is_brief = len(cut[last.end() :].split()) <= _TOO_FEW
    return cut[: last.start()] if is_brief or last.start() >= len(cut) // 2 else cut


_SENTENCE_ENDS = (".", "?", "!")
_TOO_FEW = 2
"""Words of a point that tell a reader nothing of it."""
_POINT = re.compile(
    r"(?:(?<=[.?!:;’”)\"])[ \n]|\n)(?:[-–—•·*▪]|\(?\d{1,2}[.)]|\(?[a-z]\))(?=\s|$)|[ \n][-–—•·*▪]$"
)
"""Where a further point of a list begins: a bullet or a number after a sentence, or on a line of its own."""
