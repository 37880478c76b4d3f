"""What the fault tests share: a PostgreSQL of their own, and an office with work to do."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.faults import kills, postgresql


@pytest.fixture(scope="session")
def server() -> Iterator[Any]:
    """A PostgreSQL of their own."""
    with postgresql.running() as server:
        yield server


@pytest.fixture(scope="session")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation on SQLite whose inbox is full; tests work on copies of it."""
    home = tmp_path_factory.mktemp("before") / "office"
    kills.make(home)
    return home
