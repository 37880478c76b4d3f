"""What the commands share: their options, opening the installation, the day given, sentences and JSON.

What takes time to import is imported by the command that uses it, so that `--help` answers at once.
"""

import contextlib
import json
import shutil
import sys
import textwrap
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from peer_challenge.clock import LONDON, read_clock
from peer_challenge.errors import WrongUse
from peer_challenge.system.control_characters import escape_controls, remove_controls

if TYPE_CHECKING:
    from peer_challenge.register.database import Register
    from peer_challenge.settings import Settings

ACTOR = "office (command line)"
"""Who the journal says has done what a command does."""


def print_sentence(text: str, *, is_dim: bool = False, is_aside: bool = False) -> None:
    """Print what people read, without characters that steer a terminal; on a terminal no word is broken.

    An aside goes to standard error: what is printed may be read by another program.
    """
    plain = remove_controls(text)
    if (sys.stderr if is_aside else sys.stdout).isatty():
        plain = "\n".join(map(_wrap_line, plain.split("\n")))
    typer.secho(plain, dim=is_dim or None, err=is_aside)


def _wrap_line(line: str) -> str:
    width = shutil.get_terminal_size().columns
    return textwrap.fill(
        line,
        width,
        drop_whitespace=False,
        replace_whitespace=False,
        break_long_words=False,
        break_on_hyphens=False,
    )


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


def find_settings(home: Path | None) -> "Settings":
    """The settings in force. Raises WrongUse."""
    from peer_challenge.settings import load_settings

    return load_settings(home)


@contextlib.contextmanager
def open_installation(home: Path | None, *, make: bool = False) -> Iterator[tuple["Settings", "Register"]]:
    """Open the installation, giving its settings and register, and close the register afterwards.

    With `make`, the register is made first where there is none.
    """
    from peer_challenge.register.database import has_register, open_register

    settings = find_settings(home)
    if make and not has_register(settings):
        from peer_challenge.operations.migrate_home import migrate_installation

        migrate_installation(settings)
    register = open_register(settings)
    try:
        yield settings, register
    finally:
        register.close()


def read_typed_day(given: str) -> date:
    """A day as typed on the command line. Raises WrongUse when it is not a day."""
    from peer_challenge.word.answers.written_days import read_written_day as read_written

    found = read_written(given)
    if found is None:
        raise WrongUse(f'"{given}" is not a day.', remedy="Give it as YYYY-MM-DD, such as 2027-03-06.")
    return found


def moment_of(today: str | None) -> datetime:
    """Now; or, when a day is given, nine in the morning of it, in London."""
    if today is None:
        return read_clock()
    return datetime.combine(read_typed_day(today), time(9), LONDON).astimezone(UTC)
