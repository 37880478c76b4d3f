"""The archive keeps every original as it came, and says so when one is not."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from peer_challenge.register.archive import Archive, ArchiveDamaged


@given(st.binary(max_size=5000))
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_put_in_comes_out(tmp_path: Path, data: bytes) -> None:
    archive = Archive(tmp_path)
    assert archive.get(archive.put(data)) == data


def test_putting_it_again_changes_nothing(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    assert archive.put(b"form") == archive.put(b"form")
    assert len(list(archive)) == 1


def test_an_altered_original_is_told_and_mended_by_its_second_arrival(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    sha256 = archive.put(b"form")
    archive.path_of(sha256).write_bytes(b"altered")
    with pytest.raises(ArchiveDamaged):
        archive.get(sha256)
    archive.put(b"form")
    assert archive.get(sha256) == b"form"


def test_a_missing_original_is_told(tmp_path: Path) -> None:
    with pytest.raises(ArchiveDamaged, match="missing"):
        Archive(tmp_path).get("0" * 64)
