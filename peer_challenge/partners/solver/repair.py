"""Parts areas that challenge each other by exchanges that cost nothing: quick, but not sure to succeed."""

import numpy as np

from peer_challenge.partners.solver.cost_tables import Bools, Ints, Tables, find_reciprocal_rows


def untangle_pairs(tables: Tables, allowed: Bools, chosen: Ints) -> Ints | None:
    """An assignment over `allowed` with no reciprocal pair, found by exchanges; None if none is found."""
    if tables.reciprocal == "allow":
        return chosen
    current = chosen.copy()
    tangled = find_reciprocal_rows(tables, current)
    for _ in range(2 * len(tangled)):
        if not tangled:
            return current
        exchanged = next(
            (
                new
                for row in tangled[0]
                if (new := _exchange_challengers(tables, allowed, current, row)) is not None
            ),
            None,
        )
        if exchanged is None:
            return None
        current = exchanged
        tangled = find_reciprocal_rows(tables, current)
    return None if tangled else current


def _exchange_challengers(tables: Tables, allowed: Bools, chosen: Ints, row: int) -> Ints | None:
    """`chosen` with the challenger of `row` exchanged with another row's, fewer pairs being reciprocal."""
    before = len(find_reciprocal_rows(tables, chosen))
    possible = np.flatnonzero(allowed[row, chosen] & allowed[:, chosen[row]])
    for other in possible.tolist():
        if other == row or chosen[other] == chosen[row]:
            continue
        new = chosen.copy()
        new[row], new[other] = chosen[other], chosen[row]
        if len(find_reciprocal_rows(tables, new)) < before:
            return new
    return None
