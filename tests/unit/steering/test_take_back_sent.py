"""A message that was marked as sent by mistake counts as not sent, and so does what it began."""

from datetime import datetime, timedelta

import pytest

from peer_challenge.errors import WrongUse
from peer_challenge.intake.take_in import take_in_ready_documents
from peer_challenge.model.access import knows_partners
from peer_challenge.model.messages import MESSAGE_STATES, MessageState
from peer_challenge.model.vocabulary import DeadlineName, DispatchKind, Kind, Role, Stage
from peer_challenge.outbox.do_what_is_due import advance_challenges
from peer_challenge.outbox.who_is_reminded import intend_reminders
from peer_challenge.partners import proposals
from peer_challenge.post.deliver import deliver_messages
from peer_challenge.register import access_facts, challenges, listings, messages, outbox
from peer_challenge.register.access_facts import Reach
from peer_challenge.register.records import Challenge, Message
from peer_challenge.steering import send_messages
from peer_challenge.steering.take_back_sent import preview_taking_back, take_back_sent
from tests.factories import a_region
from tests.mail.smtp_server import MailServer
from tests.unit.post.conftest import AT, CYCLE, DAY, Office, OpenOffice, mail_server, name_server, open_office

__all__ = ["mail_server", "open_office"]
AUTHOR = CYCLE.authors[0].id
CHALLENGE = f"{CYCLE.id}/{AUTHOR}"
LATER = AT + timedelta(days=60)
MARKED = LATER + timedelta(hours=1)
WHY = "Ticked the wrong line"


def _pair_all_areas(office: Office) -> None:
    """All self-assessments are in, partners are approved, and their packs wait to be sent."""
    with office.register.reading() as connection:
        forms = outbox.list_issued(connection, CYCLE.id, [DispatchKind.SELF_ASSESSMENT_TEMPLATE])
    for form in forms:
        template = (office.settings.outbox_folder / str(form.path)).read_bytes()
        filled = a_region().fill(Kind.SELF_ASSESSMENT, template, form.recipient_id, round=1)
        (office.settings.inbox_folder / f"{form.recipient_id}.docx").write_bytes(filled)
    take_in_ready_documents(office.register, office.settings, LATER)
    proposals.propose_for(office.register, CYCLE, LATER)
    with office.register.writing() as connection:
        proposals.approve_latest(connection, CYCLE, LATER, reason="agreed", actor="office")
    advance_challenges(office.register, office.settings, LATER)


def _find_pack(office: Office) -> Message:
    with office.register.reading() as connection:
        (pack,) = outbox.list_of_kind(connection, CHALLENGE, DispatchKind.ANALYSIS_PACK)
        found = messages.find_message_of(connection, pack.id)
    assert found is not None
    return found


def _load_challenge(office: Office) -> Challenge:
    with office.register.reading() as connection:
        found = challenges.find_challenge(connection, CHALLENGE)
    assert found is not None
    return found


def _mark(office: Office, message: Message) -> None:
    _mark_at(office, message, MARKED)


def _mark_at(office: Office, message: Message, at: datetime) -> None:
    with office.register.writing() as connection:
        send_messages.mark_as_sent(connection, message.id, at=at, actor="office")
    advance_challenges(office.register, office.settings, at)


def _take_back(office: Office, message: Message, reason: str = WHY) -> Message:
    with office.register.writing() as connection:
        return take_back_sent(
            connection, office.settings, message.id, reason=reason, at=MARKED, actor="office"
        )


def _knows_partners(office: Office) -> bool:
    with office.register.reading() as connection:
        found = access_facts.load_challenge(connection, CYCLE.id, AUTHOR, Reach.SENT)
    assert found is not None
    return knows_partners(Role.CHALLENGER, found[1])


def test_the_clock_and_the_sight_of_a_pack_are_taken_back_and_begin_again(open_office: OpenOffice) -> None:
    office = open_office(delivery="drafts", settle_seconds="0")
    _pair_all_areas(office)
    pack = _find_pack(office)
    _mark(office, pack)
    begun = _load_challenge(office)
    assert (begun.stage, begun.pack_issued_at, _knows_partners(office)) == (Stage.IN_ANALYSIS, MARKED, True)
    told = preview_taking_back(office.register, office.settings, pack.id, at=MARKED)
    assert told[0] == "It counts as not sent. It is “Ready to send” again."
    assert "Ashcombe goes back from “in analysis” to “paired”." in told
    assert any(one.startswith("Ashcombe, Peer analysis due: no day for now, instead of ") for one in told)
    assert _load_challenge(office) == begun, "a preview changes nothing"

    back = _take_back(office, pack)
    assert (back.state, back.sent_at, back.sent_by, back.sent_to) == (MessageState.READY, None, None, ())
    advance_challenges(office.register, office.settings, MARKED)
    waiting = _load_challenge(office)
    assert (waiting.stage, waiting.pack_issued_at, _knows_partners(office)) == (Stage.PAIRED, None, False)
    with office.register.reading() as connection:
        assert DeadlineName.ANALYSIS_DUE not in challenges.due_dates(connection, CHALLENGE)
        (entry,) = listings.list_journal_entries(
            connection, 1, event=messages.NOT_SENT, challenge_id=CHALLENGE
        ).rows
    assert (entry.actor, entry.details["reason"]) == ("office", WHY)

    again = MARKED + timedelta(days=3)
    with office.register.writing() as connection:
        send_messages.mark_as_sent(connection, pack.id, at=again, actor="office")
    advance_challenges(office.register, office.settings, again)
    assert _load_challenge(office).pack_issued_at == again


def test_a_draft_waits_to_be_sent_again(open_office: OpenOffice) -> None:
    office = open_office(delivery="drafts")
    deliver_messages(office.register, office.settings, AT)
    first = office.list_messages()[0]
    with office.register.writing() as connection:
        send_messages.hold_message(connection, first.id, reason="to wait", at=AT, actor="office")
        send_messages.mark_as_sent(connection, first.id, at=AT, actor="office")
        back = take_back_sent(connection, office.settings, first.id, reason=WHY, at=AT, actor="office")
        assert (back.state, back.problem) == (MessageState.ON_HOLD, "to wait")
        send_messages.let_message_go(connection, first.id, reason="now", at=AT, actor="office")
    deliver_messages(office.register, office.settings, AT)
    assert office.list_messages()[0].path is not None


def test_what_really_went_is_not_taken_back(open_office: OpenOffice, mail_server: MailServer) -> None:
    office = open_office(delivery="send", sender="office@example.org", **name_server(mail_server))
    assert deliver_messages(office.register, office.settings, AT).sent
    sent = office.list_messages()[0]
    with pytest.raises(WrongUse, match="really gone: the mail server took it"):
        _take_back(office, sent)
    assert office.list_messages()[0] == sent


def test_what_leaves_by_itself_waits_for_the_office_once_taken_back(
    open_office: OpenOffice, mail_server: MailServer
) -> None:
    office = open_office(delivery="send", sender="office@example.org", **name_server(mail_server))
    first = office.list_messages()[0]
    _mark(office, first)
    assert _take_back(office, first).state is MessageState.ON_HOLD
    deliver_messages(office.register, office.settings, MARKED)
    assert office.list_messages()[0].state is MessageState.ON_HOLD


def test_one_in_doubt_is_in_doubt_again(open_office: OpenOffice) -> None:
    office = open_office(delivery="send")
    first = office.list_messages()[0]
    with office.register.writing() as connection:
        for state in (MessageState.SENDING, MessageState.IN_DOUBT):
            before = messages.load_message(connection, first.id)
            assert before is not None
            assert messages.change_state(connection, before, state, at=AT, problem="cut off")
        send_messages.mark_as_sent(connection, first.id, at=MARKED, actor="office")
    back = _take_back(office, first)
    assert (back.state, back.problem) == (MessageState.IN_DOUBT, "cut off")


def test_nobody_is_reminded_of_a_form_that_was_not_sent_after_all(open_office: OpenOffice) -> None:
    office = open_office(delivery="drafts")
    forms = office.list_messages()
    for form in forms:
        _mark_at(office, form, AT)
    assert intend_reminders(office.register, DAY) == len(forms)
    advance_challenges(office.register, office.settings, DAY)
    with office.register.writing() as connection:
        take_back_sent(connection, office.settings, forms[0].id, reason=WHY, at=DAY, actor="office")
    assert deliver_messages(office.register, office.settings, DAY).overtaken == 1
    states = {one.recipient_id: one.state for one in office.list_messages() if one.id > forms[-1].id}
    assert states.pop(forms[0].recipient_id) is MessageState.OVERTAKEN
    assert set(states.values()) == {MessageState.READY}


def test_what_was_opened_or_answered_has_arrived(open_office: OpenOffice) -> None:
    office = open_office(delivery="drafts", settle_seconds="0")
    first = office.list_messages()[0]
    _mark(office, first)
    with pytest.raises(WrongUse, match="no reason"):
        _take_back(office, first, reason=" ")
    with office.register.writing() as connection:
        (dispatch, *_) = messages.list_dispatches_of(connection, [first.id])[first.id]
        messages.note_opened(connection, dispatch.id, at=MARKED, actor="contact")
    with pytest.raises(WrongUse, match="fetched a document"):
        _take_back(office, first)
    others = office.list_messages()[1:]
    _mark(office, others[0])
    _pair_all_areas(office)
    with pytest.raises(WrongUse, match="self-assessment that it asks for has come since"):
        _take_back(office, others[0])


def test_a_mark_is_not_taken_back_once_its_challenge_has_gone_on(open_office: OpenOffice) -> None:
    office = open_office(delivery="drafts", settle_seconds="0")
    _pair_all_areas(office)
    pack = _find_pack(office)
    _mark(office, pack)
    with office.register.writing() as connection:
        challenges.note_dates(connection, CYCLE, CHALLENGE, stage=Stage.RETURNED.value)
    with pytest.raises(WrongUse, match="gone on since: it is “returned”"):
        _take_back(office, pack)
    assert _find_pack(office).state is MessageState.SENT


def test_what_is_not_marked_is_not_taken_back(open_office: OpenOffice) -> None:
    office = open_office(delivery="drafts")
    with pytest.raises(WrongUse, match="not marked as sent"):
        _take_back(office, office.list_messages()[0])


def test_a_mark_goes_back_to_any_state_that_can_be_marked() -> None:
    can_be_marked = {state for state in MessageState if send_messages.can_be_marked_as_sent(state)}
    assert can_be_marked <= set(MESSAGE_STATES[MessageState.SENT].taken_back_to)
