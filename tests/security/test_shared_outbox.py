"""Recipients may share their folder in the outbox: what one places there redirects and reveals nothing."""

import os
import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa

from peer_challenge.model.journey import OPENING
from peer_challenge.operations.backup import write_backup
from peer_challenge.operations.doctor import examine_installation
from peer_challenge.outbox.advance import advance_challenges
from peer_challenge.register import outbox
from peer_challenge.register import tables as t
from peer_challenge.register.database import Register
from peer_challenge.settings import Settings
from tests.factories import a_cycle
from tests.security.conftest import AT

pytestmark = pytest.mark.threat("outbox-writer")
AREA, OTHER = (participant.id for participant in a_cycle(4).participants[:2])


@pytest.fixture
def folder(settings: Settings) -> Path:
    """Where the cycle's documents go."""
    made = settings.outbox_folder / a_cycle(4).id
    made.mkdir(parents=True)
    return made


def test_a_recipients_folder_that_is_a_link_gets_nothing_and_the_others_get_theirs(
    register: Register, settings: Settings, folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "theirs").mkdir()
    (folder / AREA).symlink_to(tmp_path / "theirs")
    issued = advance_challenges(register, settings, AT).issued
    assert {one.recipient_id for one in issued} == {p.id for p in a_cycle(4).participants} - {AREA}
    assert list((tmp_path / "theirs").iterdir()) == []
    with register.writing() as connection:
        held = connection.execute(
            sa.select(t.dispatches).where(t.dispatches.c.state == outbox.HELD)
        ).fetchall()
        assert {one.recipient_id for one in held} == {AREA} and len(held) == len(OPENING)
        assert all("remove it, then release" in one.problem for one in held)
        for one in held:
            outbox.release_dispatch(connection, one.id, at=AT, actor="office")
    (folder / AREA).unlink()
    issued = advance_challenges(register, settings, AT).issued
    assert [one.recipient_id for one in issued] == [AREA] * len(OPENING)


@pytest.mark.parametrize("kind", ["file", "pipe"])
def test_what_is_no_folder_in_the_place_of_one_holds_that_recipients_documents_alone(
    register: Register, settings: Settings, folder: Path, kind: str
) -> None:
    (os.mkfifo if kind == "pipe" else Path.touch)(folder / AREA)
    assert len(advance_challenges(register, settings, AT).issued) == 3 * len(OPENING)


def test_a_link_in_the_place_of_a_draft_is_replaced_and_not_written_through(
    register: Register, settings: Settings, folder: Path
) -> None:
    precious = settings.home / "precious"
    precious.write_bytes(b"not ours")
    for number in range(20):
        (folder / f".draft-{number}").symlink_to(precious)
    assert len(advance_challenges(register, settings, AT).issued) == 4 * len(OPENING)
    assert precious.read_bytes() == b"not ours"


def test_a_folder_in_the_place_of_a_draft_holds_that_document_alone(
    register: Register, settings: Settings, folder: Path
) -> None:
    (folder / ".draft-2").mkdir()
    assert len(advance_challenges(register, settings, AT).issued) == 4 * len(OPENING) - 1
    with register.reading() as connection:
        held = connection.execute(
            sa.select(t.dispatches).where(t.dispatches.c.state == outbox.HELD)
        ).fetchall()
    assert [row.id for row in held] == [2] and "remove it, then release" in held[0].problem


@pytest.mark.parametrize("kind", ["link", "dangling", "pipe", "folder"])
def test_a_name_that_is_taken_by_something_else_is_left_alone(
    register: Register, settings: Settings, folder: Path, kind: str, tmp_path: Path
) -> None:
    whole = tmp_path / "whole"
    shutil.copytree(settings.home, whole)
    name = Path(advance_challenges(register, settings, AT).issued[0].path)
    here = settings.model_copy(update={"home": whole})
    place = here.outbox_folder / name
    place.parent.mkdir(parents=True)
    precious = tmp_path / "precious"
    precious.write_bytes(b"not ours")
    {
        "link": lambda: place.symlink_to(precious),
        "dangling": lambda: place.symlink_to(tmp_path / "nowhere"),
        "pipe": lambda: os.mkfifo(place),
        "folder": place.mkdir,
    }[kind]()
    again = Register(here.register_url, here.var / "locks")
    issued = advance_challenges(again, here, AT).issued
    again.close()
    assert len(issued) == len({one.path for one in issued}) == 4 * len(OPENING)
    assert precious.read_bytes() == b"not ours" and not (tmp_path / "nowhere").exists()


def test_doctor_and_backup_read_no_link_and_wait_for_no_pipe(
    register: Register, settings: Settings, tmp_path: Path
) -> None:
    issued = advance_challenges(register, settings, AT).issued
    secret = tmp_path / "secret"
    secret.write_bytes(b"a secret of the machine")
    for one, make in zip(issued, (lambda p: p.symlink_to(secret), os.mkfifo), strict=False):
        path = settings.outbox_folder / one.path
        path.unlink()
        make(path)
    (settings.outbox_folder / "all").symlink_to(tmp_path)
    [check] = [check for check in examine_installation(settings, AT) if check.name == "outbox"]
    assert not check.is_well and "2 altered" in check.saw
    write_backup(register, settings, tmp_path / "kept.zip", AT)
    assert b"secret" not in (tmp_path / "kept.zip").read_bytes()
