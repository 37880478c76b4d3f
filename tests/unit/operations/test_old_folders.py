"""Homes of older versions: what lay in the inbox is moved out of it, and nothing placed there is trusted."""

import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from peer_challenge.errors import NotMigrated
from peer_challenge.intake.inbox import make_inbox_from_settings
from peer_challenge.operations.migrate_home import migrate_installation
from peer_challenge.register.database import open_register
from peer_challenge.settings import Settings

FORM, REFUSED, REASON = b"a form that was being read", b"%PDF refused", b"This document was not taken in."


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A home as an older version left it: one document claimed, two rejected of the same name."""
    made = Settings(home=tmp_path / "home", settle_seconds=0)
    migrate_installation(made)
    shutil.rmtree(made.intake_folder)
    inbox = made.inbox_folder
    claim = inbox / ".taking" / "0123" / "00000"
    claim.mkdir(parents=True)
    (claim / "form.docx").write_bytes(FORM)
    (claim.parent / ".lock").write_text("machine 1\n")
    (inbox / "rejected").mkdir()
    for name, data in (("old.pdf", REFUSED), ("old (2).pdf", REFUSED + b"2")):
        (inbox / "rejected" / name).write_bytes(data)
        (inbox / "rejected" / f"{name}.reason.txt").write_bytes(REASON + data[-1:])
    return made


def _moved(settings: Settings) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in settings.rejected_folder.iterdir()}


WANTED = {
    "old.pdf": REFUSED,
    "old.pdf.reason.txt": REASON + REFUSED[-1:],
    "old (2).pdf": REFUSED + b"2",
    "old (2).pdf.reason.txt": REASON + b"2",
}


def test_an_old_home_is_refused_until_it_is_migrated_and_then_nothing_is_lost(settings: Settings) -> None:
    with pytest.raises(NotMigrated, match="older version"):
        open_register(settings)
    migrate_installation(settings)
    open_register(settings).close()
    assert _moved(settings) == WANTED
    assert [path.name for path in settings.inbox_folder.iterdir()] == ["form.docx"]
    assert (settings.inbox_folder / "form.docx").read_bytes() == FORM


def test_a_folder_that_somebody_makes_after_it_is_a_folder_like_any_other(settings: Settings) -> None:
    migrate_installation(settings)
    (settings.inbox_folder / "rejected").mkdir()
    (settings.inbox_folder / ".taking").write_text("a file")
    open_register(settings).close()


@pytest.mark.parametrize("name", ["rejected", ".taking"])
@pytest.mark.parametrize("target", ["var", "outbox"])
def test_an_old_folder_that_is_a_link_is_not_followed(settings: Settings, name: str, target: str) -> None:
    theirs = settings.home / target / "precious" / "0" / "pack.docx"
    theirs.parent.mkdir(parents=True)
    theirs.write_bytes(b"another area's")
    shutil.rmtree(settings.inbox_folder / name)
    (settings.inbox_folder / name).symlink_to(settings.home / target)
    migrate_installation(settings)
    open_register(settings).close()
    assert theirs.read_bytes() == b"another area's"


@pytest.mark.parametrize(
    "place", ["rejected/x.docx", ".taking/0123/00000/x.docx", ".taking/0123/.lock2", ".taking/y"]
)
@pytest.mark.parametrize("make", [os.mkfifo, lambda path: path.symlink_to("/etc/passwd")])
def test_links_and_pipes_in_old_folders_stay_where_they_are(
    settings: Settings, place: str, make: Callable[[Path], None]
) -> None:
    make(settings.inbox_folder / place)
    migrate_installation(settings)
    assert _moved(settings) == WANTED
    assert (settings.inbox_folder / "form.docx").read_bytes() == FORM
    assert os.path.lexists(settings.inbox_folder / place)


def test_a_document_that_was_being_read_goes_over_no_other(settings: Settings) -> None:
    (settings.inbox_folder / "form.docx").write_bytes(b"a later one")
    migrate_installation(settings)
    with make_inbox_from_settings(settings).claim(make_inbox_from_settings(settings).ready()[0]) as arrivals:
        assert sorted(a.path.read_bytes() for a in arrivals) == sorted([FORM, b"a later one"])
        assert {a.name for a in arrivals} == {"form.docx"}


@pytest.mark.parametrize("call", ["rename", "unlink", "link", "fsync"])
@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_killed_anywhere_and_run_again_it_is_whole(settings: Settings, call: str, number: int) -> None:
    child = os.fork()
    if child == 0:
        real, made = getattr(os, call), 0

        def counted(*given: object, **named: object) -> object:
            nonlocal made
            made += 1
            if made == number:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*given, **named)

        setattr(os, call, counted)
        try:
            migrate_installation(settings)
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    migrate_installation(settings)
    assert _moved(settings) == WANTED
    with make_inbox_from_settings(settings).claim(make_inbox_from_settings(settings).ready()[0]) as arrivals:
        # a kill between two names for one file leaves both: intake knows the same bytes again
        assert {(a.name, a.path.read_bytes()) for a in arrivals} == {("form.docx", FORM)}
