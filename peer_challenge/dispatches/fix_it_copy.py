"""The fix-it copy: the author's own file with a comment at each problem."""

from peer_challenge.dispatches.facts import Facts
from peer_challenge.errors import PeerChallengeError
from peer_challenge.word.form.known import Known
from peer_challenge.word.reader_findings import Unreadable
from peer_challenge.word.write.fix_it_comments import annotate


class NothingToAnnotate(PeerChallengeError):
    """The document that came in can't be written in."""

    remedy = "The query letter says all there is to ask. Cancel this dispatch."


def fix_it_copy(facts: Facts) -> bytes:
    """The fix-it copy, as .docx. Raises NothingToAnnotate where the original can't be written in."""
    held = facts.submission
    if held is None or held.original is None:
        raise NothingToAnnotate("There is no original to make a fix-it copy of.")
    known = Known({facts.cycle.framework: facts.framework}, {facts.cycle.id: facts.cycle})
    try:
        return annotate(held.original, held.findings, known, places=held.places, on=facts.issued_on)
    except Unreadable as why:
        raise NothingToAnnotate(f"The original can't be written in ({why.code}).") from None
