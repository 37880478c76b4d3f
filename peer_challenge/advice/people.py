"""People in a text: a child or a family to whom something happened, told from people who have a role.

A capitalised word is a person's name by the company that it keeps: what happened to somebody, whose child it
is, how old. It is nobody to protect where the sentence gives a role, names a published review, or makes the
word part of an organisation's name. A name is judged by its sentence, which is cut where it is very long, so
the time grows in proportion to the text.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from peer_challenge.advice import people_patterns as patterns
from peer_challenge.advice.identifying_patterns import SENTENCE_END

_NEAR = 90
"""Characters around a name that are looked at: a role further away is somebody else's."""
_CLOSE = 32
"""Characters before a name that hold "the death of" or "her son": few, as every place in them is tried."""
_LONGEST = 600
"""Characters of a sentence that are read for what it is about. The rest of a longer one is read by itself."""
_LONGEST_LIST = 8
"""Names joined by commas and "and" that share the role of the first: more are a list of children."""
_CLOSE_KIN = frozenset({"baby", "brothers", "family", "household", "siblings", "sisters", "twins"})
_OF_A_TOWN = frozenset({"babies", "boys", "case", "children", "girls", "kids"})
"""Close kin are a family's; a town has children, boys and girls too."""


@dataclass(frozen=True, slots=True)
class Person:
    """A name at `start` to `end` that could be a child's or a family's: its kind, and whether it is sure."""

    kind: str
    start: int
    end: int
    is_sure: bool


@dataclass(frozen=True, slots=True)
class Lists:
    """What the word lists say of a word in lower case."""

    is_no_name: Callable[[str], bool]
    is_given: Callable[[str], bool]
    is_word_too: Callable[[str], bool]
    """Whether a given name is a word as well, as Hope is: a capital within a sentence makes it a name."""


class Sentence:
    """A sentence of a text, from `start` to `end`, and what it is about. Each fact is looked for once."""

    def __init__(self, text: str, start: int, end: int) -> None:
        self.text, self.start, self.end = text, start, end
        self.words = text[start:end]
        self.surroundings = text[max(0, start - _NEAR) : end + _NEAR]

    @cached_property
    def is_event(self) -> bool:
        """Whether it speaks of what happens to a child: harm, care, police, kin."""
        return patterns.EVENT.search(self.words) is not None

    @cached_property
    def may_name_somebody(self) -> bool:
        """Whether a word that is no known given name may be a person's here: an event, or "a boy called"."""
        return self.is_event or patterns.HINT.search(self.words) is not None

    @cached_property
    def is_of_a_review(self) -> bool:
        """Whether it speaks of a published review, or says that a name is not the real one."""
        if self.has_a_pseudonym:
            return True
        return not self.is_unpublished and patterns.PUBLISHED.search(self.words) is not None

    @cached_property
    def has_a_pseudonym(self) -> bool:
        """Whether it says that a name is not the real one."""
        return patterns.PSEUDONYM.search(self.words) is not None

    @cached_property
    def is_unpublished(self) -> bool:
        """Whether it says that something is not published yet."""
        return patterns.UNPUBLISHED.search(self.words) is not None

    @cached_property
    def is_of_a_place(self) -> bool:
        """Whether it, or the text close to it, names a place where somebody lives."""
        return patterns.PLACE.search(self.surroundings) is not None

    @cached_property
    def is_of_a_parent(self) -> bool:
        """Whether it says what happened to somebody's child."""
        return self.is_event and patterns.WAS_A_CHILD.search(self.words) is not None


class Name:
    """A name at `start` to `end` of a sentence: its words in lower case, and the text just before and after.

    `joined_to` is the name that a comma or "and" joins it to.
    """

    def __init__(
        self,
        sentence: Sentence,
        start: int,
        end: int,
        words: tuple[str, ...] = (),
        joined_to: "Name | None" = None,
    ) -> None:
        self.sentence, self.start, self.end, self.words = sentence, start, end, words
        self.place_in_list: int = joined_to.place_in_list + 1 if joined_to else 0
        self.before = sentence.text[max(sentence.start, start - _NEAR) : start]
        self.close_before = self.before[-_CLOSE:]
        self.after = sentence.text[end : min(sentence.end, end + _NEAR)]
        self.joined_to = joined_to if self.place_in_list < _LONGEST_LIST else None

    @cached_property
    def is_nobody_to_protect(self) -> bool:
        """Whether it is there for a role, or in the title of a published review or of an organisation."""
        if self._has_role() or self._is_of_organisation() or self._is_of_review():
            return True
        return self.joined_to is not None and self.joined_to.is_nobody_to_protect

    @cached_property
    def is_surely_nobody_to_protect(self) -> bool:
        """Whether the words say so of this very name.

        A role before it ("We told the health visitor Ada"), a team after it and a review elsewhere in the
        sentence may be about somebody else.
        """
        return (
            self._has_role_of_its_own()
            or self._is_organisation_by_what_follows()
            or self._is_title_of_review()
        )

    def _has_role(self) -> bool:
        return self._has_role_of_its_own() or bool(
            not patterns.WHOSE_CHILD.match(self.after)
            and (patterns.ROLE_BEFORE.search(self.before) or patterns.WORKS_FOR.match(self.after))
        )

    def _has_role_of_its_own(self) -> bool:
        return not patterns.WHOSE_CHILD.match(self.after) and bool(
            patterns.BY_ROLE.search(self.before)
            or patterns.ROLE_AFTER.match(self.after)
            or patterns.ROLE_VERB.match(self.after)
        )

    def _is_of_organisation(self) -> bool:
        is_before = patterns.ORGANISATION_BEFORE.search(self.before) is not None
        return is_before or self._is_organisation_by_what_follows()

    def _is_organisation_by_what_follows(self) -> bool:
        return bool(
            patterns.ORGANISATION_AFTER.match(self.after)
            or patterns.COUNTED_AFTER.match(self.after)
            or patterns.IN_AN_ADDRESS.match(self.after)
        )

    def _is_of_review(self) -> bool:
        return self._is_title_of_review() or self.sentence.is_of_a_review

    def _is_title_of_review(self) -> bool:
        is_named = not self.sentence.is_unpublished and patterns.NAMED_REVIEW.match(self.after)
        is_its_child = self.sentence.is_of_a_review and patterns.REVIEW_OF.search(self.before)
        return bool(is_named or is_its_child) or self.sentence.has_a_pseudonym

    def judge(self, lists: Lists) -> bool | None:
        """Whether it is sure that this is a child's or parent's name; None where nothing says so."""
        if not lists.is_given(self.words[0]) and not self._is_capital_in_a_sentence(lists):
            return False if self._is_unknown_person() else None
        if self._belongs_to_somebody() or patterns.OWNED.match(self.after) or self.is_told_of:
            return True
        return False if len(self.words) == 1 or self.sentence.is_event else None

    def _is_capital_in_a_sentence(self, lists: Lists) -> bool:
        if not lists.is_word_too(self.words[0]):
            return False
        if not self.before.strip(" \t-–•*·"):  # the first word of a sentence always has a capital
            return self.is_told_of or patterns.OWNED.match(self.after) is not None
        return (
            not patterns.AT_A_PLACE.search(self.close_before) and self.before.rstrip()[-1:] not in ".:;“\"'‘"
        )

    @cached_property
    def is_told_of(self) -> bool:
        """Whether the words that follow say what happened to somebody of this name, or what they did."""
        return patterns.BEFELL.match(self.after) is not None

    @property
    def told_us(self) -> bool:
        """Whether somebody of this name told or asked us something, as people with a role do."""
        return patterns.TOLD_US.match(self.after) is not None

    def _is_unknown_person(self) -> bool:
        """Whether words that are no given name that we know are a person's, by its kin, "he" or "she"."""
        if patterns.AGE_AFTER.match(self.after):
            return True
        if patterns.AGE_BEFORE.search(self.before) and patterns.HE_OR_SHE.search(self.after):
            return True
        if not self.sentence.may_name_somebody:
            return False
        if self._belongs_to_somebody() or self._is_parent():
            return True
        if patterns.IN_A_PLACE.search(self.close_before):
            return False
        is_one_person = self.sentence.is_event and patterns.HE_OR_SHE.search(self.after)
        return bool(is_one_person or patterns.BEFELL_SOMEBODY.match(self.after))

    def _is_parent(self) -> bool:
        return patterns.TITLE_BEFORE.search(self.close_before) is not None and self.sentence.is_of_a_parent

    def _belongs_to_somebody(self) -> bool:
        return bool(
            patterns.OWNED_BY_SOMEBODY.match(self.after)
            or patterns.ABOUT.search(self.close_before)
            or patterns.RELATED.search(self.close_before)
        )


def find_people(text: str, lists: Lists) -> Iterator[Person]:
    """Every child or family that a text names, sentence by sentence. One that comes again is judged once."""
    known: dict[tuple[str, str], list[Person]] = {}
    for sentence in list_sentences(text):
        place = sentence.words, sentence.surroundings
        if place not in known:
            known[place] = list(_find_in_sentence(sentence, lists))
        for one in known[place]:
            yield replace(one, start=sentence.start + one.start, end=sentence.start + one.end)


def _find_in_sentence(sentence: Sentence, lists: Lists) -> Iterator[Person]:
    """The people of a sentence, at places that count from its beginning."""
    for search in (_find_families, _find_initials, _find_names):
        for kind, (start, end), is_sure in search(sentence, lists):
            yield Person(kind, start - sentence.start, end - sentence.start, is_sure)


def list_sentences(text: str) -> Iterator[Sentence]:
    """The sentences of a text in order; one that is very long in parts."""
    start = 0
    for found in SENTENCE_END.finditer(text):
        yield from _cut_sentence(text, start, found.start())
        start = found.end()
    yield from _cut_sentence(text, start, len(text))


def _cut_sentence(text: str, start: int, end: int) -> Iterator[Sentence]:
    while end - start > _LONGEST:
        space = text.rfind(" ", start + 1, start + _LONGEST)
        cut = space if space > 0 else start + _LONGEST
        yield Sentence(text, start, cut)
        start = cut
    yield Sentence(text, start, end)


_Found = tuple[str, tuple[int, int], bool]
"""What a search yields: the kind, the place in the whole text, and whether it is sure."""


def _find_names(sentence: Sentence, lists: Lists) -> Iterator[_Found]:
    before: Name | None = None
    for tokens in _split_runs(sentence, lists):
        tail = patterns.POSSESSIVE.search(tokens[-1].group())
        start, end = tokens[0].start(), tokens[-1].end() - (len(tail.group()) if tail else 0)
        words = tuple(_normalise(token.group()) for token in tokens)
        is_joined = before is not None and patterns.JOINED.fullmatch(sentence.text, before.end, start)
        name = before = Name(sentence, start, end, words, before if is_joined else None)
        judged = name.judge(lists)
        if judged is None or name.is_surely_nobody_to_protect:
            continue
        if not name.is_nobody_to_protect:
            yield "child_name", (start, end), judged
        elif judged and name.is_told_of and not name.told_us:
            # a role or a review is near, but so is what happened to the child
            yield "child_name", (start, end), False


def _split_runs(sentence: Sentence, lists: Lists) -> Iterator[list[re.Match[str]]]:
    """Runs of capitalised words that could be a person's name."""
    for run in patterns.NAMES.finditer(sentence.text, sentence.start, sentence.end):
        kept: list[re.Match[str]] = []
        for token in patterns.TOKEN.finditer(sentence.text, run.start(), run.end()):
            if _is_word_of_a_name(token.group(), lists):
                kept.append(token)
            elif kept:
                yield kept
                kept = []
        if kept:
            yield kept


def _is_word_of_a_name(token: str, lists: Lists) -> bool:
    plain = _normalise(token)
    return len(plain) > 1 and not lists.is_no_name(plain) and (not token.isupper() or lists.is_given(plain))


def _normalise(token: str) -> str:
    return patterns.POSSESSIVE.sub("", token).lower()


def _find_families(sentence: Sentence, lists: Lists) -> Iterator[_Found]:
    for found in patterns.FAMILY.finditer(sentence.text, sentence.start, sentence.end):
        is_town = found["the"] is None and found["what"] in _OF_A_TOWN
        if is_town or not _is_family_name(found["name"], lists) or sentence.has_a_pseudonym:
            continue
        is_kin = found["what"] in _CLOSE_KIN
        is_event = bool(
            patterns.EVENT.search(sentence.words.replace(found.group(), " "))
            or patterns.AGES_AFTER.match(sentence.text, found.end(), sentence.end)
        )
        is_sure = is_event and is_kin
        if is_sure or ((is_event or is_kin) and not sentence.is_of_a_review):
            yield "family_name", found.span("name"), is_sure and not sentence.is_of_a_review
    for found in patterns.FAMILY_OF_MANY.finditer(sentence.text, sentence.start, sentence.end):
        if sentence.is_of_a_parent and not lists.is_no_name(_normalise(found["name"])):
            yield "family_name", found.span("name"), False


def _is_family_name(name: str, lists: Lists) -> bool:
    is_owner = patterns.POSSESSIVE.search(name) is not None  # "Ashcombe's children" are a town's
    return _is_word_of_a_name(name, lists) and not is_owner and not patterns.OF_A_PEOPLE.search(name)


def _find_initials(sentence: Sentence, _lists: Lists) -> Iterator[_Found]:
    shapes = [(patterns.INITIAL, True), *((letter, False) for letter in patterns.LETTERS)]
    for shape, has_age in shapes:
        for found in shape.finditer(sentence.words):
            is_child = has_age or patterns.CHILDS_AGE.search(sentence.words)
            if is_child and sentence.is_of_a_place:
                start, end = found.span("name")
                yield "initial_and_age", (sentence.start + start, sentence.start + end), True
