"""An email of the mailbox goes from state to state in one direction, and no address stays for ever."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from peer_challenge.model.mailbox import NEXT_STATES, LeftReason, MailState
from peer_challenge.register import mailbox_messages as mails
from peer_challenge.register import purging
from peer_challenge.register.database import Register, migrate_register, open_register
from peer_challenge.register.mailbox_messages import ListedMail, MailboxMessage, MailPlace
from peer_challenge.settings import load_settings

AT = datetime(2025, 2, 26, 15, tzinfo=UTC)
PLACE = MailPlace("a mailbox", 7)


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Register]:
    settings = load_settings(tmp_path, {})
    settings.make_folders()
    migrate_register(settings)
    register = open_register(settings)
    with register.writing() as connection:
        mails.add_listed_mails(connection, PLACE, [ListedMail(n, 100, AT) for n in (1, 2, 3)], AT)
    yield register
    register.close()


def _load(register: Register) -> list[MailboxMessage]:
    with register.reading() as connection:
        return sorted(mails.list_in_states(connection, PLACE, list(MailState)), key=lambda mail: mail.uid)


def _fetch(register: Register, mail: MailboxMessage, sender: str | None = None) -> None:
    with register.writing() as connection:
        mails.record_fetched(
            connection,
            mail,
            sha256=f"{mail.uid}" * 64,
            content_sha256="c" * 64,
            verified_sender=sender,
            at=AT,
        )


def test_no_state_is_gone_back_to(register: Register) -> None:
    mail = _load(register)[0]
    _fetch(register, mail)
    with register.writing() as connection:
        mails.record_handed_over(connection, mail, "1" * 64, AT)
        mails.record_left(connection, mail, LeftReason.NO_FORM, AT)
        mails.record_moved(connection, mail, AT)
    _fetch(register, mail)
    assert _load(register)[0].state is MailState.MOVED
    assert not NEXT_STATES[MailState.MOVED]


def test_what_was_fetched_is_settled_before_another_copy(register: Register) -> None:
    first, second, third = _load(register)
    with register.writing() as connection:
        mails.note_attempt(connection, third, AT, many=3)
    _fetch(register, third)
    with register.reading() as connection:
        listed = mails.list_in_states(connection, PLACE, (MailState.SEEN, MailState.FETCHED))
    assert [mail.uid for mail in listed] == [third.uid, first.uid, second.uid]


def test_an_email_is_known_by_its_contents_and_by_who_vouches_for_it(register: Register) -> None:
    first, second, _ = _load(register)
    _fetch(register, first)
    with register.writing() as connection:
        assert not mails.is_taken_in(connection, "c" * 64, None), "it is not in the inbox yet"
        mails.record_handed_over(connection, first, "1" * 64, AT)
        assert mails.is_taken_in(connection, "c" * 64, None)
        assert not mails.is_taken_in(connection, "c" * 64, "board@ashcombe.example")
    _fetch(register, second, "board@ashcombe.example")
    with register.writing() as connection:
        mails.record_handed_over(connection, second, "2" * 64, AT)
        assert mails.is_taken_in(connection, "c" * 64, "board@ashcombe.example")
        assert mails.find_provenance(connection, "9" * 64) is None


def test_what_is_gone_is_gone_and_what_was_handed_over_needs_no_move(register: Register) -> None:
    first, second, third = _load(register)
    _fetch(register, first)
    with register.writing() as connection:
        mails.record_handed_over(connection, first, "1" * 64, AT)
        mails.record_left(connection, second, LeftReason.NO_FORM, AT)
        mails.record_gone(connection, MailPlace("another mailbox", 7), set(), AT)
        mails.record_gone(connection, PLACE, {3}, AT)
    assert [mail.state for mail in _load(register)] == [MailState.MOVED, MailState.GONE, MailState.SEEN]
    assert third.state is MailState.SEEN


def test_addresses_of_senders_go_when_documents_of_nobody_go(register: Register) -> None:
    for mail in _load(register):
        _fetch(register, mail, "board@ashcombe.example")
    with register.writing() as connection:
        purging.purge_strays(connection, before=AT.date(), at=AT, actor="test")
    assert {mail.verified_sender for mail in _load(register)} == {"board@ashcombe.example"}
    with register.writing() as connection:
        later: date = AT.date() + timedelta(days=1)
        purging.purge_strays(connection, before=later, at=AT, actor="test")
    assert {mail.verified_sender for mail in _load(register)} == {None}
