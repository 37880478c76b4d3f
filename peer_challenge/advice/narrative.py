"""What a narrative says, sentence by sentence: claims, evidence, hopes, difficulties and plans."""

import re
from dataclasses import dataclass

from peer_challenge.advice.lexicon import Lexicon

_END = re.compile(r"(?<=[.!?])[\"”’')]*\s+(?=[A-Z“\"'(\d])|\s*\n\s*|;\s+")
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


@dataclass(frozen=True, slots=True)
class Narrative:
    """Sentences by what they do. `hard` are the difficulties that say so, and not only "not"."""

    text: str
    strengths: list[Sentence]
    development: list[Sentence]
    claimed: list[Sentence]
    shown: list[Sentence]
    hoped: list[Sentence]
    troubled: list[Sentence]
    hard: list[Sentence]
    planned: list[Sentence]
    meant: list[Sentence]
    lasts: bool

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
        both = [s for s in self.claimed if any(s.text == shown.text for shown in self.shown)]
        return next(iter(both or self.shown or self.claimed), None)


def read_narrative(strengths: str, development: str, words: Lexicon) -> Narrative:
    """The narrative of one sub-heading, from what was written in its two columns."""
    good, bad = _sentences(strengths, words), _sentences(development, words)
    every = [*good, *bad]
    return Narrative(
        text="\n".join(s.text for s in every),
        strengths=good,
        development=bad,
        claimed=[
            s for s in _with("claim", good, words) if not _is_troubled(s, words, "difficulty", "negation")
        ],
        shown=_with("evidence", good, words),
        hoped=_with("tentative", good, words),
        troubled=[
            _pointed(s, words) for s in [*bad, *good] if _is_troubled(s, words, "difficulty", "negation")
        ],
        hard=[_pointed(s, words) for s in [*bad, *good] if _is_troubled(s, words, "difficulty")],
        planned=[*_with("plan", every, words), *_promised(bad, words)],
        meant=[s for s in bad if _is_intention(s, words)],
        lasts=bool(words.find("embedding", strengths + "\n" + development)),
    )


def _sentences(text: str, words: Lexicon) -> list[Sentence]:
    parts = (_BULLET.sub("", part).strip() for part in _END.split(text))
    return [Sentence(part) for part in parts if part and not _is_empty(part, words)]


def _is_empty(part: str, words: Lexicon) -> bool:
    return bool(words.signals["empty"].fullmatch(part.rstrip(".").strip()))


def _with(signal: str, sentences: list[Sentence], words: Lexicon) -> list[Sentence]:
    found = ((s, words.find(signal, s.text)) for s in sentences)
    return [Sentence(s.text, match.start()) for s, match in found if match]


def _promised(sentences: list[Sentence], words: Lexicon) -> list[Sentence]:
    left = [Sentence(words.signals["no_plan"].sub(" ", s.text)) for s in sentences]
    return _with("plan_in_development", left, words)


def _is_troubled(sentence: Sentence, words: Lexicon, *signals: str) -> bool:
    left = words.signals["difficulty_denied"].sub(" ", sentence.text)
    return not _is_intention(sentence, words) and any(words.find(signal, left) for signal in signals)


def _pointed(sentence: Sentence, words: Lexicon) -> Sentence:
    found = words.find("difficulty", sentence.text) or words.find("negation", sentence.text)
    return Sentence(sentence.text, found.start() if found else 0)


def _is_intention(sentence: Sentence, words: Lexicon) -> bool:
    return bool(words.signals["intention"].match(sentence.text))
