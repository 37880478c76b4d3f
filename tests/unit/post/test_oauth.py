"""Tokens for mail servers come from the sign-in service that the settings name, and say why they do not."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from peer_challenge.post.oauth import (
    MailSignInAway,
    MailSignInFailed,
    fetch_access_token,
    format_xoauth2,
    signs_in_by_token,
)
from peer_challenge.settings import Settings
from tests.mail.certificates import Certificates, make_certificates
from tests.mail.token_server import SECRET, TOKEN, TokenServer, run_token_server


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return make_certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def tokens(certificates: Certificates, monkeypatch: pytest.MonkeyPatch) -> Iterator[TokenServer]:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificates.authority))
    with run_token_server(certificates) as server:
        yield server


def _settings(server: TokenServer, home: Path, **changed: object) -> Settings:
    return Settings(home=home, **{**server.settings(), **changed})  # type: ignore[arg-type]


def test_a_token_is_fetched_once_and_kept(tokens: TokenServer, tmp_path: Path) -> None:
    settings = _settings(tokens, tmp_path)
    assert signs_in_by_token(settings, "office@example.org", None)
    assert not signs_in_by_token(settings, "office@example.org", SecretStr("of a relay in the house"))
    assert [fetch_access_token(settings) for _ in range(3)] == [TOKEN] * 3
    assert tokens.given == 1


@pytest.mark.parametrize(
    ("changed", "remedy"),
    [
        ({"mail_oauth_client_secret": "another"}, "mail_oauth_client_secret"),
        ({"mail_oauth_tenant": "elsewhere.example"}, "mail_oauth_tenant"),
        ({"mail_oauth_client_secret": None}, "mail_oauth_client_secret"),
    ],
)
def test_what_is_wrong_is_named_and_no_secret_is(
    tokens: TokenServer, tmp_path: Path, changed: dict[str, object], remedy: str
) -> None:
    with pytest.raises(MailSignInFailed) as raised:
        fetch_access_token(_settings(tokens, tmp_path, **changed))
    assert remedy in raised.value.remedy
    assert SECRET not in str(raised.value) + raised.value.remedy


def test_a_service_whose_certificate_is_not_trusted_gets_no_secret(
    tokens: TokenServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    with pytest.raises(MailSignInAway, match="SSLError"):
        fetch_access_token(_settings(tokens, tmp_path))
    assert tokens.given == 0


def test_a_service_that_is_away_is_tried_again_later(tokens: TokenServer, tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("localhost", 0))
        away = f"https://localhost:{free.getsockname()[1]}"
        with pytest.raises(MailSignInAway):
            fetch_access_token(_settings(tokens, tmp_path, mail_oauth_authority=away))


def test_without_an_application_there_is_no_such_sign_in(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)  # type: ignore[call-arg]
    assert not signs_in_by_token(settings, "office@example.org", None)


def test_the_answer_to_a_mail_server_is_as_its_makers_document_it() -> None:
    assert format_xoauth2("a@example.org", "T") == "user=a@example.org\x01auth=Bearer T\x01\x01"
