"""The child process that reads documents for reader_pool.py: what it is sent, and how it answers.

It is sent the frameworks and cycles once, then one document after another. It answers in JSON, so that
nothing in an answer can run as code in its parent.
"""

import contextlib
import gc
import itertools
import pickle
from collections.abc import Mapping
from multiprocessing.connection import Connection
from typing import Any

import orjson

from peer_challenge.model.findings import Finding
from peer_challenge.model.vocabulary import Kind
from peer_challenge.model.whose_document import Evidence
from peer_challenge.system.bounded_work import bound_memory, bound_work
from peer_challenge.system.child_process import open_pipe
from peer_challenge.system.end_with_parent import end_with_parent
from peer_challenge.word.answers.reading import Reading
from peer_challenge.word.form.known_before_reading import Known, OwnText

_LONG = 1 << 20  # bytes: what such a document leaves behind is collected at once, as memory is bounded
_TIDY_AFTER = 50  # documents: to collect takes time from the next one, never to collect takes all memory


def reading_of(answer: bytes) -> Reading:
    """The Reading that a child's JSON answer describes."""
    return reading_from_mapping(orjson.loads(answer))


def reading_from_mapping(told: Mapping[str, Any]) -> Reading:
    """The Reading from a mapping that was read from JSON."""
    said = dict(told)
    said["kind"] = Kind(said["kind"]) if said["kind"] else None
    said["findings"] = [Finding.from_dict(found) for found in said["findings"]]
    said["evidence"] = Evidence.from_dict(said["evidence"]) if said["evidence"] else None
    return Reading(**said)


def serve_readings(handle: int) -> None:
    """The child's loop: what is known first, then documents until the pipe closes."""
    end_with_parent(handle)
    pipe = open_pipe(handle)
    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
        _read_each(pipe)


def _read_each(pipe: Connection) -> None:
    from peer_challenge.word.answers.read_document import read_document

    told = pickle.loads(pipe.recv_bytes())  # noqa: S301 - from our own parent
    frameworks, cycles, house_lines, limits, rules, given = told
    known = Known(frameworks, cycles, house_lines)
    _prepare_caches(known)
    bound_memory(limits.memory_mb)
    gc.freeze()
    gc.disable()
    pipe.send_bytes(b"ready")
    for number in itertools.count(1):
        name, data = pipe.recv_bytes().decode(), pipe.recv_bytes()
        bound_work(limits.seconds)
        reading = read_document(data, known, name=name, limits=limits, rules=rules, given=given)
        bound_work(0)
        is_long = len(data) > _LONG
        del data
        pipe.send_bytes(orjson.dumps(reading))
        del reading
        if is_long or number % _TIDY_AFTER == 0 or not pipe.poll(0):
            gc.collect()


def _prepare_caches(known: Known) -> None:
    """Build what every document needs before the first one comes, so that no document's time includes it."""
    OwnText(known).has("What an area writes.")
    known.addresses  # noqa: B018 - made when it is first asked for
