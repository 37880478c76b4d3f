"""The child process that reads documents for reader_pool.py: what goes to it, and how it answers.

It gets what is known once, then one document after another. It answers in JSON, so that nothing it
says can run in its parent.
"""

import gc
import itertools
import os
import pickle
import select
import struct
import sys
from typing import IO, Any

import orjson

from peer_challenge.model.findings import Finding
from peer_challenge.model.identification import Evidence
from peer_challenge.model.vocabulary import Kind
from peer_challenge.system.bounded_work import bound_memory, bound_work
from peer_challenge.system.child_process import end_with_parent
from peer_challenge.word.answers.reading import Reading
from peer_challenge.word.form.known import Known, OwnText

LENGTH = struct.Struct("<Q")
"""Before every message, its length."""
PIPE = 1 << 20
_TIDY_AFTER = 50


def send(pipe: IO[bytes], message: bytes) -> None:
    """Send a message."""
    pipe.write(LENGTH.pack(len(message)))
    pipe.write(message)
    pipe.flush()


def reading_of(answer: bytes) -> Reading:
    """The Reading that an answer tells of."""
    said: dict[str, Any] = orjson.loads(answer)
    said["kind"] = Kind(said["kind"]) if said["kind"] else None
    said["findings"] = [Finding.from_dict(found) for found in said["findings"]]
    said["evidence"] = Evidence.from_dict(said["evidence"]) if said["evidence"] else None
    return Reading(**said)


def main() -> None:
    """The child's loop: what is known first, then documents until the pipe closes."""
    source, sink = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    end_with_parent(sys.stdin.fileno())
    os.dup2(2, 1)  # whatever prints can't disturb the answers
    from peer_challenge.word.answers.read_document import read_document

    frameworks, cycles, limits, rules, given = pickle.loads(_next(source))  # noqa: S301 - from our own parent
    known = Known(frameworks, cycles)
    _warm(known)
    bound_memory(limits.memory_mb)
    gc.freeze()
    gc.disable()
    send(sink, b"ready")
    for number in itertools.count(1):
        try:
            name, data = _next(source).decode(), _next(source)
        except EOFError:
            return
        bound_work(limits.seconds)
        reading = read_document(data, known, name=name, limits=limits, rules=rules, given=given)
        bound_work(0)
        is_long = len(data) > PIPE
        del data
        send(sink, orjson.dumps(reading))
        del reading
        if is_long or number % _TIDY_AFTER == 0 or not select.select([source], [], [], 0)[0]:
            gc.collect()


def _next(source: IO[bytes]) -> bytes:
    length = source.read(LENGTH.size)
    if len(length) < LENGTH.size:
        raise EOFError
    return source.read(LENGTH.unpack(length)[0])


def _warm(known: Known) -> None:
    """Make what every document needs before the first one, so that its time is its own."""
    OwnText(known).has("What an area writes.")
    known.addresses  # noqa: B018 - made when it is first asked for


if __name__ == "__main__":
    main()
