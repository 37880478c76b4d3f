"""The golden thread of a sub-heading has every step that somebody wrote, in the order of the journey."""

import pandas as pd

from peer_challenge.model.vocabulary import Kind
from peer_challenge.register.golden_thread import thread_table

PARTS = {
    Kind.SELF_ASSESSMENT: pd.DataFrame(
        [
            {"subheading": "a/b", "rating": "RED", "strengths": "", "development": "More of it."},
            {"subheading": "a/c", "rating": "GREEN", "strengths": "Well.", "development": None},
        ]
    ),
    Kind.ANALYSIS: pd.DataFrame([{"subheading": "a/b", "commentary": "How?"}]),
    Kind.RESPONSE: pd.DataFrame([{"subheading": "a/b", "response_kind": "update", "response": "Since May."}]),
    Kind.CHAIR_RECORD: pd.DataFrame(
        [
            {"kind": "strength", "subheading": "a/c", "text": "It works.", "is_agreed": True},
            {"kind": "development", "subheading": "a/c", "text": "Share it.", "is_agreed": True},
            {"kind": "development", "subheading": "a/c", "text": "Stop it.", "is_agreed": False},
            {"kind": "development", "subheading": "a/b", "text": "Do more.", "is_agreed": True},
        ]
    ),
    Kind.ACTION_PLAN: pd.DataFrame(
        [
            {"address": "development/1", "action": "Tell others.", "owner": "Lead", "due_on": "2027-09-01"},
            {"address": "development/2", "action": "Begin.", "owner": "Nurse", "measure": "Fewer."},
            {"address": "development/2/2", "action": "Go on.", "owner": "", "due_on": "2027-10-01"},
            {"address": "development/20", "action": "None of this.", "owner": "", "due_on": None},
        ]
    ),
}  # fmt: skip


def test_a_thread_runs_from_the_areas_words_to_its_actions():
    steps = thread_table(PARTS, "a/b")
    assert list(zip(steps["what"], steps["text"], strict=True)) == [
        ("Rating", "RED"),
        ("Areas for development", "More of it."),
        ("Challenge", "How?"),
        ("Answer: action taken since the self-assessment", "Since May."),
        ("Agreed area for development", "Do more."),
        ("Action", "Begin.\nOwner: Nurse\nMeasure: Fewer."),
        ("Action", "Go on.\nBy: 1 October 2027"),
    ]


def test_what_was_not_agreed_is_told_apart_and_has_no_action():
    steps = thread_table(PARTS, "a/c")
    (what,) = steps[steps["text"] == "Stop it."]["what"]
    assert what == "Recorded area for development, not agreed by both"


def test_a_strength_has_no_actions_and_a_development_its_own():
    steps = thread_table(PARTS, "a/c")
    assert list(steps["text"])[2:] == [
        "It works.",
        "Share it.",
        "Tell others.\nOwner: Lead\nBy: 1 September 2027",
        "Stop it.",
    ]


def test_before_anything_is_written_a_thread_is_empty():
    assert thread_table({}, "a/b").empty
