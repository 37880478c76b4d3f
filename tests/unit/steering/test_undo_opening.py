"""Taking back that a cycle was opened: it is a draft again, until something has gone out or come in."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from cli.main import main
from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.cycle_file.write_cycle_file import entries_of_cycle
from peer_challenge.errors import WrongUse
from peer_challenge.intake.take_in import take_in_ready_documents
from peer_challenge.model.access import Access
from peer_challenge.model.messages import Delivery
from peer_challenge.model.vocabulary import Kind
from peer_challenge.operations.retention import change_legal_hold
from peer_challenge.outbox.do_what_is_due import advance_and_deliver
from peer_challenge.partners import proposals
from peer_challenge.register import challenges, delete_cycle, drafts, people
from peer_challenge.register import tables as t
from peer_challenge.register.cycles import is_cycle_stored, load_stored
from peer_challenge.register.database import Register, open_register
from peer_challenge.register.drafts import CycleDraft
from peer_challenge.register.work_out import ChangedMeanwhile
from peer_challenge.settings import Settings
from peer_challenge.steering import keep_notes
from peer_challenge.steering.draft_cycle import begin_draft
from peer_challenge.steering.open_cycle import open_draft
from peer_challenge.steering.undo_opening import (
    can_opening_be_undone,
    describe_undoing_opening,
    undo_opening,
)
from tests.factories import a_cycle, a_filled
from tests.migrated import make_installation
from tests.web.world import day

CYCLE = a_cycle(4)
ID = CYCLE.id
ENTRIES = entries_of_cycle(CYCLE)
AT = day(1, 11)
DRAFTS, FOLDER, SEND = Delivery.DRAFTS, Delivery.FOLDER, Delivery.SEND


class Office:
    """An office without a cycle, whose messages leave in one way."""

    def __init__(self, home: Path, delivery: Delivery) -> None:
        self.settings = Settings(
            home=home, settle_seconds=0, delivery=delivery, hold_new_addresses=delivery is SEND
        )
        make_installation(self.settings)
        self.register: Register = open_register(self.settings)

    def open(self) -> None:
        number = begin_draft(self.register, ENTRIES, at=AT, actor="office")
        open_draft(self.register, number, shipped_frameworks(), seen=1, at=AT, actor="office")

    def send(self) -> None:
        advance_and_deliver(self.register, self.settings, AT)

    def undo(self, *, is_nothing_sent: bool = False, reason: str = "a wrong day") -> int:
        return undo_opening(
            self.register,
            self.settings,
            ID,
            reason=reason,
            is_nothing_sent=is_nothing_sent,
            at=AT,
            actor="office",
        )

    def files(self) -> list[Path]:
        return [path for path in self.settings.outbox_folder.rglob("*") if path.is_file()]

    def count(self, table: sa.Table) -> int:
        with self.register.reading() as connection:
            return connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Callable[[Delivery], Office]]:
    made: list[Office] = []

    def make_office(delivery: Delivery) -> Office:
        made.append(Office(tmp_path / "home", delivery))
        made[-1].open()
        return made[-1]

    yield make_office
    for office in made:
        office.register.close()


@pytest.mark.parametrize("was_made", [False, True])
def test_an_opening_is_taken_back_and_the_cycle_can_be_opened_again(
    make: Callable[[Delivery], Office], was_made: bool
) -> None:
    office = make(SEND)  # every address is new: the messages are on hold
    if was_made:
        office.send()
        assert office.files()
    with office.register.reading() as connection:
        opened, _ = load_stored(connection, ID)
        found = describe_undoing_opening(connection, ID)
        assert can_opening_be_undone(connection, ID)
    assert found.drafts == 0 and any("8 documents" in told for told in found.told)
    number = office.undo()
    with office.register.reading() as connection:
        assert not is_cycle_stored(connection, ID)
        draft = drafts.load_draft(connection, number, CycleDraft)
        details = connection.scalar(
            sa.select(t.journal.c.details).where(t.journal.c.event == "opening undone")
        )
    assert draft is not None and draft.entries == ENTRIES
    assert details == {"draft": number, "documents": 8, "reason": "a wrong day"}
    assert not office.files()
    assert not any(office.count(table) for table in (t.dispatches, t.messages, t.challenges, t.deadlines))
    again = open_draft(office.register, number, shipped_frameworks(), seen=1, at=AT, actor="office")
    assert again == opened
    office.send()
    assert office.count(t.dispatches) == 8 and len(office.files()) == 8


def test_drafts_count_as_sent_until_the_office_says_that_none_was(make: Callable[[Delivery], Office]) -> None:
    office = make(DRAFTS)
    office.send()
    with office.register.reading() as connection:
        assert describe_undoing_opening(connection, ID).drafts == 4
    with pytest.raises(WrongUse, match="you have not said that none was sent") as refused:
        office.undo()
    assert refused.value.about == "is_nothing_sent" and "tick “No draft was sent”" in refused.value.remedy
    assert len(office.files()) == 8 + 4
    office.undo(is_nothing_sent=True)
    assert not office.files()


def mark_first_as_sent(office: Office) -> None:
    with office.register.writing() as connection:
        first = sa.select(sa.func.min(t.messages.c.id)).scalar_subquery()
        connection.execute(t.messages.update().where(t.messages.c.id == first).values(state="sent"))


def take_a_form_in(office: Office) -> None:
    form = a_filled(Kind.SELF_ASSESSMENT, CYCLE.authors[0].id, areas=4, turn=1)
    (office.settings.inbox_folder / "form.docx").write_bytes(form)
    take_in_ready_documents(office.register, office.settings, AT)


def let_somebody_sign_in(office: Office) -> None:
    with office.register.writing() as connection:
        area = CYCLE.authors[0].id
        people.add_person(
            connection,
            "a@example.org",
            "A",
            Access.PARTICIPANT,
            at=AT,
            actor="x",
            cycle_id=ID,
            participant_id=area,
        )


def hold_legally(office: Office) -> None:
    change_legal_hold(office.register, ID, "an inquiry", at=AT, actor="office", lift=False)


TOO_LATE: dict[str, tuple[Delivery, Callable[[Office], None], str]] = {
    "sent": (DRAFTS, mark_first_as_sent, "went out"),
    "in shared folders": (FOLDER, lambda office: None, "went out"),
    "a form came": (SEND, take_a_form_in, "a document has come in"),
    "an account": (SEND, let_somebody_sign_in, "somebody of this cycle can sign in"),
    "a legal hold": (SEND, hold_legally, "under legal hold"),
}


@pytest.mark.parametrize("case", TOO_LATE)
def test_an_opening_stays_once_something_has_gone_out_or_come_in(
    make: Callable[[Delivery], Office], case: str
) -> None:
    way, happens, why = TOO_LATE[case]
    office = make(way)
    office.send()
    happens(office)
    files = office.files()
    with pytest.raises(WrongUse, match=why) as refused:
        office.undo(is_nothing_sent=True)
    assert "close the cycle" in refused.value.remedy
    with office.register.reading() as connection:
        assert not can_opening_be_undone(connection, ID) and is_cycle_stored(connection, ID)
    assert office.files() == files


def test_nothing_is_taken_back_without_a_reason_or_while_documents_are_made(
    make: Callable[[Delivery], Office],
) -> None:
    office = make(SEND)
    with pytest.raises(WrongUse, match="reason"):
        office.undo(reason=" ")
    with office.register.exclusive("advance") as is_ours, pytest.raises(ChangedMeanwhile):
        assert is_ours
        office.undo()
    with office.register.reading() as connection:
        assert is_cycle_stored(connection, ID)


def test_what_the_office_did_since_is_told_as_lost(make: Callable[[Delivery], Office]) -> None:
    office = make(SEND)
    with office.register.writing() as connection:
        challenge = challenges.list_challenges_in_cycle(connection, ID)[0]
        keep_notes.write_note(connection, challenge, "Rang.", None, at=AT, actor="office")
    proposals.propose_for(office.register, CYCLE, AT)
    with office.register.reading() as connection:
        told = describe_undoing_opening(connection, ID).told
    assert any("You lose what you did since" in one and "notes" in one for one in told)
    office.undo()
    assert office.count(t.challenge_notes) == 0


def test_every_table_that_names_a_cycle_goes_with_it_or_keeps_it() -> None:
    naming = {
        table.name
        for table in t.metadata.sorted_tables
        for column in table.c
        for key in column.foreign_keys
        if key.column.table.name in ("cycles", "challenges", "dispatches", "messages")
    }
    gone = {table.name for table in delete_cycle.DELETED_WITH_CYCLE}
    assert naming == gone | set(delete_cycle.KEEPING_A_CYCLE)
    assert not gone & set(delete_cycle.KEEPING_A_CYCLE)
    assert set(delete_cycle.TELLING_WHAT_IS_LOST) <= gone


def test_the_command_line_takes_an_opening_back(
    make: Callable[[Delivery], Office], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    office = make(DRAFTS)
    office.send()
    (office.settings.home / "settings.toml").write_text('delivery = "drafts"\n')

    def ends(*arguments: str) -> int:
        called = ["peer-challenge", "undo-opening", ID, *arguments, "--home", str(office.settings.home)]
        monkeypatch.setattr(sys, "argv", called)
        with pytest.raises(SystemExit) as ended:
            main()
        return int(ended.value.code or 0)

    assert ends("--reason", "a wrong day") == 64
    told = capsys.readouterr()
    assert "not sent, and removed" in told.out and "--nothing-sent" in told.out and "--yes" in told.err
    assert ends("--reason", "a wrong day", "--yes") == 64
    assert ends("--reason", "a wrong day", "--yes", "--nothing-sent") == 0
    with office.register.reading() as connection:
        assert not is_cycle_stored(connection, ID)
