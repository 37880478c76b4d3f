"""The office finds areas, words, documents, notes and journal entries; what it looks for is kept nowhere."""

import logging
import re
from html import unescape

import pytest

from peer_challenge.model.vocabulary import Kind
from peer_challenge.register import challenges, frames, listings, submissions
from peer_challenge.steering.keep_notes import write_note
from tests.web.conftest import As, Client
from tests.web.world import NOW, OFFICE, World, contact_of


def look_for(client: Client, words: str) -> str:
    answer = client.post("/search", data={"csrf_token": client.csrf, "q": words})
    assert answer.status_code == 200, answer.text
    return unescape(answer.text)


def a_strength(world: World) -> tuple[str, str]:
    """An area, and the first words of a strength that it wrote."""
    author = world.cycle.authors[1].id
    with world.register.reading() as connection:
        row = submissions.find_current_version(connection, f"{world.cycle.id}/{author}", Kind.SELF_ASSESSMENT)
        assert row is not None
        rows = frames.read_submission_rows(connection, Kind.SELF_ASSESSMENT, row.id)
    text = next(text for text in rows["strengths"] if isinstance(text, str) and len(text) > 40)
    return author, " ".join(text.split()[:5])


def test_what_was_written_is_found_with_its_place_and_in_no_log(
    world: World, as_: As, caplog: pytest.LogCaptureFixture
) -> None:
    author, words = a_strength(world)
    with caplog.at_level(logging.DEBUG):
        page = look_for(as_(OFFICE), words.upper())
    assert f"Self-assessment, {world.cycle.participant[author].name}" in page
    assert f'href="/challenges/{world.cycle.id}/{author}#thread"' in page
    assert re.search(r"<mark>[^<]+</mark>", page)
    assert words.lower() not in caplog.text.lower()
    with world.register.reading() as connection:
        assert listings.list_journal_entries(connection, 1, text=words).total == 0


def test_areas_contacts_documents_notes_and_the_journal_are_found(world: World, as_: As) -> None:
    office, area = as_(OFFICE), world.cycle.authors[0]
    with world.register.writing() as connection:
        challenge = challenges.find_challenge(connection, f"{world.cycle.id}/{area.id}")
        assert challenge is not None
        said = "Rang about the lighthouse, 100% sure"
        write_note(connection, challenge, said, None, at=NOW, actor="office")
    assert "Areas and Chairs</h2>" in look_for(office, area.name)
    assert "Your notes</h2>" in look_for(office, "LIGHTHOUSE 100%")
    assert "Documents that came in</h2>" in look_for(office, "holiday plans")
    assert "Documents that go out</h2>" in look_for(office, f"analysis_pack {area.id}")
    assert "Journal</h2>" in look_for(office, "partners approved")
    assert "Journal</h2>" in look_for(office, "approved partners")
    chair = world.cycle.chairs[0]
    for words in (chair.name, chair.email):
        page = look_for(office, words)
        assert f'href="/cycle?cycle={world.cycle.id}">{chair.name}</a>, Chair' in page
    assert "We found nothing." in look_for(office, "lighthouse 100_")
    assert office.post("/search", data={"csrf_token": office.csrf, "q": "a"}).status_code == 422


def test_nobody_else_can_search(world: World, as_: As) -> None:
    contact = as_(contact_of(world.cycle.authors[0].id))
    assert "/search" not in contact.get("/mine").text
    assert contact.post("/search", data={"csrf_token": contact.csrf, "q": "leadership"}).status_code == 403
