"""What people write in place of an answer: "TBC", "see above". One list for ratings and texts."""

import re

TO_COME = (
    r"tbc|tba|tbd|to (?:be )?(?:confirmed?|agreed?|decided?|added?|follow|completed?)|"
    r"see (?:(?:row )?above|below)|as above|(?:see )?previous(?: row)?|ditto|pending|awaited"
)
"""Words, as alternatives of a pattern, that only promise or point elsewhere."""
NOTHING = f"{TO_COME}|none|nil|unknown"
"""Words that say nothing, those included. "n/a" is none of them: under a rating it is an answer."""
_UNUSED = re.compile(
    r"(?:n/?a|none|nil|nothing|blank|(?:un|not )used|not (?:needed|applicable)|"
    r"no (?:further|more|other|second) (?:points?|items?|actions?)(?: (?:were )?agreed)?)?",
    re.IGNORECASE,
)


def is_unused(text: str) -> bool:
    """Whether a line of a list was left unused: empty, "-", ".", "n/a", "none", "not used"."""
    core = text.strip(" \t\n.,;:-–—_*•/\"'()[]")
    return bool(_UNUSED.fullmatch(core))
