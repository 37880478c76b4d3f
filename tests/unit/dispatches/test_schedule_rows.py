"""What goes back to an area carries its own words, whatever the peers did to them."""

import pandas as pd

from peer_challenge.dispatches.samples.sample_area import sample_framework
from peer_challenge.dispatches.schedule_rows import may_break_across_pages, schedule_rows


def test_what_goes_back_carries_the_authors_words_and_the_peers_commentary() -> None:
    framework = sample_framework()
    first, second = list(framework.subheadings)[:2]
    own = [{"subheading": first, "strengths": "one"}, {"subheading": second, "strengths": "two"}]
    peers = [{"subheading": second, "strengths": "TWO", "commentary": "Why?"}]
    rows = schedule_rows(framework, own, peers).set_index("subheading")
    assert list(rows.loc[[first, second], "strengths"]) == ["one", "two"]
    assert list(rows.loc[[first, second], "commentary"]) == ["", "Why?"]


def test_every_subheading_has_a_row_in_the_frameworks_order() -> None:
    framework = sample_framework()
    rows = schedule_rows(framework, [{"subheading": list(framework.subheadings)[-1], "rating": "RED"}])
    assert list(rows["subheading"]) == list(framework.subheadings)
    assert rows["rating"].map(pd.isna).sum() == len(framework.subheadings) - 1


def test_a_row_may_break_when_a_cell_has_more_lines_than_two_thirds_of_a_page():
    assert not may_break_across_pages(["word " * 100, ""])
    assert may_break_across_pages(["word " * 200])
    assert may_break_across_pages(["", "\n".join("a short item" for _ in range(21))])
