"""What runs unattended is closed: Prefect asks for a password, secrets stay secret, nothing phones home."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cli.prefect_home import check_closed, make_access_variables, prepare_prefect
from cli.serve import PARTS, processes_of
from peer_challenge.errors import WrongUse
from peer_challenge.operations.prefect_access import FILE_NAME, make_password, read_password
from peer_challenge.paths import ROOT
from peer_challenge.settings import load_settings


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "prefect.example.org"])
def test_prefect_is_not_served_beyond_this_machine_with_a_password_that_nobody_else_knows(
    host: str, tmp_path: Path
) -> None:
    settings = load_settings(tmp_path, {"PEER_CHALLENGE_PREFECT_HOST": host})
    with pytest.raises(WrongUse, match="would not know"):
        check_closed(settings)
    check_closed(settings.model_copy(update={"prefect_auth": "office:heron"}))


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "127.0.0.9"])
def test_on_this_machine_it_may(host: str, tmp_path: Path) -> None:
    check_closed(load_settings(tmp_path, {"PEER_CHALLENGE_PREFECT_HOST": host}))


def test_serving_it_openly_ends_with_what_to_do(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "cli", "serve", "server", "--home", str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "PEER_CHALLENGE_PREFECT_HOST": "0.0.0.0"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 64
    assert "PEER_CHALLENGE_PREFECT_AUTH" in done.stderr


def test_secrets_come_from_files_and_reach_prefect(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PREFECT_HOME", "PEER_CHALLENGE_HOME", "DO_NOT_TRACK", "GX_ANALYTICS_ENABLED"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    before = dict(os.environ)
    (tmp_path / "auth").write_text("office:heron\n")
    (tmp_path / "url").write_text("postgresql://prefect@db/prefect\n")
    settings = load_settings(
        tmp_path,
        {
            "PEER_CHALLENGE_PREFECT_AUTH_FILE": str(tmp_path / "auth"),
            "PEER_CHALLENGE_PREFECT_DATABASE_URL_FILE": str(tmp_path / "url"),
        },
    )
    try:
        prepare_prefect(settings)
        assert make_password(settings) == read_password(settings) == "office:heron"
        assert (
            make_access_variables("office:heron", "http://h:1")["PREFECT_SERVER_API_AUTH_STRING"]
            == "office:heron"
        )
        assert (
            make_access_variables("office:heron", "http://h:1")["PREFECT_API_AUTH_STRING"] == "office:heron"
        )
        assert "PREFECT_API_AUTH_STRING" not in os.environ, "only who needs it is told"
        assert os.environ["PREFECT_SERVER_CSRF_PROTECTION_ENABLED"] == "true"
        assert os.environ["PREFECT_SERVER_DATABASE_CONNECTION_URL"].startswith("postgresql+asyncpg://")
        assert os.environ["DO_NOT_TRACK"] == "1"
        assert os.environ["GX_ANALYTICS_ENABLED"] == "false"
        assert os.environ["PREFECT_SERVER_ANALYTICS_ENABLED"] == "false"
        assert "heron" not in repr(settings)
    finally:
        os.environ.clear()
        os.environ.update(before)


def test_each_start_makes_another_password_that_the_account_alone_can_read(tmp_path: Path) -> None:
    settings = load_settings(tmp_path, {})
    assert read_password(settings) is None
    first, file = make_password(settings), settings.var / FILE_NAME
    file.chmod(0o644)
    elsewhere = tmp_path / "elsewhere"
    file.rename(elsewhere)
    file.symlink_to(elsewhere)  # what lies there is replaced, not written through
    second = make_password(settings)
    assert first != second == read_password(settings)
    assert not file.is_symlink() and file.stat().st_mode & 0o777 == 0o600
    assert elsewhere.read_text().strip() == first
    assert [path.name for path in settings.var.iterdir()] == [FILE_NAME]


def test_a_password_of_the_settings_own_is_kept_in_no_other_file(tmp_path: Path) -> None:
    make_password(load_settings(tmp_path, {}))
    settings = load_settings(tmp_path, {"PEER_CHALLENGE_PREFECT_AUTH": "office:heron"})
    assert make_password(settings) == read_password(settings) == "office:heron"
    assert list(settings.var.iterdir()) == []


@pytest.mark.parametrize(
    "given", ["", ":", "office", "office:", ":heron", "office:h\u00e9ron", "office:a\nb"]
)
def test_what_prefect_would_take_for_no_password_is_refused_with_what_to_write(
    given: str, tmp_path: Path
) -> None:
    with pytest.raises(WrongUse, match=r"prefect_auth.*user:password") as refused:
        load_settings(tmp_path, {"PEER_CHALLENGE_PREFECT_AUTH": given})
    assert "heron" not in str(refused.value)


def test_the_parts_that_are_prefects_alone_are_told_the_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:4200/api")
    settings = load_settings(tmp_path, {})
    password = make_password(settings)
    parts = {part.name: part for part in processes_of(settings, password)}
    assert set(PARTS.values()) <= set(parts)
    told = [name for name, part in parts.items() if password in part.secrets.values()]
    assert told == ["Prefect server", "deployments", "worker"]
    assert not [
        part for part in parts.values() if password in " ".join(part.command) or password in repr(part)
    ]


def test_the_command_shows_the_password_and_says_when_there_is_none(tmp_path: Path) -> None:
    def show() -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "cli", "prefect-password", "--home", str(tmp_path)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )

    none = show()
    assert none.returncode == 64 and "peer-challenge serve" in none.stderr
    password = make_password(load_settings(tmp_path, {}))
    assert show().stdout.strip() == password
