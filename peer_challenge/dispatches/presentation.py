"""The author's presentation for the event, drafted as .pptx and ready to edit."""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from typing import Any

from peer_challenge.dispatches.briefings import list_challenged_rows
from peer_challenge.dispatches.facts import Facts
from peer_challenge.dispatches.phrases import format_full_day, read_cell_text, to_london_time
from peer_challenge.dispatches.slides import Deck
from peer_challenge.model.vocabulary import Rating

KEY_STRENGTHS = 4
"""Strengths shown in their own words; the others are named, their words in the notes."""

_TO_WRITE = "Your answer: further evidence, more work needed, or action taken since?"
_COUNTED = (Rating.RED, Rating.AMBER, Rating.GREEN, Rating.NOT_APPLICABLE)
Row = Mapping[Hashable, Any]


def _count_ratings_by_area(facts: Facts) -> list[list[str]]:
    """Each area of focus with how many of each rating, then all of them together."""
    counts: dict[str, Counter[str]] = {}
    for title, rating in zip(facts.rows["focus_area_title"], facts.rows["rating"], strict=True):
        counts.setdefault(str(title), Counter())[str(rating)] += 1
    counts["All areas of focus"] = sum(counts.values(), Counter())
    return [[title, *(str(of[rating.value]) for rating in _COUNTED)] for title, of in counts.items()]


def _list_rated_rows(facts: Facts, rating: Rating, column: str) -> list[Row]:
    rows = facts.rows[facts.rows["rating"] == rating.value].to_dict("records") if len(facts.rows) else []
    return [row for row in rows if read_cell_text(row[column])]


def _group_titles_by_area(rows: Iterable[Row]) -> list[tuple[str, str]]:
    """The titles of rows under their areas of focus."""
    areas: dict[str, list[str]] = {}
    for row in rows:
        areas.setdefault(row["focus_area_title"], []).append(row["title"])
    return [(area, "; ".join(titles)) for area, titles in areas.items()]


def _join_rows_as_notes(rows: Iterable[Row], column: str) -> str:
    return "\n\n".join(f"{row['title']}\n{row[column]}" for row in rows)


def _add_strength_slides(deck: Deck, facts: Facts) -> None:
    """Key strengths: those that peers asked about, then those with most evidence; a draft to change."""
    rows = _list_rated_rows(facts, Rating.GREEN, "strengths")
    ranked = sorted(
        rows, key=lambda row: (not read_cell_text(row["commentary"]), -len(row["strengths"].split()))
    )
    key = [row for row in rows if row in ranked[:KEY_STRENGTHS]]
    others = [row for row in rows if row not in key]
    words = [(row["title"], row["strengths"]) for row in key]
    deck.texts("Our key strengths", words or [("", "Add your strengths here.")])
    if others:
        deck.texts(
            "We are also strong in", _group_titles_by_area(others), _join_rows_as_notes(others, "strengths")
        )


def _add_development_slides(deck: Deck, facts: Facts) -> None:
    red, amber = (_list_rated_rows(facts, rating, "development") for rating in (Rating.RED, Rating.AMBER))
    words = [(row["title"], row["development"]) for row in red]
    if words or not amber:
        deck.texts("What we rate RED", words or [("", "Add your areas for development here.")])
    if amber:
        deck.texts(
            "What we rate AMBER", _group_titles_by_area(amber), _join_rows_as_notes(amber, "development")
        )


def _add_challenge_slides(deck: Deck, facts: Facts) -> None:
    """A slide a challenge, RED first."""
    asked = [one for one in list_challenged_rows(facts.rows) if one["commentary"]]
    for one in sorted(asked, key=lambda one: one["rating"] != Rating.RED):
        answer = ". ".join(filter(None, (one["answer"], one["response"])))
        deck.columns(
            one["title"],
            (one["area"], one["rating"] or None),
            ("What our peers asked", one["commentary"]),
            ("Our response", answer if one["response"] else _TO_WRITE),
        )


def make_presentation(facts: Facts) -> bytes:
    """The author's draft presentation as .pptx. Equal facts give equal bytes."""
    author = facts.author.name if facts.author else facts.recipient.name
    deck = Deck(f"{author}: our self-assessment", facts.cycle.office.name, facts.marking)
    when = (
        [f"{format_full_day(to_london_time(facts.event.starts_at))}, {facts.event.place}"]
        if facts.event
        else []
    )
    challenger = f"Challenge event with {facts.challenger.name}" if facts.challenger else "Challenge event"
    opening = [facts.cycle.name, challenger, *when, "Draft for you to edit"]
    deck.opening(f"{author}: our self-assessment", opening)
    if len(facts.rows):
        headers = ["Area of focus", "RED", "AMBER", "GREEN", "NOT APPLICABLE"]
        deck.table("How we rate ourselves", headers, _count_ratings_by_area(facts))
    _add_strength_slides(deck, facts)
    _add_development_slides(deck, facts)
    _add_challenge_slides(deck, facts)
    limit = f"At most {facts.cycle.rules.agreed_items} key strengths and as many areas for development."
    see = ("Help us to see", "Where would you look first, in our place?")
    deck.texts("What we ask of this session", [see, ("Agree with us", limit)])
    return deck.saved(facts.stamped_at)
