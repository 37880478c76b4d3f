"""A Prefect server for the length of one command: started early, so that it is ready when needed."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

from cli import prefect_app
from cli.prefect_home import make_access_variables
from peer_challenge.errors import PeerChallengeError
from peer_challenge.operations import prefect_access
from peer_challenge.system.end_with_parent import Tie
from peer_challenge.system.process_stillness import Stillness

EMPTY_DATABASE = Path(sys.prefix) / "share" / "peer-challenge" / f"prefect-{version('prefect')}.db"
"""Prefect's database as its migrations leave it, made at set-up (scripts/prefect_database.py)."""

_STILL_SECONDS = 60  # in which the server neither ran nor wanted to: on a busy machine it takes long
_IDLE_SERVICES = (
    "SCHEDULER",
    "LATE_RUNS",
    "TRIGGERS",
    "FOREMAN",
    "CANCELLATION_CLEANUP",
    "PAUSE_EXPIRATIONS",
    "EVENT_PERSISTER",
    "REPOSSESSOR",
)
_NO_BLOCKS = {  # the flows use none, and a server that stays registers them when it starts
    "PREFECT_API_BLOCKS_REGISTER_ON_START": "false",
    "PREFECT_MEMOIZE_BLOCK_AUTO_REGISTRATION": "false",
}


class PrefectDidNotStart(PeerChallengeError):
    """The local Prefect server did not come up."""

    exit_code = 8
    remedy = (
        "Run the same command again; if it happens again, see docs/operations.md, Prefect does not start."
    )


class LocalPrefect:
    """The server's process; `wait()` returns once it answers. It has a password of its own, kept nowhere."""

    def __init__(self) -> None:
        is_migrated = begin_with_empty_database()
        self._port = _find_free_port()
        self.api_url = f"http://127.0.0.1:{self._port}/api"
        self.access = make_access_variables(prefect_access.new_password(), self.api_url.removesuffix("/api"))
        services = {f"PREFECT_SERVER_SERVICES_{name}_ENABLED": "false" for name in _IDLE_SERVICES}
        self._tie = Tie()
        self._process = subprocess.Popen(
            prefect_app.build_server_command("127.0.0.1", self._port, log_level="critical"),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            process_group=0,  # Ctrl-C is for us: an interrupted run still tells the server that it ended
            pass_fds=[self._tie.handle],
            env={
                **os.environ,
                **self.access,
                **self._tie.environment,
                **services,
                **_NO_BLOCKS,
                "PREFECT_API_DATABASE_MIGRATE_ON_START": str(not is_migrated).lower(),
                "PREFECT__SERVER_EPHEMERAL": "1",
                "PREFECT__SERVER_FINAL": "1",
                "PREFECT_UI_ENABLED": "0",
            },
        )
        self._tie.hand_over()

    def wait(self) -> None:
        """Return once the server answers. Raises PrefectDidNotStart."""
        stillness = Stillness(self._process.pid)
        while self._process.poll() is None and stillness.look() < _STILL_SECONDS:
            if prefect_access.takes_password(self.api_url, self.access["PREFECT_API_AUTH_STRING"], seconds=5):
                return
            # Ten looks a second: a start takes some seconds, and nobody waits longer for the look.
            time.sleep(0.1)
        raise PrefectDidNotStart("The local Prefect server did not start.")

    def stop(self) -> None:
        """End the server."""
        self._process.terminate()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._tie.cut()


def begin_with_empty_database() -> bool:
    """Give a Prefect without a database the empty one made at set-up; returns whether it did.

    Without it, Prefect makes its own.
    """
    database = Path(os.environ["PREFECT_HOME"]) / "prefect.db"
    if not EMPTY_DATABASE.exists() or database.exists():
        return False
    database.parent.mkdir(parents=True, exist_ok=True)
    draft = database.with_name(f".{database.name}.{os.getpid()}")
    shutil.copyfile(EMPTY_DATABASE, draft)
    draft.replace(database)  # whole or not at all
    return True


def _find_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def local_prefect() -> Iterator[LocalPrefect]:
    """Start a Prefect server for this process to use, and end it afterwards.

    The server may still be starting when it is given: `wait()` returns once it answers.
    """
    server = LocalPrefect()
    os.environ |= {"PREFECT_API_URL": server.api_url, **server.access}
    try:
        yield server
    finally:
        server.stop()
