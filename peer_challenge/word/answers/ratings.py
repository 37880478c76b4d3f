"""Reading a rating as people write it: words, letters, colours, ticks, notes of change. Never rounded up.

Source of the treatments: the list of variations in docs/reading-word.md, 1 to 12. Which colour holds now
where several are named is in rating_that_holds_now.py, what is ticked in tick_boxes.py.
"""

# ruff: noqa: E501 - a pattern is easier to read on one line than cut in two

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from peer_challenge.model.empty_words import NOTHING
from peer_challenge.model.vocabulary import Rating
from peer_challenge.word.answers.rating_colours import (
    NAMES,
    NOT_APPLICABLE,
    OTHER_COLOURS,
    SIGNS,
    is_colourless,
    rating_of_colour,
)
from peer_challenge.word.answers.rating_that_holds_now import Found, present_rating
from peer_challenge.word.answers.tick_boxes import rating_of_ticks, without_mark
from peer_challenge.word.text.symbol_fonts import in_font

_NOT_APPLICABLE = re.compile(NOT_APPLICABLE, re.IGNORECASE)
_NOTHING = re.compile(
    rf"(?:[\W_]*|{NOTHING}|(?:not (?:yet )?|un|(?:yet )?to be )(?:rated|scored|graded)|no (?:rag )?rating(?: yet)?|n/?k|\?+)\W*",
    re.IGNORECASE,
)
_NOT_CHOSEN = re.compile(r"(?:choose|select|pick|click|tap)\b.{0,60}", re.IGNORECASE | re.DOTALL)
_PROMPT = re.compile(
    r"(?:choose|select|pick|click|tap)(?:[\s,./]+(?:or|tap|click|choose|select|here|to|an?|one|your|the|of|from|list|item|rating|"
    r"rag|option|value|status|enter|text|red|amber|green|not|applicable|n/a|colou?r|drop-?down|below|and|for|this|row))*[\s.:…]*",
    re.IGNORECASE,
)
_PROMPT_BEFORE = re.compile(
    r"(?:choose|select|pick)\s+(?:an?|one|your)\s+(?:rag\s+)?(?:rating|item|option)\s*[.:]?\s+(?=\S)",
    re.IGNORECASE,
)
_OTHER_COLOUR = re.compile(rf"\b(?:{OTHER_COLOURS}|b)\b", re.IGNORECASE)
_OTHER_SCALE = re.compile(
    r"\d+(?:\.\d+)?(?:\s*(?:/|out of|of)\s*\d+)?%?|[✓✔☑☒✗✘×xXyYnN]+|yes|no|"
    r"(?:(?:fully|mostly|largely|partly|partially|not|un|al)[\s-]*)?"
    r"(?:met|achieved|compliant|in place|embedded)|"
    r"(?:good|outstanding|inadequate|requires improvement|strong|weak|developing|high|medium|low|excellent)",
    re.IGNORECASE,
)
_AGENCY = re.compile(
    r"\b(?:la|local authority|council|health|icb|nhs|police|csc|cypd|partner|education)\b"
    r"[^\n]*?(?:[:=–—-]|\bis\b|\brates?\b)?\s*\b(?:red|amber|green|[rag])\b",
    re.IGNORECASE,
)

_PRIVATE = re.compile("[\uf020-\uf0ff]")  # where Word puts the signs of a font when it types them
_SIGNS = " .,:;!()[]*\"'“”‘’«»`´-–—•"
_NOTE_SIGN = re.compile(r"(?<=[^\W\d_])\s?(?:[†‡§¶#]+|[⁰¹²³⁴-⁹]+|\[\d{1,2}\])(?=\W*$)", re.MULTILINE)
"""A sign by which a note is found, after a word: it says nothing of the rating. A plain number might be another scale."""
_LABEL = re.compile(r"(?:rag|rag rating|rating|rated|status|overall|self-rating)\s*[:=–-]?\s*(?=\w)")
_MINUS = re.compile(r"\w-$|\(-\)")
_JOINED = re.compile(r"[+?~%<>]")
_LONGEST = 500
"""Letters; what is longer is a narrative, and would take long to look through."""


def read_rating(
    text: str,
    fill: str | None = None,
    rating_map: Mapping[str, str] | None = None,
    opens: date | None = None,
) -> Found:
    """The rating that a cell gives, and the codes of what was noticed about it.

    `fill` is the cell's colour as six hex digits; `rating_map` the cycle's own words (Rules.rating_map);
    `opens` the day on which the cycle opens: what was rated in an earlier year is past.
    """
    plain = _normalise_rating(text)
    mapped = _find_rating_in_map(plain, rating_map or {})
    if mapped is not None:
        return mapped, ("rating.mapped", *_note_not_applicable(mapped))
    return _read_plain_rating(plain, fill, opens)


@lru_cache(maxsize=1024)
def _read_plain_rating(lines: str, fill: str | None, opens: date | None) -> Found:
    if len(lines) > _LONGEST:
        return None, ("rating.not_understood",)
    lines = _without_prompt(lines)
    plain = " ".join(lines.split())
    if _is_nothing(plain):
        return _find_rating_in_fill(plain, fill)
    rating, codes = _find_rating_in_words(lines, plain, opens)
    shaded = rating_of_colour(fill)
    if (
        rating is not None
        and rating is not Rating.NOT_APPLICABLE
        and shaded is not None
        and shaded is not rating
    ):
        return None, (*codes, "rating.disagrees_with_shading")
    return rating, codes + (_note_not_applicable(rating) if rating else ())


def _normalise_rating(text: str) -> str:
    """The text in plain letters, a line for each of its lines that says something."""
    text = _NOTE_SIGN.sub("", text)
    if not text.isascii():
        text = _PRIVATE.sub(lambda found: in_font("wingdings", found[0]), text)
        text = unicodedata.normalize("NFKC", text).replace("\ufe0f", "")
        text = "".join(letter for letter in text if unicodedata.category(letter) != "Cf")  # marks nobody sees
        text = text.replace("\u2019", "'").replace("\u2010", "-").replace("\u2011", "-")
        for sign, word in SIGNS.items():
            text = text.replace(sign, f" {word} ")
    return "\n".join(line for part in text.split("\n") if (line := " ".join(part.split())))


def _without_prompt(lines: str) -> str:
    """Without the form's own "Choose a rating", where that was left and something written beside it."""
    kept = [line for line in lines.split("\n") if not _PROMPT.fullmatch(line)]
    return _PROMPT_BEFORE.sub("", "\n".join(kept or [lines]), count=1)


def _is_nothing(plain: str) -> bool:
    return (
        bool(_NOTHING.fullmatch(plain))
        and not _OTHER_SCALE.fullmatch(plain)
        and _match_exact_rating(plain) is None
    )


def _note_not_applicable(rating: Rating) -> tuple[str, ...]:
    return ("rating.not_applicable",) if rating is Rating.NOT_APPLICABLE else ()


def _find_rating_in_map(lines: str, rating_map: Mapping[str, str]) -> Rating | None:
    wanted = " ".join(lines.split()).casefold() if rating_map else ""
    for written, rating in rating_map.items():
        if " ".join(written.split()).casefold() == wanted:
            return Rating(rating)
    return None


def _find_rating_in_fill(plain: str, fill: str | None) -> Found:
    if not plain and fill and not is_colourless(fill):
        shaded = rating_of_colour(fill)
        return (shaded, ("rating.colour_only",)) if shaded else (None, ("rating.colour_unclear",))
    return None, ("rating.missing",)


def _find_rating_in_words(lines: str, plain: str, opens: date | None) -> Found:
    whole = _match_exact_rating(plain)
    if whole is not None:
        return whole, ()
    if _NOT_CHOSEN.fullmatch(plain):
        return None, ("rating.not_chosen",)
    if len(_AGENCY.findall(plain)) > 1:
        return None, ("rating.by_agency",)
    found = rating_of_ticks(lines) or present_rating(without_mark(lines), opens)
    if found is not None:
        return found
    return None, (_other_scale(plain),)


def _match_exact_rating(plain: str) -> Rating | None:
    bare = plain.casefold()
    if _MINUS.search(bare):
        return None
    bare = _LABEL.sub("", bare.strip(_SIGNS)).strip(_SIGNS)
    if _NOT_APPLICABLE.fullmatch(bare):
        return Rating.NOT_APPLICABLE
    words = {NAMES.get(word) for word in re.split(r"\W+", bare)}
    return words.pop() if len(words) == 1 and not _JOINED.search(bare) else None


def _other_scale(plain: str) -> str:
    """What we tell of a rating in which no colour of ours is named."""
    # Below 40 letters it is the rating itself; in a longer text the colour may be of anything.
    if _OTHER_COLOUR.search(plain) and len(plain) < 40:
        return "rating.other_colour"
    return "rating.other_scale" if _OTHER_SCALE.fullmatch(plain.strip(" .")) else "rating.not_understood"
