"""The file that one area of a rehearsal sends with its self-assessment."""

import io
import zipfile
from pathlib import PurePosixPath

import docx

from peer_challenge.word.package.write_zip import write_zip

_NAME = "Appendix A - audit of the front door.docx"
_LINES = (
    "Audit of the front door",
    "We looked at forty contacts of the last quarter, ten from each partner.",
    "In thirty-four of them the decision was made within a working day, and the reason was written down.",
    "In six the family had not been told what would happen next. We look again in six months.",
)


def add_evidence(name: str, form: bytes) -> tuple[str, bytes]:
    """A form with a file beside it, as one ZIP file: its name, and its bytes, the same each time."""
    parts = {name: form, _NAME: _write_audit()}
    return f"{PurePosixPath(name).stem}.zip", write_zip(parts.items())


def _write_audit() -> bytes:
    document, made = docx.Document(), io.BytesIO()
    title, *lines = _LINES
    document.add_heading(title)
    for line in lines:
        document.add_paragraph(line)
    document.save(made)
    with zipfile.ZipFile(made) as package:  # packed again, as the time of day is in what python-docx packs
        return write_zip([(name, package.read(name)) for name in package.namelist()])
