"""What the challenger and the Chair read before an event: every challenge, RED first, and how sure it is."""

import io
from dataclasses import replace
from datetime import date

import docx
import pandas as pd
import pytest
from docx.oxml.ns import qn

from peer_challenge.dispatches.briefings import (
    build_chair_briefing_words,
    build_challenger_briefing_words,
    list_challenged_rows,
)
from peer_challenge.dispatches.facts import Facts, ResponseFacts
from peer_challenge.dispatches.phrases import shorten_to_line
from peer_challenge.dispatches.render_dispatch import render_dispatch_file
from peer_challenge.dispatches.samples.sample_facts import sample_facts
from peer_challenge.model.vocabulary import DispatchKind as D
from peer_challenge.model.vocabulary import ResponseKind

BRIEFINGS = (
    (D.CHALLENGER_BRIEFING, build_challenger_briefing_words),
    (D.CHAIR_BRIEFING, build_chair_briefing_words),
)
CAME = date(2027, 5, 5)


def words_in(facts, templates):
    """Every text of the Word file that the facts give, in order."""
    document = docx.Document(io.BytesIO(render_dispatch_file(facts, templates)))
    return " ".join(text.text or "" for text in document.element.body.iter(qn("w:t")))


def without_response(facts: Facts, response: ResponseFacts | None = None) -> Facts:
    return replace(facts, rows=facts.rows.assign(response="", response_kind=""), response=response)


@pytest.mark.parametrize(("kind", "build"), BRIEFINGS)
def test_every_challenge_is_there_red_first_then_amber(kind, build):
    facts = sample_facts(kind)
    found = build(facts)["challenges"]
    asked = facts.rows[facts.rows["commentary"].ne("") | facts.rows["rating"].eq("RED")]
    assert {one["title"] for one in found} == set(asked["title"])
    assert [one["rating"] for one in found] == ["RED"] * 3 + ["AMBER"] * 2 + ["GREEN"]
    assert [one["number"] for one in found] == [1, 2, 3, 4, 5, 6]


def test_the_chairs_paper_has_every_word_of_author_and_challenger(templates):
    facts = sample_facts(D.CHAIR_BRIEFING)
    text = words_in(facts, templates)
    for row in facts.rows.to_dict("records"):
        if row["commentary"]:
            for column in ("strengths", "development", "commentary", "response"):
                assert row[column] in text


def test_the_challengers_page_has_each_question_with_its_answer_and_room_for_notes(templates):
    facts = sample_facts(D.CHALLENGER_BRIEFING)
    document = docx.Document(io.BytesIO(render_dispatch_file(facts, templates)))
    agenda, questions = document.tables
    assert [cell.text for cell in questions.rows[0].cells][-3:] == [
        "You asked",
        "Ashcombe answered",
        "Your notes",
    ]
    asked = {row["title"]: row for row in facts.rows.to_dict("records") if row["commentary"]}
    assert len(questions.rows) == 1 + len(asked)
    for row in questions.rows[1:]:
        _, title, _, question, answer, notes = (cell.text for cell in row.cells)
        assert question == asked[title]["commentary"] and notes == ""
        assert asked[title]["response"] in answer or answer == "No written answer. Please ask at the event."
    assert any(facts.challenger.name in cell.text for row in agenda.rows for cell in row.cells)


@pytest.mark.parametrize(("kind", "build"), BRIEFINGS)
def test_a_kind_of_answer_without_words_is_no_answer(kind, build):
    facts = sample_facts(kind)
    rows = facts.rows.assign(
        commentary="Why?", response="", response_kind=ResponseKind.FURTHER_EVIDENCE.value
    )
    assert {one["answer"] for one in build(replace(facts, rows=rows))["challenges"]} == {""}
    answered = build(replace(facts, rows=rows.assign(response="So.")))["challenges"]
    assert {one["answer"] for one in answered} == {"Further evidence"}


@pytest.mark.parametrize(("kind", "build"), BRIEFINGS)
def test_a_red_without_a_question_is_shown(kind, build, templates):
    facts = sample_facts(kind)
    found = build(replace(facts, rows=facts.rows.assign(commentary="", response="")))["challenges"]
    assert [one["rating"] for one in found] == ["RED"] * 3
    assert not any(one["is_open"] for one in found)


@pytest.mark.parametrize(("kind", "build"), BRIEFINGS)
def test_an_answer_to_what_was_not_asked_is_shown_too(kind, build):
    facts = sample_facts(kind)
    rows = facts.rows.copy()
    unasked = rows.index[rows["commentary"].eq("") & rows["rating"].eq("AMBER")][0]
    rows.loc[unasked, "response"] = "We add this of our own accord."
    found = build(replace(facts, rows=rows))["challenges"]
    assert "We add this of our own accord." in [one["response"] for one in found]


@pytest.mark.parametrize(("kind", "build"), BRIEFINGS)
def test_an_answer_that_we_ask_about_is_marked_as_not_confirmed_and_no_other(kind, build, templates):
    queried = "information-data/information-requests"
    response = ResponseFacts(CAME, is_confirmed=False, queried=frozenset({queried}))
    facts = replace(sample_facts(kind), response=response)
    words = build(facts)
    assert [one["title"] for one in words["challenges"] if one["is_unconfirmed"]] == ["Information requests"]
    told = "We have asked it to make 1 answer clearer, marked below as not yet confirmed."
    assert told in words["response_note"]
    assert "Ashcombe has answered 3 of them." in words["in_brief"], "what we hold is counted"
    text = words_in(facts, templates)
    assert text.count("Not yet confirmed") == (2 if kind is D.CHAIR_BRIEFING else 1)
    assert "A shared log has not been" in text


@pytest.mark.parametrize(("kind", "build"), BRIEFINGS)
def test_a_missing_answer_that_we_asked_for_is_not_called_unclear(kind, build, templates):
    facts = sample_facts(kind)
    missing = "information-data/information-requests"
    rows = facts.rows.copy()
    rows.loc[rows["subheading"].eq(missing), ["response", "response_kind"]] = ""
    response = ResponseFacts(CAME, is_confirmed=False, queried=frozenset({missing}))
    facts = replace(facts, rows=rows, response=response)
    words = build(facts)
    [one] = [one for one in words["challenges"] if one["is_asked_for"]]
    assert words["response_note"].endswith(
        "We have asked it for the missing answer, on Information requests "
        f"(question {one['number']}). If it comes before the event, we will send you this paper again. "
        "If it does not, please ask at the event."
    )
    text = words_in(facts, templates)
    assert "No written answer yet." in text
    assert "clearer" not in text and "Not yet confirmed" not in text
    answered = rows.loc[rows["response"].ne("") & rows["commentary"].ne(""), "subheading"].iloc[0]
    both = replace(response, queried=frozenset({missing, answered}))
    note = build(replace(facts, response=both))["response_note"]
    assert "to make 1 answer clearer" in note and "for the missing answer, on Information requests" in note


@pytest.mark.parametrize(("kind", "build"), BRIEFINGS)
def test_a_question_about_the_form_as_a_whole_is_told_of(kind, build):
    facts = replace(sample_facts(kind), response=ResponseFacts(CAME, is_confirmed=False))
    assert (
        "It is not yet confirmed: we have questions about the form as a whole."
        in build(facts)["response_note"]
    )


@pytest.mark.parametrize(("kind", "build"), BRIEFINGS)
def test_a_response_that_may_not_be_shown_is_not_called_missing(kind, build, templates):
    response = ResponseFacts(CAME, is_confirmed=False, is_shown=False)
    facts = without_response(sample_facts(kind), response)
    words = build(facts)
    assert words["response_note"].startswith("Ashcombe sent its response on Wednesday 5 May 2027.")
    assert "has answered" not in words["in_brief"]
    text = words_in(facts, templates)
    assert "No answer" not in text and "The response has come and is not shown yet." in text


@pytest.mark.parametrize(("kind", "build"), BRIEFINGS)
def test_a_response_that_has_not_come_is_late_after_its_day_and_not_before(kind, build):
    facts = without_response(sample_facts(kind))
    due = replace(facts, dates={**facts.dates, "response_due": date(2027, 5, 12)})
    late = replace(facts, dates={**facts.dates, "response_due": date(2027, 5, 7)})
    assert build(due)["response_note"] == (
        "Ashcombe’s response is due on Wednesday 12 May 2027. It has not come yet."
    )
    assert build(late)["response_note"] == (
        "Ashcombe’s response was due on Friday 7 May 2027. It has not come yet."
    )


def test_neither_paper_says_who_is_right(templates):
    for kind, _ in BRIEFINGS:
        text = words_in(sample_facts(kind), templates).casefold()
        assert "differ" not in text.replace("differently", "") and "rather than" not in text


def test_the_challengers_page_needs_no_event(templates):
    facts = replace(sample_facts(D.CHALLENGER_BRIEFING), event=None, chair=None)
    text = words_in(facts, templates)
    assert "The event has no date yet." in text and "Agenda" not in text


@pytest.mark.parametrize("nothing", [None, float("nan"), ""])
def test_what_a_frame_holds_in_place_of_none_is_read_as_none(nothing):
    rows = (
        sample_facts(D.CHAIR_BRIEFING)
        .rows.head(1)
        .assign(
            rating=pd.Series([nothing], dtype=object),
            response_kind=nothing,
            response=nothing,
            commentary="Why?",
        )
    )
    (one,) = list_challenged_rows(rows)
    assert (one["rating"], one["response"], one["answer"], one["is_open"]) == ("", "", "", True)


def test_a_line_is_cut_between_words_and_says_so():
    assert shorten_to_line("Two\nlines") == "Two lines"
    cut = shorten_to_line("word " * 40)
    assert len(cut) <= 72 and cut.endswith("word…")
    assert shorten_to_line("x" * 100) == "x" * 71 + "…"


@pytest.mark.parametrize("mark", ["-", "–", "•", "2.", "2)", "(b)", "2. Make", "- Let us"])
@pytest.mark.parametrize("between", [" ", "\n"])
def test_a_line_does_not_end_with_a_bullet_or_number_of_which_nothing_can_be_read(mark, between):
    whole = "Two posts are vacant and frozen. Reviews are late because of it."
    text = f"{whole}{between}{mark} {'averylongword' * 9}"
    assert shorten_to_line(text, len(whole) + len(mark) + 6) == f"{whole} …"
    assert shorten_to_line(f"{whole}{between}{mark}") == f"{whole} {mark}" or len(mark) > 6


def test_a_number_within_a_sentence_is_no_bullet():
    assert shorten_to_line("We hold it on 12 May and on 3 June and then again later on", 32).endswith("3…")
