"""The Chair's summary of an event."""

from collections.abc import Callable

import pandas as pd

from peer_challenge.dispatches.facts import Facts
from peer_challenge.dispatches.letters import build_common_words
from peer_challenge.dispatches.phrases import Context, format_full_day, read_cell_text, replaced_words
from peer_challenge.model.agreed_by_both import is_agreed_by_both, is_without_consensus
from peer_challenge.model.vocabulary import ItemKind

_ITEM_WORDS = {ItemKind.STRENGTH: "Strength", ItemKind.DEVELOPMENT: "Area for development"}


def list_agreed_items(items: pd.DataFrame, kind: ItemKind) -> list[Context]:
    """What both areas agreed of one kind, in order, each with number (from 1), text and place."""
    return _number_items(items, lambda row: row["is_agreed"] and row["kind"] == kind.value)


def list_items_not_agreed(items: pd.DataFrame) -> list[Context]:
    """What the Chair recorded and the two areas did not both agree, as list_agreed_items, with its kind."""
    return _number_items(items, lambda row: read_cell_text(row["text"]) and not row["is_agreed"])


def _number_items(items: pd.DataFrame, is_wanted: Callable[[Context], object]) -> list[Context]:
    rows = items.sort_values("position").to_dict("records") if len(items) else []
    wanted = [row for row in rows if is_wanted({str(name): value for name, value in row.items()})]
    return [
        {
            "number": number,
            "kind": _ITEM_WORDS[ItemKind(row["kind"])],
            "text": read_cell_text(row["text"]),
            "place": read_cell_text(row["title"]),
        }
        for number, row in enumerate(wanted, 1)
    ]


def _say_consensus(answer: str, author: str, challenger: str) -> str:
    """What the Chair's answer to whether consensus was reached comes to; "" where there is none."""
    if is_without_consensus(answer):
        return f"The Chair records that {author} and {challenger} reached no consensus."
    if is_agreed_by_both(answer, answer):
        return f"The Chair records that {author} and {challenger} reached consensus."
    return f"Asked whether consensus was reached, the Chair wrote: “{answer}”" if answer else ""


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
    challenger = facts.challenger.name if facts.challenger else "its challenger"
    return {
        **build_common_words(
            facts, "Chair's summary of the peer challenge", f"{author} – {facts.cycle.name}"
        ),
        **told,
        **replaced_words(facts),
        "chair": told["chair"] or (facts.chair.name if facts.chair else ""),
        "strengths": list_agreed_items(facts.items, ItemKind.STRENGTH),
        "developments": list_agreed_items(facts.items, ItemKind.DEVELOPMENT),
        "not_agreed": list_items_not_agreed(facts.items),
        "consensus": _say_consensus(told["consensus"], author, challenger),
        "corrected_on": format_full_day(facts.corrected_on) if facts.corrected_on else "",
        "plan_due": format_full_day(facts.dates["action_plan_due"])
        if "action_plan_due" in facts.dates
        else "",
    }
