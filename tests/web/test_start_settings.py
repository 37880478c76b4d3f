"""Sign-in service, address and folders on the page: tried before they are saved, used from the next start."""

import re
from html import unescape
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from peer_challenge.operations.try_start_settings import try_start_settings
from peer_challenge.register import listings
from peer_challenge.settings import Settings, load_settings
from tests.known_password import PASSWORD
from tests.web.conftest import Client, Served, context_as
from tests.web.provider import SmallProvider
from tests.web.test_new_cycle import Looks
from tests.web.world import NOW, OFFICE, World


def _send(client: Client, **typed: str) -> str:
    page = client.get("/settings/start").text
    (seen,) = re.findall(r'name="seen" value="(\w+)"', page)
    form = {"csrf_token": client.csrf, "seen": seen, "present": PASSWORD, **typed}
    return unescape(client.post("/settings/start", data=form, follow_redirects=True).text)


def _lines(home: Path) -> str:
    file = home / "settings.toml"
    return file.read_text("utf-8") if file.exists() else ""


def test_a_folder_is_tried_saved_and_waits_for_the_next_start(
    as_new: Client, new_office: World, tmp_path: Path
) -> None:
    home, shared = new_office.settings.home, tmp_path / "shared inbox"
    told = _send(as_new, inbox=str(shared), **{"try": "yes"})
    assert f"There is no folder {shared}." in told
    told = _send(as_new, inbox=str(shared), save="yes")
    assert "Nothing was saved: look at this first" in told and _lines(home) == ""
    shared.mkdir()
    told = _send(as_new, inbox=str(shared), **{"try": "yes"})
    assert f"{shared} can be used." in told and "stays there: move it before" in told and _lines(home) == ""
    told = _send(as_new, inbox=str(shared), save="yes")
    assert "Saved, and not used yet: Inbox." in told
    assert load_settings(home).inbox_folder == shared
    with new_office.register.reading() as connection:
        entry = listings.list_journal_entries(connection, 1, event="settings changed").rows[0]
    assert (entry.actor, entry.details["settings"]) == ("Programme office", "inbox")
    # what is in force at once is saved from its own page as before
    page = as_new.get("/settings").text
    (seen,) = re.findall(r'name="seen" value="(\w+)"', page)
    form = {"csrf_token": as_new.csrf, "seen": seen, "session_minutes": "45"}
    assert as_new.post("/settings", data=form).headers["location"] == "/settings?done=saved"
    assert load_settings(home).inbox_folder == shared
    _send(as_new, inbox="", save="yes")
    assert load_settings(home).inbox is None


def test_folders_in_one_another_and_half_paths_are_told(tmp_path: Path) -> None:
    home = tmp_path / "home"
    present = Settings(home=home)
    present.make_folders()
    inside = present.inbox_folder / "out"
    inside.mkdir()
    for changed, words in (
        ({"outbox": inside}, "are in one another"),
        ({"rejected": present.var}, "are in one another"),
        ({"inbox": Path("inbox")}, "is not a whole path"),
        ({"inbox": home / "settings.toml"}, "There is no folder"),
    ):
        tried = present.model_copy(update=changed)
        wrong = [one for one in try_start_settings(present, tried, NOW) if not one.is_well]
        assert wrong and any(words in one.saw for one in wrong), changed
        assert all(one.remedy for one in wrong)


@pytest.mark.threat("settings-page")
def test_a_sign_in_service_is_asked_who_it_is(as_new: Client, new_office: World) -> None:
    provider = SmallProvider()
    server = Served(provider.app)
    provider.url = server.url
    try:
        told = _send(as_new, oidc_issuer=server.url, save="yes")
        assert "named, but no client" in told
        told = _send(as_new, oidc_issuer="http://id.example.org", oidc_client_id="us", save="yes")
        assert "does not begin with https://" in told
        well = {"oidc_issuer": server.url, "oidc_client_id": "us", "oidc_client_secret": "known to both"}
        told = _send(as_new, **{**well, "oidc_issuer": f"{server.url}/"}, **{"try": "yes"})
        assert "calls itself otherwise" in told and "known to both" not in told
        assert "It answers." in _send(as_new, **well, **{"try": "yes"})
        assert _lines(new_office.settings.home) == ""
        assert "Saved" in _send(as_new, **well, save="yes")
        told = _send(as_new, oidc_issuer="https://id.example.org", oidc_client_id="us", save="yes")
        assert "Type it again: it would now be sent to another place." in told
        assert load_settings(new_office.settings.home).oidc_issuer == server.url
    finally:
        server.stop()


def test_an_address_where_nothing_answers_is_saved_only_if_that_is_meant(
    as_new: Client, new_office: World, new_served: Served
) -> None:
    home = new_office.settings.home
    assert "is no address such as" in _send(as_new, public_url="challenge", save="yes")
    away = "http://127.0.0.1:9"
    assert f"This page does not answer at {away}." in _send(as_new, public_url=away, save="yes")
    assert load_settings(home).public_url == ""
    assert "This page answers there." in _send(as_new, public_url=new_served.url, **{"try": "yes"})
    assert "Saved" in _send(as_new, public_url=away, save="yes", is_meant="yes")
    assert load_settings(home).public_url == away


@pytest.mark.browser
@pytest.mark.parametrize("has_javascript", [True, False])
def test_the_page_is_accessible_and_fits(
    chromium: Browser, new_served: Served, new_office: World, has_javascript: bool
) -> None:
    size = {"width": 320, "height": 800}
    context = context_as(
        chromium, new_served, new_office, OFFICE, viewport=size, java_script_enabled=has_javascript
    )
    page, look = context.new_page(), Looks(320, with_axe=has_javascript)
    page.goto("/settings")
    look(page)
    page.get_by_role("link", name="Sign-in service, address and folders").click()
    look(page)
    page.get_by_label("Inbox", exact=True).fill("/nowhere/at/all")
    page.get_by_role("button", name="Save these settings").click()
    expect(page.get_by_role("alert")).to_contain_text("There is no folder /nowhere/at/all.")
    look(page)
    page.get_by_label("Client secret", exact=True).fill("typed")
    page.get_by_label("Address of the sign-in service").fill("http://id.example.org")
    page.get_by_role("button", name="Try these settings").click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing was saved")
    look(page)
    assert look.wrong == []
    context.close()
