"""Reports on the page: the region as it is now, sent to the office, given to the areas without names."""

import io
import zipfile

from peer_challenge.register import listings
from tests.web.conftest import As, Client
from tests.web.world import NOW, OFFICE, World, contact_of

AREA = "eastholme"


def send(client: Client, path: str, reason: str = "the board asked") -> int:
    return client.post(path, data={"csrf_token": client.csrf, "reason": reason}).status_code


def words_of(data: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        return parts.read("word/document.xml").decode()


def test_the_office_downloads_the_region_as_it_is_and_everything(world: World, as_: As) -> None:
    office, path = as_(OFFICE), f"/reports/{world.cycle.id}"
    assert "Made from 4 self-assessments" in office.get("/reports").text
    named = office.get(f"{path}/files/overview.docx").content
    assert all(area.name in words_of(named) for area in world.cycle.authors)
    packed = office.get(f"{path}/files/everything.zip")
    with zipfile.ZipFile(io.BytesIO(packed.content)) as files:
        assert {name.rpartition(".")[2] for name in files.namelist()} == {"docx", "xlsx", "csv"}
    assert office.get(f"{path}/files/other.docx").status_code == 404
    export = office.post("/reports/export", data={"csrf_token": office.csrf})
    with zipfile.ZipFile(io.BytesIO(export.content)) as files:
        assert "all-tables.xlsx" in files.namelist()
        assert any(name.startswith("originals/") for name in files.namelist())
    with world.register.reading() as connection:
        told = [entry.event for entry in listings.list_journal_entries(connection, 1, size=5).rows]
    assert told[:3] == ["installation exported", "regional report written", "regional report written"]


def test_areas_get_the_overview_without_a_name_once_a_day(world: World, as_: As) -> None:
    office, path = as_(OFFICE), f"/reports/{world.cycle.id}/areas"
    shown = office.get(path).text
    assert all(area.name in shown for area in world.cycle.authors)
    assert send(office, path, reason="") == 422
    assert send(office, path) == 303
    assert send(office, path) == 422
    world.advance(NOW)
    sent = world.dispatch_ids(kind="regional_overview_anonymised", state="issued")
    assert len(sent) == len(world.cycle.authors)
    mine: dict[int, bytes] = {}
    for number in sent:
        answer = as_(contact_of(AREA)).get(f"/dispatches/{number}/document")
        if answer.status_code == 200:
            mine[number] = answer.content
    (own,) = mine.values()  # an area gets its own copy and nobody else's
    body = words_of(own)
    assert "Regional overview" in body
    assert not [area.name for area in world.cycle.authors if area.name in body]
    listed = as_(contact_of(AREA)).get("/mine").text
    assert [number for number in sent if f"/dispatches/{number}/document" in listed] == [*mine]


def test_the_office_is_sent_the_overview_as_it_is_now(world: World, as_: As) -> None:
    office, path = as_(OFFICE), f"/reports/{world.cycle.id}/office"
    assert "It goes to" in office.get(path).text
    assert send(office, path) == 303
    world.advance(NOW)
    kinds = ("regional_overview", "regional_tables")
    assert all(len(world.dispatch_ids(kind=kind, recipient_id="office")) == 1 for kind in kinds)
