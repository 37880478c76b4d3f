"""What `peer-challenge intake` does."""

import time
from datetime import datetime

from cli.terminal import console, make_text_table, show_progress
from peer_challenge.intake.inbox import Left
from peer_challenge.intake.record_document import short_hash
from peer_challenge.intake.take_in import Taken, take_in_ready_documents
from peer_challenge.model.sentences import name_in_plain_words, say_how_many
from peer_challenge.model.vocabulary import Outcome, Severity
from peer_challenge.outbox.do_what_is_due import AlreadyAdvancing, advance_and_deliver
from peer_challenge.register import listings
from peer_challenge.register.database import Register
from peer_challenge.settings import Settings

_PATIENCE_SECONDS = 15.0
"""Longer than the ten seconds after which a file that seems cut short is taken anyway (still_arriving.py)."""
_MOST_LEFT = 50
"""Lines: the inbox may hold thousands of other files; the last line says how many more."""


def take_once(settings: Settings, register: Register, at: datetime) -> None:
    """Take in everything that is in the inbox now, waiting a little for what is still arriving."""
    until = time.monotonic() + _PATIENCE_SECONDS
    count = 0
    while True:
        with show_progress("Reading documents") as bar:
            taken = take_in_ready_documents(register, settings, at, progress=bar)
        count += len(taken.table)
        _print_taken_in(settings, register, taken)
        is_arriving = any(file.is_arriving for file in taken.left)
        if not is_arriving or time.monotonic() > until:
            break
    answer_now(settings, register, at)
    if not count:
        console.print(f"Nothing new in {settings.inbox_folder}.", highlight=False)
    _print_left_files(taken.left)


def answer_now(settings: Settings, register: Register, at: datetime) -> None:
    """Send what goes back, unless another process is doing so."""
    try:
        with show_progress("Dispatches") as bar:
            done = advance_and_deliver(register, settings, at, progress=bar)
    except AlreadyAdvancing:
        return
    if done.issued:
        count = len(done.issued)
        what = say_how_many(count, "dispatch", "dispatches")
        console.print(f"{what} went out to {settings.outbox_folder}.", highlight=False)


def _print_taken_in(settings: Settings, register: Register, taken: Taken) -> None:
    if taken.table.empty:
        return
    listed = make_text_table("Document", "Kind", "Area", "Version", "Outcome", "Questions", "Warnings")
    for name, row in zip(taken.names, taken.table.itertuples(), strict=True):
        listed.add_row(
            name,
            name_in_plain_words(str(row.kind)),
            str(row.participant),
            str(row.version or ""),
            str(row.outcome),
            str(row.queries or ""),
            str(row.warnings or ""),
        )
    console.print(listed)
    if (taken.table["outcome"] == "rejected").any():
        _print_why_rejected(register, taken)
        console.print(
            f"What was rejected is in {settings.rejected_folder}, each with the reason beside it.",
            highlight=False,
        )


def _print_why_rejected(register: Register, taken: Taken) -> None:
    """Print why each rejected document was not taken in, and what its sender can do."""
    rejected = {
        str(row.document): name
        for name, row in zip(taken.names, taken.table.itertuples(), strict=True)
        if row.outcome == Outcome.REJECTED.value
    }
    with register.reading() as connection:
        newest = listings.list_submissions(
            connection, 1, outcome=Outcome.REJECTED.value, size=len(rejected) + _MOST_LEFT
        ).rows
        findings = listings.findings_of(connection, [row.id for row in newest])
    for row in newest:
        name = rejected.pop(short_hash(row.sha256), None)
        why = next((one for one in findings.get(row.id, ()) if one.severity == Severity.REJECT), None)
        if name and why:
            console.print(f"Rejected: {name}. {why.message} {why.remedy}", highlight=False, markup=False)


def _print_left_files(left: tuple[Left, ...]) -> None:
    for file in left[:_MOST_LEFT]:
        console.print(f"Left in the inbox: {file.name} {file.why}. {file.remedy}", highlight=False)
    if len(left) > _MOST_LEFT:
        console.print(f"Left in the inbox: {len(left) - _MOST_LEFT} more.", highlight=False)
