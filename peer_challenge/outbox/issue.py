"""Issuing dispatches: from a row in the register to a file in the outbox, once.

The order makes it safe to be killed anywhere. Drafts are written and synced; rows record where they are
about to go; drafts are renamed; folders are synced; rows record that they are there. If a row was about
to be placed and its draft is gone, it has been placed. Several are issued together, to wait less for
the disk.
"""

import logging
import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path, PurePosixPath
from types import MappingProxyType

from peer_challenge.errors import PeerChallengeError
from peer_challenge.outbox import look_before_sending
from peer_challenge.outbox.render_in_children import Made, make_dispatch_files
from peer_challenge.register import outbox
from peer_challenge.register.archive import sha256_of
from peer_challenge.register.database import Register, Transaction
from peer_challenge.register.records import Dispatch, DispatchState
from peer_challenge.register.sources_in_force import can_pass_on
from peer_challenge.settings import Settings
from peer_challenge.system.file_modes import file_mode_in, folder_mode_in
from peer_challenge.system.folder_handles import (
    NOT_THERE,
    TooLarge,
    open_folder,
    read_file,
    read_file_in,
    write_file,
)
from peer_challenge.system.free_names import names_like

log = logging.getLogger(__name__)

DRAFT = ".draft-"
_TOGETHER = 20
"""Files in memory at once; they share their transactions, and the syncs of their folders."""
Sources = Mapping[int, Sequence[int]]
Make = Callable[[Settings, Sequence[Dispatch]], Iterator[tuple[Dispatch, Made]]]
"""What gives the file of each dispatch, in order."""
_NO_PLACE = (
    "Its recipient's folder in the outbox, its cycle's folder, a file of its name, or its draft (.draft- and "
    "its number) is a link or another thing: see what lies there, remove it, then release this document."
)
_NOT_IN_PLACE = (
    "It is not in its recipient's folder in the outbox as we made it. Somebody may have moved, replaced or "
    "altered it, its draft or a folder there. Look into that folder. Ask the recipient whether they have the "
    "document already; if they do, tell them that it comes again. Then release it: it is made once more."
)


class OutboxUnwritable(PeerChallengeError):
    """The outbox can't be written to, or the archive can't be read."""

    exit_code = 6
    remedy = "Free some space or correct the folders' permissions, then run `peer-challenge advance`."


@dataclass(frozen=True, slots=True)
class Issued:
    """A dispatch that is now in the outbox; `path` is relative to it."""

    dispatch_id: int
    kind: str
    recipient_id: str
    path: str


def issue_waiting(
    register: Register,
    settings: Settings,
    at: datetime,
    *,
    make: Make | None = None,
    only: Collection[int] | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> list[Issued]:
    """Issue every dispatch that is intended or half placed; returns those issued now.

    With `only`, numbers of dispatches, no others. `make` gives the files: by default they are made now; of
    those that it leaves out nothing is issued. One whose file can't be made is held with the reason, and the
    rest go out. Only one process may issue at a time: the caller holds the lock "advance".
    """
    with register.reading() as connection:
        waiting = outbox.list_waiting_dispatches(connection)
    if only is not None:
        numbers = frozenset(only)
        waiting = [dispatch for dispatch in waiting if dispatch.id in numbers]
    issuer = _Issuer(register, settings, at, make or make_dispatch_files)
    issued = []
    try:
        for some in issuer.issue_all(waiting):
            issued += some
            progress(len(issued), len(waiting))
    except OSError as error:
        reason = os.strerror(error.errno or 0)
        raise OutboxUnwritable(f"The outbox or the archive can't be used ({reason}).") from None
    return issued


@dataclass(frozen=True, slots=True)
class _Draft:
    """A finished file on its way: `path` is where in the outbox it is to be."""

    dispatch: Dispatch
    path: str
    sha256: str
    size: int

    @property
    def folder(self) -> tuple[str, str]:
        """The cycle's folder and the recipient's in it."""
        cycle_id, recipient_id, _ = PurePosixPath(self.path).parts
        return cycle_id, recipient_id

    def place(self, cycle_folder: int, recipient_folder: int) -> bool:
        """Give the finished file its name in the open folder of its recipient, over no other file.

        Returns whether that very file is there now, also where a killed run had placed it: others may have
        changed the draft, or taken it away. Raises OSError.
        """
        draft, name = _draft_name(self.dispatch), PurePosixPath(self.path).name
        is_placed = self._is_at(recipient_folder, name)
        if self._is_at(cycle_folder, draft) and (is_placed or not _has_name(recipient_folder, name)):
            os.rename(draft, name, src_dir_fd=cycle_folder, dst_dir_fd=recipient_folder)
            is_placed = self._is_at(recipient_folder, name)
        return is_placed

    def _is_at(self, folder: int, name: str) -> bool:
        try:
            return sha256_of(read_file_in(folder, name, most=self.size)) == self.sha256
        except (*NOT_THERE, TooLarge):
            return False


class _Issuer:
    def __init__(
        self, register: Register, settings: Settings, at: datetime, make: Make = make_dispatch_files
    ) -> None:
        self._register = register
        self._settings = settings
        self._make = make
        self._outbox = settings.outbox_folder
        self._at = at
        self._held = set[int]()

    def issue_all(self, waiting: Sequence[Dispatch]) -> Iterator[list[Issued]]:
        """Issue what a killed run had begun, then the rest in order; what was issued, some at a time."""
        begun = [draft for dispatch in waiting if (draft := self._find_begun_draft(dispatch))]
        yield self._place_drafts(begun)
        known = {draft.dispatch.id for draft in begun}
        anew = [dispatch for dispatch in waiting if dispatch.id not in known]
        made = self._make(self._settings, anew)
        while some := list(islice(made, _TOGETHER)):
            self._hold_dispatches([(dispatch, made.problem) for dispatch, made in some if made.data is None])
            files = [
                (d, m.data, m.file_name)
                for d, m in some
                if m.data is not None and not self._hold_for_look(d, m.data, m.sources)
            ]
            sources = {dispatch.id: made.sources for dispatch, made in some}
            yield self._place_drafts(self._write_drafts(files, sources))

    def _find_begun_draft(self, dispatch: Dispatch) -> _Draft | None:
        """The draft that a killed run was about to place or had placed; None when it has to be made again."""
        if dispatch.state is not DispatchState.PLACING or dispatch.path is None:
            return None
        size, sha256 = dispatch.size or 0, dispatch.sha256 or ""
        found = _Draft(dispatch, dispatch.path, sha256, size)
        try:
            draft = read_file(self._outbox, Path(dispatch.cycle_id, _draft_name(dispatch)), most=size)
        except FileNotFoundError:
            return found
        except (*NOT_THERE, TooLarge):  # something else has its name: that was not placed
            return None
        return found if sha256_of(draft) == sha256 else None

    def _hold_for_look(self, dispatch: Dispatch, data: bytes, sources: Sequence[int]) -> bool:
        """Keep the file of a dispatch that the office has to look at first; returns whether it has to.

        It goes once the office has let this very file go: one that says anything else by now is held again.
        """
        if not look_before_sending.has_to_be_looked_at(self._register, self._settings, dispatch):
            return False
        if dispatch.looked_sha256 == sha256_of(data):
            return False
        look_before_sending.keep_file_to_look_at(
            self._register, self._settings, dispatch, data, self._at, sources
        )
        return True

    def _write_drafts(
        self, files: Sequence[tuple[Dispatch, bytes, str]], sources: Sources = MappingProxyType({})
    ) -> list[_Draft]:
        """Write the drafts, then say where they are about to go; one cancelled meanwhile goes nowhere.

        `sources` are the submissions that each dispatch passes on, by the dispatch's number.
        """
        files = [file for file in files if self._has_folder(file[0])]
        if not files:
            return []
        mode = file_mode_in(self._outbox)
        for cycle_id in dict.fromkeys(dispatch.cycle_id for dispatch, _, _ in files):
            with open_folder(self._outbox, (cycle_id,)) as folder:
                for dispatch, data, _ in files:
                    if dispatch.cycle_id == cycle_id:
                        self._write_draft(folder, dispatch, data, mode)
                os.fsync(folder)
        files = [file for file in files if file[0].id not in self._held]
        with self._register.writing() as connection:
            drafts = [
                draft
                for file in files
                if (draft := self._begin_placing(connection, *file, sources.get(file[0].id, ())))
            ]
        going = {draft.dispatch.id for draft in drafts}
        for dispatch, _, _ in files:
            if dispatch.id not in going:
                with open_folder(self._outbox, (dispatch.cycle_id,)) as folder:
                    os.unlink(_draft_name(dispatch), dir_fd=folder)
        return drafts

    def _write_draft(self, folder: int, dispatch: Dispatch, data: bytes, mode: int) -> None:
        try:
            write_file(folder, _draft_name(dispatch), data, mode)
        except IsADirectoryError:  # who may write there made one of that name: the others go out
            self._hold_dispatches([(dispatch, _NO_PLACE)])

    def _has_folder(self, dispatch: Dispatch) -> bool:
        """Whether the recipient has a folder, made where it was missing; where it can't have one, it is held.

        Recipients may share the outbox, and one could make a link there to somebody else's folder. A cycle's
        folder is shared by nobody: without it nothing goes out, and all of it once it is a folder again.
        """
        mode = folder_mode_in(self._outbox)
        try:
            with open_folder(self._outbox, (dispatch.cycle_id,), mode=mode):
                pass
        except NotADirectoryError:
            raise OutboxUnwritable(
                f"In the outbox is a link or another thing in the place of the folder {dispatch.cycle_id}.",
                remedy="See what lies there, and move it away. The documents then go out by themselves.",
            ) from None
        try:
            with open_folder(self._outbox, (dispatch.cycle_id, dispatch.recipient_id), mode=mode):
                return True
        except NotADirectoryError:
            self._hold_dispatches([(dispatch, _NO_PLACE)])
            return False

    def _begin_placing(
        self,
        connection: Transaction,
        dispatch: Dispatch,
        data: bytes,
        file_name: str,
        sources: Sequence[int],
    ) -> _Draft | None:
        if not can_pass_on(connection, dispatch.kind, sources):
            return None  # taken back while the file was being made: the next advance makes it of what counts
        folder = PurePosixPath(dispatch.cycle_id, dispatch.recipient_id)
        path = next(
            path
            for name in names_like(file_name)
            if self._is_free(connection, dispatch, path := str(folder / name), data)
        )
        draft = _Draft(dispatch, path, sha256_of(data), len(data))
        is_going = outbox.begin_placing(connection, dispatch.id, path, draft.sha256, draft.size, sources)
        return draft if is_going else None

    def _place_drafts(self, drafts: Sequence[_Draft]) -> list[Issued]:
        """Rename the drafts to what they are about to be, and then say that they are there."""
        placed: list[_Draft] = []
        mode = folder_mode_in(self._outbox)
        for cycle_id, recipient_id in dict.fromkeys(draft.folder for draft in drafts):
            group = [draft for draft in drafts if draft.folder == (cycle_id, recipient_id)]
            try:
                with (
                    open_folder(self._outbox, (cycle_id,), mode=mode) as above,
                    open_folder(self._outbox, (cycle_id, recipient_id), mode=mode) as folder,
                ):
                    in_place = [draft for draft in group if draft.place(above, folder)]
                    os.fsync(folder)
                    os.fsync(above)
            except (NotADirectoryError, IsADirectoryError):
                self._hold_dispatches([(draft.dispatch, _NO_PLACE) for draft in group])
            else:
                placed += in_place
                lost = [draft.dispatch for draft in group if draft not in in_place]
                self._hold_dispatches([(dispatch, _NOT_IN_PLACE) for dispatch in lost])
        if not placed:
            return []
        with self._register.writing() as connection:
            outbox.mark_issued(connection, [draft.dispatch for draft in placed], self._at)
        return [Issued(d.dispatch.id, d.dispatch.kind, d.dispatch.recipient_id, d.path) for d in placed]

    def _hold_dispatches(self, failed: Sequence[tuple[Dispatch, str]]) -> None:
        for dispatch, problem in failed:
            log.error("dispatch %s (%s) is held", dispatch.id, dispatch.kind)
            self._held.add(dispatch.id)
            with self._register.writing() as connection:
                outbox.hold_dispatch(connection, dispatch, problem, self._at)

    def _is_free(self, connection: Transaction, dispatch: Dispatch, path: str, data: bytes) -> bool:
        """Whether nothing is there, or this very file, as after a restore it may be."""
        if outbox.is_path_of_another(connection, path, dispatch.id):
            return False
        try:
            return read_file(self._outbox, path, most=len(data)) == data
        except FileNotFoundError:
            return True
        except OSError:  # a link, a folder, a file that is not for us: another name is free
            return False


def _has_name(folder: int, name: str) -> bool:
    """Whether anything in an open folder has this name."""
    try:
        os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return True


def _draft_name(dispatch: Dispatch) -> str:
    """What a finished file is called until it is placed: in its cycle's folder, which no recipient shares."""
    return f"{DRAFT}{dispatch.id}"
