"""What came on paper is typed in by the office, marked as such, and counts from the day on which it came."""

from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from peer_challenge.errors import WrongUse
from peer_challenge.intake import hand_in
from peer_challenge.model.access import Access, Person
from peer_challenge.register import challenges, people
from peer_challenge.register import tables as t
from tests.unit.steering.test_accept_findings import WHICH, a_form, take_in
from tests.web.world import OFFICE, World, an_empty_world, day

LATE = day(3, 20)
HOW = "by post; typed in here"


@pytest.fixture
def world(tmp_path: Path) -> World:
    return an_empty_world(tmp_path / "home")


def record(world: World, data: bytes, came_on: date, how: str = HOW) -> None:
    with world.register.reading() as connection:
        user = people.find_user_by_email(connection, OFFICE)
    assert user is not None
    person = Person(user.id, "Office", Access.OFFICE)
    hand_in.record_paper(world.register, person, data, came_on, how=how, at=LATE)


def test_it_counts_from_the_day_on_which_it_came_and_is_not_late(world: World) -> None:
    form = a_form()
    record(world, form, date(2027, 2, 10))
    row = take_in(world, form, LATE)
    assert row.source == "paper" and row.received_at.date() == date(2027, 2, 10)
    assert row.taken_in_at == LATE
    with world.register.reading() as connection:
        challenge = challenges.find_challenge(connection, WHICH)
        late = sa.select(t.findings.c.code).where(t.findings.c.code == "intake.late")
        assert connection.scalar(late) is None
        entry = connection.execute(
            sa.select(t.journal).where(t.journal.c.event == "document on paper recorded")
        ).one()
    assert challenge is not None and challenge.self_assessment_received_at == row.received_at
    assert entry.details["came_on"] == "2027-02-10" and entry.details["reason"] == HOW


def test_it_does_not_count_from_before_its_form_went_out(world: World) -> None:
    form = a_form()
    record(world, form, date(2026, 12, 1))
    assert take_in(world, form, LATE).received_at.date() == date(2027, 1, 11)


def test_the_next_version_says_how_the_one_before_came(world: World) -> None:
    form = a_form()
    record(world, form, date(2027, 2, 10))
    take_in(world, form, LATE)
    take_in(world, a_form(development="Other words"), day(3, 21), "next.docx")
    with world.register.reading() as connection:
        told = connection.scalar(
            sa.select(t.findings.c.message).where(t.findings.c.code == "intake.other_way")
        )
    assert "the version before was sent on paper" in str(told)


@pytest.mark.parametrize(("came_on", "how"), [(date(2027, 3, 21), HOW), (date(2027, 2, 10), " ")])
def test_a_day_to_come_and_no_word_of_how_are_refused(world: World, came_on: date, how: str) -> None:
    with pytest.raises(WrongUse):
        record(world, a_form(), came_on, how)
    with world.register.reading() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(t.uploads)) == 0
