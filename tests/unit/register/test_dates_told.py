"""The dates that a dispatch tells are those that the register will count once it is out."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.dispatches.facts import Facts
from peer_challenge.dispatches.gather_facts import gather_dispatch_facts
from peer_challenge.dispatches.phrases import dates_table, format_full_day
from peer_challenge.model.journey import Trigger
from peer_challenge.model.vocabulary import DispatchKind as D
from peer_challenge.model.vocabulary import Role
from peer_challenge.outbox.do_what_is_due import advance_challenges
from peer_challenge.partners import proposals
from peer_challenge.register import challenges, outbox
from peer_challenge.register import tables as t
from peer_challenge.register.archive import Archive
from peer_challenge.register.cycles import store_cycle
from peer_challenge.register.database import Register
from peer_challenge.settings import Settings
from tests.factories import a_cycle

CYCLE = a_cycle(4)
OPENED = datetime(2027, 1, 11, 9, tzinfo=UTC)
NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)


@pytest.fixture
def paired(register: Register) -> Register:
    """Every self-assessment is in, partners are approved, nothing of that is out yet."""
    with register.writing() as connection:
        store_cycle(connection, CYCLE, shipped_frameworks()[CYCLE.framework], at=OPENED, actor="office")
        for challenge in challenges.list_challenges_in_cycle(connection, CYCLE.id):
            challenges.move_challenge_on(
                connection,
                challenge.id,
                Trigger.SELF_ASSESSMENT_ACCEPTED,
                CYCLE,
                at=OPENED,
                self_assessment_received_at=OPENED,
            )
    proposals.propose_for(register, CYCLE, NOW)
    with register.writing() as connection:
        proposals.approve_latest(connection, CYCLE, NOW, reason="agreed", actor="office")
    return register


def waiting(register: Register, settings: Settings, *kinds: D) -> Iterator[tuple[str, Facts]]:
    """The challenge and the facts of every dispatch of these kinds that waits to go out."""
    with register.reading() as connection:
        for dispatch in outbox.list_waiting_dispatches(connection):
            if dispatch.kind in kinds:
                yield (
                    dispatch.challenge_id,
                    gather_dispatch_facts(connection, dispatch, Archive(settings.archive_folder)),
                )


def due(register: Register, challenge_id: str, name: str) -> str:
    with register.reading() as connection:
        return format_full_day(challenges.due_dates(connection, challenge_id)[name])


def look_at_packs(register: Register) -> None:
    rules = CYCLE.rules.model_copy(update={"look_before_sending": True})
    looked = CYCLE.model_copy(update={"rules": rules}).model_dump(mode="json")
    with register.writing() as connection:
        connection.execute(t.cycles.update().values(definition=looked, definition_sha256="looked at"))


@pytest.mark.parametrize("is_looked_at", [True, False])
def test_a_notice_says_by_when_the_analysis_is_due_where_its_pack_goes_with_it(
    paired: Register, settings: Settings, is_looked_at: bool
) -> None:
    """A pack may wait for a look after its notice has gone: nobody is given a day that has not begun."""
    if is_looked_at:
        look_at_packs(paired)
    packs = [dates_table(facts, "analysis_due") for _, facts in waiting(paired, settings, D.ANALYSIS_PACK)]
    told = [
        (facts.recipient.role, dates_table(facts, "analysis_due"))
        for _, facts in waiting(paired, settings, D.PARTNER_NOTICE)
    ]
    assert [days for role, days in told if role is Role.AUTHOR] == [[]] * len(packs)
    expected = [[]] * len(packs) if is_looked_at else packs
    assert [days for role, days in told if role is Role.CHALLENGER] == expected and all(packs)


def test_the_pack_says_by_when_the_analysis_is_due(paired: Register, settings: Settings) -> None:
    notices = [facts for _, facts in waiting(paired, settings, D.PARTNER_NOTICE)]
    told = [
        (challenge, [row["when"] for row in dates_table(facts, "analysis_due", "event_by")])
        for challenge, facts in waiting(paired, settings, D.ANALYSIS_PACK)
    ]
    assert len(notices) == 2 * len(told) == 2 * len(CYCLE.authors)
    advance_challenges(paired, settings, NOW)
    for challenge, days in told:
        assert [day.partition(" (")[0] for day in days] == [
            due(paired, challenge, name) for name in ("analysis_due", "event_by")
        ]


def test_summary_and_form_say_by_when_the_plan_is_due(paired: Register, settings: Settings) -> None:
    advance_challenges(paired, settings, NOW)
    with paired.writing() as connection:
        challenge = challenges.list_challenges_in_cycle(connection, CYCLE.id)[0]
        connection.execute(t.challenges.update().values(stage="event held"))
        connection.execute(
            t.events.insert().values(
                challenge_id=challenge.id,
                chair_id=CYCLE.chairs[0].id,
                starts_at=NOW,
                ends_at=NOW,
                place="Online",
                sequence=0,
            )
        )
        challenges.move_challenge_on(connection, challenge.id, Trigger.CHAIR_RECORD_ACCEPTED, CYCLE, at=NOW)
    told = [facts.dates["action_plan_due"] for _, facts in waiting(paired, settings, D.ACTION_PLAN_TEMPLATE)]
    readers = [facts.recipient.id for _, facts in waiting(paired, settings, D.CHAIR_SUMMARY)]
    assert readers == [challenge.author_id, challenge.challenger_id, CYCLE.chairs[0].id]
    with paired.writing() as connection:
        challenges.note_dates(connection, CYCLE, challenge.id, summary_issued_at=NOW)
    assert [format_full_day(each) for each in told] == [due(paired, challenge.id, "action_plan_due")]


def test_what_has_come_is_no_date_to_come(paired: Register, settings: Settings) -> None:
    for _, facts in waiting(paired, settings, D.ANALYSIS_PACK):
        assert "Self-assessment due" not in [row["what"] for row in dates_table(facts)]


def test_a_held_dispatch_is_dated_by_the_day_it_is_released_on(paired: Register, settings: Settings) -> None:
    later = NOW + timedelta(days=9)
    with paired.writing() as connection:
        pack = next(d for d in outbox.list_waiting_dispatches(connection) if d.kind == D.ANALYSIS_PACK)
        outbox.hold_dispatch(connection, pack, "a broken template", NOW)
        outbox.release_dispatch(connection, pack.id, at=later, actor="office")
        row = connection.execute(sa.select(t.dispatches).where(t.dispatches.c.id == pack.id)).one()
        assert (
            gather_dispatch_facts(connection, row, Archive(settings.archive_folder)).issued_on == later.date()
        )
