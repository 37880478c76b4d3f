"""A batch of documents and its way through intake: claimed, read, checked together, recorded one by one.

Each step may be tried again: what an attempt before had done is found, and is not done twice.
"""

import contextlib
import logging
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from peer_challenge.errors import PeerChallengeError
from peer_challenge.intake.batches_to_take import ReadyFiles
from peer_challenge.intake.case import Case, check_cases, open_case, refresh_case
from peer_challenge.intake.emails.prepare_files import Delivered
from peer_challenge.intake.inbox import (
    Arrival,
    Inbox,
    Left,
    explain_os_errors,
    make_inbox_from_settings,
    name_as_text,
)
from peer_challenge.intake.kept_readings import load_readings
from peer_challenge.intake.record_document import (
    COLUMNS,
    Recorded,
    reason_text,
    record_document,
    row_of,
    short_hash,
)
from peer_challenge.intake.same_file_again import finish_repeat, note_repeat
from peer_challenge.model.findings import Finding
from peer_challenge.model.vocabulary import Outcome
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


@dataclass(slots=True, eq=False)
class _Claimed:
    """A claimed file whose documents are to be recorded, with the hash of its original.

    `waiting` are how many of them are not recorded yet; `refused` says why some were not taken in.
    """

    arrival: Arrival
    sha256: str
    waiting: int = 0
    refused: list[str] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        """The folder in the claim that holds it alone."""
        return self.arrival.path.parent

    def as_came(self) -> Came:
        """What may be told of it."""
        place = f"{self.folder.parent.name}/{self.folder.name}"
        return Came(place, short_hash(self.sha256), self.arrival.path.stat().st_size)


class _Checked(NamedTuple):
    """A document that was read and checked: its file, what it is called, and the rules that it breaks."""

    claimed: _Claimed
    name: str
    case: Case
    found: list[Finding]

    @property
    def shown_name(self) -> str:
        """What the sender called it, for a screen."""
        own, outer = name_as_text(self.name), name_as_text(self.claimed.arrival.name)
        return own if own == outer else f"{own} in {outer}"


class Batch(contextlib.ExitStack):
    """The documents of one claim, in a `with`: what is not settled at its end stays for the next intake.

    `left` are the files that stayed in the inbox, with why; `names` what senders called the recorded ones,
    for the screen of the person who runs it.
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
        self._checked: list[_Checked] = []
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
            if sha256 and not finish_repeat(self._register, self._inbox, arrival, sha256, self._at):
                self._claimed.append(_Claimed(arrival, sha256))
        return [one.as_came() for one in self._claimed]

    def check_documents(self) -> pd.DataFrame:
        """Find out where each document that was read belongs, and check all of them together.

        Returns what was found: a row each for a document and a code, with the columns document, code, times.
        """
        if self._claimed:
            checking_process.start_checking_process()
        with explain_os_errors("The folder of claims"):
            delivered = [(one, document) for one in self._claimed for document in load_readings(one.folder)]
        delivered.sort(
            key=lambda pair: self._find_sent_at(pair[1])
        )  # it stays the later version that was sent later
        with self._register.reading() as connection:
            cases = [open_case(connection, document.reading, document.origin) for _, document in delivered]
        found = check_cases(cases)
        self._checked = [
            _Checked(claimed, document.name, case, rules)
            for (claimed, document), case, rules in zip(delivered, cases, found, strict=True)
        ]
        for one in self._claimed:
            one.waiting = sum(checked.claimed is one for checked in self._checked)
        return _table_of_findings(self._checked)

    def record_documents(self) -> pd.DataFrame:
        """Record each document with all that follows from it; returns a row (COLUMNS) for each.

        A file leaves the claim once all that came in it is recorded.
        """
        while self._checked:
            checked = self._checked[0]
            if self._is_whole(checked):
                self._record(checked)
            else:  # our own copy is damaged: it stays for the next time
                log.error("a claimed document is not what it was; it is tried again")
                self._checked = [one for one in self._checked if one.claimed is not checked.claimed]
                continue
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

    def _find_sent_at(self, document: Delivered) -> datetime:
        """When a document was sent by its email, for the order in which documents are recorded."""
        envelopes = document.origin.envelopes if document.origin is not None else ()
        sent = [datetime.fromisoformat(one.sent_at) for one in envelopes if one.sent_at]
        return min([*sent[:1], self._at])

    def _is_whole(self, checked: _Checked) -> bool:
        """Whether what was read is what we keep: the claimed file, or a document that is in the archive."""
        case, claimed = checked.case, checked.claimed
        if case.origin is None or case.reading.sha256 == case.origin.sha256:
            return case.reading.sha256 == claimed.sha256
        return case.origin.sha256 == claimed.sha256 and self._archive.holds(case.reading.sha256)

    def _record(self, checked: _Checked) -> None:
        """Record one document, unless it was taken in before; the last one of a file settles the file."""
        claimed, case = checked.claimed, checked.case
        is_in_email = case.origin is not None and case.reading.sha256 != claimed.sha256
        if not (is_in_email and note_repeat(self._register, case.reading.sha256, case, self._at)):
            with self._register.writing() as connection:
                self._keep_again(claimed)
                case = refresh_case(connection, case)
                result: Recorded = record_document(connection, case, checked.found, checked.name, self._at)
            if result.outcome is Outcome.REJECTED:
                claimed.refused.append(reason_text(result.findings))
            self._rows.append(row_of(case.reading, result))
            self.names.append(checked.shown_name)
        claimed.waiting -= 1
        if claimed.waiting <= 0:
            self._settle(claimed)

    def _keep_again(self, claimed: _Claimed) -> None:
        """Archive the original of a file once more where it was purged since we kept it."""
        if not self._archive.holds(claimed.sha256):
            with explain_os_errors("The folder of claims"):
                data = claimed.arrival.path.read_bytes()
            self._put_into_archive(data)

    def _settle(self, claimed: _Claimed) -> None:
        if claimed.refused:
            self._inbox.reject(claimed.arrival, "\n".join(dict.fromkeys(claimed.refused)))
        else:
            self._inbox.finish(claimed.arrival)


def _table_of_findings(checked: Iterable[_Checked]) -> pd.DataFrame:
    codes = [
        (short_hash(one.case.reading.sha256), finding.code)
        for one in checked
        for finding in (*one.case.reading.findings, *one.found)
    ]
    table = pd.DataFrame(codes, columns=["document", "code"])
    return table.value_counts(sort=False).rename("times").reset_index()
