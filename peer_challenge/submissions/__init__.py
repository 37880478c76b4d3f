"""The five kinds of submission, a file each: columns, what makes it valid, what accepting it causes."""

from peer_challenge.submissions.all_checks import SUITES
from peer_challenge.submissions.analysis import restore_authors_words
from peer_challenge.submissions.check import Check, Suite
from peer_challenge.submissions.context import SubmissionContext
from peer_challenge.submissions.judge import Verdict, judge
from peer_challenge.submissions.run_checks import examine, frame_of

__all__ = [
    "SUITES",
    "Check",
    "SubmissionContext",
    "Suite",
    "Verdict",
    "examine",
    "frame_of",
    "judge",
    "restore_authors_words",
]
