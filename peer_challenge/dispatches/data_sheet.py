"""An area's figures beside the region's range: the words of the sheet, and its chart."""

from peer_challenge.dispatches.charts import range_lines
from peer_challenge.dispatches.facts import Facts
from peer_challenge.dispatches.letters import build_common_words
from peer_challenge.dispatches.phrases import Context
from peer_challenge.dispatches.put_charts_in import insert_charts_and_grids
from peer_challenge.model.indicators import LEAST_AREAS, Direction, Figure

_NONE = "No figure"
_BETTER = {
    Direction.HIGHER: "Higher is better",
    Direction.LOWER: "Lower is better",
    Direction.NEITHER: "Neither is better",
}


def build_data_sheet_words(facts: Facts) -> Context:
    """The words that fill the template of the sheet: a row for each indicator."""
    author = facts.author.name if facts.author else ""
    drawn = _list_drawn(facts)
    return {
        **build_common_words(facts, "Figures of the region", f"{author} – {facts.cycle.name}"),
        "author": author,
        "least": LEAST_AREAS,
        "has_figures": any(one.written for one in facts.figures),
        "rows": [_build_row(one) for one in facts.figures],
        "has_chart": bool(drawn),
        "alt": {"range": " ".join(_say_in_words(one) for one in drawn)},
    }


def _build_row(figure: Figure) -> Context:
    whole = figure.range
    return {
        "name": figure.indicator.name,
        "unit": figure.indicator.unit,
        "better": _BETTER[figure.indicator.direction],
        "own": figure.written or _NONE,
        "lowest": whole.lowest if whole else "–",
        "middle": whole.middle if whole else "–",
        "highest": whole.highest if whole else "–",
        "areas": str(whole.areas) if whole else "–",
    }


def _list_drawn(facts: Facts) -> list[Figure]:
    """The figures that have a place in a range."""
    return [one for one in facts.figures if one.place is not None]


def _say_in_words(figure: Figure) -> str:
    """A line of the chart as a sentence."""
    whole = figure.range
    assert whole is not None
    return (
        f"{figure.indicator.name}: {figure.written}; lowest {whole.lowest}, middle {whole.middle}, "
        f"highest {whole.highest}."
    )


def insert_range_chart(facts: Facts, document: bytes) -> bytes:
    """The sheet with its chart in place of the template's placeholder."""
    drawn = _list_drawn(facts)
    if not drawn:
        return insert_charts_and_grids(document)
    picture = range_lines(
        [one.indicator.name for one in drawn],
        [(one.place or 0.0, one.middle_place) for one in drawn],
        facts.style.colour,
    )
    return insert_charts_and_grids(document, {"range": picture})
