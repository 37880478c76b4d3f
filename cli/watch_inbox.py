"""What `peer-challenge watch` does: whatever arrives in the inbox goes through a run of the intake flow.

While Prefect's server is away the same steps run without it, and the log says so.
"""

import contextlib
import logging
import threading
import time
from collections.abc import Callable

from cli.prefect_absence import PrefectAbsence
from cli.run_in_prefect import FlowRunner, PrefectAway
from cli.terminal import console
from peer_challenge.clock import read_clock
from peer_challenge.errors import PeerChallengeError
from peer_challenge.intake.batches_to_take import ReadyFiles
from peer_challenge.intake.inbox import make_inbox_from_settings
from peer_challenge.intake.take_in import start_worker_processes, take_in_ready_documents
from peer_challenge.model.sentences import say_how_many
from peer_challenge.outbox.do_what_is_due import AlreadyAdvancing, advance_and_deliver
from peer_challenge.outbox.made_files import list_waiting
from peer_challenge.register.database import Register
from peer_challenge.settings import Settings
from peer_challenge.system.logging_without_content import describe_error

log = logging.getLogger("peer_challenge.watcher")
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 30.0
"""Seconds before a failed intake is tried again: longer each time, and never so long that people notice."""


def keep_taking(settings: Settings, register: Register) -> None:
    """Take in what arrives until interrupted."""
    from peer_challenge.intake.watch import watch_for_arrivals
    from peer_challenge.system import logging_without_content

    logging_without_content.set_up_logging(settings.log_format)
    watcher = Watcher(settings, register)
    console.print(f"Watching {settings.inbox_folder}. Stop with Ctrl-C.", highlight=False)
    start_worker_processes(register, settings)  # so that the first document waits no longer than the others
    watcher.is_loading = True
    threading.Thread(target=watcher.begin_with_prefect, daemon=True, name="waits for Prefect").start()
    for _ in watch_for_arrivals(settings):
        watcher.look_once()


class Watcher:
    """Takes in what is in the inbox each time it is told to look, and goes on whatever fails."""

    def __init__(self, settings: Settings, register: Register) -> None:
        self._settings, self._register = settings, register
        self._runner = FlowRunner(settings)
        self._absence = PrefectAbsence(log)
        self.is_loading = False
        """Whether Prefect is being imported, which takes seconds: no document waits for that."""

    def look_once(self) -> bool:
        """Take in what is ready and answer it; whether that went well. What failed is tried again."""
        try:
            self._take_what_is_there()
        except (PeerChallengeError, OSError) as error:
            log.error("the inbox could not be taken in now; it is tried again: %s", describe_error(error))
            return False
        return True

    def begin_with_prefect(self) -> None:
        """Once Prefect's server answers, run `advance`: the first run takes seconds of imports."""
        try:
            pause = _FIRST_PAUSE
            while not self._runner.is_server_there():
                time.sleep(pause)
                pause = min(pause * 1.2, _LONGEST_PAUSE)
            with contextlib.suppress(PrefectAway, PeerChallengeError):
                self._runner.run_flow(_advance_flow)
        finally:
            self.is_loading = False

    def _take_what_is_there(self) -> None:
        inbox = make_inbox_from_settings(self._settings)
        ready = ReadyFiles(inbox)
        if ready.look() or inbox.unsettled():
            count = self._run(lambda: self._intake_flow(ready), lambda: self._take_in_plainly(ready))
            log.info("%s taken in", say_how_many(count, "document", "documents"))
        elif list_waiting(self._register) or not self._runner.is_server_there():
            self._run(_advance_flow, self._advance_plainly)

    def _run(self, load_flow: Callable[[], Callable[[str], int]], plainly: Callable[[], int]) -> int:
        """Run a flow; where Prefect's server is away, the same steps. The log says when that changes."""
        try:
            if self.is_loading:
                raise PrefectAway
            count = self._runner.run_flow(load_flow)
        except PrefectAway as away:
            self._absence.note_away(away.__cause__)
            return plainly()
        self._absence.note_there()
        return count

    @staticmethod
    def _intake_flow(ready: ReadyFiles) -> Callable[[str], int]:
        from flows.intake import intake
        from tasks.intake_tasks import hand_over

        def run_intake(home: str) -> int:
            with hand_over(ready):
                return intake(home)

        return run_intake

    def _take_in_plainly(self, ready: ReadyFiles) -> int:
        taken = take_in_ready_documents(
            self._register, self._settings, read_clock(), ready=ready, then=self._advance_plainly
        )
        return len(taken.table)

    def _advance_plainly(self) -> int:
        try:
            return len(advance_and_deliver(self._register, self._settings, read_clock()).issued)
        except AlreadyAdvancing:
            return 0


def _advance_flow() -> Callable[[str], int]:
    from flows.advance import advance as advance_flow

    return advance_flow
