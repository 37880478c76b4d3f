"""What says that nothing is written says so in a rating and in a text alike."""

import pytest

from peer_challenge.model.empty_words import is_unused
from peer_challenge.model.vocabulary import Kind
from peer_challenge.submissions.cell_text import is_nothing, is_to_come
from peer_challenge.word.answers.ratings import read_rating
from tests.factories import a_filled
from tests.fill_form import fill_form
from tests.judged import judge_reading
from tests.unit.submissions.test_in_word import a_context, read

TO_COME = (
    *("TBC", "tba", "to be confirmed", "To be agreed", "to be decided", "to follow", "pending", "awaited"),
    *("see above", "see row above", "see below", "as above", "previous row", "ditto"),
)
NOTHING = (*TO_COME, "none", "Nil", "unknown", "n/k", "-", "...", "?")


@pytest.mark.parametrize("text", NOTHING)
def test_nothing_is_written_under_a_rating_and_under_a_text(text: str) -> None:
    assert is_nothing(text)
    assert read_rating(text, None, {}) == (None, ("rating.missing",))


@pytest.mark.parametrize("text", TO_COME)
def test_what_only_promises_says_nothing(text: str) -> None:
    assert is_to_come(text)
    assert is_to_come(f"({text}.)")


def test_not_applicable_is_an_answer_for_a_rating_and_none_for_a_text() -> None:
    assert is_nothing("n/a")
    assert read_rating("n/a", None, {})[0] == "NOT_APPLICABLE"


UNUSED = (
    "",
    "-",
    "—",
    ".",
    "n/a",
    "N/A.",
    "None",
    "nil",
    "Not used",
    "(none)",
    "No further points agreed",
    "no second action",
)


@pytest.mark.parametrize("text", UNUSED)
@pytest.mark.parametrize(
    ("kind", "address", "column"),
    [(Kind.CHAIR_RECORD, "development/5", "text"), (Kind.ACTION_PLAN, "development/3/2", "action")],
)
def test_a_line_that_was_left_unused_is_no_item_and_no_question(
    text: str, kind: Kind, address: str, column: str
) -> None:
    assert is_unused(text)
    left = {(address, other): "" for other in ("subheading", "consensus") if kind is Kind.CHAIR_RECORD}
    form = fill_form(a_filled(kind), {**left, (address, column): text})
    assert [f for f in judge_reading(read(form), a_context()) if f.subheading == address] == []


@pytest.mark.parametrize(
    "text", ["None of the schools has a lead.", "No further action without data", "?", "Used", "✓"]
)
def test_words_about_nothing_are_words(text: str) -> None:
    assert not is_unused(text)
