"""The mailbox flow fetches emails, shows when it can't, goes on, and tells Prefect no word of them."""

import json
import os
import sys
from pathlib import Path

import pytest

from peer_challenge.paths import ROOT
from tests import waiting
from tests.mail.dovecot import IS_INSTALLED


@pytest.mark.skipif(not IS_INSTALLED, reason="Dovecot is not installed (apt-get install dovecot-imapd)")
@pytest.mark.threat("secret-words")
def test_the_flow_fetches_and_shows_when_it_can_not(tmp_path: Path) -> None:
    command = [sys.executable, "-W", "ignore", "-m", "tests.flows.mailbox_run", str(tmp_path)]
    done = waiting.run(command, cwd=ROOT)
    assert done.returncode == 0, done.stderr[-3000:]
    first, (state, why), last = json.loads(done.stdout.splitlines()[-1])
    assert (first, state, last) == (1, "Failed", 1)
    assert "The mailbox can't be used now" in why
    assert len(list((tmp_path / "inbox").iterdir())) == 2
    kept = [path.read_bytes() for path in (tmp_path / "var" / "prefect").rglob("*") if path.is_file()]
    assert any(b"fetch emails" in data for data in kept)
    assert not any(b"marked" in data for data in kept) and "marked" not in done.stderr + done.stdout


def test_the_schedule_follows_what_the_office_sets_on_the_page(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT")}
    command = [sys.executable, "-W", "ignore", "-m", "tests.flows.mailbox_schedule_run", str(tmp_path)]
    done = waiting.run(
        command, cwd=ROOT, env=environment | {"PEER_CHALLENGE_HOME": str(tmp_path)}, check=True
    )
    assert json.loads(done.stdout.splitlines()[-1]) == [[False, False], [True, True], [True, False]]
