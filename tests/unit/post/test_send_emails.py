"""Reminder emails go once each, to whom they are for, through a real mail server."""

import os
import signal
import socket
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from aiosmtpd.controller import Controller

from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.model.vocabulary import Stage
from peer_challenge.operations.migrate_home import migrate_installation
from peer_challenge.outbox.advance import advance_challenges
from peer_challenge.outbox.remind import intend_reminders, list_reminders
from peer_challenge.post.send_emails import send_emails
from peer_challenge.register import tables as t
from peer_challenge.register.cycles import store_cycle
from peer_challenge.register.database import Register, open_register
from peer_challenge.register.records import EmailState
from peer_challenge.settings import Settings, load_settings
from tests.factories import a_cycle

CYCLE = a_cycle(4)
OPENS = datetime(CYCLE.dates.opens.year, CYCLE.dates.opens.month, CYCLE.dates.opens.day, 9, tzinfo=UTC)
DAY = OPENS + (CYCLE.dates.self_assessment_due - CYCLE.dates.opens) - timedelta(days=7)
OWN = {area.id: {contact.email for contact in area.contacts} for area in CYCLE.participants}


class Post:
    """A mail server's memory; `answer` is what it says to the message for an address."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, bytes]] = []
        self.answer: Callable[[str], str] = lambda address: "250 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        said = self.answer(address)
        if said.startswith("250"):
            envelope.rcpt_tos.append(address)
        return said

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.taken += [(address, envelope.content) for address in envelope.rcpt_tos]
        return "250 OK"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def post() -> Iterator[Post]:
    """The server; `.port` of the fixture's settings is where it listens."""
    kept = Post()
    server = Controller(kept, hostname="127.0.0.1", port=_free_port())
    server.start()
    kept.port = server.port  # type: ignore[attr-defined]
    yield kept
    server.stop()


def _settings(home: Path, port: int) -> Settings:
    return load_settings(
        home,
        {
            "PEER_CHALLENGE_SMTP_HOST": "127.0.0.1",
            "PEER_CHALLENGE_SMTP_PORT": str(port),
            "PEER_CHALLENGE_SMTP_TLS": "false",
            "PEER_CHALLENGE_SMTP_FROM": "office@example.org",
        },
    )


@pytest.fixture
def place(tmp_path: Path, post: Post) -> Iterator[tuple[Register, Settings]]:
    """A cycle whose four areas have been reminded: four drafted emails are in the outbox."""
    settings = _settings(tmp_path, post.port)  # type: ignore[attr-defined]
    migrate_installation(settings)
    register = open_register(settings)
    with register.writing() as connection:
        store_cycle(connection, CYCLE, shipped_frameworks()[CYCLE.framework], at=OPENS, actor="test")
    advance_challenges(register, settings, OPENS)
    assert intend_reminders(register, DAY) == 4
    advance_challenges(register, settings, DAY)
    yield register, settings
    register.close()


def _states(register: Register) -> list[str]:
    with register.reading() as connection:
        return sorted(connection.scalars(sa.select(t.emails.c.state)))


def test_each_goes_once_to_the_area_it_is_for(place: tuple[Register, Settings], post: Post) -> None:
    assert send_emails(*place, DAY).sent == 4
    assert send_emails(*place, DAY + timedelta(hours=1)).sent == 0
    assert len(post.taken) == 4
    by_area = {who: [c for a, c in post.taken if a in own] for who, own in OWN.items()}
    assert all(len(mails) == 1 for mails in by_area.values())
    assert not any(b"X-Unsent" in content for _, content in post.taken)
    assert _states(place[0]) == [EmailState.SENT] * 4


def test_a_server_that_is_down_is_tried_again(place: tuple[Register, Settings], post: Post) -> None:
    register, settings = place
    nobody = _settings(settings.home, _free_port())
    done = send_emails(register, nobody, DAY)
    assert (done.sent, done.is_away, _states(register)) == (0, True, [])
    assert send_emails(register, settings, DAY + timedelta(minutes=15)).sent == 4


def test_not_now_waits_and_never_is_told(place: tuple[Register, Settings], post: Post) -> None:
    post.answer = lambda address: "451 later" if address in OWN["ashcombe"] else "250 OK"
    assert send_emails(*place, DAY).sent == 3
    post.answer = lambda address: "550 nobody here" if address in OWN["ashcombe"] else "250 OK"
    done = send_emails(*place, DAY + timedelta(minutes=15))
    assert (done.sent, done.refused, done.is_away) == (0, 1, False)
    assert _states(place[0]) == sorted([EmailState.REFUSED, *[EmailState.SENT] * 3])
    assert len(post.taken) == 3


def test_what_was_cut_off_is_in_doubt_and_not_sent_again(
    place: tuple[Register, Settings], post: Post
) -> None:
    """Killed when the server has taken the message and before that could be written down."""
    register, settings = place
    register.close()
    child = os.fork()
    if child == 0:
        send_emails(open_register(settings), settings, DAY)
        os._exit(0)

    def answer(_address: str) -> str:
        os.kill(child, signal.SIGKILL)
        return "250 OK"

    post.answer = answer
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status)
    post.answer = lambda address: "250 OK"
    assert send_emails(register, settings, DAY).sent == 3
    assert _states(register) == sorted([EmailState.DOUBTFUL, *[EmailState.SENT] * 3])


def test_what_came_meanwhile_is_not_asked_for(place: tuple[Register, Settings], post: Post) -> None:
    register, settings = place
    with register.writing() as connection:
        connection.execute(
            t.challenges.update()
            .where(t.challenges.c.author_id == "ashcombe")
            .values(stage=Stage.SELF_ASSESSED.value)
        )
    assert send_emails(register, settings, DAY).sent == 3
    assert _states(register) == sorted([EmailState.OVERTAKEN, *[EmailState.SENT] * 3])
    assert not any(address in OWN["ashcombe"] for address, _ in post.taken)


def test_a_server_named_late_starts_no_flood(place: tuple[Register, Settings], post: Post) -> None:
    assert send_emails(*place, DAY + timedelta(days=3)).sent == 0
    assert post.taken == []


def test_a_draft_that_was_altered_or_sent_by_hand_is_not_sent(
    place: tuple[Register, Settings], post: Post
) -> None:
    register, settings = place
    one, other = sorted(settings.outbox_folder.rglob("Reminder email*.eml"))[:2]
    one.unlink()
    other.write_bytes(other.read_bytes().replace(b"To: ", b"To: somebody@example.org, "))
    done = send_emails(register, settings, DAY)
    assert (done.sent, done.refused) == (2, 2)
    assert not any(address == "somebody@example.org" for address, _ in post.taken)


def test_a_dry_run_changes_nothing(place: tuple[Register, Settings]) -> None:
    register, _ = place

    def everything() -> list[Any]:
        with register.reading() as connection:
            return [connection.execute(sa.select(table)).fetchall() for table in t.metadata.sorted_tables]

    before = everything()
    later = DAY + timedelta(days=6)
    assert len(list_reminders(register, later)) == 4
    assert everything() == before
    assert intend_reminders(register, later) == 4
