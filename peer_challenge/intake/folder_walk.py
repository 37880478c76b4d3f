"""Walking through the shared folder, of which others may change anything at any moment.

Each folder is opened by itself and what is in it is asked by that folder's handle, so nobody who makes a
link in a folder's place sends us anywhere.
"""

import contextlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from peer_challenge.intake.left_files import (
    MOST_COUNTED,
    Left,
    apple_document,
    folder_like_a_document,
    folder_too_deep,
    ignored_folder,
    ignored_for_name,
    name_as_text,
    unopened_file,
)
from peer_challenge.intake.names_in_inbox import is_dropping, sent_name
from peer_challenge.intake.still_arriving import has_been_here_for, is_unchanged_for
from peer_challenge.system.folder_handles import open_folder, open_subfolder
from peer_challenge.system.program_names import (
    HIDDEN,
    FolderUse,
    compared_name,
    is_apple_document,
    is_like_a_document,
    is_owner_name,
    may_be_a_document,
    may_be_sent_by_people,
    owner_names,
    use_of_folder,
)

_DEEPEST = 40  # folders in folders: each costs a handle while it is looked through
_DAY_SECONDS = 24 * 3600.0  # longer than any working day, as of a machine that is left on overnight
_PASSING_SECONDS = _DAY_SECONDS  # no editor or sync program needs its own file for longer
_OWNED_SECONDS = _DAY_SECONDS  # nobody has a form open for longer; after a crash it stays for ever


@dataclass(frozen=True, slots=True)
class Entry:
    """What is no folder: the handle of its folder, its path's parts, how it is, and whether it is open."""

    folder: int
    parts: tuple[str, ...]
    status: os.stat_result
    is_open: bool


@dataclass(slots=True)
class Walk:
    """One walk through the folder `top`. `left` fills with what can't be entered or is passed over for its
    name, `ignored` with folders that are not people's: how many files are in each kind."""

    top: Path
    left: list[Left] = field(default_factory=list)
    _ignored: dict[tuple[str, FolderUse], int] = field(default_factory=dict)

    def entries(self, above: tuple[str, ...] = ()) -> Iterator[Entry]:
        """Every entry below `above` that is no folder. Raises OSError where that can't be opened."""
        with open_folder(self.top, above) as folder:
            yield from self._walk_below(folder, above)

    @property
    def ignored(self) -> list[Left]:
        """The folders of programs that were not looked into, those of one name together."""
        return [
            ignored_folder(name, use, count) for (name, use), count in sorted(self._ignored.items(), key=str)
        ]

    def _walk_below(self, folder: int, above: tuple[str, ...]) -> Iterator[Entry]:
        found = list(self._look_at(folder))
        owned = {
            compared_name(name)
            for name, status in found
            if is_owner_name(name) and not is_unchanged_for(status, _OWNED_SECONDS)
        }
        folders = []
        for name, status in found:
            is_folder, is_passing = stat.S_ISDIR(status.st_mode), may_be_a_document(name)
            if is_folder and (use := use_of_folder(name)):
                self._pass_over(folder, name, use)
            elif is_dropping(name) and is_folder and not is_passing:
                self._pass_over(folder, name, HIDDEN)
            elif is_dropping(name):
                self._tell_if_old(name, status)
            elif is_folder and is_apple_document(name):
                self.left.append(apple_document(name_as_text(name)))
            elif is_folder:
                folders.append(name)
            else:
                is_open = not owned.isdisjoint(owner_names(sent_name(name)))
                yield Entry(folder, (*above, name), status, is_open)
        for name in sorted(folders):
            yield from self._walk_into(folder, name, above)

    def _look_at(self, folder: int) -> Iterator[tuple[str, os.stat_result]]:
        """The name and the status of all that is in a folder, but what systems keep in it for ever."""
        with os.scandir(folder) as entries:
            for entry in entries:
                try:
                    yield entry.name, entry.stat(follow_symlinks=False)
                except FileNotFoundError:  # taken away meanwhile
                    continue
                except OSError:
                    if not is_dropping(entry.name) or may_be_a_document(entry.name):
                        self.left.append(unopened_file(name_as_text(entry.name)))

    def _pass_over(self, folder: int, name: str, use: FolderUse) -> None:
        """Count what is in a folder of a program's own, of which nothing is read."""
        count = 0
        with contextlib.suppress(OSError):  # nobody may look into the bin of another
            handle = open_subfolder(folder, name)
            try:
                count = _count_files(handle, MOST_COUNTED)
            finally:
                os.close(handle)
        if count:
            key = (name_as_text(name), use)
            self._ignored[key] = self._ignored.get(key, 0) + count

    def _tell_if_old(self, name: str, status: os.stat_result) -> None:
        """Tell that a file or folder is ignored for its name, once no program has a use for it any more.

        What somebody may have put there and named so is told at once.
        """
        is_old = may_be_a_document(name) and has_been_here_for(status, _PASSING_SECONDS)
        if is_old or may_be_sent_by_people(name):
            self.left.append(ignored_for_name(name_as_text(name)))

    def _walk_into(self, folder: int, name: str, above: tuple[str, ...]) -> Iterator[Entry]:
        shown = name_as_text(sent_name(name))
        if is_like_a_document(name):
            self.left.append(folder_like_a_document(shown))
        if len(above) >= _DEEPEST:
            self.left.append(folder_too_deep(shown, _DEEPEST))
            return
        try:
            handle = open_subfolder(folder, name)
        except FileNotFoundError:
            return
        except OSError:
            self.left.append(unopened_file(shown, "is a folder that can't be opened"))
            return
        try:
            yield from self._walk_below(handle, (*above, name))
        except OSError:
            self.left.append(unopened_file(shown, "is a folder that can't be read"))
        finally:
            os.close(handle)


def folders_below(top: Path) -> Iterator[Path]:
    """Every real folder of people's below `top`, nearest first."""
    near: list[tuple[str, ...]] = [()]
    while near:
        above = near.pop(0)
        with contextlib.suppress(OSError), open_folder(top, above) as folder:
            with os.scandir(folder) as entries:
                names = sorted(e.name for e in entries if _is_peoples(e))
            for name in names:
                yield top.joinpath(*above, name)
                if len(above) < _DEEPEST:
                    near.append((*above, name))


def _is_peoples(entry: os.DirEntry[str]) -> bool:
    is_own = is_dropping(entry.name) or use_of_folder(entry.name)
    return not is_own and entry.is_dir(follow_symlinks=False)


def _count_files(folder: int, most: int, deepest: int = _DEEPEST) -> int:
    """How many files are in an open folder and those in it, `most` at most."""
    count, folders = 0, []
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                folders.append(entry.name)
            else:
                count += entry.is_file(follow_symlinks=False)
    for name in folders if deepest else ():
        if count < most:
            with contextlib.suppress(OSError):
                handle = open_subfolder(folder, name)
                try:
                    count += _count_files(handle, most - count, deepest - 1)
                finally:
                    os.close(handle)
    return min(count, most)
