"""A file whose name is taken gets a number before its ending, within what a file system allows."""

import os
from itertools import islice

from peer_challenge.system.free_names import LONGEST_NAME, names_like


def test_a_number_stands_before_the_ending() -> None:
    assert list(islice(names_like("form.docx"), 3)) == ["form.docx", "form (2).docx", "form (3).docx"]
    assert list(islice(names_like("form"), 2)) == ["form", "form (2)"]


def test_the_longest_name_is_cut_and_keeps_ending_and_number() -> None:
    for name in islice(names_like("é" * 300 + ".docx"), 12):
        assert len(os.fsencode(name)) <= LONGEST_NAME
        assert name.endswith(".docx")
    assert len(set(islice(names_like("é" * 300 + ".docx"), 12))) == 12
