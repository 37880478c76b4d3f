"""The regional overview with names: heat map, themes, needs in common, change, matches.

The edition without names is in published_overview.py: it is made from other figures.
"""

from collections.abc import Mapping, Sequence

from peer_challenge.dispatches.charts import change_bars, rating_bars
from peer_challenge.dispatches.facts import Facts
from peer_challenge.dispatches.impact import count_recommending, list_feedback, list_step_days
from peer_challenge.dispatches.letters import build_common_words
from peer_challenge.dispatches.phrases import Context, drop_split_ties
from peer_challenge.dispatches.put_charts_in import insert_charts_and_grids
from peer_challenge.dispatches.regional_counts import (
    HARDEST,
    NAMED_REDS,
    ORDER,
    SHOWN_MATCHES,
    SHOWN_OFFERS,
    RegionView,
    build_named_view,
)
from peer_challenge.model.house_style import SHIPPED_COLOUR
from peer_challenge.model.sentences import join_in_words, say_how_many
from peer_challenge.model.vocabulary import ItemKind, Rating

COLUMNS = 15
"""Areas side by side in one heat map; a larger region gets several, one below the other."""


def build_overview_words(facts: Facts, view: RegionView) -> Context:
    """The words that fill the overview, seen through `view`."""
    return {
        **build_common_words(facts, "Regional overview, with names", facts.cycle.name),
        "is_anonymised": False,
        **dict.fromkeys(("smallest", "areas_taking_part", "added_example", "has_no_rating", "listed"), ""),
        **dict.fromkeys(("published", "published_asked", "published_needs", "published_strengths"), ()),
        "has_ratings": bool(view.areas),
        "in_brief": _summarise_in_brief(view),
        "blocks": _split_heat_map(view),
        "hardest": _list_hardest_rows(view),
        "as_hard": _say_what_is_as_hard(view),
        "asked": _list_most_challenged(view),
        "asked_as_often": _say_who_is_asked_as_often(view),
        "needs": _list_agreed_items(view, ItemKind.DEVELOPMENT),
        "strengths": _list_agreed_items(view, ItemKind.STRENGTH),
        "not_agreed": _list_not_agreed_items(view),
        "progress": view.progress,
        "changes": _count_changes_by_focus(view),
        "slipped": _list_slipped_rows(view),
        "steps": list_step_days(view),
        "feedback": list_feedback(view),
        "trend": _count_ratings_by_cycle(view, facts.cycle.name),
        "matches": _list_match_rows(view)[:SHOWN_MATCHES],
        "more_matches": max(0, len(view.matches) - SHOWN_MATCHES),
        "framework": facts.framework.title,
        "alt": _describe_charts(view),
    }


def _summarise_in_brief(view: RegionView) -> list[str]:
    counts = view.counts()
    if not sum(counts.values()):
        return ["We have not accepted any self-assessment yet."]
    apart = counts[Rating.NOT_APPLICABLE.value]
    total = sum(counts.values()) - apart
    parts = join_in_words(
        f"{100 * counts[r.value] / max(total, 1):.0f}% {r.value}"
        for r in (Rating.RED, Rating.AMBER, Rating.GREEN)
    )
    lines = [
        f"{say_how_many(len(view.areas), 'area')} and {say_how_many(len(view.framework), 'sub-heading')}: "
        f"{say_how_many(total, 'rating')}, {parts}."
        + (f" {apart} more {'was' if apart == 1 else 'were'} marked not applicable." if apart else "")
    ]
    lines += _say_most_often_red(view)
    steps = view.changes["step"]
    if len(steps):
        lines.append(
            f"Of {len(steps)} ratings that can be compared with the last cycle, {int((steps > 0).sum())} "
            f"got better, {int((steps < 0).sum())} got worse and {int((steps == 0).sum())} "
            "stayed the same."
        )
    if view.progress:
        done, all_of = (sum(int(str(row[key])) for row in view.progress) for key in ("done", "actions"))
        lines.append(
            f"{say_how_many(len(view.progress), 'area')} reported on {say_how_many(all_of, 'action')} in "
            f"their action plans: {done} {'is' if done == 1 else 'are'} done."
        )
    recommending, answered = count_recommending(view)
    if answered:
        lines.append(
            f"{recommending} of the {say_how_many(answered, 'area')} that answered would recommend a peer "
            "challenge to another area."
        )
    if view.matches:
        lines.append(
            f"For {say_how_many(len(view.matches), 'sub-heading')}, an area that rates itself GREEN could "
            "help one that rates itself RED."
        )
    return lines


def _say_most_often_red(view: RegionView) -> list[str]:
    """The sub-headings that most areas rate RED, as a sentence: up to three by name, and equals as a number.

    No sub-heading is named before another that as many areas rate RED. Empty where nothing is RED.
    """
    reds = {address: number for address in view.hardest() if (number := view.counts(address)["RED"])}
    named = drop_split_ties(list(reds.items()), NAMED_REDS)
    sentences = [f"{view.framework.subheadings[a].title} ({say_how_many(n, 'area')})" for a, n in named]
    said = [f"Most often RED: {join_in_words(sentences)}."] if named else []
    if len(named) < min(len(reds), NAMED_REDS):
        level = list(reds.values())[len(named)]
        tied = list(reds.values()).count(level)
        areas = f"in {say_how_many(level, 'area')} each"
        said.append(
            f"{tied} others are RED {areas}." if named else f"Most often RED: {tied} sub-headings, {areas}."
        )
    return [" ".join(said)] if said else []


def _split_heat_map(view: RegionView) -> list[Context]:
    """The heat map in blocks of at most COLUMNS areas: `areas` and `groups` of rows of ratings."""
    parts = [view.areas[n : n + COLUMNS] for n in range(0, len(view.areas), COLUMNS)]
    return [
        {
            "areas": [view.labels[area] for area in part],
            "groups": [
                {
                    "title": focus.title,
                    "rows": [
                        {
                            "title": row.title,
                            "cells": [
                                view.ratings.get((area, f"{focus.id}/{row.id}")) or "" for area in part
                            ],
                        }
                        for row in focus.subheadings
                    ],
                }
                for focus in view.framework.focus_areas
            ],
        }
        for part in parts
    ]


def _build_subheading_row(view: RegionView, address: str) -> Context:
    known = view.framework.subheadings.get(address)
    focus = view.framework.focus_area_of.get(address)
    return {
        "title": known.title if known else "Not linked to a sub-heading",
        "area": focus.title if focus else "",
        **{k.lower(): v for k, v in view.counts(address).items()},
    }


def _list_hardest_rows(view: RegionView) -> list[Context]:
    return [_build_subheading_row(view, address) for address in view.hardest()[:HARDEST]]


def _list_most_challenged(view: RegionView) -> list[Context]:
    return [
        {**_build_subheading_row(view, address), "number": number}
        for address, number in list(view.asked().items())[:HARDEST]
    ]


def _say_who_is_asked_as_often(view: RegionView) -> str:
    """The sub-headings that are asked about as often as the last in the list; "" for none."""
    asked = view.asked()
    equals = _list_equals_of_last(asked)
    if not equals:
        return ""
    return f"Also asked about in {say_how_many(asked[equals[0]], 'area')}: {_name_rows(view, equals)}."


def _say_what_is_as_hard(view: RegionView) -> str:
    """The sub-headings with as many RED and AMBER as the last in the list; "" for none."""
    tally = {address: view.counts(address) for address in view.hardest()}
    equals = _list_equals_of_last({one: (counted["RED"], counted["AMBER"]) for one, counted in tally.items()})
    return f"As many RED and AMBER as in the last row: {_name_rows(view, equals)}." if equals else ""


def _list_equals_of_last(levels: Mapping[str, object]) -> list[str]:
    """Which come after the last of a list as long as it is printed, and are level with that."""
    ranked = list(levels)
    return [one for one in ranked[HARDEST:] if levels[one] == levels[ranked[HARDEST - 1]]]


def _name_rows(view: RegionView, addresses: Sequence[str]) -> str:
    return "; ".join(view.framework.subheadings[address].title for address in addresses)


def _list_agreed_items(view: RegionView, kind: ItemKind) -> list[Context]:
    """What was agreed by sub-heading, as _describe_said has it."""
    return [
        {
            **_build_subheading_row(view, address),
            **_describe_said(view, said),
        }
        for address, said in view.agreed(kind).items()
    ]


def _describe_said(view: RegionView, said: Sequence[tuple[str, str]]) -> Context:
    """Of how many areas something was recorded, whether of more than one, and who in which words."""
    areas = len({area for area, _ in said})
    return {
        "number": say_how_many(areas, "area"),
        "is_shared": areas > 1,
        "texts": [{"who": view.labels[area], "text": text} for area, text in said],
    }


def _list_not_agreed_items(view: RegionView) -> list[Context]:
    """What Chairs recorded and the two areas did not both agree, by sub-heading, as _list_agreed_items."""
    found: dict[str, list[tuple[str, str]]] = {}
    for _, address, area, text in view.not_agreed():
        found.setdefault(address, []).append((area, text))
    return [
        {
            **_build_subheading_row(view, address),
            **_describe_said(view, said),
        }
        for address, said in found.items()
    ]


def _group_by_focus_area(view: RegionView) -> list[tuple[str, list[str]]]:
    return [
        (focus.title, [f"{focus.id}/{row.id}" for row in focus.subheadings])
        for focus in view.framework.focus_areas
    ]


def _count_rating_steps(view: RegionView, addresses: list[str]) -> dict[str, int]:
    steps = view.changes[view.changes["subheading"].isin(addresses)]["step"]
    return {
        "better": int((steps > 0).sum()),
        "same": int((steps == 0).sum()),
        "worse": int((steps < 0).sum()),
    }


def _count_changes_by_focus(view: RegionView) -> list[Context]:
    rows = [
        {"title": title, **_count_rating_steps(view, addresses)}
        for title, addresses in _group_by_focus_area(view)
    ]
    return [row for row in rows if row["better"] or row["same"] or row["worse"]]


def _list_slipped_rows(view: RegionView) -> list[Context]:
    """Sub-headings now RED that were not: title and which areas."""
    fell = view.changes[(view.changes["step"] < 0) & (view.changes["now"] == Rating.RED)]
    return [
        {
            "title": view.framework.subheadings[address].title,
            "areas": join_in_words(
                sorted(view.labels[a] for a in fell[fell["subheading"] == address]["participant"])
            ),
        }
        for address in view.framework
        if (fell["subheading"] == address).any()
    ]


def _count_ratings_by_cycle(view: RegionView, present: str) -> list[Context]:
    """How many ratings there were of each in each cycle, of those that can be compared throughout."""
    ratings, areas = list(view.trend.values()), {area for area, _ in view.trend}
    names = [*view.earlier_cycles, present]
    return [
        {
            "cycle": name,
            "areas": len(areas),
            **{shown.lower(): sum(given[n] == shown for given in ratings) for shown in ORDER},
        }
        for n, name in enumerate(names if ratings else ())
    ]


def _list_match_rows(view: RegionView) -> list[Context]:
    def offers(ids: tuple[str, ...]) -> str:
        shown = [view.labels[area] for area in ids[:SHOWN_OFFERS]]
        more = len(ids) - len(shown)
        return join_in_words([*shown, f"{more} more"] if more else shown)

    return [
        {
            "title": view.framework.subheadings[match.subheading].title,
            "offers": offers(match.offers),
            "needs": join_in_words(view.labels[area] for area in match.needs),
        }
        for match in view.matches
    ]


def _describe_charts(view: RegionView) -> dict[str, str]:
    def said(counts: dict[str, int]) -> str:
        return f"{counts['RED']} RED, {counts['AMBER']} AMBER, {counts['GREEN']} GREEN"

    focus = "; ".join(
        f"{title}: {said(view.counts(*addresses))}" for title, addresses in _group_by_focus_area(view)
    )
    areas = "; ".join(f"{view.labels[area]}: {said(counts)}" for area, counts in _count_ratings_by_area(view))
    change = "; ".join(
        f"{row['title']}: {row['better']} better, {row['worse']} worse"
        for row in _count_changes_by_focus(view)
    )
    return {
        "focus": f"Bar chart of ratings by area of focus. {focus}.",
        "areas": f"Bar chart of ratings by area. {areas}.",
        "change": f"Bar chart of ratings that changed, by area of focus. {change}.",
    }


def _count_ratings_by_area(view: RegionView) -> list[tuple[str, dict[str, int]]]:
    found = []
    for area in view.areas:
        given = [view.ratings.get((area, address)) for address in view.framework]
        found.append((area, {rating.value: given.count(rating.value) for rating in Rating}))
    return found


def draw_overview_charts(view: RegionView, colour: str = SHIPPED_COLOUR) -> dict[str, bytes]:
    """The overview's charts as PNG, by name: focus, and areas and change where there is something to show.

    `colour` is that of bars that show no rating.
    """
    focus = _group_by_focus_area(view)
    drawn = {"focus": rating_bars([title for title, _ in focus], [view.counts(*rows) for _, rows in focus])}
    profiles = _count_ratings_by_area(view)
    if profiles:
        drawn["areas"] = rating_bars(
            [view.labels[a] for a, _ in profiles], [counts for _, counts in profiles]
        )
    if moved := _count_changes_by_focus(view):
        drawn["change"] = change_bars(
            [row["title"] for row in moved],
            [row["better"] for row in moved],
            [row["worse"] for row in moved],
            colour,
        )
    return drawn


def build_named_overview_words(facts: Facts) -> Context:
    """The words that fill the overview, with every area under its own name."""
    return build_overview_words(facts, build_named_view(facts))


def insert_named_charts(facts: Facts, document: bytes) -> bytes:
    """The named overview with its charts in place of its template's placeholders."""
    return insert_charts_and_grids(
        document, draw_overview_charts(build_named_view(facts), facts.style.colour)
    )
