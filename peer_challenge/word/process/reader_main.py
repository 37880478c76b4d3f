"""The child process that reads documents for reader_pool.py: what it is sent, and how it answers.

It is sent the frameworks and cycles once, then one document after another. It answers in JSON, so that
nothing in an answer can run as code in its parent.
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


def send_message(pipe: IO[bytes], message: bytes) -> None:
    """Write a message to `pipe`, with its length in front."""
    pipe.write(LENGTH.pack(len(message)))
    pipe.write(message)
    pipe.flush()


def reading_of(answer: bytes) -> Reading:
    """The Reading that a child's JSON answer describes."""
    said: dict[str, Any] = orjson.loads(answer)
    said["kind"] = Kind(said["kind"]) if said["kind"] else None
    said["findings"] = [Finding.from_dict(found) for found in said["findings"]]
    said["evidence"] = Evidence.from_dict(said["evidence"]) if said["evidence"] else None
    return Reading(**said)


def main() -> None:
    """Run the child: receive the frameworks and cycles, then read documents until the pipe closes."""
    source, sink = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    end_with_parent(sys.stdin.fileno())
    os.dup2(2, 1)  # whatever prints can't disturb the answers
    from peer_challenge.word.answers.read_document import read_document

    frameworks, cycles, limits, rules, given = pickle.loads(_read_message(source))  # noqa: S301 - from our own parent
    known = Known(frameworks, cycles)
    _prepare_caches(known)
    bound_memory(limits.memory_mb)
    gc.freeze()
    gc.disable()
    send_message(sink, b"ready")
    for number in itertools.count(1):
        try:
            name, data = _read_message(source).decode(), _read_message(source)
        except EOFError:
            return
        bound_work(limits.seconds)
        reading = read_document(data, known, name=name, limits=limits, rules=rules, given=given)
        bound_work(0)
        is_long = len(data) > PIPE
        del data
        send_message(sink, orjson.dumps(reading))
        del reading
        if is_long or number % _TIDY_AFTER == 0 or not select.select([source], [], [], 0)[0]:
            gc.collect()


def _read_message(source: IO[bytes]) -> bytes:
    length = source.read(LENGTH.size)
    if len(length) < LENGTH.size:
        raise EOFError
    return source.read(LENGTH.unpack(length)[0])


def _prepare_caches(known: Known) -> None:
    """Build what every document needs before the first one comes, so that no document's time includes it."""
    OwnText(known).has("What an area writes.")
    known.addresses  # noqa: B018 - made when it is first asked for


if __name__ == "__main__":
    main()
