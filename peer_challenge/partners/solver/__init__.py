"""Who challenges whom: every rule kept, the best there is, the same each time, explained."""

from peer_challenge.partners.solver.check_pairs import check_pairs
from peer_challenge.partners.solver.price_of_change import cost_between, price_of, what_if_withdrawn
from peer_challenge.partners.solver.problem import Problem, problem_from_cycle
from peer_challenge.partners.solver.proposal import Pair, Proposal
from peer_challenge.partners.solver.propose import propose

__all__ = [
    "Pair",
    "Problem",
    "Proposal",
    "check_pairs",
    "cost_between",
    "price_of",
    "problem_from_cycle",
    "propose",
    "what_if_withdrawn",
]
