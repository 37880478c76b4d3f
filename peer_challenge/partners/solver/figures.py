"""What the figures of a proposal are called where people read them."""

from collections.abc import Mapping

FIGURE_NAMES: Mapping[str, str] = {
    "pairs changed": "Pairs that change (fewer is better)",
    "avoided rules broken": "Rules broken of those to be kept where possible (fewer is better)",
    "weight of avoided rules": "How much the broken rules matter, added up (less is better)",
    "worst value": "How much of its need the worst-served area gets met, of 1,000",
    "total value": "How much of their needs all areas get met, added up",
    "variety": "Differences in size or kind between partners (more is better)",
}
"""Every level of the search that says something to people: the tie-break says nothing."""


def list_figures(objective: Mapping[str, object]) -> list[tuple[str, str, int]]:
    """The key, the name and the figure of each level of an objective, the most important first."""
    return [
        (key, name, found)
        for key, name in FIGURE_NAMES.items()
        if isinstance(found := objective.get(key), int)
    ]
