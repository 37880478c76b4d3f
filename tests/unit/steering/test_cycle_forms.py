"""Each form of an open cycle, saved as it is shown, changes nothing: no value is lost on the way."""

from datetime import date

import pytest

from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.model.cycle import Contact, Cycle, DateRange, Receives
from peer_challenge.model.cycle_changes import compare_cycles
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
        }
    )
    office = cycle.office.model_copy(update={"phone": "01632 960100"})
    held = {name: getattr(cycle, name) for name in Cycle.model_fields}
    return Cycle.model_validate(
        held | {"participants": (full, *cycle.participants[1:]), "rules": rules, "office": office}
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
