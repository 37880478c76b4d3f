"""The words of one writer: narratives, questions, answers, agreed items, actions.

Each writer has a manner and words of its own. The same seed always gives the same text.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from peer_challenge.model.cycle import Cycle, Participant
from peer_challenge.model.days_in_words import day_in_words
from peer_challenge.model.framework import Framework
from peer_challenge.model.vocabulary import Rating, ResponseKind
from peer_challenge.rehearsal.phrases import Bank, find_phrase_bank, load_common_phrases, make_sentence

_SENTENCES = {"short": (1, 1), "medium": (1, 2), "long": (2, 2)}
_POINTS_ELSEWHERE = re.compile(
    r"\b(we|our|ours|us|ourselves|it|its|they|them|this|these|those|what is found)\b", re.IGNORECASE
)
_FEWEST_WORDS = 6  # a shorter sentence says too little without its row
_BULLETS = {"dashes": "- {}", "bullets": "•\t{}"}
_ANSWERS = {
    ResponseKind.FURTHER_EVIDENCE: "evidence",
    ResponseKind.ACKNOWLEDGEMENT: "agree",
    ResponseKind.UPDATE: "update",
}


@dataclass(frozen=True, slots=True)
class Written:
    """One row of a self-assessment as its area wrote it."""

    rating: Rating
    strengths: str
    development: str


class Writer:
    """Somebody who writes for an area, in the manner `manner` (a row of voices.yaml's writers).

    `words` are what the area calls things. `asides`, remarks that fit anywhere, are used once each.
    `word_limit` is how many words a narrative may have.
    """

    def __init__(
        self, seed: object, framework: Framework, manner: Bank, words: dict[str, str], *, word_limit: int
    ) -> None:
        self.seed, self.framework, self.manner, self.words = seed, framework, manner, words
        self.word_limit = word_limit
        self._asides: dict[str, list[str]] = {}

    def dice(self, *about: object) -> Random:
        """A random generator that gives the same numbers for this writer and subject (`about`)."""
        return Random(f"{self.seed}/{'/'.join(map(str, about))}")  # noqa: S311 - for variety, not secrecy

    def terms(self, address: str) -> dict[str, str]:
        """The words to fill a phrase of a sub-heading with."""
        topic = self.framework.subheadings[address].title
        topic = topic if topic[:2].isupper() else topic[0].lower() + topic[1:]
        return {**self.words, "topic": topic, "month": "{" + "|".join(load_common_phrases()["months"]) + "}"}

    def row(self, address: str, rating: Rating) -> Written:
        """The narrative of a sub-heading that is rated `rating`."""
        dice = self.dice("row", address)
        bank = find_phrase_bank(self.framework, address)
        told = {
            Rating.GREEN: self._choose_green_phrases,
            Rating.AMBER: self._choose_amber_phrases,
            Rating.RED: self._choose_red_phrases,
            Rating.NOT_APPLICABLE: self._choose_not_applicable_phrases,
        }[rating](bank, dice)
        terms = self.terms(address)
        strengths, development = (
            [_capitalise_first_letter(make_sentence(p, terms, dice)) for p in part] for part in told
        )
        return Written(rating, self._laid_out(strengths), self._laid_out(development))

    def _choose_green_phrases(self, bank: Bank, dice: Random) -> tuple[list[str], list[str]]:
        claims, proofs = self._choose_phrase_counts(dice)
        strengths = _pick_phrases(bank["strong"], claims, dice) + _pick_phrases(
            bank["evidence"], proofs, dice
        )
        after = self._take_unused_aside("after_green", dice, 0.12)
        fewer = dice.random()
        next_steps = (
            []
            if fewer < 0.3
            else self._take_unused_aside("nothing_more", dice, 0.4) or _pick_phrases(bank["gaps"], 1, dice)
        )
        return strengths + after, next_steps

    def _choose_amber_phrases(self, bank: Bank, dice: Random) -> tuple[list[str], list[str]]:
        claims, proofs = self._choose_phrase_counts(dice)
        if dice.random() < 0.4:  # what reads as a strength, and isn't rated as one
            strengths = _pick_phrases(bank["strong"], claims, dice) + _pick_phrases(bank["evidence"], 1, dice)
        else:
            strengths = _pick_phrases(bank["partial"], claims, dice)
        return strengths + self._take_unused_aside("after_amber", dice, 0.12), _pick_phrases(
            bank["gaps"], proofs, dice
        )

    def _choose_red_phrases(self, bank: Bank, dice: Random) -> tuple[list[str], list[str]]:
        candid = _pick_phrases(bank["serious"], 1, dice) + _pick_phrases(
            bank["gaps"], self._choose_phrase_counts(dice)[0], dice
        )
        return _pick_phrases(bank["partial"], 1, dice), candid + self._take_unused_aside(
            "after_red", dice, 0.3
        )

    def _choose_not_applicable_phrases(self, bank: Bank, dice: Random) -> tuple[list[str], list[str]]:
        reason = dice.choice(bank["not_applicable"])
        return [load_common_phrases()["not_applicable"].replace("{reason}", reason)], []

    def _choose_phrase_counts(self, dice: Random) -> tuple[int, int]:
        fewest, most = _SENTENCES[self.manner["length"]]
        return dice.randint(fewest, most), dice.randint(fewest, most)

    def _take_unused_aside(self, name: str, dice: Random, chance: float) -> list[str]:
        if dice.random() >= chance:
            return []
        if name not in self._asides:
            self._asides[name] = self.dice("asides", name).sample(
                load_common_phrases()[name], len(load_common_phrases()[name])
            )
        return [self._asides[name].pop()] if self._asides[name] else []

    def _laid_out(self, sentences: Sequence[str]) -> str:
        text = self._lay_out_all(sentences)
        while len(text.split()) > self.word_limit and len(sentences) > 1:
            sentences = sentences[:-1]
            text = self._lay_out_all(sentences)
        return text

    def _lay_out_all(self, sentences: Sequence[str]) -> str:
        layout = self.manner["layout"]
        if len(sentences) < 2 or layout == "prose":
            return " ".join(sentences)
        if layout == "numbered":
            return "\n".join(f"{n}. {sentence}" for n, sentence in enumerate(sentences, 1))
        if layout == "labelled":
            return f"{sentences[0]}\n" + "\n".join(sentences[1:])
        return "\n".join(_BULLETS.get(layout, "{}").format(sentence) for sentence in sentences)

    def question(self, address: str, written: Written, author: "Writer", used: set[str]) -> str:
        """A challenge to what another area's `author` wrote under a sub-heading, in that area's own terms.

        Questions and openings in `used` are avoided where possible; those chosen now are added to it.
        """
        dice = self.dice("question", address)
        bank, common = find_phrase_bank(self.framework, address), load_common_phrases()
        terms = author.terms(address)
        is_green = written.rating is Rating.GREEN
        asked = _pick_phrases(
            common["embedding"] if is_green else bank["ask"], 1 if is_green else dice.randint(1, 2), dice
        )
        asked = [question for question in asked if question not in used] or _pick_phrases(
            bank["ask"], 1, dice
        )
        opening = self._choose_opening(written, used, dice, certain=is_green)
        used.update(asked, opening)
        return " ".join(make_sentence(phrase, terms, dice) for phrase in (*opening, *asked))

    def _choose_opening(self, written: Written, used: set[str], dice: Random, *, certain: bool) -> list[str]:
        common = load_common_phrases()
        quoted = _find_quotable_clause(written.development, dice)
        if quoted and not certain and dice.random() < 0.3:
            return [dice.choice(common["quoting"]).replace("{quoted}", quoted)]
        fresh = [opening for opening in common["openings"][written.rating.value] if opening not in used]
        return [dice.choice(fresh)] if fresh and (certain or dice.random() < 0.4) else []

    def answer(self, address: str, rating: Rating) -> tuple[ResponseKind, str]:
        """The author's answer to a challenge under a sub-heading."""
        dice = self.dice("answer", address)
        weights = {Rating.RED: (2, 3, 3), Rating.GREEN: (3, 0, 2)}.get(rating, (4, 2, 3))
        kind = dice.choices(tuple(ResponseKind), weights)[0]
        answers = (
            load_common_phrases()["green_answers"]
            if rating is Rating.GREEN
            else find_phrase_bank(self.framework, address)["answers"]
        )
        return kind, make_sentence(dice.choice(answers[_ANSWERS[kind]]), self.terms(address), dice)

    def list_points(self, address: str, written: Written, *, is_strength: bool) -> list[str]:
        """What the two areas may agree about a sub-heading at the event, best first.

        What the area itself has `written` comes first, then what anybody could say of the sub-heading. A
        Chair records it, and it is read alone: none says "we" or "it".
        """
        bank, dice = find_phrase_bank(self.framework, address), self.dice("agreed", address)
        own, usual = ("strong", "agreed") if is_strength else ("gaps", "need")
        told = written.strengths if is_strength else written.development
        phrases = [one for one in dice.sample(bank[own], len(bank[own])) if _can_be_read_alone(one)]
        phrases.insert(dice.randint(0, 1), bank[usual])
        points = [_capitalise_first_letter(make_sentence(one, self.terms(address), dice)) for one in phrases]
        return sorted(points, key=lambda point: point not in told)

    def actions(self, address: str) -> list[tuple[str, str]]:
        """One or two actions on a sub-heading, each as (action, how people will know that it worked)."""
        dice = self.dice("action", address)
        terms = self.terms(address)
        number = 2 if dice.random() < 0.3 else 1
        chosen = dice.sample(find_phrase_bank(self.framework, address)["actions"], number)
        return [
            (make_sentence(action, terms, dice), make_sentence(measure, terms, dice))
            for action, measure in chosen
        ]

    def role(self, name: str, *about: object, within: str | None = None) -> str:
        """A role (or several) from the lists of voices.yaml, with the area's own words."""
        listed = load_common_phrases()[name]
        dice = self.dice(name, within, *about)
        return _capitalise_first_letter(
            make_sentence(dice.choice(listed[within] if within else listed), self.words, dice)
        )

    def day(self, day: date) -> str:
        """A date in the form that this writer uses."""
        return day.strftime("%d/%m/%Y") if self.manner["date"] == "short" else day_in_words(day)

    def rating(self, rating: Rating) -> str:
        """A rating in the form that this writer uses."""
        if rating is Rating.NOT_APPLICABLE:
            return "N/A" if self.manner["rating"] == "letter" else "Not applicable"
        ways = {"upper": rating.value, "title": rating.value.title(), "letter": rating.value[0]}
        return ways[self.manner["rating"]]


def make_writers(seed: int, cycle: Cycle, framework: Framework) -> dict[str, Writer]:
    """A writer for every participant, and one for every Chair, by id."""
    dice = Random(f"{seed}/writers")  # noqa: S311 - for variety, not secrecy
    common = load_common_phrases()
    manners = dice.sample(common["writers"], len(common["writers"]))
    words = {term: dice.sample(choices, len(choices)) for term, choices in common["words"].items()}
    made: dict[str, Writer] = {}
    for n, area in enumerate(cycle.participants):
        own = {term: choices[n % len(choices)] for term, choices in words.items()}
        made[area.id] = Writer(
            f"{seed}/{area.id}",
            framework,
            manners[n % len(manners)],
            own | _collect_area_terms(area),
            word_limit=cycle.rules.word_limit,
        )
    plain = next(manner for manner in common["writers"] if manner["layout"] == "prose")
    for chair in cycle.chairs:
        words_of_chair = made[cycle.participants[0].id].words
        made[chair.id] = Writer(
            f"{seed}/{chair.id}", framework, plain, words_of_chair, word_limit=cycle.rules.word_limit
        )
    return made


def _collect_area_terms(area: Participant) -> dict[str, str]:
    first, comma, _ = area.name.partition(", ")
    return {
        "area": first if comma else area.name,
        "police": area.police or "the police",
        "icb": f"the {area.icb[0]}" if area.icb else "the integrated care board",
        "partnership": area.partnership or "the partnership",
    }


def _pick_phrases(phrases: Iterable[str], number: int, dice: Random) -> list[str]:
    among = list(phrases)
    return dice.sample(among, min(number, len(among)))


def _can_be_read_alone(phrase: str) -> bool:
    """Whether a phrase says all of its thought: it refers to nothing before it, and is not clipped."""
    return len(phrase.split()) >= _FEWEST_WORDS and not _POINTS_ELSEWHERE.search(phrase)


def _capitalise_first_letter(text: str) -> str:
    return text[:1].upper() + text[1:]


def _find_quotable_clause(text: str, dice: Random) -> str:
    """A clause short enough to quote, or nothing."""
    plain = (line.lstrip("-•0123456789.\t ") for line in text.replace(". ", ".\n").split("\n"))
    found = [line.rstrip(".") for line in plain if 4 <= len(line.split()) <= 16]
    return dice.choice(found) if found else ""
