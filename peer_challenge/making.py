"""Making the files of dispatches: here, and in other processes too when there are many.

A child gets a dispatch's number and answers with its file. It reads the register itself, so what
areas wrote crosses no pipe but as a finished document, and it writes nothing anywhere: what
becomes of a file is decided by one process, in order.
"""

import atexit
import contextlib
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from multiprocessing import connection as mp
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Row

from peer_challenge.children import open_pipe, start_child
from peer_challenge.dispatches import registry
from peer_challenge.dispatches.gather import gather
from peer_challenge.errors import PeerChallengeError
from peer_challenge.register.archive import Archive
from peer_challenge.register.database import Register, RegisterUnavailable, open_register
from peer_challenge.register.tables import dispatches
from peer_challenge.settings import Settings
from peer_challenge.word.rendering import WordTemplates

_WORTH_STARTING = 100
_WORTH_ASKING = 2
_ASKED_AT_ONCE = 2
_MADE_AHEAD = 100

_lock = threading.Lock()
_kept: dict[str, "Helpers"] = {}


@dataclass(frozen=True, slots=True)
class Made:
    """A dispatch's file, or why it could not be made (then `data` is None).

    `sources` are the ids of the submissions that it passes on whole.
    """

    data: bytes | None
    file_name: str
    problem: str = ""
    sources: tuple[int, ...] = ()


class Maker:
    """Makes files from one register. Raises OSError and RegisterUnavailable: they may pass."""

    def __init__(self, register: Register, settings: Settings) -> None:
        self._register = register
        self._archive = Archive(settings.archive_folder)
        self._templates = word_templates(settings.own_templates)

    def make(self, dispatch: Row[Any]) -> Made:
        """The file of a dispatch. A failure is told by its class: its text may quote what an area wrote."""
        try:
            with self._register.reading() as connection:
                facts = gather(connection, dispatch, self._archive)
            data = registry.render(facts, self._templates)
            return Made(data, registry.file_name(facts), sources=facts.sources)
        except (OSError, RegisterUnavailable):
            raise
        except PeerChallengeError as error:
            return Made(None, "", str(error.args[0]))
        except Exception as error:
            return Made(None, "", type(error).__name__)

    def make_numbered(self, dispatch_id: int) -> Made:
        """The same, of the dispatch that has this number."""
        with self._register.reading() as connection:
            row = connection.execute(sa.select(dispatches).where(dispatches.c.id == dispatch_id)).one()
        return self.make(row)


@lru_cache(maxsize=4)
def word_templates(own: Path) -> WordTemplates:
    """The shipped Word templates, with the office's own in front; compiled once in a process."""
    return WordTemplates.of_installation(own)


class Helpers:
    """Children that make files. One that dies leaves its work to the others and to us."""

    def __init__(self, settings: Settings, count: int) -> None:
        self._asked: dict[mp.Connection, deque[Row[Any]]] = {}
        self._children = [start_child(__name__, "help_with") for _ in range(count)]
        for child in self._children:
            child.pipe.send(settings)
            self._asked[child.pipe] = deque()

    def in_order(
        self, waiting: Sequence[Row[Any]], make_here: Callable[[Row[Any]], Made]
    ) -> Iterator[tuple[Row[Any], Made]]:
        """Every dispatch with its file, in order: children make from the front, we from the back."""
        todo, made = deque(waiting), dict[int, Made | None]()
        try:
            for dispatch in waiting:
                while dispatch.id not in made:
                    self._ask(todo)
                    is_ours = bool(todo) and (len(made) < _MADE_AHEAD or not self._asked)
                    if self._hear(todo, made, wait=not is_ours) == 0 and is_ours:
                        ours = todo.pop() if self._asked else todo.popleft()
                        made[ours.id] = make_here(ours)
                yield dispatch, made.pop(dispatch.id) or make_here(dispatch)
        finally:  # whoever stops half-way leaves nothing unheard for the next time
            while any(self._asked.values()):
                self._hear(todo, made, wait=True)

    def _ask(self, todo: deque[Row[Any]]) -> None:
        for child, asked in self._asked.items():
            while todo and len(asked) < _ASKED_AT_ONCE:
                asked.append(todo.popleft())
                with contextlib.suppress(OSError):  # it is dead, as we shall hear
                    child.send(asked[-1].id)

    def _hear(self, todo: deque[Row[Any]], made: dict[int, Made | None], *, wait: bool) -> int:
        """Take what children have answered; returns how many spoke."""
        speaking = mp.wait([child for child, asked in self._asked.items() if asked], None if wait else 0)
        for child in speaking:
            assert isinstance(child, mp.Connection)
            try:
                number, answer = child.recv()
            except (EOFError, OSError):
                number, answer = None, None
            if number != self._asked[child][0].id:  # it died, or answers what was asked by one interrupted
                todo.extendleft(reversed(self._asked.pop(child)))
                continue
            made[self._asked[child].popleft().id] = answer
        return len(speaking)

    @property
    def are_alive(self) -> bool:
        """Whether there is one left."""
        return bool(self._asked)

    def end(self) -> None:
        """End the children."""
        for child in self._children:
            child.end()


def help_with(handle: int) -> None:
    """A child's loop: numbers of dispatches come, files go back, until the pipe closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever interrupts the parent has interrupted enough
    pipe = open_pipe(handle)
    settings = pipe.recv()
    maker = Maker(open_register(settings), settings)
    while True:
        try:
            number = pipe.recv()
        except EOFError:
            return
        try:
            made = maker.make_numbered(number)
        except (OSError, RegisterUnavailable):  # let the parent meet it too, and say so
            made = None
        try:
            pipe.send((number, made))
        except BrokenPipeError:
            return


def make_all(
    register: Register, settings: Settings, waiting: Sequence[Row[Any]]
) -> Iterator[tuple[Row[Any], Made]]:
    """Every dispatch with its file, in order. Raises as Maker.make does."""
    maker = Maker(register, settings)
    with _lock:
        helpers = _helpers(settings, len(waiting))
        if helpers is None:
            yield from ((dispatch, maker.make(dispatch)) for dispatch in waiting)
        else:
            yield from helpers.in_order(waiting, maker.make)


def begin_helping(settings: Settings) -> None:
    """Start the children now: a long-lived process that will have many files to make."""
    with _lock:
        _helpers(settings, _WORTH_STARTING)


def warm_up(settings: Settings) -> None:
    """Make ready what the first documents would wait for."""
    word_templates(settings.own_templates).prepare()


def _helpers(settings: Settings, files: int) -> Helpers | None:
    key = settings.register_url
    if key in _kept and not _kept[key].are_alive:
        del _kept[key]
    if key not in _kept and settings.makers > 0 and files >= _WORTH_STARTING:
        _kept[key] = Helpers(settings, settings.makers)
    return _kept.get(key) if files >= _WORTH_ASKING else None


@atexit.register
def _end() -> None:
    for helpers in _kept.values():
        helpers.end()
    _kept.clear()
