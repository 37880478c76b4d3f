"""Names as people say them within a sentence."""

import pytest

from peer_challenge.model.sentences import name_office_in_sentence


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Northern programme office", "the Northern programme office"),
        ("Peer challenge team", "the Peer challenge team"),
        ("The Northern programme office", "The Northern programme office"),
        ("the office", "the office"),
        ("Northern Safeguarding", "Northern Safeguarding"),
        ("", ""),
    ],
)
def test_an_office_has_its_article(name: str, said: str) -> None:
    assert name_office_in_sentence(name) == said
