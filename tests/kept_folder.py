"""A folder for what is made once in a process and copied by its tests; it goes with the last test."""

import shutil
import tempfile
from functools import cache
from pathlib import Path


@cache
def kept_folder() -> Path:
    """The folder; each maker has a folder of its own in it."""
    return Path(tempfile.mkdtemp(prefix="kept-"))


def remove_kept_folder() -> None:
    """Remove it, if anything was kept."""
    if kept_folder.cache_info().currsize:
        shutil.rmtree(kept_folder(), ignore_errors=True)
