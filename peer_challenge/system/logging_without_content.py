"""Logs that hold no content: one JSON object a line, or plain text.

An error is logged as its class and place. What an exception says may quote what an area wrote, so it is
never written. Errors of ours are the exception: their words come from this code and hold only ids.
"""

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from peer_challenge.errors import PeerChallengeError
from peer_challenge.paths import CODE

_SERVERS = ("uvicorn", "uvicorn.error", "uvicorn.access")


def describe_error(error: BaseException) -> str:
    """A description of an error without its own words: "ValueError at rows.py:12 in read".

    The words of our own errors (PeerChallengeError) are included.
    """
    what = type(error).__name__
    if isinstance(error, PeerChallengeError):
        what += f": {error}"
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if Path(frame.filename).is_relative_to(CODE)]
    places = [_describe_frame(frame) for frame in (*frames[-1:], *ours[-1:])]
    return what + "".join(f" at {place}" for place in dict.fromkeys(places))


def _list_traceback_places(error: BaseException) -> list[str]:
    return [_describe_frame(frame) for frame in traceback.extract_tb(error.__traceback__)]


def _describe_frame(frame: traceback.FrameSummary) -> str:
    return f"{Path(frame.filename).name}:{frame.lineno} in {frame.name}"


_Raised = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
"""What logging gives of an exception."""


class _Contentless(logging.Formatter):
    """Formats an exception as its class and the places it went through."""

    def formatException(self, ei: _Raised) -> str:
        error = ei[1]
        return (
            ""
            if error is None
            else "\n".join(
                [describe_error(error), *(f"  {place}" for place in _list_traceback_places(error))]
            )
        )


class PlainLines(_Contentless):
    """Formats a record as a line: time, level, logger and message."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")


class JsonLines(_Contentless):
    """Formats a record as one JSON object on a line: at (UTC), level, logger, message, process.

    An error adds its class (`error`) and the places it went through (`where`). Arguments that logging.config
    passes to any formatter are accepted and ignored.
    """

    def __init__(self, *_given: object, **_named: object) -> None:
        super().__init__()

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line."""
        entry: dict[str, object] = {
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
            entry["error"] = describe_error(record.exc_info[1])
            entry["where"] = _list_traceback_places(record.exc_info[1])
        return json.dumps(entry, ensure_ascii=False)


def set_up_logging(log_format: str) -> None:
    """Send all logs of this process to standard error, "plain" or "json", those of a web server included."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if log_format == "json" else PlainLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("peer_challenge").setLevel(logging.INFO)
    for name in _SERVERS:
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
