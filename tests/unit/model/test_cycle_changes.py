"""Every value of a cycle has a row that says what follows from changing it, and every change is found."""

import re
from datetime import date

import pytest

from peer_challenge.model.cycle import Chair, Contact, Cycle, Dates, Participant, Receives
from peer_challenge.model.cycle_changes import CHOICES, FIELDS, BearsOn, compare_cycles, follow_crosswalk
from peer_challenge.model.cycle_rules import AssignmentRules, Rules
from peer_challenge.model.rules_of_older_cycles import LATER_RULES
from tests.factories import a_cycle

CYCLE = a_cycle(4)
FIRST, SECOND = CYCLE.participants[:2]


def changed(**fields: object) -> Cycle:
    held = {name: getattr(CYCLE, name) for name in Cycle.model_fields}
    return Cycle.model_validate(held | fields)


def with_area(**fields: object) -> Cycle:
    return changed(participants=(FIRST.model_copy(update=fields), *CYCLE.participants[1:]))


def test_the_table_has_a_row_for_every_value_of_a_cycle_and_no_other() -> None:
    parts = {"dates": Dates, "rules": Rules, "assignment": AssignmentRules}
    lists = {"chairs": Chair, "participants": Participant}
    expected = {("cycle", name) for name in Cycle.model_fields if name not in {*parts, *lists}}
    expected |= {(part, name) for part, model in parts.items() for name in model.model_fields}
    expected |= {(part, name) for part, model in lists.items() for name in model.model_fields if name != "id"}
    assert set(FIELDS) == expected
    assert all(bool(row.why_fixed) == bool(row.remedy) for row in FIELDS.values())


@pytest.mark.parametrize(
    ("part", "field", "value"), [(*where, value) for where, words in CHOICES.items() for value in words]
)
def test_a_change_calls_a_value_as_people_choose_it(part: str, field: str, value: str) -> None:
    if part == "participants":
        after = with_area(**{field: value})
    else:
        after = changed(**{part: getattr(CYCLE, part).model_copy(update={field: value})})
    for change in compare_cycles(CYCLE, after):
        assert change.told.endswith(f"becomes “{CHOICES[part, field][value]}”.")


def test_a_cycle_that_says_the_same_has_no_change() -> None:
    assert compare_cycles(CYCLE, changed()) == ()
    turned = with_area(neighbours=FIRST.neighbours[::-1], aliases=FIRST.aliases[::-1])
    assert compare_cycles(CYCLE, turned) == ()


@pytest.mark.parametrize(
    ("fields", "place", "bears_on", "told"),
    [
        ({"police": "Far Police"}, "police", BearsOn.PARTNERS, "police force: “.*” becomes “Far Police”"),
        ({"name": "Ashby"}, "name", BearsOn.DOCUMENTS, "Ashcombe, name: “Ashcombe” becomes “Ashby”"),
        (
            {"unavailable": (date(2027, 4, 1),)},
            "unavailable",
            BearsOn.EVENTS,
            "can't come: .*nothing becomes 1 April 2027",
        ),
        ({"neighbours": (SECOND.id,)}, "neighbours", BearsOn.PARTNERS, f"becomes {SECOND.name}"),
    ],
)
def test_a_change_says_where_it_is_what_it_was_and_what_it_bears_on(
    fields: dict[str, object], place: str, bears_on: BearsOn, told: str
) -> None:
    (change,) = compare_cycles(with_area(unavailable=()), with_area(**{"unavailable": (), **fields}))
    assert (change.place, change.row.bears_on) == (f"participants/{FIRST.id}/{place}", bears_on)
    assert re.search(told, change.told), change.told


def test_each_contact_is_a_change_of_its_own() -> None:
    one, two, three = (Contact(name=f"Role {n}", email=f"{n}@ashcombe.example") for n in range(3))
    moved = one.model_copy(update={"email": "new@ashcombe.example", "receives": (Receives.FORMS,)})
    told = [
        change.told
        for change in compare_cycles(with_area(contacts=(one, two)), with_area(contacts=(moved, three)))
    ]
    assert told == [
        "Ashcombe, contact changed: Role 0 <0@ashcombe.example> becomes "
        "Role 0 <new@ashcombe.example> (gets forms).",
        "Ashcombe, contact removed: Role 1 <1@ashcombe.example>.",
        "Ashcombe, new contact: Role 2 <2@ashcombe.example>.",
    ]
    (order,) = compare_cycles(with_area(contacts=(one, two)), with_area(contacts=(two, one)))
    assert order.told == "Ashcombe, order of contacts: Role 1 <1@ashcombe.example> comes first."


def test_a_chair_who_is_left_out_has_left_and_keeps_no_address() -> None:
    gone, *others = CYCLE.chairs
    after = follow_crosswalk(CYCLE, changed(chairs=tuple(others)), {})
    assert after.chair[gone.id] == Chair(id=gone.id, name=gone.name, left=True)
    (change,) = compare_cycles(CYCLE, after)
    assert change.told == f"{gone.name} has left."
    assert compare_cycles(after, follow_crosswalk(after, changed(chairs=tuple(others)), {})) == ()


def test_no_rule_that_came_later_changes_where_an_old_file_says_nothing_of_it() -> None:
    old = CYCLE.model_copy(update={"rules": Rules.model_validate(LATER_RULES)})
    file = old.model_dump(mode="json", exclude={"rules": set(LATER_RULES)})
    assert compare_cycles(old, follow_crosswalk(old, Cycle.model_validate(file), {})) == ()
    file["rules"]["look_at_events"] = True
    [change] = compare_cycles(old, follow_crosswalk(old, Cycle.model_validate(file), {}))
    assert (change.field, change.before, change.after) == ("look_at_events", False, True)


def test_every_rule_that_came_later_is_a_rule_and_has_another_value_for_new_cycles() -> None:
    older = Rules.model_validate(LATER_RULES)
    assert [name for name in LATER_RULES if getattr(older, name) == getattr(Rules(), name)] == []


def test_an_area_keeps_its_former_names_unless_another_has_them_now() -> None:
    renamed = with_area(name="Ashby")
    after = follow_crosswalk(CYCLE, renamed, {FIRST.id: [FIRST.name]})
    assert after.participants[0].aliases == (*FIRST.aliases, FIRST.name)
    swapped = changed(
        participants=(
            FIRST.model_copy(update={"name": SECOND.name}),
            SECOND.model_copy(update={"name": FIRST.name}),
            *CYCLE.participants[2:],
        )
    )
    after = follow_crosswalk(CYCLE, swapped, {FIRST.id: [FIRST.name], SECOND.id: [SECOND.name]})
    assert [area.aliases for area in after.participants[:2]] == [FIRST.aliases, SECOND.aliases]
