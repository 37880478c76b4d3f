"""Documents that somebody of the office looks at before they go: an analysis pack, say.

The disclosure guard reads for shapes, and is no reader. So the finished file waits in a folder that only
our account can enter, never in its recipient's, until the office has looked at it. Exactly that file goes: it
is made again when it goes, and held again where one byte is different.
"""

import os
from collections.abc import Sequence
from datetime import datetime

from peer_challenge.dispatches.kinds import KINDS
from peer_challenge.register import look_before_sending as register_of_looks
from peer_challenge.register.archive import sha256_of
from peer_challenge.register.cycles import load_stored
from peer_challenge.register.database import Register
from peer_challenge.register.records import Dispatch
from peer_challenge.settings import Settings
from peer_challenge.system.file_modes import PRIVATE_FILE, make_private_folder
from peer_challenge.system.folder_handles import NOT_THERE, TooLarge, open_folder, read_file, write_file

_CHANGED = "It has changed since you looked at it: please look at it again."


def has_to_be_looked_at(register: Register, settings: Settings, dispatch: Dispatch) -> bool:
    """Whether the office looks at a dispatch before it goes, as its kind and its cycle say.

    Not where partners are approved by themselves: a rehearsal has nobody to look.
    """
    if settings.approve_automatically or not KINDS[dispatch.kind].is_looked_at:
        return False
    if not dispatch.parameters.get("has_words", True):
        return True  # no guard has read what it shows: a person has to
    with register.reading() as connection:
        cycle, _ = load_stored(connection, dispatch.cycle_id)
    return cycle.rules.look_before_sending


def keep_file_to_look_at(
    register: Register,
    settings: Settings,
    dispatch: Dispatch,
    data: bytes,
    at: datetime,
    sources: Sequence[int],
) -> None:
    """Keep the finished file of a dispatch until the office has looked at it. Raises OSError."""
    make_private_folder(settings.looks_folder)
    with open_folder(settings.looks_folder) as folder:
        draft = f".{dispatch.id}"
        write_file(folder, draft, data, PRIVATE_FILE)
        os.rename(draft, str(dispatch.id), src_dir_fd=folder, dst_dir_fd=folder)
        os.fsync(folder)
    problem = _CHANGED if dispatch.looked_sha256 else None
    with register.writing() as connection:
        register_of_looks.hold_for_look(
            connection, dispatch, sha256_of(data), len(data), at, problem=problem, sources=sources
        )


def read_file_to_look_at(settings: Settings, dispatch: Dispatch) -> bytes | None:
    """The file of a dispatch that waits for a look; None where it is not there as it was made."""
    try:
        data = read_file(settings.looks_folder, str(dispatch.id), most=dispatch.size or 0)
    except (*NOT_THERE, TooLarge):
        return None
    return data if sha256_of(data) == dispatch.sha256 else None


def tidy_files_to_look_at(register: Register, settings: Settings) -> None:
    """Remove the files that nobody has to look at any more, and have those made again that are lost.

    One is needed no more when its dispatch has gone, was cancelled, or is made again; one is lost after a
    restore, say. The caller holds the lock "advance": no other process keeps a file meanwhile.
    """
    with register.reading() as connection:
        waiting = {str(one.id): one for one in register_of_looks.list_to_look_at(connection)}
    if settings.looks_folder.is_dir():
        for file in list(settings.looks_folder.iterdir()):
            if file.name not in waiting:
                file.unlink()
    lost = [one for one in waiting.values() if read_file_to_look_at(settings, one) is None]
    if lost:
        with register.writing() as connection:
            for dispatch in lost:
                register_of_looks.make_again(
                    connection, str(dispatch.challenge_id), dispatch.kind, to=dispatch.recipient_id
                )
