"""Nobody is told that something has not come which has: its sender is asked for answers."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.dispatches.facts import UnsettledFacts
from peer_challenge.dispatches.gather_region import region_facts
from peer_challenge.errors import WrongUse
from peer_challenge.intake.take_in import take_in_ready_documents
from peer_challenge.model.messages import MessageState
from peer_challenge.model.vocabulary import DispatchKind, Kind, Outcome
from peer_challenge.outbox.do_what_is_due import advance_challenges
from peer_challenge.outbox.who_is_reminded import intend_reminders, list_reminders, remind_now
from peer_challenge.post.deliver import deliver_messages
from peer_challenge.register import messages, outbox
from peer_challenge.register.cycles import store_cycle
from peer_challenge.register.database import Register, open_register
from peer_challenge.register.standings import list_challenge_standings
from peer_challenge.settings import Settings, load_settings
from peer_challenge.steering import send_messages
from tests.factories import a_cycle, a_region, its_framework
from tests.fill_form import fill_form
from tests.migrated import make_installation

CYCLE = a_cycle(4)
OPENS = datetime(2027, 1, 11, 9, tzinfo=UTC)
LATE = datetime(2027, 3, 5, 9, tzinfo=UTC)
"""Five working days after the self-assessments were due."""
AREA = CYCLE.authors[0].id
Place = tuple[Register, Settings]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Place]:
    settings = load_settings(
        tmp_path, {"PEER_CHALLENGE_SETTLE_SECONDS": "0", "PEER_CHALLENGE_DELIVERY": "drafts"}
    )
    make_installation(settings)
    register = open_register(settings)
    with register.writing() as connection:
        store_cycle(connection, CYCLE, shipped_frameworks()[CYCLE.framework], at=OPENS, actor="office")
    advance_challenges(register, settings, OPENS)
    _mark_all_as_sent(register, OPENS)
    yield register, settings
    register.close()


def _mark_all_as_sent(register: Register, at: datetime) -> None:
    with register.writing() as connection:
        for one in messages.list_messages(connection, states=[MessageState.READY]):
            send_messages.mark_as_sent(connection, one.id, at=at, actor="office")


def _send_in_with_a_question(place: Place, at: datetime, said: str = "") -> None:
    """A self-assessment in which a rating is missing: it is queried."""
    register, settings = place
    with register.reading() as connection:
        forms = outbox.list_issued(connection, CYCLE.id, [DispatchKind.SELF_ASSESSMENT_TEMPLATE])
    form = next(one for one in forms if one.recipient_id == AREA)
    template = (settings.outbox_folder / str(form.path)).read_bytes()
    filled = a_region().fill(Kind.SELF_ASSESSMENT, template, AREA, round=1)
    address = next(iter(its_framework(CYCLE).subheadings))
    (settings.inbox_folder / "form.docx").write_bytes(
        fill_form(filled, {(address, "rating"): "", **({(address, "strengths"): said} if said else {})})
    )
    taken = take_in_ready_documents(register, settings, at)
    assert list(taken.table["outcome"]) == [Outcome.QUERIED.value]


def test_who_sent_a_form_with_questions_is_asked_for_answers(opened: Place) -> None:
    register, settings = opened
    _send_in_with_a_question(opened, LATE - timedelta(days=7))
    advance_challenges(register, settings, LATE - timedelta(days=7))
    _mark_all_as_sent(register, LATE - timedelta(days=7))
    due = {one.recipient_id: one.arrived for one in list_reminders(register, LATE)}
    assert due == {area.id: Outcome.QUERIED if area.id == AREA else None for area in CYCLE.authors}
    assert intend_reminders(register, LATE) == 4
    with register.reading() as connection:
        waiting = outbox.list_waiting_dispatches(connection)
        found = list(list_challenge_standings(connection, CYCLE, LATE.date()))
    [parameters] = [one.parameters for one in waiting if one.recipient_id == AREA]
    assert (parameters["arrived"], parameters["answer_by"]) == ("queried", "2027-03-10")
    assert {one.author: one.arrived for one in found} == due


def test_the_brief_knows_which_document_has_questions_open(opened: Place) -> None:
    came = LATE - timedelta(days=7)
    _send_in_with_a_question(opened, came)
    with opened[0].reading() as connection:
        facts = region_facts(connection, CYCLE, its_framework(CYCLE), LATE.date(), with_contents=False)
    assert facts.unsettled == {AREA: UnsettledFacts("self-assessment", AREA, came.date())}


@pytest.mark.parametrize(("days_ago", "is_reminded"), [(0, False), (5, False), (6, True)])
def test_nobody_is_reminded_of_questions_while_the_letter_gives_them_time(
    opened: Place, days_ago: int, is_reminded: bool
) -> None:
    """Asked on Wednesday 3 March, they have until Monday the 8th; asked on Tuesday, until Friday the 5th."""
    register, settings = opened
    monday = LATE + timedelta(days=3)
    asked_at = monday - timedelta(days=days_ago)
    _send_in_with_a_question(opened, asked_at)
    assert AREA not in {one.recipient_id for one in list_reminders(register, monday)}
    advance_challenges(register, settings, asked_at)
    assert AREA not in {one.recipient_id for one in list_reminders(register, monday)}  # it has not gone
    _mark_all_as_sent(register, asked_at)
    assert (AREA in {one.recipient_id for one in list_reminders(register, monday)}) is is_reminded


def test_a_form_that_comes_before_the_reminder_goes_stops_it(opened: Place) -> None:
    register, settings = opened
    assert intend_reminders(register, LATE) == 4
    advance_challenges(register, settings, LATE)
    _send_in_with_a_question(opened, LATE + timedelta(minutes=5))
    assert deliver_messages(register, settings, LATE + timedelta(minutes=10)).overtaken == 1
    with register.reading() as connection:
        [stopped] = messages.list_messages(connection, states=[MessageState.OVERTAKEN])
    assert stopped.recipient_id == AREA


def test_of_questions_that_were_not_sent_the_office_can_remind_nobody(opened: Place) -> None:
    register, settings = opened
    _send_in_with_a_question(opened, LATE)
    advance_challenges(register, settings, LATE)
    which = f"{CYCLE.id}/{AREA}"
    with register.writing() as connection, pytest.raises(WrongUse, match="have not been sent to them yet"):
        remind_now(connection, CYCLE, which, LATE, actor="office", reason="they asked")
    _mark_all_as_sent(register, LATE)
    with register.writing() as connection:
        remind_now(connection, CYCLE, which, LATE, actor="office", reason="they asked")


def test_a_reminder_of_questions_stops_when_another_version_comes(opened: Place) -> None:
    register, settings = opened
    _send_in_with_a_question(opened, LATE - timedelta(days=7))
    advance_challenges(register, settings, LATE - timedelta(days=7))
    _mark_all_as_sent(register, LATE - timedelta(days=7))
    assert intend_reminders(register, LATE) == 4
    advance_challenges(register, settings, LATE)
    _send_in_with_a_question(opened, LATE + timedelta(hours=1), said="Another word.")
    advance_challenges(register, settings, LATE + timedelta(hours=1))
    deliver_messages(register, settings, LATE + timedelta(hours=2))
    with register.reading() as connection:
        stopped = messages.list_messages(connection, states=[MessageState.OVERTAKEN])
        kinds = [messages.list_dispatches_of(connection, [one.id])[one.id][0].kind for one in stopped]
    assert {one.recipient_id for one in stopped} == {AREA} and DispatchKind.REMINDER in kinds
