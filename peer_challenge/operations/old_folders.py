"""Moves claimed and rejected documents out of the inbox, where older versions kept them.

Others share the inbox, so nothing there is trusted: anybody who may write to it could have made it.
"""

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from peer_challenge.intake.inbox_folder import Copied, InboxFolder
from peer_challenge.intake.left_files import Left
from peer_challenge.intake.names_in_inbox import sent_name
from peer_challenge.intake.rejected_folder import RejectedFolder, reason_of
from peer_challenge.operations.temporary_files import own_temporary_folder
from peer_challenge.settings import OLD_CLAIMS, OLD_REJECTED, Settings
from peer_challenge.system.file_modes import ensure_private_folder
from peer_challenge.system.folder_handles import open_folder, open_subfolder

_ANY_SIZE = sys.maxsize // 8
"""What was taken in before is not refused for its size now; InboxFolder multiplies it by four."""


def move_old_folders(settings: Settings) -> None:
    """Move what an older version kept in the inbox to its present place.

    It can be killed anywhere, and run again. Documents that an intake had claimed go back into the inbox;
    rejected ones, with their reasons, go to the folder for them. Links, pipes and the like are left where
    they are. Raises OSError.
    """
    if settings.has_old_folders():
        shared = InboxFolder(settings.inbox_folder, max_bytes=_ANY_SIZE)
        for parts in _list_files_below(shared, OLD_CLAIMS):
            if len(parts) == 4 and not parts[-1].startswith("."):
                shared.return_file(parts)
        with own_temporary_folder(settings) as scratch:
            _move_rejected(shared, RejectedFolder(settings.rejected_folder), scratch)
        with open_folder(settings.inbox_folder) as inbox:
            for name in (OLD_CLAIMS, OLD_REJECTED):
                _remove_empty(inbox, name)
    ensure_private_folder(settings.intake_folder)


def _list_files_below(shared: InboxFolder, name: str) -> list[tuple[str, ...]]:
    """The parts of every file below a folder of the inbox; none where it is no folder."""
    try:
        return shared.files_below(name)
    except OSError:
        return []


def _move_rejected(shared: InboxFolder, rejected: RejectedFolder, scratch: Path) -> None:
    files = _list_files_below(shared, OLD_REJECTED)
    reasons = {_reason_beside(parts) for parts in files} & set(files)
    for parts in [parts for parts in files if parts not in reasons]:
        beside = _reason_beside(parts)
        with _open_private_copy(shared, parts, scratch) as copy:
            if copy is None:
                continue
            with (
                _open_private_copy(shared, beside, scratch)
                if beside in reasons
                else _yield_nothing() as reason
            ):
                why = reason[0].read_text("utf-8", "replace") if reason else None
                rejected.put(copy[0], sent_name(parts[-1]), why)
                shared.remove_file(copy[1])
                if reason:
                    shared.remove_file(reason[1])


def _reason_beside(parts: tuple[str, ...]) -> tuple[str, ...]:
    return (*parts[:-1], reason_of(Path(parts[-1])).name)


@contextlib.contextmanager
def _open_private_copy(
    shared: InboxFolder, parts: tuple[str, ...], scratch: Path
) -> Iterator[tuple[Path, Copied] | None]:
    """A private copy of a file, and what takes the original out; None where it can't be read."""
    copy = scratch / f"copy-{len(parts)}-{abs(hash(parts))}"
    done = shared.copy_file(shared.folder.joinpath(*parts), copy)
    if isinstance(done, Left):
        copy.unlink(missing_ok=True)
        yield None
        return
    try:
        yield copy, done
    finally:
        done.close()
        copy.unlink(missing_ok=True)


@contextlib.contextmanager
def _yield_nothing() -> Iterator[None]:
    yield None


def _remove_empty(folder: int, name: str) -> None:
    """Remove a folder of folders and locks in which no document is left; anything else stays."""
    with contextlib.suppress(OSError):
        handle = open_subfolder(folder, name)
        try:
            for inner in _list_entry_names(handle):
                _remove_empty(handle, inner)
            with contextlib.suppress(OSError):
                if _list_entry_names(handle) == [".lock"]:
                    os.unlink(".lock", dir_fd=handle)
        finally:
            os.close(handle)
        os.rmdir(name, dir_fd=folder)


def _list_entry_names(folder: int) -> list[str]:
    with os.scandir(folder) as entries:
        return sorted(entry.name for entry in entries)
