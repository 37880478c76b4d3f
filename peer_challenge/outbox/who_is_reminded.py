"""Reminders in the register: each is intended once, for the person who has to act."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from peer_challenge.clock import local_day
from peer_challenge.dates.deadlines import Deadline, challenge_deadlines
from peer_challenge.dates.reminder_rules import Reminder, due_reminders, find_answer_day
from peer_challenge.errors import WrongUse
from peer_challenge.model.access import HOLDERS, Scope, was_asked_for
from peer_challenge.model.challenge_ids import find_author_id, make_challenge_id
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.cycle_rules import Rules
from peer_challenge.model.journey import Send, is_final_stage, list_awaited, open_deadlines
from peer_challenge.model.kinds_of_submission import ASKED_AGAIN, ASKED_BY, DUE_BY, KIND_DUE_AT, LAPSE
from peer_challenge.model.messages import find_addressee_kind
from peer_challenge.model.overdue_or_at_risk import find_open_outcome, list_kinds_not_awaited
from peer_challenge.model.reasons import read_reason
from peer_challenge.model.vocabulary import DeadlineName, DispatchKind, Kind, Outcome, Role
from peer_challenge.model.who_gets_a_message import choose_recipients, find_topic_of_reminder
from peer_challenge.outbox.remind_actions import intend_action_reminders
from peer_challenge.register import (
    access_facts,
    challenges,
    date_adjustments,
    journal,
    messages,
    outbox,
    submission_counts,
)
from peer_challenge.register.access_facts import ChallengeWithScope
from peer_challenge.register.cycles import load_cycles
from peer_challenge.register.database import Register, Transaction
from peer_challenge.register.records import Challenge, Dispatch

_OF_OTHERS = (f"/{Role.CHALLENGER.value}", f"/{Role.CHAIR.value}")
"""How the keys end of an event's reminders to others than its author."""
_PAPERS = {Role.CHALLENGER: (DispatchKind.CHALLENGER_BRIEFING,), Role.CHAIR: (DispatchKind.CHAIR_BRIEFING,)}
"""The papers that say day, time and place of an event to all who would be reminded of it."""
_OF_REVIEWS = frozenset(DUE_BY[kind] for kind in ASKED_AGAIN)
"""The deadlines that come again for each review."""


@dataclass(frozen=True, slots=True)
class Due:
    """A reminder that is due: to whom, in which challenge."""

    cycle_id: str
    challenge_id: str
    recipient_id: str
    reminder: Reminder
    has_address: bool
    arrived: Outcome | None = None
    answer_by: date | None = None


def intend_reminders(register: Register, at: datetime) -> int:
    """Intend the reminders that are due at `at` in every open cycle; returns how many are new.

    Those of dates, and, where a cycle chases actions, those of actions whose own day has come.
    """
    with register.writing() as connection:
        found = list(_find_due_reminders(connection, at))
        for due, challenge, role in found:
            _intend_reminder(connection, challenge, due, role, at)
        of_actions = intend_action_reminders(connection, at)
    return len(found) + of_actions


def list_reminders(register: Register, at: datetime) -> list[Due]:
    """The reminders that are due at `at` and were not sent; changes nothing."""
    with register.reading() as connection:
        return [due for due, _, _ in _find_due_reminders(connection, at)]


def _find_due_reminders(connection: Transaction, at: datetime) -> Iterator[tuple[Due, Challenge, Role]]:
    today = local_day(at)
    for cycle in load_cycles(connection):
        sent = outbox.reminders_in(connection, cycle.id)
        adjustments = date_adjustments.adjustments_in(connection, cycle.id)
        outcomes = submission_counts.newest_outcomes(connection, cycle.id)
        for challenge, scope in access_facts.challenges_of_cycle(connection, cycle.id):
            deadlines = challenge_deadlines(
                cycle, challenges.read_challenge_dates(challenge), adjustments.get(challenge.id, [])
            )
            if challenge.event is not None:
                keys = sent.get(challenge.id, set())
                yield from _find_event_reminders(connection, cycle, challenge, scope, deadlines, keys, today)
            came = list_kinds_not_awaited(
                challenge.came,
                {name: deadline.due_on for name, deadline in deadlines.items()},
                outcomes.get(challenge.id, {}),
                today,
            )
            for name, role in _list_reminded(connection, challenge, scope, came):
                who = challenges.find_recipient_id(connection, challenge, role)
                asked_on = _find_day_last_sent(connection, challenge, who, ASKED_BY[name])
                keys = sent.get(challenge.id, set())
                for reminder in due_reminders(deadlines, name, today, cycle.rules, keys, asked_on):
                    arrived = find_open_outcome(name, outcomes.get(challenge.id, {}))
                    due = _describe_due(connection, cycle, challenge, role, reminder, arrived)
                    if not arrived and KIND_DUE_AT.get(name) in LAPSE:  # nobody has to send it
                        continue
                    if arrived and _was_asked_lately(connection, challenge, due, today, cycle.rules):
                        continue
                    if arrived:
                        answer_by = _find_answer_day(challenge, name, reminder.due_on, today, cycle.rules)
                        due = replace(due, answer_by=answer_by)
                    yield due, challenge, role


def _list_reminded(
    connection: Transaction, challenge: Challenge, scope: Scope, came: Collection[Kind]
) -> Iterator[tuple[DeadlineName, Role]]:
    """The deadlines that a challenge waits for now, each with who has been asked to meet it.

    `came` are the kinds that nobody waits for.
    """
    for wait in list_awaited(challenge.stage, came=came):
        if wait.deadline is None or wait.role is Role.OFFICE:
            continue
        if wait.deadline is DeadlineName.EVENT_ON:  # everybody who takes part is reminded of it
            continue
        if wait.deadline in _OF_REVIEWS and not _is_review_asked_for(connection, challenge):
            continue
        if was_asked_for(wait.role, scope, wait.deadline):
            yield wait.deadline, wait.role


def _describe_due(
    connection: Transaction,
    cycle: Cycle,
    challenge: Challenge,
    role: Role,
    reminder: Reminder,
    arrived: Outcome | None,
) -> Due:
    who = challenges.find_recipient_id(connection, challenge, role)
    return Due(cycle.id, challenge.id, who, reminder, _has_address(cycle, role, who, reminder), arrived)


def _find_day_last_sent(
    connection: Transaction, challenge: Challenge, who: str, *kinds: DispatchKind
) -> date | None:
    """The day on which a message went last to somebody with a document of one of these kinds."""
    sent = [at for kind in kinds for at in messages.list_sent_at(connection, challenge.id, kind, to=who)]
    return local_day(max(sent)) if sent else None


def _find_event_reminders(
    connection: Transaction,
    cycle: Cycle,
    challenge: Challenge,
    scope: Scope,
    deadlines: Mapping[DeadlineName, Deadline],
    keys: Collection[str],
    today: date,
) -> Iterator[tuple[Due, Challenge, Role]]:
    """The reminders of an event that are due, to the author, the challenger and the Chair, once each.

    Only before it, and whatever else the challenge waits for. Of the days before on which a cycle reminds,
    the last alone counts: a week before an event its papers come. The author's have the key of the rule
    alone; the others' end with their role.
    """
    rules = cycle.rules.model_copy(
        update={"reminders_before_days": tuple(sorted(cycle.rules.reminders_before_days)[:1])}
    )
    if DeadlineName.EVENT_ON not in open_deadlines(challenge.stage, came=()):
        return
    for role in HOLDERS:
        end = "" if role is Role.AUTHOR else f"/{role.value}"
        who = scope.holder(role)
        if who is None or not was_asked_for(role, scope, DeadlineName.EVENT_ON):
            continue
        mine = (
            {key.removesuffix(end) for key in keys if key.endswith(end)}
            if end
            else {key for key in keys if not key.endswith(_OF_OTHERS)}
        )
        told_by = (ASKED_BY[DeadlineName.EVENT_ON], *_PAPERS.get(role, ()))
        asked_on = _find_day_last_sent(connection, challenge, who, *told_by)
        for one in due_reminders(deadlines, DeadlineName.EVENT_ON, today, rules, mine, asked_on):
            if one.is_before:
                reminder = replace(one, key=f"{one.key}{end}")
                has_address = _has_address(cycle, role, who, reminder)
                yield Due(cycle.id, challenge.id, who, reminder, has_address), challenge, role


def _has_address(cycle: Cycle, role: Role, who: str, reminder: Reminder) -> bool:
    """Whether somebody of the recipient gets this reminder by email."""
    found = choose_recipients(
        cycle,
        find_addressee_kind(role),
        who,
        (find_topic_of_reminder(reminder.what),),
        is_escalation=reminder.is_escalation,
    )
    return bool(found.to)


def _is_review_asked_for(connection: Transaction, challenge: Challenge) -> bool:
    """Whether the form for the next review has gone out: the one before asks for another report."""
    return challenge.last_review + 1 in outbox.list_reviews_asked_for(connection, challenge.id)


def _find_review(challenge: Challenge, deadline: str) -> int:
    """The number of the review that a deadline of a challenge is about; 0 for the other deadlines."""
    return challenge.last_review + 1 if deadline in _OF_REVIEWS else 0


def _was_asked_lately(
    connection: Transaction, challenge: Challenge, due: Due, today: date, rules: Rules
) -> bool:
    """Whether the letter of questions gives its recipient time until today or later, or has not gone yet."""
    do_wait, letter = _find_questions(connection, challenge, due.reminder.what, due.recipient_id)
    if do_wait or letter is None:
        return do_wait
    asked_on, what = local_day(letter.intended_at), due.reminder.what
    return _find_answer_day(challenge, what, due.reminder.due_on, asked_on, rules) >= today


def _find_answer_day(challenge: Challenge, what: str, due_on: date, asked_on: date, rules: Rules) -> date:
    """The day by which questions are answered about the form that is due as `what`."""
    is_for_event = what == DeadlineName.RESPONSE_DUE and challenge.event is not None
    event_on = local_day(challenge.event.starts_at) if challenge.event and is_for_event else None
    return find_answer_day(due_on, asked_on, rules, event_on)


def _find_questions(
    connection: Transaction, challenge: Challenge, deadline: str, to: str
) -> tuple[bool, Dispatch | None]:
    """Whether a letter of questions to somebody is still to go, and the newest that was made."""
    about, kind = _find_review(challenge, deadline), DispatchKind.QUERY_LETTER
    letter = outbox.load_last_issued(connection, challenge.id, kind, to=to, review=about)
    is_made = letter is not None and not messages.find_sent_times(connection, [letter.id])
    return is_made or outbox.is_intended(connection, challenge.id, kind, to=to, review=about), letter


def _intend_reminder(
    connection: Transaction, challenge: Challenge, due: Due, role: Role, at: datetime
) -> None:
    reminder = due.reminder
    parameters = {
        "reminder": reminder.key,
        "what": reminder.what,
        "due_on": reminder.due_on.isoformat(),
        "days_left": reminder.days_left(local_day(at)),
        "rule": reminder.rule,
        "is_escalation": reminder.is_escalation,
        **({"review": review} if (review := _find_review(challenge, reminder.what)) else {}),
    }
    if due.arrived and due.answer_by:
        parameters |= {"arrived": due.arrived.value, "answer_by": due.answer_by.isoformat()}
    challenges.intend_challenge_dispatch(
        connection,
        challenge,
        Send(DispatchKind.REMINDER, role),
        at=at,
        suffix=reminder.key,
        parameters=parameters,
    )


def remind_now(
    connection: Transaction,
    cycle: Cycle,
    challenge_id: str,
    at: datetime,
    *,
    actor: str,
    reason: str,
    seen: str | None = None,
    known: ChallengeWithScope | None = None,
) -> None:
    """Intend a reminder of what a challenge waits for, because the office asks for it; at most one a day.

    The reminders that follow the rules go out as if it had not been sent. `seen` is the mark of the reminder
    that the office was shown, one of `list_reminder_marks`; None means what is waited for first. `known` is
    the challenge with its scope, where the caller has read many at once.

    Raises WrongUse where the challenge waits for nobody outside the office, for somebody who has not been
    asked yet, or for something else than was shown.
    """
    why, today = read_reason(reason), local_day(at)
    found = known or access_facts.load_challenge(connection, cycle.id, find_author_id(challenge_id))
    waits = _list_waits(connection, found[0]) if found else {}
    if found is None or not waits:
        raise WrongUse("Nobody keeps this challenge waiting.", remedy="See on its page what comes next.")
    challenge, scope = found
    name, role = waits.get(next(iter(waits)) if seen is None else seen, (None, None))
    if name is None or role is None:
        raise WrongUse(
            "It now waits for somebody else, or for something else, than the page showed.",
            remedy="Nobody was reminded of it. Look at the page as it is now, then decide again.",
        )
    if not was_asked_for(role, scope, name):
        raise WrongUse(
            "They have not been asked for it yet: the form has not gone to them.",
            remedy="See under To send whether it waits there.",
        )
    due = challenges.due_dates(connection, challenge_id).get(name)
    if due is None:
        raise WrongUse("No day is set for it yet.", remedy="See on its page what comes next.")
    key = f"now/{name}/{due.isoformat()}/{today.isoformat()}"
    if key in outbox.reminders_in(connection, cycle.id).get(challenge_id, set()):
        raise WrongUse("You have reminded them of this today.", remedy="Ring them, or wait a day.")
    arrived = find_open_outcome(
        name, submission_counts.newest_outcomes(connection, cycle.id).get(challenge_id, {})
    )
    who = challenges.find_recipient_id(connection, challenge, role)
    if arrived and _find_questions(connection, challenge, name, who)[0]:
        raise WrongUse(
            "Our questions have not been sent to them yet, so there is nothing to remind them of.",
            remedy="Send the letter of questions: it waits under To send.",
        )
    reminder = Reminder(key, name, due, today, "the programme office")
    answer_by = _find_answer_day(challenge, name, due, today, cycle.rules) if arrived else None
    wanted = Due(cycle.id, challenge_id, who, reminder, True, arrived, answer_by)
    _intend_reminder(connection, challenge, wanted, role, at)
    journal.append_entry(
        connection,
        "reminder asked for",
        at=at,
        actor=actor,
        cycle_id=cycle.id,
        challenge_id=challenge_id,
        what=name.value,
        recipient=who,
        reason=why,
    )


def remind_everybody_awaited(
    connection: Transaction,
    cycle: Cycle,
    challenge_id: str,
    at: datetime,
    *,
    actor: str,
    reason: str,
    seen: Sequence[str] | None = None,
) -> None:
    """Remind everybody whom a challenge waits for, as `remind_now` does.

    `seen` are the marks that the office was shown; None means all of now. Raises WrongUse where nobody can be
    reminded: why the first can't.
    """
    challenge = challenges.find_challenge(connection, challenge_id)
    marks = seen if seen is not None else list_reminder_marks(connection, challenge) if challenge else ()
    wanted, refusals = marks or (None,), []
    for mark in wanted:
        try:
            remind_now(connection, cycle, challenge_id, at, actor=actor, reason=reason, seen=mark)
        except WrongUse as refused:
            refusals.append(refused)
    if len(refusals) == len(wanted):
        raise refusals[0]


def list_reminder_marks(connection: Transaction, challenge: Challenge) -> list[str]:
    """What says about whom, of what and to whom each reminder of a challenge would go now."""
    return list(_list_waits(connection, challenge))


def _list_waits(connection: Transaction, challenge: Challenge) -> dict[str, tuple[DeadlineName, Role]]:
    """By its mark, each deadline that somebody outside the office has to meet now, and who."""
    found: dict[str, tuple[DeadlineName, Role]] = {}
    for wait in list_awaited(challenge.stage, came=challenge.came):
        if wait.deadline is not None and wait.role is not Role.OFFICE:
            who = challenges.find_recipient_id(connection, challenge, wait.role)
            mark = Reminded(challenge.author_id, who, wait.deadline).mark
            found[mark] = (wait.deadline, wait.role)
    return found


@dataclass(frozen=True, slots=True)
class Reminded:
    """A challenge that was to be reminded now: by its author's id; `why_not` is empty where it was."""

    author_id: str
    recipient_id: str
    what: DeadlineName | None
    why_not: str = ""

    @property
    def mark(self) -> str:
        """A text that is another one for another author, deadline or recipient."""
        return f"{self.author_id}/{self.what.value if self.what else ''}/{self.recipient_id}"


def remind_several(
    connection: Transaction,
    cycle: Cycle,
    seen: Sequence[str],
    at: datetime,
    *,
    actor: str,
    reason: str,
) -> list[Reminded]:
    """Intend a reminder for each of several challenges of a cycle, as `remind_now` does; what became of each.

    `seen` has the mark (`Reminded.mark`) of each reminder that was chosen. One that can't be made keeps none
    of the others from being made. Raises WrongUse without a reason, and where not one can be made.
    """
    why = read_reason(reason)
    done = [_remind_one(connection, cycle, one, at, actor=actor, reason=why) for one in seen]
    if not any(not one.why_not for one in done):
        raise WrongUse("Nobody of these can be reminded now.", remedy="See on the page why.")
    return done


def list_remindable(connection: Transaction, cycle: Cycle, at: datetime) -> list[Reminded]:
    """Every challenge of a cycle with who would be reminded of what, or why nobody can be.

    For a transaction that is taken back: the reminders are intended in it.
    """
    return [
        _remind_one(connection, cycle, mark, at, actor="", reason="preview", known=one)
        for one in access_facts.challenges_of_cycle(connection, cycle.id)
        if not is_final_stage(one[0].stage)
        for mark in list_reminder_marks(connection, one[0]) or [one[0].author_id]
    ]


def _remind_one(
    connection: Transaction,
    cycle: Cycle,
    mark: str,
    at: datetime,
    *,
    actor: str,
    reason: str,
    known: ChallengeWithScope | None = None,
) -> Reminded:
    """What became of the reminder with a mark, which begins with the author's id."""
    author_id = mark.partition("/")[0]
    which = make_challenge_id(cycle.id, author_id)
    challenge = known[0] if known else challenges.find_challenge(connection, which)
    if challenge is None:
        return Reminded(author_id, "", None, "There is no such area in this cycle.")
    name, role = _list_waits(connection, challenge).get(mark, (None, None))
    who = challenges.find_recipient_id(connection, challenge, role) if role is not None else ""
    try:
        remind_now(connection, cycle, challenge.id, at, actor=actor, reason=reason, seen=mark, known=known)
    except WrongUse as refused:
        return Reminded(author_id, who, name, str(refused))
    return Reminded(author_id, who, name)
