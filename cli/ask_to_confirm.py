"""What commands that take something back do alike: say what follows, then ask, or go by --yes."""

import sys
from collections.abc import Sequence

import typer

from cli.options import print_sentence
from peer_challenge.errors import WrongUse


def ask_to_confirm(told: Sequence[str], question: str, reason: str, *, is_sure: bool) -> str:
    """Print what would follow, and ask whether that is meant; returns the reason for the journal.

    Raises WrongUse where nobody can be asked and --yes was not given, and typer.Abort where the answer is no.
    """
    for line in told:
        print_sentence(f"- {line}")
    if is_sure:
        return reason
    if not sys.stdin.isatty():
        raise WrongUse("Nothing was changed yet.", remedy="Run it again with --yes and --reason WHY.")
    typer.confirm(question, abort=True)
    return reason or typer.prompt("Why? It goes into the journal")
