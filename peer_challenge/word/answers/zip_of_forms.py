"""A ZIP of several files: the one form in it, or the finding that there are several."""

import zipfile
from collections.abc import Callable, Sequence
from typing import NamedTuple

from peer_challenge.system.program_names import is_among_program_files
from peer_challenge.word.package.file_kinds import CONVERTIBLE, kind_of_file
from peer_challenge.word.package.open_package import Package
from peer_challenge.word.package.reading_limits import Limits
from peer_challenge.word.reader_findings import Unreadable

_FORMS = (".docx", ".dotx", ".docm", ".doc", ".odt", ".rtf")


class SeveralForms(Unreadable):
    """A ZIP holds several forms: `forms` are their contents."""

    def __init__(self, forms: Sequence[bytes]) -> None:
        super().__init__("open.zip_of_many", count=len(forms))
        self.forms = tuple(forms)


class OneForm(NamedTuple):
    """The one form of a ZIP, and the names of the other files in it."""

    content: bytes
    beside: tuple[str, ...]


def the_one_form(data: bytes, limits: Limits, is_form: Callable[[bytes], bool]) -> OneForm:
    """The only form in the ZIP, and what else was in it.

    Where several Word files are in it, those that are forms of ours count. Raises SeveralForms,
    or Unreadable ("open.zip_of_none", or why the ZIP can't be opened).
    """
    outer = _opened(data, limits)
    names = [name for name in outer.entries if not is_among_program_files(name)]
    found = {
        name: content
        for name in names
        if name.lower().endswith(_FORMS) and (content := _read_possible_form(outer, name))
    }
    found = {name: content for content, name in {content: name for name, content in found.items()}.items()}
    if len(found) > 1:
        found = {n: content for n, content in found.items() if _is_form_of_ours(content, is_form)} or found
    if len(found) != 1:
        raise SeveralForms([*found.values()]) if found else _refusal_of(outer, names)
    ((form, content),) = found.items()
    return OneForm(content, tuple(name for name in names if name != form))


def list_files_plainly(data: bytes, limits: Limits) -> list[tuple[str, bytes]]:
    """The files in a ZIP, each with its name without folders. Raises Unreadable for what costs too much."""
    outer = _opened(data, limits)
    names = [name for name in outer.entries if not is_among_program_files(name)]
    return [(name.replace("\\", "/").rpartition("/")[2], outer.read(name)) for name in names]


TAKEN_APART = (__name__, list_files_plainly.__name__)
"""The module and the name of the function, for a process with bounds."""


def _opened(data: bytes, limits: Limits) -> Package:
    try:
        return Package(data, limits)
    except Unreadable as why:
        if why.code == "open.encrypted":
            raise Unreadable("open.zip_encrypted") from None
        raise


def _refusal_of(outer: Package, names: Sequence[str]) -> Unreadable:
    """That there is no form in a ZIP; where it holds one file, also what that is."""
    told = ""
    if len(names) == 1:
        try:
            if kind_of_file(outer.read(names[0])) == "zip":
                told = " The one file in it is a ZIP file again: unpack that one too."
        except Unreadable as why:
            told = f" The one file in it: {why.finding().message}"
    return Unreadable("open.zip_of_none", what=told)


def _read_possible_form(outer: Package, name: str) -> bytes | None:
    content = outer.read(name)
    try:
        kind = kind_of_file(content)
    except (Unreadable, zipfile.BadZipFile):
        return content if name.lower().endswith(".docx") else None
    return None if kind == "zip" else content


def _is_form_of_ours(content: bytes, is_form: Callable[[bytes], bool]) -> bool:
    try:
        if kind_of_file(content) in CONVERTIBLE:
            return True
    except Unreadable:
        return False
    return is_form(content)
