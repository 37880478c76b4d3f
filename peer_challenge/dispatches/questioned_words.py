"""The words of a document that a question is about, for the letter to the one who wrote them."""

from collections.abc import Collection, Iterable, Mapping

from peer_challenge.advice.identifying_details import (
    find_identifying,
    list_known_names,
    list_sentences_in_doubt,
)
from peer_challenge.dispatches.phrases import shorten_to_line
from peer_challenge.model.cycle import Cycle
from peer_challenge.model.findings import Finding
from peer_challenge.register import frames
from peer_challenge.register.database import Transaction
from peer_challenge.register.records import Submission
from peer_challenge.submissions.accepted_findings import (
    Contents,
    can_be_accepted,
    is_in_doubt,
    list_texts_at,
    list_texts_set_apart,
)

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
        frames.unmapped_of(connection, [row.id]).get(row.id, []),
    )


def find_questioned_words(
    connection: Transaction, row: Submission, findings: Iterable[Finding], cycle: Cycle
) -> Mapping[Finding, tuple[str, ...]]:
    """By finding, the sentences that may be about a child or a family, or the text outside the answers.

    They are looked for when a letter is made and are kept in no finding: a document that is purged takes
    them with it.
    """
    asked = [finding for finding in findings if can_be_accepted(finding)]
    if not asked:
        return {}
    contents, names = load_contents(connection, row), list_known_names(cycle)
    found = {finding: tuple(_list_words(contents, finding, names)) for finding in asked}
    return {finding: words for finding, words in found.items() if words}


def _list_words(contents: Contents, finding: Finding, names: Collection[str]) -> list[str]:
    if is_in_doubt(finding.code):
        texts = list_texts_at(contents, finding)
        words = [sentence for text in texts for sentence in list_sentences_in_doubt(text, names)]
    else:
        # a letter never repeats what the guard is sure about: the sender finds it in the form
        words = [
            text
            for text in list_texts_set_apart(contents, finding)
            if not any(hit.is_sure for hit in find_identifying(text, names))
        ]
    return [shorten_to_line(text, _LONGEST) for text in words[:_MOST_SENTENCES]]
