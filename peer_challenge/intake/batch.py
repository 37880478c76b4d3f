"""A batch of documents and its way through intake: claimed, read, checked together, recorded one by one.

Each step may be tried again: what an attempt before had done is found, and is not done twice.
"""

import contextlib
import logging
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from peer_challenge.errors import PeerChallengeError
from peer_challenge.intake.case import Case, check_cases, open_case, refresh_case
from peer_challenge.intake.inbox import (
    Arrival,
    Inbox,
    Left,
    explain_os_errors,
    make_inbox_from_settings,
    name_as_text,
)
from peer_challenge.intake.kept_readings import load_reading
from peer_challenge.intake.ready_files import ReadyFiles
from peer_challenge.intake.record_document import (
    COLUMNS,
    Recorded,
    reason_text,
    record_document,
    row_of,
    short_hash,
)
from peer_challenge.model.findings import Finding
from peer_challenge.model.vocabulary import Outcome
from peer_challenge.register import journal, submissions
from peer_challenge.register.archive import Archive
from peer_challenge.register.database import Register
from peer_challenge.settings import Settings
from peer_challenge.submissions import checking_process

log = logging.getLogger(__name__)
MOST = 50
"""Documents of one batch: so few that two intakes share a full inbox, enough to be checked together."""


class ArchiveUnwritable(PeerChallengeError):
    """An original can't be kept, so nothing of it is taken in."""

    exit_code = 6
    remedy = "Free some space or correct the folder's permissions, then run `peer-challenge intake` again."


class Came(NamedTuple):
    """A document that came, in numbers: where it is below the folder of claims, its name in tables."""

    place: str
    document: str
    bytes: int


@dataclass(frozen=True, slots=True)
class _Claimed:
    """A claimed document that is to be recorded, with the hash of its original."""

    arrival: Arrival
    sha256: str

    @property
    def folder(self) -> Path:
        """The folder in the claim that holds it alone."""
        return self.arrival.path.parent

    def as_came(self) -> Came:
        """What may be told of it."""
        place = f"{self.folder.parent.name}/{self.folder.name}"
        return Came(place, short_hash(self.sha256), self.arrival.path.stat().st_size)


class Batch(contextlib.ExitStack):
    """The documents of one claim, in a `with`: what is not settled at its end stays for the next intake.

    `left` are the files that stayed in the inbox, with why; `names` what senders called the recorded ones,
    for the screen of whoever runs it.
    """

    def __init__(self, register: Register, settings: Settings, at: datetime) -> None:
        super().__init__()
        self._register = register
        self._at = at
        self._inbox: Inbox = make_inbox_from_settings(settings)
        self._archive = Archive(settings.archive_folder)
        self.left: list[Left] = []
        self.names: list[str] = []
        self._claimed: list[_Claimed] = []
        self._checked: list[tuple[_Claimed, Case, list[Finding]]] = []
        self._rows: list[dict[str, object]] = []

    def claim_files(self, ready: ReadyFiles, most: int = MOST) -> list[Came]:
        """Claim the next `most` of the `ready` files, and what a killed intake had claimed.

        Each original is archived before anything else. Returns what is to be read: no identical document
        that came before. Raises InboxUnusable and ArchiveUnwritable; then whatever
        was claimed is let go, and the next attempt claims it.
        """
        self.close()
        self._claimed, self.left = [], []
        paths = ready.next_batch(most)
        arrivals = self.enter_context(self._inbox.claim(paths, self.left.append))
        ready.note_claimed(len(paths))
        for arrival in arrivals:
            sha256 = self._keep_original(arrival)
            if sha256 and not self._is_repeat(arrival, sha256):
                self._claimed.append(_Claimed(arrival, sha256))
        return [one.as_came() for one in self._claimed]

    def check_documents(self) -> pd.DataFrame:
        """Find out where each document that was read belongs, and check all of them together.

        Returns what was found: a row each for a document and a code, with the columns document, code, times.
        """
        if self._claimed:
            checking_process.start_checking_process()
        with explain_os_errors("The folder of claims"):
            readings = [load_reading(one.folder) for one in self._claimed]
        with self._register.reading() as connection:
            cases = [open_case(connection, reading) for reading in readings]
        self._checked = list(zip(self._claimed, cases, check_cases(cases), strict=True))
        return _table_of_findings((case, found) for _, case, found in self._checked)

    def record_documents(self) -> pd.DataFrame:
        """Record each document with all that follows from it; returns a row (COLUMNS) for each."""
        while self._checked:
            claimed, case, found = self._checked[0]
            if case.reading.sha256 == claimed.sha256:
                self._rows.append(self._record(claimed.arrival, case, found))
                self.names.append(name_as_text(claimed.arrival.name))
            else:  # our own copy is damaged: it stays for the next time
                log.error("a claimed document is not what it was; it is tried again")
            del self._checked[0]
        return pd.DataFrame(self._rows, columns=list(COLUMNS), dtype=object)

    def _keep_original(self, arrival: Arrival) -> str | None:
        """Archive the original; None leaves the file for the next time."""
        try:
            data = arrival.path.read_bytes()
        except OSError:
            log.warning("a claimed document can't be read; it is tried again")
            return None
        return self._put_into_archive(data)

    def _put_into_archive(self, data: bytes) -> str:
        try:
            return self._archive.put(data)
        except OSError as error:
            raise ArchiveUnwritable(
                f"The archive can't be written to ({os.strerror(error.errno or 0)})."
            ) from None

    def _is_repeat(self, arrival: Arrival, sha256: str) -> bool:
        """The identical document again has no second effect, unless it was rejected before."""
        with self._register.reading() as connection:
            before = submissions.taken_in_before(connection, sha256)
        if before is None:
            return False
        with self._register.writing() as connection:
            journal.append_entry(
                connection,
                "document arrived again",
                at=self._at,
                cycle_id=before.cycle_id,
                challenge_id=before.challenge_id,
                submission=before.id,
            )
        self._inbox.finish(arrival)
        return True

    def _record(self, arrival: Arrival, case: Case, found: Sequence[Finding]) -> dict[str, object]:
        with self._register.writing() as connection:
            if not self._archive.path_of(case.reading.sha256).exists():  # purged since we kept it
                with explain_os_errors("The folder of claims"):
                    data = arrival.path.read_bytes()
                self._put_into_archive(data)
            case = refresh_case(connection, case)
            result: Recorded = record_document(connection, case, found, arrival.name, self._at)
        if result.outcome is Outcome.REJECTED:
            self._inbox.reject(arrival, reason_text(result.findings))
        else:
            self._inbox.finish(arrival)
        return row_of(case.reading, result)


def _table_of_findings(checked: Iterable[tuple[Case, Sequence[Finding]]]) -> pd.DataFrame:
    codes = [
        (short_hash(case.reading.sha256), finding.code)
        for case, found in checked
        for finding in (*case.reading.findings, *found)
    ]
    table = pd.DataFrame(codes, columns=["document", "code"])
    return table.value_counts(sort=False).rename("times").reset_index()
