"""The forms that go out and come back: what each says on the facts, and the marks it carries."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from peer_challenge.advice.prompts import prompts_for
from peer_challenge.dispatches.facts import Facts
from peer_challenge.dispatches.phrases import dates_table, day
from peer_challenge.model.sentences import counted, listed
from peer_challenge.model.vocabulary import ItemKind, Rating, ResponseKind
from peer_challenge.word.form.forms import CHALLENGED_BY, FIRST_ACTION, KIND_ON, SECOND_ACTION, SECOND_ROW
from peer_challenge.word.package import marks
from peer_challenge.word.write.house_colours import PAPER, RAG

Context = dict[str, Any]
_ORDER: tuple[Rating | None, ...] = (Rating.RED, Rating.AMBER, None, Rating.GREEN, Rating.NOT_APPLICABLE)
_LONG = 700  # characters in a cell from which a row may break across pages: about a third of one
_LINKED = 64  # what Word allows for an item of a drop-down list and for a tag


def _common(facts: Facts, title: str, due: str | None = None) -> Context:
    """What every form says."""
    return {
        "title": title,
        "subtitle": f"{_author(facts)} – {facts.cycle.name}",
        "marking": facts.marking,
        "footer": facts.cycle.name,
        "cycle": facts.cycle.name,
        "author": _author(facts),
        "challenger": facts.challenger.name if facts.challenger else "",
        "chair": facts.chair.name if facts.chair else "",
        "office_email": facts.cycle.office.email,
        "issued": day(facts.issued_on),
        "due": day(facts.dates[due]) if due and due in facts.dates else "",
        "choices": {},
    }


def _author(facts: Facts) -> str:
    return facts.author.name if facts.author else facts.recipient.name


def _look(rating: Any) -> Context:
    """How a rating is shown: its word, the fill of its cell, whether the word is light on it."""
    known = Rating(rating) if isinstance(rating, str) and rating else None
    rag = RAG[known]
    word = {Rating.NOT_APPLICABLE: "Not applicable", None: "Not rated"}.get(known, rag.word)
    return {"word": word, "fill": rag.fill, "is_dark": rag.text == PAPER, "rating": known}


def _row(record: Mapping[Any, Any]) -> Context:
    address = str(record["subheading"])
    texts = {
        name: _text(record.get(name))
        for name in ("title", "prompt", "reference", "strengths", "development", "commentary", "response")
    }
    return {
        "subheading": address,
        "mark": marks.row_bookmark(address),
        "area": record["focus_area_title"],
        **texts,
        **_look(record.get("rating")),
        "is_long": any(len(text) > _LONG for text in texts.values()),
    }


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _areas(rows: Iterable[Context]) -> list[Context]:
    """Rows under their areas of focus, in order; `table` numbers each area's table from 1."""
    held: dict[str, list[Context]] = {}
    for row in rows:
        held.setdefault(row["area"], []).append(row)
    return [
        {"title": title, "table": table, "rows": group, "is_challenged": any(_is_asked(r) for r in group)}
        for table, (title, group) in enumerate(held.items(), 1)
    ]


def _is_asked(row: Context) -> bool:
    return bool(row["commentary"].strip())


def _schedule(facts: Facts) -> list[Context]:
    return [_row(record) for record in facts.rows.to_dict("records")]


def _blank_schedule(facts: Facts) -> list[Context]:
    framework = facts.framework
    return [
        _row(
            {
                "subheading": address,
                "focus_area_title": framework.focus_area_of[address].title,
                "title": held.title,
                "prompt": held.prompt,
                "reference": held.reference,
            }
        )
        for address, held in framework.subheadings.items()
    ]


def _choices(pairs: Iterable[tuple[str, str]]) -> list[Context]:
    return [{"text": text[:_LINKED], "value": value[:_LINKED]} for text, value in pairs]


_YES_NO = _choices([("Yes", "yes"), ("No", "no")])


def self_assessment(facts: Facts) -> Context:
    """What the self-assessment template says."""
    rows = _blank_schedule(facts)
    rules = facts.cycle.rules
    permitted = [r for r in Rating if r is not Rating.NOT_APPLICABLE or rules.not_applicable == "allow"]
    return {
        **_common(facts, "Self-assessment", "self_assessment_due"),
        "areas": _areas(rows),
        "row_count": len(rows),
        "area_count": len(facts.framework.focus_areas),
        "word_limit": rules.word_limit,
        "choices": {"ratings": _choices((_look(r)["word"], r.value) for r in permitted)},
    }


def _rating_counts(rows: Iterable[Context]) -> Context:
    counts = Counter(row["rating"] for row in rows)
    return {**{rating.value.lower(): counts[rating] for rating in Rating}, "none": counts[None]}


def analysis_pack(facts: Facts) -> Context:
    """What the analysis pack says, with suggested questions to the author."""
    rows = _schedule(facts)
    titles = {row["subheading"]: row["title"] for row in rows}
    prompts = prompts_for(facts.rows, facts.framework).to_dict("records")
    common = _common(facts, "Analysis pack", "analysis_due")
    return {
        **common,
        "subtitle": _of_both(common),
        "areas": _areas(rows),
        "index": sorted(rows, key=lambda row: _ORDER.index(row["rating"])),
        "counts": _rating_counts(rows),
        "dates": dates_table(facts, "analysis_due", "event_by"),
        "suggestions": [
            {
                "title": titles.get(one["subheading"], ""),
                "question": one["question"],
                "because": one["because"],
            }
            for one in prompts
        ],
    }


def returned_analysis(facts: Facts) -> Context:
    """What the returned analysis says."""
    rows = _schedule(facts)
    asked = [row for row in rows if _is_asked(row)]
    areas = _areas(rows)
    common = _common(facts, "Peer analysis", "response_due")
    return {
        **common,
        "subtitle": _of_both(common),
        "areas": areas,
        "counts": _rating_counts(rows),
        "themes": _themes(rows, asked),
        "challenged_phrase": f"{len(asked)} of your {counted(len(rows), 'sub-heading')}",
        "summary": [
            {
                "title": area["title"],
                "questions": sum(_questions(r) for r in area["rows"]),
                "challenged": _told(area["rows"]),
            }
            for area in areas
            if area["is_challenged"]
        ],
    }


def _questions(row: Context) -> int:
    """How many questions a commentary asks: its question marks, one at least where there are words."""
    return max(row["commentary"].count("?"), 1) if _is_asked(row) else 0


def _told(rows: Iterable[Context]) -> str:
    return "; ".join(f"{row['title']} ({row['word']})" for row in rows if _is_asked(row))


def _themes(rows: list[Context], asked: list[Context]) -> list[str]:
    """What the challenge is about, in at most three sentences."""
    by_area = Counter[str]()
    for row in asked:
        by_area[row["area"]] += _questions(row)
    reds = [row for row in rows if row["rating"] is Rating.RED]
    red_asked = sum(map(_is_asked, reds))
    greens = sum(row["rating"] is Rating.GREEN for row in asked)
    told = []
    if reds:
        told.append(
            f"{red_asked} of {counted(len(reds), 'sub-heading')} rated RED "
            f"{'is' if red_asked == 1 else 'are'} asked about."
        )
    if most := by_area.most_common(3):
        told.append(
            "Most questions are about "
            + listed(f"{area[:1].lower() + area[1:]} ({n})" for area, n in most)
            + "."
        )
    if greens:
        told.append(
            f"{counted(greens, 'strength')} rated GREEN {'is' if greens == 1 else 'are'} asked about too: "
            "how it is known, how it will last."
        )
    return told


def response_form(facts: Facts) -> Context:
    """What the response form says: a row for each challenged sub-heading."""
    rows = [row for row in _schedule(facts) if _is_asked(row)]
    words = {
        ResponseKind.FURTHER_EVIDENCE: "Further evidence",
        ResponseKind.ACKNOWLEDGEMENT: "Acknowledgement",
        ResponseKind.UPDATE: "Update",
    }
    return {
        **_common(facts, "Response to the challenge", "response_due"),
        "rows": rows,
        "row_count": len(rows),
        "choices": {"kinds": _choices((words[kind], kind.value) for kind in ResponseKind)},
    }


def chair_record_form(facts: Facts) -> Context:
    """What the Chair's record form says: as many rows of each kind as may be agreed."""
    most = facts.cycle.rules.agreed_items
    common = _common(facts, "Chair’s record", "chair_record_due")
    return {
        **common,
        "subtitle": _of_both(common),
        "agreed_items": most,
        "strengths": _blank_items(ItemKind.STRENGTH, most),
        "developments": _blank_items(ItemKind.DEVELOPMENT, most),
        "choices": {"yes_no": _YES_NO, "subheadings": _subheading_choices(facts)},
    }


def _subheading_choices(facts: Facts) -> list[Context]:
    """Every sub-heading's title, with its area of focus where two have the same."""
    framework = facts.framework
    seen = Counter(held.title for held in framework.subheadings.values())
    return _choices(
        (
            held.title
            if seen[held.title] == 1
            else f"{held.title} ({framework.focus_area_of[address].title})",
            address,
        )
        for address, held in framework.subheadings.items()
    )


def _blank_items(kind: ItemKind, most: int) -> list[Context]:
    return [_item(f"{kind.value}/{number}", str(number)) for number in range(1, most + 1)]


def _item(address: str, label: str) -> Context:
    return {"subheading": address, "mark": marks.row_bookmark(address), "label": label, "is_long": False}


def _of_both(common: Context) -> str:
    return f"{common['author']}{CHALLENGED_BY}{common['challenger']} – {common['cycle']}"


def action_plan(facts: Facts) -> Context:
    """What the action-plan template says: each agreed area for development, with room for two actions."""
    agreed = (
        facts.items[facts.items["kind"] == ItemKind.DEVELOPMENT.value] if len(facts.items) else facts.items
    )
    plan = []
    for number, item in enumerate(agreed.to_dict("records"), 1):
        label = f"{number}. {_text(item.get('title'))}".rstrip(". ")
        first = {
            **_item(f"development/{number}", label),
            "development": _text(item["text"]),
            "prompt": FIRST_ACTION,
        }
        second = {
            **_item(f"development/{number}/2", f"{label}{SECOND_ROW}"),
            "development": "",
            "prompt": SECOND_ACTION,
        }
        plan += [first, second]
    return {**_common(facts, "Action plan", "action_plan_due"), "plan": plan}


def identity(facts: Facts) -> dict[str, str]:
    """The custom document properties by which a form is known again."""
    kind = KIND_ON.get(facts.kind)
    held = {
        marks.CYCLE: facts.cycle.id,
        marks.PARTICIPANT: facts.author.id if facts.author else facts.recipient.id,
        marks.CHALLENGER: facts.challenger.id if facts.challenger else "",
        marks.KIND: kind.value if kind else "",
        marks.FRAMEWORK: facts.framework.id,
        marks.ISSUE: facts.dispatch_id,
    }
    return {name: value for name, value in held.items() if value}
