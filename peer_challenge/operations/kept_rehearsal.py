"""The rehearsal that the office begins on its page: a fictional region, in a folder of its own.

A child process runs the program's own command `rehearse` there. It knows neither the settings nor the
register of this installation, and ends with the process that started it.
"""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path, PurePosixPath

from peer_challenge.errors import PeerChallengeError, WrongUse
from peer_challenge.model.journey import is_final_stage
from peer_challenge.model.vocabulary import Stage
from peer_challenge.paths import ROOT
from peer_challenge.register import journal, listings
from peer_challenge.register.database import Register, open_register
from peer_challenge.register.records import Dispatch, DispatchState
from peer_challenge.register.status import CycleStatus, read_names_by_cycle, status_of
from peer_challenge.settings import PREFIX, Settings
from peer_challenge.system.child_process import make_child_environment
from peer_challenge.system.end_with_parent import Tie
from peer_challenge.system.file_lock import HeldLock, hold_lock, is_locked
from peer_challenge.system.file_modes import open_private
from peer_challenge.system.folder_handles import NOT_THERE, read_file

MARK = "this-is-a-rehearsal.json"
"""The file that says that a folder is a rehearsal's, so that it may be emptied."""
AREAS = 6
"""Enough that no two areas challenge each other and every stage is seen, and done in a minute or two."""
_OTHERS = (PREFIX, "PREFECT_")
"""What begins the variables of the service, which a rehearsal must not know."""
NICE = 10
"""The office's real work goes first."""
_MOST_SAID = 1_000  # characters of what it said last: an error with its remedy has fewer
_MOST_BYTES = 50_000_000  # no document of a rehearsal is near it; what somebody else put there may be
_EVERY = 10_000  # all documents of a rehearsal at once: it makes some 400
_Documents = list[tuple[str, list[Dispatch]]]
_TIES: dict[Path, Tie] = {}
"""What ties the running rehearsals to this process, by the folder of the installation."""


class RehearsalState(StrEnum):
    """How far the rehearsal of an installation is. `STOPPED`: it ended before its end."""

    NONE = "none"
    RUNNING = "running"
    STOPPED = "stopped"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What is seen of a rehearsal: its cycle, the fictional day, how many challenges have ended.

    `why` is what the command said last, where it stopped before its end.
    """

    state: RehearsalState
    cycle: CycleStatus | None = None
    reached_at: datetime | None = None
    ended: int = 0
    why: str = ""


def locate_rehearsal(settings: Settings) -> Path:
    """The folder of the rehearsal. It has a register, an inbox and an outbox of its own."""
    return settings.home / "rehearsal"


def begin_rehearsal(register: Register, settings: Settings, *, at: datetime, actor: str) -> None:
    """Begin a rehearsal in a child process, or go on with one that stopped before its end.

    Raises WrongUse where one runs already, or the folder holds something else.
    """
    folder = locate_rehearsal(settings)
    if folder.exists() and any(folder.iterdir()) and not (folder / MARK).exists():
        raise WrongUse(
            f"{folder} holds something other than a rehearsal.",
            remedy="Nothing was touched. Ask the person who looks after this machine to move it away.",
        )
    lock = hold_lock(_locate_lock(settings))
    if lock is None:
        raise WrongUse("A rehearsal is running already.", remedy="Wait until it has ended, or stop it first.")
    try:
        with register.writing() as connection:
            journal.append_entry(connection, "rehearsal begun", at=at, actor=actor, areas=AREAS)
        tie = Tie()
        process = _start_command(settings, folder, tie, lock)
    except BaseException:
        lock.close()
        raise
    _TIES[settings.home] = tie
    waits = threading.Thread(
        target=_wait_for_end, args=(process, settings, lock), daemon=True, name="rehearsal"
    )
    waits.start()


def _locate_lock(settings: Settings) -> Path:
    return settings.var / "rehearsal.lock"


def _locate_said(settings: Settings) -> Path:
    return settings.var / "rehearsal.txt"


def _start_command(settings: Settings, folder: Path, tie: Tie, lock: HeldLock) -> subprocess.Popen[bytes]:
    """The command at work. It holds the lock too: it may take seconds to end once this process is gone."""
    inherited = {
        name: value for name, value in make_child_environment().items() if not name.startswith(_OTHERS)
    }
    with os.fdopen(open_private(_locate_said(settings)), "wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "cli", "rehearse", "--into", str(folder), "--areas", str(AREAS)],
            cwd=ROOT,
            env=inherited | tie.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=said,
            process_group=0,
            pass_fds=[tie.handle, lock.handle],
        )
    tie.hand_over()
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, process.pid, NICE)
    return process


def _wait_for_end(process: subprocess.Popen[bytes], settings: Settings, lock: HeldLock) -> None:
    process.wait()
    _cut_tie(settings)
    lock.close()


def _cut_tie(settings: Settings) -> bool:
    """Cut what ties the rehearsal to this process, once; False where nothing does."""
    tie = _TIES.pop(settings.home, None)
    if tie is not None:
        tie.cut()
    return tie is not None


def stop_rehearsal(register: Register, settings: Settings, *, at: datetime, actor: str) -> None:
    """End the rehearsal that this process began: it stops within seconds, and can be gone on with.

    Raises WrongUse where none runs, or where the one that does is ending already.
    """
    if not is_locked(_locate_lock(settings)):
        raise WrongUse("No rehearsal is running.", remedy="There is nothing to stop.")
    if not _cut_tie(settings):
        raise WrongUse("The rehearsal is ending already.", remedy="Look again in a minute.")
    with register.writing() as connection:
        journal.append_entry(connection, "rehearsal stopped", at=at, actor=actor)


def look_at_rehearsal(settings: Settings) -> Rehearsal:
    """How far the rehearsal of this installation is."""
    is_running = is_locked(_locate_lock(settings))
    mark = read_mark(locate_rehearsal(settings))
    if is_running or mark is not None:
        state = RehearsalState.DONE if mark and mark.get("is_finished") else RehearsalState.STOPPED
        return _describe_rehearsal(settings, RehearsalState.RUNNING if is_running else state)
    why = _read_what_it_said(settings)
    return Rehearsal(RehearsalState.STOPPED, why=why) if why else Rehearsal(RehearsalState.NONE)


def read_mark(folder: Path) -> dict[str, object] | None:
    """What a rehearsal says in its folder, nothing where that was cut short; None where it says nothing."""
    try:
        text = (folder / MARK).read_text(errors="replace")
    except OSError:
        return None
    with contextlib.suppress(ValueError):
        read = json.loads(text)
        return read if isinstance(read, dict) else {}
    return {}


def _describe_rehearsal(settings: Settings, state: RehearsalState) -> Rehearsal:
    why = _read_what_it_said(settings) if state is RehearsalState.STOPPED else ""
    # one that begins again takes the register of the last away
    with contextlib.suppress(PeerChallengeError), _open_its_register(settings) as register:
        if register is not None and (found := _read_progress(register)) is not None:
            cycle, reached_at = found
            ended = sum(is_final_stage(Stage(one["stage"])) for one in cycle["challenges"])
            return Rehearsal(state, cycle, reached_at, ended, why)
    return Rehearsal(state, why=why)


def _read_progress(register: Register) -> tuple[CycleStatus, datetime] | None:
    """The rehearsed cycle, and the fictional time that it has come to; None before it is opened."""
    with register.reading() as connection:
        reached_at = journal.find_newest_time(connection)
    cycles = status_of(register, reached_at)["cycles"] if reached_at else []
    return (cycles[0], reached_at) if cycles and reached_at else None


def _read_what_it_said(settings: Settings) -> str:
    with contextlib.suppress(OSError):
        return " ".join(_locate_said(settings).read_text(errors="replace").split())[-_MOST_SAID:]
    return ""


@contextlib.contextmanager
def _open_its_register(settings: Settings) -> Iterator[Register | None]:
    """The rehearsal's register; None while there is none that can be read.

    Its settings are the defaults alone: the environment would name the register of this installation.
    """
    register: Register | None = None
    with contextlib.suppress(PeerChallengeError):
        register = open_register(Settings(home=locate_rehearsal(settings)))
    try:
        yield register
    finally:
        if register is not None:
            register.close()


def list_rehearsal_documents(settings: Settings) -> _Documents:
    """What went out in the rehearsed cycle, by the name of its recipient, in the order in which it went."""
    with _open_its_register(settings) as register:
        if register is None:
            return []
        with register.reading() as connection:
            cycles = listings.list_unpurged_cycles(connection)
            if not cycles:
                return []
            first = cycles[-1].id
            found = listings.list_dispatches(
                connection, 1, state=DispatchState.ISSUED.value, cycle_id=first, size=_EVERY
            ).rows
        names = read_names_by_cycle(register, [first])[first]
    by_name: dict[str, list[Dispatch]] = {}
    for one in reversed(found):
        by_name.setdefault(names.get(one.recipient_id, one.recipient_id), []).append(one)
    return sorted(by_name.items())


def read_rehearsal_document(settings: Settings, dispatch_id: int) -> tuple[str, bytes] | None:
    """A document of the rehearsal by its number, its name and its bytes; None where there is none."""
    paths = _list_paths(settings, dispatch_id)
    outbox = Settings(home=locate_rehearsal(settings)).outbox_folder
    with contextlib.suppress(*NOT_THERE):
        return next(
            ((PurePosixPath(path).name, read_file(outbox, path, most=_MOST_BYTES)) for path in paths), None
        )
    return None


def write_rehearsal_zip(settings: Settings, into: Path) -> None:
    """Write all documents of the rehearsed cycle into a ZIP file, a folder for each recipient."""
    outbox = Settings(home=locate_rehearsal(settings)).outbox_folder
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in _list_paths(settings):
            with contextlib.suppress(*NOT_THERE):
                packed.writestr(path, read_file(outbox, path, most=_MOST_BYTES))


def _list_paths(settings: Settings, dispatch_id: int | None = None) -> list[str]:
    return [
        one.path
        for _, documents in list_rehearsal_documents(settings)
        for one in documents
        if one.path and dispatch_id in (None, one.id)
    ]


def remove_rehearsal(register: Register, settings: Settings, *, at: datetime, actor: str) -> None:
    """Delete the rehearsal with all that is in it, and what it said last.

    Raises WrongUse while it runs, and where there is none. A folder without its mark is left alone.
    """
    lock = hold_lock(_locate_lock(settings))
    if lock is None:
        raise WrongUse(
            "The rehearsal is running.", remedy="Stop it, or wait until it has ended. Then delete it."
        )
    with lock:
        is_marked = read_mark(locate_rehearsal(settings)) is not None
        if not is_marked and not _locate_said(settings).exists():
            raise WrongUse("There is no rehearsal here.", remedy="Nothing was deleted.")
        with register.writing() as connection:
            journal.append_entry(connection, "rehearsal deleted", at=at, actor=actor)
        if is_marked:
            shutil.rmtree(locate_rehearsal(settings), ignore_errors=True)
        _locate_said(settings).unlink(missing_ok=True)
