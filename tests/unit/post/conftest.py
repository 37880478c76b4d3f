"""Mail servers for the tests of this room, and an installation whose cycle is open."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Protocol

import pytest

from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.model.cycle import Cycle, Dates
from peer_challenge.outbox.do_what_is_due import advance_challenges
from peer_challenge.register import messages
from peer_challenge.register.cycles import store_cycle
from peer_challenge.register.database import Register, open_register
from peer_challenge.register.records import Message
from peer_challenge.settings import Settings, load_settings
from tests.factories import a_cycle
from tests.mail.certificates import Certificates, make_certificates
from tests.mail.dovecot import IS_INSTALLED, Account, Dovecot, run_dovecot
from tests.mail.smtp_server import MailServer, run_mail_server
from tests.mail.token_server import TokenServer, run_token_server
from tests.migrated import make_installation

CYCLE = a_cycle(4)
AT = datetime(2027, 1, 11, 9, tzinfo=UTC)
DAY = AT + (CYCLE.dates.self_assessment_due - CYCLE.dates.opens) - timedelta(days=7)
"""The day on which areas are reminded of their self-assessment."""


@dataclass
class Office:
    """An installation, and what its messages are now."""

    register: Register
    settings: Settings

    def list_messages(self) -> list[Message]:
        """Every message, oldest first."""
        with self.register.reading() as connection:
            return messages.list_messages(connection)[::-1]

    def list_states(self) -> list[str]:
        """The state of every message, oldest first."""
        return [one.state.value for one in self.list_messages()]

    def with_settings(self, **settings: str) -> Settings:
        """The settings of this installation, with others."""
        return load_test_settings(self.settings.home, **settings)


class OpenOffice(Protocol):
    """Opens an installation with a cycle; `settings` are named as in settings.toml."""

    def __call__(self, cycle: Cycle = CYCLE, **settings: str) -> Office: ...


def load_test_settings(home: Path, **settings: str) -> Settings:
    """Settings of an installation, named as in settings.toml; messages go to new addresses by themselves."""
    given = {"hold_new_addresses": "false", **settings}
    return load_settings(home, {f"PEER_CHALLENGE_{name.upper()}": value for name, value in given.items()})


def name_server(server: MailServer, **more: str) -> dict[str, str]:
    """The settings with which messages go through a server, without encryption."""
    return {"smtp_host": "127.0.0.1", "smtp_port": str(server.port), "smtp_tls": "false", **more}


@pytest.fixture
def open_office(tmp_path: Path) -> Iterator[OpenOffice]:
    opened: list[Register] = []

    def make(cycle: Cycle = CYCLE, **given: str) -> Office:
        settings = load_test_settings(tmp_path, **given)
        make_installation(settings)
        register = open_register(settings)
        opened.append(register)
        with register.writing() as connection:
            store_cycle(connection, cycle, shipped_frameworks()[cycle.framework], at=AT, actor="test")
        advance_challenges(register, settings, AT)
        return Office(register, settings)

    yield make
    for register in opened:
        register.close()


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    with run_mail_server() as server:
        yield server


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return make_certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def trusted(certificates: Certificates, monkeypatch: pytest.MonkeyPatch) -> None:
    """This machine trusts the authority of the test's certificates."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates.authority))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificates.authority))


@pytest.fixture(scope="session")
def token_server(certificates: Certificates) -> Iterator[TokenServer]:
    with run_token_server(certificates) as server:
        yield server


@pytest.fixture(scope="session")
def dovecot(certificates: Certificates, token_server: TokenServer) -> Iterator[Dovecot]:
    if not IS_INSTALLED:
        pytest.skip("Dovecot is not installed (apt-get install dovecot-imapd)")
    with run_dovecot(certificates, tokens=token_server) as server:
        yield server


@pytest.fixture
def account(dovecot: Dovecot, trusted: None) -> Account:
    return dovecot.make_account()


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Callable[..., tuple[Register, Settings]]]:
    """Makes an installation with an open cycle and these settings; a second call opens it with others."""
    opened: list[Register] = []

    def make(**given: object) -> tuple[Register, Settings]:
        settings = Settings(home=tmp_path, settle_seconds=0, **given)  # type: ignore[arg-type]
        is_new = not settings.var.exists()
        if is_new:
            make_installation(settings)
        register = open_register(settings)
        opened.append(register)
        if is_new:
            at = datetime(2025, 1, 4, 9, tzinfo=UTC)  # mail servers take no day in the future for an arrival
            dates = Dates(opens=date(2025, 1, 13), self_assessment_due=date(2025, 2, 28))
            cycle = a_cycle(4).model_copy(update={"dates": dates})
            with register.writing() as connection:
                store_cycle(connection, cycle, shipped_frameworks()[cycle.framework], at=at, actor="test")
        return register, settings

    yield make
    for register in opened:
        register.close()
