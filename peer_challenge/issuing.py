"""Issuing dispatches: from a row in the register to a file in the outbox, once.

The order is what makes it safe to be killed anywhere: draft written and synced, row says where
it is about to go, draft renamed, folder synced, row says it is there. A row that was about to be
placed and whose draft is gone has been placed.
"""

import logging
import os
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Any

from sqlalchemy import Connection, Row

from peer_challenge.dispatches import registry
from peer_challenge.dispatches.beside import Renderer
from peer_challenge.dispatches.facts import Facts
from peer_challenge.dispatches.gather import gather
from peer_challenge.errors import PeerChallengeError
from peer_challenge.register import outbox
from peer_challenge.register.archive import Archive, sha256_of, sync_folder, write_synced
from peer_challenge.register.database import Register
from peer_challenge.settings import Settings

log = logging.getLogger(__name__)
_AHEAD = 12


class OutboxUnwritable(PeerChallengeError):
    """The outbox can't be written to."""

    exit_code = 6
    remedy = "Free some space or correct the folder's permissions, then run `peer-challenge advance`."


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
    issuer = _Issuer(register, settings, at, len(waiting))
    begun: deque[_Begun] = deque()
    issued = []
    ahead = iter(waiting)
    for number in range(1, len(waiting) + 1):
        begun.extend(issuer.begin(dispatch) for dispatch in islice(ahead, _AHEAD - len(begun)))
        if (done := issuer.issue(begun.popleft())) is not None:
            issued.append(done)
        progress(number, len(waiting))
    return issued


@dataclass(frozen=True, slots=True)
class _Begun:
    """A dispatch whose file is being written, or what went wrong before that."""

    dispatch: Row[Any]
    facts: Facts | None = None
    rendering: "Future[bytes] | None" = None
    problem: Exception | None = None


class _Issuer:
    def __init__(self, register: Register, settings: Settings, at: datetime, count: int) -> None:
        self._register = register
        self._outbox = settings.outbox_folder
        self._archive = Archive(settings.archive_folder)
        self._renderer = Renderer(settings.own_templates, count)
        self._at = at

    def begin(self, dispatch: Row[Any]) -> _Begun:
        """Gather a dispatch's facts and begin to render it; one that is half placed needs neither."""
        if self._is_drafted(dispatch):
            return _Begun(dispatch)
        try:
            with self._register.reading() as connection:
                facts = gather(connection, dispatch, self._archive)
            return _Begun(dispatch, facts, self._renderer.begin(facts))
        except Exception as error:
            return _Begun(dispatch, problem=error)

    def issue(self, begun: _Begun) -> Issued | None:
        """Issue one dispatch, or hold it: then None."""
        dispatch = begun.dispatch
        try:
            path = self._resume(dispatch) or self._place(begun)
        except OSError as error:
            raise OutboxUnwritable(
                f"The outbox can't be written to ({os.strerror(error.errno or 0)})."
            ) from None
        except Exception as error:
            # what went wrong is told by its class and place: its text may quote what an area wrote
            problem = error.args[0] if isinstance(error, PeerChallengeError) else type(error).__name__
            log.error("dispatch %s (%s) is held: %s", dispatch.id, dispatch.kind, type(error).__name__)
            with self._register.writing() as connection:
                outbox.hold(connection, dispatch, str(problem), self._at)
            return None
        with self._register.writing() as connection:
            outbox.mark_issued(connection, dispatch, self._at)
        return Issued(dispatch.id, dispatch.kind, dispatch.recipient_id, path)

    def _is_drafted(self, dispatch: Row[Any]) -> bool:
        """Whether the file itself was finished by a run that was killed while placing it."""
        if dispatch.state != outbox.PLACING:
            return False
        draft = self._draft(dispatch.cycle_id, dispatch)
        return not draft.exists() or sha256_of(draft.read_bytes()) == dispatch.sha256

    def _resume(self, dispatch: Row[Any]) -> str | None:
        """Finish what a killed run had begun; the path, or None when it has to begin anew."""
        if not self._is_drafted(dispatch):
            return None
        draft = self._draft(dispatch.cycle_id, dispatch)
        if draft.exists():
            _rename(draft, self._outbox / dispatch.path)
        return str(dispatch.path)

    def _place(self, begun: _Begun) -> str:
        if begun.facts is None or begun.rendering is None:
            raise begun.problem or RuntimeError("nothing was begun")
        dispatch, facts = begun.dispatch, begun.facts
        data = self._renderer.finish(begun.rendering, facts)
        draft = self._draft(dispatch.cycle_id, dispatch)
        draft.parent.mkdir(parents=True, exist_ok=True)
        write_synced(draft, data)
        sync_folder(draft.parent)
        folder = PurePosixPath(dispatch.cycle_id, dispatch.recipient_id)
        with self._register.writing() as connection:
            path = next(
                path
                for name in _names(registry.file_name(facts))
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


def _names(name: str) -> Sequence[str]:
    stem, dot, suffix = name.rpartition(".")
    return [name, *(f"{stem} ({number}){dot}{suffix}" for number in range(2, 1000))]
