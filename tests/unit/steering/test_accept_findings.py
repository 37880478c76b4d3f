"""The office accepts a document in spite of a finding: one at a time, with a reason, beside these words."""

import io
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from docx import Document

from peer_challenge.dispatches.questioned_words import find_questioned_words
from peer_challenge.errors import WrongUse
from peer_challenge.intake.take_in import take_in_ready_documents
from peer_challenge.model.access import Access, Person, user_can_read_submission
from peer_challenge.model.vocabulary import Kind, Outcome, Rating, Stage
from peer_challenge.outbox.do_what_is_due import advance_and_deliver, advance_challenges
from peer_challenge.register import (
    access_facts,
    challenges,
    decisions,
    frames,
    held_documents,
    listings,
    outbox,
    submissions,
)
from peer_challenge.register import tables as t
from peer_challenge.register.records import Submission
from peer_challenge.steering import accept_findings as accepting
from peer_challenge.steering.undo_acceptance import undo_acceptance
from tests.factories import a_cycle, a_filled, its_framework
from tests.fill_form import fill_form
from tests.web.world import World, a_world, an_empty_world, day, pair_all_areas, send_self_assessments

ONE = "ashcombe"
WHICH = f"northern-2027/{ONE}"
AT = day(2, 20)
ALARM = "We learnt much from the story of Jamie, aged 7, who was placed twice."
REASON = "they told us by telephone"


@pytest.fixture
def world(tmp_path: Path) -> World:
    return an_empty_world(tmp_path / "home")


def first_row() -> str:
    return next(iter(its_framework(a_cycle(4)).subheadings))


def a_form(seed: int = 1, **typed: str) -> bytes:
    """A self-assessment without mistakes but for what is typed into the first row, by column."""
    form = a_filled(Kind.SELF_ASSESSMENT, ONE, seed=seed, areas=4, turn=1)
    fields = {name: text for name, text in typed.items() if name.startswith("signed")}
    cells = {(first_row(), column): text for column, text in typed.items() if column not in fields}
    return fill_form(form, {**fields, **cells})


def take_in(world: World, data: bytes, at: datetime = AT, name: str = "form.docx") -> Submission:
    (world.settings.inbox_folder / name).write_bytes(data)
    take_in_ready_documents(world.register, world.settings, at)
    with world.register.reading() as connection:
        number = connection.scalar(sa.select(sa.func.max(t.submissions.c.id)))
        return submissions.load_submission(connection, number or 0)


def load(world: World, row: Submission) -> Submission:
    with world.register.reading() as connection:
        return submissions.load_submission(connection, row.id)


def stage(world: World) -> Stage:
    with world.register.reading() as connection:
        challenge = challenges.find_challenge(connection, WHICH)
        assert challenge is not None
        return challenge.stage


def open_keys(world: World, row: Submission) -> list[str]:
    with world.register.reading() as connection:
        return [one.key for one in accepting.describe_decidable(connection, row.id).open]


def accept(
    world: World,
    row: Submission,
    key: str,
    message: str = "",
    at: datetime = AT,
    rating: Rating | None = None,
) -> Outcome:
    return accepting.accept_finding(
        world.register,
        world.settings,
        row.id,
        key,
        reason=REASON,
        message=message,
        rating=rating,
        at=at,
        actor="Office",
    ).outcome


def answers(world: World, state: str | None = None) -> list[tuple[str, str]]:
    """What was intended in answer to documents: kind and state, oldest first."""
    with world.register.reading() as connection:
        query = sa.select(t.dispatches.c.kind, t.dispatches.c.state).where(
            t.dispatches.c.kind.in_(["receipt", "query_letter", "fix_it_copy"])
        )
        found = connection.execute(query.order_by(t.dispatches.c.id))
        return [(row.kind, row.state) for row in found if state in (None, row.state)]


def journal_text(world: World) -> str:
    with world.register.reading() as connection:
        return str(connection.execute(sa.select(t.journal)).all())


def test_a_document_is_accepted_when_the_last_question_is_and_what_follows_a_form_follows(
    world: World,
) -> None:
    row = take_in(world, a_form(rating="", signed_off_police=""))
    keys = open_keys(world, row)
    assert row.outcome is Outcome.QUERIED and len(keys) == 2
    assert accept(world, row, keys[0]) is Outcome.QUERIED
    assert stage(world) is Stage.INVITED and not load(world, row).is_current
    assert accept(world, row, keys[1], "Thank you for ringing.") is Outcome.WARNED
    assert stage(world) is Stage.SELF_ASSESSED and load(world, row).is_current
    assert [kind for kind, state in answers(world) if state != "cancelled"] == ["receipt"]
    with world.register.reading() as connection:
        told = [f.remedy for f in frames.findings_of(connection, row.id) if "accepted this" in f.remedy]
    assert sorted(told) == [
        "We accepted this as it is.",
        "We accepted this as it is. Thank you for ringing.",
    ]
    assert REASON in journal_text(world) and not any(REASON in one for one in told)


def first_rating(world: World, row: Submission) -> object:
    with world.register.reading() as connection:
        rows = frames.read_submission_rows(connection, Kind.SELF_ASSESSMENT, row.id)
    return rows.loc[rows["subheading"] == first_row(), "rating"].iloc[0]


@pytest.mark.parametrize("written", ["", "AMBER moving to GREEN, or RED", "purple"])
def test_a_rating_that_the_area_told_by_telephone_holds_and_its_receipt_says_so(
    world: World, written: str
) -> None:
    row = take_in(world, a_form(rating=written))
    (key,) = open_keys(world, row)
    preview = accepting.preview_acceptance(
        world.register, world.settings, row.id, key, message="", rating=Rating.RED, at=AT
    )
    said = "You told us that the rating is RED. We use that."
    assert any(said in line for line in preview.told) and first_rating(world, row) is None
    assert accept(world, row, key, "Thank you for ringing.", rating=Rating.RED) is Outcome.WARNED
    assert first_rating(world, row) == "RED" and stage(world) is Stage.SELF_ASSESSED
    with world.register.reading() as connection:
        (told,) = [f for f in frames.findings_of(connection, row.id) if f.code.startswith("rating.")]
        (decision,) = accepting.describe_decidable(connection, row.id).decided
    assert told.message == said and told.remedy.startswith("Thank you for ringing.")
    undo_acceptance(world.register, world.settings, decision.id, reason=REASON, at=AT, actor="Office")
    assert first_rating(world, row) is None and open_keys(world, row) == [key]
    assert stage(world) is Stage.INVITED


def test_a_rating_that_was_told_holds_in_the_next_version_until_its_cell_says_something_else(
    world: World,
) -> None:
    row = take_in(world, a_form(rating=""))
    accept(world, row, open_keys(world, row)[0], rating=Rating.AMBER)
    again = take_in(world, a_form(seed=2, rating=""), AT + timedelta(days=1))
    assert again.outcome is Outcome.WARNED and first_rating(world, again) == "AMBER"
    other = take_in(world, a_form(seed=3, rating="GREEN"), AT + timedelta(days=2))
    assert first_rating(world, other) == "GREEN"


def test_a_rating_is_told_for_a_question_about_a_rating_alone(world: World) -> None:
    row = take_in(world, a_form(signed_off_police=""))
    with pytest.raises(WrongUse, match="does not ask for one"):
        accept(world, row, open_keys(world, row)[0], rating=Rating.RED)
    assert load(world, row).outcome is Outcome.QUERIED


def test_a_letter_that_has_gone_is_followed_by_a_receipt_alone(world: World) -> None:
    row = take_in(world, a_form(rating=""))
    advance_and_deliver(world.register, world.settings, AT)
    assert [kind for kind, _ in answers(world, "issued")] == ["query_letter", "fix_it_copy"]
    (key,) = open_keys(world, row)
    accept(world, row, key)
    advance_and_deliver(world.register, world.settings, AT)
    assert [kind for kind, _ in answers(world, "issued")] == ["query_letter", "fix_it_copy", "receipt"]


def test_a_preview_says_what_follows_and_changes_nothing(world: World) -> None:
    row = take_in(world, a_form(rating=""))
    before = journal_text(world)
    (key,) = open_keys(world, row)
    preview = accepting.preview_acceptance(
        world.register, world.settings, row.id, key, message="Thank you.", at=AT
    )
    told = " ".join(preview.told)
    assert preview.outcome is Outcome.WARNED
    assert "no question is left" in told and "Made and sent next: receipt" in told and "Thank you." in told
    assert "our letter with questions" in told.casefold()
    assert journal_text(world) == before and load(world, row).outcome is Outcome.QUERIED


def test_a_later_version_stays_accepted_only_where_the_words_are_the_same(world: World) -> None:
    row = take_in(world, a_form(rating=""))
    (key,) = open_keys(world, row)
    accept(world, row, key)
    later = take_in(world, a_form(rating="", development="Other words"), AT + timedelta(days=1), "b.docx")
    assert later.outcome is Outcome.WARNED and later.is_current
    asked = take_in(world, a_form(rating="perhaps"), AT + timedelta(days=2), "c.docx")
    assert asked.outcome is Outcome.QUERIED and not asked.is_current


def test_an_alarm_is_read_on_the_page_and_cleared_passage_by_passage(world: World) -> None:
    row = take_in(world, a_form(strengths=ALARM, development="See NHS number 943 476 5919."))
    assert row.outcome is Outcome.REJECTED
    with world.register.reading() as connection:
        document = accepting.describe_decidable(connection, row.id)
        assert held_documents.list_quarantined(connection, world.cycle.id)
    alarms = {one.finding.code: one for one in document.open}
    (passage,) = alarms["disclosure.name_and_age"].passages
    assert passage.found == "Jamie" or "Jamie" in passage.found
    assert passage.before.endswith("story of ") and "placed twice" in passage.after
    area = Person(99, "Contact", Access.PARTICIPANT, world.cycle.id, ONE)

    def may_read() -> bool:
        with world.register.reading() as connection:
            found = access_facts.load_submission(connection, row.id)
        assert found is not None
        return user_can_read_submission(area, found[1])

    assert not may_read()
    keys = [one.key for one in document.open]
    assert accept(world, row, keys[0]) is Outcome.REJECTED and not may_read()
    assert stage(world) is Stage.INVITED
    assert accept(world, row, keys[1]) is Outcome.WARNED and may_read()
    assert stage(world) is Stage.SELF_ASSESSED
    assert "Jamie" not in journal_text(world) and "943 476" not in journal_text(world)
    with world.register.reading() as connection:
        assert held_documents.list_quarantined(connection, world.cycle.id) == []
        assert "Jamie" not in str(connection.execute(sa.select(t.decisions)).all())


def test_a_cleared_form_with_questions_is_asked_about_those(world: World) -> None:
    row = take_in(world, a_form(strengths=ALARM, rating=""))
    advance_and_deliver(world.register, world.settings, AT)
    (alarm,) = [key for key in open_keys(world, row) if key.startswith("disclosure")]
    assert accept(world, row, alarm) is Outcome.QUERIED
    advance_and_deliver(world.register, world.settings, AT)
    assert [kind for kind, _ in answers(world, "issued")] == ["query_letter", "query_letter", "fix_it_copy"]


def test_a_decision_can_be_taken_back_until_something_has_gone_out(world: World) -> None:
    row = take_in(world, a_form(rating=""))
    (key,) = open_keys(world, row)
    accept(world, row, key)

    def undo() -> None:
        with world.register.reading() as connection:
            (decision,) = accepting.describe_decidable(connection, row.id).decided
        undo_acceptance(world.register, world.settings, decision.id, reason=REASON, at=AT, actor="Office")

    undo()
    assert stage(world) is Stage.INVITED and open_keys(world, row) == [key]
    assert load(world, row).outcome is Outcome.QUERIED and not load(world, row).is_current
    assert [kind for kind, state in answers(world) if state != "cancelled"] == ["query_letter", "fix_it_copy"]
    accept(world, row, key)
    advance_challenges(world.register, world.settings, AT)
    with pytest.raises(WrongUse, match="receipt went out since"):
        undo()
    assert stage(world) is Stage.SELF_ASSESSED


REFUSED: dict[str, Callable[[World, Submission, str], object]] = {
    "no reason": lambda world, row, key: accepting.accept_finding(
        world.register, world.settings, row.id, key, reason=" ", at=AT, actor="Office"
    ),
    "another finding": lambda world, row, key: accept(world, row, "rating.missing|x|y"),
    "twice": lambda world, row, key: (accept(world, row, key), accept(world, row, key)),
    "a document that there is not": lambda world, row, key: accepting.accept_finding(
        world.register, world.settings, 99, key, reason=REASON, at=AT, actor="Office"
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_accepted_is_refused_with_what_to_do(world: World, what: str) -> None:
    row = take_in(world, a_form(rating=""))
    (key,) = open_keys(world, row)
    with pytest.raises(WrongUse) as refused:
        REFUSED[what](world, row, key)
    assert refused.value.remedy


def test_a_version_that_a_later_one_has_replaced_is_not_accepted(world: World) -> None:
    row = take_in(world, a_form(rating=""))
    (key,) = open_keys(world, row)
    take_in(world, a_form(seed=1), AT + timedelta(days=1), "better.docx")
    with pytest.raises(WrongUse, match="Version 2 has come since"):
        accept(world, row, key)


def with_texts_below_the_answers(*texts: str) -> bytes:
    """A self-assessment with an empty row, and with paragraphs below its first table of answers."""
    document = Document(io.BytesIO(a_form(strengths="", development="", rating="")))
    for text in texts:
        document.tables[1]._tbl.addnext(document.add_paragraph(text)._p)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_text_outside_the_answers_is_seen_by_the_office_and_quoted_to_its_sender(world: World) -> None:
    number = "Our record is NHS number 943 476 5919."
    row = take_in(world, with_texts_below_the_answers(number, "We meet schools every month. " * 20))
    with world.register.reading() as connection:
        found = accepting.describe_decidable(connection, row.id)
        held = frames.findings_of(connection, row.id)
        words = find_questioned_words(connection, row, held, world.cycle)
    apart = next(one for one in found.open if one.finding.code == "text.unplaced")
    shown = [passage.before for passage in apart.passages]
    assert apart.is_set_apart and shown == list(found.outside) and number in shown and len(shown) == 2
    assert not next(one for one in found.open if one.finding.code == "rating.missing").is_set_apart
    ((quoted,),) = [said for finding, said in words.items() if finding.code == "text.unplaced"]
    assert quoted.startswith("We meet schools every month.") and quoted.endswith("…") and len(quoted) <= 300


def test_what_the_guard_is_not_sure_of_is_asked_with_the_sentence_and_the_office_can_let_it_stay(
    world: World,
) -> None:
    doubt = "What Jamie needed was a bed."
    row = take_in(world, a_form(strengths=f"The audit showed it. {doubt}"))
    assert row.outcome is Outcome.QUERIED
    with world.register.reading() as connection:
        (asked,) = accepting.describe_decidable(connection, row.id).open
        assert held_documents.list_quarantined(connection, world.cycle.id) == []
        held = frames.findings_of(connection, row.id)
        sentences = find_questioned_words(connection, row, held, world.cycle)
    assert asked.is_doubt and not asked.is_alarm
    assert asked.passages[0].found == "Jamie"
    assert list(sentences.values()) == [(doubt,)]
    assert not [finding for finding in held if "Jamie" in finding.message + finding.remedy]
    assert "Jamie" not in journal_text(world)
    assert accept(world, row, asked.key) is Outcome.WARNED
    assert stage(world) is Stage.SELF_ASSESSED


def test_questions_are_counted_while_they_are_open(world: World) -> None:
    def counted() -> tuple[dict[str, int], list[int]]:
        with world.register.reading() as connection:
            rows = listings.list_submissions(connection, 1, outcome="queried").rows
            return listings.count_by_outcome(connection), [row.id for row in rows]

    first = take_in(world, a_form(rating=""))
    assert first.outcome is Outcome.QUERIED and counted() == ({"queried": 1}, [first.id])
    second = take_in(world, a_form(2, rating=""), AT + timedelta(days=1))
    assert counted() == ({"queried": 1, "overtaken": 1}, [second.id])
    third = take_in(world, a_form(3), AT + timedelta(days=2))
    assert counted() == ({third.outcome.value: 1, "overtaken": 2}, [])


@pytest.mark.parametrize("typed", [{"rating": ""}, {"strengths": ALARM}])
def test_a_form_that_came_in_its_turn_can_be_accepted_when_its_challenge_has_moved_on(
    world: World, typed: dict[str, str]
) -> None:
    send_self_assessments(world)
    pair_all_areas(world)
    before = fill_form(
        world.filled(Kind.SELF_ASSESSMENT, ONE), {(first_row(), k): v for k, v in typed.items()}
    )
    row = take_in(world, before, day(3, 5))
    world.send_in(Kind.ANALYSIS, ONE, day(3, 19))
    world.advance(day(3, 19))
    [key] = open_keys(world, row)
    at, gone = day(3, 20), len(answers(world))
    preview = accepting.preview_acceptance(world.register, world.settings, row.id, key, message="", at=at)
    assert preview.outcome is Outcome.WARNED
    assert accept(world, row, key, at=at) is Outcome.WARNED
    assert load(world, row).is_current
    assert [kind for kind, state in answers(world)[gone:] if state != "cancelled"] == ["receipt"]
    with world.register.reading() as connection:
        [made] = decisions.list_of_submission(connection, row.id)
    undo_acceptance(world.register, world.settings, made.id, reason=REASON, at=at, actor="Office")
    assert load(world, row).outcome is row.outcome and open_keys(world, row) == [key]


def test_a_form_that_came_too_early_is_out_of_turn_no_longer_when_its_turn_has_come(tmp_path: Path) -> None:
    world = a_world(tmp_path / "home")
    with world.register.reading() as connection:
        challenge = challenges.find_challenge(connection, WHICH)
    assert challenge is not None and challenge.event is not None
    plan = fill_form(a_filled(Kind.ACTION_PLAN, ONE, areas=4, turn=1), {("development/1", "action"): ALARM})
    row = take_in(world, plan, day(3, 22))
    question, early = sorted(open_keys(world, row), key=lambda key: "out_of_turn" in key)
    assert row.outcome is Outcome.REJECTED and "out_of_turn" in early
    at = challenge.event.ends_at + timedelta(days=1)
    world.advance(at)
    take_in(world, world.filled(Kind.CHAIR_RECORD, ONE, event_on=challenge.event_on), at)
    assert stage(world) is Stage.SUMMARISED
    assert accept(world, row, question, at=at) is Outcome.WARNED
    assert load(world, row).is_current and stage(world) is Stage.PLANNED


def test_the_author_gets_the_questions_again_that_were_taken_in_after_its_event_was_set(
    tmp_path: Path,
) -> None:
    world, at = a_world(tmp_path / "home"), day(3, 24)
    before = world.dispatch_ids(kind="returned_analysis", challenge_id=WHICH)
    row = take_in(world, world.filled(Kind.ANALYSIS, ONE, seed=2), at)
    assert row.outcome is Outcome.REJECTED and stage(world) is Stage.EVENT_SET
    outcomes = [accept(world, row, key, at=at) for key in open_keys(world, row)]
    assert outcomes[-1] is Outcome.WARNED
    advance_and_deliver(world.register, world.settings, at)
    advance_and_deliver(world.register, world.settings, at + timedelta(days=1))
    after = world.dispatch_ids(kind="returned_analysis", challenge_id=WHICH, state="issued")
    assert len(after) == len(before) + 1 == 2
    with world.register.reading() as connection:
        assert outbox.sources_of(connection, max(after))[Kind.ANALYSIS] == row.id
    world.send_in(Kind.RESPONSE, ONE, day(3, 26))
    advance_and_deliver(world.register, world.settings, day(3, 26))
    assert len(world.dispatch_ids(kind="presentation", challenge_id=WHICH, state="issued")) == 1
