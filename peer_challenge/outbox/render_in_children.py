"""Making the files of dispatches: in child processes, within bounds, several when there are many.

A child gets a dispatch's number and answers with its file. It reads the register itself, so the texts
of areas cross a pipe only as a finished document. It writes nothing anywhere: one process decides, in
order, what is done with each file.
"""

import atexit
import logging
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass
from functools import lru_cache
from multiprocessing import connection as mp
from pathlib import Path
from typing import Any

from peer_challenge.dispatches.facts import Facts
from peer_challenge.dispatches.gather_facts import gather_dispatch_facts
from peer_challenge.dispatches.outgoing_file_names import build_file_name
from peer_challenge.dispatches.render_dispatch import render_dispatch_file
from peer_challenge.errors import PeerChallengeError
from peer_challenge.register import outbox
from peer_challenge.register.archive import Archive
from peer_challenge.register.database import Register, RegisterUnavailable, open_register
from peer_challenge.register.house_styles import load_style_in_use
from peer_challenge.register.records import Dispatch
from peer_challenge.settings import Settings
from peer_challenge.system.bounded_work import (
    BoundedWorker,
    Bounds,
    ChildLost,
    TooMuchWork,
    WorkFailed,
    call_once,
)
from peer_challenge.word.write.render_template import WordTemplates

BOUNDS = Bounds(seconds=30, memory_mb=900)
"""For one file. The dearest, the region's slides, takes 2 seconds and 300 MB."""
_TOO_MUCH = (
    "Writing it took more work or memory than a document may. If the office has a template of its own for "
    "it, try `peer-challenge templates check`. If not, look at what the area sent: it holds far too much of "
    "something."
)
_LOST = (
    "The process that wrote it ended twice. The machine may be short of memory: release it when it has more."
)
log = logging.getLogger(__name__)
WORTH_STARTING = 100
"""A child loads its libraries and templates first: a few files are made before it is ready."""
_MADE_AHEAD = 100
"""Finished files wait in memory for one that takes long, because they go out in order."""
_LOOK_SECONDS = 5.0
"""How often we look for a child that never answers: one that does is heard at once."""

_MOST_REGISTERS = 4
"""So many registers a child keeps open: a service has one, tests have one each."""
_lock = threading.Lock()


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
    """Makes files from one register. Raises OSError and RegisterUnavailable: a later try may succeed."""

    def __init__(self, register: Register, settings: Settings) -> None:
        self._register = register
        self._archive = Archive(settings.archive_folder)
        self._templates = word_templates(settings.own_templates)

    def prepare(self) -> None:
        """Load what the first document would otherwise wait for."""
        with self._register.reading() as connection:
            style = load_style_in_use(connection)
        self._templates.prepare(style)

    def make(self, dispatch: Dispatch) -> Made:
        """The file of a dispatch, or why it could not be made.

        An error of a library is given by the name of its class: its text may quote what an area wrote. Raises
        OSError and RegisterUnavailable, which may pass, and MemoryError and RecursionError, which only the
        process that set the bounds can explain.
        """
        try:
            with self._register.reading() as connection:
                facts = gather_dispatch_facts(connection, dispatch, self._archive)
            data = render_dispatch_file(facts, self._templates)
            return Made(data, build_file_name(facts), sources=facts.sources)
        except (OSError, RegisterUnavailable):
            raise
        except (MemoryError, RecursionError):  # whoever set the bounds says what they mean
            raise
        except PeerChallengeError as error:
            return Made(None, "", error.in_full)
        except Exception as error:
            return Made(None, "", type(error).__name__)

    def make_numbered(self, dispatch_id: int) -> Made:
        """The file of the dispatch that has this number, or why it could not be made."""
        with self._register.reading() as connection:
            dispatch = outbox.load_dispatch(connection, dispatch_id)
        return self.make(dispatch)


@lru_cache(maxsize=4)
def word_templates(own: Path) -> WordTemplates:
    """The shipped Word templates, with the office's own taking precedence; compiled once in a process."""
    return WordTemplates.of_installation(own)


class Helpers:
    """Child processes that make files, each within BOUNDS, for any installation."""

    def __init__(self, count: int = 0) -> None:
        self._workers: list[BoundedWorker] = []
        self.grow(count)

    def grow(self, count: int) -> None:
        """Start child processes until there are at least `count`."""
        while len(self._workers) < count:
            self._workers.append(BoundedWorker(__name__, "make_file_in_child", BOUNDS))
            self._workers[-1].begin()

    def prepare(self, settings: Settings) -> None:
        """Wait until each child process has loaded what it needs for its first document."""
        for worker in self._workers:
            worker.call(settings, None)

    def in_order(self, settings: Settings, waiting: Sequence[Dispatch]) -> Iterator[tuple[Dispatch, Made]]:
        """Every dispatch with its file, in order.

        A file that exhausts the bounds is not made; one with which a process ended otherwise is tried again.
        Raises RegisterUnavailable where a child can't use the register or the archive, twice.
        """
        todo, made = deque(waiting), dict[int, Made]()
        self._settings = settings
        self._asked: dict[BoundedWorker, Dispatch] = {}
        self._tried: set[int] = set()
        try:
            for dispatch in waiting:
                while dispatch.id not in made:
                    self._ask_idle_workers(todo, len(made))
                    self._collect_answers(todo, made)
                yield dispatch, made.pop(dispatch.id)
        finally:  # whoever stops half-way leaves nothing unheard for the next time
            for worker in self._asked:
                worker.end()

    def _ask_idle_workers(self, todo: deque[Dispatch], ahead: int) -> None:
        for worker in self._workers:
            if todo and worker not in self._asked and (ahead < _MADE_AHEAD or not self._asked):
                self._asked[worker] = todo.popleft()
                try:
                    worker.ask(self._settings, self._asked[worker].id)
                except (ChildLost, TooMuchWork):  # it ended while nobody listened, and another has begun
                    worker.ask(self._settings, self._asked[worker].id)

    def _collect_answers(self, todo: deque[Dispatch], made: dict[int, Made]) -> None:
        """Take what a child has answered, waiting for it."""
        speaking = mp.wait([worker.pipe for worker in self._asked], _LOOK_SECONDS)
        for worker in [one for one in self._asked if one.pipe in speaking or one.is_overdue]:
            dispatch = self._asked.pop(worker)
            answer = self._answer_of(worker, dispatch)
            if answer is None:
                todo.appendleft(dispatch)
            else:
                made[dispatch.id] = answer

    def _answer_of(self, worker: BoundedWorker, dispatch: Dispatch) -> Made | None:
        """The file, or why there is none; None where it is to be tried once more."""
        is_again = dispatch.id in self._tried
        self._tried.add(dispatch.id)
        told = None
        try:
            told = worker.answer()
        except WorkFailed:  # before the file was begun: the register could not be asked
            log.warning("a process that writes documents could not use the register")
        except TooMuchWork:
            return Made(None, "", _TOO_MUCH)
        except ChildLost:
            return Made(None, "", _LOST) if is_again else None
        if told is None and is_again:
            raise RegisterUnavailable("The register or the archive could not be used to write documents.")
        return Made(*told) if told is not None else None

    def end(self) -> None:
        """End the children."""
        for worker in self._workers:
            worker.end()


def make_file_in_child(settings: Settings, number: int | None) -> tuple[Any, ...] | None:
    """In a child process: the fields of Made for the dispatch with this number.

    None if the register can't be used. Without a number, it loads what the first document needs, and
    returns None.
    """
    maker = _find_or_make_maker(settings)
    try:
        if number is None:
            maker.prepare()
            return None
        return astuple(maker.make_numbered(number))
    except (OSError, RegisterUnavailable):  # it may pass
        return None


_makers: dict[tuple[str, str], tuple[Register, Maker]] = {}


def _find_or_make_maker(settings: Settings) -> Maker:
    """The maker of an installation; those used longest ago are let go."""
    key = (str(settings.home), settings.register_url)
    if key not in _makers:
        register = open_register(settings)
        _makers[key] = register, Maker(register, settings)
    for old in list(_makers)[:-_MOST_REGISTERS]:
        _makers.pop(old)[0].close()
    return _makers[key][1]


_kept = Helpers()


def make_dispatch_files(settings: Settings, waiting: Sequence[Dispatch]) -> Iterator[tuple[Dispatch, Made]]:
    """Every dispatch with its file, in order. Raises RegisterUnavailable.

    That is raised if a child process twice can't use the register or the archive.
    """
    if not waiting:
        return
    with _lock:
        yield from _provide_helpers(settings, len(waiting)).in_order(settings, waiting)


def render_all(settings: Settings, wanted: Sequence[Facts]) -> list[bytes]:
    """The document of each of `wanted`, on demand. Raises TooMuchWork and WorkFailed."""
    rendered: list[bytes] = call_once(
        __name__, "render_in_child", BOUNDS, settings.own_templates, list(wanted)
    )
    return rendered


def render_in_child(own_templates: Path, wanted: Sequence[Facts]) -> list[bytes]:
    """In a child process: the document of each of `wanted`, in order."""
    templates = word_templates(own_templates)
    return [render_dispatch_file(facts, templates) for facts in wanted]


def begin_helping(settings: Settings) -> None:
    """Start the child processes now: for a long-lived process that will have many files to make."""
    with _lock:
        _provide_helpers(settings, WORTH_STARTING)


def prepare_helpers(settings: Settings) -> None:
    """Load ahead of time what the first documents would otherwise wait for."""
    with _lock:
        _provide_helpers(settings, 1).prepare(settings)


def _provide_helpers(settings: Settings, files: int) -> Helpers:
    """The children of this process: one, and where there are many files as many more as is set."""
    _kept.grow(1 + settings.makers if files >= WORTH_STARTING else 1)
    return _kept


@atexit.register
def _end_all_helpers() -> None:
    _kept.end()
