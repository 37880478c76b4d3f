"""Areas know of their partners once the message that says so has gone, not once its letter is made."""

from datetime import timedelta

from peer_challenge.intake.take_in import take_in_ready_documents
from peer_challenge.model.access import knows_partners
from peer_challenge.model.messages import MessageState
from peer_challenge.model.vocabulary import DispatchKind, Kind, Role
from peer_challenge.outbox.do_what_is_due import advance_challenges
from peer_challenge.partners import proposals
from peer_challenge.register import access_facts, outbox
from peer_challenge.register.access_facts import Reach
from peer_challenge.steering import send_messages
from tests.factories import a_region
from tests.unit.post.conftest import AT, CYCLE, Office, OpenOffice

AUTHOR = CYCLE.authors[0].id
LATER = AT + timedelta(days=60)


def _knows(office: Office, role: Role, reach: Reach = Reach.SENT) -> bool:
    with office.register.reading() as connection:
        found = access_facts.load_challenge(connection, CYCLE.id, AUTHOR, reach)
    assert found is not None
    return knows_partners(role, found[1])


def _send_in_all_self_assessments(office: Office) -> None:
    with office.register.reading() as connection:
        forms = outbox.list_issued(connection, CYCLE.id, [DispatchKind.SELF_ASSESSMENT_TEMPLATE])
    for form in forms:
        template = (office.settings.outbox_folder / str(form.path)).read_bytes()
        filled = a_region().fill(Kind.SELF_ASSESSMENT, template, form.recipient_id, round=1)
        (office.settings.inbox_folder / f"{form.recipient_id}.docx").write_bytes(filled)
    assert len(take_in_ready_documents(office.register, office.settings, LATER).table) == len(forms)


def _send_all(office: Office) -> None:
    for one in office.list_messages():
        if one.state is MessageState.READY:
            with office.register.writing() as connection:
                send_messages.mark_as_sent(connection, one.id, at=LATER, actor="office")


def test_partners_are_known_once_their_notices_have_been_sent(open_office: OpenOffice) -> None:
    office = open_office(delivery="drafts", settle_seconds="0")
    _send_in_all_self_assessments(office)
    proposals.propose_for(office.register, CYCLE, LATER)
    with office.register.writing() as connection:
        proposals.approve_latest(connection, CYCLE, LATER, reason="agreed", actor="office")
    advance_challenges(office.register, office.settings, LATER)
    assert [_knows(office, role) for role in (Role.AUTHOR, Role.CHALLENGER)] == [False, False]
    assert _knows(office, Role.AUTHOR, Reach.ISSUED)  # its letter is made: it may be answered
    _send_all(office)
    assert [_knows(office, role) for role in (Role.AUTHOR, Role.CHALLENGER)] == [True, True]
