"""What one writer puts into words: narratives, questions, answers, agreed items, actions.

A writer has a manner and words of its own; the same seed always writes the same.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any

from peer_challenge.model.cycle import Cycle, Participant
from peer_challenge.model.days_in_words import day_in_words
from peer_challenge.model.framework import Framework
from peer_challenge.model.vocabulary import Rating, ResponseKind
from peer_challenge.rehearsal.phrases import Bank, bank_of, say, voices

_SENTENCES = {"short": (1, 1), "medium": (1, 2), "long": (2, 2)}
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
    """

    def __init__(self, seed: object, framework: Framework, manner: Bank, words: dict[str, str]) -> None:
        self.seed, self.framework, self.manner, self.words = seed, framework, manner, words
        self._asides: dict[str, list[str]] = {}

    def dice(self, *about: object) -> Random:
        """Dice that always fall the same for this writer and what it is about."""
        return Random(f"{self.seed}/{'/'.join(map(str, about))}")  # noqa: S311 - for variety, not secrecy

    def terms(self, address: str) -> dict[str, str]:
        """The words to fill a phrase of a sub-heading with."""
        topic = self.framework.subheadings[address].title
        topic = topic if topic[:2].isupper() else topic[0].lower() + topic[1:]
        return {**self.words, "topic": topic, "month": "{" + "|".join(voices()["months"]) + "}"}

    def row(self, address: str, rating: Rating) -> Written:
        """The narrative of a sub-heading that is rated `rating`."""
        dice = self.dice("row", address)
        bank = bank_of(self.framework, address)
        told = {
            Rating.GREEN: self._green,
            Rating.AMBER: self._amber,
            Rating.RED: self._red,
            Rating.NOT_APPLICABLE: self._not_applicable,
        }[rating](bank, dice)
        terms = self.terms(address)
        strengths, development = ([_sentence(say(p, terms, dice)) for p in part] for part in told)
        return Written(rating, self._laid_out(strengths), self._laid_out(development))

    def _green(self, bank: Bank, dice: Random) -> tuple[list[str], list[str]]:
        claims, proofs = self._numbers(dice)
        strengths = _some(bank["strong"], claims, dice) + _some(bank["evidence"], proofs, dice)
        after = self._aside("after_green", dice, 0.12)
        fewer = dice.random()
        next_steps = (
            [] if fewer < 0.3 else self._aside("nothing_more", dice, 0.4) or _some(bank["gaps"], 1, dice)
        )
        return strengths + after, next_steps

    def _amber(self, bank: Bank, dice: Random) -> tuple[list[str], list[str]]:
        claims, proofs = self._numbers(dice)
        if dice.random() < 0.4:  # what reads as a strength, and isn't rated as one
            strengths = _some(bank["strong"], claims, dice) + _some(bank["evidence"], 1, dice)
        else:
            strengths = _some(bank["partial"], claims, dice)
        return strengths + self._aside("after_amber", dice, 0.12), _some(bank["gaps"], proofs, dice)

    def _red(self, bank: Bank, dice: Random) -> tuple[list[str], list[str]]:
        candid = _some(bank["serious"], 1, dice) + _some(bank["gaps"], self._numbers(dice)[0], dice)
        return _some(bank["partial"], 1, dice), candid + self._aside("after_red", dice, 0.3)

    def _not_applicable(self, bank: Bank, dice: Random) -> tuple[list[str], list[str]]:
        reason = dice.choice(bank["not_applicable"])
        return [voices()["not_applicable"].replace("{reason}", reason)], []

    def _numbers(self, dice: Random) -> tuple[int, int]:
        fewest, most = _SENTENCES[self.manner["length"]]
        return dice.randint(fewest, most), dice.randint(fewest, most)

    def _aside(self, name: str, dice: Random, chance: float) -> list[str]:
        if dice.random() >= chance:
            return []
        if name not in self._asides:
            self._asides[name] = self.dice("asides", name).sample(voices()[name], len(voices()[name]))
        return [self._asides[name].pop()] if self._asides[name] else []

    def _laid_out(self, sentences: Sequence[str]) -> str:
        layout = self.manner["layout"]
        if len(sentences) < 2 or layout == "prose":
            return " ".join(sentences)
        if layout == "numbered":
            return "\n".join(f"{n}. {sentence}" for n, sentence in enumerate(sentences, 1))
        if layout == "labelled":
            return f"{sentences[0]}\n" + "\n".join(sentences[1:])
        return "\n".join(_BULLETS.get(layout, "{}").format(sentence) for sentence in sentences)

    def question(self, address: str, written: Written, used: set[str]) -> str:
        """A challenge to what another area wrote under a sub-heading; `used` openings are not repeated."""
        dice = self.dice("question", address)
        bank, common = bank_of(self.framework, address), voices()
        terms = self.terms(address)
        is_green = written.rating is Rating.GREEN
        asked = _some(
            common["embedding"] if is_green else bank["ask"], 1 if is_green else dice.randint(1, 2), dice
        )
        asked = [question for question in asked if question not in used] or _some(bank["ask"], 1, dice)
        opening = self._opening(written, used, dice, certain=is_green)
        used.update(asked, opening)
        return " ".join(say(phrase, terms, dice) for phrase in (*opening, *asked))

    def _opening(self, written: Written, used: set[str], dice: Random, *, certain: bool) -> list[str]:
        common = voices()
        quoted = _quotable(written.development, dice)
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
            voices()["green_answers"]
            if rating is Rating.GREEN
            else bank_of(self.framework, address)["answers"]
        )
        return kind, say(dice.choice(answers[_ANSWERS[kind]]), self.terms(address), dice)

    def agreed(self, address: str, *, is_strength: bool) -> str:
        """What the two areas agree about a sub-heading at the event."""
        bank = bank_of(self.framework, address)
        dice = self.dice("agreed", address)
        return _sentence(say(bank["agreed" if is_strength else "need"], self.terms(address), dice))

    def actions(self, address: str) -> list[tuple[str, str]]:
        """One or two actions on a sub-heading, each with how one will know that it worked."""
        dice = self.dice("action", address)
        terms = self.terms(address)
        number = 2 if dice.random() < 0.3 else 1
        chosen = dice.sample(bank_of(self.framework, address)["actions"], number)
        return [(say(action, terms, dice), say(measure, terms, dice)) for action, measure in chosen]

    def role(self, name: str, *about: object, within: str | None = None) -> str:
        """A role (or several) from the lists of voices.yaml, with the area's own words."""
        listed: Any = voices()[name]
        dice = self.dice(name, within, *about)
        return _sentence(say(dice.choice(listed[within] if within else listed), self.words, dice))

    def day(self, day: date) -> str:
        """A date as this writer puts it."""
        return day.strftime("%d/%m/%Y") if self.manner["date"] == "short" else day_in_words(day)

    def rating(self, rating: Rating) -> str:
        """A rating as this writer puts it."""
        if rating is Rating.NOT_APPLICABLE:
            return "N/A" if self.manner["rating"] == "letter" else "Not applicable"
        ways = {"upper": rating.value, "title": rating.value.title(), "letter": rating.value[0]}
        return ways[self.manner["rating"]]


def writers(seed: int, cycle: Cycle, framework: Framework) -> dict[str, Writer]:
    """A writer for every participant, and one for every Chair, by id."""
    dice = Random(f"{seed}/writers")  # noqa: S311 - for variety, not secrecy
    common = voices()
    manners = dice.sample(common["writers"], len(common["writers"]))
    words = {term: dice.sample(choices, len(choices)) for term, choices in common["words"].items()}
    made: dict[str, Writer] = {}
    for n, area in enumerate(cycle.participants):
        own = {term: choices[n % len(choices)] for term, choices in words.items()}
        made[area.id] = Writer(f"{seed}/{area.id}", framework, manners[n % len(manners)], own | _facts(area))
    plain = next(manner for manner in common["writers"] if manner["layout"] == "prose")
    for chair in cycle.chairs:
        made[chair.id] = Writer(f"{seed}/{chair.id}", framework, plain, made[cycle.participants[0].id].words)
    return made


def _facts(area: Participant) -> dict[str, str]:
    first, comma, _ = area.name.partition(", ")
    return {
        "area": first if comma else area.name,
        "police": area.police or "the police",
        "icb": f"the {area.icb[0]}" if area.icb else "the integrated care board",
        "partnership": area.partnership or "the partnership",
    }


def _some(phrases: Iterable[str], number: int, dice: Random) -> list[str]:
    among = list(phrases)
    return dice.sample(among, min(number, len(among)))


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _quotable(text: str, dice: Random) -> str:
    """A clause short enough to quote, or nothing."""
    plain = (line.lstrip("-•0123456789.\t ") for line in text.replace(". ", ".\n").split("\n"))
    found = [line.rstrip(".") for line in plain if 4 <= len(line.split()) <= 16]
    return dice.choice(found) if found else ""
