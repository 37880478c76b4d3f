"""The five kinds of submission, a file each: columns, what makes it valid, what accepting it causes."""

from peer_challenge.submissions.analysis import restore_authors_words
from peer_challenge.submissions.context import SubmissionContext
from peer_challenge.submissions.examining import (
    apply_settings,
    examine,
    examine_reading,
    examine_readings,
    frame_of,
)
from peer_challenge.submissions.suite import Check, Suite
from peer_challenge.submissions.suites import SUITES

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
