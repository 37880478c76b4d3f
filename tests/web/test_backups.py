"""Backups and retention on the page: made, checked, refused when altered; held, lifted, destroyed."""

import errno
import re
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from dashboard.app import create_app
from peer_challenge.clock import SimulatedClock
from peer_challenge.operations.backups_folder import list_backups, locate_backups
from peer_challenge.register import listings
from peer_challenge.register import tables as t
from peer_challenge.settings import load_settings
from peer_challenge.system.file_modes import make_private_folder
from tests.known_password import PASSWORD
from tests.web.conftest import As, Client, Served, client_as
from tests.web.world import NOW, OFFICE, World


def post(client: Client, path: str, **fields: str) -> str:
    answer = client.post(path, data={"csrf_token": client.csrf, **fields}, follow_redirects=True)
    return answer.text


def test_a_backup_is_made_downloaded_checked_and_refused_when_altered(world: World, as_: As) -> None:
    office = as_(OFFICE)
    assert "No backup yet. Make one now" in office.get("/backups").text
    assert "The backup is made." in post(office, "/backups")
    (kept,) = list_backups(world.settings)
    page = office.get("/backups").text
    assert kept.is_encrypted and kept.name in page and re.search(r"Last backup: on .* not checked", page)
    data = office.get(f"/backups/files/{kept.name}").content
    assert len(data) == kept.size and data.startswith(b"age-encryption.org/")
    told = post(office, "/backups/check", name=kept.name)
    assert "is whole." in told and "originals of documents that came in" in told
    assert re.search(r"Last backup: on \w+ \d+ \w+ \d{4}, \d\d:\d\d, \d+ files, checked, made by", told)
    copy = locate_backups(world.settings) / "altered.zip.age"
    copy.write_bytes(data[:-40] + bytes(40))
    assert "Use another backup." in post(office, "/backups/check", name="altered.zip.age")
    assert office.get("/backups/files/..%2Fsettings.toml").status_code == 404
    assert "AGE-SECRET-KEY" not in post(office, "/backups/key")
    key = re.search(r"AGE-SECRET-KEY-1\w+", post(office, "/backups/key", present=PASSWORD))
    assert key is not None and key[0] not in office.get("/journal").text
    with world.register.reading() as connection:
        entries = listings.list_journal_entries(connection, 1, size=4).rows
    events = ["backup key shown", "backup checked", "backup downloaded", "backup made"]
    assert [one.event for one in entries] == events
    assert {one.actor for one in entries} == {"Programme office"}


def test_a_file_that_can_not_be_read_is_listed_and_each_refusal_says_what_to_do(
    world: World, as_: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, folder = as_(OFFICE), locate_backups(world.settings)
    make_private_folder(folder)
    for name in ("locked.zip", "open.zip"):
        (folder / name).write_bytes(b"PK")
    told = post(office, "/backups/check", name="open.zip", secret="no key")
    assert "A key is one line" in told and "Type the key" not in told
    opened = Path.open

    def refuse(path: Path, *given: Any, **options: Any) -> Any:
        if path.name == "locked.zip":
            raise PermissionError(errno.EACCES, "Permission denied")
        return opened(path, *given, **options)

    monkeypatch.setattr(Path, "open", refuse)
    page = office.get("/backups")
    assert page.status_code == 200 and "/backups/files/open.zip" in page.text
    assert "locked.zip" in page.text and "/backups/files/locked.zip" not in page.text
    assert office.get("/backups/files/locked.zip").status_code == 404

    def full(*_given: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(zipfile, "ZipFile", full)
    assert "No space left on device" in post(office, "/backups/check", name="open.zip")


def test_a_cycle_is_held_and_destroyed_only_for_a_reason_and_when_it_is_due(own_world: World) -> None:
    with own_world.register.writing() as connection:
        connection.execute(sa.update(t.cycles).values(state="closed", closed_at=NOW))
        connection.execute(sa.update(t.dispatches).values(state="issued"))
    later = NOW + timedelta(days=31 * 80)
    server = Served(create_app(own_world.settings, own_world.register, SimulatedClock(later)))
    path = f"/retention/{own_world.cycle.id}/hold"
    try:
        with own_world.register.writing() as connection:
            connection.execute(sa.update(t.sessions).values(created_at=later, seen_at=later))
            connection.execute(sa.update(t.submissions).values(taken_in_at=later))
        with client_as(server, own_world, OFFICE) as office:
            with own_world.register.writing() as connection:
                connection.execute(sa.update(t.sessions).values(created_at=later, seen_at=later))
            assert "To be destroyed with the next run" in office.get("/retention").text
            assert "no reason given" in post(office, path, way="hold")
            assert "until you lift the hold" in post(office, path, way="hold", reason="an inquiry")
            page = office.get("/retention").text
            assert "Held. Legal hold: an inquiry." in page and "To be destroyed" not in page
            nothing = {"reason": "asked to", "is_meant": "yes", "seen": "0"}
            assert "Nothing has been kept too long" in post(office, "/retention/purge", **nothing)
            assert "The hold is lifted." in post(office, path, way="lift", reason="it is over")
            assert "The box is not ticked." in post(office, "/retention/purge", reason="asked to")
            page = post(office, path, way="hold", reason="no")
            assert (
                page.count('value="no"') == 1
                and 'id="reason--purge" name="reason" type="text" value=""' in page
            )
            other = post(office, "/retention/purge", reason="asked to", is_meant="yes", seen="")
            assert "Something else is due than this page showed." in other
            (seen,) = re.findall(r'name="seen" value="([^"]*)"', other)
            assert own_world.cycle.id in seen
            told = post(office, "/retention/purge", reason="asked to", is_meant="yes", seen=seen)
            assert "is destroyed." in told
    finally:
        server.stop()
    with own_world.register.reading() as connection:
        assert connection.scalar(sa.select(t.cycles.c.state)) == "purged"
        assert not [
            text for text in connection.scalars(sa.select(t.self_assessment_rows.c.strengths)) if text
        ]


def test_settings_say_what_sets_them_and_fewer_months_say_first_what_would_go(own_world: World) -> None:
    with own_world.register.writing() as connection:
        closed = NOW - timedelta(days=400)
        connection.execute(sa.update(t.cycles).values(state="closed", closed_at=closed))
        connection.execute(sa.update(t.dispatches).values(state="issued"))
    server = Served(create_app(own_world.settings, own_world.register, SimulatedClock(NOW)))
    try:
        with client_as(server, own_world, OFFICE) as office:
            page = office.get("/settings").text
            (seen,) = re.findall(r'name="seen" value="(\w+)"', page)
            assert str(own_world.settings.home) in page and 'value="72"' in page
            assert str(own_world.settings.inbox_folder) in office.get("/settings/start").text
            typed = {"seen": seen, "session_minutes": "30", "retention_months": "6"}
            assert own_world.cycle.name in post(office, "/settings", **typed)
            assert "Write a whole number." in post(
                office, "/settings", **typed | {"retention_months": "many"}
            )
            for same in ("+6", "6.0", "0_6"):
                page = post(office, "/settings", **typed | {"retention_months": same})
                assert own_world.cycle.name in page and "With 6 months" in page
            assert "With 6 months" in post(office, "/settings", **typed, is_meant="7")
            assert "Saved." in post(office, "/settings", **typed, is_meant="6")
            page = office.get("/settings").text
            assert 'value="30"' in page and 'value="6"' in page
            assert "To be destroyed with the next run" in office.get("/retention").text
    finally:
        server.stop()


def test_an_emptied_field_that_brings_fewer_months_back_says_first_what_would_go(own_world: World) -> None:
    with own_world.register.writing() as connection:
        closed = NOW - timedelta(days=31 * 80)
        connection.execute(sa.update(t.cycles).values(state="closed", closed_at=closed))
        connection.execute(sa.update(t.dispatches).values(state="issued"))
    (own_world.settings.home / "settings.toml").write_text("retention_months = 120\n")
    settings = load_settings(own_world.settings.home)
    server = Served(create_app(settings, own_world.register, SimulatedClock(NOW)))
    try:
        with client_as(server, own_world, OFFICE) as office:
            (seen,) = re.findall(r'name="seen" value="(\w+)"', office.get("/settings").text)
            page = post(office, "/settings", seen=seen, retention_months="")
            assert own_world.cycle.name in page and "With 72 months" in page
    finally:
        server.stop()


def test_one_cycle_gets_months_of_its_own_once_what_follows_was_shown(
    own_world: World, as_own: Client
) -> None:
    path = f"/retention/{own_world.cycle.id}/months"
    assert path in as_own.get("/retention").text
    assert "as the settings say" in as_own.get(path).text
    assert "That is no number of months." in post(as_own, path, months="many", reason="as agreed")
    assert "What follows" not in post(as_own, path, months="24")
    told = post(as_own, path, months="24", reason="as agreed")
    assert "for 24 months after it closed, instead of 72" in told and "It is open." in told
    assert "as the settings say" in as_own.get(path).text
    assert "Changed." in post(as_own, path, months="24", reason="as agreed", is_confirmed="yes")
    assert "by its own rule" in as_own.get(path).text
    assert as_own.get("/retention/nowhere/months").status_code == 404
