"""The papers before an event for those who lead it: the challenger's briefing and the Chair's."""

from collections.abc import Sequence
from datetime import date

import pandas as pd

from peer_challenge.dispatches.facts import Facts, ResponseFacts
from peer_challenge.dispatches.letters import (
    build_common_words,
    build_event_words,
    count_ratings_by_name,
)
from peer_challenge.dispatches.phrases import (
    Context,
    format_full_day,
    read_cell_text,
    replaced_words,
    shorten_to_line,
)
from peer_challenge.model.sentences import join_list_briefly, make_possessive, say_how_many
from peer_challenge.model.vocabulary import RESPONSE_NAMES, Rating, Role
from peer_challenge.word.write.house_colours import RAG

ANSWERS = {kind.value: name for kind, name in RESPONSE_NAMES.items()}
"""What each kind of answer is called in what people read, by its value in a frame."""
_ORDER = [Rating.RED.value, Rating.AMBER.value, Rating.GREEN.value]
_NO_EVENT: Context = {"event_day": "", "event_time": "", "place": "", "session": []}
"""Characters of a text that are shown in the table at the front; all of it is in the detail behind."""


def list_challenged_rows(rows: pd.DataFrame, response: ResponseFacts | None = None) -> list[Context]:
    """The sub-headings with commentary or an answer, and those rated RED: RED first, then AMBER, then GREEN.

    Each is a mapping: number (from 1), title, area, rating, rating_word, strengths, development, commentary,
    response, answer (the kind of response, in words; "" without a response), is_open (asked about and not
    answered),
    is_unconfirmed (we have questions about the answer), is_asked_for (we have asked for the missing answer),
    no_answer (what is printed where there is no answer).
    """
    found: list[Context] = []
    for row in sorted(rows.to_dict("records"), key=lambda row: rank_rating(row["rating"])):
        asked, answered = read_cell_text(row["commentary"]), read_cell_text(row["response"])
        if not (asked or answered or row["rating"] == Rating.RED):
            continue
        is_queried = response is not None and row["subheading"] in response.queried
        found.append(
            {
                "number": len(found) + 1,
                "title": row["title"],
                "area": row["focus_area_title"],
                "rating": read_cell_text(row["rating"]),
                "rating_word": RAG[Rating(row["rating"]) if read_cell_text(row["rating"]) else None].word,
                "strengths": read_cell_text(row["strengths"]),
                "development": read_cell_text(row["development"]),
                "commentary": asked,
                "response": answered,
                "answer": ANSWERS.get(row["response_kind"], read_cell_text(row["response_kind"]))
                if answered
                else "",
                "is_open": bool(asked) and not answered,
                "is_unconfirmed": is_queried and bool(answered),
                "is_asked_for": is_queried and not answered,
                "no_answer": "No written answer yet."
                if is_queried and response is not None and response.is_shown
                else _say_no_answer(response),
            }
        )
    return found


def rank_rating(rating: object) -> int:
    """The place of a rating in the order in which challenges are discussed."""
    return _ORDER.index(str(rating)) if rating in _ORDER else len(_ORDER)


def _put_lines_beside(asked: list[Context]) -> list[Context]:
    """The challenges with a line of what was written, asked and answered, for the table at the front."""
    return [
        {
            **one,
            "wrote_line": shorten_to_line(_choose_what_was_written(one)),
            "asked_line": shorten_to_line(one["commentary"]),
            "answered_line": shorten_to_line(one["response"]),
        }
        for one in asked
    ]


def _choose_what_was_written(one: Context) -> str:
    """The strengths of what is GREEN, else what is to be developed; the other where that is empty."""
    first, second = one["development"], one["strengths"]
    if one["rating"] == Rating.GREEN:
        first, second = second, first
    return str(first or second)


def describe_response(facts: Facts) -> str:
    """Whether the author's response has come, is late, or is not confirmed yet; "" where all is settled."""
    who, response = facts.author.name if facts.author else "The area", facts.response
    again = "If this is settled before the event, we will send you this paper again."
    if response is None:
        due = facts.dates.get("response_due")
        return _describe_awaited_response(who, due, facts.issued_on)
    if response.is_confirmed:
        return ""
    came = f"{who} sent its response on {format_full_day(response.received_on)}."
    if not response.is_shown:
        return f"{came} We have questions about it, and cannot show it here yet. {again}"
    if not response.queried:
        return f"{came} It is not yet confirmed: we have questions about the form as a whole. {again}"
    missing = [one for one in list_challenged_rows(facts.rows, response) if one["is_asked_for"]]
    count = len(response.queried) - len(missing)
    marked = f"{say_how_many(count, 'answer')} clearer, marked below as not yet confirmed"
    told = [f"We have asked it to make {marked}. {again}"] if count else []
    return " ".join([came, *told, *([_say_what_is_missing(missing)] if missing else [])])


def _say_what_is_missing(missing: Sequence[Context]) -> str:
    """Which answers we have asked for, and what to do if they do not come."""
    places = [f"{one['title']} (question {one['number']})" for one in missing]
    is_one = len(missing) == 1
    answers = "the missing answer" if is_one else f"the {len(missing)} missing answers"
    it, comes, does = ("it", "comes", "does") if is_one else ("they", "come", "do")
    return (
        f"We have asked it for {answers}, on {join_list_briefly(places, most=3)}. If {it} {comes} before the "
        f"event, we will send you this paper again. If {it} {does} not, please ask at the event."
    )


def _describe_awaited_response(who: str, due: date | None, today: date) -> str:
    if due is None:
        return f"{who} has not answered yet."
    if due < today:
        return f"{make_possessive(who)} response was due on {format_full_day(due)}. It has not come yet."
    return f"{make_possessive(who)} response is due on {format_full_day(due)}. It has not come yet."


def _count_in_words(facts: Facts, asked: list[Context]) -> str:
    """How many sub-headings are RED, how many are asked about, and how many of those have an answer."""
    reds = sum(one["rating"] == Rating.RED for one in asked)
    questions = sum(bool(one["commentary"]) for one in asked)
    answered = sum(bool(one["commentary"] and one["response"]) for one in asked)
    author = facts.author.name if facts.author else "The area"
    how_many = "all" if answered == questions else str(answered) if answered else "none"
    has_answered = f" {author} has answered {how_many} of them."
    is_shown = facts.response is None or facts.response.is_shown
    is_to_challenger = facts.recipient.role is Role.CHALLENGER
    challenger = (
        "You" if is_to_challenger else facts.challenger.name if facts.challenger else "Its challenger"
    )
    asks = "ask" if is_to_challenger else "asks"
    return (
        f"{author} rates {say_how_many(reds, 'sub-heading')} RED. "
        f"{challenger} {asks} about {say_how_many(questions, 'sub-heading')}."
        f"{has_answered if questions and is_shown else ''}"
    )


def _build_briefing_words(facts: Facts, title: str, subtitle: str) -> Context:
    """The words that both briefings have."""
    asked = list_challenged_rows(facts.rows, facts.response)
    return {
        **build_common_words(facts, title, subtitle),
        **(build_event_words(facts) if facts.event else _NO_EVENT),
        **({"place": facts.event.place_shortly_before} if facts.event else {}),
        **replaced_words(facts),
        "challenges": _put_lines_beside(asked),
        "agreed_items": facts.cycle.rules.agreed_items,
        "in_brief": _count_in_words(facts, asked),
        "response_note": describe_response(facts),
        "no_answer": _say_no_answer(facts.response),
    }


def _say_no_answer(response: ResponseFacts | None) -> str:
    """What is printed in place of an answer that is not there."""
    if response is not None and not response.is_shown:
        return "The response has come and is not shown yet."
    return "No answer yet." if response is None else "No written answer. Please ask at the event."


def build_challenger_briefing_words(facts: Facts) -> Context:
    """The words that fill the template of the challenger's briefing: its page for leading its part."""
    author = facts.author.name if facts.author else ""
    return _build_briefing_words(facts, "Lead your challenge", f"{author} – {facts.cycle.name}")


def build_chair_briefing_words(facts: Facts) -> Context:
    """The words that fill the template of the Chair's briefing."""
    author, challenger = (side.name if side else "" for side in (facts.author, facts.challenger))
    return {
        **_build_briefing_words(facts, "Chair's briefing", f"{author}, challenged by {challenger}"),
        "counts": count_ratings_by_name(facts.rows),
        "record_due": format_full_day(facts.dates["chair_record_due"])
        if "chair_record_due" in facts.dates
        else "",
    }
