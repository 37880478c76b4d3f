"""Contacts change while messages wait: nothing goes to an address that is not in the cycle any more."""

from pathlib import Path

import pytest

from peer_challenge.model.cycle import Contact, Cycle, Receives
from peer_challenge.model.messages import MessageState
from peer_challenge.model.vocabulary import DispatchKind, Role
from peer_challenge.outbox.do_what_is_due import advance_challenges
from peer_challenge.post.compose import compose_message
from peer_challenge.post.deliver import Delivered, deliver_messages, send_message
from peer_challenge.register import messages, outbox
from peer_challenge.register.records import Message
from peer_challenge.steering.amend_cycle import Plan, amend_cycle
from tests.mail.smtp_server import MailServer
from tests.unit.post.conftest import AT, CYCLE, Office, OpenOffice, name_server

AREA = CYCLE.participants[0]
OLD = AREA.contacts[0].email
NEW = "new.partnership@ashcombe.example.org"


def with_contacts(*contacts: Contact, cycle: Cycle = CYCLE) -> Cycle:
    areas = (AREA.model_copy(update={"contacts": contacts}), *cycle.participants[1:])
    held = {name: getattr(cycle, name) for name in Cycle.model_fields}
    return Cycle.model_validate(held | {"participants": areas})


def amend(office: Office, cycle: Cycle) -> Plan:
    return amend_cycle(office.register, office.settings, cycle, at=AT, actor="Jo", reason="she has left")


def replaced() -> Cycle:
    """The first contact has another address."""
    first, *others = AREA.contacts
    return with_contacts(first.model_copy(update={"email": NEW}), *others)


def message_of(office: Office) -> Message:
    (found,) = [one for one in office.list_messages() if one.recipient_id == AREA.id]
    return found


@pytest.mark.threat("mail-astray")
def test_what_waits_goes_to_the_new_address_and_nothing_to_the_old(
    open_office: OpenOffice, mail_server: MailServer
) -> None:
    office = open_office(**name_server(mail_server))
    done = amend(office, replaced())
    assert any(
        "1 message that waits goes to the present contacts of Ashcombe" in told for told in done.follows
    )
    deliver_messages(office.register, office.settings, AT)
    to = {address for taken in mail_server.taken for address in taken.to}
    assert NEW in to and OLD not in to
    assert message_of(office).sent_to == (NEW,)


@pytest.mark.threat("mail-astray")
def test_the_first_message_to_a_new_address_waits_for_the_office_where_the_settings_say_so(
    open_office: OpenOffice, mail_server: MailServer
) -> None:
    office = open_office(**name_server(mail_server))
    office.settings = office.with_settings(**name_server(mail_server), hold_new_addresses="true")
    assert message_of(office).state is MessageState.READY
    amend(office, replaced())
    assert message_of(office).state is MessageState.ON_HOLD
    deliver_messages(office.register, office.settings, AT)
    assert not any(NEW in taken.to or OLD in taken.to for taken in mail_server.taken)


@pytest.mark.threat("mail-astray")
def test_a_message_that_was_made_up_just_before_the_change_does_not_go_to_the_old_address(
    open_office: OpenOffice, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = open_office(**name_server(mail_server))
    message = message_of(office)

    def changing(connection: object, settings: object, one: Message, at: object) -> object:
        composed = compose_message(connection, settings, one, at)  # type: ignore[arg-type]
        amend(office, replaced())
        return composed

    monkeypatch.setattr("peer_challenge.post.deliver.compose_message", changing)
    assert send_message(office.register, office.settings, message, AT, Delivered())
    assert mail_server.taken == [] and message_of(office).state is MessageState.READY


@pytest.mark.threat("mail-astray")
def test_a_draft_to_the_old_address_is_gone_at_once_and_written_again(open_office: OpenOffice) -> None:
    office = open_office(delivery="drafts")
    deliver_messages(office.register, office.settings, AT)
    drafts = find_drafts(office)
    assert any(OLD in path.read_text() for path in drafts)
    amend(office, replaced())
    assert not any(OLD in path.read_text() for path in find_drafts(office))
    deliver_messages(office.register, office.settings, AT)
    assert len(find_drafts(office)) == len(drafts)
    assert any(NEW in path.read_text() for path in find_drafts(office))


def find_drafts(office: Office) -> list[Path]:
    return sorted(office.settings.outbox_folder.glob("*/To send/*.eml"))


def test_a_message_whose_documents_go_to_different_people_now_becomes_two(
    open_office: OpenOffice, mail_server: MailServer
) -> None:
    """A letter of dates and a reminder, which can go once the form that it reminds of has gone."""
    office = open_office(**name_server(mail_server))
    deliver_messages(office.register, office.settings, AT)
    with office.register.writing() as connection:
        form, *_ = messages.list_dispatches_of(connection, [message_of(office).id])[message_of(office).id]
        reminded = {
            "what": "self_assessment_due",
            "due_on": "2027-02-26",
            "days_left": 14,
            "rule": "14 days before",
            "is_escalation": False,
        }
        moved = {"before": {"self_assessment_due": "2027-02-19"}, "messages": []}
        for kind, parameters in ((DispatchKind.DATES_NOTICE, moved), (DispatchKind.REMINDER, reminded)):
            outbox.intend_dispatch(
                connection,
                kind,
                Role.AUTHOR,
                AREA.id,
                key=f"a {kind.value}",
                at=AT,
                cycle_id=CYCLE.id,
                challenge_id=form.challenge_id,
                parameters=parameters,
            )
    advance_challenges(office.register, office.settings, AT)
    assert len([one for one in office.list_messages() if one.recipient_id == AREA.id]) == 2
    forms = Contact(name="Forms", email="forms@ashcombe.example.org", receives=(Receives.FORMS,))
    reminders = Contact(name="Dates", email="dates@ashcombe.example.org", receives=(Receives.REMINDERS,))
    amend(office, with_contacts(forms, reminders))
    advance_challenges(office.register, office.settings, AT)
    deliver_messages(office.register, office.settings, AT)
    to = {tuple(taken.to) for taken in mail_server.taken}
    assert {(reminders.email,), (forms.email,)} <= to


def test_without_any_address_a_message_waits_and_says_why(
    open_office: OpenOffice, mail_server: MailServer
) -> None:
    office = open_office(**name_server(mail_server))
    amend(office, with_contacts(Contact(name="By post only")))
    deliver_messages(office.register, office.settings, AT)
    assert message_of(office).state is MessageState.NO_ADDRESS
    amend(office, replaced())
    deliver_messages(office.register, office.settings, AT)
    assert message_of(office).sent_to == (NEW,)


def test_a_new_address_of_the_office_is_where_messages_come_from(
    open_office: OpenOffice, mail_server: MailServer
) -> None:
    office = open_office(**name_server(mail_server))
    held = {name: getattr(CYCLE, name) for name in Cycle.model_fields}
    moved = CYCLE.office.model_copy(update={"email": "moved@northern.example.org"})
    amend(office, Cycle.model_validate(held | {"office": moved}))
    with office.register.reading() as connection:
        assert compose_message(connection, office.settings, message_of(office), AT).sender == moved.email
