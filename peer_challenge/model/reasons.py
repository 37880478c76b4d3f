"""The reason that the office gives for what it decides: every decision has one, in the journal."""

from peer_challenge.errors import WrongUse

_SHORTEST, _LONGEST = 3, 500
"""Letters: fewer are no word, and more are no reason but a text that may hold what nobody should keep."""


def read_reason(written: str) -> str:
    """A reason as the journal keeps it, in one line. Raises WrongUse when there is none."""
    reason = " ".join(written.split())
    if len(reason) < _SHORTEST:
        what = "This is too short for a reason." if reason else "There is no reason given."
        raise WrongUse(what, remedy="Say in a few words why: it goes into the journal.", about="reason")
    return reason[:_LONGEST]
