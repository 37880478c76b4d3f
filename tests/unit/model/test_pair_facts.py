"""What a notice of partners says of the pair: what they share, and nothing of ratings."""

import pytest

from peer_challenge.model.pair_facts import explain_pair_to_areas
from tests.unit.partners.instances import a_cycle_of

KNOWN = "We know this and have approved the pair."
HOW = 1  # the first sentence says how pairs are made, and is always there


@pytest.mark.parametrize(
    ("ash", "birch", "sentences"),
    [
        ({}, {}, []),
        ({"police": "Ash Police"}, {}, []),
        (
            {"police": "Ash Police", "icb": ["Ash ICB"]},
            {"police": "Birch Police", "icb": ["Birch ICB"]},
            ["The two areas have different police forces and different integrated care boards."],
        ),
        (
            {"police": "Ash Police"},
            {"police": "Ash Constabulary"},
            [f"Ash and Birch share Ash Police. {KNOWN}"],
        ),
        ({"neighbours": ["cedar"]}, {}, ["They do not share a land border."]),
        ({}, {"neighbours": ["ash"]}, [f"Ash and Birch share a land border. {KNOWN}"]),
        ({"challenged_by": {"2025": "cedar"}}, {}, ["Birch has not challenged Ash before."]),
        ({"challenged_by": {"2025": "birch"}}, {}, []),
    ],
)
def test_what_is_known_of_a_pair_is_said_and_nothing_else(
    ash: dict[str, object], birch: dict[str, object], sentences: list[str]
) -> None:
    cycle = a_cycle_of(
        [
            {"id": "ash", "name": "Ash", **ash},
            {"id": "birch", "name": "Birch", **birch},
            {"id": "cedar", "name": "Cedar"},
        ]
    )
    assert list(explain_pair_to_areas(cycle, "ash", "birch"))[HOW:] == sentences
