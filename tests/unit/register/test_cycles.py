"""What a cycle was opened with, read again as often as it is asked for."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.register import cycles
from peer_challenge.register.database import Register
from peer_challenge.register.tables import cycles as stored
from tests.factories import a_cycle

AT = datetime(2027, 1, 4, 9, tzinfo=UTC)


def test_cycles_of_years_do_not_fill_the_memory_and_are_read_right_when_forgotten(
    register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cycles, "_KEPT", 2)
    ids = [f"year-{number}" for number in range(5)]
    cycle = a_cycle(4)
    framework = shipped_frameworks()[cycle.framework]
    with register.writing() as connection:
        for cycle_id in ids:
            another = cycle.model_copy(update={"id": cycle_id, "name": f"The {cycle_id}"})
            cycles.store_cycle(connection, another, framework, at=AT, actor="test")
    with register.reading() as connection:
        for cycle_id in [*ids, *ids]:
            assert cycles.load_stored(connection, cycle_id)[0].name == f"The {cycle_id}"
            assert len(cycles._parsed) <= 2
        assert list(cycles.load_all_stored(connection)) == ids


def test_a_cycle_that_was_opened_before_there_was_a_limit_for_the_whole_form_has_none(
    register: Register,
) -> None:
    cycle = a_cycle(4)
    with register.writing() as connection:
        cycles.store_cycle(connection, cycle, shipped_frameworks()[cycle.framework], at=AT, actor="test")
        definition = cycle.model_dump(mode="json")
        del definition["rules"]["form_word_limit"]
        connection.execute(sa.update(stored).values(definition=definition))
    cycles._parsed.clear()
    with register.reading() as connection:
        rules = cycles.load_stored(connection, cycle.id)[0].rules
    assert (rules.form_word_limit, cycle.rules.form_word_limit) == (None, 5000)
