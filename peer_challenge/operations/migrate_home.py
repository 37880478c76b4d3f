"""Brings an installation's folders and its register to this version."""

import os

from peer_challenge.errors import WrongUse
from peer_challenge.operations.home_modes import tighten_home
from peer_challenge.operations.old_folders import move_old_folders
from peer_challenge.register.database import migrate_register
from peer_challenge.settings import Settings
from peer_challenge.system.file_modes import open_private


def migrate_installation(settings: Settings) -> None:
    """Bring an installation to this version and make what is missing. Can be killed anywhere, and run again.

    What an earlier version left in the inbox is moved, and what it left open to others on the machine is
    closed. Raises WrongUse.
    """
    settings.make_folders()
    try:
        move_old_folders(settings)
    except OSError as error:
        raise WrongUse(
            f"What an older version left in the inbox can't be moved ({os.strerror(error.errno or 0)}).",
            remedy="Give the account that runs this program the right to write to the inbox and all in it "
            "(docs/operations.md, Folders and rights), then run `peer-challenge migrate` again.",
        ) from None
    tighten_home(settings)
    if settings.database_url is None:  # SQLite gives the files beside it the mode of this one
        os.close(open_private(settings.var / "register.db", os.O_WRONLY | os.O_CREAT))
    migrate_register(settings)
