"""What says that nothing is written says so in a rating and in a text alike."""

import pytest

from peer_challenge.submissions.cell_text import is_nothing, is_to_come
from peer_challenge.word.answers.ratings import read_rating

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
