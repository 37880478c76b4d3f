"""The command `peer-challenge`: its groups of commands, and the one place where errors become words."""

import atexit
import gc
import sys
import warnings

import typer

from cli import data_protection_commands, maintenance_commands, query_commands, run_commands
from cli.ctrl_c import INTERRUPTED, exit_interrupted
from peer_challenge.errors import PeerChallengeError, WrongUse
from peer_challenge.system.control_characters import remove_controls
from peer_challenge.system.logging_without_content import describe_error

# Typer brings a click of its own: the class is reached through one that it makes public
_UsageError = typer.BadParameter.__mro__[1]

app = typer.Typer(
    name="peer-challenge",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    help="Runs a peer challenge of multi-agency safeguarding arrangements: Word forms in, "
    "Word documents out, nothing lost.\n\nBegin with `peer-challenge rehearse`: a whole cycle of a "
    "fictional region, in a folder of its own.",
)
for group in (run_commands, query_commands, maintenance_commands, data_protection_commands):
    group.add_commands_to(app)


def main() -> None:
    """Run the command line; every error of ours ends in a sentence, a remedy and its exit code."""
    warnings.filterwarnings("ignore")
    atexit.register(gc.freeze)  # who leaves need not tidy up: after a long run that takes a second
    try:
        code = app(standalone_mode=False) or 0
        if code == INTERRUPTED:  # what Typer makes of Ctrl-C
            raise KeyboardInterrupt
        sys.exit(code)
    except _UsageError as error:  # type: ignore[misc]  # it is an exception, found at run time
        context = getattr(error, "ctx", None)
        _print_error(
            getattr(error, "format_message", error.__str__)(),
            f"See `{context.command_path} --help`." if context else WrongUse.remedy,
        )
        sys.exit(WrongUse.exit_code)
    except typer.Exit as done:
        sys.exit(done.exit_code)
    except (typer.Abort, KeyboardInterrupt):
        exit_interrupted()
    except PeerChallengeError as error:
        _print_error(str(error), error.remedy_with_command)
        sys.exit(error.exit_code)
    except OSError as error:
        _print_error(
            f"{error.strerror}: {error.filename}",
            "Check that the file is there and may be read, then try again.",
        )
        sys.exit(WrongUse.exit_code)
    except Exception as error:
        if "KeyboardInterrupt" in str(error):  # what pydantic makes of Ctrl-C
            exit_interrupted()
        _print_error(
            f"Something went wrong that nobody foresaw: {describe_error(error)}.", PeerChallengeError.remedy
        )
        sys.exit(PeerChallengeError.exit_code)


def _print_error(what: str, remedy: str) -> None:
    print(remove_controls(f"{what}\n{remedy}"), file=sys.stderr)
