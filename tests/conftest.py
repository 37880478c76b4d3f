"""What every test shares: no Prefect server by accident, nothing phones home, files in memory.

Every installation waits for its disk many times, so that nothing is lost. Tests wait for it only where the
disk is what they are about.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

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


_LONGEST = (
    "web/test_rights.py",
    "unit/test_wheel.py",
    "flows/test_two_workers.py",
    "flows/test_rehearsal.py",
    "faults/test_serving.py",
    "faults/test_kills.py",
    "flows/test_rehearsal_by_email.py",
    "web/test_rehearsal.py",
    "faults/test_disk_and_database.py",
    "unit/dispatches/test_every_dispatch.py",
    "security/test_prefect.py",
    "faults/test_flow_kills.py",
    "flows/test_mailbox.py",
    "security/test_shared_inbox.py",
    "flows/test_dask.py",
    "unit/test_not_only_linux.py",
    "flows/test_nothing_quoted.py",
)
"""The files that take longest are begun first, so that the run does not end with one of them alone."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest first; the others stay as they are."""
    place = {Path(__file__).parent / name: number for number, name in enumerate(_LONGEST)}
    items.sort(key=lambda item: place.get(item.path, len(place)))
