"""The next cycle begins from this one: each form shows its own area what it said, planned and did."""

import pytest

from peer_challenge.dispatches.facts import LastTime
from peer_challenge.dispatches.gather_facts import gather_covering_facts, gather_dispatch_facts
from peer_challenge.dispatches.last_time import (
    list_last_time_lines,
    list_last_time_without_place,
)
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.vocabulary import DispatchKind, Kind, Role
from peer_challenge.register import tables as t
from peer_challenge.register.archive import Archive
from peer_challenge.register.cycles import list_rules_since, load_stored
from peer_challenge.register.database import Register
from peer_challenge.register.outbox import list_waiting_dispatches
from peer_challenge.settings import Settings
from tests.factories import its_framework
from tests.unit.dispatches.earlier_cycle import earlier_cycle, later_cycle, open_cycle, send_in, send_out

AREA = earlier_cycle().authors[0].id
FIRST, SECOND = list(its_framework(later_cycle()))[:2]
AGREED = [
    {"address": "strength/1", "kind": "strength", "subheading": FIRST, "text": "Chairing is shared."},
    {"address": "development/1", "kind": "development", "subheading": SECOND, "text": "Keep one list."},
    {"address": "development/2", "kind": "development", "subheading": None, "text": "Tell all staff."},
]
PLAN = [
    {"address": "development/1", "development": "Keep one list.", "action": "Set the list up."},
    {"address": "development/1/2", "development": "", "action": "Go through it each month."},
]


def show_last_time(register: Register, settings: Settings, cycle: Cycle, area: str) -> LastTime | None:
    """What the form of an area that waits to go out shows."""
    archive = Archive(settings.archive_folder)
    with register.reading() as connection:
        (form,) = (
            one
            for one in list_waiting_dispatches(connection)
            if (one.cycle_id, one.recipient_id, one.kind)
            == (cycle.id, area, DispatchKind.SELF_ASSESSMENT_TEMPLATE)
        )
        return gather_dispatch_facts(connection, form, archive).last_time


def tell_earlier_cycle(register: Register, cycle: Cycle, area: str, *, is_summary_sent: bool) -> None:
    """An earlier cycle up to its second progress report, with the Chair's summary sent or not."""
    open_cycle(register, cycle)
    framework = its_framework(cycle)
    ratings = [{"subheading": a, "rating": ("RED", "AMBER")[n % 2]} for n, a in enumerate(framework)]
    send_in(register, cycle, area, Kind.SELF_ASSESSMENT, ratings)
    items = [{"consensus": "Yes", **item} for item in AGREED]
    chair = cycle.chairs[0].id
    record = send_in(register, cycle, area, Kind.CHAIR_RECORD, items, writer=(Role.CHAIR, chair))
    with register.writing() as connection:
        connection.execute(
            t.particulars.insert().values(submission_id=record, position=0, field="consensus", value="Yes")
        )
        if is_summary_sent:
            send_out(connection, cycle, area, record)
    send_in(register, cycle, area, Kind.ACTION_PLAN, PLAN)
    for review, status in ((1, "under way"), (2, "done")):
        rows = [{"address": "development/1", "status": status}]
        send_in(register, cycle, area, Kind.PROGRESS_REPORT, rows, review=review)


def test_a_form_shows_rating_agreement_and_what_became_of_it(register: Register, settings: Settings) -> None:
    tell_earlier_cycle(register, earlier_cycle(), AREA, is_summary_sent=True)
    cycle = later_cycle()
    open_cycle(register, cycle, years=2)
    last = show_last_time(register, settings, cycle, AREA)
    assert last is not None and last.cycle == "Northern 2026"
    assert list_last_time_lines(last, FIRST) == ("Last time: RED.",)
    assert list_last_time_lines(last, SECOND) == (
        "Last time: AMBER.",
        "Last time, this was agreed as an area for development: Keep one list.",
        "Last time you planned: Set the list up. (Your latest report says: done.)",
        "Last time you planned: Go through it each month. (No progress report has come.)",
    )
    assert list_last_time_without_place(last) == (
        "Last time, this was agreed as an area for development: Tell all staff.",
    )
    others = [area.id for area in cycle.authors if area.id != AREA]
    assert [show_last_time(register, settings, cycle, other) for other in others] == [None] * 3


def test_what_an_area_was_not_sent_is_not_in_its_form(register: Register, settings: Settings) -> None:
    tell_earlier_cycle(register, earlier_cycle(), AREA, is_summary_sent=False)
    cycle = later_cycle()
    open_cycle(register, cycle, years=2)
    last = show_last_time(register, settings, cycle, AREA)
    assert last is not None and last.ratings and not last.agreed


def test_the_office_can_switch_it_off(register: Register, settings: Settings) -> None:
    tell_earlier_cycle(register, earlier_cycle(), AREA, is_summary_sent=True)
    cycle = later_cycle(rules=later_cycle().rules.model_copy(update={"show_last_time": False}))
    open_cycle(register, cycle, years=2)
    assert show_last_time(register, settings, cycle, AREA) is None


def test_a_cycle_that_was_open_before_the_setting_goes_on_without(register: Register) -> None:
    cycle = later_cycle()
    open_cycle(register, cycle)
    old = cycle.model_dump(mode="json")
    del old["rules"]["show_last_time"]
    with register.writing() as connection:
        connection.execute(t.cycles.update().values(definition=old, definition_sha256="old"))
        assert not load_stored(connection, cycle.id)[0].rules.show_last_time
        assert list_rules_since(connection, cycle.id) == ["show_last_time"]


def test_it_goes_through_the_crosswalk_to_another_framework(register: Register, settings: Settings) -> None:
    earlier = earlier_cycle(framework="working-together-2018", omit=("transition-links",))
    tell_earlier_cycle(register, earlier, AREA, is_summary_sent=True)
    cycle = later_cycle()
    assert cycle.framework != earlier.framework
    open_cycle(register, cycle, years=2)
    last = show_last_time(register, settings, cycle, AREA)
    assert last is not None
    framework = its_framework(cycle)
    assert set(last.ratings) <= set(framework) and len(last.ratings) > len(framework) / 2
    joined = next(address for address, ratings in last.ratings.items() if len(ratings) > 1)
    assert list_last_time_lines(last, joined)[0].count("“") == len(last.ratings[joined])


@pytest.mark.parametrize("how", ["name", "alias", "two areas in one"])
def test_a_renamed_area_sees_its_own_and_nobody_elses(
    register: Register, settings: Settings, how: str
) -> None:
    earlier = earlier_cycle()
    tell_earlier_cycle(register, earlier, AREA, is_summary_sent=True)
    was = earlier.participant[AREA]
    changes = {"id": "new-name", "name": was.name if how == "name" else "New Name", "aliases": (was.name,)}
    if how == "two areas in one":
        changes["aliases"] = (was.name, earlier.authors[1].name)
    others = [a for a in earlier.participants if a.id not in (AREA, earlier.authors[1].id)]
    bare = [a.model_copy(update={"neighbours": (), "conflicts": (), "challenged_by": {}}) for a in others]
    people = (was.model_copy(update={**changes, "neighbours": (), "challenged_by": {}}), *bare)
    cycle = later_cycle(participants=people, chairs=())
    open_cycle(register, cycle, years=2)
    last = show_last_time(register, settings, cycle, "new-name")
    assert (last is None) == (how == "two areas in one")


def test_a_form_has_the_highest_marking_of_what_it_shows(register: Register, settings: Settings) -> None:
    earlier = earlier_cycle()
    open_cycle(register, earlier)
    rows = [{"subheading": FIRST, "rating": "RED"}]
    send_in(register, earlier, AREA, Kind.SELF_ASSESSMENT, rows, marking="SECRET")
    cycle = later_cycle()
    open_cycle(register, cycle, years=2)
    with register.reading() as connection:
        (form,) = (
            one
            for one in list_waiting_dispatches(connection)
            if (one.cycle_id, one.recipient_id, one.kind)
            == (cycle.id, AREA, DispatchKind.SELF_ASSESSMENT_TEMPLATE)
        )
        facts = gather_dispatch_facts(connection, form, Archive(settings.archive_folder))
        covering = gather_covering_facts(connection, form, form.intended_at)
    assert facts.marking == covering.marking == "SECRET"
