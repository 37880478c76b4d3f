"""A whole cycle by email: every document leaves in a message, through a real mail server with its moods."""

import re
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from peer_challenge.model.messages import Addressee
from peer_challenge.post.group_into_messages import find_everybody
from peer_challenge.register import messages, received_emails, submissions
from peer_challenge.register.cycles import cycle_ids, load_stored
from peer_challenge.register.database import open_register
from peer_challenge.register.records import CycleState
from peer_challenge.rehearsal.count_post import count_post
from peer_challenge.settings import load_settings
from tests.factories import a_cycle
from tests.flows.test_rehearsal import _run
from tests.mail.certificates import make_certificates
from tests.mail.dovecot import IS_INSTALLED, PASSWORD, Account, run_dovecot
from tests.mail.smtp_server import MailServer, run_mail_server

AREAS = 4
MOST_MESSAGES, MOST_WITH_REVIEWS = 20, 30


@pytest.fixture(scope="module")
def mailbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Account]:
    """The office's mailbox, on a real server."""
    if not IS_INSTALLED:
        pytest.skip("Dovecot is not installed (apt-get install dovecot-imapd)")
    with run_dovecot(make_certificates(tmp_path_factory.mktemp("certificates"))) as server:
        yield server.make_account()


@pytest.fixture(scope="module")
def by_email(tmp_path_factory: pytest.TempPathFactory, mailbox: Account) -> tuple[Path, MailServer]:
    """A rehearsal whose mail server is slow, and puts every ninth message off; returns come by IMAP."""
    home = tmp_path_factory.mktemp("by-email") / "rehearsal"
    dice = Random(7)
    with run_mail_server() as server:
        server.delay = 0.005
        server.answer = lambda address: "451 not now" if dice.random() < 1 / 9 else "250 OK"
        server.on_data = lambda: "452 not now" if dice.random() < 1 / 20 else "250 OK"
        done = _run(
            *("rehearse", "--into", str(home), "--areas", str(AREAS), "--seed", "7"),
            *("--by-email", f"127.0.0.1:{server.port}"),
            *("--mailbox", f"localhost:{mailbox.server.port}"),
            PEER_CHALLENGE_IMAP_USER=mailbox.user,
            PEER_CHALLENGE_IMAP_PASSWORD=PASSWORD,
            SSL_CERT_FILE=str(mailbox.server.certificates.authority),
        )
    assert done.returncode == 0, done.stderr + done.stdout
    return home, server


def test_every_document_leaves_in_a_message_to_those_it_is_for(by_email: tuple[Path, MailServer]) -> None:
    home, server = by_email
    register = open_register(load_settings(home))
    with register.reading() as connection:
        found = messages.list_messages(connection, most=None)
        contents = messages.list_dispatches_of(connection, [one.id for one in found])
        assert messages.list_without_message(connection) == []
        cycle, _ = load_stored(connection, found[0].cycle_id)
    register.close()
    by_id = {str(taken.message["Message-ID"]): taken for taken in server.taken}
    assert len(by_id) == len(server.taken), "a message went twice"
    assert {one.state.value for one in found} <= {"sent", "overtaken"}
    for one in found:
        taken = by_id.get(f"<{one.key}@peer-challenge.invalid>")
        assert (taken is None) == (one.state.value == "overtaken"), one
        if taken is not None:
            assert set(taken.to) <= find_everybody(cycle, one.addressee, one.recipient_id)
            names = [part.get_filename() for part in taken.message.iter_attachments()]
            files = [Path(str(dispatch.path)).name for dispatch in contents[one.id]]
            assert set(names) <= set(files)


def test_every_return_came_in_an_email(by_email: tuple[Path, MailServer], mailbox: Account) -> None:
    home, _ = by_email
    taken_in = mailbox.list_emails("Taken in")
    assert len(taken_in) >= 5 * AREAS and mailbox.list_emails() == []
    settings = load_settings(home)
    register = open_register(settings)
    with register.reading() as connection:
        [cycle_id] = cycle_ids(connection, states=(CycleState.CLOSED,))
        versions = submissions.list_versions(connection, cycle_id)
        emails = [received_emails.load_email_of(connection, one.id) for one in versions]
    register.close()
    assert len(versions) == len(taken_in)
    assert all(emails)
    assert [path for path in settings.inbox_folder.rglob("*") if path.is_file()] == []


def test_no_area_gets_more_messages_than_it_can_read(by_email: tuple[Path, MailServer]) -> None:
    home, _ = by_email
    register = open_register(load_settings(home))
    with register.reading() as connection:
        found = messages.list_messages(connection, addressee=Addressee.AREA, most=None)
        [closed] = cycle_ids(connection, states=(CycleState.CLOSED,))
        count = count_post(connection, closed)
    register.close()
    assert {one.recipient_id for one in found} == {area.id for area in a_cycle(AREAS).participants}
    assert 0 < count.most_messages <= MOST_MESSAGES, count
    assert count.most_messages < count.most_with_reviews <= MOST_WITH_REVIEWS, count


def test_subjects_say_what_and_by_when(by_email: tuple[Path, MailServer]) -> None:
    _, server = by_email
    subjects = [str(taken.message["Subject"]) for taken in server.taken]
    asked = [subject for subject in subjects if "Please return by" in subject]
    assert len(asked) >= 5 * AREAS
    assert not any(subject.startswith(" ") for subject in subjects)
    pattern = r"OFFICIAL-SENSITIVE: Please return by \d{1,2} [A-Z][a-z]+: [A-Z]?[\w' -]+"
    assert all(re.fullmatch(pattern, subject) for subject in asked), asked
