"""Which cycle a command means where nobody names one: the only open one; for a report, a closed one too."""

from datetime import UTC, datetime

import pytest

from cli.assign_output import which_cycle, which_cycle_or_closed
from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.errors import WrongUse
from peer_challenge.register.cycles import close_cycle, store_cycle
from peer_challenge.register.database import Register
from tests.factories import a_cycle

AT = datetime(2027, 3, 1, 9, tzinfo=UTC)
FIRST = a_cycle(4)
SECOND = FIRST.model_copy(update={"id": "second-2027"})


def test_the_only_cycle_is_meant_for_a_report_even_when_it_is_closed(register: Register) -> None:
    with register.writing() as connection:
        store_cycle(connection, FIRST, shipped_frameworks()[FIRST.framework], at=AT, actor="office")
        assert which_cycle_or_closed(connection, None) == which_cycle(connection, None) == FIRST.id
        close_cycle(connection, FIRST.id, AT)
        assert (
            which_cycle_or_closed(connection, None) == which_cycle_or_closed(connection, FIRST.id) == FIRST.id
        )
        with pytest.raises(WrongUse):
            which_cycle(connection, None)
        store_cycle(connection, SECOND, shipped_frameworks()[FIRST.framework], at=AT, actor="office")
        assert which_cycle_or_closed(connection, None) == SECOND.id
        close_cycle(connection, SECOND.id, AT)
        with pytest.raises(WrongUse) as refused:
            which_cycle_or_closed(connection, None)
    assert "--cycle" in refused.value.remedy
