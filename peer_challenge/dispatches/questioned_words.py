"""The words of a document that a question is about, for the letter to the one who wrote them."""

from collections.abc import Iterable, Mapping

from peer_challenge.advice.disclosure import list_known_names, list_sentences_in_doubt
from peer_challenge.dispatches.phrases import shorten_to_line
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.findings import Finding
from peer_challenge.register import frames
from peer_challenge.register.database import Transaction
from peer_challenge.register.records import Submission
from peer_challenge.submissions.accepted_findings import Contents, is_in_doubt, list_texts_at

_MOST_SENTENCES = 5
"""Of one question: who has read five sentences of a cell reads the others too."""
_LONGEST = 300
"""Letters of a sentence in the letter: enough to find it in the form, where all of it is."""


def load_contents(connection: Transaction, row: Submission) -> Contents:
    """What a submission says, from the register."""
    assert row.kind is not None
    return Contents(
        frames.records_of(connection, row.kind, row.id),
        frames.particulars_of(connection, row.id),
        frames.unmapped_of(connection, row.id),
    )


def find_questioned_sentences(
    connection: Transaction, row: Submission, findings: Iterable[Finding], cycle: Cycle
) -> Mapping[tuple[str | None, str | None], tuple[str, ...]]:
    """The sentences that may be about a child or a family, by sub-heading and column of the finding.

    They are looked for when a letter is made and are kept in no finding: a document that is purged takes
    them with it.
    """
    asked = [finding for finding in findings if is_in_doubt(finding.code)]
    if not asked:
        return {}
    contents, names = load_contents(connection, row), list_known_names(cycle)
    return {
        (finding.subheading, finding.column): tuple(
            shorten_to_line(sentence, _LONGEST)
            for text in list_texts_at(contents, finding)
            for sentence in list_sentences_in_doubt(text, names)
        )[:_MOST_SENTENCES]
        for finding in asked
    }
