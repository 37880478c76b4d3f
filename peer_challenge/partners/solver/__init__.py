"""Finds who challenges whom: keeps every rule, gives the best and always the same answer, and explains it."""

from peer_challenge.partners.solver.check_pairs import check_pairs
from peer_challenge.partners.solver.figures import FIGURE_NAMES, list_figures
from peer_challenge.partners.solver.price_of_change import (
    cost_between,
    describe_price_of_pair,
    propose_nearest,
    what_if_withdrawn,
)
from peer_challenge.partners.solver.problem import Problem, problem_from_cycle
from peer_challenge.partners.solver.proposal import Pair, Proposal
from peer_challenge.partners.solver.propose import propose_partners

__all__ = [
    "FIGURE_NAMES",
    "Pair",
    "Problem",
    "Proposal",
    "check_pairs",
    "cost_between",
    "describe_price_of_pair",
    "list_figures",
    "problem_from_cycle",
    "propose_nearest",
    "propose_partners",
    "what_if_withdrawn",
]
