"""The proposal is the best there is, level by level, against a solver that tries everything."""

import pytest

from peer_challenge.partners.solver import check_pairs, propose_partners
from tests.unit.partners import oracle
from tests.unit.partners.instances import a_problem

BATCH = 50
LEVELS = (
    "avoided rules broken", "weight of avoided rules", "worst value", "total value", "variety", "tie-break",
)  # fmt: skip


@pytest.mark.parametrize("batch", range(12))
def test_every_level_is_what_trying_everything_gives(batch: int) -> None:
    for seed in range(batch * BATCH, (batch + 1) * BATCH):
        problem = a_problem(seed, 2 + seed % 6)
        expected, proposal = oracle.best(problem), propose_partners(problem)
        if expected is None:
            assert proposal.status == "infeasible" and proposal.conflict and proposal.relaxations, seed
            continue
        assert proposal.status == "optimal", seed
        assert check_pairs(problem, proposal.challenger_of) == [], seed
        figures = [proposal.objective[level] for level in LEVELS]
        assert figures == [*map(abs, expected[0])], seed
        assert proposal.challenger_of == expected[1], seed


@pytest.mark.parametrize("batch", range(4))
def test_the_check_refuses_exactly_what_the_rules_forbid(batch: int) -> None:
    for seed in range(batch * BATCH, (batch + 1) * BATCH):
        problem = a_problem(seed, 5)
        authors = list(problem.authors)
        pairs = {a: problem.participants[(n + 1 + seed) % 5].id for n, a in enumerate(authors)}
        allowed = all(problem.fixed.get(a, c) == c for a, c in pairs.items()) and all(
            a in problem.fixed or oracle.may(problem, a, c) for a, c in pairs.items()
        )
        places = all(
            list(pairs.values()).count(c) <= max(problem.by_id[c].capacity, int(c in problem.fixed.values()))
            for c in set(pairs.values())
        )
        fine = allowed and places and oracle.together(problem, pairs)
        assert (check_pairs(problem, pairs) == []) == fine, seed
