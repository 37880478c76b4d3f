"""A ZIP that the office uploads: the forms of several areas are each taken in by themselves."""

import io
import zipfile

import pytest

from peer_challenge.model.vocabulary import Kind
from tests.web.conftest import Client
from tests.web.world import World


def _zip_of(files: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return packed.getvalue()


def _send_zip(client: Client, packed: bytes) -> dict:
    data, headers = {"csrf_token": client.csrf}, {"Accept": "application/json"}
    (told,) = client.post(
        "/uploads", data=data, files={"files": ("all.zip", packed)}, headers=headers
    ).json()["files"]
    return told


def _names_in_inbox(world: World) -> list[str]:
    return sorted(path.name for path in world.settings.inbox_folder.iterdir() if path.is_file())


@pytest.fixture
def forms(own_world: World) -> dict[str, bytes]:
    return {name: own_world.filled(Kind.SELF_ASSESSMENT, name, seed=5) for name in ("ashcombe", "eastholme")}


def test_the_forms_of_several_areas_go_in_each_by_itself(
    own_world: World, as_own: Client, forms: dict[str, bytes]
) -> None:
    before = _names_in_inbox(own_world)
    files = {f"forms/{name}.docx": data for name, data in forms.items()} | {"__MACOSX/._x.docx": b"x"}
    told = _send_zip(as_own, _zip_of(files))
    assert told["is_in"] and told["why"] == "2 files of it, each by itself."
    assert set(_names_in_inbox(own_world)) - set(before) == {"ashcombe.docx", "eastholme.docx"}


def test_what_can_not_be_sent_is_told_by_its_name_and_the_others_go_in(
    own_world: World, as_own: Client, forms: dict[str, bytes]
) -> None:
    files = {f"{name}.docx": data for name, data in forms.items()} | {"nothing.docx": b""}
    told = _send_zip(as_own, _zip_of(files))
    assert not told["is_in"] and told["why"].startswith(
        "2 files of it, each by itself. Not sent: nothing.docx"
    )
    assert {"ashcombe.docx", "eastholme.docx"} <= set(_names_in_inbox(own_world))


def test_two_versions_of_one_form_stay_one_file_that_is_asked_about(own_world: World, as_own: Client) -> None:
    versions = {f"{n}.docx": own_world.filled(Kind.SELF_ASSESSMENT, "ashcombe", seed=n) for n in (5, 6)}
    assert _send_zip(as_own, _zip_of(versions))["is_in"]
    assert "all.zip" in _names_in_inbox(own_world)
