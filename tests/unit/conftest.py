"""A fresh register for each test, on a real SQLite file."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from peer_challenge.register.database import Register, open_register
from peer_challenge.settings import Settings, load_settings
from tests.migrated import make_installation


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(tmp_path, {"PEER_CHALLENGE_SETTLE_SECONDS": "0"})


@pytest.fixture
def register(settings: Settings) -> Iterator[Register]:
    make_installation(settings)
    opened = open_register(settings)
    yield opened
    opened.close()
