"""Taking a decision about a document back stops all that was made from the document."""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import docx
import pytest
import sqlalchemy as sa

from peer_challenge.errors import WrongUse
from peer_challenge.intake.take_in import take_in_ready_documents
from peer_challenge.model.messages import Delivery, MessageState
from peer_challenge.model.vocabulary import DispatchKind as D
from peer_challenge.model.vocabulary import Kind, Outcome
from peer_challenge.model.whose_document import Candidate
from peer_challenge.outbox.do_what_is_due import advance_challenges, move_all_challenges
from peer_challenge.outbox.issue import issue_waiting
from peer_challenge.outbox.render_in_children import make_dispatch_files
from peer_challenge.post.still_needed import is_still_needed
from peer_challenge.register import challenges, decisions, messages, outbox
from peer_challenge.register import tables as t
from peer_challenge.register.cycles import replace_cycle
from peer_challenge.register.records import Dispatch, DispatchState
from peer_challenge.steering.accept_findings import accept_finding, describe_decidable
from peer_challenge.steering.identify_submission import identify_submission
from peer_challenge.steering.undo_acceptance import undo_acceptance
from peer_challenge.steering.undo_identification import undo_identification
from tests import changed_forms as changed
from tests.factories import its_framework
from tests.fill_form import fill_form
from tests.unit.evidence.files import a_pdf
from tests.unit.outbox.test_evidence import a_zip
from tests.web.story import text_in
from tests.web.world import World, a_world, day

AT = day(3, 22)
LATER = AT + timedelta(hours=1)
BY = {"reason": "as agreed", "actor": "Office"}
OF_RESPONSE = {D.CHALLENGER_BRIEFING, D.CHAIR_BRIEFING, D.PRESENTATION}
NUMBER = "943 476 5919"
WORD = "zqCANARYqz"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """The first area's event is set, and its response is awaited; emails leave as drafts."""
    made = a_world(tmp_path)
    drafts = {"delivery": Delivery.DRAFTS, "hold_new_addresses": False}
    yield World(made.settings.model_copy(update=drafts), made.register, made.cycle)
    made.register.close()


def find_challenge_id(world: World, number: int = 0) -> str:
    return f"{world.cycle.id}/{world.cycle.authors[number].id}"


def a_response(world: World, added: str) -> bytes:
    """The first area's response, with a text behind the first answer."""
    filled = world.filled(Kind.RESPONSE, world.cycle.authors[0].id)
    form = docx.Document(io.BytesIO(filled))
    asked = world.filled(Kind.RESPONSE, world.cycle.authors[0].id, seed=2)
    others = {node.text for node in docx.Document(io.BytesIO(asked)).element.body.xpath(".//w:t")}
    nodes = form.element.body.xpath(".//w:tc//w:t")
    answer = next(node for node in nodes if node.text not in others and len(node.text or "") > 60)
    answer.text = f"{answer.text} {added}"
    saved = io.BytesIO()
    form.save(saved)
    return saved.getvalue()


def take_in(world: World, data: bytes, name: str = "form.docx") -> int:
    (world.settings.inbox_folder / name).write_bytes(data)
    take_in_ready_documents(world.register, world.settings, AT)
    with world.register.reading() as connection:
        return connection.scalar(sa.select(sa.func.max(t.submissions.c.id))) or 0


def accept_findings(world: World, number: int) -> None:
    """Accept all that is open in a document."""
    while True:
        with world.register.reading() as connection:
            found = describe_decidable(connection, number).open
        if not found:
            return
        accept_finding(world.register, world.settings, number, found[0].key, **BY, at=LATER)


def undo_accepting(world: World, number: int) -> None:
    with world.register.reading() as connection:
        made = decisions.list_of_submission(connection, number)
    for decision in reversed(made):
        undo_acceptance(world.register, world.settings, decision.id, **BY, at=LATER)


def take_in_refused(world: World) -> int:
    return take_in(world, a_response(world, f"{WORD}, NHS number {NUMBER}."))


def take_in_held(world: World) -> int:
    area, other = world.cycle.authors[0].name, world.cycle.authors[2].name
    return take_in(world, changed.retitled(a_response(world, WORD), area, other))


def say_whose(world: World, number: int) -> None:
    whose = Candidate(world.cycle.id, world.cycle.authors[0].id, Kind.RESPONSE)
    identify_submission(world.register, world.settings, number, whose, **BY, at=LATER)


def undo_saying(world: World, number: int) -> None:
    undo_identification(world.register, world.settings, number, **BY, at=LATER)


@dataclass(frozen=True)
class Way:
    """How a response comes that nobody reads yet, what makes it count, and the undoing of that."""

    take_in: Callable[[World], int]
    decide: Callable[[World, int], None]
    undo: Callable[[World, int], None]


WAYS = {
    "accepting what the guard refused": Way(take_in_refused, accept_findings, undo_accepting),
    "saying whose a document is": Way(take_in_held, say_whose, undo_saying),
}


def list_dispatches(world: World, since: int = 0, challenge_id: str | None = None) -> list[Dispatch]:
    """The dispatches of a challenge, of the first where none is named, after one with this number."""
    query = sa.select(t.dispatches).where(
        t.dispatches.c.challenge_id == (challenge_id or find_challenge_id(world)), t.dispatches.c.id > since
    )
    with world.register.reading() as connection:
        return [Dispatch.from_row(row) for row in connection.execute(query.order_by(t.dispatches.c.id))]


def is_open(dispatch: Dispatch) -> bool:
    return dispatch.state is not DispatchState.CANCELLED


def holds_the_word(world: World, dispatch: Dispatch) -> bool:
    path = world.settings.outbox_folder / str(dispatch.path)
    return dispatch.path is not None and WORD in text_in(path.read_bytes())


def mark_as_sent(world: World, dispatch: Dispatch) -> None:
    with world.register.writing() as connection:
        message = messages.find_message_of(connection, dispatch.id)
        assert message is not None
        messages.change_state(connection, message, MessageState.SENT, at=LATER, sent_at=LATER)


def was_prepared(world: World) -> bool:
    with world.register.reading() as connection:
        challenge = challenges.find_challenge(connection, find_challenge_id(world))
    assert challenge is not None
    return challenge.prepared_at is not None


def prepare(world: World, way: Way) -> tuple[int, list[Dispatch]]:
    """Let a response count, and make what goes out because of it; its number, and what is new."""
    number = way.take_in(world)
    world.advance(AT)
    assert not was_prepared(world)
    last = max(one.id for one in list_dispatches(world))
    way.decide(world, number)
    advance_challenges(world.register, world.settings, LATER)
    assert was_prepared(world)
    return number, list_dispatches(world, last)


@pytest.mark.parametrize("name", WAYS)
def test_papers_made_from_a_document_go_nowhere_once_it_does_not_count_any_more(
    world: World, name: str
) -> None:
    way = WAYS[name]
    number, new = prepare(world, way)
    with_words = {one.kind for one in new if holds_the_word(world, one)}
    assert with_words == OF_RESPONSE
    way.undo(world, number)
    world.advance(LATER)
    left = {one.kind for one in list_dispatches(world, new[0].id - 1) if is_open(one)}
    assert not left & (OF_RESPONSE | {D.RECEIPT}) and not was_prepared(world)
    take_in(world, a_response(world, "We have put it in other words."))
    world.advance(LATER)
    again = [one for one in list_dispatches(world, new[-1].id) if is_open(one) and one.kind in OF_RESPONSE]
    assert {one.kind for one in again} == OF_RESPONSE
    assert not any(holds_the_word(world, one) for one in again)


@pytest.mark.parametrize(
    ("name", "kind"),
    [("saying whose a document is", D.PRESENTATION)]
    + [("accepting what the guard refused", kind) for kind in sorted(OF_RESPONSE)],
)
def test_a_document_counts_for_good_once_a_paper_made_from_it_has_gone(
    world: World, name: str, kind: D
) -> None:
    way = WAYS[name]
    number, new = prepare(world, way)
    mark_as_sent(world, next(one for one in new if one.kind is kind))
    before = list_dispatches(world)
    with pytest.raises(WrongUse) as refused:
        way.undo(world, number)
    assert kind.in_words in str(refused.value) and refused.value.remedy
    assert list_dispatches(world) == before and was_prepared(world)


def test_papers_that_waited_before_the_decision_are_made_again_without_the_document(world: World) -> None:
    due = AT + timedelta(days=21)
    move_all_challenges(world.register, world.settings, due)  # what the event needs is due, and not made yet
    waiting = [one for one in list_dispatches(world) if one.kind in OF_RESPONSE]
    assert {one.state for one in waiting} == {DispatchState.INTENDED}
    number = take_in_refused(world)
    accept_findings(world, number)
    issue_waiting(world.register, world.settings, LATER)
    made = [one for one in list_dispatches(world, waiting[0].id - 1) if one.kind in OF_RESPONSE]
    assert [one.id for one in made] == [one.id for one in waiting]
    assert all(holds_the_word(world, one) for one in made)
    put_into_messages_on_hold(world, list_dispatches(world, waiting[0].id - 1))
    undo_accepting(world, number)
    issue_waiting(world.register, world.settings, LATER)
    papers = [one for one in list_dispatches(world, waiting[0].id - 1) if one.kind in OF_RESPONSE]
    assert {one.id for one in papers if not is_open(one)} == {one.id for one in waiting}
    again = [one for one in papers if is_open(one)]
    assert {one.kind for one in again if one.state is DispatchState.ISSUED} == OF_RESPONSE
    assert not any(holds_the_word(world, one) for one in again)


def put_into_messages_on_hold(world: World, made: list[Dispatch]) -> None:
    with world.register.writing() as connection:
        for one in filter(is_open, made):
            messages.add_message(connection, [one], MessageState.ON_HOLD, Delivery.DRAFTS, at=LATER)


def test_a_file_that_came_with_a_self_assessment_does_not_go_once_its_acceptance_is_taken_back(
    world: World,
) -> None:
    rules = world.cycle.rules.model_copy(update={"evidence_goes_with_pack": True})
    with world.register.writing() as connection:
        cycle = world.cycle.model_copy(update={"rules": rules})
        replace_cycle(connection, cycle, at=AT, actor="office", reason="files go as well")
    which, author = find_challenge_id(world, 1), world.cycle.authors[1].id
    first = next(iter(its_framework(world.cycle).subheadings))
    form = fill_form(world.filled(Kind.SELF_ASSESSMENT, author), {(first, "rating"): ""})
    files = a_zip(("form.docx", form), ("audit.pdf", a_pdf("We audited forty cases in the hub.")))
    number = take_in(world, files, "form and files.zip")
    world.advance(AT)
    last = list_dispatches(world, challenge_id=which)[-1].id
    accept_findings(world, number)
    world.advance(LATER)
    new = list_dispatches(world, last, which)
    assert {one.kind for one in new} >= {D.ANALYSIS_PACK, D.EVIDENCE}
    undo_accepting(world, number)
    world.advance(LATER)
    left = {one.kind for one in list_dispatches(world, last, which) if is_open(one)}
    assert not left & {D.ANALYSIS_PACK, D.EVIDENCE, D.RECEIPT}


def test_what_passes_on_a_document_that_was_refused_since_is_not_sent(world: World) -> None:
    number, new = prepare(world, WAYS["accepting what the guard refused"])
    briefings = [one for one in new if one.kind in (D.CHALLENGER_BRIEFING, D.CHAIR_BRIEFING)]
    with world.register.writing() as connection:
        assert all(is_still_needed(connection, one) for one in briefings)
        refuse(connection, number)
        assert not any(is_still_needed(connection, one) for one in briefings)


def refuse(connection: sa.Connection, number: int) -> None:
    refused = {"outcome": Outcome.REJECTED.value, "is_current": False}
    connection.execute(t.submissions.update().where(t.submissions.c.id == number).values(**refused))


def test_a_file_is_not_placed_whose_document_was_refused_while_it_was_made(world: World) -> None:
    number = take_in_refused(world)
    last = max(one.id for one in list_dispatches(world))
    accept_findings(world, number)
    move_all_challenges(world.register, world.settings, LATER)

    def make_and_refuse(settings: object, waiting: object) -> Iterator[tuple[Dispatch, object]]:
        made = list(make_dispatch_files(settings, waiting))  # type: ignore[arg-type]
        with world.register.writing() as connection:
            refuse(connection, number)
        yield from made

    issue_waiting(world.register, world.settings, LATER, make=make_and_refuse)  # type: ignore[arg-type]
    made = {one.kind: one for one in list_dispatches(world, last)}
    assert made[D.CHAIR_RECORD_FORM].state is DispatchState.ISSUED
    for kind in (D.CHALLENGER_BRIEFING, D.CHAIR_BRIEFING):
        assert (made[kind].state, made[kind].path) == (DispatchState.INTENDED, None)
    issue_waiting(world.register, world.settings, LATER)
    with world.register.reading() as connection:
        again = [outbox.load_dispatch(connection, made[kind].id) for kind in (D.CHALLENGER_BRIEFING,)]
    assert not any(holds_the_word(world, one) for one in again)
