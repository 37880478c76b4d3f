"""The rules of our English: each finds what it forbids, leaves what it allows, and holds everywhere."""

import pytest

from scripts.prose_rules import EXCEPTIONS, RULES, Passage, Scope, find_all, find_breaches, list_passages

FORBIDDEN = {
    "anew": "Write it anew.",
    "look whether": "Look whether it has arrived.",
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
    "it is not said": "It is not said which form it is.",
    "The same, first": "The same as above.",
    "in order to": "In order to read it, open it.",
    "prior to": "Send it prior to the event.",
    "commence": "The cycle commences in May.",
    "regarding": "A letter with regard to your form.",
    "in the event of": "In the event of a delay, tell us.",
    "via": "Send it via email.",
    "utilise": "Utilise the form.",
    "ensure": "Please ensure that it is there.",
    "facilitate": "The Chair facilitates the event.",
    "leverage": "Leverage what you know.",
    "assist": "We can assist you.",
    "purchase": "Purchase a licence.",
    "approximately": "It takes approximately an hour.",
    "collaborate": "Areas collaborate on it.",
    "dialogue": "A dialogue between areas.",
    "empower": "It empowers staff.",
    "foster": "It fosters trust.",
    "incentivise": "It disincentivises them.",
    "initiate": "Initiate a cycle.",
    "liaise": "Liaise with your police force.",
    "overarching": "The overarching aim.",
    "pledge": "We pledge to do so.",
    "ring-fence": "The ring-fenced money.",
    "robust": "A robust plan.",
    "strengthen": "Strengthen the plan.",
    "streamline": "A streamlined form.",
    "tackle": "Tackling neglect.",
    "going forward": "Going forward, we meet in May.",
    "eg and ie": "A file, e.g. a picture.",
    "the questions of": "You present your self-assessment and answer the questions of {challenger}.",
    "n of n": "We have answered 31 of 31 in writing.",
    "for review 1": "Your progress report for review 1 is due in 8 days.",
    "held late": "Please say why the event was held late.",
    "about when you": "You get their questions about when you send yours.",
    "tell the programme office": "If you have none, tell {office} why.",
}
ALLOWED = [
    "The areas answered 12 of 31 questions.",
    "The questions of this form are the framework’s.",
    "This file is part of a document that stands for another.",
    "What stands in the way?",
    "Please correct the cause, then send it.",
    "We have the same number of rows.",
    "It stands out.",
    "Foster carers are on the agenda of the event.",
    "Areas of focus, key strengths and the impact of training.",
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


@pytest.mark.parametrize("scope", Scope)
def test_a_sentence_is_short_in_all_but_docstrings(scope: Scope) -> None:
    text = f"We {'very ' * 30}much agree."
    expected = set() if scope is Scope.DOCSTRING else {"long sentence"}
    assert breaches_of(text, scope) == breaches_of(f"{text} So:", scope) == expected
    assert breaches_of(f"{text} And a piece before a gap", scope) == expected


def test_the_address_of_a_link_and_code_do_not_make_a_sentence_long() -> None:
    text = f"Look into [the guide](docs/{'a-' * 20}guide.md), `{'word ' * 30}` and {{X}}."
    assert breaches_of(text, Scope.DOCS) == set()


@pytest.fixture(scope="module")
def passages() -> list[Passage]:
    return list(list_passages())


def test_every_kind_of_text_is_looked_at(passages: list[Passage]) -> None:
    for scope in Scope:
        assert sum(passage.scope is scope for passage in passages) > 100, scope
    words = {passage.text for passage in passages}
    assert any("Be honest with yourselves" in text for text in words)
    assert any("You do not mention" in text for text in words)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("dashboard/page_help.py", "Look for names and anything else that could identify a child."),
        ("dashboard/pages/held.py", "You have not said which form it is."),
        ("cli/run_commands.py", "You have not said whose document it is."),
        ("peer_challenge/partners/changes.py", "The change is undone: the approved pairs are back."),
        ("peer_challenge/cycle_file/participants_table.py", "The headings are in the first column."),
        ("templates/web/calendar.html", "Dates that clash"),
        ("docs/messages.md", "was sent, not from when the file was made."),
    ],
)
def test_what_a_page_or_a_command_says_is_looked_at_a_paragraph_at_a_time(
    passages: list[Passage], path: str, text: str
) -> None:
    assert any(
        text in passage.text
        for passage in passages
        if passage.path == path and passage.scope is not Scope.DOCSTRING
    )


def test_patterns_are_nothing_that_people_read(passages: list[Passage]) -> None:
    assert [passage for passage in passages if passage.scope is Scope.PAGE and "(?:" in passage.text] == []


def test_the_whole_of_it_keeps_the_rules() -> None:
    assert find_all() == []


def test_no_exception_is_left_over(passages: list[Passage]) -> None:
    broken = {(breach.rule, passage.path) for passage in passages for breach in find_breaches(passage)}
    assert set(EXCEPTIONS) <= broken
