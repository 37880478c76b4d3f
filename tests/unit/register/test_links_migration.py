"""What becomes of one-time passwords in a register of the version before."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from tests.unit.register.migrating import make_config


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return make_config(f"sqlite:///{tmp_path / 'register.db'}")


def test_an_unused_one_time_password_ends_and_others_stay(config: Config, tmp_path: Path) -> None:
    command.upgrade(config, "0004")
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'register.db'}")
    with engine.begin() as connection:
        for email, is_one_time in (("new@example.org", 1), ("old@example.org", 0)):
            connection.execute(
                sa.text(
                    "INSERT INTO users (email, name, access, password_hash, must_change_password, is_active,"
                    " created_at) VALUES (:email, 'x', 'office', 'a hash', :is_one_time, 1, '2027-01-01')"
                ),
                {"email": email, "is_one_time": is_one_time},
            )
    command.upgrade(config, "0007")
    with engine.begin() as connection:
        held = dict(connection.execute(sa.text("SELECT email, password_hash FROM users")).tuples().all())
        assert held == {"new@example.org": None, "old@example.org": "a hash"}
    command.downgrade(config, "0004")
    with engine.begin() as connection:
        marks = set(connection.scalars(sa.text("SELECT must_change_password FROM users")))
    engine.dispose()
    assert marks == {0}
