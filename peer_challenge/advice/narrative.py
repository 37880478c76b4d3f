"""What a narrative says, sentence by sentence: claims, evidence, hopes, difficulties and plans."""

import re
from dataclasses import dataclass
from functools import cached_property

from peer_challenge.advice.lexicon import Lexicon

_END = re.compile(r"(?<=[.!?])[\"”’')]*\s+(?=[A-Z“\"'(\d])|(?<!\s)\s*\n\s*|;\s+")
_BULLET = re.compile(r"^[^\S\n]*(?:(?:[•·▪◦*–-]|o(?=\s)|\d{1,2}[.)](?=\s))[^\S\n]*)+", re.MULTILINE)
"""What begins a line of a list: no end of a sentence, though a number has a full stop."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence as the author wrote it. `at` is where the words that matter begin."""

    text: str
    at: int = 0

    def quoted(self, most: int) -> str:
        """At most `most` of the author's words, from the clause on that holds the words that matter."""
        if len(self.text.split()) <= most:
            return self.text.rstrip(".")
        clauses = [m.end() for m in re.finditer(r"[,;:]\s+|\s[–-]\s", self.text[: self.at])]
        start = clauses[-1] if clauses and len(self.text[: self.at].split()) > most // 2 else 0
        cut = re.match(rf"(?:\s*\S+){{1,{most}}}", self.text[start:])
        return cut.group().strip().rstrip(".,;:") if cut else self.text


class Narrative:
    """The narrative of one sub-heading: the sentences of its two columns, sorted by what they say.

    Each property is worked out only when it is asked for, because few questions need all of them.
    """

    def __init__(self, strengths: str, development: str, words: Lexicon) -> None:
        self._lexicon = words
        self.strengths = _split_sentences(strengths, words)
        self.development = _split_sentences(development, words)
        self.text = "\n".join(s.text for s in (*self.strengths, *self.development))
        self._whole = strengths + "\n" + development

    @cached_property
    def claimed(self) -> list[Sentence]:
        """Strengths that say that something is good and name nothing that is wrong with it."""
        kinds = ("difficulty", "negation")
        claims = _select_by_signal("claim", self.strengths, self._lexicon)
        return [said for said in claims if not _is_troubled(said, self._lexicon, *kinds)]

    @cached_property
    def shown(self) -> list[Sentence]:
        """Strengths that give evidence."""
        return _select_by_signal("evidence", self.strengths, self._lexicon)

    @cached_property
    def hoped(self) -> list[Sentence]:
        """Strengths that are hoped for or still to come."""
        return _select_by_signal("tentative", self.strengths, self._lexicon)

    @cached_property
    def troubled(self) -> list[Sentence]:
        """Sentences that name a difficulty or say that something is not so."""
        return self._find_difficulties("difficulty", "negation")

    @cached_property
    def hard(self) -> list[Sentence]:
        """Sentences that name a difficulty. A sentence that only contains a "not" is left out."""
        return self._find_difficulties("difficulty")

    def _find_difficulties(self, *kinds: str) -> list[Sentence]:
        every = (*self.development, *self.strengths)
        return [_mark_difficulty(s, self._lexicon) for s in every if _is_troubled(s, self._lexicon, *kinds)]

    @cached_property
    def planned(self) -> list[Sentence]:
        """Sentences that hold a plan: what somebody will do by a day."""
        said = _select_by_signal("plan", [*self.strengths, *self.development], self._lexicon)
        return said + _find_planned_sentences(self.development, self._lexicon)

    @cached_property
    def meant(self) -> list[Sentence]:
        """Sentences about development that state an intention."""
        return [said for said in self.development if _is_intention(said, self._lexicon)]

    @cached_property
    def lasts(self) -> bool:
        """Whether the narrative says how something is kept up."""
        return bool(self._lexicon.find("embedding", self._whole))

    @property
    def words(self) -> int:
        """How many words the narrative has."""
        return len(self.text.split())

    @property
    def unplanned(self) -> list[Sentence]:
        """The difficulties, when the narrative holds no plan at all; else an empty list."""
        return [] if self.planned else self.troubled

    @property
    def unmet(self) -> list[Sentence]:
        """The difficulties, when the narrative holds neither a plan nor an intention; else an empty list."""
        return [] if self.meant else self.unplanned

    @property
    def best(self) -> Sentence | None:
        """The sentence that best carries a claim, or None.

        A sentence that claims something and gives evidence comes first, then one with evidence, then a claim.
        """
        shown = {said.text for said in self.shown}
        both = [said for said in self.claimed if said.text in shown]
        return next(iter(both or self.shown or self.claimed), None)


def _split_sentences(text: str, words: Lexicon) -> list[Sentence]:
    parts = map(str.strip, _END.split(_BULLET.sub("", text)))
    return [Sentence(part) for part in parts if part and not _is_empty_statement(part, words)]


def _is_empty_statement(part: str, words: Lexicon) -> bool:
    return bool(words.signals["empty"].pattern.fullmatch(part.rstrip(".").strip()))


def _select_by_signal(signal: str, sentences: list[Sentence], words: Lexicon) -> list[Sentence]:
    found = ((s, words.find(signal, s.text)) for s in sentences)
    return [Sentence(s.text, match.start()) for s, match in found if match]


def _find_planned_sentences(sentences: list[Sentence], words: Lexicon) -> list[Sentence]:
    left = [Sentence(words.signals["no_plan"].taken_out(s.text)) for s in sentences]
    return _select_by_signal("plan_in_development", left, words)


def _is_troubled(sentence: Sentence, words: Lexicon, *signals: str) -> bool:
    if _is_intention(sentence, words) or not any(words.find(signal, sentence.text) for signal in signals):
        return False
    left = words.signals["difficulty_denied"].taken_out(sentence.text)
    return any(words.find(signal, left) for signal in signals)


def _mark_difficulty(sentence: Sentence, words: Lexicon) -> Sentence:
    found = words.find("difficulty", sentence.text) or words.find("negation", sentence.text)
    return Sentence(sentence.text, found.start() if found else 0)


def _is_intention(sentence: Sentence, words: Lexicon) -> bool:
    return bool(words.signals["intention"].pattern.match(sentence.text))
