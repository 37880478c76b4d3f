"""The draft of the Chair's summary: what each area corrects in place, and the note to the Chair."""

from collections.abc import Hashable, Mapping

from peer_challenge.dispatches.facts import Facts
from peer_challenge.dispatches.forms import build_form_words, build_item_row, name_both_areas
from peer_challenge.dispatches.letters import build_common_words
from peer_challenge.dispatches.phrases import Context, format_full_day, read_cell_text
from peer_challenge.model.vocabulary import ItemKind
from peer_challenge.word.form.forms import FORMS, KIND_ON


def build_draft_summary_words(facts: Facts) -> Context:
    """The words that fill the draft summary: all that the Chair recorded, as the Chair recorded it."""
    form = FORMS[KIND_ON[facts.kind]]
    common = build_form_words(facts, form.other_titles[0], form.due)
    told = {field.id: facts.particulars.get(field.id, "").strip() for field in form.fields}
    return {
        **common,
        "subtitle": name_both_areas(common),
        "told": {**told, "chair": told["chair"] or (facts.chair.name if facts.chair else "")},
        "strengths": _list_items(facts, ItemKind.STRENGTH),
        "developments": _list_items(facts, ItemKind.DEVELOPMENT),
    }


def _list_items(facts: Facts, kind: ItemKind) -> list[Context]:
    """What the Chair recorded of one kind, agreed or not, a row each."""
    items = facts.items.to_dict("records") if len(facts.items) else []
    return [
        _describe_item(item) for item in items if item["kind"] == kind.value and read_cell_text(item["text"])
    ]


def _describe_item(item: Mapping[Hashable, object]) -> Context:
    address = str(item["address"])
    return {
        **build_item_row(address, address.partition("/")[2]),
        "text": read_cell_text(item["text"]),
        "subheading": read_cell_text(item["title"]),
        "consensus": read_cell_text(item["consensus"]),
    }


def build_draft_notice_words(facts: Facts) -> Context:
    """The words that fill the note to the Chair that both areas have the draft."""
    author = facts.author.name if facts.author else ""
    due = facts.dates.get("corrections_due")
    return {
        **build_common_words(facts, f"Draft summary sent: {author}", f"{author} – {facts.cycle.name}"),
        "due": format_full_day(due) if due else "",
    }
