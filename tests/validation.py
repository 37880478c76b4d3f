"""Whether Office documents are valid: the Open XML SDK's word for it, and openxml-audit's."""

import json
import os
import shutil
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from openxml_audit import OpenXmlValidator

from peer_challenge.paths import ROOT
from tests import waiting
from tests.requirements import need

ALLOWED: dict[str, str] = {
    "inline-string cell(s)": "openpyxl writes a text inside its cell; Excel reads it, and moves it on saving",
}
"""Findings of openxml-audit that do no harm: part of the description, and why it may stay."""

_OWN = ROOT / "node_modules" / ".bin"
_PROGRAM = "ooxml-validator"


def sdk_validator() -> str:
    """The path of the SDK's validator; a test without it is skipped, or fails in CI."""
    return shutil.which(_PROGRAM, path=f"{_OWN}{os.pathsep}{os.environ.get('PATH', '')}") or need(_PROGRAM)


def sdk_problems(file: Path, program: str) -> list[str]:
    """What the Open XML SDK finds wrong with a file. Its exit code says nothing; `ok` in its JSON does."""
    done = waiting.run([program, file])
    told = json.loads(done.stdout)
    if told["ok"]:
        return []
    return [f"{file.name}: {e.get('path', '')} {e['description']}" for e in told["errors"]] or [
        f"{file.name}: not ok"
    ]


def audit_problems(file: Path) -> list[str]:
    """What openxml-audit finds wrong with a file, less what is ALLOWED."""
    found = [str(error.description) for error in OpenXmlValidator().validate(file).errors]
    return [f"{file.name}: {one}" for one in found if not any(part in one for part in ALLOWED)]


def problems(files: Iterable[Path]) -> list[str]:
    """Everything that both validators find wrong with `files` (.docx, .pptx, .xlsx), two at a time."""
    program, asked = sdk_validator(), list(files)
    with ThreadPoolExecutor(2) as pool:
        told = list(pool.map(lambda file: sdk_problems(file, program), asked))
    return [one for some in told for one in some] + [one for file in asked for one in audit_problems(file)]


def assert_valid(files: Iterable[Path]) -> None:
    """Fail with every problem of every file."""
    if found := problems(files):
        pytest.fail("\n".join(found))
