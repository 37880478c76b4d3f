"""A document tells its reader nothing that the reader was not sent, and nobody is reminded of that."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.dispatches.facts import Facts
from peer_challenge.dispatches.gather_facts import QuotesTheUnsent, gather_dispatch_facts
from peer_challenge.model.journey import Send, Trigger
from peer_challenge.model.messages import Delivery, MessageState
from peer_challenge.model.vocabulary import DeadlineName, Role
from peer_challenge.model.vocabulary import DispatchKind as D
from peer_challenge.outbox.who_is_reminded import list_reminders
from peer_challenge.partners import proposals
from peer_challenge.register import challenges, messages, outbox
from peer_challenge.register import tables as t
from peer_challenge.register.archive import Archive
from peer_challenge.register.cycles import store_cycle
from peer_challenge.register.database import Register
from peer_challenge.register.records import Dispatch
from peer_challenge.settings import Settings
from tests.factories import a_cycle

CYCLE = a_cycle(4)
AUTHOR = CYCLE.authors[0].id
WHICH = f"{CYCLE.id}/{AUTHOR}"
NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)
EVENT = datetime(2027, 4, 20, 10, tzinfo=UTC)
RETURNED = (D.RETURNED_ANALYSIS, D.RESPONSE_FORM)


@pytest.fixture
def event_set(register: Register) -> Register:
    """All areas have an event; of the first the analysis is in and nothing of it has gone out."""
    with register.writing() as connection:
        store_cycle(connection, CYCLE, shipped_frameworks()[CYCLE.framework], at=NOW, actor="office")
        rows = challenges.list_challenges_in_cycle(connection, CYCLE.id)
        for row in rows:
            move(connection, row.id, Trigger.SELF_ASSESSMENT_ACCEPTED, self_assessment_received_at=NOW)
    proposals.propose_for(register, CYCLE, NOW)
    with register.writing() as connection:
        proposals.approve_latest(connection, CYCLE, NOW, reason="agreed", actor="office")
        set_state(connection, outbox.ISSUED)
        for number, row in enumerate(rows):
            move(connection, row.id, Trigger.PACK_ISSUED, pack_issued_at=NOW)
            move(connection, row.id, Trigger.ANALYSIS_ACCEPTED, analysis_completed_at=NOW)
            connection.execute(
                t.events.insert().values(
                    challenge_id=row.id,
                    chair_id=CYCLE.chairs[0].id,
                    starts_at=EVENT + timedelta(days=number),
                    ends_at=EVENT + timedelta(days=number, hours=3),
                    place="Online",
                )
            )
            move(connection, row.id, Trigger.EVENT_AGREED, event_on=EVENT.date() + timedelta(days=number))
        challenger = challenges.find_challenge(connection, WHICH).challenger_id  # type: ignore[union-attr]
        connection.execute(
            t.submissions.insert().values(
                cycle_id=CYCLE.id,
                challenge_id=WHICH,
                kind="analysis",
                version=1,
                sha256="a" * 64,
                file_name="x.docx",
                size=1,
                received_at=NOW,
                outcome="accepted",
                is_current=True,
                writer_role="challenger",
                writer_id=challenger,
            )
        )
    return register


def move(connection: sa.Connection, which: str, trigger: Trigger, **values: object) -> None:
    assert challenges.move_challenge_on(connection, which, trigger, CYCLE, at=NOW, **values)


def set_state(connection: sa.Connection, state: str, *kinds: D) -> None:
    wanted = t.dispatches.c.kind.in_([kind.value for kind in kinds or D])
    connection.execute(t.dispatches.update().where(wanted).values(state=state))
    if state == outbox.ISSUED:
        send_in_messages(connection)


def send_in_messages(connection: sa.Connection) -> None:
    """Put what is in the outbox, and was never sent, into a message each that has gone."""
    known = sa.select(t.message_dispatches.c.dispatch_id)
    query = sa.select(t.dispatches).where(
        t.dispatches.c.state == outbox.ISSUED, t.dispatches.c.id.not_in(known)
    )
    for row in connection.execute(query).fetchall():
        connection.execute(t.message_dispatches.insert().values(dispatch_id=row.id))
        contents = [Dispatch.from_row(row)]
        messages.add_message(connection, contents, MessageState.SENT, Delivery.FOLDER, at=NOW)


def facts_of(register: Register, settings: Settings, kind: D, role: Role = Role.AUTHOR) -> Facts:
    with register.reading() as connection:
        row = connection.execute(
            sa.select(t.dispatches).where(
                t.dispatches.c.challenge_id == WHICH,
                t.dispatches.c.kind == kind.value,
                t.dispatches.c.role == role.value,
            )
        ).one()
        return gather_dispatch_facts(connection, row, Archive(settings.archive_folder))


@pytest.mark.parametrize("state", [outbox.HELD, outbox.CANCELLED])
def test_an_invitation_asks_for_no_response_while_the_analysis_is_not_out(
    event_set: Register, settings: Settings, state: str
) -> None:
    assert "response_due" in facts_of(event_set, settings, D.EVENT_INVITATION).dates  # both on their way
    with event_set.writing() as connection:
        set_state(connection, state, *RETURNED)
    told = facts_of(event_set, settings, D.EVENT_INVITATION)
    assert "response_due" not in told.dates and told.event is not None
    assert "analysis_due" not in told.met


def test_what_quotes_the_analysis_waits_for_the_returned_analysis(
    event_set: Register, settings: Settings
) -> None:
    assert facts_of(event_set, settings, D.RESPONSE_FORM).challenger is not None
    with event_set.writing() as connection:
        set_state(connection, outbox.HELD, D.RETURNED_ANALYSIS)
    with pytest.raises(QuotesTheUnsent, match="release the returned analysis first"):
        facts_of(event_set, settings, D.RESPONSE_FORM)
    with event_set.writing() as connection:  # an earlier version went out, this one did not
        set_state(connection, outbox.ISSUED, D.RETURNED_ANALYSIS)
    with pytest.raises(QuotesTheUnsent):
        facts_of(event_set, settings, D.RESPONSE_FORM)


def test_nobody_is_reminded_of_a_response_whose_form_is_not_out(event_set: Register) -> None:
    def reminded() -> set[str]:
        due = list_reminders(event_set, EVENT - timedelta(days=7))
        return {one.challenge_id for one in due if one.reminder.what is DeadlineName.RESPONSE_DUE}

    with event_set.writing() as connection:
        set_state(connection, outbox.ISSUED)
        is_of_first = t.dispatches.c.challenge_id == WHICH
        connection.execute(
            t.dispatches.update()
            .where(is_of_first, t.dispatches.c.kind.in_([kind.value for kind in RETURNED]))
            .values(state=outbox.HELD)
        )
    others = reminded()
    assert others and WHICH not in others
    with event_set.writing() as connection:
        set_state(connection, outbox.ISSUED, *RETURNED)
    assert reminded() == others | {WHICH}


def test_a_letter_does_not_tell_the_challenger_that_the_response_is_in(
    event_set: Register, settings: Settings
) -> None:
    with event_set.writing() as connection:
        set_state(connection, outbox.ISSUED)
        row = challenges.find_challenge(connection, WHICH)
        assert row is not None
        challenges.intend_challenge_dispatch(
            connection, row, Send(D.REMINDER, Role.CHALLENGER), at=NOW, parameters=REMINDER
        )
    before = facts_of(event_set, settings, D.REMINDER, Role.CHALLENGER)
    with event_set.writing() as connection:
        challenges.note_dates(connection, CYCLE, WHICH, response_received_at=NOW)
    after = facts_of(event_set, settings, D.REMINDER, Role.CHALLENGER)
    assert (after.dates, after.met) == (before.dates, before.met)


REMINDER = {
    "reminder": "x",
    "what": "event_on",
    "due_on": "2027-04-20",
    "days_left": 7,
    "rule": "7 days before",
    "is_escalation": False,
}


@pytest.mark.parametrize(
    ("role", "who", "expected"),
    [
        (Role.OFFICE, outbox.OFFICE, 4),
        (Role.AUTHOR, AUTHOR, 2),
        (Role.CHAIR, CYCLE.chairs[1].id, 0),
    ],
)
def test_a_timetable_lists_the_events_of_its_reader_alone(
    event_set: Register, settings: Settings, role: Role, who: str, expected: int
) -> None:
    with event_set.writing() as connection:
        outbox.intend_dispatch(
            connection, D.EVENT_TIMETABLE, role, who, at=NOW, cycle_id=CYCLE.id, key="timetable"
        )
        row = connection.execute(sa.select(t.dispatches).where(t.dispatches.c.key == "timetable")).one()
        region = gather_dispatch_facts(connection, row, Archive(settings.archive_folder)).region
    assert region is not None and len(region.events) == expected
    if role is not Role.OFFICE:
        assert region.standings == () and all(who in (e.author.id, e.challenger.id) for e in region.events)


def test_a_returned_analysis_says_who_signed_the_analysis_off(
    event_set: Register, settings: Settings
) -> None:
    with event_set.writing() as connection:
        which = connection.scalar(sa.select(t.submissions.c.id).where(t.submissions.c.kind == "analysis"))
        connection.execute(
            t.particulars.insert().values(
                submission_id=which, position=1, field="signed_off_police", value="Chief superintendent"
            )
        )
    facts = facts_of(event_set, settings, D.RETURNED_ANALYSIS)
    assert facts.particulars == {"signed_off_police": "Chief superintendent"}
    assert not facts_of(event_set, settings, D.RESPONSE_FORM).particulars
