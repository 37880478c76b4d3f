"""The figures of a region that may be read by anybody: no area can be told from them, nor what it rated.

Somebody of an area knows what it rated itself, and what the areas rated that it challenged. Taken from an
exact count, that leaves the count of the others: where they all gave one rating, each of them is known. So a
sub-heading is shown only in groups of ratings that keep at least one area each when those known are taken
away. There are always two such groups, so nobody learns which of them another area is in. What can't be shown
so is left out whole, and no total is given from which it could be worked out.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from peer_challenge.dispatches.impact import count_recommending
from peer_challenge.dispatches.regional_counts import RegionView
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.vocabulary import ActionStatus, Rating

_RED, _AMBER, _GREEN = Rating.RED.value, Rating.AMBER.value, Rating.GREEN.value
_OTHER = "other"
"""Not applicable, or not rated."""
_APART = "with no rating"
"""What those are called that are in no group of a row."""
_WAYS: tuple[Mapping[str, tuple[str, ...]], ...] = (
    {"RED": (_RED,), "AMBER": (_AMBER,), "GREEN": (_GREEN,)},
    {"RED or AMBER": (_RED, _AMBER), "GREEN": (_GREEN,)},
    {"RED": (_RED,), "AMBER or GREEN": (_AMBER, _GREEN)},
    {"RED, AMBER or no rating": (_RED, _AMBER, _OTHER), "GREEN": (_GREEN,)},
    {"RED": (_RED,), "AMBER, GREEN or no rating": (_AMBER, _GREEN, _OTHER)},
)
"""The ways to show a sub-heading, by how much each says: the name of each group, and the ratings in it."""


@dataclass(frozen=True, slots=True)
class PublishedRow:
    """A sub-heading's address, and how many areas are in each group of ratings; () where it is not shown."""

    address: str
    groups: tuple[tuple[str, int], ...] = ()


def count_known_areas(cycle: Cycle) -> int:
    """How many areas' ratings somebody of an area may know: its own, and those that it may challenge."""
    return 1 + max((area.capacity for area in cycle.participants), default=1)


def find_smallest_count(cycle: Cycle) -> int:
    """The smallest number of areas that is shown: one more than anybody of an area knows."""
    return count_known_areas(cycle) + 1


def publish_ratings(view: RegionView, smallest: int) -> list[PublishedRow]:
    """Every sub-heading in the order of the framework, which says nothing of its ratings."""
    return [
        PublishedRow(address, group_ratings(_count_ratings(view, address), smallest))
        for address in view.framework
    ]


def _count_ratings(view: RegionView, address: str) -> dict[str, int]:
    given = [view.ratings.get((area, address)) for area in view.areas]
    shown = {rating: given.count(rating) for rating in (_RED, _AMBER, _GREEN)}
    return shown | {_OTHER: len(given) - sum(shown.values())}


def group_ratings(counts: Mapping[str, int], smallest: int) -> tuple[tuple[str, int], ...]:
    """The first of the ways to show `counts` in which no group is smaller than `smallest`; () if none is.

    Those that are in no group are none at all, or at least as many: their number can be worked out, so it is
    given too.
    """
    for way in _WAYS:
        groups = tuple((name, sum(counts[rating] for rating in ratings)) for name, ratings in way.items())
        left_over = sum(counts.values()) - sum(number for _, number in groups)
        if all(number >= smallest for _, number in groups) and (not left_over or left_over >= smallest):
            return (*groups, (_APART, left_over)) if left_over else groups
    return ()


def publish_numbers(
    numbers: Mapping[str, int], areas: int, smallest: int, order: Sequence[str]
) -> list[tuple[str, int]]:
    """The sub-headings that concern some of `areas`, neither few nor nearly all; most first."""
    place = {address: n for n, address in enumerate(order)}
    shown = [
        (address, number)
        for address, number in numbers.items()
        if address in place and smallest <= number <= areas - smallest
    ]
    return sorted(shown, key=lambda pair: (-pair[1], place[pair[0]]))


def say_share(part: int, whole: int) -> str:
    """A share in tenths, in words: "about 6 in 10". Of a small whole it may be that of one number alone."""
    tenths = round(10 * part / whole) if whole else 0
    if tenths <= 0:
        return "fewer than 1 in 10"
    if tenths == 5:
        return "about half"
    # Ten tenths are a rounded figure: it need not be everybody.
    return "more than 9 in 10" if tenths >= 10 else f"about {tenths} in 10"


def say_half(part: int, whole: int) -> str:
    """Whether a share is more than half, in words."""
    return "more than half" if 2 * part > whole else "no more than half"


def say_hidden_share(part: int, whole: int, smallest: int = 0) -> str:
    """A share in words that are those of two numbers at least, as precise as that allows; "" where none are.

    Nothing is said where fewer than `smallest` are in the part, or in the rest. Who knows this rule and the
    whole can't work the number out.
    """
    left = list(range(smallest, whole - smallest + 1))
    if part not in left:
        return ""
    for say in (say_share, say_half):
        told = Counter(say(number, whole) for number in left)
        if told[say(part, whole)] > 1:
            return say(part, whole)
        left = [number for number in left if told[say(number, whole)] == 1]
    return ""


def publish_progress(view: RegionView, smallest: int) -> str:
    """The share of actions that are done, in words; "" where few areas have reported."""
    rows = view.region.progress
    if not len(rows) or rows["participant"].nunique() <= smallest:
        return ""
    return say_hidden_share(int((rows["status"] == ActionStatus.DONE.value).sum()), len(rows))


def publish_recommending(view: RegionView, smallest: int) -> str:
    """The share of areas that would recommend the challenge, in words; "" where few would, or would not."""
    return say_hidden_share(*count_recommending(view), smallest)


def publish_changes(view: RegionView, smallest: int) -> tuple[str, str]:
    """The shares of ratings that got better and worse since the last cycle, in words; "" for few areas."""
    changes = view.changes
    if not len(changes) or changes["participant"].nunique() <= smallest:
        return "", ""
    steps = changes["step"]
    better, worse = (say_hidden_share(int(one.sum()), len(steps)) for one in (steps > 0, steps < 0))
    return (better, worse) if better and worse else ("", "")
