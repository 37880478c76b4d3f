"""What every test shares: no Prefect server by accident, nothing phones home, files in memory.

Every installation waits for its disk many times, so that nothing is lost. Tests wait for it only where the
disk is what they are about.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator

import hypothesis
import pytest

from tests.kept_folder import remove_kept_folder

os.environ["PREFECT_SERVER_ALLOW_EPHEMERAL_MODE"] = "false"
os.environ["PREFECT_SERVER_ANALYTICS_ENABLED"] = "false"
os.environ["GX_ANALYTICS_ENABLED"] = "false"
os.environ["DO_NOT_TRACK"] = "1"

_MEMORY, _ROOM = "/dev/shm", 6_000_000_000
if "TMPDIR" not in os.environ and os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _ROOM:
    os.environ["TMPDIR"] = _MEMORY
    tempfile.tempdir = None  # it may have been asked for already

# an example may take as long as a busy machine makes it take: what is to be fast is measured in bench/
hypothesis.settings.register_profile(
    "steady", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("steady")


@pytest.fixture(scope="session", autouse=True)
def _kept() -> Iterator[None]:
    """What was made once is removed after the last test."""
    yield
    remove_kept_folder()
