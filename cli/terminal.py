"""The terminal through Rich: tables, colours, progress bars. It takes a tenth of a second to import."""

import contextlib
import sys
from collections.abc import Callable, Iterable, Iterator

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.table import Column, Table

from peer_challenge.system.control_characters import remove_controls


class _SafeConsole(Console):
    """A console on which no text steers the terminal: what an area, a file or a settings file calls something
    is shown without its control characters. Colours, which are no text, stay."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """What Rich writes, its text without control characters."""
        for segment in super().render(renderable, options):
            is_text = segment.control is None
            yield Segment(remove_controls(segment.text), segment.style) if is_text else segment


console = _SafeConsole(markup=False)  # names of areas, cycles and files may have brackets in them
errors = _SafeConsole(stderr=True, markup=False)


def make_text_table(*headings: str, title: str | None = None) -> Table:
    """A table in which nothing is cut off: what is too wide goes on below. A day ("By") stays in one line."""
    columns = (Column(heading, overflow="fold", no_wrap=heading == "By") for heading in headings)
    return Table(*columns, title=title, title_justify="left")


@contextlib.contextmanager
def show_progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on the terminal; silent where there is none."""
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        SpinnerColumn,
        TextColumn,
        TimeElapsedColumn,
    )

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=errors, transient=True, disable=not sys.stderr.isatty()) as bars:
        bar = bars.add_task(what, total=None)
        yield lambda done, total: bars.update(bar, completed=done, total=total)
