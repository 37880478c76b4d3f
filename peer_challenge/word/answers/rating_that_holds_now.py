"""Which colour holds now in "Amber now, green by summer": every sense that the words make has to agree.

A word belongs to the colour before it or after it. Where both make sense, both are tried. A rating is taken
only where all senses give the same one, and every word is known; else it is asked about.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import product

from peer_challenge.model.vocabulary import Rating
from peer_challenge.word.answers.rating_tokens import OTHER, Token, tokens_of
from peer_challenge.word.answers.words_beside_a_rating import Says, Side

Found = tuple[Rating | None, tuple[str, ...]]
SPLIT, QUALIFIED, NOT_PRESENT = "rating.split", "rating.qualified", "rating.not_present"
NOT_UNDERSTOOD, OTHER_COLOUR, TREND = "rating.not_understood", "rating.other_colour", "rating.trend"
_MOST_SENSES = 8  # words with a colour on either side: 256 senses
_GONE = frozenset((Says.PAST, Says.FUTURE, Says.NOT))
_DOUBTFUL = frozenset((Says.NEARLY, Says.DOUBT, Says.DATED))
_REASON = ("as", "because", "due to")
"""What leads from "N/A" to why, beside a stop."""
_FOR_SOME = re.compile(
    r"\b(?:only|except|apart from|most|mostly|partly|in part|some)\b"
    r"|^\W*(?:(?:to|for|the)\W+)*(?:police|icb|nhs|health|council|la|local authority|education|schools?)\W*$",
    re.IGNORECASE,
)
"""What is no reason, but says for whom it does not apply: the others have a rating."""


@dataclass(slots=True)
class _Clause:
    """Tokens between two stops: `colours` are the numbers of its colours, `is_aside` one in brackets."""

    is_aside: bool = False
    tokens: list[Token] = field(default_factory=list)
    colours: list[int] = field(default_factory=list)
    is_unknown: bool = False


def present_rating(text: str, opens: date | None = None) -> Found | None:
    """The rating that holds now by what was written, or the finding that asks about it.

    None where no colour is named. `opens` is the day on which the cycle opens: what held in
    an earlier year is past.
    """
    tokens = tokens_of(text, opens)
    if not any(token.kind == "colour" for token in tokens):
        return None
    if _is_without_need(tokens) and not _FOR_SOME.search(text.partition(tokens[0].text)[2]):
        return Rating.NOT_APPLICABLE, ()
    return _of_steps(tokens)


def _is_without_need(tokens: Sequence[Token]) -> bool:
    """Whether it is "N/A" and then why: a reason that names no colour and no time."""
    first, *others = tokens
    if first.colours != {Rating.NOT_APPLICABLE} or not others:
        return False
    is_stop = others[0].kind in ("stop", "open", "colon", "join") and not others[0].text.isalpha()
    begins = is_stop or others[0].text in _REASON
    return begins and not any(
        token.kind in ("colour", "arrow") or token.says not in (Says.NOTHING, Says.NOT) for token in others
    )


def _of_steps(tokens: Sequence[Token]) -> Found:
    """Of "red → amber → green" the last step holds, unless it is still to come."""
    steps: list[list[Token]] = [[]]
    for token in tokens:
        if token.kind == "arrow":
            steps.append([])
        else:
            steps[-1].append(token)
    if len(steps) > 1 and not steps[-1]:
        steps.pop()
    if len(steps) == 1:
        return _Senses(steps[0]).found()
    return _of_last_step(steps)


def _of_last_step(steps: list[list[Token]]) -> Found:
    senses = [_Senses(step) for step in steps]
    if any(not sense.colours or sense.is_unknown for sense in senses):
        return None, (SPLIT if sum(len(sense.colours) for sense in senses) > 1 else NOT_UNDERSTOOD,)
    *before, last = senses
    if last.is_to_come() or any(sense.is_present() for sense in before):
        rating, codes = _of_last_step(steps[:-1]) if len(before) > 1 else before[0].found()
    else:
        rating, codes = last.found()
    return rating, (TREND,) if rating is not None else codes


class _Senses:
    """What one stretch of tokens may mean."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._clauses = _clauses_of(tokens)
        self.colours = [token.colours for token in tokens if token.kind == "colour"]
        self.is_unknown = any(clause.is_unknown for clause in self._clauses)
        self._has_trend = any(token.kind == "trend" for token in tokens)
        self._cues: list[tuple[Token, tuple[int, ...]]] = list(self._placed())

    def found(self) -> Found:
        """The rating on which all senses agree, else the finding that asks."""
        verdicts = {self._verdict(said) for said in self._likeliest()}
        rating, codes = verdicts.pop() if len(verdicts) == 1 else (None, (SPLIT,))
        return (rating, codes) if rating is None else (rating, self._how())

    def is_to_come(self) -> bool:
        """Whether in every sense none of its colours holds now."""
        return all(all(says & _GONE for says in said) for said in self._likeliest())

    def is_present(self) -> bool:
        """Whether a colour of it is said to hold now."""
        return any(
            any(Says.PRESENT in says and not says & _GONE for says in said) for said in self._likeliest()
        )

    def _how(self) -> tuple[str, ...]:
        return (TREND,) if self._cues or self._has_trend or len(self.colours) > 1 else ()

    def _placed(self) -> Iterator[tuple[Token, tuple[int, ...]]]:
        """Each word that says something, with the numbers of the colours to which it may belong."""
        count = 0
        for clause in self._clauses:
            own = clause.colours
            for token in clause.tokens:
                if token.kind == "colour":
                    count += 1
                elif token.kind == "cue":
                    around = (own[0], own[-1]) if own else (0, len(self.colours) - 1)
                    yield (
                        token,
                        _find_colours_beside(token, count, around, is_aside=clause.is_aside and not own),
                    )

    def _likeliest(self) -> list[list[set[Says]]]:
        """What is meant of each colour, for every sense with the fewest contradictions; none of too many."""
        if sum(len(places) > 1 for _, places in self._cues) > _MOST_SENSES:
            return []
        senses = [self._said(chosen) for chosen in product(*(places for _, places in self._cues))]
        least = min(map(_count_contradictions, senses))
        return [said for said in senses if _count_contradictions(said) == least]

    def _said(self, chosen: Sequence[int]) -> list[set[Says]]:
        said: list[set[Says]] = [set() for _ in self.colours]
        for (cue, _), place in zip(self._cues, chosen, strict=True):
            said[place].add(cue.says)
        return said

    def _verdict(self, said: list[set[Says]]) -> Found:
        if self._is_in_the_dark(said):
            return None, (self._doubt(said, NOT_UNDERSTOOD),)
        states = list(zip(self.colours, map(_settle_what_is_said, said), strict=True))
        now = [colours for colours, says in states if Says.PRESENT in says]
        plain = [colours for colours, says in states if not says]
        doubtful = [colours for colours, says in states if says & _DOUBTFUL and Says.PRESENT not in says]
        unsure = any(Says.PRESENT in says and says & {Says.NEARLY, Says.DOUBT} for _, says in states)
        holding = set(now) or set(plain)
        if unsure or (not now and doubtful) or len(holding) != 1:
            return None, (self._doubt(said, QUALIFIED),)
        (colours,) = holding
        if len(colours) > 1:
            return None, (SPLIT,)
        (colour,) = colours
        return (None, (OTHER_COLOUR,)) if colour is OTHER else (Rating(colour), ())

    def _is_in_the_dark(self, said: list[set[Says]]) -> bool:
        """Whether a word that is not known stands where a colour may hold, or with none."""
        return any(
            not clause.colours
            or not all(_settle_what_is_said(said[place]) & _GONE for place in clause.colours)
            for clause in self._clauses
            if clause.is_unknown
        )

    def _doubt(self, said: list[set[Says]], otherwise: str) -> str:
        """The finding that says best what is doubtful."""
        named = frozenset().union(*self.colours)
        if OTHER in named:
            return OTHER_COLOUR
        if all(_settle_what_is_said(says) & {Says.PAST, Says.FUTURE} for says in said):
            return NOT_PRESENT
        if len(named) > 1:
            return SPLIT
        is_dated = any(Says.DATED in says for says in said) and otherwise == QUALIFIED
        return NOT_PRESENT if is_dated else otherwise


def _settle_what_is_said(says: set[Says]) -> set[Says]:
    """What the words say of a colour in the end: it is gone where it is; "was and still is" holds now."""
    if Says.NOT in says or Says.FUTURE in says:
        return {Says.NOT} if Says.NOT in says else {Says.FUTURE}
    return says - {Says.PAST} if Says.PRESENT in says else says


def _count_contradictions(said: list[set[Says]]) -> int:
    return sum(Says.PAST in says and bool(says & {Says.PRESENT, Says.FUTURE}) for says in said)


def _find_colours_beside(
    token: Token, before: int, around: tuple[int, int], *, is_aside: bool
) -> tuple[int, ...]:
    """The numbers of the colours beside a word, where `before` stand before it: one, or one on each side."""
    first, last = around
    left = before - 1 if before - 1 >= first else None
    right = before if before <= last else None
    if is_aside and left is not None:
        return (left,)
    if token.side is Side.NEXT and right is not None:
        return (right,)
    return tuple(place for place in (left, right) if place is not None)


def _clauses_of(tokens: Sequence[Token]) -> list[_Clause]:
    clauses = [_Clause()]
    count = 0
    for token in tokens:
        clause = clauses[-1]
        if token.kind in ("stop", "open", "close", "join") and token.text != "or":
            clauses.append(_Clause(is_aside=token.kind == "open"))
        elif token.kind == "colon":
            _end_label(clauses)
        else:
            clause.tokens.append(token)
            clause.is_unknown |= token.kind in ("unknown", "join")
            if token.kind == "colour":
                clause.colours.append(count)
                count += 1
    return [clause for clause in clauses if clause.tokens]


def _end_label(clauses: list[_Clause]) -> None:
    """What stands before a colon is about what follows it, as in "Target: green"."""
    clause = clauses[-1]
    start = next((n for n in range(len(clause.tokens), 0, -1) if clause.tokens[n - 1].kind == "colour"), 0)
    label = clause.tokens[start:]
    if not label:
        clauses.append(_Clause())
        return
    clause.tokens[start:] = [replace(token, side=Side.NEXT) for token in label]
