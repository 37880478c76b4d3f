"""Charts as pictures: drawn without a screen, the same bytes for the same numbers."""

import io
from collections.abc import Mapping, Sequence
from typing import Any

from peer_challenge.vocabulary import Rating
from peer_challenge.word.style import ACCENT, INK, MUTED, RAG, RULE

Counts = Mapping[str, int]
_SHOWN = (Rating.RED, Rating.AMBER, Rating.GREEN, Rating.NOT_APPLICABLE)
_FONT: dict[Any, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "svg.hashsalt": "fixed",
}  # comes with matplotlib itself


def rating_bars(labels: Sequence[str], counts: Sequence[Counts]) -> bytes:
    """One stacked bar a label, as shares of its ratings, each part with its letter and number. A PNG."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    with rc_context(_FONT):
        figure = Figure(figsize=(7.2, 0.6 + 0.30 * len(labels)), layout="constrained", dpi=160)
        axes = figure.subplots()
        left = [0.0] * len(labels)
        for rating in _SHOWN:
            rag = RAG[rating]
            totals = [max(1, sum(one.values())) for one in counts]
            widths = [
                100 * one.get(rating.value, 0) / total for one, total in zip(counts, totals, strict=True)
            ]
            axes.barh(
                range(len(labels)),
                widths,
                left=left,
                color=f"#{rag.fill}",
                height=0.74,
                edgecolor="white",
                linewidth=0.8,
            )
            for n, (start, width) in enumerate(zip(left, widths, strict=True)):
                if width >= 2:
                    axes.text(
                        start + width / 2,
                        n,
                        f"{rag.letter} {counts[n][rating.value]}" if width >= 6 else rag.letter,
                        ha="center",
                        va="center",
                        color=f"#{rag.text}",
                        fontsize=8,
                        fontweight="bold",
                    )
            left = [start + width for start, width in zip(left, widths, strict=True)]
        axes.set_yticks(range(len(labels)), labels, color=f"#{INK}")
        axes.set_xlim(0, 100)
        _plain(axes)
        axes.invert_yaxis()
        axes.xaxis.set_visible(False)
        return _png(figure)


def change_bars(labels: Sequence[str], better: Sequence[int], worse: Sequence[int]) -> bytes:
    """One bar a label: how many ratings got better (right) and worse (left). A PNG."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    with rc_context(_FONT):
        figure = Figure(figsize=(7.2, 0.9 + 0.30 * len(labels)), layout="constrained", dpi=160)
        axes = figure.subplots()
        at = range(len(labels))
        axes.barh(at, better, color=f"#{ACCENT}", height=0.66)
        axes.barh(at, [-n for n in worse], color="white", edgecolor=f"#{ACCENT}", hatch="////", height=0.66)
        most = max([1, *better, *worse])
        for n, (up, down) in enumerate(zip(better, worse, strict=True)):
            axes.text(up + most * 0.03, n, f"+{up}", va="center", color=f"#{INK}", fontsize=8)
            axes.text(
                -down - most * 0.03, n, f"−{down}", va="center", ha="right", color=f"#{INK}", fontsize=8
            )
        axes.set_yticks(at, labels, color=f"#{INK}")
        axes.set_xlim(-most * 1.25, most * 1.25)
        axes.axvline(0, color=f"#{MUTED}", linewidth=0.8)
        axes.set_title("← got worse (hatched)          got better (solid) →", fontsize=9, color=f"#{MUTED}")
        _plain(axes)
        axes.invert_yaxis()
        axes.xaxis.set_visible(False)
        return _png(figure)


def _plain(axes: Any) -> None:
    """Take away the frame."""
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.tick_params(length=0, color=f"#{RULE}")


def _png(figure: Any) -> bytes:
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    out = io.BytesIO()
    FigureCanvasAgg(figure).print_png(out, metadata={"Software": None})  # type: ignore[no-untyped-call]
    return out.getvalue()
