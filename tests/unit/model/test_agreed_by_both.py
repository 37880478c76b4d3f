"""What both areas agreed, by the answers that a Chair gives."""

# ruff: noqa: E501 - phrases are easier to look through side by side

import pytest

from peer_challenge.model.agreed_by_both import (
    Agreement,
    is_agreed_by_both,
    is_without_consensus,
    read_agreement,
)

YES = (
    "Yes", "yes, both", "Y", "YES.", "Agreed", "Both", "✓", "✓ yes", "Consensus was reached", "Agreed by both",
    "Yes - agreed by both areas", "Agreed by author and challenger", "Both partnerships agreed", "Agreed (unanimous)",
    "Fully agreed", "All three partners agreed", "The two areas agreed", "Yes, agreed at the event",
)  # fmt: skip
NO = (
    "No", "no.", "N", "Disagreed", "Not agreed", "Neither", "None was reached", "No consensus was reached",
    "No, the challenger did not agree", "No – evidence disputed", "Not agreed by both",
)  # fmt: skip
IN_PART = ("In part", "Partly", "In part: not on the second strength", "Partially agreed")
ASKED = (
    "Author yes, challenger no", "Ashcombe: yes. North Wolds: no.", "Agreed by author only", "Agreed by the author",
    "Disputed", "Challenger disagrees", "Yes but challenger did not agree", "Yes, but not on the wording", "Yes - in part",
    "Yes/No", "Yes or no", "Yes?", "Almost", "Majority", "To be confirmed by challenger", "Yes from Ashcombe; not North Wolds",
    "Yes and no", "Yes on strengths, no on development", "Mostly", "Not on all", "Only by one", "Not yet", "✗", "No? Yes",
    "No objections", "No. Yes for the challenger", "Agreed in principle", "Agreed to differ", "Agreed by two partners", "Agreed on two points", "Both to confirm", "Not both?",
)  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        *((answer, Agreement.YES) for answer in YES),
        *((answer, Agreement.NO) for answer in NO),
        *((answer, Agreement.IN_PART) for answer in IN_PART),
        *((answer, None) for answer in ASKED),
    ],
)
def test_only_a_plain_yes_is_agreed(answer: str, says: Agreement | None) -> None:
    assert read_agreement(answer) is says
    assert is_agreed_by_both(answer, "Yes") == (says is Agreement.YES)
    assert is_agreed_by_both("", answer) == (says is Agreement.YES), "the record's, where the item has none"


@pytest.mark.parametrize("answer", ["", "TBC", "-", "n/a", "To be agreed"])
def test_what_nobody_said_is_not_agreed(answer: str) -> None:
    assert not is_agreed_by_both(answer, answer)


def test_a_record_without_consensus_leaves_nothing_agreed_and_a_partial_one_leaves_it_to_the_items() -> None:
    assert is_without_consensus("No") and is_without_consensus("None was reached")
    assert not is_agreed_by_both("Yes", "No")
    assert not is_without_consensus("In part: not on the second strength")
    assert not is_without_consensus("Not on all")
    assert is_agreed_by_both("Yes", "In part") and not is_agreed_by_both("No", "In part")
