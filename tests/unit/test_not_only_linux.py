"""No module needs Unix to be imported; the core works without what only Unix has (tests/other_system.py)."""

import re
import subprocess
import sys

import pytest

from peer_challenge.paths import ROOT

PACKAGES = ("cli", "flows", "tasks", "dashboard", "peer_challenge")
CORE = (
    "tests/unit/dates/test_deadlines.py",
    "tests/unit/partners/test_words.py",
    "tests/unit/dispatches/test_samples.py",
    "tests/unit/word_reading/test_variations_of_ratings.py",
)
"""Dates, partners, documents written from their templates, and forms read."""
_IMPORT_ALL = f"""
import importlib, pkgutil
import tests.other_system
count = 0
for top in {PACKAGES!r}:
    for module in pkgutil.walk_packages(importlib.import_module(top).__path__, top + "."):
        if not module.name.endswith("__main__") and ".migrations" not in module.name:
            importlib.import_module(module.name)
            count += 1
print(count)
"""


def _run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *words], cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_every_module_is_imported_without_unix() -> None:
    told = _run("-c", _IMPORT_ALL)
    assert told.returncode == 0, told.stderr[-3000:]
    assert int(told.stdout) > 300


@pytest.mark.slow
def test_the_core_works_without_unix() -> None:
    told = _run("-m", "pytest", "-q", "-p", "tests.other_system", *CORE)
    assert told.returncode == 0, told.stdout[-3000:]


def test_the_names_are_really_away() -> None:
    code = "import tests.other_system, os, signal\n"
    code += "print(hasattr(os, 'killpg'), hasattr(signal, 'SIGKILL'))\nimport fcntl"
    told = _run("-c", code)
    assert told.stdout.split() == ["False", "False"]
    assert "ModuleNotFoundError" in told.stderr


@pytest.mark.parametrize("name", [r"%-[a-zA-Z]\b", r"\bos\.getuid\b"])
def test_no_module_names_what_only_unix_has(name: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        for match in re.finditer(name, path.read_text(encoding="utf-8"))
    ]
    assert found == []
