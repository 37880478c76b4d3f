"""What is held about a person is found wherever the register has a text, however the name is written."""

from datetime import date
from pathlib import Path

import pytest

from peer_challenge.errors import WrongUse
from peer_challenge.operations.personal_data import HOLDINGS, HeldData, find_personal_data
from peer_challenge.register import listings
from peer_challenge.register import tables as t
from peer_challenge.register.personal_data import list_searched_tables
from tests.unit.steering.test_accept_findings import AT
from tests.unit.steering.test_keep_notes import write
from tests.web.world import World, an_empty_world


@pytest.fixture
def world(tmp_path: Path) -> World:
    return an_empty_world(tmp_path / "home")


def find(world: World, name: str) -> list[HeldData]:
    return find_personal_data(world.register, name, at=AT, actor="Office")


def test_every_table_with_texts_is_described_in_words() -> None:
    unknown = set(list_searched_tables()) - set(HOLDINGS)
    assert unknown == set(), "say in HOLDINGS what this table holds about people"


def test_what_the_purge_takes_is_not_called_kept_for_good_and_what_it_leaves_is() -> None:
    assert "For good." not in HOLDINGS["mailbox_messages"].kept
    assert "For good." not in HOLDINGS["decisions"].kept
    assert HOLDINGS["house_styles"].kept == HOLDINGS["agreed_items"].kept == "For good."


def test_a_contact_is_found_by_role_and_by_address_in_every_way_of_writing(world: World) -> None:
    contact = world.cycle.authors[0].contacts[0]
    for name in (contact.email, contact.email.upper(), contact.name, f" {contact.name.upper()}"):
        assert f"cycle {world.cycle.id}" in [one.where for one in find(world, name)], name


def test_a_note_and_an_account_are_found_and_a_part_of_a_word_is_not(world: World) -> None:
    write(world, "Rang Jo-Ann O’Nèill on Monday", date(2027, 2, 25))
    (held,) = find(world, "jo ann oneill")
    assert (held.what, held.times) == ("A note of the office", 1)
    assert find(world, "Ann O’Nei") == []
    assert "An account to sign in with" in [one.what for one in find(world, "office@example.org")]


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("O'Brien", "Ms O'Brien told us"),
        ("O’Brien", "Ms O'Brien told us"),
        ("St John", "Rang Jo St John"),
        ("Jo Saint John", "Rang Jo St John"),
        ("J.B. Ng", "J.B. Ng rang"),
        ("jo.o'brien@x.gov.uk", "Wrote to jo.o'brien@x.gov.uk."),
        ("Jo Smith", "Jo Smith's deputy rang"),
        ("Jo Smith", "Rang:\nJo Smith"),
    ],
)
def test_a_name_with_signs_or_short_for_another_is_found(world: World, name: str, written: str) -> None:
    write(world, written, date(2027, 2, 25))
    assert [one.what for one in find(world, name)] == ["A note of the office"]


def test_a_name_in_a_value_of_json_is_found_after_the_end_of_a_line(world: World) -> None:
    with world.register.writing() as connection:
        change = t.cycles.update().values(definition={"a": [{"b": "a\nJo Smith", "c": 1, "d": None}]})
        connection.execute(change)
    assert [one.where for one in find(world, "Jo Smith")] == [f"cycle {world.cycle.id}"]


def test_the_journal_says_that_somebody_looked_and_not_for_whom(world: World) -> None:
    find(world, "Unusual Name")
    find(world, "Unusual Name")
    assert find(world, "Unusual Name") == []
    with world.register.reading() as connection:
        newest = listings.list_journal_entries(connection, 1).rows[0]
    assert (newest.event, newest.details) == ("personal data looked up", {"places": 0})


@pytest.mark.parametrize("name", ["", "  ", "!!!", "Jo"])
def test_too_short_a_name_is_refused(world: World, name: str) -> None:
    with pytest.raises(WrongUse):
        find(world, name)
