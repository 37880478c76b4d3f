"""Running the check suites: from readings to the rules that they break. Importing this takes seconds."""

from collections.abc import Mapping

import pandas as pd

from peer_challenge.model.findings import Finding
from peer_challenge.model.vocabulary import Kind
from peer_challenge.submissions.check_suite import Batch, Check, Row
from peer_challenge.submissions.checked_against import SubmissionContext, context_of_form
from peer_challenge.submissions.judge import is_several_forms, settle_findings
from peer_challenge.submissions.row_tables import (
    collect_seen_codes,
    list_answer_rows,
    list_particulars,
    records_of,
)
from peer_challenge.submissions.run_great_expectations import find_broken_rules
from peer_challenge.submissions.suite_of_each_kind import SUITES
from peer_challenge.word.answers.reading import Reading


def check_submission_rows(
    kind: Kind,
    rows: pd.DataFrame,
    particulars: pd.DataFrame | None = None,
    context: Mapping[str, SubmissionContext] | None = None,
) -> dict[str, list[Finding]]:
    """The findings of a kind's check suite, by submission, without repeats, under each cycle's settings.

    `rows` has `submission` and the kind's columns, one row per sub-heading or item; `particulars`
    one row per submission with the form's fields. Both may come from anywhere: Word, CSV, a query.
    """
    if particulars is None:
        particulars = pd.DataFrame({"submission": list(dict.fromkeys(rows["submission"]))}, dtype=object)
    batch = Batch(
        _convert_keys_to_text(records_of(rows)),
        _convert_keys_to_text(records_of(particulars)),
        dict(context or {}),
    )
    nothing = SubmissionContext()
    return {
        key: settle_findings(findings, kind, batch.contexts.get(key, nothing))
        for key, findings in _broken_rules(kind, batch).items()
    }


def _convert_keys_to_text(rows: list[Row]) -> list[Row]:
    return [row | {"submission": str(row["submission"])} for row in rows]


def _broken_rules(kind: Kind, batch: Batch) -> dict[str, list[Finding]]:
    suite = SUITES[kind]
    found: dict[str, list[Finding]] = {row["submission"]: [] for row in batch.particulars}
    for check, row in find_broken_rules(suite, suite.prepare(batch)):
        found.setdefault(row["submission"], []).append(_make_finding(check, row))
    return found


def _make_finding(check: Check, record: Row) -> Finding:
    place = record.get("address") or record.get("subheading")
    column = _fill_template(check.column, record) if check.column else None
    return Finding(
        check.code,
        check.severity,
        _fill_template(check.message, record) or "",
        _fill_template(check.remedy, record) or "",
        place if isinstance(place, str) and place else None,
        column,
    )


def _fill_template(template: str, record: Row) -> str | None:
    if template == "{column}":
        value = record.get("column")
        return value if isinstance(value, str) else None
    return template.format_map(record)


def run_suites(
    readings: Mapping[str, Reading], contexts: Mapping[str, SubmissionContext]
) -> dict[str, list[Finding]]:
    """The rules that each reading breaks, by submission; all readings of a kind are checked together.

    Only the check suites run here: judge.py adds the other findings. `contexts` has a context for every
    reading that belongs to a challenge. A document that is no form, and several forms in one ZIP, break no
    rules.
    """
    found: dict[str, list[Finding]] = {key: [] for key in readings}
    for kind in Kind:
        batch = {
            key: reading
            for key, reading in readings.items()
            if reading.kind is kind and not is_several_forms(reading)
        }
        if batch:
            held_to = {key: contexts.get(key) or context_of_form(reading) for key, reading in batch.items()}
            found |= _broken_rules(
                kind,
                Batch(
                    list_answer_rows(batch, kind),
                    list_particulars(batch),
                    held_to,
                    collect_seen_codes(batch),
                ),
            )
    return found
