"""Intake: from files in the inbox to entries in the register. Nothing leaves the inbox before.

Safe to run at any time, twice, by two workers, and to be killed anywhere: a file is archived,
then recorded with all that follows from it in one transaction, and only then taken away. The steps are
those of a batch; the intake flow takes them one by one as tasks of Prefect.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import pandas as pd

from peer_challenge.intake.batch import MOST, Batch
from peer_challenge.intake.batches_to_take import ReadyFiles
from peer_challenge.intake.emails import opening_process
from peer_challenge.intake.inbox import Left, make_inbox_from_settings
from peer_challenge.intake.read_claimed import load_known_from_register, make_reading_limits, read_claimed
from peer_challenge.intake.record_document import COLUMNS
from peer_challenge.register.database import Register
from peer_challenge.settings import Settings
from peer_challenge.submissions import checking_process
from peer_challenge.word.process import shared_pool

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Taken:
    """What one intake did: `table` has the columns COLUMNS, `left` the files that stay for now.

    `names` are the files' names, a row each: for the screen of the person who runs it, never for a log.
    """

    table: pd.DataFrame
    left: tuple[Left, ...]
    names: tuple[str, ...] = field(default=(), repr=False)


def start_worker_processes(register: Register, settings: Settings) -> None:
    """Start the processes that the first intake would otherwise wait for.

    One checks documents, one reads them, and one opens emails.
    """
    checking_process.start_checking_process()
    opening_process.start_opening_process()
    shared_pool.start_reading_child(
        load_known_from_register(register, settings), make_reading_limits(settings)
    )


def take_in_ready_documents(
    register: Register,
    settings: Settings,
    at: datetime,
    *,
    progress: Progress = lambda done, total: None,
    ready: ReadyFiles | None = None,
    then: Callable[[], object] = lambda: None,
) -> Taken:
    """Take in what is ready in the inbox, in batches; `at` is when it is received.

    `ready` are files that were found before; `then` is called after every batch, to answer it.
    """
    ready = ready or ReadyFiles(make_inbox_from_settings(settings))
    total = ready.look()
    tables, names, left = [pd.DataFrame(columns=list(COLUMNS), dtype=object)], list[str](), list[Left]()
    while True:
        with Batch(register, settings, at) as batch:
            read_claimed(register, settings, [came.place for came in batch.claim_files(ready)])
            batch.check_documents()
            tables.append(batch.record_documents())
        names += batch.names
        left += batch.left
        then()
        progress(min(len(tables[1:]) * MOST, total), total)
        if not ready.is_more:
            break
    filled = [table for table in tables if len(table)] or tables[:1]
    return Taken(pd.concat(filled, ignore_index=True), (*ready.left, *left), tuple(names))
