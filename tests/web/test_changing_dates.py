"""Dates of one challenge: shown before they move, moved once, and taken back; never from an old page."""

from datetime import date, timedelta
from html import unescape

from peer_challenge.dates.deadlines import Adjustment
from peer_challenge.model.vocabulary import DeadlineName
from peer_challenge.register import challenges, date_adjustments
from tests.web.conftest import Client, read_mark
from tests.web.world import NOW, World


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


def test_an_extension_to_a_new_date_ends_on_that_date(as_own: Client, own_world: World) -> None:
    path = _path(own_world)
    before = _read_event_by(own_world, path)
    to = (before + timedelta(days=14)).isoformat()
    both = _extend(as_own, path, to=to)
    assert both[0] == 422 and "Give one of the two." in both[1]
    early = _extend(as_own, path, days="", to=before.isoformat())
    assert early[0] == 422 and "has to be after" in early[1]
    late = _extend(as_own, path, days="", to="2030-01-01")
    assert late[0] == 422 and "more than a year" in late[1]
    mark = read_mark(_extend(as_own, path, days="", to=to)[1])
    assert _extend(as_own, path, days="", to=to, is_confirmed=mark)[0] == 303
    assert _read_event_by(own_world, path) == before + timedelta(days=14)


def test_a_new_date_for_all_moves_each_area_to_it_from_its_own_day(as_own: Client, own_world: World) -> None:
    def read_days() -> set[date]:
        with own_world.register.reading() as connection:
            return {
                days[DeadlineName.EVENT_BY]
                for days in challenges.due_dates_in(connection, own_world.cycle.id).values()
                if DeadlineName.EVENT_BY in days
            }

    page = f"/cycle/{own_world.cycle.id}/dates"
    first = own_world.cycle.authors[1].id
    one = f"/challenges/{own_world.cycle.id}/{first}"
    _extend(as_own, one, is_confirmed=read_mark(_extend(as_own, one)[1]))
    own_day = _read_event_by(own_world, one)
    to = max(read_days()) + timedelta(days=14)
    asked = {"kind": "extension", "deadline": "event_by", "to": to.isoformat(), "reason": "a strike"}
    asked |= {"csrf_token": as_own.csrf}
    asked["is_confirmed"] = read_mark(as_own.post(page, data=asked).text)
    assert as_own.post(page, data=asked).status_code == 303
    assert _read_event_by(own_world, one) == to > own_day
    with own_world.register.reading() as connection:
        made = date_adjustments.adjustments_in(connection, own_world.cycle.id)
        due = challenges.due_dates_in(connection, own_world.cycle.id)
    assert len(made) > 1, "areas with other days before"
    assert {due[which][DeadlineName.EVENT_BY] for which in made} == {to}


def test_what_was_extended_for_all_is_taken_back_for_all(as_own: Client, own_world: World) -> None:
    def read_days() -> dict[str, date]:
        with own_world.register.reading() as connection:
            due = challenges.due_dates_in(connection, own_world.cycle.id)
        return {
            which: days[DeadlineName.EVENT_BY] for which, days in due.items() if DeadlineName.EVENT_BY in days
        }

    page = f"/cycle/{own_world.cycle.id}/dates"
    assert "Take back for all" not in as_own.get(page).text
    before = read_days()
    asked = {"kind": "extension", "deadline": "event_by", "days": "14", "reason": "a strike"}
    asked |= {"csrf_token": as_own.csrf}
    asked["is_confirmed"] = read_mark(as_own.post(page, data=asked).text)
    assert as_own.post(page, data=asked).status_code == 303
    extended = read_days()
    alone = _path(own_world)
    mark = read_mark(_extend(as_own, alone, deadline="chair_record_due")[1])
    assert _extend(as_own, alone, deadline="chair_record_due", is_confirmed=mark)[0] == 303
    (link,) = [part.split('"')[0] for part in as_own.get(page).text.split('href="') if '/back"' in part[:80]]
    shown = as_own.get(link).text
    assert "What this would move" in shown and read_days() == extended != before
    asked = {"csrf_token": as_own.csrf, "is_confirmed": read_mark(shown), "reason": "it was called off"}
    assert as_own.post(link, data={**asked, "reason": ""}).status_code == 422
    stale = as_own.post(link, data={**asked, "is_confirmed": "another"})
    assert stale.status_code == 422 and "have changed since you looked" in stale.text
    assert read_days() == extended
    assert as_own.post(link, data=asked).headers["location"].endswith("done=dates-back")
    assert read_days() == before
    again = as_own.post(link, data=asked)
    assert again.status_code == 422 and "taken back already" in again.text
    with own_world.register.reading() as connection:
        (left,) = date_adjustments.adjustments_in(connection, own_world.cycle.id).values()
    assert [one.deadline for one in left] == ["chair_record_due"], "what was made for one area stays"


def test_a_pause_that_would_move_a_new_date_further_is_said(as_own: Client, own_world: World) -> None:
    path = _path(own_world)
    before = _read_event_by(own_world, path)
    with own_world.register.writing() as connection:
        pause = Adjustment("pause", "a strike", 10, first_on=before + timedelta(days=5))
        challenges.adjust_challenge_dates(
            connection, own_world.cycle, path.removeprefix("/challenges/"), pause, at=NOW, actor="office"
        )
    assert _read_event_by(own_world, path) == before
    to = (before + timedelta(days=14)).isoformat()
    status, page = _extend(as_own, path, days="", to=to)
    assert status == 422 and "A pause begins before that day" in page
