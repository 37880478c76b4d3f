"""What `peer-challenge intake` and `watch` do."""

import logging
import time
from datetime import UTC, datetime

from cli.terminal import console, make_text_table, show_progress
from peer_challenge.errors import PeerChallengeError
from peer_challenge.intake.inbox import Left
from peer_challenge.intake.take_in import Taken, start_worker_processes, take_in_ready_documents
from peer_challenge.model.sentences import name_in_plain_words, say_how_many
from peer_challenge.outbox.advance import AlreadyAdvancing, advance_challenges
from peer_challenge.register.database import Register
from peer_challenge.settings import Settings
from peer_challenge.system.logging_without_content import describe_error

_PATIENCE_SECONDS = 15.0
_AT_A_TURN = 100
_MOST_LEFT = 50
log = logging.getLogger("peer_challenge.watcher")


def take_once(settings: Settings, register: Register, at: datetime) -> None:
    """Take in everything that is in the inbox now, waiting a little for what is still arriving."""
    until = time.monotonic() + _PATIENCE_SECONDS
    count = 0
    while True:
        with show_progress("Reading documents") as bar:
            taken = take_in_ready_documents(register, settings, at, progress=bar)
        count += len(taken.table)
        _print_taken_in(settings, taken)
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
            done = advance_challenges(register, settings, at, progress=bar)
    except AlreadyAdvancing:
        return
    if done.issued:
        count = len(done.issued)
        what = say_how_many(count, "dispatch", "dispatches")
        console.print(f"{what} went out to {settings.outbox_folder}.", highlight=False)


def _print_taken_in(settings: Settings, taken: Taken) -> None:
    if taken.table.empty:
        return
    listed = make_text_table("Document", "Kind", "Area", "Version", "Outcome", "Questions", "Warnings")
    for name, row in zip(taken.names, taken.table.itertuples(), strict=True):
        listed.add_row(
            name,
            name_in_plain_words(row.kind),
            row.participant,
            str(row.version or ""),
            row.outcome,
            str(row.queries or ""),
            str(row.warnings or ""),
        )
    console.print(listed)
    if (taken.table["outcome"] == "rejected").any():
        console.print(
            f"What was rejected is in {settings.rejected_folder}, each with the reason beside it.",
            highlight=False,
        )


def _print_left_files(left: tuple[Left, ...]) -> None:
    for file in left[:_MOST_LEFT]:
        console.print(f"Left in the inbox: {file.name} {file.why}. {file.remedy}", highlight=False)
    if len(left) > _MOST_LEFT:
        console.print(f"Left in the inbox: {len(left) - _MOST_LEFT} more.", highlight=False)


def keep_taking(settings: Settings, register: Register) -> None:
    """Take in what arrives until interrupted."""
    from peer_challenge.intake.watch import watch_for_arrivals
    from peer_challenge.system import logging_without_content

    logging_without_content.set_up_logging(settings.log_format)
    start_worker_processes(register, settings)  # so that the first document waits no longer than the others
    console.print(f"Watching {settings.inbox_folder}. Stop with Ctrl-C.", highlight=False)
    for _ in watch_for_arrivals(settings):
        while _take_in_some(settings, register):
            pass


def _take_in_some(settings: Settings, register: Register) -> bool:
    """Take in a part of what waits and answer it, so that many at once delay nobody's receipt for long.

    Returns whether more is ready. What fails now is tried again at the next turn: a watcher goes on.
    """
    at = datetime.now(UTC)
    try:
        taken = take_in_ready_documents(register, settings, at, most=_AT_A_TURN)
        if console.is_terminal:  # else it is a log, and names are never in one
            _print_taken_in(settings, taken)
        elif not taken.table.empty:
            log.info("%s documents taken in", len(taken.table))
        answer_now(settings, register, at)
    except (PeerChallengeError, OSError) as error:
        log.error("the inbox could not be taken in now; it is tried again: %s", describe_error(error))
        return False
    return bool(taken.more) and not taken.table.empty
