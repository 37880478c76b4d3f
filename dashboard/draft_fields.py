"""The fields in which the office types a cycle: what each is called, and where its value is in a cycle file.

What a value may be is not said here: the loader of cycle files says it, and its sentences are shown at the
field that they are about, with the field's label in place of the name in the file.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import get_origin

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from peer_challenge.cycle_file.typed_texts import Shape, read_typed_field, write_typed_field
from peer_challenge.cycle_file.yaml_with_lines import Entry, Path_
from peer_challenge.dates.holiday_files import SCHOOL_CALENDAR_HINT, known_sets
from peer_challenge.model.cycle import Chair, Contact, Participant
from peer_challenge.model.cycle_changes import CHOICES, FIELDS, POLICY_NAMES
from peer_challenge.model.cycle_rules import AssignmentRules, Rules
from peer_challenge.model.sentences import capitalise_first_letter, name_in_plain_words
from peer_challenge.steering.draft_cycle import SENDING_RULES, DraftRemark, get_value

_QUOTED = re.compile(r"`([^`]*)`")
_SETTING = re.compile(r"([a-z_]+)(?:: ([a-z]+))?")
_YES_NO = (("yes", "Yes"), ("no", "No"))
_DAYS = "One on each line. For example, 12 May 2027, or 4 May 2027 to 7 May 2027."


@dataclass(frozen=True, slots=True)
class Field:
    """One field: the path of its value, a label, a hint, and what may be chosen where it is not typed.

    `usual` is the text of the value that counts where nothing is typed.
    """

    path: Path_
    label: str
    hint: str = ""
    shape: Shape = Shape.TEXT
    options: tuple[tuple[str, str], ...] = ()
    usual: str = ""
    width: str = "20"
    kind: str = "text"

    @property
    def id(self) -> str:
        """The name of the field in the form, and its id on the page."""
        return "-".join(map(str, self.path))

    @property
    def is_long(self) -> bool:
        """Whether it has room for several lines."""
        return self.shape in (Shape.LIST, Shape.DAYS, Shape.PAIRS, Shape.PAIR_LISTS)


@dataclass(frozen=True, slots=True)
class ShownField:
    """A field with the text in it, and what is wrong with that."""

    field: Field
    text: str
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Fields under a heading; `is_folded`: few people need them."""

    heading: str
    fields: tuple[Field, ...]
    is_folded: bool = False


@dataclass(frozen=True, slots=True)
class ShownGroup:
    """A group as the page shows it, open where a problem is in it."""

    heading: str
    fields: list[ShownField] = field(default_factory=list)
    is_folded: bool = False


def list_fields(groups: Iterable[Group]) -> list[Field]:
    """All fields of some groups."""
    return [one for group in groups for one in group.fields]


def _list_rest(model: type[BaseModel], at: Path_, shown: Collection[str]) -> tuple[Field, ...]:
    """Fields for the values of a model that have no words of their own here, so that none can get lost."""
    return tuple(
        Field(
            (*at, name),
            capitalise_first_letter(name_in_plain_words(name)),
            shape=_find_shape(held.annotation),
            options=_YES_NO if held.annotation is bool else (),
            usual=_write_usual(_find_shape(held.annotation), held.default),
        )
        for name, held in model.model_fields.items()
        if name not in shown
    )


def _with_rest(
    groups: Sequence[Group], model: type[BaseModel], at: Path_, elsewhere: Collection[str]
) -> tuple[Group, ...]:
    """Groups whose last one has the fields that are in none of them, but for those that are `elsewhere`."""
    shown = {str(one.path[len(at)]) for one in list_fields(groups) if one.path[: len(at)] == at}
    *others, last = groups
    rest = _list_rest(model, at, {*shown, *elsewhere})
    return (*others, replace(last, fields=(*last.fields, *rest)))


def _find_shape(annotation: object) -> Shape:
    """How a value of this type is typed."""
    text = str(annotation)
    if get_origin(annotation) is tuple:
        return Shape.NUMBERS if "int" in text else Shape.DAYS if "date" in text else Shape.LIST
    return Shape.PAIRS if get_origin(annotation) is dict else Shape.TEXT


def _write_usual(shape: Shape, default: object) -> str:
    """The text of what counts where nothing is typed; "" where the model has nothing that could be typed."""
    if default is PydanticUndefined or default in ((), {}):
        return ""
    if isinstance(default, bool):
        return "yes" if default else "no"
    return write_typed_field(shape, list(default) if isinstance(default, tuple) else default)


NAME_AND_DATES = (
    Group(
        "What the cycle is called, and its two days",
        (
            Field(
                ("name",),
                "Name of the cycle",
                "For example, Vale peer challenge 2027.",
            ),
            Field(
                ("dates", "opens"),
                "The day on which the cycle opens",
                "For example, 11 January 2027.",
                Shape.DAY,
            ),
            Field(
                ("dates", "self_assessment_due"),
                "The day on which self-assessments are due",
                "All other days follow from this one. For example, 26 February 2027.",
                Shape.DAY,
            ),
        ),
    ),
    Group(
        "A short name for folders",
        (
            Field(
                ("id",),
                "Short name of the cycle",
                "Small letters, digits and hyphens. Leave it empty, and it is made from the name.",
            ),
        ),
        is_folded=True,
    ),
)


def area_groups(contacts: int) -> tuple[Group, ...]:
    """The fields of one area, with room for so many contacts; paths begin at the area."""
    groups = (
        Group(
            "The area",
            (
                Field(("name",), "Name of the area", "As it should be written in documents."),
                Field(("police",), "Police force"),
                Field(("icb",), "Integrated care boards", "One on each line.", Shape.LIST),
                Field(
                    ("neighbours",),
                    "Neighbours",
                    "Areas of this cycle that share a border with it, one on each line.",
                    Shape.LIST,
                ),
            ),
        ),
        *(_contact_group(number) for number in range(contacts)),
        Group(
            "More about this area",
            (
                Field(("partnership",), "Name of the partnership"),
                Field(
                    ("aliases",),
                    "Other names",
                    "By which its documents may call it, one on each line.",
                    Shape.LIST,
                ),
                Field(
                    ("conflicts",),
                    "Declared conflicts of interest",
                    "Areas that should not challenge it, one on each line.",
                    Shape.LIST,
                ),
                Field(
                    ("challenged_by",),
                    "Who challenged it before",
                    "The cycle and the area, one pair on each line. For example, vale-2026: Saltmere.",
                    Shape.PAIRS,
                ),
                Field(
                    ("unavailable",),
                    "Days on which it can't have an event",
                    _DAYS,
                    Shape.DAYS,
                ),
                Field(
                    ("school_calendar",),
                    "School holidays",
                    SCHOOL_CALENDAR_HINT,
                    options=(("", "None of its own"), *((name, name) for name in known_sets())),
                ),
                Field(("capacity",), "How many areas it can challenge", usual="1", width="4"),
                Field(
                    ("external",),
                    "Does it only challenge, from outside the region?",
                    "It then writes no self-assessment.",
                    options=_YES_NO,
                    usual="no",
                ),
                Field(
                    ("size",),
                    "Size",
                    options=(("", "Not given"), *CHOICES["participants", "size"].items()),
                ),
                Field(("type",), "Type", "Such as county, unitary or borough."),
                Field(
                    ("id",),
                    "Short name of the area",
                    "Small letters, digits and hyphens. Leave it empty, and it is made from the name.",
                ),
            ),
            is_folded=True,
        ),
    )
    return _with_rest(groups, Participant, (), ("contacts",))


def _contact_group(number: int) -> Group:
    which = ("contacts", number)
    hint = "The first contact with an address gets the forms and the reminders." if number == 0 else ""
    return Group(
        f"Contact {number + 1}",
        (
            Field((*which, "name"), "Name or role", hint),
            Field((*which, "role"), "Role", "Leave it empty if the name says it."),
            Field((*which, "email"), "Email address", kind="email"),
            *_list_rest(Contact, which, ("name", "role", "email", "receives")),
        ),
    )


CHAIR = _with_rest(
    (
        Group(
            "The Chair",
            (
                Field(("name",), "Name of the Chair"),
                Field(("email",), "Email address", kind="email"),
                Field(
                    ("available",),
                    "Days on which the Chair can come",
                    f"{_DAYS} Leave it empty for any working day.",
                    Shape.DAYS,
                ),
                Field(("unavailable",), "Days on which the Chair can't come", _DAYS, Shape.DAYS),
                Field(
                    ("not_for",),
                    "Areas with which the Chair has a conflict of interest",
                    "One on each line.",
                    Shape.LIST,
                ),
            ),
        ),
        Group(
            "A short name for folders",
            (
                Field(
                    ("id",),
                    "Short name of the Chair",
                    "Small letters, digits and hyphens. Leave it empty, and it is made from the name.",
                ),
            ),
            is_folded=True,
        ),
    ),
    Chair,
    (),
    ("left",),  # only in a cycle that is open
)


def _rule(
    name: str,
    label: str,
    hint: str = "",
    shape: Shape = Shape.TEXT,
    options: tuple[tuple[str, str], ...] = (),
    width: str = "4",
) -> Field:
    options = options or tuple(CHOICES.get(("rules", name), {}).items())
    return _with_usual("rules", Rules, name, label, hint, shape, options, width)


def _partner_rule(
    name: str,
    hint: str = "",
    shape: Shape = Shape.TEXT,
    options: tuple[tuple[str, str], ...] = (),
    width: str = "4",
) -> Field:
    """A rule for partners, called as in a proposal and in every change of the cycle."""
    label = capitalise_first_letter(FIELDS["assignment", name].words)
    options = options or tuple(CHOICES.get(("assignment", name), {}).items())
    return _with_usual("assignment", AssignmentRules, name, label, hint, shape, options, width)


def _with_usual(
    key: str,
    model: type[Rules | AssignmentRules],
    name: str,
    label: str,
    hint: str,
    shape: Shape,
    options: tuple[tuple[str, str], ...],
    width: str,
) -> Field:
    """A field of the rules; the model's default is what counts where nothing is typed."""
    usual = _write_usual(shape, model.model_fields[name].default)
    return Field((key, name), label, hint, shape, options, usual, width)


RULES = _with_rest(
    (
        Group(
            "Days",
            (
                _rule("analysis_days", "Days for the analysis", "From the day after the pack has come."),
                _rule(
                    "event_months",
                    "Months for the event",
                    "From the day on which the analysis is complete. "
                    "Until then we count from the day it is due.",
                ),
                _rule(
                    "response_working_days_before_event",
                    "Working days before the event by which the response is due",
                ),
                _rule("summary_working_days", "Working days for the Chair's record", "After the event."),
                _rule(
                    "accuracy_days",
                    "Working days to correct the draft summary",
                    "After the draft was sent to both areas. 0: the summary goes out without a draft.",
                ),
                _rule("action_plan_days", "Days for the action plan", "After the summary has gone."),
                _rule(
                    "closing_time", "Time of day by which things are due", "For example, 17:00.", width="5"
                ),
                _rule("events_per_day", "The most events on one day"),
                _rule(
                    "event_notice_working_days",
                    "Working days of notice of an event",
                    "No event is proposed for an earlier day. Ten give people two weeks.",
                ),
                _rule(
                    "event_after_analysis_working_days",
                    "Working days between the returned analysis and the event",
                    "So that the area has time to think about its answers.",
                ),
                _rule(
                    "agenda",
                    "Agenda of an event",
                    "One item on each line: minutes | what | who leads it. Add | RED or | OTHER where "
                    "challenges are talked about. Their time is shared out by how many there are.",
                    Shape.LIST,
                    width="20",
                ),
                _rule(
                    "timetable_working_days",
                    "Working days before the first event on which the timetable goes out",
                    "It goes out earlier if every event is agreed. With 0 it waits until then.",
                ),
                _rule(
                    "look_at_events",
                    "Do you agree the days of events before anybody is told?",
                    "If not, days are set as soon as an analysis is in, and everybody is invited at once.",
                    options=_YES_NO,
                ),
                _rule(
                    "resubmission_restarts_clock",
                    "Does a new version of a self-assessment begin the days for the analysis again?",
                    options=_YES_NO,
                ),
            ),
        ),
        Group(
            "Reminders",
            (
                _rule(
                    "reminders_before_days",
                    "Days before a date on which we remind people",
                    "Numbers with commas.",
                    Shape.NUMBERS,
                    width="10",
                ),
                _rule(
                    "reminders_after_working_days",
                    "Working days after a date on which we remind people",
                    "Numbers with commas.",
                    Shape.NUMBERS,
                    width="10",
                ),
            ),
        ),
        Group(
            "Documents",
            (
                _rule("word_limit", "Words in one cell", "We accept a longer text, and tell its writer."),
                _rule(
                    "form_word_limit",
                    "Words in a whole self-assessment",
                    "We accept a longer one, and say so.",
                ),
                _rule(
                    "show_last_time",
                    "Does each form show what its area said in the cycle before?",
                    "Ratings, what was agreed for development and what became of it. Only that area sees it.",
                    options=_YES_NO,
                ),
                _rule("agreed_items", "The most strengths, and areas for development, that an event agrees"),
                _rule("sign_off", "What if a partner has not signed off a form?"),
                _rule("not_applicable", "What if a sub-heading is rated as not applicable?"),
                _rule("macros", "What if a document has macros?"),
            ),
        ),
        Group(
            "More rules",
            (
                _rule("extra_bank_holidays", "More bank holidays", _DAYS, Shape.DAYS, width="20"),
                _rule("school_holidays", "School holidays of the region", _DAYS, Shape.DAYS, width="20"),
                _rule(
                    "school_calendars",
                    "School holidays by the names of their sets",
                    "One on each line.",
                    Shape.LIST,
                    width="20",
                ),
                _rule(
                    "rating_map",
                    "Other words for ratings",
                    "The word and its rating, one pair on each line. For example, Red/Amber: AMBER.",
                    Shape.PAIRS,
                    width="20",
                ),
                _rule(
                    "checks",
                    "Checks that are handled in another way",
                    "The check and what to do: reject, query, warn, note, allow or off. For example, "
                    "text.over_limit: off.",
                    Shape.PAIRS,
                    width="20",
                ),
                _rule(
                    "retention_months",
                    "Months after which documents of a closed cycle are destroyed",
                    "Leave it empty for the rule of the installation.",
                ),
            ),
            is_folded=True,
        ),
    ),
    Rules,
    ("rules",),
    SENDING_RULES,
)
PARTNERS = _with_rest(
    (
        Group(
            "Which partners are allowed",
            (
                _partner_rule("reciprocal"),
                _partner_rule("shared_police"),
                _partner_rule("shared_icb"),
                _partner_rule("neighbours"),
                _partner_rule("previous_challenger"),
                _partner_rule("repeat_within_cycles", "So many cycles before this one count."),
                _partner_rule("declared_conflicts"),
            ),
        ),
        Group(
            "Partners that you set yourself",
            (
                _partner_rule(
                    "pins",
                    "The area and its challenger, one pair on each line. For example, Saltmere: Port Averil.",
                    Shape.PAIRS,
                    (),
                    "20",
                ),
                _partner_rule(
                    "bans",
                    "The area and whom it may not get, one on each line. For example, "
                    "Saltmere: Port Averil, Kingsmouth.",
                    Shape.PAIR_LISTS,
                    (),
                    "20",
                ),
                _partner_rule(
                    "triads",
                    "In each group of three, the third area moderates.",
                    options=_YES_NO,
                ),
            ),
            is_folded=True,
        ),
    ),
    AssignmentRules,
    ("assignment",),
    ("seed",),
)
SENDING = (
    Group(
        "The programme office",
        (
            Field(("office", "name"), "Name of the office", "Letters are signed with it."),
            Field(
                ("office", "email"),
                "Email address of the office",
                "Answers come to it.",
                kind="email",
            ),
            Field(
                ("office", "phone"),
                "Telephone number of the office",
                "It is printed in the form and in every letter.",
                kind="tel",
            ),
        ),
    ),
    Group(
        "What goes out",
        (
            _rule(
                "look_before_sending",
                "Does one of you look at each analysis pack before it goes?",
                options=_YES_NO,
            ),
            _rule(
                "evidence_goes_with_pack",
                "Do files that come with a self-assessment go to its challenger?",
                "Each file is checked first, and a copy without authors, comments and macros goes.",
                options=_YES_NO,
            ),
            _rule("marking", "Protective marking of documents", width="20"),
            _rule(
                "marking_in_subject",
                "Does the subject of emails begin with the protective marking?",
                options=_YES_NO,
            ),
        ),
    ),
)


def read_fields(groups: Iterable[Group], typed: Mapping[str, str]) -> dict[Path_, object]:
    """What was typed into the fields, by path, as a cycle file has it; None for nothing and what is usual.

    Fields that the form did not send are left out.
    """
    found: dict[Path_, object] = {}
    for one in list_fields(groups):
        if one.id in typed:
            text = typed[one.id].strip()
            found[one.path] = None if text == one.usual else read_typed_field(one.shape, text)
    return found


def show_groups(
    groups: Iterable[Group],
    entries: Mapping[str, object],
    remarks: Sequence[DraftRemark] = (),
    typed: Mapping[str, str] | None = None,
) -> tuple[list[ShownGroup], list[tuple[str, str]]]:
    """The groups with what is in their fields, and all problems as (id of the field, words).

    `typed` is shown in place of the entries. A problem that no field has is about the page as a whole.
    """
    groups = list(groups)
    every = list_fields(groups)
    placed = [(_find_field(every, one.path), label_words(one.words)) for one in remarks]
    told: dict[str, list[str]] = {}
    for found, words in placed:
        if found is not None:
            told.setdefault(found.id, []).append(words)
    shown = []
    for group in groups:
        fields = [
            ShownField(one, _text_of(one, entries, typed), " ".join(told.get(one.id, ())))
            for one in group.fields
        ]
        is_folded = group.is_folded and not any(one.problem for one in fields)
        shown.append(ShownGroup(group.heading, fields, is_folded))
    return shown, [(found.id if found else "main-content", words) for found, words in placed]


def _text_of(one: Field, entries: Mapping[str, object], typed: Mapping[str, str] | None) -> str:
    if typed is not None and one.id in typed:
        return typed[one.id]
    text = write_typed_field(one.shape, get_value(entries, one.path))
    if one.options and text.lower() in ("true", "false"):
        text = "yes" if text.lower() == "true" else "no"
    return text or one.usual


def _find_field(fields: Sequence[Field], path: Path_) -> Field | None:
    """The field that a problem is about: the one whose value holds the place, else the first below it."""
    holding = [one for one in fields if path[: len(one.path)] == one.path]
    below = [one for one in fields if path and one.path[: len(path)] == path]
    return next(iter([*holding, *below]), None)


@cache
def _list_labels() -> dict[str, str]:
    """The labels by the names in a cycle file. Not worked out on import: it reads the office's calendar."""
    groups = (*NAME_AND_DATES, *area_groups(1), *CHAIR, *SENDING, *PARTNERS, *RULES)
    labels = {str(one.path[-1]): one.label for one in reversed(list_fields(groups))}
    own = {"participants": "Areas", "framework": "Framework", "dates": "Dates", "contacts": "Contacts"}
    general = {"name": "Name", "id": "Short name", "email": "Email address", "receives": "Who gets what"}
    return {**labels, **own, **general}


_CHOICES = dict((*POLICY_NAMES.items(), *_YES_NO))


def label_words(words: str) -> str:
    """A sentence of the loader in which each setting is called as its label says."""
    return _QUOTED.sub(lambda found: f"“{_label_quoted(found[1])}”", words)


def _label_quoted(text: str) -> str:
    setting = _SETTING.fullmatch(text)
    label = _list_labels().get(setting[1]) if setting else None
    if setting is None or label is None:
        return text
    between = " " if label.endswith("?") else ": "
    return f"{label}{between}{_CHOICES.get(setting[2], setting[2])}" if setting[2] else label


def build_entry(groups: Iterable[Group], typed: Mapping[str, str], before: Mapping[str, object]) -> Entry:
    """One area or Chair as typed. What its contacts receive is kept from `before`, by their place.

    Contacts without anything typed are left out.
    """
    entry: Entry = {}
    contacts: dict[int, Entry] = {}
    for path, value in read_fields(groups, typed).items():
        if value is None:
            continue
        if path[0] == "contacts" and isinstance(path[1], int):
            contacts.setdefault(path[1], {})[str(path[2])] = value
        else:
            entry[str(path[0])] = value
    for number, contact in contacts.items():
        receives = get_value(before, ("contacts", number, "receives"))
        if receives is not None:
            contact["receives"] = receives
        contact.setdefault("name", contact.get("role") or contact.get("email", ""))
    if contacts:
        entry["contacts"] = [contacts[number] for number in sorted(contacts)]
    return entry
