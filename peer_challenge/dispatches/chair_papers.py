"""What a Chair works with and what the Chair's event led to: the briefing before it, the summary after it."""

import pandas as pd

from peer_challenge.dispatches.facts import Facts
from peer_challenge.dispatches.letters import Context, common, event_particulars, rating_counts
from peer_challenge.dispatches.phrases import day, text_of
from peer_challenge.model.sentences import counted
from peer_challenge.model.vocabulary import ItemKind, Rating, ResponseKind

ANSWERS = {
    ResponseKind.FURTHER_EVIDENCE.value: "Further evidence",
    ResponseKind.ACKNOWLEDGEMENT.value: "More work is needed",
    ResponseKind.UPDATE.value: "Action taken since",
}


def challenges(rows: pd.DataFrame) -> list[Context]:
    """The sub-headings that carry commentary, or are RED, in the order of the form.

    Each: title, area, rating, commentary, answer (what kind, in words), response, is_open.
    """
    found = []
    for row in rows.to_dict("records"):
        asked, answered = text_of(row["commentary"]), text_of(row["response"])
        if not asked and row["rating"] != Rating.RED:
            continue
        found.append(
            {
                "title": row["title"],
                "area": row["focus_area_title"],
                "rating": text_of(row["rating"]),
                "strengths": row["strengths"],
                "development": row["development"],
                "commentary": asked,
                "response": answered,
                "answer": ANSWERS.get(row["response_kind"], text_of(row["response_kind"])),
                "is_open": bool(asked) and not answered,
            }
        )
    return found


def _differences(asked: list[Context]) -> list[Context]:
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


def chair_briefing(facts: Facts) -> Context:
    """What the Chair's briefing says."""
    asked = challenges(facts.rows)
    reds = [one for one in asked if one["rating"] == Rating.RED]
    still = [one for one in asked if one["is_open"] and one["rating"] != Rating.RED]
    answered = sum(bool(one["response"]) for one in asked)
    questions = sum(bool(one["commentary"]) for one in asked)
    return {
        **common(
            facts,
            "Chair's briefing",
            f"{facts.author.name if facts.author else ''}, challenged by "
            f"{facts.challenger.name if facts.challenger else ''}",
        ),
        **event_particulars(facts),
        "counts": rating_counts(facts.rows),
        "reds": reds,
        "open": still,
        "differences": _differences(asked),
        "agreed_items": facts.cycle.rules.agreed_items,
        "in_brief": f"{counted(len(reds), 'sub-heading')} rated RED, {counted(questions, 'challenge')} made, "
        f"{answered} answered so far.",
        "record_due": day(facts.dates["chair_record_due"]) if "chair_record_due" in facts.dates else "",
    }


def agreed(items: pd.DataFrame, kind: ItemKind) -> list[Context]:
    """The agreed items of one kind in their order: number (from 1 in each kind), text, place."""
    if not len(items):
        return []
    chosen = items[items["kind"] == kind.value].sort_values("position")
    return [
        {"number": number, "text": text_of(row["text"]), "place": text_of(row["title"])}
        for number, row in enumerate(chosen.to_dict("records"), 1)
    ]


def chair_summary(facts: Facts) -> Context:
    """What the Chair's summary says."""
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
        **common(facts, "Summary of the peer challenge", f"{author} – {facts.cycle.name}"),
        **told,
        "chair": told["chair"] or (facts.chair.name if facts.chair else ""),
        "strengths": agreed(facts.items, ItemKind.STRENGTH),
        "developments": agreed(facts.items, ItemKind.DEVELOPMENT),
        "plan_due": day(facts.dates["action_plan_due"]) if "action_plan_due" in facts.dates else "",
    }
