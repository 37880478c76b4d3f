"""What changes from one version of a cycle to the next: each change by itself, and what it bears on.

FIELDS has a row for every value of a cycle. It says what a value is called, what follows from changing it
while the cycle is open, and, where it can't be changed any more, why.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from peer_challenge.model.cycle import Chair, Contact, Cycle, Dates, Participant
from peer_challenge.model.cycle_rules import AssignmentRules, DateRange, Policy, Rules
from peer_challenge.model.days_in_words import day_in_words
from peer_challenge.model.names_alike import make_name_key
from peer_challenge.model.rules_of_older_cycles import LATER_RULES
from peer_challenge.model.sentences import capitalise_first_letter, join_in_words
from peer_challenge.model.who_gets_a_message import list_ticks


class BearsOn(StrEnum):
    """What has to be looked at when a value changes."""

    DOCUMENTS = "what documents say or are checked for from now on"
    MESSAGES = "whom messages go to, and who may sign in"
    PARTNERS = "who may challenge whom"
    DATES = "when things are due"
    EVENTS = "when events can be, and who can chair them"


@dataclass(frozen=True, slots=True)
class FieldRow:
    """A value of a cycle: what it is called, and what it bears on.

    `why_fixed` says why it can't be changed while the cycle is open, and `remedy` what to do instead.
    `has_no_order`: the same things in another order are the same value.
    """

    words: str
    bears_on: BearsOn | None = None
    why_fixed: str = ""
    remedy: str = ""
    has_no_order: bool = False


_D, _M, _P, _T, _E = BearsOn.DOCUMENTS, BearsOn.MESSAGES, BearsOn.PARTNERS, BearsOn.DATES, BearsOn.EVENTS
_FORMS_OUT = "The forms that went out ask by it"
_NEXT_CYCLE = "Put it back as it was. Open another cycle for another framework."

FIELDS: Mapping[tuple[str, str], FieldRow] = {
    ("cycle", "id"): FieldRow("id", why_fixed="It is the cycle's name in every form", remedy="Put it back."),
    ("cycle", "name"): FieldRow("name", _D),
    ("cycle", "framework"): FieldRow("framework", why_fixed=_FORMS_OUT, remedy=_NEXT_CYCLE),
    ("cycle", "omit"): FieldRow(
        "areas of focus left out", why_fixed=_FORMS_OUT, remedy=_NEXT_CYCLE, has_no_order=True
    ),
    ("cycle", "office"): FieldRow("programme office", _M),
    ("dates", "opens"): FieldRow(
        "opening day", why_fixed="The cycle is open already", remedy="Put the day back as it was."
    ),
    ("dates", "self_assessment_due"): FieldRow("day on which self-assessments are due", _T),
    ("rules", "word_limit"): FieldRow("words in a cell", _D),
    ("rules", "form_word_limit"): FieldRow("words in a whole self-assessment", _D),
    ("rules", "agreed_items"): FieldRow("agreed items of each kind", _D),
    ("rules", "macros"): FieldRow("documents with macros", _D),
    ("rules", "sign_off"): FieldRow("a sign-off that is missing", _D),
    ("rules", "not_applicable"): FieldRow("sub-headings that are not applicable", _D),
    ("rules", "marking"): FieldRow("protective marking", _D),
    ("rules", "rating_map"): FieldRow("words for ratings", _D),
    ("rules", "checks"): FieldRow("how checks are treated", _D),
    ("rules", "analysis_days"): FieldRow("days for the analysis", _T),
    ("rules", "event_months"): FieldRow("months for the event", _T),
    ("rules", "summary_working_days"): FieldRow("working days for the Chair's record", _T),
    ("rules", "accuracy_days"): FieldRow("working days to correct the draft summary", _T),
    ("rules", "action_plan_days"): FieldRow("days for the action plan", _T),
    ("rules", "response_working_days_before_event"): FieldRow(
        "working days between the response and the event", _T
    ),
    ("rules", "review_months"): FieldRow("months after which progress is reported", _T),
    ("rules", "chase_actions"): FieldRow("whether we remind areas of single actions"),
    ("rules", "show_last_time"): FieldRow("whether a form shows what its area said last time", _D),
    ("rules", "closing_time"): FieldRow("time at which a day ends", _T),
    ("rules", "resubmission_restarts_clock"): FieldRow("whether a new self-assessment restarts the clock"),
    ("rules", "events_per_day"): FieldRow("events on one day", _E),
    ("rules", "event_notice_working_days"): FieldRow("working days of notice of an event"),
    ("rules", "event_after_analysis_working_days"): FieldRow(
        "working days between the returned analysis and the event"
    ),
    ("rules", "timetable_working_days"): FieldRow("working days between the timetable and the first event"),
    ("rules", "agenda"): FieldRow("agenda of an event", _D),
    ("rules", "look_at_events"): FieldRow("whether the office agrees events before they are told"),
    ("rules", "reminders_before_days"): FieldRow("days before a date on which we remind"),
    ("rules", "reminders_after_working_days"): FieldRow("working days after a date on which we remind"),
    ("rules", "extra_bank_holidays"): FieldRow("extra bank holidays", _T, has_no_order=True),
    ("rules", "school_holidays"): FieldRow("school holidays", _E, has_no_order=True),
    ("rules", "school_calendars"): FieldRow("school calendars", _E, has_no_order=True),
    ("rules", "retention_months"): FieldRow("months for which words are kept"),
    ("rules", "look_before_sending"): FieldRow("whether the office looks at packs before they go"),
    ("rules", "evidence_goes_with_pack"): FieldRow(
        "whether files that come with a self-assessment go to the challenger", _D
    ),
    ("rules", "marking_in_subject"): FieldRow("the marking in the subject of emails", _D),
    ("assignment", "reciprocal"): FieldRow("partners who challenge each other", _P),
    ("assignment", "shared_police"): FieldRow("partners with one police force", _P),
    ("assignment", "shared_icb"): FieldRow("partners with one integrated care board", _P),
    ("assignment", "neighbours"): FieldRow("partners who are neighbours", _P),
    ("assignment", "previous_challenger"): FieldRow("partners of an earlier cycle", _P),
    ("assignment", "declared_conflicts"): FieldRow("partners with a declared conflict", _P),
    ("assignment", "repeat_within_cycles"): FieldRow("cycles after which partners may meet again", _P),
    ("assignment", "triads"): FieldRow("groups of three", _P),
    ("assignment", "pins"): FieldRow("partners that are set", _P),
    ("assignment", "bans"): FieldRow("partners that are ruled out", _P),
    ("assignment", "seed"): FieldRow("number that breaks ties between partners", _P),
    ("chairs", "name"): FieldRow("name", _D),
    ("chairs", "email"): FieldRow("email address", _M),
    ("chairs", "not_for"): FieldRow("areas with which there is a conflict", _E, has_no_order=True),
    ("chairs", "available"): FieldRow("days on which they can chair", _E, has_no_order=True),
    ("chairs", "unavailable"): FieldRow("days on which they can't chair", _E, has_no_order=True),
    ("chairs", "left"): FieldRow("has left", _M),
    ("participants", "name"): FieldRow("name", _D),
    ("participants", "aliases"): FieldRow("other names", _D, has_no_order=True),
    ("participants", "partnership"): FieldRow("partnership", _D),
    ("participants", "police"): FieldRow("police force", _P),
    ("participants", "icb"): FieldRow("integrated care boards", _P, has_no_order=True),
    ("participants", "neighbours"): FieldRow("neighbours", _P, has_no_order=True),
    ("participants", "contacts"): FieldRow("contacts", _M),
    ("participants", "challenged_by"): FieldRow("challengers in earlier cycles", _P),
    ("participants", "conflicts"): FieldRow("declared conflicts", _P, has_no_order=True),
    ("participants", "unavailable"): FieldRow("days on which it can't come", _E, has_no_order=True),
    ("participants", "capacity"): FieldRow("areas that it can challenge", _P),
    ("participants", "external"): FieldRow(
        "whether it comes from outside the region",
        why_fixed="Whether an area writes a self-assessment was settled when it came into the cycle",
        remedy="Put it back as it was. Withdraw an area that leaves, or add a challenger from outside.",
    ),
    ("participants", "size"): FieldRow("size", _P),
    ("participants", "type"): FieldRow("type", _P),
    ("participants", "school_calendar"): FieldRow("school calendar", _E),
}
"""A row for every value of a cycle but the ids of areas and Chairs. A test holds it complete."""

_PARTS: tuple[tuple[str, type[Dates | Rules | AssignmentRules]], ...] = (
    ("dates", Dates),
    ("rules", Rules),
    ("assignment", AssignmentRules),
)
POLICY_NAMES: Mapping[Policy, str] = {
    "forbid": "Never",
    "avoid": "Only if there is no other way",
    "allow": "Allowed",
}
"""What may be chosen for a rule about partners, and what people read there."""
_ASK = "We ask, and wait for the answer"
CHOICES: Mapping[tuple[str, str], Mapping[str, str]] = {
    **{
        ("assignment", name): {str(policy): words for policy, words in POLICY_NAMES.items()}
        for name, default in AssignmentRules().model_dump().items()
        if default in tuple(POLICY_NAMES)
    },
    ("rules", "macros"): {"reject": "We refuse it", "warn": "We take it in without them, and say so"},
    ("rules", "sign_off"): {"query": _ASK, "warn": "We take it in, and say so"},
    ("rules", "not_applicable"): {"allow": "We take it in", "query": _ASK},
    ("participants", "size"): {"small": "Small", "medium": "Medium", "large": "Large"},
}
"""What may be chosen for a value that is one of a few, with the words in which people choose it."""
_AREAS = frozenset({"neighbours", "conflicts", "not_for"})


@dataclass(frozen=True, slots=True)
class CycleChange:
    """One change of a cycle: the `part` of it, `whose` value (an area's or Chair's id, or ""), the `field`.

    `field` is "" where an area or a Chair is new. `before` and `after` are the values; of contacts, those of
    one contact. `told` says it in a sentence.
    """

    part: str
    whose: str
    field: str
    before: object
    after: object
    told: str

    @property
    def row(self) -> FieldRow:
        """What is known of the value that changes."""
        return FIELDS.get((self.part, self.field), FieldRow(self.field))

    @property
    def place(self) -> str:
        """Where the value is: "participants/ashcombe/police"."""
        return "/".join(part for part in (self.part, self.whose, self.field) if part and part != "cycle")

    @property
    def is_new(self) -> bool:
        """Whether an area or a Chair is new."""
        return not self.field and self.before is None

    @property
    def is_gone(self) -> bool:
        """Whether an area is not in the cycle any more."""
        return not self.field and self.after is None


def compare_cycles(before: Cycle, after: Cycle) -> tuple[CycleChange, ...]:
    """Every change from `before` to `after`, in the order of a cycle file; none where they say the same."""
    return tuple(_list_changes(before, after))


def follow_crosswalk(before: Cycle, after: Cycle, former: Mapping[str, Collection[str]]) -> Cycle:
    """`after` with what has to stay of `before`, whatever a changed file leaves out.

    A Chair who is not in it any more has left, and is kept without an address, as what they did is theirs. An
    area keeps its `former` names (by its id) as other names, as forms that went out have them, unless another
    area has that name now. A rule that came with a later version stays as it is where the file says nothing
    of it: a cycle that was opened before it goes on without.
    """
    names = {make_name_key(name) for area in after.participants for name in (area.name, *area.aliases)}
    areas = tuple(
        area.model_copy(
            update={
                "aliases": (
                    *area.aliases,
                    *(
                        name
                        for name in dict.fromkeys(former.get(area.id, ()))
                        if make_name_key(name) not in names
                    ),
                )
            }
        )
        for area in after.participants
    )
    known = {chair.id for chair in after.chairs}
    gone = (
        Chair(id=chair.id, name=chair.name, left=True) for chair in before.chairs if chair.id not in known
    )
    fields = {name: getattr(after, name) for name in Cycle.model_fields}
    kept = {
        name: getattr(before.rules, name) for name in LATER_RULES if name not in after.rules.model_fields_set
    }
    fields["rules"] = after.rules.model_copy(update=kept)
    return Cycle.model_validate(fields | {"participants": areas, "chairs": (*after.chairs, *gone)})


def _list_changes(before: Cycle, after: Cycle) -> Iterator[CycleChange]:
    for field in ("id", "name", "framework", "omit", "office"):
        yield from _compare_field("cycle", "", field, before, after, (before, after))
    for part, model in _PARTS:
        for field in model.model_fields:
            pair = getattr(before, part), getattr(after, part)
            yield from _compare_field(part, "", field, *pair, (before, after))
    yield from _compare_people("chairs", before.chair, after.chair, (before, after))
    yield from _compare_people("participants", before.participant, after.participant, (before, after))


def _compare_people(
    part: str,
    before: Mapping[str, Chair] | Mapping[str, Participant],
    after: Mapping[str, Chair] | Mapping[str, Participant],
    cycles: tuple[Cycle, Cycle],
) -> Iterator[CycleChange]:
    what = "Chair" if part == "chairs" else "area"
    for whose in [*before, *(one for one in after if one not in before)]:
        was, now = before.get(whose), after.get(whose)
        if was is None and now is not None:
            yield CycleChange(part, whose, "", None, now, f"New {what}: {now.name}.")
        elif was is not None and now is None:
            yield CycleChange(part, whose, "", was, None, f"{was.name} is not in the cycle any more.")
        elif was is not None and now is not None:
            is_leaving = getattr(now, "left", False) and not getattr(was, "left", False)
            for field in ("left",) if is_leaving else type(was).model_fields:
                if field != "id":
                    yield from _compare_field(part, whose, field, was, now, cycles)


def _compare_field(
    part: str, whose: str, field: str, was: object, now: object, cycles: tuple[Cycle, Cycle]
) -> Iterator[CycleChange]:
    before, after = getattr(was, field), getattr(now, field)
    if before == after or (FIELDS[part, field].has_no_order and _sort(before) == _sort(after)):
        return
    name = getattr(was, "name", "") if whose else ""
    if field == "contacts":
        yield from _compare_contacts(whose, name, before, after)
    elif field == "left":
        told = f"{name} has left." if after else f"{name} chairs again."
        yield CycleChange(part, whose, field, before, after, told)
    else:
        about = f"{name}, {FIELDS[part, field].words}" if name else FIELDS[part, field].words
        was_said, now_said = (_name_choice(part, field, value) for value in (before, after))
        told = f"{_say(was_said, field, cycles[0])} becomes {_say(now_said, field, cycles[1])}"
        told = f"{capitalise_first_letter(about)}: {told}."
        yield CycleChange(part, whose, field, before, after, told)


def _name_choice(part: str, field: str, value: object) -> object:
    """The words in which a value is chosen; the value itself where it is typed."""
    return CHOICES.get((part, field), {}).get(value, value) if isinstance(value, str) else value


def _sort(values: Collection[object]) -> list[str]:
    return sorted(map(str, values))


def _compare_contacts(
    whose: str, name: str, before: tuple[Contact, ...], after: tuple[Contact, ...]
) -> Iterator[CycleChange]:
    """A change for each contact that is new, gone or different, or one where only their order is."""
    gone = [contact for contact in before if contact not in after]
    new = [contact for contact in after if contact not in before]
    for was in list(gone):
        same = next(
            (now for now in new if now.email.lower() == was.email.lower() or now.name == was.name), None
        )
        if same is not None:
            gone.remove(was)
            new.remove(same)
            told = f"{name}, contact changed: {_say_contact(was)} becomes {_say_contact(same)}."
            yield CycleChange("participants", whose, "contacts", was, same, told)
    for was in gone:
        told = f"{name}, contact removed: {_say_contact(was)}."
        yield CycleChange("participants", whose, "contacts", was, None, told)
    for now in new:
        told = f"{name}, new contact: {_say_contact(now)}."
        yield CycleChange("participants", whose, "contacts", None, now, told)
    if set(before) == set(after):
        first = after[0] if after else None
        told = f"{name}, order of contacts: {_say_contact(first) if first else 'nobody'} comes first."
        yield CycleChange("participants", whose, "contacts", before[0], first, told)


def _say_contact(contact: Contact) -> str:
    said = contact.name + (f" <{contact.email}>" if contact.email else " (no email address)")
    if contact.receives is None:
        return said
    gets = join_in_words([topic.value for topic in list_ticks(contact, is_first=False)]) or "nothing"
    return f"{said} (gets {gets})"


def _say(value: object, field: str, cycle: Cycle) -> str:
    """A value in words, as a sentence about a change has it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return day_in_words(value)
    if isinstance(value, DateRange):
        return f"{day_in_words(value.first)} to {day_in_words(value.last)}"
    if isinstance(value, Contact):
        return f"“{_say_contact(value)}”"
    if isinstance(value, Mapping):
        said = [f"{_say_id(key, cycle)}: {_say(held, field, cycle)}" for key, held in value.items()]
        return "; ".join(said) or "nothing"
    if isinstance(value, tuple | list):
        shown = [_say_id(one, cycle) if field in _AREAS else _say(one, "", cycle) for one in value]
        return join_in_words(shown) if shown else "nothing"
    return f"“{value}”" if value not in ("", None) else "nothing"


def _say_id(value: object, cycle: Cycle) -> str:
    """An area's name for its id; any other text as it is."""
    area = cycle.participant.get(str(value))
    return area.name if area else str(value)
