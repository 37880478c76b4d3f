"""Checks documents without changing anything, for the `check` command."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.errors import NotMigrated
from peer_challenge.intake.case import Case, Place, check_cases, open_case
from peer_challenge.intake.emails.email_forms import EmailOrigin
from peer_challenge.intake.emails.prepare_files import Delivered, PreparedFile, prepare_file
from peer_challenge.intake.emails.sender_of_form import choose_message, list_office_addresses
from peer_challenge.intake.read_claimed import load_known_from_register, make_reading_limits
from peer_challenge.model.challenge_ids import make_challenge_id
from peer_challenge.model.vocabulary import Kind
from peer_challenge.register import submissions
from peer_challenge.register.database import Register, Transaction, open_register
from peer_challenge.settings import Settings
from peer_challenge.submissions import checking_process
from peer_challenge.submissions.judge import Verdict, judge_document
from peer_challenge.word.answers.prompts import is_placeholder
from peer_challenge.word.answers.reading import Reading
from peer_challenge.word.form.forms import FORMS
from peer_challenge.word.form.known_before_reading import Known
from peer_challenge.word.process.reader_pool import Readers

_BATCH = 50
"""As many as a batch of intake: checked together they cost little more than one, and answers come soon."""


def check_files(files: Sequence[Path], settings: Settings) -> Iterator[dict[str, Any]]:
    """What is found in each file, in the order given, with the keys of `check --json`.

    For an email that is one mapping for each form in it, with the key `email` (from, sent_at, subject).

    Documents of a cycle in this installation's register are checked by its rules, others by the
    defaults.
    """
    checking_process.start_checking_process()
    register = _register_if_any(settings)
    known = _load_known(register, settings)
    try:
        with Readers(known, limits=make_reading_limits(settings)) as readers:
            for start in range(0, len(files), _BATCH):
                found = _read_batch(files[start : start + _BATCH], readers, settings)
                yield from _tell_batch(found, register)
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


def _read_batch(files: Sequence[Path], readers: Readers, settings: Settings) -> list[tuple[Path, Delivered]]:
    """What was read of each file: one document, or each form of an email."""
    prepared, limits = list[PreparedFile](), make_reading_limits(settings)

    def list_documents() -> Iterator[tuple[str, bytes]]:
        for path in files:
            prepared.append(prepare_file(path.name, path.read_bytes(), limits))
            yield from prepared[-1].documents()

    readings = iter(list(readers.read_each(list_documents())))
    return [
        (path, one)
        for path, file in zip(files, prepared, strict=True)
        for one in file.deliver(list(islice(readings, file.count)))
    ]


def _tell_batch(
    found: Sequence[tuple[Path, Delivered]], register: Register | None
) -> Iterator[dict[str, Any]]:
    versions: list[int | None] = [None for _ in found]
    cases = [Case(one.reading, None, Place(), None, 0, one.origin) for _, one in found]
    office: list[frozenset[str]] = [frozenset() for _ in found]
    if register is not None:
        with register.reading() as connection:
            cases = [open_case(connection, one.reading, one.origin) for _, one in found]
            versions = [_find_case_version(connection, case) for case in cases]
            office = [list_office_addresses(connection, case.place.cycle) for case in cases]
    checks = check_cases(cases)
    for (file, _), case, checked, version, own in zip(found, cases, checks, versions, office, strict=True):
        told = build_check_report(
            file, case.reading, judge_document(case.reading, case.context, checked), version
        )
        yield told | _tell_email(case.origin, own)


def _tell_email(origin: EmailOrigin | None, office: Collection[str]) -> dict[str, Any]:
    """What the email of a form says of itself, under the key `email`; nothing for any other file."""
    if origin is None:
        return {}
    said = choose_message(origin, office)
    return {"email": {"from": said.sender, "sent_at": said.sent_at or None, "subject": said.subject}}


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
        connection, make_challenge_id(reading.cycle or "", reading.participant or ""), kind, reading.review
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
