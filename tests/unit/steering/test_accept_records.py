"""A Chair's record with more items than usual, or with a conflict, is used if the office says so."""

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from peer_challenge.dispatches.gather_facts import gather_dispatch_facts
from peer_challenge.model.vocabulary import Kind, Outcome, Stage
from peer_challenge.outbox.do_what_is_due import advance_and_deliver
from peer_challenge.register import cycles, outbox
from peer_challenge.register import tables as t
from peer_challenge.register.archive import Archive
from peer_challenge.register.cycles import store_cycle
from peer_challenge.register.database import open_register
from peer_challenge.settings import Settings
from tests.factories import a_cycle, its_framework
from tests.migrated import make_installation
from tests.unit.steering.test_accept_findings import ONE, WHICH, accept, open_keys, stage, take_in
from tests.web.world import World, day, pair_all_areas, send_self_assessments

AT = day(4, 21)
LIMIT = 1


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Four areas; the first one's event is set; a record of their cycle holds one item of each kind."""
    settings = Settings(home=tmp_path / "home", settle_seconds=0)
    make_installation(settings)
    cycle = a_cycle(4)
    rules = cycle.rules.model_copy(update={"look_before_sending": False})
    cycle = cycle.model_copy(update={"rules": rules.model_copy(update={"agreed_items": 5})})
    register = open_register(settings)
    with register.writing() as connection:
        store_cycle(connection, cycle, its_framework(cycle), at=day(1, 11), actor="office")
    made = World(settings, register, cycle)
    made.advance(day(1, 11))
    send_self_assessments(made)
    pair_all_areas(made)
    made.send_in(Kind.ANALYSIS, ONE, day(3, 19))
    advance_and_deliver(register, settings, day(3, 19))
    advance_and_deliver(register, settings, AT)
    assert stage(made) is Stage.EVENT_HELD
    return made


def change_cycle(world: World, **changed: object) -> None:
    """Change what the register has of the cycle, as if it had been opened so."""

    with world.register.writing() as connection:
        definition = connection.scalar(sa.select(t.cycles.c.definition))
        connection.execute(t.cycles.update().values(definition={**definition, **changed}))
    cycles._parsed.clear()


def test_the_items_that_the_office_allows_are_in_the_summary_and_the_plan(world: World) -> None:
    rules = world.cycle.rules.model_dump(mode="json") | {"agreed_items": LIMIT}
    record = world.filled(Kind.CHAIR_RECORD, ONE)
    change_cycle(world, rules=rules)
    row = take_in(world, record, AT, "record.docx")
    keys = open_keys(world, row)
    assert row.outcome is Outcome.QUERIED
    more = [key for key in keys if key.startswith("agreed.too_many")]
    assert len(more) > 1
    outcomes = [accept(world, row, key, at=AT) for key in keys]
    assert outcomes[-1] is Outcome.WARNED and set(outcomes[:-1]) <= {Outcome.QUERIED}
    assert stage(world) is Stage.SUMMARISED
    with world.register.reading() as connection:
        waiting = {one.kind.value: one for one in outbox.list_waiting_dispatches(connection)}
        archive = Archive(world.settings.archive_folder)
        facts = gather_dispatch_facts(connection, waiting["chair_summary"], archive)
    assert len(facts.items) == len(more) + 2 * LIMIT
    advance_and_deliver(world.register, world.settings, AT + timedelta(hours=1))
    with world.register.reading() as connection:
        states = {
            row.kind: row.state
            for row in connection.execute(sa.select(t.dispatches))
            if row.challenge_id == WHICH
        }
    assert (states["chair_summary"], states["action_plan_template"]) == ("issued", "issued")


def test_the_record_of_a_chair_with_a_conflict_is_used_if_the_office_says_so(world: World) -> None:
    record = world.filled(Kind.CHAIR_RECORD, ONE)
    chairs = [{**chair.model_dump(mode="json"), "not_for": [ONE]} for chair in world.cycle.chairs]
    change_cycle(world, chairs=chairs)
    row = take_in(world, record, AT, "record.docx")
    keys = open_keys(world, row)
    assert any(key.startswith("chair.conflict") for key in keys)
    assert [accept(world, row, key, at=AT) for key in keys][-1] is Outcome.WARNED
    assert stage(world) is Stage.SUMMARISED
