"""Whether both areas agreed an item of a Chair's record, by the answers that the Chair gave."""

import re

from peer_challenge.model.empty_words import NOTHING

NEGATIVE_ANSWER = r"(?i)^\W*(?:n|no|not|neither|only|disagree\w*|partial\w*|partly|in part)\b"
"""An answer that begins with no, or with a word for disagreement or partial agreement."""
_NEGATIVE = re.compile(NEGATIVE_ANSWER)
OUTRIGHT_NO = r"(?i)^\W*(?:n|no|none|neither|disagree\w*)\b"
"""An answer that leaves nothing agreed."""
_OUTRIGHT_NO = re.compile(OUTRIGHT_NO)
_NOTHING = re.compile(rf"\W*(?:n/?a|{NOTHING})?\W*", re.IGNORECASE)


def is_without_consensus(record_answer: str) -> bool:
    """Whether the record as a whole says that no consensus was reached: then nothing in it was agreed."""
    return bool(_OUTRIGHT_NO.match(record_answer))


def is_agreed_by_both(item_answer: str, record_answer: str) -> bool:
    """Whether both agreed an item: by its own answer, or the record's where the item has none.

    A partial agreement is none: nobody can be held to it.
    """
    if is_without_consensus(record_answer):
        return False
    said = record_answer if _NOTHING.fullmatch(item_answer) else item_answer
    return not (_NOTHING.fullmatch(said) or _NEGATIVE.match(said))
