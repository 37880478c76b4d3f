"""Judging a document: all its findings, and the outcome that follows from them.

Three sources come together here: what the reader saw, which rules the check suites found broken, and what
is known about how the document came. `check`, `intake` and the rehearsal all use this module. A cycle's
settings, and what the office accepted as it is, are applied here and nowhere else.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from peer_challenge.model.cycle_rules import Rules
from peer_challenge.model.decisions import AcceptedFinding
from peer_challenge.model.findings import Finding, outcome_of
from peer_challenge.model.framework import Framework
from peer_challenge.model.vocabulary import Kind, Outcome, Severity
from peer_challenge.submissions.accepted_findings import apply_accepted
from peer_challenge.submissions.checked_against import SubmissionContext, context_of_form
from peer_challenge.submissions.follow_on_questions import ask_follow_on_questions
from peer_challenge.word.answers.reading import Reading
from peer_challenge.word.form.forms import FORMS
from peer_challenge.word.reader_findings import DOUBTS, make_finding

NOBODYS = "intake.nobodys"
"""The code of the finding that a document belongs to no challenge."""
FIXED = DOUBTS | {
    "open.too_much_work",
    NOBODYS,
    "intake.out_of_turn",
    "intake.other_way",
    "intake.conflict_copy",
    "intake.older_version",
    "intake.which_review",
    "intake.earlier_review",
    "intake.sent_day",
    "intake.other_sender",
    "intake.other_partner",
    "email.several_versions",
    "intake.identified",
}
"""What no cycle can make less of: it keeps documents from the wrong hands, and the machine at work."""
_SEVERAL = ("open.zip_of_many", "email.several_versions")
_SIGN_OFF = ("sign_off.missing", "chair.no_sign_off")
_NOTHING_TAKEN = ("form.blank", "form.answers_outside", "form.pictures")
"""Findings of a form in whose places nothing is: what the suites miss in it is not said as well."""
_KEPT_APART = ("text.undivided", "text.twice")
_ASKS_WHERE = (*_KEPT_APART, "text.unplaced", "row.unplaced", "item.unplaced", "row.cut")
"""Questions about words that may be answers: a form with such words is not blank."""
_OF_EMPTY_CELLS = (
    "strengths.missing",
    "development.missing",
    "rating.missing",
    "response.missing",
    "not_applicable.no_reason",
)
_NOBODYS = ("open.", "identity.")


@dataclass(frozen=True, slots=True)
class Verdict:
    """All findings of a document, in the order of its form, and the outcome that follows from them."""

    findings: tuple[Finding, ...]
    outcome: Outcome


def judge_document(
    reading: Reading,
    context: SubmissionContext | None,
    checked: Sequence[Finding],
    arrival: Sequence[Finding] = (),
    accepted: Sequence[AcceptedFinding] = (),
) -> Verdict:
    """The verdict on a document that has been read.

    `checked` are the rules of its suite that it breaks (see run_checks.run_suites). `arrival` are findings
    about how it came, and `accepted` what the office has accepted as it is, which only intake has. Without a
    context the default rules apply.
    """
    context = context or context_of_form(reading)
    found = [*_of_document(reading, checked, context), *apply_settings(arrival, context.rules)]
    found = found if is_several_forms(reading) else apply_accepted(found, reading, accepted)
    others = [finding for finding in found if finding.code != NOBODYS]
    if outcome_of(others) is Outcome.REJECTED:  # one reason is enough: it says more than that it is nobody's
        found = others
    return Verdict(tuple(found), outcome_of(found))


def is_several_forms(reading: Reading) -> bool:
    """Whether several versions of a form came in one ZIP or email.

    None of them is checked, and nothing can be written into them.
    """
    return asks_which_counts(reading.findings)


def asks_which_counts(findings: Iterable[Finding]) -> bool:
    """Whether findings ask which of several versions that came together counts: no copy has comments then."""
    return any(finding.code in _SEVERAL for finding in findings)


def _of_document(reading: Reading, checked: Sequence[Finding], context: SubmissionContext) -> list[Finding]:
    """What the reader and the suite found, each thing once, under the cycle's settings."""
    kind = reading.kind
    if kind is None or is_several_forms(reading):
        return [*reading.findings, *checked]
    of_reader = apply_settings(_ask_about_changed_challenges(reading.findings, checked), context.rules)
    of_suite = settle_findings(checked, kind, context)
    kept = _drop_duplicates([*of_reader, *_select_suite_findings(of_reader, of_suite)])
    return sort_findings(ask_follow_on_questions(kept, reading), kind, context.framework)


def _ask_about_changed_challenges(of_reader: list[Finding], checked: Sequence[Finding]) -> list[Finding]:
    """The reader's findings; a response without answers whose challenges were changed is not blank.

    Its answers may be typed below the challenges.
    """
    changed = sum(finding.code == "challenge.changed" for finding in checked)
    asked = make_finding("form.answers_outside", count=changed)
    return [asked if changed and f.code == "form.blank" else f for f in of_reader]


def _select_suite_findings(of_reader: list[Finding], of_suite: list[Finding]) -> list[Finding]:
    """The findings of the check suite that are added to the reader's.

    For a form that is nobody's: only what may identify a child, and FIXED codes. For a blank form: only what
    rejects it. For a form of an unclear kind, or with words that have no place: not that it is blank. For a
    row whose text is kept apart: not that it is empty, because the reader asks where that text belongs.
    """
    if any(finding.code in ("identity.kind_unclear", *_ASKS_WHERE) for finding in of_reader):
        of_suite = [f for f in of_suite if f.code != "form.blank"]  # as what it may not be, it may seem so
    is_nobodys = any(f.severity is Severity.REJECT and f.code.startswith(_NOBODYS) for f in of_reader)
    if is_nobodys:
        of_suite = [f for f in of_suite if f.code.startswith("disclosure.") or f.code in FIXED]
    elif any(finding.code in _NOTHING_TAKEN for finding in of_reader):
        of_suite = [f for f in of_suite if f.severity is Severity.REJECT and f.code != "form.blank"]
    kept_apart = {finding.subheading for finding in of_reader if finding.code in _KEPT_APART}
    return [f for f in of_suite if f.subheading not in kept_apart or f.code not in _OF_EMPTY_CELLS]


def settle_findings(findings: Iterable[Finding], kind: Kind, context: SubmissionContext) -> list[Finding]:
    """A suite's findings without repeats, with the cycle's settings applied, in the order of the form."""
    kept = _without_echoes(_without_blanks(_drop_duplicates(findings)))
    return sort_findings(apply_settings(kept, context.rules), kind, context.framework)


def _without_blanks(findings: list[Finding]) -> list[Finding]:
    """For a blank form, only the finding that it is blank and those that reject it."""
    if not any(finding.code == "form.blank" for finding in findings):
        return findings
    return [f for f in findings if f.code == "form.blank" or f.severity is Severity.REJECT]


def _without_echoes(findings: list[Finding]) -> list[Finding]:
    """The findings without those of text that is still to come, where the cell has a query anyway."""
    asked = {(f.subheading, f.column) for f in findings if f.severity is Severity.QUERY}
    return [f for f in findings if f.code != "text.to_come" or (f.subheading, f.column) not in asked]


def _drop_duplicates(findings: Iterable[Finding]) -> list[Finding]:
    """Each code once for a place, and no message twice for one place."""
    kept: list[Finding] = []
    seen: set[tuple[object, ...]] = set()
    for finding in findings:
        place = (finding.subheading, finding.column)
        keys = {("code", finding.code, *place), ("message", finding.message, *place)}
        if not keys & seen:
            kept.append(finding)
        seen |= keys
    return kept


def apply_settings(findings: Iterable[Finding], rules: Rules) -> list[Finding]:
    """The findings with the severities that a cycle's rules give them.

    `checks` of the rules are looked up by code, then by family ("disclosure"); then `sign_off` and
    `not_applicable` apply. "off" and "allow" leave a finding out. Codes in FIXED keep their severity.
    """
    kept = []
    for finding in findings:
        treatment = _choose_treatment(finding, rules)
        if treatment not in ("off", "allow"):
            severity = Severity(treatment)
            kept.append(replace(finding, severity=severity, remedy=_word_remedy(finding, severity, rules)))
    return kept


def _word_remedy(finding: Finding, severity: Severity, rules: Rules) -> str:
    """What to do about a finding: where a cycle's rules decide whether a row may be left unrated, by them."""
    if finding.code == "rating.not_applicable" and severity in (Severity.QUERY, Severity.REJECT):
        return "Please give one rating: RED, AMBER or GREEN."
    if finding.code.startswith("rating.") and rules.not_applicable == "allow":  # the list has it too
        return finding.remedy.replace("AMBER or GREEN", "AMBER, GREEN or not applicable")
    return finding.remedy


def _choose_treatment(finding: Finding, rules: Rules) -> str:
    if finding.code in FIXED:
        return finding.severity.value
    family = finding.code.partition(".")[0]
    for name in (finding.code, family):
        if name in rules.checks:
            return rules.checks[name]
    if finding.code in _SIGN_OFF and finding.severity is Severity.QUERY:
        return rules.sign_off
    if finding.code == "rating.not_applicable" and rules.not_applicable == "query":
        return Severity.QUERY.value
    return finding.severity.value


def sort_findings(findings: Iterable[Finding], kind: Kind, framework: Framework | None) -> list[Finding]:
    """Findings in the order of the form: first the document's, then row by row and column by column."""
    rows = {address: number for number, address in enumerate(framework or ())}
    columns = {column.id: number for number, column in enumerate(FORMS[kind].columns, 1)}

    def key(finding: Finding) -> tuple[object, ...]:
        address = finding.subheading or ""
        head, _, number = address.partition("/")
        place = rows.get(address, len(rows))
        item = (head != "strength", int(number.partition("/")[0])) if number[:1].isdigit() else (False, 0)
        return bool(address), place, item, columns.get(finding.column or "", 0)

    return sorted(findings, key=key)
