"""Last year's challengers are avoided without anybody typing them in."""

from datetime import UTC, datetime

import pytest

from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.journey import Trigger
from peer_challenge.partners import proposals
from peer_challenge.partners.pins_and_bans import map_author_to_challenger
from peer_challenge.partners.proposals import read_basis
from peer_challenge.register import assignments, challenges
from peer_challenge.register.cycles import store_cycle
from peer_challenge.register.database import Register
from peer_challenge.register.partner_history import partner_history
from tests.factories import a_cycle

FIRST, SECOND = datetime(2026, 3, 1, 9, tzinfo=UTC), datetime(2027, 3, 1, 9, tzinfo=UTC)


def next_year(cycle: Cycle, **changes: object) -> Cycle:
    people = tuple(p.model_copy(update=changes) for p in cycle.participants)
    return cycle.model_copy(update={"id": "another-round", "name": "Another round", "participants": people})


def run(register: Register, cycle: Cycle, at: datetime) -> dict[str, str]:
    """Open a cycle and approve its partners; returns author -> challenger."""
    with register.writing() as connection:
        store_cycle(connection, cycle, shipped_frameworks()[cycle.framework], at=at, actor="office")
        for challenge in challenges.list_challenges_in_cycle(connection, cycle.id):
            challenges.move_challenge_on(
                connection, challenge.id, Trigger.SELF_ASSESSMENT_ACCEPTED, cycle, at=at
            )
    proposals.propose_for(register, cycle, at)
    with register.writing() as connection:
        proposals.approve_latest(connection, cycle, at, reason="agreed", actor="office")
        row = assignments.load_standing(connection, cycle.id)
        assert row is not None
        return map_author_to_challenger(row.proposal)


def test_a_new_proposal_avoids_the_pairs_of_the_cycle_before(register: Register) -> None:
    before = run(register, a_cycle(6), FIRST)
    after = run(register, next_year(a_cycle(6)), SECOND)
    assert not [author for author in before if before[author] == after[author]]


def test_an_area_that_has_another_id_now_is_known_by_its_name(register: Register) -> None:
    cycle = a_cycle(6)
    before = run(register, cycle, FIRST)
    renamed = tuple(
        p.model_copy(update={"id": f"{p.id}-partnership", "name": f" {p.name.upper()}", "neighbours": ()})
        for p in cycle.participants
    )
    later = cycle.model_copy(update={"id": "another-round", "participants": renamed, "chairs": ()})
    run(register, later, SECOND)
    with register.reading() as connection:
        history = partner_history(connection, later)
    expected = {f"{a}-partnership": {cycle.id: f"{c}-partnership"} for a, c in before.items()}
    assert history.challenged_by == expected


def test_what_the_office_wrote_of_an_earlier_cycle_wins_over_the_register(register: Register) -> None:
    cycle = a_cycle(6)
    before = run(register, cycle, FIRST)
    author = cycle.participants[0]
    other = next(p.id for p in cycle.participants if p.id not in (author.id, before[author.id]))
    later = next_year(cycle)
    said = author.model_copy(update={"challenged_by": {cycle.id: other}})
    later = later.model_copy(update={"participants": (said, *later.participants[1:])})
    with register.writing() as connection:
        store_cycle(connection, later, shipped_frameworks()[later.framework], at=SECOND, actor="office")
        problem = read_basis(connection, later).problem
    assert problem.by_id[author.id].challenged_by == {cycle.id: other}
    second = cycle.participants[1].id
    assert problem.by_id[second].challenged_by == {cycle.id: before[second]}


@pytest.mark.parametrize("cycles", [1, 2])
def test_a_later_cycle_is_nobodys_history(register: Register, cycles: int) -> None:
    cycle = a_cycle(4)
    run(register, cycle, FIRST)
    if cycles == 2:
        run(register, next_year(cycle), SECOND)
    with register.reading() as connection:
        assert partner_history(connection, cycle).challenged_by == {}
