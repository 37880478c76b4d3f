"""The table of kinds: complete, and at one with the journey and the templates."""

from dataclasses import fields

import pytest

from peer_challenge.dates.deadlines import ChallengeDates
from peer_challenge.dispatches.kinds import KINDS, Need, template_of
from peer_challenge.model import journey, kinds_of_submission
from peer_challenge.model.vocabulary import DispatchKind, Kind, Role
from peer_challenge.word.form.forms import FORMS, KIND_ON
from peer_challenge.word.form.printed_text import SHIPPED

SENT = [
    *journey.OPENING,
    *journey.PREPARATION,
    *(send for move in journey.TRANSITIONS for send in move.sends),
]
"""What the journey of a challenge sends, and to whom."""


def test_every_kind_has_a_row_in_the_order_of_the_words():
    assert list(KINDS) == list(DispatchKind)


@pytest.mark.parametrize("kind", DispatchKind)
def test_a_kind_fills_a_template_or_is_made_whole(kind):
    row = KINDS[kind]
    assert (row.says is None) != (row.makes is None)
    assert row.says is not None or not (row.borrows or row.finishes or row.marks)


def test_every_shipped_template_is_of_a_kind_and_every_template_of_a_kind_is_shipped():
    assert {template_of(kind) for kind in KINDS} - {None} == {file.stem for file in SHIPPED.glob("*.docx")}


def test_a_kind_is_written_for_those_to_whom_the_journey_sends_it():
    roles: dict[DispatchKind, set[Role]] = {}
    for send in SENT:
        roles.setdefault(send.kind, set()).add(send.role)
    assert {kind: set(KINDS[kind].readers) for kind in roles} == roles


def test_what_tells_of_the_whole_region_is_the_offices():
    regional = {kind for kind, row in KINDS.items() if Need.REGION in row.needs}
    assert regional == {kind for kind, row in KINDS.items() if row.readers == (Role.OFFICE,)}


def test_what_is_passed_on_or_quoted_is_gathered():
    for kind in (*kinds_of_submission.PASSES_ON, *kinds_of_submission.QUOTES):
        assert Need.CONTENTS in KINDS[kind].needs


def test_what_is_made_from_a_kind_of_document_is_all_that_is_passed_on_or_holds_what_areas_and_chairs_wrote():
    passed_on = [(one, kind) for kind, sources in kinds_of_submission.PASSES_ON.items() for one in sources]
    quoted = [(source, kind) for kind, (source, _) in kinds_of_submission.QUOTES.items()]
    for source, kind in passed_on + quoted:
        assert kind in kinds_of_submission.MADE_FROM[source], kind
    for source, kinds in journey.SENT_UNCONFIRMED.items():
        assert kinds <= kinds_of_submission.MADE_FROM[source]
    wrote = {kind for kind, row in KINDS.items() if {Need.CONTENTS, Need.EVIDENCE} & row.needs}
    of_one_version = {DispatchKind.RECEIPT}
    blank = {DispatchKind.CHAIR_RECORD_FORM}
    of_office = {kind for kind in wrote if KINDS[kind].readers == (Role.OFFICE,)}
    made = frozenset().union(*kinds_of_submission.MADE_FROM.values())
    assert made == wrote - of_one_version - blank - of_office
    assert set(kinds_of_submission.MADE_FROM) == set(Kind)


def test_dates_count_from_what_has_happened():
    happened = {field.name for field in fields(ChallengeDates)}
    assert {row.counts_from for row in KINDS.values()} - {None} <= happened


def test_what_comes_back_goes_out_as_a_form_that_is_known_again():
    assert set(FORMS) == set(Kind) == set(KIND_ON.values())
    assert all(KINDS[form.goes_out_as].marks for form in FORMS.values())
