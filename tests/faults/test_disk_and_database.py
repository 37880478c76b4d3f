"""A full disk, an unusable folder, a database that goes away, two at once: nothing lost, nothing twice."""

import contextlib
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from peer_challenge.errors import PeerChallengeError
from peer_challenge.intake.inbox import InboxUnusable
from peer_challenge.operations.doctor import examine_installation
from peer_challenge.outbox.issue import OutboxUnwritable
from peer_challenge.register.database import RegisterUnavailable
from peer_challenge.system.file_lock import file_lock
from tests.factories import a_cycle
from tests.faults import kills, postgresql
from tests.waiting import wait_for_end

Outbox = dict[str, bytes]


@pytest.fixture(scope="module")
def expected(before: Path, tmp_path_factory: pytest.TempPathFactory) -> Outbox:
    """The outbox of a run that nothing disturbed."""
    home = tmp_path_factory.mktemp("undisturbed") / "office"
    shutil.copytree(before, home)
    kills.run(home)
    return kills.outbox_of(home)


@pytest.fixture
def home(before: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(before, tmp_path / "office"))


@pytest.fixture
def on_postgresql(server: Any, tmp_path: Path) -> Path:
    """The same installation on PostgreSQL."""
    return postgresql.installation(server, tmp_path / "office")


def _told(home: Path, what: type[PeerChallengeError]) -> None:
    """The run fails in words, with a remedy."""
    with pytest.raises(what) as failed:
        kills.run(home)
    assert failed.value.remedy


def test_postgresql_gives_the_same_outbox(on_postgresql: Path, expected: Outbox) -> None:
    kills.run(on_postgresql)
    assert kills.wrongs(on_postgresql, expected) == []


@pytest.mark.parametrize("number", range(3))
def test_a_kill_on_postgresql_loses_nothing(on_postgresql: Path, expected: Outbox, number: int) -> None:
    was_killed, _ = kills.run_in_child(on_postgresql, 20 + 55 * number)
    assert was_killed
    kills.run_in_child(on_postgresql)
    assert kills.wrongs(on_postgresql, expected) == []


def _two_at_once(home: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from tests.faults import kills\n"
        "from peer_challenge.outbox.do_what_is_due import AlreadyAdvancing\n"
        "try: kills.run(Path(sys.argv[1]))\n"
        "except AlreadyAdvancing: pass\n"
    )
    both = [subprocess.Popen([sys.executable, "-c", code, str(home)], text=True) for _ in range(2)]
    for process in both:
        wait_for_end(process)
    assert [process.returncode for process in both] == [0, 0]
    kills.run(home)  # what one left because the other was at it


def test_two_at_once_lose_nothing_and_send_nothing_twice(home: Path, expected: Outbox) -> None:
    _two_at_once(home)
    assert kills.wrongs(home, expected) == []


def test_two_at_once_on_postgresql(on_postgresql: Path, expected: Outbox) -> None:
    _two_at_once(on_postgresql)
    assert kills.wrongs(on_postgresql, expected) == []


@contextlib.contextmanager
def _at_write(number: int, what: Callable[[sa.Connection], object]) -> Iterator[None]:
    """Does `what` as the write of this number is about to be made, in intake or advance."""
    made = 0

    def before(connection: sa.Connection, _cursor: Any, statement: str, *_: Any) -> None:
        nonlocal made
        made += statement.startswith(("INSERT", "UPDATE"))
        if made == number:
            made += 1  # once
            what(connection)

    sa.event.listen(sa.engine.Engine, "before_cursor_execute", before)
    try:
        yield
    finally:
        sa.event.remove(sa.engine.Engine, "before_cursor_execute", before)


@pytest.mark.parametrize("write", [1, 10, 40, 100])
def test_a_database_whose_connections_are_cut_is_told_and_gone_on_with(
    on_postgresql: Path, server: Any, expected: Outbox, write: int
) -> None:
    """As when it is restarted: every connection ends while a transaction of intake or advance is open."""

    def cut(connection: sa.Connection) -> None:
        server.psql(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
            f"WHERE datname = '{connection.engine.url.database}';"
        )

    with _at_write(write, cut):
        _told(on_postgresql, RegisterUnavailable)
    kills.run(on_postgresql)
    assert kills.wrongs(on_postgresql, expected) == []


@pytest.mark.parametrize("writes", [(5, 20), (60, 20)])
def test_a_database_that_is_restarted_is_told_and_gone_on_with(
    on_postgresql: Path, server: Any, expected: Outbox, writes: tuple[int, ...]
) -> None:
    """As after a crash, in the middle of a transaction, and again while the next run makes good."""
    for write in writes:
        with _at_write(write, lambda _: postgresql.restart(server)):
            _told(on_postgresql, RegisterUnavailable)
    kills.run(on_postgresql)
    assert kills.wrongs(on_postgresql, expected) == []


def test_a_locked_database_is_waited_for(home: Path, expected: Outbox) -> None:
    other = sqlite3.connect(home / "var" / "register.db", isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    threading.Timer(2, other.execute, ["ROLLBACK"]).start()
    kills.run(home)
    other.close()
    assert kills.wrongs(home, expected) == []


def _said_with_little_room(home: Path, most: int) -> str:
    """What a run fails with where no file may grow over so many bytes, as on a full disk."""

    def allow_little() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

    return kills.said_by_run(home, allow_little)


def test_a_disk_that_is_full_for_documents_is_told(on_postgresql: Path, expected: Outbox) -> None:
    assert _said_with_little_room(on_postgresql, 4_000) == InboxUnusable.__name__
    kills.run(on_postgresql)
    assert kills.wrongs(on_postgresql, expected) == []


def test_a_disk_that_is_full_for_the_register_is_told(home: Path, expected: Outbox) -> None:
    size = (home / "var" / "register.db").stat().st_size
    assert _said_with_little_room(home, size + 8_192) == RegisterUnavailable.__name__
    kills.run(home)
    assert kills.wrongs(home, expected) == []


def test_claims_that_cannot_be_made_are_told(home: Path, expected: Outbox) -> None:
    claims = kills.settings_of(home).intake_folder
    shutil.rmtree(claims, ignore_errors=True)
    claims.write_text("a file where the folder was")
    _told(home, InboxUnusable)
    claims.unlink()
    kills.run(home)
    assert kills.wrongs(home, expected) == []


def test_locks_that_cannot_be_made_are_told(home: Path, expected: Outbox) -> None:
    locks = home / "var" / "locks"
    shutil.rmtree(locks)
    locks.write_text("a file where the folder was")
    _told(home, InboxUnusable)
    locks.unlink()
    kills.run(home)
    assert kills.wrongs(home, expected) == []


def test_a_lock_is_held_though_there_is_no_room_to_say_by_whom() -> None:
    with file_lock(Path("/dev/full")) as is_held, file_lock(Path("/dev/full")) as is_held_twice:
        assert (is_held, is_held_twice) == (True, False)


def test_an_outbox_that_cannot_be_written_to_is_told(home: Path, expected: Outbox) -> None:
    folder = home / "outbox" / a_cycle(4).id
    folder.rename(home / "aside")
    folder.write_text("a file where the folder was")
    _told(home, OutboxUnwritable)
    folder.unlink()
    (home / "aside").rename(folder)
    kills.run(home)
    assert kills.wrongs(home, expected) == []


def test_an_original_that_was_altered_is_found(home: Path, expected: Outbox) -> None:
    kills.run(home)
    with sa.create_engine(kills.settings_of(home).register_url).connect() as connection:
        sha256 = str(connection.scalar(sa.text("SELECT min(sha256) FROM submissions")))
    original = home / "var" / "archive" / sha256[:2] / sha256
    original.chmod(0o600)
    original.write_bytes(b"something else")
    [check] = [check for check in examine_installation(kills.settings_of(home)) if check.name == "archive"]
    assert not check.is_well
    assert sha256[:12] in check.saw
    assert "Restore" in check.remedy
