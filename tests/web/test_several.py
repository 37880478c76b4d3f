"""The board is sorted by its columns, and one thing is done with several areas at once."""

import io
import re
import zipfile
from html import unescape

import pytest
from playwright.sync_api import Browser, expect

from peer_challenge.dates.deadlines import DeadlineName
from peer_challenge.register import challenges, listings, notes
from tests.web.conftest import As, Client, Served, context_as, read_mark
from tests.web.test_new_cycle import Looks
from tests.web.world import OFFICE, VIEWER, World

CYCLE = "northern-2027"


def _areas(page: str) -> list[str]:
    return re.findall(r'<th scope="row"[^>]*>(?:<a[^>]*>)?([^<]+)', page)


def _entries(world: World, event: str) -> list[tuple[str | None, str]]:
    with world.register.reading() as connection:
        rows = listings.list_journal_entries(connection, 1, event=event).rows
    return [(row.challenge_id, row.actor) for row in rows]


def test_the_board_is_sorted_by_the_links_of_its_headings(world: World, as_: As) -> None:
    office = as_(OFFICE)
    by_name = _areas(office.get("/").text)
    assert by_name == sorted(by_name) and len(by_name) == len(world.cycle.authors)
    first = office.get("/").text
    assert (
        'aria-sort="ascending"><a class="govuk-link govuk-link--no-visited-state" href="/?sort=-area"'
        in first
    )
    assert _areas(office.get("/", params={"sort": "-area"}).text) == by_name[::-1]
    for column in ("challenger", "stage", "waiting", "next", "due"):
        up = _areas(office.get("/", params={"sort": column}).text)
        down = _areas(office.get("/", params={"sort": f"-{column}"}).text)
        assert sorted(up) == by_name and down == up[::-1]


def test_the_board_has_one_way_to_sort_and_one_place_to_remind_and_extend(as_: As) -> None:
    page = as_(OFFICE).get("/", params={"sort": "-due", "q": "a"}).text
    assert "<select" not in page.partition('class="pc-filter"')[2].partition("</form>")[0]
    assert '<input type="hidden" name="sort" value="-due">' in page  # a search keeps the order
    for what, one_place in (("remind", "Remind"), ("dates", "Extend a date")):
        assert page.count(f'value="{what}">{one_place}</button>') == 1
        assert page.count(one_place) == 1


def test_what_is_done_with_all_is_done_with_those_that_the_board_listed(world: World, as_: As) -> None:
    office = as_(OFFICE)
    listed = [area.id for area in world.cycle.authors[:2]]
    for what, address in (("remind", f"/remind/{CYCLE}"), ("dates", f"/cycle/{CYCLE}/dates")):
        answer = office.get(
            f"/several/{CYCLE}",
            params={"what": what, "is_all": "yes", "listed": " ".join(listed), "area": listed[0]},
        )
        assert answer.status_code == 303
        assert answer.headers["location"] == f"{address}?area={listed[0]}&area={listed[1]}"
    one = office.get(
        f"/several/{CYCLE}", params={"what": "remind", "listed": " ".join(listed), "area": listed[0]}
    )
    assert one.headers["location"] == f"/remind/{CYCLE}?area={listed[0]}"


@pytest.mark.browser
def test_the_board_is_sorted_at_320_pixels_without_javascript(
    chromium: Browser, served: Served, world: World
) -> None:
    context = context_as(
        chromium, served, world, OFFICE, java_script_enabled=False, viewport={"width": 320, "height": 800}
    )
    page = context.new_page()
    page.goto("/")
    names = sorted(area.name for area in world.cycle.authors)
    rows = page.locator("tbody th a")
    expect(rows).to_have_text(names)
    page.get_by_role("link", name=re.compile("^Area.*sort by this")).click()
    expect(rows).to_have_text(names[::-1])
    box = page.get_by_role("link", name=re.compile("^Challenged by.*sort by this")).bounding_box()
    assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= 320
    context.close()


def test_only_the_office_can_tick(as_: As) -> None:
    assert 'name="area"' in as_(OFFICE).get("/").text
    assert 'name="area"' not in as_(VIEWER).get("/").text


@pytest.mark.browser
def test_a_note_is_written_on_several_areas_without_javascript(
    chromium: Browser, served: Served, world: World
) -> None:
    context = context_as(
        chromium, served, world, OFFICE, java_script_enabled=False, viewport={"width": 320, "height": 800}
    )
    page = context.new_page()
    page.goto("/")
    first, second = world.cycle.authors[:2]
    page.get_by_role("button", name="Write a note").click()
    expect(page.get_by_role("alert")).to_contain_text("No area is ticked.")
    page.get_by_role("link", name="Board").first.click()
    for area in (first, second):
        page.get_by_label(area.name, exact=True).check()
    page.get_by_role("button", name="Write a note").click()
    expect(page.locator("main li")).to_have_text([first.name, second.name])
    page.get_by_role("button", name="Write the note").click()
    expect(page.get_by_role("alert")).to_contain_text("The note has no words.")
    page.get_by_label("Note", exact=True).fill("Rang all about the lighthouse")
    page.get_by_role("button", name="Write the note").click()
    expect(page.get_by_role("status").first).to_contain_text("The note is written on each of them.")
    context.close()
    with world.register.reading() as connection:
        for area in (first, second):
            (note,) = notes.list_notes(connection, f"{CYCLE}/{area.id}")
            assert note.text == "Rang all about the lighthouse"
    written = [one for one, who in _entries(world, "note written") if who == "Programme office"]
    assert sorted(filter(None, written)) == sorted(f"{CYCLE}/{area.id}" for area in (first, second))


@pytest.mark.browser
def test_pages_for_several_are_accessible_and_fit(chromium: Browser, served: Served, world: World) -> None:
    context = context_as(chromium, served, world, OFFICE, viewport={"width": 320, "height": 800})
    page, look = context.new_page(), Looks(320, with_axe=True)
    first = world.cycle.authors[0].id
    for path in (
        "/",
        f"/several/{CYCLE}?what=note&area={first}",
        f"/several/{CYCLE}?what=documents&area={first}",
        f"/remind/{CYCLE}?area={first}",
        f"/cycle/{CYCLE}/dates?area={first}",
        "/journal",
        "/people",
        "/messages",
    ):
        page.goto(path)
        look(page)
    assert look.wrong == []
    context.close()


def test_the_documents_of_several_areas_are_in_one_file(world: World, as_: As) -> None:
    office = as_(OFFICE)
    ids = [area.id for area in world.cycle.authors[:2]]
    form = {"csrf_token": office.csrf, "area": ids}
    answer = office.post(f"/several/{CYCLE}/documents", data=form)
    assert answer.headers["content-disposition"].endswith("documents.zip")
    names = zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
    assert {name.partition("/")[0] for name in names} == set(ids)
    for area in ids:
        assert any(name.startswith(f"{area}/came in/self-assessment ") for name in names)
        assert any(name.startswith(f"{area}/went out/{area}/") for name in names)
    assert sorted(one for one, _ in _entries(world, "documents downloaded") if one) == [
        f"{CYCLE}/{area}" for area in sorted(ids)
    ]
    nobody = office.post(f"/several/{CYCLE}/documents", data={"csrf_token": office.csrf})
    assert nobody.status_code == 422 and "No area is ticked." in nobody.text


def test_a_date_moves_for_the_areas_that_are_ticked_alone(own_world: World, as_own: Client) -> None:
    ids = [area.id for area in own_world.cycle.authors if area.id != "ashcombe"][:2]
    led = as_own.get(f"/several/{CYCLE}", params={"what": "dates", "area": ids})
    assert led.status_code == 303
    page = unescape(as_own.get(led.headers["location"]).text)
    assert all(own_world.cycle.participant[one].name in page for one in ids)

    def days() -> dict[str, object]:
        with own_world.register.reading() as connection:
            due = challenges.due_dates_in(connection, CYCLE)
        return {one: due[f"{CYCLE}/{one}"].get(DeadlineName.EVENT_BY) for one in own_world.cycle.participant}

    before = days()
    asked = {"csrf_token": as_own.csrf, "kind": "extension", "deadline": "event_by", "days": "7"}
    form = {**asked, "reason": "a strike", "area": ids}
    shown = unescape(as_own.post(f"/cycle/{CYCLE}/dates", data=form).text)
    assert "What this would move" in shown and days() == before
    assert shown.count('name="area"') == 2
    assert (
        as_own.post(f"/cycle/{CYCLE}/dates", data={**form, "is_confirmed": read_mark(shown)}).status_code
        == 303
    )
    after = days()
    assert {one for one in after if after[one] != before[one]} == set(ids)
    assert sorted(one for one, _ in _entries(own_world, "dates adjusted") if one) == sorted(
        f"{CYCLE}/{one}" for one in ids
    )


def test_those_who_are_ticked_on_the_board_are_ticked_to_be_reminded(
    own_world: World, as_own: Client
) -> None:
    everybody = as_own.get(f"/remind/{CYCLE}").text
    marks = re.findall(r'name="area" type="checkbox" value="([^"]+)"', everybody)
    assert len(marks) > 1
    area = marks[0].partition("/")[0]
    led = as_own.get(f"/several/{CYCLE}", params={"what": "remind", "area": [area]})
    page = as_own.get(led.headers["location"]).text
    ticked = re.findall(r'value="([^"]+)" checked', page)
    assert ticked == [mark for mark in marks if mark.startswith(f"{area}/")]
    form = {"csrf_token": as_own.csrf, "area": ticked, "reason": "rang twice"}
    assert as_own.post(f"/remind/{CYCLE}", data=form).status_code == 303
    assert [one for one, _ in _entries(own_world, "reminder asked for")] == [f"{CYCLE}/{area}"] * len(ticked)
