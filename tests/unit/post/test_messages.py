"""What comes out at one moment is in messages: each dispatch in one, one for each recipient."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.errors import WrongUse
from peer_challenge.model.cycle import Contact, Cycle, Receives
from peer_challenge.model.messages import Addressee, MessageState
from peer_challenge.model.vocabulary import DispatchKind, Role
from peer_challenge.outbox.do_what_is_due import advance_challenges
from peer_challenge.outbox.who_is_reminded import intend_reminders
from peer_challenge.post.group_into_messages import find_recipients
from peer_challenge.register import messages, outbox
from peer_challenge.register.cycles import store_cycle
from peer_challenge.register.database import Register, open_register
from peer_challenge.register.records import Message
from peer_challenge.settings import Settings, load_settings
from peer_challenge.steering import send_messages
from tests.factories import a_cycle
from tests.migrated import make_installation

CYCLE = a_cycle(4)
AT = datetime(2027, 1, 11, 9, tzinfo=UTC)


def _open(home: Path, cycle: Cycle = CYCLE, **settings: str) -> tuple[Register, Settings]:
    environment = {f"PEER_CHALLENGE_{name.upper()}": value for name, value in settings.items()}
    place = load_settings(home, environment)
    make_installation(place)
    register = open_register(place)
    with register.writing() as connection:
        store_cycle(connection, cycle, shipped_frameworks()[cycle.framework], at=AT, actor="test")
    advance_challenges(register, place, AT)
    return register, place


def _all(register: Register) -> list[Message]:
    with register.reading() as connection:
        return messages.list_messages(connection)


def _changed_contacts(contacts: tuple[Contact, ...]) -> Cycle:
    first, *others = CYCLE.participants
    return CYCLE.model_copy(
        update={"participants": (first.model_copy(update={"contacts": contacts}), *others)}
    )


def test_each_dispatch_is_in_one_message_and_shared_folders_have_them(tmp_path: Path) -> None:
    register, _ = _open(tmp_path)
    found = _all(register)
    assert Counter(one.recipient_id for one in found) == {area.id: 1 for area in CYCLE.authors}
    assert {(one.state, one.sent_at, one.sent_by) for one in found} == {
        (MessageState.SENT, AT, "the shared folder")
    }
    with register.reading() as connection:
        assert messages.list_without_message(connection) == []
    register.close()


def test_two_roles_of_one_area_are_one_recipient(tmp_path: Path) -> None:
    register, settings = _open(tmp_path, delivery="drafts")
    later = AT + timedelta(hours=2)
    area = CYCLE.authors[0].id
    with register.writing() as connection:
        for number, role in enumerate((Role.AUTHOR, Role.CHALLENGER)):
            outbox.intend_dispatch(
                connection,
                DispatchKind.PARTNER_NOTICE,
                role,
                area,
                key=f"notice/{number}",
                at=later,
                cycle_id=CYCLE.id,
                challenge_id=f"{CYCLE.id}/{CYCLE.authors[number].id}",
            )
        for dispatch in outbox.list_waiting_dispatches(connection):
            outbox.mark_issued(connection, [dispatch], later)
    advance_challenges(register, settings, later)
    own = [one for one in _all(register) if one.recipient_id == area and one.made_at == later]
    assert len(own) == 1
    with register.reading() as connection:
        assert len(messages.list_dispatches_of(connection, [own[0].id])[own[0].id]) == 2
    register.close()


def test_who_receives_different_things_gets_messages_of_their_own(tmp_path: Path) -> None:
    forms = Contact(name="Partnership manager", email="forms@ashcombe.example", receives=(Receives.FORMS,))
    chased = Contact(name="Business support", email="chased@ashcombe.example", receives=(Receives.REMINDERS,))
    cycle = _changed_contacts((forms, chased))
    register, settings = _open(tmp_path, cycle, delivery="drafts")
    day = AT + (cycle.dates.self_assessment_due - cycle.dates.opens) - timedelta(days=7)
    with register.writing() as connection:
        for one in messages.list_messages(connection):
            send_messages.mark_as_sent(connection, one.id, at=AT, actor="office")
    assert intend_reminders(register, day) == 4
    advance_challenges(register, settings, day)
    area = cycle.participants[0].id
    with register.reading() as connection:
        found = messages.list_messages(connection, recipient_id=area)
        assert [send_messages.list_addresses(connection, one) for one in found] == [
            ["chased@ashcombe.example"],
            ["forms@ashcombe.example"],
        ]
    register.close()


@pytest.mark.parametrize(
    ("what", "who"), [("event_on", "comes@ashcombe.example"), ("response_due", "chased@ashcombe.example")]
)
def test_a_reminder_of_an_event_goes_to_those_who_are_invited_to_it(
    tmp_path: Path, what: str, who: str
) -> None:
    comes = Contact(name="Police lead", email="comes@ashcombe.example", receives=(Receives.EVENT,))
    chased = Contact(name="Business support", email="chased@ashcombe.example", receives=(Receives.REMINDERS,))
    cycle = _changed_contacts((comes, chased))
    register, _ = _open(tmp_path, cycle, delivery="drafts")
    with register.writing() as connection:
        outbox.intend_dispatch(
            connection,
            DispatchKind.REMINDER,
            Role.AUTHOR,
            cycle.participants[0].id,
            key="reminder",
            at=AT,
            cycle_id=cycle.id,
            parameters={"what": what},
        )
        [reminder] = outbox.list_waiting_dispatches(connection)
    assert find_recipients(cycle, [reminder]).addresses == (who,)
    register.close()


def test_nobody_to_write_to_waits_and_says_why(tmp_path: Path) -> None:
    cycle = _changed_contacts((Contact(name="Partnership manager"),))
    register, _ = _open(tmp_path, cycle, delivery="drafts")
    [waiting] = [one for one in _all(register) if one.state is MessageState.NO_ADDRESS]
    assert waiting.recipient_id == cycle.participants[0].id
    assert "no contact with an email address who receives forms" in (waiting.problem or "")
    register.close()


def test_nobody_is_reminded_of_what_was_not_sent_to_them(tmp_path: Path) -> None:
    register, _ = _open(tmp_path, delivery="drafts")
    day = AT + (CYCLE.dates.self_assessment_due - CYCLE.dates.opens) - timedelta(days=7)
    assert intend_reminders(register, day) == 0
    with register.writing() as connection:
        first = messages.list_messages(connection, states=[MessageState.READY])[0]
        send_messages.mark_as_sent(connection, first.id, at=AT, actor="office")
    assert intend_reminders(register, day) == 1
    register.close()


@pytest.fixture
def drafted(tmp_path: Path) -> Register:
    return _open(tmp_path, delivery="drafts")[0]


def test_what_the_office_does_is_recorded_with_who_and_why(drafted: Register) -> None:
    number = _all(drafted)[0].id
    later = AT + timedelta(days=1)
    with drafted.writing() as connection:
        held = send_messages.hold_message(
            connection, number, reason="The area moves house", at=later, actor="office"
        )
        assert (held.state, held.problem) == (MessageState.ON_HOLD, "The area moves house")
        ready = send_messages.let_message_go(
            connection, number, reason="They have moved", at=later, actor="office"
        )
        assert (ready.state, ready.problem) == (MessageState.READY, None)
        sent = send_messages.mark_as_sent(
            connection, number, to=["Director <director@ashcombe.example>"], at=later, actor="office"
        )
    assert (sent.state, sent.sent_at, sent.sent_by) == (MessageState.SENT, later, "office")
    assert sent.sent_to == ("director@ashcombe.example",)
    drafted.close()


@pytest.mark.parametrize(
    "act",
    [
        lambda connection, number: send_messages.hold_message(
            connection, number, reason="too late", at=AT, actor="office"
        ),
        lambda connection, number: send_messages.let_message_go(
            connection, number, reason="again", at=AT, actor="office"
        ),
        lambda connection, number: send_messages.mark_as_sent(connection, number, at=AT, actor="office"),
        lambda connection, number: send_messages.edit_covering_words(
            connection, number, "Hello", at=AT, actor="office"
        ),
    ],
)
def test_what_has_gone_stays_as_it_went(drafted: Register, act: object) -> None:
    number = _all(drafted)[0].id
    with drafted.writing() as connection:
        send_messages.mark_as_sent(connection, number, at=AT, actor="office")
    before = _all(drafted)
    with pytest.raises(WrongUse, match="its state is “Sent”"), drafted.writing() as connection:
        act(connection, number)  # type: ignore[operator]
    assert _all(drafted) == before
    drafted.close()


def test_a_day_on_which_it_can_not_have_gone_is_refused(drafted: Register) -> None:
    number = _all(drafted)[0].id
    for when in (AT - timedelta(minutes=1), AT + timedelta(days=2)):
        with pytest.raises(WrongUse, match="can't have been sent then"), drafted.writing() as connection:
            send_messages.mark_as_sent(
                connection, number, sent_at=when, at=AT + timedelta(days=1), actor="office"
            )
    drafted.close()


def test_messages_are_found_by_recipient_kind_and_address(drafted: Register) -> None:
    area = CYCLE.authors[1].id
    with drafted.writing() as connection:
        number = messages.list_messages(connection, recipient_id=area)[0].id
        send_messages.mark_as_sent(connection, number, to=["x@y.example"], at=AT, actor="office")
        for search in (area, "X@Y", f"template {area}", "self_assessment " + area[:4]):
            assert [one.id for one in messages.list_messages(connection, search=search)] == [number], search
        assert messages.list_messages(connection, search="nobody of that name") == []
        assert len(messages.list_messages(connection, addressee=Addressee.AREA)) == 4
    drafted.close()


def test_what_a_recipient_fetched_on_the_page_is_opened_once(drafted: Register) -> None:
    number = _all(drafted)[0].id
    with drafted.writing() as connection:
        dispatch, _ = messages.list_dispatches_of(connection, [number])[number]
        assert not messages.note_opened(connection, dispatch.id, at=AT, actor="a contact")
        send_messages.mark_as_sent(connection, number, at=AT, actor="office")
        assert messages.note_opened(connection, dispatch.id, at=AT, actor="a contact")
        assert not messages.note_opened(connection, dispatch.id, at=AT, actor="a contact")
    assert {one.state for one in _all(drafted) if one.id == number} == {MessageState.OPENED}
    drafted.close()
