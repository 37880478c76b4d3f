"""The files in a ZIP beside the form."""

from typing import NamedTuple

from peer_challenge.evidence.refusal_words import Refusal
from peer_challenge.system.program_names import is_among_program_files
from peer_challenge.word.answers import zip_of_forms
from peer_challenge.word.answers.read_document import read_document
from peer_challenge.word.form.known_before_reading import Known
from peer_challenge.word.package.file_kinds import CONVERTIBLE, kind_of_file
from peer_challenge.word.package.open_package import Package
from peer_challenge.word.package.reading_limits import Limits
from peer_challenge.word.reader_findings import Unreadable


class ZippedFile(NamedTuple):
    """A file of a ZIP: its name without folders, its size and its bytes; no bytes where it is refused.

    One without a name is the ZIP itself, where its files can't be listed.
    """

    name: str
    size: int
    data: bytes
    refusal: Refusal | None = None


_LOCKED = ("open.encrypted", "open.zip_encrypted")
_TOO_MUCH = ("open.too_many_parts", "open.expands_too_much", "open.too_large")


def list_files_beside(data: bytes, known: Known | None, limits: Limits) -> list[ZippedFile]:
    """The files beside the one form in a ZIP, in the order of the ZIP, each with why it can't be read.

    Where the ZIP can't be opened, or its form is not found again, one file stands for all. Without `known`
    the ZIP came in an email, of which each Word document is listed by itself: then the files that are none.
    """
    try:
        package = Package(data, limits)
        if known is not None:
            found = zip_of_forms.the_one_form(
                data, limits, lambda form: read_document(form, known, limits=limits).kind is not None
            )
            return [_read_file(package, name, limits) for name in found.beside]
    except Unreadable as why:
        return [ZippedFile("", len(data), b"", _explain(why))]
    names = [name for name in package.entries if not is_among_program_files(name)]
    files = [_read_file(package, name, limits) for name in names]
    return [one for one in files if not _is_listed_by_itself(one.data)]


def _explain(why: Unreadable) -> Refusal:
    if why.code in _LOCKED:
        return Refusal.LOCKED
    return Refusal.TOO_MUCH if why.code in _TOO_MUCH else Refusal.DAMAGED


def _read_file(package: Package, name: str, limits: Limits) -> ZippedFile:
    last, size = name.replace("\\", "/").rpartition("/")[2], package.size_of(name)
    if size > limits.max_bytes:
        return ZippedFile(last, size, b"", Refusal.LARGE)
    try:
        return ZippedFile(last, size, b"".join(package.pieces_of(name)))
    except Unreadable:
        return ZippedFile(last, size, b"", Refusal.DAMAGED)


def _is_listed_by_itself(data: bytes) -> bool:
    try:
        kind = kind_of_file(data)
    except Unreadable as why:
        return why.code == "open.email"
    return kind == "docx" or kind in CONVERTIBLE
