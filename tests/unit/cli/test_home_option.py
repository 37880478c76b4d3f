"""Every command that works in an installation's folder can be told which, by one name."""

from typing import Any

import typer

from cli.main import app

WITHOUT_A_FOLDER = {"dates", "suites"}


def commands(group: Any, before: str = "") -> list[tuple[str, Any]]:
    """Each command with its words, those of groups too."""
    found = []
    for name, command in group.commands.items():
        words = f"{before} {name}".strip()
        found += commands(command, words) if hasattr(command, "commands") else [(words, command)]
    return found


def test_every_command_takes_home() -> None:
    lacking = {
        words
        for words, command in commands(typer.main.get_command(app))
        if not any("--home" in parameter.opts for parameter in command.params)
    }
    assert lacking == WITHOUT_A_FOLDER
