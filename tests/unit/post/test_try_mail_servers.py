"""A trial of the mail servers says in words what works, and what to correct where it does not."""

from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from peer_challenge.post.try_mail_servers import try_mail_server, try_mailbox
from peer_challenge.settings import Settings
from tests.mail.certificates import make_certificates
from tests.mail.dovecot import PASSWORD, Account, Dovecot, free_port, run_dovecot
from tests.mail.emails import an_email


def _settings(**given: object) -> Settings:
    return Settings(home="/nowhere", **given)  # type: ignore[arg-type]


def test_a_mailbox_that_works(account: Account) -> None:
    account.put(an_email())
    trial = try_mailbox(_settings(**account.settings()))
    assert trial.is_well
    assert (
        trial.saw
        == "We signed in. INBOX has 1 email. Taken in will be made with the first email that is taken in."
    )
    assert account.list_emails("Taken in") == []


@pytest.mark.parametrize(
    ("changed", "saw", "remedy"),
    [
        ({"imap_host": ""}, "No mailbox", "imap_host"),
        ({"imap_host": "nowhere.invalid"}, "find a server called nowhere.invalid", "imap_host"),
        ({"imap_port": 1}, "Nothing answers at port 1", "imap_port"),
        ({"imap_password": "wrong"}, "did not accept", "imap_password"),
        ({"imap_folder": "Forms"}, "no folder called Forms", "INBOX"),
        ({"imap_tls": "starttls"}, "", "imap_tls"),
        ({"imap_host": "127.0.0.2"}, "", "imap_host"),
        ({"imap_password": None, "mail_oauth_client_id": "x"}, "not complete", "mail_oauth"),
    ],
    ids=str,
)
def test_what_does_not_work_is_named(
    changed: dict[str, object], saw: str, remedy: str, account: Account
) -> None:
    if changed.get("imap_tls"):  # a server without encryption at the port that has none from the start
        changed = {"imap_tls": "implicit", "imap_port": account.server.plain_port}
        remedy = "imap_port"
    trial = try_mailbox(_settings(**account.settings(**changed)))
    assert not trial.is_well and saw in trial.saw and remedy in trial.remedy
    assert PASSWORD not in trial.saw + trial.remedy


def test_a_certificate_for_another_name_is_named(
    tmp_path: Path, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = make_certificates(tmp_path, host="mail.example.org")
    monkeypatch.setenv("SSL_CERT_FILE", str(other.authority))
    with run_dovecot(other) as server:
        trial = try_mailbox(_settings(imap_host="localhost", imap_port=server.port, imap_user="x"))
    assert not trial.is_well and "certificate of localhost is not valid" in trial.saw


class _Post:
    def __init__(self) -> None:
        self.taken: list[bytes] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.taken.append(envelope.content)
        return "250 OK"


def test_a_server_that_sends() -> None:
    post = _Post()
    server = Controller(post, hostname="127.0.0.1", port=free_port())
    server.start()
    try:
        settings = _settings(
            smtp_host="127.0.0.1", smtp_port=server.port, smtp_tls=False, smtp_from="office@example.org"
        )
        assert try_mail_server(settings).is_well and post.taken == []
        assert try_mail_server(settings, "me@example.org").is_well
        assert b"To: me@example.org" in post.taken[0]
        assert not try_mail_server(settings, "me").is_well and len(post.taken) == 1
    finally:
        server.stop()
    away = try_mail_server(settings)
    assert not away.is_well and away.saw and away.remedy


def test_a_server_that_is_nowhere() -> None:
    assert not try_mail_server(_settings()).is_well
    trial = try_mail_server(_settings(smtp_host="nowhere.invalid"))
    assert "could not find a server called nowhere.invalid" in trial.saw and "smtp_host" in trial.remedy
