"""Closing, reopening and bringing back: nothing that came is lost, nothing goes twice, and all can go on."""

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from peer_challenge.errors import WrongUse
from peer_challenge.model.vocabulary import Kind, Stage
from peer_challenge.operations.retention import list_kept_cycles
from peer_challenge.outbox.do_what_is_due import advance_and_deliver
from peer_challenge.outbox.who_is_reminded import list_reminders
from peer_challenge.partners.proposals import approve_latest
from peer_challenge.partners.withdraw_area import withdraw_area
from peer_challenge.paths import ROOT
from peer_challenge.register import challenges, listings
from peer_challenge.register import tables as t
from peer_challenge.register.assignments import load_latest
from peer_challenge.register.cycles import load_state, replace_cycle
from peer_challenge.register.records import AssignmentStatus, CycleState
from peer_challenge.steering import end_challenge as ending
from peer_challenge.steering.amend_cycle import plan_amendment
from tests.unit.steering.test_accept_findings import ONE, WHICH, stage
from tests.web.world import World, an_empty_world, day, pair_all_areas, send_self_assessments

NOW = day(3, 22)
REASON = "they merge with their neighbour"
Decide = Callable[..., None]


@pytest.fixture
def opened(tmp_path: Path) -> World:
    return an_empty_world(tmp_path / "home")


@pytest.fixture
def with_event(opened: World) -> World:
    """Four areas, paired; the first one's analysis is back and its event is set."""
    send_self_assessments(opened)
    pair_all_areas(opened)
    opened.send_in(Kind.ANALYSIS, ONE, day(3, 19))
    advance_and_deliver(opened.register, opened.settings, day(3, 19))
    assert stage(opened) is Stage.EVENT_SET
    return opened


def decide(world: World, act: Decide, reason: str = REASON) -> None:
    with world.register.writing() as connection:
        act(connection, world.cycle, WHICH, reason=reason, at=NOW, actor="Office")


def withdraw(world: World) -> None:
    withdraw_area(world.register, world.cycle, ONE, REASON, at=NOW, actor="Office")


def count(world: World, kind: str, *, state: str | None = None) -> int:
    with world.register.reading() as connection:
        query = sa.select(sa.func.count()).where(
            t.dispatches.c.kind == kind,
            t.dispatches.c.challenge_id == WHICH,
            t.dispatches.c.state == state if state else sa.true(),
        )
        return connection.scalar(query) or 0


def sequence(world: World) -> int | None:
    with world.register.reading() as connection:
        return connection.scalar(sa.select(t.events.c.sequence).where(t.events.c.challenge_id == WHICH))


def test_a_closed_challenge_asks_nobody_for_anything_and_goes_on_with_another_event(
    with_event: World,
) -> None:
    world = with_event
    preview = ending.preview_decision(
        world.register,
        world.cycle,
        WHICH,
        lambda connection, cycle, which: ending.close_challenge(
            connection, cycle, which, reason="preview", at=NOW, actor=""
        ),
    )
    assert "The challenge moves from “event set” to “closed”." in preview.told
    assert "event cancellation to Ashcombe" in " ".join(preview.told)
    assert stage(world) is Stage.EVENT_SET and sequence(world) == 0
    decide(world, ending.close_challenge)
    advance_and_deliver(world.register, world.settings, NOW)
    assert stage(world) is Stage.CLOSED and count(world, "event_cancellation", state="issued") == 3
    late = day(9, 1)
    assert not [due for due in list_reminders(world.register, late) if due.challenge_id == WHICH]
    decide(world, ending.reopen_challenge)
    assert stage(world) is Stage.RETURNED and sequence(world) is None
    advance_and_deliver(world.register, world.settings, NOW)
    assert stage(world) is Stage.EVENT_SET and (sequence(world) or 0) > 1
    assert count(world, "event_invitation", state="issued") == 6


@pytest.mark.parametrize("before", ["invited", "self-assessed", "in analysis", "event set"])
def test_an_area_that_was_withdrawn_comes_back_to_where_it_was(
    before: str, request: pytest.FixtureRequest
) -> None:
    world: World = request.getfixturevalue("with_event" if before == "event set" else "opened")
    if before != "event set" and before != "invited":
        send_self_assessments(world)
    if before == "in analysis":
        pair_all_areas(world)
        advance_and_deliver(world.register, world.settings, day(3, 1))
    assert stage(world).value == before
    withdraw(world)
    advance_and_deliver(world.register, world.settings, NOW)
    assert stage(world) is Stage.WITHDRAWN
    decide(world, ending.bring_area_back)
    follows = {"in analysis": Stage.SELF_ASSESSED, "event set": Stage.RETURNED}
    assert stage(world) is follows.get(before, Stage(before))
    with world.register.reading() as connection:
        challenge = challenges.find_challenge(connection, WHICH)
        assert challenge is not None and challenge.withdrawn_reason is None
        assert challenges.due_dates(connection, WHICH)
    advance_and_deliver(world.register, world.settings, NOW)
    notices = count(world, "withdrawal_notice")
    withdraw(world)
    assert count(world, "withdrawal_notice") > notices


def test_partners_proposed_without_an_area_can_not_be_approved_once_it_is_back(opened: World) -> None:
    send_self_assessments(opened)
    pair_all_areas(opened)
    advance_and_deliver(opened.register, opened.settings, day(3, 1))
    withdraw(opened)
    with opened.register.reading() as connection:
        assert load_latest(connection, opened.cycle.id, AssignmentStatus.PROPOSED)
    decide(opened, ending.bring_area_back)
    advance_and_deliver(opened.register, opened.settings, NOW)
    back = stage(opened)
    with pytest.raises(WrongUse, match="no proposal"), opened.register.writing() as connection:
        approve_latest(connection, opened.cycle, NOW, reason=REASON, actor="Office")
    assert stage(opened) is back is not Stage.WITHDRAWN


def test_what_a_withdrawal_stopped_goes_out_when_the_area_comes_back(tmp_path: Path) -> None:
    world = an_empty_world(tmp_path / "home")
    with world.register.writing() as connection:
        connection.execute(
            t.dispatches.update().where(t.dispatches.c.challenge_id == WHICH).values(state="intended")
        )
    withdraw(world)
    assert count(world, "self_assessment_template", state="cancelled") == 1
    decide(world, ending.bring_area_back)
    advance_and_deliver(world.register, world.settings, NOW)
    assert count(world, "self_assessment_template", state="issued") == 1


def test_closing_a_cycle_closes_what_runs_and_reopening_a_challenge_opens_it(with_event: World) -> None:
    world = with_event
    with world.register.writing() as connection:
        running = ending.close_cycle(connection, world.cycle, reason=REASON, at=NOW, actor="Office")
    assert len(running) == 4
    advance_and_deliver(world.register, world.settings, NOW)

    def state() -> CycleState | None:
        with world.register.reading() as connection:
            return load_state(connection, world.cycle.id)

    def overviews() -> int:
        with world.register.reading() as connection:
            query = sa.select(sa.func.count()).where(t.dispatches.c.kind == "regional_overview")
            return connection.scalar(query) or 0

    assert (state(), overviews()) == (CycleState.CLOSED, 1)
    with pytest.raises(WrongUse, match="closed already"), world.register.writing() as connection:
        ending.close_cycle(connection, world.cycle, reason=REASON, at=NOW, actor="Office")
    decide(world, ending.reopen_challenge)
    assert (state(), stage(world)) == (CycleState.OPEN, Stage.RETURNED)
    advance_and_deliver(world.register, world.settings, NOW)
    decide(world, ending.close_challenge)
    advance_and_deliver(world.register, world.settings, NOW)
    assert (state(), overviews()) == (CycleState.CLOSED, 2)


@pytest.mark.parametrize("is_closed_yet", [False, True])
def test_a_cycle_is_reopened_with_what_was_closed_with_it_and_nothing_else(
    with_event: World, is_closed_yet: bool
) -> None:
    world = with_event

    def stages() -> dict[str, Stage]:
        with world.register.reading() as connection:
            rows = challenges.list_challenges_in_cycle(connection, world.cycle.id)
        return {row.id: row.stage for row in rows}

    def decide_on_cycle(act: Decide) -> list[str]:
        with world.register.writing() as connection:
            done: list[str] = act(connection, world.cycle, reason=REASON, at=NOW, actor="Office")
        return done

    alone = f"{world.cycle.id}/{world.cycle.authors[1].id}"
    with world.register.writing() as connection:
        ending.close_challenge(connection, world.cycle, alone, reason=REASON, at=day(3, 20), actor="Office")
    before = stages()
    told = ending.preview_closing_cycle(world.register, world.cycle, NOW)
    assert "3 of 4" in told[0] and "Letters go to Ashcombe" in told[1] and stages() == before
    running = decide_on_cycle(ending.close_cycle)
    if is_closed_yet:
        advance_and_deliver(world.register, world.settings, NOW)
    told = ending.preview_reopening_cycle(world.register, world.cycle, NOW)
    assert "3 of 4" in told[0] and "Letters go to" in told[1] and set(stages().values()) == {Stage.CLOSED}
    assert sorted(decide_on_cycle(ending.reopen_cycle_by_decision)) == sorted(running)
    assert stages() == before | {WHICH: Stage.RETURNED}  # its event was called off
    with world.register.reading() as connection:
        assert load_state(connection, world.cycle.id) is CycleState.OPEN
        assert "cycle reopened by decision" in listings.journal_events(connection)
    assert count(world, "event_cancellation") == 3, "what had gone out stays"
    with pytest.raises(WrongUse, match="No challenge was closed with this cycle"):
        ending.preview_reopening_cycle(world.register, world.cycle, NOW)


def test_a_cycle_is_erased_early_in_the_order_that_the_guide_gives(opened: World) -> None:
    guide = (ROOT / "docs" / "data-protection.md").read_text()
    row = guide.partition("| a whole cycle, early |")[2].partition("\n")[0]
    assert 0 < row.find("set after how many months") < row.find("then close it") < row.find("reopen it first")
    rules = opened.cycle.rules.model_copy(update={"retention_months": 1})
    after = opened.cycle.model_copy(update={"rules": rules})
    with opened.register.reading() as connection:
        assert not plan_amendment(connection, after, NOW).refusals
    with opened.register.writing() as connection:
        replace_cycle(connection, after, at=NOW, actor="Office", reason=REASON)
        ending.close_cycle(connection, after, reason=REASON, at=NOW, actor="Office")
    advance_and_deliver(opened.register, opened.settings, NOW)
    (kept,) = list_kept_cycles(opened.register, opened.settings)
    assert (kept.months, str(kept.purge_on)) == (1, "2027-04-22")
    with opened.register.reading() as connection, pytest.raises(WrongUse):
        plan_amendment(connection, opened.cycle, NOW)


@pytest.mark.parametrize(
    ("months", "reports", "awaits"),
    [((), 0, Stage.SUMMARISED), ((3, 6), 2, Stage.IN_FOLLOW_UP), ((3, 6), 0, Stage.IN_FOLLOW_UP)],
)
def test_a_challenge_that_ran_its_course_waits_for_its_last_form_when_it_is_reopened(
    opened: World, months: tuple[int, ...], reports: int, awaits: Stage
) -> None:
    rules = opened.cycle.rules.model_copy(update={"review_months": months})
    cycle = opened.cycle.model_copy(update={"rules": rules})
    with opened.register.writing() as connection:
        replace_cycle(connection, cycle, at=NOW, actor="Office", reason=REASON)
        closed = t.challenges.update().where(t.challenges.c.id == WHICH)
        connection.execute(
            closed.values(
                stage="closed",
                closed_at=NOW,
                challenger_id=cycle.authors[1].id,
                action_plan_received_at=NOW,
                last_review=reports,
            )
        )
    with opened.register.writing() as connection:
        ending.reopen_challenge(connection, cycle, WHICH, reason=REASON, at=NOW, actor="Office")
    advance_and_deliver(opened.register, opened.settings, NOW)
    assert stage(opened) is awaits


@pytest.mark.parametrize(
    ("act", "reason", "why"),
    [
        (ending.close_challenge, " ", "no reason"),
        (ending.reopen_challenge, REASON, "not closed"),
        (ending.bring_area_back, REASON, "not withdrawn"),
    ],
)
def test_what_does_not_fit_is_refused(opened: World, act: Decide, reason: str, why: str) -> None:
    with pytest.raises(WrongUse, match=why) as refused:
        decide(opened, act, reason)
    assert refused.value.remedy and stage(opened) is Stage.INVITED
