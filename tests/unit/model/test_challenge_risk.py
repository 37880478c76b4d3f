"""Why a challenge should be looked at: by its date, and by what became of its newest document."""

from datetime import date, timedelta

import pytest

from peer_challenge.model.access import Scope
from peer_challenge.model.overdue_or_at_risk import Risk, make_standing
from peer_challenge.model.vocabulary import DeadlineName, Outcome, Stage
from tests.factories import a_cycle

CYCLE = a_cycle(4)
TODAY = date(2027, 3, 22)


def risk(days: int, unsettled: Outcome | None) -> str | None:
    author = CYCLE.authors[0].id
    due = {DeadlineName.SELF_ASSESSMENT_DUE: TODAY + timedelta(days=days)}
    scope = Scope(CYCLE.id, author, None, None, Stage.INVITED)
    found = make_standing(CYCLE, scope, due, TODAY, came=(), unsettled=unsettled)
    return found.risk


@pytest.mark.parametrize(
    ("unsettled", "overdue", "soon", "later"),
    [
        (None, Risk.OVERDUE, Risk.DUE_SOON, None),
        (Outcome.QUERIED, Risk.OVERDUE_WITH_QUESTIONS, Risk.QUESTIONS_AND_DUE_SOON, Risk.QUESTIONS),
        (Outcome.REJECTED, Risk.OVERDUE_AND_REJECTED, Risk.REJECTED_AND_DUE_SOON, Risk.REJECTED),
    ],
)
def test_a_risk_says_what_became_of_the_newest_document(
    unsettled: Outcome | None, overdue: Risk, soon: Risk, later: Risk | None
) -> None:
    assert (risk(-1, unsettled), risk(3, unsettled), risk(60, unsettled)) == (overdue, soon, later)


@pytest.mark.parametrize("risk", Risk)
def test_a_risk_is_of_questions_or_of_a_rejected_document_or_of_neither(risk: Risk) -> None:
    assert risk.has_questions == ("questions" in risk.value)
    assert risk.is_of_rejected == ("rejected" in risk.value)
    assert not (risk.has_questions and risk.is_of_rejected)
