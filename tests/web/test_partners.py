"""Partners on the page: what is decided by hand stays until it is lifted; what is not out yet is undone."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest

from dashboard.app import create_app
from peer_challenge.clock import SimulatedClock
from peer_challenge.errors import WrongUse
from peer_challenge.partners import proposals
from peer_challenge.partners.changes import try_lifting
from peer_challenge.partners.pins_and_bans import map_author_to_challenger
from peer_challenge.partners.solver import FIGURE_NAMES
from peer_challenge.register import assignments, challenges, listings
from tests.web.conftest import Client, Served, client_as, copy_of
from tests.web.world import OFFICE, Kind, World, an_empty_world, day

CYCLE, FIRST = "northern-2027", "ashcombe"


@pytest.fixture(scope="module")
def proposed(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Every self-assessment is in, and partners are proposed; made once, never changed by a test."""
    world = an_empty_world(tmp_path_factory.mktemp("proposed") / "home")
    for author in world.cycle.authors:
        world.send_in(Kind.SELF_ASSESSMENT, author.id, day(2, 20))
    proposals.propose_for(world.register, world.cycle, day(3, 1))
    world.register.close()
    return world


@pytest.fixture
def office(proposed: World, tmp_path: Path) -> Iterator[tuple[World, Client]]:
    """A copy of it, and the office's session there."""
    world = copy_of(proposed, tmp_path / "home")
    server = Served(create_app(world.settings, world.register, SimulatedClock(day(3, 1))))
    with client_as(server, world, OFFICE) as client:
        yield world, client
    server.stop()
    world.register.close()


def _do(client: Client, what: str, **form: str) -> str:
    """Post a form; the page that one comes to."""
    answer = client.post(f"/partners/{CYCLE}/{what}", data={"csrf_token": client.csrf, **form})
    page = client.get(answer.headers["location"]) if answer.status_code == 303 else answer
    return re.sub(r"\s+", " ", page.text)


def _pairs(world: World) -> dict[str, str]:
    with world.register.reading() as connection:
        row = assignments.load_standing(connection, CYCLE)
    assert row is not None
    return map_author_to_challenger(row.proposal)


def _ban(world: World, client: Client) -> str:
    """Ban the first area's challenger; returns which it was."""
    banned = _pairs(world)[FIRST]
    _do(client, "try", act="ban", author=FIRST, other=banned, reason="they are related", is_confirmed="yes")
    return banned


def test_a_ban_stays_when_partners_are_proposed_anew_and_is_shown_with_who_and_why(
    office: tuple[World, Client],
) -> None:
    world, client = office
    banned = _ban(world, client)
    page = _do(client, "propose")
    assert _pairs(world)[FIRST] != banned
    decided = page.split("Decided by hand")[1]
    assert "never challenges Ashcombe" in decided
    assert "they are related" in decided and "Programme office" in decided


def test_a_ban_is_lifted_with_a_reason_once_it_is_shown_what_that_gives(
    office: tuple[World, Client],
) -> None:
    world, client = office
    banned = _ban(world, client)
    trial = _do(client, "lift", author=FIRST, challenger=banned)
    assert "What this would change" in trial and "is lifted" in trial
    assert "There is no reason given" in _do(
        client, "lift", author=FIRST, challenger=banned, is_confirmed="yes"
    )
    page = _do(client, "lift", author=FIRST, challenger=banned, is_confirmed="yes", reason="a mistake")
    assert "Decided by hand" not in page
    assert _pairs(world)[FIRST] == banned


def test_a_change_is_undone_with_a_reason_that_the_journal_keeps(office: tuple[World, Client]) -> None:
    world, client = office
    before = _pairs(world)
    _ban(world, client)
    assert "There is no reason given" in _do(client, "undo")
    assert "Undone, with your reason" in _do(client, "undo", reason="not related after all")
    assert _pairs(world) == before
    with world.register.reading() as connection:
        (entry, *_) = listings.list_journal_entries(connection, 1, event="change of partners undone").rows
    assert (entry.actor, entry.details["reason"]) == ("Programme office", "not related after all")


def test_an_approval_is_undone_until_something_of_it_has_gone_out(office: tuple[World, Client]) -> None:
    world, client = office
    assert "Undo the approval" in _do(client, "approve", reason="the best there are")
    page = _do(client, "undo", reason="too early")
    assert "Nothing is sent until it is approved" in page
    with world.register.reading() as connection:
        assert {row.challenger_id for row in challenges.list_challenges_in_cycle(connection, CYCLE)} == {None}
    _do(client, "approve", reason="now it is time")
    world.advance(day(3, 1))
    assert "be undone any more" in re.sub(r"\s+", " ", client.get("/partners").text)
    assert "Already out" in _do(client, "undo", reason="too late")


def test_an_area_that_withdraws_is_proposed_and_withdrawn_only_when_approved(
    office: tuple[World, Client],
) -> None:
    world, client = office
    preview = client.get("/partners/what-if", params={"cycle": CYCLE, "area": FIRST})
    assert "Ashcombe withdraws, once this is approved" in preview.text
    _do(client, "without", area=FIRST, reason="it is being reorganised", is_confirmed="yes")
    assert FIRST not in _pairs(world)
    with world.register.reading() as connection:
        assert challenges.find_challenge(connection, f"{CYCLE}/{FIRST}").stage == "self-assessed"
    _do(client, "approve", reason="without Ashcombe")
    with world.register.reading() as connection:
        assert challenges.find_challenge(connection, f"{CYCLE}/{FIRST}").stage == "withdrawn"


def test_a_change_without_a_reason_keeps_what_was_tried(office: tuple[World, Client]) -> None:
    world, client = office
    before = _pairs(world)
    tried = {"act": "ban", "author": FIRST, "other": before[FIRST], "is_confirmed": "yes"}
    page = _do(client, "try", **tried, reason="x")
    assert "too short for a reason" in page and "What this would change" in page
    assert 'name="act" value="ban"' in page and f'name="other" value="{before[FIRST]}"' in page
    assert "Approve these partners" not in page and _pairs(world) == before


def test_a_page_that_is_out_of_date_is_told_and_decides_nothing(office: tuple[World, Client]) -> None:
    world, client = office
    page = re.sub(r"\s+", " ", client.get(f"/partners?cycle={CYCLE}").text)
    seen = re.search(r'name="seen" value="(\d+)"', page)
    assert seen is not None
    _ban(world, client)  # in another tab, or by somebody else
    changed = _pairs(world)
    for what in ("approve", "undo"):
        told = _do(client, what, reason="as I saw them", seen=seen[1])
        assert "have changed since you opened this page" in told and "as I saw them" in told
    author, challenger = next(pair for pair in changed.items() if pair[0] != FIRST)
    tried = {"act": "ban", "author": author, "other": challenger, "is_confirmed": "yes"}
    told = _do(client, "try", **tried, reason="they are related", seen=seen[1])
    assert "have changed since you opened this page" in told and "they are related" in told
    assert _pairs(world) == changed


def test_figures_have_names_that_people_understand(office: tuple[World, Client]) -> None:
    _, client = office
    pages = (
        client.get("/partners").text,
        client.get(f"/partners/what-if?cycle={CYCLE}&area={FIRST}").text,
    )
    for shown in pages:
        assert FIGURE_NAMES["worst value"] in shown
        assert not [key for key in FIGURE_NAMES if f"{key.capitalize()}:" in shown or f">{key}<" in shown]


def test_the_board_and_the_challenge_say_what_waits_for_the_office(office: tuple[World, Client]) -> None:
    _, client = office
    assert client.get("/").text.count("Partners, once every self-assessment is in") >= len(
        client.get("/api/v1/status").json()["cycles"][0]["challenges"]
    )
    page = client.get(f"/challenges/{CYCLE}/{FIRST}").text
    assert "the programme office (partners, once every self-assessment is in)" in page


def test_a_refusal_names_the_page_and_the_command_line_its_command(office: tuple[World, Client]) -> None:
    world, client = office
    with pytest.raises(WrongUse, match="no pin or ban") as refused:
        try_lifting(world.register, world.cycle, FIRST, world.cycle.authors[1].id)
    assert "`peer-challenge assign --rules`" in refused.value.remedy_with_command
    asked = {"csrf_token": client.csrf, "author": FIRST, "challenger": world.cycle.authors[1].id}
    shown = client.post(f"/partners/{CYCLE}/lift", data=asked)
    assert shown.status_code == 422 and "“Decided by hand”" in shown.text
    assert "peer-challenge assign" not in shown.text


def _withdraw(client: Client, area: str) -> str:
    """Withdraw an area; the page that said before what would follow."""
    path = f"/challenges/{CYCLE}/{area}/withdraw"
    before = re.sub(r"\s+", " ", client.get(path).text)
    asked = {"csrf_token": client.csrf, "reason": "it merges with its neighbour"}
    assert client.post(path, data=asked).status_code == 303
    return before


def test_where_no_partners_are_possible_nothing_says_that_they_are_proposed(
    office: tuple[World, Client],
) -> None:
    world, client = office
    first, second, *_ = (area.id for area in world.cycle.authors)
    assert "leave no partners" not in _withdraw(client, first)
    # two are left, and two areas may not challenge each other
    assert "leave no partners" in _withdraw(client, second)
    page = _do(client, "propose")
    assert "No partners could be proposed" in page and "pc-done" not in page
    assert "No partners found</strong>" in page and ">Proposed</strong>" not in page
    assert "Set “Partners who challenge each other” to “Only if there is no other way”" in page
    journal = unescape(client.get("/journal").text)
    assert "No partners could be proposed." in journal and "for 0 areas" not in journal
    address = f"/cycle/{CYCLE}/partners/all"
    rules = world.cycle.assignment.model_dump()
    typed = {
        f"assignment-{name}": str(value) for name, value in rules.items() if isinstance(value, str | int)
    }
    typed |= {"assignment-triads": "no", "assignment-reciprocal": "avoid", "csrf_token": client.csrf}
    preview = unescape(client.post(address, data=typed).text)
    assert "each other: “Never” becomes “Only if there is no other way”" in preview
    assert "We look for partners again" in preview
    seen = re.search(r'name="seen" value="(\d+)"', preview)
    assert seen is not None
    confirmed = typed | {"is_confirmed": "yes", "seen": seen[1], "reason": "only two areas are left"}
    assert client.post(address, data=confirmed).status_code == 303
    assert len(_pairs(world)) == 2


def test_approving_before_a_form_is_in_says_when_partners_are_told(tmp_path: Path) -> None:
    world = an_empty_world(tmp_path / "home")
    server = Served(create_app(world.settings, world.register, SimulatedClock(day(1, 12))))
    with client_as(server, world, OFFICE) as client:
        page = _do(client, "propose")
        assert "4 self-assessments are not in yet" in page and "Both partners are told" not in page
        assert page.index("<details") < page.index(FIGURE_NAMES["worst value"])
        assert "Approved. Nothing is sent yet." in _do(client, "approve", reason="we know each other")
    server.stop()
    world.register.close()
