"""Files of dispatches between two steps: made in one, perhaps on another machine, and issued in the next.

They lie in a folder of the installation's temporary files, which only our account can enter, for as long as
the run that made it lives. What a killed run left there is removed, and made again.
"""

import contextlib
import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path

import orjson

from peer_challenge.outbox.render_in_children import WORTH_STARTING, Made, begin_helping, make_dispatch_files
from peer_challenge.register import outbox
from peer_challenge.register.database import Register
from peer_challenge.register.records import Dispatch
from peer_challenge.settings import Settings
from peer_challenge.system.file_lock import make_locked_folder
from peer_challenge.system.file_modes import open_private


@contextlib.contextmanager
def folder_for_files(settings: Settings) -> Iterator[str]:
    """The name of a new folder for files, below the temporary folder; removed at the end."""
    own = make_locked_folder(settings.temporary_folder)
    try:
        yield own.path.name
    finally:
        shutil.rmtree(own.path, ignore_errors=True)
        own.let_go()


def list_waiting(register: Register) -> list[int]:
    """The numbers of the dispatches that are to be made, oldest first."""
    with register.reading() as connection:
        return [dispatch.id for dispatch in outbox.list_waiting_dispatches(connection)]


def make_files(
    register: Register, settings: Settings, name: str, numbers: Sequence[int], *, waiting: int = 0
) -> int:
    """Make the files of the dispatches that have these numbers, in the folder `name`; returns how many.

    Where as many are `waiting` in all as are worth more processes, those are started. Making them again
    does no harm. Raises RegisterUnavailable, and OSError where the folder can't be used.
    """
    if waiting >= WORTH_STARTING:
        begin_helping(settings)
    with register.reading() as connection:
        wanted = [outbox.load_dispatch(connection, number) for number in numbers]
    folder = settings.temporary_folder / name
    made = 0
    for dispatch, file in make_dispatch_files(settings, wanted):
        _keep_file(folder / str(dispatch.id), file)
        made += file.data is not None
    return made


def made_in(name: str, settings: Settings, waiting: Sequence[Dispatch]) -> Iterator[tuple[Dispatch, Made]]:
    """Every dispatch whose file lies in the folder `name`, with it, in order."""
    for dispatch in waiting:
        with contextlib.suppress(FileNotFoundError):  # intended since: the next round makes it
            yield dispatch, _load_file(settings.temporary_folder / name / str(dispatch.id))


def _keep_file(path: Path, made: Made) -> None:
    about = orjson.dumps(asdict(replace(made, data=None)) | {"is_made": made.data is not None})
    with os.fdopen(open_private(path), "wb") as file:
        file.write(about + b"\n" + (made.data or b""))


def _load_file(path: Path) -> Made:
    about, _, data = path.read_bytes().partition(b"\n")
    said = orjson.loads(about)
    sources = tuple(said["sources"])
    return Made(data if said["is_made"] else None, said["file_name"], said["problem"], sources)
