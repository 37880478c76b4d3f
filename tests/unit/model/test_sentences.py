"""Names as people say them within a sentence."""

import pytest

from peer_challenge.model.cycle import name_as_spoken
from peer_challenge.model.sentences import make_possessive, name_in_greeting, name_office_in_sentence


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


@pytest.mark.parametrize(
    ("name", "greeted"),
    [
        ("Partnership manager", "partnership manager"),
        ("Director of children's services", "director of children's services"),
        ("Alex Example", "Alex Example"),
        ("Independent Chair D", "Independent Chair D"),
        ("DSL deputy", "DSL deputy"),
        ("Manager", "Manager"),
        ("", ""),
    ],
)
def test_a_role_is_greeted_with_a_small_letter_and_a_person_by_name(name: str, greeted: str) -> None:
    assert name_in_greeting(name) == greeted


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Kingsmouth, City of", "City of Kingsmouth"),
        ("Marshire, County of", "County of Marshire"),
        ("Bournemouth, Christchurch and Poole", "Bournemouth, Christchurch and Poole"),
        ("Ashcombe", "Ashcombe"),
    ],
)
def test_an_area_is_called_as_people_call_it(name: str, said: str) -> None:
    assert name_as_spoken(name) == said


@pytest.mark.parametrize(("name", "owner"), [("Ashcombe", "Ashcombe’s"), ("North Wolds", "North Wolds’")])
def test_a_name_that_ends_in_s_gets_an_apostrophe_alone(name: str, owner: str) -> None:
    assert make_possessive(name) == owner
