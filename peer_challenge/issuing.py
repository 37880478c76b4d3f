"""Issuing dispatches: from a row in the register to a file in the outbox, once.

The order is what makes it safe to be killed anywhere: drafts written and synced, rows say where they
are about to go, drafts renamed, folders synced, rows say they are there. A row that was about to be
placed and whose draft is gone has been placed. Some go together, so that the disk is waited for less.
"""

import logging
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, Row

from peer_challenge.errors import PeerChallengeError
from peer_challenge.file_modes import make_folder_in, mode_in
from peer_challenge.making import Made, make_all
from peer_challenge.register import outbox
from peer_challenge.register.archive import sha256_of, sync_folder, write_synced
from peer_challenge.register.database import Register
from peer_challenge.settings import Settings

log = logging.getLogger(__name__)

DRAFT = ".draft-"
_TOGETHER = 20
Sources = Mapping[int, Sequence[int]]


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
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> list[Issued]:
    """Issue every dispatch that is intended or half placed; returns those issued now.

    One whose file can't be made is held with the reason, and the rest go out. Only one process
    may issue at a time: the caller holds the lock "advance".
    """
    with register.reading() as connection:
        waiting = outbox.waiting(connection)
    issuer = _Issuer(register, settings, at)
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

    dispatch: Row[Any]
    file: Path
    path: str


class _Issuer:
    def __init__(self, register: Register, settings: Settings, at: datetime) -> None:
        self._register = register
        self._settings = settings
        self._outbox = settings.outbox_folder
        self._at = at

    def issue_all(self, waiting: Sequence[Row[Any]]) -> Iterator[list[Issued]]:
        """Issue what a killed run had begun, then the rest in order; what was issued, some at a time."""
        begun = [draft for dispatch in waiting if (draft := self._begun(dispatch))]
        yield self._place(begun)
        known = {draft.dispatch.id for draft in begun}
        anew = [dispatch for dispatch in waiting if dispatch.id not in known]
        made = make_all(self._settings, anew)
        while some := list(islice(made, _TOGETHER)):
            self._hold([(dispatch, made) for dispatch, made in some if made.data is None])
            files = [(d, m.data, m.file_name) for d, m in some if m.data is not None]
            sources = {dispatch.id: made.sources for dispatch, made in some}
            yield self._place(self._write(files, sources))

    def _begun(self, dispatch: Row[Any]) -> _Draft | None:
        """The draft that a killed run was about to place or had placed; None when it has to be made anew."""
        if dispatch.state != outbox.PLACING:
            return None
        file = self._draft(dispatch)
        if file.exists() and sha256_of(file.read_bytes()) != dispatch.sha256:
            return None
        return _Draft(dispatch, file, dispatch.path)

    def _write(
        self, files: Sequence[tuple[Row[Any], bytes, str]], sources: Sources = MappingProxyType({})
    ) -> list[_Draft]:
        """Write the drafts, then say where they are about to go; one cancelled meanwhile goes nowhere.

        `sources` are the submissions that each dispatch passes on, by the dispatch's number.
        """
        if not files:
            return []
        for dispatch, data, _ in files:
            file = self._draft(dispatch)
            make_folder_in(self._outbox, file.parent)
            write_synced(file, data, mode_in(self._outbox))
        _sync_folders(self._draft(dispatch).parent for dispatch, _, _ in files)
        with self._register.writing() as connection:
            drafts = [
                draft
                for file in files
                if (draft := self._begin_placing(connection, *file, sources.get(file[0].id, ())))
            ]
        for cancelled in {self._draft(dispatch) for dispatch, _, _ in files} - {d.file for d in drafts}:
            cancelled.unlink()
        return drafts

    def _begin_placing(
        self,
        connection: Connection,
        dispatch: Row[Any],
        data: bytes,
        file_name: str,
        sources: Sequence[int],
    ) -> _Draft | None:
        folder = PurePosixPath(dispatch.cycle_id, dispatch.recipient_id)
        path = next(
            path
            for name in _names(file_name)
            if self._is_free(connection, path := str(folder / name), data) or path == dispatch.path
        )
        is_going = outbox.begin_placing(connection, dispatch.id, path, sha256_of(data), len(data), sources)
        return _Draft(dispatch, self._draft(dispatch), path) if is_going else None

    def _place(self, drafts: Sequence[_Draft]) -> list[Issued]:
        """Rename the drafts to what they are about to be, and then say that they are there."""
        if not drafts:
            return []
        for draft in drafts:
            place = self._outbox / draft.path
            make_folder_in(self._outbox, place.parent)
            if draft.file.exists():  # else a killed run had placed it
                draft.file.rename(place)
        _sync_folders((self._outbox / draft.path).parent for draft in drafts)
        _sync_folders(draft.file.parent for draft in drafts)
        with self._register.writing() as connection:
            outbox.mark_issued(connection, [draft.dispatch for draft in drafts], self._at)
        return [Issued(d.dispatch.id, d.dispatch.kind, d.dispatch.recipient_id, d.path) for d in drafts]

    def _hold(self, failed: Sequence[tuple[Row[Any], Made]]) -> None:
        for dispatch, made in failed:
            log.error("dispatch %s (%s) is held", dispatch.id, dispatch.kind)
            with self._register.writing() as connection:
                outbox.hold(connection, dispatch, made.problem, self._at)

    def _is_free(self, connection: Connection, path: str, data: bytes) -> bool:
        """Whether nothing is there, or this very file, as after a restore it may be."""
        if outbox.is_path_taken(connection, path):
            return False
        place = self._outbox / path
        return not place.exists() or (place.is_file() and place.read_bytes() == data)

    def _draft(self, dispatch: Row[Any]) -> Path:
        return Path(self._outbox, dispatch.cycle_id, f"{DRAFT}{dispatch.id}")


def _sync_folders(folders: Iterable[Path]) -> None:
    for folder in dict.fromkeys(folders):
        sync_folder(folder)


def _names(name: str) -> Iterator[str]:
    stem, dot, suffix = name.rpartition(".")
    yield name
    yield from (f"{stem} ({number}){dot}{suffix}" for number in range(2, 1000))
