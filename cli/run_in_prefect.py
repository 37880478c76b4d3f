"""Running our flows in this process, as runs that Prefect lists; and whether its server can be asked to."""

import logging
import os
from collections.abc import Callable

from cli.keep_running import is_answering
from cli.prefect_home import prepare_prefect
from peer_challenge.errors import PeerChallengeError
from peer_challenge.operations.prefect_access import find_prefect_api_url, read_password, takes_password
from peer_challenge.settings import Settings
from peer_challenge.system import logging_without_content

log = logging.getLogger("peer_challenge.watcher")
_ANSWER_SECONDS = 2.0
"""A document waits meanwhile: a server that is there answers sooner, and without one we do its work."""
_REQUEST_SECONDS = 10.0
"""Prefect's own default is a minute, for which a server that hangs would delay all that arrives."""


class PrefectAway(Exception):
    """Prefect's server can't be asked now: the same steps have to do without it."""


class FlowRunner:
    """Runs flows one at a time in this process. Prefect is imported when its server first answers."""

    def __init__(self, settings: Settings) -> None:
        prepare_prefect(settings)
        os.environ.setdefault("PREFECT_API_URL", find_prefect_api_url(settings))
        self._settings = settings
        self._url = os.environ["PREFECT_API_URL"]
        self._password: str | None = None
        self._is_loaded = False

    def is_server_there(self) -> bool:
        """Whether Prefect's server answers to the password that was made for it."""
        if self._url.startswith("http://") and not is_answering(f"{self._url}/health"):
            return False
        try:
            password = read_password(self._settings)
        except OSError:
            return False
        if password is None or not takes_password(self._url, password, seconds=_ANSWER_SECONDS):
            return False
        self._use_password(password)
        return True

    def run_flow(self, load_flow: Callable[[], Callable[[str], int]]) -> int:
        """Run a flow on this installation; what it returns. Raises PrefectAway, and what its steps raise.

        `load_flow` imports it. Steps that were taken before the server went stay taken.
        """
        if not self.is_server_there():
            raise PrefectAway
        self._load_prefect()
        from prefect.settings import (
            PREFECT_API_AUTH_STRING,
            PREFECT_API_REQUEST_TIMEOUT,
            PREFECT_API_URL,
            PREFECT_CLIENT_MAX_RETRIES,
            PREFECT_FLOWS_HEARTBEAT_FREQUENCY,
            temporary_settings,
        )

        settings = {
            PREFECT_API_URL: self._url,
            PREFECT_API_AUTH_STRING: self._password,
            PREFECT_API_REQUEST_TIMEOUT: _REQUEST_SECONDS,
            PREFECT_CLIENT_MAX_RETRIES: 1,
            PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None,  # a second for each run, and we are here while it runs
        }
        try:
            with temporary_settings(settings):
                return load_flow()(str(self._settings.home))
        except PeerChallengeError:
            raise
        except Exception as error:  # every failure of a step is one of ours: this is Prefect's own
            raise PrefectAway from error

    def _load_prefect(self) -> None:
        """Import Prefect, whose loggers take the place of ours, and put ours back.

        What a run says is on Prefect's page; here it would be twenty lines for each document.
        """
        if self._is_loaded:
            return
        from prefect.logging.configuration import setup_logging

        setup_logging()
        for name in ("prefect.flow_runs", "prefect.task_runs"):
            logging.getLogger(name).propagate = False
        logging_without_content.set_up_logging(self._settings.log_format)
        self._is_loaded = True

    def _use_password(self, password: str) -> None:
        """Take a password. Where it is another than before, what talks to the server begins again."""
        if self._password not in (None, password):
            from prefect.events.worker import EventsWorker
            from prefect.logging.handlers import APILogWorker

            for worker in (EventsWorker, APILogWorker):
                worker.drain_all(timeout=_ANSWER_SECONDS)
        self._password = password
