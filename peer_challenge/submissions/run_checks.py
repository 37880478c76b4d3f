"""Examining submissions: from tables to findings, under each cycle's own settings."""

from collections.abc import Iterable, Mapping

import pandas as pd

from peer_challenge.model.cycle import Rules
from peer_challenge.model.findings import Finding
from peer_challenge.model.framework import Framework
from peer_challenge.model.vocabulary import Kind, Severity
from peer_challenge.submissions.all_checks import SUITES
from peer_challenge.submissions.check import Batch, Check, Row
from peer_challenge.submissions.context import SubmissionContext
from peer_challenge.submissions.row_tables import records_of
from peer_challenge.word.answers.reading import Reading
from peer_challenge.word.form.forms import FORMS, SCHEDULES
from peer_challenge.word.reader_findings import DOUBTS

_SIGN_OFF = ("sign_off.missing", "chair.no_sign_off")
_NOBODYS = ("open.", "identity.")


def frame_of(readings: Mapping[str, Reading], kind: Kind) -> pd.DataFrame:
    """The rows (or items) of a batch as one table: `submission`, then the kind's columns."""
    found = _rows_of(readings, kind)
    first = "subheading" if kind in SCHEDULES else "address"
    columns = [column.id for column in FORMS[kind].columns if column.id not in ("item", first)]
    extra = dict.fromkeys(name for row in found for name in row)
    names = list(dict.fromkeys(["submission", first, *columns, *extra]))
    return pd.DataFrame(found, columns=names, dtype=object)


def _rows_of(readings: Mapping[str, Reading], kind: Kind) -> list[Row]:
    return [
        {"submission": key, **row}
        for key, reading in readings.items()
        if reading.kind is kind
        for row in (reading.rows if kind in SCHEDULES else reading.items)
    ]


def _particulars_of(readings: Mapping[str, Reading]) -> list[Row]:
    """One row per reading: what was read of the document as a whole, then its fields."""
    return [
        {
            "submission": key,
            "challenger": reading.challenger,
            "marking": reading.marking,
            "unmapped": tuple(reading.unmapped),
            "attachments": tuple(reading.attachments),
            **reading.particulars,
        }
        for key, reading in readings.items()
    ]


def examine(
    kind: Kind,
    rows: pd.DataFrame,
    particulars: pd.DataFrame | None = None,
    context: Mapping[str, SubmissionContext] | None = None,
) -> dict[str, list[Finding]]:
    """What the kind's suite finds, by submission, each finding once, under each cycle's settings.

    `rows` has `submission` and the kind's columns, one row per sub-heading or item; `particulars`
    one row per submission with the form's fields. Both may come from anywhere: Word, CSV, a query.
    """
    if particulars is None:
        particulars = pd.DataFrame({"submission": list(dict.fromkeys(rows["submission"]))}, dtype=object)
    batch = Batch(_keyed(records_of(rows)), _keyed(records_of(particulars)), dict(context or {}))
    return _examined(kind, batch)


def _keyed(rows: list[Row]) -> list[Row]:
    return [row | {"submission": str(row["submission"])} for row in rows]


def _examined(kind: Kind, batch: Batch) -> dict[str, list[Finding]]:
    from peer_challenge.submissions.great_expectations import run

    suite = SUITES[kind]
    found: dict[str, list[Finding]] = {row["submission"]: [] for row in batch.particulars}
    for check, row in run(suite, suite.prepare(batch)):
        found.setdefault(row["submission"], []).append(_finding(check, row))
    nothing = SubmissionContext()
    return {key: _tidied(findings, kind, batch.contexts.get(key, nothing)) for key, findings in found.items()}


def _finding(check: Check, record: Row) -> Finding:
    place = record.get("address") or record.get("subheading")
    column = _filled(check.column, record) if check.column else None
    return Finding(
        check.code,
        check.severity,
        _filled(check.message, record) or "",
        _filled(check.remedy, record) or "",
        place if isinstance(place, str) and place else None,
        column,
    )


def _filled(template: str, record: Row) -> str | None:
    if template == "{column}":
        value = record.get("column")
        return value if isinstance(value, str) else None
    return template.format_map(record)


def _tidied(findings: Iterable[Finding], kind: Kind, context: SubmissionContext) -> list[Finding]:
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
            kept.append(_with_severity(finding, Severity(treatment)))
    return kept


def _treatment(finding: Finding, rules: Rules) -> str:
    if finding.code in DOUBTS:
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


def _with_severity(finding: Finding, severity: Severity) -> Finding:
    if severity is finding.severity:
        return finding
    return Finding(
        finding.code, severity, finding.message, finding.remedy, finding.subheading, finding.column
    )


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


def examine_readings(
    readings: Mapping[str, Reading], contexts: Mapping[str, SubmissionContext] | None = None
) -> dict[str, list[Finding]]:
    """All findings of each reading: the reader's and its suite's together, a batch of a kind at a time.

    A reading without a context is held to the default rules and to the framework that it names. One
    that can't be anybody's keeps the reader's findings; only what could identify a child is added.
    """
    contexts = {key: (contexts or {}).get(key) or _default_context(r) for key, r in readings.items()}
    found = {key: list(reading.findings) for key, reading in readings.items()}
    for kind in Kind:
        batch = {
            key: reading
            for key, reading in readings.items()
            if reading.kind is kind and not any(f.code == "open.zip_of_many" for f in reading.findings)
        }
        if not batch:
            continue
        of_suite = _examined(kind, Batch(_rows_of(batch, kind), _particulars_of(batch), contexts))
        for key, reading in batch.items():
            found[key] = _together(reading, of_suite.get(key, []), contexts[key])
    return found


def examine_reading(reading: Reading, context: SubmissionContext | None = None) -> list[Finding]:
    """All findings of one reading: see examine_readings."""
    return examine_readings({"": reading}, {"": context} if context is not None else {})[""]


def _default_context(reading: Reading) -> SubmissionContext:
    """The framework that the form names, without the areas of focus of which it has no row at all."""
    from peer_challenge.cycle_file.load_framework import shipped_frameworks

    framework = shipped_frameworks().get(reading.framework or "") if reading.rows else None
    if framework is None or reading.kind not in (Kind.SELF_ASSESSMENT, Kind.ANALYSIS):
        return SubmissionContext()
    sent = {(row.get("subheading") or "").partition("/")[0] for row in reading.rows}
    left_out = {area.id for area in framework.focus_areas} - sent
    has_any = len(left_out) < len(framework.focus_areas)
    return SubmissionContext(framework=framework.without(left_out) if has_any else None)


def _together(reading: Reading, of_suite: list[Finding], context: SubmissionContext) -> list[Finding]:
    kind = reading.kind
    assert kind is not None
    of_reader = apply_settings(reading.findings, context.rules)
    if any(finding.code == "identity.kind_unclear" for finding in of_reader):
        of_suite = [f for f in of_suite if f.code != "form.blank"]  # as what it may not be, it may seem so
    is_nobodys = any(f.severity is Severity.REJECT and f.code.startswith(_NOBODYS) for f in of_reader)
    if is_nobodys:
        of_suite = [finding for finding in of_suite if finding.code.startswith("disclosure.")]
    elif any(finding.code == "form.blank" for finding in of_reader):
        of_suite = [f for f in of_suite if f.severity is Severity.REJECT and f.code != "form.blank"]
    said = {(f.code.partition(".")[0], f.subheading) for f in reading.findings if f.column is not None}
    rows = {f.subheading for f in reading.findings if f.code in ("row.missing", "row.uncertain")}
    added = [
        f
        for f in of_suite
        if not (f.code.startswith("rating.") and ("rating", f.subheading) in said)
        and not (f.code == "response.kind_missing" and ("response", f.subheading) in said)
        and not (f.code == "row.missing" and f.subheading in rows)
    ]
    return in_order(_once([*of_reader, *added]), kind, context.framework)
