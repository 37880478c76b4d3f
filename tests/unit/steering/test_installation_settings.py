"""The settings of the post are changed in settings.toml: safely, without a secret being shown or moved."""

import os
import stat
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from peer_challenge.errors import WrongUse
from peer_challenge.register import listings
from peer_challenge.register.database import Register, open_register
from peer_challenge.settings import PREFIX, Settings, load_settings
from peer_challenge.steering.installation_settings import (
    POST_SETTINGS,
    SECRET_SETTINGS,
    CurrentSettings,
    SettingsRefused,
    change_settings,
    mark_version,
    show_settings,
)
from peer_challenge.system.file_lock import file_lock
from tests.migrated import make_installation

NOW = datetime(2027, 3, 22, 10, tzinfo=UTC)
FILE = """# who looks after this machine: the IT desk
retention_months = 60  # as the region agreed

smtp_host = "old.example.org" # the old server
smtp_password = "first secret"
"""


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Register]:
    make_installation(Settings(home=tmp_path))
    opened = open_register(Settings(home=tmp_path))
    yield opened
    opened.close()


def change(register: Register, home: Path, typed: dict[str, str], **options: object) -> tuple[str, ...]:
    seen = mark_version(load_settings(home))
    return change_settings(
        register,
        home,
        typed,
        **{"seen": seen, "at": NOW, "actor": "Programme office", "confirm": lambda: None} | options,  # type: ignore[arg-type]
    )


def problems_of(register: Register, home: Path, typed: dict[str, str]) -> dict[str, str]:
    before = (home / "settings.toml").read_text() if (home / "settings.toml").exists() else None
    with pytest.raises(SettingsRefused) as refused:
        change(register, home, typed)
    after = (home / "settings.toml").read_text() if (home / "settings.toml").exists() else None
    assert before == after
    return refused.value.problems


def test_only_the_lines_of_what_changes_are_changed(register: Register, tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text(FILE)
    changed = change(register, tmp_path, {"smtp_port": "2525", "smtp_user": "post@example.org"})
    assert set(changed) == {"smtp_port", "smtp_user"}
    text = (tmp_path / "settings.toml").read_text()
    assert text.startswith(FILE)
    assert set(text.removeprefix(FILE).split("\n")) == {
        "smtp_port = 2525",
        'smtp_user = "post@example.org"',
        "",
    }


def test_a_file_is_made_for_the_services_account_alone(register: Register, tmp_path: Path) -> None:
    change(register, tmp_path, {"smtp_password": "a secret", "smtp_from": " <post@example.org> "})
    path = tmp_path / "settings.toml"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert load_settings(tmp_path).smtp_from == "post@example.org"
    assert sorted(one.name for one in tmp_path.iterdir() if "settings" in one.name) == ["settings.toml"]


def test_an_empty_field_brings_the_default_back_but_keeps_a_secret(
    register: Register, tmp_path: Path
) -> None:
    (tmp_path / "settings.toml").write_text('smtp_port = 25\nsmtp_password = "first secret"\n')
    assert change(register, tmp_path, {"smtp_port": "", "smtp_password": ""}) == ("smtp_port",)
    settings = load_settings(tmp_path)
    assert settings.smtp_port == 587 and settings.smtp_password is not None
    assert change(register, tmp_path, {"smtp_password": ""}, forgotten=["smtp_password"]) == (
        "smtp_password",
    )
    assert load_settings(tmp_path).smtp_password is None


def test_no_secret_is_shown_or_in_the_journal(register: Register, tmp_path: Path) -> None:
    change(register, tmp_path, {"smtp_password": "a very secret thing", "smtp_user": "post"})
    shown = show_settings(load_settings(tmp_path))
    assert shown["smtp_password"].is_set and "a very secret" not in repr(shown)
    with register.reading() as connection:
        entries = listings.list_journal_entries(connection, 1).rows
    found = [entry for entry in entries if entry.event == "settings changed"]
    assert len(found) == 1 and "smtp_password" in str(found[0])
    assert "a very secret thing" not in str(entries) and "'post'" not in str(entries)


def test_every_secret_of_the_post_is_known_as_one(tmp_path: Path) -> None:
    assert {"smtp_password"} <= SECRET_SETTINGS
    assert {name for name in POST_SETTINGS if "password" in name or "secret" in name} <= SECRET_SETTINGS


@pytest.mark.parametrize(
    ("typed", "name", "words"),
    [
        ({"smtp_port": "many"}, "smtp_port", "whole number"),
        ({"smtp_from": "post at example"}, "smtp_from", "is no email address"),
        ({"delivery": "pigeons"}, "delivery", "Choose one"),
        ({"delivery": "send"}, "smtp_host", "give the mail server"),
        ({"mail_cc": "one@example.org, two"}, "mail_cc", "is no email address"),
        ({"smtp_tls": "perhaps"}, "smtp_tls", "yes or no"),
        ({"smtp_host": "mail\x00.example.org"}, "smtp_host", "can't be used"),
        ({"smtp_user": "x" * 3000}, "smtp_user", "too long"),
    ],
)
def test_what_can_not_be_used_is_told_by_its_field_and_nothing_is_written(
    register: Register, tmp_path: Path, typed: dict[str, str], name: str, words: str
) -> None:
    assert words in problems_of(register, tmp_path, typed)[name]


@pytest.mark.threat("settings-page")
def test_a_kept_password_goes_to_no_new_server(register: Register, tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text(FILE)
    told = problems_of(register, tmp_path, {"smtp_host": "mine.example.com"})
    assert "Type it again" in told["smtp_password"]
    assert "Type it again" in problems_of(register, tmp_path, {"smtp_tls": "false"})["smtp_password"]
    change(register, tmp_path, {"smtp_host": "new.example.org", "smtp_password": "first secret"})
    assert load_settings(tmp_path).smtp_host == "new.example.org"


def test_what_the_environment_sets_is_not_changed_here(
    register: Register, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = tmp_path / "secret"
    secret.write_text("from a file")
    monkeypatch.setenv(f"{PREFIX}SMTP_PASSWORD_FILE", str(secret))
    monkeypatch.setenv(f"{PREFIX}SMTP_USER", "fixed")
    shown = show_settings(load_settings(tmp_path))
    assert (
        "environment" in shown["smtp_user"].fixed_by
        and "SMTP_PASSWORD_FILE" in shown["smtp_password"].fixed_by
    )
    assert "can only be changed there" in problems_of(register, tmp_path, {"smtp_user": "other"})["smtp_user"]
    told = problems_of(register, tmp_path, {"smtp_host": "mine.example.com"})
    assert "Change both" in told["smtp_host"]
    assert change(register, tmp_path, {"smtp_user": "fixed", "smtp_port": "25"}) == ("smtp_port",)


def test_a_change_that_was_made_from_an_old_page_is_refused(register: Register, tmp_path: Path) -> None:
    seen = mark_version(load_settings(tmp_path))
    change(register, tmp_path, {"smtp_user": "one"})
    with pytest.raises(WrongUse, match="meanwhile"):
        change(register, tmp_path, {"smtp_user": "two"}, seen=seen)
    assert load_settings(tmp_path).smtp_user == "one"


def test_two_do_not_save_at_once(register: Register, tmp_path: Path) -> None:
    with file_lock(tmp_path / "var" / "settings.lock"), pytest.raises(WrongUse, match="saving"):
        change(register, tmp_path, {"smtp_user": "two"})


def test_a_file_that_can_not_be_read_is_told_and_kept(register: Register, tmp_path: Path) -> None:
    seen = mark_version(load_settings(tmp_path))
    (tmp_path / "settings.toml").write_text("smtp_host = 'open\n")
    with pytest.raises(WrongUse, match="can't be read"):
        change(register, tmp_path, {"smtp_user": "x"}, seen=seen)
    assert (tmp_path / "settings.toml").read_text() == "smtp_host = 'open\n"


def test_a_folder_that_can_not_be_written_is_told(register: Register, tmp_path: Path) -> None:
    (tmp_path / ".settings.toml.new").mkdir()
    with pytest.raises(WrongUse, match="can't write"):
        change(register, tmp_path, {"smtp_user": "x"})
    assert not (tmp_path / "settings.toml").exists()


def test_a_running_process_takes_the_new_values(register: Register, tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text("port = 9090\n")
    current = CurrentSettings(load_settings(tmp_path))
    assert current.read().smtp_user == ""
    change(register, tmp_path, {"smtp_user": "post"})
    assert current.read().smtp_user == "post" and current.read().port == 9090
    assert current.read().sources["smtp_user"] == "settings.toml"


def test_a_running_process_keeps_its_settings_while_the_file_is_broken(
    register: Register, tmp_path: Path
) -> None:
    change(register, tmp_path, {"smtp_user": "post"})
    current = CurrentSettings(load_settings(tmp_path))
    good = (tmp_path / "settings.toml").read_text()
    (tmp_path / "settings.toml").write_text("smtp_user = ")
    assert current.read().smtp_user == "post"
    (tmp_path / "settings.toml").write_text(good.replace("post", "other"))
    os.utime(tmp_path / "settings.toml", (time.time() + 5, time.time() + 5))
    assert current.read().smtp_user == "other"


def test_only_the_settings_of_the_post_change_while_a_process_runs(tmp_path: Path) -> None:
    current = CurrentSettings(Settings(home=tmp_path))
    (tmp_path / "settings.toml").write_text('port = 9090\nsmtp_user = "post"\n')
    assert (current.read().port, current.read().smtp_user) == (8080, "post")


def _refuse() -> None:
    raise WrongUse("It may be somebody else.", remedy="Type the password.")


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("mail_cc", "x@example.org"),
        ("mail_reply_to", "x@example.org"),
        ("smtp_host", "mail.example.org"),
        ("imap_host", "mail.example.org"),
        ("mail_oauth_authority", "https://id.example.org"),
        ("trusted_mail_hosts", "mail.example.org"),
        ("hold_new_addresses", "false"),
        ("public_url", "https://challenge.example.org"),
        ("outbox", "/shared"),
    ],
)
def test_who_changes_the_post_or_the_sign_in_service_shows_again_who_they_are(
    register: Register, tmp_path: Path, name: str, typed: str
) -> None:
    present = show_settings(load_settings(tmp_path), [name])[name]
    options: dict[str, object] = {"names": [name], "seen": mark_version(load_settings(tmp_path), [name])}
    with pytest.raises(WrongUse, match="It may be somebody else"):
        change(register, tmp_path, {name: typed}, confirm=_refuse, **options)
    assert not (tmp_path / "settings.toml").exists()
    assert change(register, tmp_path, {name: present.value}, confirm=_refuse, **options) == ()
    assert change(register, tmp_path, {name: typed}, **options) == (name,)


def test_nobody_is_asked_for_what_hands_over_nothing(register: Register, tmp_path: Path) -> None:
    assert change(register, tmp_path, {"session_minutes": "45"}, confirm=_refuse) == ("session_minutes",)
