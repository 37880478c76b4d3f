"""What becomes of an email: each form in it is a document of its own, and nothing in it is lost."""

import io
import json
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from docx import Document

from peer_challenge.intake.check_command import check_files
from peer_challenge.intake.hand_in import NOT_YOURS, admit_upload, find_known
from peer_challenge.model.access import Access, Person
from peer_challenge.model.vocabulary import Kind
from peer_challenge.model.whose_document import Candidate
from peer_challenge.operations.doctor import examine_installation
from peer_challenge.operations.export import export_installation
from peer_challenge.register import people, received_emails
from peer_challenge.register import tables as t
from peer_challenge.register.archive import Archive, sha256_of
from peer_challenge.register.database import Register
from peer_challenge.settings import Settings
from peer_challenge.steering.identify_submission import describe_held, identify_submission
from tests import changed_forms as changed
from tests.factories import a_form
from tests.unit.intake.emails.office import AREA, AT, CYCLE, OTHER, PDF, Office, form, open_cycle
from tests.unit.intake.emails.wrapping import (
    LOGO,
    OFFICE,
    SENDER,
    SENT,
    Outlook,
    an_email,
    encrypted,
    winmail,
    zipped,
)


def a_letter() -> bytes:
    """A Word document of somebody's own."""
    out, letter = io.BytesIO(), Document()
    letter.add_paragraph("Minutes of our meeting")
    letter.save(out)
    return out.getvalue()


@pytest.fixture
def office(settings: Settings, register: Register) -> Office:
    return open_cycle(register, settings)


def _email_of(office: Office, submission_id: int) -> received_emails.EmailOfSubmission:
    with office.register.reading() as connection:
        email = received_emails.load_email_of(connection, submission_id)
    assert email is not None
    return email


def test_an_empty_word_file_is_told_and_keeps_no_email_waiting(office: Office) -> None:
    for subject in ("One", "Two"):
        email = an_email(("form.docx", b""), subject=subject).as_bytes()
        assert [row["outcome"] for row in office.take_in(email)] == ["rejected"]
        assert list(office.settings.intake_folder.rglob("*")) == []
    assert "open.empty" in office.findings(office.rows()[-1].id)


def test_each_form_of_an_email_is_a_document_of_its_own(office: Office) -> None:
    email = an_email(("one.docx", form(AREA)), ("other.docx", form(OTHER)), ("Annex.pdf", PDF)).as_bytes()
    told = office.take_in(email)
    assert [(row["participant"], row["version"]) for row in told] == [(AREA, 1), (OTHER, 1)]
    rows = office.rows()
    assert [row.sha256 for row in rows] == [sha256_of(form(AREA)), sha256_of(form(OTHER))]
    assert [kind for kind, _ in office.dispatches() if kind in ("receipt", "query_letter")]
    archive = Archive(office.settings.archive_folder)
    for row in rows:
        came_in = _email_of(office, row.id)
        assert archive.get(came_in.sha256) == email
        assert [(one.name, one.what) for one in came_in.attachments] == [("Annex.pdf", "pdf")]
        assert archive.get(str(came_in.attachments[0].sha256)) == PDF
        assert archive.get(row.sha256) in (form(AREA), form(OTHER))


def test_the_same_email_again_and_the_same_form_in_another_change_nothing(office: Office) -> None:
    email = an_email(("one.docx", form())).as_bytes()
    office.take_in(email)
    assert office.take_in(email, an_email(("copy.docx", form()), subject="Again").as_bytes()) == []
    assert len(office.rows()) == 1
    assert office.events().count("document arrived again") == 1  # by the other email
    with office.register.reading() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(t.email_submissions)) == 2


def test_a_form_that_came_by_itself_before_is_not_taken_in_again(office: Office) -> None:
    office.take_in(form(), name="form.docx")
    assert office.take_in(an_email(("form.docx", form())).as_bytes()) == []
    assert len(office.rows()) == 1
    assert _email_of(office, 1).said.sender == SENDER


def test_evidence_beside_a_form_counts_as_sent_with_it(office: Office) -> None:
    naming = changed.with_heading(form(), "Appendix C")
    office.take_in(an_email(("form.docx", naming), ("Appendix C.pdf", PDF)).as_bytes())
    with office.register.reading() as connection:
        email = received_emails.load_email_of(connection, 1)
    assert email is not None and [one.name for one in email.attachments] == ["Appendix C.pdf"]
    report = office.settings.home / "email.eml"
    report.write_bytes(an_email(("form.docx", naming), ("Appendix C.pdf", PDF)).as_bytes())
    [told] = check_files([report], office.settings)
    assert "evidence.not_there" not in {one["code"] for one in told["findings"]}


def test_what_programs_add_to_an_email_is_listed_and_left_aside(office: Office) -> None:
    email = Outlook().attach("form.docx", form()).attach("logo.png", LOGO, content_id="l@x")
    email.attach("invite.ics", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR", mime="text/calendar")
    email.attach("me.vcf", b"BEGIN:VCARD\r\nEND:VCARD", mime="text/x-vcard")
    office.take_in(bytes(email), name="a.msg")
    beside = _email_of(office, 1).attachments
    assert [(one.what, one.sha256) for one in beside] == [
        ("inline picture", None),
        ("calendar", None),
        ("contact", None),
    ]


NO_FORM = {
    "nothing": (an_email(), "Nothing is attached to it."),
    "other things": (
        an_email(("a.pdf", PDF), ("b.png", LOGO), ("c.png", LOGO + b"x")),
        "In it we found 1 PDF and 2 pictures.",
    ),
    "a document that is no form": (
        an_email(("minutes.docx", a_letter())),
        "In it we found 1 Word document that is none of our forms.",
    ),
    "a link": (
        an_email(text="See https://county.sharepoint.com/:w:/s/team/form.docx"),
        "In it we found 1 link to a document in a shared drive.",
    ),
}


@pytest.mark.parametrize("name", NO_FORM)
def test_an_email_without_a_form_is_rejected_and_says_what_is_in_it(name: str, office: Office) -> None:
    message, words = NO_FORM[name]
    [told] = office.take_in(message.as_bytes())
    assert told["outcome"] == "rejected"
    [row] = office.rows()
    assert words in office.findings(row.id)["email.no_form"]
    [reason] = office.settings.rejected_folder.glob("*.reason.txt")
    assert "shared drive" in reason.read_text() and words in reason.read_text()
    assert _email_of(office, row.id).said.sender == SENDER
    assert Archive(office.settings.archive_folder).get(row.sha256) == message.as_bytes()


def test_an_encrypted_email_is_rejected_with_what_to_do(office: Office) -> None:
    office.take_in(encrypted(an_email(("form.docx", form()))))
    assert list(office.findings(1)) == ["email.encrypted"]


def test_a_bounce_with_our_own_form_in_it_is_no_blank_form(office: Office) -> None:
    ours = an_email(("form.docx", a_form(Kind.SELF_ASSESSMENT, AREA, areas=4)), sender=OFFICE).as_string()
    bounce = (
        "From: mailer-daemon@example.org\nTo: x\nSubject: Undelivered\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n--b\n\nIt failed.\n'
        "--b\nContent-Type: message/delivery-status\n\nStatus: 5.1.1\n\n"
        f"--b\nContent-Type: message/rfc822\n\n{ours}\n--b--\n"
    )
    office.take_in(bounce.encode())
    assert list(office.findings(1)) == ["email.report"]


def test_a_form_that_can_not_be_opened_is_told_though_another_is_taken_in(office: Office) -> None:
    email = an_email(("good.docx", form()), ("bad.docx", form(OTHER)[:3000])).as_bytes()
    outcomes = {row["outcome"] for row in office.take_in(email)}
    assert "rejected" in outcomes and outcomes & {"accepted", "warned"}
    [put_aside] = [path for path in office.settings.rejected_folder.iterdir() if path.suffix == ".eml"]
    assert put_aside.read_bytes() == email


def test_two_versions_of_one_form_in_one_email_are_a_question_and_either_can_be_sent_again(
    office: Office,
) -> None:
    one, two = form(seed=1), form(seed=2)
    [told] = office.take_in(an_email(("a.docx", one), ("b.docx", two)).as_bytes())
    assert told["outcome"] == "queried"
    assert list(office.findings(1)) == ["email.several_versions"]
    assert office.dispatches()[-1] == ("query_letter", AREA)
    office.take_in(an_email(("b.docx", two), subject="This one").as_bytes())
    assert office.rows()[-1].is_current and office.rows()[-1].sha256 == sha256_of(two)


def test_a_blank_form_beside_the_filled_one_is_left_aside(office: Office) -> None:
    blank = a_form(Kind.SELF_ASSESSMENT, AREA, areas=4)
    [told] = office.take_in(an_email(("blank.docx", blank), ("form.docx", form())).as_bytes())
    assert told["outcome"] in ("accepted", "warned")
    assert [one.what for one in _email_of(office, 1).attachments] == ["blank"]


@pytest.mark.parametrize(
    ("sender", "code"),
    [
        (SENDER, None),
        ("Childrens.Services@Ashcombe.example.org", None),
        ("deputy@ashcombe.example.org", "intake.other_partner"),
        ("partnership@eastholme.example.org", "intake.other_sender"),
        ("chair-a@example.org", "intake.other_sender"),
        ("somebody@gmail.com", "intake.other_sender"),
        (OFFICE, None),
    ],
)
@pytest.mark.threat("email-sender")
def test_who_sent_an_email_is_told_and_decides_nothing(sender: str, code: str | None, office: Office) -> None:
    office.take_in(an_email(("form.docx", form()), sender=sender).as_bytes())
    [row] = office.rows()
    assert row.challenge_id == f"{CYCLE.id}/{AREA}" and row.is_current
    told = {one for one in office.findings(row.id) if one.startswith("intake.other")}
    assert told == ({code} if code else set())


@pytest.mark.parametrize(
    ("sent", "is_believed"),
    [
        (SENT, True),
        (AT + timedelta(minutes=20), True),
        (AT + timedelta(days=300), False),
        (SENT - timedelta(days=200), False),
        (None, False),
    ],
)
@pytest.mark.threat("email-sender")
def test_a_day_that_can_not_be_right_is_told_and_does_not_count(
    sent: object, is_believed: bool, office: Office
) -> None:
    office.take_in(an_email(("form.docx", form()), sent=sent).as_bytes())  # type: ignore[arg-type]
    [row] = office.rows()
    assert ("intake.sent_day" in office.findings(row.id)) != is_believed
    assert row.received_at == (min(sent, AT) if is_believed else AT)  # type: ignore[type-var]
    assert row.taken_in_at == AT


def test_a_form_sent_on_the_last_day_is_not_late_though_it_is_taken_in_later(office: Office) -> None:
    due = CYCLE.dates.self_assessment_due
    sent = SENT.replace(month=due.month, day=due.day, hour=16)
    office.take_in(an_email(("form.docx", form()), sent=sent).as_bytes(), at=sent + timedelta(days=4))
    assert "intake.late" not in office.findings(1)
    with office.register.reading() as connection:
        query = sa.select(t.challenges.c.self_assessment_received_at).where(t.challenges.c.author_id == AREA)
        assert connection.scalar(query) == sent


def test_emails_filed_in_any_order_are_versions_in_the_order_in_which_they_were_sent(office: Office) -> None:
    later = an_email(("form.docx", form(seed=2)), sent=SENT + timedelta(days=2)).as_bytes()
    office.take_in(later, an_email(("form.docx", form(seed=1))).as_bytes())
    [current] = [row for row in office.rows() if row.is_current]
    assert (current.sha256, current.version) == (sha256_of(form(seed=2)), 2)


def test_an_older_email_that_comes_after_a_newer_one_is_a_question(office: Office) -> None:
    older = form(seed=1)
    office.take_in(an_email(("form.docx", form(seed=2)), sent=SENT + timedelta(days=2)).as_bytes())
    office.take_in(an_email(("form.docx", older)).as_bytes())
    assert "intake.older_version" in office.findings(2)
    assert [row.is_current for row in office.rows()] == [True, False]
    office.take_in(an_email(("form.docx", older), sent=SENT + timedelta(days=3)).as_bytes())
    assert [row.sha256 for row in office.rows() if row.is_current] == [sha256_of(older)]


def test_a_form_in_doubt_is_held_and_the_office_sees_the_email(office: Office) -> None:
    doubtful = changed.with_heading(form(), CYCLE.participants[1].name)
    office.take_in(an_email(("form.docx", doubtful), ("Annex.pdf", PDF)).as_bytes())
    [row] = office.rows()
    assert row.held_since_at == AT and row.challenge_id is None
    with office.register.reading() as connection:
        held = describe_held(connection, row.id)
    assert any(SENDER in told for told in held.senders)
    identify_submission(
        office.register,
        office.settings,
        row.id,
        Candidate(CYCLE.id, AREA, Kind.SELF_ASSESSMENT),
        reason="they told us",
        at=AT + timedelta(days=1),
        actor="office",
    )
    assert office.rows()[0].received_at == SENT


def test_check_tells_every_form_of_an_email_and_what_the_email_says(office: Office) -> None:
    path = office.settings.home / "email.eml"
    path.write_bytes(an_email(("one.docx", form(AREA)), ("other.docx", form(OTHER))).as_bytes())
    told = list(check_files([path], office.settings))
    assert [one["participant"] for one in told] == [AREA, OTHER]
    said = {"from": SENDER, "sent_at": SENT.isoformat(), "subject": "Our return"}
    assert all(one["email"] == said and one["file"] == str(path) for one in told)
    assert json.dumps(told)
    assert office.rows() == []


def test_an_area_can_send_in_its_own_email_through_the_page_and_no_others(office: Office) -> None:
    with office.register.writing() as connection:
        people.add_person(
            connection,
            "contact@example.org",
            "A contact",
            Access.PARTICIPANT,
            at=AT,
            actor="test",
            cycle_id=CYCLE.id,
            participant_id=AREA,
        )
        user = people.find_user_by_email(connection, "contact@example.org")
    assert user is not None
    person = Person(user.id, user.name, user.access, user.cycle_id, user.participant_id)
    own, others = an_email(("a.docx", form(AREA))).as_bytes(), an_email(("b.docx", form(OTHER))).as_bytes()
    place = office.register, office.settings, person
    assert admit_upload(*place, "others.eml", others, AT) == NOT_YOURS
    both = an_email(("a.docx", form(AREA)), ("b.docx", form(OTHER))).as_bytes()
    assert admit_upload(*place, "both.eml", both, AT) == NOT_YOURS
    assert admit_upload(*place, "own.eml", own, AT) is None
    office.take_in(own)
    [row] = office.rows()
    assert (row.source, row.uploaded_by) == ("page", user.id)
    assert "came on" in str(find_known(office.register, own))


def test_doctor_looks_at_the_emails_too(office: Office) -> None:
    office.take_in(an_email(("form.docx", form()), ("Annex.pdf", PDF)).as_bytes())
    email = _email_of(office, 1)
    Archive(office.settings.archive_folder).destroy(str(email.attachments[0].sha256))
    [check] = [one for one in examine_installation(office.settings) if one.name == "archive"]
    assert not check.is_well


def test_an_export_has_the_email_beside_the_form(office: Office, tmp_path: Path) -> None:
    email = an_email(("form.docx", form())).as_bytes()
    office.take_in(email)
    export_installation(office.register, office.settings, tmp_path / "export")
    files = [path.read_bytes() for path in (tmp_path / "export" / "originals").rglob("*.*")]
    assert sorted(files) == sorted([email, form()])


def test_winmail_alone_is_opened_too(office: Office) -> None:
    [told] = office.take_in(winmail(("form.docx", form())), name="winmail.dat")
    assert told["participant"] == AREA
    assert "intake.sent_day" in office.findings(1)


def test_two_forms_in_one_zip_in_an_email_are_two_documents(office: Office) -> None:
    inside = zipped(("x/one.docx", form(AREA)), ("x/two.docx", form(OTHER)))
    told = office.take_in(an_email(("both.zip", inside)).as_bytes())
    assert [row["participant"] for row in told] == [AREA, OTHER]


@pytest.mark.parametrize("name", [".form.docx", "~ final form.docx", ".Ashcombe form.docx"])
def test_a_form_in_a_zip_file_is_read_whatever_it_is_called(office: Office, name: str) -> None:
    own = (("._form.docx", b"Mac"), ("~$form.docx", b"x"), ("#recycle/old.docx", form(OTHER)))
    told = office.take_in(an_email(("both.zip", zipped((name, form(AREA)), *own))).as_bytes())
    assert [row["participant"] for row in told] == [AREA]
