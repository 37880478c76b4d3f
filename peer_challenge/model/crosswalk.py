"""The crosswalk of two frameworks: where each sub-heading of the earlier one went in the later one."""

from peer_challenge.model.framework import Framework


def follow_crosswalk(earlier: Framework, later: Framework) -> dict[str, tuple[str, ...]]:
    """Where each sub-heading of `earlier` went in `later`: address -> addresses, () when retired.

    The crosswalks of the file that names more of the other's sub-headings say so, whichever came first: those
    of the other may name addresses of a third framework that are something else here. Where neither file
    names any, and within one framework, a sub-heading keeps its address.
    """
    if earlier.id == later.id:
        return {address: (address,) if address in later.subheadings else () for address in earlier}
    forwards = [(origin, to) for to, row in later.subheadings.items() for origin in row.crosswalk]
    backwards = [(origin, to) for origin, row in earlier.subheadings.items() for to in row.crosswalk]
    both = [
        [(origin, to) for origin, to in ways if origin in earlier.subheadings and to in later.subheadings]
        for ways in (forwards, backwards)
    ]
    named = max(both, key=lambda ways: len({origin for origin, _ in ways}))
    went: dict[str, dict[str, None]] = {address: {} for address in earlier}
    for origin, to in named:
        went[origin][to] = None
    return {
        address: tuple(to) or ((address,) if not named and address in later.subheadings else ())
        for address, to in went.items()
    }
