"""The five kinds of submission, one module each: columns, checks, and what acceptance causes.

The suites are not named here, because loading them takes seconds: they are in all_checks.py, and
run_checks.py runs them.
"""

from peer_challenge.submissions.authors_words import restore_authors_words
from peer_challenge.submissions.context import SubmissionContext
from peer_challenge.submissions.judge import Verdict, judge_document
from peer_challenge.submissions.reading_tables import tabulate_readings

__all__ = [
    "SubmissionContext",
    "Verdict",
    "judge_document",
    "restore_authors_words",
    "tabulate_readings",
]
