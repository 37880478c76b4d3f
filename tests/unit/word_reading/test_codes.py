"""Every finding of reading says what to do; test_suite_of_each_kind.py holds docs/findings.md to each."""

from peer_challenge.model.vocabulary import Severity
from peer_challenge.word.reader_findings import CODES


def test_everything_but_a_note_says_what_to_do() -> None:
    silent = [code.code for code in CODES.values() if not code.remedy and code.severity is not Severity.NOTE]
    assert silent == []
