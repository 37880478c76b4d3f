"""An action plan is followed up by a report for each review, until the last is in or the office says so."""

import io
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import docx
import pytest

from peer_challenge.dispatches.progress_papers import number_actions
from peer_challenge.errors import WrongUse
from peer_challenge.model.journey import Trigger
from peer_challenge.model.vocabulary import DispatchKind, Kind, Stage
from peer_challenge.outbox.who_is_reminded import intend_reminders
from peer_challenge.register import challenges, frames, submissions
from peer_challenge.register import tables as t
from peer_challenge.register.cycles import load_state
from peer_challenge.register.golden_thread import thread_of
from peer_challenge.steering.end_challenge import close_challenge
from peer_challenge.steering.follow_up import comment_on_progress
from tests.changed_forms import without_marks
from tests.factories import a_challenger, a_filled, a_region, some_items
from tests.fill_form import fill_form
from tests.unit.outbox.after_event import FIRST_DUE, WHO, Office, open_after_event

PLANNED = datetime(2027, 5, 17, 9, tzinfo=UTC)
SECOND_DUE = date(2027, 11, 17)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = open_after_event(tmp_path)
    assert made.arrives(a_filled(Kind.ACTION_PLAN, WHO), PLANNED)[0] in ("accepted", "warned")
    yield made
    made.register.close()


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def _asked_for_first(office: Office) -> datetime:
    at = _noon(FIRST_DUE - timedelta(days=28))
    office.advance(at)
    return at


def test_a_plan_is_followed_up_from_the_day_it_came(office: Office) -> None:
    assert office.stage() is Stage.IN_FOLLOW_UP
    assert office.due() == FIRST_DUE
    office.advance(_noon(FIRST_DUE - timedelta(days=29)))
    assert office.sent(DispatchKind.PROGRESS_REPORT_FORM) == []
    at = _asked_for_first(office)
    office.advance(at + timedelta(days=1))
    assert [one.review for one in office.sent(DispatchKind.PROGRESS_REPORT_FORM)] == [1], "asked for once"


def test_each_review_has_a_report_of_its_own_and_the_last_closes_the_challenge(office: Office) -> None:
    at = _asked_for_first(office)
    assert office.arrives(office.form(1), at + timedelta(days=3))[0] in ("accepted", "warned")
    assert (office.stage(), office.due()) == (Stage.IN_FOLLOW_UP, SECOND_DUE)
    later = _noon(SECOND_DUE - timedelta(days=28))
    office.advance(later)
    assert office.arrives(office.form(2), later + timedelta(days=3))[0] in ("accepted", "warned")
    assert [(row.review, row.version, row.is_current) for row in office.reports()] == [
        (1, 1, True),
        (2, 1, True),
    ]
    challenger = a_challenger(office.cycle, WHO)
    copies = office.sent(DispatchKind.PROGRESS_REPORT_COPY)
    assert [(one.recipient_id, one.review) for one in copies] == [(challenger, 1), (challenger, 2)]
    office.advance(later + timedelta(days=4))
    assert office.stage() is Stage.CLOSED
    with office.register.reading() as connection:
        assert load_state(connection, office.cycle.id) == "closed"


def test_the_challengers_copy_of_a_review_has_the_words_of_that_review(office: Office) -> None:
    at = _asked_for_first(office)
    office.arrives(office.form(1), at + timedelta(days=3))
    [copy] = office.sent(DispatchKind.PROGRESS_REPORT_COPY)
    text = _text_of((office.settings.outbox_folder / str(copy.path)).read_bytes())
    with office.register.reading() as connection:
        said = frames.records_of(connection, Kind.PROGRESS_REPORT, office.reports()[0].id)
    assert said and all(str(row["evidence"]) in text for row in said)
    assert "Progress report 1 of 2" in text


def _text_of(data: bytes) -> str:
    document = docx.Document(io.BytesIO(data))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def test_a_report_in_the_form_of_the_last_review_is_asked_about_and_replaces_nothing(office: Office) -> None:
    at = _asked_for_first(office)
    office.arrives(office.form(1), at + timedelta(days=3))
    before = office.reports()
    later = _noon(SECOND_DUE - timedelta(days=28))
    office.advance(later)
    again = fill_form(office.form(1), {("development/1", "evidence"): "It went on in September."})
    outcome, *codes = office.arrives(again, later + timedelta(days=1))
    assert (outcome, "intake.earlier_review" in codes) == ("queried", True)
    assert office.reports() == before and office.due() == SECOND_DUE, "it is no report for either review"
    outcome, *codes = office.arrives(again, later + timedelta(days=2))
    assert outcome in ("accepted", "warned"), "sent once more, it corrects the first"
    assert [(row.review, row.version) for row in office.reports()] == [(1, 3)]
    assert office.due() == SECOND_DUE


def test_without_marks_the_line_at_the_top_says_which_review_it_is(office: Office) -> None:
    at = _asked_for_first(office)
    office.arrives(office.form(1), at + timedelta(days=3))
    later = _noon(SECOND_DUE - timedelta(days=28))
    office.advance(later)
    assert office.arrives(without_marks(office.form(2)), later + timedelta(days=2))[0] in (
        "accepted",
        "warned",
    )
    assert [row.review for row in office.reports()] == [1, 2]


def test_where_nothing_says_which_review_it_is_we_ask_and_replace_nothing(office: Office) -> None:
    at = _asked_for_first(office)
    office.arrives(office.form(1), at + timedelta(days=3))
    before = office.reports()
    later = _noon(SECOND_DUE - timedelta(days=28))
    office.advance(later)
    outcome, *codes = office.arrives(_without_review(office.form(2)), later + timedelta(days=2))
    assert (outcome, "intake.which_review" in codes) == ("queried", True)
    assert office.reports() == before


def test_while_one_report_alone_was_asked_for_it_is_that_one(office: Office) -> None:
    at = _asked_for_first(office)
    assert office.arrives(_without_review(office.form(1)), at + timedelta(days=3))[0] in (
        "accepted",
        "warned",
    )
    assert [row.review for row in office.reports()] == [1]


def _without_review(data: bytes) -> bytes:
    """A form that has lost its marks, and the table that says which review it is for."""
    document, out = docx.Document(io.BytesIO(without_marks(data))), io.BytesIO()
    table = document.tables[0]._element
    table.getparent().remove(table)
    document.save(out)
    return out.getvalue()


def test_the_second_report_without_the_first_ends_the_first(office: Office) -> None:
    _asked_for_first(office)
    office.arrives(office.form(1)[:1000], _noon(FIRST_DUE))  # a file that broke on its way
    office.advance(_noon(SECOND_DUE))
    assert office.due() == FIRST_DUE, "the first is still awaited"


def test_the_author_is_reminded_of_the_report_for_its_review(office: Office) -> None:
    _asked_for_first(office)
    assert intend_reminders(office.register, _noon(FIRST_DUE - timedelta(days=7))) == 1
    office.advance(_noon(FIRST_DUE - timedelta(days=7)))
    [reminder] = office.sent(DispatchKind.REMINDER)
    text = _text_of((office.settings.outbox_folder / str(reminder.path)).read_bytes())
    assert "Your first progress report is due in 7 days" in text


@pytest.mark.parametrize(("days_later", "reminded"), [(0, 0), (1, 0), (8, 1)])
def test_questions_about_a_report_have_their_own_days_before_anybody_is_reminded(
    office: Office, days_later: int, reminded: int
) -> None:
    _asked_for_first(office)
    asked_at = _noon(FIRST_DUE - timedelta(days=1))
    without_status = fill_form(office.form(1), {("development/1", "status"): "nearly there, we think"})
    assert office.arrives(without_status, asked_at)[0] == "queried"
    assert len(office.sent(DispatchKind.QUERY_LETTER)) == 1
    assert intend_reminders(office.register, asked_at + timedelta(days=days_later)) == reminded


def test_nobody_is_reminded_of_the_second_report_before_its_form_has_gone_out(tmp_path: Path) -> None:
    office = open_after_event(tmp_path, reminders_before_days=(60, 7))
    office.arrives(a_filled(Kind.ACTION_PLAN, WHO), PLANNED)
    at = _asked_for_first(office)
    office.arrives(office.form(1), at + timedelta(days=3))
    assert intend_reminders(office.register, _noon(SECOND_DUE - timedelta(days=58))) == 0
    office.advance(_noon(SECOND_DUE - timedelta(days=28)))
    assert intend_reminders(office.register, _noon(SECOND_DUE - timedelta(days=28))) == 0, "just asked for"
    assert intend_reminders(office.register, _noon(SECOND_DUE - timedelta(days=7))) == 1
    office.register.close()


def test_a_cycle_without_reviews_closes_with_its_plan(tmp_path: Path) -> None:
    office = open_after_event(tmp_path, review_months=())
    office.arrives(a_filled(Kind.ACTION_PLAN, WHO), PLANNED)
    office.advance(PLANNED + timedelta(days=1))
    assert (office.stage(), office.due()) == (Stage.CLOSED, None)
    office.register.close()


def test_a_plan_without_actions_has_nothing_to_follow_up(tmp_path: Path) -> None:
    """Where both areas agreed on no area for development, the author only signs its plan."""
    office = open_after_event(tmp_path)
    with office.register.writing() as connection:
        connection.execute(
            t.submissions.insert().values(
                cycle_id=office.cycle.id,
                challenge_id=office.which,
                kind=Kind.ACTION_PLAN.value,
                version=1,
                sha256="1" * 64,
                file_name="plan.docx",
                size=1,
                received_at=PLANNED,
                outcome="accepted",
                is_current=True,
            )
        )
        challenges.move_challenge_on(
            connection, office.which, Trigger.ACTION_PLAN_ACCEPTED, office.cycle, at=PLANNED
        )
    office.advance(PLANNED + timedelta(days=1))
    assert office.stage() is Stage.CLOSED
    office.register.close()


def test_the_office_closes_a_follow_up_for_a_reason_and_the_author_is_told(office: Office) -> None:
    at = _noon(FIRST_DUE - timedelta(days=40))
    with office.register.writing() as connection, pytest.raises(WrongUse):
        close_challenge(connection, office.cycle, office.which, reason="", at=at, actor="office")
    with office.register.writing() as connection:
        close_challenge(connection, office.cycle, office.which, reason="it merges", at=at, actor="office")
    office.advance(at)
    assert office.stage() is Stage.CLOSED
    assert [one.recipient_id for one in office.sent(DispatchKind.FOLLOW_UP_ENDED)] == [WHO]
    with office.register.writing() as connection, pytest.raises(WrongUse, match="closed already"):
        close_challenge(connection, office.cycle, office.which, reason="again", at=at, actor="office")


def test_what_the_challenger_says_of_a_report_goes_to_its_author(office: Office) -> None:
    at = _asked_for_first(office)
    office.arrives(office.form(1), at + timedelta(days=3))
    [report] = office.reports()

    def say(text: str) -> None:
        with office.register.writing() as connection:
            comment_on_progress(
                connection, office.cycle, office.which, report, text, at=at + timedelta(days=5), actor="x"
            )

    for wrong in ("  ", "x" * 4001, "Oliver (aged 7) was seen sooner."):
        with pytest.raises(WrongUse):
            say(wrong)
    say("Good to see. What Oliver needed was a bed.\nWho keeps the list?")
    office.advance(at + timedelta(days=5))
    [letter] = office.sent(DispatchKind.PROGRESS_COMMENT)
    text = _text_of((office.settings.outbox_folder / str(letter.path)).read_bytes())
    assert letter.recipient_id == WHO and "Good to see." in text and "Who keeps the list?" in text


def test_actions_are_chased_on_their_own_day_where_the_cycle_says_so(tmp_path: Path) -> None:
    office = open_after_event(tmp_path, chase_actions=True)
    office.arrives(a_filled(Kind.ACTION_PLAN, WHO), PLANNED)
    with office.register.reading() as connection:
        plan = submissions.find_current_version(connection, office.which, Kind.ACTION_PLAN)
        assert plan is not None
        rows = frames.records_of(connection, Kind.ACTION_PLAN, plan.id)
    day = min(date.fromisoformat(str(row["due_on"])) for row in rows if row["due_on"])
    assert intend_reminders(office.register, _noon(day - timedelta(days=1))) == 0
    monday = day + timedelta(days=(7 - day.weekday()) % 7 if day.weekday() > 4 else 0)
    found = sum(intend_reminders(office.register, _noon(monday + timedelta(days=n))) for n in (0, 1, 2))
    office.advance(_noon(monday + timedelta(days=2)))
    chased = office.sent(DispatchKind.ACTION_REMINDER)
    assert found >= len(chased) == 1
    of_day = [row["address"] for row in rows if row["due_on"] == day.isoformat()]
    assert chased[0].parameters["actions"] == of_day
    office.register.close()


def test_the_thread_ends_with_what_each_review_says(office: Office) -> None:
    at = _asked_for_first(office)
    office.arrives(office.form(1), at + timedelta(days=3))
    later = _noon(SECOND_DUE - timedelta(days=28))
    office.advance(later)
    office.arrives(office.form(2), later + timedelta(days=3))
    with office.register.reading() as connection:
        rows = frames.read_latest_progress(connection, office.cycle.id)
    assert set(rows["review"]) == {2}
    agreed = some_items(a_region(), WHO)
    subheading = agreed[agreed["kind"] == "development"]["subheading"].iloc[0]
    steps = [step["what"] for step in thread_of(office.register, WHO, subheading)]
    assert steps[-2:] == ["Progress report 1", "Progress report 2"]


def test_two_actions_on_one_area_for_development_are_both_numbered_within_it() -> None:
    addresses = ["development/1", "development/1/2", "development/2"]
    assert number_actions(addresses) == ["1.1", "1.2", "2"]
