"""Prompts for the challenger: which of the five shapes of question fits what an area wrote.

Source: process note, "five shapes of question". Suggestions only, printed beside the schedule
and never in the commentary column. Rules in docs/advice.md; words in templates/advice/prompts.yaml.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import pandas as pd

from peer_challenge.advice.lexicon import Lexicon, Phrases, read_lexicon
from peer_challenge.advice.narrative import Narrative, Sentence
from peer_challenge.model.framework import Essential, Framework, Subheading

COLUMNS = ["subheading", "shape", "question", "quote", "because"]


@dataclass(frozen=True, slots=True)
class _Fit:
    shape: int
    said: Sentence
    mention: str = ""


def prompts_for(rows: pd.DataFrame, framework: Framework, lexicon: Lexicon | None = None) -> pd.DataFrame:
    """Prompts as a frame: subheading, shape (1-5), question, quote (the author's words), because.

    `rows` holds subheading, strengths, development and rating (Facts.rows). A sub-heading gets at most one
    prompt, a RED one at most two, and none where no question fits well. Prompts are in the order of `rows`.
    Equal rows always give equal prompts.
    """
    words = lexicon or read_lexicon()
    found: list[dict[str, object]] = []
    for row in rows.to_dict("records"):
        subheading = framework.subheadings.get(str(row["subheading"]))
        if subheading is None:
            continue
        rating = row["rating"] if isinstance(row["rating"], str) else None
        told = Narrative(
            _read_text_or_empty(row.get("strengths")), _read_text_or_empty(row.get("development")), words
        )
        most = words.limits["per_red_subheading" if rating == "RED" else "per_subheading"]
        for fit in list(_find_fits_by_rating(told, rating, subheading, words))[:most]:
            found.append(_build_prompt_row(str(row["subheading"]), subheading, rating, fit, words))
    return pd.DataFrame(found, columns=COLUMNS)


def _read_text_or_empty(value: object) -> str:
    return value if isinstance(value, str) else ""


def _find_fits_by_rating(
    told: Narrative, rating: str | None, subheading: Subheading, words: Lexicon
) -> Iterator[_Fit]:
    if told.words < words.limits["fewest_words"] and rating != "RED":
        return
    if rating == "GREEN":
        yield from _find_green_fits(told, subheading, words)
    elif rating == "AMBER":
        yield from _find_amber_fits(told, subheading, words)
    elif rating == "RED":
        yield from _find_red_fits(told)


def _find_green_fits(told: Narrative, subheading: Subheading, words: Lexicon) -> Iterator[_Fit]:
    shown = {said.text for said in told.shown}
    plain = [said for said in told.hard if told.unmet and said.text not in shown]
    if plain:
        yield _Fit(3, plain[0])
    if not told.shown and told.strengths:
        yield _Fit(2, (told.hoped or told.claimed or told.strengths)[0])
    missing = missing_essential(told, subheading, words)
    best = told.best
    if best and missing:
        yield _Fit(4, best, missing.mention)
    if best and told.shown and not told.hoped and not told.lasts:
        yield _Fit(5, best)


def _find_amber_fits(told: Narrative, subheading: Subheading, words: Lexicon) -> Iterator[_Fit]:
    if told.unmet:
        yield _Fit(3, told.unmet[0])
    says_it_is_good = (told.claimed and len(told.shown) > 1) or not told.development
    if says_it_is_good and told.shown and not told.troubled and not told.hoped and told.best:
        yield _Fit(1, told.best)
    if told.claimed and not told.shown and told.hoped:
        yield _Fit(2, told.hoped[0])
    missing = missing_essential(told, subheading, words)
    if told.claimed and missing and not told.troubled:
        yield _Fit(4, told.claimed[0], missing.mention)


def _find_red_fits(told: Narrative) -> Iterator[_Fit]:
    if told.unplanned:
        yield _Fit(3, told.unplanned[0])
    if told.claimed and told.shown and told.best:
        yield _Fit(1, told.best)


def missing_essential(told: Narrative, subheading: Subheading, words: Lexicon) -> Essential | None:
    """The most important essential that the narrative leaves out, if it mentions enough others; else None.

    A text that mentions fewer essentials than the limit is about something else or too general.
    """
    mentioned = [is_mentioned(essential, told.text) for essential in subheading.essentials]
    if sum(mentioned) < words.limits["fewest_essentials"]:
        return None
    asked = words.limits["essentials_asked"]
    pairs = zip(subheading.essentials[:asked], mentioned, strict=False)
    return next((essential for essential, there in pairs if not there), None)


@lru_cache(maxsize=2048)
def _list_essential_phrases(essential: Essential) -> Phrases:
    return Phrases((essential.mention, *essential.synonyms))


def is_mentioned(essential: Essential, text: str) -> bool:
    """Whether `text` mentions the essential in any of its words."""
    return bool(_list_essential_phrases(essential).search(text))


def _build_prompt_row(
    address: str, subheading: Subheading, rating: str | None, fit: _Fit, words: Lexicon
) -> dict[str, object]:
    quote = fit.said.quoted(words.limits["most_quoted_words"])
    slots = {"quote": quote, "rating": rating or "", "mention": fit.mention, "title": subheading.title}
    return {
        "subheading": address,
        "shape": fit.shape,
        "question": words.questions[fit.shape].format(**slots),
        "quote": quote,
        "because": words.because[fit.shape].format(**slots),
    }
