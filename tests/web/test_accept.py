"""The office accepts a document as it is, on the page, at 320 pixels; and what an area sees of it."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, expect

from dashboard.app import create_app
from peer_challenge.clock import SimulatedClock
from peer_challenge.intake.take_in import take_in_ready_documents
from peer_challenge.model.vocabulary import Kind
from peer_challenge.register import tables as t
from tests.factories import a_cycle, a_filled, its_framework
from tests.fill_form import fill_form
from tests.web.conftest import Served, client_as, context_as
from tests.web.test_day import faults
from tests.web.world import NOW, OFFICE, World, contact_of

pytestmark = pytest.mark.browser
AREA, EARLY = "eastholme", "kestrel-riding"
ALARM = "We learnt much from the story of Jamie, aged 7, who was placed twice."
REASON = "the story is from a published national review"


@pytest.fixture
def own(own_world: World) -> Iterator[tuple[World, Served]]:
    """An installation of one's own, its page served."""
    server = Served(create_app(own_world.settings, own_world.register, SimulatedClock(NOW)))
    yield own_world, server
    server.stop()


def first_row() -> str:
    return next(iter(its_framework(a_cycle(4)).subheadings))


def newest(world: World) -> int:
    with world.register.reading() as connection:
        return connection.scalar(sa.select(sa.func.max(t.submissions.c.id))) or 0


def outcome(world: World, number: int) -> str:
    with world.register.reading() as connection:
        query = sa.select(t.submissions.c.outcome).where(t.submissions.c.id == number)
        return str(connection.scalar(query))


def test_the_office_reads_the_passage_clears_it_and_can_take_that_back(
    own: tuple[World, Served], chromium: Browser
) -> None:
    world, server = own
    form = a_filled(Kind.SELF_ASSESSMENT, AREA, seed=2, areas=4, turn=1)
    typed = {(first_row(), "strengths"): ALARM, (first_row(), "rating"): ""}
    (world.settings.inbox_folder / "second.docx").write_bytes(fill_form(form, typed))
    take_in_ready_documents(world.register, world.settings, NOW)
    number = newest(world)

    context = context_as(chromium, server, world, OFFICE)
    page = context.new_page()
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto("/")
    page.get_by_role("link", name="put aside, as a child might be identified").click()
    expect(page.locator("mark")).to_contain_text("Jamie")
    expect(page.locator("main")).to_contain_text("who was placed twice")
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320

    page.locator("input[name=finding]").first.check()
    page.get_by_role("button", name="Show what follows").click()
    expect(page.get_by_role("alert")).to_contain_text("There is no reason given")
    assert page.locator("input[name=finding]").first.is_checked()
    page.get_by_label("Why do you accept it?").fill(REASON)
    page.get_by_label("What do you write to the sender about it?").fill("Thank you for ringing.")
    page.get_by_role("button", name="Show what follows").click()
    expect(page.locator("main")).to_contain_text("1 question stays open")
    assert faults(page) == []
    assert outcome(world, number) == "rejected"
    page.get_by_role("button", name="Accept this").click()
    expect(page.get_by_role("status")).to_contain_text("You accepted this")
    assert outcome(world, number) == "queried"
    expect(page.locator("main")).to_contain_text(REASON)

    page.get_by_role("link", name="Take back the last decision").click()
    expect(page.locator("main")).to_contain_text("The finding is open again")
    page.get_by_label("Why do you take it back?").fill("Accepted by mistake")
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_role("status")).to_contain_text("You took the decision back")
    assert outcome(world, number) == "rejected"

    for _ in range(2):
        page.goto(f"/accept/{number}")
        page.locator("input[name=finding]").first.check()
        page.get_by_label("Why do you accept it?").fill(REASON)
        page.get_by_role("button", name="Show what follows").click()
        page.get_by_role("button", name="Accept this").click()
    assert outcome(world, number) == "warned"
    expect(page.locator("main")).to_contain_text("Nothing is open in this document")
    with client_as(server, world, contact_of(AREA)) as client:
        seen = client.get(f"/challenges/{world.cycle.id}/{AREA}").text
        assert "We accepted this as it is." in seen and REASON not in seen
        assert client.get(f"/accept/{number}").status_code == 403
    with client_as(server, world, OFFICE) as client:
        assert REASON in client.get("/journal").text
        assert "Jamie" not in client.get("/journal").text


def test_text_outside_the_answers_is_on_the_challenges_page_for_the_office_alone(
    own: tuple[World, Served],
) -> None:
    world, server = own
    form = a_filled(Kind.SELF_ASSESSMENT, AREA, seed=2, areas=4, turn=1)
    (world.settings.inbox_folder / "second.docx").write_bytes(form)
    take_in_ready_documents(world.register, world.settings, NOW)
    number, text = newest(world), "We also meet schools every month."
    with world.register.writing() as connection:
        connection.execute(t.unmapped_texts.insert().values(submission_id=number, position=99, text=text))
    with client_as(server, world, OFFICE) as client:
        assert text in client.get(f"/challenges/{world.cycle.id}/{AREA}").text
        assert text in client.get(f"/accept/{number}").text
    with client_as(server, world, contact_of(AREA)) as client:
        seen = client.get(f"/challenges/{world.cycle.id}/{AREA}")
        assert seen.status_code == 200 and text not in seen.text


def test_a_rating_told_by_telephone_is_noted_on_the_page(own: tuple[World, Served]) -> None:
    world, server = own
    row = first_row()
    form = a_filled(Kind.SELF_ASSESSMENT, AREA, seed=2, areas=4, turn=1)
    (world.settings.inbox_folder / "third.docx").write_bytes(fill_form(form, {(row, "rating"): ""}))
    take_in_ready_documents(world.register, world.settings, NOW)
    number = newest(world)
    told = {"finding": f"rating.missing|{row}|rating", "rating": "RED", "reason": "rang on Monday"}
    with client_as(server, world, OFFICE) as client:
        assert "Did the area tell you its rating?" in client.get(f"/accept/{number}").text
        sent = {"csrf_token": client.csrf, **told}
        assert client.post(f"/accept/{number}", data={**sent, "rating": "PURPLE"}).status_code == 422
        follows = client.post(f"/accept/{number}", data=sent).text
        assert "You told us that the rating is RED" in follows
        assert outcome(world, number) == "queried"
        client.post(f"/accept/{number}", data={**sent, "is_confirmed": "yes"})
        assert "the area told you RED" in client.get(f"/accept/{number}").text
    assert outcome(world, number) == "warned"


def test_a_form_out_of_turn_is_taken_in_and_counts_when_its_turn_comes(own: tuple[World, Served]) -> None:
    world, server = own
    author = world.cycle.authors[0].id
    plan = a_filled(Kind.ACTION_PLAN, author, areas=4, turn=1)
    (world.settings.inbox_folder / "plan.docx").write_bytes(plan)
    take_in_ready_documents(world.register, world.settings, NOW)
    number = newest(world)
    assert outcome(world, number) == "rejected"
    with client_as(server, world, OFFICE) as client:
        answer = client.post(
            f"/accept/{number}",
            data={
                "csrf_token": client.csrf,
                "finding": "intake.out_of_turn||",
                "reason": "they go on leave",
                "is_confirmed": "yes",
            },
        )
        assert answer.status_code == 303
    assert outcome(world, number) in ("accepted", "warned")
    with world.register.reading() as connection:
        stage = sa.select(t.challenges.c.stage).where(t.challenges.c.author_id == author)
        assert connection.scalar(stage) == "event set"
