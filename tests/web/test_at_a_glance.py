"""What the office looks for is where it looks: places of questions, whom to ring, what is begun."""

import re

from peer_challenge.model.cycle import Contact
from peer_challenge.model.vocabulary import DispatchKind, Role
from peer_challenge.register import listings, outbox
from tests.web.conftest import As, Client
from tests.web.world import NOW, OFFICE, World, contact_of


def test_the_office_sees_whom_to_ring_and_nobody_else_does(world: World, as_: As) -> None:
    author = world.cycle.authors[0]
    page = f"/challenges/{world.cycle.id}/{author.id}"
    shown = as_(OFFICE).get(page).text
    contact: Contact = author.contacts[0]
    assert "Whom to ring" in shown and f"mailto:{contact.email}" in shown
    assert f"/cycle/{world.cycle.id}/areas/{author.id}" in shown
    own = as_(contact_of(author.id)).get(page)
    assert own.status_code == 200 and "Whom to ring" not in own.text


def test_findings_in_the_inbox_say_their_place(world: World, as_: As) -> None:
    with world.register.reading() as connection:
        rows = listings.list_submissions(connection, 1).rows
        found = [
            one
            for ones in listings.findings_of(connection, [row.id for row in rows]).values()
            for one in ones
        ]
    assert any(one.subheading for one in found)
    shown = as_(OFFICE).get("/inbox").text
    places = set(re.findall(r"<li><strong>(?:Question|To know|Note), ([^:<]+):</strong>", shown))
    assert places and not any("/" in place for place in places)


def test_a_cycle_that_is_being_prepared_is_on_the_board(world: World, as_: As) -> None:
    assert "Go on preparing “Northern peer challenge 2028”" in as_(OFFICE).get("/").text


def test_the_board_and_to_send_say_that_documents_are_being_made(own_world: World, as_own: Client) -> None:
    assert "being made" not in as_own.get("/").text
    assert "All messages have gone." in as_own.get("/messages").text
    with own_world.register.writing() as connection:
        area = own_world.cycle.authors[0].id
        outbox.intend_dispatch(
            connection,
            DispatchKind.SELF_ASSESSMENT_TEMPLATE,
            Role.AUTHOR,
            area,
            at=NOW,
            cycle_id=own_world.cycle.id,
            key="again",
        )
    assert "1 document is being made" in as_own.get("/").text
    to_send = as_own.get("/messages").text
    assert "No other message is ready yet." in to_send and "All messages have gone." not in to_send
