"""Temporary files: private, and those of a killed process are gone at the next start."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from peer_challenge.operations.temporary_files import own_temporary_folder, remove_left_files
from peer_challenge.settings import Settings
from tests.requirements import need

SENTENCE = "a sentence that only one area wrote"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path)


def _killed_with_files(settings: Settings) -> None:
    child = os.fork()
    if child == 0:
        with own_temporary_folder(settings) as folder:
            Path(tempfile.mkdtemp(), "in.rtf").write_text(SENTENCE)
            assert folder.exists()
            os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)


def _holding(home: Path) -> list[Path]:
    return [path for path in home.rglob("*") if path.is_file() and SENTENCE in path.read_text("latin-1")]


def test_what_a_killed_process_left_is_gone_at_the_next_start(settings: Settings) -> None:
    _killed_with_files(settings)
    assert _holding(settings.home)
    with own_temporary_folder(settings):
        assert _holding(settings.home) == []


def test_what_a_living_process_has_stays(settings: Settings) -> None:
    with own_temporary_folder(settings) as mine:
        (mine / "in.rtf").write_text(SENTENCE)
        with own_temporary_folder(settings) as other:
            assert remove_left_files(settings) == 0
            assert mine != other and _holding(settings.home) == [mine / "in.rtf"]
        assert not other.exists() and mine.exists()


def test_only_this_account_can_enter_and_afterwards_all_is_as_before(settings: Settings) -> None:
    before = os.environ.get("TMPDIR"), tempfile.gettempdir()
    with own_temporary_folder(settings) as folder:
        assert Path(tempfile.gettempdir()) == folder
        for path in (settings.temporary_folder, folder):
            assert stat.S_IMODE(path.stat().st_mode) == 0o700
    assert (os.environ.get("TMPDIR"), tempfile.gettempdir()) == before
    assert list(settings.temporary_folder.iterdir()) == []


@pytest.mark.libreoffice
def test_killed_in_the_middle_of_a_conversion_nothing_of_the_document_is_left(settings: Settings) -> None:
    need("soffice")
    code = (
        "import sys; from pathlib import Path; from peer_challenge.settings import Settings\n"
        "from peer_challenge.operations.temporary_files import own_temporary_folder\n"
        "from peer_challenge.word.package.convert_with_libreoffice import convert_to_docx\n"
        "with own_temporary_folder(Settings(home=Path(sys.argv[1]))):\n"
        f"    convert_to_docx(b'{{\\\\rtf1 ' + b'{SENTENCE} ' * 200000 + b'}}', 'rtf')\n"
    )
    converting = subprocess.Popen([sys.executable, "-c", code, str(settings.home)])
    while not list(settings.temporary_folder.glob("*/pc-convert-*/in.rtf")):
        assert converting.poll() is None
        time.sleep(0.02)
    converting.kill()
    converting.wait()
    assert list(settings.temporary_folder.glob("*/pc-convert-*"))
    with own_temporary_folder(settings) as own:
        assert [path for path in settings.temporary_folder.iterdir() if path != own] == []


def test_a_folder_that_is_a_link_is_not_cleared(settings: Settings, tmp_path: Path) -> None:
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    (theirs / "precious").write_text("not ours")
    settings.temporary_folder.mkdir(parents=True, mode=0o700)
    (settings.temporary_folder / "0123").symlink_to(theirs)
    with own_temporary_folder(settings):
        assert (theirs / "precious").exists()
    shutil.rmtree(theirs)
