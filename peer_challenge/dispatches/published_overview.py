"""The overview without names: figures from which nothing that one area rated can be worked out."""

from peer_challenge.dispatches import published_figures as figures
from peer_challenge.dispatches.facts import Facts
from peer_challenge.dispatches.letters import build_common_words
from peer_challenge.dispatches.phrases import Context, drop_split_ties
from peer_challenge.dispatches.put_charts_in import insert_charts_and_grids
from peer_challenge.dispatches.regional_counts import RegionView, build_named_view
from peer_challenge.model.sentences import capitalise_first_letter, join_in_words, say_how_many
from peer_challenge.model.vocabulary import ItemKind, Rating

_NOT_SHOWN = "Not shown"


def build_published_words(facts: Facts) -> Context:
    """The words that fill the overview without names. What only the named one shows is empty here."""
    view, smallest = build_named_view(facts), figures.find_smallest_count(facts.cycle)
    rows = figures.publish_ratings(view, smallest)
    groups = [group for row in rows for group in row.groups]
    asked = _list_numbers(view, _count_asked(view), smallest)
    needs = _list_numbers(view, _count_agreed(view, ItemKind.DEVELOPMENT), smallest)
    strengths = _list_numbers(view, _count_agreed(view, ItemKind.STRENGTH), smallest)
    listed = ["asked about" if asked else "", "agreed" if needs or strengths else ""]
    return {
        **build_common_words(facts, "Regional overview without names", facts.cycle.name),
        **_EMPTY,
        "is_anonymised": True,
        "framework": facts.framework.title,
        "in_brief": [*_summarise(view, rows, smallest), *_name_most_often(view, rows, smallest)],
        "published": _group_rows(view, rows) if view.areas else [],
        "published_asked": asked,
        "published_needs": needs,
        "published_strengths": strengths,
        "listed": " or ".join(filter(None, listed)),
        "smallest": smallest,
        "areas_taking_part": len(view.areas),
        "added_example": next((f"{number} {name}" for name, number in groups if " or " in name), ""),
        "has_no_rating": any("no rating" in name for name, _ in groups),
    }


def fit_tables(facts: Facts, document: bytes) -> bytes:
    """The overview without names, each table with a grid that fits it. It has no charts."""
    return insert_charts_and_grids(document)


_EMPTY: Context = {
    "has_ratings": False,
    **dict.fromkeys(
        (
            "blocks",
            "hardest",
            "asked",
            "needs",
            "strengths",
            "not_agreed",
            "progress",
            "changes",
            "slipped",
            "steps",
            "feedback",
            "trend",
            "matches",
        ),
        (),
    ),
    "more_matches": 0,
    "asked_as_often": "",
    "as_hard": "",
    "alt": {"focus": "", "areas": "", "change": ""},
}
"""What a template may print that only the named edition has."""


def _summarise(view: RegionView, rows: list[figures.PublishedRow], smallest: int) -> list[str]:
    if not view.areas:
        return ["We have not accepted any self-assessment yet."]
    shown = sum(bool(row.groups) for row in rows)
    lines = [
        f"{say_how_many(len(view.areas), 'area')} rated {say_how_many(len(rows), 'sub-heading')}."
        + _say_how_much_is_shown(shown, len(rows))
    ]
    if done := figures.publish_progress(view, smallest):
        lines.append(f"The areas report that {done} of the actions in their action plans are done.")
    if told := figures.publish_recommending(view, smallest):
        share = capitalise_first_letter(told)
        lines.append(f"{share} of the areas that answered would recommend a peer challenge to another area.")
    better, worse = figures.publish_changes(view, smallest)
    if better:
        lines.append(
            f"Of the ratings that can be compared with the last cycle, {better} got better and {worse} worse."
        )
    return lines


def _name_most_often(view: RegionView, rows: list[figures.PublishedRow], smallest: int) -> list[str]:
    """What is most often RED and what was agreed most often for development, a sentence each.

    Only figures that the tables show too. Nothing is named before another that has as many.
    """
    reds = [(row.address, number) for row in rows for name, number in row.groups if name == Rating.RED.value]
    reds.sort(key=lambda one: -one[1])
    needs = figures.publish_numbers(
        *_count_agreed(view, ItemKind.DEVELOPMENT), smallest, list(view.framework)
    )
    of_all = f" of {say_how_many(len(view.areas), 'area')}"
    return [
        f"{what}, of the figures shown: {join_in_words(named, have_ends=True)}."
        for what, numbers, whole in (
            ("Most often RED", reds, of_all),
            ("Agreed most often for development", needs, ""),
        )
        if (named := _name_first(view, numbers, whole))
    ]


def _name_first(view: RegionView, numbers: list[tuple[str, int]], of_all: str = "") -> list[str]:
    """The sub-headings of the highest numbers, each with its number: "Training impact (4 areas)".

    `of_all` says of how many areas: " of 15 areas" makes it "Training impact (4 of 15 areas)".
    """
    titles = view.framework.subheadings
    return [
        f"{titles[address].title} ({f'{number}{of_all}' if of_all else say_how_many(number, 'area')})"
        for address, number in drop_split_ties(numbers, _MOST_NAMED)
    ]


_MOST_NAMED = 3
"""Names that a reader takes in from one sentence; the tables have the others."""


def _say_how_much_is_shown(shown: int, all_of: int) -> str:
    if not shown:
        return " There are too few areas to show figures."
    return "" if shown == all_of else f" We can show the figures of {shown} of them."


def _group_rows(view: RegionView, rows: list[figures.PublishedRow]) -> list[Context]:
    """The sub-headings under their areas of focus, each with how many areas gave which ratings."""
    told = {row.address: _describe_groups(row) for row in rows}
    return [
        {
            "title": focus.title,
            "rows": [
                {"title": row.title, "figures": told[f"{focus.id}/{row.id}"]} for row in focus.subheadings
            ],
        }
        for focus in view.framework.focus_areas
    ]


def _describe_groups(row: figures.PublishedRow) -> str:
    return join_in_words(f"{number} {name}" for name, number in row.groups) if row.groups else _NOT_SHOWN


def _count_asked(view: RegionView) -> tuple[dict[str, int], int]:
    """How many areas were asked about each sub-heading, and how many were asked at all."""
    rows = view.region.rows
    if not len(rows):
        return {}, 0
    return view.asked(), int(rows[rows["commentary"].astype(bool)]["participant"].nunique())


def _count_agreed(view: RegionView, kind: ItemKind) -> tuple[dict[str, int], int]:
    """How many areas agreed something under each sub-heading, and how many have a record."""
    items = view.region.items
    numbers = {address: len({area for area, _ in said}) for address, said in view.agreed(kind).items()}
    return numbers, int(items["participant"].nunique()) if len(items) else 0


def _list_numbers(view: RegionView, counted: tuple[dict[str, int], int], smallest: int) -> list[Context]:
    numbers, areas = counted
    return [
        {
            "title": view.framework.subheadings[address].title,
            "area": view.framework.focus_area_of[address].title,
            "number": say_how_many(number, "area"),
        }
        for address, number in figures.publish_numbers(numbers, areas, smallest, list(view.framework))
    ]
