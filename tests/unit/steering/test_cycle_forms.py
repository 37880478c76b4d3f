"""Each form of an open cycle, saved as it is shown, changes nothing: no value is lost on the way."""

from datetime import date

import pytest

from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.dates.holiday_files import known_sets
from peer_challenge.model.cycle import Contact, Cycle, Receives
from peer_challenge.model.cycle_changes import FIELDS, compare_cycles
from peer_challenge.model.cycle_rules import DateRange
from peer_challenge.steering.cycle_forms import CONTACT_TEXTS, NEW, Part, make_form, read_typed_cycle
from tests.factories import a_cycle


def _a_full_cycle() -> Cycle:
    """A cycle in which what people type about areas, contacts, Chairs and rules is all there."""
    cycle = a_cycle(4)
    first, second, *_ = cycle.participants
    full = first.model_copy(
        update={
            "aliases": ("The Combe", "Ashcombe County"),
            "partnership": "Ashcombe Safeguarding Partnership",
            "conflicts": (second.id,),
            "challenged_by": {"northern-2026": second.id},
            "school_calendar": next(iter(known_sets())),
            "type": "county",
            "unavailable": (date(2027, 5, 12), DateRange(first=date(2027, 5, 17), last=date(2027, 5, 19))),
            "contacts": (
                Contact(
                    name="Business manager", role="Partnership", email="one@example.org", phone="01632 96"
                ),
                Contact(name="Police lead", email="two@example.org", receives=(Receives.COPIES,)),
                Contact(name="Health lead", phone="01632 960101", receives=()),
            ),
        }
    )
    rules = cycle.rules.model_copy(
        update={
            "extra_bank_holidays": (date(2027, 6, 1),),
            "school_holidays": (DateRange(first=date(2027, 4, 1), last=date(2027, 4, 9)),),
            "checks": {"link.private": "off"},
            "rating_map": {"Red/Amber": "AMBER"},
            "review_months": (4, 8),
            "chase_actions": True,
            "marking": "OFFICIAL",
            "retention_months": 30,
            "school_calendars": (next(iter(known_sets())),),
        }
    )
    third, fourth = cycle.participants[2:4]
    partners = cycle.assignment.model_copy(
        update={
            "pins": {third.id: fourth.id},
            "bans": {third.id: (first.id, second.id), first.id: (second.id,)},
            "seed": 7,
        }
    )
    office = cycle.office.model_copy(update={"phone": "01632 960100"})
    held = {name: getattr(cycle, name) for name in Cycle.model_fields}
    return Cycle.model_validate(
        held
        | {
            "participants": (full, *cycle.participants[1:]),
            "rules": rules,
            "assignment": partners,
            "office": office,
        }
    )


CYCLE = _a_full_cycle()
FRAMEWORK = shipped_frameworks()[CYCLE.framework]
FORMS = [
    *((Part.AREAS, area.id) for area in CYCLE.participants),
    *((Part.CHAIRS, chair.id) for chair in CYCLE.chairs),
    *((part, "all") for part in Part if part not in (Part.AREAS, Part.CHAIRS)),
]


@pytest.mark.parametrize(("part", "whose"), FORMS)
def test_a_form_that_is_saved_as_it_is_shown_changes_nothing(part: Part, whose: str) -> None:
    form = make_form(CYCLE, part, whose)
    assert compare_cycles(CYCLE, read_typed_cycle(CYCLE, FRAMEWORK, form, form.values).cycle) == ()


def test_all_of_a_contact_is_typed_but_what_is_ticked() -> None:
    assert set(CONTACT_TEXTS) == set(Contact.model_fields) - {"receives"}


@pytest.mark.parametrize("part", [Part.AREAS, Part.CHAIRS])
def test_there_is_a_form_for_one_that_is_new(part: Part) -> None:
    assert set(make_form(CYCLE, part, NEW).values.values()) <= {"", "no", "1"}


def test_every_value_that_can_be_changed_has_a_field_on_a_form() -> None:
    forms = [make_form(CYCLE, part, whose) for part, whose in FORMS]
    asked = {(field.part, field.name) for form in forms for field in form.fields}
    asked |= {("cycle", "office") for part, _ in asked if part == "office"}
    assert {at for at, row in FIELDS.items() if not row.why_fixed} - asked == set()


def test_what_is_taken_out_of_an_optional_field_is_in_the_cycle_no_more() -> None:
    form = make_form(CYCLE, Part.RULES, "all")
    changed = read_typed_cycle(CYCLE, FRAMEWORK, form, {**form.values, "rules-retention_months": ""}).cycle
    assert changed.rules.retention_months is None
    assert [one.field for one in compare_cycles(CYCLE, changed)] == ["retention_months"]
