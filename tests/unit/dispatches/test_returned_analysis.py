"""The analysis as it comes back to its author: who signed it off, rows with questions and rows without."""

import io
import re
from dataclasses import replace

import docx
import pandas as pd

from peer_challenge.dispatches.forms import build_returned_analysis_words
from peer_challenge.dispatches.phrases import changes_table
from peer_challenge.dispatches.render_dispatch import render_dispatch_file
from peer_challenge.dispatches.samples.sample_area import sample_event
from peer_challenge.dispatches.samples.sample_facts import sample_facts
from peer_challenge.model.vocabulary import RESPONSE_NAMES, Kind, ResponseKind
from peer_challenge.model.vocabulary import DispatchKind as D

SIGNED = {
    "took_part_police": "Detective superintendent; inspector",
    "signed_off_police": "Chief superintendent",
    "signed_on_police": "22/03/2027",
}
FACTS = replace(sample_facts(D.RETURNED_ANALYSIS), particulars=SIGNED)
ASKED = FACTS.rows[FACTS.rows["commentary"].str.strip().ne("")]


def tables_and_text(facts, templates):
    document = docx.Document(io.BytesIO(render_dispatch_file(facts, templates)))
    return document.tables, "\n".join(one.text for one in document.paragraphs)


def cells(table):
    return [[cell.text for cell in row.cells] for row in table.rows]


def test_it_says_who_signed_the_analysis_off_as_they_wrote_it(templates):
    _, text = tables_and_text(FACTS, templates)
    signed = f"Signed off for {FACTS.challenger.name}: police – Chief superintendent, 22 March 2027."
    assert signed in text
    _, text = tables_and_text(replace(FACTS, particulars={}), templates)
    assert "Signed off for" not in text


def test_it_says_when_the_event_is_or_that_its_day_will_follow(templates):
    _, text = tables_and_text(replace(FACTS, event=None), templates)
    assert "We will tell you the day of your challenge event in an invitation." in text
    _, text = tables_and_text(replace(FACTS, event=sample_event(FACTS.author.id)), templates)
    assert "Your challenge event is on Thursday 13 May 2027, 10:00 to 13:00." in text
    assert "invitation" not in text


def test_a_row_without_a_question_says_so_and_no_other(templates):
    tables, _ = tables_and_text(FACTS, templates)
    rows = [row for table in tables if cells(table)[0][-1] == "Peer commentary" for row in cells(table)[1:]]
    assert len(rows) == len(FACTS.rows)
    told = {row[0].split("\n")[0]: row[-1] for row in rows}
    asked = set(ASKED["title"])
    assert {title for title, last in told.items() if last == "No question"} == set(told) - asked
    assert all(told[title] and "No question" not in told[title] for title in asked)


def test_the_questions_are_at_the_front_and_its_counts_agree(templates):
    tables, text = tables_and_text(FACTS, templates)
    [front] = [cells(table) for table in tables if cells(table)[0][-1] == f"{FACTS.challenger.name} asks"]
    assert {row[1] for row in front[1:]} == set(ASKED["title"])
    assert all("?" in row[2] for row in front[1:])
    order = ["RED", "AMBER", "GREEN"]
    ratings = [row[0] for row in front[1:]]
    assert ratings == sorted(ratings, key=order.index)
    assert f"asks about {len(ASKED)} of your {len(FACTS.rows)} sub-headings" in text
    [of_areas] = re.findall(r"^The areas? of focus (?:asked about most|asked about): (.*)\.$", text, re.M)
    most = [re.fullmatch(r"(.*) \((\d+) sub-headings?\)", one).groups() for one in of_areas.split("; ")]
    counted = ASKED.groupby("focus_area_title").size()
    assert {area: int(number) for area, number in most} == {area: counted[area] for area, _ in most}
    assert [int(number) for _, number in most] == sorted(counted, reverse=True)[: len(most)]


def _say_themes(*ratings: str | None) -> list[str]:
    rows = FACTS.rows.head(len(ratings)).assign(rating=pd.Series(ratings, dtype=object), commentary="Why?")
    return build_returned_analysis_words(replace(FACTS, rows=rows))["themes"]


def test_the_questions_in_brief_add_up_by_rating():
    who = FACTS.challenger.name
    red, _, others = _say_themes("RED", "AMBER", "AMBER", "GREEN", None)
    assert red == f"{who} asks about the one sub-heading that you rated RED."
    assert others == (
        f"{who} also asks about 2 sub-headings that you rated AMBER, 1 that you rated GREEN and 1 without a "
        "rating of these three."
    )
    assert _say_themes("GREEN")[0].startswith("The area of focus asked about: ")
    assert _say_themes("GREEN")[-1] == f"{who} asks about 1 sub-heading that you rated GREEN."
    assert not any("also" in theme for theme in _say_themes("RED", "RED"))
    assert _say_themes("RED", "RED")[0] == f"{who} asks about both sub-headings that you rated RED."


def test_a_question_at_the_front_is_whole_or_cut_at_its_end_and_that_is_said(templates):
    opens = "The evidence does not yet show a strength, though it may be heading there. "
    usual = opens + "Do you agree? Which community would be least likely to come to you? " * 4
    note = "Longer questions are cut short here. The full text is below."
    for commentary, is_cut in ((usual.strip(), False), (usual * 3, True)):
        rows = FACTS.rows.copy()
        rows.loc[ASKED.index[0], "commentary"] = commentary
        tables, text = tables_and_text(replace(FACTS, rows=rows), templates)
        [table] = [cells(one) for one in tables if cells(one)[0][-1] == f"{FACTS.challenger.name} asks"]
        [front] = [row[2] for row in table if row[1] == rows.loc[ASKED.index[0], "title"]]
        assert front.startswith(opens) and front.endswith("…") is is_cut
        assert (note in text) is is_cut and (is_cut or front == commentary)


def test_the_response_form_says_how_evidence_is_sent_and_what_is_not(templates):
    _, text = tables_and_text(sample_facts(D.RESPONSE_FORM), templates)
    [line] = [one for one in text.split("\n") if one.startswith("If you send evidence,")]
    assert "attach it to the email with this form, or put in your answer a link that others can open" in line
    assert "leave out of answers and evidence anything that could identify a child" in text


def test_a_kind_of_answer_that_changed_is_called_as_the_form_calls_it():
    address = FACTS.rows["subheading"].iloc[0]
    changes = ((address, "response_kind", "", kind.value) for kind in ResponseKind)
    rows = changes_table(FACTS.framework, Kind.RESPONSE, tuple(changes))
    assert [row["after"] for row in rows] == [RESPONSE_NAMES[kind] for kind in ResponseKind]
