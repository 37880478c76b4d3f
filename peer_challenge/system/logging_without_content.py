"""Logs that hold no content: one JSON object a line, or plain; an error is told by its class and place.

What an exception says may quote what an area wrote, so it is never written; errors of ours, whose
words are written here and hold ids only, are.
"""

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from peer_challenge.errors import PeerChallengeError
from peer_challenge.paths import CODE

_SERVERS = ("uvicorn", "uvicorn.error", "uvicorn.access")


def told(error: BaseException) -> str:
    """An error without what it says, unless it is one of ours: "ValueError at rows.py:12 in read"."""
    what = type(error).__name__
    if isinstance(error, PeerChallengeError):
        what += f": {error}"
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if Path(frame.filename).is_relative_to(CODE)]
    places = [_place(frame) for frame in (*frames[-1:], *ours[-1:])]
    return what + "".join(f" at {place}" for place in dict.fromkeys(places))


def _where(error: BaseException) -> list[str]:
    return [_place(frame) for frame in traceback.extract_tb(error.__traceback__)]


def _place(frame: traceback.FrameSummary) -> str:
    return f"{Path(frame.filename).name}:{frame.lineno} in {frame.name}"


class _Contentless(logging.Formatter):
    """Formats an exception as its class and the places it went through."""

    def formatException(self, ei: Any) -> str:
        error = ei[1]
        return "" if error is None else "\n".join([told(error), *(f"  {place}" for place in _where(error))])


class PlainLines(_Contentless):
    """Time, level, logger and message."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")


class JsonLines(_Contentless):
    """One JSON object a line: at (UTC), level, logger, message, process, and of an error its class and where.

    Takes what logging.config gives to any formatter, and needs none of it.
    """

    def __init__(self, *_given: Any, **_named: Any) -> None:
        super().__init__()

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line."""
        entry: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "process": record.process,
        }
        for name in ("flow_run_id", "task_run_id"):
            if getattr(record, name, None):
                entry[name] = str(getattr(record, name))
        if record.exc_info and record.exc_info[1] is not None:
            entry["error"] = told(record.exc_info[1])
            entry["where"] = _where(record.exc_info[1])
        return json.dumps(entry, ensure_ascii=False)


def set_up(log_format: str) -> None:
    """Send this process's logs to standard error, "plain" or "json"; a web server's own lines too."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if log_format == "json" else PlainLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("peer_challenge").setLevel(logging.INFO)
    for name in _SERVERS:
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
