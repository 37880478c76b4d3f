"""A cycle in preparation: parts and their states, several people at once, and opening it once."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from peer_challenge.cycle_file.load_cycle import cycle_as_dict, load_cycle
from peer_challenge.cycle_file.load_framework import CURRENT, shipped_frameworks
from peer_challenge.cycle_file.uploaded_files import read_uploaded_cycle, read_uploaded_table
from peer_challenge.cycle_file.write_cycle_file import entries_of_cycle, write_cycle_file
from peer_challenge.errors import WrongUse
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.journey import OPENING
from peer_challenge.model.messages import Delivery
from peer_challenge.model.rules_of_older_cycles import LATER_RULES
from peer_challenge.register import challenges, drafts, listings
from peer_challenge.register import tables as t
from peer_challenge.register.cycles import cycle_ids, load_cycles, store_cycle
from peer_challenge.register.database import Register, open_register
from peer_challenge.settings import Settings
from peer_challenge.steering import draft_cycle as steps
from peer_challenge.steering.draft_cycle import DraftChanged, DraftGone, Part, PartState
from peer_challenge.steering.open_cycle import DraftIncomplete, describe_opening, open_draft
from tests.factories import a_cycle, its_framework
from tests.migrated import make_installation

AT = datetime(2027, 1, 11, 9, tzinfo=UTC)
FRAMEWORKS = shipped_frameworks()
WHO: dict[str, Any] = {"at": AT, "actor": "Office one"}


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Register]:
    settings = Settings(home=tmp_path)
    make_installation(settings)
    opened = open_register(settings)
    yield opened
    opened.close()


def entries() -> dict[str, object]:
    return entries_of_cycle(a_cycle(4))


def checked(register: Register, number: int) -> steps.CheckedDraft:
    with register.reading() as connection:
        return steps.check_draft(connection, steps.load_draft(connection, number), FRAMEWORKS)


def draft_of(register: Register, number: int) -> drafts.CycleDraft:
    with register.reading() as connection:
        return steps.load_draft(connection, number)


def events(register: Register) -> list[tuple[str, str]]:
    with register.reading() as connection:
        rows = listings.list_journal_entries(connection, 1).rows
    return [(row.event, json.dumps(row.details)) for row in rows][::-1]


def test_the_entries_of_a_cycle_give_the_same_cycle_when_read_again(tmp_path: Path) -> None:
    cycle = a_cycle(6)
    path = tmp_path / "cycle.yaml"
    path.write_text(write_cycle_file(entries_of_cycle(cycle)), encoding="utf-8")
    assert cycle_as_dict(load_cycle(path, FRAMEWORKS)) == cycle_as_dict(cycle)


def test_an_empty_draft_says_which_parts_are_to_do_and_which_are_as_usual(register: Register) -> None:
    number = steps.begin_draft(register, {}, **WHO)
    state = {part: checked(register, number).find_state(part) for part in Part}
    to_do = {part for part, now in state.items() if now is PartState.TO_DO}
    assert to_do == {Part.FRAMEWORK, Part.DATES, Part.AREAS, Part.SENDING}
    assert {now for part, now in state.items() if part not in to_do} == {PartState.USUAL}


def test_a_part_is_saved_with_its_mistakes_and_says_what_they_are(register: Register) -> None:
    number = steps.begin_draft(register, entries(), **WHO)
    draft = draft_of(register, number)
    path = ("dates", "self_assessment_due")
    seen = steps.mark_values(draft.entries, [path])
    steps.change_values(register, number, Part.DATES, {path: "soon"}, seen=seen, **WHO)
    found = checked(register, number)
    assert found.cycle is None
    assert [(one.path, one.part) for one in found.problems] == [(path, Part.DATES)]
    assert "`soon` isn't a day" in found.problems[0].words
    assert found.find_state(Part.DATES) is PartState.TO_CORRECT
    assert found.find_state(Part.AREAS) is PartState.DONE


def test_two_people_change_different_parts_and_neither_loses_anything(register: Register) -> None:
    number = steps.begin_draft(register, entries(), **WHO)
    shown = draft_of(register, number).entries
    name, limit = ("name",), ("rules", "word_limit")
    steps.change_values(
        register, number, Part.DATES, {name: "One"}, seen=steps.mark_values(shown, [name]), **WHO
    )
    steps.change_values(
        register, number, Part.RULES, {limit: "80"}, seen=steps.mark_values(shown, [limit]), **WHO
    )
    now = draft_of(register, number).entries
    assert (steps.get_value(now, name), steps.get_value(now, limit)) == ("One", "80")


def test_a_part_that_somebody_else_has_changed_is_not_overwritten(register: Register) -> None:
    number = steps.begin_draft(register, entries(), **WHO)
    name = ("name",)
    seen = steps.mark_values(draft_of(register, number).entries, [name])
    steps.change_values(register, number, Part.DATES, {name: "First"}, seen=seen, **WHO)
    with pytest.raises(DraftChanged):
        steps.change_values(register, number, Part.DATES, {name: "Second"}, seen=seen, **WHO)
    steps.change_values(register, number, Part.DATES, {name: "First"}, seen=seen, **WHO)  # pressed twice
    assert draft_of(register, number).entries["name"] == "First"


def test_an_area_is_found_by_what_its_writer_saw_wherever_it_is_now(register: Register) -> None:
    number = steps.begin_draft(register, entries(), **WHO)
    first, second = steps.list_items(draft_of(register, number).entries, Part.AREAS)[:2]
    steps.save_item(register, number, Part.AREAS, None, seen=steps.mark_value(first), **WHO)
    changed = {**second, "name": "A new name"}
    steps.save_item(register, number, Part.AREAS, changed, seen=steps.mark_value(second), **WHO)
    now = steps.list_items(draft_of(register, number).entries, Part.AREAS)
    assert now[0]["name"] == "A new name"
    assert len(now) == 3
    with pytest.raises(DraftChanged):
        steps.save_item(
            register, number, Part.AREAS, first | {"name": "x"}, seen=steps.mark_value(first), **WHO
        )


def test_an_area_that_is_added_twice_by_a_double_click_is_there_once(register: Register) -> None:
    number = steps.begin_draft(register, {}, **WHO)
    for _ in range(2):
        steps.save_item(register, number, Part.AREAS, {"name": "Dunmere"}, seen="", **WHO)
    assert steps.list_items(draft_of(register, number).entries, Part.AREAS) == [{"name": "Dunmere"}]


def test_a_table_waits_until_it_is_taken_over_and_then_takes_the_place_of_the_areas(
    register: Register,
) -> None:
    number = steps.begin_draft(register, entries(), **WHO)
    table = read_uploaded_table("areas.csv", b"Area,Police\nSaltmere,Police A\nDunmere,Police B\n")
    draft = steps.put_table_aside(register, number, table, **WHO)
    assert len(steps.list_items(draft.entries, Part.AREAS)) == 4
    with pytest.raises(DraftChanged):
        steps.use_table(register, number, seen=draft.version - 1, **WHO)
    draft = steps.use_table(register, number, seen=draft.version, **WHO)
    assert [one["name"] for one in steps.list_items(draft.entries, Part.AREAS)] == ["Saltmere", "Dunmere"]
    assert draft.uploaded == {}


@pytest.mark.parametrize(
    ("name", "raw", "words"),
    [
        ("areas.xls", b"x", "Save As, Excel Workbook"),
        ("areas.xlsx", b"no workbook", "can't be opened"),
        ("areas.csv", b"", "empty"),
        ("areas.csv", b"Area\n" + b"x" * 2_000_001, "larger than 2 MB"),
        ("areas.csv", b"Town,Police\na,b\n", "no column with the names of the areas"),
    ],
)
def test_a_file_that_is_no_table_is_refused_in_plain_words(name: str, raw: bytes, words: str) -> None:
    read = read_uploaded_table(name, raw)
    assert read.entries is None
    assert any(words in told for _, told in read.problems)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("- a\n", "isn't a cycle file"),
        ("nmae: x\n", "isn't a setting"),
        ("chairs: [A]\n", "entries of its own"),
    ],
)
def test_a_cycle_file_that_no_page_could_show_is_refused_with_its_line(text: str, words: str) -> None:
    read = read_uploaded_cycle("c.yaml", text.encode())
    assert any(place == "line 1" and words in told for place, told in read.problems)


def test_a_cycle_opens_once_however_many_press(register: Register) -> None:
    number = steps.begin_draft(register, entries(), **WHO)
    seen = draft_of(register, number).version

    def press(_: int) -> str:
        try:
            return open_draft(register, number, FRAMEWORKS, seen=seen, **WHO).id
        except DraftGone:
            return "gone"

    with ThreadPoolExecutor(4) as pool:
        told = sorted(pool.map(press, range(4)))
    assert told == ["gone", "gone", "gone", "northern-2027"]
    with register.reading() as connection:
        assert cycle_ids(connection) == ["northern-2027"]
        assert listings.list_dispatches(connection, 1, size=50).total == 4 * len(OPENING)
        assert drafts.list_drafts(connection, drafts.CycleDraft) == []


def test_a_cycle_that_was_changed_after_it_was_confirmed_does_not_open(register: Register) -> None:
    number = steps.begin_draft(register, entries(), **WHO)
    seen = draft_of(register, number).version
    steps.save_item(register, number, Part.CHAIRS, {"name": "Another"}, seen="", **WHO)
    with pytest.raises(DraftChanged):
        open_draft(register, number, FRAMEWORKS, seen=seen, **WHO)
    with register.reading() as connection:
        assert cycle_ids(connection) == []


def test_a_cycle_with_mistakes_or_with_an_id_that_is_taken_does_not_open(register: Register) -> None:
    cycle = a_cycle(4)
    with register.writing() as connection:
        store_cycle(connection, cycle, its_framework(cycle), **WHO)
    taken = steps.begin_draft(register, entries(), **WHO)
    empty = steps.begin_draft(register, {}, **WHO)
    for number in (taken, empty):
        with pytest.raises(DraftIncomplete):
            open_draft(register, number, FRAMEWORKS, seen=1, **WHO)
    assert [one.path for one in checked(register, taken).problems] == [("id",)]


def test_the_opening_says_who_gets_what_first_and_who_has_no_address() -> None:
    cycle = a_cycle(4)
    bare = cycle.participants[0].model_copy(update={"contacts": ()})
    without = Cycle.model_validate({**dict(cycle), "participants": (bare, *cycle.participants[1:])})
    opening = describe_opening(without, date(2027, 1, 4), Delivery.FOLDER)
    assert opening.documents == 4 * len(OPENING)
    assert opening.without_address == [bare.name]
    assert all(one.addresses for one in opening.messages[1:])
    assert "opens on" in opening.note and "go out today" in opening.note


def test_what_is_told_of_an_early_opening_is_as_messages_leave() -> None:
    note = describe_opening(a_cycle(4), date(2027, 1, 4), Delivery.DRAFTS).note
    assert "You can wait until then before you send them." in note and "go out" not in note


def test_a_new_cycle_takes_over_what_stays_and_knows_the_last_challengers(register: Register) -> None:
    cycle = a_cycle(4)
    author, challenger = cycle.participants[0].id, cycle.participants[1].id
    with register.writing() as connection:
        store_cycle(connection, cycle, its_framework(cycle), **WHO)
        which = f"{cycle.id}/{author}"
        challenges.set_partners(connection, which, challenger_id=challenger, moderator_id=None)
        taken = steps.entries_from_last_cycle(connection, {})
    assert {"id", "name", "dates"} & set(taken) == set()
    area = steps.list_items(taken, Part.AREAS)[0]
    assert area["challenged_by"][cycle.id] == challenger  # type: ignore[index]
    assert "unavailable" not in area
    number = steps.begin_draft(register, taken | {"name": "The next one"}, **WHO)
    left = {one.part for one in checked(register, number).problems}
    assert left == {Part.DATES}


def test_a_new_cycle_takes_over_no_rule_that_its_last_one_has_as_it_was_opened_before(
    register: Register,
) -> None:
    cycle = a_cycle(4)
    definition = cycle.model_dump(mode="json")
    with register.writing() as connection:
        store_cycle(connection, cycle, FRAMEWORKS[cycle.framework], **WHO)
        definition["rules"] |= LATER_RULES  # as the register's versions 0014 and 0015 wrote them
        connection.execute(t.cycles.update().values(definition=definition))
        taken = steps.entries_from_last_cycle(connection, {})["rules"]
        written = {"review_months", "look_at_events", "timetable_working_days", "agenda"}
        assert not written & set(taken)
        chosen = {"timetable_working_days": 10, "agenda": ["60 | Talk"]}
        definition["rules"] |= chosen
        changed = {"definition": definition, "definition_sha256": "changed"}
        connection.execute(t.cycles.update().values(changed))
        taken = steps.entries_from_last_cycle(connection, {})["rules"]
    assert (taken["timetable_working_days"], taken["agenda"]) == ("10", ["60 | Talk"]), "somebody chose these"


def test_a_new_cycle_begins_with_the_current_edition_and_the_last_one_keeps_its_own(
    register: Register,
) -> None:
    earlier = "working-together-2018"
    cycle = a_cycle(4).model_copy(update={"framework": earlier, "omit": ("transition-links", "child-death")})
    with register.writing() as connection:
        store_cycle(connection, cycle, FRAMEWORKS[earlier], **WHO)
        taken = steps.entries_from_last_cycle(connection, {})
        assert load_cycles(connection)[0].framework == earlier
    assert (taken["framework"], taken["omit"]) == (CURRENT, ["child-death"])


def test_a_new_cycle_keeps_a_framework_of_the_offices_own(register: Register) -> None:
    own = FRAMEWORKS[CURRENT].model_copy(update={"id": "our-own"})
    cycle = a_cycle(4).model_copy(update={"framework": own.id})
    with register.writing() as connection:
        store_cycle(connection, cycle, own, **WHO)
        assert steps.entries_from_last_cycle(connection, {})["framework"] == own.id


def test_the_journal_says_who_changed_which_part_and_no_values(register: Register) -> None:
    number = steps.begin_draft(register, entries(), **WHO)
    steps.save_item(
        register,
        number,
        Part.AREAS,
        {"name": "Dunmere", "contacts": [{"name": "A", "email": "a@dunmere.example"}]},
        seen="",
        **WHO,
    )
    steps.discard_draft(register, number, **WHO)
    told = events(register)
    assert [event for event, _ in told] == ["draft begun", "draft changed", "draft discarded"]
    assert "dunmere" not in str(told).lower()
    assert '"part": "areas"' in told[1][1]
    with pytest.raises(WrongUse):
        draft_of(register, number)


def test_the_cycle_that_opens_is_the_one_that_the_file_would_have_opened(
    register: Register, tmp_path: Path
) -> None:
    number = steps.begin_draft(register, entries(), **WHO)
    path = tmp_path / "c.yaml"
    path.write_text(write_cycle_file(draft_of(register, number).entries), encoding="utf-8")
    open_draft(register, number, FRAMEWORKS, seen=1, **WHO)
    with register.reading() as connection:
        (opened,) = load_cycles(connection)
    assert cycle_as_dict(opened) == cycle_as_dict(load_cycle(path, FRAMEWORKS))


def test_what_others_say_of_an_area_follows_its_name_and_goes_with_it(register: Register) -> None:
    written: dict[str, object] = {
        "participants": [
            {"name": "Saltmere", "neighbours": ["Port Avril", "Dunmere"]},
            {"name": "Port Avril", "neighbours": ["saltmere"], "conflicts": ["Dunmere"]},
            {"name": "Dunmere", "challenged_by": {"vale-2026": "port-avril"}},
        ],
        "chairs": [{"name": "A", "not_for": ["PORT AVRIL"]}],
        "assignment": {"pins": {"Port Avril": "Dunmere"}, "bans": {"Saltmere": ["Port Avril", "Dunmere"]}},
    }
    number = steps.begin_draft(register, written, **WHO)
    port = steps.list_items(written, Part.AREAS)[1]
    renamed = {**port, "name": "Port Averil"}
    steps.save_item(register, number, Part.AREAS, renamed, seen=steps.mark_value(port), **WHO)
    now = draft_of(register, number).entries
    assert steps.list_items(now, Part.AREAS)[0]["neighbours"] == ["Port Averil", "Dunmere"]
    assert steps.list_items(now, Part.AREAS)[2]["challenged_by"] == {"vale-2026": "Port Averil"}
    assert steps.list_items(now, Part.CHAIRS)[0]["not_for"] == ["Port Averil"]
    assert steps.get_value(now, ("assignment", "pins")) == {"Port Averil": "Dunmere"}

    steps.save_item(register, number, Part.AREAS, None, seen=steps.mark_value(renamed), **WHO)
    now = draft_of(register, number).entries
    assert steps.list_items(now, Part.AREAS) == [
        {"name": "Saltmere", "neighbours": ["Dunmere"]},
        {"name": "Dunmere"},
    ]
    assert steps.list_items(now, Part.CHAIRS) == [{"name": "A"}]
    assert now["assignment"] == {"bans": {"Saltmere": ["Dunmere"]}}


def test_a_reference_that_still_leads_to_the_area_stays_as_it_is_written(register: Register) -> None:
    written = {"participants": [{"name": "A", "neighbours": ["b"]}, {"id": "b", "name": "Be"}]}
    number = steps.begin_draft(register, written, **WHO)
    area = {"id": "b", "name": "Be"}
    renamed = {"id": "b", "name": "Bee"}
    steps.save_item(register, number, Part.AREAS, renamed, seen=steps.mark_value(area), **WHO)
    assert steps.list_items(draft_of(register, number).entries, Part.AREAS)[0]["neighbours"] == ["b"]
