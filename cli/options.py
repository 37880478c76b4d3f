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
from peer_challenge.operations.migrate_home import migrate
from peer_challenge.register.database import Register, is_begun, open_register
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
def opened(home: Path | None, *, make: bool = False) -> Iterator[tuple[Settings, Register]]:
    """The installation's settings and its open register, which is made first when `make` is set."""
    settings = load_settings(home)
    if make and not is_begun(settings):
        migrate(settings)
    register = open_register(settings)
    try:
        yield settings, register
    finally:
        register.close()


def read_day(given: str) -> date:
    """A day as typed on the command line. Raises WrongUse when it is none."""
    from peer_challenge.word.answers.days import read_day as read_written

    found = read_written(given)
    if found is None:
        raise WrongUse(f'"{given}" is not a day.', remedy="Give it as YYYY-MM-DD, such as 2027-03-06.")
    return found


def moment_of(today: str | None) -> datetime:
    """Now; or, when a day is given, nine in the morning of it, in London."""
    if today is None:
        return datetime.now(UTC)
    return datetime.combine(read_day(today), time(9), LONDON).astimezone(UTC)


def table(*headings: str, title: str | None = None) -> Table:
    """A table in which nothing is cut off: what is too wide goes on below. A day ("By") stays in one line."""
    columns = (Column(heading, overflow="fold", no_wrap=heading == "By") for heading in headings)
    return Table(*columns, title=title, title_justify="left")


@contextlib.contextmanager
def progress(what: str) -> Iterator[Callable[[int, int], None]]:
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
