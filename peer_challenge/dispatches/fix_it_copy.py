"""The fix-it copy: the author's own file with a comment at each problem."""

from peer_challenge.dispatches.facts import Facts
from peer_challenge.errors import PeerChallengeError
from peer_challenge.word.form.known import Known
from peer_challenge.word.reader_findings import Unreadable
from peer_challenge.word.write.fix_it_comments import add_fix_it_comments


class NothingToAnnotate(PeerChallengeError):
    """There is no original document, or comments cannot be written into it."""

    remedy = "The query letter says all there is to ask. Cancel this dispatch."


def make_fix_it_copy(facts: Facts) -> bytes:
    """The author's document with a comment at each problem, as .docx.

    Raises NothingToAnnotate where comments cannot be written into the original.
    """
    held = facts.submission
    if held is None or held.original is None:
        raise NothingToAnnotate("There is no original to make a fix-it copy of.")
    known = Known({facts.cycle.framework: facts.framework}, {facts.cycle.id: facts.cycle})
    try:
        return add_fix_it_comments(
            held.original, held.findings, known, places=held.places, on=facts.issued_on
        )
    except Unreadable as why:
        raise NothingToAnnotate(f"The original can't be written in ({why.code}).") from None
