"""The register opens only on the tables of its version, and its parts keep their promises."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from peer_challenge.errors import NotMigrated
from peer_challenge.register import tables as t
from peer_challenge.register.database import Register, open_register
from peer_challenge.settings import Settings


def test_an_unmigrated_register_is_refused_with_the_command_that_migrates(settings: Settings) -> None:
    with pytest.raises(NotMigrated) as refused:
        open_register(settings)
    assert "peer-challenge migrate" in refused.value.remedy


def test_a_register_of_another_version_is_refused(settings: Settings, register: Register) -> None:
    with register.writing() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(NotMigrated, match="9999"):
        open_register(settings)


def test_the_migrations_make_exactly_the_tables_that_the_code_knows(register: Register) -> None:
    with register.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), t.metadata) == []


def test_a_failed_transaction_leaves_nothing(register: Register) -> None:
    with pytest.raises(ZeroDivisionError), register.writing() as connection:
        connection.execute(
            t.cycles.insert().values(
                id="x",
                name="X",
                framework_id="f",
                state="open",
                definition={},
                framework={},
                opened_at=datetime(2027, 1, 1, tzinfo=UTC),
            )
        )
        raise ZeroDivisionError
    with register.reading() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(t.cycles)) == 0


def test_times_come_back_as_they_went_in(register: Register) -> None:
    at = datetime(2027, 3, 28, 0, 30, tzinfo=UTC)
    with register.writing() as connection:
        connection.execute(
            t.cycles.insert().values(
                id="x", name="X", framework_id="f", state="open", definition={}, framework={}, opened_at=at
            )
        )
    with register.reading() as connection:
        assert connection.scalar(sa.select(t.cycles.c.opened_at)) == at


def test_a_time_without_a_zone_is_refused(register: Register) -> None:
    with pytest.raises(sa.exc.StatementError), register.writing() as connection:
        connection.execute(
            t.cycles.insert().values(
                id="x",
                name="X",
                framework_id="f",
                state="open",
                definition={},
                framework={},
                opened_at=datetime(2027, 3, 28),
            )
        )


def test_an_error_trace_shows_no_values(register: Register) -> None:
    secret = "what an area wrote in confidence"
    with pytest.raises(sa.exc.IntegrityError) as failed, register.writing() as connection:
        connection.execute(t.unmapped_texts.insert().values(submission_id=None, position=1, text=secret))
    assert secret not in str(failed.value)


def test_a_lock_is_held_by_one_only_and_goes_with_its_holder(register: Register) -> None:
    with register.exclusive("advance") as first:
        assert first
        with register.exclusive("advance") as second:
            assert not second
        with register.exclusive("another") as other:
            assert other
    with register.exclusive("advance") as again:
        assert again
