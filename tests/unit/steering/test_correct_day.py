"""The office corrects the day on which a document came: lateness, clocks and the receipt follow."""

from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from peer_challenge.errors import WrongUse
from peer_challenge.model.vocabulary import DeadlineName, Kind
from peer_challenge.outbox.do_what_is_due import advance_and_deliver
from peer_challenge.register import challenges, frames
from peer_challenge.register import tables as t
from peer_challenge.steering.correct_day import correct_day, preview_correction
from tests.unit.steering.test_accept_findings import REASON, WHICH, a_form, answers, load, take_in
from tests.web.world import World, an_empty_world, day, pair_all_areas, send_self_assessments

LATE = day(3, 20)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return an_empty_world(tmp_path / "home")


def codes(world: World, number: int) -> list[str]:
    with world.register.reading() as connection:
        return [finding.code for finding in frames.findings_of(connection, number)]


def test_a_form_that_came_in_time_is_late_no_longer_and_its_sender_gets_another_receipt(
    world: World,
) -> None:
    row = take_in(world, a_form(), LATE)
    advance_and_deliver(world.register, world.settings, LATE)
    assert "intake.late" in codes(world, row.id)
    preview = preview_correction(world.register, world.settings, row.id, date(2027, 2, 10), at=LATE)
    assert "It counts as received on 10 February 2027 instead of 20 March 2027." in preview.told
    assert load(world, row).received_at == row.received_at
    correct_day(
        world.register,
        world.settings,
        row.id,
        date(2027, 2, 10),
        reason=REASON,
        at=LATE,
        actor="Office",
    )
    assert "intake.late" not in codes(world, row.id)
    with world.register.reading() as connection:
        challenge = challenges.find_challenge(connection, WHICH)
        entry = connection.execute(sa.select(t.journal).order_by(t.journal.c.sequence.desc())).first()
    assert challenge is not None and challenge.self_assessment_received_at is not None
    assert challenge.self_assessment_received_at.date() == date(2027, 2, 10)
    assert entry is not None and entry.details["after"] == "2027-02-10" and entry.details["reason"] == REASON
    advance_and_deliver(world.register, world.settings, LATE)
    assert [kind for kind, _ in answers(world, "issued")] == ["receipt", "receipt"]


def test_dates_that_count_from_it_move_and_those_who_know_of_them_are_told(world: World) -> None:
    send_self_assessments(world)
    pair_all_areas(world)
    author = world.cycle.authors[0].id
    world.send_in(Kind.ANALYSIS, author, day(3, 19))
    with world.register.reading() as connection:
        number = connection.scalar(sa.select(sa.func.max(t.submissions.c.id))) or 0
        before = challenges.due_dates(connection, WHICH)
    correct_day(
        world.register,
        world.settings,
        number,
        date(2027, 3, 10),
        reason=REASON,
        at=day(3, 19),
        actor="Office",
    )
    with world.register.reading() as connection:
        after = challenges.due_dates(connection, WHICH)
    assert after[DeadlineName.EVENT_BY] < before[DeadlineName.EVENT_BY]


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        (date(2027, 3, 21), "in the future"),
        (date(2026, 12, 1), "went out on"),
        (date(2027, 3, 20), "kept already"),
    ],
)
def test_a_day_on_which_it_cannot_have_come_is_refused(world: World, asked: date, why: str) -> None:
    row = take_in(world, a_form(), LATE)
    with pytest.raises(WrongUse, match=why):
        correct_day(world.register, world.settings, row.id, asked, reason=REASON, at=LATE, actor="Office")
    assert load(world, row).received_at == row.received_at
