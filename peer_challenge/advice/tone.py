"""How a commentary sounds: whether it asks, asserts or repeats, and how it could ask instead.

Source: process note, "commentary is questioning".
"""

# ruff: noqa: E501 - a pattern is easier to read on one line than cut in two

import re
from collections.abc import Container
from dataclasses import dataclass

_ASKING = re.compile(
    r"\?|\b(?:could|can|would|might|please)\s+(?:you|the (?:area|partnership|partners))\b|\bplease\s+\w+"
    r"|\bdo you agree\b|\b(?:we|i) (?:would|should|'d) (?:like|welcome|be interested|ask)\b"
    r"|\b(?:we|i) (?:wonder|wondered|ask|asked|invite)\b|\bit would (?:help|be (?:helpful|useful|good)) to (?:know|hear|see|understand)\b"
    r"|\b(?:tell us|explain|say more|clarify|help us understand|can this be|is there)\b",
    re.I,
)
_VERDICT = re.compile(
    r"\b(?:is|are|was|were|seems?|appears?|looks?|remains?|feels?)\s+(?:\w+\s+){0,3}(?:poor|weak|inadequate|insufficient|good|"
    r"excellent|strong|wrong|unclear|unacceptable|disappointing|concerning|lacking|missing|limited|vague|fine|ok|okay|"
    r"not (?:enough|good|clear|evidenced|acceptable|sufficient|green|amber|red|a strength))\b"
    r"|\b(?:should|must|needs? to|ought to|has to|have to|fails? to|failed to|lacks?)\b"
    r"|\b(?:no|not enough|little|insufficient) (?:evidence|detail|impact|assurance)\b"
    r"|\b(?:we|i) (?:do not|don't|don’t) (?:agree|accept|believe|think)\b|\b(?:disagree|agreed|agree|noted|overrated|too generous)\b",
    re.I,
)
_SHOULD = re.compile(
    r"^(?P<who>.{2,80}?)\s+(?:should|must|needs? to|ought to|has to|have to)\s+(?P<do>.+)$", re.I | re.S
)
_NO = re.compile(
    r"^(?:there (?:is|was|are|were)\s+)?(?:no|not enough|little|insufficient|limited)\s+(?P<what>.+)$",
    re.I | re.S,
)
_IS = re.compile(r"^(?P<what>.{2,80}?)\s+(?P<be>is|are|was|were)\s+(?P<how>.+)$", re.I | re.S)


@dataclass(frozen=True, slots=True)
class Coaching:
    """What could be better about a commentary: a `code`, the reason, and a question with equal meaning."""

    code: str
    because: str
    question: str


def coach_commentary(commentary: str, others: Container[str] = ()) -> Coaching | None:
    """Coaching for a commentary, or None when the commentary asks something or is empty.

    `others` are the commentaries of the other rows, as `in_plain_words` gives them. A commentary that equals
    one of them is `repeated`. Codes: repeated, bare_assertion, not_questioning.
    """
    text = " ".join(commentary.split())
    if not text:
        return None
    if in_plain_words(text) in others:
        return Coaching(
            "repeated",
            "You wrote these words beside another sub-heading too.",
            "What would you ask about this one alone?",
        )
    if is_questioning(text):
        return None
    if is_bare_assertion(text):
        return Coaching("bare_assertion", "This says what you think and asks nothing.", as_question(text))
    return Coaching(
        "not_questioning", "A challenge asks something that the area can answer.", as_question(text)
    )


def is_questioning(text: str) -> bool:
    """Whether a commentary asks the area something."""
    return bool(_ASKING.search(text))


def is_bare_assertion(text: str) -> bool:
    """Whether a commentary gives a verdict or an instruction and asks nothing."""
    return not is_questioning(text) and (bool(_VERDICT.search(text)) or len(text.split()) < 4)


def as_question(text: str) -> str:
    """The first sentence of `text` turned into a question. A question is returned unchanged."""
    first = re.split(r"(?<=[.!?])\s", " ".join(text.split()), maxsplit=1)[0].rstrip(" .!")
    if not first or first.endswith("?"):
        return first
    said = first[0].lower() + first[1:] if not first[:2].isupper() else first
    if found := _SHOULD.match(said):
        return f"What would help {_to_object_pronoun(found['who'])} to {found['do']}?"
    if found := _NO.match(said):
        return f"What {found['what']} could you show us?"
    if found := _IS.match(said):
        return f"You may see it otherwise: what shows how far {found['what']} {found['be']} {found['how']}?"
    return f"We read this as: “{first}”. Do you agree, and what shows it?"


def _to_object_pronoun(who: str) -> str:
    return {"you": "you", "they": "them", "we": "us", "it": "it", "i": "me"}.get(who.lower(), who)


def in_plain_words(text: str) -> str:
    """`text` in lower case, with one space for everything that is not a letter, digit or underscore."""
    return re.sub(r"\W+", " ", text.lower()).strip()
