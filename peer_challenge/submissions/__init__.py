"""The five kinds of submission, one module each: columns, checks, and what acceptance causes."""

from peer_challenge.submissions.all_checks import SUITES
from peer_challenge.submissions.analysis import restore_authors_words
from peer_challenge.submissions.check import Check, Suite
from peer_challenge.submissions.context import SubmissionContext
from peer_challenge.submissions.judge import Verdict, judge_document
from peer_challenge.submissions.run_checks import check_submission_rows, tabulate_readings

__all__ = [
    "SUITES",
    "Check",
    "SubmissionContext",
    "Suite",
    "Verdict",
    "check_submission_rows",
    "judge_document",
    "restore_authors_words",
    "tabulate_readings",
]
