"""The files in a ZIP beside the form."""

from typing import NamedTuple

from peer_challenge.word.answers import zip_of_forms
from peer_challenge.word.answers.read_document import read_document
from peer_challenge.word.form.known import Known
from peer_challenge.word.package.file_kinds import CONVERTIBLE, kind_of_file
from peer_challenge.word.package.open_package import Limits, Package
from peer_challenge.word.reader_findings import Unreadable


class ZippedFile(NamedTuple):
    """A file of a ZIP: its name without folders, its size and its bytes, empty where it is far too large."""

    name: str
    size: int
    data: bytes


def list_files_beside(data: bytes, known: Known | None, limits: Limits) -> list[ZippedFile]:
    """The files beside the one form in a ZIP, in the order of the ZIP; none where it can't be opened.

    Without `known` the ZIP came in an email, of which each Word document is listed by itself: then the files
    that are none.
    """
    try:
        package = Package(data, limits)
        if known is not None:
            found = zip_of_forms.the_one_form(
                data, limits, lambda form: read_document(form, known, limits=limits).kind is not None
            )
            return [_read_file(package, name, limits) for name in found.beside]
        names = [name for name in package.entries if not zip_of_forms.is_dropping(name)]
        files = [_read_file(package, name, limits) for name in names]
        return [one for one in files if not _is_listed_by_itself(one.data)]
    except Unreadable:
        return []


def _read_file(package: Package, name: str, limits: Limits) -> ZippedFile:
    last, size = name.replace("\\", "/").rpartition("/")[2], package.size_of(name)
    is_large = size > limits.max_bytes
    return ZippedFile(last, size, b"" if is_large else b"".join(package.pieces_of(name)))


def _is_listed_by_itself(data: bytes) -> bool:
    try:
        kind = kind_of_file(data)
    except Unreadable as why:
        return why.code == "open.email"
    return kind == "docx" or kind in CONVERTIBLE
