"""Ratings are compared over three cycles, through another framework and another name of an area."""

from peer_challenge.dispatches.gather_region import region_facts
from peer_challenge.dispatches.named_overview import build_overview_words
from peer_challenge.dispatches.regional_counts import RegionView
from peer_challenge.dispatches.regional_tables import build_tables_by_name
from peer_challenge.dispatches.samples.sample_facts import sample_facts
from peer_challenge.model.crosswalk import follow_crosswalk
from peer_challenge.model.vocabulary import DispatchKind, Kind
from peer_challenge.register.database import Register
from tests.factories import its_framework
from tests.unit.dispatches.earlier_cycle import OPENED_AT, earlier_cycle, later_cycle, open_cycle, send_in


def test_three_cycles_are_compared_under_the_present_sub_headings(register: Register) -> None:
    oldest = earlier_cycle(
        id="northern-2024", name="North 2024", framework="working-together-2018", omit=("transition-links",)
    )
    middle, present = earlier_cycle(), later_cycle()
    former, framework = its_framework(oldest), its_framework(present)
    area = present.authors[0]
    joined = next(to for to, row in framework.subheadings.items() if len(row.crosswalk) > 1)
    origins = [one for one, went in follow_crosswalk(former, framework).items() if joined in went]
    was = area.model_copy(update={"id": "old-id"})  # known by its name
    people = (was, *(a.model_copy(update={"neighbours": ()}) for a in oldest.participants[1:]))
    oldest = oldest.model_copy(update={"participants": people, "chairs": ()})
    open_cycle(register, oldest, years=-2)
    ratings = ["GREEN", *["RED"] * (len(origins) - 1)]
    rows = [{"subheading": one, "rating": r} for one, r in zip(origins, ratings, strict=True)]
    send_in(register, oldest, "old-id", Kind.SELF_ASSESSMENT, rows)
    for cycle, rating, years in ((middle, "AMBER", 0), (present, "GREEN", 2)):
        open_cycle(register, cycle, years=years)
        row = {"subheading": joined, "rating": rating}
        send_in(register, cycle, area.id, Kind.SELF_ASSESSMENT, [row])
    with register.reading() as connection:
        region = region_facts(connection, present, framework, OPENED_AT.date())
    view = RegionView(region, framework, {a.id: a.name for a in present.authors})
    lowest = "RED" if len(origins) > 1 else "GREEN"
    assert view.earlier_cycles == ["North 2024", "Northern 2026"]
    assert view.trend == {(area.id, joined): (lowest, "AMBER", "GREEN")}
    assert list(view.changes["before"]) == ["AMBER"], "the last cycle alone"


def test_overview_and_tables_show_the_trend_of_what_was_rated_in_every_cycle() -> None:
    facts = sample_facts(DispatchKind.REGIONAL_OVERVIEW)
    assert facts.region is not None
    view = RegionView(facts.region, facts.framework, {a.id: a.name for a in facts.cycle.authors})
    told = build_overview_words(facts, view)["trend"]
    assert [row["cycle"] for row in told] == [*view.earlier_cycles, facts.cycle.name]
    assert len({row["red"] + row["amber"] + row["green"] for row in told}) == 1
    header, *rows = build_tables_by_name(facts)["Trend"]
    assert header[3:] == [*view.earlier_cycles, facts.cycle.name]
    assert len(rows) == len(view.trend) == told[0]["red"] + told[0]["amber"] + told[0]["green"] > 100
