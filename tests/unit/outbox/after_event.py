"""An installation with one area whose event was held, for tests of what comes after it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.intake.take_in import take_in_ready_documents
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.vocabulary import DispatchKind, Kind, Stage
from peer_challenge.outbox.do_what_is_due import advance_and_deliver
from peer_challenge.register import challenges, frames, outbox, submissions
from peer_challenge.register import tables as t
from peer_challenge.register.cycles import store_cycle
from peer_challenge.register.database import Register, open_register
from peer_challenge.register.records import Dispatch, Submission
from peer_challenge.settings import Settings, load_settings
from tests.factories import a_challenger, a_cycle, a_region, some_items
from tests.migrated import make_installation

WHO = "ashcombe"
SUMMARY = datetime(2027, 5, 3, 9, tzinfo=UTC)
FIRST_DUE = date(2027, 8, 17)


@dataclass
class Office:
    """A register with one area whose record or plan is awaited, and its folders."""

    register: Register
    settings: Settings
    cycle: Cycle

    @property
    def which(self) -> str:
        return f"{self.cycle.id}/{WHO}"

    def stage(self) -> Stage:
        with self.register.reading() as connection:
            found = challenges.find_challenge(connection, self.which)
        assert found is not None
        return found.stage

    def due(self) -> date | None:
        with self.register.reading() as connection:
            return challenges.due_dates(connection, self.which).get("progress_report_due")

    def dates(self) -> dict[str, date]:
        with self.register.reading() as connection:
            return dict(challenges.due_dates(connection, self.which))

    def advance(self, at: datetime) -> None:
        advance_and_deliver(self.register, self.settings, at)

    def arrives(self, data: bytes, at: datetime) -> list[str]:
        """Take a document in; returns the codes of what was found, worst outcome first."""
        (self.settings.inbox_folder / "form.docx").write_bytes(data)
        taken = take_in_ready_documents(self.register, self.settings, at)
        self.advance(at)
        with self.register.reading() as connection:
            newest = max(row.id for row in submissions.list_versions(connection, self.cycle.id))
            codes = [finding.code for finding in frames.findings_of(connection, newest)]
        return [*taken.table["outcome"], *codes]

    def sent(self, kind: DispatchKind) -> list[Dispatch]:
        with self.register.reading() as connection:
            return outbox.list_issued(connection, self.cycle.id, (kind,))

    def form(self, review: int) -> bytes:
        """The report that the area fills in for a review, in the form that went out for it."""
        [sent] = [one for one in self.sent(DispatchKind.PROGRESS_REPORT_FORM) if one.review == review]
        data = (self.settings.outbox_folder / str(sent.path)).read_bytes()
        return a_region().fill(Kind.PROGRESS_REPORT, data, WHO, round=1, on=FIRST_DUE)

    def reports(self) -> list[Submission]:
        with self.register.reading() as connection:
            return submissions.list_progress_reports(connection, self.which)


def open_after_event(home: Path, stage: Stage = Stage.SUMMARISED, **rules: object) -> Office:
    """The one area in `stage`: its plan is awaited, or, where its event was only held, the Chair's record."""
    settings = load_settings(home, {"PEER_CHALLENGE_SETTLE_SECONDS": "0"})
    settings.make_folders()
    make_installation(settings)
    register, cycle = open_register(settings), a_cycle(4)
    cycle = cycle.model_copy(update={"rules": cycle.rules.model_copy(update=rules)})
    with register.writing() as connection:
        store_cycle(connection, cycle, shipped_frameworks()[cycle.framework], at=SUMMARY, actor="test")
        connection.execute(t.dispatches.update().values(state="cancelled"))
        for area in cycle.authors:
            if area.id != WHO:
                challenges.withdraw_challenge(
                    connection, f"{cycle.id}/{area.id}", "not in this test", at=SUMMARY, actor="test"
                )
        which = f"{cycle.id}/{WHO}"
        connection.execute(
            t.events.insert().values(
                challenge_id=which,
                chair_id=cycle.chairs[0].id,
                starts_at=SUMMARY - timedelta(days=7),
                ends_at=SUMMARY - timedelta(days=7, hours=-3),
                place="Online",
                sequence=0,
            )
        )
        connection.execute(
            t.challenges.update()
            .where(t.challenges.c.id == which)
            .values(
                stage=stage.value,
                challenger_id=a_challenger(cycle, WHO),
                paired_at=SUMMARY - timedelta(days=60),
                event_on=(SUMMARY - timedelta(days=7)).date(),
                event_held_on=(SUMMARY - timedelta(days=7)).date(),
                summary_issued_at=SUMMARY if stage is Stage.SUMMARISED else None,
            )
        )
        if stage is Stage.SUMMARISED:
            _store_record(connection, cycle, which)
        challenges.refresh_deadlines(connection, cycle, which)
    return Office(register, settings, cycle)


def _store_record(connection: object, cycle: Cycle, which: str) -> None:
    """The Chair's record that the plan answers."""
    inserted = connection.execute(  # type: ignore[attr-defined]
        t.submissions.insert().values(
            cycle_id=cycle.id,
            challenge_id=which,
            kind=Kind.CHAIR_RECORD.value,
            version=1,
            sha256="0" * 64,
            file_name="record.docx",
            size=1,
            received_at=SUMMARY,
            outcome="accepted",
            is_current=True,
        )
    )
    [number] = inserted.inserted_primary_key
    rows = some_items(a_region(), WHO).to_dict("records")
    connection.execute(  # type: ignore[attr-defined]
        t.agreed_items.insert(),
        [
            {
                "submission_id": number,
                "position": n,
                "address": f"{row['kind']}/{row['position']}",
                "kind": row["kind"],
                "subheading": row["subheading"],
                "text": row["text"],
                "consensus": "Yes",
            }
            for n, row in enumerate(rows, 1)
        ],
    )
