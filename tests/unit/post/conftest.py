"""An installation with the cycle of four areas, whose messages go in the way that a test says."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

import pytest

from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.model.cycle import Cycle
from peer_challenge.operations.migrate_home import migrate_installation
from peer_challenge.outbox.advance import advance_challenges
from peer_challenge.register import messages
from peer_challenge.register.cycles import store_cycle
from peer_challenge.register.database import Register, open_register
from peer_challenge.register.records import Message
from peer_challenge.settings import Settings, load_settings
from tests.factories import a_cycle
from tests.mail.smtp_server import MailServer, run_mail_server

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
    """Settings of an installation, named as in settings.toml."""
    return load_settings(home, {f"PEER_CHALLENGE_{name.upper()}": value for name, value in settings.items()})


def name_server(server: MailServer, **more: str) -> dict[str, str]:
    """The settings with which messages go through a server, without encryption."""
    return {"smtp_host": "127.0.0.1", "smtp_port": str(server.port), "smtp_tls": "false", **more}


@pytest.fixture
def open_office(tmp_path: Path) -> Iterator[OpenOffice]:
    opened: list[Register] = []

    def make(cycle: Cycle = CYCLE, **given: str) -> Office:
        settings = load_test_settings(tmp_path, **given)
        migrate_installation(settings)
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
