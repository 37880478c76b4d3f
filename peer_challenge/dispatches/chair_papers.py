"""The Chair's summary of an event."""

import pandas as pd

from peer_challenge.dispatches.facts import Facts
from peer_challenge.dispatches.letters import build_common_words
from peer_challenge.dispatches.phrases import Context, format_full_day, read_cell_text, replaced_words
from peer_challenge.model.vocabulary import ItemKind


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
