"""Recipients may share their folder in the outbox: what one places there redirects and reveals nothing."""

import os
import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from peer_challenge.model.journey import OPENING
from peer_challenge.model.messages import Delivery, MessageState
from peer_challenge.operations.doctor import examine_installation
from peer_challenge.operations.personal_data import find_personal_data
from peer_challenge.operations.write_backup import write_backup
from peer_challenge.outbox.do_what_is_due import advance_challenges
from peer_challenge.outbox.issue import OutboxUnwritable
from peer_challenge.post.deliver import deliver_messages
from peer_challenge.register import outbox
from peer_challenge.register import tables as t
from peer_challenge.register.database import Register
from peer_challenge.register.issued_files import read_issued_file
from peer_challenge.register.records import Dispatch
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


def _replace(path: Path, make: Callable[[Path], object]) -> None:
    path.unlink()
    make(path)


def _swap(one: Path, other: Path) -> None:
    one.rename(one.with_name("aside"))
    other.rename(one)
    one.with_name("aside").rename(other)


BETWEEN: dict[str, tuple[int, Callable[[Path], object]]] = {
    "the draft is taken away": (1, lambda folder: (folder / ".draft-1").unlink()),
    "the draft says something else": (1, lambda folder: (folder / ".draft-1").write_bytes(b"false words")),
    "the drafts of two areas are swapped": (
        2,
        lambda folder: _swap(folder / ".draft-1", folder / ".draft-3"),
    ),
    "the draft is made a link": (1, lambda folder: _replace(folder / ".draft-1", _link_to_nowhere)),
    "the draft is made a pipe": (1, lambda folder: _replace(folder / ".draft-1", os.mkfifo)),
    "the draft is made a folder": (1, lambda folder: _replace(folder / ".draft-1", Path.mkdir)),
    "the cycle's folder is moved away": (8, lambda folder: folder.rename(folder.with_name("away"))),
    "the recipient's folder is made a link to another's": (
        2,
        lambda folder: ((folder / AREA).rmdir(), (folder / AREA).symlink_to(OTHER)),
    ),
}
"""What somebody does between a draft and its place, and how many documents have to be held for it."""


def _link_to_nowhere(path: Path) -> None:
    path.symlink_to("nowhere")


@pytest.fixture
def between(register: Register) -> Iterator[list[Callable[[], object]]]:
    """What is put into it is done once, when the register has recorded where drafts are about to go."""
    todo: list[Callable[[], object]] = []
    seen = []

    def note(_c: object, _cursor: object, statement: str, parameters: object, *_: object) -> None:
        if statement.startswith("UPDATE dispatches") and "placing" in str(parameters):
            seen.append(statement)

    def act(_connection: object) -> None:
        if seen and todo:
            todo.pop()()

    sa.event.listen(register.engine, "before_cursor_execute", note)
    sa.event.listen(register.engine, "commit", act)
    yield todo
    assert not todo, "it was never done"


def _of_state(register: Register, state: str) -> list[Dispatch]:
    with register.reading() as connection:
        rows = connection.execute(sa.select(t.dispatches).where(t.dispatches.c.state == state)).fetchall()
    return [Dispatch.from_row(row) for row in rows]


@pytest.mark.parametrize("name", BETWEEN)
def test_what_is_changed_before_it_is_in_its_place_is_held_and_nothing_else(
    name: str,
    register: Register,
    settings: Settings,
    folder: Path,
    between: list[Callable[[], object]],
) -> None:
    held, change = BETWEEN[name]
    between.append(lambda: change(folder))
    advance_challenges(register, settings, AT)
    for one in _of_state(register, outbox.ISSUED):
        assert read_issued_file(settings.outbox_folder, one), "what counts as sent is there, as it was made"
    waiting = _of_state(register, outbox.HELD)
    assert len(waiting) == held
    assert all("release" in (one.problem or "") for one in waiting)
    assert not [p for p in settings.outbox_folder.rglob("*.docx") if p.read_bytes() == b"false words"]


def test_an_areas_own_file_of_the_very_name_is_never_replaced(
    register: Register, settings: Settings, between: list[Callable[[], object]], tmp_path: Path
) -> None:
    copy = settings.model_copy(update={"home": Path(shutil.copytree(settings.home, tmp_path / "copy"))})
    again = Register(copy.register_url, copy.var / "locks")
    name = advance_challenges(again, copy, AT).issued[0].path
    again.close()
    place = settings.outbox_folder / name
    between.append(lambda: place.write_bytes(b"the area's own words"))
    advance_challenges(register, settings, AT)
    [held] = _of_state(register, outbox.HELD)
    with register.writing() as connection:
        outbox.release_dispatch(connection, held.id, at=AT, actor="office")
    [issued] = advance_challenges(register, settings, AT).issued
    assert issued.path.endswith(" (2).docx")
    assert place.read_bytes() == b"the area's own words"


@pytest.mark.parametrize("kind", ["link", "file", "pipe"])
def test_a_cycles_folder_that_is_none_is_told_and_gets_nothing(
    register: Register, settings: Settings, kind: str, tmp_path: Path
) -> None:
    place = settings.outbox_folder / a_cycle(4).id
    (tmp_path / "theirs").mkdir()
    {
        "link": lambda: place.symlink_to(tmp_path / "theirs"),
        "file": place.touch,
        "pipe": lambda: os.mkfifo(place),
    }[kind]()
    with pytest.raises(OutboxUnwritable, match=f"folder {place.name}") as told:
        advance_challenges(register, settings, AT)
    assert "move it away" in told.value.remedy
    assert list((tmp_path / "theirs").iterdir()) == []
    place.unlink()
    assert len(advance_challenges(register, settings, AT).issued) == 4 * len(OPENING)


@pytest.mark.parametrize("kind", ["link", "file", "folder"])
def test_a_draft_of_an_email_without_a_place_is_told_and_the_others_are_written(
    register: Register, settings: Settings, folder: Path, kind: str
) -> None:
    settings = settings.model_copy(update={"delivery": Delivery.DRAFTS})
    place = folder / "To send"
    if kind == "folder":
        (place / ".draft-message-1").mkdir(parents=True)
    else:
        place.touch() if kind == "file" else place.symlink_to(AREA)
    advance_challenges(register, settings, AT)
    deliver_messages(register, settings, AT)
    with register.reading() as connection:
        rows = connection.execute(sa.select(t.messages).order_by(t.messages.c.id)).fetchall()
    stopped = [row for row in rows if row.state == MessageState.ON_HOLD]
    assert len(stopped) == (1 if kind == "folder" else len(rows)) and len(rows) == 4
    assert all("let the message go again" in row.problem for row in stopped)
    assert list((folder / AREA).glob("*.eml")) == []


def test_a_backup_leaves_out_what_has_no_end_in_the_outbox(
    register: Register, settings: Settings, tmp_path: Path
) -> None:
    issued = advance_challenges(register, settings, AT).issued
    with (settings.outbox_folder / a_cycle(4).id / AREA / "endless.docx").open("wb") as file:
        file.truncate(200_000_000)
    write_backup(register, settings, tmp_path / "kept.zip", AT)
    names = zipfile.ZipFile(tmp_path / "kept.zip").namelist()
    assert not any("endless" in name for name in names)
    assert {f"outbox/{one.path}" for one in issued} <= set(names)


def test_what_is_not_ours_in_the_outbox_stops_no_backup_and_no_search_for_a_person(
    register: Register, settings: Settings, folder: Path, tmp_path: Path
) -> None:
    if os.getuid() == 0:
        pytest.skip("wants an account that may not read everything")
    issued = advance_challenges(register, settings, AT).issued
    (folder / AREA / "theirs.docx").touch(0)
    (folder / AREA / "theirs").mkdir(0)
    (folder / AREA / "Jo Smith.docx").touch()
    write_backup(register, settings, tmp_path / "kept.zip", AT)
    assert {f"outbox/{one.path}" for one in issued} <= set(zipfile.ZipFile(tmp_path / "kept.zip").namelist())
    [held] = find_personal_data(register, settings, "Jo Smith", at=AT, actor="office")
    assert (held.where, held.times) == ("outbox", 1)
    (folder / AREA / "theirs").chmod(0o700)
