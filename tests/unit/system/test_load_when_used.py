"""Modules that load only when something in them is used."""

import importlib
import sys
from pathlib import Path

import pytest

from peer_challenge.system.load_when_used import load_when_used


@pytest.fixture
def loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the modules of a package "large" and its neighbour "small", as they are loaded."""
    said = "import builtins\nbuiltins.loaded_here.append(__name__)\nANSWER = 42\n"
    (tmp_path / "large").mkdir()
    (tmp_path / "large" / "__init__.py").write_text(said)
    (tmp_path / "large" / "part.py").write_text(said)
    (tmp_path / "small.py").write_text(said + "import large\nfrom large import part\n")
    names: list[str] = []
    monkeypatch.setattr("builtins.loaded_here", names, raising=False)
    monkeypatch.syspath_prepend(tmp_path)
    for name in ("large", "large.part", "small"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    return names


def test_a_module_loads_only_when_something_in_it_is_used(loaded: list[str]) -> None:
    with load_when_used("large", "large.part"):
        small = importlib.import_module("small")
    assert loaded == ["small", "large"], "the package, of which a part was asked for"
    assert small.part.ANSWER == 42
    assert loaded == ["small", "large", "large.part"]


def test_other_modules_load_at_once_and_afterwards_all_do(loaded: list[str]) -> None:
    before = list(sys.meta_path)
    with load_when_used("large.part"):
        importlib.import_module("large")
    importlib.import_module("large.part")
    assert loaded == ["large", "large.part"]
    assert sys.meta_path == before
