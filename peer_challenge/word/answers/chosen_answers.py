"""What is meant where people type one of a few answers: how far an action is, the kind of an answer.

An answer is taken only where its words say it plainly. "Mostly done", "to be completed by June", "done?" and
"no further evidence" are questions.
"""

# ruff: noqa: E501 - a pattern is easier to read on one line than cut in two

import re
from collections.abc import Iterator, Sequence
from typing import TypeVar

from peer_challenge.model.vocabulary import ActionStatus, ResponseKind
from peer_challenge.word.answers.rating_words import DATE
from peer_challenge.word.answers.tick_boxes import ticked_in

_Answer = TypeVar("_Answer")
_Words = Sequence[tuple[_Answer, re.Pattern[str]]]


def _say_any(*words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(words)})", re.IGNORECASE)


_STATUSES: _Words[ActionStatus] = (  # "not started" before "started", which is part of it
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
    (ResponseKind.FURTHER_EVIDENCE, _say_any("evidence")),
    (ResponseKind.ACKNOWLEDGEMENT, _say_any("more work", "acknowledg")),
    (ResponseKind.UPDATE, _say_any("action taken", "taken since", "update")),
)
"""Words by which a kind of answer is known; forms of an earlier layout say "Acknowledgement" and "Update"."""
_TAKEN_BACK_BEFORE = re.compile(
    r"(?:\b(?:nearly|almost|mostly|largely|mainly|partly|partially|part|half|substantially|not|never|no|without|cannot|be|will|shall|should|would|could|may|"
    r"might|must|due|expect\w*|plan\w*|aim\w*|hop\w*|some|most|quite|about|\d+ (?:of|out of) \d+)\b|n['’]t\b|%)[^.,;:()\n]*$",
    re.IGNORECASE,
)
"""Words before an answer, in its clause, that leave less of it than it says."""
_TAKEN_BACK_AFTER = re.compile(
    rf"\W*(?:\?|\b(?:tbc|tba|partly|partially|mostly|in part|except|apart from|subject to|by (?:about )?{DATE}))",
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
