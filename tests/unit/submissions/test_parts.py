"""Parts of a form: told as such, and never put together (variations 44 and 54)."""

from dataclasses import replace

import pandas as pd

from peer_challenge.model.findings import Finding
from peer_challenge.model.vocabulary import Kind, Severity
from peer_challenge.submissions.checked_against import SubmissionContext
from peer_challenge.submissions.run_checks import check_submission_rows
from tests.unit.submissions.submissions_made import Made, as_tables, copied, made

CODES = ("form.partial", "form.in_parts")


def a_part(rows: slice, *, area: int = 0, **context: object) -> Made:
    """A self-assessment with only these of its rows filled in."""
    one = copied(made(Kind.SELF_ASSESSMENT, 1, area))
    for row in one.rows:
        if row not in one.rows[rows]:
            row.update({"strengths": "", "development": "", "rating": None, "rating_as_written": ""})
    return replace(one, context=replace(one.context, **context))


def told(**parts: Made) -> dict[str, list[Finding]]:
    found = check_submission_rows(Kind.SELF_ASSESSMENT, *as_tables(parts))
    return {key: [f for f in findings if f.code in CODES] for key, findings in found.items()}


def test_variation_44_three_parts_that_come_together_are_asked_for_as_one_form():
    parts = told(a=a_part(slice(0, 15)), b=a_part(slice(15, 30)), c=a_part(slice(30, 60)))
    assert {key: [(f.code, f.severity) for f in findings] for key, findings in parts.items()} == {
        key: [("form.in_parts", Severity.QUERY)] for key in "abc"
    }
    assert "15 of 59" in parts["a"][0].message
    assert "one form" in parts["a"][0].remedy


def test_variation_44_a_part_that_comes_after_another_is_asked_for_as_one_form():
    first = a_part(slice(0, 15))
    second = a_part(slice(15, 30), last_rows=pd.DataFrame(first.rows))
    assert [f.code for f in told(a=second)["a"]] == ["form.in_parts"]


def test_variation_44_a_part_that_one_partner_alone_has_filled_in_is_asked_about():
    one = a_part(slice(0, 15))
    for partner in ("local_authority", "icb"):
        for what in ("took_part", "signed_off", "signed_on"):
            one.particulars[f"{what}_{partner}"] = ""
    (found,) = told(a=one)["a"]
    assert (found.code, found.severity) == ("form.in_parts", Severity.QUERY)
    assert "Police" in found.message


def test_variation_54_a_part_is_told_as_a_part_and_is_no_ground_to_send_it_back():
    (found,) = told(a=a_part(slice(0, 15)))["a"]
    assert (found.code, found.severity) == ("form.partial", Severity.WARN)
    assert "next version" in found.remedy


def test_parts_of_two_areas_are_no_parts_of_one_form():
    parts = told(a=a_part(slice(0, 15), area=0), b=a_part(slice(15, 30), area=1))
    assert [[f.code for f in findings] for findings in parts.values()] == [["form.partial"]] * 2


def test_the_whole_form_after_a_part_is_no_part():
    first = a_part(slice(0, 15))
    whole = copied(made(Kind.SELF_ASSESSMENT, 1, 0))
    context = replace(whole.context, last_rows=pd.DataFrame(first.rows))
    assert told(a=replace(whole, context=context))["a"] == []


def test_the_same_part_again_is_no_other_part():
    first = a_part(slice(0, 15))
    again = a_part(slice(0, 16), last_rows=pd.DataFrame(first.rows))
    assert [f.code for f in told(a=again)["a"]] == ["form.partial"]


def test_two_empty_rows_are_asked_about_and_make_no_part():
    assert told(a=a_part(slice(2, 60)))["a"] == []


def test_forms_of_nobody_known_are_never_taken_for_parts_of_one():
    parts = told(
        a=replace(a_part(slice(0, 15)), context=SubmissionContext()),
        b=replace(a_part(slice(15, 30)), context=SubmissionContext()),
    )
    assert {f.code for findings in parts.values() for f in findings} == {"form.partial"}
