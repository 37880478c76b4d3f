"""What holds of every proposal, whatever its size and rules."""

from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from peer_challenge.partners.solver import (
    check_pairs,
    problem_from_cycle,
    propose_partners,
    what_if_withdrawn,
)
from tests.unit.partners.instances import POLICIES, REGION, a_cycle_of, a_problem, the_region

unhurried = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@unhurried
@given(seed=st.integers(10_000, 10**9), areas=st.integers(8, 30))
def test_no_forbidden_rule_is_ever_broken(seed: int, areas: int) -> None:
    problem = replace(a_problem(seed, areas, dense=0.1))
    problem = replace(problem, rules=problem.rules.model_copy(update={"triads": False}))
    proposal = propose_partners(problem)
    if proposal.status == "infeasible":
        assert not proposal.pairs and proposal.conflict
    else:
        assert proposal.status == "optimal"
        assert check_pairs(problem, proposal.challenger_of) == []


@unhurried
@given(seed=st.integers(0, 10**9), areas=st.integers(8, 20))
def test_an_area_that_withdraws_moves_no_work_under_way(seed: int, areas: int) -> None:
    problem = a_problem(seed, areas, dense=0.05)
    problem = replace(problem, rules=problem.rules.model_copy(update={"triads": False, "pins": {}}))
    before = propose_partners(problem)
    if before.status == "infeasible":
        return
    under_way = dict(list(before.challenger_of.items())[:3])
    gone = problem.participants[-1].id
    after = what_if_withdrawn(replace(problem, fixed=under_way), before, gone)
    if after.pairs:
        kept = {a: c for a, c in under_way.items() if gone not in (a, c)}
        assert kept.items() <= after.challenger_of.items()
        assert gone not in {*after.challenger_of, *after.challenger_of.values()}


@pytest.mark.parametrize("policies", list(product(POLICIES, repeat=2)), ids="-".join)
def test_the_fictional_region_under_every_combination_of_rules(policies: tuple[str, str]) -> None:
    police, icb = policies
    for reciprocal, border, again in product(POLICIES, repeat=3):
        cycle = with_history(
            shared_police=police,
            shared_icb=icb,
            reciprocal=reciprocal,
            neighbours=border,
            previous_challenger=again,
        )
        problem = problem_from_cycle(cycle)
        proposal = propose_partners(problem)
        assert proposal.status == "optimal"
        assert check_pairs(problem, proposal.challenger_of) == []


def with_history(**rules: Any) -> Any:
    """The region, in which each was challenged by the area that comes some places after it."""
    people = [p.model_dump() for p in the_region().participants]
    ids = [p["id"] for p in people]
    for n, person in enumerate(people):
        person["challenged_by"] = {"northern-2025": ids[(n + 7) % 15], "northern-2026": ids[(n + 9) % 15]}
    return a_cycle_of(people, **rules)


def test_the_order_of_the_file_changes_nothing() -> None:
    cycle = the_region(seed=4)
    turned = cycle.model_copy(update={"participants": tuple(reversed(cycle.participants))})
    one, other = (propose_partners(problem_from_cycle(c)).as_dict() for c in (cycle, turned))
    assert {**one, "seconds": 0} == {**other, "seconds": 0}


def test_another_seed_breaks_ties_otherwise() -> None:
    chosen = {
        tuple(propose_partners(problem_from_cycle(the_region(seed=s))).challenger_of.values())
        for s in range(4)
    }
    assert len(chosen) > 1, REGION
