"""What the tests of dispatches share: the shipped templates and every sample, rendered once."""

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from peer_challenge.dispatches.kinds import KINDS
from peer_challenge.dispatches.render_dispatch import render_dispatch_file
from peer_challenge.dispatches.samples import check_office_templates
from peer_challenge.dispatches.samples.sample_facts import sample_facts
from peer_challenge.model.vocabulary import DispatchKind, Role
from peer_challenge.system.bounded_work import BoundedWorker, Bounds
from peer_challenge.word.write.render_template import WordTemplates

CASES = [
    (kind, role)
    for kind, row in KINDS.items()
    if row.marks is None and row.ending not in ("ics", "eml", "")
    for role in (row.readers if len(row.readers) > 1 else (None,))
]
"""Every letter and report with pages, to everybody who gets one in words of their own."""


@pytest.fixture(scope="session", autouse=True)
def kept_children() -> Iterator[None]:
    """Children for templates are kept from test to test: to begin one takes seconds."""
    children: dict[str, BoundedWorker] = {}

    def call_kept(module: str, function: str, bounds: Bounds, *given: object) -> object:
        child = children.setdefault(function, BoundedWorker(module, function, bounds))
        return child.call(*given)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(check_office_templates, "call_once", call_kept)
        yield
    for child in children.values():
        child.end()


@pytest.fixture(scope="session")
def templates() -> WordTemplates:
    """The shipped templates."""
    return WordTemplates()


@pytest.fixture(scope="session")
def rendered(templates, tmp_path_factory) -> dict[tuple[DispatchKind, Role | None], Path]:
    """Every letter and report of the sample region, as a file."""
    folder = tmp_path_factory.mktemp("dispatches")
    files = {}
    for kind, role in CASES:
        name = f"{kind.value}{f'_{role.value}' if role else ''}.{KINDS[kind].ending}"
        files[kind, role] = folder / name
        files[kind, role].write_bytes(render_dispatch_file(sample_facts(kind, role), templates))
    return files


def every_part(file: Path) -> str:
    """All that a package holds as text, XML and all."""
    with zipfile.ZipFile(file) as package:
        return "\n".join(
            package.read(n).decode("utf-8", "replace") for n in package.namelist() if n[-4:] != ".png"
        )
