"""The edition without names: what anybody of an area knows already tells them nothing of another area."""

import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from itertools import product

import pandas as pd
import pytest

from peer_challenge.dispatches.published_figures import (
    find_smallest_count,
    group_ratings,
    publish_numbers,
    publish_ratings,
    say_hidden_share,
    say_share,
)
from peer_challenge.dispatches.published_overview import build_published_words
from peer_challenge.dispatches.regional_counts import RegionView, build_named_view
from peer_challenge.dispatches.samples.sample_facts import sample_facts
from peer_challenge.model.vocabulary import DispatchKind as D

RATINGS = ("RED", "AMBER", "GREEN", "other")
Counts = Mapping[str, int]
Groups = tuple[tuple[str, int], ...]


def naive(counts: Counts, smallest: int) -> Groups:
    """An edition that gives each number as it is."""
    return tuple((rating, counts[rating]) for rating in RATINGS if counts[rating])


def reidentify(view: RegionView, publish=group_ratings) -> Iterator[tuple[str, str, str, str]]:
    """What anybody of an area can work out: reader, other area, sub-heading and its rating there.

    A reader knows its own ratings and those of the area that it challenges, which may be any; the way in
    which the edition is made; and how many areas there are. It tries every count that would be published so.
    """
    smallest, ways = 3, defaultdict(list)
    for numbers in product(range(len(view.areas) + 1), repeat=3):
        if sum(numbers) <= len(view.areas):
            counts = dict(zip(RATINGS, (*numbers, len(view.areas) - sum(numbers)), strict=True))
            ways[publish(counts, smallest)].append(counts)

    @cache
    def possible(published: Groups, known: tuple[str, str]) -> frozenset[str]:
        taken = Counter(known)
        fitting = [way for way in ways[published] if all(way[r] >= n for r, n in taken.items())]
        return frozenset(rating for way in fitting for rating in RATINGS if way[rating] > taken[rating])

    for address in view.framework:
        given = {area: view.ratings.get((area, address)) or "other" for area in view.areas}
        given = {area: rating if rating in RATINGS else "other" for area, rating in given.items()}
        published = publish({r: [*given.values()].count(r) for r in RATINGS}, smallest)
        for reader, challenged in product(view.areas, repeat=2):
            if reader == challenged:
                continue
            known = sorted((given[reader], given[challenged]))
            left = possible(published, (known[0], known[1]))
            if len(left) == 1:
                yield from (
                    (reader, other, address, given[other])
                    for other in view.areas
                    if other not in (reader, challenged)
                )


def a_region(areas: int, seed: int, subheadings: int = 12) -> RegionView:
    """A region whose areas mostly agree, as real ones do: the hardest to publish."""
    facts, dice = sample_facts(D.REGIONAL_TABLES), random.Random(seed)
    people = [area.id for area in facts.cycle.authors][:areas]
    rows = []
    for address in list(facts.framework)[:subheadings]:
        weights = [dice.choice((0, 1, 3, 9, 40)) + 0.01 for _ in range(4)]
        for area in people:
            rating = dice.choices(["RED", "AMBER", "GREEN", "NOT_APPLICABLE"], weights)[0]
            rows.append({"participant": area, "subheading": address, "rating": rating, "commentary": ""})
    assert facts.region is not None
    return build_named_view(replace(facts, region=replace(facts.region, rows=pd.DataFrame(rows))))


@pytest.mark.threat("edition-reader")
@pytest.mark.parametrize(("areas", "seed"), [(3, 1), (6, 2), (7, 3), (15, 4)])
def test_no_reader_can_tell_what_another_area_rated(areas: int, seed: int) -> None:
    view = a_region(areas, seed)
    assert [*reidentify(view, naive)], "a region in which there is something to find out"
    assert not [*reidentify(view)]


def test_the_sample_region_gives_nobody_away_and_still_says_much() -> None:
    view = build_named_view(sample_facts(D.REGIONAL_OVERVIEW_ANONYMISED))
    assert [*reidentify(view, naive)]
    assert not [*reidentify(view)]
    shown = [row for row in publish_ratings(view, 3) if row.groups]
    assert len(shown) > len(view.framework) / 2


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ((4, 5, 6, 0), (("RED", 4), ("AMBER", 5), ("GREEN", 6))),
        ((2, 6, 7, 0), (("RED or AMBER", 8), ("GREEN", 7))),
        ((4, 9, 2, 0), (("RED", 4), ("AMBER or GREEN", 11))),
        ((2, 6, 5, 2), (("RED, AMBER or no rating", 10), ("GREEN", 5))),
        ((4, 6, 2, 3), (("RED", 4), ("AMBER or GREEN", 8), ("with no rating", 3))),
        ((2, 11, 2, 0), ()),
        ((0, 0, 15, 0), ()),
        ((0, 0, 0, 0), ()),
    ],
)
def test_small_numbers_go_into_a_larger_group_or_are_left_out(counts: tuple[int, ...], shown: Groups) -> None:
    assert group_ratings(dict(zip(RATINGS, counts, strict=True)), 3) == shown


def test_every_area_is_in_the_figures_of_a_row_and_what_is_most_often_red_says_of_how_many() -> None:
    facts = sample_facts(D.REGIONAL_OVERVIEW_ANONYMISED)
    view = build_named_view(facts)
    shown = [row for row in publish_ratings(view, 3) if row.groups]
    assert all(sum(number for _, number in row.groups) == len(view.areas) for row in shown)
    words = build_published_words(facts)
    [said] = [line for line in words["in_brief"] if line.startswith("Most often RED, of the figures shown: ")]
    assert f" of {len(view.areas)} areas)" in said
    assert "most areas" not in " ".join(words["in_brief"])


def test_an_order_tells_no_number_that_is_not_shown() -> None:
    shown = publish_numbers({"a": 2, "b": 4, "c": 9, "d": 14, "e": 4}, 15, 3, ["e", "d", "c", "b", "a"])
    assert shown == [("c", 9), ("e", 4), ("b", 4)]


def test_shares_are_in_tenths_and_never_none_or_all() -> None:
    assert [say_share(n, 40) for n in (0, 1, 23, 40)] == [
        "fewer than 1 in 10",
        "fewer than 1 in 10",
        "about 6 in 10",
        "more than 9 in 10",
    ]


@pytest.mark.parametrize("smallest", [0, 3, 4])
def test_no_sentence_about_a_share_is_that_of_one_number_alone(smallest: int) -> None:
    for whole in range(41):
        told = {part: say_hidden_share(part, whole, smallest) for part in range(whole + 1)}
        assert min(Counter(words for words in told.values() if words).values(), default=2) > 1, whole
        assert not any(told[part] for part in told if min(part, whole - part) < smallest), whole


def test_a_share_is_as_precise_as_the_whole_allows() -> None:
    assert [say_hidden_share(part, 15, 3) for part in (0, 2, 5, 9, 11, 15)] == [
        "", "", "about 3 in 10", "more than half", "about 7 in 10", "",
    ]  # fmt: skip
    assert say_hidden_share(3, 6, 3) == "", "it could be no other number"


def test_the_smallest_number_shown_follows_from_what_one_area_may_know() -> None:
    cycle = sample_facts(D.REGIONAL_OVERVIEW_ANONYMISED).cycle
    assert find_smallest_count(cycle) == 3
    first = cycle.participants[0].model_copy(update={"capacity": 2})
    people = (first, *cycle.participants[1:])
    assert find_smallest_count(cycle.model_copy(update={"participants": people})) == 4


def test_the_edition_is_the_same_whichever_area_is_which() -> None:
    facts = sample_facts(D.REGIONAL_OVERVIEW_ANONYMISED)
    assert facts.region is not None
    turned = [area.id for area in facts.cycle.authors]
    other = dict(zip(turned, [*turned[4:], *turned[:4]], strict=True))
    tables = {
        name: getattr(facts.region, name).assign(participant=lambda rows: rows["participant"].map(other))
        for name in ("rows", "items", "earlier", "progress")
        if len(getattr(facts.region, name))
    }
    moved = replace(facts, region=replace(facts.region, **tables))
    assert build_published_words(moved) == build_published_words(facts)


def test_how_to_read_the_edition_names_only_lists_that_are_in_it() -> None:
    facts = sample_facts(D.REGIONAL_OVERVIEW_ANONYMISED)
    assert facts.region is not None
    words = build_published_words(facts)
    assert (words["listed"], bool(words["published_asked"])) == ("asked about or agreed", True)
    nothing_agreed = replace(facts.region, items=facts.region.items.iloc[:0])
    assert build_published_words(replace(facts, region=nothing_agreed))["listed"] == "asked about"
    nothing_asked = replace(nothing_agreed, rows=facts.region.rows.assign(commentary=""))
    assert build_published_words(replace(facts, region=nothing_asked))["listed"] == ""
