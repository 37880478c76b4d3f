"""Dates of one challenge: shown before they move, moved once, and taken back; never from an old page."""

from datetime import date
from html import unescape

from peer_challenge.model.vocabulary import DeadlineName
from peer_challenge.register import challenges
from tests.web.conftest import Client, read_mark
from tests.web.world import World


def _read_event_by(world: World, path: str) -> date:
    with world.register.reading() as connection:
        return challenges.due_dates(connection, path.removeprefix("/challenges/"))[DeadlineName.EVENT_BY]


def _path(world: World) -> str:
    return f"/challenges/{world.cycle.id}/{world.cycle.authors[0].id}"


def _extend(client: Client, path: str, **more: str) -> tuple[int, str]:
    asked = {"kind": "extension", "deadline": "event_by", "days": "7", "reason": "somebody is ill"}
    answer = client.post(f"{path}/dates", data={**asked, **more, "csrf_token": client.csrf})
    return answer.status_code, unescape(answer.text)


def test_a_second_press_moves_no_date_and_says_so(as_own: Client, own_world: World) -> None:
    path = _path(own_world)
    mark = read_mark(_extend(as_own, path)[1])
    assert _extend(as_own, path, is_confirmed=mark)[0] == 303
    once = _read_event_by(own_world, path)
    status, page = _extend(as_own, path, is_confirmed=mark)
    assert status == 422 and "The dates have changed since you looked." in page
    assert _read_event_by(own_world, path) == once
    assert _extend(as_own, path, is_confirmed=read_mark(page))[0] == 303, "what it shows now can be confirmed"


def test_an_extension_is_taken_back_on_the_page_of_its_challenge(as_own: Client, own_world: World) -> None:
    path = _path(own_world)
    before = _read_event_by(own_world, path)
    _extend(as_own, path, is_confirmed=read_mark(_extend(as_own, path)[1]))
    extended = _read_event_by(own_world, path)
    (link,) = [
        part.split('"')[0]
        for part in as_own.get(path).text.split('href="')
        if part.startswith(f"{path}/dates/")
    ]
    page = as_own.get(link).text
    assert "What this would move" in page and _read_event_by(own_world, path) == extended > before
    asked = {"csrf_token": as_own.csrf, "is_confirmed": read_mark(page), "reason": "the wrong area"}
    nameless = as_own.post(link, data={**asked, "reason": ""})
    assert nameless.status_code == 422 and _read_event_by(own_world, path) == extended
    stale = as_own.post(link, data={**asked, "is_confirmed": "another"})
    assert stale.status_code == 422 and "have changed since you looked" in stale.text
    assert as_own.post(link, data=asked).status_code == 303
    assert _read_event_by(own_world, path) == before
    assert "Take it back" not in as_own.get(path).text
    again = as_own.post(link, data=asked)
    assert again.status_code == 422 and "taken back already" in again.text
