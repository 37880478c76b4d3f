"""What is looked for in what areas write takes work that grows with the text, and no faster.

Each text is so long that work which grows with its square exhausts the bound. The system ends the child then,
so that no clock is read here.
"""

from collections.abc import Iterator

import pytest

from peer_challenge.system.bounded_work import BoundedWorker, Bounds

BOUNDS = Bounds(seconds=15, memory_mb=600)
LENGTH = 60_000
REPEATED = {
    "births": "Born on 1/1/20 ",
    "NHS numbers": "943 476 5919 ",
    "names and ages": "Tilly (7) ",
    "a hyphen in a name without end": "A-A",
    "an apostrophe in a name without end": "A’",
    "gaps": " ",
    "empty lines": "\n",
    "number signs": "#",
    "labels without a number": "case ref   ",
    "digits": "1",
    "question marks": "?",
    "hyphens": "- ",
    "addresses of pages": "http://",
    "files named": "Appendix 1 ",
    "questions without a question mark": "how do ",
    "cases that": "cases that ",
    "words with an ending": "audit’",
    "postcodes": "SW1A 1AA ",
    "streets": "12 High Street ",
    "underlines": "_",
}


@pytest.fixture(scope="module")
def looking() -> Iterator[BoundedWorker]:
    worker = BoundedWorker("tests.unit.bounds.works", "look_through", BOUNDS)
    yield worker
    worker.end()


@pytest.mark.parametrize("repeated", REPEATED.values(), ids=REPEATED)
def test_no_pattern_is_tried_at_every_pair_of_places(looking: BoundedWorker, repeated: str) -> None:
    begun = "A boy called Tilly, aged 7, 7 years old (7). Tilly’s mother. Their son, ref. "
    text = begun + repeated * (LENGTH // len(repeated)) + " and so on."
    assert looking.call(text)


def test_sixty_thousand_hits_are_found(looking: BoundedWorker) -> None:
    worker = BoundedWorker("tests.unit.bounds.works", "count_hits", BOUNDS)
    assert worker.call("Born on 1/1/20 " * 60_000) == 60_000
    worker.end()


@pytest.mark.threat("stranger-page")
@pytest.mark.parametrize("begun", ["<", "a <", "[a](mailto:", "x (", "Email: ", '"'])
def test_an_address_that_never_ends_is_read(begun: str) -> None:
    worker = BoundedWorker("tests.unit.bounds.works", "read_address", BOUNDS)
    for repeated in (" ", "\t", "x", "<", "@", ". "):
        assert worker.call(begun + repeated * LENGTH + "x")
    worker.end()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a " * 4000, "a a a b " * 1000),
        ("a " * 20_000, "b a " * 20_000),
        ("a. " * 20_000, "b. a. " * 20_000),
        ("x" * 1_000_000, "xy" * 1_000_000),
    ],
    ids=["words", "more words", "sentences", "one word"],
)
def test_versions_of_any_length_are_compared(before: str, after: str) -> None:
    worker = BoundedWorker("tests.unit.bounds.works", "compare", BOUNDS)
    assert worker.call(before, after) > 1
    worker.end()
