"""The office sees the email that a form came in, and what lay beside it; nobody else does."""

from datetime import timedelta

import pytest

from peer_challenge.intake.take_in import take_in_ready_documents
from peer_challenge.model.vocabulary import Kind
from peer_challenge.register import access_facts
from tests.unit.intake.emails.wrapping import an_email
from tests.web.conftest import As
from tests.web.world import NOW, OFFICE, World, contact_of

AREA = "ashcombe"
SUBJECT = "Our analysis, second version"
PDF = b"%PDF-1.7 annex"


@pytest.fixture(scope="module")
def email(world: World) -> bytes:
    """An email with a second version of an analysis, and evidence; taken in."""
    form = world.filled(Kind.ANALYSIS, AREA, turn=2)
    message = an_email(
        ("analysis.docx", form),
        ("Annex C.pdf", PDF),
        ("invite.ics", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR"),
        sender="somebody@gmail.com",
        sent=NOW - timedelta(days=1),
        subject=SUBJECT,
    ).as_bytes()
    (world.settings.inbox_folder / "analysis.eml").write_bytes(message)
    take_in_ready_documents(world.register, world.settings, NOW)
    return message


def newest(world: World) -> int:
    with world.register.reading() as connection:
        return access_facts.submissions_of(connection, f"{world.cycle.id}/{AREA}")[0][0].id


def test_the_office_gets_the_email_and_the_evidence_as_they_came(world: World, as_: As, email: bytes) -> None:
    number, client = newest(world), as_(OFFICE)
    got = client.get(f"/submissions/{number}/email")
    assert got.content == email and ".eml" in got.headers["content-disposition"]
    assert client.get(f"/submissions/{number}/attachments/1").content == PDF
    assert client.get(f"/submissions/{number}/attachments/2").status_code == 404  # it is in the email only
    assert client.get(f"/submissions/{number}/attachments/9").status_code == 404
    assert client.get("/submissions/1/email").status_code == 404


@pytest.mark.parametrize("page", ["/inbox", f"/challenges/northern-2027/{AREA}", "versions"])
def test_the_offices_pages_say_who_sent_it_and_what_lay_beside(
    page: str, world: World, as_: As, email: bytes
) -> None:
    number = newest(world)
    path = f"/challenges/{world.cycle.id}/{AREA}/versions/{number}" if page == "versions" else page
    text = as_(OFFICE).get(path).text
    assert all(told in text for told in ("somebody@gmail.com", SUBJECT, "Annex C.pdf", "invite.ics"))
    assert f"/submissions/{number}/attachments/1" in text


def test_nobody_else_sees_the_email(world: World, as_: As, email: bytes) -> None:
    number = newest(world)
    for area in world.cycle.authors:
        client = as_(contact_of(area.id))
        for path in ("email", "attachments/1", "attachments/2"):
            assert client.get(f"/submissions/{number}/{path}").status_code == 403
        for path in ("/mine", f"/challenges/{world.cycle.id}/{AREA}"):
            text = client.get(path, follow_redirects=True).text
            assert "somebody@gmail.com" not in text and SUBJECT not in text and "Annex C.pdf" not in text
