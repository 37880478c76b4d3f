"""The fields that a template can use, with what each holds: for the page, and as a Word document."""

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

import docx

from peer_challenge.dispatches.render_dispatch import list_style_words, list_words
from peer_challenge.dispatches.samples.check_office_templates import list_sample_facts
from peer_challenge.model.sentences import capitalise_first_letter
from peer_challenge.word.package.document_properties import OWN_PROPERTIES
from peer_challenge.word.package.write_zip import EPOCH, repack_document

_LONGEST_EXAMPLE = 80
"""Characters of an example, which shares the width of a page with three other columns."""
_MEANINGS = {
    "action": "an action of the plan",
    "after": "as it is now",
    "alt": "what a chart shows, for people who do not see it",
    "amber": "how many are AMBER",
    "because": "why we suggest the question",
    "before": "as it was",
    "changes": "what is different from the version before",
    "column": "the column that it is about",
    "commentary": "what the peers wrote",
    "copy_name": "the name of the marked copy's file",
    "counts": "how many sub-headings have each rating",
    "dates": "what is due next, and when",
    "development": "areas for development, as the area wrote them",
    "document": "the document that it answers, within a sentence",
    "event_day": "the day of the event; empty before one is set",
    "event_time": "when the event begins and ends",
    "events": "the events, in order of their days",
    "form_holders": "who of the area gets its forms, where others come to the event too; else empty",
    "green": "how many are GREEN",
    "listed": "what the lists of an overview without names are of",
    "own_thing": "what a reminder is about, as its reader's own",
    "is_plan": "whether it is an action plan, from whose acceptance the later dates count",
    "has_copy": "whether a marked copy of the form goes with it",
    "has_longer_questions": "whether a question is cut short in the table at the front",
    "is_pack": "whether it is about the questions that are written in the analysis pack",
    "it_or_them": "“them” for questions, “it” for any other form",
    "has_questions": "whether we have questions about what came",
    "has_ratings": "whether the document that came has ratings",
    "in_brief": "the main points, in sentences",
    "index": "every sub-heading once, RED first",
    "message": "what we noticed or ask",
    "none": "how many have no rating",
    "change_by": "until when a new version is asked for: by a day, or as soon as you can",
    "not_applicable": "how many are not applicable",
    "number": "its number",
    "place": "where it is: a row and column of the form, or the place of the event",
    "plan": "the areas for development that were agreed, with their actions",
    "planned": "what the area planned",
    "prompt": "the question of a sub-heading, or the words to click on in a form",
    "question": "a question that peers may ask",
    "rating": "a rating: RED, AMBER, GREEN, NOT_APPLICABLE, or empty",
    "reasons": "why these two areas are partners, in sentences",
    "received": "when the document came",
    "red": "how many are RED",
    "rejected": "whether the document has to be sent again",
    "remedy": "what to do about it",
    "response": "what the area answered",
    "row_count": "how many sub-headings there are",
    "rows": "the sub-headings, in order",
    "session": "the run of the event: when, what, who leads",
    "strengths": "strengths and evidence, as the area wrote them",
    "suggestions": "questions that we suggest to the peers",
    "table": "the number of the table, for the marks of a form",
    "taken_in": "what we received, in a sentence",
    "version": "which version of the document came, from 1",
    "is_signed_again": "whether only the sign-off has changed since the document that this one replaces",
    "is_noticed_inside": "whether we noticed something in the document, and not only how it came",
    "warnings": "what we noticed and did not ask about",
    "what": "what it is",
    "when": "the day by which it is due",
    "who": "whose it is, or who leads",
    "agreed_items": "how many strengths, and as many areas for development, a Chair may record",
    "areas": "the areas of focus, in order; in a query letter those with questions",
    "author": "the area whose self-assessment it is",
    "blocks": "the heat map, cut into pieces that fit on a page",
    "chair": "the Chair of the event",
    "challenger": "the area that challenges it",
    "changed": "what has changed since the document that this one replaces",
    "event_changes": "what is different from the event of the invitation before; empty where nothing is",
    "former": "the challenger that we named before; empty where there was no other",
    "choices": "what the lists in a form offer",
    "cycle": "the name of the cycle",
    "date": "the day of issue",
    "due": "the day by which it is due; on the weekly brief, what is due this week",
    "fill": "the colour of a rating, for a cell",
    "footer": "the name of the cycle, for the foot of a page",
    "hints": "what may be covered, and what each rating looks like",
    "house_line": "the programme's name and your line for footers, as House style has them",
    "is_author": "whether the reader is the area challenged",
    "is_chair": "whether the reader is the Chair",
    "is_challenger": "whether the reader is the challenger",
    "is_closed": "whether the office closed the challenge early; otherwise its area has left",
    "is_dark": "whether letters on the rating's colour have to be white",
    "is_paired": "whether the area knows already who challenges it",
    "is_long": "whether its text may break across pages",
    "logo": "what your logo is called for people who do not see it; empty without a logo",
    "mark": "a hidden mark by which a form is known again: leave it where it is",
    "marking": "the protective marking",
    "office": "the programme office, as it is called within a sentence",
    "office_email": "the address of the programme office",
    "office_phone": "the telephone number of the programme office; empty without one",
    "programme": "the programme's name, as House style has it; empty without one",
    "replaces": "the day of the document that this one replaces; empty for a first one",
    "reference": "the law or guidance that a sub-heading rests on",
    "sender": "the name of the programme office",
    "subheading": "the id of a sub-heading, for the marks of a form",
    "subtitle": "the line below the title",
    "title": "the title",
    "to": "whom it goes to",
    "word": "a rating as people read it",
    "word_limit": "the words that an answer may have",
}
"""What a field holds where its name and an example don't say it, by its name."""


@dataclass(frozen=True, slots=True)
class TemplateField:
    """A field: how it is written in Word, what kind of thing it is, what it holds, and an example."""

    written: str
    kind: str
    meaning: str
    example: str


def list_template_fields(template_name: str) -> list[TemplateField]:
    """Every field of a template in the order of their names, those within a list after it."""
    found: dict[str, TemplateField] = {}
    for _, facts in list_sample_facts(template_name):
        words = {**list_style_words(facts.style), **list_words(facts)}
        for field in _walk_fields("", words):
            held = found.get(field.written)
            if held is None or (not held.example and field.example):
                found[field.written] = field
    return [found[name] for name in sorted(found)]


def _walk_fields(before: str, words: Mapping[str, object]) -> Iterator[TemplateField]:
    for name, value in words.items():
        written = f"{before}{name}"
        meaning = _MEANINGS.get(name, "")
        if isinstance(value, Mapping):
            yield from _walk_fields(f"{written}.", value)
        elif isinstance(value, (list, tuple)):
            is_plain = not any(isinstance(one, Mapping) for one in value)
            example = _show_example(value[0]) if value and is_plain else ""
            yield TemplateField(written, "a list", meaning, example)
            for one in value:
                if isinstance(one, Mapping):
                    yield from _walk_fields(f"{written} › ", one)
        else:
            kind = (
                "yes or no" if isinstance(value, bool) else "a number" if isinstance(value, int) else "text"
            )
            yield TemplateField(written, kind, meaning, "" if kind == "yes or no" else _show_example(value))


def _show_example(value: object) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= _LONGEST_EXAMPLE else f"{text[: _LONGEST_EXAMPLE - 1]}…"


def write_field_list(template_name: str) -> bytes:
    """The fields of a template as a Word document, to have beside it. The same fields give the same bytes."""
    document = docx.Document()
    title = f"Fields of the template {capitalise_first_letter(template_name.replace('_', ' '))}"
    document.core_properties.title, document.core_properties.author = title, "Peer Challenge"
    document.add_heading(title, 0)
    for line in FIELD_RULES:
        document.add_paragraph(line)
    table = document.add_table(rows=1, cols=4, style="Light Grid")
    for cell, text in zip(
        table.rows[0].cells, ("Field", "What it is", "What it holds", "Example"), strict=True
    ):
        cell.text = text
    for field in list_template_fields(template_name):
        for cell, text in zip(
            table.add_row().cells, (field.written, field.kind, field.meaning, field.example), strict=True
        ):
            cell.text = text
    out = io.BytesIO()
    document.save(out)
    return repack_document(out.getvalue(), datetime(EPOCH.year, 1, 1), OWN_PROPERTIES)


FIELD_RULES = (
    "Write a field as {{ author }}. A field after › belongs to each entry of the list before it: within "
    "{%p for row in rows %} and {%p endfor %}, each in a paragraph of its own, write {{ row.title }}.",
    "In a table, {%tr for row in rows %} and {%tr endfor %} repeat rows; each has a row of its own.",
    "Leave words out with {% if due %} and {% endif %}.",
)
"""How fields are written, in short; docs/documents.md has all of it."""
