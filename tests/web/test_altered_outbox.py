"""What others made of a file in the outbox is given to nobody as the document that went out."""

import io
import os
import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dashboard.app import create_app
from peer_challenge.clock import SimulatedClock
from peer_challenge.model.vocabulary import DispatchKind
from peer_challenge.register import outbox
from tests.web.conftest import Client, Served, client_as
from tests.web.test_problems import check_problem
from tests.web.world import NOW, OFFICE, World, contact_of

pytestmark = pytest.mark.threat("outbox-writer")


@pytest.fixture
def own_served(own_world: World) -> Iterator[Served]:
    server = Served(create_app(own_world.settings, own_world.register, SimulatedClock(NOW)))
    yield server
    server.stop()


@pytest.fixture
def files(own_world: World) -> dict[str, tuple[int, Path]]:
    """The number and file of the form that each area was sent first."""
    found = {}
    for area in own_world.cycle.authors:
        kind = DispatchKind.SELF_ASSESSMENT_TEMPLATE.value
        [number] = own_world.dispatch_ids(kind=kind, recipient_id=area.id)
        with own_world.register.reading() as connection:
            path = outbox.load_dispatch(connection, number).path
        found[area.id] = number, own_world.settings.outbox_folder / str(path)
    return found


def _replace(make: Callable[[Path], object]) -> Callable[[Path, Path], object]:
    def change(mine: Path, _theirs: Path) -> None:
        mine.unlink()
        make(mine)

    return change


CHANGES: dict[str, Callable[[Path, Path], object]] = {
    "other words": lambda mine, _: mine.write_bytes(b"false words"),
    "another area's document": lambda mine, theirs: shutil.copy(theirs, mine),
    "a link to another area's document": lambda mine, theirs: (mine.unlink(), mine.symlink_to(theirs)),
    "cut short": lambda mine, _: os.truncate(mine, 100),
    "a pipe": _replace(os.mkfifo),
    "a folder": _replace(Path.mkdir),
}


@pytest.mark.parametrize("name", CHANGES)
def test_an_altered_file_is_given_to_nobody_and_said_in_words(
    name: str, own_served: Served, own_world: World, files: dict[str, tuple[int, Path]]
) -> None:
    area, other, *_ = files
    (number, mine), (_, theirs) = files[area], files[other]
    with client_as(own_served, own_world, contact_of(area)) as client:
        assert client.get(f"/dispatches/{number}/document").content == mine.read_bytes()
        CHANGES[name](mine, theirs)
        answer = client.get(f"/dispatches/{number}/document")
        check_problem(answer, 404)
        assert "not this document as it went out" in answer.text and "Ask the programme office" in answer.text
    with client_as(own_served, own_world, OFFICE) as office:
        answer = office.get(f"/dispatches/{number}/document")
        check_problem(answer, 404)
        assert mine.parent.name in answer.text


def test_an_altered_file_is_in_no_zip_of_an_areas_documents(as_own: Client, own_world: World) -> None:
    area = own_world.cycle.authors[0].id
    before = _names_in_zip(as_own, own_world, area)
    [altered, *_] = [name for name in before if name.startswith(f"{area}/went out/")]
    _, _, recipient, name = altered.split("/")
    (own_world.settings.outbox_folder / own_world.cycle.id / recipient / name).write_bytes(b"false words")
    assert set(_names_in_zip(as_own, own_world, area)) == set(before) - {altered}


def _names_in_zip(office: Client, world: World, area: str) -> list[str]:
    answer = office.post(
        f"/several/{world.cycle.id}/documents", data={"csrf_token": office.csrf, "area": [area]}
    )
    assert answer.status_code == 200, answer.text
    return zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
