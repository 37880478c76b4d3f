"""The fields in which the office types a cycle: which there are, with labels, hints, choices, usual text."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import get_origin

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from dashboard.field_groups import YES_NO, Field, Group, list_fields
from peer_challenge.cycle_file.typed_texts import Shape, write_typed_field
from peer_challenge.cycle_file.yaml_with_lines import Path_
from peer_challenge.dates.holiday_files import SCHOOL_CALENDAR_HINT, known_sets
from peer_challenge.model.cycle import Chair, Contact, Participant
from peer_challenge.model.cycle_changes import CHOICES, FIELDS
from peer_challenge.model.cycle_rules import AssignmentRules, Rules
from peer_challenge.model.sentences import capitalise_first_letter, name_in_plain_words
from peer_challenge.steering.draft_cycle import SENDING_RULES

_DAYS = "One on each line. For example, 12 May 2027, or 4 May 2027 to 7 May 2027."


def _list_rest(model: type[BaseModel], at: Path_, shown: Collection[str]) -> tuple[Field, ...]:
    """Fields for the values of a model that have no words of their own here, so that none can get lost."""
    return tuple(
        Field(
            (*at, name),
            capitalise_first_letter(name_in_plain_words(name)),
            shape=_find_shape(held.annotation),
            options=YES_NO if held.annotation is bool else (),
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
                    options=YES_NO,
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
                    options=YES_NO,
                ),
                _rule(
                    "resubmission_restarts_clock",
                    "Does a new version of a self-assessment begin the days for the analysis again?",
                    options=YES_NO,
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
                    options=YES_NO,
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
                    options=YES_NO,
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
                options=YES_NO,
            ),
            _rule(
                "evidence_goes_with_pack",
                "Do files that come with a self-assessment go to its challenger?",
                "Each file is checked first, and a copy without authors, comments and macros goes.",
                options=YES_NO,
            ),
            _rule("marking", "Protective marking of documents", width="20"),
            _rule(
                "marking_in_subject",
                "Does the subject of emails begin with the protective marking?",
                options=YES_NO,
            ),
        ),
    ),
)
