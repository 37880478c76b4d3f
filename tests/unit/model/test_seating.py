"""As many as can be are seated, with the fewest dear places; a crowd without a place is truly too many."""

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from peer_challenge.model.seating import assign_places

PLACES = ("a", "b", "c")
WISHES = st.lists(st.sets(st.sampled_from(PLACES)), min_size=0, max_size=5)
ROOM = st.fixed_dictionaries({place: st.integers(0, 2) for place in PLACES})
DEAR = st.sets(st.tuples(st.integers(0, 4), st.sampled_from(PLACES)))


def every_seating(wishes: dict[int, list[str]], room: dict[str, int]) -> list[dict[int, str]]:
    """All ways to seat some of them, tried one by one."""
    ways = product(*([None, *wished] for wished in wishes.values()))
    seatings = [{n: place for n, place in enumerate(way) if place is not None} for way in ways]
    return [s for s in seatings if all(list(s.values()).count(p) <= room[p] for p in room)]


@settings(deadline=None, max_examples=150)
@given(WISHES, ROOM, DEAR)
def test_as_many_as_can_be_have_a_place_and_the_fewest_of_them_a_dear_one(
    wished: list[set[str]], room: dict[str, int], dear: set[tuple[int, str]]
) -> None:
    wishes = {n: sorted(places) for n, places in enumerate(wished)}
    seating = assign_places(wishes, room, lambda guest, place: (guest, place) in dear)
    possible = every_seating(wishes, room)
    assert dict(seating.placed) in possible
    best = max((len(s), -sum(pair in dear for pair in s.items())) for s in possible)
    assert (len(seating.placed), -sum(pair in dear for pair in seating.placed.items())) == best


@settings(deadline=None, max_examples=150)
@given(WISHES, ROOM)
def test_who_has_no_place_is_in_a_crowd_of_more_than_its_places_hold(
    wished: list[set[str]], room: dict[str, int]
) -> None:
    wishes = {n: sorted(places) for n, places in enumerate(wished)}
    seating = assign_places(wishes, room)
    for guest in seating.unplaced:
        crowd, places = seating.find_crowd(guest)
        assert guest in crowd
        assert places == {place for other in crowd for place in wishes[other]}
        assert len(crowd) > sum(room[place] for place in places)
