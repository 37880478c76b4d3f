"""Running the suites: from what was read to the rules that it breaks."""

from collections.abc import Mapping

import pandas as pd

from peer_challenge.model.findings import Finding
from peer_challenge.model.vocabulary import Kind
from peer_challenge.submissions.all_checks import SUITES
from peer_challenge.submissions.check import Batch, Check, Row
from peer_challenge.submissions.context import SubmissionContext, context_of_form
from peer_challenge.submissions.judge import is_several_forms, settle
from peer_challenge.submissions.row_tables import records_of
from peer_challenge.word.answers.reading import Reading
from peer_challenge.word.form.forms import FORMS, SCHEDULES


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
    nothing = SubmissionContext()
    return {
        key: settle(findings, kind, batch.contexts.get(key, nothing))
        for key, findings in _broken_rules(kind, batch).items()
    }


def _keyed(rows: list[Row]) -> list[Row]:
    return [row | {"submission": str(row["submission"])} for row in rows]


def _broken_rules(kind: Kind, batch: Batch) -> dict[str, list[Finding]]:
    from peer_challenge.submissions.great_expectations import run

    suite = SUITES[kind]
    found: dict[str, list[Finding]] = {row["submission"]: [] for row in batch.particulars}
    for check, row in run(suite, suite.prepare(batch)):
        found.setdefault(row["submission"], []).append(_finding(check, row))
    return found


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


def run_suites(
    readings: Mapping[str, Reading], contexts: Mapping[str, SubmissionContext]
) -> dict[str, list[Finding]]:
    """The rules that each reading breaks, by its suite alone, a batch of a kind at a time; see judge.py.

    `contexts` has one for every reading that has a place. None are broken by what is no form, and by
    several forms at once.
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
            found |= _broken_rules(kind, Batch(_rows_of(batch, kind), _particulars_of(batch), held_to))
    return found
