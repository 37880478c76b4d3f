"""A new installation in a moment: the migrations run once in each process, and their register is copied."""

import tempfile
from functools import cache
from pathlib import Path

from peer_challenge.operations.migrate_home import migrate_installation
from peer_challenge.settings import Settings
from peer_challenge.system.folder_handles import write_private


@cache
def _migrate_once() -> bytes:
    """A register of this version with nothing in it."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder))
        migrate_installation(settings)
        return (settings.var / "register.db").read_bytes()


def make_installation(settings: Settings) -> None:
    """What `migrate_installation` makes where nothing is yet."""
    register = settings.var / "register.db"
    if settings.database_url is None and not register.exists():
        settings.make_folders()
        write_private(register, _migrate_once())
    migrate_installation(settings)
