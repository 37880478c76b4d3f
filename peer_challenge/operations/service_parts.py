"""The parts of the running service, as `peer-challenge serve` noted them for `doctor` and the System page."""

import json
import os
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum

from peer_challenge.settings import Settings
from peer_challenge.system.file_lock import is_locked
from peer_challenge.system.file_modes import open_private

LOCK = "serve.lock"
_FILE = "service-parts.json"


class PartState(StrEnum):
    """How a part of the service is; the value is what people read."""

    WAITS = "waits for another part"
    RUNS = "runs"
    DONE = "has done its work"
    DOWN = "is down"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the service: how it is since when, how often it failed in a row, and how it ended last."""

    name: str
    state: PartState
    since: datetime
    failures: int = 0
    ended_with: int | None = None

    @property
    def is_up(self) -> bool:
        """Whether nothing is to be waited for: it runs, or has done its work."""
        return self.state in (PartState.RUNS, PartState.DONE)

    @property
    def in_words(self) -> str:
        """What to tell of a part that does not run."""
        if self.state is not PartState.DOWN:
            return f"{self.name} {self.state.value}"
        return f"{self.name} is down (it ended {self.failures} times, last with {self.ended_with})"


def write_parts(settings: Settings, parts: list[Part]) -> None:
    """Note how the parts are. Raises OSError."""
    draft = settings.var / f".{_FILE}"
    handle = open_private(draft)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump([asdict(part) | {"since": part.since.isoformat()} for part in parts], file)
    draft.replace(settings.var / _FILE)


def read_parts(settings: Settings) -> list[Part]:
    """How the parts are; none where no `peer-challenge serve` runs on this home."""
    if not is_locked(settings.var / LOCK):
        return []
    try:
        told = json.loads((settings.var / _FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):  # it has just begun
        return []
    return [
        Part(**one | {"state": PartState(one["state"]), "since": datetime.fromisoformat(one["since"])})
        for one in told
    ]
