"""Files that an area sends with its form on the page: what became of them, and the office's decision."""

from collections.abc import Callable
from html import unescape
from zipfile import ZipFile

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from peer_challenge.intake.take_in import take_in_ready_documents
from peer_challenge.model.vocabulary import DispatchKind, Kind
from peer_challenge.register import challenges, evidence
from tests.unit.evidence.files import a_pdf, a_picture, a_word_document
from tests.web.conftest import As
from tests.web.world import NOW, OFFICE, World, contact_of

AUTHOR = "eastholme"
CHILD = "Jayden Smith, aged 7, told us."


@pytest.fixture(scope="module")
def path(world: World, as_: As) -> str:
    """The address of a challenge whose author has sent a new form with three files, on its page."""
    client = as_(contact_of(AUTHOR))
    assert "Files that go with a self-assessment" in client.get("/mine").text
    form = ("form.docx", world.filled(Kind.SELF_ASSESSMENT, AUTHOR, turn=2))
    files = [
        ("evidence", ("Appendix B - audit.pdf", a_pdf("We audited forty cases in the hub."))),
        ("evidence", ("minutes.docx", a_word_document(CHILD))),
        ("evidence", ("board.jpg", a_picture())),
    ]
    answer = client.post("/uploads", data={"csrf_token": client.csrf}, files=[("files", form), *files])
    assert "In the inbox" in answer.text
    nothing = client.post("/uploads", data={"csrf_token": client.csrf}, files=files)
    assert "Choose one form" in nothing.text
    take_in_ready_documents(world.register, world.settings, NOW)
    world.advance(NOW)
    return f"/challenges/{world.cycle.id}/{AUTHOR}"


def going(world: World) -> list[int]:
    return world.dispatch_ids(kind=DispatchKind.EVIDENCE)


def files_of(world: World) -> list[evidence.EvidenceFile]:
    with world.register.reading() as connection:
        return evidence.list_of_challenge(connection, f"{world.cycle.id}/{AUTHOR}")


def test_the_author_and_the_office_see_what_became_of_each_file_and_the_challenger_does_not(
    world: World, as_: As, path: str
) -> None:
    for email in (OFFICE, contact_of(AUTHOR)):
        page = unescape(as_(email).get(path).text)
        assert "3 files with it" in page and "Appendix B - audit.pdf" in page
        assert "not passed on: It may say who a child or a family is." in page
    with world.register.reading() as connection:
        challenge = challenges.find_challenge(connection, f"{world.cycle.id}/{AUTHOR}")
    assert challenge is not None and challenge.challenger_id is not None
    client = as_(contact_of(challenge.challenger_id))
    page = client.get(path).text
    assert "minutes.docx" not in page and "files with it" not in page
    first = min(going(world))
    assert client.get(f"/dispatches/{first}/document").content.startswith(b"%PDF")


def test_the_office_passes_on_what_it_has_read_and_says_why(world: World, as_: As, path: str) -> None:
    office, before = as_(OFFICE), len(going(world))
    [named] = [one for one in files_of(world) if one.details]
    page = office.get(f"/evidence/{named.id}").text
    assert "Pass it on" in page and "Jayden" not in page
    assert office.get(f"/evidence/{named.id}/file").content.startswith(b"PK")
    said = {"csrf_token": office.csrf, "decision": "pass on", "reason": ""}
    assert "There is no reason given." in office.post(f"/evidence/{named.id}", data=said).text
    said["reason"] = "The name is that of a published review"
    assert office.post(f"/evidence/{named.id}", data=said).status_code == 303
    world.advance(NOW)
    assert len(going(world)) == before + 1
    said["decision"] = "keep back"
    assert "has gone to the challenger already" in office.post(f"/evidence/{named.id}", data=said).text


def test_a_picture_waits_for_a_look_and_can_be_kept_back(world: World, as_: As, path: str) -> None:
    office = as_(OFFICE)
    [picture] = [one for one in files_of(world) if not one.has_words]
    [waiting] = world.dispatch_ids(kind=DispatchKind.EVIDENCE, state="to_look_at")
    assert office.get(f"/looks/{waiting}/file").content.startswith(b"\xff\xd8\xff")
    said = {"csrf_token": office.csrf, "decision": "keep back", "reason": "A child can be seen in it"}
    assert office.post(f"/evidence/{picture.id}", data=said).status_code == 303
    world.advance(NOW)
    assert world.dispatch_ids(kind=DispatchKind.EVIDENCE, state="to_look_at") == []
    assert "decided not to pass it on" in as_(contact_of(AUTHOR)).get(path).text


@pytest.mark.browser
def test_the_pages_have_no_fault_that_axe_finds(world: World, path: str, window: Callable[..., Page]) -> None:
    page = window(OFFICE, viewport={"width": 320, "height": 800})
    for address in (f"/evidence/{files_of(world)[1].id}", path, "/inbox"):
        page.goto(address)
        assert Axe().run(page).response["violations"] == [], address
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, address


@pytest.mark.browser
def test_evidence_chosen_in_a_browser_is_kept_with_its_form(
    world: World, path: str, window: Callable[..., Page]
) -> None:
    form = world.filled(Kind.SELF_ASSESSMENT, AUTHOR, turn=3)
    page = window(contact_of(AUTHOR))
    page.goto("/mine")
    page.set_input_files("#files", {"name": "form3.docx", "mimeType": "x/y", "buffer": form})
    plan = a_pdf("We plan to audit forty more cases.")
    page.set_input_files("#evidence", {"name": "plan.pdf", "mimeType": "application/pdf", "buffer": plan})
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_text("form3 and files.zip")).to_be_visible()
    with ZipFile(world.settings.inbox_folder / "form3 and files.zip") as sent:
        assert {"form3.docx", "plan.pdf"} <= set(sent.namelist())
