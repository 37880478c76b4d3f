"""Judging a document: what is found of it in the end, and what becomes of it by that.

The reader says what it saw, the suites say which rules are broken, and what is known of how it came is
added. All three come together here, for `check`, `intake` and the rehearsal alike. A cycle's settings are
applied here and nowhere else.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from peer_challenge.model.cycle import Rules
from peer_challenge.model.findings import Finding, outcome_of
from peer_challenge.model.framework import Framework
from peer_challenge.model.vocabulary import Kind, Outcome, Severity
from peer_challenge.submissions.context import SubmissionContext, context_of_form
from peer_challenge.word.answers.reading import Reading
from peer_challenge.word.form.forms import FORMS
from peer_challenge.word.reader_findings import DOUBTS

NOBODYS = "intake.nobodys"
"""The code of the finding that a document belongs to no challenge."""
FIXED = DOUBTS | {
    "open.too_much_work",
    NOBODYS,
    "intake.out_of_turn",
    "intake.other_way",
    "intake.identified",
}
"""What no cycle can make less of: it keeps documents from the wrong hands, and the machine at work."""
_SIGN_OFF = ("sign_off.missing", "chair.no_sign_off")
_NOBODYS = ("open.", "identity.")


@dataclass(frozen=True, slots=True)
class Verdict:
    """All that is found of a document, in the order of its form, and what becomes of it by that."""

    findings: tuple[Finding, ...]
    outcome: Outcome


def judge(
    reading: Reading,
    context: SubmissionContext | None,
    checked: Sequence[Finding],
    arrival: Sequence[Finding] = (),
) -> Verdict:
    """The verdict on a document as it was read.

    `checked` are the rules of its suite that it breaks (see run_checks.run_suites); `arrival` what is found
    of how it came, by intake alone. Without a context it is held to the default rules.
    """
    context = context or context_of_form(reading)
    found = [*_of_document(reading, checked, context), *apply_settings(arrival, context.rules)]
    others = [finding for finding in found if finding.code != NOBODYS]
    if outcome_of(others) is Outcome.REJECTED:  # one reason is enough: it says more than that it is nobody's
        found = others
    return Verdict(tuple(found), outcome_of(found))


def is_several_forms(reading: Reading) -> bool:
    """Whether several forms came at once: nothing in them is checked, and none can be written in."""
    return any(finding.code == "open.zip_of_many" for finding in reading.findings)


def _of_document(reading: Reading, checked: Sequence[Finding], context: SubmissionContext) -> list[Finding]:
    """What the reader and the suite found, each thing once, under the cycle's settings."""
    kind = reading.kind
    if kind is None or is_several_forms(reading):
        return [*reading.findings, *checked]
    of_reader = apply_settings(reading.findings, context.rules)
    of_suite = settle(checked, kind, context)
    return in_order(_once([*of_reader, *_added(reading, of_reader, of_suite)]), kind, context.framework)


def _added(reading: Reading, of_reader: list[Finding], of_suite: list[Finding]) -> list[Finding]:
    """What the suite adds to what the reader saw: nothing about a place where the reader saw why."""
    if any(finding.code == "identity.kind_unclear" for finding in of_reader):
        of_suite = [f for f in of_suite if f.code != "form.blank"]  # as what it may not be, it may seem so
    is_nobodys = any(f.severity is Severity.REJECT and f.code.startswith(_NOBODYS) for f in of_reader)
    if is_nobodys:
        of_suite = [f for f in of_suite if f.code.startswith("disclosure.") or f.code in FIXED]
    elif any(finding.code == "form.blank" for finding in of_reader):
        of_suite = [f for f in of_suite if f.severity is Severity.REJECT and f.code != "form.blank"]
    said = {(f.code.partition(".")[0], f.subheading) for f in reading.findings if f.column is not None}
    rows = {f.subheading for f in reading.findings if f.code in ("row.missing", "row.uncertain")}
    return [
        f
        for f in of_suite
        if not (f.code.startswith("rating.") and ("rating", f.subheading) in said)
        and not (f.code == "response.kind_missing" and ("response", f.subheading) in said)
        and not (f.code == "row.missing" and f.subheading in rows)
    ]


def settle(findings: Iterable[Finding], kind: Kind, context: SubmissionContext) -> list[Finding]:
    """What a suite found, each thing once, under the cycle's settings and in the order of the form."""
    kept = _without_echoes(_without_blanks(_once(findings)))
    return in_order(apply_settings(kept, context.rules), kind, context.framework)


def _without_blanks(findings: list[Finding]) -> list[Finding]:
    """Of a blank form only that is said, and what else concerns it as a whole."""
    if not any(finding.code == "form.blank" for finding in findings):
        return findings
    return [f for f in findings if f.code == "form.blank" or f.severity is Severity.REJECT]


def _without_echoes(findings: list[Finding]) -> list[Finding]:
    """That a text is only to come is not said where the cell is asked for as missing anyway."""
    asked = {(f.subheading, f.column) for f in findings if f.severity is Severity.QUERY}
    return [f for f in findings if f.code != "text.to_come" or (f.subheading, f.column) not in asked]


def _once(findings: Iterable[Finding]) -> list[Finding]:
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
    """The findings as a cycle takes them: `checks` by code or by family ("disclosure"), then `sign_off`
    and `not_applicable`. "off" and "allow" leave a finding out.
    """
    kept = []
    for finding in findings:
        treatment = _treatment(finding, rules)
        if treatment not in ("off", "allow"):
            kept.append(replace(finding, severity=Severity(treatment)))
    return kept


def _treatment(finding: Finding, rules: Rules) -> str:
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


def in_order(findings: Iterable[Finding], kind: Kind, framework: Framework | None) -> list[Finding]:
    """Findings in the order of the form: the document's, then row by row and column by column."""
    rows = {address: number for number, address in enumerate(framework or ())}
    columns = {column.id: number for number, column in enumerate(FORMS[kind].columns, 1)}

    def key(finding: Finding) -> tuple[object, ...]:
        address = finding.subheading or ""
        head, _, number = address.partition("/")
        place = rows.get(address, len(rows))
        item = (head != "strength", int(number.partition("/")[0])) if number[:1].isdigit() else (False, 0)
        return bool(address), place, item, columns.get(finding.column or "", 0)

    return sorted(findings, key=key)
