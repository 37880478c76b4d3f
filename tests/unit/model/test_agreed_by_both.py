"""What both areas agreed, by the answers that a Chair gives."""

import pytest

from peer_challenge.model.agreed_by_both import is_agreed_by_both, is_without_consensus


@pytest.mark.parametrize(
    "answer", ["Yes", "yes, both", "Y", "Agreed", "Both", "✓ yes", "Consensus was reached"]
)
def test_a_yes_in_any_words_is_agreed(answer: str) -> None:
    assert is_agreed_by_both(answer, "Yes")
    assert is_agreed_by_both("", answer), "the record's answer, where the item has none"


@pytest.mark.parametrize(
    "answer", ["No", "no.", "N", "Not yet", "In part", "Partly", "Disagreed", "Only by one"]
)
def test_a_no_or_a_part_is_not_agreed(answer: str) -> None:
    assert not is_agreed_by_both(answer, "Yes")
    assert not is_agreed_by_both("", answer)


@pytest.mark.parametrize("answer", ["", "TBC", "-", "n/a", "To be agreed"])
def test_what_nobody_said_is_not_agreed(answer: str) -> None:
    assert not is_agreed_by_both(answer, answer)


def test_a_record_without_consensus_leaves_nothing_agreed_and_a_partial_one_leaves_it_to_the_items() -> None:
    assert is_without_consensus("No") and is_without_consensus("None was reached")
    assert not is_agreed_by_both("Yes", "No")
    assert not is_without_consensus("In part: not on the second strength")
    assert not is_without_consensus("Not on all")
    assert is_agreed_by_both("Yes", "In part") and not is_agreed_by_both("No", "In part")
