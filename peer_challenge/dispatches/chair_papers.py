"""The papers about a Chair's event: the briefing before it and the summary after it."""

import pandas as pd

from peer_challenge.dispatches.facts import Facts
from peer_challenge.dispatches.letters import (
    build_common_words,
    build_event_words,
    count_ratings_by_name,
)
from peer_challenge.dispatches.phrases import Context, format_full_day, read_cell_text, replaced_words
from peer_challenge.model.sentences import say_how_many
from peer_challenge.model.vocabulary import ItemKind, Rating, ResponseKind

ANSWERS = {
    ResponseKind.FURTHER_EVIDENCE.value: "Further evidence",
    ResponseKind.ACKNOWLEDGEMENT.value: "More work is needed",
    ResponseKind.UPDATE.value: "Action taken since",
}


def list_challenged_rows(rows: pd.DataFrame) -> list[Context]:
    """The sub-headings that have commentary or are RED, in the order of the form.

    Each is a mapping: title, area, rating, strengths, development, commentary, response, answer (the kind of
    response, in words), is_open (asked about and not answered).
    """
    found = []
    for row in rows.to_dict("records"):
        asked, answered = read_cell_text(row["commentary"]), read_cell_text(row["response"])
        if not asked and row["rating"] != Rating.RED:
            continue
        found.append(
            {
                "title": row["title"],
                "area": row["focus_area_title"],
                "rating": read_cell_text(row["rating"]),
                "strengths": row["strengths"],
                "development": row["development"],
                "commentary": asked,
                "response": answered,
                "answer": ANSWERS.get(row["response_kind"], read_cell_text(row["response_kind"])),
                "is_open": bool(asked) and not answered,
            }
        )
    return found


def _find_differences(asked: list[Context]) -> list[Context]:
    """Where author and challenger differ, as far as the papers show it, with the reason."""
    found = []
    for one in asked:
        if one["answer"] == ANSWERS[ResponseKind.FURTHER_EVIDENCE.value]:
            why = "The author answers with further evidence rather than agreeing that more work is needed."
        elif one["rating"] == Rating.GREEN and one["commentary"]:
            why = "The author rates this GREEN, and the challenger asks about it."
        elif one["rating"] == Rating.RED and not one["commentary"]:
            why = "The author rates this RED, and the challenger does not ask about it."
        else:
            continue
        found.append({"title": one["title"], "why": why})
    return found


def build_briefing_words(facts: Facts) -> Context:
    """The words that fill the template of the Chair's briefing."""
    asked = list_challenged_rows(facts.rows)
    reds = [one for one in asked if one["rating"] == Rating.RED]
    still = [one for one in asked if one["is_open"] and one["rating"] != Rating.RED]
    answered = sum(bool(one["response"]) for one in asked)
    questions = sum(bool(one["commentary"]) for one in asked)
    return {
        **build_common_words(
            facts,
            "Chair's briefing",
            f"{facts.author.name if facts.author else ''}, challenged by "
            f"{facts.challenger.name if facts.challenger else ''}",
        ),
        **build_event_words(facts),
        **replaced_words(facts),
        "counts": count_ratings_by_name(facts.rows),
        "reds": reds,
        "open": still,
        "differences": _find_differences(asked),
        "agreed_items": facts.cycle.rules.agreed_items,
        "in_brief": f"{say_how_many(len(reds), 'sub-heading')} rated RED, "
        f"{say_how_many(questions, 'challenge')} made, {answered} answered so far.",
        "record_due": format_full_day(facts.dates["chair_record_due"])
        if "chair_record_due" in facts.dates
        else "",
    }


def list_agreed_items(items: pd.DataFrame, kind: ItemKind) -> list[Context]:
    """The agreed items of one kind in their order, each with number (from 1), text and place."""
    if not len(items):
        return []
    chosen = items[items["kind"] == kind.value].sort_values("position")
    return [
        {"number": number, "text": read_cell_text(row["text"]), "place": read_cell_text(row["title"])}
        for number, row in enumerate(chosen.to_dict("records"), 1)
    ]


def build_summary_words(facts: Facts) -> Context:
    """The words that fill the template of the Chair's summary."""
    told = {
        field: facts.particulars.get(field, "").strip()
        for field in (
            "held_on",
            "chair",
            "author_present",
            "challenger_present",
            "consensus",
            "late_reason",
            "notes",
            "signed_off",
            "signed_on",
        )
    }
    author = facts.author.name if facts.author else ""
    return {
        **build_common_words(facts, "Summary of the peer challenge", f"{author} – {facts.cycle.name}"),
        **told,
        **replaced_words(facts),
        "chair": told["chair"] or (facts.chair.name if facts.chair else ""),
        "strengths": list_agreed_items(facts.items, ItemKind.STRENGTH),
        "developments": list_agreed_items(facts.items, ItemKind.DEVELOPMENT),
        "plan_due": format_full_day(facts.dates["action_plan_due"])
        if "action_plan_due" in facts.dates
        else "",
    }
