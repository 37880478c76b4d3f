"""What `peer-challenge events` does: lists what is proposed and agreed, and agrees what is proposed."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

from cli.assign_output import which_cycle
from cli.options import ACTOR, open_installation
from cli.terminal import console, make_text_table
from peer_challenge.events.agree_events import agree_as_proposed
from peer_challenge.model.challenge import EventFacts
from peer_challenge.model.days_in_words import day_in_words, time_of_day
from peer_challenge.register.cycles import load_stored
from peer_challenge.register.events import events_of
from peer_challenge.register.proposed_events import list_planned_events, list_proposed_events

Rows = list[dict[str, str]]


def list_timetable(home: Path | None, cycle_id: str | None) -> dict[str, Rows]:
    """The events of an open cycle as plain data, each list earliest first.

    Under "planned" is what the office chose before the analysis is in, then "proposed" and "agreed".
    """
    with open_installation(home) as (_, register), register.reading() as connection:
        cycle, _framework = load_stored(connection, which_cycle(connection, cycle_id))
        return {
            "planned": _describe(one.event for one in list_planned_events(connection, cycle)),
            "proposed": _describe(one.event for one in list_proposed_events(connection, cycle)),
            "agreed": _describe(events_of(connection, cycle)),
        }


def agree_timetable(home: Path | None, cycle_id: str | None, reason: str, at: datetime) -> int:
    """Agree every event that is proposed in an open cycle; returns how many. Raises WrongUse."""
    with open_installation(home) as (_, register), register.writing() as connection:
        cycle, _framework = load_stored(connection, which_cycle(connection, cycle_id))
        return agree_as_proposed(connection, cycle, reason=reason, actor=ACTOR, at=at)


def _describe(events: Iterable[EventFacts]) -> Rows:
    return [
        {
            "author": event.author.id,
            "challenger": event.challenger.id,
            "chair": event.chair.name,
            "starts_at": event.starts_at.isoformat(),
            "ends_at": event.ends_at.isoformat(),
            "place": event.place,
        }
        for event in events
    ]


def print_timetable(told: Mapping[str, Rows]) -> None:
    """Print both lists for people, and what to do next."""
    table = make_text_table("", "Day", "Time", "Area", "Challenged by", "Chair")
    for state, rows in told.items():
        for row in rows:
            starts = datetime.fromisoformat(row["starts_at"])
            people = (row["author"], row["challenger"], row["chair"])
            table.add_row(state, day_in_words(starts), time_of_day(starts), *people)
    console.print(table)
    if told["proposed"]:
        console.print("Nobody is told before you agree: `peer-challenge events --agree --reason WHY`.")
