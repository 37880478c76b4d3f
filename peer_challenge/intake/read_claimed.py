"""Reading claimed documents, in any process: what they can be matched with, and within which bounds."""

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.intake.emails.prepare_files import PreparedFile, prepare_file
from peer_challenge.intake.inbox import explain_os_errors
from peer_challenge.intake.kept_readings import keep_readings
from peer_challenge.register.archive import Archive
from peer_challenge.register.cycles import load_all_stored, load_whole_framework
from peer_challenge.register.database import Register
from peer_challenge.register.house_styles import list_lines_ever_used
from peer_challenge.register.records import CycleState
from peer_challenge.settings import Settings
from peer_challenge.word.form.known_before_reading import Known
from peer_challenge.word.package.reading_limits import Limits
from peer_challenge.word.process import shared_pool
from peer_challenge.word.process.reader_pool import MOST_CHILDREN, WORTH_ANOTHER


def load_known_from_register(register: Register, settings: Settings) -> Known:
    """What a document can be matched with: all frameworks, and the cycles that are not purged.

    A framework of the office's own is as it was when a cycle was opened with it, whatever its file says now.
    """
    shipped = shipped_frameworks()
    with register.reading() as connection:
        stored = load_all_stored(connection, states=(CycleState.OPEN, CycleState.CLOSED))
        house_lines = list_lines_ever_used(connection)
        used = {
            cycle.framework: load_whole_framework(connection, cycle_id)
            for cycle_id, (cycle, _) in stored.items()
            if cycle.framework not in shipped
        }
    return Known(
        frameworks=shipped_frameworks(settings.own_frameworks) | used,
        cycles={cycle_id: cycle for cycle_id, (cycle, _) in stored.items()},
        house_lines=house_lines,
    )


def make_reading_limits(settings: Settings) -> Limits:
    """The bounds within which a document is opened."""
    return Limits(max_bytes=settings.max_bytes)


def read_claimed(register: Register, settings: Settings, places: Sequence[str], *, waiting: int = 0) -> int:
    """Read the claimed files at `places` and keep what was read beside each; returns how many.

    The documents in an email, and the evidence beside them, go into the archive first.

    Where as many are `waiting` in all as are worth more children, those are started. A place is
    `<claim>/<number>`: no name that a sender gave. Reading again gives the same. Raises InboxUnusable where
    the folder of claims can't be used, ReadersUnavailable.
    """
    if not places:
        return 0
    folders = [settings.intake_folder / place for place in places]
    known, limits = load_known_from_register(register, settings), make_reading_limits(settings)
    if waiting >= WORTH_ANOTHER:
        shared_pool.start_reading_child(known, limits, MOST_CHILDREN)
    archive, prepared = Archive(settings.archive_folder), list[PreparedFile]()

    def list_documents() -> Iterator[tuple[str, bytes]]:
        for folder in folders:
            path = _only_file_in(folder)
            prepared.append(prepare_file(path.name, path.read_bytes(), limits, archive.put))
            yield from prepared[-1].documents()

    with explain_os_errors("The folder of claims, or the archive,"):
        readings = iter(shared_pool.read_all_documents(list_documents(), known, limits))
        for folder, file in zip(folders, prepared, strict=True):
            keep_readings(folder, file.deliver(list(islice(readings, file.count))))
    return len(places)


def _only_file_in(folder: Path) -> Path:
    [file] = folder.iterdir()
    return file
