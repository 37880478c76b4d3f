"""The fictional cycle: any size of it can be paired, and it names nobody who does not take part."""

import pytest

from peer_challenge.errors import WrongUse
from peer_challenge.model.cycle import Cycle
from peer_challenge.rehearsal import rehearsal_cycle

SIZES = range(3, 16)


def may_challenge(cycle: Cycle, author: str, challenger: str) -> bool:
    one, other = cycle.participant[author], cycle.participant[challenger]
    return (
        author != challenger
        and one.police != other.police
        and author not in other.conflicts
        and challenger not in one.conflicts
    )


def can_be_paired(cycle: Cycle) -> bool:
    """Whether each can be challenged by another that it does not itself challenge."""
    ids = [p.id for p in cycle.participants]

    def go_on(n: int, pairs: dict[str, str]) -> bool:
        if n == len(ids):
            return True
        return any(
            go_on(n + 1, {**pairs, ids[n]: other})
            for other in ids
            if other not in pairs.values()
            and may_challenge(cycle, ids[n], other)
            and pairs.get(other) != ids[n]
        )

    return go_on(0, {})


@pytest.mark.parametrize("areas", SIZES)
def test_partners_without_a_shared_force_can_be_found_for_every_size(areas: int) -> None:
    assert can_be_paired(rehearsal_cycle(areas))


@pytest.mark.parametrize("areas", SIZES)
def test_a_smaller_cycle_names_only_areas_that_take_part(areas: int) -> None:
    cycle = rehearsal_cycle(areas)
    known = set(cycle.participant)
    named = {
        other
        for p in cycle.participants
        for other in (*p.neighbours, *p.conflicts, *p.challenged_by.values())
    } | {other for chair in cycle.chairs for other in chair.not_for}
    assert len(known) == areas
    assert named <= known


@pytest.mark.parametrize("areas", SIZES)
def test_a_smaller_cycle_is_part_of_every_larger_one(areas: int) -> None:
    smaller, larger = (set(rehearsal_cycle(n).participant) for n in (areas, min(areas + 1, 15)))
    assert smaller <= larger


@pytest.mark.parametrize("areas", [-1, 0, 1, 2, 16])
def test_too_few_or_too_many_areas_are_refused_with_the_reason(areas: int) -> None:
    with pytest.raises(WrongUse) as refused:
        rehearsal_cycle(areas)
    assert "from 3 to 15" in refused.value.remedy


def test_the_last_cycle_kept_the_rules_too() -> None:
    cycle = rehearsal_cycle()
    before = {p.id: p.challenged_by["northern-2025"] for p in cycle.participants}
    assert sorted(before) == sorted(before.values())
    assert all(may_challenge(cycle, author, challenger) for author, challenger in before.items())
    assert not any(before[challenger] == author for author, challenger in before.items())


def test_everybody_is_named_by_role_and_written_to_at_an_example_address() -> None:
    cycle = rehearsal_cycle()
    people = [c for p in cycle.participants for c in p.contacts] + [cycle.office, *cycle.chairs]
    assert all(person.email.endswith("example.org") for person in people)
    assert {chair.name[:-1] for chair in cycle.chairs} == {"Independent Chair "}


def test_every_author_has_a_chair_without_a_conflict() -> None:
    cycle = rehearsal_cycle()
    for p in cycle.participants:
        assert any(p.id not in chair.not_for for chair in cycle.chairs)


def test_the_dates_run_from_january_to_the_end_of_february() -> None:
    dates = rehearsal_cycle().dates
    assert [f"{day:%a %d %b %Y}" for day in (dates.opens, dates.self_assessment_due)] == [
        "Mon 11 Jan 2027",
        "Fri 26 Feb 2027",
    ]
