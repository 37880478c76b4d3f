"""Several are reminded at once: who can be, with a reason, at most once a day; and lists have pages."""

import re

from peer_challenge.register import listings, messages
from tests.web.conftest import As, Client
from tests.web.world import OFFICE, World

TICK = re.compile(r'name="area" type="checkbox" value="([^"]+)"')


def test_those_who_are_ticked_are_reminded_once_a_day(world: World, as_: As) -> None:
    office, path = as_(OFFICE), f"/remind/{world.cycle.id}"
    can = TICK.findall(office.get(path).text)
    assert len(can) > 1
    form = {"csrf_token": office.csrf, "area": can[:2], "reason": "before the holidays"}
    assert "Nobody is ticked." in office.post(path, data={**form, "area": []}).text
    assert "no reason given" in office.post(path, data={**form, "reason": ""}).text
    assert office.post(path, data=form).status_code == 303
    assert len(world.dispatch_ids(kind="reminder", state="intended")) == 2
    again = office.post(path, data=form)
    assert again.status_code == 422 and "You have reminded them of this today." in again.text
    assert sorted(TICK.findall(again.text)) == sorted(can[2:])
    with world.register.reading() as connection:
        entries = listings.list_journal_entries(connection, 1, event="reminder asked for").rows
    assert [one.details["reason"] for one in entries] == ["before the holidays"] * 2


def test_a_reminder_goes_to_nobody_but_whom_the_page_showed(own_world: World, as_own: Client) -> None:
    path = f"/remind/{own_world.cycle.id}"
    first, second, third = TICK.findall(as_own.get(path).text)[:3]
    moved = f"{second.rpartition('/')[0]}/somebody-else"
    form = {"csrf_token": as_own.csrf, "area": [moved, third], "reason": "before the holidays"}
    told = as_own.post(path, data=form).text
    assert "1 reminder is being made." in told
    name = own_world.cycle.participant[second.partition("/")[0]].name
    assert f"{name}: It now waits for somebody else" in told
    assert len(own_world.dispatch_ids(kind="reminder", state="intended")) == 1
    path = f"/challenges/{own_world.cycle.id}/{first.partition('/')[0]}/remind"
    assert f'name="seen" value="{first}"' in as_own.get(path).text
    one = {"csrf_token": as_own.csrf, "reason": "before the holidays"}
    assert "It now waits for somebody else" in as_own.post(path, data=one | {"seen": moved}).text
    assert "It now waits for somebody else" in as_own.post(path, data=one).text
    assert as_own.post(path, data=one | {"seen": first}).status_code == 303
    assert len(own_world.dispatch_ids(kind="reminder", state="intended")) == 2


def test_messages_have_pages_and_each_page_of_the_office_its_help(world: World, as_: As) -> None:
    office = as_(OFFICE)
    first = office.get("/messages?state=all").text
    assert "Help with this page" in first and "Page 1" not in first
    with world.register.reading() as connection:
        every = messages.list_messages(connection, most=None)
        assert messages.list_messages(connection, most=3, skip=3) == every[3:6]
