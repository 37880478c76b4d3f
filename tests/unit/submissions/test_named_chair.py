"""Whose name a Chair's record gives, however it is written: conflicts and other Chairs are seen by it."""

import unicodedata
from dataclasses import replace

import pytest

from peer_challenge.model.cycle import Chair
from peer_challenge.model.vocabulary import Kind
from tests.factories import a_cycle
from tests.unit.submissions.faults import clean
from tests.unit.submissions.submissions_made import copied
from tests.unit.submissions.test_suite_of_each_kind import found_in

CODES = {"chair.conflict", "chair.other", "chair.unknown"}
APPOINTED = Chair(id="appointed", name="Áine Role-Holder")
OTHER = Chair(id="other", name="Jo O'Role")


def find_codes(written: str) -> set[str]:
    """The findings about the Chair of a record in which the other Chair has a conflict."""
    clean_one = next(one for one in clean(40) if one.kind is Kind.CHAIR_RECORD)
    chairs = (APPOINTED, OTHER.model_copy(update={"not_for": (clean_one.context.participant.id,)}))
    cycle = (clean_one.context.cycle or a_cycle(4)).model_copy(update={"chairs": chairs})
    one = replace(
        copied(clean_one),  # others look at the first, which must stay as it is
        particulars=clean_one.particulars | {"chair": written},
        context=replace(clean_one.context, cycle=cycle, chair=APPOINTED),
    )
    [(_, findings)] = found_in([one])
    return {finding.code for finding in findings} & CODES


@pytest.mark.parametrize("written", ["Jo O'Role", "Dr JO O’ROLE, Chair", "Jo\u00a0O’Role", "Jo  O'Role"])
def test_another_chair_is_known_however_the_name_is_typed(written: str) -> None:
    assert find_codes(written) == {"chair.conflict", "chair.other"}


@pytest.mark.parametrize(
    "written",
    [
        "",
        "Independent Chair",
        "The Chair",
        APPOINTED.name,
        unicodedata.normalize("NFD", APPOINTED.name),
        "Áine Role‑Holder",
    ],
)
def test_the_appointed_chair_is_known_by_name_and_where_no_name_is_given(written: str) -> None:
    assert find_codes(written) == set()


@pytest.mark.parametrize(
    "written", ["Somebody Else", "J O'Role", "Jo O'Rolesworth", "Somebody, Independent Chair"]
)
def test_a_name_that_no_chair_has_is_never_the_appointed_one(written: str) -> None:
    assert find_codes(written) == {"chair.unknown"}
