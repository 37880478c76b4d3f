"""A question for the challenger about what an area wrote: one that quotes it if that is sure, or the bank's.

Source: process note, "five shapes of question". Suggestions only, printed under the schedule of each area of
focus and never in the commentary column. Rules in docs/advice.md; words in templates/advice/prompts.yaml.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import pandas as pd

from peer_challenge.advice.lexicon import Lexicon, Phrases, read_lexicon
from peer_challenge.advice.narrative import Narrative, Sentence
from peer_challenge.advice.question_bank import find_questions
from peer_challenge.model.framework import Essential, Framework, Subheading

COLUMNS = ["subheading", "shape", "question", "quote", "because"]
BANK = 0
"""The shape of a question that comes from the bank and quotes nothing."""


@dataclass(frozen=True, slots=True)
class _Fit:
    shape: int
    quote: str = ""
    mention: str = ""


def prompts_for(rows: pd.DataFrame, framework: Framework, lexicon: Lexicon | None = None) -> pd.DataFrame:
    """Questions as a frame: subheading, shape (1-7, 0 from the bank), question, quote, because.

    `rows` holds subheading, strengths, development and rating (Facts.rows). Every RED sub-heading gets one
    question, an AMBER one unless it says what is planned; a GREEN one gets one where a rule is sure, or where
    what is written gives no ground for its rating.
    They are in the order of `rows`. Equal rows always give equal questions.
    """
    words = lexicon or read_lexicon()
    found: list[dict[str, object]] = []
    for row in rows.to_dict("records"):
        address = str(row["subheading"])
        subheading = framework.subheadings.get(address)
        rating = row["rating"] if isinstance(row["rating"], str) else ""
        if subheading is None:
            continue
        told = Narrative(
            _read_text_or_empty(row.get("strengths")), _read_text_or_empty(row.get("development")), words
        )
        fit = _find_fit(told, rating, subheading, words)
        if fit is not None:
            found.append(_build_prompt_row(address, subheading, rating, fit, told, words))
    return pd.DataFrame(found, columns=COLUMNS)


def _read_text_or_empty(value: object) -> str:
    return value if isinstance(value, str) else ""


def _find_fit(told: Narrative, rating: str, subheading: Subheading, words: Lexicon) -> _Fit | None:
    if rating == "RED":
        return _find_red_fit(told, words) or _Fit(BANK)
    if told.words < words.limits["fewest_words"]:
        return None
    if rating == "AMBER":
        return _find_amber_fit(told, words)
    return _find_green_fit(told, subheading, words) if rating == "GREEN" else None


def _find_red_fit(told: Narrative, words: Lexicon) -> _Fit | None:
    if not told.development and told.claimed and told.shown:
        return _quote(1, told.claimed_and_shown, words)
    return _ask_about_development(told, words)


def _ask_about_development(told: Narrative, words: Lexicon) -> _Fit | None:
    """A question that quotes what stands under areas for development.

    One sentence, if it is sure to name what is wrong and can be read alone. Else all of it, where that is
    brief: in full it is a whole thought, and worth developing in the author's own eyes.
    """
    whole = told.development_in_full
    in_full = whole if len(whole.split()) <= words.limits["most_words_in_full"] else ""
    shape, sure = (6, []) if told.planned or told.meant else (3, told.said_to_be_wrong)
    return _quote(shape, sure, words) or (_Fit(shape, in_full) if in_full else None)


def _find_amber_fit(told: Narrative, words: Lexicon) -> _Fit | None:
    if not told.development:
        if told.troubled or told.hoped:
            return _Fit(BANK)
        return _quote(1, told.claimed_and_shown or told.shown, words) or _Fit(BANK)
    if told.planned_in_development:
        return None
    return _ask_about_development(told, words) or (_Fit(BANK) if told.troubled or not told.shown else None)


def _find_green_fit(told: Narrative, subheading: Subheading, words: Lexicon) -> _Fit | None:
    if told.shown:
        missing = None if told.troubled else missing_essential(told, subheading, words)
        if missing and told.words >= words.limits["fewest_words_to_miss"]:
            fit = _quote(4, told.claimed_and_shown, words)
            return _Fit(4, fit.quote, missing.mention) if fit else None
        best = told.claimed_and_shown or told.improved
        return _quote(5, best, words) if not told.hoped and not told.lasts and not told.troubled else None
    if told.troubled:
        return _Fit(BANK)
    if told.has_figures:
        return _Fit(BANK)
    hoped = {said.text for said in told.hoped}
    only_claimed = [said for said in told.claimed if said.text not in hoped]
    return _quote(7, only_claimed, words) or _quote(2, told.hoped, words) or _Fit(BANK)


def _quote(shape: int, sentences: list[Sentence], words: Lexicon) -> _Fit | None:
    """A question of a shape about the first of `sentences` that can be read alone, or None."""
    whole = (said.quoted for said in sentences if said.is_whole_thought(words.limits["most_quoted_words"]))
    quote = next(whole, None)
    return _Fit(shape, quote) if quote else None


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
    return _list_essential_phrases(essential).is_in(text)


def _build_prompt_row(
    address: str, subheading: Subheading, rating: str, fit: _Fit, told: Narrative, words: Lexicon
) -> dict[str, object]:
    slots = {"quote": fit.quote, "rating": rating, "mention": fit.mention, "title": subheading.title}
    if fit.shape == BANK:
        question = choose_unanswered(find_questions(address, subheading, rating), told.text)
    else:
        question = words.questions[fit.shape].format(**slots)
    because = words.because[fit.shape].format(**slots)
    shape = {"shape": fit.shape, "question": question, "quote": fit.quote, "because": because}
    return {"subheading": address, **shape}


def choose_unanswered(questions: Sequence[str], text: str) -> str:
    """The question with fewest words in common with a text: hardly answered there. Of equals, the first.

    `questions` has one at least, the one to ask first in front.
    """
    written = set(_list_content_words(text))
    return min(questions, key=lambda question: len(written.intersection(_list_content_words(question))))


def _list_content_words(text: str) -> list[str]:
    """The beginnings of a text's longer words, so that "schools" and "school" are one."""
    return [word[:5] for word in re.findall(r"[a-z]{5,}", text.lower())]
