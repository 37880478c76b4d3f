"""The last check of a file before it is sent: nothing in it may run, fetch or start anything."""

import email
import re
from email import policy

from peer_challenge.system.file_beginnings import JPEG, PDF, PNG
from peer_challenge.word.active_content.detection import find_active_content, open_package
from peer_challenge.word.reader_findings import Unreadable

_PACKAGES = ("docx", "pptx", "xlsx")
_ACTIVE_HTML = re.compile(
    r"<\s*(?:script|iframe|frame|object|embed|form|meta|link|base|applet|img|video|audio|svg)\b|\bon\w+\s*=|"
    r"(?:java|vb)script:|\burl\s*\(",
    re.IGNORECASE,
)
_ACTIVE_CALENDAR = re.compile(
    r"^(?:ATTACH|IMAGE|X-ALT-DESC)\b|^ACTION[^:]*:(?!DISPLAY\s*$)|^(?:URL|CONFERENCE)[^:]*:"
    r"(?!https?://|mailto:)",
    re.IGNORECASE | re.MULTILINE,
)
_PLAIN = ("text/plain", "text/csv")
_STREAM = re.compile(rb"\bstream\r?\n.*?\bendstream\b", re.DOTALL)
_ACTIVE_PDF = re.compile(
    rb"/(?:JS|JavaScript|AA|OpenAction|Launch|URI|GoToR|GoToE|SubmitForm|ImportData|Rendition|Movie|Sound"
    rb"|EmbeddedFiles?|Filespec|RichMedia|XFA|AcroForm|Annots|ObjStm)(?=[\s/<>\[\]()]|$)"
)
"""What a PDF of pages alone has none of: actions, what is attached, and objects packed out of sight."""
_PICTURES = {"png": PNG, "jpg": JPEG}


def find_in_file(data: bytes, ending: str) -> list[str]:
    """The codes of all active content in a file that is to be sent; there should be none.

    `ending` is "docx", "eml" and so on. A file of a kind that we never make has the code
    "active.unknown_file". One that can't be opened has the code that says why.
    """
    if ending in _PACKAGES:
        try:
            return sorted({active.code for active in find_active_content(open_package(data))})
        except Unreadable as why:
            return [why.code]
    if ending == "pdf":
        is_active = not data.startswith(PDF) or _ACTIVE_PDF.search(_STREAM.sub(b"", data))
        return ["active.pdf"] if is_active else []
    if ending in _PICTURES:
        return [] if data.startswith(_PICTURES[ending]) else ["active.unknown_file"]
    if ending == "ics":
        return ["active.calendar"] if _ACTIVE_CALENDAR.search(_unfold_calendar_lines(data)) else []
    if ending == "eml":
        return sorted(set(_find_in_email(data)))
    return ["active.unknown_file"]


def _unfold_calendar_lines(data: bytes) -> str:
    return re.sub(r"\r?\n[ \t]", "", data.decode("utf-8", "replace"))


def _find_in_email(data: bytes) -> list[str]:
    found: list[str] = []
    for part in email.message_from_bytes(data, policy=policy.default).walk():
        kind = part.get_content_type()
        if part.is_multipart() or (kind in _PLAIN and not part.get_filename()):
            continue
        content = part.get_payload(decode=True)
        body = content if isinstance(content, bytes) else b""
        if kind == "text/html" and not part.get_filename():
            found += ["active.web_page"] if _ACTIVE_HTML.search(body.decode("utf-8", "replace")) else []
        else:
            ending = "ics" if kind == "text/calendar" else (part.get_filename() or "").rpartition(".")[2]
            found += find_in_file(body, ending.lower())
    return found
