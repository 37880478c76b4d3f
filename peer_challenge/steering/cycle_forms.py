"""The forms by which the office changes an open cycle: what is on each, as text and back.

A form holds the values of one area, one Chair, or one part of the cycle. What was typed becomes a changed
cycle, which goes through the same checks as a cycle file.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from peer_challenge.cycle_file.load_cycle import CycleFile, cycle_as_dict, read_changed_cycle
from peer_challenge.cycle_file.typed_texts import read_typed_days, write_iso_day
from peer_challenge.dates.holiday_files import SCHOOL_CALENDAR_HINT, known_sets
from peer_challenge.errors import WrongUse
from peer_challenge.model.cycle import Chair, Contact, Cycle, Participant, Receives
from peer_challenge.model.cycle_changes import CHOICES, FIELDS
from peer_challenge.model.cycle_rules import DateRange
from peer_challenge.model.days_in_words import day_in_words
from peer_challenge.model.framework import Framework
from peer_challenge.model.sentences import capitalise_first_letter, join_in_words
from peer_challenge.model.who_gets_a_message import list_ticks


class Part(StrEnum):
    """The forms: of an area, of a Chair, and of parts of the cycle as a whole."""

    AREAS = "areas"
    CHAIRS = "chairs"
    DAYS = "days"
    RULES = "rules"
    PARTNERS = "partners"
    OFFICE = "office"


PART_NAMES: Mapping[Part, str] = {
    Part.AREAS: "Area",
    Part.CHAIRS: "Chair",
    Part.DAYS: "Days",
    Part.RULES: "Rules for documents",
    Part.PARTNERS: "Rules for partners",
    Part.OFFICE: "Name and office",
}
NEW = "new"
"""In place of an id: an area or a Chair that is to come into the cycle."""


class Shape(StrEnum):
    """How a value is typed: in a line, in lines, chosen, or as contacts."""

    TEXT = "text"
    LINES = "lines"
    AREAS = "areas"
    DAYS = "days"
    NUMBERS = "numbers"
    PAIRS = "pairs"
    OF_AREAS = "pairs of areas"
    LISTS_OF_AREAS = "lists of areas"
    DAY = "day"
    CHOICE = "choice"
    CONTACTS = "contacts"


@dataclass(frozen=True, slots=True)
class FormField:
    """A value on a form: where it is in the cycle, how it is typed, a hint, and what may be chosen.

    `is_optional`: where nothing is typed, the cycle has no such value.
    """

    part: str
    name: str
    shape: Shape = Shape.TEXT
    hint: str = ""
    options: tuple[tuple[str, str], ...] = ()
    label: str = ""
    is_optional: bool = False

    @property
    def id(self) -> str:
        """Its name on the form."""
        return f"{self.part}-{self.name}"

    @property
    def words(self) -> str:
        """Its label."""
        return self.label or capitalise_first_letter(FIELDS[self.part, self.name].words)


def _list_choices(part: str, name: str) -> tuple[tuple[str, str], ...]:
    """What may be chosen for a value of the cycle, each with its words."""
    return tuple(CHOICES[part, name].items())


_YES_NO = (("no", "No"), ("yes", "Yes"))
_ONE_A_LINE = "One on each line."
_DAYS = "One on each line: 14 April 2027, or several days as 14 April 2027 to 16 April 2027."
_FORMS: Mapping[Part, tuple[FormField, ...]] = {
    Part.AREAS: (
        FormField("participants", "name"),
        FormField("participants", "aliases", Shape.LINES, "Names that people write for it. " + _ONE_A_LINE),
        FormField("participants", "partnership"),
        FormField("participants", "police"),
        FormField("participants", "icb", Shape.LINES, _ONE_A_LINE),
        FormField("participants", "neighbours", Shape.AREAS, "Areas that it borders on. " + _ONE_A_LINE),
        FormField("participants", "conflicts", Shape.AREAS, "Areas with which it has one. " + _ONE_A_LINE),
        FormField(
            "participants",
            "challenged_by",
            Shape.OF_AREAS,
            "The cycle and the area, such as vale-2026: Saltmere. " + _ONE_A_LINE,
        ),
        FormField("participants", "unavailable", Shape.DAYS, _DAYS),
        FormField(
            "participants",
            "school_calendar",
            Shape.CHOICE,
            SCHOOL_CALENDAR_HINT,
            options=(("", "None of its own"), *((name, name) for name in known_sets())),
        ),
        FormField("participants", "capacity", hint="How many areas it can challenge."),
        FormField(
            "participants",
            "size",
            Shape.CHOICE,
            options=(("", "Not given"), *_list_choices("participants", "size")),
        ),
        FormField("participants", "type", hint="Such as county, unitary or borough.", is_optional=True),
        FormField("participants", "contacts", Shape.CONTACTS),
    ),
    Part.CHAIRS: (
        FormField("chairs", "name"),
        FormField("chairs", "email"),
        FormField("chairs", "not_for", Shape.AREAS, _ONE_A_LINE),
        FormField(
            "chairs",
            "available",
            Shape.DAYS,
            "Leave it empty if any working day will do. " + _DAYS,
        ),
        FormField("chairs", "unavailable", Shape.DAYS, _DAYS),
        FormField(
            "chairs",
            "left",
            Shape.CHOICE,
            "A Chair who leaves gets no more events and no more emails. "
            "Events that they have are given to the others.",
            _YES_NO,
            label="Has this Chair left?",
        ),
    ),
    Part.DAYS: (
        FormField("dates", "self_assessment_due", Shape.DAY),
        *(
            FormField("rules", name)
            for name in (
                "analysis_days",
                "event_months",
                "response_working_days_before_event",
                "summary_working_days",
                "accuracy_days",
                "action_plan_days",
                "closing_time",
                "events_per_day",
                "event_notice_working_days",
                "event_after_analysis_working_days",
                "timetable_working_days",
            )
        ),
        FormField(
            "rules",
            "agenda",
            Shape.LINES,
            "One item on each line: minutes | what | who leads it. "
            "Add | RED or | OTHER where challenges are talked about.",
        ),
        FormField(
            "rules",
            "look_at_events",
            Shape.CHOICE,
            "If not, days are set as soon as an analysis is in, and everybody is invited at once.",
            _YES_NO,
        ),
        FormField("rules", "extra_bank_holidays", Shape.DAYS, _ONE_A_LINE),
        FormField("rules", "school_holidays", Shape.DAYS, _DAYS),
        FormField(
            "rules",
            "school_calendars",
            Shape.LINES,
            f"School holidays by the names of their sets: {join_in_words(known_sets())}. {_ONE_A_LINE}",
        ),
        FormField(
            "rules",
            "review_months",
            Shape.NUMBERS,
            "Months after the action plan, with commas between them. Empty: progress is not reported.",
        ),
        FormField("rules", "chase_actions", Shape.CHOICE, options=_YES_NO),
        FormField("rules", "reminders_before_days", Shape.NUMBERS, "Put commas between them."),
        FormField("rules", "reminders_after_working_days", Shape.NUMBERS, "Put commas between them."),
    ),
    Part.RULES: (
        FormField("rules", "word_limit"),
        FormField("rules", "form_word_limit"),
        FormField("rules", "agreed_items"),
        *(
            FormField("rules", name, Shape.CHOICE, options=_list_choices("rules", name))
            for name in ("macros", "sign_off", "not_applicable")
        ),
        FormField("rules", "show_last_time", Shape.CHOICE, options=_YES_NO),
        FormField("rules", "resubmission_restarts_clock", Shape.CHOICE, options=_YES_NO),
        FormField("rules", "look_before_sending", Shape.CHOICE, options=_YES_NO),
        FormField("rules", "evidence_goes_with_pack", Shape.CHOICE, options=_YES_NO),
        FormField("rules", "marking"),
        FormField("rules", "marking_in_subject", Shape.CHOICE, options=_YES_NO),
        FormField(
            "rules",
            "rating_map",
            Shape.PAIRS,
            "Other words for ratings, such as Red/Amber: AMBER. " + _ONE_A_LINE,
        ),
        FormField(
            "rules",
            "retention_months",
            hint="After a cycle is closed. Leave it empty for the number under Settings.",
            is_optional=True,
        ),
        FormField(
            "rules",
            "checks",
            Shape.PAIRS,
            "A check and what becomes of what it finds, such as disclosure.place: note. " + _ONE_A_LINE,
        ),
    ),
    Part.PARTNERS: (
        *(
            FormField("assignment", name, Shape.CHOICE, options=_list_choices("assignment", name))
            for name in (
                "shared_police",
                "shared_icb",
                "neighbours",
                "reciprocal",
                "previous_challenger",
                "declared_conflicts",
            )
        ),
        FormField("assignment", "repeat_within_cycles"),
        FormField(
            "assignment",
            "triads",
            Shape.CHOICE,
            "In each group of three, the third area moderates.",
            _YES_NO,
        ),
        FormField(
            "assignment",
            "pins",
            Shape.OF_AREAS,
            "The area and its challenger, such as Saltmere: Port Averil. " + _ONE_A_LINE,
        ),
        FormField(
            "assignment",
            "bans",
            Shape.LISTS_OF_AREAS,
            "The area and one that may not challenge it, such as Saltmere: Port Averil. " + _ONE_A_LINE,
        ),
        FormField("assignment", "seed", hint="Another whole number breaks ties in another way."),
    ),
    Part.OFFICE: (
        FormField("cycle", "name", label="Name of the cycle"),
        FormField("office", "name", label="Name of the programme office"),
        FormField("office", "email", label="Email address of the programme office"),
        FormField("office", "phone", label="Telephone number of the programme office"),
    ),
}
_EXTERNAL = FormField(
    "participants", "external", Shape.CHOICE, "It challenges others and writes no self-assessment.", _YES_NO,
    label="Is it a challenger from outside the region?",
)  # fmt: skip
CONTACT_TEXTS: Mapping[str, str] = {
    "name": "Name",
    "role": "Role",
    "email": "Email address",
    "phone": "Telephone number",
}
"""What is typed of a contact, and its label: all of a contact but what it receives, which is ticked."""
_MORE_CONTACTS = 2
"""Empty rows below the present contacts; who has more to add saves, and gets two more."""
_TOPICS = tuple(Receives)


@dataclass(frozen=True, slots=True)
class CycleForm:
    """A form of one cycle: `part`, and `whose` it is (an area's or Chair's id, NEW, or "all").

    `title` is the heading of its page.
    `values` are the present ones as text, by the name of the field; `contacts` counts its rows of contacts.
    """

    part: Part
    whose: str
    title: str
    fields: tuple[FormField, ...]
    values: Mapping[str, str]
    contacts: int = 0


def make_form(cycle: Cycle, part: str, whose: str) -> CycleForm:
    """The form for a part of a cycle as it is now. Raises WrongUse for no such part, area or Chair."""
    found = next((one for one in Part if one.value == part), None)
    people: Mapping[str, Participant | Chair] = {}
    if found is Part.AREAS:
        people = cycle.participant
    elif found is Part.CHAIRS:
        people = cycle.chair
    is_of_one = found in (Part.AREAS, Part.CHAIRS)
    if found is None or (is_of_one and whose not in {*people, NEW}) or (not is_of_one and whose != "all"):
        raise WrongUse(
            "There is nothing of that name in this cycle.", remedy="Choose it on the page “Cycle”."
        )
    fields = _FORMS[found]
    if whose == NEW:
        fields = (*fields, _EXTERNAL) if found is Part.AREAS else tuple(f for f in fields if f.name != "left")
    one = people.get(whose)
    title = f"Change {one.name}" if one else f"Add {'an area' if found is Part.AREAS else 'a Chair'}"
    values = {field.id: _show(field, cycle, one) for field in fields if field.shape is not Shape.CONTACTS}
    contacts = one.contacts if isinstance(one, Participant) else ()
    values |= _show_contacts(contacts)
    rows = len(contacts) + _MORE_CONTACTS if found is Part.AREAS else 0
    return CycleForm(found, whose, title if is_of_one else PART_NAMES[found], fields, values, rows)


def read_typed_cycle(
    cycle: Cycle, framework: Framework, form: CycleForm, typed: Mapping[str, str]
) -> CycleFile:
    """The cycle with what was typed into a form in place of what it held, by the checks of a cycle file.

    Raises CycleFileError with every mistake.
    """
    data: Any = cycle_as_dict(cycle)
    holder = _find_holder(data, form)
    for field in form.fields:
        text = typed.get(field.id, "")
        inside = holder if field.part in ("participants", "chairs") else data
        inside = inside if field.part in ("participants", "chairs", "cycle") else data[field.part]
        value = _read_contacts(cycle, form, typed) if field.shape is Shape.CONTACTS else _read(field, text)
        if value is None:
            inside.pop(field.name, None)
        else:
            inside[field.name] = value
    if form.part is Part.AREAS and form.whose != NEW:
        for area in data["participants"]:  # a border has two sides: one that is taken out here is no border
            if area is not holder and form.whose in area["neighbours"]:
                area["neighbours"].remove(form.whose)
    return read_changed_cycle(data, {framework.id: framework})


def find_field(cycle: Cycle, form: CycleForm, typed: Mapping[str, str], path: Sequence[str | int]) -> str:
    """The id of the field in which a value of the changed cycle was typed; "" where the form has none for it.

    `path` is where the value is in the cycle's data, as `CycleFileError` says it.
    """
    if form.part in (Part.AREAS, Part.CHAIRS):
        people = [one.id for one in (cycle.participants if form.part is Part.AREAS else cycle.chairs)]
        number = people.index(form.whose) if form.whose in people else len(people)
        part = "participants" if form.part is Part.AREAS else "chairs"
        if tuple(path[:2]) != (part, number):
            return ""
        inside = path[2:]
    else:
        part, inside = ("cycle", path) if len(path) == 1 else (str(path[0]) if path else "", path[1:])
    if inside[:1] == ("contacts",):
        return _find_contact_field(form, typed, inside)
    known = {field.id for field in form.fields if field.shape is not Shape.CONTACTS}
    found = f"{part}-{inside[0]}" if inside else ""
    return found if found in known else ""


def _find_contact_field(form: CycleForm, typed: Mapping[str, str], inside: Sequence[str | int]) -> str:
    """The same for a value of a contact, which is at `inside` of its area: ("contacts", 1, "email")."""
    rows = [n for n in range(form.contacts) if any(_read_contact(typed, n).values())]
    match inside:
        case (_, int(number), str(key), *_) if number < len(rows) and key in CONTACT_TEXTS:
            return f"contact-{rows[number]}-{key}"
    return ""


def _find_holder(data: Any, form: CycleForm) -> dict[str, object]:
    """The area's or Chair's mapping in the cycle's data, made where it is new."""
    if form.part not in (Part.AREAS, Part.CHAIRS):
        return {}
    people = data["participants" if form.part is Part.AREAS else "chairs"]
    if form.whose == NEW:
        people.append({})
    found: dict[str, object] = next((one for one in people if one.get("id") == form.whose), people[-1])
    return found


def _show(field: FormField, cycle: Cycle, one: Participant | Chair | None) -> str:
    if field.part in ("participants", "chairs"):
        model = Participant if field.part == "participants" else Chair
        usual = model.model_fields[field.name].get_default(call_default_factory=True)
        held = getattr(one, field.name) if one else usual
    else:
        held = getattr(cycle if field.part == "cycle" else getattr(cycle, field.part), field.name)
    return _write(field, held, cycle)


def _write(field: FormField, held: Any, cycle: Cycle) -> str:
    if field.shape is Shape.AREAS:
        return "\n".join(_name(cycle, one) for one in held)
    if field.shape is Shape.DAYS:
        return "\n".join(map(_write_days, held))
    if field.shape is Shape.NUMBERS:
        return ", ".join(map(str, held))
    if field.shape is Shape.PAIRS:
        return "\n".join(f"{key}: {value}" for key, value in held.items())
    if field.shape is Shape.OF_AREAS:
        return "\n".join(f"{_name(cycle, key)}: {_name(cycle, value)}" for key, value in held.items())
    if field.shape is Shape.LISTS_OF_AREAS:
        pairs = ((key, one) for key, those in held.items() for one in those)
        return "\n".join(f"{_name(cycle, key)}: {_name(cycle, one)}" for key, one in pairs)
    if field.shape is Shape.LINES:
        return "\n".join(held)
    if isinstance(held, bool):
        return "yes" if held else "no"
    return "" if held is None or repr(held) == "PydanticUndefined" else str(held)


def _name(cycle: Cycle, one: str) -> str:
    """The name of an area of the cycle; anything else as it is."""
    return cycle.participant[one].name if one in cycle.participant else one


def _write_days(day: date | DateRange) -> str:
    if isinstance(day, DateRange):
        return f"{day_in_words(day.first)} to {day_in_words(day.last)}"
    return day_in_words(day)


def _read(field: FormField, text: str) -> object:
    """What was typed, as a cycle file has it; None for no choice, and for an optional field left empty."""
    lines = [" ".join(line.split()) for line in re.split(r"[\n;]", text) if line.strip()]
    if field.shape in (Shape.LINES, Shape.AREAS):
        return lines
    if field.shape is Shape.DAYS:
        return [read_typed_days(line) for line in lines]
    if field.shape is Shape.DAY:
        return write_iso_day(text)
    if field.shape is Shape.NUMBERS:
        return [part.strip() for part in text.split(",") if part.strip()]
    pairs = [(key.strip(), value.strip()) for key, _, value in (line.partition(":") for line in lines)]
    if field.shape in (Shape.PAIRS, Shape.OF_AREAS):
        return dict(pairs)
    if field.shape is Shape.LISTS_OF_AREAS:
        return {key: [one for of, one in pairs if of == key] for key, _ in pairs}
    if field.is_optional and not lines:
        return None
    return " ".join(text.split()) or ("" if field.shape is not Shape.CHOICE else None)


def _show_contacts(contacts: tuple[Contact, ...]) -> dict[str, str]:
    values: dict[str, str] = {}
    for n, contact in enumerate(contacts):
        values |= {f"contact-{n}-{key}": getattr(contact, key) for key in CONTACT_TEXTS}
        ticks = list_ticks(contact, is_first=n == 0)
        values |= {f"contact-{n}-{topic}": "yes" for topic in ticks}
    return values


def _read_contact(typed: Mapping[str, str], n: int) -> dict[str, object]:
    """What was typed of one contact."""
    return {key: " ".join(typed.get(f"contact-{n}-{key}", "").split()) for key in CONTACT_TEXTS}


def _read_contacts(cycle: Cycle, form: CycleForm, typed: Mapping[str, str]) -> list[dict[str, object]]:
    """The contacts that were typed. Ticks that are as they were without being in the file stay out of it."""
    area = cycle.participant.get(form.whose)
    before = area.contacts if area else ()
    found: list[dict[str, object]] = []
    for n in range(form.contacts):
        said = _read_contact(typed, n)
        if not any(said.values()):
            continue
        said["name"] = next(filter(None, said.values()))
        ticks = [topic for topic in _TOPICS if typed.get(f"contact-{n}-{topic}")]
        was = before[n] if n < len(before) else Contact(name="")
        usual = set(list_ticks(was, is_first=n == 0)) if n < len(before) else set()
        is_as_it_was = was.receives is None and set(ticks) == usual
        receives = {} if is_as_it_was else {"receives": [topic.value for topic in ticks]}
        found.append({**said, **receives})
    return found
