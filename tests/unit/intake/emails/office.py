"""An open cycle whose inbox gets emails, and questions about what became of them."""

from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa

from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.intake.take_in import take_in_ready_documents
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.vocabulary import Kind
from peer_challenge.register import tables as t
from peer_challenge.register.cycles import store_cycle
from peer_challenge.register.database import Register
from peer_challenge.settings import Settings
from tests.factories import a_cycle, a_filled

CYCLE = a_cycle(4)
AREA, OTHER = (area.id for area in CYCLE.participants[:2])
OPENED = datetime(2027, 1, 11, tzinfo=UTC)
AT = datetime(2027, 2, 10, 12, tzinfo=UTC)
PDF = b"%PDF-1.7 evidence"


def form(area: str = AREA, seed: int = 1) -> bytes:
    """A self-assessment filled in."""
    return a_filled(Kind.SELF_ASSESSMENT, area, seed=seed, areas=4, turn=1)


@dataclass
class Office:
    """An installation with an open cycle."""

    register: Register
    settings: Settings
    count: int = 0

    def take_in(self, *files: bytes, at: datetime = AT, name: str = "email.eml") -> list[dict[str, object]]:
        """Put files into the inbox, and take them in; the rows of the table that the intake gives."""
        for data in files:
            self.count += 1
            folder = self.settings.inbox_folder / f"{self.count:03}"
            folder.mkdir(parents=True)
            (folder / name).write_bytes(data)
        taken = take_in_ready_documents(self.register, self.settings, at)
        rows: list[dict[str, object]] = taken.table.to_dict("records")
        return rows

    def rows(self) -> list[sa.Row[tuple[object, ...]]]:
        """All submissions, in order."""
        with self.register.reading() as connection:
            return list(connection.execute(sa.select(t.submissions).order_by(t.submissions.c.id)))

    def findings(self, submission_id: int) -> dict[str, str]:
        """The findings of a submission: message by code."""
        query = sa.select(t.findings).where(t.findings.c.submission_id == submission_id)
        with self.register.reading() as connection:
            return {row.code: row.message for row in connection.execute(query)}

    def dispatches(self) -> list[tuple[str, str]]:
        """What is intended or sent: kind and recipient."""
        query = sa.select(t.dispatches.c.kind, t.dispatches.c.recipient_id).order_by(t.dispatches.c.id)
        with self.register.reading() as connection:
            return [(row.kind, row.recipient_id) for row in connection.execute(query)]

    def events(self) -> list[str]:
        """The journal's events."""
        with self.register.reading() as connection:
            return list(connection.scalars(sa.select(t.journal.c.event).order_by(t.journal.c.sequence)))


def open_cycle(register: Register, settings: Settings, cycle: Cycle = CYCLE) -> Office:
    """The office with its cycle just opened."""
    with register.writing() as connection:
        store_cycle(connection, cycle, shipped_frameworks()[cycle.framework], at=OPENED, actor="test")
    return Office(register, settings)
