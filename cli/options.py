"""What the commands share: opening the installation, the day given, progress bars, tables."""

import contextlib
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console, ConsoleOptions, RenderableType
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.segment import Segment
from rich.table import Column, Table

from peer_challenge.clock import LONDON
from peer_challenge.errors import WrongUse
from peer_challenge.operations.migrate_home import migrate_installation
from peer_challenge.register.database import Register, has_register, open_register
from peer_challenge.settings import Settings, load_settings
from peer_challenge.system.control_characters import escape_controls, remove_controls


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


def print_json(told: Any) -> None:
    """Print one JSON object in a line; characters that steer a terminal are written as JSON escapes."""
    print(escape_controls(json.dumps(told, ensure_ascii=False)), flush=True)


Home = Annotated[
    Path | None,
    typer.Option(
        "--home",
        help="The installation's folder; PEER_CHALLENGE_HOME or the working directory when not given.",
    ),
]
Today = Annotated[
    str | None, typer.Option("--today", metavar="DATE", help="Act as on this day (YYYY-MM-DD).")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for other programs.")]


@contextlib.contextmanager
def open_installation(home: Path | None, *, make: bool = False) -> Iterator[tuple[Settings, Register]]:
    """Open the installation, giving its settings and register, and close the register afterwards.

    With `make`, the register is made first where there is none.
    """
    settings = load_settings(home)
    if make and not has_register(settings):
        migrate_installation(settings)
    register = open_register(settings)
    try:
        yield settings, register
    finally:
        register.close()


def read_typed_day(given: str) -> date:
    """A day as typed on the command line. Raises WrongUse when it is not a day."""
    from peer_challenge.word.answers.days import read_written_day as read_written

    found = read_written(given)
    if found is None:
        raise WrongUse(f'"{given}" is not a day.', remedy="Give it as YYYY-MM-DD, such as 2027-03-06.")
    return found


def moment_of(today: str | None) -> datetime:
    """Now; or, when a day is given, nine in the morning of it, in London."""
    if today is None:
        return datetime.now(UTC)
    return datetime.combine(read_typed_day(today), time(9), LONDON).astimezone(UTC)


def make_text_table(*headings: str, title: str | None = None) -> Table:
    """A table in which nothing is cut off: long text wraps. A day (in the column "By") stays on one line."""
    columns = (Column(heading, overflow="fold", no_wrap=heading == "By") for heading in headings)
    return Table(*columns, title=title, title_justify="left")


@contextlib.contextmanager
def show_progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on the terminal; silent where there is none."""
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
