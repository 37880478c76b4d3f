"""From a problem to a proposal: search, then figures and words."""

import time
from collections.abc import Mapping

import numpy as np

from peer_challenge.partners.solver.check_pairs import reciprocal_pairs
from peer_challenge.partners.solver.cost_tables import Ints, Tables, build_cost_tables
from peer_challenge.partners.solver.explain_conflict import explain_conflict
from peer_challenge.partners.solver.explain_pairs import explain_pairs
from peer_challenge.partners.solver.pair_rules import RECIPROCAL, WEIGHTS, find_rule_policy
from peer_challenge.partners.solver.problem import Problem
from peer_challenge.partners.solver.proposal import Pair, Proposal, Status
from peer_challenge.partners.solver.search_by_levels import Answer, search_by_levels


def propose_partners(problem: Problem, *, seconds: float = 30.0) -> Proposal:
    """The best partners, with reasons; the status is "optimal" only when every level is proven.

    `seconds` limits the search: a result that is not proven by then is "feasible", with its gap. Without
    an answer in time the status is "infeasible" and `conflict` says that the time ran out.
    """
    begun = time.monotonic()
    tables = build_cost_tables(problem)
    answer = search_by_levels(tables, seconds)
    return make_proposal(problem, tables, answer, begun=begun, until=begun + seconds)


def make_proposal(
    problem: Problem, tables: Tables, answer: Answer, *, begun: float, until: float
) -> Proposal:
    """The proposal made from a search's answer, with reasons, figures or the conflict in words."""
    if answer.chosen is None:
        conflict, relaxations = (
            explain_conflict(problem, tables, until)
            if answer.is_infeasible
            else (("No partners were found in the time given.",), ("Give it more time.",))
        )
        return Proposal("infeasible", (), {}, conflict, relaxations, time.monotonic() - begun)
    pairs = pairs_from(tables, answer.chosen)
    figures: dict[str, object] = {**objective_of(problem, tables, pairs)}
    if answer.gaps:
        figures["gap"] = dict(answer.gaps)
    status: Status = "feasible" if answer.gaps else "optimal"
    described: tuple[Pair, ...] = explain_pairs(problem, tables, answer.chosen, is_proven=not answer.gaps)
    return Proposal(status, described, figures, (), (), time.monotonic() - begun)


def pairs_from(tables: Tables, chosen: Ints) -> dict[str, str]:
    """Author to challenger, from the column of each row."""
    return {a: tables.challengers[j] for a, j in zip(tables.authors, chosen.tolist(), strict=True)}


def objective_of(problem: Problem, tables: Tables, pairs: Mapping[str, str]) -> dict[str, int]:
    """Each level's figure for some pairs.

    Smaller is better for rules broken, their weight and the tie-break; larger is better for the others.
    """
    column = {c: j for j, c in enumerate(tables.challengers)}
    at = np.arange(len(tables.authors)), np.array([column[pairs[a]] for a in tables.authors], np.int64)
    is_avoided = find_rule_policy(problem, RECIPROCAL) == "avoid"
    both = len(reciprocal_pairs(problem, pairs)) if is_avoided else 0
    values = tables.value[at][tables.free]
    return {
        "avoided rules broken": int(tables.avoided[at].sum()) + both,
        "weight of avoided rules": int(tables.weight[at].sum()) + both * WEIGHTS[RECIPROCAL],
        "worst value": int(values.min(initial=1000)),
        "total value": int(values.sum()),
        "variety": int(tables.variety[at].sum()),
        "tie-break": int(tables.tie[at].sum()),
    }
