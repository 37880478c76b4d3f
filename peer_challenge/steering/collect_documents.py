"""The documents of several challenges in one ZIP file, for the office."""

import contextlib
import zipfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path, PurePosixPath

from peer_challenge.model.vocabulary import KIND_NAMES
from peer_challenge.register import journal, listings, submissions
from peer_challenge.register.archive import Archive
from peer_challenge.register.database import Register, Transaction
from peer_challenge.register.issued_files import FileAltered, read_issued_file
from peer_challenge.register.records import Challenge, DispatchState
from peer_challenge.settings import Settings


def write_documents_zip(
    register: Register,
    settings: Settings,
    challenges: Sequence[Challenge],
    into: Path,
    *,
    at: datetime,
    actor: str,
) -> int:
    """Write what went out and the versions in force of what came in into a ZIP file; returns how many files.

    It has a folder for each challenge. Names are ours, never those that senders gave. What is not in the
    outbox any more as it went out is left out. The journal has an entry for each challenge.
    """
    count = 0
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as packed:
        for challenge in challenges:
            with register.reading() as connection:
                files = list(_list_files(connection, settings, challenge))
            for name, data in files:
                packed.writestr(f"{challenge.author_id}/{name}", data)
            with register.writing() as connection:
                journal.append_entry(
                    connection,
                    "documents downloaded",
                    at=at,
                    actor=actor,
                    cycle_id=challenge.cycle_id,
                    challenge_id=challenge.id,
                    files=len(files),
                )
            count += len(files)
    return count


def _list_files(
    connection: Transaction, settings: Settings, challenge: Challenge
) -> Iterator[tuple[str, bytes]]:
    for one in listings.dispatches_of(connection, challenge.id):
        if one.state is not DispatchState.ISSUED or one.path is None:
            continue
        with contextlib.suppress(FileNotFoundError, FileAltered):
            data = read_issued_file(settings.outbox_folder, one)
            yield f"went out/{one.recipient_id}/{PurePosixPath(one.path).name}", data
    archive = Archive(settings.archive_folder)
    for came in submissions.list_current_versions(connection, challenge.id):
        if came.kind is not None:
            ending = PurePosixPath(came.file_name).suffix.lower() or ".docx"
            name = f"came in/{KIND_NAMES[came.kind]} {came.id}{ending}"
            yield name, archive.get(came.sha256)
