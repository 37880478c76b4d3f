"""An office's own framework: uploaded, corrected, used by a cycle; its forms read back. On the page alone."""

import io
import re
from collections.abc import Iterator
from datetime import date
from html import unescape

import openpyxl
import pytest
from playwright.sync_api import Browser, Page, expect

from dashboard.app import create_app
from peer_challenge.advice.question_bank import find_bank_questions, find_questions
from peer_challenge.clock import SimulatedClock
from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.intake.read_claimed import load_known_from_register
from peer_challenge.model.access import Access
from peer_challenge.model.crosswalk import follow_crosswalk
from peer_challenge.model.framework import Framework
from peer_challenge.model.vocabulary import DispatchKind, Kind
from peer_challenge.outbox.render_in_children import render_all
from peer_challenge.register import people
from peer_challenge.register.cycles import load_stored
from peer_challenge.register.database import open_register
from peer_challenge.register.listings import list_journal_entries
from peer_challenge.settings import Settings
from peer_challenge.steering.check_framework_draft import check_framework_draft
from peer_challenge.steering.framework_drafts import load_framework_draft
from peer_challenge.steering.preview_draft import _own_facts
from peer_challenge.word.answers.read_document import read_document
from tests import framework_files as files
from tests.changed_forms import as_programs_without_marks_save
from tests.fill_form import fill_form
from tests.known_password import give_password
from tests.migrated import make_installation
from tests.web.conftest import Client, Served, client_as, context_as
from tests.web.test_day import faults
from tests.web.world import NOW, OFFICE, World


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """An empty folder, and somebody of the office."""
    settings = Settings(home=tmp_path_factory.mktemp("frameworks") / "home", settle_seconds=0)
    make_installation(settings)
    register = open_register(settings)
    with register.writing() as connection:
        people.add_person(connection, OFFICE, "Programme office", Access.OFFICE, at=NOW, actor="test")
        give_password(connection, OFFICE)
    yield World(settings, register, None)  # type: ignore[arg-type]
    register.close()


@pytest.fixture(scope="module")
def served(office: World) -> Iterator[Served]:
    server = Served(create_app(office.settings, office.register, SimulatedClock(NOW)))
    yield server
    server.stop()


@pytest.fixture(scope="module")
def client(served: Served, office: World) -> Iterator[Client]:
    with client_as(served, office, OFFICE) as client:
        yield client


class Desk:
    """What somebody of the office does on the pages, without JavaScript: forms as they are."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def see(self, path: str) -> str:
        answer = self._client.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.text

    def send(self, path: str, page: str = "", **fields: str) -> str:
        """Send a form of a page, with the hidden fields that it has; returns where it leads."""
        shown = self.see(page) if page else ""
        hidden = dict(re.findall(r'<input type="hidden" name="(seen|version)" value="([^"]*)"', shown))
        answer = self._client.post(path, data={"csrf_token": self._client.csrf, **hidden, **fields})
        assert answer.status_code == 303, (path, answer.status_code, _words(answer.text)[:600])
        return answer.headers["location"]

    def upload(self, name: str, raw: bytes) -> str:
        answer = self._client.post(
            "/frameworks",
            data={"csrf_token": self._client.csrf, "how": "file"},
            files={"file": (name, raw, "application/octet-stream")},
        )
        assert answer.status_code == 303, _words(answer.text)[:600]
        return answer.headers["location"].removesuffix("/file")


def _words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.partition("<main")[2]).split())


def test_a_word_template_becomes_a_framework_whose_forms_are_read_back_and_whose_ids_stay(
    office: World, client: Client
) -> None:
    desk = Desk(client)
    first = _make_framework(desk, office)
    cycle_id = _open_cycle(desk, office, first.id, "Vale 2027")
    _expect_form_comes_back(office, cycle_id, first)
    second = _make_next_version(desk, office, first)
    with office.register.reading() as connection:
        _, stored = load_stored(connection, cycle_id)
    assert stored == first  # what an open cycle uses is not changed under it
    assert (second.id, second.follows) == ("vale-standards-2", first.id)
    went = follow_crosswalk(first, second)
    assert went["leadership-and-accountability/shared-vision"] == (
        "leadership-and-accountability/our-shared-vision",
    )
    assert went["listening-to-children/how-children-are-heard"] == (
        "leadership-and-accountability/how-children-are-heard",
    )
    listed = _words(desk.see("/frameworks"))
    assert "Vale 2027" in listed
    assert "Earlier versions of your own" in listed


def _make_framework(desk: Desk, office: World) -> Framework:
    """Upload, look, correct a column and a row, give a title, save."""
    page = desk.upload("Vale standards.docx", files.word_with_a_table_for_each_area())
    shown = _words(desk.see(f"{page}/file"))
    assert "table 4" in shown
    assert "Equal and joint duty" in shown
    desk.send(f"{page}/file", f"{page}/file", **{"column-1": "questions"})
    area = f"{page}/areas/leadership-and-accountability"
    row = f"{area}/rows/shared-vision"
    desk.send(
        row,
        row,
        title="Shared vision",
        prompt="What do you share?",
        essentials="the police’s part\naudits",
        into="leadership-and-accountability",
        **{"descriptor-GREEN": "All can say it."},
    )
    desk.send(f"{row}/move", step="up")
    desk.send(f"{area}/rows/-", f"{area}/rows/-", title="", into="leadership-and-accountability")
    assert "Give the sub-heading a title." in _words(desk.see(page))
    desk.send(f"{area}/rows/untitled/remove", f"{area}/rows/untitled")
    assert desk._client.get(f"{page}/form.docx").content[:2] == b"PK"
    assert desk.send(f"{page}/use", page) == "/frameworks?done=saved"
    framework = shipped_frameworks(office.settings.own_frameworks)["vale-standards"]
    assert list(framework)[:2] == [
        "leadership-and-accountability/shared-vision",
        "leadership-and-accountability/equal-duty",  # as the shipped one of this title
    ]
    assert framework.words.headings.strengths == "Our evidence"
    assert [area.scope for area in framework.focus_areas] == ["core", "linked"]
    return framework


def _open_cycle(desk: Desk, office: World, framework_id: str, name: str) -> str:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Area", "Police force", "ICBs", "Contact name", "E-mail"])
    for number, area in enumerate(("Hollin Valley", "Saltmere", "Wrenfield", "Dunmere")):
        row = [area, f"Police {number % 2}", f"ICB {number % 2}", "Manager", f"office{number}@vale.example"]
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    draft = desk.send("/drafts", how="empty")
    desk.send(f"{draft}/framework", f"{draft}/framework", framework=framework_id)
    days = {"dates-opens": "11 January 2027", "dates-self_assessment_due": "26 February 2027"}
    desk.send(f"{draft}/dates", f"{draft}/dates", name=name, **days)
    answer = desk._client.post(
        f"{draft}/areas/table",
        data={"csrf_token": desk._client.csrf},
        files={"table": ("areas.xlsx", out.getvalue(), "x/y")},
    )
    assert answer.status_code == 303
    desk.send(f"{draft}/areas/table/use", f"{draft}/areas/table")
    desk.send(
        f"{draft}/sending",
        f"{draft}/sending",
        **{"office-name": "Office", "office-email": "office@vale.example"},
    )
    assert "to correct" not in _words(desk.see(f"{draft}/check"))
    desk.send(f"{draft}/open", f"{draft}/open")
    with office.register.reading() as connection:
        cycle, _ = load_stored(connection, name.lower().replace(" ", "-"))
    return cycle.id


def _expect_form_comes_back(office: World, cycle_id: str, framework: Framework) -> None:
    with office.register.reading() as connection:
        cycle, stored = load_stored(connection, cycle_id)
    facts = _own_facts(cycle, stored, DispatchKind.SELF_ASSESSMENT_TEMPLATE, date(2027, 1, 11))
    (blank,) = render_all(office.settings, [facts])
    answers = {
        (address, column): text
        for address in framework
        for column, text in (
            ("strengths", f"Strong at {address}."),
            ("development", f"To do at {address}."),
            ("rating", "AMBER"),
        )
    }
    file = office.settings.own_frameworks / f"{framework.id}.yaml"
    kept = file.read_text("utf-8")
    file.write_text(kept.replace("title: ", "title: Quite another "), "utf-8")  # by hand, under the cycle
    known = load_known_from_register(office.register, office.settings)
    file.write_text(kept, "utf-8")
    filled = fill_form(blank, answers)
    bare = read_document(as_programs_without_marks_save(filled), known)
    assert [row["strengths"] for row in bare.rows] == [f"Strong at {address}." for address in framework]
    reading = read_document(filled, known)
    assert (reading.kind, reading.cycle, reading.unmapped) == (Kind.SELF_ASSESSMENT, cycle_id, [])
    found = {(row["subheading"], c): row[c] for row in reading.rows for c in ("strengths", "development")}
    assert found == {key: text for key, text in answers.items() if key[1] != "rating"}


def _make_next_version(desk: Desk, office: World, first: Framework) -> Framework:
    """A version of a framework that a cycle uses: a row is reworded, another moved."""
    page = desk.send("/frameworks", how="other", framework=first.id)
    area = f"{page}/areas/leadership-and-accountability"
    row = f"{area}/rows/shared-vision"
    desk.send(f"{row}/remove", row)
    into = {"into": "leadership-and-accountability"}
    desk.send(f"{area}/rows/-", f"{area}/rows/-", title="Our shared vision", **into)
    heard = f"{page}/areas/listening-to-children/rows/how-children-are-heard"
    desk.send(heard, heard, title="How children are heard", **into)
    assert "Say whether it is the same" in _words(desk.see(page))
    shown = desk.see(f"{page}/origins")
    (number,) = re.findall(r'id="origin-(\d+)-hint"', shown)
    (address,) = re.findall(rf'name="address-{number}" value="([^"]+)"', shown)
    chosen = {f"address-{number}": address, f"origin-{number}": "leadership-and-accountability/shared-vision"}
    desk.send(f"{page}/origins", **chosen)
    desk.send(f"{page}/use", page)
    return shipped_frameworks(office.settings.own_frameworks)["vale-standards-2"]


def test_what_somebody_else_has_changed_is_not_overwritten(office: World, client: Client) -> None:
    desk = Desk(client)
    page = desk.upload("Other.xlsx", files.sheet_with_merged_themes())
    row = f"{page}/areas/listening-to-children/rows/how-children-are-heard"
    old = re.findall(r'name="seen" value="([^"]*)"', desk.see(row))[0]
    desk.send(row, row, title="Mine", into="listening-to-children")
    answer = client.post(
        row, data={"csrf_token": client.csrf, "seen": old, "title": "Theirs", "into": "listening-to-children"}
    )
    assert answer.status_code == 422
    assert "Theirs" in answer.text
    assert "Somebody else has changed this meanwhile." in _words(answer.text)
    assert desk.send(f"{page}/discard") == "/frameworks?done=discarded"
    assert client.get(page).status_code == 404


def test_a_file_that_can_not_be_used_says_so_on_the_page(client: Client) -> None:
    answer = client.post(
        "/frameworks",
        data={"csrf_token": client.csrf, "how": "file"},
        files={"file": ("a.pdf", b"%PDF-1.7", "application/pdf")},
    )
    assert answer.status_code == 422
    assert "Save it as a Word document" in _words(answer.text)


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 1280])
def test_the_pages_are_accessible_and_fit(
    chromium: Browser, served: Served, office: World, client: Client, width: int
) -> None:
    page_of = Desk(client).upload("Vale_plan.docx", files.word_with_rows_across())
    context = context_as(chromium, served, office, OFFICE, viewport={"width": width, "height": 800})
    page, wrong = context.new_page(), []
    area = f"{page_of}/areas/listening-to-children"
    for path in (
        "/frameworks",
        page_of,
        f"{page_of}/file",
        f"{page_of}/words",
        area,
        f"{area}/rows/how-children-are-heard",
    ):
        wrong += _look(page, path, width)
    page.get_by_label("Title of the sub-heading", exact=True).fill("")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Give the sub-heading a title.")
    wrong += faults(page)
    context.close()
    assert wrong == []


def _look(page: Page, path: str, width: int) -> list[str]:
    page.goto(path)
    wide = page.evaluate("document.documentElement.scrollWidth")
    return [*faults(page), *([f"{path} is {wide} wide"] if wide > width else [])]


def test_questions_for_peers_are_typed_on_the_page_and_the_pack_offers_them(
    office: World, client: Client
) -> None:
    desk = Desk(client)
    page = desk.send("/frameworks", how="other", framework="working-together-2026")
    row = f"{page}/areas/leadership/rows/lead-partners"
    assert "Usually: What have the three leads decided together" in unescape(desk.see(row))
    typed = {"title": "Lead partners", "into": "leadership"}
    desk.send(row, row, **typed, **{"questions-RED": "Who leads"})
    assert "question mark" in _words(desk.see(row))
    asked = "Who leads when all three are away?\nWho decides that?"
    desk.send(row, row, **typed, **{"questions-RED": asked})
    assert "question mark" not in _words(desk.see(row))
    number = int(page.rpartition("/")[2])
    with office.register.reading() as connection:
        draft = load_framework_draft(connection, number)
        framework = check_framework_draft(connection, office.settings, draft).framework
    assert framework is not None
    saved = framework.subheadings["leadership/lead-partners"]
    assert find_questions("leadership/lead-partners", saved, "RED") == tuple(asked.split("\n"))
    assert find_questions("leadership/lead-partners", saved, "GREEN") == find_bank_questions(
        ("leadership/lead-partners",), "GREEN"
    )
    desk.send(f"{page}/discard", page)


def test_a_framework_of_ones_own_is_deleted_only_while_nothing_uses_it(office: World, client: Client) -> None:
    desk, folder = Desk(client), office.settings.own_frameworks
    page = desk.upload("Spare standards.docx", files.word_with_a_table_for_each_area())
    desk.send(f"{page}/words", f"{page}/words", title="Spare standards", follows="")
    desk.send(f"{page}/use", page)
    path = "/frameworks/spare-standards"
    assert f'href="{path}/delete"' in desk.see("/frameworks")
    draft = desk.send("/drafts", how="empty")
    desk.send(f"{draft}/framework", f"{draft}/framework", framework="spare-standards")
    assert "A cycle in preparation uses it." in _words(desk.see(f"{path}/delete"))
    refused = client.post(f"{path}/delete", data={"csrf_token": client.csrf})
    assert refused.status_code == 422 and (folder / "spare-standards.yaml").exists()
    desk.send(f"{draft}/discard", draft)
    version = desk.send("/frameworks", how="other", framework="spare-standards")
    assert "A framework in preparation carries on from it." in _words(desk.see(f"{path}/delete"))
    desk.send(f"{version}/discard", version)
    kept = client.get(f"{path}/framework.yaml").content
    assert client.get(f"{path}/framework.xlsx").content[:2] == b"PK"
    assert desk.send(f"{path}/delete", f"{path}/delete") == "/frameworks?done=deleted"
    assert not (folder / "spare-standards.yaml").exists()
    assert client.get(f"{path}/delete").status_code == 404
    with office.register.reading() as connection:
        entry = list_journal_entries(connection, 1, event="framework deleted").rows[0]
    assert (entry.actor, entry.details["framework"]) == ("Programme office", "spare-standards")
    page = desk.upload("spare.yaml", kept)  # what was downloaded comes back
    assert "Spare standards" in _words(desk.see(page))
    desk.send(f"{page}/discard", page)
    assert "comes with the software" in _words(desk.see("/frameworks/working-together-2026/delete"))
