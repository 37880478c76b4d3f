"""Notes where every Python process below a test connects to, or wants looked up: on PYTHONPATH for one."""

import os
import sys

_FILE = os.environ.get("RECORD_CONNECTIONS", "")
_EVENTS = ("socket.connect", "socket.getaddrinfo", "socket.sendto")


def _write(event: str, host: object) -> None:
    with open(_FILE, "a", encoding="utf-8") as file:  # noqa: PTH123 (pathlib is slow to come here)
        file.write(f"{os.getpid()}\t{event}\t{host!r}\n")


def _note(event: str, given: tuple[object, ...]) -> None:
    if event in _EVENTS:
        where = given[0] if event == "socket.getaddrinfo" else given[1]
        _write(event, where[0] if isinstance(where, tuple) else where)


if _FILE:
    _write("begun", None)
    sys.addaudithook(_note)
