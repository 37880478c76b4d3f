"""What an email with a dispatch asks its reader to do: one task for each kind of dispatch.

The subject of an email and its first line come from the task that matters most of its dispatches.
"""

from dataclasses import dataclass, replace
from datetime import date
from enum import IntEnum

from peer_challenge.dates.deadlines import find_first_response_day
from peer_challenge.dispatches.facts import Facts, SettledFacts
from peer_challenge.dispatches.letters import (
    describe_due_thing,
    find_response_due,
    has_marked_copy,
    has_notes_inside,
    name_event_of_reader,
    name_holders_of_forms,
)
from peer_challenge.dispatches.phrases import (
    find_day_to_answer,
    format_full_day,
    it_or_them,
    to_london_time,
)
from peer_challenge.model.challenge import EventFacts
from peer_challenge.model.corrections import Decision
from peer_challenge.model.days_in_words import day_in_words, time_of_day
from peer_challenge.model.kinds_of_submission import DUE_BY, KIND_DUE_AT
from peer_challenge.model.sentences import capitalise_first_letter, join_in_words, make_possessive
from peer_challenge.model.vocabulary import (
    KIND_NAMES,
    DeadlineName,
    DispatchKind,
    ItemKind,
    Kind,
    Outcome,
    Role,
    name_submission,
    thing_due,
)
from peer_challenge.word.form.forms import FORMS, KIND_ON, OF_CORRECTIONS


class Rank(IntEnum):
    """How much a task matters beside others in one email: the lowest gives the subject."""

    OVERDUE = 0
    RETURN = 1
    ANSWER = 2
    EVENT = 3
    KNOW = 4
    READ = 5
    KEEP = 6


@dataclass(frozen=True, slots=True)
class Task:
    """What a reader is asked to do: in a subject ("Please return by 26 February: ..."), and as a sentence.

    `also` are tasks that come with it, of which it is the one for the subject.
    """

    rank: Rank
    subject: str
    sentence: str
    due_on: date | None = None
    also: tuple["Task", ...] = ()

    @property
    def with_also(self) -> tuple["Task", ...]:
        """The task, and those that come with it."""
        return self, *self.also

    @property
    def is_asked(self) -> bool:
        """Whether its reader has something to do, by a day or at once."""
        return self.due_on is not None or self.rank <= Rank.ANSWER

    @property
    def urgency(self) -> tuple[bool, date, Rank]:
        """Sorts tasks: what is overdue, then what has a day, the nearest first, then the others by rank."""
        return self.rank is not Rank.OVERDUE, self.due_on or date.max, self.rank


def take_part(facts: Facts) -> Task:
    """Know what a peer challenge is, before filling in its form."""
    cycle, due = facts.cycle.name, facts.dates.get(DeadlineName.SELF_ASSESSMENT_DUE)
    sentence = f"This message says what {cycle} is and what we ask of you."
    if due is not None:  # as the form says that comes with it
        sentence = f"Please return {name_own_thing(facts, Kind.SELF_ASSESSMENT)} by {format_full_day(due)}."
    return Task(Rank.READ, f"Taking part in {cycle}", sentence)


def return_form(facts: Facts) -> Task:
    """Fill in a form and return it by its day."""
    kind = KIND_ON[facts.kind]
    again, replaced = "", ""
    if facts.replaces is not None:
        again = "New version: "
        replaced = f" It replaces the form that we sent you on {format_full_day(facts.replaces.issued_on)}."
    due, thing = facts.dates.get(DUE_BY[kind]), name_thing_of_area(facts, kind)
    own = name_own_thing(facts, kind)
    if due is None and kind is Kind.RESPONSE:
        due = find_first_response_day(facts.issued_on, facts.cycle.rules)
        replaced = (
            f" If your event is later than we expect, our invitation will give you a later day.{replaced}"
        )
    if due is None:
        sentence = f"Please fill in {own} and return it.{replaced}"
        return Task(Rank.RETURN, f"{again}Please fill in: {thing}", sentence)
    return Task(
        Rank.RETURN,
        f"{again}Please return by {short_day_of(due, facts.issued_on)}: {thing}",
        f"Please return {own} by {format_full_day(due)}.{replaced}",
        due,
    )


def correct_draft(facts: Facts) -> Task:
    """Check the facts of the draft summary, and correct what is wrong by its day."""
    due = facts.dates.get(FORMS[KIND_ON[facts.kind]].due)
    again = "" if facts.replaces is None else "New version: "
    about = f"draft summary, {name_author(facts)}"
    if due is None:
        return Task(
            Rank.RETURN, f"{again}Please check: {about}", "Please check the facts of the draft summary."
        )
    return Task(
        Rank.RETURN,
        f"{again}Please check by {short_day_of(due, facts.issued_on)}: {about}",
        f"Please check the facts of the draft summary for {name_author(facts)}, and return it with your "
        f"corrections by {format_full_day(due)}. If nothing is wrong, you do not need to send anything.",
        due,
    )


def note_draft(facts: Facts) -> Task:
    """Know that both areas check the draft of one's summary."""
    return Task(
        Rank.KNOW,
        f"Draft summary sent: {name_author(facts)}",
        f"Both areas have the draft of your summary for {name_author(facts)}, to check its facts.",
    )


def answer_questions(facts: Facts) -> Task:
    """Answer the questions about a document, or send again what could not be accepted."""
    assert facts.submission is not None
    kind = facts.submission.kind
    thing = name_thing_of_area(facts, kind)
    is_rejected = facts.submission.outcome is Outcome.REJECTED
    own, by = name_own_thing(facts, kind), find_day_to_answer(facts, kind)
    what, about = "correct and return", f"correct {own} and return {it_or_them(kind)}"
    if is_rejected:
        what, about = "correct and send again", f"correct {own} and send {it_or_them(kind)} again"
    elif not has_marked_copy(facts):
        what, about = "answer our questions", f"answer our questions about {own}"
    return Task(
        Rank.ANSWER,
        f"Please {what} by {short_day_of(by, facts.issued_on)}: {thing}",
        f"Please {about} by {format_full_day(by)}.",
        by,
    )


def remember_date(facts: Facts) -> Task:
    """Meet a date that comes, or has passed."""
    assert facts.reminder is not None
    due = facts.reminder
    kind = KIND_DUE_AT.get(DeadlineName(due.what))
    what = name_thing_of_area(facts, kind) if kind else thing_due(due.what)
    them = it_or_them(kind) if kind else "it"
    were = "They were" if them == "them" else "It was"
    day = short_day_of(due.due_on, facts.issued_on)
    sentence = f"{describe_due_thing(facts)}."
    own, on = name_own_thing(facts, kind) if kind else "", format_full_day(due.due_on)
    if due.has_questions:
        by = format_full_day(due.answer_by or due.due_on)
        is_rejected = due.arrived is Outcome.REJECTED
        again = f"correct {them} and send {them} again"
        asked = again if is_rejected else f"do what our message about {them} asks"
        but = f", but we could not accept {them}" if is_rejected else ""
        sentence = f"We have received {own}{but}. Please {asked} by {by}."
        subject = "Please correct and send again" if is_rejected else "Points still open"
        return Task(Rank.ANSWER, f"{subject}: {what}", sentence, due.answer_by or due.due_on)
    if due.what == "event_on":
        return Task(
            Rank.EVENT, f"Reminder: challenge event on {day}, {name_author(facts)}", sentence, due.due_on
        )
    if due.days_left < 0:
        sentence = f"Please return {own} now. {were} due on {on}." if own else sentence
        return Task(Rank.OVERDUE, f"Overdue since {day}: {what}", sentence, due.due_on)
    sentence = f"Please return {own} by {on}." if own else sentence
    if kind in OF_CORRECTIONS:
        sentence = f"If a fact in the draft summary for {name_author(facts)} is wrong, please return it with "
        sentence += f"your corrections by {on}."
    return Task(Rank.RETURN, f"Due on {day}: {what}", sentence, due.due_on)


def come_to_event(facts: Facts) -> Task:
    """Keep the time of an event free."""
    event = facts.event
    if event is None:
        return read_document(facts)
    starts = to_london_time(event.starts_at)
    day = starts.date()
    again = "Changed: " if facts.replaces is not None else ""
    due = find_response_due(facts)
    response = f" (response due on {short_day_of(due, facts.issued_on)})" if due else ""
    return Task(
        Rank.EVENT,
        f"{again}Challenge event on {short_day_of(day, facts.issued_on)}, {time_of_day(starts)}"
        f"{response}: {event.author.name}",
        f"Please keep {format_full_day(day)}, {time_of_day(starts)} to {time_of_day(event.ends_at)}, "
        f"free for {name_event_of_reader(facts)}.",
        day,
        also=_ask_for_response(facts),
    )


def _ask_for_response(facts: Facts) -> tuple[Task, ...]:
    """That the area of an event answers before it; nothing for all others."""
    due = find_response_due(facts)
    if due is None:
        return ()
    own, by = name_own_thing(facts, Kind.RESPONSE), format_full_day(due)
    sentence = f"Please return {own} by {by}."
    if holders := name_holders_of_forms(facts):
        sentence = f"{capitalise_first_letter(own)} is due by {by}. We send the form for it to {holders}."
    return (Task(Rank.RETURN, "", sentence, due),)


def cancel_event(facts: Facts) -> Task:
    """Take an event out of the diary."""
    who, event = name_author(facts), capitalise_first_letter(name_event_of_reader(facts))
    if facts.event is None:
        return Task(
            Rank.EVENT,
            f"Event cancelled: {who}",
            f"{event} will not take place.",
        )
    day = to_london_time(facts.event.starts_at).date()
    if facts.is_former:
        return Task(
            Rank.EVENT,
            f"Another Chair takes the challenge event on {short_day_of(day, facts.issued_on)}, {who}",
            f"Another Chair takes the challenge event for {who} on {format_full_day(day)}. Please take "
            "it out of your diary and delete the documents that you have for it.",
            day,
        )
    return Task(
        Rank.EVENT,
        f"Cancelled: challenge event on {short_day_of(day, facts.issued_on)}, {who}",
        f"{event} on {format_full_day(day)} will not take place.",
        day,
    )


def note_withdrawal(facts: Facts) -> Task:
    """Know that an area has left, or that its challenge has ended early."""
    who = name_author(facts)
    if facts.is_closed:
        whose = (
            "your challenge" if facts.recipient.role is Role.AUTHOR else f"{make_possessive(who)} challenge"
        )
        sentence = f"We have ended {whose} in {facts.cycle.name} early."
        return Task(Rank.EVENT, f"{capitalise_first_letter(whose)} has ended", sentence)
    if facts.recipient.role is Role.AUTHOR:
        sentence = f"Your area no longer takes part in {facts.cycle.name}."
        return Task(Rank.EVENT, f"You have left {facts.cycle.name}", sentence)
    return Task(
        Rank.EVENT, f"{who} has left the peer challenge", f"{who} no longer takes part in {facts.cycle.name}."
    )


def note_new_dates(facts: Facts) -> Task:
    """Use new dates."""
    who = name_author(facts)
    return Task(Rank.KNOW, f"New dates: {who}", f"Dates of {make_possessive(who)} challenge have changed.")


def note_partner(facts: Facts) -> Task:
    """Know who the partner is."""
    if facts.recipient.role is Role.AUTHOR and facts.challenger is not None:
        name, former = facts.challenger.name, facts.replaces.challenger if facts.replaces else None
        place = f", in place of {former.name}" if former else ""
        return Task(
            Rank.KNOW,
            f"{'Changed: ' if former else ''}Your peer challenger: {name}",
            f"{name} will challenge your self-assessment{place}.",
        )
    who = name_author(facts)
    return Task(
        Rank.KNOW,
        f"The area you will challenge: {who}",
        f"You will challenge {make_possessive(who)} self-assessment.",
    )


def read_analysis(facts: Facts) -> Task:
    """Read what the challenger asks."""
    return Task(
        Rank.READ,
        f"Peer analysis for you to read: {name_author(facts)}",
        "Please read the peer analysis of your self-assessment before you answer its questions.",
    )


def prepare_event(facts: Facts) -> Task:
    """Read a paper before the event."""
    day = _find_event_day(facts)
    sentence = (
        f"Please read the {facts.kind.in_words} for {name_author(facts)}{_say_before_event(facts, day)}."
    )
    return Task(
        Rank.READ, _write_subject_of_paper(facts, day, "read"), f"{sentence}{_say_replaced(facts)}", day
    )


def _find_event_day(facts: Facts) -> date | None:
    return to_london_time(facts.event.starts_at).date() if facts.event else None


def _write_subject_of_paper(facts: Facts, day: date | None, to_do: str) -> str:
    """The subject of a paper for an event: what to do with it ("read") before which day."""
    again = "New version: " if facts.replaces is not None else ""
    what, who = facts.kind.in_words, name_author(facts)
    if day is None:
        return f"{again}Please {to_do}: {what}, {who}"
    if day > facts.issued_on:
        return f"{again}Please {to_do} before {short_day_of(day, facts.issued_on)}: {what}, {who}"
    assert facts.event is not None
    return f"{again}{capitalise_first_letter(what)} for today's event at {_name_hour(facts.event)}: {who}"


def _say_before_event(facts: Facts, day: date | None) -> str:
    """By when to read or change a paper, with a space before it: before its event, where that is to come."""
    if facts.event is None or day is None:
        return ""
    if day > facts.issued_on:
        return f" before the challenge event on {format_full_day(day)}"
    return f" before today's challenge event at {_name_hour(facts.event)}"


def _name_hour(event: EventFacts) -> str:
    return time_of_day(to_london_time(event.starts_at))


def _say_replaced(facts: Facts) -> str:
    """Which paper a new version takes the place of, as a sentence with a space before it; "" for a first."""
    if facts.replaces is None:
        return ""
    return f" It replaces the one that we sent you on {format_full_day(facts.replaces.issued_on)}."


def check_presentation(facts: Facts) -> Task:
    """Check the draft of one's own presentation, and make it one's own."""
    day = _find_event_day(facts)
    before = _say_before_event(facts, day)
    sentence = f"Please check the draft of your presentation and change it as you wish{before}. You do not "
    sentence = f"{sentence}need to send it back.{_say_replaced(facts)}"
    if facts.replaces is not None and day is not None and day <= facts.issued_on:
        sentence = (  # nobody can change slides while they are shown
            "A new draft of your presentation is attached, with the answers that reached us last. Its first "
            "slide says what changed. You can use it at today's event, or keep the draft that you have. You "
            "do not need to send anything back."
        )
    return Task(Rank.READ, _write_subject_of_paper(facts, day, "check"), sentence, day)


def keep_receipt(facts: Facts) -> Task:
    """Know that a document was accepted."""
    assert facts.submission is not None
    kind = facts.submission.kind
    if has_notes_inside(facts.submission):
        return Task(
            Rank.ANSWER,
            f"Please look at what we noticed: {name_thing_of_area(facts, kind)}",
            f"Please look at what we noticed in {name_own_thing(facts, kind)}. We have accepted "
            f"{it_or_them(kind)}: you only need to do something if you want to change something.",
        )
    return Task(
        Rank.KEEP,
        f"Received: {name_thing_of_area(facts, kind)}",
        f"We have received {'' if kind in OF_CORRECTIONS else 'and accepted '}{name_own_thing(facts, kind)}.",
    )


def read_document(facts: Facts) -> Task:
    """Read a document that asks for nothing else."""
    what, about = facts.kind.in_words, name_author(facts)
    return Task(
        Rank.READ, f"For your information: {what}, {about}", f"For your information, we attach the {what}."
    )


def read_summary(facts: Facts) -> Task:
    """Read the Chair's summary, and know what became of one's own corrections to its draft."""
    who = name_author(facts)
    task = Task(
        Rank.READ,
        f"{capitalise_first_letter(facts.kind.in_words)}: {who}",
        f"Please read the {facts.kind.in_words} for {who}.",
    )
    if facts.recipient.role is not Role.AUTHOR:  # whose action plan is asked for beside it
        task = replace(task, sentence=f"{task.sentence} You do not need to do anything about it.")
    if not facts.settled:
        return task
    declined = [one for one in facts.settled if one.decision is Decision.DECLINED]
    reworded = sum(one.decision is Decision.CHANGED for one in facts.settled)
    told = _count_taken_over(len(facts.settled), len(declined), reworded, f"the summary for {who}")
    if declined:
        places = join_in_words(dict.fromkeys(_name_line(one.line) for one in declined))
        told += f" What you wrote about {places} was not accepted."
    told += "".join(f" {_say_why(one)}" for one in facts.settled if one.told)
    if any(not one.told for one in declined):
        other = "the other reasons" if any(one.told for one in declined) else "why"
        told += f" Please ask us if you want to know {other}."
    return replace(task, sentence=f"{task.sentence} {told}")


def _count_taken_over(count: int, declined: int, reworded: int, summary: str) -> str:
    """How many of an area's corrections are in a summary, as a sentence."""
    taken_over = count - declined
    if count == 1:
        in_other_words = ", in other words" if reworded else ""
        return f"Your correction is {'not ' if declined else ''}in {summary}{in_other_words}."
    which = f"{taken_over or 'None'} of the {count} corrections"
    if not declined:
        which = "Both corrections" if count == 2 else f"All {count} corrections"
    verb = "is" if taken_over == 1 else "are"
    in_other_words = f", {reworded} of them in other words" if reworded else ""
    return f"{which} that you sent {verb} in {summary}{in_other_words}."


def _say_why(one: SettledFacts) -> str:
    """Why a correction was decided so, as it was written for the area, as a sentence."""
    end = "" if one.told.endswith((".", "!", "?")) else "."
    return f"About {_name_line(one.line)}: {one.told}{end}"


def _name_line(line: str) -> str:
    """A line of the draft in words: "strength 1", "area for development 2", "date of the event"."""
    address, _, column = line.rpartition(":")
    kind, _, number = address.partition("/")
    if kind in _ITEMS:
        return f"{_ITEMS[kind]} {number}"
    labels = {field.id: field.label for field in FORMS[Kind.CORRECTIONS].fields}
    return f"“{labels[column]}”" if column in labels else "the whole draft"


_ITEMS = {ItemKind.STRENGTH.value: "strength", ItemKind.DEVELOPMENT.value: "area for development"}


def read_brief(facts: Facts) -> Task:
    """Know whom to chase this week, what is at risk, and what is due."""
    brief = facts.kind.in_words
    return Task(
        Rank.READ,
        f"{capitalise_first_letter(brief)} (who to chase, what is due): {facts.cycle.name}",
        f"Please look at the {brief}: it says who to chase, what is at risk, and what is due.",
    )


def read_overview(facts: Facts) -> Task:
    """Know what the areas' self-assessments show together, without a name."""
    sentence = "The overview of the region names no area."
    if facts.recipient.role is Role.OFFICE:
        sentence = "The overview without names can be shared with all areas."
    return Task(
        Rank.READ,
        f"Overview of the region: {facts.cycle.name}",
        f"{sentence} You do not need to do anything.",
    )


def read_named_report(facts: Facts) -> Task:
    """Know what each area wrote and rated: for the office alone."""
    verb = "are" if facts.kind is DispatchKind.REGIONAL_TABLES else "is"
    sentence = (
        f"The {facts.kind.in_words} {verb} for the programme office only. You do not need to do anything."
    )
    return replace(read_document(facts), sentence=sentence)


def read_evidence(facts: Facts) -> Task:
    """Read a file that came with a self-assessment."""
    who = name_author(facts)
    return Task(
        Rank.READ,
        f"Evidence: {who}",
        f"{who} sent evidence with its self-assessment. What we pass on is attached, and the analysis pack "
        "lists it.",
    )


def read_figures(facts: Facts) -> Task:
    """Read an area's figures."""
    who = name_author(facts)
    return Task(
        Rank.READ,
        f"Figures: {who}",
        f"The sheet has {make_possessive(who)} figures beside the range of the region.",
    )


def read_progress(facts: Facts) -> Task:
    """Read how far an area's action plan is, and say what one thinks of it."""
    again = "" if facts.replaces is None else "New version: "
    report = f"{make_possessive(name_author(facts))} {name_submission(Kind.PROGRESS_REPORT, facts.review)}"
    return Task(
        Rank.READ,
        f"{again}For your information: {report}",
        f"For your information, we attach {report}. You may comment on it: the paper says how.",
    )


def read_comment(facts: Facts) -> Task:
    """Read what the challenger says of a progress report."""
    who = facts.challenger.name if facts.challenger else "Your challenger"
    return Task(
        Rank.READ,
        f"Comment on your progress: {name_author(facts)}",
        f"{who} has commented on your {name_submission(Kind.PROGRESS_REPORT, facts.review)}.",
    )


def remember_actions(facts: Facts) -> Task:
    """Know that the day of actions has come."""
    assert facts.due_actions_on is not None
    count, day = len(facts.due_actions), facts.due_actions_on
    what = "An action" if count == 1 else "Actions"
    verb = "is" if count == 1 else "are"
    return Task(
        Rank.KNOW,
        f"{what} of your plan to be done by {short_day_of(day, facts.issued_on)}: {name_author(facts)}",
        f"{what} of your action plan {verb} to be done by {format_full_day(day)}.",
        day,
    )


def note_end_of_follow_up(facts: Facts) -> Task:
    """Know that no more progress reports are needed."""
    return Task(
        Rank.KNOW,
        f"No more progress reports needed: {name_author(facts)}",
        "You do not need to send any more progress reports on your action plan.",
    )


def name_author(facts: Facts) -> str:
    """The area that a dispatch is about; the cycle where it is about all of them."""
    return facts.author.name if facts.author is not None else facts.cycle.name


def name_thing_of_area(facts: Facts, kind: Kind) -> str:
    """A form with its area, for a subject: "Ashcombe self-assessment", "questions about Ashcombe"."""
    who = name_author(facts)
    if kind is Kind.ANALYSIS:
        return f"questions about {who}"
    if kind in OF_CORRECTIONS:
        return f"corrected draft summary, {who}"
    if review := _review_of(facts, kind):
        return f"{who} {KIND_NAMES[kind]} {review}"
    name = name_submission(kind)
    return f"Chair's record for {who}" if kind is Kind.CHAIR_RECORD else f"{who} {name}"


def name_own_thing(facts: Facts, kind: Kind) -> str:
    """A form as we call it to its writer, within a sentence: "your self-assessment"."""
    if facts.recipient.role is Role.OFFICE:  # which gets an answer in somebody's place
        return f"{make_possessive(name_author(facts))} {name_submission(kind, _review_of(facts, kind))}"
    if kind is Kind.ANALYSIS:
        return f"your questions about {name_author(facts)}"
    if kind is Kind.CHAIR_RECORD:
        return f"your record for {name_author(facts)}"
    if kind is Kind.CHALLENGER_CORRECTIONS:
        return f"your corrected draft summary for {name_author(facts)}"
    return f"your {name_submission(kind, _review_of(facts, kind))}"


def _review_of(facts: Facts, kind: Kind) -> int:
    """The review that a document of a kind is for: 0 for all but a progress report."""
    return facts.review if kind is Kind.PROGRESS_REPORT else 0


def short_day_of(day: date, today: date) -> str:
    """A day in a subject: "26 February", with its year where that is not this year's."""
    words = day_in_words(day)
    return words.removesuffix(f" {day.year}") if day.year == today.year else words
