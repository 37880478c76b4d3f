"""What a narrative says, sentence by sentence: claims, evidence, hopes, difficulties and plans."""

import re
from dataclasses import dataclass
from functools import cached_property

from peer_challenge.advice.lexicon import Lexicon

_END = re.compile(r"(?<=[.!?])[\"”’')]*\s+(?=[A-Z“\"'(\d])|(?<!\s)\s*\n\s*|;\s+")
_BULLET = re.compile(r"^[\s•·▪◦o*–-]*(?:\d+[.)]\s+)?(?=\S)")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence as the author wrote it, and where its telling words stand in it."""

    text: str
    at: int = 0

    def quoted(self, most: int) -> str:
        """The author's words, at most `most` of them, from the clause with the telling words on."""
        if len(self.text.split()) <= most:
            return self.text.rstrip(".")
        clauses = [m.end() for m in re.finditer(r"[,;:]\s+|\s[–-]\s", self.text[: self.at])]
        start = clauses[-1] if clauses and len(self.text[: self.at].split()) > most // 2 else 0
        cut = re.match(rf"(?:\s*\S+){{1,{most}}}", self.text[start:])
        return cut.group().strip().rstrip(".,;:") if cut else self.text


class Narrative:
    """The narrative of one sub-heading, from what was written in its two columns: sentences by what they do.

    Each is worked out when it is asked for: few questions ask for all.
    """

    def __init__(self, strengths: str, development: str, words: Lexicon) -> None:
        self._lexicon = words
        self.strengths = _sentences(strengths, words)
        self.development = _sentences(development, words)
        self.text = "\n".join(s.text for s in (*self.strengths, *self.development))
        self._whole = strengths + "\n" + development

    @cached_property
    def claimed(self) -> list[Sentence]:
        """Strengths that say that something is good, and nothing that is wrong with it."""
        kinds = ("difficulty", "negation")
        claims = _with("claim", self.strengths, self._lexicon)
        return [said for said in claims if not _is_troubled(said, self._lexicon, *kinds)]

    @cached_property
    def shown(self) -> list[Sentence]:
        """Strengths that say how one knows."""
        return _with("evidence", self.strengths, self._lexicon)

    @cached_property
    def hoped(self) -> list[Sentence]:
        """Strengths that are still to come."""
        return _with("tentative", self.strengths, self._lexicon)

    @cached_property
    def troubled(self) -> list[Sentence]:
        """What is hard or is not so."""
        return self._pointed_at("difficulty", "negation")

    @cached_property
    def hard(self) -> list[Sentence]:
        """The difficulties that say so, and not only "not"."""
        return self._pointed_at("difficulty")

    def _pointed_at(self, *kinds: str) -> list[Sentence]:
        every = (*self.development, *self.strengths)
        return [_pointed(s, self._lexicon) for s in every if _is_troubled(s, self._lexicon, *kinds)]

    @cached_property
    def planned(self) -> list[Sentence]:
        """What somebody will do by a day."""
        said = _with("plan", [*self.strengths, *self.development], self._lexicon)
        return said + _promised(self.development, self._lexicon)

    @cached_property
    def meant(self) -> list[Sentence]:
        """What is at least meant to be done."""
        return [said for said in self.development if _is_intention(said, self._lexicon)]

    @cached_property
    def lasts(self) -> bool:
        """Whether anything is said of how it is kept up."""
        return bool(self._lexicon.find("embedding", self._whole))

    @property
    def words(self) -> int:
        """How many words the narrative has."""
        return len(self.text.split())

    @property
    def unplanned(self) -> list[Sentence]:
        """Difficulties, when the narrative holds no plan at all, who leads it and by when."""
        return [] if self.planned else self.troubled

    @property
    def unmet(self) -> list[Sentence]:
        """Difficulties for which nothing is even meant to be done."""
        return [] if self.meant else self.unplanned

    @property
    def best(self) -> Sentence | None:
        """The sentence that best carries a claim: one that also shows it, else shown, else claimed."""
        shown = {said.text for said in self.shown}
        both = [said for said in self.claimed if said.text in shown]
        return next(iter(both or self.shown or self.claimed), None)


def _sentences(text: str, words: Lexicon) -> list[Sentence]:
    parts = (_BULLET.sub("", part).strip() for part in _END.split(text))
    return [Sentence(part) for part in parts if part and not _is_empty(part, words)]


def _is_empty(part: str, words: Lexicon) -> bool:
    return bool(words.signals["empty"].pattern.fullmatch(part.rstrip(".").strip()))


def _with(signal: str, sentences: list[Sentence], words: Lexicon) -> list[Sentence]:
    found = ((s, words.find(signal, s.text)) for s in sentences)
    return [Sentence(s.text, match.start()) for s, match in found if match]


def _promised(sentences: list[Sentence], words: Lexicon) -> list[Sentence]:
    left = [Sentence(words.signals["no_plan"].taken_out(s.text)) for s in sentences]
    return _with("plan_in_development", left, words)


def _is_troubled(sentence: Sentence, words: Lexicon, *signals: str) -> bool:
    if _is_intention(sentence, words) or not any(words.find(signal, sentence.text) for signal in signals):
        return False
    left = words.signals["difficulty_denied"].taken_out(sentence.text)
    return any(words.find(signal, left) for signal in signals)


def _pointed(sentence: Sentence, words: Lexicon) -> Sentence:
    found = words.find("difficulty", sentence.text) or words.find("negation", sentence.text)
    return Sentence(sentence.text, found.start() if found else 0)


def _is_intention(sentence: Sentence, words: Lexicon) -> bool:
    return bool(words.signals["intention"].pattern.match(sentence.text))
