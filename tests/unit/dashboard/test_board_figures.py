"""The board's filter by name."""

from datetime import UTC, datetime

import pytest

from dashboard.board_figures import build_board
from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.register.cycles import store_cycle
from peer_challenge.register.database import Register
from peer_challenge.register.status import status_of
from tests.factories import a_cycle

NOW = datetime(2027, 2, 20, 10, tzinfo=UTC)


@pytest.mark.parametrize("typed", ["O'Role", " o’role ", "ORole"])
def test_an_area_is_found_by_its_name_with_any_apostrophe(register: Register, typed: str) -> None:
    cycle = a_cycle(4)
    renamed = cycle.participants[0].model_copy(update={"name": "Port O’Role"})
    cycle = cycle.model_copy(update={"participants": (renamed, *cycle.participants[1:])})
    with register.writing() as connection:
        store_cycle(connection, cycle, shipped_frameworks()[cycle.framework], at=NOW, actor="office")
    [status] = status_of(register, NOW)["cycles"]
    board = build_board(status["challenges"], NOW.date(), "", "", typed, "area")
    assert [row["author_name"] for row in board.rows] == ["Port O’Role"]
    assert board.total == 4
