"""The mailbox's schedule: on soon after the office has set a mailbox on the page, off when it is gone."""

import logging
import threading
import time

from cli.prefect_deployments import apply_deployments
from peer_challenge.settings import Settings, load_settings
from peer_challenge.steering.installation_settings import CurrentSettings
from peer_challenge.system.logging_without_content import describe_error

log = logging.getLogger("peer_challenge.worker")
_LOOK_SECONDS = 15.0
"""docs/operations.md promises half a minute: the rest is for Prefect to apply it."""


class MailboxSchedule:
    """Follows the settings of a running service: Prefect's deployments were applied with `settings`."""

    def __init__(self, settings: Settings) -> None:
        self._current = CurrentSettings(settings)
        self._is_on = bool(settings.imap_host)

    def follow_settings(self) -> bool:
        """Apply the deployments again where a mailbox was set or taken out since; whether that was done.

        Raises what Prefect's client raises; then the next call tries it again.
        """
        is_wanted = bool(self._current.read().imap_host)
        if is_wanted == self._is_on:
            return False
        apply_deployments()
        self._is_on = is_wanted
        return True


def begin_to_follow() -> None:
    """Follow the settings in a thread, for as long as this process lives."""
    schedule = MailboxSchedule(load_settings())

    def follow() -> None:
        while True:
            time.sleep(_LOOK_SECONDS)
            try:
                schedule.follow_settings()
            except Exception as error:  # Prefect's server may be away, in many ways: this only waits for it
                log.error("the mailbox's schedule is as before for now: %s", describe_error(error))

    threading.Thread(target=follow, daemon=True, name="follows the mailbox").start()
