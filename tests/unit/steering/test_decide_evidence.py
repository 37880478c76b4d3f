"""The office decides about a file: until its message has gone, and as long as the event is ahead."""

import pytest

from peer_challenge.dispatches.gather_facts import gather_covering_facts
from peer_challenge.dispatches.kinds import KINDS
from peer_challenge.errors import WrongUse
from peer_challenge.model.journey import Watch, can_send_evidence
from peer_challenge.model.messages import Delivery, MessageState
from peer_challenge.model.vocabulary import DispatchKind as D
from peer_challenge.model.vocabulary import Role, Stage
from peer_challenge.outbox import do_what_is_due
from peer_challenge.post.still_needed import is_still_needed
from peer_challenge.register import challenges, messages, outbox
from peer_challenge.register import tables as t
from peer_challenge.register.database import Register, Transaction
from peer_challenge.register.records import Challenge, DispatchState
from peer_challenge.settings import Settings
from peer_challenge.steering.decide_evidence import has_gone
from tests.unit.intake.emails.office import AREA, AT, CYCLE, OTHER, Office, open_cycle
from tests.unit.intake.test_settle_evidence import AUDIT, PASSING_ON, decide, files_of, send, settle

CHALLENGE = f"{CYCLE.id}/{AREA}"
PACK = {"cycle_id": CYCLE.id, "challenge_id": CHALLENGE, "key": "pack", "at": AT}


@pytest.fixture
def passing_on(register: Register, settings: Settings) -> Office:
    """A challenge whose pack has gone, with one file, which waits in a message."""
    office = open_cycle(register, settings, PASSING_ON)
    send(office, 1, ("audit.pdf", AUDIT))
    settle(office)
    with office.register.writing() as connection:
        connection.execute(
            t.challenges.update()
            .where(t.challenges.c.id == CHALLENGE)
            .values(challenger_id=OTHER, stage=Stage.IN_ANALYSIS.value)
        )
        outbox.intend_dispatch(connection, D.ANALYSIS_PACK, Role.CHALLENGER, OTHER, **PACK)
    send_evidence(office)
    with office.register.writing() as connection:
        waiting = outbox.list_of_kind(connection, CHALLENGE, D.EVIDENCE)
        outbox.mark_issued(connection, waiting, AT)
        messages.add_message(connection, waiting, MessageState.READY, Delivery.SEND, at=AT)
    return office


def load(connection: Transaction) -> Challenge:
    found = challenges.find_challenge(connection, CHALLENGE)
    assert found is not None
    return found


def send_evidence(office: Office) -> int:
    """Do what is due about the files; how many are new."""
    with office.register.writing() as connection:
        act = do_what_is_due.ACTS[Watch.EVIDENCE_DUE]
        return act(connection, PASSING_ON, load(connection), AT)


def set_stage(office: Office, stage: Stage) -> None:
    with office.register.writing() as connection:
        connection.execute(t.challenges.update().values(stage=stage.value))


def send_message(office: Office) -> None:
    with office.register.writing() as connection:
        [message] = messages.list_messages(connection, most=None)
        messages.change_state(connection, message, MessageState.SENDING, at=AT)
        [message] = messages.list_messages(connection, most=None)
        messages.change_state(connection, message, MessageState.SENT, at=AT, sent_at=AT)


def is_gone(office: Office) -> bool:
    with office.register.reading() as connection:
        return has_gone(connection, files_of(office)[0])


def test_a_file_can_be_withheld_while_its_message_waits_and_not_after(passing_on: Office) -> None:
    assert not is_gone(passing_on)
    decide(passing_on, files_of(passing_on)[0], is_passed_on=False)
    decide(passing_on, files_of(passing_on)[0], is_passed_on=True)
    assert [send_evidence(passing_on), send_evidence(passing_on)] == [1, 0]
    with passing_on.register.reading() as connection:
        first, second = outbox.list_of_kind(connection, CHALLENGE, D.EVIDENCE)
        needed = [is_still_needed(connection, one) for one in (first, second)]
    assert first.state is DispatchState.CANCELLED, "nobody can fetch it, and it leaves its message"
    assert needed == [False, True]
    with passing_on.register.writing() as connection:
        outbox.mark_issued(connection, [second], AT)
        messages.add_to_message(connection, messages.list_messages(connection, most=None)[0].id, [second])
    send_message(passing_on)
    assert is_gone(passing_on)
    with pytest.raises(WrongUse, match="has gone to the challenger"):
        decide(passing_on, files_of(passing_on)[0], is_passed_on=False)


def test_a_file_that_was_left_out_of_its_message_goes_once_more_when_it_is_passed_on(
    passing_on: Office,
) -> None:
    decide(passing_on, files_of(passing_on)[0], is_passed_on=False)
    send_message(passing_on)
    assert not is_gone(passing_on)
    decide(passing_on, files_of(passing_on)[0], is_passed_on=True)
    assert [send_evidence(passing_on), send_evidence(passing_on)] == [1, 0]


def test_what_is_passed_on_after_the_analysis_goes_until_the_event(passing_on: Office) -> None:
    can = {stage for stage in Stage if can_send_evidence(stage)}
    before = {Stage.INVITED, Stage.SELF_ASSESSED}
    assert can == before | {Stage.PAIRED, Stage.IN_ANALYSIS, Stage.RETURNED, Stage.EVENT_SET}
    for stage in sorted(can - before):
        assert Watch.EVIDENCE_DUE in do_what_is_due.watched_in(stage)
    decide(passing_on, files_of(passing_on)[0], is_passed_on=False)
    set_stage(passing_on, Stage.EVENT_HELD)
    with pytest.raises(WrongUse, match="not sent any more"):
        decide(passing_on, files_of(passing_on)[0], is_passed_on=True)
    set_stage(passing_on, Stage.RETURNED)
    decide(passing_on, files_of(passing_on)[0], is_passed_on=True)


def test_the_message_of_a_file_has_the_marking_of_the_file(passing_on: Office) -> None:
    with passing_on.register.writing() as connection:
        connection.execute(t.evidence_files.update().values(marking="SECRET"))
        [file] = outbox.list_of_kind(connection, CHALLENGE, D.EVIDENCE)
        assert gather_covering_facts(connection, file, AT).marking == "SECRET"


def test_an_email_with_a_receipt_asks_to_look_at_what_was_noticed_and_holds_no_words_of_it(
    passing_on: Office,
) -> None:
    with passing_on.register.writing() as connection:
        [receipt] = outbox.list_of_kind(connection, CHALLENGE, D.RECEIPT)
        connection.execute(t.findings.update().values(severity="warn", code="cell.merged_down"))
        facts = gather_covering_facts(connection, receipt, AT)
    assert facts.submission is not None and {one.message for one in facts.submission.findings} == {""}
    assert KINDS[D.RECEIPT].task(facts).subject.startswith("Please look at what we noticed:")
