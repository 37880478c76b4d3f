"""What a page says of messages that are to leave is true of the way in which they leave here."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard.app import create_app
from peer_challenge.clock import SimulatedClock
from peer_challenge.model.messages import Delivery
from tests.web.conftest import Client, Served, client_as
from tests.web.world import NOW, OFFICE, World, an_empty_world

WAYS = {
    Delivery.SEND: "will leave by email",
    Delivery.DRAFTS: "will wait for you under To send",
    Delivery.FOLDER: "will go into the folders",
}
PAGES = (
    "/partners?done=approved",
    "/cycle/{cycle}/timetable?done=agreed",
    "/inbox?done=identified",
    "/messages?done=looked",
    "/challenges/{cycle}/{area}?done=reminded",
    "/challenges/{cycle}/{area}?done=brought-back",
    "/challenges/{cycle}/{area}?done=withdrawn-proposed",
    "/",  # where every area is overdue by now
)
LOOK = "until you have looked at it"


@pytest.fixture
def office(tmp_path: Path, way: Delivery, is_looked_at: bool) -> Iterator[tuple[World, Client]]:
    """The office of an installation in which messages leave in one way."""
    world = an_empty_world(tmp_path / "home", way, is_looked_at=is_looked_at)
    server = Served(create_app(world.settings, world.register, SimulatedClock(NOW)))
    with client_as(server, world, OFFICE) as client:
        yield world, client
    server.stop()
    world.register.close()


@pytest.mark.parametrize("is_looked_at", [True, False])
@pytest.mark.parametrize("way", Delivery)
def test_each_page_says_how_messages_leave(
    office: tuple[World, Client], way: Delivery, is_looked_at: bool
) -> None:
    world, client = office
    names = {"cycle": world.cycle.id, "area": world.cycle.authors[0].id}
    for page in PAGES:
        shown = client.get(page.format(**names)).text
        assert [one for one, words in WAYS.items() if words in shown] == [way], page
    assert (LOOK in client.get("/partners?done=approved").text) is is_looked_at
