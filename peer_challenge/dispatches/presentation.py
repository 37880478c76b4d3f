"""The author's presentation for the event: ten slides to present, and the rest behind a divider."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from peer_challenge.dispatches.briefings import ANSWERS, list_challenged_rows
from peer_challenge.dispatches.facts import Facts
from peer_challenge.dispatches.phrases import (
    Context,
    format_full_day,
    read_cell_text,
    shorten_to_line,
    to_london_time,
)
from peer_challenge.dispatches.slides import LINE, ROWS, Deck, Row, fits_on_slide
from peer_challenge.dispatches.text_width import count_text_lines
from peer_challenge.model.sentences import say_how_many
from peer_challenge.model.vocabulary import Rating

KEY_STRENGTHS = 3
"""Strengths with a slide of their own; all of them are in the appendix."""
SLIDES = 10
"""The slides to present, the first and the last included."""
_STRENGTH_LINES = 9
"""Of the 16 that a slide holds: people are to listen, and the whole text is in its notes."""
_SHORT = (240, 140, 72)
"""How many characters of each text an overview shows: the most that fits on its slide."""
_TO_WRITE = "Your answer: further evidence, more work needed, or action taken since?"
_NOT_ANSWERED = "We will answer at the event"
_COUNTED = (Rating.RED, Rating.AMBER, Rating.GREEN, Rating.NOT_APPLICABLE)
_ALL_AREAS = "All areas of focus"
_IN_NOTES = "All of it is in the notes and in the appendix."
_Record: TypeAlias = Mapping[Any, Any]


def make_presentation(facts: Facts) -> bytes:
    """The author's draft presentation as .pptx. Equal facts give equal bytes."""
    author = facts.author.name if facts.author else facts.recipient.name
    title = f"{author}: our self-assessment"
    deck = Deck(title, facts.cycle.office.name, facts.marking, facts.style)
    _add_opening(deck, facts, author)
    asked = [one for one in list_challenged_rows(facts.rows) if one["commentary"]]
    _add_in_brief(deck, facts, asked)
    _add_ratings(deck, facts)
    _add_key_strengths(deck, facts)
    _add_reds(deck, facts)
    _add_questions(deck, asked)
    _add_answers(deck, asked)
    _add_what_we_ask(deck, facts)
    deck.divider("Appendix", "All that we wrote, were asked and answered. We do not present these slides.")
    _add_appendix(deck, facts, asked)
    return deck.saved(facts.stamped_at)


def _add_opening(deck: Deck, facts: Facts, author: str) -> None:
    event = facts.event
    when = [f"{format_full_day(to_london_time(event.starts_at))}, {event.place}"] if event else []
    challenger = f"Challenge event with {facts.challenger.name}" if facts.challenger else "Challenge event"
    deck.opening(
        f"{author}: our self-assessment",
        [*filter(None, [facts.style.programme]), facts.cycle.name, challenger, *when],
        f"This is a draft made from your forms. Please check it and change it. It has {SLIDES} slides for 20 "
        "minutes, so about two minutes each. What is behind the divider is there to look things up.",
    )


def _add_in_brief(deck: Deck, facts: Facts, asked: Sequence[Context]) -> None:
    answered = sum(bool(one["response"]) for one in asked)
    counts = Counter(str(rating) for rating in facts.rows["rating"]) if len(facts.rows) else Counter[str]()
    ratings = ", ".join(f"{counts[rating.value]} {rating.value}" for rating in _COUNTED[:3])
    rows = [
        ("How we rate ourselves", f"{say_how_many(len(facts.rows), 'sub-heading')}: {ratings}."),
        ("What our peers asked", f"They asked about {say_how_many(len(asked), 'sub-heading')}."),
        ("What we answered", f"We have answered {answered} of {len(asked)} in writing."),
        ("What comes next", "Three strengths, what we rate RED, your questions, and what we ask of you."),
    ]
    deck.overview("In brief", rows, "About two minutes. Say who is here from each of the three partners.")


def _count_ratings_by_area(facts: Facts) -> list[list[str]]:
    """Each area of focus with how many of each rating, then all of them together."""
    counts: dict[str, Counter[str]] = {}
    for title, rating in zip(facts.rows["focus_area_title"], facts.rows["rating"], strict=True):
        counts.setdefault(str(title), Counter())[str(rating)] += 1
    counts[_ALL_AREAS] = sum(counts.values(), Counter())
    return [[title, *(str(of[rating.value]) for rating in _COUNTED)] for title, of in counts.items()]


_HEADERS = ("Area of focus", "RED", "AMBER", "GREEN", "NOT APPLICABLE")


def _add_ratings(deck: Deck, facts: Facts) -> None:
    """The picture of ratings on one slide: where there are too many areas, those with most RED and AMBER."""
    title, notes = "How we rate ourselves", "About two minutes. Point to where it is hardest, and say why."
    if not len(facts.rows):
        deck.overview(title, [("", "Add your ratings here.")], notes)
        return
    rows = _count_ratings_by_area(facts)
    if len(rows) > ROWS:
        ranked = sorted(rows[:-1], key=lambda row: (-int(row[1]), -int(row[2])))[: ROWS - 1]
        rows = [row for row in rows if row in ranked or row is rows[-1]]
        notes += " The areas that are not here are in the appendix."
    deck.table(title, _HEADERS, rows, notes)


def _list_rated_rows(facts: Facts, rating: Rating, column: str) -> list[_Record]:
    rows = facts.rows[facts.rows["rating"] == rating.value].to_dict("records") if len(facts.rows) else []
    return [row for row in rows if read_cell_text(row[column])]


def _join_rows_as_notes(rows: Iterable[_Record], column: str) -> str:
    return "\n\n".join(f"{row['title']}\n{row[column]}" for row in rows)


def _add_key_strengths(deck: Deck, facts: Facts) -> None:
    """A slide for each key strength: those that peers asked about, then those with most evidence."""
    rows = _list_rated_rows(facts, Rating.GREEN, "strengths")
    ranked = sorted(
        rows, key=lambda row: (not read_cell_text(row["commentary"]), -len(row["strengths"].split()))
    )
    key = [row for row in rows if row in ranked[:KEY_STRENGTHS]]
    for number in range(1, KEY_STRENGTHS + 1):
        if number > len(key):
            to_add = [("", "Add a strength here, with what shows it.")]
            deck.overview(
                f"Strength {number}", to_add, "About two minutes. Leave this slide out if you like."
            )
            continue
        row = key[number - 1]
        deck.overview(
            f"Strength {number}: {row['title']}",
            [(row["focus_area_title"], _shorten_to_lines(row["strengths"]))],
            f"About two minutes. Say what shows it.\n\n{row['strengths']}",
        )


def _shorten_to_lines(text: str, lines: int = _STRENGTH_LINES) -> str:
    """As much of a text as fits into so many lines of a slide, in whole sentences where there are some."""
    if count_text_lines(text, LINE) <= lines:
        return text
    words = text.split()
    kept = len(words)
    while kept > 1 and count_text_lines(" ".join(words[:kept]) + "…", LINE) > lines - 1:
        kept -= 1 + kept // 20
    short = " ".join(words[: max(1, kept)])
    ended = max(short.rfind(mark) for mark in (". ", "? ", "! "))
    short = short[: ended + 1] if ended > len(short) // 3 else f"{shorten_to_line(short, 600)}…"
    return f"{short}\n{_IN_NOTES}"


def _choose_what_fits(options: Iterable[list[Row]], otherwise: str) -> list[Row]:
    """The first of some ways to say it that fits on one slide."""
    return next((rows for rows in options if rows and fits_on_slide(rows)), [("", otherwise)])


def _group_by_area(rows: Iterable[_Record], area: str) -> dict[str, list[_Record]]:
    groups: dict[str, list[_Record]] = {}
    for row in rows:
        groups.setdefault(row[area], []).append(row)
    return groups


def _say_in_a_line(row: _Record, column: str, most: int) -> str:
    """A sub-heading with the beginning of what is in a column, if there is anything."""
    return f"{row['title']}: {shorten_to_line(row[column], most)}" if row[column] else str(row["title"])


def _list_titles(rows: Iterable[_Record]) -> str:
    return "; ".join(row["title"] for row in rows)


def _list_areas_in_lines(areas: Mapping[str, Sequence[_Record]]) -> list[list[Row]]:
    """Areas of focus in a line each: with their sub-headings, and shorter, with how many there are."""
    if not areas:
        return []
    named = "\n".join(f"{area}: {_list_titles(held)}" for area, held in areas.items())
    return [[("", named)], [("", "\n".join(f"{area}: {len(held)}" for area, held in areas.items()))]]


def _add_reds(deck: Deck, facts: Facts) -> None:
    rows = facts.rows[facts.rows["rating"] == Rating.RED.value].to_dict("records") if len(facts.rows) else []
    areas = _group_by_area(rows, "focus_area_title")
    said = _choose_what_fits(
        (
            *([(row["title"], shorten_to_line(row["development"], most)) for row in rows] for most in _SHORT),
            [(area, _list_titles(held)) for area, held in areas.items()],
            *_list_areas_in_lines(areas),
        ),
        f"{say_how_many(len(rows), 'sub-heading')}. They are in the appendix."
        if rows
        else "We rate nothing RED.",
    )
    notes = "About two minutes. Be open about what stands in the way.\n\n"
    deck.overview("What we rate RED", said, notes + _join_rows_as_notes(rows, "development"))


def _add_questions(deck: Deck, asked: Sequence[Context]) -> None:
    """What peers asked, by area of focus: in a line each where there is room, else by the sub-headings."""
    areas = _group_by_area(asked, "area")
    said = _choose_what_fits(
        (
            *(
                [
                    (area, "\n".join(_say_in_a_line(one, "commentary", most) for one in held))
                    for area, held in areas.items()
                ]
                for most in _SHORT
            ),
            [(f"{area} ({len(held)})", _list_titles(held)) for area, held in areas.items()],
            *_list_areas_in_lines(areas),
        ),
        f"{say_how_many(len(asked), 'question')}. They are in the appendix."
        if asked
        else "Our peers asked no questions.",
    )
    notes = "About two minutes. Thank your peers, and say which questions helped you most.\n\n"
    deck.overview("What our peers asked", said, notes + _join_rows_as_notes(asked, "commentary"))


def _add_answers(deck: Deck, asked: Sequence[Context]) -> None:
    """What was answered, by the kind of answer, and what is still to be answered."""
    kinds: dict[str, list[Context]] = {kind: [] for kind in (*ANSWERS.values(), _NOT_ANSWERED)}
    for one in asked:
        kind = (one["answer"] or "Our answer") if one["response"] else _NOT_ANSWERED
        kinds.setdefault(kind, []).append(one)
    found = {kind: held for kind, held in kinds.items() if held}
    said = _choose_what_fits(
        (
            *(
                [
                    (
                        f"{kind} ({len(held)})",
                        "\n".join(_say_in_a_line(one, "response", most) for one in held),
                    )
                    for kind, held in found.items()
                ]
                for most in _SHORT
            ),
            [(f"{kind} ({len(held)})", _list_titles(held)) for kind, held in found.items()],
            [("", "\n".join(f"{kind}: {len(held)}" for kind, held in found.items()))] if found else [],
        ),
        "There was nothing to answer.",
    )
    notes = "About two minutes. Say what has changed because of the questions.\n\n"
    answered = [one for one in asked if one["response"]]
    deck.overview("What we answered", said, notes + _join_rows_as_notes(answered, "response"))


def _add_what_we_ask(deck: Deck, facts: Facts) -> None:
    reds = _list_rated_rows(facts, Rating.RED, "title")[:3]
    most = facts.cycle.rules.agreed_items
    rows = [
        *([("Your advice on", _list_titles(reds))] if reds else []),
        ("Help us to see", "Where would you look first, in our place?"),
        ("Agree with us", f"Up to {most} key strengths and {most} areas for development."),
    ]
    deck.overview("What we ask of this session", rows, "About two minutes. Then the Chair takes over.")


def _add_appendix(deck: Deck, facts: Facts, asked: Sequence[Context]) -> None:
    """All ratings where the picture left some out, each strength, area for development and challenge."""
    if len(facts.rows):
        rows = _count_ratings_by_area(facts)
        if len(rows) > ROWS:
            deck.table("All our ratings", _HEADERS, rows)
    for title, rating, column in (
        ("Our strengths", Rating.GREEN, "strengths"),
        ("What we rate RED, in full", Rating.RED, "development"),
        ("What we rate AMBER", Rating.AMBER, "development"),
    ):
        words = [(row["title"], row[column]) for row in _list_rated_rows(facts, rating, column)]
        if words:
            deck.texts(title, words)
    for one in asked:
        answer = ". ".join(filter(None, (one["answer"], one["response"])))
        deck.columns(
            one["title"],
            (one["area"], one["rating"] or None),
            ("What our peers asked", one["commentary"]),
            ("Our response", answer if one["response"] else _TO_WRITE),
        )
