"""What the watcher's log says of Prefect's server: once when it goes, once when it comes."""

import logging
import time

from peer_challenge.system.logging_without_content import describe_error

_START_SECONDS = 60.0
"""How long a server that has not answered yet is taken to be starting."""


class PrefectAbsence:
    """Says in a log when Prefect's server is away, and when it is back.

    A server that only starts is no cause for a warning: until it has answered once, or a minute is over, its
    absence is said as information.
    """

    def __init__(self, log: logging.Logger, start_seconds: float = _START_SECONDS) -> None:
        self._log = log
        self._starts_until: float | None = time.monotonic() + start_seconds
        self._said = ""

    def note_away(self, cause: BaseException | None = None) -> None:
        """Note that steps run without it; `cause` is what it failed with, where it answered at all."""
        if self._starts_until is not None and time.monotonic() < self._starts_until:
            self._say("starts", logging.INFO, "Prefect's server is starting: the steps run without it")
            return
        why = describe_error(cause) if cause else "it does not answer"
        self._say("away", logging.WARNING, f"Prefect's server is away ({why}): the steps run without it")

    def note_there(self) -> None:
        """Note that a run went through it."""
        self._starts_until = None
        level = logging.INFO if self._said == "starts" else logging.WARNING
        if self._said:
            self._log.log(level, "Prefect's server is there: runs go through it")
        self._said = ""

    def _say(self, what: str, level: int, words: str) -> None:
        if self._said != what:
            self._log.log(level, "%s", words)
        self._said = what
