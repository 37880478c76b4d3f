"""The worked example of a page in docs/adding.md: the office sees it, and nobody else."""

from collections.abc import Iterator

import pytest
from jinja2 import ChoiceLoader, DictLoader

from dashboard.app import create_app
from dashboard.render_page import get_page_environment
from peer_challenge.clock import SimulatedClock
from tests.web.conftest import Client, Served, client_as
from tests.web.world import NOW, OFFICE, VIEWER, World
from tests.worked_examples import read_examples, run_example

HTML = "templates/web/words.html"


@pytest.fixture
def served(own_world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """The dashboard with the page of the example."""
    beside = DictLoader({"words.html": read_examples()[HTML]})
    monkeypatch.setattr(
        get_page_environment(), "loader", ChoiceLoader([get_page_environment().loader, beside])
    )  # type: ignore[list-item]
    app = create_app(own_world.settings, own_world.register, SimulatedClock(NOW))
    app.include_router(run_example("dashboard/pages/words.py")["router"])
    server = Served(app)
    yield server
    server.stop()


def test_the_office_sees_the_page_and_nobody_else(served: Served, own_world: World) -> None:
    def ask(email: str) -> Client:
        return client_as(served, own_world, email)

    with ask(OFFICE) as office, ask(VIEWER) as viewer:
        answer = office.get("/words")
        assert answer.status_code == 200
        assert "Last day to hold the challenge event" in answer.text
        assert viewer.get("/words").status_code == 403
