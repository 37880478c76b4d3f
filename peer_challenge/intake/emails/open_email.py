"""Opening an email with all that lies in it: messages in messages, ZIP files, winmail.dat, signed parts.

It runs in a process within bounds (opening_process.py): nobody has vouched for what it opens.
"""

import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from io import BytesIO

from peer_challenge.intake.emails.message_content import (
    Envelope,
    Leaf,
    MessageContent,
    Problem,
    TooMuchInside,
    clean_name,
)
from peer_challenge.intake.emails.mime_message import DEEPEST, MOST_PARTS, read_mime_message
from peer_challenge.intake.emails.opened_email import OpenedEmail, OpenedPart
from peer_challenge.intake.emails.outlook_message import read_outlook_message, read_winmail
from peer_challenge.intake.emails.part_sorts import Sort, links_to_shared_drive, sort_leaf
from peer_challenge.intake.emails.signed_content import NoContent, is_encrypted, is_wrapped, unwrap_signed
from peer_challenge.system.file_beginnings import OLE, TNEF
from peer_challenge.system.program_names import is_among_program_files
from peer_challenge.word.package.file_kinds import kind_of_file
from peer_challenge.word.package.open_package import Package
from peer_challenge.word.package.reading_limits import DEFAULT_LIMITS, Limits
from peer_challenge.word.reader_findings import Unreadable

_MOST_KEPT = 2
"""How many times the largest file the documents and evidence of an email may be, all together."""
Trail = tuple[int, ...]


def open_email(data: bytes, limits: Limits = DEFAULT_LIMITS) -> OpenedEmail:
    """All that lies in an email, or in a ZIP file with emails: documents, evidence, and what is left aside.

    Raises TooMuchInside where it holds more than is opened. What can't be read is a problem of the result.
    """
    walk = _Walk(limits)
    walk.open_file(Leaf("", data), (), 1)
    return walk.found


@dataclass(slots=True)
class _Walk:
    limits: Limits
    found: OpenedEmail = field(default_factory=OpenedEmail)
    kept: int = 0
    count: Counter[str] = field(default_factory=Counter)

    def open_file(self, leaf: Leaf, trail: Trail, depth: int) -> None:
        """Look into a file; one that holds nothing else is a part of the email."""
        self.count["files"] += 1
        if self.count["files"] > MOST_PARTS:
            raise TooMuchInside("email.too_many_parts")
        if depth > DEEPEST:
            raise TooMuchInside("email.too_deep")
        if leaf.is_body:
            self._add_part(leaf, trail)
        elif leaf.mime == "multipart/signed":  # as Outlook attaches what it has not taken apart
            self._add_message(read_mime_message(leaf.content), trail, depth + 1)
        elif is_wrapped(leaf.content):
            self._open_wrapped(leaf, trail, depth)
        elif (kind := _container_kind(leaf.content)) == "zip":
            self._open_zip(leaf, trail, depth)
        elif kind:
            self._open_message(leaf, kind, trail, depth)
        else:
            self._add_part(leaf, trail)

    def _open_message(self, leaf: Leaf, kind: str, trail: Trail, depth: int) -> None:
        readers = {"ole": read_outlook_message, "tnef": read_winmail, "mime": read_mime_message}
        try:
            content = readers[kind](leaf.content)
        except (TooMuchInside, MemoryError):
            raise
        except RecursionError:
            raise TooMuchInside("email.too_deep") from None
        except Exception:  # a damaged file leads the libraries to all kinds of errors
            self.found.problems.add(Problem.DAMAGED)
            self._add_part(leaf, trail)
            return
        if kind == "tnef":
            content.envelope = Envelope() if trail else content.envelope  # it is the message that it came in
        self._add_message(content, trail, depth)

    def _add_message(self, content: MessageContent, trail: Trail, depth: int) -> None:
        self.found.problems |= content.problems
        if not content.envelope.is_blank:
            self.found.envelopes.append(content.envelope)
            trail = (*trail, len(self.found.envelopes) - 1)
        for leaf in content.leaves:
            if links_to_shared_drive(leaf):
                self.found.problems.add(Problem.LINKED)
            self.open_file(leaf, trail, depth + 1)
        for nested in content.nested:
            if depth >= DEEPEST:
                raise TooMuchInside("email.too_deep")
            self._add_message(nested, trail, depth + 1)

    def _open_wrapped(self, leaf: Leaf, trail: Trail, depth: int) -> None:
        if is_encrypted(leaf.content):
            self.found.problems.add(Problem.ENCRYPTED)
            return
        try:
            inside = unwrap_signed(leaf.content)
        except NoContent:
            self.found.problems.add(Problem.DAMAGED)
            self._add_part(leaf, trail)
            return
        if inside:
            self._add_message(read_mime_message(inside), trail, depth + 1)
        else:
            self._add_part(replace(leaf, mime="application/pkcs7-signature"), trail)

    def _open_zip(self, leaf: Leaf, trail: Trail, depth: int) -> None:
        """The documents and emails in a ZIP file; with other files in it, it is kept whole as well."""
        try:
            package = Package(leaf.content, self.limits)
            inside = [
                Leaf(clean_name(name), package.read(name))
                for name in package.entries
                if not is_among_program_files(name)
            ]
        except Unreadable:
            self._add_part(leaf, trail, Sort.DOCUMENT)  # reading it says why it can't be opened
            return
        others = 0
        for one in inside:
            if _container_kind(one.content) or sort_leaf(one).sort is Sort.DOCUMENT:
                self.open_file(one, trail, depth + 1)
            else:
                others += 1
        if others or not inside:
            self._add_part(leaf, trail, Sort.EVIDENCE)

    def _add_part(self, leaf: Leaf, trail: Trail, sort: Sort | None = None) -> None:
        sorted_part = sort_leaf(leaf)
        sort = sort or sorted_part.sort
        content = b"" if sort is Sort.ASIDE else leaf.content
        self.kept += len(content)
        if self.kept > _MOST_KEPT * self.limits.max_bytes:
            raise TooMuchInside("email.too_much")
        self.found.parts.append(
            OpenedPart(leaf.name, sort, sorted_part.what, len(leaf.content), content, trail)
        )


def _container_kind(data: bytes) -> str:
    """The kind of a file that holds others: "mime", "ole", "tnef" or "zip"; empty for any other file."""
    try:
        return "zip" if kind_of_file(data) == "zip" else ""
    except Unreadable as why:
        if why.code != "open.email":
            return ""
    if data.startswith(OLE):
        return "ole"
    return "tnef" if data.startswith(TNEF) else "mime"


def ending_of_email(data: bytes) -> str:
    """What the name of an email's file should end in, by its content."""
    if is_wrapped(data):
        return ".p7m"
    return {"ole": ".msg", "tnef": ".dat", "zip": ".zip"}.get(_container_kind(data), ".eml")


def holds_email(data: bytes) -> bool:
    """Whether a file is an email, or a ZIP file that holds one: looked at from outside, nothing is opened."""
    if is_wrapped(data):
        return True
    kind = _container_kind(data)
    return bool(kind) if kind != "zip" else any(_names_of_emails(data))


def _names_of_emails(data: bytes) -> Iterator[str]:
    """The names in a ZIP file that emails have."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            names = archive.namelist()
    except Exception:
        return
    yield from (name for name in names if name.lower().endswith((".eml", ".msg", ".p7m", "winmail.dat")))
