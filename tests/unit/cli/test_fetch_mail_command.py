"""`peer-challenge fetch-mail` says what it did and what stays; its schedule is off until a mailbox is set."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from cli.deployments import is_schedule_on, read_deployments
from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.model.cycle import Dates
from peer_challenge.paths import ROOT
from peer_challenge.register.cycles import store_cycle
from peer_challenge.register.database import open_register
from peer_challenge.settings import load_settings
from tests.factories import a_cycle
from tests.mail.certificates import make_certificates
from tests.mail.dovecot import IS_INSTALLED, PASSWORD, Account, run_dovecot
from tests.mail.emails import an_email
from tests.migrated import make_installation

FORM = ("secret name.docx", b"PK\x03\x04 not opened here")


@pytest.fixture
def account(tmp_path: Path) -> Iterator[Account]:
    if not IS_INSTALLED:
        pytest.skip("Dovecot is not installed (apt-get install dovecot-imapd)")
    with run_dovecot(make_certificates(tmp_path / "certificates")) as server:
        yield server.make_account()


def _run(home: Path, *words: str, account: Account | None = None) -> "subprocess.CompletedProcess[str]":
    given = {name: value for name, value in os.environ.items() if not name.startswith("PEER_")}
    if account is not None:
        given |= {f"PEER_CHALLENGE_{key.upper()}": str(value) for key, value in account.settings().items()}
        given["SSL_CERT_FILE"] = str(account.server.certificates.authority)
    command = [sys.executable, "-m", "cli", *words, "--home", str(home)]
    return subprocess.run(command, cwd=ROOT, env=given, capture_output=True, text=True, check=False)


def _open_cycle(home: Path) -> None:
    settings = load_settings(home, {})
    make_installation(settings)
    register = open_register(settings)
    dates = Dates(opens=date(2025, 1, 13), self_assessment_due=date(2025, 2, 28))
    cycle = a_cycle(4).model_copy(update={"dates": dates})
    with register.writing() as connection:
        at = datetime(2025, 1, 4, 9, tzinfo=UTC)
        store_cycle(connection, cycle, shipped_frameworks()[cycle.framework], at=at, actor="test")
    register.close()


def test_the_command_says_what_it_did_and_what_stays(tmp_path: Path, account: Account) -> None:
    _open_cycle(home := tmp_path / "office")
    account.put(an_email(FORM, subject="secret words"), an_email(number=2))
    done = _run(home, "fetch-mail", account=account)
    assert done.returncode == 0, done.stderr
    said = " ".join(done.stdout.split())
    assert "1 email went into the inbox" in said and "No Word document is attached" in said
    assert "secret" not in done.stdout + done.stderr
    assert len(list((home / "inbox").iterdir())) == 1
    assert "No new email with a form." in _run(home, "fetch-mail", account=account).stdout
    doctor = _run(home, "doctor", account=account)
    assert "mailbox: We signed in." in doctor.stdout and PASSWORD not in doctor.stdout


def test_without_a_mailbox_it_says_what_to_set(tmp_path: Path) -> None:
    _open_cycle(tmp_path)
    done = _run(tmp_path, "fetch-mail")
    assert done.returncode == 64 and "imap_host" in done.stderr


def test_a_mailbox_that_can_not_be_used_ends_with_one(tmp_path: Path, account: Account) -> None:
    _open_cycle(home := tmp_path / "office")
    account.server.stop()
    done = _run(home, "fetch-mail", account=account)
    assert done.returncode == 1 and "The mailbox can't be used now" in done.stdout


def test_only_the_mailbox_s_schedule_waits_for_a_mailbox(tmp_path: Path) -> None:
    without, having = load_settings(tmp_path, {}), load_settings(tmp_path, {"PEER_CHALLENGE_IMAP_HOST": "x"})
    found = {
        name: [
            (is_schedule_on(one, told, without), is_schedule_on(one, told, having)) for told in one.schedules
        ]
        for name, one in read_deployments().items()
    }
    assert found.pop("mailbox") == [(False, True)]
    assert {is_on for pairs in found.values() for pair in pairs for is_on in pair} == {True}
