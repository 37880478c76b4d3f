"""A lock is held by one process at a time, and goes with it, however it ends."""

import contextlib
import fcntl
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from peer_challenge.system.file_lock import (
    FOLDER_LOCK,
    file_lock,
    hold_lock,
    holder_of,
    is_locked,
    locked_folders,
    make_locked_folder,
)

_HOLD = """
import sys, time
from pathlib import Path
from peer_challenge.system.file_lock import hold_lock
held = hold_lock(Path(sys.argv[1]))
print("held" if held else "refused", flush=True)
time.sleep(600)
"""


@contextmanager
def other_process(path: Path) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """Another process that tried to hold the lock, and whether it was "held" or "refused"."""
    with subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(path)], stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout
        yield other, other.stdout.readline().strip()
        other.kill()


def test_another_process_is_refused_at_once_and_told_who_holds_it(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "serve.lock"
    with other_process(path) as (other, told):
        assert told == "held"
        assert is_locked(path) and holder_of(path) == str(other.pid)
        with file_lock(path) as is_ours:
            assert not is_ours
        assert holder_of(path) == str(other.pid)


def test_a_killed_holder_leaves_nothing_to_clear_up(tmp_path: Path) -> None:
    path = tmp_path / "intake.lock"
    with other_process(path):
        pass
    assert path.exists() and not is_locked(path)
    with file_lock(path) as is_ours, other_process(path) as (_, told):
        assert is_ours
        assert told == "refused"
    assert not is_locked(path)


def test_it_is_let_go_from_another_thread_too(tmp_path: Path) -> None:
    held = hold_lock(tmp_path / "one.lock")
    assert held is not None
    thread = threading.Thread(target=held.close)
    thread.start()
    thread.join()
    assert not is_locked(tmp_path / "one.lock")


def test_who_only_asks_makes_no_file_and_takes_no_lock(tmp_path: Path) -> None:
    path = tmp_path / "one.lock"
    assert not is_locked(path)
    assert not path.exists()
    assert not is_locked(tmp_path / "no folder" / "one.lock")
    with file_lock(path):
        assert is_locked(path) and is_locked(path)
        with file_lock(path) as is_held_twice:
            assert not is_held_twice


@contextmanager
def somebody_looks(path: Path) -> Iterator[None]:
    """Somebody who asks whether the lock is held, caught in the middle of it."""
    with path.open() as file:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        yield


def test_those_who_look_do_not_take_one_another_for_a_holder(tmp_path: Path) -> None:
    path = tmp_path / "one.lock"
    path.touch()
    with somebody_looks(path):
        assert not is_locked(path)


def test_who_wants_to_hold_it_waits_for_one_who_only_looks(tmp_path: Path) -> None:
    path = tmp_path / "one.lock"
    path.touch()
    with contextlib.ExitStack() as looking:
        looking.enter_context(somebody_looks(path))
        threading.Timer(0.01, looking.close).start()
        held = hold_lock(path)
    assert held is not None
    assert is_locked(path)
    held.close()


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    words = tmp_path / "words"
    words.write_text("what an area wrote")
    (tmp_path / "one.lock").symlink_to(words)
    with pytest.raises(OSError):
        hold_lock(tmp_path / "one.lock")
    assert words.read_text() == "what an area wrote"


def test_the_file_is_for_this_account_only(tmp_path: Path) -> None:
    with file_lock(tmp_path / "one.lock"):
        assert (tmp_path / "one.lock").stat().st_mode & 0o777 == 0o600


def test_a_locked_folder_keeps_its_lock_under_its_name(tmp_path: Path) -> None:
    folder = make_locked_folder(tmp_path)
    assert locked_folders(tmp_path) == [folder.path]
    assert is_locked(folder.path / FOLDER_LOCK)
    folder.let_go()
    assert not is_locked(folder.path / FOLDER_LOCK)


def test_a_folder_that_was_left_without_a_name_is_removed_by_the_next(tmp_path: Path) -> None:
    """Its process was killed before it had locked the folder, or before it had named it."""
    parent = tmp_path / "claims"
    for left in (parent / ".making-1", parent / ".making-2"):
        left.mkdir(parents=True, mode=0o700)
    (parent / ".making-2" / FOLDER_LOCK).touch()
    folder = make_locked_folder(parent)
    assert list(parent.iterdir()) == [folder.path]
    folder.let_go()


def test_many_who_make_a_folder_at_once_get_one_each(tmp_path: Path) -> None:
    parent = tmp_path / "claims"
    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(lambda _: make_locked_folder(parent), range(40)))
    assert len({one.path for one in made}) == 40
    assert all(is_locked(one.path / FOLDER_LOCK) for one in made)
    for one in made:
        one.let_go()


def test_it_is_passed_on_to_the_program_that_a_process_becomes(tmp_path: Path) -> None:
    """Prefect's server is such a program: its temporary files are its own as long as it lives."""
    path = tmp_path / "one.lock"
    become = (
        "import os, sys\nfrom pathlib import Path\nfrom peer_challenge.system.file_lock import hold_lock\n"
    )
    become += f"held = hold_lock(Path({str(path)!r}))\nheld.pass_on()\n"
    become += "os.execv(sys.executable, [sys.executable, '-c', 'print(1, flush=True); input()'])"
    with subprocess.Popen(
        [sys.executable, "-c", become], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout and other.stdout.readline().strip() == "1"
        assert is_locked(path)
        other.kill()
    assert not is_locked(path)
