"""The words of a challenge's letters: receipt, questions, partner notice, invitation, timetable, reminder."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta

import pandas as pd

from peer_challenge.clock import LONDON
from peer_challenge.dates.deadlines import find_analysis_day
from peer_challenge.dispatches.evidence_lists import describe_evidence_taken
from peer_challenge.dispatches.facts import Facts, SubmissionFacts
from peer_challenge.dispatches.phrases import (
    Context,
    changes_table,
    column_header,
    dates_table,
    find_day_to_answer,
    focus_title,
    format_full_day,
    it_or_them,
    name_date_of_reader,
    name_document_of_reader,
    name_place,
    name_reminded_thing,
    read_cell_text,
    subheading_title,
    to_london_time,
)
from peer_challenge.model.agenda import AgendaItem, read_agenda_line, share_out_minutes
from peer_challenge.model.challenge import EventFacts
from peer_challenge.model.cycle import Receives, name_as_spoken
from peer_challenge.model.cycle_rules import Rules
from peer_challenge.model.days_in_words import day_in_words, short_day, time_of_day
from peer_challenge.model.findings import Finding
from peer_challenge.model.framework import Framework
from peer_challenge.model.kinds_of_submission import KIND_DUE_AT
from peer_challenge.model.sentences import (
    capitalise_first_letter,
    join_in_words,
    make_possessive,
    name_in_greeting,
    name_office_in_sentence,
    name_within_sentence,
    say_how_many,
)
from peer_challenge.model.vocabulary import (
    DEADLINE_NAMES,
    ActionStatus,
    DeadlineName,
    Kind,
    Outcome,
    Rating,
    Role,
    Severity,
    thing_due,
)
from peer_challenge.model.who_gets_a_message import list_ticks_of_area
from peer_challenge.submissions.judge import asks_which_counts
from peer_challenge.word.form.forms import FORMS, OF_CORRECTIONS

_EVENT = "event_on"
_OFFICE_OPENS = time(9)
"""What is sent from then on counts as received on that day."""
_LINK_ASKED_DAYS = 1
"""How many days before an event its readers are told to ask for a joining link that they do not have."""


def build_common_words(facts: Facts, title: str, subtitle: str = "") -> Context:
    """What every letter says: title, who it is to and from, the day, the cycle and the marking."""
    office = facts.cycle.office
    return {
        "title": title,
        "subtitle": subtitle,
        "marking": facts.marking,
        "footer": facts.cycle.name,
        "cycle": facts.cycle.name,
        "to": facts.recipient.name,
        "sender": office.name,
        "office": name_office_in_sentence(office.name),
        "office_email": office.email,
        "office_phone": office.phone,
        "date": format_full_day(facts.issued_on),
        "is_author": facts.recipient.role is Role.AUTHOR,
        "is_challenger": facts.recipient.role is Role.CHALLENGER,
        "is_chair": facts.recipient.role is Role.CHAIR,
        "author": facts.author.name if facts.author else "",
        "challenger": facts.challenger.name if facts.challenger else "",
        "chair": facts.chair.name if facts.chair else "",
    }


def build_launch_letter_words(facts: Facts) -> Context:
    """The words that fill the letter that goes out with the blank self-assessment."""
    rules, framework = facts.cycle.rules, facts.framework
    due = facts.dates.get(DeadlineName.SELF_ASSESSMENT_DUE)
    title = f"Please return your self-assessment{f' by {day_in_words(due)}' if due else ''}"
    return {
        **build_common_words(facts, title, f"{facts.recipient.name} – {facts.cycle.name}"),
        "framework": framework.title,
        "area_count": len(facts.cycle.authors),
        "length": describe_length(rules, framework),
        "has_reviews": bool(rules.review_months),
        "due": format_full_day(due) if due else "",
        "word_limit": rules.word_limit,
        "form_word_limit": f"{rules.form_word_limit:,}" if rules.form_word_limit else "",
        "steps": [
            {"what": what, "when": when}
            for what, when in _list_steps(rules, format_full_day(due) if due else "")
        ],
    }


def describe_length(rules: Rules, framework: Framework) -> str:
    """How long answers may be, in words: in a cell, and in the whole form where the cycle limits that.

    A form with so many cells that each could not be so long says how long they may be on average.
    """
    cell, form = rules.word_limit, rules.form_word_limit
    if not form:
        return f"up to about {cell} words in a cell"
    average = form // (len(framework.subheadings) * len(_WRITTEN_CELLS)) // 10 * 10
    if not 0 < average < cell:
        return f"up to about {cell} words in a cell, and {form:,} in the whole form"
    return (
        f"about {average} words in a cell on average, no more than about {cell} in any, and up to {form:,} "
        "in the whole form"
    )


_WRITTEN_CELLS = ("strengths", "development")
"""The cells of a row of the self-assessment that are written in words."""


def _list_steps(rules: Rules, due: str) -> list[tuple[str, str]]:
    """What happens when in a challenge whose later dates are not known yet."""
    analysis, event = say_how_many(rules.analysis_days, "day"), say_how_many(rules.event_months, "month")
    plan = say_how_many(rules.action_plan_days, "day")
    days = rules.response_working_days_before_event
    answer = say_how_many(days, "working day")
    return [
        ("You return your self-assessment", f"By {due}" if due else "As soon as you can"),
        ("We tell you which area will challenge you, and which you will challenge", "When every form is in"),
        ("You send us your questions for the area you challenge", f"Within {analysis} of getting its form"),
        (
            "You get your challenger’s questions",
            "About the same time as you send yours. We check them first.",
        ),
        ("You send us your answers", f"At least {answer} before your event" if days else "Before your event"),
        ("You meet at the event", f"Within {event} of the questions"),
        (
            f"You get {'a draft of ' if rules.accuracy_days else ''}the Chair's summary",
            f"About {say_how_many(rules.summary_working_days, 'working day')} after the event",
        ),
        ("You return your action plan", f"Within {plan} of the final summary"),
        *_list_reviews(rules),
    ]


def _list_reviews(rules: Rules) -> list[tuple[str, str]]:
    """When an area reports on its plan, in one line; none where the cycle sets no reviews."""
    if not rules.review_months:
        return []
    *first, last = rules.review_months
    months = join_in_words([*map(str, first), say_how_many(last, "month")])
    return [("You report on progress", f"{months} after the plan")]


def count_ratings_by_name(rows: pd.DataFrame) -> dict[str, int]:
    """How many rows have each rating, keyed red, amber, green, not_applicable and none."""
    given = list(rows["rating"]) if len(rows) else []
    counts = {rating.value.lower(): given.count(rating.value) for rating in Rating}
    return {**counts, "none": len(rows) - sum(counts.values())}


def _count_filled_cells(rows: pd.DataFrame, column: str) -> int:
    return int(rows[column].map(read_cell_text).ne("").sum()) if column in rows else 0


def _say_filled(rows: pd.DataFrame, column: str) -> str:
    """In how many rows something is written in a column, whatever it says: "all 59", "46", "none"."""
    filled = _count_filled_cells(rows, column)
    if not filled:
        return "none"
    return f"all {filled}" if filled == len(rows) > 1 else str(filled)


def _summarise_contents(facts: Facts, kind: Kind) -> str:
    """A sentence or two that say what the document held."""
    if kind is Kind.SELF_ASSESSMENT:
        areas = facts.rows["focus_area"].nunique() if len(facts.rows) else 0
        return (
            f"{say_how_many(len(facts.rows), 'sub-heading')} in {say_how_many(areas, 'area')} of focus. "
            f"You wrote something under strengths and evidence in {_say_filled(facts.rows, 'strengths')}, "
            f"and under areas for development in {_say_filled(facts.rows, 'development')}."
        )
    if kind is Kind.ANALYSIS:
        commented = _count_filled_cells(facts.rows, "commentary")
        return f"Questions and comments on {say_how_many(commented, 'sub-heading')}."
    if kind is Kind.RESPONSE:
        answered, asked = (_count_filled_cells(facts.rows, one) for one in ("response", "commentary"))
        if answered < asked:
            return f"Answers on {answered} of the {say_how_many(asked, 'sub-heading')}."
        return f"Answers to the questions on {say_how_many(answered, 'sub-heading')}."
    if kind is Kind.CHAIR_RECORD:
        items = facts.items.to_dict("records") if len(facts.items) else []
        kinds = [item["kind"] for item in items if item["is_agreed"]]
        apart = sum(bool(read_cell_text(item["text"])) and not item["is_agreed"] for item in items)
        return (
            f"{say_how_many(kinds.count('strength'), 'agreed strength')} and "
            f"{say_how_many(kinds.count('development'), 'agreed area')} for development."
            + (f" {say_how_many(apart, 'item')} that the two areas did not both agree." if apart else "")
        )
    if kind in OF_CORRECTIONS:
        return (
            "The draft summary with your changes and comments. We decide on each correction, unless the "
            "Chair does, and the final summary shows the result."
        )
    if kind is Kind.PROGRESS_REPORT:
        return summarise_progress(facts)
    return f"{say_how_many(_count_filled_cells(facts.actions, 'action'), 'action')}."


def count_statuses(statuses: Sequence[str]) -> str:
    """How far actions are, in words: "2 done, 1 under way". Empty where none is said."""
    return ", ".join(
        f"{count} {status.value}" for status in ActionStatus if (count := list(statuses).count(status))
    )


def summarise_progress(facts: Facts) -> str:
    """One sentence on what a progress report says."""
    statuses = [read_cell_text(status) for status in facts.progress["status"]] if len(facts.progress) else []
    return f"Progress on {say_how_many(len(statuses), 'action')}: {count_statuses(statuses)}."


def build_receipt_words(facts: Facts) -> Context:
    """The words that fill the template of the receipt. Needs `facts.submission`."""
    taken = facts.submission
    assert taken is not None
    received = to_london_time(taken.received_at)
    kind = name_document_of_reader(facts, taken.kind)
    going, staying = describe_evidence_taken(facts)
    return {
        **build_common_words(facts, f"Receipt: {kind}", f"{facts.recipient.name} – {facts.cycle.name}"),
        "document": kind,
        "is_correction": taken.kind in OF_CORRECTIONS,
        "it_or_them": it_or_them(taken.kind),
        "is_last": facts.review == len(facts.cycle.rules.review_months) > 0,
        "version": taken.version,
        "received": f"{time_of_day(received)} on {format_full_day(received)}",
        "taken_in": _summarise_contents(facts, taken.kind),
        "has_ratings": taken.kind is Kind.SELF_ASSESSMENT,
        "is_paired": facts.challenger is not None,
        "counts": count_ratings_by_name(facts.rows),
        "is_analysis": taken.kind is Kind.ANALYSIS,
        # an area is told of its event by the invitation; the end of the window is for the office
        "dates": dates_table(facts, told=[DeadlineName.EVENT_BY]),
        "warnings": [
            {"place": name_place(facts.framework, taken.kind, f), "message": f.message, "remedy": f.remedy}
            for f in taken.findings
            if f.severity is Severity.WARN
        ],
        "is_noticed_inside": has_notes_inside(taken),
        "change_by": _say_until_when(facts, taken.kind),
        "files_going": going,
        "files_staying": staying,
        "changes": changes_table(facts.framework, taken.kind, taken.changes),
    }


def has_notes_inside(taken: SubmissionFacts) -> bool:
    """Whether something was noticed in a document that was accepted, and not only how it came."""
    return any(f.severity is Severity.WARN and not f.code.startswith("intake.") for f in taken.findings)


def _say_until_when(facts: Facts, kind: Kind) -> str:
    """Until when we ask for a new version of a document: by the day it is due, where that is to come."""
    due = facts.dates.get(FORMS[kind].due)
    return f"by {format_full_day(due)}" if due and due >= facts.issued_on else _AT_ONCE


_AT_ONCE = "as soon as you can. Until it comes, this version counts"


def number_questions(facts: Facts, kind: Kind, findings: Iterable[Finding]) -> list[list[Finding]]:
    """The questions among the findings, the first of them number 1 in our letter, in the form's order.

    Each is given by its findings: the same question of several rows of an area of focus is asked once.
    """
    order = {address: n for n, address in enumerate(facts.framework)}
    asked = [f for f in findings if f.severity in (Severity.QUERY, Severity.REJECT)]
    groups: dict[str, dict[tuple[str, str, str], list[Finding]]] = {}
    for found in sorted(asked, key=lambda f: order.get(f.subheading or "", len(order))):
        header = column_header(kind, found.column, facts.framework.words, found.subheading)
        question = (header, _quote_questioned(facts, found), found.remedy)
        area = groups.setdefault(focus_title(facts.framework, found.subheading, kind), {})
        area.setdefault(question, []).append(found)
    return [same for area in groups.values() for same in area.values()]


def _group_questions(facts: Facts, kind: Kind, numbered: list[list[Finding]]) -> list[Context]:
    """Questions by area of focus, from `number_questions`."""
    areas: dict[str, list[Context]] = {}
    for number, same in enumerate(numbered, 1):
        first = same[0]
        rows = [subheading_title(facts.framework, one.subheading, kind) for one in same if one.subheading]
        column = column_header(kind, first.column, facts.framework.words, first.subheading)
        place = " – ".join(filter(None, (join_in_words(dict.fromkeys(rows)), column)))
        areas.setdefault(focus_title(facts.framework, first.subheading, kind), []).append(
            {
                "number": number,
                "place": place or "The form as a whole",
                "message": _quote_questioned(facts, first),
                "remedy": first.remedy + (_OF_EACH if len(same) > 1 else ""),
            }
        )
    return [{"title": title, "questions": questions} for title, questions in areas.items()]


_OF_EACH = " Please do this for each of them."
"""The end of a question about several rows, whose other words are those for one."""


def _quote_questioned(facts: Facts, found: Finding) -> str:
    """What a question says, with the words that it is about where the writer has to read them again."""
    held = facts.submission
    quoted = " ".join(f"“{words}”" for words in (held.questioned.get(found, ()) if held else ()))
    return f"{found.message} You wrote: {quoted}" if quoted else found.message


def has_marked_copy(facts: Facts) -> bool:
    """Whether a marked copy shows where the questions are: of a form that can be accepted as corrected."""
    held = facts.submission
    return held is not None and held.outcome is not Outcome.REJECTED and not asks_which_counts(held.findings)


def build_query_letter_words(facts: Facts) -> Context:
    """The words that fill the template of the letter of questions. Needs `facts.submission`."""
    held = facts.submission
    assert held is not None
    numbered = number_questions(facts, held.kind, held.findings)
    total = len(numbered)
    kind = name_document_of_reader(facts, held.kind)
    is_rejected, has_copy = held.outcome is Outcome.REJECTED, has_marked_copy(facts)
    title = f"{'Points to correct in' if has_copy else 'Questions about'} your {kind}"
    if is_rejected:
        title = f"We could not accept your {kind}"
    return {
        **build_common_words(facts, title, f"{facts.recipient.name} – {facts.cycle.name}"),
        "rejected": is_rejected,
        "has_copy": has_copy,
        "is_plan": held.kind is Kind.ACTION_PLAN,
        "document": kind,
        "version": held.version,
        "received": format_full_day(to_london_time(held.received_at)),
        "question_count": say_how_many(total, "question"),
        "point_count": say_how_many(total, "point"),
        "areas": _group_questions(facts, held.kind, numbered),
        "one": total == 1,
        "due": format_full_day(find_day_to_answer(facts, held.kind)),
    }


def build_partner_notice_words(facts: Facts) -> Context:
    """The words that fill the notice of partners, to the author or to the challenger."""
    is_author = facts.recipient.role is Role.AUTHOR
    other = facts.challenger if is_author else facts.author
    assert other is not None and facts.author is not None
    former = facts.replaces.challenger if facts.replaces else None
    people = [{"who": f"{c.name}{f', {c.role}' if c.role else ''}", "email": c.email} for c in other.contacts]
    return {
        **build_common_words(
            facts,
            "Your peer challenger" if is_author else "The area you will challenge",
            f"{facts.recipient.name} – {facts.cycle.name}",
        ),
        "other": other.name,
        "former": former.name if is_author and former else "",
        "other_partnership": other.partnership or other.name,
        "other_people": people,
        "other_contacts": [  # for an office's own earlier template
            one["who"] + (f" ({one['email']})" if one["email"] else "") for one in people
        ],
        "reasons": list(facts.reasons),
        "dates": dates_table(facts, "analysis_due", "event_by"),
        "analysis_due": format_full_day(facts.dates["analysis_due"]) if "analysis_due" in facts.dates else "",
        "analysis_days": say_how_many(facts.cycle.rules.analysis_days, "day"),
        "analysis_if_today": format_full_day(
            find_analysis_day(datetime.combine(facts.issued_on, _OFFICE_OPENS, LONDON), facts.cycle.rules)
        ),
        "moderator": facts.moderator.name if facts.moderator else "",
    }


def build_session_rows(facts: Facts) -> list[Context]:
    """The parts of the session as rows `time`, `what`, `who`, within the event's own time.

    They are the cycle's agenda. Where the analysis is in, the conversation is shared out by how many
    challenges there are, for every reader alike. Times are rounded to five minutes.
    """
    event = facts.event
    assert event is not None
    minutes = int((event.ends_at - event.starts_at).total_seconds() // 60)
    counts = facts.challenge_counts
    items = share_out_minutes([*map(read_agenda_line, facts.cycle.rules.agenda)], minutes, counts)
    rows, passed = [], 0.0
    for item in items:
        begins, passed = _round_minutes(passed), passed + item.minutes
        at = to_london_time(event.starts_at) + timedelta(minutes=begins)
        what = f"{item.what}{_say_minutes(item, _round_minutes(passed) - begins, counts)}"
        rows.append({"time": time_of_day(at), "what": what, "who": _name_who_leads(item.who, event)})
    return [*rows, {"time": time_of_day(event.ends_at), "what": "Close", "who": ""}]


def _round_minutes(minutes: float) -> int:
    """Minutes of an agenda as its clock times show them: a multiple of five."""
    return round(minutes / 5) * 5


def _name_who_leads(who: str, event: EventFacts) -> str:
    """Who leads an item of the agenda, with the areas' names in place of their roles."""
    names = {"author": event.author.name, "challenger": event.challenger.name}
    return re.sub(r"\b(?:the )?(author|challenger)\b", lambda found: names[found[1].lower()], who, flags=re.I)


_LEAST_MINUTES_EACH = 3.5
"""A question and its answer take some four minutes: nobody keeps to shares that are shorter."""


def _say_minutes(item: AgendaItem, minutes: int, counts: Mapping[str, int]) -> str:
    """How many challenges an item is about and in how many minutes, and whether some have to be chosen."""
    if not (count := counts.get(item.about, 0)):
        return ""
    choose = ": the challenger chooses which to take" if minutes / count < _LEAST_MINUTES_EACH else ""
    return f" ({say_how_many(count, 'sub-heading')} in {say_how_many(minutes, 'minute')}{choose})"


def build_event_words(facts: Facts) -> Context:
    """The event's day, time, place and people in words, and the run of its session."""
    event = facts.event
    assert event is not None
    starts = to_london_time(event.starts_at)
    return {
        "event_day": format_full_day(starts),
        "event_time": f"{time_of_day(starts)} to {time_of_day(event.ends_at)}",
        "place": event.place_in_words,
        "author": event.author.name,
        "challenger": event.challenger.name,
        "chair": event.chair.name,
        "session": build_session_rows(facts),
    }


_INVITED_TO = {
    Role.AUTHOR: "Invitation to your challenge event",
    Role.CHALLENGER: "Invitation to lead the challenge to {who}",
    Role.CHAIR: "Invitation to chair the challenge event for {who}",
    Role.OFFICE: "Invitation to the challenge event for {who}",
}


def build_invitation_words(facts: Facts) -> Context:
    """The words that fill the invitation, to the author, the challenger or the Chair."""
    assert facts.event is not None
    due = find_response_due(facts)
    return {
        **build_common_words(
            facts, _INVITED_TO[facts.recipient.role].format(who=facts.event.author.name), facts.cycle.name
        ),
        **build_event_words(facts),
        "is_changed": facts.replaces is not None,
        "event_changes": " ".join(_list_event_changes(facts)),
        "response_due": format_full_day(due) if due else "",
        "form_holders": name_holders_of_forms(facts),
    }


def _list_event_changes(facts: Facts) -> Iterator[str]:
    """What is different from the event of the invitation before, as sentences."""
    before, now = facts.replaces.event if facts.replaces else None, facts.event
    if before is None or now is None:
        return
    starts, ends = to_london_time(before.starts_at), to_london_time(before.ends_at)
    if (before.starts_at, before.ends_at) != (now.starts_at, now.ends_at):
        yield f"It was to be on {format_full_day(starts)}, {time_of_day(starts)} to {time_of_day(ends)}."
    if before.place != now.place:
        yield "The place has changed."
    if before.chair.id != now.chair.id:
        yield f"The Chair was to be {before.chair.name}."


def withdrawal_notice(facts: Facts) -> Context:
    """What is told of a challenge that ends early: to its area, its challenger, its Chair."""
    assert facts.author is not None
    event = facts.event
    is_cancelled = event is not None and to_london_time(event.starts_at).date() >= facts.issued_on
    is_author = facts.recipient.role is Role.AUTHOR
    who = "Your area" if is_author else facts.author.name
    title = f"{who} has left the peer challenge"
    if facts.is_closed:
        title = "Your challenge has ended" if is_author else f"{make_possessive(who)} challenge has ended"
    return {
        **build_common_words(facts, title, facts.cycle.name),
        "is_closed": facts.is_closed,
        "event_day": format_full_day(to_london_time(event.starts_at)) if event and is_cancelled else "",
        "event_time": time_of_day(event.starts_at) if event else "",
    }


def dates_notice(facts: Facts) -> Context:
    """What is told of dates that have moved: what each was and is, and what the office says of it."""
    changed = facts.dates_changed
    assert changed is not None
    names = [name for name in DEADLINE_NAMES if changed.before.get(name) != facts.dates.get(name)]
    rows = [
        {
            "what": name_date_of_reader(facts, name),
            "before": format_full_day(changed.before[name]) if name in changed.before else "not set",
            "after": format_full_day(facts.dates[name]) if name in facts.dates else "no longer set",
        }
        for name in names
        if name not in facts.met
    ]
    about = facts.author.name if facts.author else ""
    return {
        **build_common_words(facts, "Dates have changed", f"{about} – {facts.cycle.name}"),
        "changes": rows,
        "messages": list(changed.messages),
        "dates": dates_table(facts),
    }


def build_timetable_words(facts: Facts) -> Context:
    """The words that fill the timetable of all events."""
    events = facts.region.events if facts.region else ()
    ordered = sorted(events, key=lambda e: (e.starts_at, e.author.name))
    return {
        **build_common_words(
            facts,
            "Timetable of challenge events"
            if facts.recipient.role is Role.OFFICE
            else "Your challenge events",
            facts.cycle.name,
        ),
        "is_for_office": facts.recipient.role is Role.OFFICE,
        "events": [
            {
                "day": short_day(to_london_time(e.starts_at)),
                "year": f"{to_london_time(e.starts_at):%Y}",
                "time": f"{time_of_day(e.starts_at)}–{time_of_day(e.ends_at)}",
                "author": name_as_spoken(e.author.name),
                "challenger": name_as_spoken(e.challenger.name),
                "chair": e.chair.name,
                "place": e.place,
            }
            for e in ordered
        ],
        "summary": say_how_many(len(ordered), "event") + _say_from_when_to_when(ordered),
    }


def _say_from_when_to_when(events: Sequence[EventFacts]) -> str:
    """The days of the first and of the last event, as the end of a sentence."""
    days = [format_full_day(to_london_time(event.starts_at)) for event in events]
    if not days:
        return " so far."
    return f", on {days[0]}." if days[0] == days[-1] else f", from {days[0]} to {days[-1]}."


def describe_due_thing(facts: Facts) -> str:
    """What is due and when, as one sentence without its full stop. Needs `facts.reminder`."""
    assert facts.reminder is not None
    return f"{_name_due_thing(facts)} {_describe_due_state(facts)}"


def _name_due_thing(facts: Facts) -> str:
    """What is due, as we call it to the person who has to act: "Your questions about Ashcombe"."""
    assert facts.reminder is not None
    what, author = facts.reminder.what, facts.author.name if facts.author else ""
    if what == _EVENT:
        return capitalise_first_letter(name_event_of_reader(facts))
    if what == DeadlineName.CHAIR_RECORD_DUE:
        return f"Your Chair's record for {author}"
    if what in (DeadlineName.CORRECTIONS_DUE, DeadlineName.CHALLENGER_CORRECTIONS_DUE):
        return f"The draft summary for {author}, with your corrections if there are any,"
    kind = KIND_DUE_AT.get(DeadlineName(what))
    return f"Your {name_document_of_reader(facts, kind) if kind else thing_due(what).lower()}"


def _describe_due_state(facts: Facts) -> str:
    """How the thing that is due stands, in the words of a sentence about it; an event is held, not sent."""
    due = facts.reminder
    assert due is not None
    is_several = due.what == DeadlineName.ANALYSIS_DUE  # questions
    them, have = ("them", "have") if is_several else ("it", "has")
    left, on = due.days_left, format_full_day(due.due_on)
    when = {0: f"today, {on}", 1: f"tomorrow, {on}"}.get(left, f"in {left} days, on {on}")
    if due.what == _EVENT:
        where = _describe_time_and_place(facts.event, left)
        return f"takes place {when}{where}" if left >= 0 else f"was on {on}"
    if due.arrived is not None:
        by = format_full_day(due.answer_by or due.due_on)
        if due.arrived is Outcome.REJECTED:
            return (
                f"{have} reached us, but we could not accept {them}. Please correct {them} and send {them} "
                f"again by {by}"
            )
        return f"{have} reached us. Please do what our message about {them} asks by {by}"
    if left < 0:
        ago = say_how_many(-left, "day")
        return f"{'were' if is_several else 'was'} due on {on}, {ago} ago, and we have not received {them}"
    return f"{'are' if is_several else 'is'} due {when}"


def name_event_of_reader(facts: Facts) -> str:
    """The event as we call it to the reader within a sentence: "the event where you challenge Ashcombe"."""
    author, role = facts.author.name if facts.author else "", facts.recipient.role
    if role is Role.AUTHOR:
        return "your challenge event"
    if role is Role.CHALLENGER:
        return f"the event where you challenge {author}"
    return f"the challenge event for {author}"


def _describe_time_and_place(event: EventFacts | None, left: int) -> str:
    """When on its day an event is and where, as the end of a sentence; empty where that is not known.

    Who should have the joining link by now, so many days before it, is not told that it will come.
    """
    if event is None:
        return ""
    place = event.place if left <= _LINK_ASKED_DAYS else event.place_in_words
    return f", {time_of_day(event.starts_at)} to {time_of_day(event.ends_at)}. Place: {place.rstrip(' .')}"


def build_reminder_words(facts: Facts) -> Context:
    """The words that fill a reminder: what is due, when, and whether it is late. Needs `facts.reminder`."""
    due = facts.reminder
    assert due is not None
    left, what = due.days_left, name_reminded_thing(due.what, facts)
    late = left < 0 and not due.has_questions
    response_due = find_response_due(facts) if due.what == _EVENT else None
    told = {due.what, *((DeadlineName.RESPONSE_DUE,) if response_due else ())}
    is_pack = due.what == DeadlineName.ANALYSIS_DUE and facts.recipient.role is Role.CHALLENGER
    kind = KIND_DUE_AT.get(DeadlineName(due.what))
    event = facts.event
    return {
        **build_common_words(
            facts,
            f"{'Points still open' if due.has_questions else 'Overdue' if late else 'Reminder'}: "
            f"{what}{_name_area_of_other(facts)}",
            f"{facts.recipient.name} – {facts.cycle.name}",
        ),
        "what": what,
        "thing": _name_due_thing(facts),
        "standing": _describe_due_state(facts),
        "is_late": late,
        "has_questions": due.has_questions,
        "is_event": due.what == _EVENT,
        "is_escalation": due.is_escalation,
        "due": format_full_day(due.due_on),
        "response_due": format_full_day(response_due) if response_due else "",
        "form_holders": name_holders_of_forms(facts),
        "lacks_link": event is not None and event.lacks_link and left <= _LINK_ASKED_DAYS,
        "rule": due.rule,
        "is_draft": kind in OF_CORRECTIONS,
        "is_pack": is_pack,
        "own_thing": "it" if kind in OF_CORRECTIONS else name_within_sentence(_name_due_thing(facts)),
        "it_or_them": "them" if is_pack else "it",
        "dates": dates_table(facts, told=told),
    }


def _name_area_of_other(facts: Facts) -> str:
    """Whose event or form a reminder is about, after its name; "" where it is the reader's own."""
    assert facts.reminder is not None
    if facts.recipient.role is Role.AUTHOR or facts.author is None:
        return ""
    is_analysis = facts.reminder.what == DeadlineName.ANALYSIS_DUE
    return f" {'about' if is_analysis else 'for'} {facts.author.name}"


def name_holders_of_forms(facts: Facts) -> str:
    """Who of an area's people gets its forms, where not all who come to its event do; "" where all do.

    Roles are "your partnership manager", others are called by their names.
    """
    contacts = facts.recipient.contacts
    ticks = dict(zip(contacts, list_ticks_of_area(contacts), strict=True))
    come = [one for one, own in ticks.items() if Receives.EVENT in own]
    holders = [one.name for one, own in ticks.items() if Receives.FORMS in own]
    if not holders or all(Receives.FORMS in ticks[one] for one in come):
        return ""
    spoken = [(name, name_in_greeting(name)) for name in holders]
    return join_in_words([name if called == name else f"your {called}" for name, called in spoken])


def find_response_due(facts: Facts) -> date | None:
    """The day by which an area still has to answer before its event; None for others, and once it has."""
    due = facts.dates.get(DeadlineName.RESPONSE_DUE)
    is_to_come = due is not None and due >= facts.issued_on and DeadlineName.RESPONSE_DUE not in facts.met
    return due if facts.recipient.role is Role.AUTHOR and is_to_come else None
