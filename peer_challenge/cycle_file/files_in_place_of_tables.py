"""Files that people send in place of a workbook or a CSV file, told apart by their first bytes."""

import io
import re
import zipfile
from typing import NamedTuple

from peer_challenge.system.file_beginnings import GIF, JPEG, OLE, PDF, PNG, RTF
from peer_challenge.system.zip_errors import BROKEN_ZIP

_HEAD = 4_096
"""Bytes at the beginning in which all that is looked for stands."""
_SAVE_AS = "Open it in Excel and choose Save As, Excel Workbook (.xlsx)."
_EXPORT = "Choose File, Export To, Excel, and send that file."
_COPY = "Copy its table into a new workbook and save that as .xlsx."
_LINK = "It is a link to a Google Sheet. Open it, choose File, Download, Microsoft Excel, and send that file."
_NOT_HERE = "It has no content. If it lies in the cloud, open it in Excel first. Then save it and try again."


class _Mark(NamedTuple):
    pattern: re.Pattern[bytes]
    words: str


_MARKS = (
    _Mark(re.compile(re.escape(PDF)), f"It is a PDF. {_COPY}"),
    _Mark(re.compile(re.escape(RTF)), f"It is a text document (RTF). {_COPY}"),
    _Mark(re.compile(rb"\s*\{[^{}]{0,2000}\"(?:url|doc_id)\"\s*:"), _LINK),
    _Mark(
        re.compile(rb"(?s)\s*<\?xml.{0,3000}Excel\.Sheet"),
        f"It is an XML Spreadsheet of Excel 2003. {_SAVE_AS}",
    ),
    _Mark(
        re.compile(rb"(?is)\s*<(?:!doctype html|html|head|table|meta|body)\b"),
        f"It is a web page. {_SAVE_AS}",
    ),
    _Mark(re.compile(rb"\s*<\?xml"), f"It is an XML file. {_SAVE_AS}"),
    _Mark(
        re.compile(b"|".join(map(re.escape, (PNG, JPEG, *GIF)))),
        "It is a picture. Type the table into a workbook, and save that.",
    ),
)
_SEALED = (
    "It is protected by a password. In Excel choose File, Info, Protect Workbook, Encrypt with Password. "
    "Empty the field, and save."
)
_OLE_MARKS = (
    ("EncryptedPackage", _SEALED),
    ("Workbook", f"It is a workbook of an old Excel (.xls). {_SAVE_AS}"),
    ("WordDocument", f"It is a Word document. {_COPY}"),
)
_ZIP_MARKS = (
    ("word/", f"It is a Word document. {_COPY}"),
    ("ppt/", f"It is a PowerPoint presentation. {_COPY}"),
    ("Index/", f"It is a document of Numbers or Pages. {_EXPORT}"),
    ("content.xml", f"It is an OpenDocument spreadsheet (.ods). {_SAVE_AS}"),
    ("xl/workbook.bin", f"It is a binary workbook (.xlsb). {_SAVE_AS}"),
)


def name_other_table(raw: bytes) -> str:
    """What a file is that is neither a workbook nor a CSV file, and what to do; "" where it is unknown."""
    start = raw[:_HEAD].removeprefix(b"\xef\xbb\xbf")
    if not raw.strip(b"\x00"):
        return _NOT_HERE
    if start.startswith(OLE):
        return next((words for stream, words in _OLE_MARKS if stream.encode("utf-16-le") in raw), "")
    if start.startswith(b"PK"):
        return _name_package(raw)
    plain = start.replace(b"\x00", b"") if start[:2] in (b"\xff\xfe", b"\xfe\xff") else start
    plain = plain.removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")
    return next((mark.words for mark in _MARKS if mark.pattern.match(plain)), "")


def _name_package(raw: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as whole:
            names = whole.namelist()
    except (*BROKEN_ZIP, OSError):
        return ""
    return next((words for part, words in _ZIP_MARKS if any(name.startswith(part) for name in names)), "")
