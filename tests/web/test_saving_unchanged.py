"""A page of a cycle in preparation that is saved as it is changes nothing, whatever values there are."""

from typing import Any

import pytest
from lxml import html

from peer_challenge.cycle_file.load_cycle import check_entries
from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.cycle_file.write_cycle_file import entries_of_cycle
from peer_challenge.register.drafts import CycleDraft, load_draft
from peer_challenge.steering.draft_cycle import begin_draft
from tests.factories import a_cycle
from tests.web.conftest import As, Client
from tests.web.world import NOW, OFFICE, World

PAGES = (
    "framework",
    "dates",
    "rules",
    "partners",
    "sending",
    "areas/1",
    "areas/2",
    "areas/3",
    "areas/4",
    "chairs/1",
    "chairs/2",
)


def entries_with_everything() -> dict[str, Any]:
    """A cycle in which every value of areas, contacts, Chairs and rules is another than the usual one."""
    cycle = a_cycle(4)
    held: dict[str, Any] = entries_of_cycle(cycle)
    areas_of_focus = shipped_frameworks()[cycle.framework].focus_areas
    held["omit"] = [next(area.id for area in areas_of_focus if area.scope == "linked")]
    first, second = held["participants"][:2]
    first |= {
        "aliases": ["One", "Two, the second"],
        "partnership": "A partnership",
        "conflicts": [second["id"]],
        "unavailable": ["2027-04-21", {"first": "2027-05-04", "last": "2027-05-07"}],
        "capacity": "2",
        "size": "small",
        "type": "county",
        "challenged_by": {"northern-2025": second["id"]},
        "school_calendar": "northern",
    }
    first["contacts"][0] |= {"receives": ["reminders", "copies"], "role": "A role"}
    first["contacts"] += [{"name": f"Number {n}", "email": f"n{n}@a.example"} for n in range(4)]
    held["chairs"][0] |= {"not_for": [second["id"]], "available": ["2027-05-12"]}
    held["rules"] = {
        "rating_map": {"Red/Amber": "AMBER"},
        "checks": {"text.over_limit": "off"},
        "reminders_before_days": ["9", "3"],
        "extra_bank_holidays": ["2027-05-04"],
        "school_holidays": [{"first": "2027-05-24", "last": "2027-05-28"}],
        "school_calendars": ["northern"],
        "retention_months": "24",
        "look_before_sending": "no",
        "marking": "OFFICIAL",
        "sign_off": "warn",
    }
    held["assignment"] = {
        "seed": "7",
        "shared_icb": "allow",
        "bans": {first["id"]: [second["id"]]},
        "triads": "no",
    }
    return held


def save_as_it_is(client: Client, path: str) -> int:
    """Send the form of a page as a browser would, with what is in its fields."""
    (form,) = html.fromstring(client.get(path).text).xpath("//form[.//input[@name='seen']][1]")
    sent: dict[str, str] = {}
    for one in form.xpath(".//input[@name] | .//textarea[@name] | .//select[@name]"):
        if one.get("type") in ("checkbox", "radio") and one.get("checked") is None:
            continue
        value = one.value if one.tag == "select" else one.text if one.tag == "textarea" else one.get("value")
        sent[one.get("name")] = value or ""
    assert sent["csrf_token"] == client.csrf
    return client.post(path, data=sent).status_code


@pytest.mark.parametrize("page", PAGES)
def test_a_page_that_is_saved_as_it_is_changes_nothing(world: World, as_: As, page: str) -> None:
    entries = entries_with_everything()
    before = check_entries(entries, shipped_frameworks())
    assert before.problems == ()
    number = begin_draft(world.register, entries, at=NOW, actor="test")
    assert save_as_it_is(as_(OFFICE), f"/drafts/{number}/{page}") == 303
    with world.register.reading() as connection:
        draft = load_draft(connection, number, CycleDraft)
    assert draft is not None
    assert check_entries(draft.entries, shipped_frameworks()).cycle == before.cycle
