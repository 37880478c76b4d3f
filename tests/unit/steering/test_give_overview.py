"""Giving the overview to the areas: not while an area could tell whose each line is."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.errors import WrongUse
from peer_challenge.model.vocabulary import Kind, Outcome
from peer_challenge.register import tables as t
from peer_challenge.register.cycles import store_cycle
from peer_challenge.register.database import Register, Transaction
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


MANY = a_cycle(15)
"""The smallest number that an edition of it shows is three areas."""


def give(connection: Transaction, day: int) -> None:
    """Give the overview of the region to its areas on a day, and let all copies of it be made."""
    at = NOW + timedelta(days=day)
    send_overview_to_areas(connection, MANY, reason="they asked", at=at, actor="office")
    made = t.dispatches.update().where(t.dispatches.c.intended_at == at)
    connection.execute(made.values(state="issued", issued_at=at + timedelta(minutes=1)))


def take_in(connection: Transaction, kind: Kind, areas: range, day: int) -> None:
    """Documents of a kind from these areas, taken in on a day, in place of those that they sent before."""
    for number in areas:
        challenge = f"{MANY.id}/{MANY.authors[number].id}"
        is_ours = (t.submissions.c.challenge_id == challenge) & (t.submissions.c.kind == kind.value)
        connection.execute(t.submissions.update().where(is_ours).values(is_current=False))
        version = connection.scalar(sa.select(sa.func.count()).where(is_ours)) or 0
        inserted = connection.execute(
            t.submissions.insert().values(
                cycle_id=MANY.id,
                challenge_id=challenge,
                kind=kind.value,
                version=version + 1,
                sha256=f"{kind.value}-{number}-{day}",
                file_name="form.docx",
                size=1,
                received_at=NOW + timedelta(days=day),
                outcome=Outcome.ACCEPTED.value,
                is_current=True,
            )
        )
        if kind is Kind.SELF_ASSESSMENT:
            row = {"submission_id": inserted.inserted_primary_key[0], "position": 1, "subheading": "a/b"}
            connection.execute(t.self_assessment_rows.insert().values(**row))


@pytest.fixture
def after_twelve(register: Register) -> Register:
    """A region of which twelve self-assessments were in when its areas got the overview."""
    with register.writing() as connection:
        store_cycle(connection, MANY, shipped_frameworks()[MANY.framework], at=NOW, actor="office")
        take_in(connection, Kind.SELF_ASSESSMENT, range(12), day=0)
        give(connection, 1)
    return register


@pytest.mark.threat("edition-reader")
@pytest.mark.parametrize("kind", [Kind.SELF_ASSESSMENT, Kind.ANALYSIS, Kind.CHAIR_RECORD])
def test_an_edition_waits_until_it_and_the_last_one_together_tell_of_no_area(
    after_twelve: Register, kind: Kind
) -> None:
    with after_twelve.writing() as connection:
        take_in(connection, kind, range(12, 14), day=2)
        with pytest.raises(WrongUse, match="2 of the 3") as refused:
            give(connection, 3)
        assert "Wait until those of 3 areas are new" in str(refused.value.remedy)
        take_in(connection, kind, range(14, 15), day=4)
        give(connection, 5)


def test_an_edition_is_held_against_every_earlier_one(after_twelve: Register) -> None:
    with after_twelve.writing() as connection:
        take_in(connection, Kind.SELF_ASSESSMENT, range(12, 15), day=2)
        give(connection, 3)
        take_in(connection, Kind.SELF_ASSESSMENT, range(1), day=4)
        with pytest.raises(WrongUse, match="1 of the 3"):
            give(connection, 5)


def test_the_edition_of_yesterday_can_be_given_again_where_nothing_is_new(after_twelve: Register) -> None:
    with after_twelve.writing() as connection:
        give(connection, 2)


def test_what_was_there_before_and_may_be_in_the_last_edition_is_not_new(after_twelve: Register) -> None:
    with after_twelve.writing() as connection:
        take_in(connection, Kind.SELF_ASSESSMENT, range(12, 15), day=0)
        with pytest.raises(WrongUse, match="0 of the 3"):
            give(connection, 3)


def test_an_edition_that_keeps_no_list_counts_what_came_after_it(after_twelve: Register) -> None:
    with after_twelve.writing() as connection:
        connection.execute(t.dispatches.update().values(parameters={}))
        take_in(connection, Kind.SELF_ASSESSMENT, range(12, 14), day=2)
        with pytest.raises(WrongUse, match="2 of the 3"):
            give(connection, 3)
        take_in(connection, Kind.SELF_ASSESSMENT, range(14, 15), day=4)
        give(connection, 5)
