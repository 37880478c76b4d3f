"""Files that come in through the page: into the inbox whole or not at all, under a harmless name."""

import os
import re
import unicodedata
import uuid
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

from dashboard.context import Visit
from peer_challenge.handing_in import admit_upload
from peer_challenge.inbox import is_dropping
from peer_challenge.intake import limits_of
from peer_challenge.register.archive import sync_folder, write_synced

_NOT_IN_NAMES = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]+')
_DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)
_LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Upload:
    """What became of one file: `is_in` the inbox, or `why` not."""

    name: str
    is_in: bool
    why: str = ""

    def as_dict(self) -> dict[str, Any]:
        """For the script that sends files one by one."""
        return asdict(self)


def safe_name(told: str) -> str:
    """A file name that every file system takes, from whatever a browser said.

    Never hidden, never a path, never a device of Windows, and never one that the inbox leaves alone as half
    arrived: a document called so would never be read.
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", told))[-1]
    shown = "".join(c for c in _NOT_IN_NAMES.sub(" ", last) if unicodedata.category(c)[0] != "C")
    name = " ".join(shown.split()).strip(" .~$") or "document"
    if is_dropping(name) or _DEVICES.fullmatch(name):
        name = f"document {name}"
    stem, dot, suffix = name.rpartition(".")
    if not dot or len(suffix) > 8:
        stem, suffix = name, ""
    while len(f"{stem}.{suffix}".encode()) > _LONGEST_NAME:
        stem = stem[:-1]
    kept = f"{stem}.{suffix}" if suffix else stem.rstrip(" .")
    return kept.replace(".", " ") if is_dropping(kept) else kept


def receive(visit: Visit, told_name: str, file: BinaryIO) -> Upload:
    """Put one uploaded file into the inbox, unless it is not its sender's to hand in."""
    most = limits_of(visit.settings).max_bytes
    data = file.read(most + 1)
    name = safe_name(told_name)
    if not data:
        return Upload(name, False, "This file is empty. Save it in Word and send it again.")
    if len(data) > most:
        return Upload(
            name, False, f"This file is larger than {most // 1_000_000} MB. Make its pictures smaller."
        )
    refused = admit_upload(visit.register, visit.settings, visit.person, name, data, visit.office.now())
    if refused is not None:
        return Upload(name, False, refused)
    put_into_inbox(visit.settings.inbox_folder, name, data)
    return Upload(name, True)


def put_into_inbox(folder: Path, name: str, data: bytes) -> Path:
    """Write `data` beside under a hidden name, then give it `name`, or a free one; returns where it is.

    Intake never sees half a file, and no file that is there is written over.
    """
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f".{uuid.uuid4().hex}.tmp"
    try:
        write_synced(draft, data)
        for place in _free(folder / name):
            try:
                os.link(draft, place)
            except FileExistsError:
                continue
            except OSError:  # no hard links here, as on some network drives
                draft.rename(place)
            break
    finally:
        draft.unlink(missing_ok=True)
    sync_folder(folder)
    return place


def _free(place: Path) -> Iterator[Path]:
    yield place
    while True:
        free = place.with_name(f"{place.stem} {uuid.uuid4().hex[:6]}{place.suffix}")
        if not free.exists():
            yield free
