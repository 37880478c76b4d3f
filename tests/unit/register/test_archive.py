"""The archive keeps every original as it came, and says so when one is not."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from peer_challenge.register.archive import Archive, ArchiveDamaged

FORM = b"form"


@given(st.binary(max_size=5000))
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_put_in_comes_out(tmp_path: Path, data: bytes) -> None:
    archive = Archive(tmp_path)
    assert archive.get(archive.put(data)) == data


def test_putting_it_again_changes_nothing(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    assert archive.put(FORM) == archive.put(FORM)
    assert len(list(archive)) == 1


def test_a_missing_original_is_told(tmp_path: Path) -> None:
    with pytest.raises(ArchiveDamaged, match="missing"):
        Archive(tmp_path).get("0" * 64)


def _make_endless(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(200_000_000)  # holes, which take no room on the disk


def _move_and_link(path: Path) -> None:
    elsewhere = path.parent.parent.parent / "elsewhere"
    shutil.move(path, elsewhere)
    path.symlink_to(elsewhere)


def _replace(make: Callable[[Path], object]) -> Callable[[Path], None]:
    def damage(path: Path) -> None:
        shutil.rmtree(path) if path.is_dir() else path.unlink()
        make(path)

    return damage


def _in_its_folder(damage: Callable[[Path], object]) -> Callable[[Path], None]:
    return lambda path: damage(path.parent)


DAMAGES: dict[str, Callable[[Path], object]] = {
    "altered": lambda path: path.write_bytes(b"altered"),
    "cut short": lambda path: path.write_bytes(FORM[:2]),
    "removed": Path.unlink,
    "endless": _make_endless,
    "a link to the same words": _move_and_link,
    "a link to nowhere": _replace(lambda path: path.symlink_to("nowhere")),
    "a link to itself": _replace(lambda path: path.symlink_to(path)),
    "a link to a device": _replace(lambda path: path.symlink_to("/dev/zero")),
    "a pipe": _replace(os.mkfifo),
    "a folder": _replace(Path.mkdir),
    "its folder is a link": _in_its_folder(_move_and_link),
    "its folder is a file": _in_its_folder(_replace(Path.touch)),
    "its folder is a pipe": _in_its_folder(_replace(os.mkfifo)),
    "its folder is gone": _in_its_folder(shutil.rmtree),
}


@pytest.mark.threat("damaged-archive")
@pytest.mark.timeout(30)
@pytest.mark.parametrize("name", DAMAGES)
def test_a_damaged_original_is_told_and_whole_again_once_it_arrives_again(name: str, tmp_path: Path) -> None:
    (tmp_path / "archive").mkdir()
    archive = Archive(tmp_path / "archive")
    sha256 = archive.put(FORM)
    DAMAGES[name](archive.path_of(sha256))
    assert not archive.holds(sha256)
    with pytest.raises(ArchiveDamaged):
        archive.get(sha256)
    assert archive.put(FORM) == sha256
    assert archive.holds(sha256) and archive.get(sha256) == FORM
    assert not archive.path_of(sha256).is_symlink() and not archive.path_of(sha256).parent.is_symlink()


@pytest.mark.parametrize("name", DAMAGES)
def test_what_is_left_of_a_purged_original_is_removed_and_nothing_outside(name: str, tmp_path: Path) -> None:
    (tmp_path / "archive").mkdir()
    archive = Archive(tmp_path / "archive")
    sha256 = archive.put(FORM)
    DAMAGES[name](archive.path_of(sha256))
    outside = [path.read_bytes() for path in sorted(tmp_path.glob("elsewhere/*"))]
    archive.destroy(sha256)
    assert [path.read_bytes() for path in sorted(tmp_path.glob("elsewhere/*"))] == outside
    assert archive.has_remains(sha256) == (name in ("a folder", "its folder is a link"))


def test_an_original_that_is_not_ours_to_read_is_told_with_what_to_do(tmp_path: Path) -> None:
    if os.getuid() == 0:
        pytest.skip("wants an account that may not read everything")
    archive = Archive(tmp_path)
    sha256 = archive.put(FORM)
    archive.path_of(sha256).chmod(0)
    with pytest.raises(ArchiveDamaged) as refused:
        archive.get(sha256)
    assert "the right to read" in refused.value.remedy
