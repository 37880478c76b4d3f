"""The office restores a backup on its page while nothing has been opened, and never over what is there."""

import json
import re
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from peer_challenge.operations.backup_seal import find_backup_key
from peer_challenge.operations.backups_folder import list_backups
from peer_challenge.operations.restore_here import restore_backup_here
from peer_challenge.operations.what_a_backup_holds import list_held_files
from peer_challenge.operations.write_backup import write_backup
from peer_challenge.register import journal, listings, people
from peer_challenge.system.folder_handles import files_below
from tests.web.conftest import As, Client, Served, context_as
from tests.web.test_new_cycle import Looks
from tests.web.world import NOW, OFFICE, World, contact_of


@pytest.fixture
def backup(world: World, tmp_path: Path) -> tuple[Path, str]:
    """An encrypted backup of an installation in the middle of a cycle, and its key."""
    path = tmp_path / "last week.zip.age"
    (world.settings.inbox_folder / "waits.docx").write_bytes(b"still to be read")
    write_backup(world.register, world.settings, path, NOW, encrypts=True)
    (world.settings.inbox_folder / "waits.docx").unlink()
    key = find_backup_key(world.settings)
    assert key is not None
    return path, key.text


def send(as_new: Client, path: Path, secret: str) -> str:
    with path.open("rb") as file:
        fields = {"csrf_token": as_new.csrf, "secret": secret}
        return as_new.post("/restore", data=fields, files={"file": (path.name, file)}).text


def files_of(world: World) -> dict[str, set[str]]:
    settings = world.settings
    folders = (settings.archive_folder, settings.outbox_folder, settings.rejected_folder)
    return {folder.name: {str(path) for path in files_below(folder)} for folder in folders}


@pytest.mark.browser
@pytest.mark.parametrize("has_javascript", [True, False])
def test_a_backup_is_restored_on_the_page(
    chromium: Browser,
    new_served: Served,
    new_office: World,
    world: World,
    backup: tuple[Path, str],
    has_javascript: bool,
) -> None:
    path, key = backup
    size = {"width": 320, "height": 800}
    context = context_as(
        chromium, new_served, new_office, OFFICE, viewport=size, java_script_enabled=has_javascript
    )
    page, look = context.new_page(), Looks(320, with_axe=has_javascript)
    page.goto("/")
    page.get_by_role("link", name="Restore a backup").click()
    look(page)
    page.set_input_files("#file", path)
    page.get_by_role("button", name="Check what is in it").click()
    expect(page.get_by_role("alert")).to_contain_text("Type the key")
    look(page)
    page.get_by_label("Or one that is on this machine").select_option(path.name)
    page.get_by_label("The key of the installation").fill(key)
    page.get_by_role("button", name="Check what is in it").click()
    expect(page.locator("main")).to_contain_text("originals of documents that came in")
    look(page)
    page.get_by_role("button", name="Restore it now").click()
    expect(page.get_by_role("status").first).to_contain_text("The backup is restored.")
    expect(page.locator("h1")).to_contain_text(world.cycle.name)
    page.get_by_role("link", name="Journal", exact=True).click()
    expect(page.locator("main")).to_contain_text("Whole")
    expect(page.locator("table")).to_contain_text("restored from a backup")
    assert look.wrong == []
    page.goto("/restore")
    expect(page.locator("main")).to_contain_text("nothing was restored")
    context.close()
    assert files_of(new_office) == files_of(world)
    waiting = [one.name for one in new_office.settings.inbox_folder.iterdir()]
    assert waiting == ["waits.docx"]
    with new_office.register.reading() as connection:
        assert people.find_user_by_email(connection, contact_of(world.cycle.authors[0].id)) is not None
        assert journal.Chain().broken_at(connection) is None
        entry = listings.list_journal_entries(connection, 1, event="restored from a backup").rows[0]
    assert entry.actor == "Programme office" and entry.details["made_at"] == NOW.isoformat()
    assert find_backup_key(new_office.settings) == find_backup_key(world.settings)


def test_nothing_is_restored_over_what_is_there(
    world: World, as_: As, as_new: Client, new_office: World, backup: tuple[Path, str]
) -> None:
    path, key = backup
    used = as_(OFFICE)
    assert "A cycle has been opened" in send(used, path, key)
    assert list_backups(world.settings) == []
    letter = new_office.settings.inbox_folder / "letter.docx"
    letter.write_bytes(b"a letter")
    assert "files of yours here already" in send(as_new, path, key)
    letter.unlink()
    assert "is whole" in send(as_new, path, key)
    letter.write_bytes(b"came meanwhile")
    fields = {"csrf_token": as_new.csrf, "name": path.name, "secret": key}
    assert "files of yours here already" in as_new.post("/restore/use", data=fields).text
    assert letter.read_bytes() == b"came meanwhile"
    with new_office.register.reading() as connection:
        assert listings.list_unpurged_cycles(connection) == []


def test_what_is_no_backup_or_is_altered_is_refused_in_words_and_not_kept(
    as_new: Client, new_office: World, backup: tuple[Path, str], tmp_path: Path
) -> None:
    path, key = backup
    notes = tmp_path / "notes.docx"
    notes.write_bytes(b"notes")
    assert "This is not a backup" in send(as_new, notes, "")
    altered = tmp_path / "altered.zip.age"
    altered.write_bytes(path.read_bytes()[:-40] + bytes(40))
    assert "Use another backup." in send(as_new, altered, key)
    with zipfile.ZipFile(tmp_path / "plain.zip", "w") as plain:
        plain.writestr("something.txt", "else")
    assert "Use another backup." in send(as_new, tmp_path / "plain.zip", key)
    assert list_backups(new_office.settings) == []
    page = as_new.post("/restore", data={"csrf_token": as_new.csrf}).text
    assert "Choose a backup first." in page and not re.search("AGE-SECRET-KEY-1[A-Z]", page.replace(key, ""))


def test_a_restore_that_fails_midway_leaves_nothing_behind(
    new_office: World, backup: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from peer_challenge.operations import restore_here
    from peer_challenge.operations.backup_seal import BackupKey

    path, key = backup

    def fail(*_given: object) -> None:
        raise OSError("the disk is full")

    with new_office.register.reading() as connection:
        user = people.find_user_by_email(connection, OFFICE)
    assert user is not None
    how = {"key": BackupKey(key), "user_id": user.id, "at": NOW, "actor": "office"}
    with monkeypatch.context() as patch:
        patch.setattr(restore_here, "_replace_register", fail)
        with pytest.raises(OSError, match="full"):
            restore_backup_here(new_office.register, new_office.settings, path, **how)  # type: ignore[arg-type]
    assert not any(files_of(new_office).values())
    done = restore_backup_here(new_office.register, new_office.settings, path, **how)  # type: ignore[arg-type]
    assert done.files > 30 and any(files_of(new_office).values())


class Killed(BaseException):
    """As a kill ends a process: nothing is tidied up after it."""


@pytest.mark.parametrize("killed_at", ["_replace_register", "_hand_in_waiting"])
def test_what_waited_in_the_inbox_is_not_lost_when_a_restore_is_killed(
    new_office: World, backup: tuple[Path, str], monkeypatch: pytest.MonkeyPatch, killed_at: str
) -> None:
    from peer_challenge.operations import restore_here
    from peer_challenge.operations.backup_seal import BackupKey

    path, key = backup

    def kill(*_given: object) -> None:
        raise Killed

    with new_office.register.reading() as connection:
        user = people.find_user_by_email(connection, OFFICE)
    assert user is not None
    how = {"key": BackupKey(key), "user_id": user.id, "at": NOW, "actor": "office"}
    inbox = new_office.settings.inbox_folder
    with monkeypatch.context() as patch:
        patch.setattr(restore_here, killed_at, kill)
        patch.setattr(restore_here, "_remove_files", lambda *_given: None)
        patch.setattr(restore_here.shutil, "rmtree", lambda *_given, **_how: None)
        with pytest.raises(Killed):
            restore_backup_here(new_office.register, new_office.settings, path, **how)  # type: ignore[arg-type]
    assert not list(inbox.glob("*.docx"))
    if killed_at == "_replace_register":  # what a killed process has noted stays
        noted = json.dumps(list_held_files(new_office.settings))
        (new_office.settings.var / "restoring.json").write_text(noted)
    found = restore_here.finish_killed_restore(new_office.register, new_office.settings)
    if killed_at == "_replace_register":
        assert found == 0 and not list(inbox.glob("*.docx"))
        restore_backup_here(new_office.register, new_office.settings, path, **how)  # type: ignore[arg-type]
    assert (inbox / "waits.docx").read_bytes() == b"still to be read"
    assert restore_here.finish_killed_restore(new_office.register, new_office.settings) == 0
