"""What changed is told word by word, and nothing that changed is left out."""

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from peer_challenge.submissions.version_changes import (
    changes_between,
    compare_texts,
    describe_changes,
)

WORDS = st.lists(st.sampled_from(["we", "will", "agree", "a", "plan", "\n", "by", "May", ",", "team's"])).map(
    " ".join
)


@settings(deadline=None)
@given(WORDS, WORDS)
def test_what_stayed_and_went_is_the_old_text_what_stayed_and_came_the_new(before, after):
    found = compare_texts(before, after)
    assert "".join(p.text for p in found if p.what != "added") == before
    assert "".join(p.text for p in found if p.what != "removed") == after


def test_changes_are_told_in_words():
    told = describe_changes("We will do it.", "The partnership will do it soon.")
    assert told == "removed “We”; added “The partnership”; added “soon”"


def test_many_changes_are_counted():
    before, after = " same ".join("abcdefgh"), " same ".join("ABCDEFGH")
    assert describe_changes(before, after).endswith("and 10 more")


def rows(**texts: str) -> pd.DataFrame:
    return pd.DataFrame(
        [{"subheading": key, "strengths": text, "rating": None} for key, text in texts.items()]
    )


def test_versions_differ_at_their_places_and_nowhere_else():
    assert changes_between(rows(a="one", b="two"), rows(a="one", b="three")) == (
        ("b", "strengths", "two", "three"),
    )


def test_a_row_that_came_or_went_counts_with_all_that_it_holds():
    assert changes_between(rows(a="one"), rows(b="two")) == (
        ("b", "strengths", "", "two"),
        ("a", "strengths", "one", ""),
    )


def test_a_rating_is_told_once():
    before = pd.DataFrame([{"subheading": "a", "rating": "RED", "rating_as_written": "R"}])
    after = pd.DataFrame([{"subheading": "a", "rating": "AMBER", "rating_as_written": "A"}])
    assert changes_between(before, after) == (("a", "rating", "RED", "AMBER"),)


def test_a_rating_only_written_differently_is_told_as_written():
    before = pd.DataFrame([{"subheading": "a", "rating": "RED", "rating_as_written": "R"}])
    after = pd.DataFrame([{"subheading": "a", "rating": "RED", "rating_as_written": "Red"}])
    assert changes_between(before, after) == (("a", "rating_as_written", "R", "Red"),)


def test_the_first_version_differs_from_nothing_in_all_that_it_holds():
    assert changes_between(pd.DataFrame(), rows(a="one")) == (("a", "strengths", "", "one"),)
