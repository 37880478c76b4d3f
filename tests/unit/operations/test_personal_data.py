"""What is held about a person is found wherever the register has a text, however the name is written."""

from datetime import date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from peer_challenge.errors import WrongUse
from peer_challenge.operations.personal_data import HOLDINGS, HeldData, find_personal_data
from peer_challenge.register import listings, mail_answers, people, sessions
from peer_challenge.register import tables as t
from peer_challenge.register.personal_data import find_rows_naming, list_searched_tables
from tests.unit.steering.test_accept_findings import AT
from tests.unit.steering.test_keep_notes import write
from tests.web.world import World, a_world, an_empty_world


@pytest.fixture
def world(tmp_path: Path) -> World:
    return an_empty_world(tmp_path / "home")


def find(world: World, name: str) -> list[HeldData]:
    return find_personal_data(world.register, world.settings, name, at=AT, actor="Office")


def test_every_table_with_texts_is_described_in_words() -> None:
    unknown = set(list_searched_tables()) - set(HOLDINGS)
    assert unknown == set(), "say in HOLDINGS what this table holds about people"


def test_what_the_purge_takes_is_not_called_kept_for_good_and_what_it_leaves_is() -> None:
    assert "For good." not in HOLDINGS["mailbox_messages"].kept
    assert "For good." not in HOLDINGS["decisions"].kept
    assert HOLDINGS["house_styles"].kept == HOLDINGS["agreed_items"].kept == "For good."


_NO_NAMES = {
    *("cycle_id", "challenge_id", "framework_id", "author_id", "challenger_id", "moderator_id"),
    "participant_id",
}
"""Ids of cycles, challenges, frameworks and areas: the only texts in which nobody is looked for."""


def _list_columns(table: sa.Table) -> list[sa.Column[object]]:
    """The columns in which somebody may be named."""
    return [
        column
        for column in table.columns
        if isinstance(column.type, sa.String | sa.JSON)
        and not column.name.endswith(("sha256", "hash"))
        and not column.foreign_keys
        and column.name not in _NO_NAMES
    ]


def _make_row(table: sa.Table, number: int, named: sa.Column[object]) -> dict[str, object]:
    """A row that names somebody in one column; elsewhere there is as little as there may be."""
    values: dict[type[object], object] = {datetime: AT, date: AT.date(), int: number, bytes: b"", bool: False}
    row: dict[str, object] = {}
    for column in table.columns:
        kind = datetime if isinstance(column.type, t.UtcTime) else column.type.python_type
        row[column.name] = values.get(kind, {} if isinstance(column.type, sa.JSON) else str(number))
    row[named.name] = {"a": ["Rang Jo Smith"]} if isinstance(named.type, sa.JSON) else f"{number} Jo-Smith"
    return row


def test_a_person_who_is_named_everywhere_is_found_everywhere() -> None:
    engine = sa.create_engine("sqlite://")  # which does not follow links between tables unless it is told to
    t.metadata.create_all(engine)
    missed = []
    with engine.begin() as connection:
        for table in t.metadata.sorted_tables:
            for number, column in enumerate(_list_columns(table), 1):
                connection.execute(table.insert().values(_make_row(table, 1000 + number, column)))
            found = [one for one in find_rows_naming(connection, "Jo Smith") if one.table == table.name]
            if len(found) < len(_list_columns(table)):
                missed.append((table.name, len(_list_columns(table)), len(found)))
    engine.dispose()
    assert missed == []


def test_a_chair_is_found_by_the_id_that_is_made_of_the_name(tmp_path: Path) -> None:
    world = a_world(tmp_path / "home")
    with world.register.writing() as connection:
        connection.execute(t.events.update().values(chair_id="jo-smith"))
    assert [one.what for one in find(world, "Jo Smith")] == ["The place or Chair of an event"]


def test_what_belongs_to_an_account_is_found_with_it(world: World) -> None:
    with world.register.writing() as connection:
        user = people.find_user_by_email(connection, "office@example.org")
        assert user is not None
        sessions.remember_device(connection, user.id, "", AT)
        sessions.begin_session(connection, user.id, AT)
        uploads = t.uploads.insert().values(sha256="0" * 64, user_id=user.id, uploaded_at=AT)
        connection.execute(uploads)
    whats = {one.what: one.where for one in find(world, "office@example.org")}
    for what in (
        "Somebody's visit to the pages",
        "A browser in which somebody signed in",
        "That somebody sent in a document here",
    ):
        assert whats[what] == f"account {user.id}"


def test_an_address_that_was_answered_is_found_though_only_a_hash_is_kept(world: World) -> None:
    with world.register.writing() as connection:
        assert mail_answers.claim_answer(connection, "Jo.Smith@example.org", "1" * 64, AT)
    (held,) = find(world, "jo.smith@example.org")
    assert held.what.startswith("A hash of an address") and held.kept == "30 days."


def test_settings_names_of_files_and_own_frameworks_are_looked_through(world: World) -> None:
    settings = world.settings.model_copy(
        update={"mail_cc": ("jo.smith@example.org",), "smtp_from": "Jo Smith <post@example.org>"}
    )
    for folder in (settings.rejected_folder, settings.outbox_folder / "Chair Jo Smith"):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "Form of Jo_Smith.docx").write_bytes(b"")
    settings.own_frameworks.mkdir()
    (settings.own_frameworks / "ours.yaml").write_text("title: As Jo Smith wrote it")
    found = find_personal_data(world.register, settings, "Jo Smith", at=AT, actor="Office")
    assert {(one.what, one.where) for one in found} == {
        ("A setting", "smtp_from"),
        ("A setting", "mail_cc"),
        ("The name of a file", "outbox"),
        ("The name of a file", "rejected documents"),
        ("A framework of your own", "frameworks"),
    }
    assert "Jo" not in "".join(one.where + one.remedy for one in found)


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
