"""What is meant where people type one of a few answers: how far an action is, the kind of an answer.

An answer is taken only where its words say it plainly. "Mostly done", "to be completed by June", "done?" and
"no further evidence" are questions.
"""

# ruff: noqa: E501 - a pattern is easier to read on one line than cut in two

import re
from collections.abc import Iterator, Sequence
from typing import TypeVar

from peer_challenge.model.vocabulary import ActionStatus, ResponseKind
from peer_challenge.word.answers.tick_boxes import ticked_in
from peer_challenge.word.answers.words_beside_a_rating import DATE

_Answer = TypeVar("_Answer")
_Words = Sequence[tuple[_Answer | None, re.Pattern[str]]]
"""Answers with their words, looked for in this order; None for words that leave an answer open."""


def _say_any(*words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(words)})", re.IGNORECASE)


_DONE = r"(?:done|completed?|finished)\b"
_SOME = r"(?:one|two|three|four|five|six|some|most|several|\d{1,2}(?![\d/.]))\b(?! (?:days?|weeks?|months?))"
_STATUSES: _Words[ActionStatus] = (  # "not started" before "started", which is part of it
    (
        None,  # less than all of it, or not yet
        _say_any(
            rf"{_DONE}[^\w.;\n]*(?:(?!100\b)\d{{1,3}}\s*%|\d+ ?(?:of|out of|/) ?\d+|(?:in|for) (?:draft|principle|theory|phase|{_SOME})|"
            r"bar\b|save\b|but\b|once\b|if\b|when\b|unless\b|until\b|pending\b|awaiting\b|due\b|expected\b|not\b)",
            rf"{_DONE}[^.;\n]*\b(?:only|not yet|but not|unless|subject to|awaiting|outstanding)\b",
            r"complete\W+(?:end|mid|early|late|q[1-4])\b",
        ),
    ),
    (ActionStatus.NOT_STARTED, _say_any(r"not (?:yet )?(?:started|begun)\b", r"(?:yet )?to start\b")),
    (ActionStatus.DONE, _say_any(r"done\b", r"completed?\b", r"finished\b")),
    (
        ActionStatus.UNDER_WAY,
        _say_any(r"under[ -]?way\b", r"in[ -]progress\b", r"on-?going\b", r"started\b", r"begun\b"),
    ),
    (ActionStatus.CHANGED, _say_any(r"changed\b", r"amended\b")),
    (ActionStatus.DROPPED, _say_any(r"dropped\b", r"stopped\b", r"abandoned\b")),
)
_KINDS_OF_ANSWER: _Words[ResponseKind] = (
    (
        None,  # evidence that they do not have
        _say_any(
            r"(?:need|requir|lack|unable|insufficient|limited|await|request|seek|gather|find|want|ask)\w*\b[^.;\n]*evidence",
            r"evidence (?:is |was |are )?(?:needed|required|lacking|missing|limited|awaited|requested|unavailable|not|to follow|to come)\b",
        ),
    ),
    (ResponseKind.FURTHER_EVIDENCE, _say_any("evidence")),
    (ResponseKind.ACKNOWLEDGEMENT, _say_any("more work", "acknowledg")),
    (ResponseKind.UPDATE, _say_any("action taken", "taken since", "update")),
)
"""Words by which a kind of answer is known; forms of an earlier layout say "Acknowledgement" and "Update"."""
_TAKEN_BACK_BEFORE = re.compile(
    r"(?:\b(?:nearly|almost|mostly|largely|mainly|partly|partially|part|half|substantially|not|never|no|without|cannot|be|being|getting|thought|will|shall|should|would|could|may|"
    r"might|must|due|expect\w*|plan\w*|aim\w*|hop\w*|some|most|quite|about|\d+ (?:of|out of) \d+)\b|n['’]t\b|(?<!\b100)(?<!\b100 )%)[^.,;:()\n]*$",
    re.IGNORECASE,
)
"""Words before an answer, in its clause, that leave less of it than it says."""
_TAKEN_BACK_AFTER = re.compile(
    rf"\W*(?:\?|(?:no|n)\b(?=\W*$|[.,;)])|\b(?:tbc|tba|partly|partially|mostly|in part|except|apart from|subject to|by (?:about )?{DATE}))",
    re.IGNORECASE,
)


def read_status(written: str) -> ActionStatus | None:
    """How far an action is by what was written, or None where that says no one answer plainly."""
    return _read_only_answer(written, _STATUSES)


def read_response_kind(written: str) -> ResponseKind | None:
    """The kind of an answer by what was written, or None where that says no one kind plainly."""
    return _read_only_answer(written, _KINDS_OF_ANSWER)


def _read_only_answer(written: str, words: _Words[_Answer]) -> _Answer | None:
    said = " ".join(ticked_in(written).split())
    found = list(dict.fromkeys(_find_answers(said, words)))
    return found[0] if len(found) == 1 else None


def _find_answers(said: str, words: _Words[_Answer]) -> Iterator[_Answer | None]:
    """Each answer that is named, in no other one's words; None for one that is taken back by those around it."""
    left = said
    for answer, pattern in words:
        for found in pattern.finditer(left):
            before, after = left[: found.start()], left[found.end() :]
            is_taken_back = _TAKEN_BACK_BEFORE.search(before) or _TAKEN_BACK_AFTER.match(after)
            yield None if is_taken_back else answer
        left = pattern.sub("/", left)
