"""Whether both areas agreed an item of a Chair's record, by the answers that the Chair gave."""

import re
from enum import Enum

from peer_challenge.model.empty_words import NOTHING


class Agreement(Enum):
    """What an answer plainly says of whether both areas agreed."""

    YES = "yes"
    IN_PART = "in part"
    NO = "no"


def _make_set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_WORD = re.compile(r"[^\W_]+|[✓✔☑√?~%/+&]")
"""Words, ticks, and the signs that make an answer less than plain."""
_SAYS_YES = _make_set("yes y yep agreed agree agrees both consensus agreement unanimous unanimously ✓ ✔ ☑ √")
_BESIDE_YES = _make_set(
    "it that this was is has been have we all by of the us them areas partnerships partners parties "
    "sides fully full jointly in reached at event"
)
"""Words that take nothing back beside a yes. One area is none of them: one alone may have agreed."""
_TOGETHER = re.compile(
    r"\b(?:author and (?:the )?challenger|challenger and (?:the )?author|(?:all|the) (?:two|three))\b"
)
_SAYS_NO = _make_set("n no none neither nobody not disagree disagreed disagreement")
_BESIDE_NO = _SAYS_YES | _make_set("was were is it reached by either of them the two areas area did do they")
_IN_PART = re.compile(r"\W*(?:in part|part|partly|partially|partial(?: agreement)?)(?!\w)", re.IGNORECASE)
_STOP = re.compile(r"[.,;:(\n–—]|\s-\s")
_NOTHING = re.compile(rf"[\s.,…_–—*-]*(?:n/?a|{NOTHING})?[\s.,…_–—*-]*", re.IGNORECASE)


def read_agreement(answer: str) -> Agreement | None:
    """What an answer plainly says; None where it is empty or may be read in two ways, such as "Yes, but".

    After a plain no, or "in part", somebody may say why.
    """
    first, *why = _STOP.split(answer.strip(" .,"), maxsplit=1)
    if _IN_PART.match(first):
        return Agreement.IN_PART
    words = _list_words(answer)
    if _SAYS_YES.intersection(words) and _SAYS_YES.union(_BESIDE_YES).issuperset(words):
        return Agreement.YES
    begins = _list_words(first)
    is_no = begins[:1] and begins[0] in _SAYS_NO and _SAYS_NO.union(_BESIDE_NO).issuperset(begins)
    is_taken_back = any(_has_yes(_list_words(text)) for text in why)
    return Agreement.NO if is_no and not is_taken_back else None


def _list_words(text: str) -> list[str]:
    plain = text.casefold().replace("’", "'").replace("n't", " not")
    return _WORD.findall(_TOGETHER.sub("both", plain))


def _has_yes(words: list[str]) -> bool:
    """Whether words say yes somewhere, or doubt; "did not agree" and "could not both" do not."""
    if not _SAYS_NO.isdisjoint(words):
        return "yes" in words or "?" in words
    return bool({"?", "/", *_SAYS_YES}.intersection(words))


def is_without_consensus(record_answer: str) -> bool:
    """Whether the record as a whole says that no consensus was reached: then nothing in it was agreed."""
    return read_agreement(record_answer) is Agreement.NO


def is_agreed_by_both(item_answer: str, record_answer: str) -> bool:
    """Whether both agreed an item: by its own answer, or the record's where the item has none.

    Only a plain yes is one. A partial agreement is none: nobody can be held to it.
    """
    if is_without_consensus(record_answer):
        return False
    said = record_answer if _NOTHING.fullmatch(item_answer) else item_answer
    return read_agreement(said) is Agreement.YES
