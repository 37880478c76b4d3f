"""Claims: the documents that an intake is working on, in a folder that only this account can enter.

Each intake has a claim of its own, `<claim>/<number>/<the sender's name>`, held by a lock that ends with its
process. What a killed intake had claimed, the next intake adopts.
"""

import contextlib
import shutil
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from peer_challenge.register.archive import sync_folder
from peer_challenge.system.file_lock import (
    FOLDER_LOCK,
    hold_lock,
    is_locked,
    locked_folders,
    make_locked_folder,
)
from peer_challenge.system.file_modes import PRIVATE_FOLDER

_DRAFT = ".draft-"
READING = ".reading-"
"""What the reading of a document is called that is kept beside it (kept_readings.py)."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A claimed file: `path` is where it is now, `name` what its sender called it."""

    path: Path
    name: str


@dataclass(slots=True)
class Claim:
    """The files that one intake has claimed, in the order in which they are read."""

    folder: Path
    arrivals: list[Arrival] = field(default_factory=list)

    def draft(self, number: int) -> Path:
        """The path at which a copy is written until it is complete."""
        return self.folder / f"{_DRAFT}{number:05d}"

    def keep(self, drafts: dict[Path, str]) -> list[Arrival]:
        """Give complete copies their senders' names. When this returns, they would survive a power cut."""
        kept = []
        for draft, name in drafts.items():
            place = self.folder / draft.name.removeprefix(_DRAFT)
            place.mkdir(mode=PRIVATE_FOLDER)
            draft.rename(place / name)
            sync_folder(place)
            kept.append(Arrival(place / name, name))
        if kept:
            sync_folder(self.folder)
            sync_folder(self.folder.parent)
        self.arrivals += kept
        return kept

    def drop(self, arrival: Arrival) -> None:
        """Remove a copy whose original is still in the inbox."""
        arrival.path.unlink()
        self.arrivals.remove(arrival)


class Claims:
    """The folder of all claims. Every method raises OSError where the folder can't be used."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def files(self) -> list[Path]:
        """Every file in a claim."""
        return [path for claim in locked_folders(self._folder) for path in sorted(claim.glob("*/*"))]

    def unsettled(self) -> list[Path]:
        """Every file whose intake ended before it had settled the file."""
        return [
            path
            for claim in locked_folders(self._folder)
            if not is_locked(claim / FOLDER_LOCK)
            for path in sorted(claim.glob("*/*"))
        ]

    @contextlib.contextmanager
    def open_claim(self) -> Iterator[Claim]:
        """A new claim that adopts what killed intakes had claimed. Files that are not settled stay in it."""
        mine = make_locked_folder(self._folder)
        claim = Claim(mine.path)
        try:
            for other in locked_folders(self._folder):
                if other != mine.path:
                    claim.arrivals += self._adopt_dead_claim(other, mine.path)
            yield claim
        finally:
            _clear_settled_files(mine.path)
            mine.let_go()

    @staticmethod
    def _adopt_dead_claim(claim: Path, mine: Path) -> list[Arrival]:
        found = []
        try:
            lock = hold_lock(claim / FOLDER_LOCK)
        except (
            FileNotFoundError,
            FileExistsError,
        ):  # its intake cleared it meanwhile, at either of two steps
            return []
        if lock is None:
            return []
        with lock:
            for path in sorted(claim.glob("*/*")):
                place = mine / f"{claim.name[:8]}-{path.parent.name[-5:]}-{uuid.uuid4().hex[:4]}"
                place.mkdir(mode=PRIVATE_FOLDER)
                path.rename(place / path.name)
                found.append(Arrival(place / path.name, path.name))
            _clear_settled_files(claim)
        return found


def _clear_settled_files(claim: Path) -> None:
    """Remove what is settled, half written, or kept between two steps; a claim that holds documents stays."""
    with contextlib.suppress(OSError):
        for part in claim.iterdir():
            if part.name.startswith((_DRAFT, READING)):
                part.unlink()
            elif part.is_dir() and not any(part.iterdir()):
                part.rmdir()
        if {part.name for part in claim.iterdir()} <= {FOLDER_LOCK}:
            shutil.rmtree(claim)
