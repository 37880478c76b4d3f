"""A document is judged by one function, and its place found again only where something happened."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from peer_challenge.intake import arrival_findings
from peer_challenge.intake.case import Case, Place, open_case, refresh_case
from peer_challenge.model.cycle_rules import Rules
from peer_challenge.model.findings import Finding
from peer_challenge.model.vocabulary import Kind, Outcome, Severity
from peer_challenge.register import journal
from peer_challenge.register.database import Register
from peer_challenge.submissions.checked_against import SubmissionContext
from peer_challenge.submissions.judge import FIXED, NOBODYS, judge_document
from peer_challenge.word.answers.reading import Reading
from peer_challenge.word.reader_findings import DOUBTS, make_finding
from tests.factories import a_cycle

CYCLE = a_cycle(4)
FORM = Reading("00", kind=Kind.SELF_ASSESSMENT)


def _under(**checks: str) -> SubmissionContext:
    rules = Rules(checks={code.replace("__", "."): how for code, how in checks.items()})
    return SubmissionContext(cycle=CYCLE.model_copy(update={"rules": rules}))


def _found(code: arrival_findings.Code) -> Finding:
    return Finding(code.code, code.severity, code.message, code.remedy)


def test_a_verdict_has_what_reader_suite_and_arrival_found_and_the_outcome_of_the_worst() -> None:
    read = replace(FORM, findings=[make_finding("word.notes")])
    broken = [Finding("sign_off.missing", Severity.QUERY, "A sign-off is missing.", "")]
    late = [_found(arrival_findings.LATE)]
    verdict = judge_document(read, None, broken, late)
    assert [one.code for one in verdict.findings] == ["word.notes", "sign_off.missing", "intake.late"]
    assert verdict.outcome is Outcome.QUERIED
    assert read.findings == [make_finding("word.notes")], "what the reader saw stays what it saw"


def test_a_cycles_settings_hold_for_reader_suite_and_arrival_alike() -> None:
    read = replace(FORM, findings=[make_finding("word.notes")])
    broken = [Finding("sign_off.missing", Severity.QUERY, "A sign-off is missing.", "")]
    late = [_found(arrival_findings.LATE)]
    context = _under(word="off", sign_off__missing="note", intake__late="off")
    verdict = judge_document(read, context, broken, late)
    assert [(one.code, one.severity) for one in verdict.findings] == [("sign_off.missing", Severity.NOTE)]
    assert verdict.outcome is Outcome.ACCEPTED


@pytest.mark.parametrize("code", arrival_findings.CODES, ids=lambda code: code.code)
def test_no_cycle_can_leave_out_what_is_found_of_an_arrival_but_that_it_is_late(
    code: arrival_findings.Code,
) -> None:
    verdict = judge_document(FORM, _under(intake="off"), [], [_found(code)])
    assert bool(verdict.findings) == (code is not arrival_findings.LATE)


def test_no_cycle_can_leave_out_a_doubt() -> None:
    assert DOUBTS <= FIXED
    read = replace(FORM, findings=[make_finding("identity.held")])
    assert judge_document(read, _under(identity="off"), []).outcome is Outcome.QUERIED


def test_a_document_that_is_rejected_is_not_told_as_well_that_it_is_nobodys() -> None:
    nobodys = [*arrival_findings.make_no_place_finding()]
    assert [one.code for one in judge_document(FORM, None, [], nobodys).findings] == [NOBODYS]
    rejected = replace(FORM, kind=None, findings=[make_finding("open.empty")])
    assert [one.code for one in judge_document(rejected, None, [], nobodys).findings] == ["open.empty"]


def test_of_several_forms_at_once_nothing_is_left_out() -> None:
    several = replace(FORM, findings=[make_finding("open.zip_of_many", count=2)])
    assert judge_document(several, _under(open="off"), []).findings == tuple(several.findings)


def test_a_case_without_a_place_has_no_context() -> None:
    case = Case(FORM, None, Place(), None, 0)
    assert judge_document(case.reading, case.context, []).outcome is Outcome.ACCEPTED


def test_a_case_is_worked_out_again_only_where_something_happened_in_the_register(register: Register) -> None:
    with register.writing() as connection:
        case = open_case(connection, FORM)
        assert refresh_case(connection, case) is case
        journal.append_entry(
            connection, "cycle opened", at=datetime(2027, 1, 11, tzinfo=UTC), cycle_id="elsewhere"
        )
        again = refresh_case(connection, case)
    assert again.pulse == case.pulse + 1
    assert again.place == case.place
