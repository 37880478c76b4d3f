"""Every remedy that sends somebody to the programme office names what the office can do on its page."""

import re
from collections.abc import Iterator

import pytest

from peer_challenge.intake import arrival_findings
from peer_challenge.intake.emails import email_findings
from peer_challenge.model.findings import Finding
from peer_challenge.model.vocabulary import Severity
from peer_challenge.submissions.accepted_findings import can_be_accepted
from peer_challenge.submissions.suite_of_each_kind import SUITES
from peer_challenge.word.reader_findings import CODES, DOUBTS
from tests.web.test_access import WHO_MAY

ASKS = re.compile(r"\b(?:ask|tell|call|say so to|speak to) us\b", re.IGNORECASE)
ACCEPT, SAY_WHOSE = "POST /accept/{submission_id}", "POST /held/{submission_id}"
CORRECT_DAY, EXTEND = "POST /came/{submission_id}", "POST /challenges/{cycle_id}/{author_id}/dates"
SEND_FORM, WHO_SENT = "GET /dispatches/{dispatch_id}/document", "GET /inbox"
OTHERWISE = {
    "intake.sent_day": CORRECT_DAY,
    "intake.late": EXTEND,
    "intake.nobodys": SEND_FORM,
    "identity.unknown_cycle": SEND_FORM,
    "identity.wrong_framework": SEND_FORM,
    "partner.wrong": SEND_FORM,
    "open.zip_encrypted": "POST /uploads",  # the office opens it, and sends the form in itself
    "intake.other_way": WHO_SENT,
    "intake.identified": WHO_SENT,
    "intake.other_sender": WHO_SENT,
    "intake.other_partner": WHO_SENT,
}
"""What the office does about findings that it does not accept, and that are no doubt about whose it is."""


def all_findings() -> Iterator[Finding]:
    for suite in SUITES.values():
        for check in suite.checks:
            yield Finding(check.code, check.severity, check.message, check.remedy)
    for code in (*CODES.values(), *arrival_findings.CODES, *email_findings.CODES):
        yield Finding(code.code, code.severity, code.message, code.remedy)


ASKING = {finding.code: finding for finding in all_findings() if ASKS.search(finding.remedy)}


def what_the_office_does(finding: Finding) -> str | None:
    if finding.code in DOUBTS:
        return SAY_WHOSE
    return ACCEPT if can_be_accepted(finding) else OTHERWISE.get(finding.code)


@pytest.mark.parametrize("code", sorted(ASKING))
def test_what_a_remedy_sends_to_the_office_the_office_can_do(code: str) -> None:
    route = what_the_office_does(ASKING[code])
    assert route is not None, f"{code}: {ASKING[code].remedy}"
    assert route in WHO_MAY


def test_all_families_that_ask_are_looked_at() -> None:
    families = {code.partition(".")[0] for code in ASKING}
    assert {"disclosure", "row", "agreed", "chair", "intake", "identity"} <= families


def test_whatever_a_check_asks_or_rejects_can_be_accepted_but_for_what_no_decision_helps() -> None:
    never = {"partner.wrong", "form.blank"}
    for suite in SUITES.values():
        for check in suite.checks:
            found = Finding(check.code, check.severity, check.message, check.remedy)
            is_open = check.severity in (Severity.QUERY, Severity.REJECT)
            assert can_be_accepted(found) == (is_open and check.code not in never), check.code
