"""An earlier cycle in a register, as one area's documents left it."""

from datetime import UTC, datetime, timedelta
from typing import Any

from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.vocabulary import DispatchKind, Kind, Role
from peer_challenge.register import tables as t
from peer_challenge.register.cycles import store_cycle
from peer_challenge.register.database import Register, Transaction
from tests.factories import a_cycle

OPENED_AT = datetime(2026, 1, 12, 9, tzinfo=UTC)


def earlier_cycle(**changes: object) -> Cycle:
    """Four areas, of the same framework as today's unless `changes` say otherwise."""
    return a_cycle(4).model_copy(update={"id": "northern-2026", "name": "Northern 2026", **changes})


def later_cycle(**changes: object) -> Cycle:
    return a_cycle(4).model_copy(update={"id": "northern-2028", "name": "Northern 2028", **changes})


def open_cycle(register: Register, cycle: Cycle, years: int = 0) -> None:
    with register.writing() as connection:
        at = OPENED_AT + timedelta(days=365 * years)
        store_cycle(connection, cycle, shipped_frameworks()[cycle.framework], at=at, actor="office")


def send_in(
    register: Register,
    cycle: Cycle,
    area: str,
    kind: Kind,
    rows: list[dict[str, Any]],
    *,
    writer: tuple[Role, str] | None = None,
    review: int = 0,
    marking: str | None = None,
) -> int:
    """An accepted document of the area's challenge, with its rows; returns its number."""
    role, who = writer or (Role.AUTHOR, area)
    with register.writing() as connection:
        made = connection.execute(
            t.submissions.insert().values(
                cycle_id=cycle.id,
                challenge_id=f"{cycle.id}/{area}",
                kind=kind.value,
                review=review,
                version=1,
                is_current=True,
                outcome="accepted",
                received_at=OPENED_AT,
                taken_in_at=OPENED_AT,
                sha256=f"{cycle.id}{area}{kind}{review}",
                file_name="form.docx",
                writer_role=role.value,
                writer_id=who,
                marking=marking,
                size=1,
            )
        )
        (number,) = made.inserted_primary_key or (0,)
        for position, row in enumerate(rows):
            connection.execute(
                t.ROWS_OF[kind].insert().values(submission_id=number, position=position, **row)
            )
    return int(number)


def send_out(connection: Transaction, cycle: Cycle, area: str, passes_on: int) -> None:
    """The Chair's summary, sent to the area, with the record that it passes on."""
    (dispatch,) = connection.execute(
        t.dispatches.insert().values(
            cycle_id=cycle.id,
            challenge_id=f"{cycle.id}/{area}",
            kind=DispatchKind.CHAIR_SUMMARY.value,
            role=Role.AUTHOR.value,
            recipient_id=area,
            key=f"chair_summary/{area}",
            parameters={},
            state="issued",
            intended_at=OPENED_AT,
            issued_at=OPENED_AT,
        )
    ).inserted_primary_key or (0,)
    (message,) = connection.execute(
        t.messages.insert().values(
            cycle_id=cycle.id,
            addressee="area",
            recipient_id=area,
            key=area,
            state="sent",
            state_since_at=OPENED_AT,
            made_at=OPENED_AT,
            way="folder",
            sent_to=[],
        )
    ).inserted_primary_key or (0,)
    connection.execute(t.message_dispatches.insert().values(dispatch_id=dispatch, message_id=message))
    connection.execute(t.dispatch_sources.insert().values(dispatch_id=dispatch, submission_id=passes_on))
