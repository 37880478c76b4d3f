"""The forms that go out and come back: the words that fill each, and the properties that identify it."""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from datetime import datetime

from peer_challenge.advice.prompts import prompts_for
from peer_challenge.dates.deadlines import find_first_response_day
from peer_challenge.dispatches.briefings import rank_rating
from peer_challenge.dispatches.evidence_lists import list_evidence, show_evidence_of_row
from peer_challenge.dispatches.facts import Facts
from peer_challenge.dispatches.last_time import list_last_time_lines, list_last_time_without_place
from peer_challenge.dispatches.letters import describe_length
from peer_challenge.dispatches.phrases import (
    Context,
    dates_table,
    drop_split_ties,
    format_full_day,
    read_cell_text,
    replaced_words,
    shorten_to_line,
    to_london_time,
)
from peer_challenge.dispatches.schedule_rows import may_break_across_pages
from peer_challenge.model.agreed_by_both import Agreement
from peer_challenge.model.days_in_words import day_in_words, time_of_day
from peer_challenge.model.framework import FormWords
from peer_challenge.model.sentences import join_in_words, name_office_in_sentence, say_how_many
from peer_challenge.model.vocabulary import RESPONSE_NAMES, DeadlineName, ItemKind, Rating
from peer_challenge.word.answers.written_days import read_written_day
from peer_challenge.word.form.forms import (
    CHALLENGED_BY,
    FIRST_ACTION,
    KIND_ON,
    PARTNERS,
    SECOND_ACTION,
    SECOND_ROW,
)
from peer_challenge.word.form.row_guidance import list_guidance_lines
from peer_challenge.word.package import marks
from peer_challenge.word.write.house_colours import PAPER, RAG

_ORDER: tuple[Rating | None, ...] = (Rating.RED, Rating.AMBER, None, Rating.GREEN, Rating.NOT_APPLICABLE)
_MOST_ASKED = 3  # areas of focus in the sentence on what most questions are about: more is a table
_LINKED = 64  # what Word allows for an item of a drop-down list and for a tag


def build_form_words(facts: Facts, title: str, due: str | None = None) -> Context:
    """What every form says."""
    return {
        "title": title,
        "subtitle": f"{_find_author_name(facts)} – {facts.cycle.name}",
        "marking": facts.marking,
        "footer": facts.cycle.name,
        "cycle": facts.cycle.name,
        "author": _find_author_name(facts),
        "challenger": facts.challenger.name if facts.challenger else "",
        "chair": facts.chair.name if facts.chair else "",
        "office": name_office_in_sentence(facts.cycle.office.name),
        "office_email": facts.cycle.office.email,
        "office_phone": facts.cycle.office.phone,
        "word_limit": facts.cycle.rules.word_limit,
        "issued": format_full_day(facts.issued_on),
        "due": format_full_day(facts.dates[due]) if due and due in facts.dates else "",
        "choices": {},
        **_build_own_words(facts.framework.words),
        **replaced_words(facts),
    }


def _build_own_words(words: FormWords) -> Context:
    """The words that the framework chooses: column headings, what ratings mean, the sign-off."""
    return {
        "headings": words.headings.model_dump(),
        "meanings": words.meanings.model_dump(),
        "sign_off_title": words.sign_off_title,
        "sign_off": words.sign_off or "",
    }


def _find_author_name(facts: Facts) -> str:
    return facts.author.name if facts.author else facts.recipient.name


def _describe_rating(rating: object) -> Context:
    """How a rating is shown: its word, the fill of its cell, whether the word is light on it."""
    known = Rating(rating) if isinstance(rating, str) and rating else None
    rag = RAG[known]
    word = {Rating.NOT_APPLICABLE: "Not applicable", None: "Not rated"}.get(known, rag.word)
    return {"word": word, "fill": rag.fill, "is_dark": rag.text == PAPER, "rating": known}


def _build_schedule_row(record: Mapping[Hashable, object]) -> Context:
    address = str(record["subheading"])
    texts = {
        name: _read_text_or_empty(record.get(name))
        for name in ("title", "prompt", "reference", "strengths", "development", "commentary", "response")
    }
    return {
        "subheading": address,
        "mark": marks.row_bookmark(address),
        "area": record["focus_area_title"],
        **texts,
        **_describe_rating(record.get("rating")),
        "hints": record.get("hints", ()),
        "last_time": record.get("last_time", ()),
        "is_long": may_break_across_pages(texts.values()),
    }


def _read_text_or_empty(value: object) -> str:
    return value if isinstance(value, str) else ""


def _group_by_focus_area(rows: Iterable[Context]) -> list[Context]:
    """Rows under their areas of focus, in order; `table` numbers each area's table from 1."""
    held: dict[str, list[Context]] = {}
    for row in rows:
        held.setdefault(row["area"], []).append(row)
    return [
        {
            "title": title,
            "table": table,
            "rows": group,
            "is_challenged": any(_is_challenged_row(r) for r in group),
        }
        for table, (title, group) in enumerate(held.items(), 1)
    ]


def _is_challenged_row(row: Context) -> bool:
    return bool(row["commentary"].strip())


def _build_schedule(facts: Facts) -> list[Context]:
    return [_build_schedule_row(record) for record in facts.rows.to_dict("records")]


def _build_blank_schedule(facts: Facts) -> list[Context]:
    framework = facts.framework
    return [
        _build_schedule_row(
            {
                "subheading": address,
                "focus_area_title": framework.focus_area_of[address].title,
                "title": held.title,
                "prompt": held.prompt,
                "reference": held.reference,
                "hints": list_guidance_lines(held),
                "last_time": list_last_time_lines(facts.last_time, address),
            }
        )
        for address, held in framework.subheadings.items()
    ]


def build_choices(pairs: Iterable[tuple[str, str]]) -> list[Context]:
    """The items of a drop-down list, each with `text` and `value`, as long as Word allows."""
    return [{"text": text[:_LINKED], "value": value[:_LINKED]} for text, value in pairs]


YES_NO = build_choices([("Yes", "yes"), ("No", "no")])
_AGREEMENT = build_choices((one.value.capitalize(), one.value) for one in Agreement)


def build_self_assessment_words(facts: Facts) -> Context:
    """The words that fill the template of the self-assessment form."""
    rows = _build_blank_schedule(facts)
    rules = facts.cycle.rules
    permitted = [r for r in Rating if r is not Rating.NOT_APPLICABLE or rules.not_applicable == "allow"]
    return {
        **build_form_words(facts, "Self-assessment", "self_assessment_due"),
        "areas": _group_by_focus_area(rows),
        "row_count": len(rows),
        "area_count": len(facts.framework.focus_areas),
        "framework": facts.framework.title,
        "last_time": facts.last_time.cycle if facts.last_time else "",
        "also_last_time": list_last_time_without_place(facts.last_time),
        "form_word_limit": f"{rules.form_word_limit:,}" if rules.form_word_limit else "",
        "length": describe_length(rules, facts.framework),
        "has_reviews": bool(rules.review_months),
        "has_descriptors": any(one.descriptors for one in facts.framework.subheadings.values()),
        "event_months": say_how_many(rules.event_months, "month"),
        "analysis_days": say_how_many(rules.analysis_days, "day"),
        "agreed_items": rules.agreed_items,
        "evidence_goes": rules.evidence_goes_with_pack,
        "choices": {"ratings": build_choices((_describe_rating(r)["word"], r.value) for r in permitted)},
    }


def _count_ratings(rows: Iterable[Context]) -> Context:
    counts = Counter(row["rating"] for row in rows)
    return {**{rating.value.lower(): counts[rating] for rating in Rating}, "none": counts[None]}


def build_analysis_pack_words(facts: Facts) -> Context:
    """The words that fill the template of the analysis pack, with suggested questions to the author."""
    rows = _build_schedule(facts)
    for row in rows:
        row["evidence"] = show_evidence_of_row(facts, row["subheading"])
    areas = _group_by_focus_area(rows)
    suggested = {
        one["subheading"]: one for one in prompts_for(facts.rows, facts.framework).to_dict("records")
    }

    def offered(row: Context) -> list[Context]:
        found = suggested.get(row["subheading"])
        return (
            [{"title": row["title"], "question": found["question"], "because": found["because"]}]
            if found
            else []
        )

    common = build_form_words(facts, "Analysis pack", "analysis_due")
    return {
        **common,
        "subtitle": name_both_areas(common),
        "areas": [
            {**area, "suggestions": [one for row in area["rows"] for one in offered(row)]} for area in areas
        ],
        "suggestions": [one for row in rows for one in offered(row)],  # for an office's own earlier template
        "suggestion_count": len(suggested),
        "index": sorted(rows, key=lambda row: _ORDER.index(row["rating"])),
        "counts": _count_ratings(rows),
        "dates": dates_table(facts, "event_by"),  # the call-out gives the day to return it, once
        "evidence": list_evidence(facts),
    }


def build_returned_analysis_words(facts: Facts) -> Context:
    """The words that fill the template of the returned analysis."""
    rows = _build_schedule(facts)
    asked = [row for row in rows if _is_challenged_row(row)]
    areas = _group_by_focus_area(rows)
    common = build_form_words(facts, "Peer analysis", "response_due")
    event = facts.event
    return {
        **common,
        "subtitle": name_both_areas(common),
        "areas": areas,
        "counts": _count_ratings(rows),
        "has_longer_questions": any(_pick_questions(row["commentary"]).endswith("…") for row in asked),
        **_say_when_response_is_due(facts),
        "themes": _describe_themes(rows, asked, common["challenger"]),
        "challenged_phrase": f"{len(asked)} of your {say_how_many(len(rows), 'sub-heading')}",
        "asked": [
            {**row, "questions": _pick_questions(row["commentary"])}
            for row in sorted(asked, key=lambda row: rank_rating(row["rating"]))
        ],
        "summary": [  # for an office's own earlier template
            {
                "title": area["title"],
                "questions": sum(map(_is_challenged_row, area["rows"])),
                "challenged": "; ".join(
                    f"{row['title']} ({row['word']})" for row in area["rows"] if _is_challenged_row(row)
                ),
            }
            for area in areas
            if area["is_challenged"]
        ],
        "event_when": _say_when(event.starts_at, event.ends_at) if event else "",
        "signed_off_by": _say_who_signed_off(facts.particulars),
    }


def _say_when(starts_at: datetime, ends_at: datetime) -> str:
    """When an event is: "Thursday 13 May 2027, 10:00 to 13:00"."""
    day = format_full_day(to_london_time(starts_at))
    return f"{day}, {time_of_day(starts_at)} to {time_of_day(ends_at)}"


def _say_who_signed_off(particulars: Mapping[str, str]) -> str:
    """Who signed a form off for each partner and when, as the form says it; "" where it says nothing."""
    signed = []
    for partner, name in PARTNERS.items():
        who, when = (particulars.get(f"{what}_{partner}", "").strip() for what in ("signed_off", "signed_on"))
        if who or when:
            day = read_written_day(when)
            said = ", ".join(filter(None, (who, day_in_words(day) if day else when)))
            signed.append(f"{name if name.isupper() else name.lower()} – {said}")
    return "; ".join(signed)


def _say_when_response_is_due(facts: Facts) -> Context:
    """The earliest day on which a response can be due, while the event has no day."""
    return {"response_first": format_full_day(find_first_response_day(facts.issued_on, facts.cycle.rules))}


def _pick_questions(commentary: str) -> str:
    """A commentary on a few lines: all of it, or its beginning with "…" where it is longer."""
    return shorten_to_line(commentary, _LONGEST_QUESTIONS)


_LONGEST_QUESTIONS = 480
"""Characters on a sub-heading at the front: four lines of its table. All that was asked is in its row."""


def _describe_themes(rows: list[Context], asked: list[Context], challenger: str) -> list[str]:
    """What the challenge is about, in at most three sentences."""
    by_area = Counter[str]()
    for row in asked:
        by_area[row["area"]] += 1
    reds = [row for row in rows if row["rating"] is Rating.RED]
    red_asked = sum(map(_is_challenged_row, reds))
    told = []
    if reds:
        of_all = _say_all(len(reds)) if red_asked == len(reds) else f"{red_asked} of the {len(reds)}"
        told.append(
            f"{challenger} asks about the one sub-heading that you rated RED."
            if red_asked == len(reds) == 1
            else f"{challenger} asks about {of_all} that you rated RED."
        )
    if most := _list_most_asked(by_area):
        is_part = len(by_area) > len(most)
        areas = f"The {'area' if len(most) == 1 else 'areas'} of focus"
        lead = "asked about most" if is_part else "asked about"
        counts = "; ".join(f"{area} ({say_how_many(n, 'sub-heading')})" for area, n in most)
        told.append(f"{areas} {lead}: {counts}.")
    others = _count_other_ratings(asked)
    if others:
        told.append(f"{challenger} {'also ' if red_asked else ''}asks about {others}.")
    return told


def _say_all(number: int) -> str:
    return "both sub-headings" if number == 2 else f"all {number} sub-headings"


def _count_other_ratings(asked: list[Context]) -> str:
    """How many of the sub-headings asked about are not RED, by their ratings; "" for none."""
    given = Counter(row["rating"] for row in asked)
    apart = len(asked) - sum(given[rating] for rating in (Rating.RED, Rating.AMBER, Rating.GREEN))
    counts = {
        "that you rated AMBER": given[Rating.AMBER],
        "that you rated GREEN": given[Rating.GREEN],
        "without a rating of these three": apart,
    }
    parts = [(count, how) for how, count in counts.items() if count]
    return join_in_words(
        f"{count if n else say_how_many(count, 'sub-heading')} {how}" for n, (count, how) in enumerate(parts)
    )


def _list_most_asked(by_area: Counter[str]) -> list[tuple[str, int]]:
    """The areas of focus with most sub-headings asked about: about three, never only some with as many."""
    numbers = by_area.most_common()
    with_ties = [one for one in numbers if one[1] >= numbers[:_MOST_ASKED][-1][1]]
    return with_ties if len(with_ties) <= _MOST_ASKED + 1 else drop_split_ties(numbers, _MOST_ASKED)


def build_response_form_words(facts: Facts) -> Context:
    """The words that fill the template of the response form: a row for each challenged sub-heading.

    RED first, then AMBER, then GREEN, as in the briefings for the event where they are talked about.
    """
    rows = [row for row in _build_schedule(facts) if _is_challenged_row(row)]
    rows.sort(key=lambda row: rank_rating(row["rating"]))
    return {
        **build_form_words(facts, "Response to the challenge", "response_due"),
        **_say_when_response_is_due(facts),
        "rows": rows,
        "row_count": len(rows),
        "choices": {"kinds": build_choices((name, kind.value) for kind, name in RESPONSE_NAMES.items())},
    }


def build_chair_record_words(facts: Facts) -> Context:
    """The words that fill the template of the Chair's record form: a row for each item that may be agreed."""
    most = facts.cycle.rules.agreed_items
    common = build_form_words(facts, "Chair’s record", "chair_record_due")
    return {
        **common,
        "subtitle": name_both_areas(common),
        "agreed_items": most,
        "event_by": format_full_day(facts.dates[DeadlineName.EVENT_BY])
        if DeadlineName.EVENT_BY in facts.dates
        else "",
        "known": {
            "held_on": day_in_words(facts.event.starts_at) if facts.event else "",
            "chair": facts.event.chair.name if facts.event else "",
        },
        "strengths": _build_blank_items(ItemKind.STRENGTH, most),
        "developments": _build_blank_items(ItemKind.DEVELOPMENT, most),
        "choices": {"agreement": _AGREEMENT, "subheadings": _build_subheading_choices(facts)},
    }


def _build_subheading_choices(facts: Facts) -> list[Context]:
    """Every sub-heading's title, with its area of focus where two have the same."""
    framework = facts.framework
    seen = Counter(held.title for held in framework.subheadings.values())
    return build_choices(
        (
            held.title
            if seen[held.title] == 1
            else f"{held.title} ({framework.focus_area_of[address].title})",
            address,
        )
        for address, held in framework.subheadings.items()
    )


def _build_blank_items(kind: ItemKind, most: int) -> list[Context]:
    return [build_item_row(f"{kind.value}/{number}", str(number)) for number in range(1, most + 1)]


def build_item_row(address: str, label: str) -> Context:
    """A row for an item with this address: its mark, and the label in front."""
    return {"subheading": address, "mark": marks.row_bookmark(address), "label": label, "is_long": False}


def name_both_areas(common: Context) -> str:
    """The line below a title that names author, challenger and cycle."""
    return f"{common['author']}{CHALLENGED_BY}{common['challenger']} – {common['cycle']}"


def build_action_plan_words(facts: Facts) -> Context:
    """The words that fill the action-plan template: each agreed area for development, with two actions.

    What one side did not agree makes no action: `not_agreed` says how many areas for development that are.
    """
    items = facts.items.to_dict("records") if len(facts.items) else []
    recorded = [item for item in items if item["kind"] == ItemKind.DEVELOPMENT.value]
    plan = []
    for number, item in enumerate((item for item in recorded if item["is_agreed"]), 1):
        label = f"{number}. {_read_text_or_empty(item.get('title'))}".rstrip(". ")
        first = {
            **build_item_row(f"development/{number}", label),
            "development": _read_text_or_empty(item["text"]),
            "prompt": FIRST_ACTION,
        }
        second = {
            **build_item_row(f"development/{number}/2", f"{label}{SECOND_ROW}"),
            "development": "",
            "prompt": SECOND_ACTION,
        }
        plan += [first, second]
    apart = sum(bool(read_cell_text(item["text"])) and not item["is_agreed"] for item in recorded)
    not_agreed = say_how_many(apart, "area") + " for development" if apart else ""
    return {
        **build_form_words(facts, "Action plan", "action_plan_due"),
        "plan": plan,
        "not_agreed": not_agreed,
    }


def build_form_properties(facts: Facts) -> dict[str, str]:
    """The custom document properties, by name, by which we recognise a form when it comes back."""
    kind = KIND_ON.get(facts.kind)
    held = {
        marks.CYCLE: facts.cycle.id,
        marks.PARTICIPANT: facts.author.id if facts.author else facts.recipient.id,
        marks.CHALLENGER: facts.challenger.id if facts.challenger else "",
        marks.KIND: kind.value if kind else "",
        marks.FRAMEWORK: facts.framework.id,
        marks.REVIEW: str(facts.review) if facts.review else "",
        marks.ISSUE: facts.dispatch_id,
    }
    return {name: value for name, value in held.items() if value}
