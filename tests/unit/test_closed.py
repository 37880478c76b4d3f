"""What runs unattended is closed: no Prefect beyond this machine without a password, nothing phones home."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cli.prefect_home import check_closed, prepare
from peer_challenge.errors import WrongUse
from peer_challenge.settings import load_settings

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "prefect.example.org"])
def test_prefect_is_not_served_beyond_this_machine_without_a_password(host: str, tmp_path: Path) -> None:
    settings = load_settings(tmp_path, {"PEER_CHALLENGE_PREFECT_HOST": host})
    with pytest.raises(WrongUse, match="ask nobody"):
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
        prepare(settings)
        assert os.environ["PREFECT_SERVER_API_AUTH_STRING"] == "office:heron"
        assert os.environ["PREFECT_API_AUTH_STRING"] == "office:heron"
        assert os.environ["PREFECT_SERVER_DATABASE_CONNECTION_URL"].startswith("postgresql+asyncpg://")
        assert os.environ["DO_NOT_TRACK"] == "1"
        assert os.environ["GX_ANALYTICS_ENABLED"] == "false"
        assert os.environ["PREFECT_SERVER_ANALYTICS_ENABLED"] == "false"
        assert "heron" not in repr(settings)
    finally:
        os.environ.clear()
        os.environ.update(before)
