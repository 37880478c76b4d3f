"""The author's presentation for the event: ten slides to present, and an appendix to look things up in."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from peer_challenge.dispatches.briefings import ANSWERS, list_challenged_rows
from peer_challenge.dispatches.facts import Facts
from peer_challenge.dispatches.phrases import (
    Context,
    drop_started_point,
    format_full_day,
    read_cell_text,
    replaced_words,
    shorten_to_line,
    to_london_time,
)
from peer_challenge.dispatches.slides import LINE, ROWS, Deck, Row, fits_on_slide
from peer_challenge.dispatches.text_width import count_text_lines
from peer_challenge.model.sentences import join_list_briefly, say_how_many
from peer_challenge.model.vocabulary import Kind, Rating

KEY_STRENGTHS = 3
"""Strengths with a slide of their own; all of them are in the appendix."""
SLIDES = 10
"""The slides to present, the first and the last included."""
_STRENGTH_LINES = 9
"""Of the 16 that a slide holds: people are to listen, and the whole text is in its notes."""
_SHORT = (240, 140, 72)
"""How many characters of each text an overview shows: the most that fits on its slide."""
_NOT_ANSWERED = "We will answer at the event"
_COUNTED = (Rating.RED, Rating.AMBER, Rating.GREEN, Rating.NOT_APPLICABLE)
_OUR_RATINGS = "How we rate ourselves"
_ALL_AREAS, _OTHER_AREAS = "All areas of focus", "Other areas of focus"
_KIND_NOT_CHOSEN = "Kind of answer not chosen yet"
_IN_NOTES = "All of it is in the notes and in the appendix."
_Record: TypeAlias = Mapping[Any, Any]


def make_presentation(facts: Facts) -> bytes:
    """The author's draft presentation as .pptx. Equal facts give equal bytes."""
    author = facts.author.name if facts.author else facts.recipient.name
    title = f"{author}: our self-assessment"
    deck = Deck(facts.file_title or title, facts.cycle.office.name, facts.marking, facts.style)
    _add_opening(deck, facts, author)
    asked = [one for one in list_challenged_rows(facts.rows) if one["commentary"]]
    _add_in_brief(deck, facts, asked)
    _add_ratings(deck, facts)
    _add_key_strengths(deck, facts)
    _add_reds(deck, facts)
    _add_questions(deck, asked)
    _add_answers(deck, asked)
    _add_what_we_ask(deck, facts)
    deck.divider(
        "Appendix",
        "For reference: our strengths where we rate GREEN, our areas for development where we rate AMBER or "
        "RED, and every question and answer.",
    )
    _add_appendix(deck, facts, asked)
    return deck.saved(facts.stamped_at)


def _add_opening(deck: Deck, facts: Facts, author: str) -> None:
    event = facts.event
    day = format_full_day(to_london_time(event.starts_at)) if event else ""
    when = [f"{day}, {event.place}"] if event else []
    challenger = f"Challenge event with {facts.challenger.name}" if facts.challenger else "Challenge event"
    deck.opening(
        f"{author}: our self-assessment",
        [
            *filter(None, [facts.style.programme]),
            facts.cycle.name,
            challenger,
            *when,
            _say_what_to_do(facts, author),
        ],
        "We made this draft from your forms. You present it yourselves at the event. It has "
        f"{SLIDES} slides for 20 minutes, so about two minutes each. The slides after “Appendix” are for "
        "reference only.",
    )


def _say_what_to_do(facts: Facts, author: str) -> str:
    """The line of the first slide for the area itself: what this draft is, and what to do with it.

    One that replaces another says what changed; nobody is asked to change one before an event that has come.
    """
    day = to_london_time(facts.event.starts_at).date() if facts.event else None
    before = f" before {format_full_day(day)}" if day and day > facts.issued_on else ""
    replaced = facts.replaces
    if replaced is None:
        return (
            f"Draft for {author}. Please check it and change it as you wish{before}, and delete this line. "
            "You do not need to send it back."
        )
    places = [row["place"] for row in replaced_words(facts)["changed"]]
    is_of_answers = set(replaced.changes) == {Kind.RESPONSE}
    what = (
        f"your {'answer' if len(places) == 1 else 'answers'} on" if is_of_answers else "what you changed on"
    )
    because = f" because of {what} {join_list_briefly(places, most=3)}" if places else ""
    kept = (
        " If you have already changed that draft, change only “In brief”, “What we answered” and, in the "
        f"appendix, {'this answer' if len(places) == 1 else 'these answers'}."
        if places and is_of_answers
        else ""
    )
    asked = f" Please check it{before}." if before else ""
    return (
        f"Draft for {author}, changed on {format_full_day(facts.issued_on)}{because}. This replaces the "
        f"draft of {format_full_day(replaced.issued_on)}.{kept}{asked} Delete this line before you present."
    )


def _add_in_brief(deck: Deck, facts: Facts, asked: Sequence[Context]) -> None:
    answered = sum(bool(one["response"]) for one in asked)
    rows = [
        (_OUR_RATINGS, f"{say_how_many(len(facts.rows), 'sub-heading')}: {_say_ratings(facts)}."),
        ("What you asked", f"You asked about {say_how_many(len(asked), 'sub-heading')}."),
        ("What we answered", _say_how_many_answered(answered, len(asked))),
        ("What comes next", "Three strengths, what we rate RED, your questions, and what we ask of you."),
    ]
    deck.overview("In brief", rows, "About two minutes. Say who is here from each of the three partners.")


def _say_how_many_answered(answered: int, asked: int) -> str:
    """How many questions are answered in writing: "all of them", "both of them", "12 of 31"."""
    if not asked:
        return "There was nothing to answer."
    if answered == asked:
        whole = {1: "it", 2: "both of them"}.get(asked, "all of them")
        return f"We have answered {whole} in writing."
    if not answered:
        return "We will answer at the event."
    return f"We have answered {answered} of {asked} in writing."


def _say_ratings(facts: Facts) -> str:
    """How many sub-headings have each rating, then those that have none: they add up to all."""
    given = list(facts.rows["rating"]) if len(facts.rows) else []
    counts = [f"{given.count(rating.value)} {rating.value}" for rating in _COUNTED[:3]]
    apart = given.count(Rating.NOT_APPLICABLE.value)
    unrated = len(given) - sum(given.count(rating.value) for rating in _COUNTED)
    counts += [f"{apart} not applicable"] if apart else []
    counts += [f"{unrated} not rated"] if unrated else []
    return ", ".join(counts)


def _count_ratings_by_area(facts: Facts) -> list[list[str]]:
    """Each area of focus with how many of each rating, then all of them together."""
    counts: dict[str, Counter[str]] = {}
    for title, rating in zip(facts.rows["focus_area_title"], facts.rows["rating"], strict=True):
        counts.setdefault(str(title), Counter())[str(rating)] += 1
    counts[_ALL_AREAS] = sum(counts.values(), Counter())
    return [[title, *(str(of[rating.value]) for rating in _COUNTED)] for title, of in counts.items()]


_HEADERS = ("Area of focus", "RED", "AMBER", "GREEN", "NOT APPLICABLE")


def _add_ratings(deck: Deck, facts: Facts) -> None:
    """The picture of ratings on one slide, whose rows add up to its last.

    Where there are too many areas of focus, those with most RED and AMBER, and the others in one row.
    """
    title, notes = _OUR_RATINGS, "About two minutes. Point to where it is hardest, and say why."
    if not len(facts.rows):
        deck.overview(title, [("", "Add your ratings here.")], notes)
        return
    rows = _count_ratings_by_area(facts)
    if len(rows) > ROWS:
        ranked = sorted(rows[:-1], key=lambda row: (-int(row[1]), -int(row[2])))
        shown, others = ranked[: ROWS - 2], ranked[ROWS - 2 :]
        summed = [str(sum(map(int, column))) for column in list(zip(*others, strict=True))[1:]]
        rows = [*(row for row in rows[:-1] if row in shown), [_OTHER_AREAS, *summed], rows[-1]]
        notes += " The appendix shows every area of focus."
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
    is_whole = ended > len(short) // 3
    short = drop_started_point(short[: ended + 1]) if is_whole else f"{drop_started_point(short)}…"
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
    return [[("", named)], [("", _count_in_lines(areas))]]


def _count_in_lines(groups: Mapping[str, Sequence[_Record]]) -> str:
    """How many sub-headings are in each group, in a line each."""
    return "\n".join(f"{name}: {say_how_many(len(held), 'sub-heading')}" for name, held in groups.items())


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
    notes = "About two minutes. Be open about what gets in the way.\n\n"
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
        f"You asked about {say_how_many(len(asked), 'sub-heading')}. The questions are in the appendix."
        if asked
        else "You asked no questions.",
    )
    notes = "About two minutes. Thank your peers, and say which questions helped you most.\n\n"
    deck.overview("What you asked", said, notes + _join_rows_as_notes(asked, "commentary"))


def _add_answers(deck: Deck, asked: Sequence[Context]) -> None:
    """What was answered, by the kind of answer, and what is still to be answered."""
    kinds: dict[str, list[Context]] = {kind: [] for kind in (*ANSWERS.values(), _NOT_ANSWERED)}
    for one in asked:
        kind = (one["answer"] or _KIND_NOT_CHOSEN) if one["response"] else _NOT_ANSWERED
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
            [("", _count_in_lines(found))] if found else [],
        ),
        "There was nothing to answer.",
    )
    notes = "About two minutes. Say what has changed because of the questions.\n\n"
    if _KIND_NOT_CHOSEN in found:
        notes += f"Under “{_KIND_NOT_CHOSEN}” are those for which you chose no kind of answer.\n\n"
    answered = [one for one in asked if one["response"]]
    deck.overview("What we answered", said, notes + _join_rows_as_notes(answered, "response"))


def _add_what_we_ask(deck: Deck, facts: Facts) -> None:
    reds = _list_rated_rows(facts, Rating.RED, "title")[:3]
    most = facts.cycle.rules.agreed_items
    rows = [
        *([("Your advice on", _list_titles(reds))] if reds else []),
        ("One question for you", "In our place, where would you look first?"),
        (
            "What we need to agree together",
            f"Up to {most} key strengths and up to {most} areas for development.",
        ),
    ]
    deck.overview(
        "What we ask of this session",
        rows,
        "About two minutes. Then the conversation begins, led by your challenger.",
    )


def _add_appendix(deck: Deck, facts: Facts, asked: Sequence[Context]) -> None:
    """All ratings where the picture left some out, each strength, area for development and challenge."""
    if len(facts.rows):
        rows = _count_ratings_by_area(facts)
        if len(rows) > ROWS:
            deck.table("All our ratings", _HEADERS, rows)
    for title, rating, column in (
        ("Rated GREEN: strengths", Rating.GREEN, "strengths"),
        ("Rated RED: areas for development", Rating.RED, "development"),
        ("Rated AMBER: areas for development", Rating.AMBER, "development"),
    ):
        words = [(row["title"], row[column]) for row in _list_rated_rows(facts, rating, column)]
        if words:
            deck.texts(title, words)
    for one in asked:
        answer = ". ".join(filter(None, (one["answer"], one["response"])))
        deck.columns(
            one["title"],
            (one["area"], one["rating"] or None),
            ("What you asked", one["commentary"]),
            ("Our response", answer if one["response"] else f"{_NOT_ANSWERED}."),
        )
