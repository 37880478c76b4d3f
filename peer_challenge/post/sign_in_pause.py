"""A pause after a mail server refused our sign-in: trying every two minutes would lock the account."""

import contextlib
import os
from datetime import datetime, timedelta
from pathlib import Path

from peer_challenge.settings import Settings
from peer_challenge.system.file_modes import make_private_folder, open_private

PAUSE = timedelta(minutes=30)
"""Most servers lock an account after a few wrong attempts within some minutes: two in an hour lock none."""


def is_sign_in_paused(settings: Settings, at: datetime) -> bool:
    """Whether the mailbox refused us less than half an hour before `at`, and nobody tried it since."""
    try:
        refused_at = datetime.fromisoformat(_file_of(settings).read_text(encoding="ascii").strip())
    except (OSError, ValueError):
        return False
    return refused_at <= at < refused_at + PAUSE


def note_refused_sign_in(settings: Settings, at: datetime) -> None:
    """Record that the mailbox refused us at `at`."""
    make_private_folder(settings.var)
    with os.fdopen(open_private(_file_of(settings)), "w", encoding="ascii") as file:
        file.write(at.isoformat())


def end_sign_in_pause(settings: Settings) -> None:
    """Let the next run sign in again: somebody has corrected the settings, or the trial went well."""
    with contextlib.suppress(FileNotFoundError):
        _file_of(settings).unlink()


def _file_of(settings: Settings) -> Path:
    return settings.var / "mailbox-refused"
