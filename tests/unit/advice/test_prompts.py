"""Prompts: the shape that fits, in the author's words, few, and always the same."""

import pandas as pd
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.advice import prompt_figures
from peer_challenge.advice.lexicon import LEXICON, Phrases, read_lexicon
from peer_challenge.advice.narrative import Narrative
from peer_challenge.advice.prompts import COLUMNS, prompts_for
from peer_challenge.cycle_file.load_framework import shipped_frameworks
from tests.labelled import narratives

FRAMEWORK = shipped_frameworks()["working-together-2018"]
GOOD = (
    "The chair passes between the council, the police and the ICB, and a survey found 93% see them as equal."
)


def offered(rating, strengths="", development="", subheading="leadership/equal-duty", lexicon=None):
    row = {"subheading": subheading, "strengths": strengths, "development": development, "rating": rating}
    return prompts_for(pd.DataFrame([row]), FRAMEWORK, lexicon)


@pytest.mark.parametrize("is_held_out", [False, True])
def test_the_labelled_narratives_keep_their_figures(is_held_out):
    figures = prompt_figures([n for n in narratives() if n.is_held_out is is_held_out])
    assert figures["right"] >= 0.85
    assert figures["silly"] <= 0.06


def test_the_labelled_set_holds_every_shape_and_silence():
    labelled = narratives()
    assert len(labelled) >= 200
    assert {n.shape for n in labelled} == {0, 1, 2, 3, 4, 5}


@pytest.mark.parametrize(
    ("rating", "strengths", "development", "shape"),
    [
        ("AMBER", GOOD, "", 1),
        ("GREEN", "We intend to share the chair, and a scheme is being developed for it.", "", 2),
        ("AMBER", "The chair rotates each year.", "Health attendance is inconsistent at board.", 3),
        ("GREEN", "The council and police lead effectively: a survey found 87% see them as equal.", "", 4),
        ("GREEN", GOOD, "", 5),
    ],
)
def test_each_shape_is_offered_where_it_fits(rating, strengths, development, shape):
    assert list(offered(rating, strengths, development)["shape"]) == [shape]


@pytest.mark.parametrize("mark", ["1. ", "2) ", "- ", "• ", "o "])
def test_what_begins_a_line_of_a_list_is_not_quoted(mark):
    [shape, text] = offered("AMBER", "The chair rotates each year.", f"{mark}Attendance of health is poor.")[
        ["shape", "question"]
    ].iloc[0]
    assert shape == 3 and "“Attendance of health is poor”" in text


def test_a_line_that_begins_with_an_o_keeps_it():
    told = Narrative("Fine;\nour audit of 12 cases showed it", "", read_lexicon())
    assert [sentence.text for sentence in told.strengths] == ["Fine", "our audit of 12 cases showed it"]


@pytest.mark.parametrize("rating", [None, "NOT_APPLICABLE"])
def test_a_row_without_a_rating_to_speak_of_is_left_alone(rating):
    found = offered(rating, GOOD)
    assert found.empty
    assert list(found.columns) == COLUMNS


def test_a_difficulty_with_a_plan_is_left_alone():
    plan = "Attendance is inconsistent. The chief nurse will review it by March."
    assert offered("AMBER", "The chair rotates.", plan).empty


def test_what_is_left_out_is_named():
    found = offered("GREEN", "The council and police lead effectively: a survey found 87% see them as equal.")
    assert "the health partner's part" in found["question"][0]


def test_an_office_can_change_the_words(tmp_path):
    held = yaml.safe_load(LEXICON.read_text(encoding="utf-8"))
    held["questions"][5] = "What next for {title}, given “{quote}”?"
    own = tmp_path / "prompts.yaml"
    own.write_text(yaml.safe_dump(held, allow_unicode=True), encoding="utf-8")
    found = offered("GREEN", GOOD, lexicon=read_lexicon(own))
    assert found["question"][0].startswith("What next for Equal and joint duty")


@pytest.mark.parametrize(
    ("phrase", "text", "is_there"),
    [
        ("embed*", "It is embedded.", True),
        ("gap", "It was a stopgap.", False),
        ("no * problem", "no real problem", True),
        ("led to", "led  to", True),
        ("partner's", "partner’s", True),
    ],
)
def test_phrases_match_whole_words_and_stars(phrase, text, is_there):
    assert bool(Phrases([phrase]).search(text)) is is_there


TEXT = """robust gap. struggling 93% audit found will by March police health, council We led to;
not yet - chair “so” ?"""
WORDS = st.sampled_from(TEXT.split())


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(["RED", "AMBER", "GREEN"]), st.lists(WORDS, max_size=90), st.lists(WORDS, max_size=60))
def test_quotes_are_the_authors_own_words_and_prompts_are_few(rating, strengths, development):
    good, bad = " ".join(strengths), "\n".join(development)
    found = offered(rating, good, bad)
    assert len(found) <= (2 if rating == "RED" else 1)
    assert all(quote in good or quote in bad for quote in found["quote"])
    assert found.equals(offered(rating, good, bad))
