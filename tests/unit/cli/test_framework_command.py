"""`peer-challenge framework`: says what it understood of a file, and writes a framework."""

import json
from pathlib import Path

import pytest

from cli.framework_output import make_framework_from_file
from peer_challenge.cycle_file.load_framework import load_framework
from peer_challenge.errors import WrongUse
from peer_challenge.settings import Settings
from tests import framework_files as files
from tests.migrated import make_installation
from tests.web.world import NOW


def _run(path: Path, home: Path, **options: object) -> int:
    chosen = {"to": None, "is_trial": False, "as_json": False, **options}
    return make_framework_from_file(path, at=NOW, home=home, **chosen)  # type: ignore[arg-type]


def test_a_file_is_understood_written_once_and_refused_where_it_can_not_be_used(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = tmp_path / "home"
    path = tmp_path / "Vale standards.docx"
    path.write_bytes(files.word_with_a_table_for_each_area())
    with pytest.raises(WrongUse, match="no installation"):
        _run(path, home)
    assert _run(path, home, to=tmp_path / "own.yaml") == 0
    make_installation(Settings(home=home))
    assert _run(path, home, is_trial=True) == 0
    assert not (home / "frameworks").exists()
    assert _run(path, home) == 0
    assert load_framework(home / "frameworks" / "vale-standards.yaml") == load_framework(
        tmp_path / "own.yaml"
    )
    capsys.readouterr()
    assert _run(path, home, as_json=True) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["written"] is None
    assert "Another framework has this title" in told["problems"][0]["message"]
    assert [area["title"] for area in told["framework"]["focus_areas"]] == [area for area, _ in files.AREAS]
    (tmp_path / "a.docx").write_bytes(b"no document")
    with pytest.raises(WrongUse, match=r"a\.docx"):
        _run(tmp_path / "a.docx", home)
