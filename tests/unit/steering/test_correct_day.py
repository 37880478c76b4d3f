"""The office corrects the day on which a document came: lateness, clocks and the receipt follow."""

from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from peer_challenge.errors import WrongUse
from peer_challenge.intake.answer import ARRIVED_AT
from peer_challenge.model import journey
from peer_challenge.model.vocabulary import DeadlineName, Kind, Outcome, Stage
from peer_challenge.outbox.do_what_is_due import advance_and_deliver
from peer_challenge.register import challenges, frames, submissions
from peer_challenge.register import tables as t
from peer_challenge.register.records import Submission
from peer_challenge.steering.correct_day import correct_day, preview_correction
from tests.factories import a_filled
from tests.unit.steering.test_accept_findings import (
    ONE,
    REASON,
    WHICH,
    a_form,
    accept,
    answers,
    load,
    stage,
    take_in,
)
from tests.web.world import World, a_world, an_empty_world, day, pair_all_areas, send_self_assessments

LATE = day(3, 20)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return an_empty_world(tmp_path / "home")


def codes(world: World, number: int) -> list[str]:
    with world.register.reading() as connection:
        return [finding.code for finding in frames.findings_of(connection, number)]


def load_current(world: World, kind: Kind) -> Submission:
    with world.register.reading() as connection:
        found = submissions.find_current_version(connection, WHICH, kind)
    assert found is not None
    return found


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


@pytest.mark.parametrize(
    ("kind", "came_on"), [(Kind.SELF_ASSESSMENT, date(2027, 2, 18)), (Kind.ANALYSIS, date(2027, 3, 10))]
)
def test_what_came_in_its_turn_stays_accepted_when_its_challenge_has_moved_on(
    tmp_path: Path, kind: Kind, came_on: date
) -> None:
    world, at = a_world(tmp_path / "home"), day(3, 22)
    row = load_current(world, kind)
    assert stage(world) is Stage.EVENT_SET and not journey.can_receive(kind, Stage.EVENT_SET)
    before = answers(world)
    preview = preview_correction(world.register, world.settings, row.id, came_on, at=at)
    assert preview.outcome is Outcome.ACCEPTED and "query letter" not in str(preview.told)
    correct_day(world.register, world.settings, row.id, came_on, reason=REASON, at=at, actor="Office")
    after = load_current(world, kind)
    assert (after.id, after.outcome, after.received_at.date()) == (row.id, Outcome.ACCEPTED, came_on)
    assert [kind for kind, _ in answers(world)[len(before) :]] == ["receipt"]
    with world.register.reading() as connection:
        rows = frames.current_rows(connection, kind, world.cycle.id)
        challenge = challenges.find_challenge(connection, WHICH)
    assert ONE in set(rows["participant"])
    arrived = getattr(challenge, ARRIVED_AT[kind])
    assert arrived is not None and arrived.date() == came_on


def test_what_was_taken_in_out_of_turn_is_known_as_that_when_its_turn_has_come(tmp_path: Path) -> None:
    world = a_world(tmp_path / "home")
    plan = take_in(world, a_filled(Kind.ACTION_PLAN, ONE, areas=4, turn=1), day(3, 22))
    assert accept(world, plan, "intake.out_of_turn||", at=day(3, 22)) is Outcome.WARNED
    with world.register.reading() as connection:
        challenge = challenges.find_challenge(connection, WHICH)
    assert challenge is not None and challenge.event is not None
    at = challenge.event.ends_at + timedelta(days=1)
    world.advance(at)
    take_in(world, world.filled(Kind.CHAIR_RECORD, ONE, event_on=challenge.event_on), at)
    assert stage(world) is Stage.SUMMARISED
    correct_day(world.register, world.settings, plan.id, at.date(), reason=REASON, at=at, actor="Office")
    assert "intake.out_of_turn" in codes(world, plan.id)
    advance_and_deliver(world.register, world.settings, at)
    assert stage(world) not in (Stage.EVENT_SET, Stage.SUMMARISED), "it has brought its challenge on"
