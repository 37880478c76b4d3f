"""Pages are made once for all who have the same rights, and nobody ever gets another's."""

import random
import threading
from dataclasses import replace

import pytest
from fastapi import FastAPI

from dashboard.value_cache import Memory
from peer_challenge.register import journal
from tests.web.conftest import As, Served, client_as
from tests.web.world import NOW, OFFICE, VIEWER, World, contact_of

PATHS = (
    "/",
    "/?sort=due",
    "/mine",
    "/calendar",
    "/inbox",
    "/inbox?outcome=rejected",
    "/journal",
    "/picture",
    "/partners",
    "/challenges/northern-2027/ashcombe",
    "/challenges/northern-2027/eastholme",
)


def _everybody(world: World) -> list[str]:
    areas = [contact_of(area.id) for area in world.cycle.authors]
    return [OFFICE, VIEWER, *areas, *(f"{chair.id}@example.org" for chair in world.cycle.chairs)]


@pytest.mark.parametrize("seed", range(3))
def test_a_remembered_page_is_the_one_that_would_be_made_for_whoever_asks(
    app: FastAPI, world: World, as_: As, seed: int
) -> None:
    asked = [(email, path) for email in _everybody(world) for path in PATHS]
    for email in _everybody(world):  # their sessions, which are journalled with nothing
        as_(email)
    expected = {}
    for email, path in asked:
        app.state.office = replace(app.state.office, memory=Memory())
        answer = as_(email).get(path)
        expected[email, path] = (answer.status_code, answer.headers.get("location"), answer.text)
    app.state.office = replace(app.state.office, memory=Memory())
    for email, path in random.Random(seed).sample(asked * 2, len(asked) * 2):
        answer = as_(email).get(path)
        assert (answer.status_code, answer.headers.get("location"), answer.text) == expected[email, path]


def test_a_remembered_page_carries_the_name_and_token_of_whoever_asks_and_no_others(
    world: World, as_: As
) -> None:
    people = [OFFICE, contact_of("ashcombe"), contact_of("eastholme")]
    for path in ("/mine", "/", "/challenges/northern-2027/ashcombe"):
        for email in people:
            text = as_(email).get(path, follow_redirects=True).text
            assert as_(email).csrf in text
            assert not any(as_(other).csrf in text for other in people if other != email)


def test_two_sessions_share_a_page_but_not_their_tokens(served: Served, world: World, as_: As) -> None:
    first, second = as_(OFFICE), client_as(served, world, OFFICE)
    before, after = first.get("/").text, second.get("/").text
    assert first.csrf != second.csrf
    assert after == before.replace(first.csrf, second.csrf)
    second.close()


def test_what_happens_shows_at_once(world: World, as_: As) -> None:
    assert "a thing of note" not in as_(OFFICE).get("/journal").text
    with world.register.writing() as connection:
        journal.append(connection, "a thing of note", at=NOW, actor="somebody")
    assert "a thing of note" in as_(OFFICE).get("/journal").text


def test_a_file_in_the_inbox_shows_though_the_register_knows_nothing_of_it(world: World, as_: As) -> None:
    assert "quarterly.docx" not in as_(OFFICE).get("/inbox").text
    path = world.settings.inbox_folder / "quarterly.docx"
    path.write_bytes(b"half a file")
    assert "quarterly.docx" in as_(OFFICE).get("/inbox").text
    path.unlink()


def test_a_thing_is_made_once_however_many_ask_for_it() -> None:
    memory, made, begun = Memory(), [], threading.Barrier(8)

    def make() -> str:
        made.append(1)
        return "it"

    def ask() -> None:
        begun.wait()
        assert memory.recall("key", 1, make) == "it"

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1


def test_what_failed_is_made_again_and_what_has_passed_is_forgotten() -> None:
    memory = Memory()
    with pytest.raises(ZeroDivisionError):
        memory.recall("key", 1, lambda: 1 / 0)
    assert memory.recall("key", 1, lambda: "first") == "first"
    assert memory.recall("key", 1, lambda: "second") == "first"
    assert memory.recall("key", 2, lambda: "second") == "second"
