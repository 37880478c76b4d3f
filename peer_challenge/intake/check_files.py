"""Checks documents without changing anything, for the `check` command."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.errors import NotMigrated
from peer_challenge.intake.case import Case, Place, check_cases, open_case
from peer_challenge.intake.read_claimed import load_known_from_register, make_reading_limits
from peer_challenge.model.vocabulary import Kind
from peer_challenge.register import submissions
from peer_challenge.register.database import Register, Transaction, open_register
from peer_challenge.settings import Settings
from peer_challenge.submissions import Verdict, checking_process, judge_document
from peer_challenge.word.answers.answers import is_placeholder
from peer_challenge.word.answers.reading import Reading
from peer_challenge.word.form.forms import FORMS
from peer_challenge.word.form.known import Known
from peer_challenge.word.process.reader_pool import read_files

_BATCH = 50


def check_files(files: Sequence[Path], settings: Settings) -> Iterator[dict[str, Any]]:
    """What is found in each file, in the order given, with the keys of `check --json`.

    Documents of a cycle in this installation's register are checked by its rules, others by the
    defaults.
    """
    checking_process.start_checking_process()
    register = _register_if_any(settings)
    known = _load_known(register, settings)
    try:
        readings = read_files(files, known, limits=make_reading_limits(settings))
        for start in range(0, len(files), _BATCH):
            batch = files[start : start + _BATCH]
            yield from _tell_batch(batch, list(islice(readings, len(batch))), register)
    finally:
        if register:
            register.close()


def load_known_names(settings: Settings) -> Known:
    """The frameworks and open cycles of this installation, from which ids become names."""
    register = _register_if_any(settings)
    try:
        return _load_known(register, settings)
    finally:
        if register:
            register.close()


def count_filled_rows(told: Mapping[str, Any]) -> int:
    """In how many rows or items of a document somebody has filled in an answer.

    `told` is a document as `check_files` gives it. A prompt such as "Choose a rating" is no answer.
    """
    if told["kind"] is None:
        return 0
    columns = {column.id for column in FORMS[Kind(told["kind"])].columns if not column.is_own}
    wanted = columns | {f"{column}_as_written" for column in columns}
    return sum(
        any(row.get(column) and not is_placeholder(row[column]) for column in wanted)
        for row in told.get("rows") or told.get("items") or ()
    )


def _load_known(register: Register | None, settings: Settings) -> Known:
    if register is not None:
        return load_known_from_register(register, settings)
    return Known(frameworks=shipped_frameworks(settings.own_frameworks), cycles={})


def _register_if_any(settings: Settings) -> Register | None:
    try:
        return open_register(settings)
    except NotMigrated:
        return None


def _tell_batch(
    files: Sequence[Path], readings: Sequence[Reading], register: Register | None
) -> Iterator[dict[str, Any]]:
    versions: list[int | None] = [None for _ in readings]
    cases = [Case(reading, None, Place(), None, 0) for reading in readings]
    if register is not None:
        with register.reading() as connection:
            cases = [open_case(connection, reading) for reading in readings]
            versions = [_find_case_version(connection, case) for case in cases]
    for file, case, checked, version in zip(files, cases, check_cases(cases), versions, strict=True):
        yield build_check_report(
            file, case.reading, judge_document(case.reading, case.context, checked), version
        )


def _find_case_version(connection: Transaction, case: Case) -> int | None:
    """The version that a document is or would be, where it belongs to a challenge."""
    kind = case.reading.kind
    return (
        None if case.context is None or kind is None else _find_version_number(connection, case.reading, kind)
    )


def _find_version_number(connection: Transaction, reading: Reading, kind: Kind) -> int:
    """The version that a document is, where it has been taken in, or would be."""
    held = submissions.seen_before(connection, reading.sha256)
    return (held.version if held else None) or submissions.next_version(
        connection, f"{reading.cycle}/{reading.participant}", kind
    )


def build_check_report(file: Path, reading: Reading, verdict: Verdict, version: int | None) -> dict[str, Any]:
    """One checked document as the mapping that `check --json` prints."""
    told: dict[str, Any] = {
        "file": str(file),
        "sha256": reading.sha256,
        "outcome": verdict.outcome.value,
        "kind": reading.kind.value if reading.kind else None,
        "cycle": reading.cycle,
        "participant": reading.participant,
        "version": version,
    }
    is_of_items = reading.kind is not None and not FORMS[reading.kind].is_schedule
    told |= {"items": reading.items} if is_of_items else {"rows": reading.rows}
    return told | {
        "particulars": reading.particulars,
        "unmapped": reading.unmapped,
        "findings": [finding.as_dict() for finding in verdict.findings],
    }
