"""Every fault is found at its place, nothing is found where there is none, and a cycle may set how."""

import io
import logging
import traceback
from collections import defaultdict

import pandas as pd
import pytest

from peer_challenge.intake import arrival_findings
from peer_challenge.model.cycle_rules import Rules
from peer_challenge.model.findings import Finding
from peer_challenge.model.vocabulary import Kind, Severity
from peer_challenge.paths import ROOT
from peer_challenge.submissions import run_great_expectations
from peer_challenge.submissions.check_suite import Batch, Check, Suite
from peer_challenge.submissions.checked_against import SubmissionContext
from peer_challenge.submissions.judge import apply_settings
from peer_challenge.submissions.load_great_expectations import (
    Column,
    ColumnMapExpectation,
    ColumnMapMetricProvider,
    FailureSeverity,
    PandasExecutionEngine,
    column_condition_partial,
    gxe,
)
from peer_challenge.submissions.row_tables import records_of
from peer_challenge.submissions.run_checks import check_submission_rows
from peer_challenge.submissions.suite_of_each_kind import SUITES
from peer_challenge.word.reader_findings import CODES
from scripts.findings_page import findings_page
from tests.unit.submissions.faults import FAULTS, Made, clean, faulty
from tests.unit.submissions.submissions_made import as_tables, copied, made

Places = set[tuple[str, str | None, str | None]]
CLEAN, FAULTY = 75, len(FAULTS)


def found_in(cases: list[Made]) -> list[tuple[Made, list[Finding]]]:
    batches: dict[Kind, dict[str, Made]] = defaultdict(dict)
    for number, one in enumerate(cases):
        batches[one.kind][str(number)] = one
    answers = {kind: check_submission_rows(kind, *as_tables(batch)) for kind, batch in batches.items()}
    return [(one, answers[one.kind][str(number)]) for number, one in enumerate(cases)]


def places(findings: list[Finding]) -> Places:
    return {(f.code, f.subheading, f.column) for f in findings}


@pytest.fixture(scope="module")
def of_faulty() -> list[tuple[Made, list[Finding]]]:
    return found_in(list(faulty(FAULTY)))


def test_nothing_is_found_in_submissions_without_a_fault():
    assert [(one.kind, f) for one, findings in found_in(list(clean(CLEAN))) for f in findings] == []


def test_every_planted_fault_is_found_with_its_code_at_its_row_and_column(of_faulty):
    missed = [(one.kind, one.expected) for one, findings in of_faulty if not one.expected <= places(findings)]
    assert missed == []


def test_a_fault_draws_no_findings_elsewhere_in_the_form(of_faulty):
    follows = {"marking.governs", "commentary.not_questioning", "commentary.bare_assertion", "chair.conflict"}
    follows.add("event.other_day")  # a day outside the window is none that was agreed
    of_parts = {"rating.missing", "sign_off.missing", "sign_off.took_part"}
    # a sentence more
    of_details = {"text.over_limit", "action.agreed_changed", "consensus.unclear", "consensus.record_unclear"}
    strays = [
        (one.fault, f.code)
        for one, findings in of_faulty
        for f in findings
        if (f.code, f.subheading, f.column) not in one.expected
        and f.code not in follows
        and not (one.fault in ("form.partial", "form.in_parts") and f.code in of_parts)
        and not (one.fault.startswith("disclosure") and f.code in of_details)
    ]
    assert strays == []


def test_every_check_of_every_suite_is_tried_by_a_fault():
    tried = {(fault.kind, fault.code) for fault in FAULTS}
    untried = {
        (kind.value, check.code)
        for kind, suite in SUITES.items()
        for check in suite.checks
        if (kind, check.code) not in tried
    }
    assert untried == UNTRIED


UNTRIED = {
    *((kind.value, "marking.governs") for kind in Kind),  # comes with marking.too_high
    ("analysis", "row.unknown"),  # the same check as the self-assessment's
    ("action_plan", "action.no_words"),
}


def test_no_place_is_told_the_same_twice(of_faulty):
    for _, findings in of_faulty:
        told = [(f.message, f.subheading, f.column) for f in findings]
        assert len(told) == len(set(told))


def test_no_message_quotes_what_could_identify_a_child(of_faulty):
    values = ("Oliver", "943 476", "CH204417", "LS7 4QP", "07700", "Larch", "14/03/2015")
    for one, findings in of_faulty:
        if one.fault.startswith("disclosure"):
            assert not [f for f in findings for value in values if value in f.message + f.remedy]


def test_what_could_identify_a_child_is_rejected(of_faulty):
    alarms = [f for _, fs in of_faulty for f in fs if f.code.startswith("disclosure.")]
    asked = {f.severity for f in alarms if f.code == "disclosure.in_doubt"}
    assert {f.severity for f in alarms if f.code != "disclosure.in_doubt"} == {Severity.REJECT}
    assert asked == {Severity.QUERY}


def test_rows_from_a_csv_file_are_examined_without_word():
    one = copied(made(Kind.SELF_ASSESSMENT, 1, 0))
    row = next(row for row in one.rows if row["rating"] == "AMBER")
    row["development"] = None
    rows, particulars, contexts = as_tables({"a": one})
    back = pd.read_csv(io.StringIO(rows.to_csv(index=False)))
    found = check_submission_rows(Kind.SELF_ASSESSMENT, back, particulars, contexts)["a"]
    assert places(found) == {("development.missing", row["subheading"], "development")}


def test_rows_alone_are_enough():
    rows = pd.DataFrame([{"submission": "a", "subheading": "x/y", "rating": "GREEN", "strengths": ""}])
    found = check_submission_rows(Kind.SELF_ASSESSMENT, rows)["a"]
    assert ("strengths.missing", "x/y", "strengths") in places(found)


def test_one_table_of_many_gives_what_each_gives_alone():
    cases = {str(n): one for n, one in enumerate(faulty(FAULTY)) if one.kind is Kind.ANALYSIS}
    together = check_submission_rows(Kind.ANALYSIS, *as_tables(cases))
    for key in list(cases)[::7]:
        assert check_submission_rows(Kind.ANALYSIS, *as_tables({key: cases[key]}))[key] == together[key]


def test_a_blank_form_is_told_only_that_it_is_blank():
    empty = copied(made(Kind.SELF_ASSESSMENT, 1, 1))
    for row in empty.rows:
        row.update({"strengths": "", "development": "", "rating": None, "rating_as_written": ""})
    empty.particulars.update({name: "" for name in empty.particulars if name.startswith("signed")})
    assert [f.code for f in check_submission_rows(Kind.SELF_ASSESSMENT, *as_tables({"a": empty}))["a"]] == [
        "form.blank"
    ]


@pytest.mark.parametrize(
    ("rules", "severity"),
    [
        (Rules(), Severity.QUERY),
        (Rules(sign_off="warn"), Severity.WARN),
        (Rules(checks={"sign_off": "note"}), Severity.NOTE),
        (Rules(checks={"sign_off.missing": "reject", "sign_off": "note"}), Severity.REJECT),
        (Rules(checks={"sign_off.missing": "off"}), None),
        (Rules(checks={"sign_off": "allow"}), None),
    ],
)
def test_a_cycle_sets_how_much_a_check_matters(rules, severity):
    given_ = Finding("sign_off.missing", Severity.QUERY, "Not signed off.", "Sign it off.")
    assert [f.severity for f in apply_settings([given_], rules)] == ([severity] if severity else [])


def test_a_cycle_that_queries_not_applicable_queries_it():
    given_ = Finding("rating.not_applicable", Severity.WARN, "Not applicable.", "Say why.")
    [asked] = apply_settings([given_], Rules(not_applicable="query"))
    assert asked.severity is Severity.QUERY
    assert asked.remedy == "Please give one rating: RED, AMBER or GREEN."
    [told] = apply_settings([given_], Rules(not_applicable="allow"))
    assert told == given_


@pytest.mark.parametrize(
    "code", ["rating.missing", "rating.not_chosen", "rating.in_comment", "rating.picture"]
)
def test_not_applicable_is_offered_only_where_the_cycle_takes_it(code):
    given_ = Finding(code, Severity.QUERY, "Nothing here.", "Please give one: RED, AMBER or GREEN.")
    [offered] = apply_settings([given_], Rules(not_applicable="allow"))
    assert offered.remedy == "Please give one: RED, AMBER, GREEN or not applicable."
    assert apply_settings([given_], Rules(not_applicable="query")) == [given_]


def test_what_we_put_back_in_the_areas_columns_asks_for_nothing():
    [words, rating] = [
        next(check for check in SUITES[Kind.ANALYSIS].checks if check.code == f"authors_text.{part}_changed")
        for part in ("development", "rating")
    ]
    for check in (words, rating):
        assert check.remedy.startswith("You do not need to do anything.")
        assert "author" not in check.message.replace("{authors_rating}", "")


def test_limits_are_the_cycles_own():
    one = made(Kind.SELF_ASSESSMENT, 1, 2)
    cycle = one.context.cycle
    assert cycle is not None
    strict = cycle.model_copy(update={"rules": Rules(word_limit=3)})
    rows, particulars, _ = as_tables({"a": one})
    context = SubmissionContext(cycle=strict, framework=one.context.framework)
    found = check_submission_rows(Kind.SELF_ASSESSMENT, rows, particulars, {"a": context})["a"]
    assert {f.code for f in found} == {"text.over_limit"}


def test_the_page_of_findings_is_made_from_the_suites():
    page = ROOT / "docs" / "findings.md"
    assert page.read_text(encoding="utf-8") == findings_page()


def test_every_finding_says_what_to_do():
    of_suites = [check for suite in SUITES.values() for check in suite.checks]
    assert [
        one.code for one in (*of_suites, *CODES.values(), *arrival_findings.CODES) if not one.remedy
    ] == []


def test_nothing_that_was_written_is_in_a_result_or_a_log(caplog, capfd):
    """What somebody wrote is looked at and never repeated, whatever it breaks."""
    secret = "Zanzibar"
    one = copied(made(Kind.SELF_ASSESSMENT, 1, 0))
    for row in one.rows:
        row.update({"strengths": f"{secret}. We need to do more.", "commentary": secret})
    one.particulars["unmapped"] = (f"{secret} https://partnership.sharepoint.com/a",)
    with caplog.at_level(logging.DEBUG):
        found = check_submission_rows(Kind.SELF_ASSESSMENT, *as_tables({"a": one}))["a"]
    assert len({f.code for f in found}) > 3
    said = [f.message + f.remedy for f in found] + [record.getMessage() for record in caplog.records]
    assert [text for text in (*said, *capfd.readouterr()) if secret in text] == []


class ColumnValuesStumble(ColumnMapMetricProvider):
    """A metric that fails, and quotes what it stumbled on."""

    condition_metric_name = "column_values.stumble"

    @column_condition_partial(engine=PandasExecutionEngine)
    def _pandas(cls, column, **_):
        raise ValueError(column.iloc[0])


class ExpectColumnValuesToStumble(ColumnMapExpectation):
    """Expect what cannot be found out."""

    map_metric = "column_values.stumble"


@pytest.mark.parametrize(
    "expects",
    [
        ExpectColumnValuesToStumble(column="text"),
        gxe.ExpectColumnValuesToMatchRegex(column="text", regex="("),
    ],
)
def test_a_check_that_fails_to_run_tells_its_name_and_nothing_of_what_was_written(expects):
    secret = "Oliver"
    check = Check("made.up", Severity.WARN, "answers", expects, "", "")
    with pytest.raises(RuntimeError, match=r"made\.up") as stumbled:
        run_great_expectations.find_broken_rules(
            Suite(Kind.ANALYSIS, dict, (check,)), {"answers": [{"text": secret}]}
        )
    assert secret not in "".join(traceback.format_exception(stumbled.value))


def test_a_check_is_asked_only_of_the_rows_that_its_condition_names():
    rated_green = Column("rating") == "GREEN"
    expects = gxe.ExpectColumnValuesToNotBeNull(column="strengths", row_condition=rated_green)
    check = Check("made.up", Severity.WARN, "answers", expects, "", "")
    rows = [
        {"strengths": None, "rating": "RED", "never_named": object()},
        {"strengths": None, "rating": None, "never_named": object()},
        {"strengths": None, "rating": "GREEN", "never_named": object()},
        {"strengths": "Yes", "rating": "GREEN", "never_named": object()},
    ]
    suite = Suite(Kind.ANALYSIS, dict, (check,))
    assert run_great_expectations.find_broken_rules(suite, {"answers": rows}) == [(check, rows[2])]


def test_great_expectations_own_severities_follow_ours():
    severities = {
        (check.severity, run_great_expectations.build_expectation(check).severity)
        for suite in SUITES.values()
        for check in suite.checks
    }
    assert severities == {
        (Severity.REJECT, FailureSeverity.CRITICAL),
        (Severity.QUERY, FailureSeverity.CRITICAL),
        (Severity.WARN, FailureSeverity.WARNING),
        (Severity.NOTE, FailureSeverity.INFO),
    }


def test_every_check_of_a_table_that_its_suite_prepares_is_run():
    for kind, suite in SUITES.items():
        tables = suite.prepare(a_batch_of(kind))
        assert {check.table for check in suite.checks} <= set(tables), kind


def test_where_there_is_no_row_nothing_is_run():
    suite = SUITES[Kind.CHAIR_RECORD]
    assert (
        run_great_expectations.find_broken_rules(suite, {"answers": [], "texts": [], "documents": []}) == []
    )


def test_validating_logs_nothing_of_great_expectations_making(caplog):
    run_great_expectations.make_batch_definition.cache_clear()
    with caplog.at_level(logging.INFO):
        check_submission_rows(Kind.CHAIR_RECORD, *as_tables({"a": made(Kind.CHAIR_RECORD, 1, 0)}))
    assert [record for record in caplog.records if "docs site" in record.getMessage()] == []


def a_batch_of(kind: Kind) -> Batch:
    rows, particulars, contexts = as_tables({"a": made(kind, 1, 0)})
    return Batch(records_of(rows), records_of(particulars), contexts)
