"""A wheel of the repository works by itself: templates, frameworks, migrations and styles are in it."""

import re
import shutil
import socket
import subprocess
import sys
import sysconfig
import urllib.error
import urllib.request
import venv
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from scripts.release import ROOT, build_wheel
from tests.waiting import LONG, wait_for_end, wait_until

PACKAGES = ("cli", "dashboard", "flows", "peer_challenge", "tasks", "templates")
STYLES = "dashboard/static/vendor/govuk-frontend.min.css"
BARE = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of the code as it is here."""
    folder = tmp_path_factory.mktemp("wheel")
    return build_wheel(copy_source(folder), folder)


def copy_source(folder: Path, *left_out: str) -> Path:
    """A copy of what a wheel is built from, in which building may write."""
    source = folder / "source"
    for package in (*PACKAGES, "scripts"):
        ignored = shutil.ignore_patterns("__pycache__", *left_out)
        shutil.copytree(ROOT / package, source / package, ignore=ignored, symlinks=True)
    for name in ("pyproject.toml", "setup.py", "README.md", "LICENSE", "prefect.yaml", "package.json"):
        shutil.copy(ROOT / name, source)
    return source


@pytest.fixture(scope="module")
def command(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command of a new environment in which the wheel is installed."""
    return install_alone(wheel, tmp_path_factory.mktemp("installed") / "environment")


def read_page(address: str) -> str:
    with urllib.request.urlopen(address, timeout=LONG) as answer:
        return str(answer.read().decode())


def answers(address: str) -> bool:
    try:
        return bool(read_page(address))
    except (urllib.error.URLError, OSError):
        return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_wheel_holds_what_it_needs_and_nothing_of_the_repository(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as files:
        names = files.namelist()
        assert len(files.read(STYLES)) > 50_000
        about = files.read(next(name for name in names if name.endswith("METADATA"))).decode()
    folders = {name.split("/")[0] for name in names if ".dist-info" not in name}
    assert folders == {*PACKAGES}
    assert {"flows/prefect.yaml", "templates/word/query_letter.docx", "templates/web/base.html"} <= {*names}
    assert not re.search(r"Requires-Dist: (setuptools|wheel|uv|nodejs)\b", about)


def test_no_wheel_is_built_without_its_styles(tmp_path: Path) -> None:
    with pytest.raises(subprocess.CalledProcessError):
        build_wheel(
            copy_source(tmp_path, "vendor"), tmp_path
        )  # npm wants package-lock.json: it can't bring them
    assert not list(tmp_path.glob("*.whl"))


@pytest.mark.slow
def test_a_wheel_rehearses_and_serves_in_an_empty_folder(command: Path, tmp_path: Path) -> None:
    """A cycle is rehearsed to its end, and the page served with its styles, far from the repository."""
    empty = tmp_path / "empty"
    empty.mkdir()
    run = run_installed(command, empty, "rehearse", "--areas", "4")
    assert "4 challenges closed" in run.stdout, run.stdout[-2000:] + run.stderr[-2000:]
    form = next(empty.glob("rehearsal/outbox/*/*/*Fill in - Self-assessment*.docx"))
    told = run_installed(command, empty, "check", "--json", str(form), "--home", "rehearsal")
    assert '"kind":"self_assessment"' in told.stdout.replace(" ", ""), told.stderr
    with serve_alone(command, empty) as address:
        page = read_page(f"{address}/sign-in")
        styles = re.findall(r'href="([^"]+\.css[^"]*)"', page)
        assert any("vendor" in style for style in styles)
        assert all(len(read_page(address + style)) > 500 for style in styles)


def install_alone(wheel: Path, environment: Path) -> Path:
    """The command of a new environment that holds the wheel, and sees the packages that are installed here.

    Not this checkout: the link to it is in a .pth file, which counts in an environment's own folder only.
    """
    venv.create(environment, symlinks=True)
    (site,) = environment.glob("lib/*/site-packages")
    (site / "installed-here.pth").write_text(sysconfig.get_path("purelib") + "\n")
    pip = [sys.executable, "-m", "pip", "--python", str(environment / "bin" / "python"), "install"]
    options = ["--quiet", "--no-deps", "--no-index", "--ignore-installed", "--disable-pip-version-check"]
    subprocess.run([*pip, *options, str(wheel)], check=True)
    return environment / "bin" / "peer-challenge"


def run_installed(command: Path, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(command), *words], cwd=folder, env=BARE, capture_output=True, text=True, check=False
    )


@contextmanager
def serve_alone(command: Path, folder: Path) -> Iterator[str]:
    """The address of the page that `serve` serves, for as long as the block runs."""
    page, prefect = free_port(), free_port()
    ports = {"PEER_CHALLENGE_PORT": str(page), "PEER_CHALLENGE_PREFECT_PORT": str(prefect)}
    with (folder / "serve.log").open("w") as log:
        service = subprocess.Popen(
            [str(command), "serve", "--home", "rehearsal"],
            cwd=folder,
            env=BARE | ports,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            address = f"http://127.0.0.1:{page}"
            wait_until(lambda: answers(f"{address}/health/live"), "the page answers", service.pid)
            yield address
        finally:
            service.terminate()
            wait_for_end(service)
