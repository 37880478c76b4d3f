"""The rules of our English: each finds what it forbids, leaves what it allows, and holds everywhere."""

import pytest

from scripts.prose_rules import EXCEPTIONS, RULES, Passage, Scope, find_all, find_breaches, list_passages

FORBIDDEN = {
    "anew": "Write it anew.",
    "mend": "Mend the cause, then release it.",
    "whoever": "For whoever runs it.",
    "thereof": "The form and the parts thereof.",
    "what is said": "Do what is said there.",
    "the same of": "The rows, and the same of columns.",
    "holds up": "This holds the cycle up.",
    "as it comes": "Take the text as it comes.",
    "put right": "Please put this right.",
    "nothing is lost of": "So that nothing is lost of it.",
    "all the same": "It counts all the same.",
    "need do": "You need do nothing more.",
    "none of this": "None of this holds anything.",
    "is called that": "Nobody is called that.",
    "said below": "Correct what is said below.",
    "stands": "What stands beside the title.",
    "a child could be known": "Anything by which a child could be known.",
    "persons' names": "Give roles, not persons' names.",
    "choose a day": "Choose a day",
    "state of the program": "Your form was queried.",
    "how does that stand": "How does that stand?",
    "The same, first": "The same as above.",
}
ALLOWED = [
    "This file is part of a document that stands for another.",
    "What stands in the way?",
    "Please correct the cause, then send it.",
    "We have the same number of rows.",
    "It stands out.",
]


def breaches_of(text: str, scope: Scope = Scope.DOCUMENT) -> set[str]:
    return {breach.rule for breach in find_breaches(Passage(scope, "somewhere", 1, text))}


def test_every_rule_has_an_example_here() -> None:
    assert {rule.name for rule in RULES} == set(FORBIDDEN)


@pytest.mark.parametrize("rule", FORBIDDEN)
def test_a_rule_finds_what_it_forbids(rule: str) -> None:
    assert rule in breaches_of(FORBIDDEN[rule])


@pytest.mark.parametrize("text", ALLOWED)
def test_plain_english_breaks_no_rule(text: str) -> None:
    assert breaches_of(text) == set()


def test_a_sentence_that_is_too_long_is_found_in_a_document_and_only_there() -> None:
    text = f"We {'very ' * 30}much agree."
    assert breaches_of(text) == {"long sentence"}
    assert breaches_of(text, Scope.DOCSTRING) == set()


def test_every_kind_of_text_is_looked_at() -> None:
    passages = list(list_passages())
    for scope in Scope:
        assert sum(passage.scope is scope for passage in passages) > 100, scope
    words = {passage.text for passage in passages}
    assert any("Be honest with yourselves" in text for text in words)
    assert any("The entry does not mention" in text for text in words)


def test_the_whole_of_it_keeps_the_rules() -> None:
    assert find_all() == []


def test_no_exception_is_left_over() -> None:
    broken = {(breach.rule, passage.path) for passage in list_passages() for breach in find_breaches(passage)}
    assert set(EXCEPTIONS) <= broken
