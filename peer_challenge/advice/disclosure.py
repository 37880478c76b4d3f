"""The disclosure guard: finds what in a text could identify a child or a family, and at which place.

It returns places and never values. Its word lists are in templates/advice/disclosure.yaml.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from stdnum.gb import nhs

from peer_challenge.advice import patterns
from peer_challenge.paths import TEMPLATES
from peer_challenge.system.read_yaml import read_yaml

RULES = TEMPLATES / "advice" / "disclosure.yaml"

_NEAR = 240  # characters; a word further away says nothing of a number or a street

_OF_MANY = re.compile(
    r"\b(?:children|babies|infants|those|cohort|pupils|anyone|all)\b[\w\s-]*$", re.IGNORECASE
)
"""Before "born": it is said of a year's children and not of one child."""

KINDS = {
    "name_and_age": "a name beside an age",
    "child_name": "a child's name",
    "date_of_birth": "a date of birth",
    "nhs_number": "an NHS number",
    "reference_number": "a case or reference number",
    "postcode": "a postcode",
    "phone_number": "a phone number",
    "address": "an address",
}
"""What each kind is called in a letter."""


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that could identify a child or family: `text[start:end]`, of one of KINDS."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Words:
    """The editable word lists, lower case."""

    not_a_name: frozenset[str]
    pseudonym_before: frozenset[str]
    place_before: frozenset[str]
    organisation_before: frozenset[str]
    organisation_after: frozenset[str]
    office_words: re.Pattern[str]
    home_words: re.Pattern[str]
    given_names: frozenset[str]


def find_identifying(text: str, known: Iterable[str] = (), rules: Path = RULES) -> list[Hit]:
    """Every Hit in `text`, in the order of their places. No two hits overlap.

    `known` are names that cannot be a person's: the cycle's areas, forces and boards. Officers' roles,
    organisations, places, helplines and statutory references give no hit.
    """
    words, safe, held = (
        _read_word_lists(rules),
        _split_known_names(tuple(known)),
        patterns.narrow_wide_gaps(text),
    )
    text, seen = held.text, patterns.prepare_for_anchors(held.text)
    taken = bytearray(
        len(text)
    )  # a mark for each character in a hit: to compare hits would cost their square
    found: list[Hit] = []
    for search, anchors in _SEARCHES:
        if not any(anchor.is_in(seen) for anchor in anchors):
            continue
        for hit in search(text, words, safe):
            if taken.find(1, hit.start, hit.end) < 0:
                taken[hit.start : hit.end] = bytes([1]) * (hit.end - hit.start)
                found.append(hit)
    if held.places:
        found = [Hit(hit.kind, held.original(hit.start), held.original(hit.end)) for hit in found]
    return sorted(found, key=lambda hit: hit.start)


def may_identify(texts: Sequence[str]) -> list[bool]:
    """For each of `texts`, whether it is worth searching. A text marked False has nothing to find.

    Looking through all texts at once costs a tenth of searching each of them.
    """
    worth = patterns.find_texts_with_anchors(
        (anchor for _, anchors in _SEARCHES for anchor in anchors), texts
    )
    return [number in worth for number in range(len(texts))]


def is_nhs_number(digits: str) -> bool:
    """Whether ten digits pass the NHS number's check (weights 10 to 2, modulus 11)."""
    return bool(re.fullmatch(r"[0-9]{10}", digits)) and len(set(digits)) > 1 and nhs.is_valid(digits)


@lru_cache(maxsize=64)
def _split_known_names(known: tuple[str, ...]) -> frozenset[str]:
    return frozenset(part for name in known for part in name.lower().replace(",", " ").split())


@cache
def _read_word_lists(path: Path) -> Words:
    held = read_yaml(path)
    listed = {key: frozenset(str(value).lower().split()) for key, value in held.items()}
    phrased = {key: [entry.strip() for entry in str(value).lower().split(",")] for key, value in held.items()}
    return Words(
        listed["not_a_name"],
        listed["pseudonym_before"],
        listed["place_before"],
        listed["organisation_before"],
        listed["organisation_after"],
        patterns.compile_any_word(phrased["office_words"]),
        patterns.compile_any_word(phrased["home_words"]),
        listed["given_names"],
    )


def _find_nhs_numbers(text: str, _words: Words, _safe: frozenset[str]) -> Iterator[Hit]:
    for found in patterns.TEN_DIGITS.finditer(text):
        before = text[max(0, found.start() - 30) : found.start()]
        is_named = bool(re.search(r"\bNHS\s*(?:no|num|number|id|#)?\b[^.;]{0,12}$", before, re.I))
        digits = re.sub(r"\D", "", found.group())
        is_money = bool(re.search(r"[£$]\s*$", before))
        if is_named or (is_nhs_number(digits) and digits[0] != "0" and not is_money):
            yield Hit("nhs_number", *found.span())


def _find_birth_dates(text: str, _words: Words, _safe: frozenset[str]) -> Iterator[Hit]:
    for found in patterns.BIRTH.finditer(text):
        before = text[max(0, found.start() - 40) : found.start()]
        if found["how"].lower().startswith("born") and _OF_MANY.search(before):
            continue
        yield Hit("date_of_birth", found.start("day"), found.end("day"))


def _find_reference_numbers(text: str, _words: Words, _safe: frozenset[str]) -> Iterator[Hit]:
    for shape in patterns.REFERENCE_SHAPES:
        for found in shape.finditer(text):
            yield Hit("reference_number", *found.span())
    for found in patterns.REFERENCE.finditer(text):
        before = text[max(0, found.start() - 30) : found.start()]
        is_rank = patterns.RANK.match(text, found.start()) is not None
        if is_rank or patterns.NOT_A_CASE.search(before) or not re.search(r"\d", found["number"]):
            continue
        yield Hit("reference_number", found.start("number"), found.end("number"))


def _find_addresses(text: str, words: Words, _safe: frozenset[str]) -> Iterator[Hit]:
    for found in patterns.ADDRESS.finditer(text):
        before = text[max(0, found.start() - 14) : found.start()]
        if not patterns.COUNTED.search(before) and not _is_office(text, found.span(), words):
            yield Hit("address", *found.span())


def _find_postcodes(text: str, words: Words, _safe: frozenset[str]) -> Iterator[Hit]:
    for found in patterns.POSTCODE.finditer(text):
        if not _is_office(text, found.span(), words):
            yield Hit("postcode", *found.span())


def _find_phone_numbers(text: str, words: Words, _safe: frozenset[str]) -> Iterator[Hit]:
    for found in patterns.PHONE.finditer(text):
        digits = re.sub(r"\D", "", found.group())
        digits = "0" + digits[2:] if digits.startswith("44") else digits
        digits = "0" + digits[2:] if digits.startswith("00") and len(digits) == 12 else digits
        if len(digits) not in {10, 11} or patterns.FREEPHONE.match(digits):
            continue
        if not _is_office(text, found.span(), words):
            yield Hit("phone_number", *found.span())


def _is_office(text: str, span: tuple[int, int], words: Words) -> bool:
    """Whether the sentence around a place speaks of an office and not of somebody's home."""
    start, end = _find_sentence_span(text, span)
    around = text[start : span[0]] + " | " + text[span[1] : end]
    return bool(words.office_words.search(around)) and not words.home_words.search(around)


def _find_sentence_span(text: str, span: tuple[int, int]) -> tuple[int, int]:
    """The sentence around `span`, or as much of it as is near enough to tell anything."""
    first, last = max(0, span[0] - _NEAR), min(len(text), span[1] + _NEAR)
    before = [m.end() for m in patterns.SENTENCE_END.finditer(text, first, span[0])]
    after = patterns.SENTENCE_END.search(text, span[1], last)
    return (before[-1] if before else first), (after.start() if after else last)


def _find_personal_names(text: str, words: Words, safe: frozenset[str]) -> Iterator[Hit]:
    seen = patterns.prepare_for_anchors(text)
    for kind, pattern, is_sure, anchor in patterns.NAMED:
        if not anchor.is_in(seen):
            continue
        for found in pattern.finditer(text):
            span = _find_name_span(found, words, safe, is_sure)
            if span and not _is_pseudonym(text, span, words):
                yield Hit(kind, *span)


def _find_name_span(
    found: re.Match[str], words: Words, safe: frozenset[str], is_sure: bool
) -> tuple[int, int] | None:
    """The part of the words captured as `name` that can be a person's, or None."""
    tokens = [(t.group(), t.start() + found.start("name")) for t in patterns.TOKEN.finditer(found["name"])]
    before = _word_before(found.string, found.start("name"))
    while tokens and _is_in_any_list(_normalise_token(tokens[0][0]), words.not_a_name, safe):
        before = tokens.pop(0)[0]
    if not tokens or any(_is_no_name(token, words, safe) for token, _ in tokens):
        return None
    known = any(_normalise_token(token) in words.given_names for token, _ in tokens)
    if before.lower() in words.organisation_before:
        return None
    if not known and (not is_sure or before.lower() in words.place_before):
        return None
    return tokens[0][1], tokens[-1][1] + len(tokens[-1][0])


def _is_no_name(token: str, words: Words, safe: frozenset[str]) -> bool:
    plain = _normalise_token(token)
    is_acronym = len(token) > 1 and token.isupper() and plain not in words.given_names
    return (
        len(plain) < 2
        or is_acronym
        or _is_in_any_list(plain, words.not_a_name, safe, words.organisation_after)
    )


def _is_in_any_list(word: str, *lists: frozenset[str]) -> bool:
    return any(word in held for held in lists)


def _word_before(text: str, place: int) -> str:
    """The word before a place, where it is near enough to tell anything."""
    return text[max(0, place - _NEAR) : place].rstrip().rpartition(" ")[2]


def _normalise_token(token: str) -> str:
    return re.sub(r"[’']s$", "", token.lower())


def _is_pseudonym(text: str, span: tuple[int, int], words: Words) -> bool:
    before = _word_before(text, span[0]).lower()
    return span[1] - span[0] <= 2 and before in words.pseudonym_before


_Search = Callable[[str, Words, frozenset[str]], Iterator[Hit]]
_SEARCHES: tuple[tuple[_Search, tuple[patterns.Anchor, ...]], ...] = (
    (_find_nhs_numbers, (patterns.TEN_DIGITS_ANCHOR,)),
    (_find_birth_dates, (patterns.BIRTH_ANCHOR,)),
    (_find_reference_numbers, (patterns.REFERENCE_ANCHOR, patterns.REFERENCE_SHAPES_ANCHOR)),
    (_find_addresses, (patterns.ADDRESS_ANCHOR,)),
    (_find_postcodes, (patterns.POSTCODE_ANCHOR,)),
    (_find_phone_numbers, (patterns.PHONE_ANCHOR,)),
    (_find_personal_names, tuple(dict.fromkeys(anchor for *_, anchor in patterns.NAMED))),
)
