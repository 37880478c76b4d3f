"""What the office decides can be taken back: that stops what the decision sends, and nothing else."""

import ast
import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa

from peer_challenge import partners, steering
from peer_challenge.errors import WrongUse
from peer_challenge.intake.take_in import take_in_ready_documents
from peer_challenge.model.journey import Send, Trigger
from peer_challenge.model.messages import Delivery, MessageState
from peer_challenge.model.vocabulary import DispatchKind, Kind, Role, Stage
from peer_challenge.model.whose_document import Candidate
from peer_challenge.partners import changes, proposals
from peer_challenge.register import caused_dispatches, challenges, decisions, messages, outbox
from peer_challenge.register import tables as t
from peer_challenge.register.records import Dispatch, DispatchState
from peer_challenge.steering.accept_findings import accept_finding, describe_decidable
from peer_challenge.steering.identify_submission import identify_submission
from peer_challenge.steering.undo_acceptance import preview_undoing_acceptance, undo_acceptance
from peer_challenge.steering.undo_identification import undo_identification
from tests import changed_forms as changed
from tests.factories import a_cycle, a_filled
from tests.fill_form import fill_form
from tests.web.world import World, an_empty_world, day

CYCLE = a_cycle(4)
ONE, OTHER = CYCLE.participants[:2]
WHICH = f"{CYCLE.id}/{ONE.id}"
AT = day(2, 20)
BY = {"reason": "as agreed", "at": AT, "actor": "Office"}


@pytest.fixture
def world(tmp_path: Path) -> World:
    return an_empty_world(tmp_path / "home")


def take_in(world: World, data: bytes) -> int:
    (world.settings.inbox_folder / "form.docx").write_bytes(data)
    take_in_ready_documents(world.register, world.settings, AT)
    with world.register.reading() as connection:
        return connection.scalar(sa.select(sa.func.max(t.submissions.c.id))) or 0


def a_form(**typed: str) -> bytes:
    return fill_form(a_filled(Kind.SELF_ASSESSMENT, ONE.id, areas=4, turn=1), typed)


def accept(world: World) -> None:
    number = take_in(world, a_form(signed_off_police=""))
    with world.register.reading() as connection:
        (finding,) = describe_decidable(connection, number).open
    accept_finding(world.register, world.settings, number, finding.key, **BY)


def undo_accepting(world: World) -> None:
    with world.register.reading() as connection:
        made = decisions.list_of_challenge(connection, WHICH)[-1]
    undo_acceptance(world.register, world.settings, made.id, **BY)


def say_whose(world: World) -> None:
    number = take_in(world, changed.retitled(a_form(), ONE.name, OTHER.name))
    whose = Candidate(CYCLE.id, ONE.id, Kind.SELF_ASSESSMENT)
    identify_submission(world.register, world.settings, number, whose, **BY)


def undo_saying(world: World) -> None:
    with world.register.reading() as connection:
        number = connection.scalar(sa.select(sa.func.max(t.submissions.c.id))) or 0
    undo_identification(world.register, world.settings, number, **BY)


def approve(world: World) -> None:
    with world.register.writing() as connection:
        for one in challenges.list_challenges_in_cycle(connection, CYCLE.id):
            accepted = Trigger.SELF_ASSESSMENT_ACCEPTED
            challenges.move_challenge_on(connection, one.id, accepted, world.cycle, at=AT)
    proposals.propose_for(world.register, world.cycle, AT)
    with world.register.writing() as connection:
        proposals.approve_latest(connection, world.cycle, **BY)


def undo_approving(world: World) -> None:
    changes.undo_newest_step(world.register, world.cycle, **BY)


@dataclass(frozen=True)
class Way:
    """A decision, its undoing, and the stage of the first challenge before and after the decision."""

    undoing: str
    decide: Callable[[World], None]
    undo: Callable[[World], None]
    before: Stage
    after: Stage


WAYS = {
    "accepting a finding": Way("undo_acceptance", accept, undo_accepting, Stage.INVITED, Stage.SELF_ASSESSED),
    "saying whose a document is": Way(
        "undo_identification", say_whose, undo_saying, Stage.INVITED, Stage.SELF_ASSESSED
    ),
    "approving partners": Way("undo_newest_step", approve, undo_approving, Stage.SELF_ASSESSED, Stage.PAIRED),
}
QUICKEST = "approving partners"
UNDONE_OTHERWISE = {"undo_opening": "deletes the cycle: test_undo_opening.py"}


def list_dispatches(world: World) -> list[Dispatch]:
    with world.register.reading() as connection:
        found = connection.execute(sa.select(t.dispatches).order_by(t.dispatches.c.id))
        return [Dispatch.from_row(row) for row in found]


def find_stage(world: World) -> Stage:
    with world.register.reading() as connection:
        challenge = challenges.find_challenge(connection, WHICH)
    assert challenge is not None
    return challenge.stage


def intend_a_letter_about_dates(world: World) -> None:
    """Something that the office has decided since, of the same challenge."""
    with world.register.writing() as connection:
        challenge = challenges.find_challenge(connection, WHICH)
        assert challenge is not None
        challenges.intend_challenge_dispatch(
            connection,
            challenge,
            Send(DispatchKind.DATES_NOTICE, Role.AUTHOR),
            at=AT,
            suffix="dates-1",
            parameters={"before": {}, "messages": []},
        )


def decide(world: World, way: Way) -> list[Dispatch]:
    """Make the decision; returns what it sends of the first challenge."""
    known = {one.id for one in list_dispatches(world)}
    way.decide(world)
    assert find_stage(world) is way.after
    intend_a_letter_about_dates(world)
    new = [one for one in list_dispatches(world) if one.id not in known and one.challenge_id == WHICH]
    return [one for one in new if one.kind is not DispatchKind.DATES_NOTICE and _is_open(one)]


def _is_open(dispatch: Dispatch) -> bool:
    return dispatch.state is not DispatchState.CANCELLED


def issue(world: World, dispatch: Dispatch, state: MessageState | None, draft: str | None = None) -> None:
    """Put a dispatch into the outbox, and into a message in a state."""
    with world.register.writing() as connection:
        outbox.begin_placing(connection, dispatch.id, f"file-{dispatch.id}", "0" * 64, 1)
        outbox.mark_issued(connection, [dispatch], AT)
        if state is not None:
            number = messages.add_message(connection, [dispatch], state, Delivery.DRAFTS, at=AT)
            messages.note_draft(connection, number, draft)


def begin(world: World, dispatch: Dispatch) -> None:
    with world.register.writing() as connection:
        outbox.begin_placing(connection, dispatch.id, f"file-{dispatch.id}", "0" * 64, 1)


def hold(world: World, dispatch: Dispatch) -> None:
    with world.register.writing() as connection:
        outbox.hold_dispatch(connection, dispatch, "its template is damaged", AT)


NOT_GONE: dict[str, Callable[[World, Dispatch], None]] = {
    "not made yet": lambda world, dispatch: None,
    "held": hold,
    "made, and on hold": lambda world, dispatch: issue(world, dispatch, MessageState.ON_HOLD),
    "made, and without an address": lambda world, dispatch: issue(world, dispatch, MessageState.NO_ADDRESS),
}
GONE: dict[str, Callable[[World, Dispatch], None]] = {
    "just going": begin,
    "in a shared folder": lambda world, dispatch: issue(world, dispatch, None),
    "sent": lambda world, dispatch: issue(world, dispatch, MessageState.SENT),
    "in doubt": lambda world, dispatch: issue(world, dispatch, MessageState.IN_DOUBT),
    "in a draft": lambda world, dispatch: issue(world, dispatch, MessageState.READY, "To send/1.eml"),
}


def each_with(states: Iterable[str], one: str) -> list[tuple[str, str]]:
    """Every way with one state, and the quickest with all: the mechanism is the same."""
    return [(name, one) for name in WAYS] + [(QUICKEST, state) for state in states if state != one]


@pytest.mark.parametrize(("name", "state"), each_with(NOT_GONE, "made, and on hold"))
def test_an_undoing_stops_what_the_decision_sends_and_nothing_else(
    world: World, name: str, state: str
) -> None:
    way = WAYS[name]
    caused = decide(world, way)
    assert caused
    NOT_GONE[state](world, caused[-1])
    way.undo(world)
    now = {one.id: one for one in list_dispatches(world)}
    assert {now[one.id].state for one in caused} == {DispatchState.CANCELLED}
    (letter,) = (one for one in now.values() if one.kind is DispatchKind.DATES_NOTICE)
    assert letter.state is DispatchState.INTENDED
    assert find_stage(world) is way.before


@pytest.mark.parametrize(("name", "state"), each_with(GONE, "in a draft"))
def test_an_undoing_is_refused_once_something_that_follows_has_gone(
    world: World, name: str, state: str
) -> None:
    way = WAYS[name]
    caused = decide(world, way)
    GONE[state](world, caused[-1])
    before = list_dispatches(world)
    with pytest.raises(WrongUse) as refused:
        way.undo(world)
    assert caused[-1].kind.in_words in str(refused.value) and refused.value.remedy
    assert list_dispatches(world) == before and find_stage(world) is way.after


def test_what_was_taken_back_out_of_a_message_can_be_decided_and_sent_again(world: World) -> None:
    caused = decide(world, WAYS["approving partners"])
    issue(world, caused[0], MessageState.ON_HOLD)
    undo_approving(world)
    proposals.propose_for(world.register, world.cycle, AT)
    with world.register.writing() as connection:
        proposals.approve_latest(connection, world.cycle, **BY)
    waiting = [one for one in list_dispatches(world) if one.challenge_id == WHICH and _is_open(one)]
    again = next(one for one in waiting if (one.kind, one.role) == (caused[0].kind, caused[0].role))
    issue(world, again, MessageState.READY)
    with world.register.reading() as connection:
        assert messages.find_message_of(connection, again.id) is not None


def test_an_acceptance_from_before_its_note_of_what_it_sends_stops_what_was_intended_at_its_time(
    world: World,
) -> None:
    caused = decide(world, WAYS["accepting a finding"])
    with world.register.writing() as connection:
        made = decisions.list_of_challenge(connection, WHICH)[-1]
        older = {name: value for name, value in made.before.items() if name != "dispatch_after"}
        connection.execute(t.decisions.update().where(t.decisions.c.id == made.id).values(before=older))
        letters = t.dispatches.c.kind == DispatchKind.DATES_NOTICE.value
        connection.execute(t.dispatches.update().where(letters).values(intended_at=day(2, 21)))
        made = decisions.list_of_challenge(connection, WHICH)[-1]
        found = caused_dispatches.list_caused(connection, made)
    assert [one.id for one in found] == [one.id for one in caused]


def test_what_follows_from_taking_an_acceptance_back_is_told_and_nothing_is_changed(world: World) -> None:
    decide(world, WAYS["accepting a finding"])
    before = list_dispatches(world)
    with world.register.reading() as connection:
        number = connection.scalar(sa.select(sa.func.max(t.submissions.c.id))) or 0
    found = preview_undoing_acceptance(world.register, world.settings, number, at=AT)
    assert found.told[0] == "The finding is open again."
    assert "Receipt: not sent." in found.told
    assert any("moves from “self-assessed” to “invited”" in told for told in found.told)
    assert list_dispatches(world) == before and "as agreed" in found.decided


def test_every_undoing_of_a_decision_is_held_here() -> None:
    found = set()
    for package in (steering, partners):
        for path in Path(inspect.getfile(package)).parent.glob("*.py"):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            functions = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
            found |= {name for name in functions if name.startswith("undo_")}
    assert found == {way.undoing for way in WAYS.values()} | set(UNDONE_OTHERWISE)
