"""The installation a task works on: opened once in a process, found by its folder."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from peer_challenge.clock import read_clock
from peer_challenge.register.database import Register, open_register
from peer_challenge.settings import Settings, load_settings
from peer_challenge.steering.installation_settings import CurrentSettings


@dataclass(frozen=True)
class Installation:
    """One installation's settings and its open register."""

    settings: Settings
    register: Register


def get_installation(home: str | None = None) -> Installation:
    """The installation under `home` (PEER_CHALLENGE_HOME, or the working directory, when None).

    The settings of the post are those of this moment: the office may change them while processes run.
    """
    current, register = _open_installation(home)
    return Installation(current.read(), register)


@lru_cache(maxsize=4)
def _open_installation(home: str | None) -> tuple[CurrentSettings, Register]:
    settings = load_settings(Path(home) if home else None)
    return CurrentSettings(settings), open_register(settings)


def read_run_time(at: str | None) -> datetime:
    """The time that a run works with: `at` (ISO, with its zone), or the present time in UTC."""
    return datetime.fromisoformat(at) if at else read_clock()
