"""Every finding of reading is told in plain words, and in the docs as in the code."""

from peer_challenge.model.vocabulary import Severity
from peer_challenge.paths import ROOT
from peer_challenge.word.reader_findings import CODES, as_markdown

_DOC = ROOT / "docs" / "reading-word.md"


def test_the_docs_list_every_code_as_the_code_has_it() -> None:
    assert as_markdown() in _DOC.read_text(encoding="utf-8")


def test_everything_but_a_note_says_what_to_do() -> None:
    silent = [code.code for code in CODES.values() if not code.remedy and code.severity is not Severity.NOTE]
    assert silent == []
