"""An installation with an open cycle, as every test here attacks it."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.register.cycles import store_cycle
from peer_challenge.register.database import Register, open_register
from peer_challenge.settings import Settings, load_settings
from tests.factories import a_cycle
from tests.migrated import make_installation

AT = datetime(2027, 2, 1, 9, tzinfo=UTC)


@pytest.fixture(scope="session")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Path:
    settings = _of(tmp_path_factory.mktemp("opened"))
    make_installation(settings)
    register, cycle = open_register(settings), a_cycle(4)
    with register.writing() as connection:
        store_cycle(connection, cycle, shipped_frameworks()[cycle.framework], at=AT, actor="test")
    register.close()
    return settings.home


@pytest.fixture
def settings(opened: Path, tmp_path: Path) -> Settings:
    return _of(Path(shutil.copytree(opened, tmp_path / "office")))


@pytest.fixture
def register(settings: Settings) -> Iterator[Register]:
    register = open_register(settings)
    yield register
    register.close()


def _of(home: Path) -> Settings:
    return load_settings(home, {"PEER_CHALLENGE_SETTLE_SECONDS": "0", "PEER_CHALLENGE_MAKERS": "0"})
