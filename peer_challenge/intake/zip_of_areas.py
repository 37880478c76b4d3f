"""A ZIP of several areas' forms that the office sends in: each form in it is taken in by itself.

From an area such a ZIP is asked about, because only one form can be meant. The office has collected them.
"""

import zipfile

from peer_challenge.intake.hand_in import read_upload_soon
from peer_challenge.intake.read_claimed import make_reading_limits
from peer_challenge.register.database import Register
from peer_challenge.settings import Settings
from peer_challenge.system.bounded_work import Bounds, ChildLost, TooMuchWork, WorkFailed, call_once
from peer_challenge.word.answers.reading import Reading
from peer_challenge.word.answers.zip_of_forms import TAKEN_APART
from peer_challenge.word.package.file_kinds import kind_of_file
from peer_challenge.word.reader_findings import Unreadable

_BOUNDS = Bounds(seconds=10, memory_mb=500)
"""As for an email with attachments, which is as large."""


def take_apart(register: Register, settings: Settings, name: str, data: bytes) -> list[tuple[str, bytes]]:
    """The files of a ZIP that holds forms of several areas or kinds, each with its name; [] for any other.

    A ZIP of several versions of one form stays as it is: its area is asked which of them counts. So does one
    that can't be read now, or not within the bounds: intake says what is wrong with it.
    """
    if not _is_zip(data):
        return []
    readings = read_upload_soon(register, settings, name, data)
    if not readings or not _is_of_several(readings[0]):
        return []
    try:
        found = call_once(*TAKEN_APART, _BOUNDS, data, make_reading_limits(settings))
    except (TooMuchWork, WorkFailed, ChildLost):
        return []
    return [(name, content) for name, content in found]


def _is_of_several(reading: Reading) -> bool:
    """Whether a ZIP has several forms which are not all of one kind and one area."""
    return reading.kind is None and any(found.code == "open.zip_of_many" for found in reading.findings)


def _is_zip(data: bytes) -> bool:
    try:
        return data.startswith(b"PK") and kind_of_file(data) == "zip"
    except (Unreadable, zipfile.BadZipFile):
        return False
