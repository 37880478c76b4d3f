"""Fetching a mailbox is killed, and goes on: each email comes into the inbox once, and none is lost."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.mail.certificates import make_certificates
from tests.mail.dovecot import IS_INSTALLED, Dovecot, run_dovecot
from tests.mail.kills import kill_and_go_on, measure_fetching


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dovecot]:
    if not IS_INSTALLED:
        pytest.skip("Dovecot is not installed (apt-get install dovecot-imapd)")
    with run_dovecot(make_certificates(tmp_path_factory.mktemp("certificates"))) as server:
        yield server


def test_fetching_that_is_killed_anywhere_goes_on(
    server: Dovecot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(server.certificates.authority))
    steps, seconds = measure_fetching(server, tmp_path / "whole")
    dice = random.Random(20)
    runs = [
        kill_and_go_on(
            server, tmp_path / str(number), dice, steps=steps, seconds=seconds, at_a_step=bool(number % 2)
        )
        for number in range(8)
    ]
    assert [(when, wrong) for _, when, wrong in runs if wrong] == []
    assert sum(was_killed for was_killed, _, _ in runs) >= 4
