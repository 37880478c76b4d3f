"""An action of a plan in a few lines, as the progress report prints it and as it is compared with later."""

from collections.abc import Mapping

from peer_challenge.model.days_in_words import day_in_words
from peer_challenge.word.answers.written_days import read_written_day

_LINES = (("Owner", "owner"), ("By", "due_on"), ("Measure", "measure"))


def describe_planned_action(row: Mapping[str, object]) -> str:
    """What was planned: the action, then its owner, day and measure, a line each.

    `row` is an action of an accepted plan: action, owner, due_on, due_on_as_written, measure.
    """
    lines = [_read_text(row, "action")]
    for label, column in _LINES:
        said = _read_text(row, column) or _read_text(row, f"{column}_as_written")
        day = read_written_day(said) if column == "due_on" and said else None
        lines += [f"{label}: {day_in_words(day) if day else said}"] if said else []
    return "\n".join(line for line in lines if line)


_ORDINALS = ("", "first ", "second ", "third ", "fourth ", "fifth ")


def name_action(address: str) -> str:
    """An action as people find it in their plan: "second action on area for development 2"."""
    _, number, *further = address.split("/")
    count = int(further[0]) if further else 1
    which = _ORDINALS[count] if count < len(_ORDINALS) else f"{count}th "
    return f"{which}action on area for development {number}"


def _read_text(row: Mapping[str, object], column: str) -> str:
    value = row.get(column)
    return value.strip() if isinstance(value, str) else ""
