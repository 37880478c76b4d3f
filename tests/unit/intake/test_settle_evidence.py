"""What becomes of files that come with a self-assessment, by the ways and the order in which they come."""

import io
import struct
import zipfile
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from peer_challenge.evidence import checking_process
from peer_challenge.evidence.checked_file import CheckedFile
from peer_challenge.evidence.zip_files import list_files_beside
from peer_challenge.intake import batch
from peer_challenge.intake import settle_evidence as settling
from peer_challenge.intake.take_in import take_in_ready_documents
from peer_challenge.model.vocabulary import DispatchKind as D
from peer_challenge.model.vocabulary import Kind, Stage
from peer_challenge.model.whose_document import Candidate
from peer_challenge.outbox import do_what_is_due
from peer_challenge.outbox.do_what_is_due import advance_challenges
from peer_challenge.register import challenges, evidence, outbox, submissions
from peer_challenge.register import tables as t
from peer_challenge.register.database import Register
from peer_challenge.register.evidence import EvidenceFile
from peer_challenge.settings import Settings
from peer_challenge.steering.decide_evidence import decide_about_file
from peer_challenge.steering.identify_submission import identify_submission, reject_as_nobodys
from peer_challenge.system.bounded_work import ChildLost, TooMuchWork
from peer_challenge.word.package.reading_limits import Limits
from tests import changed_forms as changed
from tests.unit.evidence.files import a_pdf, a_word_document
from tests.unit.intake.emails.office import AREA, AT, CYCLE, OTHER, Office, form, open_cycle
from tests.unit.outbox.test_evidence import a_zip, an_email

PASSING_ON = CYCLE.model_copy(
    update={
        "rules": CYCLE.rules.model_copy(
            update={"evidence_goes_with_pack": True, "look_before_sending": False}
        )
    }
)
CONTACT = next(one.email for one in CYCLE.participant[AREA].contacts if one.email)
NAMES = {area.id: area.name for area in CYCLE.participants}
AUDIT, BOARD, PLAN = (a_pdf(f"We {did} in the hub last year.") for did in ("audited", "met", "planned"))


@pytest.fixture
def office(register: Register, settings: Settings) -> Office:
    return open_cycle(register, settings, PASSING_ON)


def settle(office: Office, at: datetime = AT) -> int:
    return settling.settle_evidence(office.register, office.settings, at)


def files_of(office: Office, area: str = AREA) -> list[EvidenceFile]:
    with office.register.reading() as connection:
        return evidence.list_of_challenge(connection, f"{CYCLE.id}/{area}")


def reasons(office: Office, area: str = AREA) -> list[tuple[str, str | None]]:
    return [(one.name, one.refusal) for one in files_of(office, area)]


def going(office: Office, area: str = AREA) -> list[str]:
    """The names of the files that are passed on with an area's form."""
    with office.register.reading() as connection:
        challenge = challenges.find_challenge(connection, f"{CYCLE.id}/{area}")
        assert challenge is not None
        return [one.name for one in evidence.list_passed_on(connection, challenge)]


def numbers_going(office: Office) -> list[int]:
    """The numbers of the files that are passed on."""
    with office.register.reading() as connection:
        challenge = challenges.find_challenge(connection, f"{CYCLE.id}/{AREA}")
        assert challenge is not None
        return [one.number for one in evidence.list_passed_on(connection, challenge)]


def receipts(office: Office, area: str = AREA) -> int:
    """How many receipts have gone to an area."""
    with office.register.reading() as connection:
        return len(
            [d for d in outbox.list_issued(connection, CYCLE.id, [D.RECEIPT]) if d.recipient_id == area]
        )


def send(office: Office, seed: int, *files: tuple[str, bytes], area: str = AREA) -> None:
    """Take in an email with a form and files."""
    office.take_in(an_email(("form.docx", form(area, seed)), *files))


def in_doubt(area: str = OTHER, named: str = AREA) -> bytes:
    """A form of an area whose title names another."""
    return changed.retitled(form(area), NAMES[area], NAMES[named])


def decide(office: Office, file: EvidenceFile, *, is_passed_on: bool) -> None:
    with office.register.writing() as connection:
        row = submissions.load_submission(connection, file.submission_id)
        decide_about_file(
            connection, file, row, "We read it", is_passed_on=is_passed_on, at=AT, actor="office"
        )


def test_a_file_that_the_office_withheld_stays_withheld_with_every_later_version(office: Office) -> None:
    send(office, 1, ("audit.pdf", AUDIT))
    settle(office)
    decide(office, files_of(office)[0], is_passed_on=False)
    for seed in (2, 3):
        send(office, seed, ("audit.pdf", AUDIT))
        settle(office)
    assert [one.refusal for one in files_of(office)] == ["withheld"] * 3
    assert going(office) == []


def test_a_file_that_comes_after_the_event_is_told_that_it_does_not_go(office: Office) -> None:
    send(office, 1, ("audit.pdf", AUDIT))
    settle(office)
    with office.register.writing() as connection:
        connection.execute(t.challenges.update().values(stage=Stage.EVENT_HELD.value))
    send(office, 1, ("audit.pdf", AUDIT), ("board.pdf", BOARD))
    settle(office)
    assert reasons(office) == [("audit.pdf", None), ("board.pdf", "late")]


def test_an_earlier_try_of_the_same_form_is_no_other_areas(office: Office) -> None:
    send(office, 1, ("audit.pdf", AUDIT))
    with office.register.writing() as connection:
        row = dict(connection.execute(sa.select(t.submissions)).one()._mapping)
        tried = {"challenge_id": None, "outcome": "rejected", "is_current": False}
        connection.execute(t.submissions.insert().values(row | tried | {"id": 900}))
        link = dict(connection.execute(sa.select(t.email_submissions)).one()._mapping)
        connection.execute(t.email_submissions.insert().values(link | {"submission_id": 900}))
    settle(office)
    assert reasons(office) == [("audit.pdf", None)]


def test_a_file_that_comes_with_three_versions_goes_once(office: Office) -> None:
    for seed in (1, 2, 3):
        send(office, seed, ("audit.pdf", AUDIT))
        settle(office)
    assert [one.refusal for one in files_of(office)] == [None, "again", "again"]
    assert going(office) == ["audit.pdf"]


def test_what_comes_beside_a_form_in_doubt_waits_and_then_is_nobodys(office: Office) -> None:
    office.take_in(an_email(("a.docx", form()), ("b.docx", in_doubt()), ("about them.pdf", AUDIT)))
    settle(office)
    assert files_of(office) == []
    [held] = [row.id for row in office.rows() if row.held_since_at is not None]
    answer = Candidate(CYCLE.id, OTHER, Kind.SELF_ASSESSMENT)
    identify_submission(
        office.register, office.settings, held, answer, reason="They rang", at=AT, actor="office"
    )
    settle(office)
    assert reasons(office) == [("", "several")] and going(office) == []
    assert reasons(office, OTHER) == [("", "several")]


def test_what_comes_beside_a_form_that_nobody_could_place_is_nobodys(office: Office) -> None:
    office.take_in(an_email(("a.docx", form()), ("b.docx", in_doubt()), ("about them.pdf", AUDIT)))
    [held] = [row.id for row in office.rows() if row.held_since_at is not None]
    reject_as_nobodys(office.register, held, reason="Not ours", at=AT, actor="office")
    settle(office)
    assert reasons(office) == [("", "several")]


def test_files_wait_until_every_form_of_their_email_is_recorded(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    record, recorded = batch.record_document, list[object]()

    def die_after_one(*given: Any) -> Any:
        if recorded:
            raise RuntimeError("killed")
        recorded.append(given)
        return record(*given)

    with monkeypatch.context() as killed, pytest.raises(RuntimeError):
        killed.setattr(batch, "record_document", die_after_one)
        office.take_in(an_email(("a.docx", form()), ("b.docx", form(OTHER)), ("audit.pdf", AUDIT)))
    assert len(office.rows()) == 1 and not settling.has_unread(office.register)
    assert settle(office) == 0 and files_of(office) == []
    take_in_ready_documents(office.register, office.settings, AT)
    assert settle(office) == 2
    assert reasons(office) == reasons(office, OTHER) == [("", "several")]


def test_what_an_email_brings_while_files_are_checked_is_not_forgotten(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(office, 1, ("audit.pdf", AUDIT))
    check = checking_process.check_within_bounds

    def take_in_more(*given: Any) -> CheckedFile:
        monkeypatch.undo()
        send(office, 1, ("board.pdf", BOARD))
        return check(*given)

    monkeypatch.setattr(checking_process, "check_within_bounds", take_in_more)
    assert [settle(office), settle(office)] == [0, 1]
    assert reasons(office) == [("audit.pdf", None), ("board.pdf", None)]


def test_files_refused_for_their_email_are_checked_when_they_come_in_one_of_their_own(office: Office) -> None:
    office.take_in(an_email(("a.docx", form()), ("b.docx", form(OTHER)), ("audit.pdf", AUDIT)))
    advance_challenges(office.register, office.settings, AT)
    assert reasons(office) == [("", "several")] and receipts(office) == 1
    office.take_in(an_email(("a.docx", form()), ("audit.pdf", AUDIT)))
    advance_challenges(office.register, office.settings, AT)
    assert reasons(office) == [("audit.pdf", None)] and receipts(office) == 2
    assert reasons(office, OTHER) == [("", "several")]


def test_two_files_of_one_name_in_one_email_both_go_and_a_later_version_replaces_both(office: Office) -> None:
    send(office, 1, ("audit.pdf", AUDIT), ("AUDIT.pdf", BOARD), ("", PLAN))
    settle(office)
    assert going(office) == ["audit.pdf", "AUDIT.pdf", ""]
    send(office, 2, ("audit.pdf", a_pdf("We audited once more in the hub.")))
    settle(office)
    assert numbers_going(office) == [3, 4]


def test_a_file_that_comes_back_after_another_of_its_name_is_the_one_that_counts(office: Office) -> None:
    for seed, data in enumerate((AUDIT, BOARD, AUDIT), 1):
        send(office, seed, ("audit.pdf", data))
        settle(office)
    assert numbers_going(office) == [1]


def test_forgotten_attachments_are_checked_once_and_the_area_is_told(office: Office) -> None:
    send(office, 1, ("audit.pdf", AUDIT))
    advance_challenges(office.register, office.settings, AT)
    assert receipts(office) == 1
    again = an_email(("form.docx", form()), ("audit.pdf", AUDIT), ("board.pdf", BOARD), ("notes.txt", b"Hm"))
    for _ in range(2):
        office.take_in(again)
        advance_challenges(office.register, office.settings, AT)
    assert reasons(office) == [("audit.pdf", None), ("board.pdf", None), ("notes.txt", "kind")]
    assert receipts(office) == 2


def test_files_that_could_not_be_read_in_time_are_told_of_later(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(office, 1, ("audit.zip", a_zip(("audit.pdf", AUDIT))))

    def lose_child(*_given: object) -> None:
        raise ChildLost("It is gone.")

    with monkeypatch.context() as lost:
        lost.setattr(checking_process._worker, "call", lose_child)
        advance_challenges(office.register, office.settings, AT)
        assert files_of(office) == [] and receipts(office) == 1
    advance_challenges(office.register, office.settings, AT)
    assert reasons(office) == [("audit.pdf", None)] and receipts(office) == 2


def test_a_form_that_comes_in_the_middle_of_an_advance_has_its_files_in_its_one_receipt(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    propose = do_what_is_due.propose_events

    def take_in_first(*given: Any) -> int:
        if not office.rows():
            send(office, 1, ("audit.pdf", AUDIT))
        return propose(*given)

    monkeypatch.setattr(do_what_is_due, "propose_events", take_in_first)
    advance_challenges(office.register, office.settings, AT)
    assert going(office) == ["audit.pdf"] and receipts(office) == 1


def damage_entry(data: bytes, name: str) -> bytes:
    """A ZIP of which one file is damaged."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        start = archive.getinfo(name).header_offset + 30 + len(name)
    return data[:start] + bytes([data[start] ^ 0xFF]) + data[start + 1 :]


def lock(data: bytes) -> bytes:
    """A ZIP that says a password is needed."""
    place = data.rindex(b"PK\x01\x02") + 8
    return data[:place] + struct.pack("<H", 1) + data[place + 2 :]


def test_one_damaged_file_of_a_zip_hides_no_other(office: Office) -> None:
    whole = a_zip(("form.docx", form()), ("audit.pdf", AUDIT), ("board.pdf", BOARD), ("empty.pdf", b""))
    office.take_in(damage_entry(whole, "audit.pdf"), name="form.zip")
    settle(office)
    assert reasons(office) == [("audit.pdf", "damaged"), ("board.pdf", None), ("empty.pdf", "empty")]


def test_a_zip_whose_files_cannot_be_listed_stands_for_them(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    alike = a_zip(("audit.pdf", AUDIT), ("Audit.pdf", BOARD))
    found = {data: list_files_beside(data, None, Limits()) for data in (alike, lock(alike), alike[:-9])}
    assert [one.refusal for [one] in found.values()] == ["damaged", "locked", "damaged"]

    def exhaust(*_given: object) -> None:
        raise TooMuchWork("It is too much.")

    send(office, 1, ("large.zip", a_zip(("audit.pdf", AUDIT))))
    monkeypatch.setattr(checking_process._worker, "call", exhaust)
    settle(office)
    assert reasons(office) == [("large.zip", "too much")]


def test_what_cannot_be_opened_in_an_email_is_told_of_without_its_name(office: Office) -> None:
    locked = lock(a_zip(("audit.pdf", AUDIT)))
    send(office, 1, ("locked.zip", locked), ("board.pdf", BOARD))
    settle(office)
    assert sorted(reasons(office)) == [("", "locked"), ("", "several")], "it might be another area's form"


def test_beside_what_is_locked_the_files_of_an_email_from_the_area_itself_go(office: Office) -> None:
    locked = lock(a_zip(("audit.pdf", AUDIT)))
    files = (("form.docx", form()), ("locked.zip", locked), ("board.pdf", BOARD))
    office.take_in(an_email(*files, sender=CONTACT))
    settle(office)
    assert sorted(reasons(office)) == [("board.pdf", None), ("locked.zip", "locked")]


@pytest.mark.parametrize(
    ("sender", "writer", "is_passed_on"),
    [("contact", AREA, True), ("stranger@example.org", AREA, False), ("contact", OTHER, False)],
)
def test_an_areas_own_form_and_its_analysis_of_another_in_one_email_are_one_senders(
    office: Office, sender: str, writer: str, *, is_passed_on: bool
) -> None:
    forms = (("a.docx", form()), ("b.docx", form(OTHER)), ("audit.pdf", AUDIT))
    office.take_in(an_email(*forms, sender=CONTACT if sender == "contact" else sender))
    rows = t.submissions
    with office.register.writing() as connection:
        of_other = rows.c.challenge_id == f"{CYCLE.id}/{OTHER}"
        analysis = {"kind": "analysis", "writer_role": "challenger", "writer_id": writer}
        connection.execute(rows.update().where(of_other).values(analysis))
    settle(office)
    assert reasons(office) == ([("audit.pdf", None)] if is_passed_on else [("", "several")])


def test_each_file_that_is_too_large_to_unpack_is_told_of() -> None:
    both = a_zip(("one.pdf", AUDIT), ("two.pdf", BOARD))
    found = list_files_beside(both, None, Limits(max_bytes=min(len(AUDIT), len(BOARD)) - 1))
    assert [(one.name, one.refusal) for one in found] == [("one.pdf", "large"), ("two.pdf", "large")]


def test_two_files_that_are_too_large_are_two(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    both = [("one.pdf", 9, b"", "large"), ("two.pdf", 9, b"", "large")]
    send(office, 1, ("all.zip", a_zip(("one.pdf", AUDIT), ("two.pdf", BOARD))))
    monkeypatch.setattr(checking_process._worker, "call", lambda *_given: both)
    settle(office)
    assert reasons(office) == [("one.pdf", "large"), ("two.pdf", "large")]


def test_a_name_that_may_say_who_a_child_is_is_asked_about(office: Office) -> None:
    send(office, 1, ("Chronology_Jayden_Smith_aged_7.pdf", AUDIT))
    settle(office)
    assert [one.refusal for one in files_of(office)] == ["identifying"]
    send(office, 2, ("Chronology.pdf", AUDIT))
    settle(office)
    assert going(office) == ["Chronology.pdf"]


def test_files_of_two_versions_that_go_together_count_together(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(office, 1, ("audit.pdf", AUDIT))
    settle(office)
    copy = office.settings.archive_folder / str(files_of(office)[0].copy_sha256)[:2]
    size = next(copy.glob(f"{files_of(office)[0].copy_sha256}")).stat().st_size
    monkeypatch.setattr(settling, "MOST_TOGETHER", int(1.5 * size))
    send(office, 2, ("board.pdf", BOARD), ("minutes.docx", a_word_document("We met.")))
    settle(office, AT + timedelta(hours=1))
    assert reasons(office)[1][1] == "large"
