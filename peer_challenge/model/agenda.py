"""The agenda of an event: the items that a cycle sets, and their minutes in a session of any length.

An item is a line: minutes, what, who leads it, and, where it is conversation, which challenges it is about:
"65 | The challenge: sub-headings rated RED | Challenger, then author | RED".
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

CONVERSATIONS = ("RED", "OTHER")
"""What an item can be about that is conversation: challenges rated RED, or all others that were asked."""
_WEIGHTS = {"RED": 2, "OTHER": 1}
"""A RED challenge gets twice the time of another."""
USUAL_AGENDA = (
    "10 | Welcome, introductions and how the session runs | Independent Chair",
    "20 | Presentation of the self-assessment | Author",
    "65 | The challenge: sub-headings rated RED | Challenger, then author | RED",
    "10 | Break",
    "40 | The challenge: other questions and strengths | Challenger, then author | OTHER",
    "25 | Agreeing key strengths and areas for development | Independent Chair",
    "10 | What happens next | Independent Chair",
)
"""The agenda of a three-hour event."""


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """A part of a session; `about` is one of CONVERSATIONS, or "" where it is no conversation."""

    minutes: float
    what: str
    who: str = ""
    about: str = ""


def read_agenda_line(line: str) -> AgendaItem:
    """The item that a line says. Raises ValueError, in words for people, where it says none."""
    minutes, *parts = (part.strip() for part in line.split("|"))
    about = parts[2].upper() if len(parts) == 3 else ""
    # 600 minutes: no session is longer than a day.
    if not minutes.isdecimal() or not 1 <= int(minutes) <= 600:
        raise ValueError("should begin with minutes, as in `10 | Welcome | Independent Chair`")
    if not 1 <= len(parts) <= 3 or not parts[0]:
        raise ValueError("should say what happens, as in `10 | Welcome | Independent Chair`")
    if about and about not in CONVERSATIONS:
        raise ValueError("should end with RED or OTHER, or with the one who leads it")
    return AgendaItem(int(minutes), parts[0], parts[1] if len(parts) > 1 else "", about)


def check_agenda_line(line: str) -> str:
    """The line in one line, as a cycle keeps it. Raises ValueError where it says no item."""
    read_agenda_line(line)
    return " ".join(line.split())


def share_out_minutes(
    items: Sequence[AgendaItem], minutes: int, counts: Mapping[str, int] | None = None
) -> list[AgendaItem]:
    """The items with the minutes that they have in a session of so many minutes; they add up to it.

    `counts` says how many challenges there are of each of CONVERSATIONS. The time of all conversation is then
    shared out by them, and what has none is left out. Without it, and where there is none at all, each item
    keeps its share.
    """
    if counts and any(counts.get(item.about) for item in items):
        items = _share_by_counts(items, counts)
    whole = sum(item.minutes for item in items)
    return [replace(item, minutes=item.minutes * minutes / whole) for item in items]


def _share_by_counts(items: Sequence[AgendaItem], counts: Mapping[str, int]) -> list[AgendaItem]:
    """The items with the time of all conversation shared out by the number of challenges of each kind."""
    total = sum(item.minutes for item in items if item.about)
    own = {about: sum(item.minutes for item in items if item.about == about) for about in CONVERSATIONS}
    weights = {about: _WEIGHTS[about] * counts.get(about, 0) for about in CONVERSATIONS if own[about]}
    found = []
    for item in items:
        if not item.about:
            found.append(item)
        elif share := weights[item.about] / sum(weights.values()):
            found.append(replace(item, minutes=total * share * item.minutes / own[item.about]))
    return found
