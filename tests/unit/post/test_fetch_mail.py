"""What reaches the office's mailbox is taken in once each, from a real mail server, whatever happens."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from peer_challenge.intake.take_in import take_in_ready_documents
from peer_challenge.model.mailbox import NEXT_STATES, REASONS_IN_WORDS, LeftReason, MailState
from peer_challenge.model.messages import MessageState
from peer_challenge.outbox.do_what_is_due import advance_and_deliver
from peer_challenge.post import fetch_mail as fetching
from peer_challenge.post.fetch_mail import FetchedMail, fetch_mail
from peer_challenge.post.try_mail_servers import try_mailbox
from peer_challenge.register import mailbox_messages as mails
from peer_challenge.register import messages
from peer_challenge.register import tables as t
from peer_challenge.register.archive import sha256_of
from peer_challenge.register.database import Register
from peer_challenge.settings import Settings
from tests.mail.bad_line import BadLine, run_bad_line
from tests.mail.certificates import Certificates
from tests.mail.dovecot import AT as ARRIVED
from tests.mail.dovecot import Account, Dovecot, run_dovecot
from tests.mail.emails import KEY, a_delivery_report, an_email
from tests.mail.token_server import TokenServer

AT = datetime(2025, 2, 26, 15, tzinfo=UTC)
FORM = ("form.docx", b"PK\x03\x04 not opened here")
Office = Callable[..., tuple[Register, Settings]]


def _in_inbox(settings: Settings) -> list[bytes]:
    return sorted(path.read_bytes() for path in settings.inbox_folder.iterdir())


def _left(register: Register) -> list[LeftReason | None]:
    with register.reading() as connection:
        return sorted(mail.reason for mail in mails.list_left(connection) if mail.reason)


def _states(register: Register) -> dict[MailState, int]:
    with register.reading() as connection:
        found = connection.execute(sa.select(t.mailbox_messages.c.state))
        return Counter(MailState(state) for state in found.scalars())


def test_an_email_with_a_form_goes_into_the_inbox_and_to_the_folder_for_those_taken_in(
    account: Account, office: Office
) -> None:
    register, settings = office(**account.settings())
    email = an_email(FORM)
    account.put(email)
    done = fetch_mail(register, settings, AT)
    assert (done.taken_in, done.moved, done.left, done.problem) == ([sha256_of(email)], 1, 0, "")
    assert _in_inbox(settings) == [email]
    assert account.list_emails() == [] and account.list_emails("Taken in") == [email]
    with register.reading() as connection:
        found = mails.find_provenance(connection, sha256_of(email))
    assert found is not None and (found.arrived_at, found.verified_sender) == (ARRIVED, None)


def test_the_name_of_its_file_holds_nothing_that_the_email_says(account: Account, office: Office) -> None:
    register, settings = office(**account.settings())
    account.put(an_email(FORM, subject="../../secret <words>"))
    fetch_mail(register, settings, AT)
    [path] = settings.inbox_folder.iterdir()
    assert re.fullmatch(r"Email of 2025-02-26 14\.02 \([0-9a-f]{12}\)\.eml", path.name)


def test_a_second_run_finds_nothing_to_do(account: Account, office: Office) -> None:
    register, settings = office(**account.settings())
    account.put(an_email(FORM), an_email())
    assert len(fetch_mail(register, settings, AT).taken_in) == 1
    assert fetch_mail(register, settings, AT) == FetchedMail()
    assert len(_in_inbox(settings)) == 1


def test_without_a_mailbox_nothing_happens(office: Office) -> None:
    assert not fetch_mail(*office(), AT).is_set


def test_two_runs_at_once_are_one(account: Account, office: Office) -> None:
    register, settings = office(**account.settings())
    account.put(an_email(FORM))
    with register.exclusive("mailbox"):
        assert fetch_mail(*office(**account.settings()), AT).is_busy
    assert len(fetch_mail(register, settings, AT).taken_in) == 1


@pytest.mark.parametrize("way", ["starttls", "token"])
def test_other_ways_to_sign_in(
    way: str, account: Account, office: Office, dovecot: Dovecot, token_server: TokenServer
) -> None:
    if way == "token":
        account = Account(dovecot, "office@example.org")
        given = account.settings(imap_password=None, **token_server.settings())
    else:
        given = account.settings(imap_tls="starttls", imap_port=dovecot.plain_port)
    account.put(an_email(FORM))
    register, settings = office(**given)
    assert len(fetch_mail(register, settings, AT).taken_in) == 1, dovecot.log()[-500:]


# What stays


@pytest.mark.parametrize(
    ("email", "reason"),
    [
        (an_email(), LeftReason.NO_FORM),
        (an_email(("picture.png", b"\x89PNG")), LeftReason.NO_FORM),
        (an_email(FORM, Auto_Submitted="auto-replied"), LeftReason.AUTOMATIC),
        (a_delivery_report(), LeftReason.DELIVERY_REPORT),
        (a_delivery_report(action="delayed", status="4.4.1"), LeftReason.AUTOMATIC),
        (
            an_email(FORM, sender="office@example.org", Message_ID=f"<{KEY}@office.example>"),
            LeftReason.OUR_OWN,
        ),
        (an_email(FORM, Message_ID=f"<{KEY}@peer-challenge.invalid>"), LeftReason.OUR_OWN),
        (an_email(FORM) + b"\r\n--\r\n--" * 3000, LeftReason.ODDLY_BUILT),
        (an_email(("large.docx", b"PK\x03\x04" + b"x" * 3_000_000)), LeftReason.TOO_LARGE),
    ],
    ids=lambda given: given.value if isinstance(given, LeftReason) else "",
)
def test_what_is_no_form_stays_where_it_is_and_is_listed(
    email: bytes, reason: LeftReason, account: Account, office: Office
) -> None:
    register, settings = office(
        **account.settings(), max_megabytes=2, smtp_from="Office <office@example.org>"
    )
    account.put(email)
    done = fetch_mail(register, settings, AT)
    assert (done.taken_in, done.left) == ([], 1)
    assert _left(register) == [reason]
    assert account.list_emails() == [email] and _in_inbox(settings) == []
    [(_, _, flags)] = account.look()
    assert "Seen" not in flags and "Deleted" not in flags


def test_a_report_says_which_message_did_not_arrive(account: Account, office: Office) -> None:
    register, settings = office(**account.settings())
    advance_and_deliver(register, settings, AT)
    with register.reading() as connection:
        sent, *others = messages.list_messages(connection)
    account.put(a_delivery_report(about=f"<{sent.key}@peer-challenge.invalid>"))
    fetch_mail(register, settings, AT)
    with register.reading() as connection:
        now = messages.load_message(connection, sent.id)
        assert now is not None and now.state is MessageState.FAILED and "(5.1.1)" in (now.problem or "")
        assert {one.state for one in messages.list_messages(connection) if one.id != sent.id} == {
            MessageState.SENT
        }
    assert len(others) > 1


def test_what_somebody_moves_away_is_listed_no_longer(account: Account, office: Office) -> None:
    register, settings = office(**account.settings())
    account.put(an_email())
    fetch_mail(register, settings, AT)
    account.run(("STORE", "1:*", "+FLAGS", "(\\Deleted)"), ("EXPUNGE", "1:*"))
    fetch_mail(register, settings, AT)
    assert _left(register) == [] and _states(register) == {MailState.GONE: 1}


def test_emails_from_before_the_cycle_are_not_fetched(account: Account, office: Office) -> None:
    register, settings = office(**account.settings())
    account.put(an_email(FORM), at=ARRIVED - timedelta(days=200))
    assert fetch_mail(register, settings, AT).taken_in == []
    assert len(account.list_emails()) == 1 and _states(register) == {}


def test_every_reason_and_every_state_is_described() -> None:
    assert set(REASONS_IN_WORDS) == set(LeftReason) and set(NEXT_STATES) == set(MailState)


# Once each


def test_an_email_that_was_delivered_twice_is_taken_in_once(account: Account, office: Office) -> None:
    register, settings = office(**account.settings())
    email = an_email(FORM)
    account.put(b"Received: from a by b\r\n" + email, b"Received: from c by d\r\n" + email)
    done = fetch_mail(register, settings, AT)
    assert (len(done.taken_in), done.moved) == (1, 2)
    assert len(_in_inbox(settings)) == 1 and len(account.list_emails("Taken in")) == 2


def test_another_form_under_the_same_message_id_is_taken_in_too(account: Account, office: Office) -> None:
    register, settings = office(**account.settings())
    account.put(an_email(FORM), an_email(("form.docx", b"PK\x03\x04 another")))
    assert len(fetch_mail(register, settings, AT).taken_in) == 2


def test_a_copy_whose_sender_is_verified_is_not_lost_behind_one_whose_is_not(
    account: Account, office: Office
) -> None:
    register, settings = office(**account.settings(), trusted_mail_hosts="mx.example")
    email = an_email(FORM)
    verified = (
        b"Authentication-Results: mx.example; dmarc=pass header.from=ashcombe.example\r\n"
        b"Received: from a by mx.example\r\n" + email
    )
    account.put(email, verified)
    assert len(fetch_mail(register, settings, AT).taken_in) == 2
    with register.reading() as connection:
        found = mails.find_provenance(connection, sha256_of(verified))
    assert found is not None and found.verified_sender == "board@ashcombe.example"


@pytest.mark.parametrize("is_read", [False, True], ids=["in the inbox", "taken in by intake"])
def test_new_numbers_for_every_email_bring_nothing_twice(
    is_read: bool, account: Account, office: Office
) -> None:
    register, settings = office(**account.settings())
    taken, left = an_email(FORM), an_email(number=2)
    account.put(taken, left)
    fetch_mail(register, settings, AT)
    if is_read:
        take_in_ready_documents(register, settings, AT)
    account.put(taken)  # somebody moves it back
    account.renumber()
    done = fetch_mail(register, settings, AT)
    assert (done.taken_in, done.left, done.problem) == ([], 1, "")
    assert len(_in_inbox(settings)) == (0 if is_read else 1)
    assert _left(register) == [LeftReason.NO_FORM] and account.list_emails() == [left]


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("step", ["record_fetched", "hand_in_once", "record_handed_over", "record_moved"])
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_killed_at_a_step_it_goes_on_from_there(
    step: str, after: bool, account: Account, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    register, settings = office(**account.settings())
    email = an_email(FORM)
    account.put(email)
    place = fetching if step == "hand_in_once" else mails
    work = getattr(place, step)

    def end(*given: object, **named: object) -> None:
        if after:
            work(*given, **named)
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(place, step, end)
        with pytest.raises(Killed):
            fetch_mail(register, settings, AT)
    fetch_mail(register, settings, AT)
    assert _in_inbox(settings) == [email] and _states(register) == {MailState.MOVED: 1}
    assert account.list_emails() == [] and account.list_emails("Taken in") == [email]


# A mailbox that is broken, or worse


@pytest.fixture
def line(dovecot: Dovecot, trusted: None) -> Iterator[BadLine]:
    with run_bad_line(dovecot) as line:
        yield line


def test_an_email_that_breaks_the_connection_does_not_stop_the_others(
    account: Account, office: Office, line: BadLine
) -> None:
    register, settings = office(**account.settings(imap_port=line.port))
    bad = an_email(("bad.docx", b"PK\x03\x04 breaks"), number=9, subject="BREAKS")
    good = [an_email(FORM, number=number, subject=f"form {number}") for number in range(3)]
    account.put(good[0], bad, *good[1:])
    line.to_program = lambda piece: None if b"Subject: BREAKS" in piece else piece
    for hour in range(5):
        fetch_mail(register, settings, AT + timedelta(hours=2 * hour))
    assert _in_inbox(settings) == sorted(good) and account.list_emails() == [bad]
    assert _left(register) == [LeftReason.NOT_FETCHED]
    line.to_program = lambda piece: piece
    assert len(fetch_mail(register, settings, AT + timedelta(hours=9)).taken_in) == 1
    assert _left(register) == [] and account.list_emails() == []


@pytest.mark.threat("mail-server")
@pytest.mark.parametrize("after", [0, 60, 200, 500, 900, 1200, 1500, 2000, 3000])
def test_a_connection_that_is_reset_anywhere_loses_nothing(
    after: int, account: Account, office: Office, line: BadLine
) -> None:
    register, settings = office(**account.settings(imap_port=line.port))
    emails = [an_email(FORM, number=number) for number in range(3)]
    account.put(*emails)
    passed = 0

    def reset(piece: bytes) -> bytes | None:
        nonlocal passed
        passed += len(piece)
        return piece if passed <= after else None

    line.to_program = reset
    broken = fetch_mail(register, settings, AT)
    assert broken.problem and broken.remedy
    line.to_program = lambda piece: piece
    assert fetch_mail(register, settings, AT + timedelta(hours=2)).problem == ""
    assert _in_inbox(settings) == sorted(emails)
    assert account.list_emails() == [] and sorted(account.list_emails("Taken in")) == sorted(emails)


@pytest.mark.threat("mail-server")
def test_a_server_that_gives_more_than_it_says_is_not_listened_to(
    account: Account, office: Office, line: BadLine
) -> None:
    register, settings = office(**account.settings(imap_port=line.port), max_megabytes=0.1)
    account.put(an_email(("large.docx", b"PK\x03\x04" + b"x" * 1_000_000)), an_email(FORM, number=2))
    line.to_program = lambda piece: re.sub(rb"RFC822\.SIZE \d+", b"RFC822.SIZE 500", piece)
    done = fetch_mail(register, settings, AT)
    assert len(done.taken_in) == 1 and _left(register) == [LeftReason.TOO_LARGE]


@pytest.mark.parametrize(
    "nonsense",
    [
        lambda piece: re.sub(rb"\* SEARCH [\d ]+", b"* SEARCH one two", piece),
        lambda piece: piece.replace(b"* SEARCH", b"* FETCH ((("),
        lambda piece: re.sub(rb"UIDVALIDITY \d+", b"UIDVALIDITY x", piece),
        lambda piece: re.sub(rb"\{\d+\}", b"{99999999999}", piece),
        lambda piece: re.sub(rb"OK (Fetch|FETCH)", b"NO (Fetch)", piece),
        lambda piece: b"\xff\xfe\x00" + piece,
    ],
    ids=["words for numbers", "brackets", "no number", "an endless email", "no", "rubbish"],
)
def test_a_server_that_answers_nonsense_stops_nothing(
    nonsense: Callable[[bytes], bytes], account: Account, office: Office, line: BadLine
) -> None:
    register, settings = office(**account.settings(imap_port=line.port))
    account.put(an_email(FORM))
    line.to_program = nonsense
    fetch_mail(register, settings, AT)
    assert len(account.list_emails() + account.list_emails("Taken in")) == 1
    line.to_program = lambda piece: piece
    fetch_mail(register, settings, AT + timedelta(hours=2))
    assert len(_in_inbox(settings)) == 1 or _left(register) == [LeftReason.TOO_LARGE]


@pytest.mark.parametrize(
    "changed",
    [
        {"imap_password": "wrong"},
        {"imap_folder": "Not there"},
        {"imap_host": "nowhere.invalid"},
        {"imap_port": 1},
        {"imap_done_folder": "INBOX/../\x01"},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_what_can_not_be_used_is_said_and_nothing_is_lost(
    changed: dict[str, object], account: Account, office: Office
) -> None:
    account.put(an_email(FORM))
    register, settings = office(**account.settings(**changed))
    done = fetch_mail(register, settings, AT)
    assert done.problem.endswith(".") and done.remedy.endswith(".")
    assert len(account.list_emails()) == 1
    fetch_mail(*office(**account.settings()), AT + timedelta(hours=1))
    assert len(_in_inbox(settings)) == 1 and account.list_emails() == []


def test_a_refused_sign_in_is_not_tried_every_two_minutes(account: Account, office: Office) -> None:
    account.put(an_email(FORM))
    wrong = office(**account.settings(imap_password="wrong"))
    fetch_mail(*wrong, AT)
    right = office(**account.settings())
    assert fetch_mail(*right, AT + timedelta(minutes=2)).problem == fetching.PAUSED
    assert not try_mailbox(wrong[1]).is_well
    assert fetch_mail(*right, AT + timedelta(minutes=4)).problem == fetching.PAUSED
    assert try_mailbox(right[1]).is_well
    assert len(fetch_mail(*right, AT + timedelta(minutes=6)).taken_in) == 1


@pytest.mark.threat("mail-server")
def test_a_server_whose_certificate_is_not_trusted_gets_no_password(dovecot: Dovecot, office: Office) -> None:
    account = dovecot.make_account()
    register, settings = office(**account.settings())
    before = dovecot.log().count("Login:")
    assert "SSLCertVerificationError" in fetch_mail(register, settings, AT).problem
    register, settings = office(**account.settings(imap_tls="starttls", imap_port=dovecot.plain_port))
    assert "SSLCertVerificationError" in fetch_mail(register, settings, AT).problem
    assert dovecot.log().count("Login:") == before and account.user not in dovecot.log()


@pytest.mark.parametrize("capability", ["IMAP4rev1 UIDPLUS", "IMAP4rev1"])
def test_a_server_that_can_not_move(
    capability: str, certificates: Certificates, trusted: None, office: Office
) -> None:
    with run_dovecot(certificates, capability=capability) as server:
        account = server.make_account()
        register, settings = office(**account.settings())
        form, kept = an_email(FORM), an_email(number=2)
        account.put(form, kept)
        account.run(("STORE", "2", "+FLAGS", "(\\Deleted)"))  # by a person who may think better of it
        assert len(fetch_mail(register, settings, AT).taken_in) == 1
        fetch_mail(register, settings, AT)
        moves = "UIDPLUS" in capability
        assert account.list_emails() == ([kept] if moves else [form, kept])
        assert account.list_emails("Taken in") == ([form] if moves else [])
        assert len(_in_inbox(settings)) == 1


def test_a_copy_that_was_made_before_a_kill_is_not_made_again(
    certificates: Certificates, trusted: None, office: Office
) -> None:
    with run_dovecot(certificates, capability="IMAP4rev1 UIDPLUS") as server:
        account = server.make_account()
        account.put(an_email(FORM))
        register, settings = office(**account.settings())
        with run_bad_line(server) as line:
            line.to_server = lambda piece: None if b"STORE" in piece else piece
            broken = fetch_mail(*office(**account.settings(imap_port=line.port)), AT)
            assert broken.problem and len(account.list_emails("Taken in")) == 1
        assert fetch_mail(register, settings, AT).problem == ""
        assert account.list_emails() == [] and len(account.list_emails("Taken in")) == 1


def test_a_full_mailbox_is_read_over_several_runs_the_newest_first(
    account: Account, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "MOST_AT_ONCE", 4)
    register, settings = office(**account.settings())
    emails = [an_email(FORM, number=number) for number in range(10)]
    account.put(*emails)
    first = fetch_mail(register, settings, AT)
    assert (len(first.taken_in), first.waiting) == (4, 6)
    assert _in_inbox(settings) == sorted(emails[6:])
    fetch_mail(register, settings, AT)
    assert fetch_mail(register, settings, AT).waiting == 0
    assert _in_inbox(settings) == sorted(emails)


@pytest.mark.threat("secret-words")
def test_nothing_that_an_email_says_is_kept_beside_it(
    account: Account, office: Office, tmp_path: Path
) -> None:
    register, settings = office(**account.settings())
    account.put(an_email(sender="secretname@secret.example", subject="secretsubject"))
    fetch_mail(register, settings, AT)
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"secretname" not in kept and b"secretsubject" not in kept
