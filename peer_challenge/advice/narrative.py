"""What a narrative says, sentence by sentence: claims, evidence, hopes, difficulties and plans."""

import re
from dataclasses import dataclass
from functools import cached_property

from peer_challenge.advice.lexicon import Lexicon

_END = re.compile(r"(?<=[.!?])[\"”’')]*\s+(?=[A-Z“\"'(\d])|(?<!\s)\s*\n\s*|;\s+")
_BULLET = re.compile(r"^[^\S\n]*(?:(?:[•·▪◦*–-]|o(?=\s)|\d{1,2}[.)](?=\s))[^\S\n]*)+", re.MULTILINE)
"""What begins a line of a list: no end of a sentence, though a number has a full stop."""


_FEWEST = 5
"""Words: fewer are a heading or a label."""
_NUMBER = (
    r"(?:\d+|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|sixty|eighty|"
    r"most|many|few|several)"
)
_LEANS = re.compile(
    rf"^{_NUMBER}\s+(?:were|was|have|has|had|are|is|did|do|of\s+(?:them|these|those))\b"
    r"|^(?:in|at|on|by|since)\b[^,]{0,30}\b(?:they|it|he|she)\b"
    r"|\b(?:on|of|about|with|to|for|in|from|by|at)\s+(?:it|this|these|those|them)"
    r"(?!\s+\w+s?\s+(?:is|are|was|were))\b"
    r"|\b(?:did|do|does|done|doing)\s+(?:this|it|so)\b"
    r"|\bthis\s+way\b|\bthe\s+others?\b(?:\s+\d+)?|\bthat\s+it\s+(?:was|is|has)\b"
    r"|^(?:it|its|this|that|these|those|they|them|their|he|she|both|such|so|then|there|here|and|but|or|because|which|"
    r"who|also|too|however|although|though|while|despite|instead|as|one|two|three|some|others?|neither|none|nor|"
    r"otherwise|for\s+(?:this|that|instance|example)|in\s+(?:this|that|truth))\b"
    r"|\b(?:because of|as a result of|despite|like) (?:it|this|that|them)\b"
    r"|:\s*$|“[^”]*$|\([^)]*$|(?-i:^[a-z])",
    re.IGNORECASE,
)
"""What makes a sentence lean on the one before it, or leaves it open: quoted alone it says nothing."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence as the author wrote it. `at` is where the words that matter begin."""

    text: str
    at: int = 0

    @property
    def quoted(self) -> str:
        """The sentence as a question quotes it: whole, without its full stop."""
        return self.text.rstrip(".")

    def is_whole_thought(self, most: int) -> bool:
        """Whether it can be read alone: neither too long nor too short, and leaning on no other."""
        return _FEWEST <= len(self.text.split()) <= most and not _LEANS.search(self.text)


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
    def has_figures(self) -> bool:
        """Whether the strengths give any number: then they may show something that no word told us of."""
        return any(character.isdigit() for said in self.strengths for character in said.text)

    @property
    def words(self) -> int:
        """How many words the narrative has."""
        return len(self.text.split())

    @cached_property
    def claimed_and_shown(self) -> list[Sentence]:
        """Strengths that say in one sentence that something is good and what shows it."""
        shown = {said.text for said in self.shown}
        return [said for said in self.claimed if said.text in shown]

    @cached_property
    def improved(self) -> list[Sentence]:
        """Strengths with evidence of something good, that name nothing that is wrong, or over."""
        kinds = ("difficulty", "negation", "past")
        gains = _select_by_signal("gain", self.shown, self._lexicon)
        return [said for said in gains if not any(self._lexicon.find(k, said.text) for k in kinds)]

    @cached_property
    def said_to_be_wrong(self) -> list[Sentence]:
        """Sentences of the area for development that name a difficulty and nothing that went well."""
        wrong = [s for s in self.development if _is_troubled(s, self._lexicon, "difficulty", "negation")]
        return [said for said in wrong if not self._lexicon.find("claim", said.text)]


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
