"""Every page is made for whoever asks, as things stand when they ask."""

from peer_challenge.register import journal
from tests.web.conftest import As
from tests.web.world import NOW, OFFICE, World, contact_of


def test_a_page_carries_the_token_of_whoever_asks_and_no_others(world: World, as_: As) -> None:
    people = [OFFICE, contact_of("ashcombe"), contact_of("eastholme")]
    for path in ("/mine", "/", "/challenges/northern-2027/ashcombe"):
        for email in people:
            text = as_(email).get(path, follow_redirects=True).text
            assert as_(email).csrf in text
            assert not any(as_(other).csrf in text for other in people if other != email)


def test_what_happens_shows_at_once(world: World, as_: As) -> None:
    assert "a thing of note" not in as_(OFFICE).get("/journal").text
    with world.register.writing() as connection:
        journal.append_entry(connection, "a thing of note", at=NOW, actor="somebody")
    assert "a thing of note" in as_(OFFICE).get("/journal").text


def test_a_file_in_the_inbox_shows_though_the_register_knows_nothing_of_it(world: World, as_: As) -> None:
    assert "quarterly.docx" not in as_(OFFICE).get("/inbox").text
    path = world.settings.inbox_folder / "quarterly.docx"
    path.write_bytes(b"half a file")
    assert "quarterly.docx" in as_(OFFICE).get("/inbox").text
    path.unlink()
