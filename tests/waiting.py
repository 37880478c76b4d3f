"""Waiting for what happens, as long as something moves: a busy machine makes a test slow, and not red.

Patience is counted in seconds in which nothing of what is watched ran, wanted the processor or waited for a
disk. Where four other programs have the processors, a wait may take ten times as long by the clock and use
no more patience. pytest's own time limit (pyproject.toml) is the backstop for what moves for ever.
"""

import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import psutil

from peer_challenge.system.process_stillness import Stillness

PATIENCE = 90.0
"""Seconds of stillness after which what is waited for is taken not to come."""

LONG = 600.0
"""Seconds for time limits that a library wants and that no test is about: sockets, pages, mail."""

_PAUSE = 0.05


def wait_until(is_so: Callable[[], object], what: str, *watched: int, patience: float = PATIENCE) -> None:
    """Return once `is_so` gives something true; `watched` are the processes that bring it about.

    Without any, this process is watched. Fails with `what` when all of them have ended, or when they were
    still for `patience` seconds.
    """
    stillness = Stillness(*watched)
    while not is_so():
        if watched and not any(map(_lives, watched)):
            assert is_so(), f"what it waits for has ended: {what}"
            return
        assert stillness.look() < patience, f"nothing moved for {patience:.0f} s: {what}"
        time.sleep(_PAUSE)


def has_ended(process: psutil.Process) -> bool:
    """Whether a process is no more; another that has its number by now is not taken for it."""
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def _lives(pid: int) -> bool:
    try:
        return not has_ended(psutil.Process(pid))
    except psutil.NoSuchProcess:
        return False


def wait_for_end(process: "subprocess.Popen[str]", *, patience: float = PATIENCE) -> tuple[str, str]:
    """What a process wrote (where it writes to us) until it ended, waited for as long as it moves.

    One that is still for `patience` seconds is killed, and the test fails with what it wrote last.
    """
    stillness = Stillness(process.pid)
    while True:
        try:
            out, err = process.communicate(timeout=1)
            return out or "", err or ""
        except subprocess.TimeoutExpired:
            if stillness.look() >= patience:
                process.kill()
                out, err = process.communicate()
                wrote = (out or "")[-500:] + (err or "")[-500:]
                raise AssertionError(f"{process.args} was still for {patience:.0f} s: {wrote}") from None


def run(
    command: Sequence[str | Path],
    *,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    check: bool = False,
) -> "subprocess.CompletedProcess[str]":
    """Run a command to its end, however long a busy machine takes; with `check` it has to end with 0."""
    with subprocess.Popen(
        list(map(str, command)), cwd=cwd, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        out, err = wait_for_end(process)
    assert not check or process.returncode == 0, f"{process.args}: {process.returncode}, {err[-2000:]}"
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)
