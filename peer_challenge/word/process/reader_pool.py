"""Reading documents in child processes that can be killed: bounded time and memory, in order, none lost."""

import hashlib
import os
import pickle
from collections import deque
from collections.abc import Iterable, Iterator
from multiprocessing.connection import wait

from peer_challenge.errors import PeerChallengeError
from peer_challenge.model.cycle_rules import Rules
from peer_challenge.model.findings import Finding
from peer_challenge.word.answers.identity_evidence import GivenIdentity
from peer_challenge.word.answers.reading import Reading
from peer_challenge.word.form.known_before_reading import Known
from peer_challenge.word.package.convert_with_libreoffice import convert_to_docx
from peer_challenge.word.package.file_kinds import CONVERTIBLE, kind_of_file
from peer_challenge.word.package.reading_limits import DEFAULT_LIMITS, Limits
from peer_challenge.word.process.reader_child import Asked, ReadingChild
from peer_challenge.word.reader_findings import Unreadable, make_finding

WORTH_ANOTHER = 40
"""From how many documents of a batch one more child is started: its start costs as much as reading these."""
MOST_CHILDREN = min(os.cpu_count() or 1, 4)
"""Each may take all the memory that a document is allowed, so more of them need a larger machine."""


class ReadersUnavailable(PeerChallengeError):
    """No child process can be started; the documents stay where they are."""

    exit_code = 10
    remedy = "The machine may be short of memory: end other programs or start it again, then try again."


class Readers:
    """Child processes that read documents; one that had to be killed is replaced.

    `with Readers(known) as readers: readers.read(data, name="...")`. There is one child at first. In a long
    batch more are started, one after another, up to `children` (by default as many as there are processors,
    at most four). With `given`, the documents are read as the form that the office said they are.
    """

    def __init__(
        self,
        known: Known,
        *,
        limits: Limits = DEFAULT_LIMITS,
        rules: Rules | None = None,
        given: GivenIdentity | None = None,
        children: int = MOST_CHILDREN,
    ) -> None:
        self._job = pickle.dumps(
            (dict(known.frameworks), dict(known.cycles), known.house_lines, limits, rules, given)
        )
        self._limits, self._most = limits, children
        self._children: list[ReadingChild] = []

    def __enter__(self) -> "Readers":
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """End all child processes."""
        while self._children:
            self._children.pop().close()

    def begin(self, children: int = 1) -> None:
        """Start child processes until there are `children`, and wait until they are ready to read."""
        while len(self._children) < children:
            self._start_child()
        while not self._is_every_child_ready():
            self._await_children(deque())

    def read(self, data: bytes, *, name: str = "") -> Reading:
        """The Reading of one document. Never raises because of the document."""
        [reading] = self.read_each([(name, data)])
        return reading

    def read_each(self, documents: Iterable[tuple[str, bytes]]) -> Iterator[Reading]:
        """The Reading of each document, by name and bytes, in order. Never raises because of a document.

        While a child reads one, the next is on its way to it.
        """
        asked, todo = deque[Asked](), deque[Asked]()
        try:
            for number, (name, data) in enumerate(documents, 1):
                asked.append(self._prepare_document(name, data))
                if asked[-1].reading is None:
                    todo.append(asked[-1])
                    self._hand_out_documents(todo, is_long=number >= WORTH_ANOTHER)
                while len(asked) >= 2 * max(len(self._children), 1):
                    yield self._await_first_answer(asked, todo)
            while asked:
                yield self._await_first_answer(asked, todo)
        finally:
            for child in [child for child in self._children if child.asked]:  # whose answers nobody will hear
                self._close_child(child)

    def _prepare_document(self, name: str, data: bytes) -> Asked:
        try:
            docx, kind = self._convert_to_docx(data)
        except Unreadable as why:
            return Asked(name, data, b"", reading=_build_refusal(data, why.finding()))
        return Asked(name, data, docx, kind)

    def _convert_to_docx(self, data: bytes) -> tuple[bytes, str | None]:
        if len(data) > self._limits.max_bytes:
            raise Unreadable("open.file_too_large", megabytes=round(self._limits.max_bytes / 1_000_000))
        kind = kind_of_file(data)
        return (convert_to_docx(data, kind), kind) if kind in CONVERTIBLE else (data, None)

    def _await_first_answer(self, asked: deque[Asked], todo: deque[Asked]) -> Reading:
        """Wait for the Reading of the first document in `asked`, and take that document out of `asked`."""
        while asked[0].reading is None:
            self._await_children(todo)
        one = asked.popleft()
        assert one.reading is not None
        if one.kind:
            one.reading.sha256, one.reading.size = hashlib.sha256(one.data).hexdigest(), len(one.data)
            one.reading.findings.insert(0, make_finding("open.converted", what=CONVERTIBLE[one.kind]))
        return one.reading

    # The children

    def _start_child(self) -> None:
        self._children.append(ReadingChild(self._job, self._limits))

    def _is_every_child_ready(self) -> bool:
        return all(child.is_ready for child in self._children)

    def _hand_out_documents(self, todo: deque[Asked], *, is_long: bool = False) -> None:
        """Give the waiting documents to the children, each to the child that has the fewest."""
        for child in [child for child in self._children if child.is_idle_but_dead()]:
            self._close_child(child)
        is_room = is_long and len(self._children) < self._most
        if not self._children or (is_room and self._is_every_child_ready()):  # one after another
            self._start_child()
        while todo:
            free = [child for child in self._children if child.can_take(todo[0])]
            if not free:
                return
            min(free, key=lambda child: len(child.asked)).ask(todo.popleft())

    def _await_children(self, todo: deque[Asked]) -> None:
        """Wait until a child sends a message or its time is over, then hand out the waiting documents."""
        awaited = [child for child in self._children if child.is_awaited]
        shortest = min((child.patience() for child in awaited), default=0.0)
        wait([child.pipe for child in awaited], shortest)
        for child in awaited:
            try:
                child.hear()
            except TimeoutError:
                self._give_up_child(child, "open.too_slow", todo)
            except (EOFError, ValueError):
                self._give_up_child(child, "open.too_large", todo)
        self._hand_out_documents(todo)

    def _give_up_child(self, child: ReadingChild, code: str, todo: deque[Asked]) -> None:
        """End a child and refuse the document that it was reading; its other document goes back to `todo`.

        A child may have died of something other than its document, so that document is tried once more.
        Raises ReadersUnavailable when a child ended before it was ready and there is no other.
        """
        self._close_child(child)
        if not child.is_ready and not self._children:
            raise ReadersUnavailable("The process that reads documents does not start.")
        again = list(child.asked)
        if again and (again[0].is_tried or code == "open.too_slow"):
            again[0].reading = _build_refusal(again[0].docx, make_finding(code))
            del again[0]
        elif again:
            again[0].is_tried = True
        todo.extendleft(reversed(again))

    def _close_child(self, child: ReadingChild) -> None:
        self._children.remove(child)
        child.close()


def _build_refusal(data: bytes, why: Finding) -> Reading:
    return Reading(hashlib.sha256(data).hexdigest(), len(data), findings=[why])
