"""What a narrative says, sentence by sentence: claims, evidence, hopes, difficulties and plans."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from peer_challenge.advice.lexicon import Lexicon, Phrases

_END = re.compile(r"(?<=[.!?])[\"”’')]*\s+(?=[A-Z“\"'(\d])|(?<!\s)\s*\n\s*|;\s+")
_BULLET = re.compile(r"^[^\S\n]*(?:(?:[•·▪◦*–-]|o(?=\s)|\d{1,2}[.)](?=\s))[^\S\n]*)+", re.MULTILINE)
"""What begins a line of a list: no end of a sentence, though a number has a full stop."""


_CONTRACTIONS = tuple(
    (re.compile(short, re.IGNORECASE), long)
    for short, long in (
        (r"\bcan[’']t\b", "cannot"),
        (r"\bwon[’']t\b", "will not"),
        (r"n[’']t\b", " not"),
        (r"(?<=\w)[’']ve\b", " have"),
        (r"(?<=\w)[’']re\b", " are"),
        (r"\bthere[’']s\b", "there is"),
    )
)

_FEWEST = 5
"""Words: fewer are a heading or a label."""
_NUMBER = (
    r"(?:\d+|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|sixty|eighty|"
    r"most|many|few|several)"
)
_COUNTED = r"(?:[\w’'-]+s|people|children|staff|police|men|women)\b"
_TIME = r"(?:year|month|week|term|quarter|spring|summer|autumn|winter)\b"
_HEADING = r"^(?:what|where|how|areas?|things)\b[^.]{0,45}$|(?-i:^[^a-z]+$)"
_LEANING = (
    # a number of something that is not named: "Five were late", "31 open, some from 2023", "All 5 notified"
    rf"^(?:all\s+)?{_NUMBER}\s+(?:were|was|have|has|had|are|is|did|do|of\s+(?:them|these|those))\b",
    rf"^(?:all\s+|only\s+)?\d[\d,.]*(?![\d%]|,\d|\.\d|\s*per\s?cent|\s+(?:out\s+)?(?:of|in)\b)"
    rf"(?!(?:\s+[\w’'-]+){{0,3}}\s+{_COUNTED})",
    r"^\d+\s?%\s+(?:were|was|have|has|had|are|is|did|do|of\s+(?:them|these|those))\b",
    # a word for something named before
    r"\bit\b(?!\s+(?:is|was|can\s+be)\s+(?:not\s+)?(?:hard|difficult|unclear|clear|easy|possible|likely|rare)\b)",
    r"\b(?:him|her|he|she|these)\b",
    rf"\bthis\b(?!\s+{_TIME})",
    r"\bthose\b(?!\s+(?:who|that|with|in|at|from|we|aged|not|on|placed)\b)",
    rf"^(?!.*\b{_COUNTED}.*\b(?:they|them)\b).*\b(?:they|them)\b",
    r"\b(?:did|do|does|done|doing)\s+so\b|\bthe\s+same\b(?!\s+(?:level|day|time|worker|social)\b)",
    r"\bthe\s+(?:others?|latter|former|remaining|rest|above)\b|\bin\s+n?either\W*$|\bin\s+(?:each|every|both|all)\s+cases?\b",
    r"\bsince\s+(?:has|have|had|then)\b",
    r"^(?:meanwhile|in\s+the\s+meantime)\b|^\w+\s+(?:days|weeks|months|years)\s+(?:later|on)\b",
    r"^(?:its|that|their|both|such|so|then|here|and|but|or|because|which|who|also|too|however|although|though|while|"
    r"despite|instead|one|others?|neither|none|nor|otherwise|again|for\s+(?:that|instance|example)|"
    r"in\s+(?:that|truth|practice))\b",
    rf"^(?:two|three|some)\b(?!\s+{_COUNTED})",
    r"^there\b(?!\s+(?:is|are|was|were|has|have)\b)|^as\b(?!\s+a\s+result\s+of\s+the\b)",
    r"^beyond\s+(?:that|this|these|those)\b",
    # no subject: "Doesn't say what happens", "Not been reviewed", "Dates from 2019"
    r"^(?:is|has|was|were|does|did|says|needs|makes|dates|shows|remains|not|never|yet|still|been|cannot|could|would)\b",
    # a question, a heading
    rf"\?\W*$|{_HEADING}",
    # left open
    r":\s*$|“[^”]*$|\([^)]*$|(?-i:^[a-z])",
)
_HEADS = re.compile(_HEADING, re.IGNORECASE)
_LEANS = re.compile("|".join(_LEANING), re.IGNORECASE)
"""What makes a sentence lean on the one before it, or leaves it open: quoted alone it says nothing.

In doubt a sentence leans, for the bank has a question for every sub-heading.
"""


_IS_SUBJECT = re.compile(
    r"\s+(?:(?:on|with|for|to|of|in)\s+(?:\w+\s+){1,4})?(?:is|are|was|were|has|have|had|does|did)\b", re.I
)
"""What follows a noun: "Work has not begun" says what is so, "Work with schools" what is meant."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence as the author wrote it (`text`), and with "isn't" written out as "is not" (`plain`)."""

    text: str
    plain: str

    @property
    def quoted(self) -> str:
        """The sentence as a question quotes it: whole, without its full stop."""
        return self.text.rstrip(".")

    def is_whole_thought(self, most: int) -> bool:
        """Whether it can be read alone: neither too long nor too short, and leaning on no other."""
        return _FEWEST <= len(self.text.split()) <= most and not _LEANS.search(self.plain)


class _Signals:
    """What the phrases of a lexicon are in the sentences of one narrative: each is looked for once.

    Several questions ask whether a sentence names a difficulty, say.
    """

    def __init__(self, words: Lexicon) -> None:
        self._words = words
        self._known: dict[tuple[str, str], bool] = {}

    def has(self, signal: str, text: str) -> bool:
        """Whether a phrase of `signal` is in `text`."""
        key = (signal, text)
        if key not in self._known:
            self._known[key] = self.phrases_of(signal).is_in(text)
        return self._known[key]

    def phrases_of(self, signal: str) -> Phrases:
        """The phrases of a signal."""
        return self._words.signals[signal]

    def select(self, signal: str, sentences: Iterable[Sentence]) -> list[Sentence]:
        """The sentences in which a phrase of `signal` is."""
        return [said for said in sentences if self.has(signal, said.plain)]

    def is_troubled(self, sentence: Sentence, *signals: str) -> bool:
        """Whether a sentence has one of the signals, beside what it denies, and is no intention."""
        if not any(self.has(signal, sentence.plain) for signal in signals) or self.is_intention(sentence):
            return False
        left = self.phrases_of("difficulty_denied").taken_out(sentence.plain)
        return any(self.has(signal, left) for signal in signals)

    def is_intention(self, sentence: Sentence) -> bool:
        """Whether a sentence begins as what is meant to be done does."""
        begins = self.phrases_of("intention").pattern.match(sentence.plain)
        return begins is not None and not _IS_SUBJECT.match(sentence.plain, begins.end())


class Narrative:
    """The narrative of one sub-heading: the sentences of its two columns, sorted by what they say.

    Each property is worked out only when it is asked for, because few questions need all of them.
    """

    def __init__(self, strengths: str, development: str, words: Lexicon) -> None:
        self._signals = _Signals(words)
        self.strengths = _split_sentences(strengths, words)
        self.development = _split_sentences(development, words)
        self.text = "\n".join(s.text for s in (*self.strengths, *self.development))
        self._development = development
        self._whole = strengths + "\n" + development

    @cached_property
    def development_in_full(self) -> str:
        """All that stands under areas for development, as a question quotes it: without the full stop.

        "" where it may be no difficulty (praise, what is denied or over), asks something, or is a list.
        """
        text = self._development.strip()
        if (
            len(text.split()) < _FEWEST
            or not self.development
            or "?" in text
            or "\n" in text
            or _BULLET.match(text)
            or _HEADS.match(text)
        ):
            return ""
        is_short = any(self._names_shortfall(said) for said in self.development)
        return text.rstrip(".") if self.said_to_be_wrong or is_short else ""

    def _names_shortfall(self, said: Sentence) -> bool:
        left = self._signals.phrases_of("difficulty_denied").taken_out(said.plain)
        return self._signals.has("shortfall", left) and not self._signals.has("claim", said.plain)

    @cached_property
    def claimed(self) -> list[Sentence]:
        """Strengths that say that something is good and name nothing that is wrong with it."""
        kinds = ("difficulty", "negation")
        claims = self._signals.select("claim", self.strengths)
        return [said for said in claims if not self._signals.is_troubled(said, *kinds)]

    @cached_property
    def shown(self) -> list[Sentence]:
        """Strengths that give evidence."""
        return self._signals.select("evidence", self.strengths)

    @cached_property
    def hoped(self) -> list[Sentence]:
        """Strengths that are hoped for or still to come."""
        return self._signals.select("tentative", self.strengths)

    @cached_property
    def troubled(self) -> list[Sentence]:
        """Sentences that name a difficulty or say that something is not so."""
        return self._find_difficulties("difficulty", "negation")

    def _find_difficulties(self, *kinds: str) -> list[Sentence]:
        every = (*self.development, *self.strengths)
        return [said for said in every if self._signals.is_troubled(said, *kinds)]

    @cached_property
    def planned(self) -> list[Sentence]:
        """Sentences that hold a plan: what somebody will do by a day."""
        return self._signals.select("plan", self.strengths) + self.planned_in_development

    @cached_property
    def planned_in_development(self) -> list[Sentence]:
        """Sentences of the area for development that hold a plan."""
        return [said for said in self.development if self._holds_plan(said)]

    def _holds_plan(self, said: Sentence) -> bool:
        left = self._signals.phrases_of("no_plan").taken_out(said.plain)
        return self._signals.has("plan", said.plain) or self._signals.has("plan_in_development", left)

    @cached_property
    def meant(self) -> list[Sentence]:
        """Sentences about development that state an intention."""
        return [said for said in self.development if self._signals.is_intention(said)]

    @cached_property
    def lasts(self) -> bool:
        """Whether the narrative says how something is kept up."""
        return self._signals.has("embedding", self._whole)

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
        gains = self._signals.select("gain", self.shown)
        return [said for said in gains if not any(self._signals.has(k, said.plain) for k in kinds)]

    @cached_property
    def said_to_be_wrong(self) -> list[Sentence]:
        """Sentences of the area for development that name a difficulty and nothing that went well."""
        wrong = [s for s in self.development if self._signals.is_troubled(s, "difficulty", "negation")]
        return [said for said in wrong if not self._signals.has("claim", said.plain)]


def _split_sentences(text: str, words: Lexicon) -> list[Sentence]:
    parts = map(str.strip, _END.split(_BULLET.sub("", text)))
    said = [part for part in parts if part and not _is_empty_statement(part, words)]
    return [Sentence(part, write_out_contractions(part)) for part in said]


def write_out_contractions(text: str) -> str:
    """`text` with "isn't" as "is not", "can't" as "cannot", "we've" as "we have"."""
    if "'" not in text and "’" not in text:  # as most sentences
        return text
    for short, long in _CONTRACTIONS:
        text = short.sub(long, text)
    return text


def _is_empty_statement(part: str, words: Lexicon) -> bool:
    return bool(words.signals["empty"].pattern.fullmatch(part.rstrip(".").strip()))
