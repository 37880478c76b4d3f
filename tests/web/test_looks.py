"""How pages look where that says something: nothing covers anything else, and print keeps the meaning."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

import httpx
import pytest
from playwright.sync_api import Browser, Page

from dashboard.app import create_app
from dashboard.context import COOKIE
from peer_challenge.clock import SimulatedClock
from peer_challenge.model.vocabulary import DeadlineName, Outcome
from peer_challenge.register import challenges, people, sessions
from peer_challenge.register import tables as t
from tests.waiting import LONG
from tests.web.conftest import Served, context_as
from tests.web.world import NOW, OFFICE, World

A4_WITHIN_MARGINS = 718
"""Pixels of the 190 mm that a printer has of an A4 page."""


def _settle_as(world: World, author: str, outcome: Outcome) -> None:
    """Give an area's newest document another outcome."""
    newest = t.submissions.c.challenge_id == f"{world.cycle.id}/{author}"
    with world.register.writing() as connection:
        connection.execute(t.submissions.update().where(newest).values(outcome=outcome.value))


@pytest.fixture
def served_at(own_world: World) -> Iterator[tuple[Served, SimulatedClock]]:
    clock = SimulatedClock(NOW)
    server = Served(create_app(own_world.settings, own_world.register, clock))
    yield server, clock
    server.stop()


def _session(world: World, at: datetime) -> dict[str, str]:
    """The cookie of a session of the office that begins at a time."""
    with world.register.writing() as connection:
        user = people.find_user_by_email(connection, OFFICE)
        assert user is not None
        return {COOKIE: sessions.begin_session(connection, user.id, at)}


def _due_on(world: World, author: str) -> datetime:
    """The end of the working day on which the analysis of an area is due."""
    with world.register.reading() as connection:
        due = challenges.due_dates_in(connection, world.cycle.id)[f"{world.cycle.id}/{author}"]
    return datetime.combine(due[DeadlineName.ANALYSIS_DUE], time(17), UTC)


def _page(chromium: Browser, served: Served, world: World, width: int, at: datetime) -> Page:
    context = context_as(chromium, served, world, None, viewport={"width": width, "height": 800})
    held = _session(world, at)
    context.add_cookies([{"name": COOKIE, "value": held[COOKIE], "url": served.url}])
    return context.new_page()


@pytest.mark.parametrize("width", [1024, 1280, 1440])
def test_no_tag_of_the_board_lies_over_the_column_beside_it(
    chromium: Browser, served_at: tuple[Served, SimulatedClock], own_world: World, width: int
) -> None:
    for area in own_world.cycle.authors:
        _settle_as(own_world, area.id, Outcome.QUERIED)
    served, clock = served_at
    clock.set(_due_on(own_world, own_world.cycle.authors[1].id) - timedelta(days=2))
    page = _page(chromium, served, own_world, width, clock.now())
    page.goto("/")
    tags = page.locator(".pc-columns table .govuk-tag")
    assert "Questions are open and the date is near" in tags.all_inner_texts()
    aside = page.locator(".pc-columns aside").bounding_box()
    boxes = [tag.bounding_box() for tag in tags.all()]
    cells = page.locator(".pc-columns section").bounding_box()
    assert aside is not None and cells is not None
    for box in boxes:
        assert box is not None
        is_beside = box["y"] + box["height"] > aside["y"] and aside["x"] > cells["x"]
        assert not is_beside or box["x"] + box["width"] <= aside["x"]
    page.context.close()


def test_a_printed_picture_shows_the_gravest_rating_boldest_and_cuts_no_column(
    chromium: Browser, served_at: tuple[Served, SimulatedClock], own_world: World
) -> None:
    served, clock = served_at
    page = _page(chromium, served, own_world, A4_WITHIN_MARGINS, clock.now())
    page.emulate_media(media="print")
    page.goto(f"/picture?cycle={own_world.cycle.id}")
    weights = [
        page.locator(f".pc-heat .pc-rag--{name}").first.evaluate("one => +getComputedStyle(one).fontWeight")
        for name in ("red", "amber", "green")
    ]
    assert weights == sorted(weights, reverse=True) and len(set(weights)) == 3
    heat = page.locator(".pc-heat").first
    assert heat.evaluate("one => one.scrollWidth <= one.clientWidth")
    for header in heat.locator("th").all():
        box = header.bounding_box()
        assert box is None or box["x"] + box["width"] <= A4_WITHIN_MARGINS
    page.context.close()


@pytest.mark.parametrize("days", [-20, -2, 2])
def test_an_area_with_questions_or_a_rejected_document_is_counted_also_when_it_is_overdue(
    served_at: tuple[Served, SimulatedClock], own_world: World, days: int
) -> None:
    served, clock = served_at
    _, queried, rejected, _ = own_world.cycle.authors
    _settle_as(own_world, queried.id, Outcome.QUERIED)
    _settle_as(own_world, rejected.id, Outcome.REJECTED)
    clock.set(_due_on(own_world, queried.id) + timedelta(days=days))
    with httpx.Client(base_url=served.url, timeout=LONG, cookies=_session(own_world, clock.now())) as client:
        assert _shown(client, own_world, "questions") == {queried.name}
        assert _shown(client, own_world, "rejected") == {rejected.name}
        assert ({queried.name, rejected.name} <= _shown(client, own_world, "overdue")) == (days > 0)


def _shown(client: httpx.Client, world: World, show: str) -> set[str]:
    """The names of the areas that the board lists under a figure."""
    table = client.get(f"/?show={show}").text.partition("<tbody")[2].partition("</tbody>")[0]
    return {area.name for area in world.cycle.authors if f'/{area.id}">' in table}
