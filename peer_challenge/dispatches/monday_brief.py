"""The office's Monday brief: what is overdue, at risk or due, its notes, what came, and drafted emails."""

from collections.abc import Sequence
from datetime import date, timedelta

from peer_challenge.dates.reminder_rules import find_answer_day
from peer_challenge.dispatches.facts import Facts, RegionFacts
from peer_challenge.dispatches.letters import build_common_words
from peer_challenge.dispatches.phrases import Context, format_full_day, to_london_time
from peer_challenge.model.challenge import Risk, Standing
from peer_challenge.model.cycle import name_as_spoken
from peer_challenge.model.days_in_words import short_day, time_of_day
from peer_challenge.model.sentences import join_in_words, say_how_many
from peer_challenge.model.vocabulary import (
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


_AT_RISK = {
    Risk.QUESTIONS: "Our questions are not answered yet.",
    Risk.QUESTIONS_AND_DUE_SOON: "Our questions are not answered yet, and the date is near.",
    Risk.REJECTED: "We could not accept a document, and it has not come again.",
    Risk.REJECTED_AND_DUE_SOON: "We could not accept a document. It has not come again. Time is short.",
}
"""What the brief says of what is at risk. What is overdue is to chase, and what is due soon is no risk."""
_NO_DAY = "No day was found for the event between now and the last day on which it can be. See the timetable."


def _name_area(standing: Standing) -> str:
    return name_as_spoken(standing.author_name)


def _name_due_thing(standing: Standing) -> str:
    return thing_due(standing.next_due) if standing.next_due else ""


def _name_awaited_thing(standing: Standing) -> str:
    """What has to come: the thing that is due, or what is still to come of one that is here."""
    what = _name_due_thing(standing)
    if standing.arrived is None:
        return what
    wanted = "a corrected copy" if standing.arrived is Outcome.REJECTED else "answers to our questions"
    return f"{what}: {wanted}"


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


def _list_overdue_challenges(facts: Facts, region: RegionFacts) -> list[Standing]:
    late = [s for s in region.standings if s.is_overdue and s.next_due_on]
    return sorted(late, key=lambda s: (s.next_due_on or facts.issued_on, s.author))


def _describe_lateness(facts: Facts, standing: Standing) -> str:
    assert standing.next_due_on is not None
    return say_how_many((facts.issued_on - standing.next_due_on).days, "day")


def _describe_risk(standing: Standing, region: RegionFacts) -> str:
    """Why a challenge that is not overdue is at risk, as a sentence; "" where it is not.

    Questions are a risk once they have been open for a week, or where the date is near.
    """
    if standing.author in region.without_day:
        return _NO_DAY
    if standing.risk == Risk.QUESTIONS and _was_asked_last_week(standing, region):
        return ""
    return _AT_RISK.get(Risk(standing.risk), "") if standing.risk else ""


def _was_asked_last_week(standing: Standing, region: RegionFacts) -> bool:
    """Whether what the questions are about came within the week before the brief."""
    came = region.arrivals
    return len(came) > 0 and bool(
        ((came["participant_name"] == _name_area(standing)) & (came["outcome"] == Outcome.QUERIED)).any()
    )


def _list_due_in_fortnight(facts: Facts, region: RegionFacts) -> list[Context]:
    """What falls due in the fortnight, by day and kind; events with their time."""
    last = facts.issued_on + FORTNIGHT
    times = {e.author.id: time_of_day(e.starts_at) for e in region.events}
    names, groups = _collect_names_by_id(facts), dict[tuple[date, str], list[str]]()
    for s in sorted(region.standings, key=lambda s: s.author_name):
        if s.next_due_on and not s.is_overdue and facts.issued_on <= s.next_due_on <= last:
            at = f", {times[s.author]}" if s.next_due == "event_on" and s.author in times else ""
            holder = names[s.waiting_on]
            is_other = holder and holder != _name_area(s)
            who = f"{holder} (for {_name_area(s)})" if is_other else _name_area(s)
            groups.setdefault((s.next_due_on, _name_due_thing(s) + at), []).append(who)
    return [
        {"day": short_day(when), "what": what, "who": join_in_words(who), "count": len(who)}
        for (when, what), who in sorted(groups.items())
    ]


def _list_recent_arrivals(region: RegionFacts) -> list[Context]:
    rows = region.arrivals.to_dict("records") if len(region.arrivals) else []
    return [
        {
            "day": short_day(to_london_time(row["received_at"])),
            "area": row["participant_name"],
            "what": name_submission(Kind(row["kind"]), row["review"]).capitalize()
            + (f" (version {row['version']})" if row["version"] > 1 else ""),
            "outcome": OUTCOME_NAMES[row["outcome"]],
        }
        for row in rows
    ]


def _name_within_sentence(what: str) -> str:
    """The name of a thing that is due, within a sentence."""
    return what if what.startswith("Chair") else what[:1].lower() + what[1:]


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
    what = f"{_name_within_sentence(_name_due_thing(standing))}{_say_whose(standing)}"
    by = format_full_day(find_answer_day(standing.next_due_on, facts.issued_on, facts.cycle.rules))
    if standing.arrived is Outcome.REJECTED:
        return (
            f"Please send again by {by}: {what}",
            f"Thank you for your {what}. We could not accept it. Our letter says why. Please correct it and "
            f"send it again by {by}. If you need help, please ring us.",
        )
    if standing.arrived is not None:
        return (
            f"Please answer our questions by {by}: {what}",
            f"Thank you for your {what}. We have questions about it: please see our letter, and answer them "
            f"by {by}. If you need help with one, please ring us.",
        )
    return (
        f"Overdue: {what}",
        f"Your {what} was due on {format_full_day(standing.next_due_on)}, and we have not received it. "
        "Please send it, or tell us on which day you will. If there is a difficulty, please ring us: we may "
        "be able to help.",
    )


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


def build_monday_brief_words(facts: Facts) -> Context:
    """The words that fill the Monday brief. Needs `facts.region`."""
    region = facts.region
    assert region is not None
    chased = _list_overdue_challenges(facts, region)
    at_risk = [(s, why) for s in region.standings if not s.is_overdue and (why := _describe_risk(s, region))]
    soon = _list_due_in_fortnight(facts, region)
    closed = sum(s.stage is Stage.CLOSED for s in region.standings)
    followed = sum(s.stage is Stage.IN_FOLLOW_UP for s in region.standings)
    of_follow_up = f", {followed} in follow-up" if followed else ""
    names = _collect_names_by_id(facts)
    return {
        **build_common_words(
            facts, "Monday brief", f"{facts.cycle.name} – {format_full_day(facts.issued_on)}"
        ),
        "in_brief": f"{len(region.standings)} challenges, {closed} closed{of_follow_up}. "
        f"{len(chased)} to chase, {len(at_risk)} at risk, "
        f"{sum(row['count'] for row in soon)} due by {format_full_day(facts.issued_on + FORTNIGHT)}."
        f"{_describe_held_documents(region)}",
        "chase": [
            {
                "who": names[s.waiting_on],
                "what": _name_awaited_thing(s),
                "area": _name_area(s),
                "late": _describe_lateness(facts, s),
            }
            for s in chased
        ],
        "notes": [
            {"day": short_day(note.remind_on), "area": note.area, "text": note.text} for note in region.notes
        ],
        "mixes": [{"area": area, "told": told} for area, told in region.mixes],
        "risks": [{"area": _name_area(s), "why": why} for s, why in at_risk],
        "due": soon,
        "came": _list_recent_arrivals(region),
        "emails": _draft_chasing_emails(facts, chased),
    }
