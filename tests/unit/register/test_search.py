"""A search shows every place where words are, and each place once, in its newest version."""

from datetime import UTC, datetime

import pytest

from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.model.cycle import Chair
from peer_challenge.model.names_alike import fold_letters
from peer_challenge.model.vocabulary import Kind, Outcome
from peer_challenge.register import search
from peer_challenge.register import tables as t
from peer_challenge.register.cycles import store_cycle
from peer_challenge.register.database import Register, Transaction
from peer_challenge.steering.search_register import search_register
from tests.factories import a_cycle

CYCLE = a_cycle(4)
NOW = datetime(2027, 2, 20, 10, tzinfo=UTC)
WHERE = f"{CYCLE.id}/{CYCLE.authors[0].id}"


@pytest.fixture
def opened(register: Register) -> Register:
    with register.writing() as connection:
        store_cycle(connection, CYCLE, shipped_frameworks()[CYCLE.framework], at=NOW, actor="office")
    return register


def add_record(connection: Transaction, version: int, items: dict[str, str], outside: list[str]) -> None:
    """A version of the Chair's record with items, all linked to one sub-heading, and text outside of them."""
    inserted = connection.execute(
        t.submissions.insert().values(
            cycle_id=CYCLE.id,
            challenge_id=WHERE,
            kind=Kind.CHAIR_RECORD.value,
            version=version,
            sha256=f"{version:064}",
            file_name="record.docx",
            size=1,
            received_at=NOW,
            outcome=Outcome.ACCEPTED.value,
        )
    )
    ident = inserted.inserted_primary_key[0]
    for n, (address, text) in enumerate(items.items()):
        row = {"address": address, "kind": address.partition("/")[0], "subheading": "a/b", "text": text}
        connection.execute(t.agreed_items.insert().values(submission_id=ident, position=n, **row))
    for n, text in enumerate(outside):
        connection.execute(t.unmapped_texts.insert().values(submission_id=ident, position=n, text=text))


def find(register: Register) -> list[str]:
    with register.reading() as connection:
        return sorted(one.text for one in search.find_passages(connection, ["lighthouse"]))


def test_each_item_of_one_sub_heading_and_each_text_outside_is_found(opened: Register) -> None:
    items = {
        "strength/1": "Lighthouse: strong.",
        "development/1": "Lighthouse: weak.",
        "development/2": "A lighthouse.",
    }
    outside = ["Before the lighthouse.", "After the lighthouse."]
    with opened.writing() as connection:
        add_record(connection, 1, items, outside)
    assert find(opened) == sorted([*items.values(), *outside])


@pytest.mark.parametrize("typed", ["O'Role", "o’role", "ORole", "Áine", "A\u0301ine"])
def test_words_are_found_with_any_apostrophe_and_accent_and_are_marked(opened: Register, typed: str) -> None:
    texts = ["Led by O’Role and Áine.", "Led by O'Role and A\u0301ine."]
    with opened.writing() as connection:
        add_record(connection, 1, {}, texts)
    with opened.reading() as connection:
        found = search_register(connection, typed).words
    assert sorted(f"{one.before}{one.found}{one.after}" for one in found) == sorted(texts)
    assert {fold_letters(one.found) for one in found} == {fold_letters(typed)}


@pytest.mark.parametrize("typed", ["O'Role", "O’Role", "o\u2019role"])
def test_a_chair_is_found_by_the_name_with_any_apostrophe(register: Register, typed: str) -> None:
    chairs = (Chair(id="one", name="Jo O’Role"), Chair(id="two", name="Jo Other"))
    cycle = CYCLE.model_copy(update={"chairs": chairs})
    with register.writing() as connection:
        store_cycle(connection, cycle, shipped_frameworks()[CYCLE.framework], at=NOW, actor="office")
    with register.reading() as connection:
        assert [one.name for one in search_register(connection, typed).areas] == ["Jo O’Role"]


def test_of_several_versions_the_newest_that_has_the_words_is_shown(opened: Register) -> None:
    with opened.writing() as connection:
        add_record(connection, 1, {"strength/1": "The old lighthouse."}, ["Beside it: lighthouse."])
        add_record(connection, 2, {"strength/1": "The new lighthouse."}, ["New.", "Beside it:  lighthouse."])
    assert find(opened) == ["Beside it:  lighthouse.", "The new lighthouse."]
