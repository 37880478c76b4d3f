"""What follows from changing an open cycle: what stands in the way, and what happens when it is done.

Everything is worked out from the register and the two versions of the cycle, and nothing is written.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from peer_challenge.clock import local_day
from peer_challenge.dates.deadlines import challenge_deadlines
from peer_challenge.dates.working_days import WorkingDays
from peer_challenge.events.change_chair import find_why_not, has_chair_to_change, list_free_chairs
from peer_challenge.events.clashes import find_clashes
from peer_challenge.events.possible_days import is_among_days
from peer_challenge.events.propose_or_set_events import list_events_elsewhere
from peer_challenge.model.access import Access
from peer_challenge.model.challenge import EventFacts
from peer_challenge.model.cycle import Chair, Cycle, Participant
from peer_challenge.model.cycle_changes import BearsOn, CycleChange
from peer_challenge.model.days_in_words import day_in_words
from peer_challenge.model.journey import is_final_stage, is_under_way, open_deadlines
from peer_challenge.model.messages import GONE, WAITING, Addressee
from peer_challenge.model.sentences import join_in_words, say_how_many
from peer_challenge.model.vocabulary import DEADLINE_NAMES, DeadlineName
from peer_challenge.partners.pins_and_bans import map_author_to_challenger
from peer_challenge.partners.proposals import Basis, read_basis
from peer_challenge.partners.solver import check_pairs
from peer_challenge.post.group_into_messages import find_everybody
from peer_challenge.post.new_contacts import list_forms_not_got
from peer_challenge.register import assignments, challenges, date_adjustments, messages, people
from peer_challenge.register.database import Transaction
from peer_challenge.register.events import events_of
from peer_challenge.register.people import User
from peer_challenge.register.records import AssignmentStatus, Challenge, Message


@dataclass(frozen=True, slots=True)
class Refusal:
    """A change that can't be made any more: its place in the cycle, why, and what to do instead."""

    place: str
    why: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.place}: {self.why} {self.remedy}"


@dataclass(frozen=True, slots=True)
class Change:
    """An open cycle before and after, what is different, and the moment at which it is looked at."""

    before: Cycle
    after: Cycle
    changes: tuple[CycleChange, ...]
    at: datetime

    def bears_on(self, what: BearsOn) -> bool:
        """Whether any of the changes bears on something."""
        return any(change.row.bears_on is what for change in self.changes)

    @property
    def new_areas(self) -> tuple[Participant, ...]:
        """The areas, and challengers from outside, that come into the cycle."""
        return tuple(
            self.after.participant[change.whose]
            for change in self.changes
            if change.part == "participants" and change.is_new
        )

    @property
    def leaving_chairs(self) -> tuple[Chair, ...]:
        """The Chairs who leave."""
        return tuple(
            self.after.chair[change.whose]
            for change in self.changes
            if change.field == "left" and change.after
        )


def find_fixed(change: Change) -> Iterator[Refusal]:
    """What of the change can't be changed in any open cycle."""
    for one in change.changes:
        if one.is_gone:
            name = change.before.participant[one.whose].name
            renamed = (
                f" If it is only renamed, write `id: {one.whose}` beside the new name."
                if change.new_areas
                else ""
            )
            remedy = f"Put it back, and withdraw it on its page if it leaves.{renamed}"
            yield Refusal(one.place, f"{name} takes part: what it sent and got stays in the cycle.", remedy)
        elif one.row.why_fixed:
            yield Refusal(one.place, f"{one.told} {one.row.why_fixed}.", one.row.remedy)


def find_late_areas(connection: Transaction, change: Change) -> Iterator[Refusal]:
    """Areas that come when partners are approved already."""
    if not assignments.load_latest(connection, change.before.id, AssignmentStatus.APPROVED):
        return
    for area in change.new_areas:
        yield Refusal(
            f"participants/{area.id}",
            f"Partners are approved, so that {area.name} can't come into this cycle any more.",
            "Undo the approval first, while nothing of it has gone out, or let it come in the next cycle.",
        )


def find_past_dates(connection: Transaction, change: Change) -> Iterator[Refusal]:
    """Dates to come that would be past with the change: nobody can meet them."""
    today = local_day(change.at)
    places = [one.place for one in change.changes if one.row.bears_on is BearsOn.DATES]
    for challenge, before, after in list_moved_dates(connection, change):
        ahead = open_deadlines(challenge.stage, came=challenge.came)
        for name in ahead:
            was, now = before.get(name), after.get(name)
            if now is not None and now < today and (was is None or was >= today):
                who = change.after.participant[challenge.author_id].name
                yield Refusal(
                    join_in_words(places),
                    f"{DEADLINE_NAMES[name]} of {who} would be {day_in_words(now)}, which is past.",
                    "Choose a later day, or more days.",
                )


Days = dict[DeadlineName, date]


def list_moved_dates(connection: Transaction, change: Change) -> Iterator[tuple[Challenge, Days, Days]]:
    """Each challenge whose dates the change moves, with its dates before and after."""
    if not change.bears_on(BearsOn.DATES):
        return
    adjustments = date_adjustments.adjustments_in(connection, change.before.id)
    due = challenges.due_dates_in(connection, change.before.id)
    for challenge in challenges.list_challenges_in_cycle(connection, change.before.id):
        if is_final_stage(challenge.stage):
            continue
        dates, made = challenges.read_challenge_dates(challenge), adjustments.get(challenge.id, [])
        found = challenge_deadlines(change.after, dates, made)
        after = {name: deadline.due_on for name, deadline in found.items()}
        if (before := due.get(challenge.id, {})) != after:
            yield challenge, before, after


def tell_moved_dates(connection: Transaction, change: Change) -> Iterator[str]:
    """Sentences on the dates that move, one for each date and how it moves."""
    today = local_day(change.at)
    moved: dict[tuple[DeadlineName, date, date], list[str]] = {}
    for challenge, before, after in list_moved_dates(connection, change):
        for name, now in after.items():
            was = before.get(name, now)
            if was != now and max(was, now) >= today:
                who = change.after.participant[challenge.author_id].name
                moved.setdefault((name, was, now), []).append(who)
    for (name, was, now), areas in moved.items():
        yield (
            f"{DEADLINE_NAMES[name]}: {day_in_words(was)} becomes {day_in_words(now)} for "
            f"{join_in_words(areas)}. Those who know of the date get a letter."
        )


def tell_new_areas(change: Change) -> Iterator[str]:
    """Sentences on the areas that come."""
    due = day_in_words(change.after.dates.self_assessment_due)
    for area in change.new_areas:
        if area.external:
            yield f"{area.name} can be chosen as a challenger. It writes no self-assessment."
        else:
            yield f"{area.name} gets its self-assessment form, to be returned by {due}."


def tell_names(change: Change) -> Iterator[str]:
    """Sentences on what documents say, and are checked for, from now on."""
    renamed = [
        one for one in change.changes if one.part == "participants" and one.field == "name" and one.before
    ]
    for one in renamed:
        yield (
            f"Documents call it “{one.after}” from now on. What went out stays as it was, and forms that "
            f"went out under “{one.before}” are still recognised."
        )
    rules = [one for one in change.changes if one.part == "rules" and one.row.bears_on is BearsOn.DOCUMENTS]
    if rules:
        yield (
            "Documents that come in or go out from now on follow the new rule. Forms that went out still "
            "say the old one: please tell the areas where it matters."
        )


def has_to_propose(connection: Transaction, change: Change) -> bool:
    """Whether the partners that are proposed have to be worked out again."""
    standing = assignments.load_standing(connection, change.before.id)
    if standing is None or standing.status is not AssignmentStatus.PROPOSED:
        return False
    has_none = not standing.proposal["pairs"] and change.bears_on(BearsOn.PARTNERS)
    return has_none or bool(change.new_areas) or bool(_find_newly_broken(connection, change))


def tell_partners(connection: Transaction, change: Change) -> Iterator[str]:
    """Sentences on partners, proposed or approved, that would break a rule."""
    standing = assignments.load_standing(connection, change.before.id)
    if standing is None:
        return
    broken = _find_newly_broken(connection, change)
    if standing.status is AssignmentStatus.PROPOSED:
        if not change.bears_on(BearsOn.PARTNERS) and not change.new_areas:
            return
        if not standing.proposal["pairs"]:
            yield "We look for partners again. See on the page “Partners” what we found."
        elif not has_to_propose(connection, change):
            yield "The proposed partners stay. For others, choose “Propose partners” on the page “Partners”."
        else:
            why = f" {' '.join(broken)}" if broken else ""
            yield f"Partners are proposed again, for you to approve.{why}"
        return
    for sentence in broken:
        yield (
            f"{sentence} They are partners already and stay so. To change it, undo the approval while "
            "nothing of it has gone out."
        )


def _find_newly_broken(connection: Transaction, change: Change) -> list[str]:
    """The rules that the present partners break with the change, and did not break before, in words."""
    if not change.bears_on(BearsOn.PARTNERS):
        return []
    standing = challenges.list_challenges_in_cycle(connection, change.before.id)
    free = tuple(one.author_id for one in standing if is_under_way(one.stage))
    before, after = (read_basis(connection, one, free=free) for one in (change.before, change.after))
    pairs = map_author_to_challenger(before.proposal)
    pairs |= {one.author_id: one.challenger_id or "" for one in standing if one.author_id in free}
    known = set(_list_broken(before, pairs))
    return [sentence for sentence in _list_broken(after, pairs) if sentence not in known]


def _list_broken(basis: Basis, pairs: dict[str, str]) -> list[str]:
    return check_pairs(basis.problem, {a: c for a, c in pairs.items() if a in basis.problem.authors})


@dataclass(frozen=True, slots=True)
class HandedOver:
    """An event, or the record of one that was held, that a Chair who leaves hands over, and to whom."""

    challenge_id: str
    chair_id: str


def hand_events_over(connection: Transaction, change: Change) -> tuple[list[HandedOver], list[Refusal]]:
    """Who takes the events of the Chairs who leave; each for which there is nobody is a refusal.

    The Chairs with fewest events come first.
    """
    leaving = {chair.id for chair in change.leaving_chairs}
    if not leaving:
        return [], []
    standing = {c.id: c for c in challenges.list_challenges_in_cycle(connection, change.before.id)}
    events = events_of(connection, change.after)
    others = [*events, *list_events_elsewhere(connection, change.after)]
    given, refused = [], []
    for event in events:
        if event.chair.id not in leaving or not has_chair_to_change(standing[event.challenge]):
            continue
        free = list_free_chairs(change.after, event, others, change.at)
        if not free:
            refused.append(_refuse_to_leave(change, event, others))
            continue
        given.append(HandedOver(event.challenge, free[0].id))
        others = [_with_chair(one, event.challenge, free[0]) for one in others]
    return given, refused


def _with_chair(event: EventFacts, challenge_id: str, chair: Chair) -> EventFacts:
    if event.challenge != challenge_id:
        return event
    held = {name: getattr(event, name) for name in EventFacts.__slots__}
    return EventFacts(**(held | {"chair": chair}))


def _refuse_to_leave(change: Change, event: EventFacts, others: Sequence[EventFacts]) -> Refusal:
    why = [find_why_not(chair, event, others, change.at) for chair in change.after.present_chairs]
    about = f"the event of {event.author.name} on {day_in_words(local_day(event.starts_at))}"
    return Refusal(
        f"chairs/{event.chair.id}",
        " ".join([f"Nobody else can take {about}.", *filter(None, why)]),
        "Add a Chair who can, or move the event first.",
    )


def tell_events(connection: Transaction, change: Change, given: Sequence[HandedOver]) -> Iterator[str]:
    """Sentences on events: which get another Chair, and which can't be as they are set any more."""
    events = {event.challenge: event for event in events_of(connection, change.after)}
    for chair in change.leaving_chairs:
        mine = [one for one in given if events[one.challenge_id].chair.id == chair.id]
        if mine:
            lose = say_how_many(len(mine), "event loses its Chair", "events lose their Chair")
            yield f"{lose}, {chair.name}, who gets no email any more: please tell them yourself."
    for one in given:
        event, chair = events[one.challenge_id], change.after.chair[one.chair_id]
        day = day_in_words(local_day(event.starts_at))
        if event.ends_at <= change.at:
            yield f"{chair.name} gets the form for the record of the event of {event.author.name} on {day}."
        else:
            yield (
                f"{chair.name} takes the event of {event.author.name} on {day}. "
                "Its people get a new invitation."
            )
    if change.bears_on(BearsOn.EVENTS) or change.bears_on(BearsOn.DATES):
        before = list(_list_event_problems(connection, change.before, change.at))
        for sentence in _list_event_problems(connection, change.after, change.at):
            if sentence not in before:
                yield f"{sentence} Move the event, or give it to another Chair, on the page of the challenge."


def _list_event_problems(connection: Transaction, cycle: Cycle, at: datetime) -> Iterator[str]:
    """What is wrong with the events to come of a cycle, as the cycle is."""
    events = [event for event in events_of(connection, cycle) if event.ends_at > at]
    working = WorkingDays(cycle.rules.extra_bank_holidays)
    for event in events:
        day = local_day(event.starts_at)
        about = f"The event of {event.author.name} is on {day_in_words(day)}."
        if why := working.why_not(day):
            yield f"{about} That is {why}."
        for area in (event.author, event.challenger):
            if is_among_days(area.unavailable, day):
                yield f"{about} {area.name} can't come."
        if not event.chair.left and (why := find_why_not(event.chair, event, (), at)):
            yield f"{about} {why}"
    yield from (clash.told for clash in find_clashes(cycle, events, {}))


Reached = tuple[Addressee, str]
"""A recipient of messages: what kind, and its id."""


def list_recipients_changed(change: Change) -> list[Reached]:
    """The recipients whose addresses, or what each of them receives, are different."""
    kinds = {"participants": Addressee.AREA, "chairs": Addressee.CHAIR, "cycle": Addressee.OFFICE}
    return list(
        dict.fromkeys(
            (kinds[one.part], one.whose or Addressee.OFFICE.value)
            for one in change.changes
            if one.row.bears_on is BearsOn.MESSAGES and not one.is_new
        )
    )


def list_waiting_messages(connection: Transaction, change: Change, reached: Reached) -> list[Message]:
    """The messages of the cycle that have not gone to a recipient yet."""
    addressee, recipient_id = reached
    return messages.list_messages(
        connection,
        states=WAITING,
        cycle_id=change.before.id,
        addressee=addressee,
        recipient_id=recipient_id,
        most=None,
    )


def tell_messages(connection: Transaction, change: Change) -> Iterator[str]:
    """Sentences on messages that wait, and on whose access ends."""
    for reached in list_recipients_changed(change):
        if count := len(list_waiting_messages(connection, change, reached)):
            goes = say_how_many(count, "message that waits goes", "messages that wait go")
            yield f"{goes} to the present contacts of {_name_recipient(change.after, reached)}."
    for user in list_losing_access(connection, change):
        yield f"{user.name} can't sign in any more."


def tell_what_went_before(connection: Transaction, change: Change) -> Iterator[str]:
    """Sentences on what has gone to earlier contacts, or gave an earlier address of the office."""
    for reached in list_recipients_changed(change):
        is_office = reached[0] is Addressee.OFFICE
        gone = messages.list_messages(
            connection,
            states=GONE,
            cycle_id=change.before.id,
            addressee=None if is_office else reached[0],
            recipient_id=None if is_office else reached[1],
            most=1,
        )
        if gone and is_office:
            yield (
                "What went out still gives the office as it was. Please tell the areas and the Chairs, and "
                "go on reading the old mailbox."
            )
        elif gone:
            yield from _tell_what_contacts_have(connection, change, reached)


def _tell_what_contacts_have(connection: Transaction, change: Change, reached: Reached) -> Iterator[str]:
    name, who = _name_recipient(change.after, reached), reached[1]
    days = [
        day_in_words(local_day(event.starts_at))
        for event in events_of(connection, change.after)
        if event.ends_at > change.at and who in (event.author.id, event.challenger.id, event.chair.id)
    ]
    before, now = (find_everybody(cycle, *reached) for cycle in (change.before, change.after))
    if now - before:
        invited = f", the invitation to the event on {join_in_words(days)} included" if days else ""
        yield f"What {name} has got already does not go to its new address{invited}."
        forms = list_forms_not_got(connection, change.after, addressee=reached[0], recipient_id=who)
        for form in forms:
            yield f"{form.told} Once this is changed, the page of the cycle has a link to send it to them."
    if before - now:
        diary = ", and to take the event out of their diary" if days else ""
        yield f"Please ask those who leave {name} to delete what they have{diary}."


def _name_recipient(cycle: Cycle, reached: Reached) -> str:
    addressee, recipient_id = reached
    if addressee is Addressee.OFFICE:
        return cycle.office.name
    holder = cycle.participant if addressee is Addressee.AREA else cycle.chair
    return holder[recipient_id].name


def list_losing_access(connection: Transaction, change: Change) -> list[User]:
    """The people who sign in with an address that was in the cycle for their area or Chair and is no more."""
    if not change.bears_on(BearsOn.MESSAGES):
        return []
    return [
        user
        for user in people.list_members(connection, change.before.id)
        if user.email in _list_addresses_of(change.before, user) - _list_addresses_of(change.after, user)
        or (user.access is Access.CHAIR and user.chair_id in {chair.id for chair in change.leaving_chairs})
    ]


def _list_addresses_of(cycle: Cycle, user: User) -> set[str]:
    """The addresses that a cycle has for the area or Chair that somebody acts for, in small letters."""
    if user.access is Access.CHAIR:
        chair = cycle.chair.get(user.chair_id or "")
        return {chair.email.lower()} if chair else set()
    area = cycle.participant.get(user.participant_id or "")
    return {contact.email.lower() for contact in area.contacts} if area else set()
