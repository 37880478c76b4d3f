"""Messages go once each, to whom they are for, through a real mail server, as drafts or in folders."""

import os
import signal
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from peer_challenge.errors import WrongUse
from peer_challenge.model.cycle import Contact, Cycle, Receives
from peer_challenge.model.messages import MessageState
from peer_challenge.model.vocabulary import DispatchKind, Stage
from peer_challenge.outbox.do_what_is_due import advance_and_deliver, advance_challenges
from peer_challenge.outbox.who_is_reminded import intend_reminders, list_reminders
from peer_challenge.post.deliver import deliver_messages
from peer_challenge.post.drafts import refresh_drafts
from peer_challenge.register import challenges, messages
from peer_challenge.register import tables as t
from peer_challenge.register.database import open_register
from peer_challenge.steering import send_messages
from tests.mail.certificates import Certificates, make_certificates
from tests.mail.smtp_server import MailServer, find_free_port, run_mail_server
from tests.mail.token_server import TOKEN, run_token_server
from tests.unit.post.conftest import AT, CYCLE, DAY, Office, OpenOffice, name_server

OWN = {area.id: {contact.email for contact in area.contacts} for area in CYCLE.participants}
SENT, READY = MessageState.SENT.value, MessageState.READY.value


@pytest.mark.threat("mail-astray")
def test_each_goes_once_to_the_area_it_is_for(open_office: OpenOffice, mail_server: MailServer) -> None:
    office = open_office(**name_server(mail_server))
    assert office.list_states() == [READY] * 4
    assert deliver_messages(office.register, office.settings, AT).sent == 4
    assert deliver_messages(office.register, office.settings, AT + timedelta(hours=1)).sent == 0
    assert office.list_states() == [SENT] * 4
    assert len(mail_server.taken) == 4
    for area, addresses in OWN.items():
        [taken] = [one for one in mail_server.taken if set(one.to) & addresses]
        assert set(taken.to) <= addresses
        [message] = [one for one in office.list_messages() if one.recipient_id == area]
        assert set(message.sent_to) == set(taken.to)
        assert (message.sent_at, message.sent_by) == (AT, "the mail server")
        email = taken.message
        assert (email["X-Unsent"], email["Auto-Submitted"]) == (None, "auto-generated")
        [form] = list(email.iter_attachments())
        with office.register.reading() as connection:
            dispatch, letter = messages.list_dispatches_of(connection, [message.id])[message.id]
        assert (dispatch.kind, letter.kind) == (
            DispatchKind.SELF_ASSESSMENT_TEMPLATE,
            DispatchKind.LAUNCH_LETTER,
        )
        assert form.get_content() == (office.settings.outbox_folder / str(dispatch.path)).read_bytes()


def test_a_server_that_is_down_is_tried_again(open_office: OpenOffice, mail_server: MailServer) -> None:
    office = open_office(**name_server(mail_server))
    nobody = office.with_settings(smtp_host="127.0.0.1", smtp_port=str(find_free_port()), smtp_tls="false")
    done = deliver_messages(office.register, nobody, AT)
    assert (done.sent, done.is_away, office.list_states()) == (0, True, [READY] * 4)
    assert "can't be used" in (office.list_messages()[0].problem or "")
    assert deliver_messages(office.register, office.settings, AT + timedelta(minutes=15)).sent == 4
    assert {one.problem for one in office.list_messages()} == {None}


def test_not_now_waits_and_never_is_told(open_office: OpenOffice, mail_server: MailServer) -> None:
    office = open_office(**name_server(mail_server))
    mail_server.answer = lambda address: "451 later" if address in OWN["ashcombe"] else "250 OK"
    assert deliver_messages(office.register, office.settings, AT).sent == 3
    mail_server.answer = lambda address: "550 nobody here" if address in OWN["ashcombe"] else "250 OK"
    done = deliver_messages(office.register, office.settings, AT + timedelta(minutes=15))
    assert (done.sent, done.refused, done.is_away) == (0, 1, False)
    [failed] = [one for one in office.list_messages() if one.state is MessageState.FAILED]
    assert failed.recipient_id == "ashcombe"
    assert failed.problem is not None and "(550)" in failed.problem and "Check the address" in failed.problem
    assert len(mail_server.taken) == 3


def test_one_address_of_several_that_is_refused_is_said(
    open_office: OpenOffice, mail_server: MailServer
) -> None:
    first, *others = CYCLE.participants
    two = (Contact(name="Manager", email="good@ashcombe.example"), first.contacts[-1])
    contacts = tuple(one.model_copy(update={"receives": (Receives.FORMS,)}) for one in two)
    cycle = CYCLE.model_copy(
        update={"participants": (first.model_copy(update={"contacts": contacts}), *others)}
    )
    office = open_office(cycle, **name_server(mail_server))
    mail_server.answer = lambda address: "250 OK" if address != contacts[1].email else "550 nobody here"
    assert deliver_messages(office.register, office.settings, AT).sent == 4
    [message] = [one for one in office.list_messages() if one.recipient_id == first.id]
    assert (message.state, message.sent_to) == (MessageState.SENT, ("good@ashcombe.example",))
    assert message.problem == "The mail server refused 1 of 2 addresses."


def test_what_was_cut_off_is_in_doubt_and_not_sent_again(
    open_office: OpenOffice, mail_server: MailServer
) -> None:
    """Killed when the server has taken the message and before that could be written down."""
    office = open_office(**name_server(mail_server))
    office.register.close()
    child = os.fork()
    if child == 0:
        deliver_messages(open_register(office.settings), office.settings, AT)
        os._exit(0)

    def kill_sender() -> str:
        os.kill(child, signal.SIGKILL)
        return "250 OK"

    mail_server.on_data = kill_sender
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status)
    mail_server.on_data = lambda: "250 OK"
    assert deliver_messages(office.register, office.settings, AT).sent == 3
    assert sorted(office.list_states()) == sorted([MessageState.IN_DOUBT.value, *[SENT] * 3])
    assert len(mail_server.taken) == 4
    [doubted] = [one for one in office.list_messages() if one.state is MessageState.IN_DOUBT]
    with office.register.writing() as connection:
        send_messages.mark_as_sent(connection, doubted.id, at=AT, actor="office")
    assert deliver_messages(office.register, office.settings, AT).sent == 0
    assert len(mail_server.taken) == 4


def test_what_the_office_holds_stays(open_office: OpenOffice, mail_server: MailServer) -> None:
    office = open_office(**name_server(mail_server))
    held = office.list_messages()[0]
    with office.register.writing() as connection:
        send_messages.hold_message(connection, held.id, reason="Not yet", at=AT, actor="office")
    assert deliver_messages(office.register, office.settings, AT).sent == 3
    with office.register.writing() as connection:
        send_messages.let_message_go(connection, held.id, reason="Now", at=AT, actor="office")
    assert deliver_messages(office.register, office.settings, AT).sent == 1
    assert len(mail_server.taken) == 4


def test_what_came_meanwhile_is_not_asked_for(open_office: OpenOffice, mail_server: MailServer) -> None:
    office = open_office(**name_server(mail_server))
    advance_and_deliver(office.register, office.settings, AT)
    assert intend_reminders(office.register, DAY) == 4
    advance_challenges(office.register, office.settings, DAY)
    with office.register.writing() as connection:
        connection.execute(
            t.challenges.update()
            .where(t.challenges.c.author_id == "ashcombe")
            .values(stage=Stage.SELF_ASSESSED.value)
        )
    mail_server.taken.clear()
    done = deliver_messages(office.register, office.settings, DAY)
    assert (done.sent, done.overtaken) == (3, 1)
    assert not any(set(one.to) & OWN["ashcombe"] for one in mail_server.taken)
    [stopped] = [one for one in office.list_messages() if one.state is MessageState.OVERTAKEN]
    assert stopped.recipient_id == "ashcombe"


def test_a_reminder_that_could_not_go_for_days_does_not_go_late(
    open_office: OpenOffice, mail_server: MailServer
) -> None:
    office = open_office(**name_server(mail_server))
    advance_and_deliver(office.register, office.settings, AT)
    intend_reminders(office.register, DAY)
    advance_challenges(office.register, office.settings, DAY)
    mail_server.taken.clear()
    done = deliver_messages(office.register, office.settings, DAY + timedelta(days=3))
    assert (done.sent, done.overtaken, mail_server.taken) == (0, 4, [])


@pytest.mark.threat("outbox-writer")
def test_a_file_that_was_changed_or_taken_away_is_not_sent(
    open_office: OpenOffice, mail_server: MailServer
) -> None:
    office = open_office(**name_server(mail_server))
    one, other = sorted(office.settings.outbox_folder.rglob("*Fill in*.docx"))[:2]
    whole = one.read_bytes()
    one.unlink()
    other.write_bytes(other.read_bytes() + b"more")
    done = deliver_messages(office.register, office.settings, AT)
    assert (done.sent, done.refused) == (2, 2)
    held = [message for message in office.list_messages() if message.state is MessageState.ON_HOLD]
    assert len(held) == 2
    assert all("not in the outbox as it went there" in (message.problem or "") for message in held)
    one.write_bytes(whole)
    with office.register.writing() as connection:
        for message in held:
            send_messages.let_message_go(connection, message.id, reason="Again", at=AT, actor="office")
    assert deliver_messages(office.register, office.settings, AT).sent == 1


def test_dates_count_from_when_a_pack_was_sent(open_office: OpenOffice, mail_server: MailServer) -> None:
    office = open_office(**name_server(mail_server))
    deliver_messages(office.register, office.settings, AT)
    which, to = f"{CYCLE.id}/ashcombe", CYCLE.participants[1].id
    with office.register.writing() as connection:
        connection.execute(
            t.challenges.update()
            .where(t.challenges.c.id == which)
            .values(stage=Stage.PAIRED.value, challenger_id=to, paired_at=AT)
        )
        connection.execute(
            t.dispatches.insert().values(
                cycle_id=CYCLE.id,
                challenge_id=which,
                kind=DispatchKind.ANALYSIS_PACK.value,
                role="challenger",
                recipient_id=to,
                key="pack",
                parameters={},
                state="intended",
                looked_sha256=None,
                intended_at=AT,
            )
        )
    looked = office.with_settings(**name_server(mail_server), approve_automatically="true")
    advance_challenges(office.register, looked, AT)
    advance_challenges(office.register, looked, AT + timedelta(days=1))
    with office.register.reading() as connection:
        waiting = challenges.find_challenge(connection, which)
    assert waiting is not None and (waiting.stage, waiting.pack_issued_at) == (Stage.PAIRED, None)
    later = AT + timedelta(days=3)
    advance_and_deliver(office.register, looked, later)
    with office.register.reading() as connection:
        begun = challenges.find_challenge(connection, which)
    assert begun is not None and (begun.stage, begun.pack_issued_at) == (Stage.IN_ANALYSIS, later)


def test_drafts_open_unsent_and_are_kept_until_marked(open_office: OpenOffice) -> None:
    office = open_office(delivery="drafts")
    done = deliver_messages(office.register, office.settings, AT)
    assert (done.drafted, office.list_states()) == (4, [READY] * 4)
    folder = office.settings.outbox_folder / CYCLE.id / "To send"
    drafts = sorted(folder.glob("*.eml"))
    assert len(drafts) == 4
    for draft in drafts:
        email = message_from_bytes(draft.read_bytes(), policy=policy.default)
        assert (email["X-Unsent"], email["Auto-Submitted"]) == ("1", None)
    before = [draft.read_bytes() for draft in drafts]
    assert deliver_messages(office.register, office.settings, AT + timedelta(hours=1)).drafted == 0
    assert [draft.read_bytes() for draft in drafts] == before
    first = office.list_messages()[0]
    with office.register.writing() as connection:
        send_messages.mark_as_sent(connection, first.id, at=AT, actor="office")
    deliver_messages(office.register, office.settings, AT)
    assert len(list(folder.glob("*.eml"))) == 3


def test_a_change_by_hand_is_in_the_drafts_at_once(open_office: OpenOffice) -> None:
    office = open_office(delivery="drafts")
    deliver_messages(office.register, office.settings, AT)
    held, worded, *_ = office.list_messages()
    with office.register.writing() as connection:
        send_messages.hold_message(connection, held.id, reason="Not yet.", at=AT, actor="office")
        send_messages.edit_covering_words(connection, worded.id, "We moved the day.", at=AT, actor="office")
    refresh_drafts(office.register, office.settings, [held.id, worded.id], AT)
    folder = office.settings.outbox_folder / CYCLE.id / "To send"
    drafts = {path.name: path.read_text() for path in folder.glob("*.eml")}
    assert (len(drafts), sum("We moved the day." in text for text in drafts.values())) == (3, 1)
    with office.register.writing() as connection:
        send_messages.let_message_go(connection, held.id, reason="Now.", at=AT, actor="office")
    refresh_drafts(office.register, office.settings, [held.id], AT)
    assert len(list(folder.glob("*.eml"))) == 4


def test_words_of_the_office_are_in_the_draft_that_takes_the_place_of_the_first(
    open_office: OpenOffice,
) -> None:
    office = open_office(delivery="drafts")
    deliver_messages(office.register, office.settings, AT)
    first = office.list_messages()[0]
    with office.register.writing() as connection:
        send_messages.edit_covering_words(
            connection, first.id, "We moved the day.\n\n- Take <care>", at=AT, actor="office"
        )
    assert deliver_messages(office.register, office.settings, AT).drafted == 1
    draft = office.settings.outbox_folder / str(office.list_messages()[0].path)
    email = message_from_bytes(draft.read_bytes(), policy=policy.default)
    plain, html = email.get_body(("plain",)), email.get_body(("html",))
    assert plain is not None and html is not None
    assert "We moved the day.\n\n- Take <care>" in plain.get_content().replace("\r\n", "\n")
    assert "<li>Take &lt;care&gt;</li>" in html.get_content()
    assert len(list(draft.parent.glob("*.eml"))) == 4


def test_folders_that_are_shared_later_have_what_waited(open_office: OpenOffice) -> None:
    office = open_office(delivery="drafts")
    shared = office.with_settings()
    assert deliver_messages(office.register, shared, AT).sent == 4
    assert {one.sent_by for one in office.list_messages()} == {"the shared folder"}


def test_an_address_that_is_given_later_is_used(open_office: OpenOffice, mail_server: MailServer) -> None:
    office = open_office(_without_address(CYCLE), **name_server(mail_server))
    assert sorted(office.list_states()) == sorted([MessageState.NO_ADDRESS.value, *[READY] * 3])
    assert deliver_messages(office.register, office.settings, AT).sent == 3
    with office.register.writing() as connection:
        connection.execute(t.cycles.update().values(definition=CYCLE.model_dump(mode="json")))
        parsed_again = AT + timedelta(seconds=1)  # a cycle is parsed once, known by when it was opened
        connection.execute(t.cycles.update().values(opened_at=parsed_again))
    assert deliver_messages(office.register, office.settings, AT).sent == 1
    assert office.list_states() == [SENT] * 4


def _without_address(cycle: Cycle) -> Cycle:
    first, *others = cycle.participants
    nobody = (Contact(name="Partnership manager"),)
    return cycle.model_copy(update={"participants": (first.model_copy(update={"contacts": nobody}), *others)})


def test_a_dry_run_of_reminders_changes_nothing(open_office: OpenOffice, mail_server: MailServer) -> None:
    office = open_office(**name_server(mail_server))
    advance_and_deliver(office.register, office.settings, AT)
    before = office.list_messages()
    assert len(list_reminders(office.register, DAY)) == 4
    assert office.list_messages() == before
    assert intend_reminders(office.register, DAY) == 4


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return make_certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def trusted(certificates: Certificates, monkeypatch: pytest.MonkeyPatch) -> Certificates:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates.authority))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificates.authority))
    return certificates


@pytest.mark.parametrize("is_tls_from_start", [False, True])
def test_mail_goes_encrypted_to_a_server_that_is_what_it_says(
    open_office: OpenOffice, trusted: Certificates, is_tls_from_start: bool
) -> None:
    with run_mail_server(trusted, is_tls_from_start=is_tls_from_start) as server:
        security = "tls" if is_tls_from_start else "starttls"
        office = open_office(smtp_host="localhost", smtp_port=str(server.port), smtp_security=security)
        assert deliver_messages(office.register, office.settings, AT).sent == 4
        assert len(server.taken) == 4


@pytest.mark.threat("mail-between")
@pytest.mark.parametrize("is_tls_from_start", [False, True])
def test_a_server_with_a_certificate_of_nobody_gets_nothing(
    open_office: OpenOffice, certificates: Certificates, is_tls_from_start: bool
) -> None:
    with run_mail_server(certificates, is_tls_from_start=is_tls_from_start) as server:
        security = "tls" if is_tls_from_start else "starttls"
        office = open_office(smtp_host="localhost", smtp_port=str(server.port), smtp_security=security)
        done = deliver_messages(office.register, office.settings, AT)
        assert (done.sent, done.is_away, server.taken) == (0, True, [])
        assert "certificate is not valid" in (office.list_messages()[0].problem or "")


def test_a_server_with_the_name_of_another_gets_nothing(
    open_office: OpenOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = make_certificates(tmp_path / "others", "mail.elsewhere.example")
    monkeypatch.setenv("SSL_CERT_FILE", str(others.authority))
    with run_mail_server(others) as server:
        office = open_office(smtp_host="localhost", smtp_port=str(server.port))
        assert deliver_messages(office.register, office.settings, AT).is_away
        assert server.taken == []


def _oauth(office_settings: dict[str, object]) -> dict[str, str]:
    return {name: str(value) for name, value in office_settings.items()}


def test_microsofts_way_of_signing_in_is_used_where_an_application_is_named(
    open_office: OpenOffice, trusted: Certificates
) -> None:
    with run_token_server(trusted) as tokens, run_mail_server(trusted, token=TOKEN) as server:
        office = open_office(
            smtp_host="localhost",
            smtp_port=str(server.port),
            smtp_user="office@example.org",
            **_oauth(tokens.settings()),
        )
        assert deliver_messages(office.register, office.settings, AT).sent == 4
        assert server.signed_in == ["office@example.org"] * 4
        assert tokens.given == 1  # one token for all


@pytest.mark.threat("mail-between")
def test_a_token_that_the_server_refuses_sends_nothing_and_is_quoted_nowhere(
    open_office: OpenOffice, trusted: Certificates
) -> None:
    with run_token_server(trusted) as tokens, run_mail_server(trusted, token="another") as server:
        office = open_office(
            smtp_host="localhost",
            smtp_port=str(server.port),
            smtp_user="office@example.org",
            **_oauth(tokens.settings()),
        )
        assert deliver_messages(office.register, office.settings, AT).is_away
        problem = office.list_messages()[0].problem or ""
        assert "it refused the user or the password" in problem and TOKEN not in problem
        assert server.taken == []


@pytest.mark.threat("mail-astray")
def test_nobody_gets_what_another_was_held_back_for(open_office: OpenOffice, mail_server: MailServer) -> None:
    """A message to a challenger that is one no more is held, whatever way it was to go."""
    office: Office = open_office(**name_server(mail_server))
    deliver_messages(office.register, office.settings, AT)
    which, to, instead = f"{CYCLE.id}/ashcombe", CYCLE.participants[1].id, CYCLE.participants[2].id
    looked = office.with_settings(**name_server(mail_server), approve_automatically="true")
    with office.register.writing() as connection:
        connection.execute(
            t.challenges.update()
            .where(t.challenges.c.id == which)
            .values(stage=Stage.PAIRED.value, challenger_id=to, paired_at=AT)
        )
        connection.execute(
            t.dispatches.insert().values(
                cycle_id=CYCLE.id,
                challenge_id=which,
                kind=DispatchKind.PARTNER_NOTICE.value,
                role="challenger",
                recipient_id=to,
                key="notice",
                parameters={},
                state="intended",
                intended_at=AT,
            )
        )
    advance_challenges(office.register, looked, AT)
    with office.register.writing() as connection:
        connection.execute(
            t.challenges.update().where(t.challenges.c.id == which).values(challenger_id=instead)
        )
    mail_server.taken.clear()
    assert deliver_messages(office.register, looked, AT).sent == 0
    held = office.list_messages()[-1]
    assert (held.state, mail_server.taken) == (MessageState.ON_HOLD, [])
    assert "who is not its challenger" in (held.problem or "")


def test_the_office_sends_one_message_now_and_sees_what_became_of_it(
    open_office: OpenOffice, mail_server: MailServer
) -> None:
    office = open_office(**name_server(mail_server))
    first, second, third = (one.id for one in office.list_messages()[:3])
    sent = send_messages.send_now(office.register, office.settings, first, at=AT, actor="office")
    assert (sent.state, len(mail_server.taken)) == (MessageState.SENT, 1)
    mail_server.answer = lambda address: "550 nobody here"
    failed = send_messages.send_now(office.register, office.settings, second, at=AT, actor="office")
    assert (failed.state, len(mail_server.taken)) == (MessageState.FAILED, 1)
    with pytest.raises(WrongUse, match="its state is “Sent”"):
        send_messages.send_now(office.register, office.settings, first, at=AT, actor="office")
    with pytest.raises(WrongUse, match="do not leave by a mail server"):
        send_messages.send_now(office.register, office.with_settings(), third, at=AT, actor="office")


def test_the_first_message_to_an_address_waits_until_the_office_has_seen_whom_it_goes_to(
    open_office: OpenOffice, mail_server: MailServer
) -> None:
    office = open_office(**name_server(mail_server, hold_new_addresses="true"))
    assert deliver_messages(office.register, office.settings, AT).sent == 0
    first, *others = office.list_messages()
    assert {one.state for one in (first, *others)} == {MessageState.ON_HOLD}
    assert "the first message to one of its addresses" in (first.problem or "")
    with office.register.writing() as connection:
        send_messages.let_message_go(connection, first.id, reason="It is right.", at=AT, actor="office")
    assert deliver_messages(office.register, office.settings, AT).sent == 1
    assert len(mail_server.taken) == 1
    intend_reminders(office.register, DAY)
    advance_and_deliver(office.register, office.settings, DAY)
    later = [one for one in office.list_messages() if one.id > max(one.id for one in others)]
    assert [(one.recipient_id, one.state) for one in later] == [(first.recipient_id, MessageState.SENT)]
