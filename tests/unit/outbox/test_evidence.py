"""Files that come with a self-assessment go to the challenger with its pack, where the cycle says so."""

import io
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import openpyxl
import pytest
from PIL import Image

from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.intake.take_in import take_in_ready_documents
from peer_challenge.model.vocabulary import DispatchKind as D
from peer_challenge.model.vocabulary import Kind
from peer_challenge.outbox.do_what_is_due import advance_challenges
from peer_challenge.register import evidence, messages, outbox, submissions
from peer_challenge.register.cycles import store_cycle
from peer_challenge.register.database import Register, open_register
from peer_challenge.register.records import Dispatch
from peer_challenge.settings import Settings, load_settings
from peer_challenge.word.answers.unmapped_text import list_all_texts
from peer_challenge.word.package.reading_limits import DEFAULT_LIMITS
from peer_challenge.word.text.open_document import open_document
from tests.factories import a_cycle, a_region, its_framework
from tests.fill_form import fill_form
from tests.migrated import make_installation
from tests.unit.evidence.files import a_pdf, a_picture, a_word_document, a_workbook

CYCLE = a_cycle(4)
CYCLE = CYCLE.model_copy(
    update={
        "rules": CYCLE.rules.model_copy(
            update={"evidence_goes_with_pack": True, "look_before_sending": False}
        )
    }
)
FIRST, SECOND, *OTHERS = (area.id for area in CYCLE.authors)
OPENS = datetime(2027, 1, 11, 9, tzinfo=UTC)
AT = datetime(2027, 3, 1, 9, tzinfo=UTC)
ADDRESS, FURTHER = list(its_framework(CYCLE).subheadings)[:2]
Place = tuple[Register, Settings]


def a_form(place: Place, author: str, strengths: str = "") -> bytes:
    """The form that an area got, filled in; `strengths` are what it says of the first sub-heading."""
    register, settings = place
    with register.reading() as connection:
        forms = outbox.list_issued(connection, CYCLE.id, [D.SELF_ASSESSMENT_TEMPLATE])
    [form] = [one for one in forms if one.recipient_id == author]
    filled = a_region().fill(
        Kind.SELF_ASSESSMENT, (settings.outbox_folder / str(form.path)).read_bytes(), author, round=1
    )
    return fill_form(filled, {(ADDRESS, "strengths"): strengths}) if strengths else filled


def hand_in(place: Place, name: str, data: bytes, at: datetime = AT) -> None:
    """Put a file into the inbox, take it in and do what is due."""
    register, settings = place
    (settings.inbox_folder / name).write_bytes(data)
    take_in_ready_documents(register, settings, at)
    advance_challenges(register, settings, at)


def a_zip(*files: tuple[str, bytes]) -> bytes:
    """A ZIP of files."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, data in files:
            archive.writestr(name, data)
    return made.getvalue()


def an_email(*files: tuple[str, bytes], sender: str = "a@ashcombe.example") -> bytes:
    """An email with files attached."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, "office@example.org", "Our form"
    mail["Date"] = "Mon, 01 Mar 2027 08:00:00 +0000"
    mail.set_content("Please find our form.")
    for name, data in files:
        mail.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return mail.as_bytes()


@pytest.fixture(scope="module")
def paired(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Two areas sent files with their forms, one in a ZIP file and one in an email; all are paired."""
    settings = load_settings(
        tmp_path_factory.mktemp("evidence"),
        {"PEER_CHALLENGE_SETTLE_SECONDS": "0", "PEER_CHALLENGE_APPROVE_AUTOMATICALLY": "yes"},
    )
    make_installation(settings)
    register = open_register(settings)
    with register.writing() as connection:
        store_cycle(connection, CYCLE, shipped_frameworks()[CYCLE.framework], at=OPENS, actor="office")
    place = register, settings
    advance_challenges(register, settings, OPENS)
    form = a_form(place, FIRST, "Appendix C shows the audit of forty cases. See also Appendix D.")
    named_child = a_word_document("Jayden Smith, aged 7, of 12 Mill Lane, told us.")
    files = (
        ("Appendix C - hub audit.pdf", a_pdf("We audited forty cases in the hub.")),
        ("appendix_d.xlsx", a_workbook([["Measure", "Now"], ["Re-referrals", 21]])),
        ("minutes.docx", named_child),
        ("notes.txt", b"nothing much"),
    )
    hand_in(place, "form.zip", a_zip(("form.docx", form), *files))
    photo = a_picture()
    hand_in(place, "form.eml", an_email(("form.docx", a_form(place, SECOND)), ("board.jpg", photo)))
    for author in OTHERS:
        hand_in(place, f"{author}.docx", a_form(place, author))
    yield place
    register.close()


def issued(place: Place, author: str, kind: D) -> list[Dispatch]:
    """What went out about an area, of a kind."""
    with place[0].reading() as connection:
        return [
            one
            for one in outbox.list_issued(connection, CYCLE.id, [kind])
            if (one.challenge_id or "").endswith(author)
        ]


def words_of(place: Place, dispatch: Dispatch) -> str:
    """All words of a document that went out."""
    opened = open_document((place[1].outbox_folder / str(dispatch.path)).read_bytes(), DEFAULT_LIMITS)
    return "\n".join(list_all_texts(opened))


def test_a_form_that_names_a_file_which_came_with_it_is_not_held(paired: Place) -> None:
    with paired[0].reading() as connection:
        [first] = [
            s for s in submissions.list_versions(connection, CYCLE.id) if s.challenge_id.endswith(FIRST)
        ]
        assert not submissions.has_finding(connection, first.id, "evidence.not_there")
        assert first.is_accepted


def test_the_challenger_gets_the_files_after_the_pack_and_nobody_else_does(paired: Place) -> None:
    [pack] = issued(paired, FIRST, D.ANALYSIS_PACK)
    going = issued(paired, FIRST, D.EVIDENCE)
    assert {one.recipient_id for one in going} == {pack.recipient_id}
    assert all(one.id > pack.id for one in going)
    names = [Path(str(one.path)).name for one in going]
    assert names == [
        "2027-03-01 Read - Evidence 1 Appendix C - Ashcombe.pdf",
        "2027-03-01 Read - Evidence 2 Appendix D - Ashcombe.xlsx",
    ]
    [photo] = issued(paired, SECOND, D.EVIDENCE)
    assert str(photo.path).endswith(".jpg")


def test_the_pack_lists_the_files_and_names_them_beside_the_answer(paired: Place) -> None:
    words = words_of(paired, issued(paired, FIRST, D.ANALYSIS_PACK)[0])
    assert "Evidence 1: Appendix C - hub audit.pdf" in words
    assert words.count("With this: evidence 1 and evidence 2") == 1
    assert "minutes.docx" not in words and "notes.txt" not in words


def test_the_receipt_says_what_goes_and_what_does_not_and_why(paired: Place) -> None:
    words = words_of(paired, issued(paired, FIRST, D.RECEIPT)[0])
    assert "Files that go to your challenger" in words and "appendix_d.xlsx" in words
    assert "It may say who a child or a family is." in words and "minutes.docx" in words
    assert "this is something else" in words
    assert "Jayden" not in words


def test_what_goes_has_no_author_and_all_values(paired: Place) -> None:
    pdf, sheet = issued(paired, FIRST, D.EVIDENCE)
    assert b"A Person" not in (paired[1].outbox_folder / str(pdf.path)).read_bytes()
    book = openpyxl.load_workbook(paired[1].outbox_folder / str(sheet.path))
    assert [[cell.value for cell in row] for row in book.active] == [["Measure", "Now"], ["Re-referrals", 21]]
    assert book.properties.creator in (None, "")
    with Image.open(paired[1].outbox_folder / str(issued(paired, SECOND, D.EVIDENCE)[0].path)) as picture:
        assert not picture.getexif()


def test_the_files_are_in_the_message_of_the_pack(paired: Place) -> None:
    [pack] = issued(paired, FIRST, D.ANALYSIS_PACK)
    with paired[0].reading() as connection:
        all_messages = messages.list_messages(connection, most=None)
        contents = messages.list_dispatches_of(connection, [one.id for one in all_messages])
    [of_pack] = [{d.id for d in held} for held in contents.values() if pack.id in {d.id for d in held}]
    assert {one.id for one in issued(paired, FIRST, D.EVIDENCE)} <= of_pack


def test_a_later_version_alone_keeps_the_files_and_sends_none_twice(paired: Place) -> None:
    before = len(issued(paired, FIRST, D.EVIDENCE))
    form = a_form(paired, FIRST, "Appendix C shows it. We have written this again after the board met.")
    same = ("again.pdf", a_pdf("We audited forty cases in the hub."))
    hand_in(paired, "second.zip", a_zip(("form.docx", form), same))
    assert len(issued(paired, FIRST, D.ANALYSIS_PACK)) == 2
    assert len(issued(paired, FIRST, D.EVIDENCE)) == before
    assert "Appendix C - hub audit.pdf" in words_of(paired, issued(paired, FIRST, D.ANALYSIS_PACK)[1])
    with paired[0].reading() as connection:
        [again] = [f for f in evidence.list_of_challenge(connection, f"{CYCLE.id}/{FIRST}") if f.number > 4]
    assert again.refusal == "again"
    receipt = words_of(paired, issued(paired, FIRST, D.RECEIPT)[1])
    assert "appendix_d.xlsx" in receipt, "it came with the version before, and goes"
    assert "again.pdf" in receipt and "hub audit.pdf" not in receipt, "one file is given once"
