"""In what order things reach the disk, as the system was asked: whenever the power goes, nothing is lost.

A real intake and advance, traced. What follows from the order is in issue.py and take_in.py.
"""

import re
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from peer_challenge.model import journey
from tests import waiting
from tests.faults import kills
from tests.requirements import need

_CALL = re.compile(r"^\d+ +(\w+)\((.*)\) += 0")
_HANDLE = re.compile(r"\d+<([^>]*)>")
_NAME = re.compile(r'(?:(?:AT_FDCWD|\d+)<([^>]*)>, )?"((?:[^"\\]|\\.)*)"')  # a name, and the folder it is in
_RUN = "import sys; from pathlib import Path; from tests.faults import kills; kills.run(Path(sys.argv[1]))"


@dataclass(frozen=True)
class Asked:
    """One thing the system was asked to do, and did: its place in the order, and the paths it was about."""

    at: int
    what: str
    paths: tuple[Path, ...]


@pytest.fixture(scope="module")
def home(before: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(before, tmp_path_factory.mktemp("power") / "office"))


@pytest.fixture(scope="module")
def asked(home: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Asked]:
    """What a run asked of the disk, in order."""
    trace = tmp_path_factory.mktemp("trace") / "calls"
    calls = "trace=fsync,fdatasync,rename,renameat,renameat2,unlink,unlinkat"
    command = [need("strace"), "-f", "-y", "--seccomp-bpf", "-s", "4096", "-e", calls, "-o", str(trace)]
    waiting.run([*command, sys.executable, "-c", _RUN, home], check=True)
    found = []
    for line in trace.read_text(errors="replace").splitlines():
        if match := _CALL.match(line):
            if "sync" in match[1]:
                paths = [Path(name) for name in _HANDLE.findall(match[2])]
            else:
                paths = [Path(folder, name) for folder, name in _NAME.findall(match[2])]
            found.append(Asked(len(found), match[1], tuple(paths)))
    return found


def _synced(asked: list[Asked], path: Path) -> list[int]:
    return [one.at for one in asked if "sync" in one.what and one.paths == (path,)]


def _commits(asked: list[Asked], home: Path) -> list[int]:
    """When the register's transactions were on the disk."""
    return _synced(asked, home / "var" / "register.db-wal")


def _placed(asked: list[Asked], folder: Path) -> list[Asked]:
    """The renames that gave a finished file its name."""
    return [one for one in asked if "rename" in one.what and one.paths[1].is_relative_to(folder)]


def _next(moments: list[int], after: int) -> int:
    return min(moment for moment in moments if moment > after)


def test_an_original_is_on_the_disk_under_its_name_before_the_register_speaks_of_it(
    asked: list[Asked], home: Path
) -> None:
    kept = _placed(asked, kills.settings_of(home).archive_folder)
    assert len(kept) >= 5, "four forms and a file that is none"
    for one in kept:
        draft, name = one.paths
        assert min(_synced(asked, draft)) < one.at
        assert _next(_synced(asked, name.parent), one.at) < _next(_commits(asked, home), one.at)


def test_a_file_leaves_the_inbox_when_its_copy_is_on_the_disk(asked: list[Asked], home: Path) -> None:
    claims, inbox = kills.settings_of(home).intake_folder, kills.settings_of(home).inbox_folder
    claimed = {one.paths[1].name: one for one in _placed(asked, claims) if one.paths[1].suffix}
    gone = [one for one in asked if "unlink" in one.what and one.paths[0].parent == inbox]
    assert len(claimed) == len(gone) == 5, "two forms, one of them twice, an email of two, and a PDF"
    for one in gone:
        copy = claimed[one.paths[0].name.split("-", 2)[2]]
        draft, place = copy.paths
        assert min(_synced(asked, draft)) < copy.at < _next(_synced(asked, place.parent), copy.at) < one.at
        assert _next(_synced(asked, place.parent.parent), copy.at) < one.at


def test_a_copy_goes_when_its_document_is_recorded_and_not_before(asked: list[Asked], home: Path) -> None:
    claims = kills.settings_of(home).intake_folder
    gone = {
        one.paths[0].name: one.at
        for one in asked
        if "unlink" in one.what and one.paths[0].is_relative_to(claims) and one.paths[0].suffix
    }
    assert len(gone) == 5
    assert gone.pop("again.docx") > gone["0.docx"], "it says nothing new: there is nothing to record"
    for before, at in zip([0, *gone.values()], gone.values(), strict=False):
        assert _next(_commits(asked, home), before) < at


def test_a_dispatch_is_finished_announced_placed_and_told_in_this_order(
    asked: list[Asked], home: Path
) -> None:
    out = _placed(asked, home / "outbox")
    at_opening = 4 * len(journey.OPENING)
    assert len(out) == len(kills.outbox_of(home)) - at_opening
    for one in out:
        draft, place = one.paths
        finished = max(at for at in _synced(asked, draft) if at < one.at)
        named = _next(_synced(asked, draft.parent), finished)
        announced = _next(_commits(asked, home), named)
        seen = _next(_synced(asked, place.parent), one.at)
        told = _next(_commits(asked, home), one.at)
        assert finished < named < announced < one.at < seen < told
