"""Sends the overview of the region as it is now: to the office itself, or without names to the areas."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from peer_challenge.clock import local_day
from peer_challenge.dispatches import published_figures as figures
from peer_challenge.dispatches.kinds import KINDS
from peer_challenge.errors import WrongUse
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.messages import Addressee
from peer_challenge.model.reasons import read_reason
from peer_challenge.model.vocabulary import DispatchKind, Kind, Role, Stage
from peer_challenge.model.who_gets_a_message import MessageRecipients, choose_recipients
from peer_challenge.outbox.report_on_demand import REPORTS
from peer_challenge.register import challenges, journal, outbox
from peer_challenge.register.database import Transaction
from peer_challenge.register.frames import current_rows
from peer_challenge.steering import edition_changes

FEWEST_AREAS = 3
"""With fewer self-assessments, an area knows which of the others each letter is."""
_FOR_AREAS = DispatchKind.REGIONAL_OVERVIEW_ANONYMISED
_ONCE_A_DAY = "The overview of today is under To send. Ask again tomorrow, or download it."


@dataclass(frozen=True, slots=True)
class Receiver:
    """An area that the overview would go to: its id, and the people who would get the message."""

    id: str
    recipients: MessageRecipients


def list_receivers(connection: Transaction, cycle: Cycle) -> list[Receiver]:
    """The areas that the overview without names would go to: all but those that have withdrawn."""
    rows = challenges.list_challenges_in_cycle(connection, cycle.id)
    topics = (KINDS[_FOR_AREAS].topic,)
    return [
        Receiver(row.author_id, choose_recipients(cycle, Addressee.AREA, row.author_id, topics))
        for row in rows
        if row.stage is not Stage.WITHDRAWN
    ]


def count_self_assessments(connection: Transaction, cycle: Cycle) -> int:
    """How many areas' self-assessments have been accepted."""
    return int(current_rows(connection, Kind.SELF_ASSESSMENT, cycle.id)["participant"].nunique())


def send_overview_to_areas(
    connection: Transaction, cycle: Cycle, *, reason: str, at: datetime, actor: str
) -> list[str]:
    """Intend the overview without names for every area of a cycle; returns the ids of the areas.

    At most once a day. Raises WrongUse without a reason, where it went today, where so few
    self-assessments are in that an area could tell whose each is, and where so few documents are new since
    an earlier edition that the two could be compared to tell what one area wrote.
    """
    why = read_reason(reason)
    if count_self_assessments(connection, cycle) < FEWEST_AREAS:
        raise WrongUse(
            f"Fewer than {FEWEST_AREAS} self-assessments are in: areas could tell whose each is.",
            remedy="Wait until more are in.",
        )
    ids = [one.id for one in list_receivers(connection, cycle)]
    if not set(ids) - _list_given_today(connection, cycle, at):
        raise WrongUse("The areas have been given the overview of today.", remedy=_ONCE_A_DAY)
    now = edition_changes.list_documents(connection, cycle.id)
    edition_changes.check_editions_can_be_compared(
        now,
        edition_changes.list_earlier_editions(connection, cycle.id),
        figures.find_smallest_count(cycle),
    )
    made_of = edition_changes.describe_documents(now)
    new = [one for one in ids if _intend(connection, cycle, _FOR_AREAS, Role.AUTHOR, one, at, made_of)]
    _write_journal(connection, cycle, "overview given to areas", len(new), why, at, actor)
    return new


def send_report_to_office(
    connection: Transaction, cycle: Cycle, *, reason: str, at: datetime, actor: str
) -> None:
    """Intend the overview, its anonymised edition and the tables for the office itself, at most once a day.

    Raises WrongUse without a reason, and where it was sent today.
    """
    why = read_reason(reason)
    if not sum(_intend(connection, cycle, kind, Role.OFFICE, outbox.OFFICE, at) for kind in REPORTS):
        raise WrongUse("The office has been sent the overview of today.", remedy=_ONCE_A_DAY)
    _write_journal(connection, cycle, "overview sent to office", len(REPORTS), why, at, actor)


def name_without_address(receivers: Sequence[Receiver]) -> list[str]:
    """The names of those areas that no message can reach by email."""
    return [one.recipients.name for one in receivers if not one.recipients.to]


def _list_given_today(connection: Transaction, cycle: Cycle, at: datetime) -> set[str]:
    given = outbox.list_given(connection, cycle.id, _FOR_AREAS, Role.AUTHOR)
    return {one.recipient_id for one in given if local_day(one.intended_at) == local_day(at)}


def _intend(
    connection: Transaction,
    cycle: Cycle,
    kind: DispatchKind,
    role: Role,
    who: str,
    at: datetime,
    parameters: Mapping[str, object] | None = None,
) -> bool:
    return outbox.intend_dispatch(
        connection,
        kind,
        role,
        who,
        key=f"{kind.value}/asked/{local_day(at).isoformat()}/{who}",
        at=at,
        cycle_id=cycle.id,
        parameters=parameters,
    )


def _write_journal(
    connection: Transaction, cycle: Cycle, event: str, count: int, why: str, at: datetime, actor: str
) -> None:
    journal.append_entry(
        connection, event, at=at, actor=actor, cycle_id=cycle.id, documents=count, reason=why
    )
