"""The office's weekly brief: what is overdue, at risk or due, its notes, what came, and drafted emails."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from peer_challenge.dates.reminder_rules import find_answer_day
from peer_challenge.dispatches.facts import Facts, RegionFacts
from peer_challenge.dispatches.letters import build_common_words
from peer_challenge.dispatches.phrases import Context, format_full_day, to_london_time
from peer_challenge.model.cycle import name_as_spoken
from peer_challenge.model.days_in_words import short_day, time_of_day
from peer_challenge.model.overdue_or_at_risk import Risk, Standing
from peer_challenge.model.sentences import (
    capitalise_first_letter,
    join_in_words,
    name_within_sentence,
    say_how_many,
)
from peer_challenge.model.vocabulary import (
    DEADLINE_NAMES,
    OUTCOME_NAMES,
    DeadlineName,
    Kind,
    Outcome,
    Stage,
    name_submission,
    thing_due,
)

FORTNIGHT = timedelta(days=14)
"""This week and the next: a date on the next Monday would otherwise be read about on that very day."""


_QUESTIONED = (Risk.QUESTIONS, Risk.QUESTIONS_AND_DUE_SOON)
_REJECTED = (Risk.REJECTED, Risk.REJECTED_AND_DUE_SOON)
"""What is at risk for a document. What is overdue is to chase, and what is due soon is no risk."""


@dataclass(frozen=True, slots=True)
class _Due:
    """What falls due on a day: its deadline, what it is called, and from whom or with whom."""

    on: date
    name: str
    what: str
    who: tuple[str, ...]


_NO_DAY = "No day was found for the event between now and the last day on which it can be. See the timetable."


def _name_area(standing: Standing) -> str:
    return name_as_spoken(standing.author_name)


def _name_due_thing(standing: Standing) -> str:
    return thing_due(standing.next_due) if standing.next_due else ""


def _name_awaited_thing(standing: Standing, region: RegionFacts) -> str:
    """What has to come: the thing that is due, or what is still to come of one that is here."""
    what, document = _name_due_thing(standing), region.unsettled.get(standing.author)
    if standing.arrived is None:
        return what
    is_asked = standing.arrived is not Outcome.REJECTED and document is not None and not document.has_copy
    return f"{what}: {'answers to our questions' if is_asked else 'the corrected copy'}"


def _name_holder(holder: str, area: str) -> str:
    """Who sends or sent something, and for which area where that is another."""
    return f"{holder} (for {area})" if holder and holder != area else area


def _collect_names_by_id(facts: Facts) -> dict[str | None, str]:
    """What everybody is called for whom a challenge can wait, by id; nobody is ""."""
    cycle = facts.cycle
    return {
        None: "",
        "office": cycle.office.name,
        **{chair.id: chair.name for chair in cycle.chairs},
        **{participant.id: participant.as_spoken().name for participant in cycle.participants},
    }


def _collect_emails_by_id(facts: Facts) -> dict[str, list[str]]:
    """Where to write to each area and Chair, by id."""
    cycle = facts.cycle
    found = {chair.id: [chair.email] for chair in cycle.chairs}
    found |= {area.id: [contact.email for contact in area.contacts] for area in cycle.participants}
    return {who: list(filter(None, emails)) for who, emails in found.items()}


def _find_awaited_day(facts: Facts, region: RegionFacts, standing: Standing) -> date | None:
    """The day by which something has to come: of a document that came, the day to answer our questions by.

    Those go out on the day on which the document came.
    """
    document = region.unsettled.get(standing.author)
    if standing.arrived is None or document is None:
        return standing.next_due_on
    return _find_answer_day(facts, standing, document.received_on)


def _find_answer_day(facts: Facts, standing: Standing, asked_on: date) -> date:
    """The day by which questions about a challenge's newest document are answered."""
    is_response = standing.next_due == DeadlineName.RESPONSE_DUE
    events = facts.region.events if facts.region and is_response else ()
    own = [to_london_time(one.starts_at).date() for one in events if one.author.id == standing.author]
    return find_answer_day(standing.next_due_on, asked_on, facts.cycle.rules, next(iter(own), None))


def _list_overdue_challenges(facts: Facts, region: RegionFacts) -> list[tuple[Standing, date]]:
    """The challenges to chase, each with the day that was missed; the longest overdue first."""
    late = [
        (standing, day)
        for standing in region.standings
        if (day := _find_awaited_day(facts, region, standing)) is not None and day < facts.issued_on
    ]
    return sorted(late, key=lambda one: (one[1], one[0].author))


def _describe_risk(facts: Facts, standing: Standing, region: RegionFacts) -> str:
    """Why a challenge that is not overdue is at risk, as a sentence; "" where it is not.

    Questions are a risk once they have been open for a week, or where the date is near.
    """
    if standing.author in region.without_day:
        return _NO_DAY
    if standing.risk == Risk.QUESTIONS and _was_asked_last_week(standing, region):
        return ""
    if standing.risk not in (*_QUESTIONED, *_REJECTED):
        return ""
    document = region.unsettled[standing.author]
    who = _collect_names_by_id(facts).get(document.writer_id) or _name_area(standing)
    came = f"The {document.what} came on {format_full_day(document.received_on)}"
    open_still = (
        f"{came}. {who} has not answered our questions about it."
        if standing.risk in _QUESTIONED
        else f"{came}, and we could not accept it. {who} has not sent it again."
    )
    return f"{open_still} {_say_what_to_do(facts, standing, region)}".rstrip()


def _say_what_to_do(facts: Facts, standing: Standing, region: RegionFacts) -> str:
    """What the office does about a document that is not settled, where its day is near; else ""."""
    held_on = next(
        (
            to_london_time(event.ends_at).date()
            for event in region.events
            if event.author.id == standing.author and to_london_time(event.ends_at).date() < facts.issued_on
        ),
        None,
    )
    is_theirs = region.unsettled[standing.author].writer_id == standing.author
    if held_on is not None and is_theirs and standing.next_due == DeadlineName.CHAIR_RECORD_DUE:
        return (
            f"The event was on {format_full_day(held_on)}. If you still need the answers, please ring them. "
            "If not, accept the document on the page of the challenge."
        )
    if standing.risk in (Risk.QUESTIONS, Risk.REJECTED) or standing.next_due_on is None:
        return ""
    what = name_within_sentence(_name_due_thing(standing))
    day = format_full_day(standing.next_due_on)
    return f"The next date is near: {what}, {day}. Please ring them."


def _was_asked_last_week(standing: Standing, region: RegionFacts) -> bool:
    """Whether what the questions are about came within the week before the brief."""
    came = region.arrivals
    return len(came) > 0 and bool(
        ((came["participant_name"] == _name_area(standing)) & (came["outcome"] == Outcome.QUERIED)).any()
    )


def _list_due_in_fortnight(facts: Facts, region: RegionFacts) -> list[_Due]:
    """What falls due in the fortnight, by day and kind, and each event that is set, earliest first."""
    last = facts.issued_on + FORTNIGHT
    names, groups = _collect_names_by_id(facts), dict[tuple[date, str, str], list[str]]()
    for s in sorted(region.standings, key=lambda s: s.author_name):
        day = _find_awaited_day(facts, region, s)
        if s.next_due is None or day is None or s.next_due == DeadlineName.EVENT_ON:
            continue
        if facts.issued_on <= day <= last:
            what = _DUE_WORDS.get(s.next_due) or _name_awaited_thing(s, region)
            who = _name_holder(names[s.waiting_on], _name_area(s))
            if s.next_due == DeadlineName.CORRECTIONS_DUE and s.challenger_name:  # both correct its facts
                who = f"{_name_area(s)} with {name_as_spoken(s.challenger_name)}"
            groups.setdefault((day, s.next_due, what), []).append(who)
    due = [_Due(when, name, what, tuple(who)) for (when, name, what), who in groups.items()]
    return sorted([*due, *_list_events(region, facts.issued_on, last)], key=lambda one: (one.on, one.what))


def _list_events(region: RegionFacts, first: date, last: date) -> Iterator[_Due]:
    """The events that are set for a day from `first` to `last`, whatever else is due before them."""
    for event in region.events:
        day = to_london_time(event.starts_at).date()
        if first <= day <= last:
            who = f"{name_as_spoken(event.author.name)} with {name_as_spoken(event.challenger.name)}"
            what = f"{thing_due(DeadlineName.EVENT_ON)}, {time_of_day(event.starts_at)}"
            yield _Due(day, DeadlineName.EVENT_ON, what, (f"{who}; {event.chair.name}",))


_DUE_WORDS: Mapping[str, str] = {
    DeadlineName.EVENT_BY: DEADLINE_NAMES[DeadlineName.EVENT_BY],
    DeadlineName.CORRECTIONS_DUE: "Corrections to the draft summary, if there are any",
}
"""What is due where that is no document that has to come."""


def _count_due(due: Sequence[_Due]) -> str:
    """How much is due, by its kind, as it is counted in the list: "6 documents due and 2 events"."""
    counts = Counter[str]()
    for one in due:
        counts[one.name] += len(one.who)
    events, days, drafts = (counts.pop(name, 0) for name in (DeadlineName.EVENT_ON, *_DUE_WORDS))
    documents = counts.total()
    parts = [
        f"{say_how_many(documents, 'document')} due" if documents else "",
        say_how_many(events, "event") if events else "",
        f"{say_how_many(days, 'event')} without a day" if days else "",
        f"the last day for corrections to {say_how_many(drafts, 'draft summary', 'draft summaries')}"
        if drafts
        else "",
    ]
    return join_in_words([part for part in parts if part] or ["nothing due"])


def _list_recent_arrivals(region: RegionFacts) -> list[Context]:
    rows = region.arrivals.to_dict("records") if len(region.arrivals) else []
    return [
        {
            "day": short_day(to_london_time(row["received_at"])),
            "who": _name_holder(row["writer_name"], row["participant_name"]),
            "what": name_submission(Kind(row["kind"]), row["review"]).capitalize()
            + (f" (version {row['version']})" if row["version"] > 1 else ""),
            "outcome": _OUTCOMES.get(row["outcome"]) or OUTCOME_NAMES[row["outcome"]],
        }
        for row in rows
    ]


_OUTCOMES: Mapping[str, str] = {Outcome.QUERIED: "Points still open"}
"""What became of a document, where the page says that answers are awaited: most often it is a marked copy."""


def _draft_chasing_emails(facts: Facts, chased: Sequence[Standing]) -> list[Context]:
    """Short emails to those who keep challenges waiting: one for all who are asked the same."""
    names, emails = _collect_names_by_id(facts), _collect_emails_by_id(facts)
    drafts: dict[tuple[str, str], list[str]] = {}
    for standing in chased:
        who = standing.waiting_on or standing.author
        addresses = ", ".join(emails.get(who, ()))
        to = f"{names[who]} ({addresses})" if addresses else names[who]
        drafts.setdefault(_write_chasing_email(facts, standing), []).append(to)
    return [
        {"to": to, "subject": subject, "body": body, "is_to_several": len(to) > 1}
        for (subject, body), to in drafts.items()
    ]


def _write_chasing_email(facts: Facts, standing: Standing) -> tuple[str, str]:
    """Subject and body of the email about a challenge that is overdue."""
    assert standing.next_due_on is not None
    what = f"{name_within_sentence(_name_due_thing(standing))}{_say_whose(standing)}"
    is_of_questions = standing.next_due == DeadlineName.ANALYSIS_DUE
    it, was = ("them", "were") if is_of_questions else ("it", "was")
    if is_of_questions:  # as we call it to those who write it
        what = f"questions about {_name_area(standing)}"
    due = format_full_day(standing.next_due_on)
    document = facts.region.unsettled.get(standing.author) if facts.region else None
    came = f", which came on {format_full_day(document.received_on)}" if document else ""
    by = format_full_day(_find_answer_day(facts, standing, facts.issued_on))
    phone = facts.cycle.office.phone
    ring = f"ring us on {phone}" if phone else "tell us"
    if standing.arrived is Outcome.REJECTED:
        return (
            f"Please send again by {by}: {what}",
            f"Thank you for your {what}{came}. We could not accept {it}, and we wrote to you "
            f"why. We have not had a corrected copy yet. Please send it by {by}. If you need help, please "
            f"{ring}.",
        )
    if standing.arrived is not None:
        missed = _say_missed_day(facts, standing)
        if document is not None and not document.has_copy:
            return (
                f"Please answer our questions by {by}: {what}",
                f"Thank you for your {what}{came}. We asked you to answer our questions about {it}{missed}. "
                f"We have not had your answers yet. Please send them by {by}. If you need help with a "
                f"question, please {ring}.",
            )
        return (
            f"Please return the marked copy by {by}: {what}",
            f"Thank you for your {what}{came}. We asked you to correct the marked copy that we "
            f"sent you, and to return the copy{missed}. We have not had the copy yet. Please return it "
            f"by {by}. If you need help with it, please {ring}.",
        )
    return (
        f"Overdue: {what}",
        f"Your {what} {was} due on {due}, and we had not received {it} when we wrote this. If you have sent "
        f"{it} meanwhile, thank you. If not, please send {it}, or tell us on which day you will. If there "
        f"is a difficulty, please {ring}: we may be able to help.",
    )


def _say_missed_day(facts: Facts, standing: Standing) -> str:
    """The day that our letter gave and that has passed, with a space before it; "" where none has."""
    day = _find_awaited_day(facts, facts.region, standing) if facts.region else None
    return f" by {format_full_day(day)}" if day is not None and day < facts.issued_on else ""


def _say_whose(standing: Standing) -> str:
    """Which area something is about, for those who do not write about their own; "" for the others."""
    if standing.waiting_on in (None, standing.author):
        return ""
    return f" {'of' if standing.next_due == DeadlineName.ANALYSIS_DUE else 'for'} {_name_area(standing)}"


def _describe_held_documents(region: RegionFacts) -> str:
    """What the brief says of documents of which the office has to say whose they are."""
    if not region.held_documents:
        return ""
    held = say_how_many(region.held_documents, "document")
    return f" {held} held until you say whose form it is: see the inbox page."


def _say_what_pairing_waits_for(region: RegionFacts) -> str:
    """Whether areas can't be paired yet because of forms that are overdue; "" where that delays nothing."""
    late = sum(s.is_overdue and s.next_due == DeadlineName.SELF_ASSESSMENT_DUE for s in region.standings)
    return f" Pairing waits for {say_how_many(late, 'self-assessment')}." if late else ""


def _describe_later_stages(region: RegionFacts) -> str:
    """How many areas are in follow-up and how many have finished; "" before any is."""
    closed = sum(s.stage is Stage.CLOSED for s in region.standings)
    followed = sum(s.stage is Stage.IN_FOLLOW_UP for s in region.standings)
    every = len(region.standings)
    areas = say_how_many(every, "area")
    counts = (
        ("is following up its action plan", "are following up their action plans", followed),
        ("has finished", "have finished", closed),
    )
    return "".join(
        f" All {areas} {many}."
        if number == every
        else f" {number} of {areas} {one if number == 1 else many}."
        for one, many, number in counts
        if number
    )


def build_monday_brief_words(facts: Facts) -> Context:
    """The words that fill the weekly brief. Needs `facts.region`."""
    region = facts.region
    assert region is not None
    chased = _list_overdue_challenges(facts, region)
    at_risk = [
        (s, why) for s in region.standings if not s.is_overdue and (why := _describe_risk(facts, s, region))
    ]
    soon = _list_due_in_fortnight(facts, region)
    names = _collect_names_by_id(facts)
    other = "other " if chased else ""
    at_risk_in_words = (
        say_how_many(len(at_risk), f"{other}area") if at_risk else "nothing else" if chased else "nothing"
    )
    return {
        **build_common_words(
            facts, "Weekly brief", f"{facts.cycle.name} – {format_full_day(facts.issued_on)}"
        ),
        "in_brief": f"{len(chased) or 'Nobody'} to chase. "
        f"{capitalise_first_letter(at_risk_in_words)} at risk. "
        f"In the next fortnight: {_count_due(soon)}."
        f"{_say_what_pairing_waits_for(region)}{_describe_later_stages(region)}"
        f"{_describe_held_documents(region)}",
        "chase": [
            {
                "who": names[s.waiting_on],
                "what": _name_awaited_thing(s, region),
                "area": _name_area(s),
                "late": str((facts.issued_on - day).days),
            }
            for s, day in chased
        ],
        "notes": [
            {"day": short_day(note.remind_on), "area": note.area, "text": note.text} for note in region.notes
        ],
        "mixes": [{"area": area, "told": told} for area, told in region.mixes],
        "risks": [{"area": _name_area(s), "why": why} for s, why in at_risk],
        "due": [{"day": short_day(one.on), "what": one.what, "who": join_in_words(one.who)} for one in soon],
        "came": _list_recent_arrivals(region),
        "emails": _draft_chasing_emails(facts, [s for s, _ in chased]),
    }
