"""An unknown sender gets one line at most, and nobody gets into a loop with us."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from peer_challenge.post.answer_senders import SUBJECT
from peer_challenge.post.email_headers import parse_headers
from peer_challenge.post.fetch_mail import fetch_mail
from peer_challenge.post.replies import is_automatic
from peer_challenge.register.database import Register
from peer_challenge.settings import Settings
from tests.factories import a_cycle
from tests.mail.dovecot import Account, free_port
from tests.mail.emails import an_email

AT = datetime(2025, 2, 26, 15, tzinfo=UTC)
FORM = ("form.docx", b"PK\x03\x04 not opened here")
STRANGER = "Somebody <somebody@elsewhere.example>"
Office = Callable[..., tuple[Register, Settings]]


class Post:
    """What a mail server was given: from whom, to whom, and the message."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, list[str], EmailMessage]] = []
        self.port = 0

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.taken.append((envelope.mail_from, list(envelope.rcpt_tos), message))
        return "250 OK"


@pytest.fixture
def post() -> Iterator[Post]:
    kept = Post()
    server = Controller(kept, hostname="127.0.0.1", port=free_port())
    server.start()
    kept.port = server.port
    yield kept
    server.stop()


def _given(account: Account, post: Post, **changed: object) -> dict[str, object]:
    return {
        **account.settings(),
        "answer_unknown_senders": True,
        "smtp_host": "127.0.0.1",
        "smtp_port": post.port,
        "smtp_tls": False,
        "smtp_from": "office@example.org",
        **changed,
    }


def test_an_unknown_sender_is_told_that_we_have_the_email(
    account: Account, post: Post, office: Office
) -> None:
    account.put(an_email(FORM, sender=STRANGER, subject="secret words"))
    assert fetch_mail(*office(**_given(account, post)), AT).answered == 1
    [(sender, recipients, answer)] = post.taken
    assert (sender, recipients) == ("<>", ["somebody@elsewhere.example"])
    assert answer["Subject"] == SUBJECT and answer["Auto-Submitted"] == "auto-replied"
    assert answer["In-Reply-To"] == "<1@ashcombe.example>"
    whole = answer.as_string()
    assert "secret" not in whole and "Somebody" not in whole and "form.docx" not in whole
    assert is_automatic(parse_headers(answer.as_bytes())), "an answer to the answer would be a loop"


@pytest.mark.parametrize(
    "changed",
    [
        {"answer_unknown_senders": False},
        {"smtp_host": ""},
        {"trusted_mail_hosts": "mx.example.org"},
    ],
    ids=str,
)
def test_nobody_is_answered_where_the_settings_do_not_ask_for_it(
    changed: dict[str, object], account: Account, post: Post, office: Office
) -> None:
    account.put(an_email(FORM, sender=STRANGER))
    assert fetch_mail(*office(**_given(account, post, **changed)), AT).answered == 0
    assert post.taken == []


@pytest.mark.parametrize(
    "email",
    [
        an_email(sender=STRANGER),
        an_email(FORM, sender=STRANGER, Precedence="bulk"),
        an_email(FORM, sender=STRANGER, Return_Path="<>"),
        an_email(FORM, sender=STRANGER, Auto_Submitted="auto-generated"),
        an_email(FORM, sender="MAILER-DAEMON@elsewhere.example"),
        an_email(FORM, sender="a@elsewhere.example, b@elsewhere.example"),
        an_email(FORM, sender="office@example.org"),
        an_email(FORM, sender=f"X <{a_cycle(4).participants[0].contacts[0].email.upper()}>"),
    ],
    ids=["no form", "bulk", "no return path", "generated", "a mail server", "two", "ourselves", "a contact"],
)
def test_machines_and_those_we_know_are_not_answered(
    email: bytes, account: Account, post: Post, office: Office
) -> None:
    account.put(email)
    assert fetch_mail(*office(**_given(account, post)), AT).answered == 0
    assert post.taken == []


@pytest.mark.threat("answering-machine")
def test_an_address_gets_three_answers_a_day(account: Account, post: Post, office: Office) -> None:
    register, settings = office(**_given(account, post))
    account.put(*(an_email(("f.docx", b"PK\x03\x04 %d" % n), sender=STRANGER, number=n) for n in range(5)))
    assert fetch_mail(register, settings, AT).answered == 3
    account.put(an_email(("f.docx", b"PK\x03\x04 9"), sender=STRANGER, number=9))
    assert fetch_mail(register, settings, AT + timedelta(hours=23)).answered == 0
    account.put(an_email(("f.docx", b"PK\x03\x04 10"), sender=STRANGER, number=10))
    assert fetch_mail(register, settings, AT + timedelta(hours=25)).answered == 1


@pytest.mark.threat("answering-machine")
def test_a_thousand_names_get_no_thousand_answers(
    account: Account, post: Post, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("peer_challenge.register.mail_answers.MOST_OF_ALL_A_DAY", 2)
    account.put(*(an_email(FORM, sender=f"a{n}@elsewhere.example", number=n) for n in range(4)))
    assert fetch_mail(*office(**_given(account, post)), AT).answered == 2


def test_a_mail_server_that_is_away_stops_nothing(account: Account, post: Post, office: Office) -> None:
    account.put(an_email(FORM, sender=STRANGER))
    done = fetch_mail(*office(**_given(account, post, smtp_port=1)), AT)
    assert (len(done.taken_in), done.moved, done.answered, done.problem) == (1, 1, 0, "")
