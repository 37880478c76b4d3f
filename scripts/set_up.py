"""Set up `.venv` beside the code: the packages of the locks, the dashboard's styles, Prefect's database.

    python3 -m scripts.set_up [--dev]

`make`, the container and the start script for Windows all begin here. It needs Python alone. uv installs the
packages, as it takes a tenth of pip's time; where uv can't be had, or can't reach the packages, pip installs
them. `--dev` adds what tests and benchmarks need.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
RUN_LOCK, BUILD_LOCK, DEV_LOCK = "requirements.lock", "requirements-build.lock", "requirements-dev.lock"
OLDEST = (3, 11)
_HASHED = ["--quiet", "--no-deps", "--require-hashes"]
_PACKAGES = ("peer_challenge", "cli", "flows", "tasks", "dashboard")
_EDITABLE = ["--quiet", "--no-deps", "--no-build-isolation", "--editable", "."]


class SetUpFailed(Exception):
    """The environment can't be set up; the message says why, and what to do."""


def find_python() -> str:
    """The environment's own Python."""
    return str(ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))


def make_environment() -> None:
    """Make the environment, where there is none that works. Raises SetUpFailed."""
    if _can_run_program(find_python(), "-c", "pass"):
        return
    try:
        venv.create(ENVIRONMENT, clear=True, symlinks=os.name != "nt")
    except (subprocess.CalledProcessError, OSError) as error:
        raise SetUpFailed(f"Python could not make the folder {ENVIRONMENT.name} ({error}).") from error


@lru_cache
def find_pip() -> list[str]:
    """The command that runs pip for the environment: this Python's own, as to bring another takes seconds.

    Raises SetUpFailed where Python has none and can't bring one.
    """
    own = [sys.executable, "-m", "pip", "--python", find_python()]
    if _can_run_program(*own, "--version"):
        return own
    brought = [find_python(), "-m", "pip"]
    if not _can_run_program(*brought, "--version") and not _can_run_program(find_python(), "-m", "ensurepip"):
        raise SetUpFailed(
            "Python can't install anything: it has no pip.\n"
            "On Debian and Ubuntu install the package python3-venv, then try again."
        )
    return brought


def read_locked(name: str) -> str:
    """The lines of the build lock about one package, with its hashes. Raises SetUpFailed."""
    lock = (ROOT / BUILD_LOCK).read_text(encoding="utf-8")
    found = re.search(rf"^{re.escape(name)}==.*(?:\n[ \t].*)*\n", lock, re.MULTILINE)
    if found is None:
        raise SetUpFailed(f"{BUILD_LOCK} does not name {name}. Run `make lock`.")
    return found[0]


def install_locked(name: str, *options: str, with_uv: bool = True) -> None:
    """Install one package of the build lock. Raises SetUpFailed."""
    lines = ENVIRONMENT / f"{name}.lock"
    lines.write_text(read_locked(name), encoding="utf-8")
    try:
        (install_packages if with_uv else install_with_pip)(*_HASHED, *options, "-r", str(lines))
    finally:
        lines.unlink()


def install_packages(*given: str) -> None:
    """Install with uv, else with pip. Raises SetUpFailed where neither can."""
    uv = [find_python(), "-m", "uv", "pip", "install", "--python", find_python()]
    if _can_run_program(find_python(), "-m", "uv", "--version"):
        if subprocess.run([*uv, *given], cwd=ROOT, check=False).returncode == 0:
            return
        print("uv could not install the packages; pip tries now, which takes some minutes.", flush=True)
    install_with_pip(*given)


def install_with_pip(*given: str) -> None:
    """Install with pip. Raises SetUpFailed."""
    if subprocess.run(
        [*find_pip(), "install", "--disable-pip-version-check", *given], cwd=ROOT, check=False
    ).returncode:
        raise SetUpFailed("The packages could not be installed: the lines above say why.")


def install_uv() -> None:
    """Install uv, where it can be had."""
    try:
        install_locked("uv", with_uv=False)
    except SetUpFailed:
        print("uv can't be had here: pip installs the packages, which takes some minutes.", flush=True)


def set_up(*, dev: bool = False) -> None:
    """Set everything up. Raises SetUpFailed."""
    print(f"Setting up in {ENVIRONMENT.name}: about a minute the first time.", flush=True)
    make_environment()
    install_uv()
    with _run_beside("scripts.assets", *(["--dev"] if dev else [])):
        install_locked("setuptools")
        install_packages(*_HASHED, "-r", RUN_LOCK, *(["-r", DEV_LOCK] if dev else []))
        install_packages(*_EDITABLE)
        with _run_beside("scripts.prefect_database"):
            compile_modules(str(ENVIRONMENT), *_PACKAGES)


def compile_modules(*folders: str) -> None:
    """Turn the modules in these folders into bytecode, as pip does and uv does not.

    A service whose account may not write here would do it again in each process: ten seconds of each start.
    """
    command = [find_python(), "-m", "compileall", "-q", "-j0", "-x", r"[/\\]tests?[/\\]", *folders]
    subprocess.run(command, cwd=ROOT, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@contextmanager
def _run_beside(module: str, *given: str) -> Iterator[None]:
    """Run a module of ours beside what is done in the block."""
    process = subprocess.Popen([find_python(), "-m", module, *given], cwd=ROOT)
    try:
        yield
    finally:
        failed = process.wait()
    if failed:
        raise SetUpFailed("Setting up did not come to its end: the lines above say why.")


def _can_run_program(*command: str) -> bool:
    try:
        return subprocess.run(command, check=False, capture_output=True).returncode == 0
    except OSError:
        return False


def main(given: list[str]) -> int:
    """Set up, and say in words what failed; returns the exit code."""
    try:
        if sys.version_info < OLDEST:
            raise SetUpFailed(
                f"Python {'.'.join(map(str, OLDEST))} or later is needed; this is {sys.version.split()[0]}.\n"
                "Install it from python.org, then name it: make run PYTHON=python3.12"
            )
        set_up(dev="--dev" in given)
    except SetUpFailed as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
