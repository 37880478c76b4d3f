"""A process that is killed leaves none of those that it had started: not even a program of another maker."""

import contextlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from peer_challenge.word.package import convert_with_libreoffice
from tests.waiting import has_ended, wait_until

CONVERT = (
    "import sys; from pathlib import Path; "
    "from peer_challenge.word.package.convert_with_libreoffice import convert_to_docx; "
    "convert_to_docx(Path(sys.argv[1]).read_bytes(), 'rtf', seconds=3600)"
)
START = (
    "import sys, time; from cli.processes import Process; "
    "one = Process('one', [sys.executable, '-c', sys.argv[1]]); one.look_after(); time.sleep(3600)"
)
TIED = (
    "import time; from peer_challenge.system.end_with_parent import end_with_starter; "
    "end_with_starter(); time.sleep(3600)"
)
LONG = b"{\\rtf1 " + b"What we heard is written here.\\par\n" * 400_000 + b"}"


def _killed(command: list[str], path: str, begun: str) -> list[psutil.Process]:
    """What a process had started when it was killed: as soon as a program called `begun` was among it."""
    parent = subprocess.Popen([sys.executable, "-c", *command], env=os.environ | {"PATH": path})
    try:
        us = psutil.Process(parent.pid)
        wait_until(lambda: begun in names_of(us), f"{begun} is at work", parent.pid)
        children = us.children(recursive=True)
        for child in children:
            if child.name() == "soffice.bin":
                child.suspend()  # it does not end because its work is done
        return children
    finally:
        parent.kill()
        parent.wait()


def _expect_all_to_end(begun: list[psutil.Process]) -> None:
    try:
        wait_until(lambda: all(map(has_ended, begun)), "all have ended", patience=20)
    finally:
        for child in begun:
            with contextlib.suppress(psutil.NoSuchProcess):
                child.kill()


def names_of(process: psutil.Process) -> list[str]:
    """What the programs are called that a process has started, and they in turn."""
    names = []
    for child in process.children(recursive=True):
        try:
            names.append(child.name())
        except psutil.NoSuchProcess:
            continue
    return names


def _programs_but(left_out: str, folder: Path) -> str:
    """A folder with all programs of this machine but one: a machine on which that is not installed."""
    folder.mkdir()
    for place in reversed(os.environ["PATH"].split(os.pathsep)):
        for program in Path(place).iterdir() if Path(place).is_dir() else ():
            (folder / program.name).unlink(missing_ok=True)
            (folder / program.name).symlink_to(program)
    (folder / left_out).unlink(missing_ok=True)
    return str(folder)


@pytest.mark.libreoffice
@pytest.mark.skipif(
    convert_with_libreoffice.find_libreoffice() is None, reason="LibreOffice is not installed"
)
@pytest.mark.parametrize("has_namespaces", [True, False])
def test_libreoffice_ends_when_the_process_that_wanted_a_conversion_is_killed(
    has_namespaces: bool, tmp_path: Path
) -> None:
    if has_namespaces and not shutil.which("unshare"):
        pytest.skip("unshare is not installed")
    path = os.environ["PATH"] if has_namespaces else _programs_but("unshare", tmp_path / "programs")
    (tmp_path / "long.rtf").write_bytes(LONG)
    begun = _killed([CONVERT, str(tmp_path / "long.rtf")], path, "soffice.bin")
    _expect_all_to_end(begun)


def test_a_part_of_the_service_ends_when_the_service_is_killed() -> None:
    begun = _killed([START, TIED], os.environ["PATH"], Path(sys.executable).name)
    _expect_all_to_end(begun)
