"""The fix-it copy: the author's own file with a comment at each problem."""

from peer_challenge.dispatches.facts import Facts
from peer_challenge.dispatches.letters import number_questions
from peer_challenge.dispatches.phrases import (
    find_day_to_answer,
    format_full_day,
    name_document_of_reader,
    name_place,
)
from peer_challenge.errors import PeerChallengeError
from peer_challenge.word.form.known_before_reading import Known
from peer_challenge.word.package.marks import write_copy_opening
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
    opening = write_copy_opening(
        held.version,
        name_document_of_reader(facts, held.kind),
        format_full_day(find_day_to_answer(facts, held.kind)),
        facts.cycle.office.email,
    )
    points = [
        (number, name_place(facts.framework, held.kind, question), question)
        for number, same in enumerate(number_questions(facts, held.kind, held.findings), 1)
        for question in same
    ]
    known = Known({facts.cycle.framework: facts.framework}, {facts.cycle.id: facts.cycle})
    try:
        return add_fix_it_comments(
            held.original,
            held.findings,
            known,
            places=held.places,
            on=facts.issued_on,
            opening=opening,
            points=points,
            title=facts.file_title,
        )
    except Unreadable as why:
        raise NothingToAnnotate(f"The original can't be written in ({why.code}).") from None
