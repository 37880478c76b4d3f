"""Issuing dispatches: from a row in the register to a file in the outbox, once.

The order is what makes it safe to be killed anywhere: draft written and synced, row says where
it is about to go, draft renamed, folder synced, row says it is there. A row that was about to be
placed and whose draft is gone has been placed.
"""

import logging
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from sqlalchemy import Connection, Row

from peer_challenge.errors import PeerChallengeError
from peer_challenge.making import Made, make_all
from peer_challenge.register import outbox
from peer_challenge.register.archive import sha256_of, sync_folder, write_synced
from peer_challenge.register.database import Register
from peer_challenge.settings import Settings

log = logging.getLogger(__name__)


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
        for number, dispatch in enumerate(_each(issuer, waiting), 1):
            if dispatch is not None:
                issued.append(dispatch)
            progress(number, len(waiting))
    except OSError as error:
        reason = os.strerror(error.errno or 0)
        raise OutboxUnwritable(f"The outbox or the archive can't be used ({reason}).") from None
    return issued


def _each(issuer: "_Issuer", waiting: Sequence[Row[Any]]) -> Iterator[Issued | None]:
    """What became of each: first those that a killed run had begun, then the rest in order."""
    anew = []
    for dispatch in waiting:
        if (path := issuer.resumed(dispatch)) is None:
            anew.append(dispatch)
        else:
            yield issuer.issued(dispatch, path)
    for dispatch, made in issuer.make_all(anew):
        yield issuer.issue(dispatch, made)


class _Issuer:
    def __init__(self, register: Register, settings: Settings, at: datetime) -> None:
        self._register = register
        self._settings = settings
        self._outbox = settings.outbox_folder
        self._at = at

    def make_all(self, waiting: Sequence[Row[Any]]) -> Iterator[tuple[Row[Any], Made]]:
        return make_all(self._register, self._settings, waiting)

    def issue(self, dispatch: Row[Any], made: Made) -> Issued | None:
        """Issue one dispatch, or hold it: then None."""
        if made.data is not None:
            return self.issued(dispatch, self._place(dispatch, made.data, made.file_name))
        log.error("dispatch %s (%s) is held", dispatch.id, dispatch.kind)
        with self._register.writing() as connection:
            outbox.hold(connection, dispatch, made.problem, self._at)
        return None

    def issued(self, dispatch: Row[Any], path: str) -> Issued:
        with self._register.writing() as connection:
            outbox.mark_issued(connection, dispatch, self._at)
        return Issued(dispatch.id, dispatch.kind, dispatch.recipient_id, path)

    def resumed(self, dispatch: Row[Any]) -> str | None:
        """Finish what a killed run had begun; the path, or None when it has to begin anew."""
        if dispatch.state != outbox.PLACING:
            return None
        draft, place = self._draft(dispatch.cycle_id, dispatch), self._outbox / dispatch.path
        if draft.exists():
            if sha256_of(draft.read_bytes()) != dispatch.sha256:
                return None
            _rename(draft, place)
        return str(dispatch.path)

    def _place(self, dispatch: Row[Any], data: bytes, file_name: str) -> str:
        draft = self._draft(dispatch.cycle_id, dispatch)
        draft.parent.mkdir(parents=True, exist_ok=True)
        write_synced(draft, data)
        sync_folder(draft.parent)
        folder = PurePosixPath(dispatch.cycle_id, dispatch.recipient_id)
        with self._register.writing() as connection:
            path = next(
                path
                for name in _names(file_name)
                if self._is_free(connection, path := str(folder / name)) or path == dispatch.path
            )
            outbox.begin_placing(connection, dispatch.id, path, sha256_of(data), len(data))
        _rename(draft, self._outbox / path)
        return path

    def _is_free(self, connection: Connection, path: str) -> bool:
        return not outbox.is_path_taken(connection, path) and not (self._outbox / path).exists()

    def _draft(self, cycle_id: str, dispatch: Row[Any]) -> Path:
        return self._outbox / cycle_id / f".draft-{dispatch.id}"


def _rename(draft: Path, place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    draft.rename(place)
    sync_folder(place.parent)
    sync_folder(draft.parent)


def _names(name: str) -> Iterator[str]:
    stem, dot, suffix = name.rpartition(".")
    yield name
    yield from (f"{stem} ({number}){dot}{suffix}" for number in range(2, 1000))
