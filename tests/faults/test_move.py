"""The move to PostgreSQL: nothing is lost on the way, and work goes on there as it would have here."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from peer_challenge.operations.migrate_home import migrate_installation
from peer_challenge.register import tables as t
from peer_challenge.register.copying import CopyDiffers, copy_register
from peer_challenge.register.database import open_register
from tests import waiting
from tests.faults import kills


@pytest.fixture
def address(server: Any, tmp_path: Path) -> Path:
    """A file with the address of an empty database."""
    name = f"office_{os.urandom(4).hex()}"
    server.psql(f"CREATE DATABASE {name};")
    file = tmp_path / "database-url"
    file.write_text(server.get_uri().replace("/postgres?", f"/{name}?") + "\n")
    return file


def _move(home: Path, address: Path) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "cli", "copy-register", str(address), "--home", str(home)]
    return waiting.run(command)


def test_what_is_moved_goes_on_as_it_would_have_here(before: Path, address: Path, tmp_path: Path) -> None:
    stayed, moved = (Path(shutil.copytree(before, tmp_path / name)) for name in ("stayed", "moved"))
    kills.run(stayed)
    done = _move(moved, address)
    assert done.returncode == 0, done.stderr
    assert "PEER_CHALLENGE_DATABASE_URL_FILE" in done.stdout
    assert address.read_text().strip() not in done.stdout + done.stderr
    (moved / "settings.toml").write_text(f'database_url = "{address.read_text().strip()}"\n')
    (moved / "var" / "register.db").rename(tmp_path / "old.db")
    kills.run(moved)
    assert kills.wrongs(moved, kills.outbox_of(stayed)) == []
    again = _move(stayed, address)
    assert again.returncode == 64
    assert "holds something already" in again.stderr


def test_what_does_not_arrive_is_noticed_and_nothing_is_kept(
    before: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Path(shutil.copytree(before, tmp_path / "office"))
    source = open_register(kills.settings_of(home))
    settings = kills.settings_of(tmp_path / "new")
    migrate_installation(settings)
    target = open_register(settings)

    @sa.event.listens_for(target.engine, "before_cursor_execute", retval=True)
    def _spoil(_c: Any, _cursor: Any, statement: str, given: Any, *_: Any) -> tuple[str, Any]:
        if statement.startswith("INSERT INTO dispatches"):
            given = [tuple("cancelled" if value == "issued" else value for value in row) for row in given]
        return statement, given

    with pytest.raises(CopyDiffers, match="dispatches"):
        copy_register(source, target)
    with target.reading() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(t.journal)) == 0
    source.close()
    target.close()
