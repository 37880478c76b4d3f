"""The office begins a rehearsal on its page, sees how far it is, and has its board and its documents."""

import io
import os
import re
import subprocess
import sys
import zipfile
from html import unescape

import psutil
import pytest
from playwright.sync_api import Browser, expect

from peer_challenge.errors import WrongUse
from peer_challenge.operations import kept_rehearsal
from peer_challenge.operations.kept_rehearsal import (
    MARK,
    RehearsalState,
    begin_rehearsal,
    locate_rehearsal,
    look_at_rehearsal,
    read_mark,
)
from peer_challenge.register import listings
from peer_challenge.settings import Settings
from tests.waiting import wait_until
from tests.web.conftest import Client, Served, context_as
from tests.web.test_new_cycle import Looks
from tests.web.world import NOW, OFFICE, World

BEGIN = """
import sys, time
from pathlib import Path
from peer_challenge.clock import read_clock
from peer_challenge.operations.kept_rehearsal import begin_rehearsal
from peer_challenge.register.database import open_register
from peer_challenge.settings import Settings
settings = Settings(home=Path(sys.argv[1]))
begin_rehearsal(open_register(settings), settings, at=read_clock(), actor="test")
time.sleep(3600)
"""
"""A service that begins a rehearsal, and is killed before an hour is over."""


def post(as_new: Client, path: str) -> str:
    answer = as_new.post(path, data={"csrf_token": as_new.csrf}, follow_redirects=True)
    return unescape(answer.text)


@pytest.mark.slow
@pytest.mark.browser
def test_a_rehearsal_runs_to_its_end_and_its_documents_can_be_had(
    chromium: Browser, new_served: Served, as_new: Client, new_office: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = new_office.settings
    # what the service is told of its own register and server, the rehearsal must not know
    monkeypatch.setenv("PEER_CHALLENGE_DATABASE_URL", "postgresql://nobody@nowhere.example/register")
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    monkeypatch.setattr(kept_rehearsal, "AREAS", 4)  # as few as there may be: it takes half a minute less
    monkeypatch.setattr(kept_rehearsal, "NICE", 0)  # other tests do not go first
    context = context_as(chromium, new_served, new_office, OFFICE, viewport={"width": 320, "height": 800})
    page, look = context.new_page(), Looks(320, with_axe=True)
    page.goto("/")
    look(page)
    page.get_by_role("link", name="Look at a rehearsal").click()
    look(page)
    page.get_by_role("button", name="Begin the rehearsal").click()
    expect(page.get_by_role("heading", name="The rehearsal is running")).to_be_visible()
    look(page)
    assert "A rehearsal is running already." in post(as_new, "/rehearsal")
    assert "The rehearsal is running." in post(as_new, "/rehearsal/remove")
    wait_until(
        lambda: look_at_rehearsal(settings).state is not RehearsalState.RUNNING,
        "it ends",
        os.getpid(),
        patience=600,
    )
    expect(page.get_by_role("heading", name="The rehearsal has ended")).to_be_visible()  # by itself
    look(page)
    assert look.wrong == []
    context.close()

    shown = as_new.get("/rehearsal").text
    assert shown.count('data-head="Stage">closed') == 4
    data = as_new.get("/rehearsal/documents.zip").content
    names = zipfile.ZipFile(io.BytesIO(data)).namelist()
    assert len(names) == len(set(re.findall(r"/rehearsal/documents/\d+", shown))) > 150
    one = re.search(r"/rehearsal/documents/\d+", shown)
    assert one is not None and as_new.get(one[0]).content[:2] == b"PK"
    assert as_new.get("/rehearsal/documents/999999").status_code == 404
    with new_office.register.reading() as connection:
        assert listings.list_unpurged_cycles(connection) == []  # nothing of it is here
        entry = listings.list_journal_entries(connection, 1, event="rehearsal begun").rows[0]
    assert entry.actor == "Programme office" and list(settings.outbox_folder.iterdir()) == []
    assert "are deleted" in post(as_new, "/rehearsal/remove")
    assert not locate_rehearsal(settings).exists() and "No cycle is open" in as_new.get("/").text


def test_a_rehearsal_that_stops_says_why_and_a_folder_of_something_else_is_left_alone(
    as_new: Client, new_office: World
) -> None:
    folder = locate_rehearsal(new_office.settings)
    folder.mkdir()
    (folder / "minutes.docx").write_bytes(b"ours")
    assert "something other than a rehearsal" in post(as_new, "/rehearsal")
    assert "There is no rehearsal here." in post(as_new, "/rehearsal/remove")
    assert (folder / "minutes.docx").read_bytes() == b"ours"
    (folder / "minutes.docx").unlink()
    (folder / MARK).write_text('{"areas": 6, "seed": 2027}')
    (folder / "var").write_text("no folder")
    post(as_new, "/rehearsal")
    wait_for_end(new_office.settings)
    page = unescape(as_new.get("/rehearsal").text)
    assert "The rehearsal stopped before its end" in page and "It said:" in page
    assert "Go on with the rehearsal" in page


def wait_for_end(settings: Settings) -> None:
    wait_until(
        lambda: look_at_rehearsal(settings).state is not RehearsalState.RUNNING, "it ends", os.getpid()
    )


def test_a_rehearsal_is_stopped_on_its_page_and_then_deleted(as_new: Client, new_office: World) -> None:
    settings = new_office.settings
    assert "No rehearsal is running." in post(as_new, "/rehearsal/stop")
    assert "Stop the rehearsal" in post(as_new, "/rehearsal")
    wait_until(lambda: read_mark(locate_rehearsal(settings)) is not None, "it has a folder", os.getpid())
    assert "The rehearsal is told to stop." in post(as_new, "/rehearsal/stop")
    wait_for_end(settings)
    page = unescape(as_new.get("/rehearsal").text)
    assert "Somebody stopped it, or the service was started again." in page
    assert "No rehearsal is running." in post(as_new, "/rehearsal/stop")
    with new_office.register.reading() as connection:
        assert len(listings.list_journal_entries(connection, 1, event="rehearsal stopped").rows) == 1
    assert "are deleted" in post(as_new, "/rehearsal/remove")
    assert look_at_rehearsal(settings).state is RehearsalState.NONE


def test_a_rehearsal_that_died_as_it_began_is_gone_on_with_or_deleted(
    as_new: Client, new_office: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, folder = new_office.settings, locate_rehearsal(new_office.settings)
    monkeypatch.setattr(kept_rehearsal, "AREAS", 1)  # refused before there is a folder
    post(as_new, "/rehearsal")
    wait_for_end(settings)
    assert "It said:" in unescape(as_new.get("/rehearsal").text) and not (folder / MARK).exists()
    assert "are deleted" in post(as_new, "/rehearsal/remove")
    assert look_at_rehearsal(settings).state is RehearsalState.NONE

    folder.mkdir(exist_ok=True)
    (folder / MARK).write_text('{"are')  # killed while it wrote its mark
    (folder / "inbox").mkdir()
    assert "are deleted" in post(as_new, "/rehearsal/remove") and not folder.exists()
    monkeypatch.setattr(kept_rehearsal, "AREAS", 4)
    folder.mkdir()
    (folder / MARK).write_text('{"are')
    post(as_new, "/rehearsal")
    wait_until(lambda: read_mark(folder) == {"areas": 4, "seed": 2027}, "it begins again", os.getpid())
    post(as_new, "/rehearsal/stop")
    wait_for_end(settings)


def test_a_rehearsal_runs_until_it_has_ended_itself_and_not_only_the_service_that_began_it(
    new_office: World,
) -> None:
    settings = new_office.settings
    service = subprocess.Popen([sys.executable, "-c", BEGIN, str(settings.home)])
    begun: list[psutil.Process] = []

    def find_command() -> list[psutil.Process]:
        children = psutil.Process(service.pid).children()
        begun[:] = [one for one in children if "rehearse" in one.cmdline()]
        return begun

    try:
        wait_until(find_command, "the rehearsal has begun", service.pid)
        begun[0].suspend()  # it is still ending when the service is gone
        service.kill()
        service.wait()
        assert look_at_rehearsal(settings).state is RehearsalState.RUNNING
        with pytest.raises(WrongUse, match="running already"):
            begin_rehearsal(new_office.register, settings, at=NOW, actor="test")
    finally:
        service.kill()
        for one in begun:
            one.kill()
    wait_for_end(settings)
