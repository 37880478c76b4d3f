"""From what somebody wrote as a rating to its tokens: colours, words that say when they hold, and signs."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from peer_challenge.model.month_names import MONTH_STARTS
from peer_challenge.model.vocabulary import Rating
from peer_challenge.word.answers.rating_colours import NAMED_AMONG_WORDS, NAMES, NOT_APPLICABLE, OTHER_COLOURS
from peer_challenge.word.answers.words_beside_a_rating import PHRASES, SCANNER, YEAR, Says, Side

OTHER = "another colour"
Colour = Rating | str
"""A rating, or OTHER."""

_START, _END = r"(?<![^\W_])", r"(?:(?=-?ish\b)|(?![^\W_]))"
_NO_ARTICLE = r"(?! (?:rag|rating|score|grade|status|judge?ment|red|amber|green|firm|solid|clear)\b)"
_LONG = re.compile(rf"{_START}(?:{NAMED_AMONG_WORDS}){_END}", re.IGNORECASE)
_TOKEN = re.compile(
    rf"(?P<none>{_START}(?:{NOT_APPLICABLE})(?![^\W_]))|(?P<colour>{_START}(?:{NAMED_AMONG_WORDS}){_END})"
    rf"|(?P<other>{_START}(?:{OTHER_COLOURS}){_END})|(?P<arrow>->|=>|[→⟶⇒⟹⇨➔➙-➛➜-➤➡➨⮕]|>+)|(?P<trend>[\u2190-\u21ff\u2794\u27a2⬆⬇⬈⬊▲▼△▽🔺🔻🔼🔽]+)"
    r"|(?P<minus>(?<=\w)-(?=\s*$)|(?<=\()-(?=\)))|(?P<open>[(\[{])|(?P<close>[)\]}])|(?P<colon>[:=])|(?P<stop>[,;.!\n|]|\.\.+)"
    rf"|(?P<join>[/\\&+–—-]+(?=\s*(?:{_START}[a-z]))|{_START}(?:to|or|and)(?![^\W_]))|(?P<sign>[\s\"'“”*•·–—_/\\&-])",
    re.IGNORECASE,
)
_LETTER = re.compile(rf"{_START}(?:[RG]|A{_NO_ARTICLE}|[rg]|a(?=\W*(?:[^\w\s]|$)))(?![^\W_])")
_WORD = re.compile(r"[^\W_]+|.", re.DOTALL)
_HAS_MOVED = re.compile(
    r"(?:(?:has|have|had) )?(?:\w+ed|risen|fallen|gone) (?:up |down )?from$", re.IGNORECASE
)
_FROM = re.compile(r"\bfrom$", re.IGNORECASE)
_AS_AT = re.compile(r"as (?:at|of)\b", re.IGNORECASE)
_MONTH_NAMED = re.compile(rf"\b(?:{'|'.join(MONTH_STARTS)})", re.IGNORECASE)
_MONTHS_OF_FORMS = 3
"""Months after its opening in which a cycle's forms are filled in: a later month has not come."""
_LINKS = re.compile(
    rf"{_START}(?:but|though|although|while|whereas|however|with|which|who)(?![^\W_])", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of what was written. `kind` is "colour", "cue", "trend", "arrow", "open", "close", "colon",
    "stop", "join" or "unknown"; a colour has `colours`, several where they are given as one ("amber/green");
    a cue has what it says and the side on which its colour stands.
    """

    kind: str
    text: str = ""
    colours: frozenset[Colour] = frozenset()
    says: Says = Says.NOTHING
    side: Side = Side.EITHER


def tokens_of(text: str, opens: date | None) -> list[Token]:
    """The tokens of a rating as written, words that say nothing left out; `opens` is the day
    on which the cycle opens.
    """
    has_long = _LONG.search(text) is not None
    found = [
        token
        for token in _scan_into_tokens(text, opens, has_letters=not has_long)
        if token.says is not Says.NOTHING or token.kind != "cue"
    ]
    return _join_colours(found)


def _scan_into_tokens(text: str, opens: date | None, *, has_letters: bool) -> Iterator[Token]:
    place = 0
    while place < len(text):
        token, place = _find_next_token(text, place, opens, has_letters=has_letters)
        if token is not None:
            yield token


def _find_next_token(
    text: str, place: int, opens: date | None, *, has_letters: bool
) -> tuple[Token | None, int]:
    if has_letters and (letter := _LETTER.match(text, place)):
        return _make_colour_token(letter[0]), letter.end()
    found = _TOKEN.match(text, place)
    phrase = SCANNER.match(text, place)
    if phrase is not None and (
        found is None or (found.lastgroup in ("join", "sign", "none") and phrase.end() > found.end())
    ):
        return _make_cue_token(phrase, opens), phrase.end()
    if found is not None:
        return _make_plain_token(found), found.end()
    if link := _LINKS.match(text, place):
        return Token("stop", link[0]), link.end()
    word = _WORD.match(text, place)
    assert word is not None
    return Token("unknown", word[0]), word.end()


def _make_plain_token(found: re.Match[str]) -> Token | None:
    kind = found.lastgroup or ""
    if kind == "none":
        return Token("colour", found[0], frozenset({Rating.NOT_APPLICABLE}))
    if kind == "colour":
        return _make_colour_token(found[0])
    if kind == "other":
        return Token("colour", found[0], frozenset({OTHER}))
    if kind == "minus":
        return Token("cue", found[0], says=Says.NEARLY)
    return None if kind == "sign" else Token(kind, found[0].casefold())


def _make_colour_token(word: str) -> Token:
    return Token("colour", word, frozenset({NAMES[word.casefold()]}))


def _make_cue_token(found: re.Match[str], opens: date | None) -> Token:
    phrase = PHRASES[int((found.lastgroup or "p0")[1:])]
    if phrase.says is Says.TREND:
        return Token("trend", found[0])
    says: Says = phrase.says
    if says is Says.DATED or (says is Says.PRESENT and _of_year(found[0], opens) is Says.FUTURE):
        says = _of_year(found[0], opens)
    elif says is Says.PRESENT and _AS_AT.match(found[0]) and opens is not None:
        says = _of_month(found[0], opens)
    return Token("cue", found[0], says=says, side=phrase.side)


def _of_year(named_time: str, opens: date | None) -> Says:
    """Whether a date lies before, in or after the year of the cycle."""
    named = YEAR.search(named_time)
    if named is None or opens is None or int(named[0]) == opens.year:
        return Says.DATED
    return Says.PAST if int(named[0]) < opens.year else Says.FUTURE


def _of_month(named_time: str, opens: date) -> Says:
    """Whether "as at June 2027" is about now: by then forms of the cycle may have come in."""
    month, year = _MONTH_NAMED.search(named_time), YEAR.search(named_time)
    if month is None:
        return Says.PRESENT
    ahead = MONTH_STARTS.index(month[0].casefold()) + 1 - opens.month
    ahead = ahead + 12 * (int(year[0]) - opens.year) if year else (ahead + 3) % 12 - 3
    return Says.PRESENT if ahead <= _MONTHS_OF_FORMS else Says.FUTURE


def _join_colours(tokens: list[Token]) -> list[Token]:
    """Colours side by side, or with "/" or "and" between them, as one token that has both."""
    made: list[Token] = []
    for token in tokens:
        if token.kind == "colour":
            if _ends_with_join(made):
                made.pop()
            if made and made[-1].kind == "colour":
                made[-1] = replace(made[-1], colours=made[-1].colours | token.colours)
                continue
        made.append(_leading_to(token, made))
    return made


def _ends_with_join(tokens: list[Token]) -> bool:
    return len(tokens) > 1 and tokens[-1].kind == "join" and tokens[-2].kind == "colour"


def _leading_to(token: Token, before: list[Token]) -> Token:
    """What "to" leads to holds now in "moved from red to amber", and may not in "to amber"."""
    if token.kind != "join" or token.text != "to":
        return token
    if len(before) > 1 and before[-1].kind == "colour" and _HAS_MOVED.match(before[-2].text):
        return Token("cue", token.text, says=Says.PRESENT, side=Side.NEXT)
    if not (before and before[-1].kind == "colour") and not any(_FROM.search(one.text) for one in before):
        return Token("cue", token.text, says=Says.DOUBT, side=Side.NEXT)
    return token
