"""While no cycle is open, a page says what to do first, and nothing is taken in to be rejected later."""

from datetime import date
from html import unescape

import pytest

from peer_challenge.errors import WrongUse
from peer_challenge.intake import hand_in
from peer_challenge.model.access import Access, Person
from peer_challenge.register import listings
from tests.web.conftest import Client
from tests.web.world import NOW, World

LINK = '<a class="govuk-link" href="/drafts">prepare a cycle and open it</a>'


@pytest.mark.parametrize("path", ["/partners", "/calendar", "/messages", "/inbox"])
def test_a_page_without_a_cycle_leads_to_preparing_one(path: str, as_new: Client) -> None:
    page = as_new.get(path)
    assert page.status_code == 200 and "No cycle is open" in page.text and LINK in page.text


def test_an_upload_is_refused_at_once_with_what_to_do(as_new: Client, new_office: World) -> None:
    answer = as_new.post(
        "/uploads", data={"csrf_token": as_new.csrf}, files={"files": ("our form.docx", b"a form")}
    )
    page = unescape(answer.text)
    assert "Not sent" in page and "In the inbox" not in page and LINK in page
    assert "Prepare a cycle and open it, then send it again." in page
    assert list(new_office.settings.inbox_folder.iterdir()) == []
    with new_office.register.reading() as connection:
        assert listings.list_journal_entries(connection, 1, event="document uploaded").rows == []


def test_a_form_on_paper_is_refused_too(new_office: World) -> None:
    person = Person(1, "Office", Access.OFFICE)
    with pytest.raises(WrongUse, match="No cycle is open"):
        hand_in.record_paper(new_office.register, person, b"a form", date(2027, 2, 10), how="by post", at=NOW)


def test_an_upload_is_taken_in_while_a_cycle_is_open(as_own: Client, own_world: World) -> None:
    answer = as_own.post(
        "/uploads", data={"csrf_token": as_own.csrf}, files={"files": ("our form.docx", b"a form")}
    )
    assert "In the inbox" in answer.text and LINK not in answer.text
    assert LINK not in as_own.get("/inbox").text
