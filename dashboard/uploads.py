"""Files uploaded through the page: they go into the inbox whole or not at all, under a harmless name."""

import re
import threading
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from io import BytesIO
from typing import BinaryIO

from dashboard.context import Visit
from peer_challenge.intake.hand_in import admit_upload, find_known, record_paper
from peer_challenge.intake.inbox import is_dropping, make_inbox_from_settings
from peer_challenge.intake.read_claimed import make_reading_limits
from peer_challenge.intake.zip_of_areas import take_apart
from peer_challenge.model.sentences import say_how_many
from peer_challenge.register.cycles import load_cycles
from peer_challenge.system.free_names import cut_file_name, names_like
from peer_challenge.word.package.write_zip import write_zip

_one_puts = threading.Lock()
_NOT_IN_NAMES = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]+')
_LONGEST_NAME = 120
"""Bytes: half of what file systems take (255), so that a number or a folder can be added on the way."""
_WINDOWS_OWN = re.compile(
    r"^(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9\u00b9\u00b2\u00b3])\s*(\.|$)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Upload:
    """What became of one file: `is_in` the inbox, perhaps as one that `is_known`, or `why` not."""

    name: str
    is_in: bool
    why: str = ""
    is_known: bool = False

    def as_dict(self) -> dict[str, object]:
        """The fields by name, for the script that sends files one by one."""
        return asdict(self)


def why_not_read(told: str) -> str | None:
    """Why a file of this name would never be read, and what to do; None where it would be."""
    name = _read_last_part(told).strip().rstrip(". ")
    if name.startswith("~$"):
        return (
            "This is a file that Word keeps for itself while a document is open. "
            "Close the document in Word and send the document itself."
        )
    if name.startswith((".", "~")):
        return "This is a hidden file. Save the document under a name that begins with a letter and send it."
    if _WINDOWS_OWN.match(name):
        return "Windows keeps this name for itself. Rename the document and send it again."
    if is_dropping(name):
        return (
            "Its name says that it is not a finished document. "
            "Save the document in Word as .docx and send it again."
        )
    return None


def safe_name(told: str) -> str:
    """A file name that every file system takes, from the name that a browser sent.

    Never hidden, never a path, never one that is passed over in the inbox or that Windows keeps for itself.
    """
    last = _read_last_part(told)
    shown = "".join(c for c in _NOT_IN_NAMES.sub(" ", last) if unicodedata.category(c)[0] != "C")
    name = " ".join(shown.split()).strip(" .~$") or "document"
    if is_dropping(name) or _WINDOWS_OWN.match(name):
        name = f"document {name}"
    kept = cut_file_name(name, longest=_LONGEST_NAME).rstrip(" .")
    return kept.replace(".", " ") if is_dropping(kept) else kept


def _read_last_part(told: str) -> str:
    return re.split(r"[/\\]", unicodedata.normalize("NFC", told))[-1]


def receive_upload(visit: Visit, told_name: str, file: BinaryIO) -> Upload:
    """Put one uploaded file into the inbox, unless it can't be read or its sender may not hand it in.

    A ZIP in which the office sends the forms of several areas is taken apart.
    """
    name = safe_name(told_name)
    data, why = _read_upload(visit, told_name, file)
    if why:
        return Upload(name, False, why)
    forms = take_apart(visit.register, visit.settings, name, data) if visit.person.is_office else []
    if forms:
        each = [receive_upload(visit, form_name, BytesIO(content)) for form_name, content in forms]
        return Upload(name, all(one.is_in for one in each), _describe_parts(each))
    refused = admit_upload(visit.register, visit.settings, visit.person, name, data, visit.office.now())
    if refused is not None:
        return Upload(name, False, refused)
    return _put_in(visit, name, data)


def _describe_parts(each: Sequence[Upload]) -> str:
    """What became of the files of a ZIP: how many are in the inbox, and why others are not."""
    taken = say_how_many(sum(one.is_in for one in each), "file")
    refused = [f" Not sent: {one.name}. {one.why}" for one in each if not one.is_in]
    return f"{taken} of it, each by itself.{''.join(refused)}"


def receive_with_evidence(
    visit: Visit, form: tuple[str, BinaryIO], evidence: Sequence[tuple[str, BinaryIO]]
) -> Upload:
    """Put a form and the files that go with it into the inbox, as one ZIP file.

    So they stay together, and the same files sent twice are one file that we have already.
    """
    parts: dict[str, bytes] = {}
    for told_name, file in (form, *evidence):
        data, why = _read_upload(visit, told_name, file)
        if why:
            return Upload(safe_name(told_name), False, f"{why} The others were not sent without it.")
        parts[next(name for name in names_like(safe_name(told_name)) if name not in parts)] = data
    stem = safe_name(form[0]).rpartition(".")[0] or "form"
    return receive_upload(visit, f"{stem} and files.zip", BytesIO(write_zip(parts.items())))


def takes_evidence(visit: Visit) -> bool:
    """Whether a cycle of the visitor's passes on the files that come with a self-assessment."""
    with visit.register.reading() as connection:
        cycles = load_cycles(connection)
    return any(
        one.rules.evidence_goes_with_pack
        for one in cycles
        if visit.person.is_office or one.id == visit.person.cycle_id
    )


def receive_paper(visit: Visit, told_name: str, file: BinaryIO, came_on: date, how: str) -> Upload:
    """Put a form that the office typed in from paper into the inbox. Raises WrongUse."""
    name = safe_name(told_name)
    data, why = _read_upload(visit, told_name, file)
    if why:
        return Upload(name, False, why)
    if (known := find_known(visit.register, data)) is not None:
        return Upload(name, False, known)
    record_paper(visit.register, visit.person, data, came_on, how=how, at=visit.office.now())
    return _put_in(visit, name, data)


def _read_upload(visit: Visit, told_name: str, file: BinaryIO) -> tuple[bytes, str | None]:
    """The bytes of an uploaded file, and why it can't be read, if it can't."""
    most = make_reading_limits(visit.settings).max_bytes
    data = file.read(most + 1)
    if why := why_not_read(told_name):
        return data, why
    if not data:
        return data, "This file is empty. Save it in Word and send it again."
    if len(data) > most:
        return data, f"This file is larger than {most // 1_000_000} MB. Make its pictures smaller."
    return data, None


def _put_in(visit: Visit, name: str, data: bytes) -> Upload:
    """Put a file into the inbox, once: a button pressed twice sends the same file twice."""
    inbox = make_inbox_from_settings(visit.settings)
    with _one_puts:
        if (known := find_known(visit.register, data)) is not None:
            return Upload(name, True, known, is_known=True)
        if inbox.holds(data):
            return Upload(name, True, "It is in the inbox already, and is read once.", is_known=True)
        inbox.put_file(name, data)
    return Upload(name, True)
