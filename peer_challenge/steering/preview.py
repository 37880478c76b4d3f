"""What the page shows of a decision before it is made."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from peer_challenge.model.cycle import Cycle
from peer_challenge.model.days_in_words import day_in_words
from peer_challenge.model.sentences import join_in_words
from peer_challenge.model.vocabulary import DEADLINE_NAMES, DeadlineName, Outcome
from peer_challenge.register import challenges, outbox
from peer_challenge.register.database import Transaction
from peer_challenge.register.records import Challenge, Dispatch


@dataclass(frozen=True, slots=True)
class Preview:
    """What a decision of the office would cause: the outcome, and sentences that describe it."""

    outcome: Outcome
    told: tuple[str, ...]


def describe_what_follows(
    connection: Transaction, cycle: Cycle, before: Challenge, last_dispatch: int
) -> list[str]:
    """Sentences about a challenge after a decision: its stage, and what is to go out to whom.

    `before` is the challenge as it was, `last_dispatch` the id of its newest dispatch then.
    """
    after = challenges.find_challenge(connection, before.id)
    told = []
    if after is not None and after.stage is not before.stage:
        told.append(f"The challenge moves from “{before.stage.value}” to “{after.stage.value}”.")
    new = outbox.list_since(connection, before.id, last_dispatch)
    return [*told, f"Made and sent next: {_list_dispatches(cycle, new)}." if new else "Nothing goes out now."]


def describe_changed_dates(
    before: Mapping[DeadlineName, date], after: Mapping[DeadlineName, date]
) -> list[str]:
    """A sentence for each date of a challenge that a decision moves, or takes away until it is set again."""
    told = []
    for name, day in before.items():
        if name not in after:
            told.append(f"{DEADLINE_NAMES[name]}: no day for now, instead of {day_in_words(day)}.")
        elif after[name] != day:
            told.append(
                f"{DEADLINE_NAMES[name]}: {day_in_words(after[name])} instead of {day_in_words(day)}."
            )
    return told


def describe_letters(cycle: Cycle, dispatches: Sequence[Dispatch]) -> str:
    """A sentence that says to whom some dispatches go, each recipient once."""
    names = dict.fromkeys(_name_recipient(cycle, one) for one in dispatches)
    return f"Letters go to {join_in_words(names)}." if names else "Nobody gets a letter."


def _list_dispatches(cycle: Cycle, dispatches: list[Dispatch]) -> str:
    told: dict[str, list[str]] = {}
    for one in dispatches:
        told.setdefault(_name_recipient(cycle, one), []).append(one.kind.in_words)
    return "; ".join(f"{join_in_words(dict.fromkeys(kinds))} to {name}" for name, kinds in told.items())


def _name_recipient(cycle: Cycle, dispatch: Dispatch) -> str:
    held = cycle.find_recipient(dispatch.recipient_id)
    return held.name if held is not None else "the programme office"
