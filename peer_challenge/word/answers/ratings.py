"""Reading a rating as people write it: words, letters, colours, notes of change. Never rounded up.

Source of the treatments: the list of variations in docs/reading-word.md, 1 to 12.
"""

import colorsys
import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from peer_challenge.model.vocabulary import Rating
from peer_challenge.word.answers.empty_words import NOTHING

R, A, G, N = Rating.RED, Rating.AMBER, Rating.GREEN, Rating.NOT_APPLICABLE
_WORDS = {
    "r": R,
    "red": R,
    "a": A,
    "amber": A,
    "amb": A,
    "am": A,
    "g": G,
    "green": G,
    "grn": G,
    "gr": G,
    "n/a": N,
    "na": N,
    "n.a": N,
    "n.a.": N,
    "not applicable": N,
    "not_applicable": N,
    "n\\a": N,
}
_LONG = re.compile(r"\b(?:red|amber|amb|green|grn)\b", re.IGNORECASE)
_EMOJI = {
    "🔴": "red",
    "🟥": "red",
    "❤": "red",
    "🟠": "amber",
    "🟡": "amber",
    "🟧": "amber",
    "🟨": "amber",
    "🟢": "green",
    "🟩": "green",
    "💚": "green",
    "🔵": "blue",
    "🟦": "blue",
    "🟣": "purple",
    "🟪": "purple",
}
_NOTHING = re.compile(
    rf"(?:[\W_]*|{NOTHING}|not (?:yet )?rated|n/?k|\?+)\W*",
    re.IGNORECASE,
)
_NOT_CHOSEN = re.compile(r"(?:choose|select|pick|click|tap)\b.{0,60}", re.IGNORECASE | re.DOTALL)
_OTHER_COLOUR = re.compile(
    r"\b(?:blue|purple|yellow|orange|brag|black|grey|gray|white|pink|b)\b", re.IGNORECASE
)
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
_TREND_ARROW = re.compile(r"\s*(?:->|=>|→|➔|⇨|➢|>)\s*")
_NOW = re.compile(
    r"\b(?:now|currently|current|today|moved to|improved to|changed to|at present)\b\W*(.*)",
    re.IGNORECASE | re.DOTALL,
)
_BEFORE = re.compile(
    r"\b(?:was|were|previously|prior|last (?:year|time|cycle)|formerly|before|from|up from|down from)\b",
    re.IGNORECASE,
)
_ARROWS = re.compile(r"[\u2190-\u21ff\u2794\u27a2⬆⬇⬈⬊▲▼△▽🔺🔻🔼🔽]\ufe0f?")

_LONGEST = 500
"""Letters; what is longer is a narrative, and would take long to look through."""

Found = tuple[Rating | None, tuple[str, ...]]


def read_rating(text: str, fill: str | None = None, rating_map: Mapping[str, str] | None = None) -> Found:
    """The rating that a cell gives, and the codes of what was noticed about it.

    `fill` is the cell's colour as six hex digits; `rating_map` the cycle's own words (Rules.rating_map).
    """
    plain = _normalise_rating(text)
    mapped = _find_rating_in_map(plain, rating_map or {})
    if mapped is not None:
        return mapped, ("rating.mapped", *_note_not_applicable(mapped))
    return _read_plain_rating(plain, fill)


@lru_cache(maxsize=1024)
def _read_plain_rating(plain: str, fill: str | None) -> Found:
    if len(plain) > _LONGEST:
        return None, ("rating.not_understood",)
    if _is_nothing(plain):
        return _find_rating_in_fill(plain, fill)
    rating, codes = _find_rating_in_words(plain)
    shaded = rating_of_colour(fill)
    if rating is not None and rating is not N and shaded is not None and shaded is not rating:
        return None, (*codes, "rating.disagrees_with_shading")
    return rating, codes + (_note_not_applicable(rating) if rating else ())


def _normalise_rating(text: str) -> str:
    if text.isascii():
        return " ".join(text.split())
    plain = unicodedata.normalize("NFKC", text).replace("\ufe0f", "").replace("\u200b", "")
    for emoji, word in _EMOJI.items():
        plain = plain.replace(emoji, f" {word} ")
    return " ".join(plain.split())


def _is_nothing(plain: str) -> bool:
    return (
        bool(_NOTHING.fullmatch(plain))
        and not _OTHER_SCALE.fullmatch(plain)
        and _match_exact_rating(plain) is None
    )


def _note_not_applicable(rating: Rating) -> tuple[str, ...]:
    return ("rating.not_applicable",) if rating is N else ()


def _find_rating_in_map(plain: str, rating_map: Mapping[str, str]) -> Rating | None:
    wanted = plain.casefold()
    for written, rating in rating_map.items():
        if " ".join(written.split()).casefold() == wanted:
            return Rating(rating)
    return None


def _find_rating_in_fill(plain: str, fill: str | None) -> Found:
    if not plain and fill and not _is_colourless(fill):
        shaded = rating_of_colour(fill)
        return (shaded, ("rating.colour_only",)) if shaded else (None, ("rating.colour_unclear",))
    return None, ("rating.missing",)


def _find_rating_in_words(plain: str) -> Found:
    whole = _match_exact_rating(plain)
    if whole is not None:
        return whole, ()
    if _NOT_CHOSEN.fullmatch(plain):
        return None, ("rating.not_chosen",)
    if len(_AGENCY.findall(plain)) > 1:
        return None, ("rating.by_agency",)
    trend = _find_rating_in_trend(plain)
    if trend is not None:
        return trend, ("rating.trend",)
    return _explain_unclear_rating(plain)


def _match_exact_rating(plain: str) -> Rating | None:
    bare = plain.casefold().strip(" .,:;!()[]*\"'“”‘’-–—•")
    bare = re.sub(r"^(?:rag|rag rating|rating|rated|status|overall|self-rating)\s*[:=–-]?\s*", "", bare)
    bare = (
        re.sub(r"\s*\(?\b([rag])\b\)?$", r"", bare)
        if re.fullmatch(r"(red|amber|green)\s*\(?[rag]\)?", bare)
        else bare
    )
    found = _WORDS.get(bare) or _WORDS.get(bare.rstrip("."))
    if found is None and re.fullmatch(r"(\w+)(?:\W+\1)+", bare):
        found = _WORDS.get(re.split(r"\W+", bare)[0])
    return found


def _find_rating_in_trend(plain: str) -> Rating | None:
    """The present one of "Was amber, now green", "A -> G", "Green (up from amber)", "Green ↑"."""
    pieces = [_match_exact_rating(piece) for piece in _TREND_ARROW.split(plain) if piece]
    if len(pieces) > 1 and None not in pieces:
        return pieces[-1]
    without = " ".join(_ARROWS.sub(" ", plain).split())
    if without != plain and (only := _match_exact_rating(without)) is not None:
        return only
    now = _NOW.search(plain)
    if now:
        return _find_single_rating(now[1])
    before = _BEFORE.search(plain)
    if before:
        return _find_single_rating(plain[: before.start()])
    return None


def _find_single_rating(text: str) -> Rating | None:
    whole = _match_exact_rating(text)
    if whole is not None:
        return whole
    named = {_WORDS[word.casefold()] for word in _LONG.findall(text)}
    return named.pop() if len(named) == 1 and len(text) < 60 else None


def _explain_unclear_rating(plain: str) -> Found:
    named = {_WORDS[word.casefold()] for word in _LONG.findall(plain)}
    letters = re.fullmatch(r"([rag])\s*(?:/|-|–|—|&|\+|to|or|and|,|\\)\s*([rag])", plain, re.IGNORECASE)
    if len(named) > 1 or (letters and letters[1].casefold() != letters[2].casefold()):
        return None, ("rating.split",)
    if (
        re.search(r"[/\\&+]|\b(?:to|or|and)\b", plain)
        and len(
            {
                _match_exact_rating(p)
                for p in re.split(
                    r"\s*(?:/|\\|&|\+|-|–|\bto\b|\bor\b|\band\b)\s*", plain, flags=re.IGNORECASE
                )
            }
            - {None}
        )
        > 1
    ):
        return None, ("rating.split",)
    if _OTHER_COLOUR.search(plain) and len(plain) < 40:
        return None, ("rating.other_colour",)
    if _OTHER_SCALE.fullmatch(plain.strip(" .")):
        return None, ("rating.other_scale",)
    return None, ("rating.not_understood",)


def _is_colourless(fill: str) -> bool:
    red, green, blue = _split_into_rgb(fill)
    _, saturation, value = colorsys.rgb_to_hsv(red, green, blue)
    return saturation < 0.12 or value < 0.12


def _split_into_rgb(fill: str) -> tuple[float, float, float]:
    return int(fill[0:2], 16) / 255, int(fill[2:4], 16) / 255, int(fill[4:6], 16) / 255


def rating_of_colour(fill: str | None) -> Rating | None:
    """The rating that a colour (six hex digits) clearly means, else None."""
    if not fill or _is_colourless(fill):
        return None
    hue, saturation, value = colorsys.rgb_to_hsv(*_split_into_rgb(fill))
    if saturation < 0.2 or value < 0.25:
        return None
    degrees = hue * 360
    if degrees <= 14 or degrees >= 345:
        return R
    if 24 <= degrees <= 62:
        return A
    return G if 80 <= degrees <= 165 else None
