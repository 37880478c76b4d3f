"""A clock that jumps: set back by hand, set right by the network, or wrong since the machine was started."""

import shutil
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from peer_challenge.intake.take_in import take_in_ready_documents
from peer_challenge.operations.doctor_machine import check_machine_clock
from peer_challenge.outbox.do_what_is_due import advance_challenges
from peer_challenge.outbox.who_is_reminded import intend_reminders
from peer_challenge.register import tables as t
from peer_challenge.register.database import open_register
from peer_challenge.register.journal import broken_at
from tests.faults import kills


@pytest.mark.parametrize("jumps", [(-40, 0), (120, 0), (-1, 1, -1, 1), (400, -400, 0)])
def test_nothing_is_lost_and_nothing_sent_twice(before: Path, tmp_path: Path, jumps: tuple[int, ...]) -> None:
    home = Path(shutil.copytree(before, tmp_path / "office"))
    register, settings = open_register(kills.settings_of(home)), kills.settings_of(home)
    seen: dict[str, bytes] = {}
    for days in (0, *jumps):
        now = kills.AT + timedelta(days=days)
        take_in_ready_documents(register, settings, now)
        intend_reminders(register, now)
        advance_challenges(register, settings, now)
        there = kills.outbox_of(home)
        assert seen.items() <= there.items(), "what went out stays as it went out"
        seen = there
    with register.reading() as connection:
        issued = connection.execute(sa.select(t.dispatches)).fetchall()
        told = [e for e in connection.execute(sa.select(t.journal)) if e.event == "dispatch issued"]
        assert broken_at(connection) is None
        assert connection.scalar(sa.select(sa.func.count()).select_from(t.submissions)) == 5
    register.close()
    assert max(Counter((d.kind, d.recipient_id, d.key) for d in issued).values()) == 1
    assert sorted(e.details["dispatch"] for e in told) == sorted(d.id for d in issued), "each once"
    assert {d.path for d in issued} == set(seen), "and each is there"


def test_doctor_tells_of_a_clock_that_stands_before_what_happened(before: Path, tmp_path: Path) -> None:
    home = Path(shutil.copytree(before, tmp_path / "office"))
    settings = kills.settings_of(home)
    kills.run(home)
    register = open_register(settings)
    early, later = (
        check_machine_clock(register, settings, kills.AT + timedelta(days=days)) for days in (-2, 2)
    )
    register.close()
    assert (early.is_well, later.is_well) == (False, True)
    assert "clock" in early.remedy
