"""What the people of a region write: on the subject, as the rules ask, and the same for a seed."""

import re
from collections import defaultdict
from collections.abc import Iterator
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peer_challenge.advice.identifying_details import find_identifying, list_known_names
from peer_challenge.cycle_file.load_framework import shipped_frameworks
from peer_challenge.model.vocabulary import RESPONSE_NAMES, ItemKind, Kind, Rating
from peer_challenge.rehearsal import rehearsal_cycle
from peer_challenge.rehearsal.people import People
from peer_challenge.rehearsal.phrases import (
    find_phrase_bank,
    load_common_phrases,
    load_phrase_banks,
    make_sentence,
)

CYCLE = rehearsal_cycle()
FRAMEWORK = shipped_frameworks()[CYCLE.framework]
AREAS = [area.id for area in CYCLE.authors]
BANKS = {"strong", "evidence", "partial", "gaps", "serious", "ask", "answers", "agreed", "need", "actions"}
PROOF = re.compile(
    r"audit|survey|\bdata\b|figures|minutes|report|review|feedback|inspect|sample|\blog\b|\d|score|found|show",
    re.IGNORECASE,
)
seeds = st.integers(0, 2**32)


def test_every_subheading_of_the_rehearsed_framework_has_a_bank_of_its_own() -> None:
    general = load_phrase_banks()["any"]
    assert not [address for address in FRAMEWORK if find_phrase_bank(FRAMEWORK, address) is general]


@pytest.mark.parametrize("framework", sorted(shipped_frameworks()))
def test_something_can_be_written_under_every_subheading_of_every_framework(framework: str) -> None:
    people = People(3, CYCLE, shipped_frameworks()[framework])
    assert all(row.strengths or row.development for row in people.written("ashcombe").values())


@pytest.mark.parametrize("address", sorted(load_phrase_banks()))
def test_a_bank_says_everything_that_may_have_to_be_said(address: str) -> None:
    bank = load_phrase_banks()[address]
    assert set(bank) >= BANKS
    assert set(bank["answers"]) == {"evidence", "agree", "update"}
    assert all(question.endswith("?") for question in bank["ask"])
    assert all(PROOF.search(phrase) for phrase in (*bank["evidence"], *bank["partial"]))
    assert len(bank["strong"]) >= 3
    assert len(bank["actions"]) >= 2


def _list_phrases(bank: object) -> Iterator[str]:
    if isinstance(bank, str):
        yield bank
    elif isinstance(bank, dict | list):
        for part in bank.values() if isinstance(bank, dict) else bank:
            yield from _list_phrases(part)


@pytest.mark.parametrize("address", sorted(load_phrase_banks()))
def test_no_word_is_said_twice_whatever_an_area_calls_its_things(address: str) -> None:
    words = load_common_phrases()["words"]
    for phrase in _list_phrases(load_phrase_banks()[address]):
        for number in range(max(map(len, words.values()))):
            terms = {word: names[number % len(names)] for word, names in words.items()}
            said = make_sentence(phrase, defaultdict(lambda: "thing", terms), Random(number))
            assert not re.search(r"\b([a-z]{3,}) \1\b", said), said


def test_what_is_quoted_reads_well_where_it_is_an_imperative() -> None:
    assert not [one for one in load_common_phrases()["quoting"] if "that “" in one]


@given(seeds, st.sampled_from(AREAS))
@settings(max_examples=40, deadline=None)
def test_a_self_assessment_keeps_the_rules(seed: int, area: str) -> None:
    for address, row in People(seed, CYCLE, FRAMEWORK).written(area).items():
        texts = (row.strengths, row.development)
        assert row.strengths if row.rating in (Rating.GREEN, Rating.NOT_APPLICABLE) else row.development, (
            address
        )
        assert all(len(text.split()) <= CYCLE.rules.word_limit for text in texts)


@given(seeds, st.sampled_from(AREAS))
@settings(max_examples=40, deadline=None)
def test_nothing_is_left_unsaid_or_could_identify_a_child(seed: int, area: str) -> None:
    people, known = People(seed, CYCLE, FRAMEWORK), list_known_names(CYCLE)
    for kind in Kind:
        who = CYCLE.chairs[0].id if kind is Kind.CHAIR_RECORD else area
        for row in people.draft(kind, area, who).rows.values():
            for text in row.values():
                assert not re.search(r"[{}|]|  ", text)
                assert not find_identifying(text, known)


@given(seeds, st.sampled_from(AREAS), st.sampled_from(AREAS))
@settings(max_examples=40, deadline=None)
def test_every_red_is_challenged_and_every_challenge_is_a_question_of_its_own(
    seed: int, author: str, challenger: str
) -> None:
    people = People(seed, CYCLE, FRAMEWORK)
    asked = people.challenges(author, challenger)
    rated = people.ratings(author)
    assert {a for a, rating in rated.items() if rating is Rating.RED} <= set(asked)
    assert all("?" in text for text in asked.values())
    assert len(set(asked.values())) == len(asked)


@given(seeds, st.sampled_from(AREAS))
@settings(max_examples=40, deadline=None)
def test_three_to_five_of_each_are_agreed_and_planned_for_after_the_event(seed: int, author: str) -> None:
    people = People(seed, CYCLE, FRAMEWORK)
    agreed = people.agreed(author)
    rated = people.ratings(author)
    assert all(3 <= len(addresses) <= 5 for addresses in agreed.values())
    assert {rated[a] for a in agreed[ItemKind.STRENGTH]} == {Rating.GREEN}
    assert {rated[a] for a in agreed[ItemKind.DEVELOPMENT]} <= {Rating.RED, Rating.AMBER}
    plan = people.draft(Kind.ACTION_PLAN, author, author).rows
    assert len({address.split("/")[1] for address in plan}) == len(agreed[ItemKind.DEVELOPMENT])
    assert all(all(row[name] for name in ("action", "owner", "due_on", "measure")) for row in plan.values())


def test_answers_are_of_the_three_kinds() -> None:
    people = People(5, CYCLE, FRAMEWORK)
    kinds = {
        row["response_kind"] for row in people.draft(Kind.RESPONSE, "ashcombe", "ashcombe").rows.values()
    }
    assert kinds == set(RESPONSE_NAMES.values())


def test_some_areas_are_strong_and_some_struggle() -> None:
    people = People(5, CYCLE, FRAMEWORK)
    greens = sorted(
        list(people.ratings(area).values()).count(Rating.GREEN) / len(FRAMEWORK) for area in AREAS
    )
    assert greens[0] < 0.35
    assert greens[-1] > 0.5


def test_a_seed_always_writes_the_same_and_another_seed_something_else() -> None:
    one, again, other = (People(seed, CYCLE, FRAMEWORK).written("dunmere") for seed in (1, 1, 2))
    assert one == again
    assert sum(one[address] == other[address] for address in FRAMEWORK) < len(FRAMEWORK) / 10


def test_two_areas_hardly_ever_write_the_same() -> None:
    people = People(5, CYCLE, FRAMEWORK)
    texts = [text for area in AREAS for row in people.written(area).values() if (text := row.strengths)]
    assert len(set(texts)) > 0.9 * len(texts)


def test_a_question_is_about_the_area_that_is_challenged_and_not_about_its_challenger() -> None:
    people = People(2027, CYCLE, FRAMEWORK)
    names = {area: people.writers[area].words["area"] for area in AREAS}
    named = 0
    for author, challenger in zip(AREAS, [*AREAS[1:], AREAS[0]], strict=True):
        asked = " ".join(people.challenges(author, challenger).values())
        named += names[author] in asked
        assert names[challenger] not in asked.replace(names[author], ""), (author, challenger)
    assert named > len(AREAS) / 2


@given(seeds)
@settings(max_examples=5, deadline=None)
def test_no_two_areas_agree_the_same_sentence(seed: int) -> None:
    people = People(seed, CYCLE, FRAMEWORK)
    agreed = [
        row["text"]
        for area in AREAS
        for row in people.draft(Kind.CHAIR_RECORD, area, CYCLE.chairs[0].id).rows.values()
    ]
    assert len(agreed) >= 6 * len(AREAS)
    assert len(set(agreed)) == len(agreed)
    assert not [one for one in agreed if re.search(r"\b(we|our|us)\b", one, re.IGNORECASE)]


def test_what_is_agreed_is_about_what_the_area_itself_wrote() -> None:
    people = People(2027, CYCLE, FRAMEWORK)
    from_narrative = 0
    for area in AREAS:
        written, agreed = people.written(area), people.agreed(area)
        rows = people.draft(Kind.CHAIR_RECORD, area, CYCLE.chairs[0].id).rows
        for kind, addresses in agreed.items():
            for n, address in enumerate(addresses, 1):
                own = written[address]
                told = own.strengths if kind is ItemKind.STRENGTH else own.development
                from_narrative += rows[f"{kind.value}/{n}"]["text"] in told
    assert from_narrative > 2 * len(AREAS)


def test_a_progress_report_says_nothing_twice_and_no_area_says_of_the_challenge_what_another_said() -> None:
    people = People(2027, CYCLE, FRAMEWORK)
    for review in (1, 2):
        reports = [people.draft(Kind.PROGRESS_REPORT, area, area, review=review) for area in AREAS]
        for report in reports:
            shown = [row["evidence"] for row in report.rows.values() if row["status"] != "Changed"]
            assert len(set(shown)) == len(shown)
    for name in ("said_changed", "said_better"):
        assert len({report.fields[name] for report in reports}) == len(AREAS)


def test_a_sentence_begins_with_a_capital_letter_even_with_a_word_of_the_areas_own() -> None:
    said = make_sentence("Boundaries match. {icb} is larger.", {"icb": "the board"}, Random(1))
    assert said == "Boundaries match. The board is larger."
