"""The inbox: which documents are ready, claiming them, and moving each to where it belongs.

Only the folder in which people put files is shared (inbox_folder.py). A file is copied into a claim
(claims.py) that nobody else can reach, and then taken out of the shared folder. A refused file goes to a
folder that nobody else can reach either (rejected_folder.py).
"""

import contextlib
import os
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from peer_challenge.errors import PeerChallengeError
from peer_challenge.intake.claims import Arrival, Claim, Claims
from peer_challenge.intake.inbox_folder import Contents, Copied, InboxFolder
from peer_challenge.intake.left_files import Left, name_as_text
from peer_challenge.intake.names_in_inbox import is_dropping, sent_name
from peer_challenge.intake.rejected_folder import RejectedFolder
from peer_challenge.intake.still_arriving import Waiting
from peer_challenge.settings import Settings

__all__ = [
    "Arrival",
    "Contents",
    "Inbox",
    "InboxUnusable",
    "Left",
    "Waiting",
    "explain_os_errors",
    "is_dropping",
    "make_inbox_from_settings",
    "name_as_text",
]


class InboxUnusable(PeerChallengeError):
    """Files cannot be taken out of the inbox, or moved to where they belong. None of them is lost."""

    exit_code = 6
    remedy = (
        "Free some space, or correct the rights of the folders (docs/operations.md, Folders and rights), "
        "then run `peer-challenge intake` again."
    )


@contextlib.contextmanager
def explain_os_errors(what: str = "The inbox") -> Iterator[None]:
    """Turn an OSError of the block into InboxUnusable, in our words; `what` names what cannot be used."""
    try:
        yield
    except OSError as error:
        raise InboxUnusable(f"{what} can't be used ({os.strerror(error.errno or 0)}).") from None


def make_inbox_from_settings(settings: Settings) -> "Inbox":
    """The inbox of this installation, with the folders and limits of `settings`."""
    folder = InboxFolder(
        settings.inbox_folder,
        max_bytes=settings.max_bytes,
        incomplete_seconds=settings.incomplete_seconds,
    )
    return Inbox(
        folder,
        Claims(settings.intake_folder),
        RejectedFolder(settings.rejected_folder),
        settle_seconds=settings.settle_seconds,
    )


class Inbox:
    """Where documents arrive, are claimed, and are refused."""

    def __init__(
        self, folder: InboxFolder, claims: Claims, rejected: RejectedFolder, *, settle_seconds: float = 0.4
    ) -> None:
        self.folder = folder.folder
        self.rejected = rejected
        self._shared, self._claims = folder, claims
        self._settle_seconds = settle_seconds

    def look(self) -> Contents:
        """What waits in the shared folder now, and what is left there with the reasons. Opens no file."""
        return self._shared.look()

    def waiting(self) -> list[Path]:
        """Every file that waits, oldest first, without files that are left or rejected."""
        return [file.path for file in self.look().waiting]

    def folders(self, most: int) -> list[Path]:
        """The shared folder and the folders in it, `most` at most."""
        return self._shared.folders(most)

    def put_file(self, name: str, data: bytes) -> Path:
        """Put a complete new file into the shared folder without replacing another. Returns its path.

        Raises InboxUnusable.
        """
        with explain_os_errors():
            return self._shared.put_file(name, data)

    def holds(self, data: bytes) -> bool:
        """Whether a file with this very content waits to be read. Raises InboxUnusable."""
        with explain_os_errors():
            return any(self._shared.has_content(file, data) for file in self.look().waiting)

    def has_claimed(self, data: bytes) -> bool:
        """Whether an intake has claimed a file with this very content, and not settled it yet.

        Raises InboxUnusable.
        """
        with explain_os_errors("The folder of claims"):
            return any(_has_content(path, data) for path in self._claims.files())

    def claimed(self) -> list[Path]:
        """Every file that an intake has claimed and not yet settled, whether it still runs or has ended."""
        return self._claims.files()

    def unsettled(self) -> list[Path]:
        """Every file whose intake ended before it had settled the file. The next intake adopts it.

        Raises InboxUnusable.
        """
        with explain_os_errors("The folder of claims"):
            return self._claims.unsettled()

    def ready(self) -> tuple[list[Path], list[Left]]:
        """The files that have stopped changing, oldest first, and all that is left or ignored, with why."""
        before = self._shared.look()
        if before.waiting and self._settle_seconds:
            time.sleep(self._settle_seconds)
        now = self._shared.look_again(before)
        return [file.path for file in now.waiting], [*now.left, *now.ignored]

    @contextlib.contextmanager
    def claim(
        self, paths: Sequence[Path], tell: Callable[[Left], object] = lambda left: None
    ) -> Iterator[list[Arrival]]:
        """Claim `paths`, and all that a killed intake had claimed. What is not settled stays for the next.

        `tell` is called with each file that could not be taken out, and why. Raises InboxUnusable.
        """
        with contextlib.ExitStack() as holding:
            with explain_os_errors("The folder of claims, or that of locks beside it,"):
                claim = holding.enter_context(self._claims.open_claim())
                self._take_out_files(claim, paths, tell)
            yield list(claim.arrivals)

    def _take_out_files(self, claim: Claim, paths: Sequence[Path], tell: Callable[[Left], object]) -> None:
        """Copy files into the claim, and when all copies are on the disk take the originals out."""
        copies = dict[Path, Copied]()
        try:
            for number, path in enumerate(paths):
                done = self._shared.copy_file(path, draft := claim.draft(number))
                if isinstance(done, Left):
                    tell(done)
                else:
                    copies[draft] = done
            kept = claim.keep({draft: sent_name(copied.parts[-1]) for draft, copied in copies.items()})
            for arrival, copied in zip(kept, copies.values(), strict=True):
                if why := self._shared.remove_file(copied):
                    tell(why)
                    claim.drop(arrival)
        finally:
            for copied in copies.values():
                copied.close()

    def finish(self, arrival: Arrival) -> None:
        """Remove the claimed copy of a file that has been recorded."""
        with explain_os_errors("The folder of claims"):
            arrival.path.unlink(missing_ok=True)

    def reject(self, arrival: Arrival, reason: str) -> Path:
        """Move a file to the rejected documents and write `reason`, plain English, beside it.

        Returns its new path.
        """
        with explain_os_errors("The folder of rejected documents"):
            return self.rejected.put(arrival.path, arrival.name, reason)


def _has_content(path: Path, data: bytes) -> bool:
    """Whether a claimed file holds these bytes; no where it was settled meanwhile."""
    try:
        return path.stat().st_size == len(data) and path.read_bytes() == data
    except FileNotFoundError:
        return False
