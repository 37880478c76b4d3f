"""What a test may want of the machine: skipped with the reason elsewhere, a failure in CI."""

import ctypes.util
import os
import shutil
from typing import NoReturn

import pytest


def need(program: str) -> str:
    """The path of `program`; where it is missing the test is skipped, or fails when CI is set."""
    return shutil.which(program) or _miss(program)


def need_library(name: str) -> str:
    """The file of a system library; where it is missing the test is skipped, or fails when CI is set."""
    return ctypes.util.find_library(name) or _miss(f"lib{name}")


def _miss(what: str) -> NoReturn:
    reason = f"wants {what}, which is not installed (.ci/run installs it on Debian)"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)
