"""A challenge asks. Where it asserts or repeats, a question form is offered."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peer_challenge.advice.tone import (
    as_question,
    coach_commentary,
    in_plain_words,
    is_bare_assertion,
    is_questioning,
)

QUESTIONS = [
    "How do you know?",
    "Could you say more about attendance.",
    "We would welcome an example of impact.",
    "It would be helpful to know who leads this.",
    "We wondered whether fathers were asked.",
    "This reads as a strength. Do you agree?",
    "Please explain the fall in referrals.",
]
ASSERTIONS = [
    "The partnership should publish its data.",
    "There is no evidence of impact.",
    "Attendance is poor.",
    "This needs to improve.",
    "Good work",
    "We do not agree with the rating.",
    "Noted.",
]


@pytest.mark.parametrize("text", QUESTIONS)
def test_questions_are_not_coached(text):
    assert is_questioning(text)
    assert not is_bare_assertion(text)
    assert coach_commentary(text) is None


@pytest.mark.parametrize("text", ASSERTIONS)
def test_verdicts_and_instructions_are_coached(text):
    assert is_bare_assertion(text)
    advice = coach_commentary(text)
    assert advice is not None
    assert advice.code == "bare_assertion"


def test_a_statement_that_judges_nothing_still_asks_nothing():
    advice = coach_commentary("The strengths describe an audit programme across three localities.")
    assert advice is not None
    assert advice.code == "not_questioning"


def test_the_same_words_beside_another_row_are_noticed():
    advice = coach_commentary("How do you know?", others=[in_plain_words("how do you know ?")])
    assert advice is not None
    assert advice.code == "repeated"


@pytest.mark.parametrize("text", ["", "  \n "])
def test_an_empty_cell_is_not_coached(text):
    assert coach_commentary(text) is None


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("The partnership should publish its data.", "What would help the partnership to publish its data?"),
        ("No evidence of impact.", "What evidence of impact could you show us?"),
        ("How do you know?", "How do you know?"),
    ],
)
def test_an_assertion_is_turned_into_a_question(text, question):
    assert as_question(text) == question


@settings(deadline=None)
@given(st.text(min_size=1, max_size=200).filter(lambda text: any(c.isalpha() for c in text)))
def test_whatever_is_offered_is_itself_a_question(text):
    advice = coach_commentary(text)
    assert advice is None or advice.question.endswith("?")
