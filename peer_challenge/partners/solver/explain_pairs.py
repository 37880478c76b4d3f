"""Why each pair was made, and the best two alternatives with what each would cost."""

from collections import Counter

import numpy as np

from peer_challenge.model.sentences import join_in_words, say_how_many
from peer_challenge.partners.solver.cost_tables import (
    Ints,
    Tables,
    find_reciprocal_rows,
    weigh_one_broken_rule,
)
from peer_challenge.partners.solver.pair_rules import list_rules_touched, list_unknown_facts
from peer_challenge.partners.solver.problem import Problem
from peer_challenge.partners.solver.proposal import Pair


def explain_pairs(problem: Problem, tables: Tables, chosen: Ints, *, is_proven: bool) -> tuple[Pair, ...]:
    """Every pair with its reasons, broken "avoid" rules and alternatives.

    With `is_proven` the reasons also say that no other set of pairs breaks fewer rules.
    """
    of = {a: tables.challengers[j] for a, j in zip(tables.authors, chosen.tolist(), strict=True)}
    back = {(a, c) for a, c in of.items() if of.get(c) == a} if tables.reciprocal == "avoid" else set()
    pairs = []
    for row, (author, challenger) in enumerate(of.items()):
        avoided = [f"{t.words}." for t in list_rules_touched(problem, author, challenger)]
        if (author, challenger) in back:
            avoided.append(f"{problem.name(author)} and {problem.name(challenger)} challenge each other.")
        is_fixed = author in problem.fixed
        pairs.append(
            Pair(
                author=author,
                challenger=challenger,
                moderator=of.get(challenger) if problem.rules.triads else None,
                reasons=_list_pair_reasons(problem, tables, row, author, challenger, avoided, is_proven),
                alternatives=() if is_fixed else _find_alternatives(problem, tables, chosen, row),
                avoided=() if is_fixed else tuple(avoided),
            )
        )
    return tuple(pairs)


def _list_pair_reasons(
    problem: Problem,
    tables: Tables,
    row: int,
    author: str,
    challenger: str,
    avoided: list[str],
    is_proven: bool,
) -> tuple[str, ...]:
    if author in problem.fixed:
        return ("This challenge is under way, so its challenger stays.",)
    said = []
    if problem.rules.pins.get(author) == challenger:
        said.append(f"The office pinned {problem.name(challenger)} to {problem.name(author)}.")
    said.append(_describe_choice(problem, tables, row, author))
    said.append(_describe_strength(problem, author, challenger))
    unknown = list_unknown_facts(problem, author, challenger)
    if unknown:
        said.append(f"We could not check every rule: we do not know {join_in_words(unknown)}.")
    if not avoided:
        return (*said, "No rule is broken." if not unknown else "No rule that we could check is broken.")
    broken = (f"It breaks a rule that is kept where possible: {words}" for words in avoided)
    return (*said, *broken, *(("No set of pairs breaks fewer of these rules.",) if is_proven else ()))


def _describe_choice(problem: Problem, tables: Tables, row: int, author: str) -> str:
    """How many areas could challenge this one, in words."""
    possible = int(tables.allowed[row].sum())
    others = len(tables.challengers) - int(author in tables.challengers)
    name = problem.name(author)
    if possible == others:
        return f"Any of the other {others} areas could challenge {name}."
    if possible == 1:
        return f"No other area could challenge {name}: each would break a rule."
    return f"{possible} of the other {others} areas could challenge {name}; the rest would break a rule."


def _describe_strength(problem: Problem, author: str, challenger: str) -> str:
    """What the challenger brings, in words and figures."""
    if (author, challenger) not in problem.values:
        return "Their ratings are not known yet, so every challenger counts as of equal value."
    strong, needs = problem.strengths.get((author, challenger), (0, 0))
    whose, brings = problem.name(author), problem.name(challenger)
    if (author, challenger) in problem.strengths and not needs:
        return f"{whose} rates nothing RED or AMBER, so every challenger counts as of equal value."
    where = f"the {needs} sub-headings" if needs != 1 else "the one sub-heading"
    return (
        f"{brings} rates itself GREEN, and says why, on {strong} of {where} where {whose} wants to improve. "
        f"Its challenge value is {problem.values[author, challenger]} of 1000."
    )


def _find_alternatives(problem: Problem, tables: Tables, chosen: Ints, row: int) -> tuple[str, ...]:
    """The two cheapest exchanges that give `row` another challenger; in triads exchanges say nothing."""
    if tables.triads:
        return ()
    ranked = sorted(_list_exchanges(tables, chosen, row), key=lambda each: each[0])[:24]
    found = []
    for _, column, other in ranked:
        new = chosen.copy()
        new[row] = column
        if other >= 0:
            new[other] = chosen[row]
        if tables.reciprocal == "forbid" and find_reciprocal_rows(tables, new):
            continue
        found.append(_describe_exchange(problem, tables, chosen, new, column, other))
        if len(found) == 2:
            break
    return tuple(found)


def _list_exchanges(tables: Tables, chosen: Ints, row: int) -> list[tuple[tuple[int, int, int], int, int]]:
    """(cost, the new column, the row it is taken from or -1) of each exchange that breaks no pair's rule."""
    mine, one = int(chosen[row]), weigh_one_broken_rule(tables)
    used = Counter(chosen.tolist())
    broken = tables.avoided * one + tables.weight
    found = [
        (
            (int(broken[row, j] - broken[row, mine]), int(tables.value[row, mine] - tables.value[row, j]), j),
            j,
            -1,
        )
        for j in np.flatnonzero(tables.allowed[row]).tolist()
        if j != mine and used[j] < tables.capacity[j]
    ]
    possible = tables.allowed[row, chosen] & tables.allowed[:, mine] & (chosen != mine)
    others = np.flatnonzero(possible)
    theirs = chosen[others]
    more = broken[row, theirs] + broken[others, mine] - broken[row, mine] - broken[others, theirs]
    less = (
        tables.value[row, mine]
        + tables.value[others, theirs]
        - tables.value[row, theirs]
        - tables.value[others, mine]
    )
    return found + [
        ((int(m), int(v), j), j, o)
        for m, v, j, o in zip(more.tolist(), less.tolist(), theirs.tolist(), others.tolist(), strict=True)
    ]


def _describe_exchange(
    problem: Problem, tables: Tables, old: Ints, new: Ints, column: int, other: int
) -> str:
    challenger = problem.name(tables.challengers[column])
    swap = ""
    if other >= 0:
        taker, given = tables.authors[other], tables.challengers[int(new[other])]
        swap = f", with {problem.name(taker)} taking {problem.name(given)} instead"
    change = describe_cost_change(_compute_figures(tables, old), _compute_figures(tables, new))
    return f"{challenger}{swap}: {change}."


def _compute_figures(tables: Tables, chosen: Ints) -> tuple[int, int, int, int]:
    at = np.arange(len(chosen)), chosen
    both = len(find_reciprocal_rows(tables, chosen)) if tables.reciprocal == "avoid" else 0
    values = tables.value[at][tables.free]
    worst, total = int(values.min(initial=1000)), int(values.sum())
    return int(tables.avoided[at].sum()) + both, worst, total, int(tables.variety[at].sum())


def describe_cost_change(old: tuple[int, int, int, int], new: tuple[int, int, int, int]) -> str:
    """What changes from one set of figures to another, in words, the most important first.

    The figures are: avoided rules broken, worst value, total value, variety.
    """
    said = []
    if new[0] != old[0]:
        change = new[0] - old[0]
        more = "more" if change > 0 else "fewer"
        said.append(f"{say_how_many(abs(change), f'{more} rule')} to be avoided broken")
    if new[1] != old[1]:
        said.append(f"what the worst-served area gets met goes from {old[1]} to {new[1]}, of 1,000")
    if new[2] != old[2]:
        said.append(f"what all areas get met, added up, goes from {old[2]} to {new[2]}")
    if new[3] != old[3]:
        said.append(f"differences in size or kind between partners go from {old[3]} to {new[3]}")
    return "; ".join(said) if said else "as good as before in everything that we measure"
