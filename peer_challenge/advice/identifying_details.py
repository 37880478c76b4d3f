"""The disclosure guard: finds what in a text could identify a child or a family, and at which place.

It returns places and never values. Its word lists are in templates/advice/disclosure.yaml.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import islice
from pathlib import Path

from stdnum.gb import nhs

from peer_challenge.advice import identifying_patterns as patterns
from peer_challenge.advice import people
from peer_challenge.model.cycle import Cycle
from peer_challenge.paths import TEMPLATES
from peer_challenge.system.read_yaml import read_yaml

RULES = TEMPLATES / "advice" / "disclosure.yaml"
_GIVEN_NAMES = "given-names.txt"
"""The list of given names, beside the word lists."""

_MOST_PEOPLE = 500
"""Names of one shape that are found in one text: a reader has long seen enough, and each costs time."""

_NEAR = 240  # characters; a word further away says nothing of a number or a street

_OF_MANY = re.compile(
    r"\b(?:children|babies|infants|those|cohort|pupils|anyone|all)\b[\w\s-]*$", re.IGNORECASE
)
"""Before "born": it is said of a year's children and not of one child."""

KINDS = {
    "name_and_age": "a name beside an age",
    "child_name": "a child's name",
    "family_name": "a family's name",
    "initial_and_age": "an initial beside an age and a place",
    "date_of_birth": "a date of birth",
    "nhs_number": "an NHS number",
    "reference_number": "a case or reference number",
    "postcode": "a postcode",
    "phone_number": "a phone number",
    "email_address": "a family's email address",
    "address": "an address",
}
"""What each kind is called in a letter."""


IN_DOUBT = "in_doubt"
"""In place of a kind, where it is not sure that somebody is meant: a person has to read the sentence."""


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that could identify a child or family: `text[start:end]`, of one of KINDS.

    Where it is not sure, the sentence may be about somebody else: a person has to read it.
    """

    kind: str
    start: int
    end: int
    is_sure: bool = True


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
    names_that_are_words: frozenset[str]


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
        found = [replace(hit, start=held.original(hit.start), end=held.original(hit.end)) for hit in found]
    return sorted(found, key=lambda hit: hit.start)


def may_identify(texts: Sequence[str]) -> list[bool]:
    """For each of `texts`, whether it is worth searching. A text marked False has nothing to find.

    Looking through all texts at once costs a tenth of searching each of them.
    """
    worth = patterns.find_texts_with_anchors(
        (anchor for _, anchors in _SEARCHES for anchor in anchors), texts
    )
    return [number in worth for number in range(len(texts))]


def list_known_names(cycle: Cycle) -> tuple[str, ...]:
    """Names that can't be a person's: the cycle's areas, partnerships, forces and boards."""
    names = (name for p in cycle.participants for name in (p.name, p.partnership, p.police, *p.icb))
    return tuple(name for name in names if name)


def find_kinds(text: str, known: Iterable[str] = ()) -> tuple[str, ...]:
    """The kinds of detail in a text that could identify a child, each once; IN_DOUBT for what is not sure.

    A sentence with something sure is not in doubt as well: the person who takes that out reads it again.
    """
    hits = find_identifying(text, known)
    kinds = [hit.kind for hit in hits if hit.is_sure]
    return tuple(dict.fromkeys(kinds + [IN_DOUBT] * bool(_list_spans_in_doubt(text, hits))))


def find_sure_details(text: str, known: Iterable[str] = ()) -> dict[str, str]:
    """What a text surely says that could identify a child: what was written, and its kind, in order."""
    return {text[hit.start : hit.end]: hit.kind for hit in find_identifying(text, known) if hit.is_sure}


def list_sentences_in_doubt(text: str, known: Iterable[str] = ()) -> list[str]:
    """The sentences of a text that may be about a child or a family, in order, each once."""
    spans = _list_spans_in_doubt(text, find_identifying(text, known))
    return list(dict.fromkeys(text[start:end].strip() for start, end in spans))


def _list_spans_in_doubt(text: str, hits: Sequence[Hit]) -> list[tuple[int, int]]:
    """The sentences with something that is not sure, and nothing sure: a letter quotes them."""
    sure = bytearray(len(text))  # a mark for each character, as above
    for hit in hits:
        if hit.is_sure:
            sure[hit.start : hit.end] = bytes([1]) * (hit.end - hit.start)
    spans = (_find_sentence_span(text, (hit.start, hit.end)) for hit in hits if not hit.is_sure)
    return [span for span in spans if sure.find(1, *span) < 0]


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
        _read_given_names(path.with_name(_GIVEN_NAMES)),
        listed["names_that_are_words"],
    )


@cache
def _read_given_names(path: Path) -> frozenset[str]:
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    return frozenset(line.strip().lower() for line in lines if line.strip() and not line.startswith("#"))


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
        if not patterns.COUNTED.search(before):
            yield from _judge_place("address", text, found.span(), words)


def _find_postcodes(text: str, words: Words, _safe: frozenset[str]) -> Iterator[Hit]:
    for found in patterns.POSTCODE.finditer(text):
        yield from _judge_place("postcode", text, found.span(), words)


def _find_phone_numbers(text: str, words: Words, _safe: frozenset[str]) -> Iterator[Hit]:
    for found in patterns.PHONE.finditer(text):
        digits = re.sub(r"\D", "", found.group())
        digits = "0" + digits[2:] if digits.startswith("44") else digits
        digits = "0" + digits[2:] if digits.startswith("00") and len(digits) == 12 else digits
        if len(digits) not in {10, 11} or patterns.FREEPHONE.match(digits):
            continue
        yield from _judge_place("phone_number", text, found.span(), words)


def _judge_place(kind: str, text: str, span: tuple[int, int], words: Words) -> Iterator[Hit]:
    """A Hit, sure where the sentence speaks of somebody's home alone; none where it speaks of an office.

    Where it speaks of neither, a telephone number is taken for a public one, and a place may be a home.
    """
    start, end = _find_sentence_span(text, span)
    around = text[start : span[0]] + " | " + text[span[1] : end]
    is_home = bool(words.home_words.search(around))
    is_office = bool(words.office_words.search(around))
    if is_home or (not is_office and kind != "phone_number"):
        yield Hit(kind, *span, is_sure=is_home and not is_office)


def _find_emails(text: str, words: Words, _safe: frozenset[str]) -> Iterator[Hit]:
    for found in islice(patterns.EMAIL.finditer(text), _MOST_PEOPLE):
        start, end = _find_sentence_span(text, found.span())
        around = text[start : found.start()] + " | " + text[found.end() : end]
        if not patterns.PUBLIC_BODY.search(found.group()) and words.home_words.search(around):
            yield Hit("email_address", *found.span())


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
        for found in islice(pattern.finditer(text), _MOST_PEOPLE):
            span = _find_name_span(found, words, safe, is_sure)
            if span and not _is_pseudonym(text, span, words):
                name = people.Name(people.Sentence(text, *_find_sentence_span(text, span)), *span)
                if not name.is_surely_nobody_to_protect:
                    yield Hit(kind, *span, is_sure=not name.is_nobody_to_protect)


def _find_people(text: str, words: Words, safe: frozenset[str]) -> Iterator[Hit]:
    lists = people.Lists(
        lambda word: _is_in_any_list(word, words.not_a_name, safe, words.organisation_after),
        lambda word: _is_given_name(word, words),
        words.names_that_are_words.__contains__,
    )
    for one in islice(people.find_people(text, lists), _MOST_PEOPLE):
        if not _is_pseudonym(text, (one.start, one.end), words):
            yield Hit(one.kind, one.start, one.end, one.is_sure)


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
    known = any(_is_known_name(_normalise_token(token), words) for token, _ in tokens)
    if before.lower() in words.organisation_before:
        return None
    if not known and (not is_sure or before.lower() in words.place_before):
        return None
    return tokens[0][1], tokens[-1][1] + len(tokens[-1][0])


def _is_no_name(token: str, words: Words, safe: frozenset[str]) -> bool:
    plain = _normalise_token(token)
    is_known = _is_known_name(plain, words)
    is_acronym = len(token) > 1 and token.isupper() and not is_known
    return (
        len(plain) < 2
        or is_acronym
        or _is_in_any_list(plain, words.not_a_name, safe, words.organisation_after)
    )


def _is_known_name(word: str, words: Words) -> bool:
    return word in words.names_that_are_words or _is_given_name(word, words)


def _is_given_name(word: str, words: Words) -> bool:
    """Whether a word is a given name, or a hyphen joins two, as in "ellie-mae" and "lily-rose"."""
    if "-" in word:
        return all(_is_known_name(part, words) for part in word.split("-"))
    return word in words.given_names


def _is_in_any_list(word: str, *lists: frozenset[str]) -> bool:
    return any(word in held for held in lists)


def _word_before(text: str, place: int) -> str:
    """The word before a place, where it is near enough to tell anything: not that of another line."""
    before = text[max(0, place - _NEAR) : place].rpartition("\n")[2]
    return before.rstrip().rpartition(" ")[2]


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
    (_find_emails, (patterns.EMAIL_ANCHOR,)),
    (_find_personal_names, tuple(dict.fromkeys(anchor for *_, anchor in patterns.NAMED))),
    (_find_people, (patterns.CAPITAL_ANCHOR,)),
)
