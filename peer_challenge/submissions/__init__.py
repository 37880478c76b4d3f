"""The five kinds of submission, a file each: columns, what makes it valid, what accepting it causes."""

from peer_challenge.submissions.all_checks import SUITES
from peer_challenge.submissions.analysis import restore_authors_words
from peer_challenge.submissions.check import Check, Suite
from peer_challenge.submissions.context import SubmissionContext
from peer_challenge.submissions.run_checks import (
    apply_settings,
    examine,
    examine_reading,
    examine_readings,
    frame_of,
)

__all__ = [
    "SUITES",
    "Check",
    "SubmissionContext",
    "Suite",
    "apply_settings",
    "examine",
    "examine_reading",
    "examine_readings",
    "frame_of",
    "restore_authors_words",
]
