"""What a test may want of the machine: skipped with the reason elsewhere, a failure in CI."""

import os
import shutil

import pytest


def need(program: str) -> str:
    """The path of `program`; where it is missing the test is skipped, or fails when CI is set."""
    found = shutil.which(program)
    if found:
        return found
    reason = f"wants {program}, which is not installed (.ci/run installs it on Debian)"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)
