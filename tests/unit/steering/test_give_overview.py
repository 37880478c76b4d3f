"""Giving the overview to the areas: not while an area could tell whose each line is."""

from datetime import UTC, datetime

import pytest

from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.errors import WrongUse
from peer_challenge.register.cycles import store_cycle
from peer_challenge.register.database import Register
from peer_challenge.steering.give_overview import send_overview_to_areas, send_report_to_office
from tests.factories import a_cycle

CYCLE = a_cycle(4)
NOW = datetime(2027, 2, 20, 10, tzinfo=UTC)


def test_too_few_self_assessments_are_given_to_nobody(register: Register) -> None:
    with register.writing() as connection:
        store_cycle(connection, CYCLE, shipped_frameworks()[CYCLE.framework], at=NOW, actor="office")
        with pytest.raises(WrongUse, match="Fewer than 3"):
            send_overview_to_areas(connection, CYCLE, reason="they asked", at=NOW, actor="office")
        send_report_to_office(connection, CYCLE, reason="they asked", at=NOW, actor="office")
        with pytest.raises(WrongUse, match="has been sent the overview of today"):
            send_report_to_office(connection, CYCLE, reason="they asked", at=NOW, actor="office")
